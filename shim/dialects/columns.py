"""How the columns of a dialect are written in vcshim.ini: their keys, what may stand there, and the errors.

The fields of `Dialect` are made by `cell`, `signer_cells` and `cipher_cells` and carry a column as their metadata. The
settings template, a site's own row, the errors and the documentation come from it. Pure; the ini is read elsewhere.

Texts for hospital staff (`help`, `allowed`) are Chinese, texts for the documentation (`doc`, `doc_allowed`) English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from shim.bilingual import EMPTY, Bilingual
from shim.codec import CODECS
from shim.crypto import block_ciphers, byte_text
from shim.dialects.ciphers import ALGORITHMS, Cipher, NotAllowed, read_cipher, write_cipher
from shim.dialects.keys import IV_RULES, KEY_RULES
from shim.dialects.made import MADE_RULES, OUT_RULES, out_rule, parts_of
from shim.dialects.signers import SIGNERS
from shim.errors import HostError, mask_told
from shim.host_codes import SUCCESS_WORDS, is_failure
from shim.messages import settings
from shim.settings.pairs import Pairs, read_pairs, write_pairs

if TYPE_CHECKING:
    from shim.dialects.dialect import Dialect

# An empty value is easily taken for an unfinished line.
NONE = "none"

# ---- forms: what may stand after the equals sign ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How a value is written.

    Args:
        read: from text to value; ValueError for a text that is not allowed, NotAllowed to say what would be.
        write: from value to a text that `read` accepts.
        allowed: what may be written, in Chinese; for the template and the errors.
        doc_allowed: the same in English.
        choices: the words, if it is one of them; empty for other texts.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    allowed: str
    doc_allowed: str
    choices: tuple[str, ...] = ()

    @property
    def advice(self) -> Bilingual:
        """What may be written, for errors."""
        return Bilingual(self.allowed, self.doc_allowed.replace("`", "").replace("(below)", "(docs/dialects.md)"))


def one_of(*words: str) -> ValueForm:
    """One of these words, in any case."""

    by_lower = {word.lower(): word for word in words}

    def read(value: str) -> str:
        if value.lower() not in by_lower:
            raise ValueError
        return by_lower[value.lower()]

    return ValueForm(read, str, "、".join(words), "; ".join(words), words)


def any_text(allowed: str = "任意文字", doc_allowed: str = "any text") -> ValueForm:
    """Any text; ``none`` for the empty one."""
    return ValueForm(
        lambda value: "" if value.lower() == NONE else value, lambda value: value or NONE, allowed, doc_allowed
    )


def name_list(allowed: str = "字段名，以逗号分隔", doc_allowed: str = "field names with commas") -> ValueForm:
    """A tuple of names, at least one."""
    return ValueForm(_read_names, ", ".join, allowed, doc_allowed)


def name_set(allowed: str, doc_allowed: str) -> ValueForm:
    """A frozenset of names; ``none`` for the empty one."""

    def read(value: str) -> frozenset[str]:
        return frozenset() if value.lower() == NONE else frozenset(_read_names(value))

    return ValueForm(read, lambda value: ", ".join(sorted(value)) or NONE, allowed, doc_allowed)


def some_of(*words: str) -> ValueForm:
    """A frozenset of some of these words; ``none`` for the empty one."""
    either = one_of(*words)

    def read(value: str) -> frozenset[str]:
        return frozenset() if value.lower() == NONE else frozenset(map(either.read, _read_names(value)))

    return ValueForm(
        read,
        lambda value: ", ".join(sorted(value)) or NONE,
        f"{'、'.join(words)}，以逗号分隔，或 none",
        f"{', '.join(words)}, with commas; none",
    )


def names_or_none(
    allowed: str = "字段名，以逗号分隔，或 none", doc_allowed: str = "field names with commas; none"
) -> ValueForm:
    """A tuple of names; ``none`` for the empty one."""

    def read(value: str) -> tuple[str, ...]:
        return () if value.lower() == NONE else _read_names(value)

    return ValueForm(read, lambda value: ", ".join(value) or NONE, allowed, doc_allowed)


def pairs(check: Callable[[str, str], object], allowed: str, doc_allowed: str) -> ValueForm:
    """A tuple of pairs of name and value; ``none`` for the empty one.

    Args:
        check: of name and value; ValueError for a pair that cannot stand there.
    """

    def read(value: str) -> Pairs:
        if value.lower() == NONE:
            return ()
        rows = read_pairs(value)
        for name, each in rows:
            check(name, each)
        if not rows:
            raise ValueError
        return rows

    return ValueForm(read, lambda value: write_pairs(value) or NONE, allowed, doc_allowed)


def _is_field(name: str, value: str) -> None:
    if not value or any(c in value for c in " ,=&"):
        raise ValueError(value)


def _is_header(name: str, value: str) -> None:
    if not HEADER_NAME.fullmatch(name) or name.lower() in OWN_HEADERS or not HEADER_VALUE.fullmatch(value):
        raise ValueError(name)


# What a token is (RFC 9110, 5.6.2), and what may stand behind the colon without ending the head.
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e\x80-\uffff]*")
# Headers that say where a request ends and whom it is for: they are the transport's affair.
OWN_HEADERS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "proxy-authorization",
        "proxy-connection",
        "upgrade",
        "te",
        "trailer",
    }
)

RENAMED = pairs(_is_field, "原名=新名，以逗号分隔，或 none", "NAME=OTHER NAME with commas; none")
MADE = pairs(
    lambda name, value: parts_of(value),
    f"字段名=规则，以逗号分隔，或 none；规则为 {'、'.join(MADE_RULES)}，参数写在冒号之后，"
    "例如 timestamp=clock:yyyyMMddHHmmss",
    "NAME=RULE with commas (below); none",
)
OUT_MADE = pairs(
    lambda name, value: out_rule(value),
    f"字段名=规则，以逗号分隔，或 none；规则为 {'、'.join(OUT_RULES)}，参数写在冒号之后，例如 code=text:0",
    "NAME=RULE with commas (below); none",
)


def _is_enc_type(name: str, value: str) -> None:
    if name != name.upper() or value not in (*CIPHER_WORDS, "PLAIN"):
        raise ValueError(value)


# The words of enc_type that a site can set.
CIPHER_WORDS = ("AES", "DES", "3DES", "SM4")
ENC_TYPES = pairs(
    _is_enc_type,
    f"大写的词={'、'.join(CIPHER_WORDS)} 或 PLAIN，以逗号分隔，或 none",
    f"WORD={', '.join(CIPHER_WORDS)} or PLAIN, with commas; none",
)
HEADERS = pairs(
    _is_header,
    r"名称=值，以逗号分隔（值中的逗号写作 \,），或 none；field:NAME 为报文中字段 NAME 的值",
    r"NAME=VALUE with commas (one in a value is written `\,`); `field:NAME` for the value of a field of the body; none",
)


def _read_failure(value: str) -> str:
    if value.lower() == "platform":
        return "platform"
    if not is_failure(value):
        raise ValueError(value)
    return value


FAILURE = ValueForm(
    _read_failure, str, "platform（平台的返回码），或一个不为 0 的整数", "platform; a decimal number that is not zero"
)
SUCCESS = one_of(*SUCCESS_WORDS)


def field_name(allowed: str, doc_allowed: str) -> ValueForm:
    """The name of one JSON field."""

    def read(value: str) -> str:
        if not value or any(c in value for c in " ,=&"):
            raise ValueError
        return value

    return ValueForm(read, str, allowed, doc_allowed)


def _read_names(value: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())
    if not parts:
        raise ValueError
    return parts


# ---- keys and sections -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteKey:
    """One key of a section ``[dialect NAME]``. The value of a secret key is masked in errors."""

    key: str
    help: str
    doc: str
    form: ValueForm
    secret: bool = False

    @property
    def allowed(self) -> str:
        """What may be written, in Chinese."""
        return self.form.allowed

    @property
    def english(self) -> str:
        """What it is for: `doc`, which is of docs/dialects.md, without the marks of that page."""
        return re.sub(r"\((?:above|below)", "(docs/dialects.md", self.doc.replace("`", ""))


class DialectSection:
    """The lines of one ``[dialect NAME]``, and the errors for those that cannot be used."""

    def __init__(self, name: str, lines: Mapping[str, str]) -> None:
        self.name = name
        self._lines = {key: value.strip() for key, value in lines.items()}

    def __contains__(self, key: SiteKey) -> bool:
        return key.key in self._lines

    def read(self, key: SiteKey, default: Any) -> Any:
        """The value of a key, `default` if its line is missing. HostError names key, value and what is allowed."""
        line = self._lines.get(key.key)
        if line is None:
            return default
        try:
            return key.form.read(line)
        except NotAllowed as error:
            self.refuse(key, line, error.advice or key.form.advice)
        except ValueError:
            self.refuse(key, line, key.form.advice)

    def refuse(self, key: SiteKey, value: str, allowed: Bilingual) -> NoReturn:
        """HostError SETTINGS: `value` cannot stand there, `allowed` can."""
        shown = mask_told(value) if key.secret else value[:60] or EMPTY
        raise HostError(settings.DIALECT_VALUE, name=self.shown_name, key=key.key, value=shown, allowed=allowed)

    @property
    def shown_name(self) -> str:
        """The section's name, as a message shows it."""
        return self.name[:40]


