"""Runs the host programs of tests/native/python in any CPython: calls with literals in, their answers checked.

The calls are those of tests/vectors/hosts.json, whose person has a name that GBK cannot write, and verifications of
many persons. Needs no compiler. Used by tests/product/python_hosts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buildlib import pythons, tools
from shim.simulator.persons import PERSONS
from shim.simulator.server import Simulator
from shim.spec import EXPORTS, Shape
from tests.support import contract
from tests.support.calls import VERIFY
from tests.support.contract import Outcome
from tests.support.paths import NATIVE, vectors
from tests.support.product import Product

FOLDER = NATIVE / "python"
CASES: list[dict[str, Any]] = vectors("hosts")
# Every version that is expected here, Debian's own, and later ones where they are found.
NAMES = (*pythons.VERSIONS, "Debian", *(version for version in pythons.LATER if pythons.find(version)))
LIMIT = 120.0


@dataclass(frozen=True)
class Call:
    """A case under a name of its own, with the addresses that its {gateway} and {qr_query} stand for."""

    id: str
    case: dict[str, Any]
    arguments: tuple[str | int | None, ...]


@dataclass(frozen=True)
class Result:
    """What a host program has written: id, code and OutData of every call, and its notes."""

    answers: tuple[tuple[str, str | int, bytes], ...]
    notes: dict[str, Any]


def program(name: str) -> Path:
    """The CPython of this name in NAMES. Raises tools.Missing where it is not on this machine."""
    if name == "Debian":
        tools.require("debian-python")
        return pythons.DEBIAN_PROGRAM
    return cpython(name).program


def cpython(version: str) -> pythons.CPython:
    """The CPython of this version with its library. Raises tools.Missing where it is not on this machine."""
    found = pythons.find(version)
    if found is None:
        raise tools.Missing((f"python{version}",))
    return found


def every_call(start: str, simulator: Simulator | None = None) -> list[Call]:
    """The five exports, one after the other; without a simulator at the address sim:."""
    return [_call(f"{start} {case['id']}", case, simulator) for case in CASES]


def person_call(name: str, number: int, simulator: Simulator | None, directives: str = "") -> Call:
    """A verification of the person of that number: the answer shows whose it is."""
    person = PERSONS[number]
    data = json.loads(VERIFY["in"])
    data["biz_content"]["ehealth_code"] = person.ehealth_code
    case = {
        "function": "VirtualCardTrans",
        "url": "{gateway}" + directives,
        "in": json.dumps(data, ensure_ascii=False),
        "code": "00",
        "has": [f'"id_no":"{person.id_no}"', f'"user_name":"{person.user_name}"', f'"{person.code_id}"'],
    }
    return _call(name, case, simulator)


def persons(start: str, simulator: Simulator | None, numbers: Iterable[int]) -> list[Call]:
    """A verification of each of these persons."""
    return [person_call(f"{start} {number}", number, simulator) for number in numbers]


def write_job(product: Product, calls: Sequence[Call], folder: Path, words: Sequence[str] = ()) -> Path:
    """The file that a host program takes; its result is `result.json` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    job = {
        "libraries": {"VC": str(product.library("VC")), "EC": str(product.library("EC"))},
        "exports": {
            row.name: [row.family.value, _letters(row), row.shape is Shape.TRANS] for row in EXPORTS
        },
        "calls": [_in_job(call) for call in calls],
        "words": list(words),
        "result": str(folder / "result.json"),
    }  # fmt: skip
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def read_result(folder: Path) -> Result:
    """What the program wrote there."""
    data = json.loads((folder / "result.json").read_text())
    return Result(tuple((name, code, bytes.fromhex(out)) for name, code, out in data["answers"]), data["notes"])


def run_host(
    python: Path | str,
    source: str,
    product: Product,
    calls: Sequence[Call],
    folder: Path,
    *,
    words: Sequence[str] = (),
    options: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    exit_code: int = 0,
) -> Result:
    """Run a program of tests/native/python to its end; a word on its stdout or stderr fails the test."""
    job = write_job(product, calls, folder, words)
    done = subprocess.run(
        [python, "-B", *options, FOLDER / source, job], env=environment(env), capture_output=True, text=True,
        timeout=LIMIT, check=False,
    )  # fmt: skip
    silent(done, exit_code)
    return read_result(folder)


def silent(done: subprocess.CompletedProcess[str], exit_code: int = 0) -> None:
    """A host has ended with this code and without a word on stdout and stderr."""
    outcome = (done.returncode, done.stdout, done.stderr)
    assert outcome == (exit_code, "", ""), "exit code {}\n{}\n{}".format(*outcome)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's without what concerns its own Python, but for the packages of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    return {**kept, **(more or {})}


def with_packages() -> dict[str, str]:
    """The environment in which the Python that runs the tests finds the packages that it has itself."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if "site" in path)}


def assert_right(calls: Sequence[Call], result: Result) -> None:
    """Each call was answered once, with its literals."""
    answered, wanted = sorted(name for name, _, _ in result.answers), sorted(call.id for call in calls)
    assert answered == wanted, f"answered: {answered}"
    by_id = {call.id: call.case for call in calls}
    for name, code, out in result.answers:
        case = by_id[name]
        assert code == case.get("code", case.get("number")), f"{name}: {code} {out.decode('gb18030', 'replace')}"
        contract.check(case, Outcome(str(code), code if isinstance(code, int) else None, out))


def _letters(row: Any) -> str:
    return "".join("b" if each is row.output else "t" if each.is_text else "i" for each in row.parameters)


def _call(name: str, case: dict[str, Any], simulator: Simulator | None) -> Call:
    addresses = _Offline() if simulator is None else simulator
    words: list[str | int | None] = [
        text.hex() if isinstance(text, bytes) else text
        for text in contract.texts(case, addresses)  # type: ignore[arg-type]
    ]
    if "mode" in case:
        words.append(case["mode"])
    return Call(name, case, tuple(words))


class _Offline:
    """The addresses of the platforms in the calling process; serial numbers may be used again."""

    gateway = qr_query = "sim:?sim=again:1"


def _in_job(call: Call) -> dict[str, Any]:
    size = contract.capacity(call.case)
    return {"id": call.id, "function": call.case["function"], "arguments": call.arguments, "capacity": size or None}
