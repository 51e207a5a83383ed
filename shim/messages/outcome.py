"""What became of a call, in the words for the clerk: rows by what the export does, how the call ended, what was asked.

The words never depend on the reason of a failure. Used by clerk.py, shim/reply.py and the generated tables only.
"""

from __future__ import annotations

from dataclasses import dataclass

from shim.errors import State
from shim.spec.exports import EXPORTS
from shim.spec.rows import Effect, Export, Shape


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row.

    Attributes:
        text: what the clerk reads, without a mark at its end.
        advises: it says what to do next; further advice follows a semicolon, not a full stop.
        otherwise: what follows it, with its mark, if nothing will change before somebody has changed something.
    """

    text: str
    advises: bool = True
    otherwise: str = ""


NOT_DONE = Outcome("本次没有提交", advises=False)
NOT_DONE_AGAIN = Outcome("本次没有提交，可以再试")
DONE = Outcome("业务已办成，请勿重做", otherwise="，并联系信息科")
# A request went out, and no answer was understood: by what the row of its method says of it.
UNKNOWN: dict[Effect, Outcome] = {
    Effect.CHANGE: Outcome("业务可能已办成，请先查询结果", otherwise="，并联系信息科"),
    Effect.IDENTIFY: Outcome("没有结果，不影响业务，请患者刷新二维码再试", otherwise="；仍不行请联系信息科"),
    Effect.QUERY: Outcome("没有结果，不影响业务，可以再试", otherwise="；仍不行请联系信息科"),
}
# The exports that ask no platform: nothing was done, and something may have been.
OF_DEVICES: dict[str, tuple[Outcome, Outcome]] = {
    "Set_QRflow_Mode": (
        Outcome("扩展屏没有改变", advises=False),
        Outcome("扩展屏可能已经改变，请先看扩展屏", otherwise="，并联系信息科"),
    ),
    "EhealthID_Print": (
        Outcome("标签没有打印", advises=False),
        Outcome("标签可能已经打出，请先看打印机，再决定是否补打", otherwise="，并联系信息科"),
    ),
    "SetEcQrcode": (
        Outcome("医保码没有填入", advises=False),
        Outcome("医保码可能已经填入，请先看输入框", otherwise="，并联系信息科"),
    ),
}
assert set(OF_DEVICES) == {row.name for row in EXPORTS if row.shape is not Shape.TRANS}


NO_EFFECT = "没有结果，不影响业务"


def logged_outcome(export: Export, state: State, effect: Effect) -> str:
    """What the log says became of a call: 可能已办成 only where there is something to look for at the platform."""
    if export.shape is Shape.TRANS and state is State.UNKNOWN and effect is not Effect.CHANGE:
        return NO_EFFECT
    return state.value


def outcome(export: Export, state: State, effect: Effect, again: bool) -> Outcome:
    """What became of a call of `export`.

    Args:
        effect: that of the method's row; CHANGE where it is not known.
        again: trying again may help, if nothing was done.
    """
    if export.name in OF_DEVICES:
        return OF_DEVICES[export.name][state is not State.NOT_DONE]
    if state is State.DONE:
        return DONE
    if state is State.UNKNOWN:
        return UNKNOWN[effect]
    return NOT_DONE_AGAIN if again else NOT_DONE
