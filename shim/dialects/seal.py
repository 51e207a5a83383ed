"""Signing, enciphering and their opposites, driven by a row of the dialect table. Pure: no I/O, no clock, no platform.

Nor any randomness: the nonce of an SM2 sign is derived from key and text (RFC 6979), so the same request always gives
the same bytes. L2; used by virtualcard and the command line. The simulator does not use it: a mistake here must not be
able to cancel out there.

`direction` is ``request`` or ``answer``: ciphers and their secrets may differ between the two.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from shim import codec, crypto
from shim.dialects.keys import CODECS, Cipher
from shim.dialects.table import Dialect
from shim.errors import HostError, PlatformError, Reason

_CONTENT = "biz_content"


def check_types(dialect: Dialect, sign_type: str, enc_type: str) -> None:
    """HostError 1007 or 1006 where the dialect does not know the word; called before anything is computed."""
    if sign_type.upper() not in dialect.digests:
        known = "、".join(filter(None, dialect.digests))
        raise HostError(Reason.UNKNOWN_SIGN_TYPE, f"不支持的签名类型 sign_type={sign_type[:10]}，可用：{known}")
    if enc_type.upper() not in dialect.ciphers:
        known = "、".join(filter(None, dialect.ciphers))
        raise HostError(Reason.UNKNOWN_ENC_TYPE, f"不支持的加密类型 enc_type={enc_type[:10]}，可用：{known}")


def seal(dialect: Dialect, envelope: Mapping[str, Any], secret: str, *, direction: str = "request") -> dict[str, Any]:
    """The envelope as it goes out: biz_content enciphered, the sign filled in under the dialect's name, `key` left out.

    `envelope` has the host's names (sign_type, enc_type) or the dialect's, and biz_content as JSON text or a value;
    its order of fields is kept. HostError where a type word is unknown or the secret does not suit the key rule.
    """
    own_names = {"sign_type": dialect.sign_type_name} if dialect.sign_type_name not in envelope else {}
    dropped = {"key", "sign", dialect.sign_name}
    sealed = {own_names.get(name, name): value for name, value in envelope.items() if name not in dropped}
    enc_type = _word(sealed, "enc_type")
    check_types(dialect, _word(sealed, dialect.sign_type_name), enc_type)
    plain = _arranged(dialect, sealed.get(_CONTENT))
    cipher = _cipher(dialect, enc_type, direction)
    hidden = plain
    if cipher is not None:
        hidden = cipher.encipher(plain, _cipher_secret(dialect, secret, direction), str(sealed.get("app_id") or ""))
    sealed[_CONTENT] = plain if dialect.sign_over == "plain" else hidden
    sealed[dialect.sign_name] = sign(dialect, sealed, secret)
    as_object = cipher is None and dialect.content_form == "object" and plain
    sealed[_CONTENT] = codec.parse(plain, _CONTENT) if as_object else hidden
    return sealed


def explain(dialect: Dialect, envelope: Mapping[str, Any]) -> str:
    """The text that `seal` would digest for a plain-text sign, with ``<key>`` in the secret's place: for people."""
    own = {"sign_type": dialect.sign_type_name}
    shown = {own.get(name, name): value for name, value in envelope.items() if name not in ("key", "sign")}
    shown[_CONTENT] = _arranged(dialect, shown.get(_CONTENT))
    return base_string(dialect, shown, "<key>")


