"""How fast a scanned code leaves, and what waiting costs: `build_dll.py bench scan [CLIENT ...] [--scans N]`.

The real libraries in the native test clients (linux-c, win32-c under Wine), a simulated scanner on a pseudo terminal,
a server that notes when the first byte of a request arrives. From the last byte of the code written to that moment:
the driver's look at the line, framing, routing, sealing, posting. Both ends are in this process, so a figure also
holds what this process needs to notice. Measures and prints; asserts nothing. Build first (build_dll.py host, win32).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from shim.devices.scanner.simulated import SimulatedPort
from tests.support.clients import Kind, Rig, trans_line
from tests.support.product import Product, install
from tests.support.scanners import FUSED, INSURANCE, simulated

ROOT = Path(__file__).resolve().parent.parent

_ANSWER = json.dumps({"code": 0, "data": {}, "message": "ok"}).encode()
_IDLE_SECONDS = 20


class Server:
    """Answers every request and notes when its first byte came."""

    def __init__(self) -> None:
        self.arrived: list[float] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/q"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            line, _ = self._server.accept()
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        data = b""
        while True:
            part = line.recv(65536)
            if not part:
                return
            if not data:
                self.arrived.append(time.perf_counter())
            data += part
            head, end, body = data.partition(b"\r\n\r\n")
            length = next((int(row[15:]) for row in head.lower().split(b"\r\n") if row[:15] == b"content-length:"), 0)
            if end and len(body) >= length:
                data = b""
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_ANSWER) + _ANSWER)


def in_data(kind: str) -> bytes:
    """A request without a code, sealed as the heading says."""
    if kind == "ec.query":
        data = {"orgId": "1TESTORG0000000000000000TESTORG0", "transType": "ec.query", "data": {"businessType": "01101"}}
        return json.dumps(data).encode()
    names = {"app_id": "1TESTAPP0000000000000000TESTAPP0", "term_id": "35020010001", "version": "X.M.0.1"}
    more = {
        "key": "1TESTSEC0000000000000000TESTSEC0",
        "method": "ehc.ehealthcode.verify",
        "timestamp": "20261121000058",
    }
    return json.dumps({**names, **more, "sign_type": "SM3", "enc_type": "SM4", "biz_content": {}}).encode()


def latency(rig: Rig, product: Product, link: Path, port_name: str, kind: str, scans: int) -> list[float]:
    """Seconds from the last byte of the code to the first byte of the request, one a scan, without the first one."""
    server, sent, chance = Server(), list[float](), random.Random(5)
    code = (INSURANCE if kind == "ec.query" else FUSED).encode() + b"\r"

    def on_light(port: SimulatedPort) -> None:
        time.sleep(chance.uniform(0.05, 0.15))  # anywhere between two looks at the line
        sent.append(time.perf_counter())
        port.send(code)

    product.ini(f"[scanner]\ntype = serial\nport = {port_name}\ntimeout_seconds = 60\n")
    export = "NationEcTrans" if kind == "ec.query" else "VirtualCardTrans"
    line = trans_line("q", in_data(kind), url=server.url, export=export)
    with simulated(link=str(link), on_light=on_light):
        product.run(rig, [line] * (scans + 1), timeout=600)
    assert len(sent) == len(server.arrived) == scans + 1
    return [arrived - last for last, arrived in zip(sent, server.arrived, strict=True)][1:]


def waiting(rig: Rig, product: Product, link: Path, port_name: str) -> float:
    """The share of one core that a waiting scan takes, Wine's server included; start and end are taken away."""
    spent = []
    with simulated(code=b"", link=str(link)):
        for seconds in (1, 1 + _IDLE_SECONDS):
            product.ini(f"[scanner]\ntype = serial\nport = {port_name}\ntimeout_seconds = {seconds}\n")
            before = cpu(product)
            product.run(rig, [trans_line("q", in_data("ec.query"), url="http://127.0.0.1:9/", export="NationEcTrans")])
            spent.append(cpu(product) - before)
    return (spent[1] - spent[0]) / _IDLE_SECONDS


def cpu(product: Product) -> float:
    """Seconds of processor time of the clients that ended, and of the Wine servers."""
    import resource  # of Linux alone, and the parser of the words is read everywhere

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = used.ru_utime + used.ru_stime
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue  # ended meanwhile
        if (
            product.kind.startswith("win")
            and name == "wineserver"
            and str(ROOT) in (stat.parent / "environ").read_text()
        ):
            total += sum(map(int, rest.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return total


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", default=["linux-c", "win32-c"])
    parser.add_argument("--scans", type=int, default=200)
    options = parser.parse_args()
    rig = Rig(ROOT / "build")
    try:
        for client in options.clients:
            measure(rig, client, options.scans)
    finally:
        rig.close()
    return 0


def measure(rig: Rig, client: Kind, scans: int) -> None:
    """One client's lines."""
    with tempfile.TemporaryDirectory() as folder:
        product = install(client, Path(folder) / "his")
        if client.startswith("win"):
            link, port_name = rig.wine(client).prefix / "dosdevices" / "com3", "COM3"
        else:
            link = Path(folder) / "ttyACM0"
            port_name = str(link)
        for kind in ("ec.query", "verify SM3 SM4"):
            times = sorted(1000 * seconds for seconds in latency(rig, product, link, port_name, kind, scans))
            p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
            print(
                f"{client:9} {kind:15} last byte to request: median {statistics.median(times):.1f} ms, "
                f"p99 {p99:.1f} ms, worst {times[-1]:.1f} ms, {scans} scans",
                flush=True,
            )
        share = waiting(rig, product, link, port_name)
        print(f"{client:9} waiting: {100 * share:.1f} % of a core over {_IDLE_SECONDS} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
