"""Port: what C hands over becomes arguments of the service, and its replies bytes in the host's charset and buffer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.abi import NULL, Port
from shim.devices.label.absent import AbsentLabelPrinter
from shim.reply import Reply
from shim.service import Service
from shim.simulator.server import Simulator
from shim.spec import EXPORTS, Direction, Export
from tests.support.calls import QUERY, VERIFY

METHODS = {
    "VirtualCardTrans": "virtual_card_trans",
    "Set_QRflow_Mode": "set_qrflow_mode",
    "EhealthID_Print": "ehealthid_print",
    "SetEcQrcode": "set_ec_qrcode",
    "NationEcTrans": "nation_ec_trans",
}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The texts of every label that is asked for."""
    labels: list[tuple[str, ...]] = []
    monkeypatch.setattr(AbsentLabelPrinter, "print_label", lambda _, *texts: labels.append(texts))
    return labels


def test_each_text_is_read_in_the_charset_of_the_settings(tmp_path: Path, printed: list[tuple[str, ...]]) -> None:
    """With `auto` each text by itself: the second is GBK, which says nothing about the third."""
    (tmp_path / "vcshim.ini").write_text("[abi]\ncharset = auto\n")
    texts = [b"1", "多".encode("gb18030"), "王𬱖".encode()]
    assert Port(tmp_path).answer("EhealthID_Print", texts, 0, 0).number == 0
    assert printed == [("1", "多", "王𬱖")]


def test_the_texts_beyond_those_of_the_export_are_not_looked_at(tmp_path: Path, printed: list[tuple[str, ...]]) -> None:
    """C always hands over three."""
    answer = Port(tmp_path).answer("Set_QRflow_Mode", [NULL, NULL, NULL], 7, 0)
    assert (answer.number, answer.code, answer.out) == (9001, b"9001", b"")


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: row.name)
def test_every_export_is_served(row: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a method of the service, with the arguments of the row in their order; a number where the row has one."""
    received: list[tuple[object, ...]] = []

    def serve(_: Service, *arguments: object) -> None:
        received.append(arguments)
        raise RuntimeError

    monkeypatch.setattr(Service, METHODS[row.name], serve)
    answer = Port(tmp_path).answer(row.name, [b"a", b"b", b"c"], 17, 2048)
    texts = iter(("a", "b", "c"))
    inputs = [each for each in row.parameters if each.direction is Direction.IN]
    assert received == [tuple(next(texts) if each.is_text else 17 for each in inputs)]
    assert (answer.code, answer.number) == ((b"-1", -1) if row.name == "NationEcTrans" else (b"8009", 8009))


@pytest.mark.parametrize("row", [row for row in EXPORTS if row.output], ids=lambda row: row.name)
def test_a_buffer_that_is_not_there(row: Export, tmp_path: Path) -> None:
    answer = Port(tmp_path).answer(row.name, [b"sim:", b"{}"], 0, 0)
    assert (answer.number, answer.out) == (-2 if row.name == "NationEcTrans" else 9001, b"")


@pytest.mark.parametrize("code", ["00\0", "0000\0", "0", "", "错误", "E" * 40, "9" * 40, "0000 "])
@pytest.mark.parametrize("name", ["VirtualCardTrans", "NationEcTrans"])
def test_the_last_check_of_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    """Whatever a reply says: what crosses into C is the word of success itself, or a number other than zero."""
    monkeypatch.setattr(Service, METHODS[name], lambda *_: Reply(code, "x"))
    answer = Port(tmp_path).answer(name, [b"sim:", b"{}"], 0, 2048)
    assert answer.code == (b"9998" if name == "VirtualCardTrans" else b"-1")


# ---- an answer that does not fit -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "code"), [(len(VERIFY["out"].encode("gb18030")), b"9008"), (2048, b"00")])
def test_an_answer_is_whole_or_a_failure_that_says_what_to_set(
    tmp_path: Path, simulator: Simulator, capacity: int, code: bytes
) -> None:
    """The NUL counts: a buffer of exactly the length of the answer is too small."""
    texts = [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")]
    answer = Port(tmp_path).answer("VirtualCardTrans", texts, 0, capacity)
    assert answer.code == code
    text = answer.out.decode("gb18030")
    size = len(VERIFY["out"].encode("gb18030"))
    if code == b"9008":
        assert f"应答有 {size} 字节，OutData 只能放 {size - 1} 字节" in text and "out_capacity = 4096" in text
    else:
        assert text == VERIFY["out"]


def test_a_failure_in_the_place_of_an_answer_repeats_its_org_id(tmp_path: Path, simulator: Simulator) -> None:
    texts = [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")]
    answer = Port(tmp_path).answer("NationEcTrans", texts, 0, 200)
    assert answer.code == b"-1" and len(answer.out) < 200
    reply = json.loads(answer.out.decode("gb18030"))
    assert (reply["code"], reply["orgId"]) == (-1, "1TESTORG0000000000000000TESTORG0")
    assert reply["message"].startswith("交易已成功")
