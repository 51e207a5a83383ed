"""A Windows program for test_winapi.py: writes the sizes of shim.winapi's structures, and which functions there are."""

from __future__ import annotations

import ctypes
import importlib
import sys

from shim.winapi.loader import SystemFunction

ROOMS = (
    "advapi32", "crypt32", "gdi32", "iphlpapi", "kernel32", "toolhelp", "user32", "winspool", "ws2_32", "ntdll",
)  # fmt: skip


def main() -> int:
    """A line for each structure; one for each function that this system lacks; 0."""
    for room in ROOMS:
        module = importlib.import_module(f"shim.winapi.{room}")
        for name, row in sorted(vars(module).items()):
            if isinstance(row, type) and issubclass(row, ctypes.Structure) and row.__module__ == module.__name__:
                print("size", name, ctypes.sizeof(row))
            elif isinstance(row, SystemFunction):
                try:
                    row.load()
                except (OSError, AttributeError) as error:
                    print("missing", room, name, error)
                else:
                    print("function", room, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
