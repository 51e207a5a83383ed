"""One scan on a real line: a pseudo terminal with a simulated scanner behind it, or a socket. Linux.

What the light does is seen by the simulated scanner, whose bytes are the literals of vectors/scanners.json.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shim.call_order import entered_at
from shim.call_port import Port
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.lines.tcp import TcpLine
from shim.devices.scanner import driver, listening, lock
from shim.devices.scanner.auto import DiscoveredEndpoints
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.endpoints import Endpoint, EndpointSource, FixedEndpoint
from shim.devices.scanner.file import CodeFileLine
from shim.devices.scanner.framing import Framing
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.lock import ScanLock
from shim.devices.scanner.simulated import SimulatedPort, SimulatedScanner
from shim.devices.scanner.simulated_hid import SimulatedHid
from shim.devices.scanner.wedge import WedgeLine
from shim.errors import Reason, Unavailable
from shim.messages import scanner as messages
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.clocks import PatientClock
from tests.support.scanners import (
    FUSED,
    INSURANCE,
    LOGGER,
    MAKES,
    ROWS,
    Background,
    driven,
    simulated,
    simulated_scanner,
    trigger,
)
from tests.support.scans.measure import measure
from tests.support.scans.rigs import RIGS
from tests.support.streams import stop_listening

pytestmark = pytest.mark.needs("linux")


def silent(make: str = "newland") -> SimulatedPort:
    """A scanner that reads no code."""
    return simulated(make, b"")


def refused(scanner: DrivenScanner) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    scanner.settle()
    return caught.value


def busy(scanner: DrivenScanner) -> DeviceUnavailable:
    """What a caller in another thread is told at once; it waits for nothing after that."""
    with pytest.raises(DeviceUnavailable) as caught:
        Background(scanner.scan).result()
    assert caught.value.why is Unavailable.BUSY
    return caught.value


def until(condition: object) -> None:
    """Wait for what another thread does."""
    assert callable(condition)
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


class Recorder(Line):
    """A line with an old code until that is discarded; notes what is done with it."""

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


# ---- every make ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MAKES)
def test_start_read_stop(tmp_path: Path, make: str) -> None:
    """Start command, reply stripped, code, stop command: exactly the printed bytes, and the light is out afterwards."""
    row = ROWS[make]
    with simulated(make) as port:
        scanner = driven(port.path, tmp_path, make)
        for _ in range(2):
            port.scanner.received = b""
            assert scanner.scan() == INSURANCE
            scanner.settle()
            until(lambda: not port.scanner.light)
            assert port.scanner.received == row["wake"] + row["start"] + row["stop"]


@pytest.mark.parametrize("make", MAKES)
def test_the_light_goes_out_in_every_ending(tmp_path: Path, make: str) -> None:
    """Cancelled, timed out."""
    stop = ROWS[make]["stop"]
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
        assert port.scanner.received.endswith(stop)
        error = refused(driven(port.path, tmp_path, make, timeout=0.2))
        assert (error.why, error.reason) == (Unavailable.TIMED_OUT, Reason.SCAN_TIMED_OUT)
        until(lambda: not port.scanner.light and port.scanner.lit == 2)


def test_a_scanner_without_commands(tmp_path: Path) -> None:
    with silent() as port:
        waiting = Background(driven(port.path, tmp_path, "none").scan)
        for _ in range(20):  # nothing shows when the scan has begun to count
            time.sleep(0.5)
            port.send(INSURANCE.encode() + b"\r")
            if not waiting._thread.is_alive():
                break
        assert waiting.result() == INSURANCE
        assert port.scanner.received == b""


# ---- how a code comes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""], ids=["cr", "lf", "crlf", "none"])
@pytest.mark.parametrize("code", [INSURANCE, FUSED])
def test_every_ending(tmp_path: Path, end: bytes, code: str) -> None:
    with simulated(code=code.encode() + end) as port:
        assert driven(port.path, tmp_path).scan() == code


def test_a_code_in_pieces(tmp_path: Path) -> None:
    data = FUSED.encode() + b"\r"
    pieces = [data[:10], data[10:11], data[11:40], data[40:]]
    with simulated(on_light=lambda port: port.send(*pieces, pause=0.02)) as port:
        # NB: with "auto" a pause of 80 ms, which a busy machine may make of any, would end the code.
        assert driven(port.path, tmp_path, ending="cr").scan() == FUSED


def test_noise_and_garbage_before_the_code(tmp_path: Path) -> None:
    def noisy(port: SimulatedPort) -> None:
        # Long enough for a reader that gets no turn on a busy machine: noise and code in one piece are no code.
        port.send(b"\xff\x00" * 2048, b"", pause=1.5)
        port.send(b"\x00\xfe\x13" + INSURANCE.encode() + b"\r")

    with simulated(on_light=noisy) as port:
        scanner = driven(port.path, tmp_path)
        assert scanner.scan() == INSURANCE
        assert scanner.statistics[0].received > 4096


def test_what_came_before_the_scan_is_not_taken(tmp_path: Path) -> None:
    """A code that was shown before the scan began is not this patient's."""
    with simulated(code=FUSED.encode() + b"\r") as port:
        port.send(b"4249999999999999999999999999\r")
        assert driven(port.path, tmp_path).scan() == FUSED


