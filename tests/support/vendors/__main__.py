"""Replacing made-up vendors' DLLs, in numbers: `python3 build_dll.py captures [--wine] [NAME ...]`.

Of every vendor 100 and 10 calls are captured, learnt without being told, and replayed; the seconds that learn takes
are those of this machine. Then one host makes 10,000 captured calls in 8 threads, and others are killed at random
moments. The exit code is 1 where a vendor inside the search space was not learnt or one outside was, a call differs,
answers were mixed, something was sent twice, or more than one record was lost by a kill. Needs dist/host, with --wine
dist/win32.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from buildlib.layout import BUILD
from tests.support.clients import Kind, Rig
from tests.support.vendors.captured import captured
from tests.support.vendors.load import Load, killed_hosts, many_calls
from tests.support.vendors.rows import BY_NAME, ROWS, VendorRow


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each thing that was shown; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="captures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BY_NAME)} (default: all)")
    parser.add_argument("--wine", action="store_true", help="hosts under Wine (default: on Linux)")
    parser.add_argument("--count", type=int, default=10000, help="calls of the host with many (default: 10000)")
    parser.add_argument("--threads", type=int, default=8, help="its threads (default: 8)")
    parser.add_argument("--kills", type=int, default=20, help="hosts that are killed (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="of their moments (default: 1)")
    parser.add_argument("--no-learn", action="store_true", help="only the hosts")
    options = parser.parse_args(arguments)
    kind: Kind = "win32-c" if options.wine else "linux-c"
    rows = [BY_NAME[name] for name in options.names] or list(ROWS)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="captures-") as name:
        folder = Path(name)
        if not options.no_learn:
            faults += sum(_is_not_learned(row, count, folder) for row in rows for count in (100, 10))
        rig = Rig(BUILD / "captures")
        try:
            row = BY_NAME["xiamen"]
            load = many_calls(row, kind, rig, folder / "many", options.count, options.threads)
            faults += _is_bad("many calls", load, load.kept != options.count)
            for load in killed_hosts(row, kind, rig, folder / "killed", options.kills, options.seed):
                faults += _is_bad("killed", load, len(load.lost) > 1)
        finally:
            rig.close()
    return int(faults > 0)


def _is_not_learned(row: VendorRow, count: int, folder: Path) -> bool:
    from tests.support.vendors.proving import learned, replayed

    calls = captured(row, count)
    began = time.monotonic()
    lesson = learned(calls, folder)
    seconds = time.monotonic() - began
    verdicts = (
        Counter(each.verdict.value for each in replayed(row, lesson.section, calls)) if lesson.section else Counter()
    )
    good = (lesson.code == 0 and verdicts == {"agrees": count}) if row.inside else lesson.code == 1
    print(f"{row.name:9} {count:4} calls learnt in {seconds:5.1f} s, exit {lesson.code}, {dict(verdicts)}", flush=True)
    return not good


def _is_bad(what: str, load: Load, fault: bool) -> bool:
    memory = load.memory
    third = memory[len(memory) // 3 :] or [0]
    print(
        f"{what}: {load.answered} answered, {load.kept} kept in {load.seconds:.1f} s; mixed {len(load.mixed)}, lost "
        f"{len(load.lost)}, twice {len(load.twice)}, problems {len(load.problems)}; {third[0]} KB after a third, "
        f"{third[-1]} KB at the end",
        flush=True,
    )
    return bool(fault or load.mixed or load.twice or load.problems)


if __name__ == "__main__":
    sys.exit(main())
