"""The parts of the extension screen's window: which monitor, the words of its two processes, when to start again."""

from __future__ import annotations

import logging
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shim.devices.screen.helper.monitors import Monitor, choose
from shim.devices.screen.window import ScreenWindow
from tests.support.clients import Rig
from tests.support.desk import Desk, wait_until
from tests.support.screens import EXT_SIZE, LIMIT, Place, WinePlace, pattern, seen

# ---- which monitor ---------------------------------------------------------------------------------------------------

LEFT = Monitor(r"\\.\DISPLAY1", (0, 0, 1920, 1080), True)
RIGHT = Monitor(r"\\.\DISPLAY2", (1920, 0, 1024, 600), False)
ABOVE = Monitor("HDMI-1", (-100, -1080, 1920, 1080), False)
COPY = Monitor(r"\\.\DISPLAYV1", (0, 0, 1920, 1080), False)  # a mirror driver, or cloned outputs


@pytest.mark.parametrize(
    ("monitors", "wish", "found"),
    [
        ([LEFT, RIGHT], "", RIGHT),
        ([RIGHT, LEFT], "", RIGHT),
        ([LEFT, RIGHT, ABOVE], "", RIGHT),
        ([LEFT, RIGHT, ABOVE], "3", ABOVE),
        ([LEFT, RIGHT, ABOVE], "hdmi-1", ABOVE),
        ([LEFT, RIGHT], "1", LEFT),
        ([LEFT, RIGHT], "DISPLAY1", LEFT),
        ([LEFT, RIGHT], r"\\.\display2", RIGHT),
        ([LEFT, RIGHT], "2", RIGHT),
        ([LEFT, RIGHT], "3", None),
        ([LEFT, RIGHT], "0", None),
        ([LEFT, RIGHT], "DISPLAY", None),
        ([LEFT], "", None),
        ([LEFT], "1", None),
        ([LEFT], "DISPLAY1", None),
        ([RIGHT], "2", None),
        ([RIGHT], "1", None),
        ([LEFT, COPY], "", None),
        ([LEFT, COPY], "2", None),
        ([LEFT, COPY], "1", None),  # its copy is no other monitor
        ([LEFT, COPY, RIGHT], "", RIGHT),
        ([LEFT, COPY, RIGHT], "3", RIGHT),
        ([], "", None),
        ([], "1", None),
    ],
)
def test_the_choice(monitors: list[Monitor], wish: str, found: Monitor | None) -> None:
    assert choose(monitors, wish) == found


# ---- the words, said to the real helper ------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["linux", "wine"])
def desk(request: pytest.FixtureRequest, rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place() if request.param == "linux" else WinePlace(tmp_path_factory.mktemp("parts"), rig)
    yield made
    made.close()


@pytest.fixture
def place(desk: Place) -> Iterator[Place]:
    yield desk
    desk.tidy()


def words(kind: bytes, turn: int = 1, box: tuple[int, ...] = (0, 0, 0, 0), payload: bytes = b"") -> bytes:
    return struct.pack("<4sI4HI", kind, turn, *box, len(payload)) + payload


def test_a_conversation(place: Place) -> None:
    """What is written here, byte for byte; and orders of another turn than the monitor's are dropped."""
    before = place.desk.picture()
    helper = place.helper()
    assert helper.line() == "READY"
    name = "EXT" if place.wine is None else r"\\.\DISPLAY2"
    assert helper.line() == f"MONITOR 1024 600 {name}"
    dots = pattern(*EXT_SIZE, seed=77)
    painting = zlib.compress(dots)
    for turn in (0, 2, 0xFFFFFFFF):
        helper.send(words(b"VCSP", turn, (0, 0, *EXT_SIZE), painting))
        helper.send(words(b"VCSS", turn))
    helper.send(words(b"VCS?"))
    assert helper.line() == "PONG"
    assert place.desk.picture() == before
    helper.send(words(b"VCSP", 1, (0, 0, *EXT_SIZE), painting))
    helper.send(words(b"VCSP", 1, (65535, 65535, 1, 1), zlib.compress(b"\1\2\3\4")))  # far outside
    helper.send(words(b"VCSS", 1))
    wait_until(lambda: place.desk.picture(Desk.ext) == seen(*EXT_SIZE, dots), LIMIT)
    helper.send(words(b"VCSH", 9))  # hidden, whatever the turn
    wait_until(lambda: place.desk.picture() == before, LIMIT)
    assert helper.hang_up() == 0


DOTS = zlib.compress(bytes(7 * 3 * 4))


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        bytes(1000),
        words(b"VCSX"),
        words(b"VCSS", payload=b"more"),
        words(b"VCSH", box=(1, 0, 0, 0)),
        words(b"VCSP"),
        words(b"VCSP", box=(0, 0, 7, 3)),
        words(b"VCSP", box=(0, 0, 7, 3), payload=b"not compressed"),
        words(b"VCSP", box=(0, 0, 7, 3), payload=DOTS[:-3]),
        words(b"VCSP", box=(0, 0, 7, 3), payload=DOTS + b"more"),
        words(b"VCSP", box=(0, 0, 7, 4), payload=DOTS),
        words(b"VCSP", box=(0, 0, 7, 2), payload=DOTS),
        words(b"VCSP", box=(0, 0, 7, 3), payload=zlib.compress(bytes(50_000_000))),
        words(b"VCSP", box=(0, 0, 65535, 65535), payload=DOTS),
        struct.pack("<4sI4HI", b"VCSP", 1, 0, 0, 7, 3, 0xFFFFFFFF),
    ],
)
def test_garbage_ends_the_helper(place: Place, garbage: bytes) -> None:
    helper = place.helper()
    assert helper.line() == "READY"
    helper.send(garbage)
    assert helper.process.wait(LIMIT) == 2


