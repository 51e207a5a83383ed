"""What the doctor says of devices and fonts: for each planted fault one cause on one line, and the remedy on the next.

The scanners are the simulated ones behind pseudo terminals, the printers sockets that answer as printers do. The cause
is one that people read: the texts here are literals, in both languages.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from buildlib import tools
from shim.commands.language import CommandLanguage
from shim.devices import backends
from shim.devices.lines import ports
from shim.devices.lines.refusal import refusal
from shim.devices.scanner import pick
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.settings import ScannerSettings
from shim.doctor import screen
from shim.doctor.autofill import look_at_autofill
from shim.doctor.device_lines import LOGGER, line_finding
from shim.doctor.finding import CheckFinding, Level, Place
from shim.doctor.fonts import look_at_fonts
from shim.doctor.label import look_at_label
from shim.doctor.scanner import look_at_scanner
from shim.doctor.screen import ask_helper, look_at_screen
from shim.messages.lines import LineKind
from tests.support.label_printers import NOTO, Sink
from tests.support.scanners import simulated
from tests.support.terminals import FarEnd

TSPL_QUERY = b"\x1b!?"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(ports, "serial_ports", lambda: ("/dev/ttyUSB0",))


def place(folder: Path, ini: str) -> Place:
    (folder / "vcshim.ini").write_text(ini, "utf-8")
    return Place(folder, folder / "vcshim")


def said(finding: CheckFinding, language: CommandLanguage) -> tuple[str, str]:
    """The cause and the remedy, as one line each."""
    cause, remedy = (finding.text(text, language) for text in (finding.row.what, finding.row.remedy))
    assert "\n" not in cause + remedy
    return cause, remedy


# ---- faults that are planted -----------------------------------------------------------------------------------------


def _another_port(stack: ExitStack) -> str:
    """The scanner is at another port than vcshim.ini says, and what is at that one does not answer."""
    silent = FarEnd()
    stack.callback(silent.unplug)
    return f"[scanner]\ntype = serial\nport = {silent.path}\n"


def _no_port(stack: ExitStack) -> str:
    return "[scanner]\ntype = serial\nport = /dev/ttyUSB9\n"


def _another_make(stack: ExitStack) -> str:
    port = stack.enter_context(simulated("newland"))
    port.scanner.reply_to_stop = bytes.fromhex("02 01 30 30 30 30 23 53 43 4E 54 52 47 30 05 3B 03")
    return f"[scanner]\ntype = serial\nport = {port.path}\n"


def _another_speed(stack: ExitStack) -> str:
    port = stack.enter_context(simulated("newland"))
    port.scanner.reply_to_stop = b"\xf8\x80\xfe\x80"
    return f"[scanner]\ntype = serial\nport = {port.path}\n"


def _scanner_off(stack: ExitStack) -> str:
    """A network scanner without power, and the switch before it says so."""
    return f"[scanner]\ntype = tcp\naddress = 127.0.0.1:{_closed_port()}\n"


def _printer_off(stack: ExitStack) -> str:
    return f"[label]\ntype = tcp\naddress = 127.0.0.1:{_closed_port()}\n"


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _out_of_paper(stack: ExitStack) -> str:
    printer = stack.enter_context(Sink(TSPL_QUERY, b"\x04"))
    return f"[label]\ntype = tcp\naddress = {printer.address}\n"


def _no_host(stack: ExitStack) -> str:
    return "[label]\ntype = tcp\naddress = printer.invalid\n"


def _no_printer_file(stack: ExitStack) -> str:
    return "[label]\ntype = file\nfile = nowhere/lp0\n"


def _character(stack: ExitStack) -> str:
    tools.require("font")
    return f"[label]\ntype = file\nfile = lp0\nhospital = 甲\ue0ff院\nfonts = {NOTO}\n"


def _no_font_file(stack: ExitStack) -> str:
    return f"[label]\ntype = file\nfile = lp0\nfonts = simsunc.ttf; {NOTO}\n"


def _screen_port(stack: ExitStack) -> str:
    return "[screen]\ntype = serial\nport = /dev/ttyUSB9\n"


def _screen_setting(stack: ExitStack) -> str:
    return "[screen]\ntype = serial\n"


Fault = Callable[[ExitStack], str]
Look = Callable[[Place], Iterator[CheckFinding]]
# The check, the fault, the finding; the cause and the remedy in Chinese, the cause in English. "*" stands for a port.
FAULTS: dict[str, tuple[Look, Fault, str, str, str]] = {
    "scanner.silent": (
        look_at_scanner, _another_port,
        "扫码枪 * 可以打开，但那里的扫码枪没有应答；本机另有串口：/dev/ttyUSB0",
        "请检查扫码枪的电源和接线；接在另一个串口的，把 [scanner] port 改为它；仍不应答再核对 make 和 baud",
        "scanner * can be opened, but no scanner answers there; other ports of this PC: /dev/ttyUSB0",
    ),
    "scanner.serial_missing": (
        look_at_scanner, _no_port,
        "扫码枪 /dev/ttyUSB9：本机没有这个串口（系统错误 2），现有串口 /dev/ttyUSB0",
        "请检查接线和电源，在设备管理器中核对端口号，把 [scanner] port 改为它",
        "scanner /dev/ttyUSB9: this PC has no such port (system error 2); it has: /dev/ttyUSB0",
    ),
    "scanner.not_understood": (
        look_at_scanner, _another_make,
        "扫码枪 * 有应答，但不认识 make = newland 的指令",
        "请核对 [scanner] make 与型号是否相符",
        "scanner * answers, but does not know the commands of make = newland",
    ),
    "scanner.garbled": (
        look_at_scanner, _another_speed,
        "扫码枪 * 发来 4 个字节，不是 make = newland 的应答",
        "请核对 [scanner] baud、bits 和 make，以及这个端口接的是不是扫码枪",
        "scanner * sends 4 bytes that are no answer of make = newland",
    ),
    "scanner.tcp_refused": (
        look_at_scanner, _scanner_off,
        "扫码枪 *：该地址拒绝连接（系统错误 111）",
        "请检查设备是否开机，核对 [scanner] address 的端口；只接受一个连接的设备，请断开别的程序或电脑",
        "scanner *: the connection is refused (system error 111)",
    ),
    "label.tcp_refused": (
        look_at_label, _printer_off,
        "标签打印机 *：该地址拒绝连接（系统错误 111）",
        "请检查设备是否开机，核对 [label] address 的端口；只接受一个连接的设备，请断开别的程序或电脑",
        "label printer *: the connection is refused (system error 111)",
    ),
    "label.paper_out": (
        look_at_label, _out_of_paper, "标签打印机 * 缺纸", "请装好标签纸", "label printer * is out of paper",
    ),
    "label.tcp_unknown_host": (
        look_at_label, _no_host,
        "标签打印机 printer.invalid:9100：找不到这个主机名",
        "请核对 [label] address，或改写 IP 地址",
        "label printer printer.invalid:9100: there is no host of that name",
    ),
    "label.file_missing": (
        look_at_label, _no_printer_file,
        "标签打印机 lp0：没有这个设备或文件（系统错误 2）",
        "请检查接线，并核对 [label] file",
        "label printer lp0: there is no such device or file (system error 2)",
    ),
    "fonts.missing": (
        look_at_fonts, _character,
        "[label] 的文字中有字体中没有的字符 U+E0FF",
        "请在 [label] fonts 加上含有该字的字体文件，例如 simsunb.ttf、SimsunExtG.ttf",
        "texts of [label] have characters that no font has: U+E0FF",
    ),
    "fonts.unusable": (
        look_at_fonts, _no_font_file,
        "[label] fonts 所写的 simsunc.ttf 不存在或不是字体文件",
        "请在 [label] fonts 加上含有该字的字体文件，例如 simsunb.ttf、SimsunExtG.ttf",
        "fonts of [label]: simsunc.ttf is missing or no font file",
    ),
    "screen.serial_missing": (
        look_at_screen, _screen_port,
        "扩展屏 /dev/ttyUSB9：本机没有这个串口（系统错误 2），现有串口 /dev/ttyUSB0",
        "请检查接线和电源，在设备管理器中核对端口号，把 [screen] port 改为它",
        "extension screen /dev/ttyUSB9: this PC has no such port (system error 2); it has: /dev/ttyUSB0",
    ),
    "devices.unusable": (
        look_at_screen, _screen_setting,
        "vcshim.ini 的 [screen] 设置有误：type = serial 还须写 port，本机现有串口 /dev/ttyUSB0",
        "请改正 vcshim.ini 的 [screen]",
        "[screen] of vcshim.ini cannot be used: type = serial needs a port as well; this PC has the serial ports "
        "/dev/ttyUSB0",
    ),
}  # fmt: skip


@pytest.mark.needs("linux")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_and_its_remedy(tmp_path: Path, stack: ExitStack, name: str) -> None:
    look, plant, cause, remedy, english = FAULTS[name]
    found = [
        finding for finding in look(place(tmp_path, plant(stack))) if finding.row.level not in (Level.OK, Level.NOTE)
    ]
    assert [finding.row.name for finding in found] == [name]
    chinese = said(found[0], CommandLanguage.CHINESE)
    assert (_without_port(cause, chinese[0]), chinese[1]) == (chinese[0], remedy)
    heard, way_out = said(found[0], CommandLanguage.ENGLISH)
    assert _without_port(english, heard) == heard and way_out.isascii() and way_out


def _without_port(expected: str, text: str) -> str:
    """`expected` with what stands in `text` in the place of its "*", which is no blank and no Chinese mark."""
    before, star, after = expected.partition("*")
    if not star:
        return expected
    end = min((at for mark in " ：" if (at := text.find(mark, len(before))) >= 0), default=len(text))
    return before + text[len(before) : end].removesuffix(":") + after


# ---- the second monitor: programs in the place of the one that looks for it ------------------------------------------


def helper(line: str) -> list[str]:
    return [sys.executable, "-c", f"import sys\nprint({line!r}, flush=True)\nsys.stdin.read()", ""]


MONITORS = {
    "MONITOR 1024 600 \\\\.\\DISPLAY2": ("screen.ready", "DISPLAY2，1024 x 600", ""),
    "NONE only 1 \\\\.\\DISPLAY1": (
        "screen.no_monitor_only",
        "没有第二个显示器：系统只有一个（DISPLAY1），它留给窗口人员",
        "请接好扩展屏的信号线和电源，按 Win+P 选“扩展”",
    ),
    "NONE copy 2 A B": ("screen.no_monitor_copy", "两个显示器显示同样的内容（A、B）", "请按 Win+P 选“扩展”"),
    "NONE setting 2 A B": (
        "screen.no_monitor_setting",
        "[screen] monitor 所写的不是可用的显示器；本机依次有：A、B",
        "请改正 [screen] monitor，或留空",
    ),
}


@pytest.mark.parametrize("line", MONITORS)
def test_the_monitor(line: str) -> None:
    finding = ask_helper(helper(f"READY\n{line}"), screen.NONE)
    assert (finding.row.name, *said(finding, CommandLanguage.CHINESE)) == MONITORS[line]


def test_a_screen_that_nobody_asked_for_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default is a window on a second monitor: a PC without one is no warning unless [screen] was touched."""
    monkeypatch.setattr(screen, "helper_command", lambda folder: helper("NONE only 1 DISPLAY1")[:-1])
    levels = []
    for ini in ("", "[screen]\nheading = 甲\n"):
        levels += [finding.row.level for finding in look_at_screen(place(tmp_path, ini))]
    assert levels == [Level.NOTE, Level.WARNING]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["/nowhere/vcshim.exe", ""], "screen.not_started"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "screen.ended"),
        ([sys.executable, "-c", "import sys; sys.stdin.read()"], "screen.slow"),
    ],
)
def test_the_program_of_the_screen_fails(command: list[str], name: str) -> None:
    finding = ask_helper(command, screen.NONE, 60.0 if name == "screen.ended" else 0.1)
    assert finding.row.name == name and finding.row.remedy is not None


