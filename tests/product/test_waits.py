"""What a call may wait for, through the real libraries: every wait ends as docs/hosts.md says, a cancelled scan at
once, and a host that ends or unloads waits for nothing.

Platforms, printers, displays and scanners here never answer. A limit ends a test that has failed, and nothing else.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pytest

from buildlib.wine import run_bounded
from shim import configuration
from shim.commands.waiting_tables import LONGEST
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_line, query_without_code, without_code
from tests.support.clients import Kind, Rig, hexed, path_of, trans_line
from tests.support.label_printers import NOTO
from tests.support.product import Product, install
from tests.support.scanners import simulated

pytestmark = pytest.mark.needs("font")

System = Literal["linux-c", "win32-c"]
SYSTEMS: tuple[System, ...] = ("linux-c", "win32-c")
SLACK = 25  # seconds for the start of a client and of the component on a busy machine; a wait without end takes longer


@contextmanager
def silent_platform() -> Iterator[str]:
    """A platform that accepts requests and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/gateway.do"


@contextmanager
def unreachable() -> Iterator[str]:
    """An address whose connections are neither accepted nor refused: the queue of its server is full."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def silent_scanner(rig: Rig, kind: Kind, folder: Path) -> Iterator[str]:
    """The port of a scanner that obeys, and reads no code."""
    link = rig.wine(kind).prefix / "dosdevices" / "com3" if kind.startswith("win") else folder / "ttyACM0"
    with simulated("newland", b"", link=str(link)):
        yield "COM3" if kind.startswith("win") else str(link)


def font(kind: Kind) -> str:
    """A line of [label]: Wine has no Chinese font of its own."""
    path, _, face = NOTO.partition("#")
    return f"fonts = {path_of(kind, Path(path))}#{face}\n"


def scan_line(url: str, name: str = "scan") -> str:
    return trans_line(name, without_code(VERIFY["in"], "biz_content", "ehealth_code"), url=url)


def print_line(name: str) -> str:
    return " ".join(["call", name, "EhealthID_Print", *map(hexed, ("8BF77B9B0688AA6E:1:::35020010001", "D2", "1"))])


# ---- the limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SYSTEMS)
def test_no_call_waits_longer_than_the_table_says(
    rig: Rig, simulator: Simulator, tmp_path: Path, kind: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every export at once, each against something that never answers, and a second caller behind each device."""
    with ExitStack() as stack:
        platform, printer = stack.enter_context(silent_platform()), stack.enter_context(unreachable())
        port = stack.enter_context(silent_scanner(rig, kind, tmp_path))
        ini = (
            "[transport]\ntotal_seconds = 2\nconnect_seconds = 1\n"
            f"[scanner]\ntype = serial\nport = {port}\ntimeout_seconds = 1\n"
            f"[label]\ntype = tcp\naddress = {printer}\ntimeout_seconds = 2\n{font(kind)}"
            "[autofill]\nmodifier_ms = 100\n"
        )
        if kind == "linux-c":  # a display that accepts connections and never answers
            display = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            monkeypatch.setenv("DISPLAY", f"127.0.0.1:{display.getsockname()[1] - 6000}")
        bounds = [row.seconds(configuration.parse(ini)) for row in LONGEST]
        calls = [
            trans_line("trans", VERIFY["in"].encode("gb18030"), url=platform),
            trans_line("nation", QUERY["in"].encode("gb18030"), url=platform, export="NationEcTrans"),
            trans_line("connect", VERIFY["in"].encode("gb18030"), url=f"http://{printer}/"),
            scan_line(platform),
            *(print_line(f"label{number}") for number in range(2)),
            *(f"call fill{number} SetEcQrcode 256" for number in range(2)),
            "call mode Set_QRflow_Mode 1",
        ]
        lines = [query_line("warm", simulator), f"threads {len(calls)}", *calls, "end"]
        product = install(kind, tmp_path / "his").ini(ini)
        replies = {reply.id: reply for reply in product.run(rig, lines, timeout=max(bounds) + SLACK)}
    assert replies["warm"].returned == b"0000"
    assert (replies["trans"].returned, replies["nation"].returned) == (b"3003", b"-1")
    assert (replies["connect"].returned, replies["scan"].returned) == (b"8004", b"2002")
    assert [replies[f"label{number}"].number for number in range(2)] == [9005, 9005]
    assert replies["mode"].number == 0
    if kind == "linux-c":
        assert [replies[f"fill{number}"].number for number in range(2)] == [9005, 9005]


