"""The window of the extension screen and its watchdog, with programs that stand in for the helper."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shim.devices.screen.process import HelperProcess
from shim.devices.screen.watchdog import HelperState
from shim.devices.screen.window import ScreenWindow

LIMIT = 60.0  # seconds; only ends a test that has failed


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Make = Callable[..., ScreenWindow]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes windows, and closes them after the test."""
    windows: list[ScreenWindow] = []

    def window(launcher: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> ScreenWindow:
        windows.append(ScreenWindow(launcher, logging.getLogger("vcshim.tests.window"), clock=clock))
        return windows[-1]

    yield window
    for each in windows:
        each.close()
        each.close()  # may be called again


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "vcshim.tests.window")
    return caplog


def program(text: str) -> tuple[str, ...]:
    """The command of a Python program in the place of the helper."""
    return (sys.executable, "-c", f"import os, sys, time\n{text}", "")


def helper_of(window: ScreenWindow) -> HelperProcess:
    helper = window._watchdog.helper
    assert helper is not None
    return helper


def state(window: ScreenWindow) -> HelperState:
    return window._watchdog.state


def poll_until(window: ScreenWindow, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    window.poll()
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.01)
        window.poll()


# READY, one monitor, and a PONG for every PING.
SOUND = """
print("READY\\nMONITOR 64 32 T", flush=True)
while (head := sys.stdin.buffer.read(20)):
    if head[:4] == b"VCS?":
        print("PONG", flush=True)
    sys.stdin.buffer.read(int.from_bytes(head[16:20], "little"))
"""


def none(line: str) -> str:
    """A helper that finds no monitor."""
    return f'print("READY\\nNONE {line}", flush=True)\nsys.stdin.read()'


MUTE = 'print("READY\\nMONITOR 64 32 T", flush=True)\nsys.stdin.read()'


