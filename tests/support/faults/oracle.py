"""Judges a case: from what the server recorded and what the call gave back, never from how the product works."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field

from tests.support.faults.host import Result
from tests.support.faults.peer import Expect, Plan, Record
from tests.support.faults.transactions import NAME, serials_in

# The columns of the tally.
FINDINGS = ("sent twice", "foreign", "late", "wrong code", "next failed", "state kept", "crashed")
SLACK = 1.0  # seconds over the deadline that are put down to the machine
_LONG = 0.9  # seconds after which a call may have met a limit: [transport] connect_seconds is 1 in all cases
UNKNOWN_CODES = {"VC": "3003", "EC": "-1"}
SAID_UNKNOWN = ("业务可能已办成", "不影响业务")


@dataclass
class Verdict:
    """What is wrong with a case: the findings, each with a reason.

    `disturbed`: the machine was busy enough to explain them. `doubtful`: a call took all its time, which a busy machine
    might explain as well. Either makes it worth carrying the case out again while nothing else runs.
    """

    reasons: dict[str, str] = field(default_factory=dict)
    disturbed: bool = False
    doubtful: bool = False
    overrun: float = 0.0

    def add(self, finding: str, reason: str) -> None:
        self.reasons.setdefault(finding, reason)


@dataclass(frozen=True)
class Calls:
    """The calls of a case: when the one that met the fault began (time.monotonic), and all results.

    `server_stalled` is how long the process of the server was kept waiting meanwhile.
    """

    before: Result | None
    fault: Result
    after: Result
    began: float
    server_stalled: float


def judge(plan: Plan, record: Record, calls: Calls, late_after: float) -> Verdict:
    """The verdict on a case. `late_after`: seconds over the deadline from which on a call is late."""
    verdict = Verdict()
    for phase, result in (("before", calls.before), ("fault", calls.fault), ("after", calls.after)):
        if result is not None and result.code is None:
            verdict.add("crashed", f"the program ended in the call {phase} the fault")
    if not verdict.reasons:
        _sent_twice(plan, record, verdict)
        _foreign(plan, calls, verdict)
        _late(plan, record, calls, late_after, verdict)
        _outcome(plan, record, calls, verdict)
        _others(plan, calls, verdict)
        if plan.fault.name == "cookies" and record.cookies:
            verdict.add("state kept", "a request brought back the cookie of an earlier answer")
    return verdict


def _sent_twice(plan: Plan, record: Record, verdict: Verdict) -> None:
    most = plan.transaction.most
    for phase, serial in plan.serials.items():
        count = len(record.whole_requests.get(serial, ()))
        if count > most:
            verdict.add("sent twice", f"{count} requests of the call {phase}")
    begun = sum(phase == "fault" for _, phase in record.begun)
    if begun > most:
        verdict.add("sent twice", f"bytes of {begun} requests")


def _foreign(plan: Plan, calls: Calls, verdict: Verdict) -> None:
    for phase, result in (("before", calls.before), ("fault", calls.fault), ("after", calls.after)):
        if result is None or (phase == "fault" and plan.fault.undecidable):
            continue
        if set(serials_in(result.out)) - {plan.serials[phase]}:
            verdict.add("foreign", f"the call {phase} the fault got {serials_in(result.out)}")


def _late(plan: Plan, record: Record, calls: Calls, late_after: float, verdict: Verdict) -> None:
    for result in (calls.before, calls.fault, calls.after):
        if result is None:
            continue
        overrun = result.seconds - plan.total
        verdict.overrun = max(verdict.overrun, overrun)
        if overrun > late_after:
            verdict.add("late", f"{result.seconds:.2f} s")
            verdict.disturbed |= overrun - result.stalled < late_after
            verdict.doubtful |= overrun < 3 * late_after
    arrivals = record.whole_requests.get(plan.serials["fault"], [])
    if arrivals and max(arrivals) - calls.began > plan.total + late_after:
        verdict.add("late", f"sent {max(arrivals) - calls.began:.2f} s after the call began")


def _outcome(plan: Plan, record: Record, calls: Calls, verdict: Verdict) -> None:
    result, serial = calls.fault, plan.serials["fault"]
    expect = record.expect or plan.fault.expect
    served, whole = serial in record.served_well, bool(record.whole_requests.get(serial))
    if expect is Expect.LOST and whole and not served:
        expect = Expect.UNKNOWN
    if served and not record.hits:
        expect = Expect.GOOD
    allowed = _allowed(expect, served=served, success=serial in record.successes)
    kind = _kind(plan, record, result)
    if plan.fault.undecidable:
        return
    if kind not in allowed:
        verdict.add("wrong code", f"{result.code!r} is {kind}; right: {' or '.join(sorted(allowed))}")
        if "success" in allowed:
            late = record.answered.get(serial, calls.began) - calls.began > 0.5 * plan.total
            verdict.disturbed |= _was_slow(plan, result, calls) or (late and plan.fault.place != "time")
        verdict.doubtful |= result.seconds > _LONG
    _out_data(plan, result, kind, verdict)


def _allowed(expect: Expect, *, served: bool, success: bool) -> set[str]:
    kinds = {
        Expect.GOOD: {"success"},
        Expect.UNKNOWN: {"unknown"},
        Expect.UNSENT: {"failure"},
        Expect.LOST: {"failure", "unknown"},
        Expect.REFUSED: {"refused"},
        Expect.FAILED: {"failure", "unknown", "refused"},
        Expect.EITHER: {"success", "unknown"},
        Expect.ODD: {"success", "failure", "unknown", "refused"},
    }[expect]
    if served:
        return kinds | {"success"}
    return kinds if success else kinds - {"success"}


def _kind(plan: Plan, record: Record, result: Result) -> str:
    code = result.code or ""
    if code == plan.transaction.success:
        return "success"
    if code == UNKNOWN_CODES[plan.transaction.family] and (
        plan.transaction.family == "VC"
        or any(words in result.out.decode("gb18030", "replace") for words in SAID_UNKNOWN)
    ):
        return "unknown"
    if not code or _reads_as_success(code):
        return "a code that a host may take for success"
    return "refused" if record.code and code == record.code else "failure"


def _reads_as_success(code: object) -> bool:
    """Whether a host might: as a number, or after blanks and the like."""
    text = "".join(c for c in unicodedata.normalize("NFKC", str(code)) if c.isprintable() and not c.isspace())
    return re.fullmatch(r"[-+]?0*(\.0*)?", text) is not None


def _out_data(plan: Plan, result: Result, kind: str, verdict: Verdict) -> None:
    """OutData is what a host can read, says the same as the code, and names no other patient."""
    try:
        text = result.out.decode("gb18030")
    except UnicodeDecodeError:
        verdict.add("wrong code", "OutData is not GB18030")
        return
    if kind == "unknown" and plan.transaction.unknown not in text:
        verdict.add("wrong code", f"{result.code} without {plan.transaction.unknown}: {text[:80]}")
    if not text:
        verdict.add("wrong code", "OutData is empty")
    if plan.transaction.family == "EC":
        try:
            value = json.loads(text)
        except ValueError:
            verdict.add("wrong code", f"OutData is not JSON: {text[:80]}")
            return
        code = value.get("code") if isinstance(value, dict) else None
        if _reads_as_success("" if code is None else code) != (kind == "success"):
            verdict.add("wrong code", f"OutData says code {code!r} where the call is {kind}")
    if kind == "success":
        _same_person(plan, text, verdict)


def _same_person(plan: Plan, text: str, verdict: Verdict) -> None:
    """A success names the patient as the platform did; a character that came broken may only show as such."""
    serial = plan.serials["fault"]
    if serial not in text:
        verdict.add("foreign", "a success without the patient of the call")
    elif f"{NAME}{serial}" not in text and "\ufffd" not in text and "?" not in text and "\\ud800" not in text:
        verdict.add("wrong code", f"a success with another name: {text[:120]}")


def _others(plan: Plan, calls: Calls, verdict: Verdict) -> None:
    """The calls before and after succeed."""
    for phase, result in (("before", calls.before), ("after", calls.after)):
        if result is None or result.code == plan.transaction.success:
            continue
        text = result.out.decode("gb18030", "replace")[:80]
        verdict.add("next failed", f"the call {phase} the fault: {result.code!r} {text}")
        verdict.disturbed |= _was_slow(plan, result, calls)
        verdict.doubtful |= result.seconds > _LONG


def _was_slow(plan: Plan, result: Result, calls: Calls) -> bool:
    """Whether a busy machine may explain that a good call failed: it took all its time, which was not all its own."""
    return result.seconds > _LONG and result.stalled + calls.server_stalled > 0.2 * plan.total
