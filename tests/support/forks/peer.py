"""A platform that answers each caller with the caller's own name, over http and https, and keeps count of who asked.

A program of its own, because forks of the test must not copy it. A caller is named by 48 hexadecimal digits (process,
thread, number of the call) in the ehealth_code of a verify or the operatorName of an ec.query. The answer
repeats them as the patient's name, so that an answer that went to another caller is seen. `?wait=MS` in the address
keeps the answer back for so long.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.paths import ROOT, VECTORS

CA_FILE = VECTORS / "tls" / "ca.pem"
_CHAIN = VECTORS / "tls" / "platform.pem"
_CALLER = re.compile(rb'(?:ehealth_code|operatorName)\\*":\\*"([0-9A-F]{48})')
_WAIT = re.compile(rb"\?wait=(\d+) ")
_PATH = "/ehcService/gateway.do"


@dataclass(frozen=True)
class Report:
    """What the platform saw.

    Attributes:
        requests: how many.
        twice: the callers whose request came more than once.
        connections: how many were made.
        shared: connections over which more than one process asked, each as the list of processes.
        odd: requests without a caller, and connections that broke in the middle of one.
        open: connections that are open.
    """

    requests: int
    twice: list[str]
    connections: int
    shared: list[list[int]]
    odd: int
    open: int


class Peer:
    """The platform as a running program; `with` ends it. `http` and `https` are its addresses."""

    def __init__(self) -> None:
        words = [sys.executable, "-m", "tests.support.forks.peer"]
        self._process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ports = self._line()
        self.http = f"http://127.0.0.1:{ports[0]}{_PATH}"
        self.https = f"https://127.0.0.1:{ports[1]}{_PATH}"

    def report(self) -> Report:
        assert self._process.stdin is not None
        self._process.stdin.write("report\n")
        self._process.stdin.flush()
        return Report(**self._line())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def caller(process: int, thread: int, number: int) -> str:
    """The 48 digits that name a call."""
    return f"{process:016X}{thread:016X}{number:016X}"


def in_data(name: str) -> bytes:
    """InData of a verify by that caller."""
    fields = {
        "ehealth_code": f"{name}:1:::35020010001",
        "out_verify_no": "B000000001",
        "out_verify_time": "20261121000058",
        "operator_id": "9527",
        "operator_name": "测试员",
        "treatment_code": "010105",
    }
    whole = {
        "app_id": "1TESTAPP0000000000000000TESTAPP0",
        "biz_content": fields,
        "enc_type": "Plain",
        "key": "1TESTSEC0000000000000000TESTSEC0",
        "method": "ehc.ehealthcode.verify",
        "sign_type": "MD5",
        "term_id": "35020010001",
        "timestamp": "20261121000058",
        "version": "X.M.0.1",
    }
    return json.dumps(whole, ensure_ascii=False).encode("gb18030")


def settings(more: str = "") -> str:
    """vcshim.ini for a product that asks this platform, whose answers are not signed."""
    return f"[wire]\nverify = off\n[transport]\nca_file = {CA_FILE}\n{more}"


# ---- the program -----------------------------------------------------------------------------------------------------


class _Platform:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._processes: dict[int, set[int]] = {}  # by number of the connection
        self._odd = 0
        self._open = 0

    def listen(self, context: ssl.SSLContext | None) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        threading.Thread(target=self._accept, args=(listener, context), daemon=True).start()
        return int(listener.getsockname()[1])

    def report(self) -> Report:
        with self._lock:
            twice = [name for name, count in self._requests.items() if count > 1]
            shared = [sorted(each) for each in self._processes.values() if len(each) > 1]
            return Report(self._requests.total(), twice, len(self._processes), shared, self._odd, self._open)

    def _accept(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock, context), daemon=True).start()

    def _serve(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        with self._lock:
            number = len(self._processes)
            self._processes[number] = set()
            self._open += 1
        with contextlib.suppress(OSError), sock:
            stream = sock if context is None else context.wrap_socket(sock, server_side=True)
            with stream:
                self._converse(stream, number)
        with self._lock:
            self._open -= 1

    def _converse(self, stream: socket.socket, number: int) -> None:
        data = b""
        while more := stream.recv(65536):
            data += more
            head, end, body = data.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]) if end else 0
            if not end or len(body) < length:
                continue
            match, wait = _CALLER.search(body), _WAIT.search(head)
            name = match[1].decode() if match else ""
            with self._lock:
                if name:
                    self._requests[name] += 1
                    self._processes[number].add(int(name[:16], 16))
                else:
                    self._odd += 1
            data = body[length:]
            if wait:
                time.sleep(int(wait[1]) / 1000)
            stream.sendall(_answer(name, b"operatorName" in body))
        if data:
            with self._lock:
                self._odd += 1


def _answer(name: str, insurance: bool) -> bytes:
    fields: dict[str, Any] = {
        "biz_content": json.dumps({"user_name": name}),
        "enc_type": "Plain",
        "ret_code": "0000",
        "ret_msg": "成功",
        "sign": "0",
        "sign_type": "MD5",
    }
    if insurance:
        fields = {"code": 0, "message": "成功", "orgId": "H00000000001", "data": {"userName": name}}
    body = json.dumps(fields, ensure_ascii=False).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def main(chain: Path = _CHAIN) -> None:
    """Serve; each line of stdin is answered by a report."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    platform = _Platform()
    print(json.dumps([platform.listen(None), platform.listen(context)]), flush=True)
    for _ in sys.stdin:
        print(json.dumps(vars(platform.report())), flush=True)


if __name__ == "__main__":
    main()
