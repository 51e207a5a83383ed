"""The clerk's sentence: what happened, whether anything was done, what to do next, and the code.

One function, so that no row can leave out what became of the call. Used by shim/reply.py and by the generated tables.
"""

from __future__ import annotations

from shim.errors import Message, State
from shim.messages.outcome import outcome
from shim.spec.rows import Effect, Export

LONGEST = 60
"""Characters that a message box shows without being read past, the code and the last mark included."""

IT_DEPARTMENT = "请联系信息科"


def sentence(
    row: Message, facts: dict[str, object], export: Export, state: State, effect: Effect, code: str
) -> str:  # fmt: skip
    """At most `LONGEST` characters: what the clerk does next is left out first, then the end of what happened.

    Args:
        facts: what the row's text names, and `platform`, the name of the platform that was asked.
        code: what the host gets.
    """
    happened = row.clerk.format(**facts)
    result = outcome(export, state, effect, row.again)
    end = f"（{code}）。"
    if state is State.NOT_DONE or (row.again and state is row.state):
        then = row.then
    else:
        then = "" if row.again else "并联系信息科"
    full = happened + "，" + result.text + ("；" if result.advises else "。") * bool(then) + then + end
    if len(full) <= LONGEST:
        return full
    rest = "，" + result.text + end
    return happened[: max(LONGEST - len(rest), 0)] + rest
