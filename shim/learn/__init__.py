"""Finding the dialect that reproduces captured requests and answers. See docs/replacing.md."""
