"""Searching the specification tables by the words that people type.

What it is: from a word to rows of `shim.spec`, or `NotFound` with near matches; and which rows belong together, for
the reference. What it is not: a printer, nor the look-up of a call in progress, which is `spec.find_method`, letter for
letter. Words are compared without regard to case, blanks and full or half width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from shim import spec
from shim.spec import nation, virtualcard
from shim.spec.rows import Code, Export, Family, Field, Method, Parameter, Shape

# The kinds of a hit, in the order of a search.
KINDS = ("export", "method", "field", "code", "dictionary", "entry")

# The fields around those of a method, by export and part.
COMMON: Mapping[str, Mapping[str, tuple[Field, ...]]] = {
    "VirtualCardTrans": {"公共请求": (*virtualcard.COMMON, *virtualcard.UNLISTED)},
    "NationEcTrans": {"公共请求": nation.COMMON_IN, "公共应答": nation.COMMON_OUT},
}

_SUCCESS_REMEDIES = {
    (Family.VC, Shape.TRANS): "OutData 为应答 JSON。",
    (Family.EC, Shape.TRANS): "OutData 为应答 JSON，其中 code 为 0。",
}
# What an export returns for success is in no code table, yet it is the first thing a host compares.
RETURNS: tuple[Code, ...] = tuple(
    Code(
        row.success,
        "成功",
        _SUCCESS_REMEDIES.get((row.family, row.shape), "无需处理。"),
        row.clause,
        f"{row.name} 返回值",
    )
    for row in spec.EXPORTS
)

NEAR_LIMIT = 6
# Lower than difflib's 0.6: one wrong character of two is half of a Chinese word.
NEAR_RATIO = 0.5


class NotFound(LookupError):
    """No row matches a word.

    Attributes:
        word: the word; empty if there was none.
        may_be_a_code: it is a number, and a platform may return codes of its own.
        near: what may have been meant, best first: name and title.
    """

    def __init__(self, word: str, *, may_be_a_code: bool = False, near: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(word)
        self.word = word
        self.may_be_a_code = may_be_a_code
        self.near = near


@dataclass(frozen=True, slots=True)
class Hit:
    """One row that matches. `kind` is one of `KINDS`; `where` is what the row belongs to, `detail` the rest of it."""

    kind: str
    name: str
    title: str
    where: str
    detail: str
    clause: str
    note: str


def search(word: str) -> tuple[Hit, ...]:
    """Everything that a word names, kind by kind.

    A word names a row when it is its name, code, alias, clause, a clause above it (`4.2` for `VC 4.2.1`) or the last
    words of a method's name (`verify`). Where it names none, every row counts whose name, title or note contains it.

    Raises:
        NotFound: no row contains it either.
    """
    key = _key(word)
    if not key:
        raise NotFound("")
    rows = list(_rows())
    matches = [hit for hit, names in rows if key in map(_key, names) or _is_clause(key, hit.clause)]
    if not matches:
        matches = [hit for hit, names in rows if any(key in _key(text) for text in (*names, hit.title, hit.note))]
    if not matches:
        raise NotFound(word, may_be_a_code=key.lstrip("-").isdecimal(), near=_near(key, rows))
    return tuple(matches)


def carrier(method: Method) -> Export:
    """The export that carries a method."""
    family = Family.VC if method in virtualcard.METHODS else Family.EC
    return next(row for row in spec.EXPORTS if row.family is family and row.shape is Shape.TRANS)


def declaration(export: Export) -> str:
    """The C declaration. All exports are stdcall, that of VC 3.3 included (docs/errata.md)."""
    parameters = ", ".join(f"{'char*' if row.is_text else row.type} {row.name}" for row in export.parameters)
    return f"{export.shape.returns} __stdcall {export.name}({parameters})"


def users(dictionary: str) -> tuple[str, ...]:
    """The names of the fields that follow a dictionary."""
    return tuple(dict.fromkeys(row.name for _, row in _fields() if row.dictionary == dictionary))


def _fields() -> Iterator[tuple[str, Field]]:
    """Every field of both documents, with the place where it stands."""
    for export, parts in COMMON.items():
        for part, rows in parts.items():
            yield from ((f"{export} {part}", row) for row in rows)
    for method in spec.METHODS.values():
        yield from ((f"{method.name} 请求", row) for row in method.request)
        yield from ((f"{method.name} 应答", row) for row in method.response)


def _rows() -> Iterator[tuple[Hit, tuple[str, ...]]]:
    """Every row of both documents as a hit, with the names that mean it."""
    for export in spec.EXPORTS:
        aliases = (alias.name for alias in spec.ALIASES if alias.export == export.name)
        hit = Hit("export", export.name, export.dll, "", declaration(export), export.clause, "")
        yield hit, (*spec.stdcall_names(export.name, export.stack_bytes), *aliases)
    for method in spec.METHODS.values():
        detail = f"请求 {len(method.request)} 项，应答 {len(method.response)} 项"
        hit = Hit("method", method.name, method.title, carrier(method).name, detail, method.clause, "")
        yield hit, tuple(_endings(method))
    for export in spec.EXPORTS:
        for row in export.parameters:
            detail = f"{_type(row)} {'出参' if row is export.output else '入参'}"
            hit = Hit("field", row.name, row.title, f"{export.name} 参数", detail, row.clause, row.note)
            yield hit, (row.name, *row.aliases)
    for where, field in _fields():
        words = (_type(field), "必填" if field.required else "", f"字典 {field.dictionary}" if field.dictionary else "")
        hit = Hit("field", field.name, field.title, where, " ".join(filter(None, words)), field.clause, field.note)
        yield hit, (field.name, *field.aliases)
    for code in (*spec.VC_CODES.values(), *spec.EC_CODES.values(), *RETURNS):
        yield Hit("code", code.code, code.meaning, code.scope, "", code.clause, code.remedy), (code.code,)
    for table in spec.DICTIONARIES.values():
        detail = f"{len(table.entries)} 项"
        hit = Hit("dictionary", table.name, table.title, "、".join(users(table.name)), detail, table.clause, "")
        yield hit, (table.name,)
    for table in spec.DICTIONARIES.values():
        for entry in table.entries:
            detail = f"属 {entry.parent}" if entry.parent else ""
            yield Hit("entry", entry.code, entry.name, table.name, detail, table.clause, entry.note), (entry.code,)


def _endings(method: Method) -> Iterator[str]:
    """`ehc.ehealthcard.auth.query`, `ehealthcard.auth.query`, `auth.query`, `query`; the same of each alias."""
    for name in (method.name, *method.aliases):
        words = name.split(".")
        yield from (".".join(words[index:]) for index in range(len(words)))


def _type(row: Field | Parameter) -> str:
    return row.type if row.length is None else f"{row.type}({row.length})"


def _key(text: str) -> str:
    """A text as it is compared: no case, no blanks, half width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_clause(key: str, clause: str) -> bool:
    """True where the key is this clause or one above it, with or without the name of the document."""
    names = (_key(clause), _key(clause.partition(" ")[2]))
    return key in names or ("." in key and any(name.startswith(f"{key}.") for name in names))


def _near(key: str, rows: Iterable[tuple[Hit, tuple[str, ...]]]) -> tuple[tuple[str, str], ...]:
    """What may have been meant, best first.

    A code that begins alike is nearer than one that shares later digits: 350203 means 350200.
    """
    ranked = []
    for hit, names in rows:
        texts = [_key(text) for text in (*names, hit.title)]
        ratio = max(SequenceMatcher(None, key, text).ratio() for text in texts)
        if ratio >= NEAR_RATIO:
            shared = max(_shared(key, text) for text in texts)
            ranked.append((-shared, -ratio, hit.name, hit.title))
    return tuple(dict.fromkeys((name, title) for *_, name, title in sorted(ranked)))[:NEAR_LIMIT]


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