def test_a_helper_that_cannot_be_started(make: Make, log: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Tried again after 0, 1, 2, 4 ... 60 s, and logged once."""
    clock = Clock()
    starts: list[float] = []
    window = make((str(tmp_path / "vcshim.exe"), "screen-helper", ""), clock)
    original = subprocess.Popen.__init__

    def counted(self: object, *words: object, **options: object) -> None:
        starts.append(clock.now - 1000.0)
        original(self, *words, **options)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", counted)
        for _ in range(1000):
            window.poll()
            clock.now += 0.25
    assert starts == [0.0, 0.25, 1.25, 3.25, 7.25, 15.25, 31.25, 63.25, 123.25, 183.25, 243.25]
    (record,) = log.records
    assert record.getMessage().startswith(f"扩展屏辅助程序无法启动：没有 {tmp_path}/vcshim.exe；")
    assert (window.size, window.ready, window.epoch) == (None, False, 0)
    window.show()
    window.paint(0, 0, 1, 1, b"1234")
    window.hide()


def test_a_helper_that_never_becomes_ready(
    make: Make, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after thirty seconds, which the poll counts in steps of half a second at most."""
    clock = Clock()
    window = make(program('print("MONITOR 64 32 T", flush=True)\nsys.stdin.read()'), clock)
    heard: list[str] = []
    receive = window._watchdog._receive

    def hear(line: str) -> None:
        heard.append(line)
        receive(line)

    monkeypatch.setattr(window._watchdog, "_receive", hear)
    # NB: on a busy machine the poll that starts the helper may hear it already.
    poll_until(window, lambda: bool(heard))
    first = window._watchdog._process
    assert first is not None and state(window) is HelperState.STARTING
    for _ in range(60):
        clock.now += 0.5
        window.poll()
    assert window._watchdog._process is first and window.size is None
    clock.now += 0.5
    window.poll()
    assert state(window) is HelperState.STOPPED
    assert "扩展屏辅助程序无法启动：30 秒内没有准备好" in log.text


def test_a_stable_minute_resets_the_back_off(make: Make, tmp_path: Path) -> None:
    """Five failures, a minute of answers, and when the helper is lost then, the next one is started at once."""
    clock = Clock()
    failures = tmp_path / "failures"
    failures.write_text("5")
    text = (
        f"path = {str(failures)!r}\nleft = int(open(path).read())\n"
        f"if left:\n    open(path, 'w').write(str(left - 1))\n    sys.exit(1)\n{SOUND}"
    )
    window = make(program(text), clock)

    def found_a_monitor() -> bool:
        clock.now += 0.25
        return window.size is not None

    poll_until(window, found_a_monitor)
    assert clock.now - 1000 > 1 + 2 + 4
    stable = clock.now
    while clock.now < stable + 70:
        poll_until(window, lambda: state(window) is HelperState.READY)
        clock.now += 0.25
    first = helper_of(window)
    assert first.exit_code is None
    first.process.kill()
    first.process.wait()
    poll_until(window, lambda: state(window) is HelperState.STOPPED)
    clock.now += 0.01
    window.poll()
    started = (HelperState.STARTING, HelperState.READY, HelperState.PINGED)  # a slow poll hears it already
    assert state(window) in started


def test_the_pings_of_a_sound_helper(make: Make) -> None:
    """One a second; the answer brings it back to READY."""
    clock = Clock()
    window = make(program(SOUND), clock)
    poll_until(window, lambda: state(window) is HelperState.READY)
    clock.now += 1.0
    window.poll()
    assert state(window) is HelperState.PINGED
    poll_until(window, lambda: state(window) is HelperState.READY)
    clock.now += 0.99
    window.poll()
    assert state(window) is HelperState.READY
    clock.now += 0.01
    window.poll()
    assert state(window) is HelperState.PINGED


def test_a_host_that_slept_is_no_silent_helper(make: Make, log: pytest.LogCaptureFixture) -> None:
    """The clock of a notebook that was asleep jumps by hours between two polls: that is no fault of the helper."""
    clock = Clock()
    window = make(program(MUTE), clock)
    poll_until(window, lambda: window.size is not None)
    first = helper_of(window)
    clock.now += 1.0
    window.poll()
    assert state(window) is HelperState.PINGED
    for _ in range(2):
        clock.now += 3600.0
        window.poll()
    assert window._watchdog.helper is first
    for _ in range(3):
        clock.now += 0.5
        window.poll()
    assert window._watchdog.helper is None
    assert "没有应答" in log.text


def test_a_full_pipe(make: Make) -> None:
    """A helper that reads nothing: `ready` is false, no call waits, and the next helper is painted anew."""
    clock = Clock()
    window = make(program('print("READY\\nMONITOR 3840 2160 T", flush=True)\ntime.sleep(600)'), clock)
    poll_until(window, lambda: window.ready)
    first, epoch = helper_of(window), window.epoch
    window.show()
    noise = bytes((7 * i + (i >> 8) * 13 + (i >> 14) * 29) & 0xFF for i in range(4_000_000))
    window.paint(0, 0, 1000, 1000, noise)
    assert not window.ready
    for _ in range(100):
        window.poll()
        window.hide()
        window.show()
        if window._watchdog.helper is not first:
            break
        clock.now += 0.25
        time.sleep(0.02)
    assert window._watchdog.helper is not first and not window.ready
    poll_until(window, lambda: window.epoch > epoch and window.ready)


@pytest.mark.parametrize(
    "lines",
    [
        "MONITOR",
        "MONITOR 1",
        "MONITOR x y z",
        "MONITOR -5 3 z",
        "\\xff\\xfe",
        "PONG PONG",
        "",
        pytest.param("x" * 100_000, marks=pytest.mark.needs("linux")),  # too long for a command line of Windows
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_malformed_lines_are_ignored(make: Make, lines: str, when: str) -> None:
    text = f'print("{lines}", flush=True)\n{SOUND}'
    if when == "after":
        text = f'print("READY\\n{lines}", flush=True)\n{SOUND}'
    window = make(program(text))
    poll_until(window, lambda: window.size == (64, 32))
    assert window.epoch == 1


def test_a_monitor_that_is_lost(make: Make, log: pytest.LogCaptureFixture) -> None:
    text = 'print("READY\\nMONITOR 64 32 T\\nNONE only 1 T", flush=True)\nsys.stdin.read()'
    window = make(program(text))
    poll_until(window, lambda: "没有可用的扩展屏" in log.text)
    assert (window.size, window.ready, window.epoch) == (None, False, 1)


def test_paint_refuses_what_is_no_rectangle(make: Make) -> None:
    with pytest.raises(ValueError):
        make(program(SOUND)).paint(0, 0, 2, 2, bytes(15))


def test_rest_ends_the_helper_until_the_next_poll(make: Make, log: pytest.LogCaptureFixture) -> None:
    """What was painted is lost; the log says once that the screen is there."""
    window = make(program(SOUND))
    for times in (1, 2):
        poll_until(window, lambda: window.size == (64, 32) and window.ready)  # a PING may be on its way
        helper = helper_of(window)
        assert window.epoch == times
        window.rest()
        assert helper.exit_code is not None and state(window) is HelperState.STOPPED
        assert (window.size, window.ready) == (None, False)
    assert [record.getMessage() for record in log.records if "已就绪" in record.getMessage()] == ["扩展屏已就绪"]


def test_rest_shortens_no_pause(make: Make, tmp_path: Path) -> None:
    """A helper that cannot be started is not tried again earlier."""
    clock = Clock()
    window = make((str(tmp_path / "vcshim.exe"), "screen-helper", ""), clock)
    for _ in range(3):
        window.poll()
        clock.now += 1
    start = window._watchdog._start_at
    window.rest()
    assert window._watchdog._start_at == start > clock.now


def test_close_kills_a_helper_that_does_not_end(make: Make) -> None:
    window = make(program('print("READY\\nMONITOR 64 32 T", flush=True)\ntime.sleep(600)'))
    poll_until(window, lambda: window.size is not None)
    helper = helper_of(window)
    window.close()
    assert helper.exit_code is not None
    window.poll()
    assert state(window) is HelperState.CLOSED and window.size is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SOUND, ""),
        (none("server 0"), "没有任何显示器：连不上 X 服务器，请核对环境变量 DISPLAY"),
        (none("library 0"), "没有任何显示器：本机没有 libX11.so.6 或 libXrandr.so.2"),
        (none("depth 0"), "没有任何显示器：X 服务器的色深不是 24 位"),
        (none("desktop 0"), "没有任何显示器：系统没有列出显示器"),
        (none("only 1 \\\\\\\\.\\\\DISPLAY1"), "没有可用的扩展屏：系统只有一个显示器（DISPLAY1），"),
        (none("copy 2 A B"), "没有可用的扩展屏：A B 显示同样的内容（系统设为“复制这些显示器”）"),
        (
            none("setting 2 A B"),
            "没有可用的扩展屏：vcshim.ini 的 [screen] monitor = 3 不是可用的显示器；本机依次有 A B",
        ),
        ("sys.exit(9)", "扩展屏辅助程序无法启动：启动后随即退出（退出代码 9）"),
    ],
    ids=["monitor", "no server", "no library", "depth", "no desktop", "one monitor", "copies", "setting", "no helper"],
)
def test_the_problem_is_what_the_helper_reported(make: Make, text: str, problem: str) -> None:
    """The cause that was found out, and no other."""
    window = make((*program(text)[:-1], "3"))
    assert window.problem == ""
    poll_until(window, lambda: bool(window.problem) or window.size is not None)
    assert window.problem.startswith(problem) and bool(window.problem) == bool(problem)
    assert "安全软件" not in window.problem


