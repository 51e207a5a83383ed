"""A host that is interrupted by Ctrl-C: in a call, idle, with a handler of its own. Its words are the steps.

    call ID      that call, as a program makes it
    caught ID    the same; `KeyboardInterrupt` is noted, if it is raised then
    idle         says `waiting`, and waits; notes KeyboardInterrupt
    handler      a handler of SIGINT of its own, which notes its runs
    ignore       ignore SIGINT
    warm         all calls whose ids start with `warm`; then it waits until the screen's modules are there

A line of the file beside the result tells a test what has been reached.
"""

from __future__ import annotations

import signal
import time
from typing import Any

from hospital import Hospital

his = Hospital()
noted: list[str] = []
his.notes["noted"] = noted
LIMIT = 30.0


def say(word: str) -> None:
    """Tell the test."""
    with open(his.job["result"] + ".lines", "a") as file:
        file.write(word + "\n")


def answered(name: str) -> None:
    """Make a call such that nothing of this interpreter runs between the answer and its being noted."""
    export, arguments, out = his.prepared(name)
    codes: list[Any] = []
    try:
        codes.extend(map(export, *([argument] for argument in arguments)))
    except KeyboardInterrupt:
        noted.append("KeyboardInterrupt")
    his.keep(name, codes[0] if codes else "", out)


def idle() -> None:
    """Wait for Ctrl-C."""
    try:
        say("waiting")
        time.sleep(LIMIT)
    except KeyboardInterrupt:
        noted.append("KeyboardInterrupt")


def drawn() -> None:
    """Wait until what draws the extension screen is loaded, which happens in the background."""
    last = time.monotonic() + LIMIT
    while time.monotonic() < last:
        with open("/proc/self/maps") as maps:
            if "_imagingft" in maps.read():
                return
        time.sleep(0.01)
    raise RuntimeError("nothing draws")


def handler(number: int, frame: Any) -> None:
    """Of the host."""
    noted.append(f"handler {number}")


his.load()
steps = iter(his.words)
for step in steps:
    if step == "call":
        his.call(next(steps))
    elif step == "caught":
        answered(next(steps))
    elif step == "idle":
        idle()
    elif step == "handler":
        signal.signal(signal.SIGINT, handler)
    elif step == "ignore":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    elif step == "warm":
        his.every("warm")
        drawn()
    his.finish()
