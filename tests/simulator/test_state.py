"""What the platforms remember: each table, in memory and in a file; threads, processes and broken files."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from shim import forks
from shim.simulator.faults import FaultRule, FaultRuleSet
from shim.simulator.insurance_digits import CodeDigits, parse_digits, written_digits
from shim.simulator.messages import Call
from shim.simulator.persons import APP_ID, LIMITED_APP_ID, NOTABLE, PERSONS
from shim.simulator.state import SimulatorState
from shim.simulator.store.accounts import Account
from shim.simulator.store.holders import Card, Holder
from shim.simulator.store.terminals import RegisteredTerminal
from tests.support.forked import begin, in_child
from tests.support.paths import ROOT
from tests.support.platforms import Clock

NEWCOMER = Holder("01", "990000199912310013", "㛃敏𬱖", cards=(Card("02", "H1"), Card("02", "H1")))


@pytest.fixture(params=["memory", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SimulatorState]:
    names = iter(f"name{number}" for number in range(1000))
    file = tmp_path / "state.db" if request.param == "file" else None
    with closing(SimulatorState(file, Clock(), lambda: next(names), "http://platforms")) as made:
        yield made


def clock(state: SimulatorState) -> Clock:
    assert isinstance(state.now, Clock)
    return state.now


# ---- cards -----------------------------------------------------------------------------------------------------------


def test_registering(state: SimulatorState) -> None:
    made = state.holders.register(NEWCOMER)
    assert (made.xman_id, made.smk_id, made.cards) == ("XMAN0000000001", "SMK0000000001", (Card("02", "H1"),))
    assert made.ec_token == "350000ec000000000000000000000001000001"
    assert made.mindex_id == made.code_id[::-1]
    assert state.holders.by_id(made.code_id) == made == state.holders.by_document("01", "990000199912310013")
    again = state.holders.register(Holder("01", "990000199912310013", "别人", cards=(Card("01", "D1"),)))
    assert (again.user_name, again.cards) == ("㛃敏𬱖", (Card("02", "H1"), Card("01", "D1")))
    assert state.holders.register(Holder("03", "X2", "B")).xman_id == "XMAN0000000002"


def test_a_closed_card(state: SimulatorState) -> None:
    """It cannot be changed. Registering replaces it under the same IDs and keeps its insurance status."""
    code_id = NOTABLE[28].code_id
    assert state.holders.update(code_id, mobile_phone="1") is not None
    closed = state.holders.close(code_id)
    assert closed is not None and closed.closed
    assert state.holders.close(code_id) is None
    assert state.holders.update(code_id, mobile_phone="2") is None
    assert state.holders.link_card(code_id, None, Card("01", "D1")) is None
    assert state.holders.by_id(code_id) == closed
    again = state.holders.register(Holder("01", NOTABLE[28].id_no, "新名"))
    assert (again.closed, again.user_name, again.mobile_phone) == (False, "新名", "")
    assert (again.code_id, again.insurance, again.ec_token) == (code_id, "500002", closed.ec_token)


def test_cards_are_linked(state: SimulatorState) -> None:
    code_id = PERSONS[7].code_id
    assert state.holders.link_card(code_id, Card("01", "unknown"), Card("01", "D9")) is None
    assert state.holders.link_card("unknown", None, Card("01", "D9")) is None
    assert state.holders.link_card(code_id, None, Card("05", "J1")) == state.holders.by_id(code_id)
    assert state.holders.link_card(code_id, Card("01", "D000007"), Card("05", "J1")) == state.holders.by_id(code_id)
    holder = state.holders.by_id(code_id)
    assert holder is not None and holder.cards == (Card("05", "J1"),)


def test_people_are_found(state: SimulatorState) -> None:
    """Who registered last comes first, then the notable, then the others."""
    made = [
        state.holders.register(Holder("03", f"X{number}", f"来客{number}", mobile_phone="199")) for number in range(2)
    ]
    assert [one.user_name for one in state.holders.search(limit=4)] == ["来客1", "来客0", "林晓雯", "刘𬱖"]
    assert len(state.holders.search()) == 60
    assert len(state.holders.search(limit=1000)) == 2 + len(NOTABLE) + 256
    assert [one.user_name for one in state.holders.search("客1")] == ["来客1"]
    assert [one.id_no for one in state.holders.search("19900000255")] == [PERSONS[255].id_no]
    assert [one.id_no for one in state.holders.search(" 990000195304040039 ")] == ["990000195304040039"]
    assert state.holders.search(made[0].code_id[:20].lower()) == [made[0]]
    assert [one.user_name for one in state.holders.search("o'b")] == ["JEAN-PIERRE O'BRIEN"]
    assert {one.user_name for one in state.holders.search("john", 1000)} == {"JOHN SMITH"}
    assert [one.user_name for one in state.holders.search("新生儿")] == ["林晓雯之子"]  # by the note
    assert [one.user_name[:2] for one in state.holders.search("_")] == ["古丽"]
    assert state.holders.search("%") == state.holders.search("x\ny") == []
    state.holders.update(made[0].code_id, user_name="改名")
    assert [one.user_name for one in state.holders.search("来客")] == ["来客1"]
    assert [one.user_name for one in state.holders.search(limit=2)] == ["来客1", "改名"]


# ---- accounts, terminals, numbers ------------------------------------------------------------------------------------


def test_accounts(state: SimulatorState) -> None:
    assert [one.app_id for one in state.accounts.all()] == [APP_ID, LIMITED_APP_ID]
    assert state.accounts.get(APP_ID) == Account(
        "1TESTAPP0000000000000000TESTAPP0", "1TESTSEC0000000000000000TESTSEC0", "测试应用", frozenset()
    )
    assert state.accounts.get("HIS") is None
    for methods in (frozenset({"a", "b"}), frozenset[str]()):
        made = Account("HIS", "secret", "医院", methods)
        state.accounts.add(made)
        assert state.accounts.get("HIS") == made == state.accounts.all()[-1]
    assert len(state.accounts.all()) == 3


def test_terminals(state: SimulatorState) -> None:
    assert state.terminals.all() == [RegisteredTerminal("35020010001", "测试终端")]
    assert state.terminals.get("K1") is None
    state.terminals.add(RegisteredTerminal("K1", "一"))
    state.terminals.add(RegisteredTerminal("K1", "自助机"))
    assert state.terminals.all()[1:] == [RegisteredTerminal("K1", "自助机")] == [state.terminals.get("K1")]


def test_numbers(state: SimulatorState) -> None:
    assert [state.serial_numbers.assign(), state.serial_numbers.assign()] == [
        "2027011508000000000001",
        "2027011508000000000002",
    ]
    assert state.serial_numbers.claim("a", "m", "1")
    assert not state.serial_numbers.claim("a", "m", "1")
    assert (
        state.serial_numbers.claim("b", "m", "1")
        and state.serial_numbers.claim("a", "n", "1")
        and state.serial_numbers.claim("a", "m", "2")
    )


def test_a_transaction_is_all_or_nothing(state: SimulatorState) -> None:
    """An exception rolls all of it back, an inner transaction included."""
    with pytest.raises(KeyError):
        with state.transaction():
            state.serial_numbers.claim("a", "m", "1")
            with state.transaction():
                state.holders.register(NEWCOMER)
            raise KeyError
    assert state.holders.by_document("01", NEWCOMER.id_no) is None
    with state.transaction():
        assert state.serial_numbers.claim("a", "m", "1")
        assert state.holders.register(NEWCOMER).xman_id == "XMAN0000000001"
    assert not state.serial_numbers.claim("a", "m", "1")


def test_what_was_rolled_back_is_not_cached(state: SimulatorState) -> None:
    """Accounts, terminals and rules that were read inside the transaction that added them."""
    with pytest.raises(KeyError):
        with state.transaction():
            state.accounts.add(Account("HIS", "secret"))
            state.terminals.add(RegisteredTerminal("K1"))
            state.fault_rules.replace(FaultRuleSet((FaultRule("drop:1"),)))
            assert state.accounts.get("HIS") and state.terminals.get("K1") and state.fault_rules.current().rules
            raise KeyError
    assert state.accounts.get("HIS") is None
    assert state.terminals.get("K1") is None
    assert state.fault_rules.current() == FaultRuleSet()


def test_old_serial_numbers_are_forgotten() -> None:
    """200,000 are kept, and up to a thousand more: the trigger's arithmetic, not 200,000 rows."""
    with closing(SimulatorState()) as state:
        state.serial_numbers.claim("a", "m", "first")
        state.database.change("UPDATE serials SET id = 1")
        state.database.change("INSERT INTO serials VALUES (200999, 'a', 'm', 'later')")
        assert not state.serial_numbers.claim("a", "m", "first")
        assert state.serial_numbers.claim("a", "m", "last")
        assert state.serial_numbers.claim("a", "m", "first")
        assert not state.serial_numbers.claim("a", "m", "later")


