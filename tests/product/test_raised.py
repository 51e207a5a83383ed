"""Exceptions inside the built libraries: what a host gets, by the place at which they are raised.

One line of Python in the archive raises (tests/support/raised/saboteur.py); everything else is the product, and its
answers come from Python, from the answers that Python has prepared, or from C.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_line, verify_line
from tests.support.clients import Kind, Reply, Rig, hexed, trans_line
from tests.support.desk import Desk
from tests.support.paths import ROOT
from tests.support.product import Product, install

KINDS = ("KeyboardInterrupt", "SystemExit", "GeneratorExit", "MemoryError", "RecursionError", "KeyError")
# Before the code. C does not know what was asked, and neither does an answer that was prepared.
NOT_SENT = "扫码组件出错，本次没有提交。请联系信息科"
IDENTIFIED = "扫码组件出错，没有结果，不影响业务，请患者刷新二维码再试；仍不行请联系信息科"
UNKNOWN = "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科"
# Where it is raised: whether the request has arrived, the code of VirtualCardTrans, the text.
PLACES = {
    "before": (False, b"8009", NOT_SENT),  # inside the transport, before the first byte
    "after": (True, b"3003", IDENTIFIED),  # while the answer is read
    "catch": (True, b"3003", UNKNOWN),  # the same, and again while the answer to that is made
    "late": (True, b"3003", UNKNOWN),  # after all of Python's work, in the last catch but one
    "unsent": (False, b"8009", NOT_SENT),  # out of the entry, into cffi
    "sent": (False, b"3003", UNKNOWN),  # the same, after the call was marked
}
LABEL_CODES = {"before": 8009, "after": 3003, "catch": 3003, "late": 3003, "unsent": 8009, "sent": 3003}


def sabotage(product: Product) -> None:
    """Append the saboteur to shim/abi.py in the product's archive."""
    parts = (ROOT / "shim" / "abi.py", ROOT / "tests" / "support" / "raised" / "saboteur.py")
    product.replace_module("shim/abi", "\n".join(part.read_text("utf-8") for part in parts))


def with_note(in_data: str, place: str, kind: str) -> bytes:
    return json.dumps({**json.loads(in_data), "note": f"raise:{place}:{kind};"}, ensure_ascii=False).encode("gb18030")


def text_of(reply: Reply) -> str:
    text = (reply.out or b"").decode("gbk")
    return str(json.loads(text)["message"]) if text.startswith("{") else text


class DeskRig(Rig):
    """The rig with a prefix in which a message box can be shown."""

    def __init__(self, wine: Wine) -> None:
        self._wine = wine

    def wine(self, kind: Kind) -> Wine:
        return self._wine


@pytest.fixture
def shown(rig: Rig, kind: Kind) -> Iterator[Rig]:
    if not kind.startswith("win"):
        yield rig
        return
    with Desk(1) as desk, Wine(rig.folder / "wine-desk-raised", display=desk.display) as wine:
        yield DeskRig(wine)
    shutil.rmtree(rig.folder / "wine-desk-raised", ignore_errors=True)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c", "win32-gui"])
def test_whatever_is_raised(shown: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Code and text say what became of the request, nothing is printed, no window waits, and the next call works."""
    product = install(kind, tmp_path / "his").ini("[label]\ntype = file\nfile = label.prn\n[start]\nwarm_up = off\n")
    sabotage(product)
    rows = [(place, name) for place in PLACES for name in KINDS]
    lines: list[str] = []
    for place, name in rows:
        verify, query = with_note(VERIFY["in"], place, name), with_note(QUERY["in"], place, name)
        lines += [
            trans_line("v", verify, url=simulator.gateway),
            trans_line("q", query, url=simulator.qr_query, export="NationEcTrans"),
            f"call p EhealthID_Print {hexed('1:1:::1')} {hexed('D1')} {hexed(f'raise:{place}:{name};')}",
        ]
    before = simulator.seen
    slow = "?sim=delay:1500" if kind.startswith("win") else ""  # cffi shows its box after 666 ms
    replies = product.run(shown, [*lines, verify_line("v", simulator, slow), query_line("q", simulator)], quiet=True)
    assert [reply.broken for reply in replies] == [{}] * len(replies)
    for number, (place, name) in enumerate(rows):
        verified, asked, printed = replies[3 * number : 3 * number + 3]
        _, code, text = PLACES[place]
        assert (verified.returned, text_of(verified)) == (code, f"{text}（{code.decode()}）。"), (place, name)
        assert (asked.returned, text_of(asked)) == (b"-1", f"{text}（-1）。"), (place, name)
        assert printed.number == LABEL_CODES[place], (place, name)
    verified, asked = replies[-2:]
    assert (verified.returned, verified.out) == (b"00", VERIFY["out"].encode("gb18030"))
    assert (asked.returned, asked.out) == (b"0000", QUERY["out"].encode("gb18030"))
    arrived = sum(2 * arrives for arrives, _, _ in PLACES.values()) * len(KINDS)
    assert simulator.seen - before == arrived + 2
    assert not (product.folder / "window.txt").exists()
    assert "张三" not in product.log_text() and "MemoryError" in product.log_text()
