"""Takes the processors away from everything else for moments: `python -m tests.support.stolen_time [SECONDS]`, as root.

What a busy host does to a virtual machine: clocks go on, and threads of one processor stand still for up to half a
second wherever they are, while those of the others go on. A test that mistakes "soon" for "before" fails beside it;
code that asks two things as if they were one does, too. Run it beside a whole run of the tests to find both kinds; it
takes a sixth of the time. Not for CI. Linux only.
"""

from __future__ import annotations

import os
import random
import sys
import time

_REST_SECONDS = 1.0  # at most, between two moments
_SHORT, _LONG = (0.005, 0.06), (0.1, 0.5)  # seconds; one moment in five is long


def take(processor: int, seconds: float) -> None:
    """Take the time of one processor, in this process, for so long."""
    os.sched_setaffinity(0, {processor})
    # NB: no lower class does: the scheduler gives every thread of the same class its turn.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    chance = random.Random(processor)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0, _REST_SECONDS))
        moment = time.monotonic() + chance.uniform(*(_LONG if chance.random() < 0.2 else _SHORT))
        while time.monotonic() < moment:
            pass


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else float("inf")
    processors = sorted(os.sched_getaffinity(0))
    for processor in processors[1:]:
        if os.fork() == 0:
            take(processor, seconds)
            os._exit(0)
    take(processors[0], seconds)
    for _ in processors[1:]:
        os.wait()


if __name__ == "__main__":
    main()