@pytest.mark.needs("linux")
def test_a_driver_that_never_answers(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """FIFOs that nobody writes to or reads: the system does not come back from opening them. The second caller, too."""
    ini = (
        "[scanner]\ntype = file\nfile = codes\ntimeout_seconds = 1\n"
        "[label]\ntype = file\nfile = lp0\ntimeout_seconds = 1\n" + font("linux-c")
    )
    product = install("linux-c", tmp_path / "his").ini(ini)
    for name in ("codes", "lp0"):
        os.mkfifo(product.folder / name)
    bound = sum(row.seconds(configuration.parse(ini)) for row in LONGEST if row.export == "EhealthID_Print")
    bound += 2 * (1 + 6.2)
    lines = [scan_line(simulator.gateway), query_without_code(simulator), print_line("p"), print_line("again")]
    first, second, label, again = product.run(rig, lines, timeout=bound + SLACK)
    assert (first.returned, second.returned) == (b"2002", b"-1")
    assert "扫码枪没有应答，本次没有提交" in (first.out or b"").decode("gbk")
    assert "扫码枪还没有应答，本次没有提交" in (second.out or b"").decode("gbk")
    assert (label.number, again.number) == (9005, 9005)


# ---- cancelling ------------------------------------------------------------------------------------------------------


def inflight(rig: Rig, product: Product, url: str, *steps: str, exit_code: int = 0) -> list[str]:
    """The lines of tests/native/inflight.c."""
    in_data, result = product.folder / "in.json", product.folder / "result.txt"
    in_data.write_bytes(without_code(VERIFY["in"], "biz_content", "ehealth_code"))
    kind = product.kind
    paths = [path_of(kind, path) for path in (result, product.library("VC"), in_data)]
    words = [paths[0], paths[1], url, paths[2], *steps]
    done: subprocess.CompletedProcess[str]
    if kind == "linux-c":
        done = run_bounded([str(rig.program("inflight")), *words], cwd=None, env=dict(os.environ), timeout=60)
    else:
        done = rig.wine(kind).run([rig.program("inflight.exe"), *words], timeout=60)
    assert done.returncode == exit_code, (done, result.read_text())
    return result.read_text().split("\n")[:-1]


def scanning(kind: Kind, folder: Path, port: str, more: str = "") -> Product:
    """An installation whose scans and labels wait for minutes."""
    text = f"[scanner]\ntype = serial\nport = {port}\ntimeout_seconds = 300\n{more}"
    return install(kind, folder / "his").ini(text)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_scan_that_has_not_begun_is_cancelled(rig: Rig, tmp_path: Path, kind: System) -> None:
    """It is the first call of the process: the component is still starting when the host cancels."""
    with silent_scanner(rig, kind, tmp_path) as port:
        product = scanning(kind, tmp_path, port)
        lines = inflight(rig, product, "http://127.0.0.1:9", "scan", "cancel", "join")
    assert sorted(lines) == ["cancel 0", "scan 9999"]


@pytest.mark.parametrize("kind", SYSTEMS)
def test_scans_that_wait_are_cancelled(rig: Rig, tmp_path: Path, kind: System) -> None:
    """One that waits for a patient, and the host goes on at once; the next scan waits until it is cancelled, too."""
    with silent_scanner(rig, kind, tmp_path) as port:
        product = scanning(kind, tmp_path, port)
        steps = ["show", "scan", "sleep:300", "cancel", "join"]
        lines = inflight(rig, product, "http://127.0.0.1:9", *steps, *steps[1:])
    assert lines[0] == "show 0"
    assert sorted(lines[1:]) == ["cancel 0", "cancel 0", "scan 9999", "scan 9999"]


@pytest.mark.needs("linux")
def test_a_scan_whose_driver_hangs_is_cancelled(rig: Rig, tmp_path: Path) -> None:
    product = install("linux-c", tmp_path / "his")
    product.ini("[scanner]\ntype = file\nfile = codes\ntimeout_seconds = 300\n")
    os.mkfifo(product.folder / "codes")
    lines = inflight(rig, product, "http://127.0.0.1:9", "show", "scan", "sleep:300", "cancel", "join")
    assert lines == ["show 0", "cancel 0", "scan 9999"]


# ---- ending ----------------------------------------------------------------------------------------------------------

ENDS = ("return", "exit", "_exit", "thread-exit", "system-exit", "kill")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", SYSTEMS)
def test_the_end_of_a_process_waits_for_nothing(rig: Rig, tmp_path: Path, kind: System, end: str) -> None:
    """A scan waits, a label is on its way to a dead printer, a screen is starting: the exit code is the host's.

    In one of five whole runs one of these ends did not come under Wine (ExitProcess); why was not found out, and all
    repeats came. So an end that does not come is tried once more there, and two in a row are a failure.
    """
    with ExitStack() as stack:
        port = stack.enter_context(silent_scanner(rig, kind, tmp_path))
        printer = "type = file\nfile = lp0"
        if kind == "win32-c":
            printer = f"type = tcp\naddress = {stack.enter_context(unreachable())}"
        product = scanning(kind, tmp_path, port, f"[label]\n{printer}\ntimeout_seconds = 120\n{font(kind)}")
        if kind == "linux-c":
            os.mkfifo(product.folder / "lp0")
        code = -15 if (kind, end) == ("linux-c", "kill") else 7
        steps = ("show", "scan", "label", "sleep:300", end)
        try:
            lines = inflight(rig, product, "http://127.0.0.1:9", *steps, exit_code=code)
        except subprocess.TimeoutExpired:
            if kind != "win32-c":
                raise
            lines = inflight(rig, product, "http://127.0.0.1:9", *steps, exit_code=code)
    assert lines == ["show 0"]


@pytest.mark.parametrize("kind", SYSTEMS)
def test_unloading_waits_for_nothing(rig: Rig, tmp_path: Path, kind: System) -> None:
    """The calls in flight go on, and can be cancelled: after the first call a library stays where it is."""
    with silent_scanner(rig, kind, tmp_path) as port:
        product = scanning(kind, tmp_path, port)
        steps = ("show", "scan", "sleep:300", "unload", "cancel", "join")
        lines = inflight(rig, product, "http://127.0.0.1:9", *steps)
    assert lines[:2] == ["show 0", "unload ok"] and sorted(lines[2:]) == ["cancel 0", "scan 9999"]
