"""AES for short texts by pycryptodome's C code, without its Python: what most calls need.

OpenSSL's libcrypto, ctypes and what they import cost 6 ms at the first call, the small libraries used here 0.2. They
are called through the runtime of cffi, which the core has loaded anyway, without its parser. Nothing in them takes a
lock, so that a fork may interrupt it.

Used by block_ciphers alone, which checks sizes and paddings. Any thread.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

LONGEST = 4096
"""Bytes of a text up to which it is worth it: 13 us against 4 of OpenSSL, which has the processor's instructions."""

# FIPS 197 C.1: the code is used only if it encrypts this block correctly.
_KEY = bytes.fromhex("000102030405060708090A0B0C0D0E0F")
_PLAIN = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
_SEALED = bytes.fromhex("69C4E0D86A7B0430D8CDB78070B4C55A")


@functools.cache
def short_aes() -> ShortAes | None:
    """What runs AES; None if the libraries cannot be used here."""
    try:
        aes = ShortAes()
        good = all(aes.run(True, mode, _KEY, bytes(16), _PLAIN) == _SEALED for mode in ("ECB", "CBC"))
    except (ImportError, OSError, AttributeError, ValueError):
        return None
    return aes if good else None


class ShortAes:
    """The functions of the libraries.

    Raises:
        ImportError, OSError, AttributeError: a part is missing.
    """

    def __init__(self) -> None:
        import _cffi_backend as c  # type: ignore[import-untyped]

        integer, size = c.new_primitive_type("int"), c.new_primitive_type("size_t")
        text = c.new_pointer_type(c.new_primitive_type("unsigned char"))
        state = c.new_pointer_type(c.new_void_type())
        self._c, self._result, self._text = c, c.new_pointer_type(state), c.new_array_type(text, None)
        folder = _folder()
        # NB: cffi unloads a library with the object that stands for it, whatever functions of it are still there.
        self._libraries = {
            name: c.load_library(_file(folder, f"_raw_{name.lower()}")) for name in ("AES", "ECB", "CBC")
        }

        def function(library: str, name: str, *arguments: Any) -> Callable[..., Any]:
            kind = c.new_function_type(arguments, integer, False)
            made: Callable[..., Any] = self._libraries[library].load_function(kind, f"{library}_{name}")
            return made

        self._start_cipher = function("AES", "start_operation", text, size, self._result)
        self._start = {
            "ECB": function("ECB", "start_operation", state, self._result),
            "CBC": function("CBC", "start_operation", state, text, size, self._result),
        }
        self._stop = {mode: function(mode, "stop_operation", state) for mode in self._start}
        self._work = {
            (forward, mode): function(mode, "encrypt" if forward else "decrypt", state, text, text, size)
            for forward in (True, False)
            for mode in self._start
        }

    def run(self, forward: bool, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
        """Encrypt (`forward`) or decrypt whole blocks.

        Args:
            mode: ECB, which ignores the IV, or CBC.

        Raises:
            ValueError: the library refuses.
        """
        cipher, chain, out = self._c.newp(self._result), self._c.newp(self._result), self._c.newp(self._text, len(data))
        before = (iv, len(iv)) if mode == "CBC" else ()
        if self._start_cipher(key, len(key), cipher) or self._start[mode](cipher[0], *before, chain):
            raise ValueError("AES does not start")
        failed = self._work[forward, mode](chain[0], data, out, len(data))
        self._stop[mode](chain[0])  # and with it the cipher
        if failed:
            raise ValueError(f"AES refuses {len(data)} bytes: {failed}")
        return bytes(self._c.buffer(out))


def _folder() -> str:
    """Where pycryptodome's ciphers are, without importing it."""
    for finder in sys.meta_path:
        spec = finder.find_spec("Crypto", None)
        if spec is not None and spec.submodule_search_locations:
            return os.path.join(spec.submodule_search_locations[0], "Cipher")
    raise ImportError("Crypto is not installed")


def _file(folder: str, name: str) -> str:
    """The library `name`, whose suffix is that of the system."""
    return os.path.join(folder, next(each for each in os.listdir(folder) if each.split(".")[0] == name))