# ---- what was there before the scan ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RIGS)
def test_a_code_that_comes_before_the_scan_begins(tmp_path: Path, kind: str) -> None:
    """Sent at any moment up to 200 ms after the line was opened; the patient's code comes later and is taken."""
    rig = RIGS[kind](0.4)
    figures = measure(rig, tmp_path, [0.0, 0.02, 0.05, 0.1, 0.149, 0.2])
    rig.close()
    assert (figures.early, figures.failed) == (0, 0)


class Chatter(Recorder):
    """A line on which something comes at every look, until it is `quiet`; then the start command is answered."""

    def __init__(self, data: bytes = b"x") -> None:
        super().__init__()
        self.data = data
        self.quiet = False

    def read(self, limit: float = 0.0) -> bytes:
        return super().read() if "discard" in self.done or self.quiet else self.data

    def discard(self) -> None:
        self.done.append("discard")
        self._waiting = b""


@pytest.mark.parametrize(("timeout", "seconds"), [(1.0, 1.0), (60.0, 5.0)])
def test_a_line_that_never_falls_silent(tmp_path: Path, timeout: float, seconds: float) -> None:
    """Reported by its name, after five seconds or at the deadline; its scanner is not started."""
    now = 100.0

    def sleep(pause: float) -> None:
        nonlocal now
        now += pause

    line = Chatter()
    scanner = DrivenScanner(
        FixedEndpoint(Endpoint(line, trigger("newland"))), ScanLock(tmp_path / "lock", line.title, LOGGER), Framing(),
        timeout, LOGGER, clock=lambda: now, sleep=sleep,
    )  # fmt: skip
    error = refused(scanner)
    assert error.why is Unavailable.NOT_READY and error.reason is Reason.DEVICE_UNAVAILABLE
    assert error.row is not None and error.row.clerk == "扫码枪一直在发送数据"
    assert (
        "扫码枪 recorder：打开后一直收到数据（" in error.message
        and "没有停顿满 150 毫秒（[scanner] quiet_ms）" in error.message
    )
    assert line.done == ["open", "close"] and round(now - 100.0, 1) == seconds


def test_a_line_that_does_not_fall_silent_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_patience(monkeypatch, 1000)
    monkeypatch.setattr(listening, "NOISY_SECONDS", 1000)
    line = Chatter()
    scanner = driven(line, tmp_path, timeout=1000)
    waiting = Background(scanner.scan)
    until(lambda: line.done)
    assert scanner.cancel()
    cancelled(waiting)
    assert line.done == ["open", "close"]


def test_a_line_that_falls_silent_late(tmp_path: Path) -> None:
    line = Chatter()
    scanner = driven(line, tmp_path)
    threading.Timer(0.5, setattr, (line, "quiet", True)).start()
    assert scanner.scan() == INSURANCE


def test_one_silent_line_among_several(tmp_path: Path) -> None:
    """With type = auto another device may never stop: it is left alone."""

    class Two(FixedEndpoint):
        def candidates(self) -> list[Endpoint]:
            return [Endpoint(noisy, trigger("newland")), *super().candidates()]

    noisy, line = Chatter(), Recorder()
    source = Two(Endpoint(line, trigger("newland")))
    scanner = DrivenScanner(source, ScanLock(tmp_path / "lock", "扫码枪", LOGGER), Framing(), 30, LOGGER)
    assert scanner.scan() == INSURANCE
    scanner.settle()
    assert noisy.done == ["open", "close"]