# ---- authorisations --------------------------------------------------------------------------------------------------


def test_authorisations(state: SimulatorState) -> None:
    made = state.authorisations.create("app", "A1")
    assert (made.url, made.expires, made.status) == ("http://platforms/auth/name0", 1_800_000_060.0, "ing")
    assert (made.app_id, made.number, made.code_id) == ("app", "A1", "")
    assert state.authorisations.by_number("app", "A1") == made == state.authorisations.by_url(made.url)
    assert state.authorisations.by_number("other", "A1") is None
    assert state.authorisations.by_url("http://platforms/auth/none") is None
    second = state.authorisations.create("app", "A1")
    assert state.authorisations.by_url(made.url) is None
    third = state.authorisations.create("app", "A2")
    assert state.authorisations.latest() == [third, second]
    assert state.authorisations.latest(1) == [third]
    assert state.authorisations.consent(third.url, PERSONS[1].code_id)
    assert not state.authorisations.decline(third.url)
    decided = state.authorisations.by_url(third.url)
    assert decided is not None and (decided.status, decided.code_id) == ("succ", PERSONS[1].code_id)
    assert not state.authorisations.consent(second.url, NOTABLE[25].code_id)  # a closed card
    clock(state).now += 60
    assert [one.status for one in state.authorisations.latest()] == ["succ", "fail"]
    assert not state.authorisations.decline(second.url)


