"""The rule for going native: each condition is needed, and what it asks for is in its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shim.replay.rule import RULE, Evidence, is_safe

VERIFY = ("VirtualCardTrans", "ehc.ehealthcode.verify")
QUERY = ("NationEcTrans", "ec.query")
DAYS = {f"2026-11-{day:02d}" for day in range(16, 21)}


def enough() -> Evidence:
    """Just enough of everything."""
    return Evidence(
        days=set(DAYS),
        days_since=set(sorted(DAYS)[-3:]),
        agreed={(*VERIFY, "00"): 280, (*VERIFY, "2001"): 9, (*QUERY, "0000"): 10},
        differed={(*VERIFY, "2001"): 1},
        streak=200,
        seen={(*VERIFY, "00"), ("EhealthID_Print", "", "0")},
    )


def test_enough_is_enough() -> None:
    assert is_safe(enough())


def set_to(**changes: object) -> Callable[[Evidence], None]:
    def change(evidence: Evidence) -> None:
        for name, value in changes.items():
            setattr(evidence, name, value)

    return change


def one_less(evidence: Evidence) -> None:
    evidence.agreed[*VERIFY, "00"] -= 1


def one_less_of_a_method(evidence: Evidence) -> None:
    evidence.agreed[*QUERY, "0000"] -= 1
    evidence.agreed[*VERIFY, "00"] += 1


LACKING: dict[str, tuple[str, Callable[[Evidence], None]]] = {
    "settings that cannot be used": ("settings", set_to(usable=False)),
    "four days": ("days", lambda evidence: evidence.days.remove("2026-11-16")),
    "a call less": ("calls", one_less),
    "a method too few times": ("methods", one_less_of_a_method),
    "a method that was only seen": ("methods", lambda evidence: evidence.seen.add((QUERY[0], "hos.fee", "0000"))),
    "an outcome that was only seen": ("outcomes", lambda evidence: evidence.seen.add((*VERIFY, "2002"))),
    "a difference not long ago": ("streak_calls", set_to(streak=199)),
    "a difference two days ago": ("streak_days", set_to(days_since={"2026-11-20", "2026-11-19"})),
    "calls past the recorder": ("apart", set_to(apart={((*VERIFY, "00"), "bypassed"): 7})),
    "calls that came too fast": ("missed", set_to(missed=4)),
    "a fault of ours": ("faults", set_to(fields={"ours.fault": 1})),
}  # fmt: skip


@pytest.mark.parametrize("name", LACKING)
def test_each_condition_is_needed(name: str) -> None:
    wanted, change = LACKING[name]
    evidence = enough()
    change(evidence)
    failing = [condition.key for condition in RULE if not condition.holds(condition.measure(evidence))]
    assert failing[:1] == [wanted]
    assert not is_safe(evidence)


def test_every_condition_is_tried() -> None:
    assert {condition.key for condition in RULE} == {key for key, _ in LACKING.values()}


def test_what_is_missing_is_named() -> None:
    evidence = enough()
    evidence.seen.add((*VERIFY, "2002"))
    (outcomes,) = (condition for condition in RULE if condition.key == "outcomes")
    assert outcomes.measure(evidence).missing == ("VirtualCardTrans ehc.ehealthcode.verify 2002",)


def test_devices_and_scans_that_came_to_nothing_say_nothing() -> None:
    evidence = enough()
    evidence.apart = {(("EhealthID_Print", "", "0"), "device"): 500, ((*VERIFY, "-2"), "scan"): 500}
    assert is_safe(evidence)


def test_no_evidence_is_not_safe() -> None:
    assert not is_safe(Evidence())


def test_the_texts_name_their_thresholds() -> None:
    assert [condition.text("en") for condition in RULE if condition.key in ("days", "apart")] == [
        "calls were compared on at least 5 days",
        "at most 2% of the calls could not be compared (devices, scans that came to nothing and failures of the "
        "vendor's own apart)",
    ]
