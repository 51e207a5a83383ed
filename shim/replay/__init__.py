"""Our pipeline on captured calls, and what it does differently from the vendor's DLL. See docs/replacing.md."""
