"""Loads the libraries of Windows, from System32 only, and finds their functions when these are first called.

The only module of the project that names WinDLL. A library is declared as one row a function::

    _USER32 = Library("user32")
    GetForegroundWindow: Callable[[], int | None] = _USER32.function("GetForegroundWindow", HWND)

The row gives the prototype twice: in C's types for ctypes, in Python's for the type checker. A handle that is NULL
comes as None, as ctypes has it.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, TypeVar

_LOAD_LIBRARY_SEARCH_SYSTEM32 = 0x800

Pointer = Any
"""What ctypes takes for a pointer: byref(x), an array, an address, None for NULL."""

T = TypeVar("T")

if sys.platform == "win32":
    callback_type = ctypes.WINFUNCTYPE
else:
    callback_type = ctypes.CFUNCTYPE  # there is no stdcall; nothing here is called by the system


class Library:
    """One system library by its file name; ``.dll`` may be left out. Any thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._library: Any = None

    def function(self, name: str, result: object, *arguments: object) -> Any:
        """Declare a function by its exported name, its C result type (None: void) and its C argument types."""
        return SystemFunction(self, name, result, arguments)

    def find(self, name: str) -> Any:
        """A function object of its own, without a prototype. Raises what a call of a `SystemFunction` raises."""
        if self._library is None:
            self._library = _load(self._name)
        try:
            return self._library[name]
        except AttributeError:
            raise AttributeError(f"this Windows has no {self._name} {name}") from None


class SystemFunction:
    """A declared function of a library; loads both when it is first called. Any thread.

    Raises:
        OSError: this is not Windows, or it lacks the library.
        AttributeError: this Windows lacks the function, which is younger.
    """

    __slots__ = ("_arguments", "_entry", "_library", "_name", "_result")

    def __init__(self, library: Library, name: str, result: object, arguments: tuple[object, ...]) -> None:
        self._library, self._name, self._result, self._arguments = library, name, result, arguments
        self._entry: Any = None

    def __call__(self, *arguments: Any) -> Any:
        return (self._entry or self.load())(*arguments)

    def load(self) -> Any:
        """The function itself, with its prototype."""
        entry = self._library.find(self._name)
        entry.restype, entry.argtypes = self._result, self._arguments
        self._entry = entry
        return entry


def last_error() -> int:
    """GetLastError of the latest call that this thread made by way of ctypes; 0 elsewhere than on Windows."""
    if sys.platform != "win32":
        return 0
    return ctypes.get_last_error()


def require(result: T | None) -> T:
    """`result`, unless it is 0, False or NULL: then OSError with the number and the text of `last_error`."""
    if not result:
        if sys.platform != "win32":
            raise OSError("no Windows")
        raise ctypes.WinError(ctypes.get_last_error())
    return result


def _load(name: str) -> Any:
    if sys.platform != "win32":
        raise OSError(f"no Windows, no {name}")
    return ctypes.WinDLL(name, use_last_error=True, winmode=_LOAD_LIBRARY_SEARCH_SYSTEM32)
