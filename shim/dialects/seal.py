"""Signing, enciphering and their opposites, driven by a row of the dialect table. Pure: no I/O, no clock, no platform.

L2; used by virtualcard. The simulator does not use it: a mistake here must not be able to cancel out there.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from shim import codec, crypto
from shim.dialects.table import Cipher, Dialect
from shim.errors import HostError, PlatformError, Reason


def check_types(dialect: Dialect, sign_type: str, enc_type: str) -> None:
    """HostError 1007 or 1006 where the dialect does not know the word; called before anything is computed."""
    if sign_type.upper() not in dialect.digests:
        known = "、".join(filter(None, dialect.digests))
        raise HostError(Reason.UNKNOWN_SIGN_TYPE, f"不支持的签名类型 sign_type={sign_type[:10]}，可用：{known}")
    if enc_type.upper() not in dialect.ciphers:
        known = "、".join(filter(None, dialect.ciphers))
        raise HostError(Reason.UNKNOWN_ENC_TYPE, f"不支持的加密类型 enc_type={enc_type[:10]}，可用：{known}")


def base_string(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The text that is digested."""
    parts = [
        f"{name}={_value(value)}"
        for name, value in sorted(envelope.items())
        if name not in dialect.unsigned and value is not None and value != ""
    ]
    return dialect.joiner.join(parts) + dialect.tail + secret


def sign(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The sign of an envelope whose biz_content stands in it as it is to be signed."""
    kind = dialect.digests[str(envelope.get("sign_type") or "").upper()]
    data = base_string(dialect, envelope, secret).encode(dialect.charset, "replace")
    return crypto.to_text(crypto.digest(kind, data), dialect.sign_encoding)


def seal(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """The envelope as it goes out: biz_content (text) enciphered, sign filled in, the secret left out."""
    sealed = {name: value for name, value in envelope.items() if name != "key"}
    cipher = dialect.ciphers[str(envelope.get("enc_type") or "").upper()]
    hidden = _encipher(cipher, str(envelope["biz_content"]), secret, dialect.charset)
    if dialect.sign_over == "plain":
        sealed["sign"] = sign(dialect, sealed, secret)
        sealed["biz_content"] = hidden
    else:
        sealed["biz_content"] = hidden
        sealed["sign"] = sign(dialect, sealed, secret)
    return sealed


def open_content(dialect: Dialect, answer: Mapping[str, Any], enc_type: str, secret: str) -> str:
    """The plain text of an answer's biz_content. PlatformError 9007 where it cannot be deciphered."""
    content = answer.get("biz_content")
    if content is None or content == "":
        return ""
    if not isinstance(content, str):
        return codec.dump(content)
    cipher = dialect.ciphers.get(enc_type.upper())
    if cipher is None:
        return content
    try:
        data = crypto.from_text(content, cipher.encoding)
        return crypto.decrypt(cipher.algorithm, cipher.mode, cipher.key(secret), cipher.iv, data).decode(
            dialect.charset
        )
    except ValueError as error:
        raise PlatformError(
            Reason.ANSWER_NOT_DECIPHERED,
            f"平台应答的 biz_content 无法按 {enc_type} 解密（{len(content)} 字），请核对应用密钥 key 与 [wire] dialect",
        ) from error


def sign_fits(dialect: Dialect, answer: Mapping[str, Any], plain: str, secret: str) -> bool:
    """Whether the answer carries the sign that its own fields and `secret` give."""
    given = answer.get("sign")
    if not isinstance(given, str) or str(answer.get("sign_type") or "").upper() not in dialect.digests:
        return False
    signed = dict(answer)
    if dialect.sign_over == "plain" and "biz_content" in signed:
        signed["biz_content"] = plain
    return hmac.compare_digest(sign(dialect, signed, secret).upper().encode(), given.upper().encode("utf-8", "replace"))


def _encipher(cipher: Cipher | None, plain: str, secret: str, charset: str) -> str:
    if cipher is None:
        return plain
    data = plain.encode(charset, "replace")
    hidden = crypto.encrypt(cipher.algorithm, cipher.mode, cipher.key(secret), cipher.iv, data)
    return crypto.to_text(hidden, cipher.encoding)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else codec.dump(value)
