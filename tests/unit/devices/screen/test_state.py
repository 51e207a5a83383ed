"""What the extension screen shows and for how long: the rules of VC 2.2, by a clock that the test sets."""

from __future__ import annotations

import pytest

from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.state import PHASE_BY_STATUS, Durations, ScreenState
from shim.spec import DICTIONARIES, METHODS
from shim.spec.rows import Step

URL = "http://platform/auth/1"
HIDDEN = ScreenContent(ScreenPhase.HIDDEN)


def visible(*, steps: frozenset[Step] = frozenset(Step), **times: float) -> ScreenState:
    state = ScreenState(Durations(**times), steps)
    state.set_visible(True)
    return state


def asked(now: float = 100.0) -> ScreenState:
    state = visible()
    state.tell(Step.ASKS, "A1", URL, now)
    return state


def test_the_countdown() -> None:
    state = asked()
    seen = [state.content(100 + second).seconds for second in (0, 0.001, 0.999, 1, 30.5, 59, 59.999)]
    assert seen == [60, 60, 60, 59, 30, 1, 1]
    assert state.content(159.999) == ScreenContent(ScreenPhase.WAITING, URL, 1, 60)
    assert state.content(160) == ScreenContent(ScreenPhase.EXPIRED)
    assert state.content(162.999) == ScreenContent(ScreenPhase.EXPIRED)
    assert state.content(163) == HIDDEN


def test_zero_hides_at_once_if_expired_seconds_is_0() -> None:
    state = visible(expired=0)
    state.tell(Step.ASKS, "A1", URL, 100)
    assert state.content(160) == HIDDEN


@pytest.mark.parametrize(
    ("status", "content"),
    [
        ("ing", ScreenContent(ScreenPhase.WAITING, URL, 50, 60)),
        ("succ", ScreenContent(ScreenPhase.SUCCEEDED)),
        ("fail", ScreenContent(ScreenPhase.REFUSED, URL, 50, 60)),
        ("cancel", ScreenContent(ScreenPhase.REFUSED, URL, 50, 60)),
        ("", ScreenContent(ScreenPhase.WAITING, URL, 50, 60)),
        ("SUCC", ScreenContent(ScreenPhase.WAITING, URL, 50, 60)),
    ],
)
def test_what_the_query_says(status: str, content: ScreenContent) -> None:
    state = asked()
    state.tell(Step.DECIDES, "A1", status, 110)
    assert state.content(110) == content


def test_every_status_of_the_specification_has_a_phase() -> None:
    """VC 4.7.2: ing, succ, fail, cancel, and nothing else."""
    assert {entry.code for entry in DICTIONARIES["auth_statuses"].entries} == set(PHASE_BY_STATUS)


def test_consent_is_shown_for_three_seconds_and_never_again() -> None:
    state = asked()
    state.tell(Step.DECIDES, "A1", "succ", 110)
    assert state.content(112.9) == ScreenContent(ScreenPhase.SUCCEEDED)
    state.tell(Step.DECIDES, "A1", "succ", 112.9)  # a host that goes on asking
    assert state.content(113) == HIDDEN
    state.tell(Step.DECIDES, "A1", "succ", 114)
    assert state.content(114) == HIDDEN


def test_a_refusal_leaves_page_and_countdown() -> None:
    """VC 2.2: 维持授权页面，倒计时继续; at zero the page goes, and 已过期 is not shown."""
    state = asked()
    state.tell(Step.DECIDES, "A1", "cancel", 110)
    assert state.content(159.5) == ScreenContent(ScreenPhase.REFUSED, URL, 1, 60)
    assert state.content(160) == HIDDEN


def test_a_patient_who_decides_again() -> None:
    state = asked()
    for status, phase in (("fail", ScreenPhase.REFUSED), ("ing", ScreenPhase.WAITING), ("succ", ScreenPhase.SUCCEEDED)):
        state.tell(Step.DECIDES, "A1", status, 120)
        assert state.content(120).phase is phase


@pytest.mark.parametrize("number", ["A2", ""])
def test_another_consent_changes_nothing(number: str) -> None:
    state = asked()
    state.tell(Step.DECIDES, number, "succ", 110)
    assert state.content(110) == ScreenContent(ScreenPhase.WAITING, URL, 50, 60)


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    state = asked()
    state.tell(Step.DECIDES, "A1", "succ", 161)
    assert state.content(161) == ScreenContent(ScreenPhase.EXPIRED)


def test_the_next_patient_replaces_the_one_before() -> None:
    state = asked()
    state.tell(Step.ASKS, "A2", URL + "2", 130)
    state.tell(Step.DECIDES, "A1", "succ", 131)
    assert state.content(131) == ScreenContent(ScreenPhase.WAITING, URL + "2", 59, 60)


