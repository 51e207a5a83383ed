"""Signs and ciphers of the made-up vendors' platforms: pycryptodome, hashlib and gmssl, without a line of shim."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from Crypto.Cipher import AES, ARC4, DES
from Crypto.Util.Padding import pad, unpad
from gmssl.sm4 import SM4_DECRYPT, SM4_ENCRYPT, CryptSM4

from tests.support.vendors.rows import CipherRow, VendorRow

_OWN_KEY = b"never in InData: 7Qz-pL2#vendor!"


def compact(value: Any) -> str:
    """JSON without blanks, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def signature(row: VendorRow, fields: Mapping[str, Any], content: str, sealed: str, word: str, secret: str) -> str:
    """The sign of top-level `fields` with this biz_content, in both forms."""
    if row.inner:
        values = json.loads(content)
    else:
        values = {name: value for name, value in fields.items() if name != row.sign}
        if "biz_content" in fields:
            values["biz_content"] = sealed if row.sealed else content
    texts = {name: _text(value) for name, value in values.items()}
    names = list(row.fixed) or sorted(texts, key=(lambda name: (name.lower(), name)) if row.ignore_case else None)
    base = row.joiner.join(f"{name}={texts.get(name, '')}" for name in names if texts.get(name) or row.keep_empty)
    base += "" if row.tail is None else row.tail + secret
    base += row.salt
    digest = row.digests.get(word) or row.digests[""]
    data = base.encode(row.sign_charset)
    if digest.startswith("hmac-"):
        raw = hmac.new(secret.encode(), data, digest.removeprefix("hmac-")).digest()
    else:
        raw = hashlib.new(digest, data).digest()
    return _written(raw, row.sign_encoding)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else compact(value)


def seal(row: VendorRow, word: str, plain: str, secret: str, app_id: str) -> str:
    """biz_content under the cipher of this word of enc_type."""
    cipher = row.ciphers.get(word)
    if cipher is None:
        return plain
    return _written(_crypt(cipher, _key(cipher, secret, app_id), plain.encode(), seals=True), cipher.encoding)


def unseal(row: VendorRow, word: str, text: str, secret: str, app_id: str) -> str:
    """The reverse; ValueError for what is none."""
    cipher = row.ciphers.get(word)
    if cipher is None:
        return text
    data = base64.b64decode(text, validate=True) if cipher.encoding == "base64" else bytes.fromhex(text)
    return _crypt(cipher, _key(cipher, secret, app_id), data, seals=False).decode()


def _written(data: bytes, encoding: str) -> str:
    if encoding == "base64":
        return base64.b64encode(data).decode()
    return data.hex().upper() if encoding == "upper" else data.hex()


def _key(cipher: CipherRow, secret: str, app_id: str) -> bytes:
    size = cipher.key_bytes
    if cipher.key == "unhex":
        return bytes.fromhex(secret)
    if cipher.key == "own":
        return _OWN_KEY[:size]
    text = secret
    if cipher.key == "hex-upper":
        text = secret.encode().hex().upper()
    if cipher.key == "derived":
        data = _crypt(cipher, app_id.encode()[:size].ljust(size, b"\0"), secret.encode(), seals=True)
        text = _written(data, cipher.encoding)
    return text.encode()[:size].ljust(size, b"\0")


def _crypt(cipher: CipherRow, key: bytes, data: bytes, *, seals: bool) -> bytes:
    if cipher.name == "rc4":
        return ARC4.new(key).encrypt(data)
    if cipher.name == "sm4":
        engine = CryptSM4()
        engine.set_key(key, SM4_ENCRYPT if seals else SM4_DECRYPT)
        return bytes(engine.crypt_ecb(data) if cipher.mode == "ecb" else engine.crypt_cbc(cipher.iv, data))
    module, block = (AES, 16) if cipher.name == "aes" else (DES, 8)
    made = module.new(key, module.MODE_ECB) if cipher.mode == "ecb" else module.new(key, module.MODE_CBC, cipher.iv)
    return bytes(made.encrypt(pad(data, block))) if seals else unpad(made.decrypt(data), block)
