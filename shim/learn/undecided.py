"""Of what captures do not decide, the part that another call of the same hospital could show. Pure.

The search says of every column which other values give the same bytes. Most of that is idle: a hospital has one
application key, its host writes InData in one way, and a body whose biz_content is encrypted never has Chinese in it.
What stays is for people; what is left out decides no byte as long as the hospital is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from shim import codec
from shim.learn.encryption import is_sealed
from shim.learn.findings import LearnFinding, Weight, open_finding
from shim.learn.samples import Sample

# Columns that only another way of writing InData would tell apart.
_WRITING = ("content_text", "content_order", "content_place", "body_order", "sign_place", "host_words")
# Columns that only another application key would tell apart.
_KEY_TOPICS = ("cipher-key-rule", "same-secret_form")
_BODY_TEXT = ("same-body_charset", "same-body_escape")
_VALUES = ("same-content_values", "same-body_values")
_SEPARATOR = " / "


def showable(findings: Sequence[LearnFinding], samples: Sequence[Sample]) -> list[LearnFinding]:
    """The findings without the undecided ones that no other call of this hospital would show.

    Those that only another host program would show become one.
    """
    kept: list[LearnFinding] = []
    writing: list[str] = []
    seen = _Seen(samples)
    for each in findings:
        if each.weight is not Weight.UNDECIDED:
            kept.append(each)
        elif each.topic.removeprefix("same-") in _WRITING:
            writing.append(each.line)
        elif (left := _left(each, seen)) is not None:
            kept.append(left)
    if writing:
        kept.append(open_finding("same-writing", "", columns=", ".join(dict.fromkeys(writing))))
    return kept


class _Seen:
    """What the captured calls have."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        hosts = [each.host for each in samples]
        values = [value for host in hosts for value in _values(host)]
        self.one_key = len({each.key for each in samples}) == 1
        self.null = any(value is None for value in values)
        self.odd = self.null or any(isinstance(value, (bool, int, codec.Number)) for value in values)
        self.empty = any(value in (None, "") for host in hosts for name, value in host.items() if name != "sign")
        self.plain = any(not is_sealed(each.word("biz_content")) for each in samples)
        self.capitals = any(name != name.lower() for host in hosts for name in host)


def _values(value: Any) -> Iterator[Any]:
    """Every value in an object, however deep, but for the objects themselves."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _values(each)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each)
    else:
        yield value


def _left(finding: LearnFinding, seen: _Seen) -> LearnFinding | None:
    """A finding with the values that can be shown; None where there are none."""
    topic = finding.topic
    idle: set[str] = set()
    if topic in _KEY_TOPICS and seen.one_key:
        return None
    if (topic in _BODY_TEXT and not seen.plain) or (topic == "same-body_empty" and not seen.empty):
        return None
    if topic in _VALUES:
        if not seen.odd:
            return None
        idle = set() if seen.null else {"text-null"}
    elif topic == "same-empty":
        idle = set() if seen.null else {"null"}
    elif topic == "same-sort":
        idle = {"fixed"} if seen.capitals else {"fixed", "ignore-case"}
    elif topic in ("same-body_escape", "same-content_escape"):
        idle = {"html"}
    if not idle or "values" not in finding.facts:
        return finding
    values = [value for value in str(finding.facts["values"]).split(_SEPARATOR) if value not in idle]
    return replace(finding, facts={**finding.facts, "values": _SEPARATOR.join(values)}) if values else None
