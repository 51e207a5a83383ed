"""The contract at every height: the service in process, the Linux libraries, the 32-bit DLLs under Wine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shim.call_port import Port
from shim.host_bytes import NULL, TOO_LONG, UNREADABLE
from shim.simulator.server import Simulator
from shim.spec import ALIASES, EXPORTS, Shape, find_export
from tests.support import contract
from tests.support.clients import Reply, Rig
from tests.support.contract import CASES, IDS, Outcome
from tests.support.product import KINDS, install

_WORDS = {"@noaccess": UNREADABLE, "@unterminated": UNREADABLE, "@big:10485760": TOO_LONG}
_PRIVATE = (
    "王𬱖", "龙䶮", "990000195203030026", "990000195304040039", "19900000002", "1TESTSEC", "350000ec00000000",
    "424000000000", "8BF77B9B0688",
)  # fmt: skip

# Nothing is typed on whatever desk the tests run.
_INI = "[log]\nlevel = wire\n[autofill]\nmethod = none\n"

# A case of an export that no table has fails by itself: the others can run without it.
KNOWN = [case for case in CASES if find_export(case["function"])]
Height = Callable[[str], tuple[dict[str, Outcome], dict[str, dict[str, str]], str]]


def in_process(folder: Path, simulator: Simulator) -> list[Outcome]:
    """The lowest height: Port, with the numbers that C puts in the place of texts it cannot read."""
    port = Port(folder)

    def text(value: bytes | str | None) -> bytes | int:
        if value is None:
            return NULL
        if isinstance(value, str):
            return _WORDS[value] if value in _WORDS else b"[" * 200000
        return value

    outcomes = []
    for case in KNOWN:
        room = contract.capacity(case)
        texts = [text(value) for value in contract.texts(case, simulator)]
        name = contract.export_of(case).name
        answer = port.answer(name, texts, case.get("mode", 0), room if isinstance(room, int) else 0)
        outcomes.append(Outcome(answer.code.decode(), answer.number, answer.out))
    return outcomes


@pytest.fixture(scope="session")
def heights(rig: Rig, simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Height:
    """Outcomes and broken checks by case, and the log, of all cases at one height, run once."""
    done: dict[str, tuple[dict[str, Outcome], dict[str, dict[str, str]], str]] = {}

    def at(height: str) -> tuple[dict[str, Outcome], dict[str, dict[str, str]], str]:
        if height not in done:
            folder = tmp_path_factory.mktemp(height)
            if height == "in-process":
                (folder / "vcshim.ini").write_text(_INI)
                outcomes = in_process(folder, simulator)
                broken: list[dict[str, str]] = [{} for _ in outcomes]
                log = "".join(path.read_text("utf-8") for path in (folder / "vcshim_log").glob("*.log"))
            else:
                product = install(height, folder / "his").ini(_INI)  # type: ignore[arg-type]
                replies = product.run(rig, [contract.line(i, case, simulator) for i, case in enumerate(KNOWN)])
                outcomes = [_outcome(case, reply) for case, reply in zip(KNOWN, replies, strict=True)]
                broken = [reply.broken for reply in replies]
                log = product.log_text()
            ids = [case["id"] for case in KNOWN]
            done[height] = dict(zip(ids, outcomes, strict=True)), dict(zip(ids, broken, strict=True)), log
        return done[height]

    return at


def _outcome(case: dict[str, Any], reply: Reply) -> Outcome:
    if contract.export_of(case).shape is not Shape.TRANS:
        return Outcome(None, reply.number, reply.out)
    return Outcome(None if reply.returned is None else reply.returned.decode(), None, reply.out)


@pytest.mark.parametrize("case", CASES, ids=IDS)
@pytest.mark.parametrize("height", ["in-process", *KINDS])
def test_contract(heights: Height, height: str, case: dict[str, Any]) -> None:
    """The answer is the literal one, and the host's state is what it was."""
    contract.export_of(case)
    outcomes, broken, _ = heights(height)
    contract.check(case, outcomes[case["id"]])
    assert broken[case["id"]] == {}


@pytest.mark.parametrize("name", [*(row.name for row in EXPORTS), *(alias.name for alias in ALIASES)])
def test_every_export_and_every_alias_has_a_case(name: str) -> None:
    assert name in {case["function"] for case in CASES}, f"add a case to {contract.CONTRACT.name}"


@pytest.mark.parametrize("height", ["in-process", *KINDS])
def test_no_patient_data_in_the_log(heights: Height, height: str) -> None:
    """All cases at the most talkative level: no name, number, phone, code, token or key is in the log."""
    log = heights(height)[2]
    assert log.count("\n") > len(KNOWN)
    assert [word for word in _PRIVATE if word in log] == []
