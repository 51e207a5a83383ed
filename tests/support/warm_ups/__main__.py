"""Hosts that end while the libraries prepare for calls, in numbers: `python3 build_dll.py warm-ups [--count N]`.

For each way in which a host may end, unload the libraries, call or crash, N hosts, each at a random moment after it has
loaded them; with the built libraries for Linux, or, with --wine, those for 32-bit Windows. Prints what was seen. The
exit code is 1 if a host hung, ended with another code than its own, or a call of its was not answered. With --control a
small DLL without anything of ours, whose thread loads DLLs of Windows: what Wine loses of those ends is its own.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from buildlib import clients
from buildlib.layout import DIST
from buildlib.wine import Wine
from tests.support.warm_ups.host import Ended, Host
from tests.support.warm_ups.ways import WAYS, Way, fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each way; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="warm-ups", description=__doc__)
    parser.add_argument(
        "ways", nargs="*", metavar="WAY", help=f"of {', '.join(way.name for way in WAYS)} (default: all)"
    )
    parser.add_argument("--count", type=int, default=200, help="hosts for each way (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: 1)")
    parser.add_argument("--longest", type=int, default=500, help="milliseconds to the latest moment (default: 500)")
    parser.add_argument("--at-once", type=int, default=2, help="hosts that run at one time (default: 2)")
    parser.add_argument("--seconds", type=float, default=60, help="after which a host hangs (default: 60)")
    parser.add_argument("--wine", action="store_true", help="dist/win32 instead of dist/host")
    parser.add_argument("--control", action="store_true", help="nothing of ours, under Wine; ways that only end")
    options = parser.parse_args(arguments)
    options.wine |= options.control
    rows = [way for way in WAYS if way.name in (options.ways or [way.name]) and (options.wine or not way.inside)]
    if options.control:
        rows = [way for way in rows if way.only_ends]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warm-ups-")))
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        his, library = folder / "his", None
        if options.control:
            library = clients.program("warmhost-control.dll")
        else:
            dist = DIST / ("win32" if options.wine else "host")
            shutil.copytree(dist, his, ignore=shutil.ignore_patterns("vcshim_log"))
        wine = stack.enter_context(Wine(folder / "wine")) if options.wine else None
        host = Host(his, wine, library=library)
        found = [_is_at_fault(host, way, options) for way in rows]
    print(f"found: {sum(found)} ways" if any(found) else "nothing found")
    return int(any(found))


def _is_at_fault(host: Host, way: Way, options: argparse.Namespace) -> bool:
    chance = random.Random(f"{options.seed} {way.name}")
    pauses = [(_pause(chance, options.longest), _pause(chance, options.longest)) for _ in range(options.count)]
    began = time.monotonic()
    with ThreadPoolExecutor(options.at_once) as pool:
        ends = list(pool.map(lambda two: _run(host, way, two, options.seconds), pauses))
    faults = [fault(way, each, wine=options.wine) for each in ends]
    answers = Counter(words[0] for each in ends for words in each.words("dllmain"))
    for two, each, what in zip(pauses, ends, faults, strict=True):
        if what:
            print(f"{way.name:12} after {two[0]} and {two[1]} us: {what}; {each.steps}; {each.text[-300:]}")
    counts = Counter(filter(None, faults))
    more = f"; in DllMain {dict(answers)}" if answers else ""
    print(
        f"{way.name:12} {len(ends)} hosts, {time.monotonic() - began:.0f} s: "
        f"{', '.join(f'{count} {what}' for what, count in counts.items()) or 'as they should be'}{more}",
        flush=True,
    )
    return bool(counts)


def _pause(chance: random.Random, longest: int) -> int:
    """Microseconds; every other one short, since more happens in the beginning."""
    return int(chance.uniform(0, longest * 1000) * chance.choice((0.1, 1)))


def _run(host: Host, way: Way, pauses: tuple[int, int], seconds: float) -> Ended:
    pause = itertools.chain(pauses[1:], itertools.repeat(0))
    steps = [step.format(pause=next(pause)) if "{" in step else step for step in way.steps]
    steps = [host.with_dllmain() if step == "dllmain" else step for step in steps]
    env = {"WAITED_IN_DLLMAIN": str(pauses[1] // 1000)}
    return host.run(["load", f"wait:{pauses[0]}", *steps], seconds=seconds, env=env)


if __name__ == "__main__":
    sys.exit(main())
