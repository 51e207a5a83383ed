"""Which lines the Windows Event Log gets, and how often. That Windows takes them: tests/product/test_events.py."""

from __future__ import annotations

import logging
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import log, windows_events
from shim.log import CallEnd, Occasion
from shim.winapi import advapi32
from shim.windows_events import EventListener

Events = queue.SimpleQueue[tuple[int, int, str]]


@pytest.fixture
def events(tmp_path: Path) -> Iterator[Events]:
    """What is reported with `windows_events = all`."""
    yield from _listening(tmp_path, "all")


@pytest.fixture
def failures(tmp_path: Path) -> Iterator[Events]:
    """What is reported with `windows_events = failures`."""
    yield from _listening(tmp_path, "failures")


def _listening(folder: Path, wanted: str) -> Iterator[Events]:
    reported: Events = queue.SimpleQueue()
    logger = log.open_log(folder, folder, "error", 30)
    log.listen(logger, EventListener(wanted, lambda *event: reported.put(event)), "error")
    yield reported
    for handler in list(logger.handlers):
        handler.close()
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())


LOGGER = logging.getLogger("vcshim")


def started() -> None:
    log.marked(LOGGER, logging.INFO, "vcshim 已启动", Occasion.START, version="9.9")


def fall_back() -> None:
    log.marked(LOGGER, logging.WARNING, "改用其他地址", Occasion.FALL_BACK, peer="10.1.2.3:80")


def bug() -> None:
    try:
        raise KeyError("张三 990000195203030026")
    except KeyError:
        log.exception(LOGGER, "内部异常", function="NationEcTrans")


def test_each_kind(events: Events) -> None:
    for make, type_, number, text in (
        (started, 4, 1, "已启动"),
        (fall_back, 2, 3, "10.1.2.3:80"),
        (bug, 1, 2, "KeyError"),
    ):
        make()
        event = events.get(timeout=60)
        assert event[:2] == (type_, number) and text in event[2]
        assert "张三" not in event[2] and "990000" not in event[2]


def test_the_text(events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows_events, "host_program", lambda: "HIS.exe")
    monkeypatch.setattr("shim.windows_events.os.getpid", lambda: 77)
    fall_back()
    assert events.get(timeout=60)[2] == "改用其他地址\r\n程序：HIS.exe（进程 77）\r\npeer: 10.1.2.3:80"


def test_calls_that_fail_and_warnings_are_none(events: Events) -> None:
    """Two that are events come after them, and nothing else."""
    log.last_line(LOGGER, logging.ERROR, "平台拒绝", CallEnd("refused", "", 0.1), code="9003")
    log.event(LOGGER, logging.WARNING, "入参不合规范")
    log.event(LOGGER, logging.INFO, "一行")
    bug()
    assert "KeyError" in events.get(timeout=60)[2]
    started()
    assert events.get(timeout=60)[1] == 1
    assert events.empty()


def test_failures_leave_out_starts(failures: Events) -> None:
    started()
    fall_back()
    assert failures.get(timeout=60)[1] == 3
    assert failures.empty()


def test_one_of_a_kind_an_hour(events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("shim.windows_events.time.monotonic", lambda: now)
    for _ in range(5):
        fall_back()
    assert "另有" not in events.get(timeout=60)[2]
    bug()
    assert events.get(timeout=60)[1] == 2
    now += 3600
    fall_back()
    assert "上一条之后另有 4 次没有写" in events.get(timeout=60)[2]
    assert events.empty()


def test_many_kinds_count_as_one(events: Events) -> None:
    for number in range(60):
        log.event(LOGGER, logging.ERROR, f"错误 {number}")
    assert len([events.get(timeout=60) for _ in range(51)]) == 51
    started()
    assert events.get(timeout=60)[1] == 1
    assert events.empty()


def test_what_windows_refuses_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1717)

    monkeypatch.setattr(advapi32, "write_event", refuse)
    windows_events.report_event(1, 2, "x")
