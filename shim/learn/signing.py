"""How the signs of many requests are made: one request gives it away, all others confirm it or tell what is different.

A base string that fits one request by accident does not exist; what one request cannot tell (a field that is never
empty, a name in ASCII) the others do, by trying every column in all its values. Pure but for the searcher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shim.learn.base_string import DIGESTS, BaseString, Signed, digests_of, fields_of, makes_sign
from shim.learn.plan import EFFORT, SPECIFICATION, Plan, sign_encodings
from shim.learn.search import Searcher
from shim.learn.secrets import shaped

_PINS = 2


@dataclass(frozen=True, slots=True)
class FoundSign:
    """How the signs of one sign_type are made.

    Attributes:
        base: that fits most requests.
        fitting, misfits: the samples that it fits, and the others.
        pinned_by: the sample that gave it away.
        same: by column, the other values that fit all of `fitting` as well.
    """

    base: BaseString
    fitting: tuple[int, ...]
    misfits: tuple[int, ...]
    pinned_by: int
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def find_sign(
    group: Sequence[Signed], searcher: Searcher, known: Iterable[BaseString] = (), effort: int = EFFORT
) -> FoundSign | None:
    """How the signs of requests of the same sign_type are made; None where nothing that is tried fits one of them.

    Args:
        known: base strings of the same platform, tried first with every digest.
        effort: that of the search on the first request; the others are there in case the first is an odd one.
    """
    best: FoundSign | None = None
    encoding, size = next(iter(sign_encodings(group[0].sign)), "upper-hex"), Plan(group[0], 0).size
    for base in known:
        for digest in digests_of(size):
            for keyed in (_as_signer(base, digest), replace(base, digest=digest)):
                trial = replace(keyed, sign_encoding=encoding)
                number = next((each.number for each in group if makes_sign(trial, each)), None)
                if number is not None:
                    best = _better(best, _refined(trial, group, number))
                if best is not None and not best.misfits:
                    return best
    for at, pin in enumerate(_pins(group)):
        if best is not None and pin.number in best.fitting:
            continue
        for base in searcher.find(pin, max(effort - at, 0))[:8]:
            best = _better(best, _refined(base, group, pin.number))
            if not best.misfits:
                return best
        if best is not None and len(best.fitting) > len(best.misfits):
            return best  # the others are the odd ones
    return best


def agreed(
    found: Mapping[str, FoundSign | None], groups: Mapping[str, Sequence[Signed]]
) -> dict[str, FoundSign | None]:
    """The same signs by one base string, if there is one that fits all that they fit: few requests of one sign_type may
    leave open what those of another decide."""
    signs = {word: sign for word, sign in found.items() if sign is not None}
    wanted = sum(len(sign.fitting) for sign in signs.values())

    def fitting(base: BaseString) -> int:
        return sum(_count(_as_signer(base, sign.base.digest), groups[word]) for word, sign in signs.items())

    bases = [sign.base for sign in sorted(signs.values(), key=lambda sign: -len(sign.fitting))]
    every = [each for word in signs for each in groups[word]]
    for base in (*bases, *(other for each in bases for _, other in variations(each, every))):
        if fitting(base) < wanted:
            continue
        return {
            word: None if sign is None else replace(sign, base=_as_signer(base, sign.base.digest))
            for word, sign in found.items()
        }
    return dict(found)


def _as_signer(base: BaseString, digest: str) -> BaseString:
    keyed = DIGESTS[digest][1]
    if keyed == DIGESTS[base.digest][1]:
        return replace(base, digest=digest)
    return replace(base, digest=digest, append_secret="no" if keyed else "yes")


def _better(one: FoundSign | None, other: FoundSign) -> FoundSign:
    return other if one is None or len(other.fitting) > len(one.fitting) else one


def _pins(group: Sequence[Signed]) -> list[Signed]:
    """The requests that the search begins with: plain ones of usual fields, because they have the fewest readings."""
    shapes: dict[frozenset[str], int] = {}
    for each in group:
        names = frozenset(each.fields)
        shapes[names] = shapes.get(names, 0) + 1

    def rank(each: Signed) -> tuple[int, int, int, int]:
        texts = [str(value) for value in each.fields.values() if value is not None]
        empties = sum(value in (None, "") for value in each.fields.values())
        return -shapes[frozenset(each.fields)], empties, sum(not text.isascii() for text in texts), sum(map(len, texts))

    ranked = sorted(group, key=rank)
    others = [each for each in ranked[1:] if _secret(each) != _secret(ranked[0])] or ranked[1:]
    return [*ranked[:1], *others[len(others) // 2 :][: _PINS - 1]]


def _secret(signed: Signed) -> str:
    return signed.secrets[0].text if signed.secrets else ""


def _refined(base: BaseString, group: Sequence[Signed], pin: int) -> FoundSign:
    """The base string, with every column changed as long as more requests fit."""
    count = _count(base, group)
    while count < len(group):
        changes = [(_count(other, group), -at, other) for at, (_, other) in enumerate(variations(base, group))]
        best = max(changes, default=(0, 0, base), key=lambda change: change[:2])
        if best[0] <= count:
            pairs = [
                (_count(other, group), -at, other)
                for at, other in enumerate(
                    second for _, first in _narrow(base, group) for _, second in _narrow(first, group)
                )
            ]
            best = max(pairs, default=(0, 0, base), key=lambda change: change[:2])
        if best[0] <= count:
            break
        count, base = best[0], best[2]
    fitting = [each for each in group if makes_sign(base, each)]
    same: dict[str, list[str]] = {}
    for column, other in variations(base, group):
        if all(makes_sign(other, each) for each in fitting):
            same.setdefault(column, []).append(shown(other, column))
    misfits = tuple(each.number for each in group if each not in fitting)
    return FoundSign(
        base, tuple(each.number for each in fitting), misfits, pin, {name: tuple(words) for name, words in same.items()}
    )


def _count(base: BaseString, group: Sequence[Signed]) -> int:
    return sum(makes_sign(base, each) for each in group)


def shown(base: BaseString, column: str) -> str:
    """The value of a column, as it is told."""
    value = getattr(base, column)
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def variations(base: BaseString, group: Sequence[Signed]) -> Iterator[tuple[str, BaseString]]:
    """The base strings that differ in one column, with its name."""
    yield from _narrow(base, group)
    names = list(dict.fromkeys(name for each in group for name in fields_of(base, each)))
    for name in names:
        if base.sort == "fixed":
            if name in base.fields:
                yield "fields", replace(base, fields=tuple(each for each in base.fields if each != name))
        elif name not in base.unsigned:
            yield "unsigned", replace(base, unsigned=base.unsigned | {name})
    for name in base.unsigned:
        yield "unsigned", replace(base, unsigned=base.unsigned - {name})
    for form in ("as-is", "url", "url-lower", "form"):
        if form != base.value_form:
            yield "value_form", replace(base, value_form=form)
    for case in ("as-is", "upper", "lower", "upper-but-secret", "lower-but-secret"):
        if case != base.base_case:
            yield "base_case", replace(base, base_case=case)
    forms = dict.fromkeys(form for each in group for secret in each.secrets for form, _ in shaped(secret.text))
    for form in forms:
        if form != base.secret_form:
            yield "secret_form", replace(base, secret_form=form)


def _narrow(base: BaseString, group: Sequence[Signed]) -> Iterator[tuple[str, BaseString]]:
    """The changes that are worth trying two at a time."""
    for empty in ("drop", "keep", "null"):
        if empty != base.empty:
            yield "empty", replace(base, empty=empty)
    for charset in ("utf-8", "gbk"):
        if charset != base.charset:
            yield "charset", replace(base, charset=charset)
    for scope, over in (("outer", "plain"), ("outer", "sealed"), ("inner", "plain"), ("merged", "plain")):
        if (scope, over) != (base.scope, base.sign_over):
            column = "sign_over" if scope == base.scope else "scope"
            yield column, replace(base, scope=scope, sign_over=over)
    for sort in ("ascii", "ignore-case", "kept", "descending"):
        if sort != base.sort:
            yield "sort", replace(base, sort=sort, fields=())
    for order in _orders(base, group):
        if base.sort != "fixed" or order != base.fields:
            yield "sort", replace(base, sort="fixed", fields=order)
    for source in dict.fromkeys(secret.source for each in group for secret in each.secrets):
        if source != base.source:
            yield "source", replace(base, source=source)


def _orders(base: BaseString, group: Sequence[Signed]) -> Iterator[tuple[str, ...]]:
    """Fixed orders that name all signed fields of all requests."""
    if base.scope != "outer":
        return
    names = list(dict.fromkeys(name for each in group for name in fields_of(base, each) if name not in base.unsigned))
    yield tuple(sorted(names))
    first = [name for name in SPECIFICATION if name in names]
    yield tuple([*first, *(name for name in names if name not in first)])
    if base.fields:
        yield tuple([*base.fields, *(name for name in names if name not in base.fields)])
