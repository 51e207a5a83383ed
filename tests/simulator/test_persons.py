"""The people of the simulator: every kind of document, valid check digits, unassigned regions, names that fit."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

import pytest

from shim.simulator.persons import NOTABLE, PERSONS, Person
from shim.spec import DICTIONARIES, EC_CODES, METHODS, Field
from tests.support.platforms import OfflinePlatforms

EVERYBODY = (*NOTABLE, *PERSONS)
# Documents with an 18-digit number of GB 11643; the new form of A3 has one, too.
NUMBERED = ("01", "02", "A1", "A2", "A3")


def checks(id_no: str) -> bool:
    """ISO 7064 MOD 11-2, as GB 11643 has it: the sum of all 18, each times 2 to the power of its place, is 1."""
    digits = [10 if character == "X" else int(character) for character in id_no]
    return len(digits) == 18 and sum(digit * 2 ** (17 - at) for at, digit in enumerate(digits)) % 11 == 1


def test_check_digits_are_checked() -> None:
    """The example of GB 11643-1999 itself, and a slip in it."""
    assert checks("11010519491231002X")
    assert not checks("11010519491231003X")


def test_the_many_do_not_change() -> None:
    """Literals: contract vectors and the demo depend on them."""
    assert len(PERSONS) == 256
    third = PERSONS[3]
    assert (third.user_name, third.id_no, third.birthday, third.user_sex, third.mobile_phone, third.card_no) == (
        "龙䶮", "990000195304040039", "19530404", "1", "19900000003", "D000003",
    )  # fmt: skip
    assert PERSONS[2].code_id == "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E"
    assert third.ec_code == "4240000000000000000300350000"
    assert third.ec_token == "350000ec000000000000000000000000000003"
    lines = [f"{one.code_id} {one.user_name} {one.id_no} {one.mobile_phone} {one.ec_code}" for one in PERSONS]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == (
        "f65ca8fc18225a95684da38948cedbc0fe9818618f74bd472ee65570663e2bd7"
    )


def test_every_kind_of_document_and_card() -> None:
    assert {one.id_type for one in NOTABLE} == {"01", "02", "03", "04", "05", "06", "07", "08", "A1", "A2", "A3", "99"}
    assert {card_type for one in NOTABLE for card_type, _ in one.cards} == {"01", "02", "03", "04", "05", "A2"}
    assert {one.user_sex for one in NOTABLE} == {"0", "1", "2", "9"}


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.number)
def test_numbers_of_residents(person: Person) -> None:
    """Check digit and birthday are right, and the region code is not assigned."""
    if person.id_type in NUMBERED:
        assert checks(person.id_no)
        assert person.id_no[6:14] == person.birthday
        assert person.id_no.startswith("99")
        if person.user_sex in ("1", "2"):
            assert int(person.id_no[16]) % 2 == int(person.user_sex) % 2


def test_no_region_exists() -> None:
    regions = {entry.code for entry in DICTIONARIES["regions"].entries}
    assert not {one.id_no[:6] for one in EVERYBODY} & regions
    assert not {code for code in regions if code.startswith("99")}


def test_phones_are_fictitious() -> None:
    assert {one.mobile_phone[:7] for one in EVERYBODY} == {"1990000", ""}
    assert {len(one.mobile_phone) for one in EVERYBODY} == {11, 0}


def fields(name: str, wanted: Iterable[str]) -> list[Field]:
    method = METHODS[name]
    return [field for field in (*method.request, *method.response) if field.name in wanted]


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.number)
def test_everything_fits_its_field(person: Person) -> None:
    """The length and the dictionary that the specifications give for each value."""
    values = {
        "ehc.ehealthcard.querywithreg": {
            "id_type": person.id_type, "id_no": person.id_no, "user_name": person.user_name,
            "user_sex": person.user_sex, "mobile_phone": person.mobile_phone, "birthday": person.birthday,
            "ehealth_card_id": person.code_id, "ehealth_code": person.ehealth_code, "card_no": person.card_no,
        },
        "ec.query": {"userName": person.user_name, "idNo": person.id_no, "ecToken": person.ec_token},
    }  # fmt: skip
    for name, row_values in values.items():
        rows = fields(name, row_values)
        assert {row.name for row in rows} == set(row_values)
        for row in rows:
            assert row.length is None or len(row_values[row.name]) <= row.length, row
            dictionary = DICTIONARIES[row.dictionary] if row.dictionary else None
            assert dictionary is None or dictionary.find(row_values[row.name]), row
    for card_type, card_no in person.cards:
        assert DICTIONARIES["card_types"].find(card_type)
        assert 0 < len(card_no) <= 32
    assert person.insurance == "" or person.insurance in EC_CODES
    assert (len(person.code_id), len(person.ec_code), len(person.ec_token)) == (48, 28, 38)


@pytest.mark.parametrize("person", NOTABLE, ids=lambda person: person.number)
def test_everything_can_be_written(person: Person) -> None:
    """In GB18030, without private-use characters; each note says what the person shows."""
    for text in (person.user_name, person.id_no, person.note):
        assert text.encode("gb18030").decode("gb18030") == text
        assert "Co" not in {unicodedata.category(character) for character in text}
    assert any("\u4e00" <= character <= "\u9fff" for character in person.note)


def test_the_rare_and_the_long_names() -> None:
    names = {one.number: one.user_name for one in NOTABLE}
    assert [len(character.encode("gb18030")) for character in "𬱖䶮㛃𠮷𡈽"] == [4, 2, 4, 4, 4]
    assert [names[number][1] for number in range(1002, 1007)] == list("𬱖䶮㛃𠮷𡈽")
    assert (len(names[1007]), len(names[1008]), len(names[1009])) == (27, 50, 2)
    assert names[1012] == "MARIA DEL CARMEN GARCIA LOPEZ"
    assert names[1013] == "JEAN-PIERRE O'BRIEN"


def test_all_people_differ() -> None:
    for values in (
        [one.number for one in EVERYBODY],
        [(one.id_type, one.id_no) for one in EVERYBODY],
        [one.code_id for one in EVERYBODY],
        [one.ec_code for one in EVERYBODY],
        [one.ec_token for one in EVERYBODY],
        [one.mobile_phone for one in EVERYBODY if one.mobile_phone],
        [one.user_name for one in NOTABLE],
        [one.note for one in NOTABLE],
        [card for one in EVERYBODY for card in one.cards],
    ):
        assert len(set(values)) == len(values)


def test_the_state_knows_them_all() -> None:
    """By ID and by document, with their cards; the closed one is closed."""
    state = OfflinePlatforms().state
    for person in EVERYBODY:
        holder = state.holders.by_id(person.code_id)
        assert holder is not None
        assert holder == state.holders.by_document(person.id_type, person.id_no)
        assert (holder.user_name, holder.closed, holder.note) == (person.user_name, person.closed, person.note)
        assert tuple((card.card_type, card.card_no) for card in holder.cards) == person.cards
    assert [one.number for one in EVERYBODY if one.closed] == [1026]
