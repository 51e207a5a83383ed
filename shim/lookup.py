"""Looking things up in the specification tables by the words people type.

What it is: from a short or misspelt word to rows of `shim.spec`, or `NotFound` with near matches. What it is not: a
printer, nor the lookup of a call in progress; that is `spec.find_method`, letter for letter. Words are compared without
regard to case, blanks and full or half width. L1: imports spec only; for `vcshim spec` and `vcshim reference`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from shim import spec
from shim.spec import nation, virtualcard
from shim.spec.rows import Code, Dictionary, Entry, Field, Function, Method

# What a function returns for success is in no code table, yet it is the first thing a host compares.
RETURNS: tuple[Code, ...] = (
    Code("00", "成功", "OutData 为应答 JSON。", "VC 3.2", "VirtualCardTrans 返回值"),
    Code("0", "成功", "无需处理。", "VC 3.3", "Set_QRflow_Mode 返回值"),
    Code("0", "成功", "无需处理。", "VC 3.4", "EhealthID_Print 返回值"),
    Code("0", "成功", "无需处理。", "VC 3.5", "SetEcQrcode 返回值"),
    Code("0000", "成功", "OutData 为应答 JSON，其中 code 为 0。", "EC B.1.3", "NationEcTrans 返回值"),
)

# The kinds of a hit, in the order of a search, and of a table of fields.
KINDS: Mapping[str, str] = {
    "function": "函数",
    "method": "接口",
    "field": "字段",
    "code": "返回码",
    "dictionary": "字典",
    "entry": "字典值",
}
PARTS: Mapping[str, str] = {
    "parameter": "参数",
    "common_request": "公共请求",
    "common_response": "公共应答",
    "request": "请求",
    "response": "应答",
}

# The fields around those of a method, by function and part.
COMMON: Mapping[str, Mapping[str, tuple[Field, ...]]] = {
    "VirtualCardTrans": {"common_request": (*virtualcard.COMMON, *virtualcard.UNLISTED)},
    "NationEcTrans": {"common_request": nation.COMMON_IN, "common_response": nation.COMMON_OUT},
}

NEAR_LIMIT = 6
# Lower than difflib's 0.6: one wrong character of two is half of a Chinese word.
NEAR_RATIO = 0.5


class NotFound(LookupError):
    """No row, or more than one, is meant by a word. `near` holds what may have been meant: word and title."""

    def __init__(self, message: str, near: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.near = near


@dataclass(frozen=True, slots=True)
class Place:
    """A field where it stands. `owner` is a method or a function, `part` a key of `PARTS`."""

    owner: str
    part: str
    field: Field


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of a search.

    `kind` is a key of `KINDS`; `places` are the methods of a field, the dictionary of an entry, the scope of a code;
    `clauses` has one member, or one for each table that prints the field with this title.
    """

    kind: str
    name: str
    title: str
    note: str
    places: tuple[str, ...]
    clauses: tuple[str, ...]


def find_method(word: str) -> Method:
    """The method of a full name, an alias, a clause, or the last words of a name: `verify`, `auth.query`."""
    exact = spec.find_method(word)
    if exact:
        return exact
    key = _key(word)
    spellings = {method.name: tuple(map(_key, (method.name, *method.aliases))) for method in spec.METHODS.values()}
    for found in (
        [name for name, keys in spellings.items() if key in keys],
        [name for name, keys in spellings.items() if any(text.endswith(f".{key}") for text in keys)],
        [method.name for method in spec.METHODS.values() if _is_clause(word, method.clause)],
    ):
        if len(found) == 1:
            return spec.METHODS[found[0]]
        if found:
            raise NotFound(f"“{word}”不止一个接口", tuple((name, spec.METHODS[name].title) for name in found))
    pool = [(method.name, method.title, method.name.rpartition(".")[2]) for method in spec.METHODS.values()]
    raise NotFound(f"两份规范中都没有接口“{word}”", _near(word, pool))


def find_function(word: str) -> Function:
    """The export of this name, with or without the decoration of a 32-bit linker."""
    key = _key(word)
    for function in spec.FUNCTIONS:
        if key in map(_key, exports(function)):
            return function
    raise NotFound(f"没有函数“{word}”", _near(word, [(each.name, each.dll) for each in spec.FUNCTIONS]))


def find_codes(word: str) -> tuple[Code, ...]:
    """Every row with this code: VC appendix 1, EC C.4, then what a function returns for success."""
    key = _key(word)
    rows = (*spec.VC_CODES.values(), *spec.EC_CODES.values(), *RETURNS)
    found = tuple(row for row in rows if row.code == key)
    if not found:
        message = f"两份规范中都没有返回码“{word}”；平台可能返回规范以外的代码，原样返回"
        raise NotFound(message, _near(word, [(row.code, row.meaning) for row in rows]))
    return found


def find_fields(word: str) -> tuple[Place, ...]:
    """Every place where a field of this name, alias or whole title stands."""
    key = _key(word)
    found = tuple(
        place for place in places() if key in map(_key, (place.field.name, place.field.title, *place.field.aliases))
    )
    if not found:
        pool = ((place.field.name, place.field.title) for place in places())
        raise NotFound(f"两份规范中都没有字段“{word}”", _near(word, pool))
    return found


