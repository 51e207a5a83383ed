"""Signing and encrypting an envelope, and the way back, by a row of the dialect table. Pure: no I/O, no clock.

It needs no randomness either: the nonce of an SM2 sign is derived from key and text (RFC 6979), so the same request
always has the same bytes. Used by `virtualcard` and the commands. The simulator does not use it, so that a mistake here
cannot cancel out there.

`direction` is ``request`` or ``answer``: ciphers and their secrets may differ between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shim import codec, crypto
from shim.dialects.ciphers import Cipher
from shim.dialects.dialect import Dialect
from shim.dialects.signers import SIGNERS, Signer
from shim.errors import HostError, Message, PlatformError, shown_name
from shim.messages import answers, host, settings
from shim.validate import nearest

_CONTENT = "biz_content"


def check_types(dialect: Dialect, sign_type: str, enc_type: str) -> None:
    """HostError UNKNOWN_SIGN_TYPE or UNKNOWN_ENC_TYPE if the dialect does not have the word; nothing is computed."""
    if sign_type.upper() not in dialect.signers:
        raise _unknown_word(host.SIGN_TYPE, host.SIGN_TYPE_SLIP, sign_type, dialect.signers)
    if enc_type.upper() not in dialect.ciphers:
        raise _unknown_word(host.ENC_TYPE, host.ENC_TYPE_SLIP, enc_type, dialect.ciphers)


def _unknown_word(row: Message, slip: Message, word: str, words: Iterable[str]) -> HostError:
    """The error for a type word that is not one of `words`; of row `slip` where one of them was probably meant."""
    known = tuple(filter(None, words))
    meant = nearest(word, known)
    return HostError(slip if meant else row, word=shown_name(word), meant=meant, known="、".join(known))


# ---- requests --------------------------------------------------------------------------------------------------------


def seal_envelope(
    dialect: Dialect, envelope: Mapping[str, Any], secret: str, *, direction: str = "request"
) -> dict[str, Any]:
    """The envelope to send: biz_content encrypted, the sign under the dialect's name, `key` removed.

    A field `sign` of the host is the place of VC 3.2 for the DLL to fill: whatever the dialect calls the sign, it is
    neither signed nor sent.

    Args:
        envelope: fields in the host's order, which is kept. The type words may have the names of VC 4.1.1 or those of
            the dialect; biz_content is JSON text or a value.
        secret: `key` of InData.

    Raises:
        HostError: a type word is unknown, or the secret does not suit the key rule.
    """
    renamed = {"sign_type": dialect.sign_type_name} if dialect.sign_type_name not in envelope else {}
    dropped = {"key", "sign", dialect.sign_name}
    sealed = {renamed.get(name, name): value for name, value in envelope.items() if name not in dropped}
    enc_type = _word(sealed, "enc_type")
    check_types(dialect, _word(sealed, dialect.sign_type_name), enc_type)
    plain = _arranged(dialect, sealed.get(_CONTENT))
    cipher = _cipher(dialect, enc_type, direction)
    hidden = plain
    if cipher is not None:
        hidden = cipher.encrypt_text(plain, _cipher_secret(dialect, secret, direction), str(sealed.get("app_id") or ""))
    sealed[_CONTENT] = plain if dialect.sign_over == "plain" else hidden
    sealed[dialect.sign_name] = compute_sign(dialect, sealed, secret)
    as_object = cipher is None and dialect.content_form == "object" and plain
    sealed[_CONTENT] = codec.loads(plain, _CONTENT) if as_object else hidden
    return sealed


def base_string(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The text that is signed.

    Args:
        envelope: with the dialect's names, and biz_content as it is to be signed.

    Raises:
        HostError: NOT_JSON if the dialect signs the fields inside biz_content and that is not a JSON object.
    """
    fields = envelope if dialect.scope == "outer" else _inner(envelope.get(_CONTENT))
    skipped = dialect.unsigned | {dialect.sign_name, "key"}
    names = dialect.fields if dialect.sort == "fixed" else sorted(fields, key=_SORT_KEYS[dialect.sort])
    values = {name: _text(fields.get(name)) for name in names if name not in skipped}
    parts = [f"{name}={value}" for name, value in values.items() if value or dialect.empty == "keep"]
    return dialect.joiner.join(parts) + dialect.tail + (secret if dialect.append_secret == "yes" else "")


