"""What is left of us in a host: its inventory at every stage of a day, against the rows of vectors/inventory.json.

The host calls each export, over http and https, with a scanner, a label printer, an extension screen and auto-fill.
docs/design/inventory.md has the rows as tables.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_line, query_without_code, verify_line
from tests.support.clients import Kind, Reply, Rig, hexed, path_of, run_script, trans_line
from tests.support.desk import Desk
from tests.support.inventory import (
    FIGURE,
    HOST_THREADS,
    HOSTS,
    SECOND,
    InventoryHost,
    Stage,
    compare,
    differences,
    read,
    stages_of,
)
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO, Sink
from tests.support.paths import NATIVE
from tests.support.product import Product, install, python_runtime
from tests.support.scanners import simulated
from tests.support.servers import LOOPBACK, tls_front

KINDS: dict[InventoryHost, Kind] = {
    "linux-c": "linux-c", "win32-c": "win32-c", "linux-python": "linux-ctypes", "win32-python": "win32-ctypes",
}  # fmt: skip
PROGRAMS: dict[InventoryHost, str] = {"linux-c": "inventory-linux", "win32-c": "inventory.exe"}
REST = "rest 0 200"
ASKED = b"\x1b!?"


class DeskRig(Rig):
    """The rig with a prefix whose programs show on a desk."""

    def __init__(self, wine: Wine) -> None:
        self._wine = wine

    def wine(self, kind: Kind) -> Wine:
        return self._wine


@contextmanager
def window(desk: Desk) -> Iterator[None]:
    """A window on the X server that has the focus."""
    program = subprocess.Popen(
        [sys.executable, NATIVE / "xwindow.py"],
        env={**os.environ, **desk.env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdin is not None and program.stdout is not None
    try:
        assert program.stdout.readline() == b"READY\n"
        yield
    finally:
        program.communicate(timeout=60)


def script(product: Product, simulator: Simulator, secure: str) -> list[str]:
    """The stages of vectors/inventory.json. Between them the host waits until what ends by itself has ended.

    Before a call it waits until the connection of the last one may be used again.
    """
    verify = VERIFY["in"].encode("gb18030")
    label = " ".join(hexed(text.encode("gb18030")) for text in (FUSED, CARD_NO, NAME))
    return [
        "note before",
        *product.load_lines(),
        f"rest {HOST_THREADS} 20000",  # until they have prepared for calls
        "note loaded",
        verify_line("first", simulator),
        "note first",
        REST,
        verify_line("http", simulator),
        REST,
        "other " + verify_line("http-second", simulator),
        "note http",
        trans_line("https", verify, url=secure),
        REST,
        "other " + trans_line("https-second", verify, url=secure),
        "note https",
        REST,
        query_without_code(simulator, "scan"),
        f"rest {HOST_THREADS} 500",
        "note scanned",
        f"call label EhealthID_Print {label}",
        "note label",
        "call show Set_QRflow_Mode 1",
        REST,
        query_line("query", simulator),
        "rest 0 1500",
        "note shown",
        "call hide Set_QRflow_Mode 0",
        "note hidden",
        "call fill SetEcQrcode 256",
        "note filled",
        f"rest {HOST_THREADS} 12000",
        "note idle",
        "free VC",
        "free EC",
        "note unloaded",
    ]


def his(host: InventoryHost, folder: Path, port: str, printer: str) -> Product:
    kind = KINDS[host]
    font, _, face = NOTO.partition("#")
    fonts = f"fonts = {path_of(kind, Path(font))}#{face}"
    return install(kind, folder / "his").ini(
        f"[transport]\nca_file = {path_of(kind, LOOPBACK)}\n"
        f"[scanner]\ntype = serial\nport = {port}\ntimeout_seconds = 20\n"
        f"[label]\ntype = tcp\naddress = {printer}\n{fonts}\n[screen]\n{fonts}\n"
    )


def files(product: Product, home: Path, temporary: Path) -> Counter[str]:
    """The files that a host may have left anywhere."""
    places = {"{product}": product.folder, "{home}": home, "{temporary}": temporary}
    return Counter(
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in places.items()
        for path in folder.rglob("*")
        if not path.is_dir() and not path.is_symlink()
    )


def user(home: Path, temporary: Path) -> dict[str, str]:
    """The variables of a user on Linux."""
    return {"HOME": str(home), "TMPDIR": str(temporary), "XDG_STATE_HOME": str(home / ".local/state")}


def run(
    host: InventoryHost, rig: Rig, lines: list[str], folder: Path, env: dict[str, str], product: Product
) -> list[str]:
    """The lines that the host's program wrote."""
    return run_script(
        KINDS[host],
        lines,
        rig=rig,
        program=rig.program(PROGRAMS[host]) if host in PROGRAMS else None,
        python_client=NATIVE / "inventory_python.py",
        runtime=python_runtime(product) if host == "win32-python" else None,
        cwd=folder,
        env=env,
    )