# ---- columns ---------------------------------------------------------------------------------------------------------


class Column(Protocol):
    """A field of `Dialect`, as vcshim.ini has it."""

    @property
    def keys(self) -> tuple[SiteKey, ...]:
        """Its keys, in the order of the template."""

    def read(self, section: DialectSection, values: Mapping[str, Any]) -> Any:
        """The column's value in a site's row.

        Args:
            values: by column: of the site for the columns before this one, of the base for this one and all others.
        """

    def write(self, row: Dialect) -> dict[str, str]:
        """The lines that give a site's row the value that `row` has in this column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column that is one key of the same name."""

    key: SiteKey

    @property
    def keys(self) -> tuple[SiteKey, ...]:
        return (self.key,)

    def read(self, section: DialectSection, values: Mapping[str, Any]) -> Any:
        return section.read(self.key, values[self.key.key])

    def write(self, row: Dialect) -> dict[str, str]:
        return {self.key.key: self.key.form.write(getattr(row, self.key.key))}


def cell(doc: str, help: str, form: ValueForm, *, secret: bool = False, default: Any = MISSING) -> Any:
    """A field of `Dialect` that is one key of the same name."""
    return _column(lambda name: Cell(SiteKey(name, help, doc, form, secret)), default)


def _column(make: Callable[[str], Column], default: Any = MISSING) -> Any:
    return field(default=default, metadata={"column": make})


