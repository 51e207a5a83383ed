"""Where each field of a request comes from: the host's own, renamed, dropped, or made by the vendor's DLL. Pure.

For the envelope of VirtualCardTrans, for the inside of biz_content, and for both levels of NationEcTrans: a row is what
the host passed and what was sent, with the times of the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from shim.dialects.made import ALPHABETS, MADE_RULES, fits
from shim.learn.samples import field_text

_CLOCKS = (
    "yyyyMMddHHmmss", "yyyyMMddHHmmssSSS", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.SSS", "yyyy/MM/dd HH:mm:ss",
    "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.SSS", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss+08:00",
    "yyyy-MM-dd HH:mm", "yyyyMMdd HHmmss", "yyyyMMddHHmm", "yyMMddHHmmss", "yyMMddHHmmssSSS", "unix", "unix-ms",
    "yyyyMMdd", "yyyy-MM-dd", "yyyy/MM/dd", "HHmmss", "HH:mm:ss", "HHmmssSSS", "yyMMdd",
)  # fmt: skip
_MACS = ("colon", "dash", "plain", "colon-upper", "dash-lower", "plain-lower")
_UUIDS = ("uuid", "uuid:upper", "uuid:braces", "uuid:braces-lower")
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}")
_PLAIN_MAC = re.compile("(?=.*[A-Fa-f])[0-9A-Fa-f]{12}")
_MAC_NAMES = re.compile("mac", re.IGNORECASE)
_IP = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One call, as far as its fields are concerned."""

    number: int
    host: Mapping[str, Any]
    wire: Mapping[str, Any]
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Where a field comes from.

    Attributes:
        name: on the wire, or for `dropped` in InData.
        kind: same, renamed, dropped, made (always), filled (where the host leaves it out), unknown.
        other: the rule of a made field, or the name in InData of a renamed one.
        count: calls that show it.
        open: filled and made cannot be told apart, because no host has filled the field.
    """

    name: str
    kind: str
    other: str = ""
    count: int = 0
    open: bool = False


def origins(rows: Sequence[FieldRow], skipped: frozenset[str] = frozenset()) -> list[FieldOrigin]:
    """Where the fields come from, those on the wire first.

    Args:
        skipped: fields that are something else: the sign, biz_content, `key`.
    """
    names = [name for name in dict.fromkeys(name for row in rows for name in row.wire) if name not in skipped]
    lost = [name for name in dict.fromkeys(name for row in rows for name in row.host) if name not in skipped]
    lost = [name for name in lost if not any(name in row.wire for row in rows)]
    found = [_origin(name, rows, lost) for name in names]
    taken = {each.other for each in found if each.kind == "renamed"}
    for name in lost:
        filled = [row for row in rows if field_text(row.host.get(name)) != ""]
        if name not in taken and filled:
            found.append(FieldOrigin(name, "dropped", count=len(filled)))
    return found


def _origin(name: str, rows: Sequence[FieldRow], lost: Sequence[str]) -> FieldOrigin:
    there = [row for row in rows if name in row.wire]
    given = [row for row in there if field_text(row.host.get(name)) != ""]
    same = [row for row in there if name in row.host and _equal(row.host[name], row.wire[name])]
    if len(same) == len(there):
        return FieldOrigin(name, "same", count=len(same))
    for other in lost:
        pairs = [row for row in there if field_text(row.host.get(other)) == field_text(row.wire[name])]
        if len(pairs) == len(there) and any(field_text(row.wire[name]) for row in there):
            return FieldOrigin(name, "renamed", other, len(pairs))
    made = [row for row in there if row not in same] if _all(row in same for row in given) else there
    kind = "filled" if given and _all(row in same for row in given) else "made"
    rule = made_rule(name, made, rows)
    if rule is None and kind == "filled":
        kind, rule = "made", made_rule(name, there, rows)
    if rule is None:
        return FieldOrigin(name, "unknown", count=len(made))
    return FieldOrigin(name, kind, rule, len(made), not given)


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are the same; the order inside objects and the type of a number make no difference."""
    return bool(one == other) or field_text(one) == field_text(other)


def _all(conditions: Iterator[bool]) -> bool:
    return all(conditions)


# ---- rules -----------------------------------------------------------------------------------------------------------