def recorded(host: InventoryHost, rig: Rig, simulator: Simulator, desk: Desk, folder: Path) -> dict[str, Stage]:
    """The stages of a host; every call of it succeeds."""
    kind = KINDS[host]
    wine = rig.wine(kind) if kind.startswith("win") else None
    code = json.loads(QUERY["in"])["data"]["ecQrCode"].encode()
    link = wine.prefix / "dosdevices" / "com3" if wine else folder / "ttyACM0"
    home = next((wine.prefix / "drive_c" / "users").glob("[!P]*")) if wine else folder / "home"
    temporary = wine.prefix / "drive_c" / "windows" / "temp" if wine else folder / "temporary"
    for place in (home, temporary):
        place.mkdir(exist_ok=True)
    with (
        tls_front(simulator) as secure,
        Sink(ASKED, b"\0") as printer,
        simulated("newland", code + b"\r", link=str(link)),
        window(desk),
    ):
        product = his(host, folder, "COM3" if wine else str(link), printer.address)
        before = files(product, home, temporary)
        env = desk.env if wine else {**desk.env, **user(home, temporary)}
        lines = run(host, rig, script(product, simulator, secure), home, env, product)
    replies = [Reply.parse(line) for line in lines if not line.startswith("{")]
    assert {reply.id: reply.ret for reply in replies if reply.ret not in ("0", b"00".hex(), b"0000".hex())} == {}
    assert [reply.broken for reply in replies] == [{}] * len(replies)
    stages = stages_of(lines, {path_of(kind, product.folder): "{product}"})
    assert [set(stage) ^ set(stages["before"]) for stage in stages.values()] == [set()] * len(stages)
    if host.endswith("-c"):
        stages["before"]["files"] = before
        stages["ended"] = {"files": files(product, home, temporary)}
    return stages


@pytest.fixture
def host_rig(request: pytest.FixtureRequest, rig: Rig, tmp_path: Path) -> Iterator[tuple[InventoryHost, Rig, Desk]]:
    """A host, the rig it runs in, and the desk that it shows its windows on."""
    host: InventoryHost = request.param
    with Desk() as desk:
        if not host.startswith("win32"):
            yield host, rig, desk
            return
        prefix = rig.folder / f"wine-{host}"
        with Wine(prefix, display=desk.display) as wine:
            yield host, DeskRig(wine), desk
        shutil.rmtree(prefix, ignore_errors=True)


@pytest.mark.needs("font", "desk")
@pytest.mark.parametrize("host_rig", HOSTS, indirect=True)
def test_what_stays(host_rig: tuple[InventoryHost, Rig, Desk], simulator: Simulator, tmp_path: Path) -> None:
    """Nothing but the rows, and every row."""
    host, rig, desk = host_rig
    rows = read()
    stages = recorded(host, rig, simulator, desk, tmp_path)
    names = {name.removesuffix(SECOND) for name in stages["before"] if not name.startswith(FIGURE)}
    assert [name for name in rows.stages if name not in stages] == ([] if host.endswith("-c") else ["ended"])
    assert names == {item.name for item in rows.items if host in item.on}
    findings = compare(stages, rows, host)
    assert findings.unexpected == []
    assert findings.stale == []


@pytest.mark.needs("desk")
@pytest.mark.parametrize("host_rig", HOSTS, indirect=True)
def test_every_item_can_differ(host_rig: tuple[InventoryHost, Rig, Desk], tmp_path: Path) -> None:
    """The negative control, without the product: all stays as it is, and differs once the program has changed it."""
    host, rig, desk = host_rig
    product = install(KINDS[host], tmp_path / "his")
    lines = run(host, rig, ["note before", "note again", "spoil", "note after"], tmp_path, desk.env, product)
    stages = stages_of(lines, {})
    assert differences(stages["before"], stages["again"]) == []
    changed = {item for item, _, _ in differences(stages["before"], stages["after"])}
    assert {name for name in stages["before"] if name not in changed and not name.startswith(FIGURE)} == set()
