"""The scanner on a real line: a pseudo terminal with a pretended scanner behind it, or a socket. Linux.

What the light does is seen by the pretended scanner, whose bytes are the literals of vectors/scanners.json.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from shim.abi import Port
from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.lines.spy import SpyLine, masked
from shim.devices.lines.tcp import TcpLine
from shim.devices.scanner.auto import AutoHeads
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.file import CodeFileLine
from shim.devices.scanner.framing import Framing
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.lock import Gate
from shim.devices.scanner.pick import DEVICE
from shim.devices.scanner.simulated import PretendPort
from shim.devices.scanner.triggers import BY_MAKE
from shim.errors import Reason
from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.paths import ROOT
from tests.support.scanners import BY_NAME, FUSED, INSURANCE, LOGGER, ROWS, Background, driven, pretend


def silent(make: str = "newland") -> PretendPort:
    """A scanner that nobody shows a code to."""
    return pretend(make, b"")


def refused(scanner: DrivenScanner) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    scanner.settle()
    return caught.value


def until(condition: object) -> None:
    """Wait for what another thread does."""
    assert callable(condition)
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


# ---- every make ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [row["make"] for row in ROWS])
def test_wake_read_rest(tmp_path: Path, make: str) -> None:
    """Start command, reply stripped, code, stop command: exactly the printed bytes, and the light is out afterwards."""
    row = {key: bytes.fromhex(value) for key, value in BY_NAME[make].items() if key != "make"}
    with pretend(make) as port:
        scanner = driven(port.path, tmp_path, make)
        for _ in range(2):
            port.scanner.heard = b""
            assert scanner.scan() == INSURANCE
            scanner.settle()
            until(lambda: not port.scanner.light)
            assert port.scanner.heard == row["wake"] + row["start"] + row["stop"]


@pytest.mark.parametrize("make", [row["make"] for row in ROWS])
def test_the_light_goes_out_in_every_ending(tmp_path: Path, make: str) -> None:
    """Cancelled, timed out."""
    stop = bytes.fromhex(BY_NAME[make]["stop"])
    with silent(make) as port:
        scanner = driven(port.path, tmp_path, make)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        assert scanner.cancel()
        with pytest.raises(DeviceUnavailable) as caught:
            waiting.result()
        assert caught.value.why is Unavailable.CANCELLED
        assert caught.value.reason is Reason.SCAN_CANCELLED
        until(lambda: not port.scanner.light)
        assert port.scanner.heard.endswith(stop)
        error = refused(driven(port.path, tmp_path, make, timeout=0.2))
        assert (error.why, error.reason) == (Unavailable.TIMED_OUT, Reason.SCAN_TIMED_OUT)
        until(lambda: not port.scanner.light and port.scanner.lit == 2)


def test_a_scanner_without_commands(tmp_path: Path) -> None:
    with silent() as port:
        waiting = Background(driven(port.path, tmp_path, "none").scan)
        for _ in range(200):
            port.send(INSURANCE.encode() + b"\r")
            time.sleep(0.01)
            if not waiting._thread.is_alive():
                break
        assert waiting.result() == INSURANCE
        assert port.scanner.heard == b""


# ---- how a code comes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""], ids=["cr", "lf", "crlf", "none"])
@pytest.mark.parametrize("code", [INSURANCE, FUSED])
def test_every_ending(tmp_path: Path, end: bytes, code: str) -> None:
    with pretend(code=code.encode() + end) as port:
        assert driven(port.path, tmp_path).scan() == code


def test_a_code_in_pieces(tmp_path: Path) -> None:
    data = FUSED.encode() + b"\r"
    pieces = [data[:10], data[10:11], data[11:40], data[40:]]
    with pretend(on_light=lambda port: port.send(*pieces, pause=0.02)) as port:
        assert driven(port.path, tmp_path).scan() == FUSED


def test_noise_and_garbage_before_the_code(tmp_path: Path) -> None:
    def noisy(port: PretendPort) -> None:
        port.send(b"\xff\x00" * 2048, b"", pause=0.2)
        port.send(b"\x00\xfe\x13" + INSURANCE.encode() + b"\r")

    with pretend(on_light=noisy) as port:
        scanner = driven(port.path, tmp_path)
        assert scanner.scan() == INSURANCE
        assert scanner.seen[0].received > 4096


def test_what_came_before_the_scan_is_not_taken(tmp_path: Path) -> None:
    """A patient waved his phone before he was asked: that code is not this patient's."""
    with pretend(code=FUSED.encode() + b"\r") as port:
        port.send(b"4249999999999999999999999999\r")
        assert driven(port.path, tmp_path).scan() == FUSED