def test_a_consent_that_was_given_before(state: SimulatorState) -> None:
    """It has no authurl, and no place among those that have; a request of its number takes its place."""
    consent = state.authorisations.by_number(APP_ID, "AUTH0001")
    assert consent is not None
    assert (consent.status, consent.code_id) == ("succ", "6981869D91713E1B342FF42DA5368D1A034C085D30D1C37A")
    assert state.authorisations.latest() == [] and state.authorisations.by_number("other", "AUTH0001") is None
    asked = state.authorisations.create(APP_ID, "AUTH0001")
    assert state.authorisations.by_number(APP_ID, "AUTH0001") == asked and asked.status == "ing"


def test_authorisations_with_automatic_consent(state: SimulatorState) -> None:
    """The first decision stays."""
    start, her = clock(state).now, NOTABLE[0].code_id
    first, second = (state.authorisations.create("app", number, start + 5, her) for number in "12")
    late = state.authorisations.create("app", "3", start + 60, her)
    assert [(one.status, one.code_id) for one in state.authorisations.latest()] == [("ing", "")] * 3
    assert state.authorisations.decline(second.url)
    clock(state).now += 5
    assert state.authorisations.by_number("app", "1") == state.authorisations.by_url(first.url)
    assert [(one.status, one.code_id) for one in state.authorisations.latest()] == [
        ("ing", ""), ("cancel", ""), ("succ", "6981869D91713E1B342FF42DA5368D1A034C085D30D1C37A"),
    ]  # fmt: skip
    assert not state.authorisations.decline(first.url)
    assert not state.authorisations.consent(first.url, PERSONS[1].code_id)
    clock(state).now += 55
    expired = state.authorisations.by_url(late.url)
    assert expired is not None and expired.status == "fail"
    assert state.authorisations.latest()[2].status == "succ"


# ---- insurance -------------------------------------------------------------------------------------------------------


