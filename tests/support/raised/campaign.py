"""Carries out a scene once for each point, and judges: the answer agrees with what arrived, and the next call works."""

from __future__ import annotations

import queue
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from shim.abi import hook
from shim.host_bytes import Answer
from shim.submission import Submission
from tests.support.raised.injection import KINDS, SECRET, Injection
from tests.support.raised.scenes import Evidence, Scene, Stage

_HANGS = 60.0
_Result = TypeVar("_Result")

# By export: what a call that an exception has ended returns, before anything was handed over and after.
CODES = {
    "VirtualCardTrans": (b"8009", b"3003"),
    "NationEcTrans": (b"-1", b"-1"),
    "Set_QRflow_Mode": (b"8009", b"3003"),
    "EhealthID_Print": (b"8009", b"3003"),
    "SetEcQrcode": (b"8009", b"3003"),
}
_NETWORK = (b"8002", b"8004", b"-3")  # no connection, or the request was not sent to its end
_DEVICE = b"9005"  # what the device itself says, with a sentence of its own


@dataclass
class Tally:
    """What was found in one scene."""

    scene: Scene
    events: int = 0
    raised: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.outcomes.items()))
        return f"{self.scene.name}: {self.events} events, {self.raised} raised: {kinds}; {len(self.findings)} findings"


class Caller:
    """A thread that makes calls, as those of a host are made; a hanging one is left behind."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="caller", daemon=True).start()

    def __call__(self, work: Callable[[], _Result]) -> _Result:
        results: queue.SimpleQueue[_Result | BaseException] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put(work())
            except BaseException as error:
                results.put(error)

        self._work.put(run)
        result = results.get(timeout=_HANGS)
        if isinstance(result, BaseException):
            raise result
        return result

    def _run(self) -> None:
        while True:
            self._work.get()()


def run(
    scene: Scene,
    folder: Path,
    *,
    seed: int = 1,
    sample: int | None = None,
    only: Sequence[int] = (),
    kinds: Sequence[type[BaseException]] = KINDS,
) -> Tally:
    """Raise at `sample` points of the scene, drawn by `seed`; at all of them if it is None.

    Args:
        only: at these points instead.
        kinds: what is raised; they take turns.
    """
    tally = Tally(scene)
    kinds = [kind for kind in kinds if kind not in scene.never]
    with scene.stage(folder) as stage, as_in_a_host():
        call, after = Caller(), Caller()
        for _ in range(3):  # caches fill
            assert after(lambda: stage.call(Submission())) == stage.expected
        counter = Injection(where=scene.where)
        call(lambda: _injected(scene, stage, counter, Submission()))
        stage.evidence()
        tally.events = counter.count
        rng = random.Random(f"{seed} {scene.name}")
        points = sorted(rng.sample(range(tally.events), min(sample or tally.events, tally.events)))
        for turn, at in enumerate(only or points):
            kind = kinds[(turn + seed) % len(kinds)]
            injection, submission = Injection(at, kind, scene.where), Submission()
            try:
                answer = call(lambda: _injected(scene, stage, injection, submission))  # noqa: B023
                evidence = stage.evidence()
                finding, outcome = judge(scene, stage.expected, answer, evidence, submission.begun)
                if outcome == "unknown" and not evidence.some and not _between(injection.place):
                    finding = finding or f"unknown, although nothing had been handed over yet: {answer}"
                again = after(lambda: stage.call(Submission()))
                stage.evidence()
                if again != stage.expected:
                    finding = finding or f"the next call is answered {again}"
            except queue.Empty:
                tally.findings.append(f"{at} {kind.__name__} at {injection.place}: a call hangs")
                return tally
            except BaseException as error:
                finding, outcome = f"{type(error).__name__} left the call", "escaped"
            tally.raised += bool(injection.place)
            tally.outcomes[outcome if injection.place else "not reached"] += 1
            if finding:
                tally.findings.append(f"{at} {kind.__name__} at {injection.place}: {finding}")
        tally.findings += [f"the log repeats an exception: {line[:200]}" for line in _log(folder) if _leaks(line)]
    return tally


@contextmanager
def as_in_a_host() -> Iterator[None]:
    """Without Python's stderr; what Python would print goes to the log."""
    before = threading.excepthook, sys.unraisablehook, sys.stderr
    hook()
    sys.stderr = None
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook, sys.stderr = before


def _injected(scene: Scene, stage: Stage, injection: Injection, submission: Submission) -> Answer:
    """The answer of a call; what leaves Port becomes that of C, as after the catch of the entry in abi.bind."""
    try:
        with injection.active():
            return stage.call(submission)
    except BaseException:
        code = CODES[scene.function][submission.begun]
        text = "业务可能已办成" if submission.begun else "本次没有提交"
        silent = scene.function in ("EhealthID_Print", "Set_QRflow_Mode")
        return Answer(code, int(code), b"" if silent else text.encode("gb18030"))


def judge(scene: Scene, expected: Answer, answer: Answer, evidence: Evidence, begun: bool) -> tuple[str, str]:
    """What is wrong with an answer ("" if nothing is), and what it says: true, unknown or not sent."""
    text = answer.out.decode("gb18030", "replace")
    not_sent, unknown = CODES[scene.function]
    said = f"{answer.code!r} {text!r}, arrived: {evidence}, begun: {begun}"
    if _leaks(text):
        return f"repeats the exception: {said}", "leak"
    if answer == expected:
        return ("" if evidence.whole and begun else f"the true answer to nothing: {said}"), "true"
    if answer.code in (b"00", b"0000", b"0"):
        return f"a success that is none: {said}", "false"
    if answer.code == unknown and (unknown != not_sent or "可能已" in text or "没有结果" in text):
        return ("" if begun else f"unknown, although nothing can have left: {said}"), "unknown"
    if scene.function in ("EhealthID_Print", "SetEcQrcode") and answer.code == _DEVICE:
        return ("" if begun or not evidence.some else f"the device has it: {said}"), "device"
    if answer.code in _NETWORK:
        return (f"all of it has arrived: {said}" if evidence.whole else ""), "network"
    if evidence.some or begun:
        return f"as if nothing had been sent: {said}", "denied"
    if "扫码组件" in text and "没有提交" not in text and "没有填入" not in text:
        return f"does not say that nothing was sent: {said}", "silent"
    return "", "not sent"


# Where a call is between saying that something is about to leave and its leaving: file and function.
_BETWEEN = (
    ("submission.py", ""),
    ("transport/connection.py", "send"),
    ("transport/portable/session.py", "send"),
    ("transport/tls.py", "send"),
    ("simulator/inprocess.py", "_post_once"),
    ("devices/label/", ""),
    ("devices/lines/", "write"),
    ("devices/autofill/driver.py", "_type"),
    ("devices/screen/", ""),
    ("devices/scanner/", "cancel"),
    ("service.py", "run"),
)


def _between(place: str) -> bool:
    file, _, function = place.split(":")
    return any(file.startswith(name) and function.startswith(beginning) for name, beginning in _BETWEEN)


def _leaks(text: str) -> bool:
    return any(word in text for word in SECRET.split())


def _log(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "vcshim_log").glob("*.log")):
        yield from path.read_text("utf-8").splitlines()
