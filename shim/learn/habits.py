"""How the vendor's exports treat the host, as lines of [abi]. Pure.

Seen by the recorder on every call: who takes the argument of Set_QRflow_Mode off the stack, how much of the buffer is
written, whose memory the returned text is, in which charset texts pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from shim.capture.record import CapturedCall
from shim.learn.findings import LearnFinding, problem, undecided
from shim.learn.samples import common_charset
from shim.spec import Shape, find_export

_SPECIFIED = 2048
_CAPACITIES = (4096, 8192, 16384, 20480, 32768, 65536)


def learn_habits(calls: Sequence[CapturedCall]) -> tuple[dict[str, str], list[LearnFinding]]:
    """Lines of [abi] with what they are taken from."""
    lines: dict[str, str] = {}
    findings: list[LearnFinding] = []
    _convention(calls, lines, findings)
    _buffer(calls, lines, findings)
    _memory(calls, lines, findings)
    _charset(calls, lines, findings)
    crashed = [call for call in calls if call.habits.crashed]
    if crashed:
        findings.append(problem("crashed", count=len(crashed), code=f"{crashed[0].habits.crashed:08X}"))
    words = Counter(call.habits.control_word for call in calls if call.habits.control_word >= 0)
    if len(words) > 1:
        shown = ", ".join(f"{word:04X} ({count})" for word, count in words.most_common(4))
        findings.append(LearnFinding("control-words", {"words": shown}))
    return lines, findings


def _convention(calls: Sequence[CapturedCall], lines: dict[str, str], findings: list[LearnFinding]) -> None:
    popped = [call.habits.popped for call in calls if call.function == "Set_QRflow_Mode" and not call.habits.crashed]
    known = [each for each in popped if each >= 0]
    if not known:
        findings.append(undecided("no-flow-call" if not popped else "stack-unknown", "set_qrflow_mode"))
        return
    cdecl = sum(each == 0 for each in known)
    if 0 < cdecl < len(known):
        findings.append(problem("both-conventions", cdecl=cdecl, total=len(known)))
        return
    lines["set_qrflow_mode"] = "cdecl" if cdecl else "stdcall"
    facts = {"bytes": known[0], "count": len(known), "value": lines["set_qrflow_mode"]}
    findings.append(LearnFinding("flow-convention", facts, line="set_qrflow_mode"))
    others = [call for call in calls if call.function != "Set_QRflow_Mode" and call.habits.popped == 0]
    if others:
        findings.append(problem("others-cdecl", count=len(others)))


def _buffer(calls: Sequence[CapturedCall], lines: dict[str, str], findings: list[LearnFinding]) -> None:
    rows = [call for call in calls if call.out is not None and _shape(call) is Shape.TRANS]
    if not rows:
        findings.append(undecided("no-out-data", "out_capacity"))
        return
    largest = max(rows, key=lambda call: len(call.out or b""))
    size = len(largest.out or b"")
    facts = {"size": size, "number": list(calls).index(largest) + 1, "count": len(rows)}
    if size >= _SPECIFIED:
        capacity = next((each for each in _CAPACITIES if each > size), size + 1)
        lines["out_capacity"] = str(capacity)
        findings.append(LearnFinding("out-large", {**facts, "capacity": capacity}, line="out_capacity"))
    else:
        findings.append(LearnFinding("out-fits", facts, line="out_capacity"))
    beyond = [call for call in rows if call.habits.out_touched > len(call.out or b"") + 1]
    if beyond:
        most = max(call.habits.out_touched for call in beyond)
        findings.append(LearnFinding("buffer-touched", {"count": len(beyond), "total": len(rows), "bytes": most}))
    else:
        findings.append(LearnFinding("buffer-untouched", {"count": len(rows)}))


def _memory(calls: Sequence[CapturedCall], lines: dict[str, str], findings: list[LearnFinding]) -> None:
    rows = [call for call in calls if call.habits.memory]
    if not rows:
        findings.append(undecided("memory-unknown", "return_memory"))
        return
    kinds = Counter(call.habits.memory for call in rows)
    kind, count = kinds.most_common(1)[0]
    places = len({call.habits.pointer for call in rows})
    facts = {"count": count, "total": len(rows), "places": places}
    if kind == "module":
        lines["return_memory"] = "static"
    elif kind == "heap":
        lines["return_memory"] = "cotaskmem"
    line = "return_memory" if kind in ("module", "heap") else ""
    findings.append(LearnFinding(f"memory-{kind}", facts, line=line))


def _charset(calls: Sequence[CapturedCall], lines: dict[str, str], findings: list[LearnFinding]) -> None:
    given = [text for call in calls if _shape(call) is Shape.TRANS for text in call.texts[1:2] if text]
    out = [call.out for call in calls if call.out]
    wide_in = [text for text in given if not text.isascii()]
    wide_out = [text for text in out if not text.isascii()]
    if not wide_in and not wide_out:
        findings.append(undecided("charset-open", "charset"))
        return
    inside, outside = common_charset(wide_in), common_charset(wide_out)
    if wide_in and wide_out and inside != outside:
        findings.append(problem("charsets-differ", given=inside, out=outside))
    lines["charset"] = inside if wide_in else outside
    facts = {"value": lines["charset"], "given": len(wide_in), "out": len(wide_out)}
    findings.append(LearnFinding("charset", facts, line="charset"))


def _shape(call: CapturedCall) -> Shape | None:
    export = find_export(call.function)
    return None if export is None else export.shape