def test_insurance_codes(state: SimulatorState) -> None:
    made = state.insurance_codes.issue(PERSONS[1].code_id)
    assert (len(made.code), made.code[:3], made.code[20:], made.code.isdecimal()) == (28, "424", "00350000", True)
    assert (made.code_id, made.expires, made.used) == (PERSONS[1].code_id, 1_800_000_060.0, False)
    assert state.insurance_codes.find(made.code) == made == state.insurance_codes.find("opc" + made.code[3:])
    assert state.insurance_codes.use("opc" + made.code[3:])
    assert not state.insurance_codes.use(made.code)
    used = state.insurance_codes.find(made.code)
    assert used is not None and used.used is True
    assert state.insurance_codes.issue(PERSONS[1].code_id).code != made.code
    seed = state.insurance_codes.find("4240000000000000000300350000")
    assert seed is not None and (seed.code_id, seed.expires, seed.used) == (PERSONS[3].code_id, None, False)
    assert state.insurance_codes.find("4249999999999999999900350000") is None
    assert not state.insurance_codes.use("4249999999999999999900350000")


def test_a_code_that_a_phone_shows_is_stored_when_it_is_used(state: SimulatorState) -> None:
    """Its digits say whose it is and when it expires; so it is known to a state that never heard of it."""
    rows = "SELECT count(*) FROM ec_codes"
    before = state.database.row(rows)
    shown = state.insurance_codes.issue(PERSONS[1].code_id)
    assert state.database.row(rows) == before
    with closing(SimulatorState(clock=clock(state))) as other:
        assert other.insurance_codes.find(shown.code) == shown
    clock(state).now += 59.9
    assert state.insurance_codes.use(shown.code)
    assert state.database.row(rows) == (before[0] + 1,)
    newcomer = state.holders.register(Holder("01", "990000199912310013", "㛃敏𬱖")).code_id
    late = state.insurance_codes.issue(newcomer)
    clock(state).now += 60
    found = state.insurance_codes.find(late.code)
    assert found is not None and (found.code_id, found.expires) == (newcomer, late.expires)
    with pytest.raises(KeyError):
        state.insurance_codes.issue("nobody")


def test_digits_that_no_phone_has_shown(state: SimulatorState) -> None:
    """Neither a changed digit nor a code from the future is known."""
    digits = state.insurance_codes.issue(PERSONS[1].code_id).code[3:20]
    for place in range(1, 17):
        other = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        assert state.insurance_codes.find(f"424{other}00350000") is None
    clock(state).now -= 1
    assert state.insurance_codes.find(f"424{digits}00350000") is None


def test_digits_are_written_and_read() -> None:
    """Within 97 days; the wire form is fixed, because a state file may outlive the process."""
    now = 1_800_000_000
    for content in (CodeDigits(0, now, 0), CodeDigits(290, now + 60, 1023), CodeDigits(2**22 - 1, now - 8_000_000, 7)):
        text = written_digits(content)
        assert len(text) == 17 and text[0] != "0" and parse_digits(text, now) == content
    assert written_digits(CodeDigits(3, now, 5)) == "66447245921255711"
    for text in ("", "9" * 17, "0" * 17, "１" * 17, "1" * 16):
        assert parse_digits(text, now) is None
    with pytest.raises(ValueError, match="does not fit"):
        written_digits(CodeDigits(2**22, now, 0))


def test_old_insurance_codes_are_forgotten(state: SimulatorState) -> None:
    """Seeded codes stay."""
    old = state.insurance_codes.issue(PERSONS[1].code_id)
    assert state.insurance_codes.use(old.code)
    assert state.database.row("SELECT 1 FROM ec_codes WHERE code = ?", old.code)
    state.database.change("INSERT INTO ec_codes VALUES (30000, 'x', 'x', 0, 0)")
    assert not state.database.row("SELECT 1 FROM ec_codes WHERE code = ?", old.code)
    assert state.insurance_codes.find(PERSONS[3].ec_code) is not None


def test_tokens(state: SimulatorState) -> None:
    assert not state.insurance_tokens.is_valid("T")
    assert state.insurance_tokens.holder_id("T") is None
    state.insurance_tokens.issue("T", PERSONS[1].code_id)
    clock(state).now += 1799.9
    assert state.insurance_tokens.is_valid("T")
    clock(state).now += 0.1
    assert not state.insurance_tokens.is_valid("T")
    assert state.insurance_tokens.holder_id("T") == PERSONS[1].code_id
    state.insurance_tokens.issue("T", PERSONS[2].code_id)
    assert state.insurance_tokens.is_valid("T")
    assert state.insurance_tokens.holder_id("T") == PERSONS[2].code_id


