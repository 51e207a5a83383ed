"""The text that is signed, for the search: its knobs are columns of a dialect, and `sign_text` makes the sign by them.

It is a second implementation of what shim/dialects/envelope.py does with a row, made for speed and for the knobs that
no column has; `request` holds its results against the first one, byte for byte. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, quote_plus

from shim import codec
from shim.crypto import byte_text, digests
from shim.learn.content import inner_fields
from shim.learn.secrets import Secret, shaped

# The word for a way of signing: hashlib's name, and whether it is an HMAC. Not all of them are signers of the dialects.
DIGESTS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "MD5": ("md5", False),
        "SM3": ("sm3", False),
        "SHA-256": ("sha256", False),
        "HMAC-SHA256": ("sha256", True),
        "HMAC-SM3": ("sm3", True),
        "HMAC-MD5": ("md5", True),
        "SHA-1": ("sha1", False),
        "HMAC-SHA1": ("sha1", True),
        "SHA-512": ("sha512", False),
        "HMAC-SHA512": ("sha512", True),
        "SHA-224": ("sha224", False),
        "SHA-384": ("sha384", False),
    }
)
_BYTES = {"md5": 16, "sm3": 32, "sha256": 32, "sha1": 20, "sha512": 64, "sha224": 28, "sha384": 48}
# sign_part: which characters of a sign of 32.
PARTS: Mapping[str, slice] = MappingProxyType(
    {"middle-16": slice(8, 24), "first-16": slice(0, 16), "last-16": slice(-16, None)}
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as far as its sign is concerned.

    Attributes:
        number: of its sample.
        fields: the fields around biz_content as they stand on the wire, biz_content with its plain text; without sign.
        sealed: biz_content as it stands on the wire.
        secrets: what may be the secret, the likely first.
        sign: as it stands on the wire.
        host: the names of InData in its order.
        content: the name of biz_content on the wire.
    """

    number: int
    fields: Mapping[str, Any]
    sealed: str
    secrets: tuple[Secret, ...]
    sign: str
    host: tuple[str, ...] = ()
    content: str = "biz_content"


@dataclass(frozen=True, slots=True)
class BaseString:
    """How a sign is made. The fields are columns of a dialect, but for those below `source`.

    Attributes:
        source: which secret signs.
        secret_field: the name under which the secret is one of the fields; "" where it is none.
    """

    digest: str = "MD5"
    scope: str = "outer"
    sign_over: str = "plain"
    unsigned: frozenset[str] = frozenset()
    sort: str = "ascii"
    fields: tuple[str, ...] = ()
    empty: str = "drop"
    parts: str = "pairs"
    equals: str = "="
    value_form: str = "as-is"
    joiner: str = "&"
    head: str = ""
    tail: str = "key="
    secret_at: str = "end"
    lead: str = ""
    append_secret: str = "yes"
    base_case: str = "as-is"
    charset: str = "utf-8"
    secret_form: str = "as-is"
    sign_encoding: str = "upper-hex"
    sign_part: str = "all"
    sign_again: str = "no"
    source: str = "key"
    secret_field: str = ""


_SORTS: Mapping[str, Callable[[str], Any]] = {
    "ascii": lambda name: name,
    "ignore-case": lambda name: (name.lower(), name),
}
_VALUE_FORMS: Mapping[str, Callable[[str, str], str]] = {
    "as-is": lambda text, charset: text,
    "url": lambda text, charset: quote(text, safe="", encoding=charset, errors="replace"),
    "url-lower": lambda text, charset: _lower_escapes(quote(text, safe="", encoding=charset, errors="replace")),
    "form": lambda text, charset: quote_plus(text, encoding=charset, errors="replace"),
}
_CASES: Mapping[str, Callable[[str], str]] = {"as-is": str, "upper": str.upper, "lower": str.lower}


def _lower_escapes(text: str) -> str:
    return "".join(part if at == 0 else f"%{part[:2].lower()}{part[2:]}" for at, part in enumerate(text.split("%")))


def secret_of(base: BaseString, signed: Signed) -> str | None:
    """The secret by which a request is signed; None where there is none of that source."""
    secret = next((each for each in signed.secrets if each.source == base.source), None)
    return None if secret is None else dict(shaped(secret.text)).get(base.secret_form, secret.text)


