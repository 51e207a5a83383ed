"""Auto-fill without a system: the bytes of a batch, the checks before it, the settings, the replies to the host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.call_port import Port
from shim.devices.autofill import driver, pick
from shim.devices.autofill.base import FocusedWindow, Keyboard
from shim.devices.autofill.messages import messages
from shim.devices.autofill.sendinput import SIZES, batch
from shim.devices.backends import survey
from shim.devices.base import DeviceUnavailable
from shim.errors import Message, Unavailable
from shim.host_bytes import Answer
from shim.messages import autofill as rows
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.keyboards import FORM, LONG, PretendKeyboard, filling
from tests.support.paths import ROOT, vectors
from tests.support.scanners import FUSED, INSURANCE, Background

VECTORS: dict[str, Any] = vectors("autofill")
ELSEWHERE = FocusedWindow(0x20020, 88, "chat.exe", "ChatForm")


# ---- what is handed to Windows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", VECTORS["inputs"], ids=lambda row: f"{row['pointer']}-{len(row['events'])}")
def test_the_batch_in_memory(row: dict[str, Any]) -> None:
    assert bytes(batch(row["code"], row["enter"], row["pointer"])).hex() == "".join(row["events"])
    assert SIZES[row["pointer"]] == len(row["events"][0]) // 2


def test_the_sizes_of_input() -> None:
    assert SIZES == {4: 28, 8: 40}


@pytest.mark.parametrize("row", VECTORS["messages"], ids=lambda row: str(row["enter"]))
def test_the_messages(row: dict[str, Any]) -> None:
    assert [list(message) for message in messages(row["code"], row["enter"])] == row["posted"]


# ---- the rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enter", [False, True])
def test_typed(enter: bool) -> None:
    keyboard = PretendKeyboard()
    filling(keyboard, enter=enter).fill(LONG)
    assert keyboard.typed == [(FORM, LONG, enter)]
    assert (keyboard.opened, keyboard.closed) == (1, 1)


def in_front(**changes: Any) -> PretendKeyboard:
    """A keyboard whose focused window is FORM with these `changes`."""
    return PretendKeyboard(windows=[replace(FORM, **changes)])


REFUSED: dict[str, tuple[PretendKeyboard, Message, str]] = {
    "no window": (PretendKeyboard(windows=[None]), rows.NO_WINDOW, "没有窗口在前台"),
    "our own": (in_front(class_name="vcshim-screen"), rows.OWN_WINDOW, "vcshim 自己的窗口（窗口类 vcshim-screen）"),
    "our own too": (in_front(class_name="VCShim-Wedge"), rows.OWN_WINDOW, "（窗口类 VCShim-Wedge）"),
    "the desktop": (in_front(class_name="Progman"), rows.DESKTOP, "桌面或任务栏（窗口类 Progman）"),
    "the task bar": (in_front(class_name="Shell_TrayWnd"), rows.DESKTOP, "（窗口类 Shell_TrayWnd）"),
    "more rights": (in_front(elevated=True), rows.MORE_RIGHTS, "程序 his.exe 权限高于医院程序"),
    "Ctrl": (PretendKeyboard(down=[("Ctrl", "Alt")]), rows.MODIFIERS, "等了 0 毫秒（[autofill] modifier_ms），Ctrl"),
    "cannot open": (PretendKeyboard(fails="open"), rows.NO_KEYBOARD, "系统错误 5"),
    "cannot look": (PretendKeyboard(fails="focused"), rows.CANNOT_LOOK, "前台窗口或按着的键（系统错误 5）"),
    "cannot ask": (PretendKeyboard(fails="modifiers"), rows.CANNOT_LOOK, "前台窗口或按着的键（系统错误 5）"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_and_nothing_typed(case: str) -> None:
    keyboard, row, words = REFUSED[case]
    with pytest.raises(DeviceUnavailable) as caught:
        filling(keyboard).fill(LONG)
    assert caught.value.row is row and words in caught.value.message
    assert keyboard.typed == []
    assert keyboard.closed == keyboard.opened


@pytest.mark.parametrize(
    ("keyboard", "row", "words"),
    [
        (PretendKeyboard(accepts=0), rows.NOTHING_ACCEPTED, "没有收下任何按键"),
        (PretendKeyboard(accepts=7), rows.PART_ACCEPTED, "128 个按键事件系统只收下 7 个"),
        (PretendKeyboard(fails="write"), rows.BROKEN_OFF, "系统错误 5"),
        (PretendKeyboard(fails="after"), rows.BROKEN_OFF, "系统错误 5"),
        (PretendKeyboard(windows=[FORM, ELSEWHERE]), rows.WINDOW_CHANGED, "前台由 his.exe 变为 chat.exe"),
    ],
    ids=["blocked", "part", "broken", "broken after", "focus taken"],
)
def test_what_may_be_incomplete_says_so(keyboard: PretendKeyboard, row: Message, words: str) -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        filling(keyboard).fill(LONG)
    assert caught.value.row is row and words in caught.value.message
    assert keyboard.closed == 1


@pytest.mark.parametrize("after", [FORM, None, replace(FORM, handle=0x30030)], ids=["same", "none", "a dialog"])
def test_a_window_that_answers_the_keys_is_no_failure(after: FocusedWindow | None) -> None:
    filling(PretendKeyboard(windows=[FORM, after])).fill(LONG)


def test_messages_do_not_follow_the_focus() -> None:
    keyboard = PretendKeyboard(windows=[FORM, ELSEWHERE])
    keyboard.follows_focus = False
    filling(keyboard).fill(LONG)


@pytest.mark.parametrize("code", ["", "424\r\n", "\x1b[A", "a\tb", "\0", "\u202e424", "\ud800"])
def test_control_characters_are_not_typed(code: str) -> None:
    """A code may hold anything that a QR code can: an Enter, a Tab, an escape."""
    keyboard = PretendKeyboard()
    with pytest.raises(DeviceUnavailable) as caught:
        filling(keyboard).fill(code)
    assert caught.value.why is Unavailable.NOT_DONE
    assert keyboard.opened == 0


@pytest.mark.parametrize(
    ("program", "allowed"),
    [
        ("his.exe", True),
        ("HIS.EXE", True),
        ("门诊.exe", True),
        ("chat.exe", False),
        ("his.exe.exe", False),
        ("", False),
    ],
)
def test_programs(program: str, allowed: bool) -> None:
    keyboard = PretendKeyboard(windows=[replace(FORM, program=program)])
    auto_fill = filling(keyboard, "His.exe", "门诊")
    if allowed:
        auto_fill.fill(LONG)
        return
    with pytest.raises(DeviceUnavailable) as caught:
        auto_fill.fill(LONG)
    assert f"前台窗口的程序 {program or '（未知）'} 不在 [autofill] programs 之中" in caught.value.message
    assert keyboard.typed == []


def test_modifiers_that_go_up_in_time() -> None:
    keyboard = PretendKeyboard(down=[("Ctrl",), ("Ctrl",), ()])
    filling(keyboard, modifier_seconds=60).fill(LONG)
    assert keyboard.modifier_looks == 3 and len(keyboard.typed) == 1


# ---- the settings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ini", "words"),
    [
        ("method = none", "method = none；要使用请改为 sendinput"),
        pytest.param("method = messages", "method = messages 不能用于本系统", marks=pytest.mark.needs("linux")),
        ("programs = C:\\HIS\\his.exe", "programs 只写程序文件名"),
        ("programs = his.exe, /opt/his", "programs 只写程序文件名"),
    ],
)
def test_settings_that_give_none(ini: str, words: str) -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        pick.pick_autofill(configuration.parse(f"[autofill]\n{ini}\n").autofill).fill(LONG)
    assert caught.value.why is Unavailable.NOT_SET_UP and words in caught.value.message


def install_keyboard(monkeypatch: pytest.MonkeyPatch, keyboard: PretendKeyboard) -> None:
    """Have every method open `keyboard`, on every system."""
    rows = tuple(replace(row, make=keyboard, systems=()) for row in pick.BACK_ENDS)
    monkeypatch.setattr(pick, "BACK_ENDS", rows)


@pytest.mark.parametrize(
    ("word", "class_name"), [("sendinput", "SendInputKeyboard"), ("messages", "MessageKeyboard"), ("xtest", None)]
)
def test_the_back_ends(monkeypatch: pytest.MonkeyPatch, word: str, class_name: str | None) -> None:
    """Each row makes its keyboard; that of X11 connects to its display already then."""
    monkeypatch.delenv("DISPLAY", raising=False)
    (row,) = (row for row in pick.BACK_ENDS if row.word == word)
    if class_name is None:
        with pytest.raises(DeviceUnavailable, match="DISPLAY 没有设置"):
            row.make()
        return
    keyboard = row.make()
    assert isinstance(keyboard, Keyboard) and type(keyboard).__name__ == class_name


@pytest.mark.needs("linux")
def test_why_a_back_end_is_unavailable() -> None:
    assert survey(pick.BACK_ENDS) == {"sendinput": "只用于 Windows", "messages": "只用于 Windows", "xtest": None}


@pytest.mark.needs("linux")
def test_sendinput_is_xtest_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """The word of the template types on both systems."""
    monkeypatch.delenv("DISPLAY", raising=False)
    for ini in ("", "method = sendinput", "method = xtest"):
        with pytest.raises(DeviceUnavailable, match="DISPLAY 没有设置"):
            pick.pick_autofill(configuration.parse(f"[autofill]\n{ini}\n").autofill).fill(LONG)


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an ini: the system's own keys, no Enter, any program."""
    keyboard = PretendKeyboard(windows=[ELSEWHERE])
    install_keyboard(monkeypatch, keyboard)
    pick.pick_autofill(configuration.parse("").autofill).fill(LONG)
    assert keyboard.typed == [(ELSEWHERE, LONG, False)]


