"""Functions of Windows: one module a system library, all loaded by `loader.py` from System32 only. Windows only."""
