"""Checks values against field rows: what is missing, misspelt, too long, or not in its dictionary. Pure.

Not here: what follows. The service decides by [validate] level whether a finding is logged or refuses the call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, unique
from functools import lru_cache
from itertools import islice
from typing import Any

from shim.bilingual import Bilingual
from shim.errors import HostError, Message, mask_told, shown_name
from shim.messages import host
from shim.once import once_for_each
from shim.spec import DICTIONARIES, nation, virtualcard
from shim.spec.rows import Condition, Field

# How alike two names must be, by the length of the name that was sent: of four letters one may be wrong.
_ALIKE, _ALIKE_SHORT, _SHORT = 0.8, 0.66, 4
# What is compared of a request: a host may send thousands of fields, and each comparison costs microseconds.
_LONGEST_NAME, _MOST_NAMES = 60, 40
_AROUND_CONTENT = (*virtualcard.COMMON, *virtualcard.UNLISTED)


@unique
class FindingKind(Enum):
    """What a finding says of its field."""

    MISSING = "missing"
    MISSPELT = "misspelt"
    TOO_LONG = "too long"
    NOT_IN_DICTIONARY = "not in dictionary"
    UNKNOWN_METHOD = "unknown method"


@dataclass(frozen=True, slots=True)
class Finding:
    """One value that breaks its row.

    Attributes:
        field: the row's name, never a name of the host's.
        row: what is said of it.
        facts: the values in its texts, masked.
    """

    field: str
    kind: FindingKind
    row: Message
    facts: Mapping[str, Any]

    @property
    def text(self) -> str:
        """One Chinese sentence for the log: name, clause, limit, and the value masked."""
        return self.row.engineer.format(**self.facts)

    @property
    def told(self) -> Bilingual:
        """`text` in both languages, for the commands."""
        return self.row.told(**self.facts)


def findings_error(findings: Sequence[Finding]) -> HostError:
    """What to raise where findings refuse the call: the first two places, and how many there are.

    An unknown method is told alone: the fields around it say nothing new.
    """
    first, *others = findings
    if not others or first.kind is FindingKind.UNKNOWN_METHOD:
        return HostError(first.row, **first.facts)
    count, second = len(findings), others[0]
    places = f"{first.field}、{second.field}"
    if len(f"{places} 等 {count} 处") > host.ROOM:
        places = first.field
    row = host.MANY if count > 2 else host.BOTH
    return HostError(row, places=places, first=first.told, second=second.told, count=count)


def check_fields(rows: tuple[Field, ...], values: Mapping[str, Any], code: str = "") -> list[Finding]:
    """A finding for each value that breaks its row.

    Lengths count characters. Empty text and null count as absent. Fields without a row are not checked, unless one
    looks like the name of a row that is absent: then it is a slip.

    Args:
        code: the kind of the scanned code, which decides whether some fields are required; "" while it is not known.
    """
    slips = misspelt_names(rows, values)
    findings: list[Finding] = []
    for field in rows:
        value = values.get(field.name)
        if value is None or value == "":
            if field.required and _applies(field, values, code):
                findings.append(_missing(field, slips.get(field.name, "")))
            elif field.name in slips:
                findings.append(_misspelt(field, slips[field.name]))
            continue
        if isinstance(value, (dict, list)):
            continue
        text = value if type(value) is str else str(value)
        if field.length is not None and len(text) > field.length:
            facts = {**_facts(field), "place": _place(field, 3), "limit": field.length, "size": len(text)}
            findings.append(Finding(field.name, FindingKind.TOO_LONG, host.LONG_VALUE, facts))
        elif field.dictionary is not None and not _is_entry(field.dictionary, text):
            table = DICTIONARIES[field.dictionary]
            facts = {**_facts(field), "place": _place(field, 6), "value": mask_told(text)}
            facts |= {"dictionary": table.title, "table": _clause(table.clause)}
            findings.append(Finding(field.name, FindingKind.NOT_IN_DICTIONARY, host.NO_ENTRY, facts))
    return findings


def check_vc(rows: tuple[Field, ...], names: Collection[str], content: Mapping[str, Any], code: str) -> list[Finding]:
    """The findings of a request of VirtualCardTrans.

    Args:
        rows: those of its method.
        names: the fields around biz_content, without those that have a name of the dialect.
        content: the fields of biz_content.
        code: the kind of the scanned code, as in `check_fields`.
    """
    return [*_slips(_AROUND_CONTENT, names), *check_fields(rows, content, code)]


def check_unknown_vc(name: str, names: Collection[str]) -> list[Finding]:
    """The findings of a request of VirtualCardTrans whose method has no row: what the name was probably meant for."""
    known = {known: method.name for method in virtualcard.METHODS for known in (method.name, *method.aliases)}
    meant = known.get(nearest(name, tuple(known)), "")
    row = host.UNKNOWN_METHOD_SLIP if meant else host.UNKNOWN_METHOD
    finding = Finding("method", FindingKind.UNKNOWN_METHOD, row, {"name": shown_name(name), "meant": meant})
    return [finding, *_slips(_AROUND_CONTENT, names)]


def check_ec(rows: tuple[Field, ...], names: Collection[str], fields: Mapping[str, Any]) -> list[Finding]:
    """The findings of a request of NationEcTrans.

    Args:
        rows: those of its transType.
        names: the fields of InData.
        fields: those of data, or of InData if they stand there.
    """
    own = {row.name for row in rows}
    return [*_slips(nation.COMMON_IN, [name for name in names if name not in own]), *check_fields(rows, fields)]


def check_unknown_ec(name: str, names: Collection[str]) -> list[Finding]:
    """The findings of a request of NationEcTrans whose type has no row: only slips, because any type is passed on."""
    known = (*(method.name for method in nation.METHODS), *nation.ALSO_SCAN, *nation.PASSED_ON)
    meant = "" if name in known else nearest(name, known)
    facts = {"name": shown_name(name), "meant": meant}
    unknown = [Finding("transType", FindingKind.UNKNOWN_METHOD, host.UNKNOWN_TYPE_SLIP, facts)] if meant else []
    return [*unknown, *_slips(nation.COMMON_IN, names)]


def slip_of(name: str, names: Collection[str]) -> str:
    """The unknown one of `names` that is probably meant for the common field `name` of VC 4.1.1, as a text may show it.

    "" if there is none.
    """
    slip = misspelt_names(virtualcard.COMMON, names).get(name)
    return shown_name(slip) if slip else ""


def misspelt_names(fields: tuple[Field, ...], names: Collection[str]) -> dict[str, str]:
    """The names of rows that are not among `names`, each with the unknown one of `names` that is probably meant for it.

    Only the first forty unknown names are compared.
    """
    known = _known_names(fields)
    if known.issuperset(names):
        return {}
    present = set(names)
    absent = tuple(field.name for field in fields if present.isdisjoint((field.name, *field.aliases)))
    slips: dict[str, str] = {}
    for name in islice((name for name in names if name not in known), _MOST_NAMES):
        meant = nearest(name, absent)
        if meant:
            slips.setdefault(meant, name)
    return slips


@once_for_each
def _known_names(fields: tuple[Field, ...]) -> frozenset[str]:
    return frozenset(name for field in fields for name in (field.name, *field.aliases))


def nearest(word: str, known: tuple[str, ...]) -> str:
    """The one of `known` that `word` is probably a slip of, whatever its case; "" if none is near enough."""
    return _nearest(word, known) if known and 0 < len(word) <= _LONGEST_NAME else ""


@lru_cache(256)  # a host makes the same slip in every call
def _nearest(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # a call without a slip does not pay for it

    folded = {name.casefold(): name for name in reversed(known)}
    alike = _ALIKE_SHORT if len(word) <= _SHORT else _ALIKE
    matches = get_close_matches(word.casefold(), folded, 1, alike)
    return folded[matches[0]] if matches else ""


def _slips(fields: tuple[Field, ...], names: Collection[str]) -> list[Finding]:
    """A finding for each of `names` that looks like a slip of a row."""
    slips = misspelt_names(fields, names)
    if not slips:
        return []
    return [_misspelt(field, slips[field.name]) for field in fields if field.name in slips]


def _applies(field: Field, values: Mapping[str, Any], code: str) -> bool:
    """Whether the case is there in which a required field is required."""
    if field.when is None:
        return True
    return (code != "" and field.when.code == code) or any(
        name in values and str(values[name]).strip() == value for name, value in field.when.values
    )


def _missing(field: Field, slip: str) -> Finding:
    facts = {**_facts(field), "case": _case(field.when) if field.when else "", "slip": shown_name(slip) if slip else ""}
    fits = len(_place(field, 2)) > len(field.name)
    return Finding(field.name, FindingKind.MISSING, _MISSING[fits, field.when is not None, slip != ""], facts)


@once_for_each
def _case(condition: Condition) -> Bilingual:
    """The case in which a field is required."""
    return Bilingual(condition.title, condition.english or condition.title)


def _misspelt(field: Field, slip: str) -> Finding:
    facts = {**_facts(field), "slip": shown_name(slip)}
    return Finding(field.name, FindingKind.MISSPELT, host.MISSPELT, facts)


# By whether the clerk's text has room for the title, whether the field is required in one case only, and whether
# another may be a slip of it.
_MISSING = {
    (True, False, False): host.MISSING,
    (True, False, True): host.MISSING_SLIP,
    (True, True, False): host.MISSING_IN_CASE,
    (True, True, True): host.MISSING_SLIP_IN_CASE,
    (False, False, False): host.MISSING_LONG,
    (False, False, True): host.MISSING_LONG_SLIP,
    (False, True, False): host.MISSING_LONG_IN_CASE,
    (False, True, True): host.MISSING_LONG_SLIP_IN_CASE,
}


def _facts(field: Field) -> dict[str, Any]:
    return {"field": field.name, "title": field.title, "clause": _clause(field.clause)}


@lru_cache(64)  # the dictionaries' own, and 规范外
def _clause(clause: str) -> str:
    """A clause, whose documents count appendices in Chinese."""
    if clause.isascii():
        return clause
    return Bilingual(clause, clause.replace("附录", "appendix ").replace("规范外", "in no document"))


def _place(field: Field, others: int) -> str:
    """A field for the clerk: title and name, or the name alone where `others` characters more are too many."""
    place = f"{field.title} {field.name}"
    return place if len(place) + others <= host.ROOM else field.name


def _is_entry(dictionary: str, text: str) -> bool:
    """Whether `text` is a code of the dictionary or a name: VC gives nation 50 characters, and hosts send 汉族."""
    rows = DICTIONARIES[dictionary]
    return rows.find(text) is not None or any(row.name == text for row in rows.entries)
