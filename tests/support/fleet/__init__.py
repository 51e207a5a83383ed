"""Many PCs and one file of settings: processes with folders of their own. Run as a program: see `__main__`."""
