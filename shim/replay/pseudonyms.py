"""Stand-ins for values: the same value always gets the same one, of the same kind and length. For the export.

What is replaced: everything that is not known to be harmless. What is kept: words of the specifications and of the
dialect, times near the call, short codes and flags, amounts. A kind keeps what programs look at: the check digit,
birthday and sex of an identity number, the prefix of an insurance code, the colons of a fused code, the marks of a MAC.
"""

from __future__ import annotations

import datetime
import random
import re
from collections.abc import Callable, Iterable

from shim.spec import EC_CODES, METHODS, SEEN_CODES, VC_CODES
from shim.spec.dictionaries import DICTIONARIES

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_COMMON = (
    "安白柏成春达德东方芳飞丰福刚光桂国海和红华欢辉惠吉佳建江杰金锦京景君凯康兰乐立丽莲良林玲龙美明敏宁平奇强琴青清庆泉"
    "荣瑞山珊生胜诗双思松涛天婷文武希贤祥晓新兴秀雪雅妍阳怡英永勇宇雨玉元月云泽哲真志中子"
)
_RARE = "".join(chr(code) for code in range(0x20020, 0x20060))  # four bytes in GB18030 and in UTF-8
_FOUR_BYTES = "".join(chr(code) for code in range(0x3410, 0x3440))  # four bytes in GB18030, three in UTF-8
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