def test_a_program_that_may_not_be_run(make: Make, tmp_path: Path) -> None:
    program = tmp_path / "vcshim"
    program.write_text("")
    window = make((str(program), "screen-helper", ""))
    window.poll()
    assert window.problem.startswith(f"扩展屏辅助程序无法启动：系统拒绝运行 {program}（系统错误 13，")


def test_a_line_without_a_known_reason_is_ignored(make: Make) -> None:
    window = make(program('print("READY\\nMONITOR 64 32 T\\nNONE 1 T\\nMONITOR 9 9 T", flush=True)\nsys.stdin.read()'))
    poll_until(window, lambda: window.size == (9, 9))
    assert window.problem == ""


def test_a_problem_that_is_over(make: Make) -> None:
    window = make(program('print("READY\\nNONE only 1 T\\nMONITOR 64 32 T", flush=True)\nsys.stdin.read()'))
    poll_until(window, lambda: window.size is not None)
    assert window.problem == ""


def test_a_monitor_that_was_there_had_a_desktop(make: Make) -> None:
    """All monitors are gone, as happens for a moment when one is unplugged: not for want of a desktop."""
    window = make(program('print("READY\\nMONITOR 64 32 T\\nNONE server 0", flush=True)\nsys.stdin.read()'))
    poll_until(window, lambda: bool(window.problem))
    assert window.problem.startswith("没有可用的扩展屏")
