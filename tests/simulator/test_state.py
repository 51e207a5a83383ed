"""What the platforms remember: every change by itself, in memory and in a file, by threads and by processes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from shim.simulator.faults import Rule, Standing
from shim.simulator.messages import Call
from shim.simulator.persons import APP_ID, LIMITED_APP_ID, NOTABLE, PERSONS
from shim.simulator.state import Account, Card, Holder, State, Terminal
from tests.simulator.test_platforms import Clock
from tests.support.paths import ROOT

NEWCOMER = Holder("01", "990000199912310013", "㛃敏𬱖", cards=(Card("02", "H1"), Card("02", "H1")))


@pytest.fixture(params=["memory", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    names = iter(f"name{number}" for number in range(1000))
    file = tmp_path / "state.db" if request.param == "file" else None
    with closing(State(file, Clock(), lambda: next(names), "http://desk")) as made:
        yield made


def clock(state: State) -> Clock:
    found = state._clock
    assert isinstance(found, Clock)
    return found


# ---- cards -----------------------------------------------------------------------------------------------------------


def test_registering(state: State) -> None:
    made = state.register(NEWCOMER)
    assert (made.xman_id, made.smk_id, made.cards) == ("XMAN0000000001", "SMK0000000001", (Card("02", "H1"),))
    assert made.ec_token == "350000ec000000000000000000000001000001"
    assert made.mindex_id == made.code_id[::-1]
    assert state.holder(made.code_id) == made == state.holder_of("01", "990000199912310013")
    again = state.register(Holder("01", "990000199912310013", "别人", cards=(Card("01", "D1"),)))
    assert (again.user_name, again.cards) == ("㛃敏𬱖", (Card("02", "H1"), Card("01", "D1")))
    assert state.register(Holder("03", "X2", "B")).xman_id == "XMAN0000000002"


def test_a_closed_card(state: State) -> None:
    """Nothing of it changes; registering makes a new one under the same IDs, with what the insurance thinks of it."""
    code_id = NOTABLE[28].code_id
    assert state.alter(code_id, mobile_phone="1") is not None
    closed = state.close_card(code_id)
    assert closed is not None and closed.closed
    assert state.close_card(code_id) is None
    assert state.alter(code_id, mobile_phone="2") is None
    assert state.link(code_id, None, Card("01", "D1")) is None
    assert state.holder(code_id) == closed
    again = state.register(Holder("01", NOTABLE[28].id_no, "新名"))
    assert (again.closed, again.user_name, again.mobile_phone) == (False, "新名", "")
    assert (again.code_id, again.insurance, again.ec_token) == (code_id, "500002", closed.ec_token)


def test_cards_are_linked(state: State) -> None:
    code_id = PERSONS[7].code_id
    assert state.link(code_id, Card("01", "nobody's"), Card("01", "D9")) is None
    assert state.link("nobody", None, Card("01", "D9")) is None
    assert state.link(code_id, None, Card("05", "J1")) == state.holder(code_id)
    assert state.link(code_id, Card("01", "D000007"), Card("05", "J1")) == state.holder(code_id)
    holder = state.holder(code_id)
    assert holder is not None and holder.cards == (Card("05", "J1"),)


def test_people_are_found(state: State) -> None:
    """Those who registered last stand first, then the notable, then the others."""
    made = [state.register(Holder("03", f"X{number}", f"来客{number}", mobile_phone="199")) for number in range(2)]
    assert [one.user_name for one in state.holders(limit=4)] == ["来客1", "来客0", "林晓雯", "刘𬱖"]
    assert len(state.holders()) == 60
    assert len(state.holders(limit=1000)) == 2 + len(NOTABLE) + 256
    assert [one.user_name for one in state.holders("客1")] == ["来客1"]
    assert [one.id_no for one in state.holders("19900000255")] == [PERSONS[255].id_no]
    assert [one.id_no for one in state.holders(" 990000195304040039 ")] == ["990000195304040039"]
    assert state.holders(made[0].code_id[:20].lower()) == [made[0]]
    assert [one.user_name for one in state.holders("o'b")] == ["JEAN-PIERRE O'BRIEN"]
    assert {one.user_name for one in state.holders("john", 1000)} == {"JOHN SMITH"}
    assert [one.user_name for one in state.holders("新生儿")] == ["林晓雯之子"]  # by the note
    assert [one.user_name[:2] for one in state.holders("_")] == ["古丽"]
    assert state.holders("%") == state.holders("x\ny") == []
    state.alter(made[0].code_id, user_name="改名")
    assert [one.user_name for one in state.holders("来客")] == ["来客1"]
    assert [one.user_name for one in state.holders(limit=2)] == ["来客1", "改名"]


# ---- accounts, terminals, numbers ------------------------------------------------------------------------------------


def test_accounts(state: State) -> None:
    assert [one.app_id for one in state.accounts()] == [APP_ID, LIMITED_APP_ID]
    assert state.account(APP_ID) == Account(
        "1TESTAPP0000000000000000TESTAPP0", "1TESTSEC0000000000000000TESTSEC0", "测试应用", frozenset()
    )
    assert state.account("HIS") is None
    for methods in (frozenset({"a", "b"}), frozenset[str]()):
        made = Account("HIS", "secret", "医院", methods)
        state.add_account(made)
        assert state.account("HIS") == made == state.accounts()[-1]
    assert len(state.accounts()) == 3


def test_terminals(state: State) -> None:
    assert state.terminals() == [Terminal("35020010001", "测试终端")]
    assert state.terminal("K1") is None
    state.add_terminal(Terminal("K1", "一"))
    state.add_terminal(Terminal("K1", "自助机"))
    assert state.terminals()[1:] == [Terminal("K1", "自助机")] == [state.terminal("K1")]


def test_numbers(state: State) -> None:
    assert [state.new_number(), state.new_number()] == ["2027011508000000000001", "2027011508000000000002"]
    assert state.take_serial("a", "m", "1")
    assert not state.take_serial("a", "m", "1")
    assert state.take_serial("b", "m", "1") and state.take_serial("a", "n", "1") and state.take_serial("a", "m", "2")


def test_a_transaction_is_all_or_nothing(state: State) -> None:
    """Nothing of it stays when an exception leaves it; one inside another is part of it."""
    with pytest.raises(KeyError):
        with state.transaction():
            state.take_serial("a", "m", "1")
            with state.transaction():
                state.register(NEWCOMER)
            raise KeyError
    assert state.holder_of("01", NEWCOMER.id_no) is None
    with state.transaction():
        assert state.take_serial("a", "m", "1")
        assert state.register(NEWCOMER).xman_id == "XMAN0000000001"
    assert not state.take_serial("a", "m", "1")


def test_old_serial_numbers_are_forgotten() -> None:
    """200,000 are kept, and up to a thousand more: the trigger's arithmetic, not 200,000 rows."""
    with closing(State()) as state:
        state.take_serial("a", "m", "first")
        state._change("UPDATE serials SET id = 1")
        state._change("INSERT INTO serials VALUES (200999, 'a', 'm', 'later')")
        assert not state.take_serial("a", "m", "first")
        assert state.take_serial("a", "m", "last")
        assert state.take_serial("a", "m", "first")
        assert not state.take_serial("a", "m", "later")


