"""[telemetry] as a host has it: whole calls, what is imported, and that nothing of a patient leaves."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shim import configuration, wiring
from shim.call_port import Port
from shim.capture.forwarding import VendorOutcome
from shim.capture.record import Habits
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.collector import CollectorServer, collecting
from tests.support.contract import CASES
from tests.support.paths import ROOT

# What no line may carry on: whole identity numbers, mobile numbers, codes and card numbers, names and keys of the
# requests below and of the answers to them.
PLANTED = ("990000195203030026", "13900000000", "张三丰", "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",
           "1TESTSEC0000000000000000TESTSEC0", "密码8848", "D00000277")  # fmt: skip
_MANY_DIGITS = re.compile(rb"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def ini(folder: Path, collector: CollectorServer, more: str = "") -> None:
    text = f"[telemetry]\nendpoint = {collector.url}\nlevel = debug\n{more}\n[log]\nlevel = error\n"
    (folder / "vcshim.ini").write_text(text, "utf-8")


def deliver() -> None:
    """Have the worker of the listener in force send what there is, by the test's own thread."""
    (listener,) = (each for each in logging.getLogger("vcshim").handlers if hasattr(each, "worker"))
    listener.worker.deliver(0)


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker starts a thread."""
    monkeypatch.setattr("shim.telemetry.worker.TelemetryWorker.start", lambda self: None)


def test_nothing_is_imported_where_nothing_is_asked_for(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys, shim.wiring; shim.wiring.wire(pathlib.Path(sys.argv[1])); "
        "print([name for name in sys.modules if 'telemetry' in name])"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.usefixtures("by_hand")
def test_a_whole_call(tmp_path: Path, simulator: Simulator) -> None:
    with collecting() as collector:
        ini(tmp_path, collector)
        port = Port(tmp_path)
        texts = [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")]
        assert port.answer("VirtualCardTrans", texts, 0, 2048).code == b"00"
        deliver()
        (message,) = collector.of("/v1/traces")
        names = [span.name for span in message.resource_spans[0].scope_spans[0].spans]
        assert names == ["VirtualCardTrans ehc.ehealthcode.verify", "platform"]
    assert not list(tmp_path.glob("vcshim_log/*"))  # [log] level = error


@pytest.mark.usefixtures("by_hand")
def test_changed_settings_leave_the_levels_apart(tmp_path: Path, simulator: Simulator) -> None:
    with collecting() as collector:
        ini(tmp_path, collector)
        wired = wiring.wire(tmp_path)
        again = wiring.with_settings(wired, configuration.parse("[log]\nlevel = info\n"))
        assert again.logger.level == logging.DEBUG
        again.logger.info("一行")
        again.logger.debug("细节")
        deliver()
        (message,) = collector.of("/v1/logs")
        assert len(message.resource_logs[0].scope_logs[0].log_records) == 2
    assert sum(len(path.read_text().splitlines()) for path in tmp_path.glob("vcshim_log/*")) == 1


@pytest.mark.usefixtures("by_hand")
def test_nothing_of_a_patient_leaves(tmp_path: Path, simulator: Simulator) -> None:
    """Every case of the contract, and requests with planted values in every field, names of methods and fields too."""
    with collecting() as collector, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0)
        ini(tmp_path, collector, f"syslog = udp://127.0.0.1:{server.getsockname()[1]}\n")
        port = Port(tmp_path)
        requests = [(case["function"], case["in"]) for case in CASES if case.get("url") and isinstance(case["in"], str)]
        requests += [(name, text) for name, row in (("VirtualCardTrans", VERIFY), ("NationEcTrans", QUERY))
                     for text in planted(row["in"])]  # fmt: skip
        datagrams = b""
        for name, text in requests:
            if text.startswith("@"):
                continue
            url = simulator.gateway if name == "VirtualCardTrans" else simulator.qr_query
            port.answer(name, [url.encode(), text.encode("gb18030", "replace")], 0, 2048)
            deliver()
            datagrams += drained(server)
        port.answer("EhealthID_Print", [each.encode("gb18030") for each in PLANTED[:3]], 0, 0)
        deliver()
        datagrams += drained(server)
        sent = b"".join(collector.bodies) + datagrams
        assert collector.errors == []
    assert len(collector.paths) > 100 and datagrams.count(b"<13") > 100
    assert found(sent) == []


@pytest.mark.usefixtures("by_hand")
def test_calls_that_the_vendors_dll_answers_are_counted(tmp_path: Path) -> None:
    """They have no line in the log; a code that is in no table is not shown."""
    with collecting() as collector:
        ini(tmp_path, collector, "signals = metrics\n[mode]\nrun = capture")
        forwarding = wiring.wire(tmp_path).forwarding
        assert forwarding is not None
        texts = [b"http://127.0.0.1:1/", VERIFY["in"].encode("gb18030")]
        for code in (b"00", b"990000195203030026"):
            started = forwarding.begin("VirtualCardTrans", texts, 0)
            while forwarding.end(started.ticket, VendorOutcome(code, 0, b"{}", Habits())):
                continue  # once more, with the platform's own address
        deliver()
        (message,) = collector.of("/v1/metrics")
        assert found(b"".join(collector.bodies)) == []
    metrics = {each.name: each for each in message.resource_metrics[0].scope_metrics[0].metrics}
    codes = [{each.key: each.value.string_value for each in point.attributes}["code"]
             for point in metrics["vcshim.calls"].sum.data_points]  # fmt: skip
    assert codes == ["00", "other"]
    assert metrics["vcshim.call.duration"].histogram.data_points[0].count == 2


def planted(text: str) -> list[str]:
    """Requests with a planted value in the place of each value, and of each name."""
    made = []
    for value in PLANTED:
        for name in json.loads(text):
            made.append(json.dumps({**json.loads(text), name: value}, ensure_ascii=False))
        made.append(json.dumps({**json.loads(text), value: "x"}, ensure_ascii=False))
    return made


def drained(server: socket.socket) -> bytes:
    """Every datagram that has come."""
    data = b""
    while True:
        try:
            data += server.recv(65536)
        except BlockingIOError:
            return data


def found(sent: bytes) -> list[str]:
    """Planted values in `sent`, and whatever looks like an identity number."""
    return [each for each in PLANTED if each.encode() in sent] + [each.decode() for each in _MANY_DIGITS.findall(sent)]


def test_a_planted_value_is_seen() -> None:
    """The negative control."""
    assert found('{"text":"张三丰 110101199003070011"}'.encode()) == ["张三丰", "110101199003070011"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("endpoint = 10.1.2.3:4318", "应为 http:// 或 https:// 开头的地址"),
        ("endpoint = ftp://a", "应为 http:// 或 https:// 开头的地址"),
        ("syslog = 10.1.2.3", "应形如 udp://10.1.2.3:514"),
        ("syslog = http://10.1.2.3", "应形如 udp://10.1.2.3:514"),
        ("signals = logs, traces, spans", "应为 logs、metrics、traces 中的几个"),
        ("interval_seconds = 0", "应为 1 到 3600 之间的整数"),
    ],
)
def test_a_value_that_is_not_understood(line: str, problem: str) -> None:
    settings = configuration.parse(f"[telemetry]\n{line}\n")
    assert problem in settings.problems[0]
    assert settings.refusals == ()


@pytest.mark.parametrize(
    "line", ["endpoint = https://otel.example/otlp", "syslog = TLS://log.example:6514", "signals = Logs，metrics"]
)
def test_a_value_that_is(line: str) -> None:
    assert configuration.parse(f"[telemetry]\n{line}\n").problems == ()
