"""Sign and cipher of ehcService/gateway.do (version X.M.0.1), as its platform computes them. Pure.

Written out here and not taken from the dialects on purpose: see the package docstring. It knows this one dialect and
is exact about it: hex in upper case, words letter for letter. The vectors Y1, Y3, Y8, G1 and G4 of
tests/vectors/wire.json hold it to the wire. L3; used by the gateway.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from shim import crypto
from shim.simulator.messages import dump

# sign_type to digest; nothing said means MD5
DIGESTS = {"": "MD5", "MD5": "MD5", "SM3": "SM3", "SHA256": "SHA-256"}

# enc_type to algorithm, mode, bytes of the key, IV, text form; Plain and nothing said are left open
_CIPHERS = {
    "AES": ("AES", "CBC", 16, b"0102030405060708", "hex"),
    "DES": ("DES", "CBC", 8, b"\x01\x02\x03\x04\x05\x06\x07\x08", "base64"),
    "SM4": ("SM4", "ECB", 16, b"", "hex"),
}
OPEN = ("", "Plain")
ENC_TYPES = (*OPEN, *_CIPHERS)


def sign(fields: Mapping[str, Any], secret: str) -> str:
    """The sign over all non-empty `fields` but the sign itself; biz_content is given as plain text."""
    text = "&".join(
        f"{name}={value if isinstance(value, str) else dump(value)}"
        for name, value in sorted(fields.items())
        if name != "sign" and value is not None and value != ""
    )
    digest = DIGESTS[str(fields.get("sign_type") or "")]
    return crypto.digest(digest, f"{text}key={secret}".encode()).hex().upper()


def seal(enc_type: str, plain: str, secret: str) -> str:
    """A biz_content as it goes over the wire."""
    if enc_type in OPEN:
        return plain
    algorithm, mode, size, iv, form = _CIPHERS[enc_type]
    data = crypto.encrypt(algorithm, mode, _key(secret, size), iv, plain.encode("utf-8"))
    return data.hex().upper() if form == "hex" else base64.b64encode(data).decode("ascii")


def unseal(enc_type: str, sealed: str, secret: str) -> str:
    """The opposite. ValueError where text form, key, padding or UTF-8 do not fit.

    A plus sign of base64 may have become a blank on the way: that is mended (wire.md).
    """
    if enc_type in OPEN:
        return sealed
    algorithm, mode, size, iv, form = _CIPHERS[enc_type]
    if form == "base64":
        data = base64.b64decode(sealed.replace(" ", "+"), validate=True)
    else:
        data = bytes.fromhex(sealed)
        if data.hex().upper() != sealed:
            raise ValueError("hex in lower case, or with blanks")
    return crypto.decrypt(algorithm, mode, _key(secret, size), iv, data).decode("utf-8")


def _key(secret: str, size: int) -> bytes:
    return secret.encode("utf-8")[:size].ljust(size, b"\0")
