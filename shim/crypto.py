"""Digests, ciphers and signatures by name, over the standard implementations.

========================  ==========================================================================================
MD5                       CPython's own code
SM3, SHA, HMAC            hashlib and hmac (OpenSSL); SM3 by gmssl if this OpenSSL lacks it
AES for short texts       pycryptodome's C code, see short_aes.py
AES, SM4                  the OpenSSL that hashlib has loaded into the process, through ctypes; without it, AES by
                          pycryptodome and SM4 by gmssl, which is pure Python and some hundred times slower
DES, 3DES                 pycryptodome
SM2                       gmssl for the curve; what it leaves unchecked is checked here
Ed25519                   that OpenSSL
========================  ==========================================================================================

Not here: protocols, keys, I/O. Every library is imported on first use, so that no site waits for what it does not need:
OpenSSL and ctypes are 6 ms of the first call. The dialects choose by the names in their tables; the simulator uses the
same primitives and nothing above them. Any thread may call any function.
"""

from __future__ import annotations

import binascii
import functools
import importlib
import re
import sys
from _operator import _compare_digest  # hmac, which has it under a public name, imports OpenSSL
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from shim import forks, short_aes
from shim.errors import OwnError
from shim.messages import cipher as rows

if TYPE_CHECKING:
    import ctypes

# Sizes in bytes of every algorithm that `encrypt` knows.
KEY_BYTES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"AES": (16, 24, 32), "DES": (8,), "3DES": (24,), "SM4": (16,)}
)
BLOCK_BYTES: Mapping[str, int] = MappingProxyType({"AES": 16, "DES": 8, "3DES": 8, "SM4": 16})
MODES = ("ECB", "CBC")
PADDINGS = ("pkcs7", "zero", "blank", "iso7816", "x923")
DIGEST_NAMES = ("MD5", "SM3", "SHA-256", "SHA-1", "SHA-384", "SHA-512")
# Base64 in lines: by the characters of a line, what ends one, and whether the last one ends, too. OpenSSL's BIO and
# CryptBinaryToString write the first two, .NET, Delphi and Java the next, Android and Python the last.
_LINES = {
    "base64-64-lf": (64, "\n", True),
    "base64-64-crlf": (64, "\r\n", True),
    "base64-76-lf": (76, "\n", False),
    "base64-76-crlf": (76, "\r\n", False),
    "base64-76-lf-end": (76, "\n", True),
    "base64-76-crlf-end": (76, "\r\n", True),
}
# Base64 of the hex text of the bytes.
_OF_HEX = {"base64-of-upper-hex": "upper-hex", "base64-of-lower-hex": "lower-hex"}
ENCODINGS = ("upper-hex", "lower-hex", "base64", *_LINES, "base64-url", *_OF_HEX)

# ---- digests -------------------------------------------------------------------------------------------------------


def digest(name: str, data: bytes) -> bytes:
    """The digest of `data`; `name` is one of `DIGEST_NAMES` (SM3: GB/T 32905).

    Raises:
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    try:
        if name == "MD5":
            from _md5 import md5  # type: ignore[import-not-found]

            md5_digest: bytes = md5(data, usedforsecurity=False).digest()
            return md5_digest
        import hashlib

        return hashlib.new(_hashlib_name(name), data, usedforsecurity=False).digest()
    except ValueError as error:
        if name == "SM3":
            return _sm3_gmssl(data)
        raise _no_digest(name) from error


def hmac_digest(name: str, key: bytes, data: bytes) -> bytes:
    """The HMAC (RFC 2104) of `data` with the digest `name`.

    Raises:
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    import hmac

    try:
        with forks.gate:
            return hmac.digest(key, data, _hashlib_name(name))
    except ValueError as error:
        if name == "SM3":
            return _hmac_sm3_gmssl(key, data)
        raise _no_digest(name) from error


def are_same(left: bytes, right: bytes) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    return _compare_digest(left, right)


def _hashlib_name(name: str) -> str:
    return name.lower().replace("-", "")


def _no_digest(name: str) -> OwnError:
    return OwnError(rows.NO_DIGEST, name=name)


