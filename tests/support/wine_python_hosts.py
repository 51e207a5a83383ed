"""Runs tests/native/python_host.py in a Python of some kind, with calls of the contract, and reads what it tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from tests.support.calls import QUERY, VERIFY
from tests.support.paths import NATIVE

PROGRAM = NATIVE / "python_host.py"
OURS = ("shim", "requests", "certifi", "cffi")

# What each use of the host's own libraries gives.
USE = [
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "ddaf35a193617aba", True, 42, 42,
    {"a": [1.5, "x"]},
]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What the host program wrote."""

    answers: list[tuple[str, str]]
    changed: list[str]
    uses: list[list[object]]
    modules: list[str]
    own: list[str]


def run(
    start: Callable[[Sequence[Path]], CompletedProcess[str]],
    folder: Path,
    name: Callable[[Path], str],
    libraries: Sequence[Path],
    addresses: Sequence[str],
    *,
    early: bool = True,
) -> Told:
    """Run the program by `start`; `name` is a path as the host sees it, `libraries` are VC and EC.

    `addresses` are those of calls of VirtualCardTrans; one of NationEcTrans goes to the simulator inside the library.
    """
    own, config, result = folder / "own", folder / "config.json", folder / "result.json"
    own.mkdir(parents=True)
    for module in OURS:
        (own / f"{module}.py").write_text("OWNER = 'host'\n")
    verify, query = VERIFY["in"].encode("gb18030").hex(), QUERY["in"].encode("gb18030").hex()
    vc, ec = map(name, libraries)
    calls = [{"library": vc, "export": "VirtualCardTrans", "url": url, "in": verify} for url in addresses]
    calls.append({"library": ec, "export": "NationEcTrans", "url": "sim:?sim=again:1", "in": query})
    config.write_text(json.dumps({"own": name(own), "calls": calls, "early": early}))
    done = start([PROGRAM, config, result])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    told = json.loads(result.read_text("utf-8"))
    answers = [(code, bytes.fromhex(out).decode("gb18030")) for code, out in told.pop("answers")]
    return Told(answers=answers, **told)


def right_answers(addresses: Sequence[str]) -> list[tuple[str, str]]:
    """What `run` has to give: each call three times."""
    return [*[("00", VERIFY["out"])] * len(addresses), ("0000", QUERY["out"])] * 3
