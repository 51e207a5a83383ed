"""The build steps behind build_dll.py, one to a file; standard library only. Not shipped, not imported by shim."""