def test_a_scanner_that_gives_up_is_asked_again(tmp_path: Path) -> None:
    """ZKTeco's %%NoRead."""

    def moody(port: PretendPort) -> None:
        port.send(b"%%NoRead" if port.scanner.lit < 3 else INSURANCE.encode() + b"\r")

    with pretend("zkteco", on_light=moody) as port:
        assert driven(port.path, tmp_path, "zkteco").scan() == INSURANCE
        assert port.scanner.lit == 3


def test_a_scanner_whose_light_goes_out_is_woken_again(tmp_path: Path) -> None:
    def slow(port: PretendPort) -> None:
        if port.scanner.lit == 3:
            port.send(INSURANCE.encode() + b"\r")

    with pretend(on_light=slow) as port:
        assert driven(port.path, tmp_path, again=0.05).scan() == INSURANCE


# ---- what is wrong, and how to mend it -------------------------------------------------------------------------------


def test_absent(tmp_path: Path) -> None:
    error = refused(driven(str(tmp_path / "nothing"), tmp_path))
    assert (error.why, error.reason) == (Unavailable.NOT_FOUND, Reason.DEVICE_UNAVAILABLE)
    assert str(tmp_path / "nothing") in error.message
    assert "本机现有串口" in error.message and "设备管理器" in error.message


def test_in_use_by_another_program(tmp_path: Path) -> None:
    with silent() as port:
        other = SerialLine(DEVICE, port.path, 9600, "8N1")
        other.open(1)
        error = refused(driven(port.path, tmp_path))
        other.close()
        assert error.why is Unavailable.BUSY
        assert port.path in error.message and "请关闭" in error.message


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "灯是否亮起"),
        (bytes.fromhex(BY_NAME["newland"]["refusal"]), "make"),
        (bytes.fromhex(BY_NAME["newland"]["reply_to_start"]), "没有读到二维码"),
        (b"\xf8\x00\xff\x1f\xe3\xff\x80\xff" * 8, "波特率"),
        (b"\x80\xff" * 3000, "别的设备"),
        (b"x\r", "零散"),
    ],
)
def test_a_timeout_says_what_is_probably_wrong(tmp_path: Path, sent: bytes, words: str) -> None:
    port = PretendPort(pretend("newland", b"").scanner, lambda port: port.send(sent))
    port.scanner.reply_to_start = b""
    with port:
        error = refused(driven(port.path, tmp_path, timeout=0.5))
        assert error.why is Unavailable.TIMED_OUT
        assert words in error.message and port.path in error.message


def test_a_wrong_terminator_is_guessed(tmp_path: Path) -> None:
    with pretend() as port:
        error = refused(driven(port.path, tmp_path, timeout=0.3, ending="lf"))
        assert "terminator" in error.message
        assert INSURANCE[:6] not in error.message


# ---- unplugged -------------------------------------------------------------------------------------------------------


