"""Signing and encrypting an envelope, and the way back, by a row of the dialect table. Pure: no I/O, no clock.

It needs no randomness either: the nonce of an SM2 sign is derived from key and text (RFC 6979), so the same request
always has the same bytes. Used by `virtualcard` and the commands. The simulator does not use it, so that a mistake here
cannot cancel out there.

`direction` is ``request`` or ``answer``: ciphers and their secrets may differ between the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shim import codec, stages
from shim.bilingual import word_list
from shim.crypto import byte_text, digests
from shim.dialects.body import body_style, body_text
from shim.dialects.ciphers import Cipher, write_cipher
from shim.dialects.dialect import Dialect
from shim.dialects.json_styles import JsonText, styled_json
from shim.dialects.made import Maker
from shim.dialects.signers import SIGNERS, Signer, is_same_sign
from shim.errors import HostError, Message, PlatformError, shown_name
from shim.messages import answers, host, settings
from shim.once import once_for_each
from shim.validate import nearest

_CONTENT = "biz_content"


def check_types(dialect: Dialect, sign_type: str, enc_type: str) -> None:
    """HostError UNKNOWN_SIGN_TYPE or UNKNOWN_ENC_TYPE if the dialect does not have the word; nothing is computed."""
    if sign_type.upper() not in dialect.signers:
        raise _unknown_word(host.SIGN_TYPE, host.SIGN_TYPE_SLIP, sign_type, dialect.signers)
    if _enc_word(dialect, enc_type) not in dialect.ciphers:
        words = (*dialect.ciphers, *dict(dialect.enc_types))
        raise _unknown_word(host.ENC_TYPE, host.ENC_TYPE_SLIP, enc_type, words)


def _unknown_word(row: Message, slip: Message, word: str, words: Iterable[str]) -> HostError:
    """The error for a type word that is not one of `words`; of row `slip` where one of them was probably meant."""
    known = tuple(filter(None, words))
    meant = nearest(word, known)
    return HostError(slip if meant else row, word=shown_name(word), meant=meant, known=word_list(known))


# ---- requests --------------------------------------------------------------------------------------------------------


def seal_envelope(
    dialect: Dialect,
    envelope: Mapping[str, Any],
    secret: str,
    *,
    direction: str = "request",
    maker: Maker | None = None,
) -> dict[str, Any]:
    """The envelope to send, its fields in their order: biz_content encrypted, the sign in its place, `key` removed.

    A field `sign` of the host is the place of VC 3.2 for the DLL to fill: whatever the dialect calls the sign, it is
    neither signed nor sent.

    Args:
        envelope: fields in the host's order. The type words may have the names of VC 4.1.1 or those of the dialect;
            biz_content is JSON text or a value. What `added` and `filled` say is in it already.
        secret: `key` of InData.
        maker: of an IV that is sent, see `Cipher`.

    Raises:
        HostError: a type word is unknown, or the secret does not suit the key rule.
    """
    sign_type = codec.strip_word(_word(envelope, dialect.sign_type_name) or _word(envelope, "sign_type"))
    enc_type = codec.strip_word(_word(envelope, "enc_type"))
    check_types(dialect, sign_type, enc_type)
    sealed = _prepared(dialect, envelope)
    name = content_name(dialect)
    plain = str(sealed[name])
    cipher = _cipher(dialect, enc_type, direction)
    hidden = plain
    if cipher is not None:
        sender, cipher_secret = str(envelope.get("app_id") or ""), _cipher_secret(dialect, secret, direction)
        hidden = cipher.encrypt_text(plain, cipher_secret, sender, maker=maker)
    as_object = cipher is None and dialect.content_form == "object" and plain
    sent = _as_object(dialect, plain) if as_object else hidden
    signed = sent if as_object and dialect.scope == "body" else plain if dialect.sign_over == "plain" else hidden
    sign = compute_sign(dialect, {**sealed, name: signed}, secret, sign_type=sign_type, content=name)
    sealed[name] = sent
    if stages.observer is not None:
        how = "" if cipher is None else write_cipher(cipher)
        stages.observer(stages.CIPHER, {"enc_type": enc_type, "cipher": how, "plain": plain, "sealed": sent})
    return _with_sign(dialect, envelope, sealed, sign)


def content_name(dialect: Dialect) -> str:
    """What biz_content is called in requests."""
    return dict(dialect.renamed).get(_CONTENT, _CONTENT)


def _prepared(dialect: Dialect, envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are sent under the names and in the order in which they are sent, biz_content as plain text.

    Without the sign.
    """
    renamed = {"sign_type": dialect.sign_type_name} if dialect.sign_type_name not in envelope else {}
    renamed |= dict(dialect.renamed)
    dropped = {"key", "sign", dialect.sign_name} | dialect.dropped
    fields = {renamed.get(name, name): value for name, value in envelope.items() if name not in dropped}
    name = content_name(dialect)
    fields[name] = _arranged(dialect, fields.get(name))
    return _ordered(dialect.body_order, dialect.body_fields, fields)


