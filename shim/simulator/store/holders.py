"""People with a 多码融合码 and the cards bound to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from typing import Any, ClassVar

from shim.simulator.persons import NOTABLE, PERSONS, Person, ec_token
from shim.simulator.store.database import Database, insert_into
from shim.simulator.store.single_values import SingleValues


@dataclass(frozen=True, slots=True)
class Card:
    """A card bound to a person: its type (VC appendix 2.7) and number."""

    card_type: str
    card_no: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a 多码融合码; the field names are those of VC 4.1. The first of `cards` is the default card.

    `insurance` and `note` are those of persons.Person; `ec_token` is the ecToken that the insurance platform issues for
    this person.
    """

    id_type: str
    id_no: str
    user_name: str
    user_sex: str = ""
    mobile_phone: str = ""
    birthday: str = ""
    telephone: str = ""
    address: str = ""
    work_unit: str = ""
    code_id: str = ""
    xman_id: str = ""
    smk_id: str = ""
    insurance: str = ""
    ec_token: str = ""
    note: str = ""
    closed: bool = False
    cards: tuple[Card, ...] = ()

    @property
    def mindex_id(self) -> str:
        """居民多码融合主索引 ID."""
        return self.code_id[::-1]


_FIELDS = tuple(field.name for field in fields(Holder))
_PERMANENT = ("code_id", "xman_id", "smk_id", "insurance", "ec_token", "note")  # kept when a closed holder registers
_UPSERT = (
    insert_into("holders", ("code_id", "id_type", "id_no", "words", "place", "holder"))
    + " ON CONFLICT (code_id) DO UPDATE SET words = excluded.words, holder = excluded.holder"
)


class Holders:
    """The table of holders, closed ones included. It begins with the people of persons."""

    SCHEMA: ClassVar = (
        # `holder` is the holder as JSON. `words` is searched: name, document, ID, phone and note in lower case, one
        # to a line. Lists are in descending order of `place`.
        """CREATE TABLE holders (
            code_id TEXT PRIMARY KEY, id_type TEXT, id_no TEXT, words TEXT, place INTEGER, holder TEXT,
            UNIQUE (id_type, id_no)
        )""",
        "CREATE INDEX holders_by_place ON holders (place)",
    )

    def __init__(self, database: Database, values: SingleValues) -> None:
        self._database = database
        self._values = values

    def seed(self) -> None:
        """Fill a new database."""
        self._database.insert_all(_UPSERT, _seed_rows())

    def by_id(self, code_id: str) -> Holder | None:
        """Return the holder of a 多码融合码 ID."""
        row = self._database.row("SELECT holder FROM holders WHERE code_id = ?", code_id)
        return row and _from_json(*row)

    def by_document(self, id_type: str, id_no: str) -> Holder | None:
        """Return the holder with that identity document."""
        row = self._database.row("SELECT holder FROM holders WHERE id_type = ? AND id_no = ?", id_type, id_no)
        return row and _from_json(*row)

    def search(self, text: str = "", limit: int = 60) -> list[Holder]:
        """Return at most `limit` holders whose name, document number, 多码融合码 ID, phone or note contains `text`.

        Latin letters match in either case. Those who registered come first, the last one on top; then persons.NOTABLE,
        then persons.PERSONS.
        """
        sql = "SELECT holder FROM holders WHERE instr(words, ?) ORDER BY place DESC LIMIT ?"
        return [_from_json(holder) for (holder,) in self._database.rows(sql, text.strip().lower(), limit)]

    def register(self, applicant: Holder) -> Holder:
        """Return the holder of the applicant's document, created if it is new.

        A known holder stays as it is and gets the applicant's cards in addition. A closed holder is replaced by the
        applicant under the same IDs.
        """
        with self._database.transaction():
            known = self.by_document(applicant.id_type, applicant.id_no)
            if known is None:
                number = self._values.increment("registered")
                new = replace(
                    applicant,
                    code_id=_new_code_id(applicant.id_type, applicant.id_no),
                    xman_id=f"XMAN{number:010d}",
                    smk_id=f"SMK{number:010d}",
                    ec_token=ec_token(1_000_000 + number),
                )
                return self._put(new, number)
            if not known.closed:
                return self._put(replace(known, cards=known.cards + applicant.cards))
            return self._put(replace(applicant, **{name: getattr(known, name) for name in _PERMANENT}))

    def update(self, code_id: str, **changes: Any) -> Holder | None:
        """Change fields of an open holder and return it; None if there is no open holder of that ID."""
        with self._database.transaction():
            known = self.by_id(code_id)
            return None if known is None or known.closed else self._put(replace(known, **changes))

    def link_card(self, code_id: str, old: Card | None, new: Card) -> Holder | None:
        """Replace card `old` by `new`, or add `new` if `old` is None.

        Returns:
            The holder; None if there is no open holder of that ID, or it has no card `old`.
        """
        with self._database.transaction():
            known = self.by_id(code_id)
            if known is None or (old is not None and old not in known.cards):
                return None
            cards = (*known.cards, new) if old is None else tuple(new if card == old else card for card in known.cards)
            return self.update(code_id, cards=cards)

    def close(self, code_id: str) -> Holder | None:
        """Close an open holder and return it; None if there is no open holder of that ID."""
        return self.update(code_id, closed=True)

    def _put(self, holder: Holder, place: int = 0) -> Holder:
        """Insert or update, without duplicate cards. `place` counts for a new holder only."""
        holder = replace(holder, cards=tuple(dict.fromkeys(holder.cards)))
        self._database.change(_UPSERT, *_as_row(holder, place))
        return holder


@cache
def _seed_rows() -> tuple[tuple[Any, ...], ...]:
    """Return all people of persons as rows of the table, the notable ones first in lists."""
    return tuple(_as_row(_from_person(person), -place) for place, person in enumerate((*NOTABLE, *PERSONS)))


def _from_person(person: Person) -> Holder:
    return Holder(
        id_type=person.id_type,
        id_no=person.id_no,
        user_name=person.user_name,
        user_sex=person.user_sex,
        mobile_phone=person.mobile_phone,
        birthday=person.birthday,
        code_id=person.code_id,
        insurance=person.insurance,
        ec_token=person.ec_token,
        note=person.note,
        closed=person.closed,
        cards=tuple(Card(*card) for card in person.cards),
    )


def _as_row(holder: Holder, place: int) -> tuple[Any, ...]:
    words = "\n".join((holder.user_name, holder.id_no, holder.code_id, holder.mobile_phone, holder.note)).lower()
    values = {name: getattr(holder, name) for name in _FIELDS}
    values["cards"] = [(card.card_type, card.card_no) for card in holder.cards]
    return holder.code_id, holder.id_type, holder.id_no, words, place, json.dumps(values, ensure_ascii=False)


@lru_cache(maxsize=1024)
def _from_json(text: str) -> Holder:
    values = json.loads(text)
    return Holder(**{**values, "cards": tuple(Card(*card) for card in values["cards"])})


def _new_code_id(id_type: str, id_no: str) -> str:
    return hashlib.sha256(f"{id_type} {id_no}".encode()).hexdigest().upper()[:48]
