"""Faults of the wire between the built libraries and a platform, drawn from seeds, and what must not come of them.

A *case* is one number: it chooses a transaction, a route (plain or TLS, direct or by a proxy), and one fault at one
place of it (`rows`). `campaign` carries cases out against the libraries of a folder, as a host program does (`host`),
before a server made of sockets (`peer`); `oracle` judges what came back. `strays` is another run: many threads, kept
connections, and answers that nobody asked for.

Imports nothing of shim/: the product is only the libraries in a folder of dist/. `python3 build_dll.py faults` runs
it, and short forms are tests (tests/product/test_wire_faults.py).
"""