class Tail(Recorder):
    """The first half of a code comes before the scan has begun, the `rest` and the patient's code after it."""

    def __init__(self, head: bytes, rest: bytes) -> None:
        super().__init__()
        self._waiting = head
        self._rest = rest

    def discard(self) -> None:
        self.done.append("discard")

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self.done.append(data.hex())
        self._waiting += self._rest + INSURANCE.encode() + b"\r"
        self._rest = b""


@pytest.mark.parametrize("ending", ["auto", "cr"])
@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (b"42499999999999", b"99999900350000\r"),
        (FUSED[:20].encode(), FUSED[20:].encode() + b"\r"),
        (FUSED[:40].encode(), FUSED[40:].encode() + b"\r"),
        # What is left of an ID of 64 characters is an ID of 48: the two halves together tell.
        (b"8BF77B9B0688AA6E", b"8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001\r"),
        (b"4249999999999999999900350000", b"\r"),  # all but its end
        (b"x", b""),  # a stray byte, and no rest
        (b"\xff\x00", b""),
        (b"4249999999999999999900350000\r", b""),  # whole
    ],
)
def test_the_rest_of_a_code_that_began_before(tmp_path: Path, head: bytes, rest: bytes, ending: str) -> None:
    line = Tail(head, rest)
    assert driven(line, tmp_path, ending=ending).scan() == INSURANCE


# ---- what is no code -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "noise",
    [
        b"1234567890\r", b"x" * 200 + b"\r", b"A1" * 2500 + b"\r", b"6901234567892\r", b"134567890123456789\r",
        b"4240000000000000000300350000#@\r", b"@@4240000000000000000300350000\r", INSURANCE[:-1].encode() + b"\r",
        INSURANCE.encode() * 2 + b"\r", FUSED[7:].encode() + b"\r", FUSED.encode() * 2 + b"\r", b"hello world\r",
        b"\xff\x00" + FUSED.encode() + b"\r",  # the ID may have lost its first sixteen characters
    ],
)  # fmt: skip
def test_what_is_no_code(tmp_path: Path, caplog: pytest.LogCaptureFixture, noise: bytes) -> None:
    """Discarded, with a reason and without a character of it in the log; the scan goes on."""
    with (
        caplog.at_level(logging.INFO, LOGGER.name),
        simulated(on_light=lambda port: port.send(noise, INSURANCE.encode() + b"\r", pause=0.2)) as port,
    ):
        assert driven(port.path, tmp_path).scan() == INSURANCE
    shown = repr([(record.getMessage(), getattr(record, "facts", {})) for record in caplog.records])
    assert noise[:10].decode("latin-1") not in shown


@pytest.mark.parametrize("length", [40, 53, 60])
def test_the_beginning_of_a_code(tmp_path: Path, length: int) -> None:
    """A pause has ended it, and the scanner is not known to send CR."""
    beginning = FUSED[:length].encode()
    with simulated(on_light=lambda port: port.send(beginning, INSURANCE.encode() + b"\r", pause=1.0)) as port:
        assert driven(port.path, tmp_path).scan() == INSURANCE