def test_mode_0_hides_and_forgets() -> None:
    state = asked()
    state.set_visible(False)
    assert state.content(101) == HIDDEN
    state.set_visible(True)
    assert state.content(102) == HIDDEN


def test_mode_1_after_authurl_shows_what_is_left() -> None:
    state = ScreenState(Durations())
    state.tell(Step.ASKS, "A1", URL, 100)
    assert state.content(110) == HIDDEN
    state.set_visible(True)
    assert state.content(110) == ScreenContent(ScreenPhase.WAITING, URL, 50, 60)


@pytest.mark.parametrize(
    ("step", "phase"), [(Step.REGISTERS, ScreenPhase.REGISTERED), (Step.FOLLOWS, ScreenPhase.FOLLOW)]
)
def test_a_new_code(step: Step, phase: ScreenPhase) -> None:
    state = visible(new_code=20)
    state.tell(step, "", "CODE:1", 100)
    assert state.content(100) == ScreenContent(phase, "CODE:1", 20, 20)
    state.tell(Step.DECIDES, "", "succ", 101)  # no consent was asked for
    assert state.content(101) == ScreenContent(phase, "CODE:1", 19, 20)
    assert state.content(120) == HIDDEN


@pytest.mark.parametrize(
    ("time_expire", "phase", "seconds"),
    [
        ("", ScreenPhase.REGISTERED, 60),
        ("  ", ScreenPhase.REGISTERED, 60),
        ("0", ScreenPhase.REGISTERED, 60),
        ("0.0", ScreenPhase.REGISTERED, 60),
        ("12000", ScreenPhase.EXPIRING, 60),
        (" 300 ", ScreenPhase.EXPIRING, 60),
        ("20", ScreenPhase.EXPIRING, 20),  # no longer on the screen than it is valid
        ("20.0", ScreenPhase.EXPIRING, 20),
        ("-5", ScreenPhase.EXPIRING, 60),  # for the platform to judge; it is not called one to be kept
        ("soon", ScreenPhase.EXPIRING, 60),
        ("nan", ScreenPhase.EXPIRING, 60),
        ("1e999", ScreenPhase.EXPIRING, 60),
    ],
)
def test_a_new_code_that_expires(time_expire: str, phase: ScreenPhase, seconds: int) -> None:
    """VC 4.1.1: seconds; empty is a static code, which alone may be photographed and kept."""
    state = visible()
    state.tell(Step.REGISTERS, "", "CODE:1", 100, time_expire)
    assert state.content(100) == ScreenContent(phase, "CODE:1", seconds, seconds)
    assert state.content(100 + seconds) == HIDDEN


def test_time_expire_is_not_that_of_another_code() -> None:
    state = visible()
    state.tell(Step.FOLLOWS, "", "http://follow", 100, "20")
    assert state.content(100) == ScreenContent(ScreenPhase.FOLLOW, "http://follow", 60, 60)


@pytest.mark.parametrize("step", [Step.ASKS, Step.REGISTERS, Step.FOLLOWS])
@pytest.mark.parametrize("text", ["", "  "])
def test_an_answer_without_a_code(step: Step, text: str) -> None:
    """What was shown goes, the code of another patient most of all, and it is to be reported."""
    state = asked()
    assert state.tell(step, "A2", text, 110) is False
    assert state.content(110) == HIDDEN
    hidden = ScreenState(Durations())
    assert hidden.tell(step, "A2", text, 110) is True  # nobody was to see anything
    assert visible(steps=frozenset()).tell(step, "A2", text, 110) is True


def test_blanks_around_a_code_are_no_part_of_it() -> None:
    state = visible()
    state.tell(Step.ASKS, "A1", f" {URL}\r\n", 100)
    assert state.content(100).code == URL


def test_steps_that_a_site_switched_off_are_ignored() -> None:
    state = visible(steps=frozenset({Step.ASKS, Step.DECIDES}))
    for step in (Step.REGISTERS, Step.FOLLOWS):
        state.tell(step, "", "CODE:1", 100)
    assert state.content(100) == HIDDEN


def test_next_change() -> None:
    state = asked()
    assert state.next_change(100) == pytest.approx(1)
    assert state.next_change(100.25) == pytest.approx(0.75)
    assert state.next_change(159.9) == pytest.approx(0.1)
    assert state.next_change(160) == pytest.approx(3)
    assert state.next_change(163) is None
    state.set_visible(False)
    assert state.next_change(100) is None


def test_the_repr_has_no_code() -> None:
    """A log or a traceback may print it."""
    state = asked()
    assert URL not in repr(state.content(100)) and "seconds=60" in repr(state.content(100))


def test_every_row_names_fields_of_its_method() -> None:
    for method in METHODS.values():
        for row in method.shows:
            assert row.field in {field.name for field in method.response}
            assert {row.number, row.flag} - {""} <= {field.name for field in method.request}
    assert {step for method in METHODS.values() for row in method.shows for step in [row.step]} == set(Step)
