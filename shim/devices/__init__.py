"""The devices of a workstation: one ABC each in base.py, one back end a file, chosen once by wiring."""