def test_only_what_is_no_code(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The scanner is started again; the time-out says what came."""
    with caplog.at_level(logging.WARNING, LOGGER.name), simulated(code=b"134567890123456789\r") as port:
        scanner = driven(port.path, tmp_path, timeout=2.0)
        error = refused(scanner)
        assert (error.why, error.reason) == (Unavailable.TIMED_OUT, Reason.SCAN_TIMED_OUT)
        assert error.row is not None and error.row.clerk == "扫到的不是医保码或多码融合码"
        assert error.message.endswith("最后一次：医保码为 28 位数字，实为 18 位")
        assert port.scanner.lit >= 2
    facts = [getattr(record, "facts", {}) for record in caplog.records if "不是医保码" in record.getMessage()]
    assert facts and facts[0]["problem"] == "医保码为 28 位数字，实为 18 位"


@pytest.mark.parametrize("prefix", [b"\\000026", b"]Q1", b"]C0", b"]d2", b"]Q3\\000029", b"\\000026]Q1"])
@pytest.mark.parametrize("code", [INSURANCE, FUSED])
def test_prefixes(tmp_path: Path, prefix: bytes, code: str) -> None:
    with simulated(code=prefix + code.encode() + b"\r") as port:
        assert driven(port.path, tmp_path).scan() == code


def test_where_cr_was_seen_silence_ends_no_code(tmp_path: Path) -> None:
    """From this scanner, in an earlier scan."""
    whole, halves = FUSED.encode() + b"\r", (FUSED[:48].encode(), FUSED[48:].encode() + b"\r")

    def on_light(port: SimulatedPort) -> None:
        port.send(*((whole,) if port.scanner.lit == 1 else halves), pause=0.3)

    with simulated(on_light=on_light) as port:
        scanner = driven(port.path, tmp_path)
        assert [scanner.scan(), scanner.scan()] == [FUSED, FUSED]


def test_a_scanner_that_sends_cr_no_longer(tmp_path: Path) -> None:
    """It was set up anew: one scan times out and says why, the next one takes its codes by silence."""
    with simulated(on_light=lambda port: port.send(INSURANCE.encode() + b"\r" * (port.scanner.lit == 1))) as port:
        scanner = driven(port.path, tmp_path, timeout=1.0)
        assert scanner.scan() == INSURANCE
        error = refused(scanner)
        assert "没有等到结束符" in error.message
        assert scanner.scan() == INSURANCE


def test_a_scanner_that_gives_up_is_asked_again(tmp_path: Path) -> None:
    """ZKTeco's %%NoRead."""

    def moody(port: SimulatedPort) -> None:
        port.send(b"%%NoRead" if port.scanner.lit < 3 else INSURANCE.encode() + b"\r")

    with simulated("zkteco", on_light=moody) as port:
        assert driven(port.path, tmp_path, "zkteco").scan() == INSURANCE
        assert port.scanner.lit == 3


def test_a_scanner_whose_light_goes_out_is_started_again(tmp_path: Path) -> None:
    def slow(port: SimulatedPort) -> None:
        if port.scanner.lit >= 3:
            port.send(INSURANCE.encode() + b"\r")

    with simulated(on_light=slow) as port:
        assert driven(port.path, tmp_path, again=0.05).scan() == INSURANCE


# ---- what is wrong, and what to do -----------------------------------------------------------------------------------


def test_absent(tmp_path: Path) -> None:
    error = refused(driven(str(tmp_path / "nothing"), tmp_path))
    assert (error.why, error.reason) == (Unavailable.NOT_FOUND, Reason.DEVICE_UNAVAILABLE)
    assert str(tmp_path / "nothing") in error.message
    assert "现有串口" in error.message and "设备管理器" in error.message


def test_in_use_by_another_program(tmp_path: Path) -> None:
    with silent() as port:
        other = SerialLine(SCANNER, port.path, 9600, "8N1")
        other.open(1)
        error = refused(driven(port.path, tmp_path))
        other.close()
        assert error.why is Unavailable.BUSY
        assert port.path in error.message and f"（进程号 {os.getpid()}）" in error.message


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "灯是否亮起"),
        (ROWS["newland"]["refusal"], "make"),
        (ROWS["newland"]["reply_to_start"], "工作正常"),
        (b"\xf8\x00\xff\x1f\xe3\xff\x80\xff" * 8, "波特率"),
        (b"\x80\xff" * 3000, "别的设备"),
        (b"x\r", "零散"),
    ],
)
def test_a_timeout_says_what_is_probably_wrong(tmp_path: Path, sent: bytes, words: str) -> None:
    has_sent = threading.Event()

    def send(port: SimulatedPort) -> None:
        port.send(sent)
        has_sent.set()

    port = SimulatedPort(simulated_scanner("newland"), send)
    port.scanner.reply_to_start = b""
    with port:
        error = refused(driven(port.path, tmp_path, timeout=0.5, clock=PatientClock(has_sent.is_set, 0.25)))
        assert error.why is Unavailable.TIMED_OUT
        assert words in error.message and port.path in error.message


def test_a_wrong_terminator_is_guessed(tmp_path: Path) -> None:
    has_sent = threading.Event()

    def send(port: SimulatedPort) -> None:
        port.send(INSURANCE.encode() + b"\r")
        has_sent.set()

    with simulated(on_light=send) as port:
        clock = PatientClock(has_sent.is_set, 0.15)
        error = refused(driven(port.path, tmp_path, timeout=0.3, ending="lf", clock=clock))
        assert "terminator" in error.message
        assert INSURANCE[:6] not in error.message


