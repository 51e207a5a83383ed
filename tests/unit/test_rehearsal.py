"""After a warm-up the first call imports nothing, whatever words its host uses; and a warm-up leaves no trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shim.call_port import Port
from shim.rehearsal import _steps, rehearse
from shim.simulator.server import Simulator
from shim.wiring import wire
from tests.support.calls import QUERY, VERIFY
from tests.support.logs import log as log_of
from tests.support.paths import ROOT

_PROGRAM = """
import json, sys
from pathlib import Path
from shim.call_port import Port
port = Port(Path(sys.argv[1]))
port.warm_up()
before = set(sys.modules)
code = port.answer(sys.argv[2], [sys.argv[3].encode(), Path(sys.argv[4]).read_bytes()], 0, 2048).code
print(json.dumps([code.decode(), sorted(set(sys.modules) - before)]))
"""


def request(**more: str) -> str:
    return json.dumps(json.loads(VERIFY["in"]) | more, ensure_ascii=False)


@pytest.mark.parametrize("sign_type", ["MD5", "SM3"])
@pytest.mark.parametrize("enc_type", ["Plain", "AES", "SM4"])
def test_the_first_call_imports_nothing(simulator: Simulator, tmp_path: Path, sign_type: str, enc_type: str) -> None:
    text = request(sign_type=sign_type, enc_type=enc_type)
    assert first_call(tmp_path, "VirtualCardTrans", simulator.gateway, text) == ["00", []]


def test_nor_does_that_of_the_other_dll(simulator: Simulator, tmp_path: Path) -> None:
    assert first_call(tmp_path, "NationEcTrans", simulator.qr_query, QUERY["in"]) == ["0000", []]


def first_call(folder: Path, export: str, url: str, text: str) -> Any:
    """Its code, and the modules that it imported, in an interpreter of its own."""
    (folder / "in.json").write_bytes(text.encode("gb18030"))
    words = [sys.executable, "-c", _PROGRAM, str(folder), export, url, str(folder / "in.json")]
    environ = os.environ | {"XDG_STATE_HOME": str(folder / "state")}
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


@pytest.fixture
def his(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the DLLs, beside that of the user."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "his"
    folder.mkdir()
    return folder


def test_no_step_fails(his: Path) -> None:
    """`rehearse` would hide it."""
    steps = list(_steps(wire(his)))
    assert len(steps) == 6
    for step in steps:
        step()


def test_no_trace_before_the_first_call(simulator: Simulator, his: Path) -> None:
    (his / "vcshim.ini").write_text("[wire]\nno_such_key = 1\n")
    port = Port(his)
    port.warm_up()
    assert [path.name for path in his.parent.rglob("*")] == ["his", "vcshim.ini"]
    for _ in range(2):
        assert port.answer("VirtualCardTrans", texts(simulator), 0, 2048).code == b"00"
    lines = log_of(his)
    assert [line["text"] for line in lines if "已启动" in line["text"]] == ["vcshim 已启动"]
    assert len([line for line in lines if "no_such_key" in line["text"]]) == 1


def texts(simulator: Simulator) -> list[bytes | int]:
    return [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")]


def test_a_call_makes_good_what_failed(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    port = Port(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("shim.call_port.wire", fail)
        port.warm_up()
    assert not list(tmp_path.glob("vcshim-start*"))
    assert port.answer("VirtualCardTrans", texts(simulator), 0, 2048).code == b"00"


@pytest.mark.parametrize(
    "ini",
    [
        "[wire]\ndialect = nowhere\n",
        "[wire]\nverify = stict\n",
        "[wire]\ndialect = mine\n[dialect mine]\nciphers = ?\n",
        "[mode]\nrun = capture\n",
        "[journal]\nenabled = off\n[transport]\nengine = requests\n",
    ],
)
def test_settings_that_allow_no_call_are_no_fault(his: Path, ini: str) -> None:
    (his / "vcshim.ini").write_text(ini)
    rehearse(wire(his))
