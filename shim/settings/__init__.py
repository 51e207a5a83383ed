"""Settings: what a key of vcshim.ini is, how the file is read, and the sections that no device owns.

A section is a frozen dataclass whose fields are its keys: one line each, with type, default, help text and limits. A
device keeps its section in its own package (shim/devices/*/settings.py); shim/configuration.py lists all of them.
"""