# ---- the log of calls and single values ------------------------------------------------------------------------------


def test_calls(state: SimulatorState) -> None:
    call = Call(
        "/p",
        "m",
        "0000",
        request="{\x00}",
        request_content="㛃",
        answer="a",
        answer_content="t",
        directives="delay:1",
        at=1.5,
        ms=2.25,
    )
    state.calls.append(call)
    assert call.number == 1
    assert state.calls.after() == [call] == [state.calls.get(1)]
    for number in range(2, 1103):
        state.calls.append(Call(f"/{number}"))
    assert [one.number for one in state.calls.after()] == list(range(103, 1103))
    assert state.calls.get(100) is None
    assert [one.path for one in state.calls.after(1100)] == ["/1101", "/1102"]
    assert [one.number for one in state.calls.after(limit=3)] == [1100, 1101, 1102]
    assert state.calls.after(1102) == []


def test_fault_rules(state: SimulatorState) -> None:
    assert state.fault_rules.current() == FaultRuleSet((), 0)
    rules = FaultRuleSet((FaultRule("delay:500", 0.25), FaultRule("drop:1,again:1", 1.0)), 7)
    state.fault_rules.replace(rules)
    assert state.fault_rules.current() == rules
    state.fault_rules.replace(FaultRuleSet())
    assert state.fault_rules.current() == FaultRuleSet()


def test_the_address(state: SimulatorState) -> None:
    state.base_url = "http://other"
    assert state.authorisations.create("a", "1").url == "http://other/auth/name0"


# ---- threads and processes -------------------------------------------------------------------------------------------


def test_threads_take_a_serial_number_once(state: SimulatorState) -> None:
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(state.serial_numbers.claim("a", "m", str(n)) for n in range(200)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), sum(taken)) == (1600, 200)


