"""The order in which base strings are tried on one request: the likely first, by what each departure from it costs.

A plan is a list of units of about the same work; a unit is tried by `run_unit` and gives the base strings that make the
sign of the request. Units are numbered, and the number means the same in every process with the same request, so that
processes can share a plan and a search can be resumed. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import Any

from shim.crypto import byte_text, digests
from shim.learn.base_string import (
    DIGESTS,
    PARTS,
    BaseString,
    Signed,
    digests_of,
    fields_of,
    joined_fields,
    raw_sign,
)
from shim.learn.encryption import encoding_of
from shim.learn.endings import EndingGroup, SignEnding, ending_counts, ending_groups
from shim.learn.secrets import shaped

EFFORT = 4
"""How many departures from the likely are tried together."""

# VC 4.1.1, the order in which the document prints the common fields.
SPECIFICATION = ("method", "app_id", "term_id", "version", "timestamp", "sign_type", "enc_type", "biz_content")
_JOINERS = (
    ("&", 0),
    ("", 0),
    (",", 1),
    ("|", 1),
    (";", 2),
    ("+", 2),
    ("\n", 2),
    ("#", 2),
    (" ", 2),
    ("_", 2),
    ("-", 2),
    ("$", 2),
    ("^", 3),
    ("\r\n", 3),
)
_MOST_NODES = 300_000
# Orders of few fields come before base strings that depart from the likely in more than this.
_SHORT, _SHORT_AFTER = 4, 2


@dataclass(frozen=True, slots=True)
class Unit:
    """Some of the work: the fields of one base string with all endings of one cost; or, with `first`, the orders of the
    fields that begin with that one, `depth` fields at most."""

    base: BaseString
    cost: int
    first: str = ""
    depth: int = 0


@dataclass(slots=True)
class Plan:
    """What is tried on one request.

    Args:
        effort: see `EFFORT`; 0 only the likely.

    Attributes:
        encodings: how the sign may be written.
        size: the bytes of the sign; 0 for what is no sign of a digest.
    """

    signed: Signed
    effort: int = EFFORT
    units: list[Unit] = field(default_factory=list)
    encodings: tuple[str, ...] = ()
    size: int = 0
    _compiled: dict[tuple[str, str, str, int], Mapping[EndingGroup, list[SignEnding]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.encodings = sign_encodings(self.signed.sign)
        self.size = len(byte_text.from_text(self.signed.sign, self.encodings[0])) if self.encodings else 0
        by_cost, orders = list(self._by_cost()), list(self._orders()) if self.effort >= _SHORT_AFTER else []
        early = next((at for at, (total, _) in enumerate(by_cost) if total > _SHORT_AFTER), len(by_cost))
        short = [replace(unit, depth=min(unit.depth, _SHORT)) for unit in orders]
        plain = [unit for _, unit in by_cost]
        whole = [unit for unit in orders if unit.depth > _SHORT and self.effort >= EFFORT]
        self.units = [
            *plain[:early],
            *short,
            *(unit for unit in whole if unit.base.parts == "pairs"),
            *plain[early:],
            *(unit for unit in whole if unit.base.parts != "pairs"),
        ]

    def _by_cost(self) -> Iterator[tuple[int, Unit]]:
        """The fields in every arrangement with every ending, the likely first; with the cost of both."""
        if not self.size or not digests_of(self.size):
            return
        rows: list[tuple[int, int, BaseString]] = []
        for scope_cost, scope, over in self._scopes():
            start = BaseString(scope=scope, sign_over=over, sign_encoding=self.encodings[0])
            fields = fields_of(start, self.signed)
            for cost, base in self._arranged(start, fields, scope_cost):
                rows.append((cost, len(rows), base))
        rows.sort(key=lambda row: row[:2])
        for total in range(self.effort + 1):
            for cost, _, base in rows:
                if cost <= total:
                    yield total, Unit(base, total - cost)

    def _scopes(self) -> Iterator[tuple[int, str, str]]:
        yield 0, "outer", "plain"
        if self.signed.sealed and self.signed.sealed != self.signed.fields.get(self.signed.content):
            yield 0, "outer", "sealed"
        if fields_of(BaseString(scope="inner"), self.signed):
            yield 0, "inner", "plain"
            yield 1, "merged", "plain"

    def _arranged(self, start: BaseString, fields: Any, spent: int) -> Iterator[tuple[int, BaseString]]:
        names = list(fields)
        empties = any(value in (None, "") for value in fields.values())
        nulls = any(value is None for value in fields.values())
        for sort_cost, sort, order in self._sorts(start, names):
            for empty_cost, empty in (
                (0, "drop"),
                *(((0, "keep"),) if empties else ()),
                *(((1, "null"),) if nulls else ()),
            ):
                for form_cost, form in ((0, "as-is"), (2, "url"), (3, "url-lower"), (2, "form")):
                    for part_cost, parts, equals in (
                        (0, "pairs", "="),
                        (1, "values", "="),
                        (1, "pairs", ""),
                        (2, "pairs", ":"),
                    ):
                        for join_cost, joiner in ((cost, text) for text, cost in _JOINERS):
                            cost = spent + sort_cost + empty_cost + form_cost + part_cost + join_cost
                            if cost > self.effort:
                                continue
                            base = replace(
                                start,
                                sort=sort,
                                fields=order,
                                empty=empty,
                                value_form=form,
                                parts=parts,
                                equals=equals,
                                joiner=joiner,
                            )
                            yield cost, base
                            if cost + 1 <= self.effort:
                                for name in ("key", "app_key", "app_secret", "appKey", "appSecret", "secret"):
                                    if sort != "fixed" and name not in names:
                                        yield cost + 1, replace(base, secret_field=name, append_secret="no", tail="")
                            yield from self._left_out(base, names, cost)

    def _sorts(self, start: BaseString, names: list[str]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        by_name = sorted(names)
        yield 0, "ascii", ()
        if sorted(names, key=lambda name: (name.lower(), name)) != by_name:
            yield 0, "ignore-case", ()
        if names != by_name:
            yield 0, "kept", ()
        yield 1, "descending", ()
        if start.scope == "outer":
            orders = [tuple(name for name in SPECIFICATION if name in names)]
            orders.append(tuple(name for name in self.signed.host if name in names))
            seen = {tuple(names), tuple(by_name), ()}
            for order in orders:
                if order not in seen:
                    seen.add(order)
                    yield 1, "fixed", order
                    yield 2, "fixed", order[::-1]

    def _left_out(self, base: BaseString, names: list[str], spent: int) -> Iterator[tuple[int, BaseString]]:
        """The same without one field, two, three."""
        if base.scope != "outer" and len(names) > 12:
            return
        for count in (1, 2, 3, 4):
            if spent + count > self.effort:
                return
            for group in combinations(names, count):
                if base.sort == "fixed":
                    rest = tuple(name for name in base.fields if name not in group)
                    if rest and len(rest) == len(base.fields) - count:
                        yield spent + count, replace(base, fields=rest)
                else:
                    yield spent + count, replace(base, unsigned=frozenset(group))

    def _orders(self) -> Iterator[Unit]:
        """Every order of every selection of the fields, as far as that is bounded."""
        if not self.size or not digests_of(self.size):
            return
        for parts, joiner in (("pairs", "&"), ("values", ""), ("pairs", ""), ("values", "&")):
            for _, scope, over in self._scopes():
                if scope != "outer":
                    continue
                base = BaseString(
                    scope=scope, sign_over=over, parts=parts, joiner=joiner, sort="fixed", empty="keep",
                    sign_encoding=self.encodings[0],
                )  # fmt: skip
                names = list(fields_of(base, self.signed))
                depth = _depth(len(names))
                for name in names:
                    yield Unit(base, 0, name, depth)

    def run_unit(self, number: int) -> list[BaseString]:
        """The base strings of a unit that make the sign."""
        unit = self.units[number]
        return list(self._run_orders(unit) if unit.first else self._run_endings(unit))

    def candidates(self, number: int) -> int:
        """About how many base strings a unit holds, for the estimate."""
        unit = self.units[number]
        if unit.first:
            return _nodes(len(self.signed.fields), unit.depth) // max(1, len(self.signed.fields)) * 8
        return ending_counts(unit.base.joiner, _equals(unit.base), self.size, self.effort)[unit.cost]

    # ---- trying ------------------------------------------------------------------------------------------------------

    def _run_endings(self, unit: Unit) -> Iterator[BaseString]:
        for source in dict.fromkeys(secret.source for secret in self.signed.secrets):
            text = next(secret.text for secret in self.signed.secrets if secret.source == source)
            if unit.base.secret_field:
                yield from self._with_secret_inside(unit, source, text)
            else:
                yield from self._with_endings(unit, source, text)

    def _with_secret_inside(self, unit: Unit, source: str, text: str) -> Iterator[BaseString]:
        if unit.cost > 1:
            return
        for form, secret in shaped(text):
            base = replace(unit.base, secret_form=form, source=source)
            if (form == "as-is") == (unit.cost == 0):
                fields = joined_fields(base, self.signed, secret)
                groups: dict[EndingGroup, list[SignEnding]] = {}
                for digest in digests_of(self.size):
                    if not DIGESTS[digest][1]:
                        columns = replace(base, digest=digest)
                        groups[digest, "as-is", "no"] = [SignEnding(b"", b"", columns)]
                yield from self._matches(base, fields, groups, secret)

    def _with_endings(self, unit: Unit, source: str, text: str) -> Iterator[BaseString]:
        base = unit.base
        fields = joined_fields(base, self.signed, text)
        for form, secret in shaped(text):
            key = (base.joiner, _equals(base), f"{source} {form}", unit.cost)
            groups = self._compiled.get(key)
            if groups is None:
                groups = self._compiled[key] = ending_groups(
                    base.joiner, _equals(base), self.size, self.effort, unit.cost, form, secret, source
                )
            yield from self._matches(base, fields, groups, secret)

    def _matches(
        self, base: BaseString, fields: str, groups: Mapping[EndingGroup, Sequence[SignEnding]], secret: str
    ) -> Iterator[BaseString]:
        raw, encoding, part = self._raw, base.sign_encoding, self.size == 8
        for (digest, case, again), endings in groups.items():
            cased = _CASES[case](fields)
            name, keyed = DIGESTS[digest]
            for charset in ("utf-8",) if cased.isascii() else ("utf-8", "gbk"):
                data = cased.encode("utf-8" if charset == "utf-8" else "gb18030", "replace")
                state = _new(name, data)
                for ending in endings:
                    if keyed:
                        made = raw_sign(digest, ending.before + data + ending.behind, secret)
                    elif ending.before:
                        made = _new(name, ending.before + data + ending.behind).digest()
                    else:
                        tried = state.copy()
                        tried.update(ending.behind)
                        made = tried.digest()
                    if again != "no":
                        written = byte_text.to_text(made, encoding) + (secret if again == "text-secret" else "")
                        made = raw_sign(digest, written.encode(), secret)
                    if made == raw or (part and self._part(made, encoding)):
                        columns = ending.columns
                        yield replace(
                            base, digest=digest, charset=charset, tail=columns.tail, head=columns.head,
                            lead=columns.lead, secret_at=columns.secret_at, append_secret=columns.append_secret,
                            base_case=columns.base_case, secret_form=columns.secret_form, sign_again=again,
                            sign_part=self._part(made, encoding) or "all", source=columns.source,
                        )  # fmt: skip

    def _part(self, raw: bytes, encoding: str) -> str | None:
        """Which part of a sign the request has; None for none."""
        if self.size != 8:
            return "all" if raw == self._raw else None
        written = byte_text.to_text(raw, encoding)
        return next((part for part, place in PARTS.items() if written[place] == self.signed.sign), None)

    @property
    def _raw(self) -> bytes:
        return _raw(self.signed.sign, self.encodings[0])

    def _run_orders(self, unit: Unit) -> Iterator[BaseString]:
        base = unit.base
        values = {
            name: joined_fields(replace(base, fields=(name,)), self.signed, "") for name in fields_of(base, self.signed)
        }
        charset = "utf-8"
        encoded = {name: text.encode("utf-8", "replace") for name, text in values.items()}
        joiner = base.joiner.encode()
        source, secret = next(((each.source, each.text) for each in self.signed.secrets), ("", ""))
        if not source:
            return
        named = ("key=", "app_secret=", "sign_key=", "secret=")
        tails = dict.fromkeys(("", "key=", "&key=", *(f"{base.joiner}{tail}" for tail in named)))
        ends = [(replace(base, tail=tail), f"{tail}{secret}".encode()) for tail in tails]
        kinds = [word for word in digests_of(self.size) if not DIGESTS[word][1]][:2]
        raw = self._raw
        for digest in kinds:
            name = DIGESTS[digest][0]
            stack: list[tuple[tuple[str, ...], Any]] = [((unit.first,), _new(name, encoded[unit.first]))]
            while stack:
                order, state = stack.pop()
                for row, end in ends:
                    tried = state.copy()
                    tried.update(end)
                    if tried.digest() == raw:
                        yield replace(row, digest=digest, fields=order, charset=charset, source=source)
                if len(order) < unit.depth:
                    for other, data in encoded.items():
                        if other not in order:
                            longer = state.copy()
                            longer.update(joiner + data)
                            stack.append(((*order, other), longer))


def sign_encodings(sign: str) -> tuple[str, ...]:
    """How a sign may be written, the likely first; hex without letters is of either case."""
    encoding = encoding_of([sign])
    if encoding is None:
        return ()
    return ("upper-hex", "lower-hex") if encoding != "base64" and sign.isdigit() else (encoding,)


@cache
def _raw(sign: str, encoding: str) -> bytes:
    return byte_text.from_text(sign, encoding)


class _Kept:
    """A digest for a library that lacks the algorithm: it keeps the data."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._data = name, data

    def copy(self) -> _Kept:
        return _Kept(self._name, self._data)

    def update(self, data: bytes) -> None:
        self._data += data

    def digest(self) -> bytes:
        return digests.digest(self._name.upper(), self._data)


def _new(name: str, data: bytes) -> Any:
    try:
        return hashlib.new(name, data, usedforsecurity=False)
    except ValueError:
        return _Kept(name, data)


_CASES: Mapping[str, Callable[[str], str]] = {"as-is": str, "upper": str.upper, "lower": str.lower}


def _equals(base: BaseString) -> str:
    return base.equals if base.parts == "pairs" else "="


def _nodes(count: int, depth: int) -> int:
    """How many orders there are of at most `depth` of `count` fields."""
    total, product = 0, 1
    for at in range(depth):
        product *= count - at
        total += product
    return total


def _depth(count: int) -> int:
    """How many fields an order may have so that all of them are few enough."""
    depth = count
    while depth > 1 and _nodes(count, depth) > _MOST_NODES:
        depth -= 1
    return depth