def _sm3_gmssl(data: bytes) -> bytes:
    from gmssl import sm3

    return bytes.fromhex(sm3.sm3_hash(list(data)))


def _hmac_sm3_gmssl(key: bytes, data: bytes) -> bytes:
    """RFC 2104 section 2 over gmssl's SM3, whose blocks have 64 bytes; hmac accepts only digests that hashlib has."""
    block = (key if len(key) <= 64 else _sm3_gmssl(key)).ljust(64, b"\0")
    inner = _sm3_gmssl(bytes(byte ^ 0x36 for byte in block) + data)
    return _sm3_gmssl(bytes(byte ^ 0x5C for byte in block) + inner)


# ---- ciphers -------------------------------------------------------------------------------------------------------


def encrypt(algorithm: str, mode: str, key: bytes, iv: bytes, plain: bytes, padding: str = "pkcs7") -> bytes:
    """Pad `plain` and encrypt it.

    Args:
        algorithm: a key of `KEY_BYTES`.
        mode: one of `MODES`.
        key: of one of the sizes in `KEY_BYTES`.
        iv: one block; ECB ignores it.
        padding: one of `PADDINGS`. ``zero`` and ``blank`` fill the last block with NULs or blanks, if it is not full.

    Raises:
        OwnError: CIPHER_FAILED names the algorithm; CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _run(True, algorithm, mode, key, iv, _padded(plain, BLOCK_BYTES[algorithm], padding))
    except _NOT_LOADED as error:
        raise _missing(error) from error
    except (KeyError, ValueError) as error:
        raise OwnError(rows.NOT_ENCRYPTED, algorithm=algorithm, mode=mode, size=len(key)) from error


def _padded(plain: bytes, size: int, padding: str) -> bytes:
    if padding in _FILLERS:
        return plain + _FILLERS[padding] * (-len(plain) % size)
    if padding == "pkcs7":
        count = size - len(plain) % size
        return plain + bytes([count]) * count
    from Crypto.Util.Padding import pad

    return pad(plain, size, padding)


def _unpadded(data: bytes, size: int, padding: str) -> bytes:
    if padding in _FILLERS:
        return data.rstrip(_FILLERS[padding])
    if padding == "pkcs7":
        count = data[-1] if data else 0
        if not 1 <= count <= size or data[-count:] != bytes([count]) * count:
            raise ValueError("padding is not PKCS #7")
        return data[:-count]
    from Crypto.Util.Padding import unpad

    return unpad(data, size, padding)


_FILLERS = {"zero": b"\0", "blank": b" "}


def decrypt(algorithm: str, mode: str, key: bytes, iv: bytes, sealed: bytes, padding: str = "pkcs7") -> bytes:
    """Decrypt `sealed`, check its padding and remove it; arguments as those of `encrypt`.

    Raises:
        ValueError: wrong key, length or padding.
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _unpadded(_run(False, algorithm, mode, key, iv, sealed), BLOCK_BYTES[algorithm], padding)
    except _NOT_LOADED as error:
        raise _missing(error) from error


def decrypt_blocks(algorithm: str, key: bytes, sealed: bytes) -> bytes:
    """Decrypt every block by itself, without a look at padding or chaining: for those who search for a mode and an IV.

    Raises:
        ValueError: wrong length of key or data.
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _run(False, algorithm, "ECB", key, b"", sealed)
    except _NOT_LOADED as error:
        raise _missing(error) from error


# pycryptodome raises OSError where it cannot load one of its libraries.
_NOT_LOADED = (ImportError, OSError)


def _missing(error: ImportError | OSError) -> OwnError:
    return OwnError(rows.NO_LIBRARY, name=error.name if isinstance(error, ImportError) else "Crypto")


def _run(forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Run whole blocks through a cipher, without padding. ValueError or KeyError for a wrong size or name."""
    if mode not in MODES or len(key) not in KEY_BYTES[algorithm] or len(data) % BLOCK_BYTES[algorithm]:
        raise ValueError(f"{algorithm}/{mode}: key of {len(key)} bytes, data of {len(data)}")
    if mode == "CBC" and len(iv) != BLOCK_BYTES[algorithm]:
        raise ValueError(f"{algorithm}/{mode}: IV of {len(iv)} bytes")
    if algorithm == "AES" and len(data) <= short_aes.LONGEST:
        short = short_aes.short_aes()
        if short is not None:
            return short.run(forward, mode, key, iv, data)
    if (algorithm, len(key)) in _EVP and _libcrypto():
        return _openssl(forward, algorithm, mode, key, iv, data)
    if algorithm == "SM4":
        return _sm4_gmssl(forward, mode, key, iv, data)
    cipher = _pycryptodome(algorithm, mode, key, iv)
    return bytes(cipher.encrypt(data) if forward else cipher.decrypt(data))


