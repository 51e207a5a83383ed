"""OpenSSL's libcrypto, the one that hashlib has loaded into the process, through ctypes: AES and SM4.

Its functions are looked up here for `ed25519`, too. What it is not: paddings, and what serves where there is no
libcrypto (`block_ciphers`). Any thread; no fork interrupts OpenSSL.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from shim import forks

if TYPE_CHECKING:
    import ctypes

# (algorithm, key size in bytes): OpenSSL's name of the cipher, without the mode.
_CIPHERS = {("AES", 16): "aes_128", ("AES", 24): "aes_192", ("AES", 32): "aes_256", ("SM4", 16): "sm4"}

# The names of the OpenSSL library that CPython's hashlib loads on Windows; the first is that of the product.
_WINDOWS_LIBCRYPTO = (
    "vcs-crypto.dll",
    "libcrypto-3.dll",
    "libcrypto-3-x64.dll",
    "libcrypto-1_1.dll",
    "libcrypto-1_1-x64.dll",
)

# What stands before the names of its functions: on Linux in the product (buildlib/private_symbols.py), elsewhere.
_PREFIXES = ("vcshim_", "")

# A library is used only if it encrypts these blocks correctly: GB/T 32907 A.1 and FIPS 197 C.1.
# Algorithm, key, text, what it becomes.
_PROBES = (
    (
        "SM4",
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        bytes.fromhex("681EDF34D206965E86B3E94F536E4246"),
    ),
    (
        "AES",
        bytes.fromhex("000102030405060708090A0B0C0D0E0F"),
        bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
        bytes.fromhex("69C4E0D86A7B0430D8CDB78070B4C55A"),
    ),
)
_LONGEST_BLOCK = 16  # bytes


@functools.cache
def cipher_functions() -> Any:
    """The functions of the libcrypto that _hashlib has loaded; None if there is none or it lacks a cipher."""
    try:
        opened = open_libcrypto()
        if opened is None:
            return None
        library = _functions(opened)
        with forks.gate:
            good = all(_run(library, True, name, "ECB", key, b"", text) == out for name, key, text, out in _PROBES)
    except (ImportError, OSError, AttributeError, ValueError):
        return None
    return library if good else None


def open_libcrypto() -> ctypes.CDLL | None:
    """Find the library that is already loaded; loading one by name could pick a file from the host's PATH."""
    import _hashlib
    import ctypes

    if sys.platform == "win32":
        from shim.winapi.kernel32 import GetModuleHandleW

        for name in _WINDOWS_LIBCRYPTO:
            handle = GetModuleHandleW(name)
            if handle:
                return ctypes.CDLL(name, handle=handle)
        return None
    # NB: a symbol is also searched in the libraries that _hashlib was linked with, which include libcrypto.
    return ctypes.CDLL(_hashlib.__file__)


def _functions(library: ctypes.CDLL) -> SimpleNamespace:
    """The functions used here, with their C types, by OpenSSL's names for them.

    Raises:
        AttributeError: the library was built without one of the ciphers.
    """
    from ctypes import POINTER, c_char_p, c_int, c_void_p

    types: dict[str, tuple[list[Any], Any]] = {
        f"EVP_{cipher}_{mode}": ([], c_void_p) for cipher in _CIPHERS.values() for mode in ("ecb", "cbc")
    }
    types["EVP_CIPHER_CTX_new"] = ([], c_void_p)
    types["EVP_CIPHER_CTX_free"] = ([c_void_p], None)
    types["EVP_CIPHER_CTX_set_padding"] = ([c_void_p, c_int], c_int)
    types["EVP_CipherInit_ex"] = ([c_void_p, c_void_p, c_void_p, c_char_p, c_char_p, c_int], c_int)
    types["EVP_CipherUpdate"] = ([c_void_p, c_char_p, POINTER(c_int), c_char_p, c_int], c_int)
    return typed_functions(library, types)


def typed_functions(library: ctypes.CDLL, types: Mapping[str, tuple[list[Any], Any]]) -> SimpleNamespace:
    """Functions by OpenSSL's names for them, with their arguments and result. AttributeError if one is missing."""
    prefix = next((each for each in _PREFIXES if hasattr(library, f"{each}EVP_CIPHER_CTX_new")), "")
    functions = SimpleNamespace()
    for name, (arguments, result) in types.items():
        function = getattr(library, prefix + name)
        function.argtypes, function.restype = arguments, result
        setattr(functions, name, function)
    return functions


def run(forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Run whole blocks through AES or SM4; the caller checks the sizes. ValueError if OpenSSL refuses or is missing."""
    library = cipher_functions()
    if library is None:
        raise ValueError("this process has no OpenSSL that can be used")
    with forks.gate:
        return _run(library, forward, algorithm, mode, key, iv, data)


def _run(library: Any, forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    import ctypes

    cipher = getattr(library, f"EVP_{_CIPHERS[algorithm, len(key)]}_{mode.lower()}")()
    context = library.EVP_CIPHER_CTX_new()
    if not cipher or not context:
        raise ValueError(f"OpenSSL has no {algorithm} or no memory")
    try:
        out = ctypes.create_string_buffer(len(data) + _LONGEST_BLOCK)
        written = ctypes.c_int()
        if (
            library.EVP_CipherInit_ex(context, cipher, None, key, iv or None, int(forward)) != 1
            or library.EVP_CIPHER_CTX_set_padding(context, 0) != 1
            or library.EVP_CipherUpdate(context, out, ctypes.byref(written), data, len(data)) != 1
            or written.value != len(data)
        ):
            raise ValueError(f"OpenSSL refused {algorithm}")
        return out.raw[: len(data)]
    finally:
        library.EVP_CIPHER_CTX_free(context)
