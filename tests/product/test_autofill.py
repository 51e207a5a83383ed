"""Auto-fill through the real libraries: into a native EDIT control under Wine, into a window of an X server on Linux.

Both on a private desk (tests/support/desk.py). What arrives is compared with literals.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.devices.autofill.driver import DrivenAutoFill
from shim.devices.autofill.x11 import X11Connection
from shim.devices.autofill.xtest import X11Keyboard
from shim.devices.base import DeviceUnavailable
from shim.errors import Unavailable
from tests.support.calls import QUERY
from tests.support.clients import Kind, Reply, Rig, trans_line
from tests.support.desk import Desk, wait_until
from tests.support.keyboards import LONG
from tests.support.paths import NATIVE
from tests.support.product import Product, install
from tests.support.scanners import Background

WINDOW = NATIVE / "xwindow.py"
ROUNDS = 30
NO_CODE = "没有可填的医保码（只保留 300 秒，只能填一次），医保码没有填入。请先扫患者的医保码（9005）。"
NOT_CHOSEN = "没有选中要填的输入框，医保码没有填入。请先点一下要填的输入框，再按一次（9005）。"
EMPTY = "edit  down=0 char=0 foreign=0"


class DeskRig(Rig):
    """The rig with a prefix whose programs show on a desk."""

    def __init__(self, wine: Wine) -> None:
        self._wine = wine

    def wine(self, kind: Kind) -> Wine:
        return self._wine


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk(1) as made:
        yield made


@pytest.fixture(scope="module")
def shown(rig: Rig, desk: Desk) -> Iterator[DeskRig]:
    with Wine(rig.folder / "wine-desk", display=desk.display) as wine:
        yield DeskRig(wine)
    shutil.rmtree(rig.folder / "wine-desk", ignore_errors=True)


def his(folder: Path, ini: str = "", kind: Kind = "win32-c") -> Product:
    product = install(kind, folder / "his")
    return product.ini(f"[autofill]\n{ini}") if ini else product


def edithost(shown: DeskRig, product: Product, *steps: str, kind: str = "single", program: Path | None = None) -> str:
    """Run the program through `steps`; its lines."""
    files = (program or shown.program("edithost.exe"), product.library("VC"), product.library("EC"))
    words = [*(Wine.windows_path(path) for path in files), kind, *steps]
    done = shown.wine("win32-c").run(words, timeout=300)
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}\n{done.stderr}"
    return done.stdout.replace("\r\n", "\n")


def filled(text: str) -> str:
    return f"fill 9005 {text.encode('gbk').hex()}"


def typed(text: str, enters: int = 0) -> str:
    return f"edit {text.encode('ascii').hex()} down={enters} char={enters} foreign=0"


# ---- a native EDIT control under Wine ------------------------------------------------------------------------------


@pytest.mark.parametrize("thread", ["own", "other"])
@pytest.mark.parametrize("method", ["sendinput", "messages"])
def test_thirty_of_thirty(shown: DeskRig, tmp_path: Path, method: str, thread: str) -> None:
    """64 characters and Enter, from the window's own thread and from another: whole, each time."""
    product = his(tmp_path, f"method = {method}\nenter = on\n")
    lines = edithost(shown, product, *(f"keep={LONG}", f"fill={thread}", "read=64,1") * ROUNDS).splitlines()
    assert lines[1::3] == ["fill 0 "] * ROUNDS
    assert lines[2::3] == [typed(LONG, 1)] * ROUNDS
    assert LONG not in product.log_text() and "AbCdEf" not in product.log_text()


def test_without_any_ini(shown: DeskRig, tmp_path: Path) -> None:
    """Dropped in: no code yet, then typed without Enter, then forgotten. The clipboard is not touched."""
    steps = ("clip=before", "fill=own", f"keep={LONG}", "fill=own", "read=64,0", "fill=own", "read=0,0", "clip")
    lines = edithost(shown, his(tmp_path), *steps).splitlines()
    assert lines == [filled(NO_CODE), "keep 500049", "fill 0 ", typed(LONG), filled(NO_CODE), EMPTY, "clip before"]


def test_several_lines(shown: DeskRig, tmp_path: Path) -> None:
    """A control that takes Enter as text: it comes last."""
    product = his(tmp_path, "enter = on\n")
    lines = edithost(shown, product, f"keep={LONG}", "fill=own", "read=66,1", kind="multi").splitlines()
    assert lines[1:] == ["fill 0 ", typed(LONG + "\r\n", 1)]


