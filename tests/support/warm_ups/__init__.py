"""Hosts that end, unload or crash while the libraries prepare for calls: short and long form.

=========  ==============================================================================================
host       runs tests/native/warmhost.c with a product, once
ways       what a host may do meanwhile, with what must be seen then
__main__   `python3 build_dll.py warm-ups --count 200`
=========  ==============================================================================================
"""