def _ordered(order: str, first: Iterable[str], fields: dict[str, Any]) -> dict[str, Any]:
    if order == "sorted":
        return dict(sorted(fields.items()))
    if order == "fixed":
        return {name: fields[name] for name in first if name in fields} | fields
    return fields


def _with_sign(dialect: Dialect, envelope: Mapping[str, Any], sealed: dict[str, Any], sign: str) -> dict[str, Any]:
    if dialect.body_order != "kept":
        return _ordered(dialect.body_order, dialect.body_fields, {**sealed, dialect.sign_name: sign})
    if dialect.sign_place == "start":
        return {dialect.sign_name: sign, **sealed}
    own = next((name for name in (dialect.sign_name, "sign") if name in envelope), None)
    if dialect.sign_place == "end" or own is None:
        return {**sealed, dialect.sign_name: sign}
    before = list(envelope)[: list(envelope).index(own)]
    count = len(_prepared(dialect, {name: envelope[name] for name in before} | {_CONTENT: ""})) - (
        _CONTENT not in before
    )
    items = list(sealed.items())
    return dict([*items[:count], (dialect.sign_name, sign), *items[count:]])


def _as_object(dialect: Dialect, plain: str) -> Any:
    """biz_content as a value of the body: as its own text where that must stay, else in the body's own form."""
    if dialect.content_text == "verbatim":
        return JsonText(plain)
    return codec.loads(plain, _CONTENT)


def base_string(dialect: Dialect, envelope: Mapping[str, Any], secret: str, *, content: str = _CONTENT) -> str:
    """The text that is signed.

    Args:
        envelope: with the names as they are sent, and biz_content as it is to be signed.
        secret: as `formed_secret` makes it.
        content: the name of biz_content.

    Raises:
        HostError: NOT_JSON if the dialect signs the fields inside biz_content and that is not a JSON object.
    """
    fields: Mapping[str, Any] = envelope
    if dialect.scope in ("inner", "merged"):
        fields = _inner(envelope.get(content))
    if dialect.scope == "merged":
        fields = {name: value for name, value in envelope.items() if name != content} | dict(fields)
    parts = _signed_parts(dialect, fields)
    there = secret if dialect.append_secret == "yes" else ""
    joined = dialect.joiner.join(parts)
    if dialect.scope == "body":
        joined = body_text(body_style(dialect), {n: v for n, v in envelope.items() if n != dialect.sign_name})
    lead, first = (dialect.lead, there) if there and dialect.secret_at != "end" else ("", "")
    text = f"{dialect.head}{joined}{dialect.tail}"
    last = there if dialect.secret_at != "start" else ""
    case = _CASES[dialect.base_case.partition("-")[0]]
    if dialect.base_case.endswith("-but-secret"):
        return f"{case(lead)}{first}{case(text)}{last}"
    return case(f"{lead}{first}{text}{last}")


def _signed_parts(dialect: Dialect, fields: Mapping[str, Any]) -> list[str]:
    skipped, as_is = _unsigned(dialect), dialect.value_form == "as-is"
    names = dict.fromkeys(dialect.fields) if dialect.sort == "fixed" else _SORTS[dialect.sort](fields)
    parts: list[str] = []
    for name in names:
        if name not in skipped:
            value = fields.get(name)
            text = value if as_is and type(value) is str else _signed_value(dialect, value)
            if text or dialect.empty != "drop":
                parts.append(text if dialect.parts == "values" else f"{name}{dialect.equals}{text}")
    return parts