# ---- devices that are well, and those that are not asked -------------------------------------------------------------


@pytest.mark.needs("linux")
def test_a_scanner_that_answers(tmp_path: Path, stack: ExitStack) -> None:
    """It is asked by the stop command alone: no light, no code."""
    port = stack.enter_context(simulated("newland"))
    names = [f.row.name for f in look_at_scanner(place(tmp_path, f"[scanner]\ntype = serial\nport = {port.path}\n"))]
    assert names == ["scanner.answers"]
    assert (port.scanner.lit, port.scanner.received) == (0, bytes.fromhex("7E01303030302353434E545247303B03"))


@pytest.mark.needs("linux")
def test_a_make_that_answers_nothing_is_not_asked(tmp_path: Path, stack: ExitStack) -> None:
    port = stack.enter_context(simulated("honeywell"))
    ini = f"[scanner]\ntype = serial\nmake = honeywell\nport = {port.path}\n"
    assert [f.row.name for f in look_at_scanner(place(tmp_path, ini))] == ["scanner.opens"]
    assert port.scanner.received == b""


@pytest.mark.needs("linux")
def test_a_scanner_in_use_is_left_alone(tmp_path: Path, stack: ExitStack) -> None:
    port = stack.enter_context(simulated("newland"))
    ini = place(tmp_path, f"[scanner]\ntype = serial\nport = {port.path}\n")
    settings = ScannerSettings(type="serial", port=(port.path,))
    _, lock = pick.pick_endpoints(settings, LOGGER, tmp_path, tmp_path / "state" / "vcshim")
    lock.acquire()
    assert [f.row.name for f in look_at_scanner(ini)] == ["scanner.busy"]
    lock.release()
    assert port.scanner.received == b""
    assert [f.row.name for f in look_at_scanner(ini)] == ["scanner.answers"]