def _pycryptodome(algorithm: str, mode: str, key: bytes, iv: bytes) -> Any:
    from Crypto.Util import _raw_api

    # NB: to load its first library it asks platform.architecture(), which runs the program `file` where there is one.
    known: list[str] = getattr(_raw_api, "cached_architecture", [])
    known[:] = known or ["", ""]
    # Three branches instead of an import by name, so that a program that freezes the runtime sees them.
    module: Any
    if algorithm == "3DES":
        # NB: pycryptodome refuses a key with two equal neighbouring thirds, as a short secret padded with zeros is.
        # Other libraries accept it and compute DES. The lowest bit of each byte is parity and has no effect.
        first, second, third = (bytes(byte & 0xFE for byte in key[at : at + 8]) for at in (0, 8, 16))
        if second in (first, third):
            algorithm, key = "DES", key[16:] if first == second else key[:8]
    if algorithm == "AES":
        from Crypto.Cipher import AES as module
    elif algorithm == "DES":
        from Crypto.Cipher import DES as module
    else:
        from Crypto.Cipher import DES3 as module
    if mode == "ECB":
        return module.new(key, module.MODE_ECB)
    return module.new(key, module.MODE_CBC, iv)


# ---- AES and SM4 by OpenSSL ----------------------------------------------------------------------------------------

# (algorithm, key size in bytes): OpenSSL's name of the cipher, without the mode.
_EVP = {("AES", 16): "aes_128", ("AES", 24): "aes_192", ("AES", 32): "aes_256", ("SM4", 16): "sm4"}

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


def sm4_library() -> str:
    """Which implementation SM4 uses in this process: ``openssl`` or ``gmssl``. For the doctor and the log."""
    return "openssl" if _libcrypto() else "gmssl"


@functools.cache
def _libcrypto() -> Any:
    """The functions of the libcrypto that _hashlib has loaded; None if there is none or it lacks a cipher."""
    try:
        opened = _open_libcrypto()
        if opened is None:
            return None
        library = _functions(opened)
        with forks.gate:
            good = all(_evp(library, True, name, "ECB", key, b"", text) == out for name, key, text, out in _PROBES)
    except (ImportError, OSError, AttributeError, ValueError):
        return None
    return library if good else None


def _open_libcrypto() -> ctypes.CDLL | None:
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
        f"EVP_{cipher}_{mode.lower()}": ([], c_void_p) for cipher in _EVP.values() for mode in MODES
    }
    types["EVP_CIPHER_CTX_new"] = ([], c_void_p)
    types["EVP_CIPHER_CTX_free"] = ([c_void_p], None)
    types["EVP_CIPHER_CTX_set_padding"] = ([c_void_p, c_int], c_int)
    types["EVP_CipherInit_ex"] = ([c_void_p, c_void_p, c_void_p, c_char_p, c_char_p, c_int], c_int)
    types["EVP_CipherUpdate"] = ([c_void_p, c_char_p, POINTER(c_int), c_char_p, c_int], c_int)
    return _typed(library, types)


