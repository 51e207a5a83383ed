"""How biz_content is enciphered, and every known rule that makes a cipher's key out of a secret. Pure functions.

`RULES` is the table; a rule sees the cipher, the secret and the app_id and nothing else. L2, used by the dialect rows;
the vector named in a rule's `origin` is a row of tests/vectors/wire.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shim import crypto
from shim.errors import HostError, Reason

# codec's convention: GBK is read and written as GB18030, so that no rare character of a name is lost.
CODECS: Mapping[str, str] = MappingProxyType({"utf-8": "utf-8", "gbk": "gb18030"})


@dataclass(frozen=True, slots=True)
class Cipher:
    """One way of enciphering biz_content.

    `algorithm` and `mode` are those of `shim.crypto`, `key_bytes` the key's size in bytes, `iv` raw (ignored by ECB),
    `encoding` of the enciphered bytes ``HEX``, ``hex`` or ``base64``, `rule` a name of `RULES`, `charset` that of the
    text inside: ``utf-8`` or ``gbk``.
    """

    algorithm: str
    mode: str
    key_bytes: int
    iv: bytes
    encoding: str
    rule: str = "direct"
    charset: str = "utf-8"

    def key(self, secret: str, app_id: str = "") -> bytes:
        """The key, `key_bytes` long. HostError INVALID_FIELD where the rule cannot use this secret."""
        return RULES[self.rule].make(self, secret, app_id)

    def encipher(self, plain: str, secret: str, app_id: str = "") -> str:
        """`plain` as it goes over the wire."""
        data = plain.encode(CODECS[self.charset], "replace")
        key = self.key(secret, app_id)
        return crypto.to_text(crypto.encrypt(self.algorithm, self.mode, key, self.iv, data), self.encoding)

    def decipher(self, sealed: str, secret: str, app_id: str = "") -> str:
        """The text inside `sealed`. ValueError where encoding, key, padding or charset do not fit."""
        data = crypto.from_text(sealed, self.encoding)
        plain = crypto.decrypt(self.algorithm, self.mode, self.key(secret, app_id), self.iv, data)
        return plain.decode(CODECS[self.charset])


@dataclass(frozen=True, slots=True)
class KeyRule:
    """A rule: `title` for the documentation, `origin` the evidence, `make` of cipher, secret and app_id."""

    name: str
    title: str
    origin: str
    make: Callable[[Cipher, str, str], bytes]


def password(cipher: Cipher, secret: str, app_id: str) -> str:
    """What the sister products call the password: the secret, enciphered by the same cipher under the app_id."""
    key = _fit(app_id, cipher.key_bytes)
    data = secret.encode("utf-8")
    return crypto.to_text(crypto.encrypt(cipher.algorithm, cipher.mode, key, cipher.iv, data), cipher.encoding)


def _fit(text: str, size: int) -> bytes:
    return text.encode("utf-8")[:size].ljust(size, b"\0")


def _direct(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret, cipher.key_bytes)


def _unhexed(cipher: Cipher, secret: str, app_id: str) -> bytes:
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        key = b""
    if len(key) != cipher.key_bytes:
        raise HostError(
            Reason.INVALID_FIELD,
            f"应用密钥 key 应为 {cipher.key_bytes * 2} 个十六进制字符（现为 {len(secret)} 字），"
            "请核对 key 与 [wire] dialect",
        )
    return key


def _derived(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(password(cipher, secret, app_id), cipher.key_bytes)


def _hex_upper(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret.encode("utf-8").hex().upper(), cipher.key_bytes)


def _hex_lower(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret.encode("utf-8").hex(), cipher.key_bytes)


_ROWS = (
    KeyRule("direct", "密钥前 N 个字节，不足补 0", "Y1, Y3, Y8; with 32 bytes for AES-256: seen", _direct),
    KeyRule("unhex", "密钥是十六进制文本，还原成 N 个字节", "seen with 85:HEX64:1 codes", _unhexed),
    KeyRule("derived", "用 app_id 加密密钥，取密文文本的前 N 个字符", "Y2, Y4, Y5, Y6", _derived),
    KeyRule("hex-upper", "密钥各字节的大写十六进制文本的前 N 个字符", "Y7; the case is a guess", _hex_upper),
    KeyRule("hex-lower", "密钥各字节的小写十六进制文本的前 N 个字符", "Y7; the case is a guess", _hex_lower),
)

RULES: Mapping[str, KeyRule] = MappingProxyType({rule.name: rule for rule in _ROWS})
