"""Scans with foreign codes: whether a code that came before the start command is ever taken, and what a scan takes.

=========  =============================================================================================
rigs       a scanner of each kind of line that answers the start command, and sends a foreign code when told
keyboard   the helper program of the keyboard rig: types codes instead of listening to Windows
measure    scans with a rig, each with a foreign code at another moment after the line was opened
__main__   `python3 build_dll.py scans --count 1000`
=========  =============================================================================================
"""
