#!/usr/bin/env python3
"""The one door to building, showing and testing virtualcard-shim. Standard library only; the steps are in buildlib/.

python3 build_dll.py demo     build for this machine and call all five exports against the simulator
python3 build_dll.py test     install what the tests need and run all of them
python3 build_dll.py win32    dist/win32: both DLLs, vcshim.ini and the vcshim folder
python3 build_dll.py win64    the same for 64-bit programs
python3 build_dll.py host     dist/host: the same C for this machine
python3 build_dll.py bench NAME        measure: simulator, scan
python3 build_dll.py screenshots       the simulator's pages as pictures, into docs/screenshots
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from buildlib import console


def main() -> int:
    """Run one command; 0 done, 1 something is missing or failed (and the text says what)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in ("demo", "host", "screenshots"):
        commands.add_parser(name)
    test = commands.add_parser("test")
    test.add_argument("rest", nargs=argparse.REMAINDER, help="words for pytest")
    bench = commands.add_parser("bench")
    bench.add_argument("name", choices=("simulator", "scan", "screen"))
    bench.add_argument("rest", nargs=argparse.REMAINDER, help="words for the measurement")
    for name in ("win32", "win64"):
        windows = commands.add_parser(name)
        windows.add_argument("--python-zip", type=Path, help="an official embeddable archive to take CPython from")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that cannot show a rare character still shows the rest
    try:
        return _run(options)
    except console.Failed as failure:
        sys.stderr.write(f"\nbuild_dll: {failure}\n")
        return 1


def _run(options: argparse.Namespace) -> int:
    from buildlib import layout, product

    if options.command == "demo":
        from buildlib import demo

        return demo.run()
    if options.command == "test":
        from buildlib import check

        return check.run(options.rest)
    if options.command in ("bench", "screenshots"):
        from buildlib import show

        return show.bench(options.name, options.rest) if options.command == "bench" else show.screenshots()
    if options.command == "host":
        product.host()
    else:
        product.windows({"win32": layout.WIN32, "win64": layout.WIN64}[options.command], options.python_zip)
    return 0


if __name__ == "__main__":
    sys.exit(main())