def test_an_order_that_is_cut_off(place: Place) -> None:
    """The end of stdin is the end, wherever it comes."""
    helper = place.helper()
    assert helper.line() == "READY"
    helper.send(words(b"VCSP", 1, (0, 0, 7, 3), DOTS)[:-4])
    assert helper.hang_up() == 0


@pytest.mark.parametrize("display", ["", ":9999", "nonsense"])
def test_without_an_x_server(display: str) -> None:
    """No monitor, and it lives on."""
    place = Place()
    try:
        helper = place.helper("", DISPLAY=display)
        assert [helper.line(), helper.line()] == ["READY", "NONE 0"]
        helper.send(words(b"VCSP", 1, (0, 0, 7, 3), DOTS) + words(b"VCSS") + words(b"VCSH") + words(b"VCS?"))
        assert helper.line() == "PONG"
        assert helper.hang_up() == 0
    finally:
        place.close()


# ---- the parent's side, with programs that stand in for the helper ---------------------------------------------------


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Told(logging.Handler):
    """What was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def make(told: Told) -> Iterator[Callable[..., ScreenWindow]]:
    made: list[ScreenWindow] = []
    logger = logging.Logger("screen", logging.DEBUG)
    logger.addHandler(told)

    def window(launcher: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> ScreenWindow:
        made.append(ScreenWindow(launcher, logger, clock=clock))
        return made[-1]

    yield window
    for one in made:
        one.close()
        one.close()  # and once more does no harm


def program(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import os, sys, time\n{text}", "")


def cared(window: ScreenWindow, true: Callable[[], bool]) -> None:
    """Until it is true, by the caring that a director does."""

    def now() -> bool:
        window.care()
        return true()

    wait_until(now, LIMIT)


SOUND = """
print("READY\\nMONITOR 64 32 T", flush=True)
while (head := sys.stdin.buffer.read(20)):
    if head[:4] == b"VCS?":
        print("PONG", flush=True)
    sys.stdin.buffer.read(int.from_bytes(head[16:20], "little"))
