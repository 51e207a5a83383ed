"""The extension screen's window, for real: what was painted is on the second monitor and nowhere else, or nowhere."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.clients import Rig
from tests.support.desk import Desk, wait_until
from tests.support.screens import EXT_SIZE, LIMIT, Painter, Place, WinePlace, pattern, seen

FRAME = pattern(*EXT_SIZE, seed=1)


@pytest.fixture(scope="module", params=["linux", "wine"])
def desk(request: pytest.FixtureRequest, rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place() if request.param == "linux" else WinePlace(tmp_path_factory.mktemp("screen"), rig)
    yield made
    made.close()


@pytest.fixture
def place(desk: Place) -> Iterator[Place]:
    yield desk
    desk.tidy()


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    path = tmp_path / "frame"
    path.write_bytes(FRAME)
    return path


def begin(place: Place, frame: Path, wish: str = "", silent: float = 2.0) -> Painter:
    """A painter whose frame is on the second monitor."""
    painter = place.painter(wish, silent)
    assert painter.ask(f"frame {place.path(frame)}") == "done"
    assert painter.ask("show") == "done"
    wait_until(lambda: on_ext(place, FRAME), LIMIT)
    return painter


def on_ext(place: Place, bgrx: bytes) -> bool:
    return place.desk.picture(Desk.ext) == seen(*EXT_SIZE, bgrx)


def settled(place: Place) -> Image.Image:
    """The desk before anything is on it."""
    wait_until(lambda: not place.helpers(), LIMIT)
    return place.desk.picture()


def put(place: Place, painter: Painter, folder: Path, box: tuple[int, int, int, int], bgrx: bytes) -> None:
    path = folder / "dots"
    path.write_bytes(bgrx)
    assert painter.ask(f"paint {' '.join(map(str, box))} {place.path(path)}") == "done"


def test_the_very_dots(place: Place, frame: Path, tmp_path: Path) -> None:
    """Rectangles of odd sizes where they belong, the one at the edge cut off; not a dot of MAIN has changed."""
    before = settled(place)
    painter = begin(place, frame)
    expected = seen(*EXT_SIZE, FRAME)
    for number, box in enumerate(
        [(13, 5, 7, 3), (0, 0, 1, 1), (1017, 597, 7, 3), (1019, 590, 9, 20), (500, 7, 1, 300)]
    ):
        x, y, width, height = box
        dots = pattern(width, height, seed=101 + 17 * number)
        put(place, painter, tmp_path, box, dots)
        expected.paste(seen(width, height, dots), (x, y))
    wait_until(lambda: place.desk.picture(Desk.ext) == expected, LIMIT)
    after = place.desk.picture()
    assert after.crop(Desk.main) == before.crop(Desk.main)
    below = (1280, 600, 2304, 1024)  # on no monitor
    assert after.crop(below) == before.crop(below)
    assert painter.log().count("扩展屏已就绪") == 1
    assert painter.state().epoch == 1


def test_hide_and_show(place: Place, frame: Path, tmp_path: Path) -> None:
    before = settled(place)
    painter = begin(place, frame)
    painter.ask("hide")
    wait_until(lambda: place.desk.picture() == before, LIMIT)
    put(place, painter, tmp_path, (13, 5, 7, 3), pattern(7, 3, seed=50))
    expected = seen(*EXT_SIZE, FRAME)
    expected.paste(seen(7, 3, pattern(7, 3, seed=50)), (13, 5))
    painter.ask("show")
    wait_until(lambda: place.desk.picture(Desk.ext) == expected, LIMIT)


def test_nothing_is_shown_before_something_was_painted(place: Place, frame: Path) -> None:
    """`show` alone is no black screen."""
    before = settled(place)
    painter = place.painter()
    wait_until(lambda: painter.state().size == EXT_SIZE, LIMIT)
    painter.ask("show")
    painter.ask("settle")
    assert place.desk.picture() == before
    painter.ask(f"frame {place.path(frame)}")
    wait_until(lambda: on_ext(place, FRAME), LIMIT)


@pytest.mark.parametrize(
    ("wish", "box"),
    [
        ("2", Desk.ext),
        ("1", Desk.main),  # named, and not the only one
        ("EXT", Desk.ext),
        ("ext", Desk.ext),
    ],
)
def test_a_monitor_by_its_number_or_name(place: Place, tmp_path: Path, wish: str, box: tuple[int, ...]) -> None:
    if place.wine is not None:
        wish = {"EXT": r"\\.\DISPLAY2", "ext": "display2"}.get(wish, wish)
    before = settled(place)
    left, top, right, bottom = box
    dots = pattern(right - left, bottom - top, seed=9)
    frame = tmp_path / "frame"
    frame.write_bytes(dots)
    painter = place.painter(wish)
    painter.ask(f"frame {place.path(frame)}")
    painter.ask("show")
    expected = before.copy()
    expected.paste(seen(right - left, bottom - top, dots), (left, top))
    wait_until(lambda: place.desk.picture() == expected, LIMIT)


@pytest.mark.parametrize("wish", ["nothing", "0", "3", "99999999999999999999", "-1", "²"])
def test_no_such_monitor(place: Place, frame: Path, wish: str) -> None:
    before = settled(place)
    painter = place.painter(wish)
    painter.ask(f"frame {place.path(frame)}")
    painter.ask("show")
    log = ""
    while "没有可用的扩展屏" not in log:
        log += painter.log()
    assert "WARNING" in log and "'monitors': '2'" in log
    state = painter.state()
    assert (state.size, state.painted) == ((0, 0), False)
    assert place.desk.picture() == before
    assert len(place.helpers()) == 1  # it goes on: a monitor may come


def test_a_helper_that_hangs(place: Place, frame: Path) -> None:
    painter = begin(place, frame)
    first = place.the_helper()
    os.kill(first, signal.SIGSTOP)
    painter.ask(f"frame {place.path(frame)}")  # more than the pipe holds
    wait_until(lambda: first not in place.helpers(), LIMIT)
    wait_until(lambda: painter.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    log = painter.log()
    assert log.count("没有响应") == 1 and log.count("扩展屏已就绪") == 2
    assert place.the_helper() != first


def test_a_helper_that_hangs_while_hidden(place: Place, frame: Path) -> None:
    before = settled(place)
    painter = begin(place, frame)
    painter.ask("hide")
    first = place.the_helper()
    os.kill(first, signal.SIGSTOP)
    wait_until(lambda: painter.state().epoch == 2 and first not in place.helpers(), LIMIT)
    wait_until(lambda: painter.state().painted, LIMIT)
    painter.ask("settle")
    assert place.desk.picture() == before  # the new one is hidden as well
    painter.ask("show")
    wait_until(lambda: on_ext(place, FRAME), LIMIT)


def test_a_helper_that_is_killed(place: Place, frame: Path) -> None:
    painter = begin(place, frame)
    os.kill(place.the_helper(), signal.SIGKILL)
    wait_until(lambda: painter.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    assert "已退出" in painter.log()


@pytest.mark.parametrize("hanging", [False, True])
def test_the_helper_goes_with_its_parent(place: Place, frame: Path, hanging: bool) -> None:
    before = settled(place)
    painter = begin(place, frame, silent=1e6)
    if hanging:
        os.kill(place.the_helper(), signal.SIGSTOP)
    painter.kill()
    wait_until(lambda: not place.helpers(), LIMIT)
    wait_until(lambda: place.desk.picture() == before, LIMIT)


@pytest.mark.parametrize("hanging", [False, True])
def test_close(place: Place, frame: Path, hanging: bool) -> None:
    before = settled(place)
    painter = begin(place, frame, silent=1e6)
    if hanging:
        os.kill(place.the_helper(), signal.SIGSTOP)
    assert painter.ask("close") == "done"
    assert painter.process.wait(LIMIT) == 0
    wait_until(lambda: not place.helpers(), LIMIT)
    wait_until(lambda: place.desk.picture() == before, LIMIT)


def test_a_monitor_that_goes_and_comes_back(place: Place, frame: Path) -> None:
    """Wine tells nobody, so another program sends the message; and a helper there does not see it come back."""
    before = settled(place)
    painter = begin(place, frame)
    clerk = place.clerk() if place.wine is not None else None
    without_clerk = before if clerk is None else None
    place.desk.unplug()
    if isinstance(place, WinePlace) and clerk is not None:
        place.forget_monitors()
        assert clerk.ask("displays") == "1"
    wait_until(lambda: painter.state().size == (0, 0), LIMIT)
    assert "没有可用的扩展屏" in painter.log()
    empty = before.crop(Desk.ext)
    wait_until(lambda: place.desk.picture(Desk.ext) == empty, LIMIT)
    assert without_clerk is None or place.desk.picture() == without_clerk
    place.desk.plug()
    if isinstance(place, WinePlace):
        place.forget_monitors()
        os.kill(place.the_helper(), signal.SIGKILL)
    wait_until(lambda: painter.state().epoch == 2 and on_ext(place, FRAME), LIMIT)
    assert "扩展屏已就绪" in painter.log()


@pytest.mark.parametrize("wish", ["", "1", "MAIN"])
def test_the_only_monitor_is_never_taken(single: Place, frame: Path, wish: str) -> None:
    if single.wine is not None and wish == "MAIN":
        wish = "DISPLAY1"
    before = settled(single)
    painter = single.painter(wish)
    painter.ask(f"frame {single.path(frame)}")
    painter.ask("show")
    log = ""
    while "没有可用的扩展屏" not in log:
        log += painter.log()
    assert "'monitors': '1'" in log and painter.state().size == (0, 0)
    assert single.desk.picture() == before


@pytest.fixture(scope="module", params=["linux", "wine"])
def lonely(request: pytest.FixtureRequest, rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("lonely")
    made = Place(monitors=1) if request.param == "linux" else WinePlace(folder, rig, monitors=1)
    yield made
    made.close()


@pytest.fixture
def single(lonely: Place) -> Iterator[Place]:
    yield lonely
    lonely.tidy()


# ---- what other programs notice: Windows only ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def windows(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = WinePlace(tmp_path_factory.mktemp("windows"), rig)
    yield made
    made.close()


@pytest.fixture
def desktop(windows: Place) -> Iterator[Place]:
    yield windows
    windows.tidy()


def test_the_focus_stays(desktop: Place, frame: Path, tmp_path: Path) -> None:
    """A clerk types while the screen comes, is painted, goes, hangs and is replaced."""
    clerk = desktop.clerk()
    wait_until(lambda: clerk.ask("focus").startswith("1 1"), LIMIT)
    clerk.ask("type a")
    painter = begin(desktop, frame)
    assert clerk.ask("knock") == "1 1" and clerk.ask("focus").startswith("1 1")
    clerk.ask("type b")
    painter.ask("hide")
    wait_until(lambda: clerk.ask("knock") == "0 1", LIMIT)
    assert clerk.ask("focus").startswith("1 1")
    clerk.ask("type c")
    painter.ask("show")
    wait_until(lambda: clerk.ask("knock") == "1 1", LIMIT)
    clerk.ask("type d")
    os.kill(desktop.the_helper(), signal.SIGSTOP)
    wait_until(lambda: painter.state().epoch == 2 and clerk.ask("knock") == "1 1", LIMIT)
    clerk.ask("type e")
    painter.ask("close")
    wait_until(lambda: clerk.ask("knock") == "none", LIMIT)
    clerk.ask("type f")
    wait_until(lambda: clerk.ask("focus") == "1 1 abcdef", LIMIT)


def test_a_window_that_hangs_in_a_process_that_does_not(desktop: Place, frame: Path) -> None:
    """PING is answered by the thread of the window, and by no other."""
    clerk = desktop.clerk()
    painter = begin(desktop, frame)
    first = desktop.the_helper()
    time.sleep(1)  # as in the test below
    assert clerk.ask("freeze") == "0"
    wait_until(lambda: painter.state().epoch == 2 and first not in desktop.helpers(), LIMIT)
    wait_until(lambda: clerk.ask("knock") == "1 1" and on_ext(desktop, FRAME), LIMIT)


def test_the_end_of_stdin_ends_a_window_that_hangs(desktop: Place) -> None:
    clerk = desktop.clerk()
    helper = desktop.helper()
    assert helper.line() == "READY" and helper.line().startswith("MONITOR ")
    assert clerk.ask("knock") == "0 1"
    time.sleep(1)  # a thread that is stopped while it runs Python stops its whole process: let it wait for messages
    assert clerk.ask("freeze") == "0"
    assert helper.hang_up() == 0
    assert clerk.ask("knock") == "none"


def test_it_cannot_be_closed_by_others(desktop: Place, frame: Path) -> None:
    clerk = desktop.clerk()
    begin(desktop, frame)
    assert clerk.ask("shut") == "1"
    assert clerk.ask("knock") == "1 1"  # behind WM_CLOSE in the queue


@pytest.mark.parametrize("order", ["show", "hide"])
def test_broadcasts(desktop: Place, frame: Path, order: str) -> None:
    """A broadcast returns, and when the helper hangs, it returns as soon as that was replaced: shown or hidden."""
    clerk = desktop.clerk()
    painter = begin(desktop, frame)
    painter.ask(order)
    assert clerk.ask("broadcast") == "returned"
    os.kill(desktop.the_helper(), signal.SIGSTOP)
    assert clerk.ask("broadcast") == "returned"
    wait_until(lambda: painter.state().epoch == 2, LIMIT)


def test_what_a_broadcast_meets_where_nobody_looks_after_the_helper(desktop: Place, frame: Path) -> None:
    """The negative control of the test above: without the replacement the broadcast does not return."""
    clerk, other = desktop.clerk(), desktop.clerk()
    begin(desktop, frame, silent=1e6)
    helper = desktop.the_helper()
    os.kill(helper, signal.SIGSTOP)
    clerk.send(b"broadcast\n")
    assert other.ask("knock") == "1 0"  # three seconds
    assert clerk.quiet
    os.kill(helper, signal.SIGCONT)
    assert clerk.line() == "returned"
