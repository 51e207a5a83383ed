"""Every row of both code tables through the built libraries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from shim.spec import EC_CODES, VC_CODES
from tests.support.calls import query_line, verify_line
from tests.support.clients import Kind, Rig
from tests.support.product import install


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_every_row_of_both_tables(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The platform refuses with each code in turn: it comes back as the return value, its meaning as the text."""
    card = [code for code in VC_CODES if code != "0000"]
    nation = [code for code in EC_CODES if code != "0"]
    lines = [verify_line(f"v{code}", simulator, f"?sim=refuse:{code}") for code in card]
    lines += [query_line(f"q{code}", simulator, f"?sim=refuse:{code}") for code in nation]
    replies = install(kind, tmp_path / "his").run(rig, lines)
    for code, reply in zip(card, replies[: len(card)], strict=True):
        assert reply.broken == {}
        assert (reply.returned or b"").decode() == code
        assert (reply.out or b"").decode("gb18030") == VC_CODES[code].meaning
    for code, reply in zip(nation, replies[len(card) :], strict=True):
        assert reply.broken == {}
        assert (reply.returned or b"").decode() == code
        answer = json.loads((reply.out or b"").decode("gb18030"))
        assert (answer["code"], answer["message"]) == (int(code), EC_CODES[code].meaning)
        assert (answer["data"], answer["orgId"]) == ({}, "1TESTORG0000000000000000TESTORG0")
