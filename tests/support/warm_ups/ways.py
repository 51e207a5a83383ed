"""What a host may do while the libraries prepare for calls, as steps of tests/native/warmhost.c, and how it must end."""

from __future__ import annotations

import signal
from dataclasses import dataclass

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
