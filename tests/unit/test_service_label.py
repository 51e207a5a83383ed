"""querywithreg with QRprint inside the service: which fields of the answer are printed, and labels that fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim import spec
from shim.call_port import Port
from shim.devices.label.absent import AbsentLabelPrinter
from shim.simulator.server import Simulator
from shim.spec.rows import Label
from tests.support.calls import VERIFY
from tests.support.logs import log
from tests.support.platforms import NEWCOMER

METHOD = "ehc.ehealthcard.querywithreg"


class Printed:
    """A label printer that records its labels, and raises `error` if it is given one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        self.labels: list[tuple[str, ...]] = []

        def print_label(_: object, *words: str) -> None:
            self.labels.append(words)
            if error is not None:
                raise error

        monkeypatch.setattr(AbsentLabelPrinter, "print_label", print_label)


def register(folder: Path, simulator: Simulator, number: int, ini: str = "", **fields: Any) -> dict[str, Any]:
    (folder / "vcshim.ini").write_text(ini, "utf-8")
    person = NEWCOMER | {"out_trade_no": f"SERVICE{number}"} | fields
    data = json.loads(VERIFY["in"]) | {"method": METHOD, "biz_content": person}
    text = json.dumps(data, ensure_ascii=False).encode("gb18030")
    answer = Port(folder).answer("VirtualCardTrans", [simulator.gateway.encode(), text], 0, 2048)
    assert answer.code == b"00", answer.out.decode("gb18030")
    card: dict[str, Any] = json.loads(answer.out.decode("gb18030"))
    return card


def test_the_fields_of_the_answer(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its card number if it has one; else the ID that the clause of QRprint names."""
    printer = Printed(monkeypatch)
    without = register(tmp_path, simulator, 1, QRprint="Y", id_no="990000199912310021", card_list=None)
    card = {"card_type": "02", "card_no": "D990077"}
    with_card = register(tmp_path, simulator, 2, QRprint="Y", id_no="990000199912310022", card_list=[card])
    assert not without.get("card_no") and with_card["card_no"] == "D990077"
    assert printer.labels == [
        (without["ehealth_code"], without["ehealth_card_id"], NEWCOMER["user_name"]),
        (with_card["ehealth_code"], "D990077", NEWCOMER["user_name"]),
    ]


@pytest.mark.parametrize(("flag", "labels"), [("Y", 1), ("y", 1), ("N", 0), ("", 0), ("YES", 0), (None, 0)])
def test_only_y_prints(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, flag: str | None, labels: int
) -> None:
    """VC 4.1.1: Y/N, N by default."""
    printer = Printed(monkeypatch)
    register(tmp_path, simulator, 6, "[validate]\nlevel = off\n", QRprint=flag)
    assert len(printer.labels) == labels


def test_an_answer_without_a_field(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    printer = Printed(monkeypatch)
    row = spec.METHODS[METHOD]
    label = Label("QRprint", ("no_such_code",), ("card_no", "ehealth_card_id"), ("user_name",))
    monkeypatch.setitem(spec.METHODS, METHOD, replace(row, prints=label))
    register(tmp_path, simulator, 3, QRprint="Y")
    assert printer.labels == []
    assert (
        "注册已成功，标签没有打印：多码融合平台的应答中没有 no_such_code；可用补打（EhealthID_Print），请勿重复注册"
    ) in [row["text"] for row in log(tmp_path)]


def test_a_bug_in_printing(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registration stands; the log names the place, and nothing of the patient."""
    printer = Printed(monkeypatch, RuntimeError(NEWCOMER["user_name"]))
    register(tmp_path, simulator, 4, QRprint="Y")
    assert len(printer.labels) == 1
    (row,) = [row for row in log(tmp_path) if row["text"].startswith("注册已成功，标签没有打印")]
    assert row["text"].endswith("；可用补打（EhealthID_Print），请勿重复注册")
    assert row["level"] == "ERROR" and row["exception"] == "RuntimeError" and row["where"]
    assert NEWCOMER["user_name"] not in json.dumps(log(tmp_path), ensure_ascii=False)


def test_an_answer_that_is_refused_prints_nothing(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong sign under verify = strict, or a refusal by the platform."""
    printer = Printed(monkeypatch)
    (tmp_path / "vcshim.ini").write_text("[wire]\nverify = strict\n", "utf-8")
    person = NEWCOMER | {"out_trade_no": "SERVICE5", "QRprint": "Y"}
    data = json.loads(VERIFY["in"]) | {"method": METHOD, "biz_content": person}
    for wish, key in (("?sim=spoil:1", data["key"]), ("", "1" * 32)):
        text = json.dumps(data | {"key": key}, ensure_ascii=False).encode("gb18030")
        url = (simulator.gateway + wish).encode()
        assert Port(tmp_path).answer("VirtualCardTrans", [url, text], 0, 2048).code != b"00"
    assert printer.labels == []
