#!/usr/bin/env python3
"""The one door to building, showing and testing virtualcard-shim. Standard library only; the steps are in buildlib/.

python3 build_dll.py demo     build for this machine and call all five exports against the simulator
python3 build_dll.py test     install what the tests need and run all of them; words go to pytest: test -k transport
python3 build_dll.py test --quick      style, types and tests/unit: no Wine, no product, nothing installed but packages
python3 build_dll.py style    Ruff's rules and format, types for Linux and Windows (lint, format, types: one of them)
python3 build_dll.py coverage          run tests again and print what they reach of shim/ and native/
python3 build_dll.py win32    dist/win32: both DLLs, the vcshim folder, a sample of vcshim.ini
python3 build_dll.py win64    the same for 64-bit programs
python3 build_dll.py installer         both setup programs, dist/vcshim-VERSION-win32-setup.exe; of one: installer win32
python3 build_dll.py package           dist/*.zip: what a hospital downloads, for 32-bit and 64-bit programs
python3 build_dll.py toolbox           dist/toolbox-win32, -win64: vcshim-toolbox.exe, for a developer without the DLLs;
                              --pages tries the simulator's pages of it in a browser
python3 build_dll.py twice             whether two builds of one commit are the same bytes; --toolbox: of that, too
python3 build_dll.py host     dist/host: the same C for this machine
python3 build_dll.py bench    measure everything beside yardsticks, into docs/performance.md; --wine, --short,
                              --against NAME=FOLDER, --only PART; --check compares the last run with earlier ones
python3 build_dll.py bench NAME        measure one thing: share, simulator, scan, screen, transport
python3 build_dll.py faults   faults of the wire against dist/host: --count 10000 --seed 1, --only N, --strays; --raised
python3 build_dll.py forks    children of a calling host against dist/host: --count 10000
python3 build_dll.py warm-ups          hosts that end while the libraries prepare for calls: --count 200 --wine
python3 build_dll.py captures          made-up vendors' DLLs captured, learnt, replayed: --count 10000 --wine
python3 build_dll.py scans    scans with foreign codes on every kind of line, and what a scan takes: --count 1000
python3 build_dll.py installs          runs of the installer that are killed, under Wine against dist/win32: --count 100
python3 build_dll.py toolchains        the contract on sets made by ziglang, with CPython 3.13, on our path functions
python3 build_dll.py site     dist/site: docs/ as pages, with a search box
python3 build_dll.py languages         the programs of examples/ in every language that has a compiler here
python3 build_dll.py screenshots       the simulator's pages as pictures, into docs/screenshots
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from buildlib import console

if TYPE_CHECKING:
    from buildlib.layout import Target

_FOR_WINDOWS = ("win32", "win64")
_MEASUREMENTS = ("share", "simulator", "scan", "screen", "transport")
_TAKE_WORDS = {
    "test": "pytest",
    "coverage": "pytest",
    "bench": "the measurement",
    "faults": "tests.support.faults",
    "forks": "tests.support.forks",
    "warm-ups": "tests.support.warm_ups",
    "scans": "tests.support.scans",
    "captures": "tests.support.vendors",
    "installs": "tests.support.killed_installs",
    "toolchains": "tests.support.toolchains",
    "languages": "tests.support.languages",
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """A command line taken apart; `words` are those that another program gets. SystemExit for a wrong one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        # No abbreviations: `--qui` is pytest's to refuse.
        taker = _TAKE_WORDS.get(name)
        return commands.add_parser(name, allow_abbrev=False, epilog=taker and f"All other words go to {taker}.")

    for name in (
        "demo",
        "host",
        "screenshots",
        "site",
        "coverage",
        "faults",
        "forks",
        "warm-ups",
        "scans",
        "captures",
        "installs",
        "toolchains",
        "languages",
    ):
        command(name)
    command("test").add_argument("--quick", action="store_true", help="style, types and tests/unit only")
    command("style").add_argument("names", nargs="*", metavar="CHECK", help="lint, format or types; all, if none")
    command("bench").usage = f"build_dll.py bench [{' | '.join(_MEASUREMENTS)}] [WORD ...]"
    for name in ("win32", "win64", "package", "toolbox", "installer"):
        target = command(name)
        target.add_argument("--sign", default="", metavar="COMMAND", help="signs a file: buildlib/package/signing.py")
        if name == "toolbox":
            target.add_argument("--pages", action="store_true", help="run the page tests against it")
        if name in ("package", "toolbox", "installer"):
            target.add_argument("names", nargs="*", metavar="TARGET", help="win32 or win64; both, if none")
        else:
            target.add_argument("--python-zip", type=Path, help="an official embeddable archive to take CPython from")
    twice = command("twice")
    twice.add_argument("names", nargs="*", metavar="TARGET", help="win32 or win64; both, if none")
    twice.add_argument("--toolbox", action="store_true", help="build and compare the toolbox as well")
    # NB: not argparse.REMAINDER, which refuses words that start with a dash.
    options, words = parser.parse_known_args(arguments)
    if options.command == "bench":
        options.name = words.pop(0) if words and not words[0].startswith("-") else ""
        if options.name not in ("", *_MEASUREMENTS):
            parser.error(f"bench: no measurement {options.name}; there are {', '.join(_MEASUREMENTS)}")
    if options.command in ("package", "toolbox", "twice") and (wrong := set(options.names) - set(_FOR_WINDOWS)):
        parser.error(f"{options.command}: no target {' '.join(sorted(wrong))}; there are {', '.join(_FOR_WINDOWS)}")
    options.words = words
    if words and options.command not in _TAKE_WORDS:
        parser.error(f"unrecognized arguments: {' '.join(words)}")
    return options


