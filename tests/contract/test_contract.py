"""The contract at every height: the service in process, the Linux libraries, the 32-bit DLLs under Wine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shim.abi import NULL, TOO_LONG, UNREADABLE, Port
from shim.simulator.server import Simulator
from tests.support import contract
from tests.support.clients import Rig
from tests.support.contract import CASES, IDS, Outcome
from tests.support.product import KINDS, install

_WORDS = {"@noaccess": UNREADABLE, "@unterminated": UNREADABLE, "@big:10485760": TOO_LONG}
_PRIVATE = (
    "王𬱖", "龙䶮", "990000195203030026", "990000195304040039", "19900000002", "1TESTSEC", "350000ec00000000",
    "424000000000", "8BF77B9B0688",
)  # fmt: skip

# Nothing is typed on whatever desk the tests run.
_INI = "[log]\nlevel = wire\n[autofill]\nmethod = none\n"

Height = Callable[[], list[Outcome]]


def in_process(folder: Path, simulator: Simulator) -> list[Outcome]:
    """The lowest height: Port, with the numbers that C puts in the place of texts it cannot read."""
    port = Port(folder)

    def text(value: bytes | str | None) -> bytes | int:
        if value is None:
            return NULL
        if isinstance(value, str):
            return _WORDS[value] if value in _WORDS else b"[" * 200000
        return value

    found = []
    for case in CASES:
        default = 256 if case["function"] == "SetEcQrcode" else 2048
        capacity = case.get("capacity", default)
        given = [text(value) for value in contract.texts(case, simulator)]
        answer = port.answer(case["function"], given, case.get("mode", 0), capacity if isinstance(capacity, int) else 0)
        found.append(Outcome(answer.code.decode(), answer.number, answer.out))
    return found


@pytest.fixture(scope="session")
def heights(
    rig: Rig, simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[list[Outcome], list[dict[str, str]], str]]:
    """Outcomes, broken checks and the log of all cases at one height, run once."""
    done: dict[str, tuple[list[Outcome], list[dict[str, str]], str]] = {}

    def at(height: str) -> tuple[list[Outcome], list[dict[str, str]], str]:
        if height not in done:
            folder = tmp_path_factory.mktemp(height)
            if height == "in-process":
                (folder / "vcshim.ini").write_text(_INI)
                outcomes = in_process(folder, simulator)
                log = "".join(path.read_text("utf-8") for path in (folder / "vcshim_log").glob("*.log"))
                done[height] = outcomes, [{} for _ in outcomes], log
            else:
                product = install(height, folder / "his").ini(_INI)  # type: ignore[arg-type]
                lines = [contract.line(i, case, simulator) for i, case in enumerate(CASES)]
                replies = product.run(rig, lines)
                outcomes = [
                    Outcome(
                        None if reply.returned is None else reply.returned.decode(), None, reply.out
                    ) if "code" in case else Outcome(None, reply.number, reply.out)
                    for case, reply in zip(CASES, replies, strict=True)
                ]  # fmt: skip
                done[height] = outcomes, [reply.broken for reply in replies], product.log_text()
        return done[height]

    return at


@pytest.mark.parametrize("case", range(len(CASES)), ids=IDS)
@pytest.mark.parametrize("height", ["in-process", *KINDS])
def test_contract(heights: Any, height: str, case: int) -> None:
    """The answer is the literal one, and the host's state is what it was."""
    outcomes, broken, _ = heights(height)
    contract.check(CASES[case], outcomes[case])
    assert broken[case] == {}


@pytest.mark.parametrize("height", ["in-process", *KINDS])
def test_no_patient_data_in_the_log(heights: Any, height: str) -> None:
    """All cases at the most talkative level: no name, number, phone, code, token or key is in the log."""
    log = heights(height)[2]
    assert log.count("\n") > 2 * len(CASES)
    assert [word for word in _PRIVATE if word in log] == []
