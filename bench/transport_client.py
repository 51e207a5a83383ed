"""A client that bench/transport.py times: `python transport_client.py KIND PORT REQUEST [FOLDER]`.

KIND is a row of `CLIENTS`. The first line of stdout is microseconds for loading (the modules, or the library in FOLDER)
and for the first call; then, for each number that is a line of stdin, as many microseconds. Standard library and the
one module of the kind, imported where it is used: it also runs in the Python of the product, under Wine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

Call = Callable[[], object]


def _parts(request: bytes) -> tuple[str, dict[str, str], bytes]:
    """Path, header fields and body of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first.split(" ")[1], dict(line.split(": ", 1) for line in lines), body


def _read(receive: Callable[[int], bytes]) -> bytes:
    """An answer with a Content-Length."""
    data = receive(65536)
    while (at := data.find(b"\r\n\r\n")) < 0:
        data += receive(65536)
    size = at + 4 + int(data[: at + 2].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(data) < size:
        data += receive(65536)
    return data


def _socket(port: int, request: bytes, _: str) -> Call:
    import socket

    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call() -> bytes:
        sock.sendall(request)
        return _read(sock.recv)

    return call


def _fresh_socket(port: int, request: bytes, _: str) -> Call:
    import socket

    def call() -> bytes:
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(request)
            return _read(sock.recv)

    return call


def _tls_socket(port: int, request: bytes, ca_file: str) -> Call:
    import socket
    import ssl

    context = ssl.create_default_context(cafile=ca_file)
    sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call() -> bytes:
        sock.sendall(request)
        return _read(sock.recv)

    return call


def _h11(port: int, request: bytes, _: str) -> Call:
    import socket

    import h11

    path, fields, body = _parts(request)
    connection = h11.Connection(h11.CLIENT)
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call() -> bytes:
        out = connection.send(h11.Request(method="POST", target=path, headers=list(fields.items()))) or b""
        out += connection.send(h11.Data(data=body)) or b""
        out += connection.send(h11.EndOfMessage()) or b""
        sock.sendall(out)
        data = b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(sock.recv(65536))
            elif isinstance(event, h11.Data):
                data += event.data
            elif isinstance(event, h11.EndOfMessage):
                connection.start_next_cycle()
                return data

    return call


def _http_client(port: int, request: bytes, ca_file: str) -> Call:
    import http.client

    path, fields, body = _parts(request)
    if ca_file:
        import ssl

        context = ssl.create_default_context(cafile=ca_file)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port)

    def call() -> bytes:
        connection.request("POST", path, body, fields)
        return connection.getresponse().read()

    return call


def _requests(port: int, request: bytes, ca_file: str) -> Call:
    import requests

    path, fields, body = _parts(request)
    session = requests.Session()
    session.trust_env = False
    url = f"{'https' if ca_file else 'http'}://127.0.0.1:{port}{path}"
    return lambda: session.post(url, body, headers=fields, verify=ca_file or True).content


def _pycurl(port: int, request: bytes, ca_file: str) -> Call:
    import io

    import pycurl  # type: ignore[import-untyped]  # not among the requirements

    path, fields, body = _parts(request)
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, f"{'https' if ca_file else 'http'}://127.0.0.1:{port}{path}")
    curl.setopt(pycurl.POST, 1)
    curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in fields.items()] + ["Expect:"])
    curl.setopt(pycurl.POSTFIELDS, body)
    if ca_file:
        curl.setopt(pycurl.CAINFO, ca_file)

    def call() -> bytes:
        answer = io.BytesIO()
        curl.setopt(pycurl.WRITEDATA, answer)
        curl.perform()
        return answer.getvalue()

    return call


def _library(port: int, request: bytes, folder: str) -> Call:
    """A call through the product. The request is InData, and its address follows from the port."""
    import ctypes

    if sys.platform == "win32":
        library: ctypes.CDLL = ctypes.WinDLL(os.path.join(folder, "VirtualCardChk.dll"))
    else:
        library = ctypes.CDLL(os.path.join(folder, "libVirtualCardChk.so"))
    export = library.VirtualCardTrans
    export.restype = ctypes.c_char_p
    scheme = "https" if os.path.basename(folder) == "https" else "http"
    url = f"{scheme}://127.0.0.1:{port}/ehcService/gateway.do".encode()
    out = ctypes.create_string_buffer(2048)

    def call() -> bytes:
        code: bytes = export(url, request, out)
        if code != b"00":
            raise SystemExit(f"not a success: {code!r} {out.value.decode('gb18030', 'replace')}")
        return code

    return call


CLIENTS: dict[str, Callable[[int, bytes, str], Call]] = {
    "socket": _socket,
    "fresh socket": _fresh_socket,
    "TLS socket": _tls_socket,
    "h11": _h11,
    "http.client": _http_client,
    "requests": _requests,
    "pycurl": _pycurl,
    "library": _library,
}


def main(kind: str, port: str, request_file: str, more: str = "") -> int:
    """Serve stdin."""
    with open(request_file, "rb") as file:
        request = file.read()
    clock = time.perf_counter
    started = clock()
    call = CLIENTS[kind](int(port), request, more)
    loaded = clock()
    call()
    sys.stdout.write(f"{(loaded - started) * 1e6:.1f} {(clock() - loaded) * 1e6:.1f}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            before = clock()
            call()
            times.append(clock() - before)
        sys.stdout.write(" ".join(f"{1e6 * seconds:.1f}" for seconds in times) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
