"""Wire faults drawn from a seed, against the built libraries: `python3 build_dll.py faults [--count N] [--seed S]`.

Prints a table of what was found by place, and each case with a finding. The exit code is 1 if there was any. A case is
carried out again by itself with `--seed S --only N`. `--strays` is the other run: many threads of one program, kept
connections over TLS, and answers that nobody asked for. `--raised` raises exceptions inside calls, without a product
(tests/support/raised); its own words are in `faults --raised --help`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from buildlib.layout import DIST
from buildlib.wine import Wine
from tests.support.faults import oracle, strays
from tests.support.faults.campaign import Options, Tally, run
from tests.support.raised.__main__ import main as raised

_UNDECIDED = 0.003  # the share of cases that a busy machine may leave undecided
_SHOWN = 2  # cases of a fault that are printed in full


@dataclass(frozen=True)
class Line:
    """What one process tells the other of a case."""

    place: str
    name: str
    reasons: dict[str, str]
    tries: int
    overrun: float
    undecided: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run cases, here or in several processes; 0 if nothing was found."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "--raised" in words:
        return raised([word for word in words if word != "--raised"])
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="cases (default: 10000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", help="a number of a case; may be given several times")
    parser.add_argument("--dist", type=Path, default=DIST / "host", help="a folder of dist/ (default: dist/host)")
    parser.add_argument("--engine", default="", help="[transport] engine; as the product has it, if not given")
    parser.add_argument("--processes", type=int, default=4, help="programs that carry out cases (default: 4)")
    parser.add_argument("--strays", action="store_true", help="many threads and answers that nobody asked for")
    parser.add_argument("--raised", action="store_true", help="exceptions inside calls, in this process")
    parser.add_argument("--calls", type=int, default=500, help="calls of a thread, for --strays (default: 500)")
    parser.add_argument("--racing", action="store_true", help="with --strays: also while calls go on")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.strays:
        return _strays(options)
    if options.part is not None:
        return _part(options)
    numbers = options.only or range(options.count)
    windows = (options.dist / "VirtualCardChk.dll").exists()
    started = time.monotonic()
    tally = Tally()
    lines = _here(options, numbers) if options.only or windows else _in_processes(options)
    for done, line in enumerate(lines, 1):
        tally.add(line.place, line.name, line.reasons, line.tries, line.overrun, line.undecided)
        if done % 500 == 0:
            sys.stderr.write(f"{done} cases, {time.monotonic() - started:.0f} s\n")
    _print(tally, options, time.monotonic() - started)
    too_busy = len(tally.undecided) > max(3, _UNDECIDED * tally.cases.total())
    return 1 if tally.failures or too_busy else 0


def _print(tally: Tally, options: argparse.Namespace, seconds: float) -> None:
    print(f"seed {options.seed}, {tally.cases.total()} cases in {seconds:.0f} s, {options.dist}, ", end="")
    print(f"engine {options.engine or 'as built'}; {tally.again} cases carried out again by themselves, ", end="")
    print(f"{len(tally.undecided)} left undecided by a busy machine")
    print(f"largest overrun of a deadline: {tally.overrun:.2f} s (late: more than {oracle.SLACK:.1f} s)\n")
    print(tally.table())
    kinds: Counter[str] = Counter()
    for name, reasons in sorted(tally.failures, key=lambda failure: int(failure[0].partition(":")[0])):
        kind = name.partition(": ")[2].partition(";")[0]
        kinds[kind] += 1
        if options.only or kinds[kind] <= _SHOWN:
            print(f"\n{name}\n" + "\n".join(f"    {finding}: {reason}" for finding, reason in reasons.items()))
    if kinds:
        print("\ncases with findings, by fault:")
        for kind, count in kinds.most_common():
            print(f"    {count:5} {kind}")


@contextlib.contextmanager
def _target(options: argparse.Namespace) -> Iterator[Options]:
    """What is attacked; libraries for Windows with a Wine prefix."""
    if not (options.dist / "VirtualCardChk.dll").exists():
        yield Options(options.dist, options.seed, options.engine)
        return
    with tempfile.TemporaryDirectory(prefix="faults-wine-") as folder, Wine(Path(folder) / "prefix") as wine:
        yield Options(options.dist, options.seed, options.engine, wine)


def _here(options: argparse.Namespace, numbers: Sequence[int]) -> Iterator[Line]:
    """Carry the cases out in this process."""
    with _target(options) as target:
        for outcome in run(target, numbers):
            verdict = outcome.verdict
            place = outcome.case.plan.fault.place
            name, again = str(outcome.case), outcome.tries
            yield Line(place, name, verdict.reasons, again, verdict.overrun, outcome.undecided)


def _part(options: argparse.Namespace) -> int:
    """Carry out every n-th case and print a line of JSON for each."""
    for line in _here(options, range(options.part, options.count, options.processes)):
        print(json.dumps(vars(line)), flush=True)
    return 0


def _in_processes(options: argparse.Namespace) -> Iterator[Line]:
    words = [sys.executable, "-m", "tests.support.faults", "--count", str(options.count), "--seed", str(options.seed)]
    words += ["--dist", str(options.dist), "--engine", options.engine, "--processes", str(options.processes)]
    lines: SimpleQueue[Line | None] = SimpleQueue()

    def read(part: int) -> int:
        with subprocess.Popen([*words, "--part", str(part)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for text in process.stdout:
                lines.put(Line(**json.loads(text)))
        lines.put(None)
        return process.returncode

    with ThreadPoolExecutor(options.processes) as pool:
        codes = [pool.submit(read, part) for part in range(options.processes)]
        left = options.processes
        while left:
            line = lines.get()
            if line is None:
                left -= 1
            else:
                yield line
    if any(code.result() for code in codes):
        raise SystemExit("a program that carries out cases has failed")


def _strays(options: argparse.Namespace) -> int:
    with _target(options) as target:
        result = strays.run(target, calls=options.calls, racing=options.racing)
    print(result)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