# ---- unplugged -------------------------------------------------------------------------------------------------------


def test_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    """The same scan goes on: the scanner is started again, half a code from before is discarded."""

    def first_half(port: SimulatedPort) -> None:
        port.send(b"999999" if port.scanner.lit == 1 else INSURANCE.encode() + b"\r")

    with simulated(link=str(tmp_path / "ttyUSB0"), on_light=first_half) as port:
        scanner = driven(port.path, tmp_path, ending="cr")
        waiting = Background(scanner.scan)
        until(lambda: scanner.statistics and scanner.statistics[0].waiting == 6)
        port.unplug()
        time.sleep(0.3)
        port.plug()
        assert waiting.result() == INSURANCE
        scanner.settle()
        assert scanner.scan() == INSURANCE  # and the next one


def test_unplugged_for_good(tmp_path: Path) -> None:
    with simulated(code=b"", link=str(tmp_path / "ttyUSB0")) as port:
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


class LostLine(Line):
    """A line that is lost at the first look and stays away; notes when it is opened."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.opened: list[float] = []
        self._clock = clock

    @property
    def title(self) -> str:
        return "扫码枪 lost"

    def open(self, limit: float) -> None:
        self.opened.append(round(self._clock(), 3))
        if len(self.opened) > 1:
            raise DeviceUnavailable(messages.NOT_OPENED, title=self.title, seconds="1")

    def read(self, limit: float = 0.0) -> bytes:
        raise OSError("unplugged")

    def write(self, data: bytes, limit: float = 1.0) -> None:
        """Nothing is there to take it."""

    def discard(self) -> None:
        """Nothing came."""

    def close(self) -> None:
        """Nothing is open."""


def test_a_lost_line_is_looked_for_five_times_a_second(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Until the deadline, with one line in the log."""
    now = 100.0
    logger = logging.getLogger("vcshim.tests.lost")  # the scanners of other tests may still be going out

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    line = LostLine(lambda: now)
    scanner = DrivenScanner(
        FixedEndpoint(Endpoint(line, trigger("newland"))), ScanLock(tmp_path / "lock", line.title, logger), Framing(),
        1.0, logger, clock=lambda: now, sleep=sleep,
    )  # fmt: skip
    with caplog.at_level(logging.INFO, logger.name):
        assert refused(scanner).why is Unavailable.LOST
    gaps = [after - before for before, after in itertools.pairwise(line.opened)]
    assert len(gaps) == 4 and all(0.2 <= round(gap, 3) < 0.21 for gap in gaps)
    assert [record.getMessage() for record in caplog.records if record.name == logger.name] == [
        "扫码枪已断开，等待重新接上"
    ]


# ---- one at a time ---------------------------------------------------------------------------------------------------


def test_a_second_thread_is_refused_at_once(tmp_path: Path) -> None:
    with silent() as port:
        scanner = driven(port.path, tmp_path)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        error = refused(scanner)
        assert error.why is Unavailable.BUSY and "Set_QRflow_Mode(0)" in error.message
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


def test_a_scan_that_was_not_taken_off_the_list_is_in_nobodys_way(tmp_path: Path) -> None:
    """As an exception leaves it that comes when its caller has gone already."""
    with simulated() as port:
        scanner = driven(port.path, tmp_path)
        assert scanner.scan() == INSURANCE
        assert scanner._last is not None
        scanner._scans.append(scanner._last)
        assert scanner.scan() == INSURANCE


def test_two_scans_in_a_row_without_a_pause(tmp_path: Path) -> None:
    """The second waits for the stop command of the first instead of being refused."""
    with simulated() as port:
        scanner = driven(port.path, tmp_path)
        assert [scanner.scan() for _ in range(5)] == [INSURANCE] * 5


def test_nothing_to_cancel(tmp_path: Path) -> None:
    with simulated() as port:
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


# ---- a driver that does not answer, and scans that have not begun ----------------------------------------------------


