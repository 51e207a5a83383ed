"""The clerk's sentence: what happened, whether anything was done, what to do next, and the code.

One function, so that no row can leave out what became of the call. Used by shim/reply.py and by the generated tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from shim.errors import Message, State
from shim.messages.outcome import outcome
from shim.spec.rows import Code, Effect, Export, Shape

LONGEST = 60
"""Characters that a message box shows without being read past, the code and the last mark included."""

# What rows say of the next step: nobody else is known to the clerk.
IT_DEPARTMENT = "请联系信息科"
IF_IT_GOES_ON = "仍不行请联系信息科"


def sentence(
    row: Message, facts: Mapping[str, object], export: Export, state: State, effect: Effect, code: str
) -> str:  # fmt: skip
    """At most `LONGEST` characters: what the clerk does next is left out first, then the end of what happened.

    Args:
        facts: what the row's text names, and `platform`, the name of the platform that is asked.
        effect: that of the method's row; CHANGE where it is not known.
        code: what the host gets.
    """
    happened = row.clerk.format(**facts)
    result = outcome(export, state, effect, row.again)
    end = f"（{code}）。"
    if row.then and (state is State.NOT_DONE or export.shape is not Shape.TRANS):
        then = ("；" if result.advises else "。") + row.then
    else:
        then = "" if row.again else result.otherwise
    rest = f"，{result.text}{end}"
    full = f"{happened}，{result.text}{then}{end}"
    return full if len(full) <= LONGEST else happened[: max(LONGEST - len(rest), 0)] + rest


def wordless_refusal(known: Code | None, code: str, word: str, platform: str) -> str:
    """What is said of a refusal for which its platform has no words.

    Args:
        known: the row of the code; None if it is in no table.
        code: what the host gets.
        word: the platform's own code, where `code` takes its place; "" otherwise.
    """
    meaning = "" if known is None else f"：{known.meaning}"
    own = f"，平台返回码 {word}" if word else ""
    refused = f"{platform}未受理{meaning}（{code}{own}）。"
    remedy = f"{IT_DEPARTMENT}。" if known is None or _is_for_others(known.remedy) else known.remedy
    return refused + remedy if len(refused + remedy) <= LONGEST else refused


def _is_for_others(remedy: str) -> bool:
    """Whether a remedy is not for the clerk: it names a field or a setting, or explains what the text says."""
    return "说明" in remedy or any(character.isascii() and character.isalpha() for character in remedy)