@once_for_each
def _unsigned(dialect: Dialect) -> frozenset[str]:
    return dialect.unsigned | {dialect.sign_name, "key"}


def explain_base_string(dialect: Dialect, envelope: Mapping[str, Any]) -> str:
    """The base string of `seal_envelope` over plain text, with ``<key>`` in place of the secret: for people."""
    return base_string(dialect, _prepared(dialect, envelope), "<key>", content=content_name(dialect))


def formed_secret(dialect: Dialect, secret: str) -> str:
    """What the dialect makes of the application key before it signs and encrypts: its own, or `key` of InData."""
    return _SECRET_FORMS[dialect.secret_form](dialect.app_key or secret)


def compute_sign(
    dialect: Dialect,
    envelope: Mapping[str, Any],
    secret: str,
    *,
    sign_type: str | None = None,
    content: str = _CONTENT,
) -> str:
    """The sign of an envelope that is as `base_string` needs it. HostError if the row lacks what its signer needs.

    Args:
        secret: `key` of InData.
        sign_type: None takes the one in the envelope.
    """
    word = _word(envelope, dialect.sign_type_name) if sign_type is None else sign_type
    signer = SIGNERS[dialect.signers[word.upper()]]
    for needed in signer.needs:
        if not getattr(dialect, needed):
            raise HostError(settings.DIALECT_LACKS, name=dialect.name, key=needed)
    secret = formed_secret(dialect, secret)
    sign = _sign_text(dialect, signer, _base_bytes(dialect, envelope, secret, content), secret)
    if stages.observer is not None:
        text = base_string(dialect, envelope, stages.KEY, content=content)
        facts = {"dialect": dialect.name, "charset": dialect.charset, "signer": signer.name, "sign": sign}
        stages.observer(stages.BASE, {"base_string": text, "sign_type": word, **facts})
    return sign


def _base_bytes(dialect: Dialect, envelope: Mapping[str, Any], secret: str, content: str) -> bytes:
    return base_string(dialect, envelope, secret, content=content).encode(codec.CODECS[dialect.charset], "replace")


def _sign_text(dialect: Dialect, signer: Signer, data: bytes, secret: str) -> str:
    """The sign of a base string as it is sent."""
    sign = byte_text.to_text(signer.make(dialect, data, secret), dialect.sign_encoding)
    if dialect.sign_again != "no":
        again = f"{sign}{secret}" if dialect.sign_again == "text-secret" else sign
        sign = byte_text.to_text(signer.make(dialect, again.encode("utf-8"), secret), dialect.sign_encoding)
    return sign[_SIGN_PARTS[dialect.sign_part]]


# ---- answers ---------------------------------------------------------------------------------------------------------