class HungLine(Recorder):
    """A line whose driver does not answer when it is to be opened, until `answer` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = threading.Event()

    @property
    def title(self) -> str:
        return "扫码枪 COM9"

    def open(self, limit: float) -> None:
        super().open(limit)
        assert self.answer.wait(60)


def no_patience(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.3) -> None:
    """Instead of three seconds for a driver that does not answer."""
    monkeypatch.setattr(driver, "STOP_SECONDS", seconds)


def test_a_driver_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is back; the scanner is busy until the driver has answered, and then serves the next scan."""
    no_patience(monkeypatch)
    line = HungLine()
    scanner = driven(line, tmp_path, timeout=0.2)
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert scanner._last is not None and scanner._last.release_by <= time.monotonic()  # it has had its time
    error = caught.value
    assert (error.why, error.reason) == (Unavailable.TIMED_OUT, Reason.SCAN_TIMED_OUT)
    assert error.message == (
        "扫码枪 COM9：0.2 秒到时，系统还没有打开它；请拔插扫码枪，type = auto 的，请在 [scanner] port 只写扫码枪的串口"
    )
    assert busy(scanner).message == (
        "扫码枪 COM9：上一次扫码已经结束，而系统还没有打开它；请检查接线和 [scanner] 所写的端口、地址或文件"
    )
    line.answer.set()
    scanner.settle()
    assert line.done == ["open", "close"]  # the light never went on
    assert scanner.scan() == INSURANCE


def test_a_driver_that_does_not_answer_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, although the driver may still take its time; the next scan waits for it, and is cancelled as well."""
    no_patience(monkeypatch, 1000)
    line = HungLine()
    scanner = driven(line, tmp_path, timeout=1000)
    for _ in range(2):
        waiting = Background(scanner.scan)
        until(lambda: line.done and scanner._scans)
        assert scanner.cancel()
        assert cancelled(waiting) == "扫码枪 COM9：扫码已由 Set_QRflow_Mode(0) 取消"
    line.answer.set()
    assert scanner.scan() == INSURANCE


class Stages(Recorder):
    """A line that stays in one call, the `stage`, until `answer` is set; a scan that is never cancelled goes on."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.stage = stage
        self.reached, self.answer = threading.Event(), threading.Event()

    def _stay(self, stage: str) -> None:
        if stage == self.stage:
            self.reached.set()
            assert self.answer.wait(60)

    def open(self, limit: float) -> None:
        super().open(limit)
        self._stay("open")

    def read(self, limit: float = 0.0) -> bytes:
        self._stay("quiet" if "discard" not in self.done else "wait")
        return super().read()

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._stay("start" if data == ROWS["newland"]["start"] else "stop")
        super().write(data)

    def close(self) -> None:
        self._stay("close")
        super().close()


@pytest.mark.parametrize("stage", ["open", "quiet", "start", "wait"])
def test_a_second_caller_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """At every step of the first one's scan, which goes on."""
    no_patience(monkeypatch, 1000)
    line = Stages(stage)
    scanner = driven(line, tmp_path, timeout=1000)
    first = Background(scanner.scan)
    assert line.reached.wait(60)
    for _ in range(2):
        error = busy(scanner)
        assert "Set_QRflow_Mode(0)" in error.message
        assert error.row is not None and error.row.clerk == "扫码枪正被另一个窗口使用"
    line.answer.set()
    assert first.result() == INSURANCE


@pytest.mark.parametrize("stage", ["stop", "close"])
def test_a_second_caller_while_the_first_is_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """The first was cancelled and its call has not returned: the light is to be out."""
    no_patience(monkeypatch, 1000)
    line = Stages(stage)
    scanner = driven(line, tmp_path, "newland", timeout=1000)
    line.write = lambda data, limit=1.0: line._stay("stop" if data == ROWS["newland"]["stop"] else "")  # type: ignore[method-assign]
    first = Background(scanner.scan)
    until(lambda: "discard" in line.done)
    assert scanner.cancel()
    assert line.reached.wait(60)
    busy(scanner)
    line.answer.set()
    cancelled(first)