_ID_18 = re.compile(r"[1-9]\d{5}((?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dXx]", re.ASCII)
_ID_15 = re.compile(r"[1-9]\d{5}(\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}", re.ASCII)
_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_INSURANCE = re.compile(r"(?:\d{3}|opc)\d{25}", re.ASCII)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}([:-])){5}[0-9A-Fa-f]{2}")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}", re.ASCII)
_URL = re.compile(r"(https?://)([^/?#:@]+)(:\d+)?(.*)", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(
    r"((?:18|19|20)\d\d)([-./\u5e74]?)(0?[1-9]|1[0-2])([-./\u6708]?)(0?[1-9]|[12]\d|3[01])(\u65e5?)", re.ASCII
)
_TIME = re.compile(
    r"(20\d\d)[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12]\d|3[01])"
    r"(?:[ T]?([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)[.]?\d{0,6})?",
    re.ASCII,
)
_MOMENT = re.compile(
    r"((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(\d{3})?", re.ASCII
)
_UNIX = re.compile(r"1\d{9}(?:\d{3})?", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,9}\.\d{1,4}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{8,}|[0-9A-F]{8,}")
_RUNS = re.compile(r"[0-9A-Za-z]+|[^0-9A-Za-z]")
_SHORT = re.compile(r"[0-9A-Za-z+-]{0,2}", re.ASCII)
_LONGEST_KEPT_DAYS = 2
_SECONDS_OF_DAY = 86400
_TRIES = 40


def harmless_words(more: Iterable[str] = ()) -> frozenset[str]:
    """The words that are kept wherever they stand: those of the specifications, and `more`."""
    words = {"true", "false", "null", "success", "succ", "fail", "error", "ok", "成功", "失败", "男", "女", "JPGBASE64"}
    for method in METHODS.values():
        words |= {method.name, method.title, *method.aliases}
    for table in (VC_CODES, EC_CODES, SEEN_CODES):
        words |= set(table) | {row.meaning for row in table.values()}
    for name in DICTIONARIES:
        words |= {text for row in DICTIONARIES[name].entries for text in (row.code, row.name)}
    return frozenset(words | set(more))


class Pseudonyms:
    """One set of stand-ins, for one export.

    Args:
        words: what is kept, see `harmless_words`.
        source: where stand-ins come from; unpredictable unless a test says otherwise.
    """

    def __init__(self, words: frozenset[str], source: random.Random | None = None) -> None:
        self._words = words
        self._random = source or random.SystemRandom()
        self._made: dict[str, str] = {}
        self._used: set[str] = set()
        self._dates: dict[str, str] = {}
        self._known: dict[str, set[str]] = {}  # by their first two characters, for values inside other values

    def learn(self, values: Iterable[str]) -> None:
        """Say which values there are, so that they are found inside other values, too."""
        for value in values:
            if is_distinctive(value) and value not in self._words:
                self._known.setdefault(value[:2], set()).add(value)

    def of(self, value: str, moment: float) -> str:
        """The stand-in for a value of a call at `moment`, seconds since 1970; the value itself if it is kept."""
        made = self._made.get(value)
        if made is None:
            made = value if self._is_kept(value, moment) else self._new(value)
            self._made[value] = made
            self._used.add(made)
        return made

    def name(self, value: str, moment: float) -> str:
        """The same for a person's name, of which nothing is harmless."""
        made = self.of(value, moment)
        if made == value and any(c.isalpha() for c in value):
            made = self._made[value] = self._new(value)
        return made

    def put(self, value: str, made: str) -> None:
        """Give a value this stand-in, which was computed: a sign, a ciphertext."""
        self._made[value] = made
        self._used.add(made)

    def is_replaced(self, value: str) -> bool:
        """Whether the value has got a stand-in that is another text."""
        return self._made.get(value, value) != value

    def code(self, value: str, moment: float) -> str:
        """The same for a result code: a short one is kept."""
        return value if re.fullmatch(r"-?[0-9A-Za-z]{1,6}", value, re.ASCII) else self.of(value, moment)

    def number(self, value: str, moment: float) -> str:
        """The same for a number: amounts and small numbers are kept."""
        digits = value.lstrip("-")
        if not digits.isdigit() or len(digits) < 6 or self._is_kept(value, moment):
            return value
        return self.of(value, moment)

    # ---- what is kept ------------------------------------------------------------------------------------------------

    def _is_kept(self, value: str, moment: float) -> bool:
        if value in self._words or _SHORT.fullmatch(value) or not any(c.isalnum() for c in value):
            return True
        return _AMOUNT.fullmatch(value) is not None or is_near(value, moment)

    # ---- kinds -------------------------------------------------------------------------------------------------------

    def _new(self, value: str) -> str:
        make = self._maker(value)
        for _ in range(_TRIES):
            made = make(value)
            if made != value and made not in self._used:
                break
        return made

    def _maker(self, value: str) -> Callable[[str], str]:
        kinds: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
            (_ID_18, self._identity_18), (_ID_15, self._identity_15), (_PHONE, self._phone),
            (_INSURANCE, self._insurance), (_MAC, self._mac), (_IPV4, self._ipv4), (_URL, self._url),
            (_DATE, self._date), (_MOMENT, self._moment), (_HEX, self._hex),
        )  # fmt: skip
        for pattern, make in kinds:
            if pattern.fullmatch(value):
                return make
        if ":" in value and value.isascii() and " " not in value:
            return self._fused
        if 2 <= len(value) <= 4 and all(_is_han(c) for c in value):
            return self._name
        return self._text

    def _identity_18(self, value: str) -> str:
        digits = self._area(value[:6]) + self._birthday(value[6:14]) + f"{self._random.randrange(100):02d}"
        digits += self._same_parity(value[16])
        check = check_digit(digits)
        if check_digit(value[:17]) != value[17].upper():
            check = self._random.choice([each for each in "0123456789" if each != check])
        return digits + (check.lower() if value[17] == "x" else check)

    def _identity_15(self, value: str) -> str:
        day = self._birthday("19" + value[6:12])[2:]
        return self._area(value[:6]) + day + f"{self._random.randrange(100):02d}" + self._same_parity(value[14])

    def _area(self, value: str) -> str:
        """Six digits of a region that does not exist in part: the first two are of a province, the rest made up."""
        province = self._random.choice(("11", "21", "31", "35", "41", "51", "61"))
        return value[:2] + self._digits(value[2:]) if value[:2] == "99" else province + self._digits("0101")

    def _same_parity(self, digit: str) -> str:
        """A digit that says the same sex."""
        return str(self._random.randrange(int(digit) % 2, 10, 2))

    def _birthday(self, day: str) -> str:
        """The stand-in of a day as yyyymmdd: one within some years, the same for every way of writing it."""
        if day not in self._dates:
            try:
                date = datetime.date(int(day[:4]), int(day[4:6]), int(day[6:8]))
            except ValueError:
                return self._digits(day)
            shift = self._random.choice([-1, 1]) * self._random.randrange(40, 1200)
            moved = date + datetime.timedelta(days=shift)
            if moved >= datetime.date.today() - datetime.timedelta(days=30):
                moved = date - datetime.timedelta(days=abs(shift))
            self._dates[day] = moved.strftime("%Y%m%d")
        return self._dates[day]

    def _date(self, value: str) -> str:
        match = _DATE.fullmatch(value)
        assert match is not None
        year, one, month, two, day, end = match.groups()
        made = self._birthday(f"{year}{int(month):02d}{int(day):02d}")
        if not one and not two and not end:
            return made if len(value) == 8 else self._text(value)
        moved = (made[4:6] if len(month) == 2 else str(min(int(made[4:6]), 9)), made[6:8])
        last = moved[1] if len(day) == 2 else str(min(int(moved[1]), 9))
        return f"{made[:4]}{one}{moved[0]}{two}{last}{end}"

    def _moment(self, value: str) -> str:
        """A time far from the call: on another day, at another time."""
        clock = "".join(f"{self._random.randrange(limit):02d}" for limit in (24, 60, 60))
        return self._birthday(value[:8]) + clock + self._digits(value[14:])

    def _phone(self, value: str) -> str:
        return f"1{self._random.choice('3456789')}{self._digits(value[2:])}"

    def _insurance(self, value: str) -> str:
        end = value[24:] if value[24:] == "0000" else self._digits(value[24:])
        return value[:3] + self._digits(value[3:24]) + end

    def _mac(self, value: str) -> str:
        case = str.lower if value == value.lower() else str.upper
        octets = ["02", *(f"{self._random.randrange(256):02x}" for _ in range(5))]
        return case(value[2].join(octets))

    def _ipv4(self, value: str) -> str:
        def octet(text: str) -> str:
            low, high = (0 if len(text) == 1 else 10 ** (len(text) - 1)), min(10 ** len(text) - 1, 254)
            return str(self._random.randint(max(low, 1), high))

        return ".".join(map(octet, value.split(".")))

    def _url(self, value: str) -> str:
        match = _URL.fullmatch(value)
        assert match is not None
        scheme, host, port, rest = match.groups()
        path, mark, query = rest.partition("?")
        return f"{scheme}{self.host(host)}{port or ''}{path}{mark}{self._query(query)}"

    def host(self, name: str) -> str:
        """The stand-in of a host's name or address."""
        if name not in self._made:
            made = self._ipv4(name) if _IPV4.fullmatch(name) else self._text(name)
            self._made[name] = made
        return self._made[name]

    def _query(self, query: str) -> str:
        def pair(text: str) -> str:
            name, equals, value = text.partition("=")
            return f"{name}{equals}{self._text(value)}" if equals else self._text(name)

        return "&".join(map(pair, query.split("&"))) if query else ""

    def _fused(self, value: str) -> str:
        """Fields joined by colons: each has its own stand-in, so that an ID is the same where it stands alone."""
        return ":".join(self.of(part, 0.0) for part in value.split(":"))

    def _hex(self, value: str) -> str:
        alphabet = "0123456789abcdef" if value == value.lower() else "0123456789ABCDEF"
        if value.isdigit():
            return self._digits(value)
        return "".join(self._random.choice(alphabet) for _ in value)

    def _name(self, value: str) -> str:
        return self._like(value[0], _SURNAMES) + "".join(self._like(c, _COMMON) for c in value[1:])

    def _text(self, value: str) -> str:
        """Any text: values that are known have their stand-in also here, the rest is replaced sign by sign."""
        parts: list[str] = []
        at = rest = 0
        while at < len(value):
            inner = self._known_at(value, at)
            if inner:
                parts += [self._signs(value[rest:at]), self.of(inner, 0.0)]
                at += len(inner)
                rest = at
            else:
                at += 1
        parts.append(self._signs(value[rest:]))
        return "".join(parts)

    def _known_at(self, value: str, at: int) -> str:
        """A known value that stands at `at`, shorter than the whole and not amid a longer word."""
        if at and _is_amid(value[at - 1], value[at]):
            return ""
        candidates = self._known.get(value[at : at + 2], ())
        fitting = [known for known in candidates if len(known) < len(value) and value.startswith(known, at)]
        for known in sorted(fitting, key=len, reverse=True):
            end = at + len(known)
            if end == len(value) or not _is_amid(value[end - 1], value[end]):
                return known
        return ""

    def _signs(self, text: str) -> str:
        """Letters by letters of the same case, digits by digits, Chinese by Chinese; words that are harmless stay."""
        made = []
        for run in _RUNS.findall(text):
            is_word = run[0].isascii() and run[0].isalnum()
            kept = is_word and (run in self._words or len(run) == 1)
            digits = is_word and run.isdigit()
            made.append(run if kept else self._digits(run) if digits else "".join(map(self._sign, run)))
        return "".join(made)

    def _sign(self, character: str) -> str:
        if "0" <= character <= "9":
            return self._random.choice("0123456789")
        if "a" <= character <= "z":
            return self._random.choice("abcdefghijklmnopqrstuvwxyz")
        if "A" <= character <= "Z":
            return self._random.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return self._like(character, _COMMON) if _is_han(character) else character

    def _like(self, character: str, pool: str) -> str:
        """A character that takes as many bytes in every charset."""
        if character > "\uffff":
            return self._random.choice(_RARE)
        try:
            character.encode("gbk")
        except UnicodeEncodeError:
            return self._random.choice(_FOUR_BYTES)
        return self._random.choice(pool)

    def _digits(self, text: str) -> str:
        """Digits by digits: a zero at the front stays one, and another digit does not become one."""
        made = [self._random.choice("0123456789") for _ in text]
        if text:
            made[0] = "0" if text[0] == "0" else self._random.choice("123456789")
        return "".join(made)


def check_digit(digits: str) -> str:
    """The last character of an identity number with these 17 digits (GB 11643)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def is_near(value: str, moment: float) -> bool:
    """Whether the value is a time within two days of a call, in a form that programs write."""
    if _UNIX.fullmatch(value):
        seconds = int(value) / (1000 if len(value) == 13 else 1)
        return abs(seconds - moment) <= _LONGEST_KEPT_DAYS * _SECONDS_OF_DAY
    match = _TIME.fullmatch(value)
    if match is None:
        return False
    try:
        date = datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    days = (date - datetime.date.fromtimestamp(moment)).days
    return abs(days) <= _LONGEST_KEPT_DAYS


def is_distinctive(value: str) -> bool:
    """Whether a value is long enough to be told apart where it stands inside another one."""
    han = sum(map(_is_han, value))
    return han >= 2 or (len(value) >= 6 and len(set(value)) >= 3)


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "豈" <= character <= "\ufaff" or character > "\uffff"


def _is_amid(one: str, other: str) -> bool:
    """Whether two characters are of one word: both Latin letters or digits."""
    return one.isascii() and one.isalnum() and other.isascii() and other.isalnum()