"""


def test_later_and_later(make: Callable[..., ScreenWindow], told: Told, tmp_path: Path) -> None:
    """A helper that cannot be started: tried again after 0, 1, 2, 4 ... 60 s, and said once."""
    clock = Clock()
    started: list[float] = []
    missing = str(tmp_path / "vcshim.exe")
    window = make((missing, "screen-helper", ""), clock)
    original = subprocess.Popen.__init__

    def counted(self: object, *words: object, **options: object) -> None:
        started.append(clock.now - 1000.0)
        original(self, *words, **options)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", counted)
        for _ in range(1000):
            window.care()
            clock.now += 0.25
    assert started == [0.0, 0.25, 1.25, 3.25, 7.25, 15.25, 31.25, 63.25, 123.25, 183.25, 243.25]
    assert len(told.lines) == 1 and "无法启动" in told.lines[0] and "安全软件" in told.lines[0]
    assert (window.size, window.ready, window.epoch) == (None, False, 0)
    window.show()
    window.paint(0, 0, 1, 1, b"1234")
    window.hide()


def test_a_sound_minute_forgets_earlier_failures(make: Callable[..., ScreenWindow], tmp_path: Path) -> None:
    """It fails five times, answers for a minute, and when it is lost then, the next one starts at once."""
    clock = Clock()
    failures = tmp_path / "failures"
    failures.write_text("5")
    text = (
        f"path = {str(failures)!r}\nleft = int(open(path).read())\n"
        f"if left:\n    open(path, 'w').write(str(left - 1))\n    sys.exit(1)\n{SOUND}"
    )
    window = make(program(text), clock)

    def alive() -> bool:
        window.care()
        clock.now += 0.25
        return window.size is not None

    wait_until(alive, LIMIT)
    assert clock.now - 1000 > 1 + 2 + 4
    sound = clock.now
    while clock.now < sound + 70:
        cared(window, lambda: window._asked is False)
        clock.now += 0.25
    first = window._helper
    assert first is not None and first.exit_code is None
    first.process.kill()
    first.process.wait()
    lost = clock.now
    window.care()
    clock.now += 0.01
    window.care()
    assert window._helper is not first and window._helper is not None and clock.now - lost < 1


def test_a_host_that_slept_is_no_silent_helper(make: Callable[..., ScreenWindow], told: Told) -> None:
    """The clock of a notebook that slept jumps by hours between two calls: that says nothing about the helper."""
    clock = Clock()
    mute = 'print("READY\\nMONITOR 64 32 T", flush=True)\nsys.stdin.read()'
    window = make(program(mute), clock)
    cared(window, lambda: window.size is not None)
    first = window._helper
    clock.now += 1.0
    window.care()  # asks
    clock.now += 3600.0
    window.care()
    clock.now += 3600.0
    window.care()
    assert window._helper is first
    for _ in range(3):
        clock.now += 0.5
        window.care()
    assert window._helper is not first
    assert any("没有响应" in line for line in told.lines)


def test_a_pipe_that_is_full(make: Callable[..., ScreenWindow]) -> None:
    """A helper that reads nothing: `ready` says so, no call waits, and its successor is painted anew."""
    clock = Clock()
    window = make(program('print("READY\\nMONITOR 3840 2160 T", flush=True)\ntime.sleep(600)'), clock)
    cared(window, lambda: window.ready)
    first, epoch = window._helper, window.epoch
    window.show()
    window.paint(0, 0, 1000, 1000, pattern(1000, 1000, seed=3))
    assert not window.ready
    for _ in range(100):
        window.care()
        window.hide()
        window.show()
        if window._helper is not first:
            break
        clock.now += 0.25
        time.sleep(0.02)
    assert window._helper is not first and not window.ready
    cared(window, lambda: window.epoch > epoch and window.ready)


@pytest.mark.parametrize(
    "lines",
    ["MONITOR", "MONITOR 1", "MONITOR x y z", "MONITOR -5 3 z", "\\xff\\xfe", "PONG PONG", "x" * 100_000, ""],
)
def test_lines_without_sense(make: Callable[..., ScreenWindow], lines: str) -> None:
    window = make(program(f'print("{lines}", flush=True)\n{SOUND}'))
    cared(window, lambda: window.size == (64, 32))
    assert window.epoch == 1


def test_rectangles_that_cannot_be(make: Callable[..., ScreenWindow]) -> None:
    window = make(program(SOUND))
    for box, size in [((0, 0, 2, 2), 15), ((0, 0, 0, 2), 0), ((-1, 0, 1, 1), 4), ((0, 0, 3841, 2160), 3841 * 2160 * 4)]:
        with pytest.raises(ValueError):
            window.paint(*box, bytes(size))


def test_a_helper_that_does_not_end_by_itself(make: Callable[..., ScreenWindow]) -> None:
    window = make(program('print("READY\\nMONITOR 64 32 T", flush=True)\ntime.sleep(600)'))
    cared(window, lambda: window.size is not None)
    helper = window._helper
    assert helper is not None
    window.close()
    assert helper.exit_code is not None
    window.care()
    assert window._helper is None and window.size is None