def other_lines(folder: Path) -> dict[str, Line | EndpointSource]:
    """Lines whose scan waits, or whose opening does."""
    (folder / "empty.txt").write_text("")
    os.mkfifo(folder / "fifo")
    asleep = "import sys; sys.stdin.read()"
    hid = HidPosLine(backend=SimulatedHid(SimulatedScanner(b"-", b"-"), None))
    auto = DiscoveredEndpoints(hid, tuple, lambda port: SerialLine(SCANNER, port, 9600, "8N1"), endpoint)
    return {
        "file": CodeFileLine(folder / "empty.txt"),
        "file that hangs": CodeFileLine(folder / "fifo"),
        "keyboard that is not ready": WedgeLine((sys.executable, "-c", asleep)),
        "keyboard": WedgeLine((sys.executable, "-c", f"print('READY', flush=True); {asleep}")),
        "hidpos": hid,
        "auto": auto,
    }


def endpoint(line: Line) -> Endpoint:
    return Endpoint(line, trigger("newland"))


@pytest.mark.parametrize(
    "kind", ["file", "file that hangs", "keyboard that is not ready", "keyboard", "hidpos", "auto"]
)
def test_a_second_caller_on_every_kind_of_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Told at once, and the first one can be cancelled; its call is back although its opening may hang."""
    no_patience(monkeypatch, 1000)
    line = other_lines(tmp_path)[kind]
    source = FixedEndpoint(endpoint(line)) if isinstance(line, Line) else line
    scanner = DrivenScanner(source, ScanLock(tmp_path / "lock", source.title, LOGGER), Framing(), 1000, LOGGER)
    first = Background(scanner.scan)
    until(lambda: scanner._last is not None)
    busy(scanner)
    assert scanner.cancel()
    cancelled(first)
    if kind == "file that hangs":
        os.close(os.open(tmp_path / "fifo", os.O_WRONLY))  # or the thread of the scan outlives the test


def test_one_scan_waits_for_the_release_and_no_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a code the scanner is still being stopped: the next caller waits, a third is told at once."""
    no_patience(monkeypatch, 1000)
    line = Stages("close")
    scanner = driven(line, tmp_path, timeout=1000)
    assert scanner.scan() == INSURANCE
    assert line.reached.wait(60)
    waiting = Background(scanner.scan)
    until(lambda: scanner._scans)
    busy(scanner)
    assert scanner.cancel()
    cancelled(waiting)
    line.answer.set()
    assert scanner.scan() == INSURANCE