def _typed(library: ctypes.CDLL, types: Mapping[str, tuple[list[Any], Any]]) -> SimpleNamespace:
    prefix = next((each for each in _PREFIXES if hasattr(library, f"{each}EVP_CIPHER_CTX_new")), "")
    functions = SimpleNamespace()
    for name, (arguments, result) in types.items():
        function = getattr(library, prefix + name)
        function.argtypes, function.restype = arguments, result
        setattr(functions, name, function)
    return functions


@functools.cache
def _signature_functions() -> Any:
    """What Ed25519 needs of that libcrypto, as `_functions` has it.

    Raises:
        OwnError: CIPHER_MISSING if there is no libcrypto, or it lacks a function.
    """
    try:
        opened = _open_libcrypto()
        if opened is None:
            raise _no_digest("Ed25519")
        from ctypes import POINTER, c_char_p, c_int, c_size_t, c_void_p

        size, key = POINTER(c_size_t), [c_int, c_void_p, c_char_p, c_size_t]
        return _typed(
            opened,
            {
                "EVP_PKEY_new_raw_public_key": (key, c_void_p),
                "EVP_PKEY_new_raw_private_key": (key, c_void_p),
                "EVP_PKEY_get_raw_public_key": ([c_void_p, c_char_p, size], c_int),
                "EVP_PKEY_free": ([c_void_p], None),
                "EVP_MD_CTX_new": ([], c_void_p),
                "EVP_MD_CTX_free": ([c_void_p], None),
                "EVP_DigestSignInit": ([c_void_p] * 5, c_int),
                "EVP_DigestSign": ([c_void_p, c_char_p, size, c_char_p, c_size_t], c_int),
                "EVP_DigestVerifyInit": ([c_void_p] * 5, c_int),
                "EVP_DigestVerify": ([c_void_p, c_char_p, c_size_t, c_char_p, c_size_t], c_int),
            },
        )
    except (ImportError, OSError, AttributeError) as error:
        raise _no_digest("Ed25519") from error


