"""Forks of a host: a platform that knows who asks, a host in C, and the long form of the tests of forks.

=========  =============================================================================================
peer       the platform: a program of its own that answers each caller with the caller's name, and keeps count
host       starts tests/native/forkhost.c with a product and reads what its processes saw
__main__   `python3 build_dll.py forks --count 10000`
=========  =============================================================================================
"""