def base_string(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The text that is digested: `envelope` has the dialect's names, and biz_content as it is to be signed.

    HostError NOT_JSON where the dialect signs the fields inside biz_content and that is no JSON object.
    """
    fields = envelope if dialect.scope == "outer" else _inner(envelope.get(_CONTENT))
    skipped = dialect.unsigned | {dialect.sign_name, "key"}
    names = dialect.fields if dialect.sort == "fixed" else sorted(fields, key=_SORT_KEYS[dialect.sort])
    values = {name: _text(fields.get(name)) for name in names if name not in skipped}
    parts = [f"{name}={value}" for name, value in values.items() if value or dialect.empty == "keep"]
    return dialect.joiner.join(parts) + dialect.tail + secret


def sign(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The sign of an envelope as `base_string` takes it."""
    data = base_string(dialect, envelope, secret).encode(CODECS[dialect.charset], "replace")
    kind = dialect.digests[_word(envelope, dialect.sign_type_name).upper()]
    if kind != "SM2":
        return crypto.to_text(crypto.digest(kind, data), dialect.sign_encoding)
    if not dialect.sm2.private_key:
        text = f"vcshim.ini 的 [dialect {dialect.name}] 未填写 sm2_private_key，无法签名"
        raise HostError(Reason.INVALID_FIELD, text)
    signature = crypto.sm2_sign(dialect.sm2.private_key, data, _sm2_user(dialect, secret))
    return crypto.to_text(
        crypto.sm2_to_der(signature) if dialect.sm2.form == "der" else signature, dialect.sign_encoding
    )


def envelope(dialect: Dialect, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of an answer that holds biz_content and the sign: the answer itself, or what stands under ``data``.

    A row that says ``top`` is given ``data`` all the same where biz_content is only there. What sign, sign type and
    enc_type stand beside ``data`` are taken in (a guess: no such answer has been seen).
    """
    data = answer.get("data")
    if isinstance(data, str) and data.lstrip().startswith("{"):
        try:
            data = codec.parse(data, "data")
        except HostError:
            return answer
    if not isinstance(data, dict) or (dialect.answer_at == "top" and (_CONTENT in answer or _CONTENT not in data)):
        return answer
    beside = (dialect.sign_name, dialect.sign_type_name, "enc_type")
    return {**{name: answer[name] for name in beside if name in answer}, **data}


def open_content(
    dialect: Dialect,
    answer: Mapping[str, Any],
    enc_type: str,
    secret: str,
    *,
    app_id: str = "",
    direction: str = "answer",
) -> str:
    """The plain text of a biz_content. PlatformError 9007 where it cannot be deciphered.

    `answer` is what `envelope` gave; `app_id` that of the request, where the answer has none of its own. JSON that is
    plainly not enciphered is returned whatever enc_type says: hex and base64 begin with neither brace nor bracket.
    """
    content = answer.get(_CONTENT)
    if content is None or content == "":
        return ""
    if not isinstance(content, str):
        return _arranged(dialect, content)
    if content.lstrip()[:1] in ("{", "["):
        return content
    try:
        cipher = _cipher(dialect, enc_type, direction)
    except KeyError:
        raise PlatformError(
            Reason.ANSWER_NOT_DECIPHERED,
            f"平台应答的加密类型 enc_type={enc_type[:10]} 不在方言 {dialect.name} 中，请核对 [wire] dialect",
        ) from None
    if cipher is None:
        return content
    try:
        own_id = str(answer.get("app_id") or app_id)
        return cipher.decipher(content, _cipher_secret(dialect, secret, direction), own_id)
    except (ValueError, HostError) as error:
        raise PlatformError(
            Reason.ANSWER_NOT_DECIPHERED,
            f"平台应答的 biz_content 无法按 {enc_type} 解密（{len(content)} 字），请核对应用密钥 key 与 [wire] dialect",
        ) from error


def sign_fits(dialect: Dialect, answer: Mapping[str, Any], plain: str, secret: str, *, sign_type: str = "") -> bool:
    """Whether the answer carries the sign that its own fields and `secret` give. Never raises for what came.

    `answer` is what `envelope` gave, `plain` what `open_content` did; `sign_type` that of the request, for an answer
    that names none. An SM2 sign never fits where the dialect has no public key of the platform.
    """
    given = answer.get(dialect.sign_name)
    kind = dialect.digests.get((_word(answer, dialect.sign_type_name) or sign_type).upper())
    if not isinstance(given, str) or not given or kind is None:
        return False
    signed = dict(answer)
    if _CONTENT in signed:
        signed[_CONTENT] = plain if dialect.sign_over == "plain" else _received(dialect, answer)
    try:
        data = base_string(dialect, signed, secret).encode(CODECS[dialect.charset], "replace")
    except HostError:
        return False
    if kind == "SM2":
        return _sm2_fits(dialect, data, given, secret)
    return _same(crypto.repair(given, dialect.sign_encoding), crypto.digest(kind, data), dialect.sign_encoding)


# ---- pieces --------------------------------------------------------------------------------------------------------


_SORT_KEYS: Mapping[str, Any] = {"ascii": None, "ignore-case": lambda name: (name.lower(), name)}


def _word(envelope: Mapping[str, Any], name: str) -> str:
    """A type word as text; absent, null and empty are the same."""
    return str(envelope.get(name) or "")


def _text(value: Any) -> str:
    """A field's value as it stands in the base string."""
    if value is None:
        return ""
    return value if isinstance(value, str) else codec.dump(value)


def _inner(content: Any) -> Mapping[str, Any]:
    fields = codec.parse(content, _CONTENT) if isinstance(content, str) and content.strip() else content
    if fields is None or fields == "":
        return {}
    if not isinstance(fields, dict):
        raise HostError(Reason.NOT_JSON, "biz_content 应为一个 JSON 对象（VC 4.1.1）")
    return fields


def _arranged(dialect: Dialect, content: Any) -> str:
    """biz_content as text, its names in the dialect's order. Text stays as it is where the order is kept."""
    if isinstance(content, str):
        if dialect.content_order == "kept" or not content.strip():
            return content
        content = codec.parse(content, _CONTENT)
    return "" if content is None else codec.dump(content, sort_keys=dialect.content_order == "sorted")


def _cipher(dialect: Dialect, enc_type: str, direction: str) -> Cipher | None:
    """The cipher that a word of enc_type means, None for plain text; KeyError for a word that the row does not have."""
    answers = dialect.answer_ciphers if direction == "answer" else None
    return (dialect.ciphers if answers is None else answers)[enc_type.upper()]


def _cipher_secret(dialect: Dialect, secret: str, direction: str) -> str:
    answers = dialect.answer_secret if direction == "answer" else ""
    return answers or dialect.cipher_secret or secret


def _received(dialect: Dialect, answer: Mapping[str, Any]) -> str:
    """The biz_content of an answer as its platform signed it when it signs what goes out."""
    content = answer.get(_CONTENT)
    if not isinstance(content, str):
        return _arranged(dialect, content)
    ciphers = dialect.ciphers if dialect.answer_ciphers is None else dialect.answer_ciphers
    cipher = ciphers.get(_word(answer, "enc_type").upper())
    return content if cipher is None else crypto.repair(content, cipher.encoding)


def _same(given: str, expected: bytes, encoding: str) -> bool:
    """Compared without a hint of where they differ. Hex of either case is the same, of mixed case is not."""
    text = crypto.to_text(expected, encoding)
    fits = hmac.compare_digest(given.encode("utf-8", "replace"), text.encode("ascii"))
    if encoding != "base64":
        fits |= hmac.compare_digest(given.encode("utf-8", "replace"), text.swapcase().encode("ascii"))
    return fits


def _sm2_user(dialect: Dialect, secret: str) -> bytes:
    return (dialect.sm2.user_id or secret).encode("utf-8")


def _sm2_fits(dialect: Dialect, data: bytes, given: str, secret: str) -> bool:
    try:
        signature = crypto.from_text(given, dialect.sign_encoding)
        if dialect.sm2.form == "der":
            signature = crypto.sm2_from_der(signature)
    except ValueError:
        return False
    return crypto.sm2_verify(dialect.sm2.public_key, data, _sm2_user(dialect, secret), signature)