def _openssl(forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    library = _libcrypto()
    if library is None:
        raise ValueError("this process has no OpenSSL that can be used")
    with forks.gate:
        return _evp(library, forward, algorithm, mode, key, iv, data)


def _evp(library: Any, forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Run whole blocks through EVP; the caller checks the sizes. ValueError if OpenSSL refuses."""
    import ctypes

    cipher = getattr(library, f"EVP_{_EVP[algorithm, len(key)]}_{mode.lower()}")()
    context = library.EVP_CIPHER_CTX_new()
    if not cipher or not context:
        raise ValueError(f"OpenSSL has no {algorithm} or no memory")
    try:
        out = ctypes.create_string_buffer(len(data) + BLOCK_BYTES[algorithm])
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


# ---- SM4 by gmssl --------------------------------------------------------------------------------------------------


def _sm4_gmssl(forward: bool, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    from gmssl import sm4

    if not data:
        return b""
    cipher = sm4.CryptSM4(padding_mode=None)  # neither of its two paddings: `decrypt` checks the padding
    cipher.set_key(key, sm4.SM4_ENCRYPT if forward else sm4.SM4_DECRYPT)
    if mode == "CBC" and forward:
        # NB: its CBC pads whatever padding_mode says; the added block is cut off.
        return bytes(cipher.crypt_cbc(iv, data))[: len(data)]
    blocks = bytes(cipher.crypt_ecb(data))
    if mode == "ECB":
        return blocks
    before = iv + data[: -len(iv)]
    return bytes(left ^ right for left, right in zip(blocks, before, strict=True))


# ---- SM2 -----------------------------------------------------------------------------------------------------------

# GB/T 32918.5 clause 2: the recommended curve.
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
_GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
_HEX_64 = re.compile("[0-9A-Fa-f]{64}")


def sm2_sign(private_key: str, data: bytes, user_id: bytes, nonce: int | None = None) -> bytes:
    """The SM2 signature with SM3 (GB/T 32918.2 clause 6) of `data`: r and s, 32 bytes each.

    Args:
        private_key: 64 hex digits.
        user_id: the signer's distinguishing identifier, ``1234567812345678`` by default in the standards.
        nonce: the k of the standard. None derives it from key and data as in RFC 6979, which needs no random source
            and gives the same request the same sign.

    Raises:
        OwnError: SIGN_FAILED if the private key or the identifier cannot be used.
    """
    if not sm2_private_fits(private_key):
        raise OwnError(rows.SM2_PRIVATE_KEY, size=len(private_key))
    private = int(private_key, 16)
    hashed = _sm2_hash(_sm2_public(private_key), data, user_id)
    signature = _sm2_curve(private_key).sign(hashed, f"{_nonce(private, hashed, _N) if nonce is None else nonce:064x}")
    if signature is None:  # r or s came out as zero: about one in 2 to the 255th
        raise OwnError(rows.SM2_FAILED)
    return bytes.fromhex(signature)


def sm2_verify(public_key: str, data: bytes, user_id: bytes, signature: bytes) -> bool:
    """Whether `signature` (r and s, 32 bytes each) is that of `data` (GB/T 32918.2 clause 7).

    `public_key` is x and y, 128 hex digits, with or without 04 before them. False, too, for a signature of another
    length and for a key that is not a point of the curve.
    """
    point = sm2_point(public_key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or len(signature) != 64 or not (1 <= r < _N and 1 <= s < _N) or (r + s) % _N == 0:
        return False
    try:
        return bool(_sm2_curve("0", point).verify(signature.hex(), _sm2_hash(point, data, user_id)))
    except TypeError:  # gmssl has None for the point at infinity and then subscripts it
        return False


def sm2_private_fits(private_key: str) -> bool:
    """Whether a text can be a private key: 64 hex digits, a number from 1 to n-2."""
    return _HEX_64.fullmatch(private_key) is not None and 1 <= int(private_key, 16) <= _N - 2


def sm2_point(public_key: str) -> str | None:
    """A public key as 128 hex digits without the leading 04; None if it is not a point of the curve."""
    digits = public_key[2:] if len(public_key) == 130 and public_key.startswith("04") else public_key
    if not (_HEX_64.fullmatch(digits[:64]) and _HEX_64.fullmatch(digits[64:])):
        return None
    x, y = int(digits[:64], 16), int(digits[64:], 16)
    on_curve = x < _P and y < _P and (y * y - x * x * x - _A * x - _B) % _P == 0
    return digits.lower() if on_curve else None


def sm2_to_der(signature: bytes) -> bytes:
    """A signature of r and s as the DER sequence that GM/T 0009 prescribes and many Java programs send."""
    from Crypto.Util.asn1 import DerSequence

    return DerSequence([int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")]).encode()


def sm2_from_der(data: bytes) -> bytes:
    """r and s, 32 bytes each, from a DER sequence. ValueError if it is not strict DER of two numbers below n."""
    from Crypto.Util.asn1 import DerSequence

    sequence = DerSequence().decode(data, strict=True, nr_elements=2, only_ints_expected=True)
    numbers = [sequence[0], sequence[1]]
    if not all(isinstance(number, int) and 0 < number < _N for number in numbers):
        raise ValueError("r or s is not a number below n")
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    if sm2_to_der(signature) != data:
        raise ValueError("not strict DER")
    return signature


@functools.lru_cache(maxsize=4)
def _sm2_public(private_key: str) -> str:
    return str(_sm2_curve(private_key)._kg(int(private_key, 16), f"{_GX:064x}{_GY:064x}"))


def _sm2_hash(public_key: str, data: bytes, user_id: bytes) -> bytes:
    """e of the standard: the SM3 of Z (GB/T 32918.2 clause 5.5) and the data."""
    if len(user_id) > 8191:
        raise OwnError(rows.SM2_USER_ID, size=len(user_id))
    constants = b"".join(number.to_bytes(32, "big") for number in (_A, _B, _GX, _GY))
    length = (len(user_id) * 8).to_bytes(2, "big")
    z = digest("SM3", length + user_id + constants + bytes.fromhex(public_key))
    return digest("SM3", z + data)


def _nonce(private: int, hashed: bytes, order: int) -> int:
    """k by RFC 6979 section 3.2 with HMAC-SHA-256, for a curve whose order has 256 bits."""
    message = (int.from_bytes(hashed, "big") % order).to_bytes(32, "big")
    value, key = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        key = _hmac_sha256(key, value + separator + private.to_bytes(32, "big") + message)
        value = _hmac_sha256(key, value)
    while True:
        value = _hmac_sha256(key, value)
        k = int.from_bytes(value, "big")
        if 1 <= k < order:
            return k
        key = _hmac_sha256(key, value + b"\x00")
        value = _hmac_sha256(key, value)


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    import hmac

    with forks.gate:
        return hmac.digest(key, data, "sha256")


def _sm2_curve(private_key: str, public_key: str = "") -> Any:
    """gmssl's SM2 over one key pair."""
    # HACK: gmssl.sm2 imports pycryptodomex, for DER that is not used here. The product ships the same code as
    # pycryptodome.
    try:
        try:
            from gmssl import sm2
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("Cryptodome"):
                raise
            importlib.import_module("Crypto.Util.asn1")
            for name in ("Crypto", "Crypto.Util", "Crypto.Util.asn1"):
                sys.modules.setdefault(name.replace("Crypto", "Cryptodome"), sys.modules[name])
            from gmssl import sm2
    except ImportError as error:
        raise _missing(error) from error
    curve = sm2.CryptSM2(private_key, "")
    # NB: its constructor strips every leading 0 and 4 from a key that begins with 04, not just the prefix.
    curve.public_key = public_key
    return curve


# ---- text of bytes -------------------------------------------------------------------------------------------------


def to_text(data: bytes, encoding: str) -> str:
    """Bytes as text for the wire; `encoding` is one of `ENCODINGS`."""
    if encoding in _OF_HEX:
        data = to_text(data, _OF_HEX[encoding]).encode("ascii")
    if encoding.startswith("base64"):
        text = binascii.b2a_base64(data, newline=False).decode("ascii")
        if encoding == "base64-url":
            return text.translate(_TO_URL)
        return _in_lines(text, *_LINES[encoding]) if encoding in _LINES else text
    return data.hex().upper() if encoding == "upper-hex" else data.hex()


def _in_lines(text: str, width: int, end: str, ends: bool) -> str:
    lines = end.join(text[at : at + width] for at in range(0, len(text), width))
    return lines + end if ends and lines else lines


def from_text(text: str, encoding: str) -> bytes:
    """The bytes of a text from the wire, after `repair`; hex may be of either case.

    Raises:
        ValueError: the text is not of that encoding, or another text would give the same bytes: hex of mixed case and
            base64 with stray bits are refused, because a damaged answer could be accepted otherwise.
    """
    text = repair(text, encoding)
    if encoding in _OF_HEX:
        return from_text(_of_base64(text).decode("ascii"), _OF_HEX[encoding])
    if encoding.startswith("base64"):
        return _of_base64(text.translate(_FROM_URL) if encoding == "base64-url" else text)
    if text not in (text.upper(), text.lower()):
        raise ValueError("hex of mixed case")
    return bytes.fromhex(text)


_TO_URL = str.maketrans("+/", "-_")
_FROM_URL = str.maketrans("-_+/", "+/  ")


def _of_base64(text: str) -> bytes:
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if binascii.b2a_base64(data, newline=False) != text.encode("ascii"):
        raise ValueError("base64 with stray bits")
    return data


def repair(text: str, encoding: str) -> str:
    """Undo what transports do to a text: strip blanks; in base64, remove line ends and turn blanks into plus signs.

    A blank at an end is a plus sign, too, where only that gives base64 its length.
    """
    if not encoding.startswith("base64"):
        return text.strip()
    whole = text.replace("\r", "").replace("\n", "").replace("\t", "")
    inner = whole.strip()
    return (inner if len(inner) % 4 == 0 or len(whole) % 4 else whole).replace(" ", "+")


# ---- authenticated encryption ---------------------------------------------------------------------------------------


def seal_gcm(key: bytes, nonce: bytes, plain: bytes, header: bytes) -> bytes:
    """`plain` under AES-GCM (NIST SP 800-38D), followed by the tag of 16 bytes, which covers `header`, too.

    Args:
        key: 16, 24 or 32 bytes.
        nonce: 12 bytes, never used twice with one key.

    Raises:
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        from Crypto.Cipher import AES
    except _NOT_LOADED as error:
        raise _missing(error) from error
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(header)
    sealed, tag = cipher.encrypt_and_digest(plain)
    return sealed + tag


def open_gcm(key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes | None:
    """What `seal_gcm` sealed; None if key, nonce, header or a byte of `sealed` is another one.

    Raises:
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        from Crypto.Cipher import AES
    except _NOT_LOADED as error:
        raise _missing(error) from error
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(header)
    try:
        return cipher.decrypt_and_verify(sealed[:-16], sealed[-16:])
    except ValueError:
        return None


# ---- Ed25519 -------------------------------------------------------------------------------------------------------

_ED25519 = 1087  # NID_ED25519
ED25519_KEY_BYTES, ED25519_SIGNATURE_BYTES = 32, 64


def ed25519_public_key(private_key: bytes) -> bytes:
    """The public key (RFC 8032 5.1.5) of a private one; both have 32 bytes.

    Raises:
        ValueError: it has another size.
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    import ctypes

    with _Ed25519Key(private_key, is_private=True) as key:
        out, size = ctypes.create_string_buffer(ED25519_KEY_BYTES), ctypes.c_size_t(ED25519_KEY_BYTES)
        if key.library.EVP_PKEY_get_raw_public_key(key.pointer, out, ctypes.byref(size)) != 1:
            raise ValueError("OpenSSL refused the key")
        return out.raw


def ed25519_sign(private_key: bytes, data: bytes) -> bytes:
    """The signature (RFC 8032 5.1.6) of `data`, 64 bytes. Raises as `ed25519_public_key`."""
    import ctypes

    with _Ed25519Key(private_key, is_private=True) as key:
        out, size = ctypes.create_string_buffer(ED25519_SIGNATURE_BYTES), ctypes.c_size_t(ED25519_SIGNATURE_BYTES)
        library = key.library
        if (
            library.EVP_DigestSignInit(key.context, None, None, None, key.pointer) != 1
            or library.EVP_DigestSign(key.context, out, ctypes.byref(size), data, len(data)) != 1
        ):
            raise ValueError("OpenSSL refused to sign")
        return out.raw


def ed25519_verify(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` (RFC 8032 5.1.7) is that of `data`. False for one of another size.

    Raises as `ed25519_public_key`.
    """
    if len(signature) != ED25519_SIGNATURE_BYTES:
        return False
    with _Ed25519Key(public_key, is_private=False) as key:
        library = key.library
        if library.EVP_DigestVerifyInit(key.context, None, None, None, key.pointer) != 1:
            raise ValueError("OpenSSL refused the key")
        return bool(library.EVP_DigestVerify(key.context, signature, len(signature), data, len(data)) == 1)


class _Ed25519Key:
    """A key and a context in OpenSSL, for a block that no fork interrupts."""

    def __init__(self, key: bytes, *, is_private: bool) -> None:
        if len(key) != ED25519_KEY_BYTES:
            raise ValueError(f"a key of {len(key)} bytes")
        self.library = _signature_functions()
        self.pointer: Any = None
        self.context: Any = None
        self._key, self._is_private = key, is_private

    def __enter__(self) -> _Ed25519Key:
        forks.gate.__enter__()
        library = self.library
        new = library.EVP_PKEY_new_raw_private_key if self._is_private else library.EVP_PKEY_new_raw_public_key
        self.pointer, self.context = new(_ED25519, None, self._key, len(self._key)), library.EVP_MD_CTX_new()
        if not self.pointer or not self.context:
            self.__exit__()
            raise ValueError("OpenSSL refused the key, or has no memory")
        return self

    def __exit__(self, *error: object) -> None:
        self.library.EVP_MD_CTX_free(self.context)
        self.library.EVP_PKEY_free(self.pointer)
        forks.gate.__exit__(None, None, None)
