"""What the vendor's DLL does, recorded: its calls and their traffic. See docs/replacing.md."""