def made_rule(name: str, rows: Sequence[FieldRow], every: Sequence[FieldRow]) -> str | None:
    """The rule by which a DLL makes a field; None for none that explains all values.

    Args:
        rows: calls whose value the DLL has made.
        every: all calls, for a counter that goes on in calls of others.
    """
    values = [(field_text(row.wire[name]), row.began, row.ended) for row in rows]
    texts = [value for value, _, _ in values]
    if not texts or not all(texts):
        return "text:" if texts and not any(texts) else None
    constant = len(set(texts)) == 1 and not _is_clock(values)  # captures of one second have one time
    if constant:
        return _identity(name, values) or f"text:{texts[0]}"
    for other in dict.fromkeys(field for row in rows for field in row.wire if field != name):
        if all(field_text(row.wire.get(other)) == field_text(row.wire[name]) for row in rows):
            return f"field:{other}"
    for rule in _varying(values):
        if _fit(rule, values):
            return rule
    return _composed(values)


def _is_clock(values: Sequence[tuple[str, float, float]]) -> bool:
    return any(_fit(f"clock:{pattern}", values) for pattern in _CLOCKS)


def _identity(name: str, values: Sequence[tuple[str, float, float]]) -> str | None:
    value = values[0][0]
    if _MAC.fullmatch(value) or (_PLAIN_MAC.fullmatch(value) and _MAC_NAMES.search(name)):
        return next((f"mac:{style}" for style in _MACS if _fit(f"mac:{style}", values)), None)
    return "ip" if _IP.fullmatch(value) and _fit("ip", values) else None


def _varying(values: Sequence[tuple[str, float, float]]) -> Iterator[str]:
    texts = [value for value, _, _ in values]
    for pattern in _CLOCKS:
        yield f"clock:{pattern}"
    if _counts_up(texts):
        yield "counter"
        yield f"counter:{len(min(texts, key=len))}"
    yield from _UUIDS
    if all(len(text) == 32 and text[12:13] == "4" for text in texts):
        yield "uuid-plain"
        yield "uuid-plain:upper"
    lengths = {len(text) for text in texts}
    if len(lengths) == 1:
        for kind in ("digits", "hex-lower", "hex-upper", *(kind for kind in ALPHABETS)):
            yield f"random:{kind}:{len(texts[0])}"


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether most values are the one before and one; a restart of the program begins again."""
    if len(texts) < 2 or not all(text.isascii() and text.isdigit() and len(text) <= 15 for text in texts):
        return False
    numbers = list(map(int, texts))
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return sum(0 < step <= 100 for step in steps) * 10 >= len(steps) * 9 and max(steps) > 0


def _composed(values: Sequence[tuple[str, float, float]]) -> str | None:
    """A fixed beginning, a time, a counter or random characters, one behind the other."""
    texts = [value for value, _, _ in values]
    head = _common(texts)
    while head and head[-1:].isdigit():
        head = head[:-1]
    rest = [(value[len(head) :], began, ended) for value, began, ended in values]
    if head and all(value for value, _, _ in rest):
        for rule in _varying(rest):
            if _fit(rule, rest):
                return f"text:{head}+{rule}"
    for pattern in _CLOCKS:
        size = len(pattern) if not pattern.startswith("unix") else {"unix": 10, "unix-ms": 13}[pattern]
        first = [(value[:size], began, ended) for value, began, ended in rest]
        last = [(value[size:], began, ended) for value, began, ended in rest]
        if not all(value for value, _, _ in last) or not _fit(f"clock:{pattern}", first):
            continue
        middle = _common([value for value, _, _ in last])
        if len(set(value for value, _, _ in last)) == 1:
            tail = f"+text:{last[0][0]}"
        else:
            tail = next(
                (f"+{rule}" for rule in _varying(last) if not rule.startswith("clock") and _fit(rule, last)), ""
            )
            if not tail and middle:
                end = [(value[len(middle) :], began, ended) for value, began, ended in last]
                tail = next((f"+text:{middle}+{rule}" for rule in _varying(end) if _fit(rule, end)), "")
        if tail:
            return (f"text:{head}+" if head else "") + f"clock:{pattern}{tail}"
    return None


def _common(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    at = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:at]


def _fit(rule: str, values: Sequence[tuple[str, float, float]]) -> bool:
    try:
        return all(fits(rule, value, began, ended) for value, began, ended in values)
    except (ValueError, OverflowError):
        return False


RULE_WORDS = tuple(MADE_RULES)