def main() -> int:
    """Run one command; 0 done, 1 something is missing or failed (and the text says what)."""
    options = parse(sys.argv[1:])
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that cannot show a rare character still shows the rest
    try:
        return _run(options)
    except console.Failed as failure:
        sys.stderr.write(f"\nbuild_dll: {failure}\n")
        return 1


def _run(options: argparse.Namespace) -> int:
    from buildlib import environment, layout, product
    from buildlib.package import signing

    if sys.version_info[:2] != layout.PYTHON:  # the sources of the library that ships are read by this process
        return subprocess.call([environment.find_interpreter(), *sys.argv])
    match options.command:
        case "demo":
            from buildlib import demo

            return demo.run()
        case "test":
            from buildlib import check

            return check.run(options.words, quick=options.quick)
        case "coverage":
            from buildlib import coverage

            return coverage.run(options.words)
        case "style":
            from buildlib import style

            return style.run(options.names)
        case "bench" | "screenshots":
            from buildlib import show

            return show.bench(options.name, options.words) if options.command == "bench" else show.screenshots()
        case "faults" | "forks" | "warm-ups" | "scans" | "captures" | "installs" | "toolchains" | "languages":
            from buildlib import show

            return show.against_the_product(_TAKE_WORDS[options.command], options.words)
        case "site":
            from buildlib import site

            return site.run()
        case "host":
            product.host()
        case "installer":
            from buildlib import installer

            for name in options.names or _FOR_WINDOWS:
                product.windows(_target(name), sign=signing.split(options.sign))
                installer.build(_target(name), sign=signing.split(options.sign))
        case "package":
            for name in options.names or _FOR_WINDOWS:
                product.package(_target(name), sign=signing.split(options.sign))
        case "twice":
            from buildlib.package import twice

            targets = [_target(name) for name in options.names or _FOR_WINDOWS]
            return twice.run(targets, with_toolbox=options.toolbox)
        case "toolbox":
            from buildlib import show

            targets = [_target(name) for name in options.names or _FOR_WINDOWS]
            return max(show.toolbox(target, signing.split(options.sign), options.pages) for target in targets)
        case _:
            product.windows(_target(options.command), options.python_zip, signing.split(options.sign))
    return 0


def _target(name: str) -> Target:
    from buildlib import layout

    return {"win32": layout.WIN32, "win64": layout.WIN64}[name]


if __name__ == "__main__":
    sys.exit(main())
