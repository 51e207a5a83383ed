"""Measurements: `python3 build_dll.py bench`, or `bench NAME` for one thing. Ratios side by side in one run; no test
asserts a time.

The whole of it begins in __main__.py: `cases` is what is called, `programs` who calls, `measure` in which order,
`figures` what is computed; `tables`, `plots`, `document` and `history` write it down. `host.c`, `server.c` and
`yardstick.c` are the programs. simulator.py, scan.py, screen.py and transport.py measure one thing each.
"""
