"""Scans with foreign codes, in numbers: `python3 build_dll.py scans [--count N] [KIND ...]`.

For each kind of line N scans, each with a foreign code that the scanner sends 0 to 200 ms after the line was opened,
while the patient's code comes later; then N scans without one, for the time that a scan takes. The exit code is 1 if a
foreign code was taken, or if a scan gave no code. What this busy machine sends later than 200 ms after the opening is
counted, and is no fault: behind the start command nothing tells a code from the patient's. Linux.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.scans.measure import EARLY_SECONDS, measure
from tests.support.scans.rigs import RIGS

_PATIENT_SECONDS = 0.4


def main(arguments: Sequence[str] | None = None) -> int:
    """Print two lines for each kind; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="scans", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(RIGS)} (default: all)")
    parser.add_argument("--count", type=int, default=1000, help="scans of a kind (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the delays (default: 1)")
    parser.add_argument("--flush-only", action="store_true", help="as once: discard what is there, then start at once")
    options = parser.parse_args(arguments)
    kinds = options.kinds or list(RIGS)
    with ThreadPoolExecutor(len(kinds)) as pool:
        found = list(pool.map(lambda kind: _is_at_fault(kind, options), kinds))
    return int(any(found))


def _is_at_fault(kind: str, options: argparse.Namespace) -> bool:
    count, chance = options.count, random.Random(f"{options.seed} {kind}")
    rig = RIGS[kind](_PATIENT_SECONDS)
    try:
        with tempfile.TemporaryDirectory(prefix="scans-") as folder:
            delays = [chance.uniform(0, EARLY_SECONDS) for _ in range(count)]
            planted = measure(rig, Path(folder), delays, flush_only=options.flush_only)
            rig.answer_seconds = 0.0
            plain = measure(rig, Path(folder), [None] * count, flush_only=options.flush_only)
    finally:
        rig.close()
    print(
        f"{kind:7} {count} scans with a foreign code: {planted.own} of the patient, {planted.early} foreign, "
        f"{planted.failed} without a code; {planted.late} foreign ones that were sent too late to count\n"
        f"{'':7} without one: open line to start command {_milliseconds(plain.opened_to_start)}; "
        f"whole scan {_milliseconds(plain.whole)}",
        flush=True,
    )
    return bool(planted.early or planted.failed or plain.failed)


def _milliseconds(seconds: Sequence[float]) -> str:
    times = sorted(1000 * each for each in seconds)
    return f"median {statistics.median(times):.1f} ms, p99 {times[min(len(times) - 1, len(times) * 99 // 100)]:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