def columns_of(row_type: type[Dialect]) -> Mapping[str, Column]:
    """The columns of `Dialect`, by the names of its fields; fields without one are not open to a site."""
    makers = {item.name: item.metadata["column"] for item in fields(row_type) if "column" in item.metadata}
    return MappingProxyType({name: make(name) for name, make in makers.items()})


# ---- signers ---------------------------------------------------------------------------------------------------------


class SignerCells:
    """The column of sign_type words: ``digest`` for the empty word, ``sign_types`` for all others."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._digest = SiteKey(
            "digest",
            "sign_type 为空时的签名算法；这个词同时成为可用的 sign_type",
            "what an empty `sign_type` means; it also becomes a word of `sign_type`",
            one_of(*SIGNERS),
        )
        self._words = SiteKey(
            "sign_types",
            "可用的 sign_type，不写则取自 base 和 digest",
            "the words of `sign_type`; without the line, those of the base and of `digest`",
            ValueForm(
                _read_sign_types,
                _write_sign_types,
                "签名算法，或 词=签名算法，以逗号分隔，例如 MD5, HMAC=HMAC-SHA256",
                "words of `digest`, or WORD=word of `digest`, with commas",
            ),
        )

    @property
    def keys(self) -> tuple[SiteKey, ...]:
        return (self._digest, self._words)

    def read(self, section: DialectSection, values: Mapping[str, Any]) -> Mapping[str, str]:
        signers = dict(values[self._name])
        if self._digest in section:
            kind = section.read(self._digest, "")
            signers |= {"": kind, kind: kind, kind.replace("-", ""): kind}
        if self._words in section:
            signers = {"": signers[""], **section.read(self._words, {})}
        return MappingProxyType(signers)

    def write(self, row: Dialect) -> dict[str, str]:
        signers = dict(getattr(row, self._name))
        return {"digest": signers.pop(""), "sign_types": _write_sign_types(signers)}


def _read_sign_types(value: str) -> dict[str, str]:
    form = one_of(*SIGNERS)
    pairs = (part.partition("=") for part in _read_names(value))
    return {word.strip().upper(): form.read((kind if equals else word).strip()) for word, equals, kind in pairs}


def _write_sign_types(signers: Mapping[str, str]) -> str:
    return ", ".join(word if word == kind else f"{word}={kind}" for word, kind in signers.items())


def signer_cells() -> Any:
    """The field of sign_type words."""
    return _column(SignerCells)


# ---- ciphers ---------------------------------------------------------------------------------------------------------

_IV_WORDS = " 或 ".join(f"iv={rule.name}:…" if rule.argument else f"iv={rule.name}" for rule in IV_RULES.values())
_CIPHER_ALLOWED = (
    f"算法/模式 [密钥规则] [编码] [{_IV_WORDS}] [charset={' 或 '.join(CODECS)}] [padding=填充]，或 none（不支持）；"
    f"算法为 {'、'.join(ALGORITHMS)}，模式为 {'、'.join(block_ciphers.MODES)}，密钥规则为 {'、'.join(KEY_RULES)}，"
    f"编码为 {'、'.join(byte_text.ENCODINGS)}，填充为 {'、'.join(block_ciphers.PADDINGS)}；未写的部分取自 base"
)


def _cipher_form(base: Cipher | None) -> ValueForm:
    """A cipher, ``none`` for an enc_type that is not supported; parts that are not written come from `base`."""

    def read(value: str) -> Cipher | None:
        return None if value.lower() == NONE else read_cipher(value, base)

    def write(cipher: Cipher | None) -> str:
        return NONE if cipher is None else write_cipher(cipher)

    return ValueForm(read, write, _CIPHER_ALLOWED, "a cipher (below); none")


@dataclass(frozen=True, slots=True)
class CipherCells:
    """A column of enc_type words to ciphers: one key for each word.

    With `follows`, the name of another such column, the field may be None: the ciphers are those of that column.
    """

    name: str
    suffix: str
    doc: str
    help: str
    follows: str = ""

    @property
    def keys(self) -> tuple[SiteKey, ...]:
        return tuple(self._key(word, None) for word in CIPHER_WORDS)

    def read(self, section: DialectSection, values: Mapping[str, Any]) -> Mapping[str, Cipher | None] | None:
        ciphers = values[self.name]
        if ciphers is None:
            if not any(key in section for key in self.keys):
                return None
            ciphers = values[self.follows]
        changed = dict(ciphers)
        for word in CIPHER_WORDS:
            base = ciphers.get(word)
            changed[word] = section.read(self._key(word, base), base)
        supported = {word: cipher for word, cipher in changed.items() if cipher or word not in CIPHER_WORDS}
        return MappingProxyType(supported)

    def write(self, row: Dialect) -> dict[str, str]:
        ciphers = getattr(row, self.name)
        same_as = getattr(row, self.follows) if self.follows else {}
        if ciphers is None:
            return {}
        return {
            key.key: key.form.write(ciphers.get(word))
            for word, key in zip(CIPHER_WORDS, self.keys, strict=True)
            if not self.follows or ciphers.get(word) != same_as.get(word)
        }

    def _key(self, word: str, base: Cipher | None) -> SiteKey:
        key = f"{word.lower()}{self.suffix}"
        return SiteKey(key, self.help.format(word), self.doc.format(word), _cipher_form(base))


def cipher_cells(doc: str, help: str, *, suffix: str = "", follows: str = "", default: Any = MISSING) -> Any:
    """A field of enc_type words; ``{}`` in the texts is the word."""
    return _column(partial(CipherCells, suffix=suffix, doc=doc, help=help, follows=follows), default)