def test_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    """The same scan goes on: the scanner is woken anew, half a code from before is forgotten."""

    def first_half(port: PretendPort) -> None:
        port.send(b"999999" if port.scanner.lit == 1 else INSURANCE.encode() + b"\r")

    with pretend(link=str(tmp_path / "ttyUSB0"), on_light=first_half) as port:
        scanner = driven(port.path, tmp_path, ending="cr")
        waiting = Background(scanner.scan)
        until(lambda: scanner.seen and scanner.seen[0].waiting == 6)
        port.unplug()
        time.sleep(0.3)
        port.plug()
        assert waiting.result() == INSURANCE
        scanner.settle()
        assert scanner.scan() == INSURANCE  # and the next one


def test_unplugged_for_good(tmp_path: Path) -> None:
    with pretend(code=b"", link=str(tmp_path / "ttyUSB0")) as port:
        scanner = driven(port.path, tmp_path, timeout=1.0)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        port.unplug()
        with pytest.raises(DeviceUnavailable) as caught:
            waiting.result()
        assert caught.value.why is Unavailable.LOST
        assert port.path in caught.value.message and "接线" in caught.value.message
        assert refused(scanner).why is Unavailable.NOT_FOUND
        port.plug()
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


# ---- one at a time ---------------------------------------------------------------------------------------------------


def test_a_second_thread_is_told_at_once(tmp_path: Path) -> None:
    with silent() as port:
        scanner = driven(port.path, tmp_path)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        error = refused(scanner)
        assert error.why is Unavailable.BUSY and "Set_QRflow_Mode(0)" in error.message
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


def test_a_second_process_is_told_who_scans(tmp_path: Path) -> None:
    with silent() as port:
        scanner = driven(port.path, tmp_path)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        program = (
            "import sys; from pathlib import Path; from tests.support.scanners import driven; "
            "driven(sys.argv[1], Path(sys.argv[2])).scan()"
        )
        words = [sys.executable, "-c", program, port.path, str(tmp_path)]
        second = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert "BUSY" in second.stderr or "正被占用" in second.stderr
        assert f"进程号 {os.getpid()}" in second.stderr
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with silent() as port:
        program = (
            "import sys; from pathlib import Path; from tests.support.scanners import driven; "
            "driven(sys.argv[1], Path(sys.argv[2]), timeout=60).scan()"
        )
        first = subprocess.Popen([sys.executable, "-c", program, port.path, str(tmp_path)], cwd=ROOT)
        until(lambda: port.scanner.light)
        first.kill()
        first.wait()
        waiting = Background(driven(port.path, tmp_path).scan)
        until(lambda: port.scanner.lit == 2)
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


def test_without_a_place_for_the_lock(tmp_path: Path) -> None:
    """A read-only profile: the scan works all the same."""
    (tmp_path / "file").write_text("")
    with pretend() as port:
        assert driven(port.path, tmp_path / "file" / "below").scan() == INSURANCE


def test_two_scans_in_a_row_without_a_pause(tmp_path: Path) -> None:
    """The second waits for the stop command of the first instead of being told that somebody scans."""
    with pretend() as port:
        scanner = driven(port.path, tmp_path)
        assert [scanner.scan() for _ in range(5)] == [INSURANCE] * 5


def test_nothing_to_cancel(tmp_path: Path) -> None:
    with pretend() as port:
        scanner = driven(port.path, tmp_path)
        assert not scanner.cancel()
        scanner.scan()
        scanner.settle()
        assert not scanner.cancel()
        assert scanner.scan() == INSURANCE  # an old cancel ends no later scan


def test_others_run_while_a_scan_waits(tmp_path: Path) -> None:
    """The interpreter is free: another thread gets its work done during the wait."""
    with silent() as port:
        scanner = driven(port.path, tmp_path)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        assert sum(range(2_000_000)) == 1999999000000
        assert waiting._thread.is_alive()
        scanner.cancel()
        with pytest.raises(DeviceUnavailable):
            waiting.result()


# ---- the other back ends ---------------------------------------------------------------------------------------------