# Claims serial numbers, registers people, and prints both.
_OTHER_PROCESS = """
import sys
from pathlib import Path
from shim.simulator.state import SimulatorState
from shim.simulator.store.holders import Holder

state = SimulatorState(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(400):
    with state.transaction():
        if state.serial_numbers.claim("a", "m", str(number)):
            made = state.holders.register(Holder("03", f"X{number}", "name"))
            print(number, made.xman_id, state.serial_numbers.assign())
state.close()
"""


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Four processes create one file and claim the same numbers at the same time: one gets each number."""
    words = [sys.executable, "-c", _OTHER_PROCESS, str(tmp_path / "state.db")]
    others = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)
    ]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    lines = []
    for other in others:
        assert other.stdin is not None
        other.stdin.write("go\n")
        other.stdin.flush()
    for other in others:
        lines += other.communicate()[0].splitlines()
        assert other.returncode == 0
    rows = [line.split() for line in lines]
    assert sorted(int(row[0]) for row in rows) == list(range(400))
    assert sorted(row[1] for row in rows) == [f"XMAN{number:010d}" for number in range(1, 401)]
    assert len({row[2] for row in rows}) == 400


def test_changes_are_visible_to_other_processes_at_once(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with closing(SimulatorState(file, base_url="http://server")) as one, closing(SimulatorState(file)) as other:
        assert other.base_url == "http://server"
        assert other.fault_rules.current() == FaultRuleSet()
        one.fault_rules.replace(FaultRuleSet((FaultRule("drop:1"),), 1))
        assert other.fault_rules.current() == FaultRuleSet((FaultRule("drop:1"),), 1)
        url = other.authorisations.create("a", "1").url
        assert url.startswith("http://server/auth/")
        assert one.authorisations.consent(url, PERSONS[1].code_id)
        assert other.authorisations.latest()[0].status == "succ"
        one.accounts.add(Account("HIS", "s"))
        assert other.accounts.get("HIS") == Account("HIS", "s")
        made = one.holders.register(NEWCOMER)
        assert other.holders.by_id(made.code_id) == made
        other.holders.update(made.code_id, mobile_phone="199")
        assert one.holders.search()[0].mobile_phone == "199"
        calls = Call("/one"), Call("/other")
        one.calls.append(calls[0])
        other.calls.append(calls[1])
        assert one.calls.after() == other.calls.after() == list(calls)
        assert [call.number for call in calls] == [1, 2]


def test_a_file_is_remembered(tmp_path: Path) -> None:
    """The next process finds it, and seeds nothing again."""
    file = tmp_path / "state.db"
    with closing(SimulatorState(file, base_url="http://server")) as state:
        state.holders.update(PERSONS[1].code_id, mobile_phone="199")
        state.insurance_codes.use(PERSONS[1].ec_code)
    with closing(SimulatorState(file)) as state:
        holder = state.holders.by_id(PERSONS[1].code_id)
        assert holder is not None and holder.mobile_phone == "199"
        assert not state.insurance_codes.use(PERSONS[1].ec_code)
        assert state.base_url == "http://server"
    assert [path.name for path in tmp_path.iterdir()] == ["state.db"]


def test_states_in_memory_do_not_share() -> None:
    with closing(SimulatorState()) as one, closing(SimulatorState()) as other:
        made = one.holders.register(NEWCOMER)
        assert other.holders.by_id(made.code_id) is None


# The tables of edition 1, whatever the code calls them: files of earlier versions have these.
COLUMNS = {
    "meta": "name value",
    "holders": "code_id id_type id_no words place holder",
    "accounts": "app_id secret title methods",
    "terminals": "term_id title",
    "serials": "id app_id method number",
    "authorisations": "id url expires status code_id app_id number agrees_at agreer",
    "ec_codes": "id code code_id expires used",
    "ec_tokens": "token code_id expires",
    "calls": "number path method code request opened answer told wish at ms",
}


def test_the_tables_of_edition_1(state: SimulatorState) -> None:
    database = state.database
    names = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = {name: [row[1] for row in database.rows(f"PRAGMA table_info({name})")] for name in names}
    assert {name: " ".join(row) for name, row in columns.items()} == COLUMNS
    assert database.row("PRAGMA user_version") == (1,)


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_a_forked_child(state: SimulatorState, tmp_path: Path) -> None:
    """What is in memory it has a copy of; of a file it sees what the parent does, and the parent what it does."""
    shared = (tmp_path / "state.db").exists()
    state.serial_numbers.claim("a", "m", "1")
    from_parent = os.pipe()

    def child() -> tuple[bool, bool, bool]:
        inherited = state.serial_numbers.claim("a", "m", "1")
        own = state.serial_numbers.claim("a", "m", "2")
        assert os.read(from_parent[0], 1) == b"!"
        return inherited, own, state.serial_numbers.claim("a", "m", "3")

    result = begin(child)
    assert state.serial_numbers.claim("a", "m", "3")
    os.write(from_parent[1], b"!")
    assert result() == (False, True, not shared)
    assert state.serial_numbers.claim("a", "m", "2") is not shared
    for end in from_parent:
        os.close(end)


def test_a_fork_waits_for_a_transaction(state: SimulatorState) -> None:
    """The child finds the whole of it, and may begin one of its own."""
    amid = threading.Event()

    def work() -> None:
        with state.transaction():
            state.serial_numbers.claim("a", "m", "1")
            amid.set()
            while not forks.gate._closed:
                time.sleep(0.001)
            state.serial_numbers.claim("a", "m", "2")

    thread = threading.Thread(target=work)
    thread.start()
    assert amid.wait(60)

    def child() -> list[bool]:
        with state.transaction():
            return [forks.lost, *(state.serial_numbers.claim("a", "m", number) for number in "123")]

    assert in_child(child) == [False, False, False, True]
    thread.join(60)


def test_a_file_is_closed_before_a_fork(tmp_path: Path) -> None:
    """SQLite's own rule: a connection must not be carried over. Both processes open it again."""
    with closing(SimulatorState(tmp_path / "state.db")) as state:
        before = state.database._opened
        assert before is not None
        assert in_child(lambda: state.database._opened is None)
        with pytest.raises(sqlite3.ProgrammingError):
            before.execute("SELECT 1")
        assert state.serial_numbers.claim("a", "m", "1")