# ---- authorisations --------------------------------------------------------------------------------------------------


def test_authorisations(state: State) -> None:
    made = state.authorise("app", "A1")
    assert (made.url, made.expires, made.status) == ("http://desk/auth/name0", 1_800_000_060.0, "ing")
    assert (made.app_id, made.number, made.code_id) == ("app", "A1", "")
    assert state.authorisation("app", "A1") == made == state.authorisation_at(made.url)
    assert state.authorisation("other", "A1") is None
    assert state.authorisation_at("http://desk/auth/none") is None
    second = state.authorise("app", "A1")
    assert state.authorisation_at(made.url) is None
    third = state.authorise("app", "A2")
    assert state.authorisations() == [third, second]
    assert state.authorisations(1) == [third]
    assert state.consent(third.url, PERSONS[1].code_id)
    assert not state.decline(third.url)
    found = state.authorisation_at(third.url)
    assert found is not None and (found.status, found.code_id) == ("succ", PERSONS[1].code_id)
    assert not state.consent(second.url, NOTABLE[25].code_id)  # a closed card
    clock(state).now += 60
    assert [one.status for one in state.authorisations()] == ["succ", "fail"]
    assert not state.decline(second.url)


def test_authorisations_that_agree_by_themselves(state: State) -> None:
    """Whoever decides first, decides."""
    start, her = clock(state).now, NOTABLE[0].code_id
    first, second = (state.authorise("app", number, start + 5, her) for number in "12")
    late = state.authorise("app", "3", start + 60, her)
    assert [(one.status, one.code_id) for one in state.authorisations()] == [("ing", "")] * 3
    assert state.decline(second.url)
    clock(state).now += 5
    assert state.authorisation("app", "1") == state.authorisation_at(first.url)
    assert [(one.status, one.code_id) for one in state.authorisations()] == [
        ("ing", ""), ("cancel", ""), ("succ", "6981869D91713E1B342FF42DA5368D1A034C085D30D1C37A"),
    ]  # fmt: skip
    assert not state.decline(first.url)
    assert not state.consent(first.url, PERSONS[1].code_id)
    clock(state).now += 55
    found = state.authorisation_at(late.url)
    assert found is not None and found.status == "fail"
    assert state.authorisations()[2].status == "succ"