@pytest.mark.parametrize("method", ["sendinput", "messages"])
def test_wrong_windows(shown: DeskRig, tmp_path: Path, method: str) -> None:
    """Nothing is typed, and the code waits for the right one."""
    steps = [f"keep={LONG}"]
    for front in ("vcshim-screen", "Progman", "none"):
        steps += [f"front={front}", "fill=own", "read=0,0"]
    lines = edithost(shown, his(tmp_path, f"method = {method}\n"), *steps, "front=", "fill=own", "read=64,0")
    assert lines.splitlines()[1:] == [*[filled(NOT_CHOSEN), EMPTY] * 3, "fill 0 ", typed(LONG)]


@pytest.mark.parametrize(("key", "name"), [(16, "Shift"), (17, "Ctrl")])
def test_a_key_that_is_held(shown: DeskRig, tmp_path: Path, key: int, name: str) -> None:
    """It would turn Enter into something else."""
    steps = (f"keep={LONG}", f"down={key}", "fill=own", "read=0,0", f"up={key}", "fill=own", "read=64,1")
    lines = edithost(shown, his(tmp_path, "enter = on\n"), *steps).splitlines()
    words = f"键盘上的 {name} 键还按着或开着，医保码没有填入。请松开后再按一次（9005）。"
    assert lines[1:] == [filled(words), EMPTY, "fill 0 ", typed(LONG, 1)]


def test_programs(shown: DeskRig, tmp_path: Path) -> None:
    """By file name, in any case; the log names who is in front, the clerk's text does not."""
    product = his(tmp_path, "programs = his.exe, EditHost\n")
    allowed = edithost(shown, product, f"keep={LONG}", "fill=own", "read=64,0")
    assert allowed.splitlines()[1:] == ["fill 0 ", typed(LONG)]
    program = tmp_path / ("门诊收费窗口" * 13 + ".exe")
    shutil.copy(shown.program("edithost.exe"), program)
    wrong = "选中的不是医院程序的输入框，医保码没有填入。请先点一下要填的输入框，再按一次（9005）。"
    product.ini("[autofill]\nprograms = his.exe\n")
    steps = (f"keep={LONG}", "fill=own", "read=0,0")
    lines = edithost(shown, product, *steps, program=program).splitlines()
    assert lines[1:] == [filled(wrong), EMPTY]
    assert f"前台窗口的程序 {program.name} 不在" in product.log_text()
    product.ini("[autofill]\nprograms = his.exe\n[abi]\ncharset = utf-8\n")
    lines = edithost(shown, product, *steps, program=program).splitlines()
    assert lines[1:] == [f"fill 9005 {wrong.encode().hex()}", EMPTY]


def test_two_threads_at_once(shown: DeskRig, tmp_path: Path) -> None:
    """One types, the other gets the reason."""
    lines = edithost(shown, his(tmp_path), f"keep={LONG}", "fill=both", "read=64,0").splitlines()
    assert sorted(lines[1:3]) == ["fill 0 ", filled(NO_CODE)]
    assert lines[3] == typed(LONG)


@pytest.mark.parametrize("method", ["sendinput", "messages"])
@pytest.mark.parametrize("kind", ["win32-c", "win32-gui", "win32-delphi"])
def test_into_another_program(shown: DeskRig, tmp_path: Path, kind: Kind, method: str) -> None:
    """The caller has no window, another process has the focus; the caller's state stays what it was."""
    product = his(tmp_path, f"method = {method}\nenter = on\nprograms = edithost.exe\n", kind)
    there = tmp_path / "there"
    form = Background(lambda: edithost(shown, product, f"mark={Wine.windows_path(there)}", "read=64,1"))
    wait_until(there.exists)
    replies = product.run(shown, query_and_fill())
    assert (replies[1].number, replies[1].out, [reply.broken for reply in replies]) == (0, b"", [{}, {}])
    assert form.result().splitlines() == [typed(LONG, 1)]


