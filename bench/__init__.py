"""Measurements: `python3 build_dll.py bench NAME`. Ratios side by side in one run; no test asserts a time."""
