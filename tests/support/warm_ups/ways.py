"""What a host may do while the libraries prepare for calls, in steps of tests/native/warmhost.c; how it must end."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from tests.support.warm_ups.host import Ended

EXIT_CODE = 7
_ACCESS_VIOLATION = 0xC0000005


@dataclass(frozen=True)
class Way:
    """A row.

    Attributes:
        name: of the row.
        steps: after the loading and a random pause; ``{pause}`` is another one.
        linux, wine: the exit code; Wine tells the low 8 bits.
        calls: how many calls must have been answered.
        inside: in the DllMain of a library: Windows only.
    """

    name: str
    steps: tuple[str, ...]
    linux: int = EXIT_CODE
    wine: int = EXIT_CODE
    calls: int = 0
    inside: bool = False

    @property
    def only_ends(self) -> bool:
        """Whether the host does nothing but load, wait and end."""
        return len(self.steps) == 1


WAYS = (
    Way("return", ("return",)),
    Way("exit", ("exit",)),
    Way("_exit", ("_exit",)),
    Way("thread-exit", ("thread-exit",)),
    Way("system-exit", ("system-exit",)),
    Way("kill", ("kill",), linux=-signal.SIGTERM),
    Way("crash", ("crash",), linux=-signal.SIGSEGV, wine=_ACCESS_VIOLATION & 0xFF),
    Way("unload", ("unload", "settled", "return")),
    Way("unload-exit", ("unload", "wait:{pause}", "return")),
    Way("cycles", ("unload", "cycles:20", "load", "call", "return"), calls=1),
    Way("call", ("call", "call", "return"), calls=2),
    Way("dllmain", ("dllmain", "call", "return"), calls=1, inside=True),
    Way("dllmain-exit", ("dllmain", "return"), inside=True),
)


def fault(way: Way, ended: Ended, *, wine: bool) -> str:
    """What must not be of a host; "" if it is as it should be."""
    if ended.code is None:
        return "hangs"
    if ended.code != (way.wine if wine else way.linux):
        return f"ends with {ended.code}"
    if len([words for words in ended.words("call") if words[0] in ("00", "3002")]) != way.calls:
        return "is not answered"
    return ""