@pytest.mark.parametrize("kind", ["win32-c", "win32-delphi"])
def test_where_there_are_no_windows(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """A Wine that shows nothing: its desktop has the focus, or no window. Refused, the host's state untouched."""
    replies = his(tmp_path, kind=kind).run(rig, query_and_fill())
    assert replies[1].number == 9005 and text(replies[1]) == NOT_CHOSEN
    assert [reply.broken for reply in replies] == [{}, {}]


# ---- Linux: XTEST --------------------------------------------------------------------------------------------------


def query_and_fill() -> list[str]:
    """LONG comes to be the last code; then it is typed."""
    case = json.loads(QUERY["in"])
    case["data"]["ecQrCode"] = LONG
    in_data = json.dumps(case, ensure_ascii=False).encode("gb18030")
    return [trans_line("q", in_data, url="sim:", export="NationEcTrans"), "call s SetEcQrcode 256"]


def text(reply: Reply) -> str:
    return (reply.out or b"").decode("gb18030")


class XWindow:
    """xwindow.py, with the focus."""

    def __init__(self, desk: Desk) -> None:
        # Unbuffered: select must see every line.
        self._process = subprocess.Popen(
            [sys.executable, str(WINDOW)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            env={**os.environ, **desk.env},
        )  # fmt: skip
        assert self._line() == b"READY\n"

    def read(self, count: int) -> str:
        """`count` characters, and whatever else comes until the window is closed."""
        lines = [self._line() for _ in range(count)]
        rest, _ = self._process.communicate(timeout=60)
        return b"".join(bytes.fromhex(line.decode()) for line in [*lines, *rest.splitlines()]).decode("ascii")

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        assert select.select([self._process.stdout], [], [], 20)[0], "nothing came"
        return self._process.stdout.readline()


@contextmanager
def window_on(desk: Desk) -> Iterator[XWindow]:
    window = XWindow(desk)
    try:
        yield window
    finally:
        window.end()


@pytest.mark.parametrize("enter", ["on", "off"])
@pytest.mark.parametrize("kind", ["linux-c", "linux-ctypes"])
def test_linux(rig: Rig, desk: Desk, tmp_path: Path, kind: Kind, enter: str) -> None:
    expected = LONG + "\r" * (enter == "on")
    with window_on(desk) as window:
        replies = his(tmp_path, f"enter = {enter}\n", kind).run(rig, query_and_fill(), env=desk.env)
        assert (replies[1].number, replies[1].broken) == (0, {})
        assert window.read(len(expected)) == expected


def keyboard_on(desk: Desk, monkeypatch: pytest.MonkeyPatch, *programs: str) -> DrivenAutoFill:
    monkeypatch.setenv("DISPLAY", desk.display)
    return DrivenAutoFill(X11Keyboard, programs=programs, enter=False, modifier_seconds=0)


def refused(auto_fill: DrivenAutoFill, code: str = LONG) -> str:
    with pytest.raises(DeviceUnavailable) as caught:
        auto_fill.fill(code)
    assert caught.value.why is Unavailable.NOT_DONE
    return caught.value.message


def test_all_of_ascii(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is shifted, one after the other; what has no key is refused whole."""
    every = """ !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"""
    assert len(every) == 95
    with window_on(desk) as window:
        auto_fill = keyboard_on(desk, monkeypatch, Path(os.path.realpath(sys.executable)).name)
        assert "没有的字符" in refused(auto_fill, "424中")
        auto_fill.fill(every)
        assert window.read(95) == every


def test_rules_on_linux(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program's window, Shift held, Caps Lock on: nothing is typed."""
    shift, caps_lock = 50, 66  # key codes of the server's usual layout (evdev)
    with window_on(desk) as window:
        assert f"前台窗口的程序 {Path(os.path.realpath(sys.executable)).name} 不在" in refused(
            keyboard_on(desk, monkeypatch, "his")
        )
        server = X11Connection(desk.display)
        try:
            server.send([(shift, True)])
            assert "Shift 仍按着" in refused(keyboard_on(desk, monkeypatch))
            server.send([(shift, False), (caps_lock, True), (caps_lock, False)])
            assert "CapsLock 仍按着或开着" in refused(keyboard_on(desk, monkeypatch))
        finally:
            server.send([(caps_lock, True), (caps_lock, False)])
            server.close()
        keyboard_on(desk, monkeypatch).fill("Aa")
        assert window.read(2) == "Aa"


def test_no_focus_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    with Desk(1) as empty:
        assert "没有窗口在前台" in refused(keyboard_on(empty, monkeypatch))