# ---- insurance -------------------------------------------------------------------------------------------------------


def test_insurance_codes(state: State) -> None:
    made = state.new_ec_code(PERSONS[1].code_id)
    assert (len(made.code), made.code[:3], made.code[20:], made.code.isdecimal()) == (28, "424", "00350000", True)
    assert (made.code_id, made.expires, made.used) == (PERSONS[1].code_id, 1_800_000_060.0, False)
    assert state.ec_code(made.code) == made == state.ec_code("opc" + made.code[3:])
    assert state.use_ec_code("opc" + made.code[3:])
    assert not state.use_ec_code(made.code)
    used = state.ec_code(made.code)
    assert used is not None and used.used is True
    assert state.new_ec_code(PERSONS[1].code_id).code != made.code
    seed = state.ec_code("4240000000000000000300350000")
    assert seed is not None and (seed.code_id, seed.expires, seed.used) == (PERSONS[3].code_id, None, False)
    assert state.ec_code("4249999999999999999900350000") is None
    assert not state.use_ec_code("4249999999999999999900350000")


def test_old_insurance_codes_are_forgotten(state: State) -> None:
    """But for those that were there from the start."""
    old = state.new_ec_code(PERSONS[1].code_id)
    state._change("INSERT INTO ec_codes VALUES (30000, 'x', 'x', 0, 0)")
    assert state.ec_code(old.code) is None
    assert state.ec_code(PERSONS[3].ec_code) is not None


def test_tokens(state: State) -> None:
    assert not state.ec_token_holds("T")
    assert state.holder_of_token("T") is None
    state.issue_ec_token("T", PERSONS[1].code_id)
    clock(state).now += 1799.9
    assert state.ec_token_holds("T")
    clock(state).now += 0.1
    assert not state.ec_token_holds("T")
    assert state.holder_of_token("T") == state.holder(PERSONS[1].code_id)
    state.issue_ec_token("T", PERSONS[2].code_id)
    assert state.ec_token_holds("T")
    assert state.holder_of_token("T") == state.holder(PERSONS[2].code_id)


# ---- the log, and what there is one of -------------------------------------------------------------------------------


def test_calls(state: State) -> None:
    call = Call("/p", "m", "0000", request="{\x00}", opened="㛃", answer="a", told="t", wish="delay:1", at=1.5, ms=2.25)
    state.note(call)
    assert call.number == 1
    assert state.calls() == [call] == [state.call(1)]
    for number in range(2, 1103):
        state.note(Call(f"/{number}"))
    assert [one.number for one in state.calls()] == list(range(103, 1103))
    assert state.call(100) is None
    assert [one.path for one in state.calls(after=1100)] == ["/1101", "/1102"]
    assert [one.number for one in state.calls(limit=3)] == [1100, 1101, 1102]
    assert state.calls(after=1102) == []


def test_standing(state: State) -> None:
    assert state.standing() == Standing((), 0)
    rules = Standing((Rule("delay:500", 0.25), Rule("drop:1,again:1", 1.0)), 7)
    state.set_standing(rules)
    assert state.standing() == rules
    state.set_standing(Standing())
    assert state.standing() == Standing()


def test_the_address(state: State) -> None:
    state.base_url = "http://other"
    assert state.authorise("a", "1").url == "http://other/auth/name0"


# ---- threads and processes -------------------------------------------------------------------------------------------


def test_threads_take_a_serial_number_once(state: State) -> None:
    taken: list[bool] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(state.take_serial("a", "m", str(n)) for n in range(200)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), sum(taken)) == (1600, 200)


