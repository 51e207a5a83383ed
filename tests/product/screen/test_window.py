"""The window of the extension screen: what was painted is on the second monitor and nowhere else, or nowhere."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.support.desk import Desk, wait_until
from tests.support.screens import EXT_SIZE, LIMIT, Place, Screener, WinePlace, pattern, seen

FRAME = pattern(*EXT_SIZE, seed=1)


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    path = tmp_path / "frame"
    path.write_bytes(FRAME)
    return path


def begin(place: Place, frame: Path, setting: str = "", silent: float = 2.0) -> Screener:
    """A screener whose frame is on the second monitor."""
    screener = place.screener(setting, silent)
    assert screener.ask(f"frame {place.path(frame)}") == "done"
    assert screener.ask("show") == "done"
    wait_until(lambda: on_ext(place, FRAME), LIMIT)
    return screener


def on_ext(place: Place, bgrx: bytes) -> bool:
    return place.desk.picture(Desk.ext) == seen(*EXT_SIZE, bgrx)


def put(place: Place, screener: Screener, folder: Path, box: tuple[int, int, int, int], bgrx: bytes) -> None:
    path = folder / "pixels"
    path.write_bytes(bgrx)
    assert screener.ask(f"paint {' '.join(map(str, box))} {place.path(path)}") == "done"


def test_every_pixel(place: Place, frame: Path, tmp_path: Path) -> None:
    """Rectangles of odd sizes where they belong, the one at the edge cut off; not a pixel of MAIN has changed."""
    screener = begin(place, frame)
    expected = seen(*EXT_SIZE, FRAME)
    for number, box in enumerate(
        [(13, 5, 7, 3), (0, 0, 1, 1), (1017, 597, 7, 3), (1019, 590, 9, 20), (500, 7, 1, 300)]
    ):
        x, y, width, height = box
        pixels = pattern(width, height, seed=101 + 17 * number)
        put(place, screener, tmp_path, box, pixels)
        expected.paste(seen(width, height, pixels), (x, y))
    wait_until(lambda: place.desk.picture(Desk.ext) == expected, LIMIT)
    after = place.desk.picture()
    assert after.crop(Desk.main) == place.empty.crop(Desk.main)
    below = (1280, 600, 2304, 1024)  # on no monitor
    assert after.crop(below) == place.empty.crop(below)
    assert screener.log().count("扩展屏已就绪") == 1
    assert screener.state().epoch == 1


def test_hide_and_show(place: Place, frame: Path, tmp_path: Path) -> None:
    screener = begin(place, frame)
    screener.ask("hide")
    wait_until(lambda: place.desk.picture() == place.empty, LIMIT)
    put(place, screener, tmp_path, (13, 5, 7, 3), pattern(7, 3, seed=50))
    expected = seen(*EXT_SIZE, FRAME)
    expected.paste(seen(7, 3, pattern(7, 3, seed=50)), (13, 5))
    screener.ask("show")
    wait_until(lambda: place.desk.picture(Desk.ext) == expected, LIMIT)


def test_nothing_is_shown_before_something_was_painted(place: Place, frame: Path) -> None:
    """`show` alone makes no black screen."""
    screener = place.screener()
    wait_until(lambda: screener.state().size == EXT_SIZE, LIMIT)
    screener.ask("show")
    screener.ask("settle")
    assert place.desk.picture() == place.empty
    screener.ask(f"frame {place.path(frame)}")
    wait_until(lambda: on_ext(place, FRAME), LIMIT)


@pytest.mark.parametrize(
    ("setting", "box"),
    [
        ("2", Desk.ext),
        ("1", Desk.main),  # named, and not the only one
        ("EXT", Desk.ext),
        ("ext", Desk.ext),
    ],
)
def test_a_monitor_by_its_number_or_name(place: Place, tmp_path: Path, setting: str, box: tuple[int, ...]) -> None:
    setting = {"EXT": place.extension_name, "ext": place.extension_name.lower()}.get(setting, setting)
    left, top, right, bottom = box
    pixels = pattern(right - left, bottom - top, seed=9)
    frame = tmp_path / "frame"
    frame.write_bytes(pixels)
    screener = place.screener(setting)
    screener.ask(f"frame {place.path(frame)}")
    screener.ask("show")
    expected = place.empty.copy()
    expected.paste(seen(right - left, bottom - top, pixels), (left, top))
    wait_until(lambda: place.desk.picture() == expected, LIMIT)


@pytest.mark.parametrize("setting", ["nothing", "0", "3", "99999999999999999999", "-1", "²"])
def test_no_such_monitor(place: Place, frame: Path, setting: str) -> None:
    screener = place.screener(setting)
    screener.ask(f"frame {place.path(frame)}")
    screener.ask("show")
    log = ""
    while "没有可用的扩展屏" not in log:
        log += screener.log()
    assert "WARNING" in log and "'monitors': '2'" in log
    state = screener.state()
    assert (state.size, state.painted) == ((0, 0), False)
    assert place.desk.picture() == place.empty
    assert len(place.helpers()) == 1  # it goes on, for a monitor may come


def test_a_helper_that_hangs(place: Place, frame: Path) -> None:
    screener = begin(place, frame)
    first = place.the_helper()
    os.kill(first, signal.SIGSTOP)
    screener.ask(f"frame {place.path(frame)}")  # more than the pipe holds
    wait_until(lambda: first not in place.helpers(), LIMIT)
    wait_until(lambda: screener.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    log = screener.log()
    assert log.count("没有应答") == 1 and log.count("扩展屏已就绪") == 2
    assert place.the_helper() != first


def test_a_helper_that_hangs_while_hidden(place: Place, frame: Path) -> None:
    screener = begin(place, frame)
    screener.ask("hide")
    first = place.the_helper()
    os.kill(first, signal.SIGSTOP)
    wait_until(lambda: screener.state().epoch == 2 and first not in place.helpers(), LIMIT)
    wait_until(lambda: screener.state().painted, LIMIT)
    screener.ask("settle")
    assert place.desk.picture() == place.empty  # the new one is hidden as well
    screener.ask("show")
    wait_until(lambda: on_ext(place, FRAME), LIMIT)


def test_a_helper_that_is_killed(place: Place, frame: Path) -> None:
    screener = begin(place, frame)
    os.kill(place.the_helper(), signal.SIGKILL)
    wait_until(lambda: screener.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    assert "已退出" in screener.log()


@pytest.mark.parametrize("hanging", [False, True])
def test_the_helper_goes_with_its_parent(place: Place, frame: Path, hanging: bool) -> None:
    screener = begin(place, frame, silent=1e6)
    if hanging:
        os.kill(place.the_helper(), signal.SIGSTOP)
    screener.kill()
    wait_until(lambda: not place.helpers(), LIMIT)
    wait_until(lambda: place.desk.picture() == place.empty, LIMIT)


@pytest.mark.parametrize("hanging", [False, True])
def test_close(place: Place, frame: Path, hanging: bool) -> None:
    screener = begin(place, frame, silent=1e6)
    if hanging:
        os.kill(place.the_helper(), signal.SIGSTOP)
    assert screener.ask("close") == "done"
    assert screener.process.wait(LIMIT) == 0
    wait_until(lambda: not place.helpers(), LIMIT)
    wait_until(lambda: place.desk.picture() == place.empty, LIMIT)


def test_a_monitor_that_goes_and_comes_back(place: Place, frame: Path) -> None:
    """Wine sends no message for it: a clerk does; and a helper there does not see a monitor come back."""
    screener = begin(place, frame)
    clerk = place.clerk() if place.wine is not None else None
    place.unplug()
    if clerk is not None:
        assert clerk.ask("displays") == "1"
    wait_until(lambda: screener.state().size == (0, 0), LIMIT)
    assert "没有可用的扩展屏" in screener.log()
    wait_until(lambda: place.desk.picture(Desk.ext) == place.empty.crop(Desk.ext), LIMIT)
    assert clerk is not None or place.desk.picture() == place.empty
    place.plug()
    if clerk is not None:
        os.kill(place.the_helper(), signal.SIGKILL)
    wait_until(lambda: screener.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    assert "扩展屏已就绪" in screener.log()


@pytest.mark.parametrize("setting", ["", "1", "MAIN"])
def test_the_only_monitor_is_never_taken(place: Place, frame: Path, setting: str) -> None:
    place.unplug()
    screener = place.screener({"MAIN": place.primary_name}.get(setting, setting))
    screener.ask(f"frame {place.path(frame)}")
    screener.ask("show")
    log = ""
    while "没有可用的扩展屏" not in log:
        log += screener.log()
    assert "'monitors': '1'" in log and screener.state().size == (0, 0)
    assert place.desk.picture() == place.empty


# ---- what other programs notice: Windows only ------------------------------------------------------------------------


def test_the_focus_stays(windows: WinePlace, frame: Path, tmp_path: Path) -> None:
    """A clerk types while the screen comes, is painted, goes, hangs and is replaced."""
    clerk = windows.clerk()
    wait_until(lambda: clerk.ask("focus").startswith("1 1"), LIMIT)
    clerk.ask("type a")
    screener = begin(windows, frame)
    assert clerk.ask("knock") == "1 1" and clerk.ask("focus").startswith("1 1")
    clerk.ask("type b")
    screener.ask("hide")
    wait_until(lambda: clerk.ask("knock") == "0 1", LIMIT)
    assert clerk.ask("focus").startswith("1 1")
    clerk.ask("type c")
    screener.ask("show")
    wait_until(lambda: clerk.ask("knock") == "1 1", LIMIT)
    clerk.ask("type d")
    os.kill(windows.the_helper(), signal.SIGSTOP)
    wait_until(lambda: screener.state().epoch == 2 and clerk.ask("knock") == "1 1", LIMIT)
    clerk.ask("type e")
    screener.ask("close")
    wait_until(lambda: clerk.ask("knock") == "none", LIMIT)
    clerk.ask("type f")
    wait_until(lambda: clerk.ask("focus") == "1 1 abcdef", LIMIT)


def test_a_window_that_hangs_in_a_process_that_does_not(windows: WinePlace, frame: Path) -> None:
    """PING is answered by the thread of the window, and by no other."""
    clerk = windows.clerk()
    screener = begin(windows, frame)
    first = windows.the_helper()
    time.sleep(1)  # as in the test below
    assert clerk.ask("freeze") == "0"
    wait_until(lambda: screener.state().epoch == 2 and first not in windows.helpers(), LIMIT)
    wait_until(lambda: clerk.ask("knock") == "1 1" and on_ext(windows, FRAME), LIMIT)


def test_the_end_of_stdin_ends_a_window_that_hangs(windows: WinePlace) -> None:
    clerk = windows.clerk()
    helper = windows.helper()
    assert helper.line() == "READY" and helper.line().startswith("MONITOR ")
    assert clerk.ask("knock") == "0 1"
    time.sleep(1)  # a thread that is stopped while it runs Python stops its whole process: let it wait for messages
    assert clerk.ask("freeze") == "0"
    assert helper.close_stdin() == 0
    assert clerk.ask("knock") == "none"


def test_it_cannot_be_closed_by_others(windows: WinePlace, frame: Path) -> None:
    clerk = windows.clerk()
    begin(windows, frame)
    assert clerk.ask("shut") == "1"
    assert clerk.ask("knock") == "1 1"  # behind WM_CLOSE in the queue


@pytest.mark.parametrize("order", ["show", "hide"])
def test_broadcasts(windows: WinePlace, frame: Path, order: str) -> None:
    """A broadcast returns; with a helper that hangs it returns as soon as that is replaced, shown or hidden."""
    clerk = windows.clerk()
    screener = begin(windows, frame)
    screener.ask(order)
    assert clerk.ask("broadcast") == "returned"
    os.kill(windows.the_helper(), signal.SIGSTOP)
    assert clerk.ask("broadcast") == "returned"
    wait_until(lambda: screener.state().epoch == 2, LIMIT)


def test_a_broadcast_without_the_watchdog(windows: WinePlace, frame: Path) -> None:
    """The negative control of the test above: as long as the helper is not replaced, the broadcast does not return."""
    clerk, other = windows.clerk(), windows.clerk()
    begin(windows, frame, silent=1e6)
    helper = windows.the_helper()
    os.kill(helper, signal.SIGSTOP)
    clerk.send(b"broadcast\n")
    assert other.ask("knock") == "1 0"  # three seconds
    assert clerk.quiet
    os.kill(helper, signal.SIGCONT)
    assert clerk.line() == "returned"
