"""Sign and cipher of ehcService/gateway.do (version X.M.0.1), computed as its platform does. Pure.

Written independently of shim.dialects: see the package docstring. It implements this one dialect and is strict about
it: hexadecimal in upper case, names exactly as printed. The vectors Y1, Y3, Y8, G1 and G4 of tests/vectors/wire.json
hold it to the wire. Used by gateway.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from shim.crypto import block_ciphers, digests
from shim.simulator.messages import compact_json

# sign_type -> digest; an empty sign_type means MD5.
SIGN_DIGESTS = {"": "MD5", "MD5": "MD5", "SM3": "SM3", "SHA256": "SHA-256"}

# enc_type -> algorithm, mode, bytes of the key, IV, text form. Plain and an empty enc_type do not encrypt.
_CIPHERS = {
    "AES": ("AES", "CBC", 16, b"0102030405060708", "hex"),
    "DES": ("DES", "CBC", 8, b"\x01\x02\x03\x04\x05\x06\x07\x08", "base64"),
    "SM4": ("SM4", "ECB", 16, b"", "hex"),
}
PLAIN_TYPES = ("", "Plain")
ENC_TYPES = (*PLAIN_TYPES, *_CIPHERS)


def signature_of(fields: Mapping[str, Any], secret: str) -> str:
    """Return the sign over all non-empty `fields` but the sign itself. biz_content must be the plain text."""
    text = "&".join(
        f"{name}={value if isinstance(value, str) else compact_json(value)}"
        for name, value in sorted(fields.items())
        if name != "sign" and value is not None and value != ""
    )
    digest = SIGN_DIGESTS[str(fields.get("sign_type") or "")]
    return digests.digest(digest, f"{text}key={secret}".encode()).hex().upper()


def encrypt_content(enc_type: str, plain: str, secret: str) -> str:
    """Return a biz_content as it goes over the wire."""
    if enc_type in PLAIN_TYPES:
        return plain
    algorithm, mode, size, iv, form = _CIPHERS[enc_type]
    data = block_ciphers.encrypt(algorithm, mode, _key(secret, size), iv, plain.encode("utf-8"))
    return data.hex().upper() if form == "hex" else base64.b64encode(data).decode("ascii")


def decrypt_content(enc_type: str, content: str, secret: str) -> str:
    """Return the plain text of a biz_content from the wire.

    A plus sign of base64 may arrive as a blank, as form decoding makes it; it is restored.

    Raises:
        ValueError: Text form, key, padding or UTF-8 is wrong.
    """
    if enc_type in PLAIN_TYPES:
        return content
    algorithm, mode, size, iv, form = _CIPHERS[enc_type]
    if form == "base64":
        data = base64.b64decode(content.replace(" ", "+"), validate=True)
    else:
        data = bytes.fromhex(content)
        if data.hex().upper() != content:
            raise ValueError("hex in lower case, or with blanks")
    return block_ciphers.decrypt(algorithm, mode, _key(secret, size), iv, data).decode("utf-8")


def _key(secret: str, size: int) -> bytes:
    return secret.encode("utf-8")[:size].ljust(size, b"\0")
