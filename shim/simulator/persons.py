"""The fictitious people, accounts and codes of the simulator. Nobody here exists.

Identity numbers have valid check digits (GB 11643) and the region 990000, which no place has. Nothing here changes:
what does stands in state. L3; tests may take what they need from here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

APP_ID = "1TESTAPP0000000000000000TESTAPP0"
SECRET = "1TESTSEC0000000000000000TESTSEC0"
TERM_ID = "35020010001"
ORG_ID = "1TESTORG0000000000000000TESTORG0"

# The second account may verify and nothing else (VC appendix 1: 1010).
LIMITED_APP_ID = "1TESTAPP0000000000000000LIMITED0"
LIMITED_SECRET = "1TESTSEC0000000000000000LIMITED0"

ACCOUNTS = {APP_ID: SECRET, LIMITED_APP_ID: LIMITED_SECRET}
PERMITTED = {LIMITED_APP_ID: frozenset({"ehc.ehealthcode.verify"})}
TERMINALS = frozenset({TERM_ID})

_NAMES = ("张三", "李强", "王𬱖", "龙䶮", "㛃敏", "欧阳建国", "阿依古丽·买买提", "JOHN SMITH")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Person:
    """One fictitious person; `code_id` is the first part of the 多码融合码, `ec_code` the insurance code."""

    number: int
    user_name: str
    id_no: str
    birthday: str
    user_sex: str
    mobile_phone: str
    code_id: str
    ec_code: str

    @property
    def ehealth_code(self) -> str:
        """The static code: ID, flag 1, no token, no reserve, issuing organisation."""
        return f"{self.code_id}:1:::{TERM_ID}"

    @property
    def ec_token(self) -> str:
        """The insurance platform's 令牌 for this person, 38 characters; good for a while after each ec.query."""
        return f"350000ec{self.number:030d}"

    @property
    def card_no(self) -> str:
        """The social-security card (type 01) that is bound from the start."""
        return f"D{self.number:06d}"


def _person(number: int) -> Person:
    birthday = f"{1950 + number % 60:04d}{1 + number % 12:02d}{1 + number % 28:02d}"
    body = f"990000{birthday}{number % 1000:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    return Person(
        number=number,
        user_name=_NAMES[number % len(_NAMES)],
        id_no=body + check,
        birthday=birthday,
        user_sex=str(1 + (number + 1) % 2),
        mobile_phone=f"1990000{number:04d}",
        code_id=hashlib.sha256(f"person {number}".encode()).hexdigest().upper()[:48],
        ec_code=f"424{number:017d}00350000"[:28].ljust(28, "0"),
    )


PERSONS = tuple(_person(number) for number in range(256))
BY_EC_CODE = {person.ec_code: person for person in PERSONS}
# Package codes: opc in the place of 424.
BY_EC_CODE |= {"opc" + person.ec_code[3:]: person for person in PERSONS}
BY_EC_TOKEN = {person.ec_token: person for person in PERSONS}