# Takes serial numbers and registers people; says which and whom.
_OTHER_PROCESS = """
import sys
from pathlib import Path
from shim.simulator.state import Holder, State

state = State(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(400):
    with state.transaction():
        if state.take_serial("a", "m", str(number)):
            made = state.register(Holder("03", f"X{number}", "name"))
            print(number, made.xman_id, state.new_number())
state.close()
"""


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Four of them open a new file at once and take the same numbers at once: each is taken by one of them."""
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


def test_changes_are_seen_by_the_other_at_once(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with closing(State(file, base_url="http://server")) as one, closing(State(file)) as other:
        assert other.base_url == "http://server"
        assert other.standing() == Standing()
        one.set_standing(Standing((Rule("drop:1"),), 1))
        assert other.standing() == Standing((Rule("drop:1"),), 1)
        url = other.authorise("a", "1").url
        assert url.startswith("http://server/auth/")
        assert one.consent(url, PERSONS[1].code_id)
        assert other.authorisations()[0].status == "succ"
        one.add_account(Account("HIS", "s"))
        assert other.account("HIS") == Account("HIS", "s")
        made = one.register(NEWCOMER)
        assert other.holder(made.code_id) == made
        other.alter(made.code_id, mobile_phone="199")
        assert one.holders()[0].mobile_phone == "199"
        calls = Call("/one"), Call("/other")
        one.note(calls[0])
        other.note(calls[1])
        assert one.calls() == other.calls() == list(calls)
        assert [call.number for call in calls] == [1, 2]


def test_a_file_is_remembered(tmp_path: Path) -> None:
    """By the next process, without anything being seeded once more."""
    file = tmp_path / "state.db"
    with closing(State(file, base_url="http://server")) as state:
        state.alter(PERSONS[1].code_id, mobile_phone="199")
        state.use_ec_code(PERSONS[1].ec_code)
    with closing(State(file)) as state:
        holder = state.holder(PERSONS[1].code_id)
        assert holder is not None and holder.mobile_phone == "199"
        assert not state.use_ec_code(PERSONS[1].ec_code)
        assert state.base_url == "http://server"
    assert [path.name for path in tmp_path.iterdir()] == ["state.db"]


def test_states_in_memory_do_not_share() -> None:
    with closing(State()) as one, closing(State()) as other:
        made = one.register(NEWCOMER)
        assert other.holder(made.code_id) is None


# ---- files that cannot be used ---------------------------------------------------------------------------------------


def _text(file: Path) -> None:
    file.write_bytes(b"no database of anybody's, and long enough to be looked at".ljust(4096))


def _foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE accounts (name)")


def _foreign_with_a_number(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 1")


def _another_edition(file: Path) -> None:
    State(file).close()
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
    """ValueError with the file and what to do, and not a byte of it is touched."""
    file = tmp_path / "other.db"
    make(file)
    before = file.read_bytes()
    with pytest.raises(ValueError) as caught:
        State(file)
    assert str(caught.value).startswith(f"{file}: {words}")
    assert file.read_bytes() == before


@pytest.mark.parametrize("place", ["no such folder/state.db", "."])
def test_places_for_no_file(tmp_path: Path, place: str) -> None:
    with pytest.raises(OSError) as caught:
        State(tmp_path / place)
    assert str(tmp_path) in str(caught.value)
    assert "cannot be opened; make its folder and allow this user to write there" in str(caught.value)


def limited(state: State, pages: int) -> Any:
    """Let the database grow by so many pages: a disk with no more room."""
    size = state._one("PRAGMA page_count")[0]
    state._rows(f"PRAGMA max_page_count = {size + pages}")


def test_a_full_disk(state: State) -> None:
    """OSError with what to do, nothing half done, and all is well once there is room."""
    limited(state, 20)
    done = 0
    with pytest.raises(OSError, match="the disk is full; make room and try again"):
        for done in range(10_000):
            with state.transaction():
                state.take_serial("a", "m", str(done))
                state.register(Holder("03", f"X{done}", "name" * 500))
    assert 0 < done < 10_000
    assert state.holder_of("03", f"X{done}") is None
    assert state.holder_of("03", f"X{done - 1}") is not None
    with pytest.raises(OSError, match="the disk is full"):
        state.note(Call(request="x" * 1_000_000))
    assert state.calls() == []
    limited(state, 10_000)
    assert state.take_serial("a", "m", str(done))
    assert state.register(Holder("03", f"X{done}", "name")).xman_id == f"XMAN{done + 1:010d}"


def test_a_file_that_may_not_be_written(state: State) -> None:
    state._rows("PRAGMA query_only = ON")
    words = "cannot be written; allow this user to write the file and its folder"
    with pytest.raises(OSError, match=words):
        state.take_serial("a", "m", "1")
    with pytest.raises(OSError, match=words):
        state.register(NEWCOMER)
    assert state.holder(PERSONS[1].code_id) is not None


def test_a_file_that_another_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.simulator.state._BUSY_SECONDS", 0)
    file = tmp_path / "state.db"
    with closing(State(file)) as one, closing(State(file)) as other:
        with one.transaction():
            one.take_serial("a", "m", "1")
            with pytest.raises(OSError, match="another process has held it"):
                other.take_serial("a", "m", "2")
            assert other.holder(PERSONS[1].code_id) is not None  # reading goes on
        assert not other.take_serial("a", "m", "1")
        assert other.take_serial("a", "m", "2")


def test_a_closed_state_says_so() -> None:
    state = State()
    state.close()
    with pytest.raises(sqlite3.ProgrammingError):
        state.take_serial("a", "m", "1")
