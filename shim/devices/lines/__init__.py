"""Byte streams to a device: one `Line` for the scanner, the serial display and the label printer.

`base.py` is the interface; serial.py, tcp.py and file.py are its back ends, and pick.py chooses one from settings;
refusal.py says why one could not be opened, reconnect.py opens a lost one again, spy.py logs what passes. No module
here knows what the bytes mean.
"""
