"""Values that a DLL makes itself (clock, nonce, counter, this PC's addresses): the table `MADE_RULES`, and `Maker`.

A rule is what a column such as `added` has behind the equals sign: a word and its argument, ``random:hex-lower:32``, or
several joined by plus signs, ``clock:yyyyMMddHHmmss+random:digits:6``. `fits` tells whether a value could have been
made by a rule. `LiveMaker` makes values; replay has a maker of its own, which repeats what a capture holds.

Not here: where the values go (`additions`). The clock, the randomness and the adapters come in through the maker.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from types import MappingProxyType
from typing import Protocol

TOLERANCE = 2.0
"""Seconds by which a time may lie outside a call: clocks are read before and after it, and some are coarse."""

_HEX = "0123456789abcdef"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
ALPHABETS: Mapping[str, str] = MappingProxyType(
    {
        "hex-lower": _HEX,
        "hex-upper": _HEX.upper(),
        "digits": _DIGITS,
        "alnum": _DIGITS + _LETTERS.upper() + _LETTERS,
        "alnum-lower": _DIGITS + _LETTERS,
        "alnum-upper": _DIGITS + _LETTERS.upper(),
        "letters": _LETTERS.upper() + _LETTERS,
    }
)
_MOST_CHARACTERS = 1024


class Maker(Protocol):
    """Makes the values of one call, or of all."""

    def value(self, name: str, rule: str) -> str:
        """A value for the field `name` by `rule`, which has no part ``field:`` left. Any thread."""


# ---- the rules -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sources:
    """What rules make values of.

    Attributes:
        clock: seconds since 1970.
        choose: that many characters of an alphabet, at random.
        identity: the MAC of this PC, as 12 hexadecimal digits, and its IPv4; "" for what is not known.
    """

    clock: Callable[[], float]
    choose: Callable[[str, int], str]
    count: Callable[[], int]
    identity: Callable[[], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MadeRule:
    """One way of making a value.

    Attributes:
        name: the word that a rule begins with.
        argument: what follows it, for the documentation; "" for nothing.
        meaning: what the value is; for the documentation.
        make: from the argument and the sources to the value.
        pattern: from the argument to a regular expression of all values; ValueError for one that cannot be used.
        holds: whether a value of that pattern can have been made between two times.
    """

    name: str
    argument: str
    meaning: str
    make: Callable[[str, Sources], str]
    pattern: Callable[[str], str]
    holds: Callable[[str, str, float, float], bool] = lambda argument, value, began, ended: True


# NB: SSS before ss, or "ssSSS" would be read from the middle.
_CLOCK_PARTS = re.compile("yyyy|yy|MM|dd|HH|mm|SSS|ss")
_WIDTHS = {"yyyy": 4, "yy": 2, "MM": 2, "dd": 2, "HH": 2, "mm": 2, "ss": 2, "SSS": 3}


def written_time(format_: str, seconds: float) -> str:
    """A time as ``clock:FORMAT`` writes it, in the time zone of this PC."""
    milliseconds = int(seconds * 1000 + 1e-4)
    if format_ == "unix":
        return str(milliseconds // 1000)
    if format_ == "unix-ms":
        return str(milliseconds)
    return _written(format_, time.localtime(milliseconds // 1000), milliseconds % 1000)


def _written(format_: str, local: time.struct_time, milliseconds: int) -> str:
    year = local.tm_year
    parts = {"yyyy": year, "yy": year % 100, "MM": local.tm_mon, "dd": local.tm_mday, "HH": local.tm_hour}
    parts |= {"mm": local.tm_min, "ss": local.tm_sec, "SSS": milliseconds}
    return _CLOCK_PARTS.sub(lambda match: str(parts[match[0]]).rjust(_WIDTHS[match[0]], "0"), format_)


def _clock_pattern(format_: str) -> str:
    if format_ in ("unix", "unix-ms"):
        return "[0-9]{9,11}" if format_ == "unix" else "[0-9]{12,14}"
    parts = _CLOCK_PARTS.findall(format_)
    if not parts or len(set(parts)) != len(parts):
        raise ValueError(format_)
    pieces, at = [], 0
    for match in _CLOCK_PARTS.finditer(format_):
        pieces += [re.escape(format_[at : match.start()]), f"[0-9]{{{_WIDTHS[match[0]]}}}"]
        at = match.end()
    return "".join([*pieces, re.escape(format_[at:])])


def _clock_holds(format_: str, value: str, began: float, ended: float) -> bool:
    first, last = began - TOLERANCE, ended + TOLERANCE
    if format_ in ("unix", "unix-ms"):
        unit = 1 if format_ == "unix" else 1000
        return int(first * unit) <= int(value) <= int(last * unit)
    at = 0
    milliseconds = 0
    for match in re.finditer(rf"{_CLOCK_PARTS.pattern}|[\s\S]", format_):
        if match[0] == "SSS":
            milliseconds = int(value[at : at + 3])
        at += _WIDTHS.get(match[0], 1)
    return any(_written(format_, time.localtime(second), milliseconds) == value for second in _seconds(first, last))


def _seconds(first: float, last: float) -> Iterator[int]:
    return iter(range(int(first), int(last) + 1))


def _random_parts(argument: str) -> tuple[str, int]:
    kind, _, length = argument.rpartition(":")
    if kind not in ALPHABETS or not length.isascii() or not length.isdigit() or not 0 < int(length) <= _MOST_CHARACTERS:
        raise ValueError(argument)
    return ALPHABETS[kind], int(length)


def _random_pattern(argument: str) -> str:
    alphabet, length = _random_parts(argument)
    return f"[{alphabet}]{{{length}}}"


def _make_random(argument: str, sources: Sources) -> str:
    return sources.choose(*_random_parts(argument))


_UUIDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "": str,
        "upper": str.upper,
        "braces": lambda text: f"{{{text.upper()}}}",
        "braces-lower": lambda text: f"{{{text}}}",
    }
)


def _uuid(argument: str, sources: Sources) -> str:
    digits = _version_4(sources)
    marks = zip((0, 8, 12, 16, 20), (8, 12, 16, 20, 32), strict=True)
    return _UUIDS[argument]("-".join(digits[first:end] for first, end in marks))


def _version_4(sources: Sources) -> str:
    """NB: not by the module uuid, which takes 2 ms to import."""
    return f"{sources.choose(_HEX, 12)}4{sources.choose(_HEX, 3)}{sources.choose('89ab', 1)}{sources.choose(_HEX, 15)}"


def _uuid_pattern(argument: str) -> str:
    digit = "[0-9A-F]" if argument in ("upper", "braces") else "[0-9a-f]"
    if argument not in _UUIDS:
        raise ValueError(argument)
    bare = f"{digit}{{8}}-{digit}{{4}}-{digit}{{4}}-{digit}{{4}}-{digit}{{12}}"
    return rf"\{{{bare}\}}" if argument.startswith("braces") else bare


def _plain_uuid(argument: str, sources: Sources) -> str:
    text = _version_4(sources)
    return text.upper() if argument else text


def _plain_uuid_pattern(argument: str) -> str:
    if argument not in ("", "upper"):
        raise ValueError(argument)
    return "[0-9A-F]{32}" if argument else "[0-9a-f]{32}"


def _digits(argument: str) -> int:
    if argument and not (argument.isascii() and argument.isdigit() and 0 < int(argument) <= 20):
        raise ValueError(argument)
    return int(argument or 0)


def _counter_pattern(argument: str) -> str:
    digits = _digits(argument)
    return f"[0-9]{{{digits}}}|[1-9][0-9]{{{digits},}}" if digits else "0|[1-9][0-9]*"


_MACS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # the mark between two digits of hex, and their case
        "colon": (":", "lower"),
        "colon-upper": (":", "upper"),
        "dash": ("-", "upper"),
        "dash-lower": ("-", "lower"),
        "plain": ("", "upper"),
        "plain-lower": ("", "lower"),
    }
)


def _mac(argument: str, sources: Sources) -> str:
    mark, case = _MACS[argument]
    mac = sources.identity()[0]
    text = mark.join(mac[at : at + 2] for at in range(0, len(mac), 2))
    return text.lower() if case == "lower" else text.upper()


def _mac_pattern(argument: str) -> str:
    if argument not in _MACS:
        raise ValueError(argument)
    mark, case = _MACS[argument]
    digit = "[0-9a-f]" if case == "lower" else "[0-9A-F]"
    return mark.join([f"{digit}{{2}}"] * 6)


def _nothing(argument: str, pattern: str) -> str:
    if argument:
        raise ValueError(argument)
    return pattern


def _named(argument: str) -> str:
    if not argument:
        raise ValueError(argument)
    return r"[\s\S]*"


_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

_RULES = (
    MadeRule("text", "VALUE", "this text", lambda argument, sources: argument, re.escape),
    MadeRule(
        "clock",
        "FORMAT",
        "the time of this PC, of yyyy, yy, MM, dd, HH, mm, ss and SSS with anything between; or `unix` (seconds since "
        "1970), `unix-ms`",
        lambda argument, sources: written_time(argument, sources.clock()),
        _clock_pattern,
        _clock_holds,
    ),
    MadeRule("random", "KIND:N", f"N random characters; KIND is {', '.join(ALPHABETS)}", _make_random, _random_pattern),
    MadeRule(
        "uuid-plain",
        "upper",
        "a random UUID without dashes, in lower case unless `upper` follows",
        _plain_uuid,
        _plain_uuid_pattern,
    ),
    MadeRule(
        "uuid",
        "FORM",
        "a random UUID; FORM is left out, upper, braces (upper case in braces), braces-lower",
        _uuid,
        _uuid_pattern,
    ),
    MadeRule(
        "counter",
        "N",
        "how many values this process has made, zero padded to N digits where N is written",
        lambda argument, sources: str(sources.count()).rjust(_digits(argument), "0"),
        _counter_pattern,
    ),
    MadeRule("mac", "FORM", f"the MAC of this PC; FORM is {', '.join(_MACS)}", _mac, _mac_pattern),
    MadeRule(
        "ip",
        "",
        "the IPv4 of this PC",
        lambda argument, sources: sources.identity()[1],
        lambda argument: _nothing(argument, rf"{_OCTET}(?:\.{_OCTET}){{3}}"),
    ),
    MadeRule("field", "NAME", "the value of another field", lambda argument, sources: "", _named),
)

MADE_RULES: Mapping[str, MadeRule] = MappingProxyType({rule.name: rule for rule in _RULES})

_JOINT = re.compile(rf"\+(?=(?:{'|'.join(MADE_RULES)})(?:[:+]|\Z))")


def parts_of(rule: str) -> tuple[tuple[MadeRule, str], ...]:
    """The parts of a rule, each with its argument. ValueError for a rule that cannot be used."""
    parts = []
    for part in _JOINT.split(rule):
        word, _, argument = part.partition(":")
        if word not in MADE_RULES:
            raise ValueError(rule)
        row = MADE_RULES[word]
        row.pattern(argument)
        parts.append((row, argument))
    return tuple(parts)


def fits(rule: str, value: str, began: float, ended: float) -> bool:
    """Whether `rule` can have made `value` in a call between two times (seconds since 1970).

    A time fits within `TOLERANCE` of the call. A part ``field:`` fits any text: whoever has the field compares it.
    ValueError for a rule that cannot be used.
    """
    parts = parts_of(rule)
    match = re.fullmatch("".join(f"({row.pattern(argument)})" for row, argument in parts), value)
    return match is not None and all(
        row.holds(argument, match[number], began, ended) for number, (row, argument) in enumerate(parts, 1)
    )


# ---- the maker of the product ----------------------------------------------------------------------------------------


def _choose(alphabet: str, length: int) -> str:
    numbers = os.urandom(8 * length)
    return "".join(
        alphabet[int.from_bytes(numbers[at : at + 8], "big") % len(alphabet)] for at in range(0, 8 * length, 8)
    )


def _no_identity() -> tuple[str, str]:
    return "", ""


@dataclass(frozen=True, slots=True)
class LiveMaker:
    """Makes values from the clock, the randomness of the system, a counter and this PC's addresses. Any thread.

    Args:
        identity: as in `Sources`.
        clock: seconds since 1970.
        numbers: the counter; NB: one for the process, so that no two calls have the same number.
    """

    identity: Callable[[], tuple[str, str]] = _no_identity
    clock: Callable[[], float] = time.time
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def value(self, name: str, rule: str) -> str:
        """See Maker."""
        now = self.clock()  # one time for all parts
        sources = Sources(lambda: now, _choose, lambda: next(self.numbers), self.identity)
        return "".join(row.make(argument, sources) for row, argument in parts_of(rule))


@dataclass(frozen=True, slots=True)
class SameMaker:
    """Gives the values of another maker, the same one each time it is asked for the same field and rule."""

    maker: Maker
    _values: dict[tuple[str, str], str] = field(default_factory=dict)

    def value(self, name: str, rule: str) -> str:
        """See Maker."""
        if (name, rule) not in self._values:
            self._values[name, rule] = self.maker.value(name, rule)
        return self._values[name, rule]


# ---- fields of OutData -----------------------------------------------------------------------------------------------

OUT_RULES: Mapping[str, str] = MappingProxyType(
    {
        "text": "this text",
        "json": "this JSON value",
        "answer": "the field of the platform's answer",
        "request": "the field of InData; `biz_content.NAME` for one inside it",
    }
)


def out_rule(rule: str) -> tuple[str, str]:
    """Word and argument of a rule for a field of OutData. ValueError for a rule that cannot be used."""
    word, colon, argument = rule.partition(":")
    if word not in OUT_RULES or not colon or not (argument or word == "text"):
        raise ValueError(rule)
    if word == "json":
        json.loads(argument)
    return word, argument