def test_enter_and_programs_from_the_ini(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = PretendKeyboard(windows=[FORM, FORM, ELSEWHERE])
    install_keyboard(monkeypatch, keyboard)
    settings = configuration.parse(
        "[autofill]\nmethod = MESSAGES\nenter = ON\nprograms = 门诊收费.exe , his.exe,\n"
    ).autofill
    auto_fill = pick.pick_autofill(settings)
    auto_fill.fill(LONG)
    assert keyboard.typed == [(FORM, LONG, True)]
    with pytest.raises(DeviceUnavailable):
        auto_fill.fill(LONG)


def test_an_unknown_method() -> None:
    settings = configuration.parse("[autofill]\nmethod = clipboard\n")
    assert settings.autofill.method == "sendinput"
    assert "[autofill] method = clipboard：应为 sendinput、messages、xtest、none 之一" in settings.problems[0]


@pytest.mark.needs("linux")
def test_a_host_that_never_fills_pays_nothing(tmp_path: Path) -> None:
    """Wired: the driver is there, and neither a back end nor ctypes nor Windows' libraries."""
    program = (
        "import sys; from pathlib import Path; from shim.wiring import wire; wire(Path(sys.argv[1]))\n"
        "rooms = ('ctypes', 'shim.winapi', 'shim.devices.autofill')\n"
        "print(*sorted(name for name in sys.modules if name.startswith(rooms)))"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True, env=env)
    rooms = ("absent", "base", "driver", "last_code", "pick", "settings")
    assert done.stdout.split() == ["shim.devices.autofill", *(f"shim.devices.autofill.{room}" for room in rooms)]


# ---- SetEcQrcode ---------------------------------------------------------------------------------------------------


class Host:
    """A Port whose keyboard is `keyboard`, with INSURANCE already asked of the platform."""

    def __init__(
        self,
        folder: Path,
        simulator: Simulator,
        monkeypatch: pytest.MonkeyPatch,
        keyboard: PretendKeyboard,
        ini: str = "",
    ) -> None:
        install_keyboard(monkeypatch, keyboard)
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        (folder / "vcshim.ini").write_text(f"[log]\nlevel = wire\n[autofill]\nmodifier_ms = 0\n{ini}", "utf-8")
        self.folder, self._simulator = folder, simulator
        self.port = Port(folder)

    def query(self, code: str = INSURANCE) -> None:
        case = json.loads(QUERY["in"])
        case["data"]["ecQrCode"] = code
        self.port.answer("NationEcTrans", [self._simulator.qr_query.encode(), json.dumps(case).encode()], 0, 2048)

    def fill(self, capacity: int = 256) -> Answer:
        return self.port.answer("SetEcQrcode", [], 0, capacity)

    def log_text(self) -> str:
        return "".join(path.read_text("utf-8") for path in (self.folder / "vcshim_log").glob("*.log"))


NO_CODE = "没有可填的医保码（只保留 300 秒，只能填一次），医保码没有填入。请先扫患者的医保码（9005）。"


def test_once(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = PretendKeyboard()
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    assert (at.fill().number, keyboard.opened) == (9005, 0)
    at.query()
    assert at.fill() == Answer(b"0", 0, b"")
    assert keyboard.typed == [(FORM, INSURANCE, False)]
    assert at.fill() == Answer(b"9005", 9005, NO_CODE.encode("gb18030"))
    assert len(keyboard.typed) == 1
    assert INSURANCE not in at.log_text() and INSURANCE[:8] not in at.log_text()


def test_a_health_code_is_not_what_is_filled(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is the insurance code before it: that was another patient's."""
    keyboard = PretendKeyboard()
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    at.query()
    case = json.loads(VERIFY["in"])
    case["biz_content"]["ehealth_code"] = FUSED
    at.port.answer("VirtualCardTrans", [simulator.gateway.encode(), json.dumps(case).encode()], 0, 2048)
    assert at.fill() == Answer(b"9005", 9005, NO_CODE.encode("gb18030"))
    assert keyboard.typed == []


def test_nothing_is_kept_where_the_settings_say_so(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """keep_code_seconds = 0 switches it off; nobody is told to scan a code that would not be kept."""
    keyboard = PretendKeyboard()
    at = Host(tmp_path, simulator, monkeypatch, keyboard, "[scanner]\nkeep_code_seconds = 0\n")
    at.query()
    text = "本机没有开启自动填值，医保码没有填入。请联系信息科（9005）。"
    assert at.fill() == Answer(b"9005", 9005, text.encode("gb18030"))
    assert "[scanner] keep_code_seconds = 0，" in at.log_text()


def test_nobody_is_told_to_scan_where_it_is_switched_off(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Host(tmp_path, simulator, monkeypatch, PretendKeyboard(), "method = none\n")
    text = "本机没有开启自动填值，医保码没有填入。请联系信息科（9005）。"
    assert at.fill() == Answer(b"9005", 9005, text.encode("gb18030"))


def test_a_patient_who_comes_while_a_key_is_held(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is in hand already, and is not typed."""
    keyboard = PretendKeyboard()
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    at.query()

    def looked() -> tuple[str, ...]:
        at.query("")  # fails: no scanner
        return ()

    monkeypatch.setattr(keyboard, "modifiers", looked)
    text = "填值前开始了新的扫码或办理，医保码没有填入。请先扫患者的医保码（9005）。"
    assert at.fill() == Answer(b"9005", 9005, text.encode("gb18030"))
    assert keyboard.typed == []


def test_a_fill_that_hangs_holds_nobody_up_for_ever(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second call waits as long as a fill may take, and types nothing."""
    monkeypatch.setattr(driver, "KEYBOARD_SECONDS", 0.1)
    keyboard = PretendKeyboard(go=threading.Event())
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    at.query()
    first = Background(at.fill)
    assert keyboard.writing.wait(60)
    second = Background(at.fill).result()
    text = "另一次填值还没有结束，医保码没有填入。请稍后再按一次（9005）。"
    assert (second.number, second.out) == (9005, text.encode("gb18030"))
    assert keyboard.go is not None
    keyboard.go.set()
    assert first.result() == Answer(b"0", 0, b"")
    assert len(keyboard.typed) == 1


def test_kept_until_it_was_typed(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clerk clicks into the right window, or lets go of Ctrl, and tries again."""
    keyboard = PretendKeyboard(windows=[None, ELSEWHERE, FORM], down=[(), ("Ctrl",), ()], accepts=0)
    at = Host(tmp_path, simulator, monkeypatch, keyboard, "programs = his.exe\n")
    at.query()
    assert [at.fill().number for _ in range(4)] == [9005] * 4  # no window, Ctrl, the wrong window, blocked
    assert len(keyboard.typed) == 1
    keyboard.accepts = 7
    assert at.fill().number == 9005
    keyboard.accepts = None
    assert at.fill().number == 0
    assert at.fill().number == 9005
    assert {code for _, code, _ in keyboard.typed} == {INSURANCE}


def test_two_threads_at_once_type_once(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = PretendKeyboard(go=threading.Event())
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    at.query()
    first = Background(at.fill)
    assert keyboard.writing.wait(60)
    second = Background(at.fill)
    second._thread.join(0.2)  # time to do wrong; it waits
    assert second._thread.is_alive()
    assert keyboard.go is not None
    keyboard.go.set()
    assert (first.result().number, second.result().number) == (0, 9005)
    assert len(keyboard.typed) == 1


def test_a_code_that_comes_while_another_is_typed_stays(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyboard = PretendKeyboard(go=threading.Event())
    at = Host(tmp_path, simulator, monkeypatch, keyboard)
    at.query()
    first = Background(at.fill)
    assert keyboard.writing.wait(60)
    at.query(LONG)
    assert keyboard.go is not None
    keyboard.go.set()
    assert first.result().number == 0
    assert at.fill().number == 0
    assert [code for _, code, _ in keyboard.typed] == [INSURANCE, LONG]


PART = "电脑没有收下全部按键，医保码可能已经填入，请先看输入框；只填了一部分的，请清空后再填（9005）。"


@pytest.mark.parametrize(
    ("charset", "capacity", "text", "size"),
    [
        ("gbk", 256, PART, 94),
        ("gbk", 95, PART, 94),
        ("gbk", 94, PART[:-1], 92),
        ("utf-8", 256, PART, 139),
        ("utf-8", 139, PART[:-1], 136),
        ("utf-8", 100, "电脑没有收下全部按键，医保码可能已经填入，请先看输入框；只填了一部", 99),
    ],
)
def test_a_reason_that_is_cut(
    tmp_path: Path,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    charset: str,
    capacity: int,
    text: str,
    size: int,
) -> None:
    """pErrmsg has 256 bytes with its NUL (VC 3.5), and hosts that pass less get as many whole characters as fit."""
    keyboard = PretendKeyboard(accepts=7)
    at = Host(tmp_path, simulator, monkeypatch, keyboard, f"[abi]\ncharset = {charset}\n")
    at.query()
    answer = at.fill(capacity)
    assert answer == Answer(b"9005", 9005, text.encode(charset))
    assert len(answer.out) == size