def test_what_was_read_before_a_fork_is_read_again(tmp_path: Path) -> None:
    """A change that comes while the file is closed is seen."""
    file = tmp_path / "state.db"
    with closing(SimulatorState(file)) as state, closing(SimulatorState(file)) as other:
        assert state.fault_rules.current().rules == ()
        in_child(lambda: None)
        other.fault_rules.replace(FaultRuleSet((FaultRule("delay:1"),)))
        assert len(state.fault_rules.current().rules) == 1


# ---- files that cannot be used ---------------------------------------------------------------------------------------


def _text(file: Path) -> None:
    file.write_bytes(b"not a database, and long enough to be examined".ljust(4096))


def _foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE accounts (name)")


def _foreign_with_a_number(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 1")


def _another_edition(file: Path) -> None:
    SimulatorState(file).close()
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_text, "not a database of the simulator; name another file"),
        (_foreign, "not a database of the simulator; name another file"),
        (_foreign_with_a_number, "not a database of the simulator; name another file"),
        (_another_edition, "a database of edition 99, this simulator has 1; delete the file"),
    ],
)
def test_files_of_others(tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    """ValueError with the file and what to do; the file is not changed."""
    file = tmp_path / "other.db"
    make(file)
    before = file.read_bytes()
    with pytest.raises(ValueError) as caught:
        SimulatorState(file)
    assert str(caught.value).startswith(f"{file}: {words}")
    assert file.read_bytes() == before


@pytest.mark.parametrize("place", ["no such folder/state.db", "."])
def test_places_for_no_file(tmp_path: Path, place: str) -> None:
    with pytest.raises(OSError) as caught:
        SimulatorState(tmp_path / place)
    assert str(tmp_path) in str(caught.value)
    assert "cannot be opened; make its folder and allow this user to write there" in str(caught.value)


def limited(state: SimulatorState, pages: int) -> Any:
    """Limit the growth of the database, as a full disk does."""
    size = state.database.row("PRAGMA page_count")[0]
    state.database.rows(f"PRAGMA max_page_count = {size + pages}")


def test_a_full_disk(state: SimulatorState) -> None:
    """OSError with what to do; nothing is left half done, and calls succeed again once there is room."""
    limited(state, 20)
    done = 0
    with pytest.raises(OSError, match="the disk is full; make room and try again"):
        for done in range(10_000):
            with state.transaction():
                state.serial_numbers.claim("a", "m", str(done))
                state.holders.register(Holder("03", f"X{done}", "name" * 500))
    assert 0 < done < 10_000
    assert state.holders.by_document("03", f"X{done}") is None
    assert state.holders.by_document("03", f"X{done - 1}") is not None
    with pytest.raises(OSError, match="the disk is full"):
        state.calls.append(Call(request="x" * 1_000_000))
    assert state.calls.after() == []
    limited(state, 10_000)
    assert state.serial_numbers.claim("a", "m", str(done))
    assert state.holders.register(Holder("03", f"X{done}", "name")).xman_id == f"XMAN{done + 1:010d}"


def test_a_file_that_may_not_be_written(state: SimulatorState) -> None:
    state.database.rows("PRAGMA query_only = ON")
    words = "cannot be written; allow this user to write the file and its folder"
    with pytest.raises(OSError, match=words):
        state.serial_numbers.claim("a", "m", "1")
    with pytest.raises(OSError, match=words):
        state.holders.register(NEWCOMER)
    assert state.holders.by_id(PERSONS[1].code_id) is not None


def test_a_file_that_another_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.simulator.store.database._BUSY_SECONDS", 0)
    file = tmp_path / "state.db"
    with closing(SimulatorState(file)) as one, closing(SimulatorState(file)) as other:
        with one.transaction():
            one.serial_numbers.claim("a", "m", "1")
            with pytest.raises(OSError, match="another process has held it"):
                other.serial_numbers.claim("a", "m", "2")
            assert other.holders.by_id(PERSONS[1].code_id) is not None  # reading goes on
        assert not other.serial_numbers.claim("a", "m", "1")
        assert other.serial_numbers.claim("a", "m", "2")


def test_a_closed_state_says_so() -> None:
    state = SimulatorState()
    state.close()
    with pytest.raises(sqlite3.ProgrammingError):
        state.serial_numbers.claim("a", "m", "1")