def explain_base_string(dialect: Dialect, envelope: Mapping[str, Any]) -> str:
    """The base string of `seal_envelope` over plain text, with ``<key>`` in place of the secret: for people."""
    renamed = {"sign_type": dialect.sign_type_name}
    shown = {renamed.get(name, name): value for name, value in envelope.items() if name not in ("key", "sign")}
    shown[_CONTENT] = _arranged(dialect, shown.get(_CONTENT))
    return base_string(dialect, shown, "<key>")


def compute_sign(dialect: Dialect, envelope: Mapping[str, Any], secret: str) -> str:
    """The sign of an envelope that is as `base_string` needs it. HostError if the row lacks what its signer needs."""
    signer = SIGNERS[dialect.signers[_word(envelope, dialect.sign_type_name).upper()]]
    for needed in signer.needs:
        if not getattr(dialect, needed):
            raise HostError(settings.DIALECT_LACKS, name=dialect.name, key=needed)
    data = base_string(dialect, envelope, secret).encode(codec.CODECS[dialect.charset], "replace")
    return crypto.to_text(signer.make(dialect, data, secret), dialect.sign_encoding)


# ---- answers ---------------------------------------------------------------------------------------------------------


def answer_envelope(dialect: Dialect, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of an answer that has biz_content and the sign: the answer itself, or the object under ``data``.

    With answer_at = top, ``data`` is taken, too, if biz_content is only there. Sign, sign type and enc_type may stand
    beside ``data`` (a guess: no such answer has been seen).
    """
    data = _data(answer)
    if data is None or (dialect.answer_at == "top" and (_CONTENT in answer or _CONTENT not in data)):
        return answer
    beside = (dialect.sign_name, dialect.sign_type_name, "enc_type")
    return {**{name: answer[name] for name in beside if name in answer}, **data}


def answer_levels(dialect: Dialect, answer: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The objects of an answer that may say whether it is a success: itself, and ``data`` unless biz_content is beside.

    A gateway says 0 at the top, and the platform behind it refuses under ``data``.
    """
    data = _data(answer)
    beside = dialect.answer_at == "top" and _CONTENT in answer
    return (answer,) if data is None or beside else (answer, data)


def open_content(
    dialect: Dialect,
    answer: Mapping[str, Any],
    enc_type: str,
    secret: str,
    *,
    app_id: str = "",
    direction: str = "answer",
) -> str:
    """The plain text of biz_content.

    JSON that is plainly not encrypted is returned whatever enc_type says: hex and base64 begin with neither brace,
    bracket nor quotation mark.

    Args:
        answer: the result of `answer_envelope`.
        enc_type: of the answer, or of the request if the answer has none.
        app_id: of the request, used if the answer has none.

    Raises:
        PlatformError: ANSWER_NOT_DECIPHERED.
    """
    content = answer.get(_CONTENT)
    if content is None or content == "":
        return ""
    if not isinstance(content, str):
        return _arranged(dialect, content)
    if content.lstrip()[:1] in ("{", "[", '"'):
        return content
    answer_id = str(answer.get("app_id") or app_id)
    return _decrypted(dialect, content, enc_type, _cipher_secret(dialect, secret, direction), answer_id, direction)


def _decrypted(dialect: Dialect, content: str, enc_type: str, secret: str, app_id: str, direction: str) -> str:
    """The text inside an encrypted biz_content; `content` itself where the dialect says that it is plain."""
    try:
        cipher = _cipher(dialect, enc_type, direction)
    except KeyError:
        raise PlatformError(answers.NO_SUCH_CIPHER, enc_type=shown_name(enc_type), dialect=dialect.name) from None
    if cipher is None:
        return content
    try:
        return cipher.decrypt_text(content, secret, app_id)
    except (ValueError, HostError) as error:
        raise PlatformError(answers.NOT_DECIPHERED, enc_type=shown_name(enc_type), length=len(content)) from error


def verify_sign(dialect: Dialect, answer: Mapping[str, Any], plain: str, secret: str, *, sign_type: str = "") -> bool:
    """Whether the answer's sign is that of its fields and `secret`. No answer makes it raise.

    Args:
        answer: the result of `answer_envelope`.
        plain: the result of `open_content`.
        sign_type: of the request, used if the answer has none.
    """
    received = answer.get(dialect.sign_name)
    signer = _signer(dialect, _word(answer, dialect.sign_type_name) or sign_type)
    if not isinstance(received, str) or not received or signer is None:
        return False
    signed = dict(answer)
    if _CONTENT in signed:
        signed[_CONTENT] = plain if dialect.sign_over == "plain" else _received_content(dialect, answer)
    # A field `sign` beside a sign that the dialect calls otherwise: a platform may sign it as a field or leave it out,
    # and no answer with both was seen. Either will do: only the owner of the secret can have made the sign.
    readings = [signed]
    if dialect.sign_name != "sign" and "sign" in signed:
        readings.append({name: value for name, value in signed.items() if name != "sign"})
    return any(_fits(dialect, signer, reading, secret, received) for reading in readings)


def _fits(dialect: Dialect, signer: Signer, signed: Mapping[str, Any], secret: str, received: str) -> bool:
    try:
        data = base_string(dialect, signed, secret).encode(codec.CODECS[dialect.charset], "replace")
    except HostError:
        return False
    return signer.verify(dialect, data, secret, received)


# ---- pieces --------------------------------------------------------------------------------------------------------


_SORT_KEYS: Mapping[str, Any] = {"ascii": None, "ignore-case": lambda name: (name.lower(), name)}


def _data(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    """The object under ``data``, whether it is there as one or as its JSON text."""
    data = answer.get("data")
    if isinstance(data, str) and data.lstrip().startswith("{"):
        try:
            data = codec.loads(data, "data")
        except HostError:
            return None
    return data if isinstance(data, dict) else None


def _word(envelope: Mapping[str, Any], name: str) -> str:
    """A type word as text; absent, null and empty are the same."""
    return str(envelope.get(name) or "")


def _text(value: Any) -> str:
    """A field's value as it stands in the base string."""
    if value is None:
        return ""
    return value if isinstance(value, str) else codec.dumps(value)


def _inner(content: Any) -> Mapping[str, Any]:
    """The fields inside biz_content."""
    fields = codec.loads(content, _CONTENT) if isinstance(content, str) and content.strip() else content
    if fields is None or fields == "":
        return {}
    if not isinstance(fields, dict):
        raise HostError(host.NOT_OBJECT, field=_CONTENT, clause="VC 4.1.1")
    return fields


def _arranged(dialect: Dialect, content: Any) -> str:
    """biz_content as text, its names in the dialect's order. Text stays as it is if the order is kept."""
    if isinstance(content, str):
        if dialect.content_order == "kept" or not content.strip():
            return content
        content = codec.loads(content, _CONTENT)
    return "" if content is None else codec.dumps(content, sort_keys=dialect.content_order == "sorted")


def _signer(dialect: Dialect, sign_type: str) -> Signer | None:
    name = dialect.signers.get(sign_type.upper())
    return None if name is None else SIGNERS[name]


def _cipher(dialect: Dialect, enc_type: str, direction: str) -> Cipher | None:
    """The cipher of a word of enc_type, None for plain text; KeyError for a word that the row does not have."""
    answers = dialect.answer_ciphers if direction == "answer" else None
    return (dialect.ciphers if answers is None else answers)[enc_type.upper()]


def _cipher_secret(dialect: Dialect, secret: str, direction: str) -> str:
    answers = dialect.answer_secret if direction == "answer" else ""
    return answers or dialect.cipher_secret or secret


def _received_content(dialect: Dialect, answer: Mapping[str, Any]) -> str:
    """The biz_content of an answer as its platform signed it, if it signs the ciphertext."""
    content = answer.get(_CONTENT)
    if not isinstance(content, str):
        return _arranged(dialect, content)
    ciphers = dialect.ciphers if dialect.answer_ciphers is None else dialect.answer_ciphers
    cipher = ciphers.get(_word(answer, "enc_type").upper())
    return content if cipher is None else crypto.repair(content, cipher.encoding)


def seal_content(
    dialect: Dialect, plain: str, enc_type: str, secret: str, *, app_id: str = "", direction: str = "answer"
) -> str:
    """The reverse of `open_content`: a text encrypted as that of an answer (or request). For replay's export.

    Raises:
        KeyError: the dialect has no such word of enc_type.
        HostError: the secret does not suit the key rule.
    """
    cipher = _cipher(dialect, enc_type, direction)
    return plain if cipher is None else cipher.encrypt_text(plain, _cipher_secret(dialect, secret, direction), app_id)
