"""An exception at every point of every scene: `python3 build_dll.py faults --raised [--scene WORD] [--kind NAME]`.

Prints a line a scene, and each finding. The exit code is 1 if there was any. A point is tried again by itself with
`--scene NAME --kind NAME --only N`; `--sample N` takes some of the points.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.raised.campaign import run
from tests.support.raised.injection import KINDS
from tests.support.raised.scenes import SCENES

_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run scenes; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="faults --raised", description=__doc__)
    parser.add_argument("--scene", default="", help="those whose name contains this")
    parser.add_argument("--kind", action="append", choices=[kind.__name__ for kind in KINDS], help="raise only this")
    parser.add_argument("--sample", type=int, help="so many points of each scene (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", default=[], help="a point; may be given several times")
    options = parser.parse_args(arguments)
    kinds = [kind for kind in KINDS if options.kind is None or kind.__name__ in options.kind]
    findings = 0
    for scene in SCENES.values():
        if options.scene not in scene.name:
            continue
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="raised-") as folder:
            tally = run(scene, Path(folder), seed=options.seed, sample=options.sample, only=options.only, kinds=kinds)
        print(f"{tally}, {time.monotonic() - started:.0f} s", flush=True)
        for finding in tally.findings[:_SHOWN]:
            print(f"    {finding}", flush=True)
        findings += len(tally.findings)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