def test_a_scan_that_waits_for_another_program_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits a fifth of a second, here for ever; nothing stays locked."""
    monkeypatch.setattr(lock, "_TRIES", 1_000_000)
    other = ScanLock(tmp_path / "scanner.lock", "扫码枪", LOGGER)
    other.acquire()
    scanner = driven(Recorder(), tmp_path, timeout=1000)
    waiting = Background(scanner.scan)
    until(lambda: scanner._scans)
    assert scanner.cancel()
    cancelled(waiting)
    other.release()
    assert scanner.scan() == INSURANCE


def test_a_second_scan_does_not_wait_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_patience(monkeypatch, 1000)
    with silent() as port:
        scanner = driven(port.path, tmp_path)
        waiting = Background(scanner.scan)
        until(lambda: port.scanner.light)
        busy(scanner)
        scanner.cancel()
        cancelled(waiting)


def test_a_scan_that_has_not_begun_is_cancelled(tmp_path: Path) -> None:
    """The host entered the call that scans, then the one that cancels; the latter came to the scanner first."""
    line = Recorder()
    scanner = driven(line, tmp_path)
    with entered_at(1000):
        assert not scanner.cancel()  # none is waiting
    with entered_at(999), pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert caught.value.why is Unavailable.CANCELLED and line.done == []
    with entered_at(1001):
        assert scanner.scan() == INSURANCE


def test_an_earlier_cancel_ends_no_later_scan(tmp_path: Path) -> None:
    """However late it comes to the scanner."""
    with silent() as port:
        scanner = driven(port.path, tmp_path)

        def scan() -> str:
            with entered_at(1000):
                return scanner.scan()

        waiting = Background(scan)
        until(lambda: port.scanner.light)
        with entered_at(999):
            assert not scanner.cancel()
        port.send(INSURANCE.encode() + b"\r")
        assert waiting.result() == INSURANCE


def cancelled(waiting: Background) -> str:
    """The message of a scan that was cancelled."""
    with pytest.raises(DeviceUnavailable) as caught:
        waiting.result()
    assert (caught.value.why, caught.value.reason) == (Unavailable.CANCELLED, Reason.SCAN_CANCELLED)
    return caught.value.message


# ---- over TCP --------------------------------------------------------------------------------------------------------


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
            with line, contextlib.suppress(ConnectionError):  # the scan may end before it has sent all
                self.heard += line.recv(100)
                for piece in self._pieces:
                    line.sendall(piece)
                    time.sleep(0.05)
                if self._pieces[-1:] != (b"cut",):
                    while data := line.recv(100):
                        self.heard += data
            self.ends += 1

    def close(self) -> None:
        stop_listening(self._server)


def test_tcp(tmp_path: Path) -> None:
    device = TcpScanner(b"42400000000000", b"00000300350000\r\n")
    scanner = driven(TcpLine(SCANNER, "127.0.0.1", device.port), tmp_path, "honeywell")
    assert scanner.scan() == INSURANCE
    until(lambda: device.ends == 1)
    assert device.heard == bytes.fromhex("16 54 0D 16 55 0D")
    device.close()
    error = refused(scanner)
    assert error.why is Unavailable.REFUSED and f"127.0.0.1:{device.port}" in error.message


def test_tcp_that_hangs_up_is_called_again(tmp_path: Path) -> None:
    device = TcpScanner(b"4240", b"cut")
    scanner = driven(TcpLine(SCANNER, "127.0.0.1", device.port), tmp_path, "honeywell", ending="lf")
    waiting = Background(scanner.scan)
    until(lambda: device.ends >= 2)
    assert scanner.cancel()
    cancelled(waiting)
    device.close()


# ---- the host's side -------------------------------------------------------------------------------------------------


def call(port: Port, function: str, *texts: str, mode: int = 0) -> tuple[bytes, str]:
    answer = port.answer(function, [text.encode("gb18030") for text in texts], mode, 2048)
    return answer.code, answer.out.decode("gb18030")


def test_set_qrflow_mode_0_cancels(tmp_path: Path, simulator: Simulator) -> None:
    """From another thread: 9999 and -2 with a text; 0 for the one who asked, although there is no screen to hide."""
    request = json.loads(VERIFY["in"]) | {"biz_content": {}}
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
            assert returned == code and f"已取消扫码，本次没有提交，可以再试（{code.decode()}）。" in text
    assert simulator.seen == seen


@pytest.mark.parametrize("prefix", ["\\000026", "]Q1", "]Q3\\000026"])
def test_prefixes_of_codes_that_the_host_passes(tmp_path: Path, simulator: Simulator, prefix: str) -> None:
    """What the platforms get is bare."""
    (tmp_path / "vcshim.ini").write_text("[screen]\ntype = none\n")
    port = Port(tmp_path)
    verify, query = json.loads(VERIFY["in"]), json.loads(QUERY["in"])
    verify["biz_content"]["ehealth_code"] = prefix + verify["biz_content"]["ehealth_code"]
    query["data"]["ecQrCode"] = prefix + query["data"]["ecQrCode"]
    assert call(port, "VirtualCardTrans", simulator.gateway, json.dumps(verify))[0] == b"00"
    assert call(port, "NationEcTrans", simulator.qr_query, json.dumps(query))[0] == b"0000"
    assert json.loads(list(simulator.calls)[-1].request)["data"]["ecQrCode"] == INSURANCE


@pytest.mark.parametrize(
    "in_data", ['{"transType":"ec.query","orgId":"1"}', '{"transType":"ec.query","orgId":"1","data":""}']
)
def test_missing_data_is_not_blamed_on_the_scanner(tmp_path: Path, in_data: str) -> None:
    (tmp_path / "vcshim.ini").write_text("[screen]\ntype = none\n")
    port = Port(tmp_path)
    code, text = call(port, "NationEcTrans", "http://127.0.0.1:9/", in_data)
    assert code == b"-2" and "data" in text and "扫码枪" not in text
    request = {name: value for name, value in json.loads(VERIFY["in"]).items() if name != "biz_content"}
    code, text = call(port, "VirtualCardTrans", "http://127.0.0.1:9/", json.dumps(request))
    assert code == b"9001" and "biz_content" in text and "扫码枪" not in text


def test_input_is_discarded_before_the_start_command(tmp_path: Path) -> None:
    line = Recorder()
    scanner = driven(line, tmp_path, "honeywell")
    assert scanner.scan() == INSURANCE
    scanner.settle()
    assert line.done == ["open", "discard", "16540d", "16550d", "close"]
