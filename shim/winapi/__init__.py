"""Functions of Windows: one module a system library, all loaded by `loader.py`, from System32 only.

What it is: prototypes, structures and constants under the names of the Windows SDK, each declared once. What it is not:
rules of ours; what a result means to a clerk is known where it is used. Every module may be imported on every system
and loads nothing: a library is opened when one of its functions is first called. Used by the devices,
crypto/libcrypto.py, terminal.py and answer_store.py, which import it where they use it: a host does without ctypes
until then.
"""