def fields_of(base: BaseString, signed: Signed) -> Mapping[str, Any]:
    """The fields that the scope names, before any of them is left out."""
    if base.scope == "outer":
        if base.sign_over == "sealed" and signed.sealed:
            return {**signed.fields, signed.content: signed.sealed}
        return signed.fields
    inner = inner_fields(str(signed.fields.get(signed.content) or ""))
    if base.scope == "inner":
        return inner
    return {**{name: value for name, value in signed.fields.items() if name != signed.content}, **inner}


def joined_fields(base: BaseString, signed: Signed, secret: str) -> str:
    """The part of the base string that the fields make."""
    fields = dict(fields_of(base, signed))
    if base.secret_field:
        fields[base.secret_field] = secret
    if base.sort == "fixed":
        names: Sequence[str] = base.fields
    elif base.sort == "kept":
        names = list(fields)
    elif base.sort == "descending":
        names = sorted(fields, reverse=True)
    else:
        names = sorted(fields, key=_SORTS[base.sort])
    form = _VALUE_FORMS[base.value_form]
    shown = []
    for name in names:
        if name in base.unsigned:
            continue
        value = _text(fields.get(name), base.empty)
        if value or base.empty != "drop":
            value = form(value, codec.CODECS[base.charset])
            shown.append(value if base.parts == "values" else f"{name}{base.equals}{value}")
    return base.joiner.join(shown)


def base_text(base: BaseString, signed: Signed, secret: str) -> str:
    """The whole text that is signed."""
    return with_ends(base, joined_fields(base, signed, secret), secret)


def with_ends(base: BaseString, joined: str, secret: str) -> str:
    """The fields with what stands before and behind them, in the case of the base string."""
    shown = secret if base.append_secret == "yes" else ""
    before = f"{base.lead}{shown}" if base.secret_at in ("start", "both") else ""
    behind = f"{base.tail}{shown}" if base.secret_at in ("end", "both") else base.tail
    if base.base_case.endswith("-but-secret"):
        turn = _CASES[base.base_case.partition("-")[0]]
        before = f"{turn(base.lead)}{shown}" if before else ""
        behind = f"{turn(base.tail)}{shown if base.secret_at in ('end', 'both') else ''}"
        return f"{before}{turn(base.head + joined)}{behind}"
    return _CASES[base.base_case](f"{before}{base.head}{joined}{behind}")


def sign_text(base: BaseString, signed: Signed) -> str | None:
    """The sign of a request; None where there is no secret of that source."""
    secret = secret_of(base, signed)
    if secret is None:
        return None
    raw = raw_sign(base.digest, _encoded(base_text(base, signed, secret), base.charset), secret)
    written = byte_text.to_text(raw, base.sign_encoding)
    if base.sign_again != "no":
        again = written + (secret if base.sign_again == "text-secret" else "")
        written = byte_text.to_text(raw_sign(base.digest, _encoded(again, base.charset), secret), base.sign_encoding)
    return written if base.sign_part == "all" else written[PARTS[base.sign_part]]


def makes_sign(base: BaseString, signed: Signed) -> bool:
    """Whether a request has the sign that `base` makes."""
    return sign_text(base, signed) == signed.sign


def raw_sign(digest: str, data: bytes, secret: str) -> bytes:
    """The bytes of a sign, by a word of `DIGESTS`."""
    name, keyed = DIGESTS[digest]
    try:
        if keyed:
            return hmac.digest(secret.encode("utf-8"), data, name)
        return hashlib.new(name, data, usedforsecurity=False).digest()
    except ValueError:  # SM3, where this OpenSSL lacks it
        return digests.hmac_digest("SM3", secret.encode("utf-8"), data) if keyed else digests.digest("SM3", data)


def digests_of(size: int) -> tuple[str, ...]:
    """The ways of signing whose sign has `size` bytes, the likely first; of 8, those of which a part is sent."""
    wanted = 16 if size == 8 else size
    return tuple(word for word, (name, _) in DIGESTS.items() if _BYTES[name] == wanted)


def _encoded(text: str, charset: str) -> bytes:
    return text.encode(codec.CODECS[charset], "replace")


def _text(value: Any, empty: str) -> str:
    if value is None:
        return "null" if empty == "null" else ""
    return value if isinstance(value, str) else codec.dumps(value)