def answer_envelope(dialect: Dialect, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of an answer that has biz_content and the sign: the answer itself, or the object under ``data``.

    With answer_at = top, ``data`` is taken, too, if biz_content is only there. Sign, sign type and enc_type may stand
    beside ``data`` (a guess: no such answer has been seen).
    """
    data = data_of(answer)
    name = dialect.answer_content
    if data is None or (dialect.answer_at == "top" and (name in answer or name not in data)):
        return answer
    beside = (dialect.sign_name, dialect.sign_type_name, "enc_type")
    return {**{name: answer[name] for name in beside if name in answer}, **data}


def answer_levels(dialect: Dialect, answer: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The objects of an answer that may say whether it is a success: itself, and ``data`` unless biz_content is beside.

    A gateway says 0 at the top, and the platform behind it refuses under ``data``.
    """
    data = data_of(answer)
    beside = dialect.answer_at == "top" and dialect.answer_content in answer
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
    content = answer.get(content_name(dialect) if direction == "request" else dialect.answer_content)
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
    received, name = answer.get(dialect.sign_name), dialect.answer_content
    if name not in answer and content_name(dialect) in answer:
        name = content_name(dialect)  # a request that was captured
    signer = _signer(dialect, _word(answer, dialect.sign_type_name) or sign_type)
    if not isinstance(received, str) or not received or signer is None:
        return False
    signed = dict(answer)
    if name in signed:
        signed[name] = plain if dialect.sign_over == "plain" else _received_content(dialect, answer, name)
    # A field `sign` beside a sign that the dialect calls otherwise: a platform may sign it as a field or leave it out,
    # and no answer with both was seen. Either will do: only the owner of the secret can have made the sign.
    readings = [signed]
    if dialect.sign_name != "sign" and "sign" in signed:
        readings.append({name: value for name, value in signed.items() if name != "sign"})
    secret = formed_secret(dialect, secret)
    return any(_fits(dialect, signer, reading, secret, received, name) for reading in readings)


def _fits(
    dialect: Dialect, signer: Signer, signed: Mapping[str, Any], secret: str, received: str, content: str
) -> bool:
    try:
        data = _base_bytes(dialect, signed, secret, content)
    except HostError:
        return False
    if dialect.sign_again == "no" and dialect.sign_part == "all":
        return signer.verify(dialect, data, secret, received)
    return is_same_sign(received, _sign_text(dialect, signer, data, secret), dialect)


# ---- pieces --------------------------------------------------------------------------------------------------------


_SORTS: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "ascii": sorted,
    "descending": lambda fields: sorted(fields, reverse=True),
    "ignore-case": lambda fields: sorted(fields, key=lambda name: (name.lower(), name)),
    "kept": list,
}
_CASES: Mapping[str, Callable[[str], str]] = {"as": str, "upper": str.upper, "lower": str.lower}
_SIGN_PARTS = {"all": slice(None), "middle-16": slice(8, 24), "first-16": slice(16), "last-16": slice(-16, None)}
_SECRET_FORMS: Mapping[str, Callable[[str], str]] = {
    "as-is": str,
    "trimmed": codec.strip_word,
    "upper": str.upper,
    "lower": str.lower,
    "md5-upper": lambda secret: digests.digest("MD5", secret.encode("utf-8")).hex().upper(),
    "md5-lower": lambda secret: digests.digest("MD5", secret.encode("utf-8")).hex(),
}


def _signed_value(dialect: Dialect, value: Any) -> str:
    """A field's value as it stands in the base string."""
    text = "null" if value is None and dialect.empty == "null" else _text(value)
    if dialect.value_form == "as-is":
        return text
    from urllib.parse import quote, quote_plus  # only for dialects that need it

    charset = codec.CODECS[dialect.charset]
    if dialect.value_form == "form":
        return quote_plus(text, encoding=charset, errors="replace")
    coded = quote(text, safe="", encoding=charset, errors="replace")
    return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), coded) if dialect.value_form == "url-lower" else coded


def data_of(answer: Mapping[str, Any]) -> dict[str, Any] | None:
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
        if dialect.content_order == "kept" or dialect.content_text == "verbatim" or not content.strip():
            return content
        content = codec.loads(content, _CONTENT)
    if content is None:
        return ""
    by_name, spaces, escape = dialect.content_order == "sorted", dialect.content_spaces, dialect.content_escape
    return styled_json(content, sort_keys=by_name, spaces=spaces, escape=escape)


def _signer(dialect: Dialect, sign_type: str) -> Signer | None:
    name = dialect.signers.get(sign_type.upper())
    return None if name is None else SIGNERS[name]


def _cipher(dialect: Dialect, enc_type: str, direction: str) -> Cipher | None:
    """The cipher of a word of enc_type, None for plain text; KeyError for a word that the row does not have."""
    answers = dialect.answer_ciphers if direction == "answer" else None
    return (dialect.ciphers if answers is None else answers)[_enc_word(dialect, enc_type)]


def _enc_word(dialect: Dialect, enc_type: str) -> str:
    """The word of `ciphers` that a word of enc_type means."""
    word = enc_type.upper()
    return dict(dialect.enc_types).get(word, word)


def _cipher_secret(dialect: Dialect, secret: str, direction: str) -> str:
    answers = dialect.answer_secret if direction == "answer" else ""
    return answers or dialect.cipher_secret or formed_secret(dialect, secret)


def _received_content(dialect: Dialect, answer: Mapping[str, Any], name: str) -> str:
    """The biz_content of an answer as its platform signed it, if it signs the ciphertext."""
    content = answer.get(name)
    if not isinstance(content, str):
        return _arranged(dialect, content)
    ciphers = dialect.ciphers if dialect.answer_ciphers is None else dialect.answer_ciphers
    cipher = ciphers.get(_enc_word(dialect, _word(answer, "enc_type")))
    return content if cipher is None else byte_text.repair(content, cipher.encoding)


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
