"""Answers that did not fit into the host's buffer: kept so that nothing is lost, encrypted or not at all.

On Windows an answer is sealed with the user's own DPAPI key and written to his local application data; only the same
user of the same PC can open it (`vcshim kept`). Elsewhere there is no such key, and nothing is written. A full disk or
a refused encryption costs the kept copy, never the call.

L2: used by abi through wiring, and by the command line.
"""

from __future__ import annotations

import sys
import time
import uuid
from pathlib import Path

_SUFFIX = ".sealed"
_KEEP_SECONDS = 7 * 86400


class AnswerStore:
    """The kept answers in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept = False

    def keep(self, text: str) -> str | None:
        """The name under which `text` was kept, or None. The first time, those older than a week are removed."""
        sealed = _seal(text.encode("utf-8", "replace"))
        if sealed is None:
            return None
        name = time.strftime("%Y%m%d-%H%M%S-") + uuid.uuid4().hex[:8]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            (self._folder / (name + _SUFFIX)).write_bytes(sealed)
        except OSError:
            return None
        return name

    def _sweep(self) -> None:
        if self._swept:
            return
        self._swept = True
        for old in self._folder.glob("*" + _SUFFIX):
            if old.stat().st_mtime < time.time() - _KEEP_SECONDS:
                old.unlink()

    def names(self) -> list[str]:
        """The kept answers, oldest first."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self._folder.glob("*" + _SUFFIX))

    def read(self, name: str) -> str:
        """A kept answer. FileNotFoundError for an unknown name, PermissionError for another user's."""
        text = _open((self._folder / (name + _SUFFIX)).read_bytes())
        if text is None:
            raise PermissionError(f"{name} was kept by another user or on another PC")
        return text.decode("utf-8")


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Blob(ctypes.Structure):
        _fields_ = (("size", wintypes.DWORD), ("data", ctypes.c_void_p))

    def _protect(function: str, data: bytes) -> bytes | None:
        """CryptProtectData or CryptUnprotectData, without any window (CRYPTPROTECT_UI_FORBIDDEN)."""
        crypt32 = ctypes.WinDLL("crypt32", winmode=0x800)  # System32 only
        kernel32 = ctypes.WinDLL("kernel32", winmode=0x800)
        kernel32.LocalFree.argtypes = [ctypes.c_void_p]
        buffer = ctypes.create_string_buffer(data, len(data))
        given, found = _Blob(len(data), ctypes.cast(buffer, ctypes.c_void_p)), _Blob()
        if not getattr(crypt32, function)(ctypes.byref(given), None, None, None, None, 1, ctypes.byref(found)):
            return None
        try:
            return ctypes.string_at(found.data or 0, found.size)
        finally:
            kernel32.LocalFree(found.data)

    def _seal(data: bytes) -> bytes | None:
        return _protect("CryptProtectData", data)

    def _open(data: bytes) -> bytes | None:
        return _protect("CryptUnprotectData", data)

else:

    def _seal(data: bytes) -> bytes | None:
        return None

    def _open(data: bytes) -> bytes | None:
        return None
