"""What stands on the extension screen, and for how long: the rules of VC 2.2 by a clock that the test holds."""

from __future__ import annotations

import pytest

from shim.devices.screen.base import Shown, State
from shim.devices.screen.state import BY_STATUS, Board, Times
from shim.spec import DICTIONARIES, METHODS
from shim.spec.rows import Step

URL = "http://platform/auth/1"
HIDDEN = Shown(State.HIDDEN)


def board(*, steps: frozenset[Step] = frozenset(Step), **times: float) -> Board:
    made = Board(Times(**times), steps)
    made.set_visible(True)
    return made


def asked(now: float = 100.0) -> Board:
    made = board()
    made.tell(Step.ASKS, "A1", URL, now)
    return made


def test_the_countdown() -> None:
    made = asked()
    seen = [made.shown(100 + second).seconds for second in (0, 0.001, 0.999, 1, 30.5, 59, 59.999)]
    assert seen == [60, 60, 60, 59, 30, 1, 1]
    assert made.shown(159.999) == Shown(State.WAITING, URL, 1)
    assert made.shown(160) == Shown(State.EXPIRED)
    assert made.shown(162.999) == Shown(State.EXPIRED)
    assert made.shown(163) == HIDDEN


def test_zero_hides_at_once_where_nothing_is_to_be_said() -> None:
    made = board(expired=0)
    made.tell(Step.ASKS, "A1", URL, 100)
    assert made.shown(160) == HIDDEN


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("ing", Shown(State.WAITING, URL, 50)),
        ("succ", Shown(State.SUCCEEDED)),
        ("fail", Shown(State.REFUSED, URL, 50)),
        ("cancel", Shown(State.REFUSED, URL, 50)),
        ("", Shown(State.WAITING, URL, 50)),
        ("SUCC", Shown(State.WAITING, URL, 50)),
    ],
)
def test_what_the_query_says(status: str, shown: Shown) -> None:
    made = asked()
    made.tell(Step.DECIDES, "A1", status, 110)
    assert made.shown(110) == shown


def test_every_word_of_the_specification_has_a_picture() -> None:
    """VC 4.7.2: ing, succ, fail, cancel, and nothing else."""
    assert {entry.code for entry in DICTIONARIES["auth_statuses"].entries} == set(BY_STATUS)


def test_consent_is_shown_for_three_seconds_and_never_again() -> None:
    made = asked()
    made.tell(Step.DECIDES, "A1", "succ", 110)
    assert made.shown(112.9) == Shown(State.SUCCEEDED)
    made.tell(Step.DECIDES, "A1", "succ", 112.9)  # a host that goes on asking
    assert made.shown(113) == HIDDEN
    made.tell(Step.DECIDES, "A1", "succ", 114)
    assert made.shown(114) == HIDDEN


def test_a_refusal_leaves_page_and_countdown() -> None:
    """VC 2.2: 维持授权页面，倒计时继续; at zero it goes without another word."""
    made = asked()
    made.tell(Step.DECIDES, "A1", "cancel", 110)
    assert made.shown(159.5) == Shown(State.REFUSED, URL, 1)
    assert made.shown(160) == HIDDEN


def test_a_patient_who_changes_his_mind() -> None:
    made = asked()
    for status, state in (("fail", State.REFUSED), ("ing", State.WAITING), ("succ", State.SUCCEEDED)):
        made.tell(Step.DECIDES, "A1", status, 120)
        assert made.shown(120).state is state


@pytest.mark.parametrize("number", ["A2", ""])
def test_another_consent_changes_nothing(number: str) -> None:
    made = asked()
    made.tell(Step.DECIDES, number, "succ", 110)
    assert made.shown(110) == Shown(State.WAITING, URL, 50)


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    made = asked()
    made.tell(Step.DECIDES, "A1", "succ", 161)
    assert made.shown(161) == Shown(State.EXPIRED)


def test_the_next_patient_takes_the_place() -> None:
    made = asked()
    made.tell(Step.ASKS, "A2", URL + "2", 130)
    made.tell(Step.DECIDES, "A1", "succ", 131)
    assert made.shown(131) == Shown(State.WAITING, URL + "2", 59)


def test_mode_0_hides_and_forgets() -> None:
    made = asked()
    made.set_visible(False)
    assert made.shown(101) == HIDDEN
    made.set_visible(True)
    assert made.shown(102) == HIDDEN


def test_mode_1_after_authurl_shows_what_is_left() -> None:
    made = Board(Times())
    made.tell(Step.ASKS, "A1", URL, 100)
    assert made.shown(110) == HIDDEN
    made.set_visible(True)
    assert made.shown(110) == Shown(State.WAITING, URL, 50)


@pytest.mark.parametrize(("step", "state"), [(Step.REGISTERS, State.REGISTERED), (Step.FOLLOWS, State.FOLLOW)])
def test_a_new_code(step: Step, state: State) -> None:
    made = board(new_code=20)
    made.tell(step, "", "CODE:1", 100)
    assert made.shown(100) == Shown(state, "CODE:1", 20)
    made.tell(Step.DECIDES, "", "succ", 101)  # nobody asked for consent
    assert made.shown(101) == Shown(state, "CODE:1", 19)
    assert made.shown(120) == HIDDEN


def test_what_a_site_does_not_want_to_see() -> None:
    made = board(steps=frozenset({Step.ASKS, Step.DECIDES}))
    for step in (Step.REGISTERS, Step.FOLLOWS):
        made.tell(step, "", "CODE:1", 100)
    assert made.shown(100) == HIDDEN


def test_when_it_changes_by_itself() -> None:
    made = asked()
    assert made.next_change(100) == pytest.approx(1)
    assert made.next_change(100.25) == pytest.approx(0.75)
    assert made.next_change(159.9) == pytest.approx(0.1)
    assert made.next_change(160) == pytest.approx(3)
    assert made.next_change(163) is None
    made.set_visible(False)
    assert made.next_change(100) is None


def test_no_code_in_a_text() -> None:
    """What a log or a traceback may print of it."""
    made = asked()
    assert URL not in repr(made.shown(100)) and "seconds=60" in repr(made.shown(100))


def test_every_row_names_fields_of_its_method() -> None:
    for method in METHODS.values():
        for row in method.shows:
            assert row.field in {field.name for field in method.response}
            assert {row.number, row.flag} - {""} <= {field.name for field in method.request}
    assert {step for method in METHODS.values() for row in method.shows for step in [row.step]} == set(Step)
