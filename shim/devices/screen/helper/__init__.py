"""The helper program of the extension screen, which owns the window: main.py. Never imported by the host's process."""
