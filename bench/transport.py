"""What a call costs, beside the ways of making the same POST: `build_dll.py bench transport [NAME=FOLDER ...]`.

FOLDER is a folder of dist/, for Linux or Windows; several are compared in one run, and NAME is their line. All speak to
one server in C (server.c) that keeps connections and answers with a constant; those over TLS to one in Python. Rounds
of all clients are interleaved, so that a busy machine makes all of them slow. A first call is a new process each time:
loading, and the first call. The best round shows what a quiet moment allows. Prints Markdown; asserts nothing. Build
first (build_dll.py host, win32).

`verify` goes over a kept connection, `close` changes something and need not. Without folders: dist/host and dist/win32.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import cases, programs
from buildlib import console, tools
from buildlib.layout import DIST, ROOT, VENV
from buildlib.wine import Wine
from tests.support.windows_pythons import product_python

_CLIENT = ROOT / "bench" / "transport_client.py"
_TLS = ROOT / "tests" / "vectors" / "tls"
_SECRET = "1TESTSEC0000000000000000TESTSEC0"
_MODULES = ("_socket", "socket", "ssl", "http.client", "h11", "requests", "pycurl")


# ---- the bytes ---------------------------------------------------------------------------------------------------


def in_data(method: str) -> bytes:
    """InData of VirtualCardTrans, Plain and MD5, with every field that the specification requires."""
    fields = {
        cases.VERIFY: cases.REQUESTS[cases.VERIFY],
        "ehc.ehealthcard.close": {
            "ehealth_card_id": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",
            "out_close_no": "C000000001",
            "out_close_time": "20261121000058",
        },
    }
    whole = {
        "app_id": "1TESTAPP0000000000000000TESTAPP0",
        "biz_content": fields[method],
        "enc_type": "Plain",
        "key": _SECRET,
        "method": method,
        "sign_type": "MD5",
        "term_id": "35020010001",
        "timestamp": "20261121000058",
        "version": "X.M.0.1",
    }
    return json.dumps(whole, ensure_ascii=False).encode("gb18030")


def request() -> bytes:
    """The same as a request, as the clients that are no product send it."""
    body = in_data(_METHODS["verify"]).decode("gb18030").encode()
    head = (
        "POST /ehcService/gateway.do HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: virtualcard-shim\r\n"
        f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answer() -> bytes:
    """A success with its sign (docs/dialects.md, ehcservice)."""
    person = {"user_name": "王小明", "id_no": "990000199001010013", "id_type": "01", "mobile_phone": "13900000000"}
    fields = {
        "biz_content": json.dumps(person, ensure_ascii=False, separators=(",", ":")),
        "enc_type": "Plain",
        "ret_code": "0000",
        "ret_msg": "成功",
        "sign_type": "MD5",
    }
    base = "&".join(f"{name}={fields[name]}" for name in sorted(fields)) + f"key={_SECRET}"
    fields["sign"] = hashlib.md5(base.encode()).hexdigest().upper()
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body


# ---- servers -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def tls_server() -> Iterator[int]:
    """The server with TLS; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_TLS / "platform.pem")
    whole = answer()

    def serve(sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), context.wrap_socket(sock, server_side=True) as stream:
            data = b""
            while more := stream.recv(65536):
                data += more
                head, end, body = data.partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]) if end else 0
                if end and len(body) >= length:
                    data = b""
                    stream.sendall(whole)

    def accept(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=serve, args=(sock,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


# ---- clients -----------------------------------------------------------------------------------------------------


@dataclass
class Client:
    """A way of making the call: the words of its program, and what was measured."""

    name: str
    words: Sequence[str | Path]
    env: Mapping[str, str]
    steady: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)  # the median of each
    loads: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None
    chosen: str = ""
    """What host.c is told first; a program in Python is told by its words, and begins with a call by itself."""

    def start(self) -> None:
        """Start the program and take the times of its first call."""
        self.process = subprocess.Popen(
            self.words, env=dict(self.env), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        load, first = (0.0, *self._ask(self.chosen, "calls 1")) if self.chosen else self._line()
        self.loads.append(load)
        self.firsts.append(first)

    def calls(self, count: int) -> list[float]:
        """Make calls; microseconds of each."""
        return self._ask(f"calls {count}" if self.chosen else str(count))

    def stop(self) -> None:
        if self.process is not None:
            self.process.communicate(timeout=60)
            self.process = None

    def _ask(self, *commands: str) -> list[float]:
        answer: list[float] = []
        for command in commands:
            assert self.process is not None and self.process.stdin is not None
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()
            answer = self._line()
        return answer

    def _line(self) -> list[float]:
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise console.Failed(f"{self.name} ended: {self.process.communicate()[1][-2000:]}")
        return [float(word) for word in line.split()]


@dataclass
class Group:
    """Clients that are compared: one system and one scheme. The first is what the others are measured by."""

    title: str
    clients: list[Client]

    def measure(self, calls: int, rounds: int, starts: int) -> None:
        """First calls, then rounds of calls of all clients in turn."""
        for _ in range(starts):
            for client in self.clients:
                client.start()
                client.stop()
        for client in self.clients:
            client.start()
            client.loads.pop()
            client.firsts.pop()
        for round_number in range(rounds + 1):
            for client in self.clients:
                times = client.calls(max(1, calls // rounds))
                if round_number:  # the first round warms up
                    client.steady += times
                    client.rounds.append(statistics.median(times))
        for client in self.clients:
            client.stop()

    def table(self) -> str:
        """The group as Markdown."""
        unit, best_unit = statistics.median(self.clients[0].steady), min(self.clients[0].rounds)
        rows = [
            f"### {self.title}\n",
            "| | median ms | p99 ms | ratio | best round ms | ratio | load ms | first call ms | both ms |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for client in self.clients:
            times = sorted(client.steady)
            median, best, p99 = statistics.median(times), min(client.rounds), times[int(len(times) * 0.99)]
            load, first = statistics.median(client.loads), statistics.median(client.firsts)
            both = statistics.median(a + b for a, b in zip(client.loads, client.firsts, strict=True))
            rows.append(
                f"| {client.name} | {median / 1000:.3f} | {p99 / 1000:.3f} | {median / unit:.1f} "
                f"| {best / 1000:.3f} | {best / best_unit:.1f} "
                f"| {load / 1000:.1f} | {first / 1000:.1f} | {both / 1000:.1f} |"
            )
        return "\n".join(rows) + "\n"


class Bench:
    """What all groups share: a folder with the bytes, the programs, the libraries."""

    def __init__(self, folder: Path, products: Sequence[tuple[str, Path]], packages: Path | None) -> None:
        self.folder = folder
        self.products = products
        # Files of bytecode in a folder of their own, whatever the environment says about writing them.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.env = {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "XDG_STATE_HOME": str(folder / "state")}
        if packages is not None:
            self.env["PYTHONPATH"] = str(packages)
        (folder / "answer").write_bytes(answer())
        (folder / "request").write_bytes(request())
        for name, method in _METHODS.items():
            (folder / name).write_bytes(in_data(method))

    def linux(self, port: int, program: Path) -> Group:
        clients = self.sockets([str(program)], self.env, port, str)
        for kind in ("socket", "fresh socket", "http.client", "requests", "h11", "pycurl"):
            if self.has(kind):
                clients.append(self.python(kind, port, "request"))
        for name, product in self.copies("linux"):
            clients += [self.python("library", port, method, product, f"{name}: {method}") for method in _METHODS]
        return Group("Linux, http", clients)

    def linux_tls(self, port: int) -> Group:
        ca_file = _TLS / "ca.pem"
        clients = [self.python("TLS socket", port, "request", ca_file)]
        for kind in ("http.client", "requests", "pycurl"):
            if self.has(kind):
                clients.append(self.python(kind, port, "request", ca_file))
        for name, product in self.copies("linux", https=True):
            clients += [self.python("library", port, method, product, f"{name}: {method}") for method in _METHODS]
        return Group("Linux, https", clients)

    def windows(self, port: int, program: Path, wine: Wine) -> Group:
        clients = self.sockets(["wine", Wine.windows_path(program)], wine.env, port, Wine.windows_path)
        copies = list(self.copies("windows"))
        python = product_python(copies[0][1], self.folder / "python")
        for kind in ("socket", "fresh socket", "http.client", "requests"):
            clients.append(self.wine_python(wine, python, kind, port, "request"))
        for name, product in copies:
            own = product_python(product, self.folder / f"python-{product.parent.name}")
            for method in _METHODS:
                clients.append(self.wine_python(wine, own, "library", port, method, product, f"{name}: {method}"))
        return Group("Windows under Wine, http", clients)

    def sockets(self, words: list[str], env: Mapping[str, str], port: int, path: Callable[[Path], str]) -> list[Client]:
        files = " ".join(path(self.folder / name) for name in ("request", "answer"))
        titles = {"kept": "C socket", "fresh": "C socket, a connection a call"}
        return [Client(title, words, env, chosen=f"socket {port} {files} {kind}") for kind, title in titles.items()]

    def python(self, kind: str, port: int, file: str, more: Path | None = None, name: str = "") -> Client:
        words: list[str | Path] = [
            _interpreter(),
            _CLIENT,
            kind,
            str(port),
            self.folder / file,
            *([more] if more else []),
        ]
        return Client(name or _TITLES[kind], words, self.env)

    def wine_python(
        self, wine: Wine, python: Path, kind: str, port: int, file: str, more: Path | None = None, name: str = ""
    ) -> Client:
        paths = [self.folder / file, *([more] if more else [])]
        words = [Wine.windows_path(python), Wine.windows_path(_CLIENT), kind, str(port), *map(Wine.windows_path, paths)]
        return Client(name or _TITLES[kind], ["wine", *words], wine.env)

    def has(self, kind: str) -> bool:
        """Whether the module of a kind of client is there."""
        if kind not in ("h11", "pycurl", "requests"):
            return True
        return (
            subprocess.run([_interpreter(), "-c", f"import {kind}"], env=self.env, capture_output=True).returncode == 0
        )

    def copies(self, system: str, *, https: bool = False) -> Iterator[tuple[str, Path]]:
        """A private copy of each product for a system, with settings of its own."""
        for number, (name, dist) in enumerate(self.products):
            windows = (dist / "VirtualCardChk.dll").exists()
            if windows != (system == "windows"):
                continue
            copy = self.folder / f"{system}-{number}-{'s' if https else ''}" / ("https" if https else "http")
            ignore: Callable[..., set[str]] = shutil.ignore_patterns("vcshim_log", "vcshim.ini")
            shutil.copytree(dist, copy, copy_function=_link, ignore=ignore)
            (copy / "vcshim.ini").write_text(f"[transport]\nca_file = {_TLS / 'ca.pem'}\n" if https else "")
            yield name, copy

    def imports(self, starts: int) -> str:
        """Cold imports, each in a new process."""
        program = "import time; t = time.perf_counter(); import {}; print((time.perf_counter() - t) * 1000)"
        rows = ["### Importing, in a new process\n", "| | median ms | least ms |", "| --- | ---: | ---: |"]
        times: dict[str, list[float]] = {module: [] for module in _MODULES if self.has(module)}
        for _ in range(starts + 1):
            for module, found in times.items():
                words = [_interpreter(), "-c", program.format(module)]
                found.append(float(subprocess.run(words, env=self.env, capture_output=True, check=True).stdout))
        for module, found in times.items():
            rows.append(f"| {module} | {statistics.median(found[1:]):.1f} | {min(found[1:]):.1f} |")
        return "\n".join(rows) + "\n"


_METHODS = {"verify": "ehc.ehealthcode.verify", "close": "ehc.ehealthcard.close"}
_TITLES = {
    "socket": "Python socket",
    "fresh socket": "Python socket, a connection a call",
    "TLS socket": "Python socket and ssl",
    "h11": "h11 over a socket",
    "http.client": "http.client",
    "requests": "requests.Session",
    "pycurl": "pycurl",
}


def _interpreter() -> str:
    return str(VENV / "bin" / "python")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another file system
        shutil.copy2(source, target)


def _product(word: str) -> tuple[str, Path]:
    name, equals, folder = word.rpartition("=")
    path = Path(folder).absolute()
    return (name if equals else path.name), path


def main(arguments: list[str] | None = None) -> int:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(prog="bench transport", description=__doc__)
    parser.add_argument("products", nargs="*", metavar="NAME=FOLDER", help="folders of dist/, for Linux or Windows")
    parser.add_argument("--calls", type=int, default=4000, help="calls of each client (default: 4000)")
    parser.add_argument("--rounds", type=int, default=20, help="rounds that they are made in (default: 20)")
    parser.add_argument("--starts", type=int, default=15, help="first calls of each client (default: 15)")
    parser.add_argument("--packages", type=Path, help="a folder with packages, such as pycurl, to be compared as well")
    options = parser.parse_args(arguments)
    products = [_product(word) for word in options.products or (str(DIST / "host"), str(DIST / "win32"))]
    windows = any((dist / "VirtualCardChk.dll").exists() for _, dist in products)
    tools.require("gcc", *(("mingw", "wine") if windows else ()))
    with contextlib.ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="bench-transport-")))
        bench = Bench(folder, products, options.packages and options.packages.absolute())
        program = programs.bare_socket(folder, "linux")
        (folder / "answers").write_text(f"ehcService/gateway.do 0 {folder / 'answer'}\n")
        port = programs.Server(folder / "answers", folder, ending).port
        groups: list[Callable[[], Group]] = [
            lambda: bench.linux(port, program),
            lambda: bench.linux_tls(ending.enter_context(tls_server())),
        ]
        if windows:
            wine = ending.enter_context(Wine(folder / "wine"))
            client = programs.bare_socket(folder, "wine")
            groups.append(lambda: bench.windows(port, client, wine))
        print(f"{options.calls} calls in {options.rounds} rounds, {options.starts} starts; medians\n", flush=True)
        for make in groups:
            group = make()
            group.measure(options.calls, options.rounds, options.starts)
            print(group.table(), flush=True)
        print(bench.imports(options.starts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