@pytest.mark.needs("linux")
def test_auto_names_the_port_that_answers(tmp_path: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    port, silent = stack.enter_context(simulated("newland")), FarEnd()
    stack.callback(silent.unplug)
    monkeypatch.setattr(ports, "serial_ports", lambda: (silent.path, port.path))
    ini = "[scanner]\ntype = auto\n"
    found = list(look_at_scanner(place(tmp_path, ini)))
    assert [f.row.name for f in found] == ["scanner.answers"]
    assert port.path in said(found[0], CommandLanguage.CHINESE)[0]
    port.unplug()
    assert [f.row.name for f in look_at_scanner(place(tmp_path, ini))] == ["scanner.auto_silent"]
    monkeypatch.setattr(ports, "serial_ports", tuple)
    assert [f.row.name for f in look_at_scanner(place(tmp_path, ini))] == ["scanner.nothing"]


OTHERS = {
    "[scanner]\ntype = hidpos\n": ["scanner.hid_missing"],
    "[scanner]\ntype = file\nfile = codes.txt\n": ["scanner.file"],
    "[scanner]\ntype = wedge\n": ["devices.wrong_system"],
    "[scanner]\ntype = tcp\n": ["devices.unusable"],
    "": ["devices.not_set_up"],
}


@pytest.mark.needs("linux")
@pytest.mark.parametrize("ini", OTHERS)
def test_other_ways_to_connect_a_scanner(tmp_path: Path, ini: str) -> None:
    (tmp_path / "codes.txt").write_text("1\n")
    assert [f.row.name for f in look_at_scanner(place(tmp_path, ini))] == OTHERS[ini]


@pytest.mark.needs("linux")
def test_a_back_end_registers_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = next(iter(look_at_scanner(place(tmp_path, "[scanner]\ntype = wedge\n"))))
    assert said(finding, CommandLanguage.CHINESE) == (
        "[scanner] type = wedge 只用于 Windows", "请改用：auto、serial、tcp、hidpos、file",
    )  # fmt: skip
    monkeypatch.setattr(backends, "_is_installed", lambda name: name != "serial")
    finding = next(iter(look_at_scanner(place(tmp_path, "[scanner]\ntype = serial\nport = COM3\n"))))
    assert said(finding, CommandLanguage.ENGLISH) == (
        "[scanner] type = serial needs serial, which this installation lacks", "put back the whole vcshim folder",
    )  # fmt: skip
    finding = next(iter(look_at_scanner(place(tmp_path, ""))))
    assert (
        said(finding, CommandLanguage.ENGLISH)[0]
        == "not set up; this PC has: tcp, hidpos, file; serial ports: /dev/ttyUSB0"
    )


def test_printers_that_are_well(tmp_path: Path, stack: ExitStack) -> None:
    """One says that it is ready; one says nothing, which is no fault; a file is not left behind."""
    names = []
    for sink in (Sink(TSPL_QUERY, b"\x00"), Sink()):
        printer = stack.enter_context(sink)
        ini = f"[label]\ntype = tcp\naddress = {printer.address}\n"
        names += [finding.row.name for finding in look_at_label(place(tmp_path, ini))]
        assert printer.jobs in ([], [TSPL_QUERY])
    names += [f.row.name for f in look_at_label(place(tmp_path, "[label]\ntype = file\nfile = out.prn\n"))]
    assert names == ["label.ready", "label.reached", "label.reached"]
    assert not (tmp_path / "out.prn").exists()


@pytest.mark.needs("linux")
def test_autofill(tmp_path: Path) -> None:
    names = [
        finding.row.name
        for ini in (
            "",
            "[autofill]\nmethod = none\n",
            "[autofill]\nmethod = messages\n",
            "[autofill]\nprograms = a/b\n",
        )
        for finding in look_at_autofill(place(tmp_path, ini))
    ]
    assert names == ["autofill.ready", "autofill.off", "devices.wrong_system", "autofill.names"]


def test_fonts_of_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None at all; one with every character of the sample; one without a character of it; one that is not Chinese."""
    from shim.doctor import fonts as check
    from shim.drawing import fonts

    tools.require("font")
    monkeypatch.setattr(fonts, "_SYSTEM_FONTS", {})
    ini = "[screen]\ntype = none\n[label]\ntype = file\nfile = lp0\n"

    def found(line: str = f"fonts = {NOTO}\n") -> list[str]:
        return [finding.row.name for finding in look_at_fonts(place(tmp_path, ini + line))]

    assert [found(""), found()] == [["fonts.none"], ["fonts.good"]]
    monkeypatch.setattr(check, "NAMES", "\ue0ff")
    assert found() == ["fonts.good", "fonts.rare"]
    monkeypatch.setattr(fonts.FontChain, "has_chinese", False)
    assert found() == ["fonts.no_chinese"]


def test_the_number_of_an_error_that_a_library_wrapped() -> None:
    """pyserial has no number in its exceptions, and the system's in their text."""
    wrapped = OSError("could not open port 'COM7': FileNotFoundError(2, 'What Windows says.', None, 2)")
    error = refusal(LineKind.SERIAL, SCANNER, "扫码枪 COM7", wrapped, ports="COM1", baud=9600, bits="8N1")
    assert "（系统错误 2）" in said(line_finding(error, "scanner"), CommandLanguage.CHINESE)[0]
