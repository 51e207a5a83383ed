"""Which commands of the documents are run by tests/unit/test_documents.py, and which test runs each of the others.

Two tables, first row that fits. `HERE` says with which exit code a command ends in a folder without anything in it but
the files that the reader has; `ELSEWHERE` has a text of the test that runs such a command, so that a test that goes is
missed. Runs the commands of one document when started as a program.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.documents import Command


@dataclass(frozen=True)
class Here:
    """`words` are the first ones of a command of vcshim, `codes` those with which it may end; none: not run here."""

    words: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    why: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """`file` runs such a command, and has `text` in it."""

    program: str
    words: tuple[str, ...]
    why: str
    file: str
    text: str


HERE = (
    Here(("ini",)),
    Here(("kept",)),
    Here(("spec",)),
    Here(("reference",)),
    Here(("examples",)),
    Here(("sign",)),
    Here(("open",)),
    Here(("call", "--url"), (), "asks a simulator that runs"),
    Here(("call", "VirtualCardTrans")),
    Here(("call", "--method")),
    Here(("fleet", "key")),
    Here(("fleet", "sign")),
    Here(("screen", "--png")),
    Here(("label", "--png")),
    Here(("label", "--bytes")),
    Here(("label", "--print"), (1,), "no printer is set up"),
    Here(("label", "--status"), (1,), "no printer is set up"),
    Here(("scan", "--type", "auto"), (), "asks every port of the PC"),
    Here(("scan",), (1,), "no scanner is set up"),
    Here(("journal", "--settle"), (1,), "there are no such calls"),
    Here(("journal",)),
    Here(("doctor", "--url"), (), "asks a platform"),
    Here(("doctor",), (1,), "the folder has no DLLs"),
    Here(("log", "--follow"), (), "does not end"),
    Here(("log", "--out"), (0, 1), "whether another command of the document has logged something"),
    Here(("log",), (1,), "nothing such was logged"),
    Here(("config",)),
    Here(("completion",)),
    Here(("learn",), (1,), "there are no captures"),
    Here(("replay",), (4,), "there are no captures"),
)
_HERE = "tests/unit/test_documents.py"

ELSEWHERE = (
    Elsewhere("vcshim", ("scan",), "a scanner", "tests/unit/devices/scanner/test_auto.py", "auto.scan()"),
    Elsewhere("vcshim", ("screen",), "a display", "tests/product/screen/test_tour.py", "screen"),
    Elsewhere("vcshim", ("simulator",), "ends when interrupted", "tests/simulator/test_command.py", '"simulator"'),
    Elsewhere("vcshim", ("call", "--url"), "a simulator", "tests/unit/commands/test_call.py", '"--url"'),
    Elsewhere("vcshim", ("log", "--follow"), "does not end", "tests/unit/commands/test_log.py", '"--follow"'),
    Elsewhere("vcshim", ("doctor", "--url"), "a platform", "tests/unit/doctor/test_signing.py", '"--account"'),
    Elsewhere("vcshim", ("bridge",), "serves until it is ended", "tests/product/test_bridge.py", '"bridge"'),
    Elsewhere("vcshim", ("versions",), "sets side by side", "tests/product/test_install.py", '"versions"'),
    Elsewhere("vcshim", ("rollback",), "sets side by side", "tests/product/test_install.py", '"rollback"'),
    Elsewhere("vcshim", ("uninstall",), "an installation", "tests/product/test_install.py", '"uninstall"'),
    Elsewhere("build_dll.py", ("demo",), "builds", "tests/unit/buildlib/test_demo.py", "demo"),
    Elsewhere("build_dll.py", ("host",), "built before the tests", "buildlib/check.py", '"host": product.host'),
    Elsewhere("build_dll.py", ("win32",), "built before the tests", "buildlib/check.py", '"win32": '),
    Elsewhere("build_dll.py", ("package",), "built before the tests", "buildlib/check.py", "product.package(WIN32)"),
    Elsewhere("build_dll.py", ("toolbox",), "built before the tests", "buildlib/check.py", "toolbox.build(WIN32)"),
    Elsewhere("build_dll.py", ("languages",), "npm, Go", "tests/product/test_examples.py", "languages import"),
    Elsewhere("build_dll.py", ("site",), "a browser", "tests/simulator/test_site.py", "site.run("),
    Elsewhere("build_dll.py", ("test",), "runs this", ".ci/run", "build_dll.py test"),
    Elsewhere("build_dll.py", ("coverage",), "the suite once more, words are read", _HERE, "check_pytest_words"),
    Elsewhere("build_dll.py", ("bench", "simulator"), "minutes", "tests/simulator/test_command.py", "bench"),
    Elsewhere("build_dll.py", ("bench", "scan"), "minutes, words are read", _HERE, "bench."),
    Elsewhere("build_dll.py", ("bench", "screen"), "minutes, words are read", _HERE, "bench."),
    Elsewhere("build_dll.py", ("bench", "transport"), "minutes, words are read", _HERE, "bench."),
    Elsewhere("build_dll.py", ("bench",), "minutes", "tests/product/test_bench.py", "bench.main"),
    Elsewhere("build_dll.py", ("faults",), "minutes", "tests/product/test_wire_faults.py", "faults"),
    Elsewhere("build_dll.py", ("scans",), "minutes", "tests/product/test_scanner.py", "scan"),
)

# What the reader has, by the names in the documents.
READERS_FILES: Mapping[str, str] = {
    "hospital.ini": "[scanner]\ntype = serial\nport = COM3\n",
    "request.json": '{"method":"ehc.ehealthcode.verify","app_id":"A","term_id":"T","key":"0123456789ABCDEF",'
    '"version":"X.M.0.1","enc_type":"AES","biz_content":{"ehealth_code":"C"}}',
}


def here(command: Command) -> Here | None:
    """The row by which a command is run here."""
    row = next((row for row in HERE if command.program == "vcshim" and _fits(row.words, command.words)), None)
    return row if row is not None and row.codes else None


def elsewhere(command: Command) -> Elsewhere | None:
    """The row that says where a command is run."""
    rows = (row for row in ELSEWHERE if row.program == command.program)
    return next((row for row in rows if _fits(row.words, command.words)), None)


def _fits(first: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a command begins with the words; options may stand between, and a language before all."""
    words = words[2:] if words[:1] == ("--lang",) else words
    return bool(words) and words[0] == first[0] and set(first) <= set(words)


def main() -> None:
    """Run each command of a list, in this process; the exit codes as JSON on standard error's last line."""
    from shim import cli

    codes = []
    for words in json.loads(sys.argv[1]):
        try:
            codes.append(cli.main(words))
        except SystemExit as ended:
            codes.append(int(ended.code or 0))
    sys.stderr.write(f"\n{json.dumps(codes)}\n")


if __name__ == "__main__":
    main()