class TcpScanner:
    """A scanner that listens on loopback and sends `pieces` after it got a start command."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.heard = b""
        self.ends = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self.heard += line.recv(100)
                for piece in self._pieces:
                    line.sendall(piece)
                    time.sleep(0.05)
                if self._pieces[-1:] != (b"cut",):
                    while data := line.recv(100):
                        self.heard += data
            self.ends += 1

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)  # closing alone does not end an accept in another thread
        self._server.close()


def test_tcp(tmp_path: Path) -> None:
    device = TcpScanner(b"42400000000000", b"00000300350000\r\n")
    scanner = driven(TcpLine(DEVICE, "127.0.0.1", device.port), tmp_path, "honeywell")
    assert scanner.scan() == INSURANCE
    until(lambda: device.ends == 1)
    assert device.heard == bytes.fromhex("16 54 0D 16 55 0D")
    device.close()
    error = refused(scanner)
    assert error.why is Unavailable.REFUSED and f"127.0.0.1:{device.port}" in error.message


def test_tcp_that_hangs_up_is_called_again(tmp_path: Path) -> None:
    device = TcpScanner(b"4240", b"cut")
    scanner = driven(TcpLine(DEVICE, "127.0.0.1", device.port), tmp_path, "honeywell", timeout=1.0, ending="lf")
    assert refused(scanner).why in (Unavailable.LOST, Unavailable.TIMED_OUT)
    assert device.ends >= 2
    device.close()


def test_file(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text(f"{INSURANCE}\r\n\n{FUSED}\n")
    scanner = driven(CodeFileLine(tmp_path / "codes.txt"), tmp_path)
    assert [scanner.scan() for _ in range(3)] == [INSURANCE, FUSED, INSURANCE]
    (tmp_path / "codes.txt").unlink()
    error = refused(scanner)
    assert error.why is Unavailable.NOT_FOUND and "[scanner] file" in error.message


def test_auto_finds_the_port_that_a_code_comes_from(tmp_path: Path) -> None:
    """Three ports: one is busy, one is silent, one is a scanner; afterwards only that one is asked."""

    class NoHid:
        def enumerate(self) -> list[object]:
            return []

    with silent() as busy, silent() as mute, pretend() as real:
        holder = SerialLine(DEVICE, busy.path, 9600, "8N1")
        holder.open(1)
        heads = AutoHeads(
            HidPosLine(backend=NoHid()), lambda connection: connection,
            lambda: (busy.path, mute.path, real.path), lambda port: SerialLine(DEVICE, port, 9600, "8N1"),
            BY_MAKE["newland"],
        )  # fmt: skip
        scanner = DrivenScanner(heads, Gate(tmp_path / "lock", "扫码枪", LOGGER), Framing(), 10, LOGGER)
        assert scanner.scan() == INSURANCE
        scanner.settle()
        assert (mute.scanner.lit, real.scanner.lit) == (1, 1)
        until(lambda: not mute.scanner.light)
        assert scanner.scan() == INSURANCE
        scanner.settle()
        assert (mute.scanner.lit, real.scanner.lit) == (1, 2)
        holder.close()
    heads = AutoHeads(
        HidPosLine(backend=NoHid()),
        lambda connection: connection,
        tuple,
        lambda port: _never(),
        BY_MAKE["newland"],
    )
    error = refused(DrivenScanner(heads, Gate(tmp_path / "lock", "扫码枪", LOGGER), Framing(), 10, LOGGER))
    assert error.why is Unavailable.NOT_FOUND and "HID-POS" in error.message


def _never() -> Line:
    raise AssertionError


def test_the_spy_tells_commands_and_no_code(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pretend(code=b"\x00" + FUSED.encode() + b"\r\n") as port, caplog.at_level(logging.INFO, "vcshim.tests"):
        scanner = driven(SpyLine(SerialLine(DEVICE, port.path, 9600, "8N1"), LOGGER), tmp_path)
        assert scanner.scan() == FUSED
        scanner.settle()
    rows = [{"text": row.getMessage(), **getattr(row, "facts", {})} for row in caplog.records]
    text = json.dumps(rows, ensure_ascii=False)
    assert "7E 01 30 30 30 30 23 53 43 4E 54 52 47 31 3B 03" in text
    assert "7E 01 30 30 30 30 23 53 43 4E 54 52 47 30 3B 03" in text
    assert "已打开" in text and "清空输入" in text and "已关闭" in text
    assert FUSED[:8] not in text and FUSED[-11:] not in text


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"4240\r\n", "6 字节：4 数字，CR，LF"),
        (b"\x00\xffab:1", "6 字节：1 控制字节，1 非 ASCII，2 字母，1 其他可见字符，1 数字"),
        (b"", "0 字节："),
    ],
)
def test_masked(data: bytes, wanted: str) -> None:
    assert masked(data) == wanted


# ---- the host's side -------------------------------------------------------------------------------------------------


def call(port: Port, function: str, *texts: str, mode: int = 0) -> tuple[bytes, str]:
    answer = port.answer(function, [text.encode("gb18030") for text in texts], mode, 2048)
    return answer.code, answer.out.decode("gb18030")


def test_set_qrflow_mode_0_cancels(tmp_path: Path, simulator: Simulator) -> None:
    """From another thread: 9999 and -2 with a text; 0 for the one who asked, although there is no screen to hide."""
    request = {name: value for name, value in json.loads(VERIFY["in"]).items() if name != "biz_content"}
    calls = (
        ("VirtualCardTrans", simulator.gateway, json.dumps(request), b"9999"),
        ("NationEcTrans", simulator.qr_query, '{"transType":"ec.query","orgId":"1","data":{}}', b"-2"),
    )
    seen = simulator.seen
    with silent() as device:
        (tmp_path / "vcshim.ini").write_text(f"[scanner]\ntype = serial\nport = {device.path}\n[screen]\ntype = none\n")
        port = Port(tmp_path)
        assert call(port, "Set_QRflow_Mode")[0] != b"0"  # nothing to cancel, and no screen
        for function, url, in_data, code in calls:
            lit = device.scanner.lit
            waiting = Background(functools.partial(call, port, function, url, in_data))
            until(lambda lit=lit: device.scanner.lit > lit)
            assert call(port, "Set_QRflow_Mode", mode=1)[0] != b"0"  # showing the code cancels nothing
            assert call(port, "Set_QRflow_Mode")[0] == b"0"
            returned, text = waiting.result()
            assert returned == code and "操作已取消" in text
    assert simulator.seen == seen


class Recorder(Line):
    """A line on which an old code lies until it is discarded; notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._waiting = b"4249999999999999999999999999\r"

    @property
    def title(self) -> str:
        return "扫码枪 recorder"

    def open(self, limit: float) -> None:
        self.done.append("open")

    def read(self, limit: float = 0.0) -> bytes:
        data, self._waiting = self._waiting, b""
        return data

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self.done.append(data.hex())
        self._waiting += INSURANCE.encode() + b"\r"

    def discard(self) -> None:
        self.done.append("discard")
        self._waiting = b""

    def close(self) -> None:
        self.done.append("close")


def test_input_is_discarded_before_the_start_command(tmp_path: Path) -> None:
    line = Recorder()
    scanner = driven(line, tmp_path, "honeywell")
    assert scanner.scan() == INSURANCE
    scanner.settle()
    assert line.done == ["open", "discard", "16540d", "16550d", "close"]


def test_another_program_scans_right_after_ours(tmp_path: Path) -> None:
    """Two gates on one file, as two programs have them: the first has its code and is only putting its light out."""
    with pretend() as port:
        first, second = driven(port.path, tmp_path), driven(port.path, tmp_path)
        for _ in range(3):
            assert first.scan() == INSURANCE
            assert second.scan() == INSURANCE