def find_dictionary(word: str) -> Dictionary:
    """The dictionary of this name, title or clause, or the one that a field of this name follows."""
    key = _key(word)
    tables = list(spec.DICTIONARIES.values())
    for found in (
        [table for table in tables if key == _key(table.name)],
        [table for table in tables if key == _key(table.title)],
        [table for table in tables if any(key == _key(place.field.name) for place in users(table.name))],
        [table for table in tables if _is_clause(word, table.clause)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(f"“{word}”不止一个字典", tuple((table.name, table.title) for table in found))
    raise NotFound(f"没有字典“{word}”", _near(word, [(table.name, table.title) for table in tables]))


def find_entries(table: Dictionary, word: str) -> tuple[Entry, ...]:
    """The entry of this code; failing that, every entry whose code begins with the word or whose name holds it."""
    key = _key(word)
    found = tuple(entry for entry in table.entries if key == _key(entry.code))
    if not found and key:
        found = tuple(entry for entry in table.entries if _key(entry.code).startswith(key) or key in _key(entry.name))
    if not found:
        message = f"{table.title}（{table.clause}）中没有“{word}”"
        raise NotFound(message, _near(word, [(entry.code, entry.name) for entry in table.entries]))
    return found


def search(word: str) -> tuple[Hit, ...]:
    """Everything whose name, title, meaning or note holds the word, or whose clause is the word, kind by kind."""
    key = _key(word)
    if not key:
        raise NotFound("请给出要查的词")
    found = tuple(
        hit for hit, texts in _hits() if any(key in _key(text) for text in texts) or _is_clause(word, *hit.clauses)
    )
    if not found:
        pool = ((hit.name, hit.title) for hit, _ in _hits())
        raise NotFound(f"两份规范中都查不到“{word}”", _near(word, pool))
    return found


def served_by(method: Method) -> Function:
    """The function that carries a method."""
    name = "VirtualCardTrans" if method in virtualcard.METHODS else "NationEcTrans"
    return find_function(name)


def success(function: Function) -> Code:
    """What a function returns when all went well."""
    return next(row for row in RETURNS if row.scope.split()[0] == function.name)


def exports(function: Function) -> tuple[str, ...]:
    """The names under which the 32-bit DLL offers a function."""
    return function.name, f"_{function.name}@{function.stack_bytes}", f"{function.name}@{function.stack_bytes}"


def declaration(function: Function) -> str:
    """The C declaration. All five are stdcall, VC 3.3 included (docs/errata.md)."""
    parameters = ", ".join(f"{'char*' if row.type == 'Char' else row.type} {row.name}" for row in function.parameters)
    return f"{function.returns} __stdcall {function.name}({parameters})"


def places() -> Iterator[Place]:
    """Every field of both documents where it stands, functions first."""
    for function in spec.FUNCTIONS:
        for row in function.parameters:
            yield Place(function.name, "parameter", row)
        for part, rows in COMMON.get(function.name, {}).items():
            for row in rows:
                yield Place(function.name, part, row)
    for method in spec.METHODS.values():
        for row in method.request:
            yield Place(method.name, "request", row)
        for row in method.response:
            yield Place(method.name, "response", row)


def users(dictionary: str) -> tuple[Place, ...]:
    """The fields that follow a dictionary."""
    return tuple(place for place in places() if place.field.dictionary == dictionary)


def _hits() -> Iterator[tuple[Hit, tuple[str, ...]]]:
    """Every row of both documents as a hit, with the texts that a search looks through."""
    for function in spec.FUNCTIONS:
        yield Hit("function", function.name, function.dll, "", (), (function.clause,)), (function.name, function.dll)
    for method in spec.METHODS.values():
        where: tuple[str, ...] = (served_by(method).name,)
        hit = Hit("method", method.name, method.title, "", where, (method.clause,))
        yield hit, (method.name, method.title, *method.aliases)
    fields: dict[tuple[str, str], list[Place]] = {}
    for place in places():
        fields.setdefault((place.field.name, place.field.title), []).append(place)
    for (name, title), same in fields.items():
        notes = _unique(place.field.note for place in same if place.field.note)
        aliases = _unique(alias for place in same for alias in place.field.aliases)
        owners, clauses = _unique(place.owner for place in same), _unique(place.field.clause for place in same)
        yield Hit("field", name, title, "；".join(notes), owners, clauses), (name, title, *notes, *aliases)
    for code in (*spec.VC_CODES.values(), *spec.EC_CODES.values(), *RETURNS):
        where = (code.scope,) if code.scope else ()
        yield Hit("code", code.code, code.meaning, code.remedy, where, (code.clause,)), (code.code, code.meaning)
    for table in spec.DICTIONARIES.values():
        owners = _unique(place.field.name for place in users(table.name))
        yield Hit("dictionary", table.name, table.title, "", owners, (table.clause,)), (table.name, table.title)
    for table in spec.DICTIONARIES.values():
        for entry in table.entries:
            hit = Hit("entry", entry.code, entry.name, entry.note, (table.name,), (table.clause,))
            yield hit, (entry.code, entry.name, entry.note)


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _key(text: str) -> str:
    """A text as it is compared: no case, no blanks, half width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is_clause(word: str, *clauses: str) -> bool:
    """Whether a word is one of these clauses, with or without the name of its document."""
    key = _key(word)
    return any(key in (_key(clause), _key(clause.partition(" ")[2])) for clause in clauses)


def _near(word: str, pool: Iterable[tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """What may have been meant, best first. A candidate is a word, its title, and other spellings if there are any."""
    key = _key(word)
    ranked = []
    for candidate in dict.fromkeys(pool):
        texts = [_key(text) for text in candidate]
        holds = any(key in text for text in texts)
        # A code that begins alike is nearer than one that shares later digits: 350203 means 350200.
        shared = max(_shared(key, text) for text in texts)
        ratio = max(SequenceMatcher(None, key, text).ratio() for text in texts)
        if key and (holds or ratio >= NEAR_RATIO):
            ranked.append((not holds, -shared, -ratio, candidate[0], candidate[1]))
    return tuple((name, title) for *_, name, title in sorted(ranked)[:NEAR_LIMIT])


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
