"""Forks of a host beside calling threads, in numbers: `python3 build_dll.py forks [--count N]`.

A host in C with the built Linux libraries forks N children in every way there is, each with calls of its own, while its
other threads call; a platform counts who asked. Prints what was seen. The exit code is 1 if an answer was another
process's, a child hung or crashed, a call failed, a connection was shared, a request came twice, or a child kept
something of its parent's. Children that are refused are counted, and are no fault.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from buildlib.layout import DIST
from tests.support.forks import host
from tests.support.forks.peer import Peer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the host once for each command that is asked for; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="forks", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="children, but for their own (default: 10000)")
    parser.add_argument("--calls", type=int, default=2, help="calls of a child (default: 2)")
    parser.add_argument("--threads", type=int, default=4, help="threads that call (default: 4)")
    parser.add_argument("--forkers", type=int, default=2, help="threads that fork (default: 2)")
    parser.add_argument("--engine", default="socket", help="[transport] engine (default: socket)")
    parser.add_argument("--dist", type=Path, default=DIST / "host", help="a folder of dist/ (default: dist/host)")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="forks-") as name, Peer() as peer:
        folder = Path(name) / "his"
        shutil.copytree(options.dist, folder, ignore=shutil.ignore_patterns("vcshim_log"))
        os.environ["XDG_STATE_HOME"] = str(Path(name) / "state")
        seen, errors = host.run(
            folder, peer, "beside", options.count, calls=options.calls, threads=options.threads,
            forkers=options.forkers, more=f"engine = {options.engine}\n", timeout=3600 + options.count,
        )  # fmt: skip
        report = peer.report()
    for thing, values in (("host", vars(seen)), ("platform", vars(report))):
        for name, value in values.items():
            print(f"{thing:8} {name:16} {value if isinstance(value, int) else len(value)}")
    found = host.faults(seen, report)
    print(f"{time.monotonic() - started:.0f} s; {f'found: {found}' if found else 'nothing found'}")
    sys.stderr.write(errors)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
