"""How many calls a second the simulator answers, so that other measurements against it do not measure the simulator.

One keep-alive client sends sealed verify requests (AES, MD5), each with a new serial number, to a `vcshim simulator` in
another process: with its state in memory, then in a file. The same client then sends the same bytes to a bare socket
that answers with a constant, which shows what the client and loopback cost. Every answer must be a success.

Addresses of this machine only.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shim.dialects import virtualcard
from shim.dialects.table import DIALECTS
from shim.simulator.persons import APP_ID, PERSONS, SECRET, TERM_ID

_BARE = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
answer = sys.stdin.buffer.read()
while True:
    peer, _ = listener.accept()
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while (data := peer.recv(65536)):
        while b"\\r\\n\\r\\n" not in data or len(data) < (
            data.index(b"\\r\\n\\r\\n") + 4 + int(data.split(b"Content-Length: ")[1].split(b"\\r\\n")[0])
        ):
            data += peer.recv(65536)
        peer.sendall(answer)
"""


@dataclass(frozen=True)
class Run:
    """The result of one run: `rates` are calls per second, one for each second; `median` and `p99` are milliseconds."""

    name: str
    calls: int
    seconds: float
    rates: list[float]
    median: float
    p99: float

    @property
    def rate(self) -> float:
        return self.calls / self.seconds


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table. SystemExit with the answer if one was not a success."""
    parser = argparse.ArgumentParser(prog="bench simulator", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="calls in each run (default: 20000)")
    options = parser.parse_args(arguments)
    requests = [_request(number) for number in range(options.calls)]
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for name, words in (("memory", []), ("file", ["--file", str(Path(folder) / "state.db")])):
            with _simulator(words) as port:
                runs.append(_run(f"simulator, state in {name}", port, requests))
                sample = _sample(port)
    with _bare(sample) as port:
        runs.append(_run("bare socket, same bytes", port, requests))
    bare = runs[-1].rate
    print("| | calls | calls/s | slowest second | median ms | p99 ms | of the bare socket |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for run in runs:
        print(
            f"| {run.name} | {run.calls} | {run.rate:.0f} | {min(run.rates):.0f} | {run.median:.2f} | {run.p99:.2f} "
            f"| {run.rate / bare:.2f} |"
        )
    return 0


def _request(number: int) -> bytes:
    """Return a verify request as the DLL sends it, with its HTTP head."""
    in_data = {
        "app_id": APP_ID,
        "biz_content": {
            "ehealth_code": PERSONS[2].ehealth_code,
            "operator_id": "9527",
            "operator_name": "测试员",
            "out_verify_no": f"B{number:09d}",
            "out_verify_time": "20261121000058",
            "treatment_code": "010105",
        },
        "enc_type": "AES",
        "key": SECRET,
        "method": "ehc.ehealthcode.verify",
        "sign_type": "MD5",
        "term_id": TERM_ID,
        "timestamp": "20261121000058",
        "version": "X.M.0.1",
    }
    dialect = DIALECTS["ehcservice"]
    body = virtualcard.seal_vc_request(
        virtualcard.parse_vc_request(json.dumps(in_data, ensure_ascii=False), dialect), dialect
    )
    head = (
        "POST /ehcService/gateway.do HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _simulator(words: list[str]) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "shim.cli", "simulator", "--port", "0", *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().rsplit(":", 1)[1].split("/")[0])
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def _bare(answer: bytes) -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", _BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    try:
        port = int(process.stdout.readline())
        process.stdin.write(answer)
        process.stdin.close()
        yield port
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _run(name: str, port: int, requests: list[bytes]) -> Run:
    times: list[float] = []
    marks: list[float] = []
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _exchange(peer, requests[0])  # the first call of a process takes longer
        began = time.perf_counter()
        for request in requests[1:]:
            started = time.perf_counter()
            _exchange(peer, request)
            marks.append(time.perf_counter())
            times.append(marks[-1] - started)
    seconds = marks[-1] - began
    counts: dict[int, int] = {}
    for mark in marks:
        counts[int(mark - began)] = counts.get(int(mark - began), 0) + 1
    whole = [float(count) for second, count in counts.items() if second < int(seconds)]
    times.sort()
    return Run(
        name, len(times), seconds, whole or [len(times) / seconds], statistics.median(times) * 1000,
        times[int(len(times) * 0.99)] * 1000,
    )  # fmt: skip


def _exchange(peer: socket.socket, request: bytes) -> bytes:
    """Send one request and return the answer, which must be a success."""
    peer.sendall(request)
    data = peer.recv(65536)
    while (at := data.find(b"\r\n\r\n")) < 0:
        data += peer.recv(65536)
    size = at + 4 + int(data[: at + 2].lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(data) < size:
        data += peer.recv(65536)
    if b'"ret_code":"0000"' not in data:
        raise SystemExit(f"not a success: {data.decode()}")
    return data


def _sample(port: int) -> bytes:
    """Return one answer for the bare socket; its request has a serial number that was not used yet."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        return _exchange(peer, _request(999_999_999))


if __name__ == "__main__":
    sys.exit(main())
