"""The thread that looks: when, for how long, and what it says in the log. It is never waited for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shim import call_port, configuration
from shim.bilingual import NOTHING
from shim.call_port import Port
from shim.fleet import refusal, watch
from shim.fleet.document import compose
from shim.fleet.take import Look
from shim.fleet.watch import FleetWatch
from tests.support.calls import VERIFY
from tests.support.logs import log

VERIFY_TEXT = VERIFY["in"].encode("gb18030")
LOGGER = logging.getLogger("test_watch")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.setattr(configuration, "machine_data", lambda: tmp_path / "machine")
    (tmp_path / "vcshim.ini").write_text(f"[fleet]\nsource = {tmp_path}/central.ini\npoll_minutes = 2\n", "utf-8")
    return tmp_path


def publish(folder: Path, ini: str, serial: int) -> None:
    (folder / "central.ini").write_bytes(compose(ini.split("\n"), serial, 100, (), None))


def test_each_pc_begins_at_a_moment_of_its_own_and_goes_on_by_its_interval(folder: Path) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) < 4

    FleetWatch(folder, LOGGER, pc="PC-001", wait=wait).run()
    FleetWatch(folder, LOGGER, pc="PC-002", wait=wait).run()
    assert waited == [45.6, 120, 120, 120, 25.2]


def test_a_change_is_told_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    steps: Iterator[Callable[[], None]] = iter(
        [
            lambda: None,
            lambda: None,
            lambda: publish(folder, "[log]\nkeep_days = 7", 5),
            lambda: None,
            lambda: publish(folder, "[log]\nkeep_days = x", 6),
            lambda: None,
        ]
    )

    def wait(seconds: float) -> bool:
        step = next(steps, None)
        if step is not None:
            step()
        return step is not None

    with caplog.at_level(logging.INFO, "test_watch"):
        FleetWatch(folder, LOGGER, pc="PC-001", wait=wait).run()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "集中设置的文件不存在；没有采用，沿用上一次的集中设置"),
        ("INFO", "已采用集中设置第 5 号"),
        (
            "WARNING",
            "集中设置有 1 处问题，整个文件没有采用，沿用上一次的集中设置。第一处：集中设置 第 6 行 "
            "[log] keep_days = x：应为 1 到 3650 之间的整数；已按默认值 30 运行，请改正",
        ),
    ]
    assert configuration.read(folder).log.keep_days == 7


def test_it_rests_while_the_settings_name_no_source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []

    def count(*arguments: object) -> Look:
        looks.append(arguments)
        return Look(refusal.NOT_THERE, NOTHING, None)

    monkeypatch.setattr(watch, "look", count)
    named = (folder / "vcshim.ini").read_text("utf-8")
    texts = iter(["", named, ""])

    def wait(seconds: float) -> bool:
        text = next(texts, None)
        (folder / "vcshim.ini").write_text(text or "", "utf-8")
        return text is not None

    FleetWatch(folder, LOGGER, pc="PC-001", wait=wait).run()
    assert len(looks) == 1


def test_a_fault_of_ours_costs_one_look(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left = [True, True]

    def broken(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(watch, "look", broken)
    FleetWatch(folder, LOGGER, pc="PC-001", wait=lambda seconds: bool(left and left.pop())).run()
    assert [record.getMessage() for record in caplog.records] == ["内部异常", "内部异常"]


def test_a_call_starts_it_and_does_not_wait_for_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look hangs for as long as it likes, as on a dead share: calls are answered meanwhile."""
    begun, ended = threading.Semaphore(0), threading.Event()

    def hang(*arguments: object) -> None:
        begun.release()
        ended.wait(60)

    monkeypatch.setattr(watch, "look", hang)
    monkeypatch.setattr(watch, "_FIRST_SECONDS", 0)
    monkeypatch.setattr(watch, "_LEAST_SECONDS", 0)
    port = Port(folder)
    port.answer("VirtualCardTrans", [b"http://127.0.0.1:1/", VERIFY_TEXT], 0, 2048)
    assert begun.acquire(timeout=60)
    port.answer("VirtualCardTrans", [b"http://127.0.0.1:1/", VERIFY_TEXT], 0, 2048)
    assert not begun.acquire(blocking=False)  # one thread for all calls
    assert [line["text"] for line in log(folder)].count("vcshim 已启动") == 1
    ended.set()


@pytest.mark.parametrize("case", ["no source", "a child", "no call"])
def test_nothing_is_started_without_need(folder: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    started: list[str] = []
    monkeypatch.setattr(call_port, "start_in_background", lambda work, name: started.append(name))
    if case == "no source":
        (folder / "vcshim.ini").write_text("", "utf-8")
    port = Port(folder)
    port.warm_up()
    if case == "a child":
        port._begin()  # as in a forked process
    if case != "no call":
        port.answer("SetEcQrcode", [], 0, 256)
    assert started == []
