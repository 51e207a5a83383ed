"""A running process and settings that change: what the next call does otherwise, what waits, and what is not taken."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from shim import settings_watch
from shim.call_port import Port
from shim.host_bytes import Answer
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.logs import log

_TIMES = count(1_700_000_000)


@pytest.fixture(autouse=True)
def _at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_watch, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(settings_watch, "PATIENCE_SECONDS", 60.0)


class Host:
    """A host program that goes on calling while its settings change."""

    def __init__(self, folder: Path, simulator: Simulator, text: str = "") -> None:
        self.folder = folder
        self._simulator = simulator
        self.port = Port(folder)
        self.write(text)

    def write(self, text: str | bytes) -> None:
        path = self.folder / "vcshim.ini"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        written = next(_TIMES)
        os.utime(path, (written, written))

    def verify(self, capacity: int = 2048, text: str = VERIFY["in"]) -> str:
        return self._call("VirtualCardTrans", self._simulator.gateway, text, capacity).code.decode()

    def query(self) -> Answer:
        return self._call("NationEcTrans", self._simulator.qr_query, QUERY["in"], 2048)

    def label(self) -> int:
        return self.port.answer("EhealthID_Print", [b"4711", b"4712", b"Wang"], 0, 0).number

    def _call(self, name: str, url: str, text: str, capacity: int) -> Answer:
        return self.port.answer(name, [url.encode(), text.encode("gb18030")], 0, capacity)

    def said(self, beginning: str) -> list[str]:
        """What the log says, of lines that begin so."""
        return [row["text"] for row in log(self.folder) if row["text"].startswith(beginning)]


@pytest.fixture
def host(tmp_path: Path, simulator: Simulator) -> Host:
    return Host(tmp_path, simulator)


LIVE, WAITS, KEPT = "设置已更改，即时生效", "设置已更改，重新启动医院程序后生效", "设置文件已更改，但有错误"


def test_the_next_call_obeys(host: Host) -> None:
    assert host.query().code == b"0000"
    host.write("[wire]\nec_returned_success = 00\n")
    assert host.query().code == b"00"
    host.write("")
    assert host.query().code == b"0000"
    assert host.said(LIVE) == [f"{LIVE}：[wire] ec_returned_success"] * 2
    assert host.said("vcshim 已启动") == ["vcshim 已启动"]


class StandingLock:
    """A lock before which one thread stands until it is told to go on."""

    def __init__(self, lock: AbstractContextManager[object], stands: threading.Thread) -> None:
        self._lock, self._stands = lock, stands
        self.told, self.goes_on = threading.Event(), threading.Event()

    def __enter__(self) -> object:
        if threading.current_thread() is self._stands:
            self.told.set()
            assert self.goes_on.wait(60)
        return self._lock.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._lock.__exit__(*error)


def test_older_settings_never_take_the_place_of_newer_ones(host: Host) -> None:
    """Two calls, a change before each: the earlier one comes to put its settings in force after the later one."""
    host.query()
    host.write("[wire]\nec_returned_success = 00\n")
    earlier = threading.Thread(target=host.query)
    lock = StandingLock(host.port._lock, earlier)
    host.port._lock = lock  # type: ignore[assignment]
    earlier.start()
    assert lock.told.wait(60)
    host.write("[wire]\nec_returned_success = 0\n")
    assert host.query().code == b"0"
    lock.goes_on.set()
    earlier.join()
    assert host.query().code == b"0"


def test_the_level_of_the_checks(host: Host) -> None:
    unknown = VERIFY["in"].replace('"treatment_code":"010105"', '"treatment_code":"999999"')
    assert host.verify(text=unknown) == "00"
    host.write("[validate]\nlevel = strict\n")
    assert (host.verify(text=unknown), host.verify()) == ("9001", "00")


def test_a_dialect_of_the_sites_own(host: Host) -> None:
    """Its section is data like any other, and the platform checks the signature."""
    host.write("[wire]\ndialect = 本院\n[dialect 本院]\nbase = ehcservice\n")
    assert host.verify() == "00"
    host.write("[wire]\ndialect = 本院\n[dialect 本院]\nbase = ehcservice\ntail = &wrong=\n")
    assert host.verify() == "9003"
    host.write("[wire]\ndialect = 本院\n[dialect 本院]\nbase = ehcservice\n")
    assert host.verify() == "00"
    assert host.said(LIVE) == [f"{LIVE}：[dialect]"] * 2


def test_the_level_of_the_log(host: Host) -> None:
    host.query()
    host.write("[log]\nlevel = error\n")
    host.query()
    before = len(log(host.folder))
    host.query()
    assert len(log(host.folder)) == before
    host.write("[log]\nlevel = info\n")
    host.query()
    assert len(log(host.folder)) > before


def test_label_printer_and_network(host: Host, tmp_path: Path) -> None:
    printer = host.folder / "printer"
    assert host.label() == 9005
    printer.write_bytes(b"")
    host.write(f"[label]\ntype = file\nfile = {printer}\n[transport]\nproxy = 127.0.0.1:9\nconnect_seconds = 1\n")
    assert host.label() == 0
    assert printer.stat().st_size > 0
    assert host.verify() == "8004"
    host.write("")
    assert host.verify() == "00"


def test_what_holds_a_device_or_is_read_by_c_waits(host: Host) -> None:
    host.verify()
    host.write("[scanner]\ntype = serial\nport = COM3\n[abi]\ncharset = utf-8\n[wire]\nec_success = 0\n")
    assert host.query().code == b"0000"
    assert host.said(WAITS) == [f"{WAITS}：[scanner] type；[scanner] port；[abi] charset"]
    assert host.said(LIVE) == [f"{LIVE}：[wire] ec_success"]
    assert "ecToken" in host.query().out.decode("gb18030")
    assert len(host.said(WAITS)) == 1


def test_settings_that_would_refuse_are_not_taken(host: Host) -> None:
    """A slip of the pen does not stop a window that works; the engineer reads it in the log."""
    host.write("[wire]\nec_returned_success = 00\n")
    assert host.query().code == b"00"
    host.write("[wire]\nverify = stict\nec_returned_success = 0\n")
    assert host.query().code == b"00"
    (line,) = host.said(KEPT)
    assert "vcshim.ini 第 2 行 [wire] verify = stict" in line and "仍按原来的设置运行" in line
    host.write("[wire]\nverify = strict\nec_returned_success = 0\n")
    assert host.query().code == b"0"


def test_they_are_not_taken_where_the_other_dll_has_no_dialect_either(host: Host) -> None:
    host.write("[wire]\ndialect = no-such\n")
    assert (host.verify(), host.query().code) == ("8006", b"0000")
    host.write("[wire]\ndialect = no-such\nverify = stict\n")
    assert host.query().code == b"0000"
    assert "verify = stict" in host.said(KEPT)[0]


def test_a_dialect_that_cannot_be_used_is_not_taken(host: Host) -> None:
    assert host.verify() == "00"
    host.write("[wire]\ndialect = no-such\n")
    assert host.verify() == "00"
    assert "no-such 不存在" in host.said(KEPT)[0]
    host.write("[wire]\nec_body_spaces = many\n")
    assert host.query().code == b"0000"
    assert "ec_body_spaces" in host.said(KEPT)[1]


def test_a_file_that_cannot_be_read_is_not_taken(host: Host) -> None:
    host.write("[wire]\nec_returned_success = 00\n")
    assert host.query().code == b"00"
    host.write(b"[wire]\n\0\0")
    assert [host.query().code for _ in range(3)] == [b"00"] * 3
    assert len(host.said(KEPT)) == 1
    host.write("[wire]\nec_returned_success = 0\n")
    assert host.query().code == b"0"


def test_a_refusal_ends_with_its_cause(host: Host) -> None:
    """Found at the start: no call is made, until the line is right."""
    host.write("[wire]\nverify = stict\n")
    assert host.verify() == "8006"
    host.write("[wire]\nverify = strct\n")
    assert host.verify() == "8006"
    host.write("[wire]\nverify = strict\n")
    assert host.verify() == "00"


def test_a_refusal_for_what_c_reads_ends_with_the_next_start(host: Host) -> None:
    """C has gone on with the default: the charset would be another one here than there."""
    host.write("[abi]\ncharset = utf8\n")
    assert host.verify() == "8006"
    host.write("[abi]\ncharset = utf-8\n")
    assert host.verify() == "8006"
    assert host.said(WAITS) == [f"{WAITS}：[abi] charset"]
    host.write("[abi]\ncharset = gbk\n")
    assert host.verify() == "00"


def test_new_problems_are_in_the_log_and_in_the_next_failure(host: Host) -> None:
    assert host.verify() == "00"
    host.write("[messages]\naudience = developer\n[transport]\nconnect_second = 5\n")
    answer = host.port.answer("VirtualCardTrans", [host._simulator.gateway.encode(), b"{"], 0, 2048)
    assert "connect_second 不是已知的设置" in answer.out.decode("gb18030")
    assert host.said("vcshim.ini 第 4 行")


def test_where_the_vendors_dll_answers_nothing_is_live(tmp_path: Path, simulator: Simulator) -> None:
    host = Host(tmp_path, simulator, "[mode]\nrun = capture\n")
    host.query()
    host.write("[mode]\nrun = capture\n[wire]\nec_returned_success = 00\n[dialect x]\nbase = sister\n")
    assert host.query().code == b"0000"
    assert host.said(WAITS) == [f"{WAITS}：[wire] ec_returned_success"]
    assert host.said(LIVE) == []


def test_a_fault_of_ours_costs_the_change_only(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.query()
    monkeypatch.setattr("shim.renewal._changes", lambda *_: 1 // 0)
    host.write("[wire]\nec_returned_success = 00\n")
    assert host.query().code == b"0000"
    assert host.said("更改的设置未能采用")
