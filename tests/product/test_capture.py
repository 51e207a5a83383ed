"""The recorder and the store under Wine: on the runtime that ships, with what Windows has in the place of Linux's."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from tests.support.cleartext import assert_no_clear_text
from tests.support.clients import Rig
from tests.support.product import install, shipped_python

# A vendor's DLL in a few lines: it asks its address twice over one connection, the second time another path, while
# another process tries the same port.
RECORDER = """
import json, logging, os, socket, subprocess, sys, threading
from shim.capture.origin import parse_origin
from shim.capture.recorder import Recorder
from shim.capture.upstream import UpstreamConnector
OK = b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
platform = socket.create_server(("127.0.0.1", 0))
seen = []
def serve():
    while True:
        sock, _ = platform.accept()
        while data := sock.recv(65536):
            seen.append(data.decode())
            sock.sendall(OK)
threading.Thread(target=serve, daemon=True).start()
port = platform.getsockname()[1]
recorder = Recorder(UpstreamConnector(10, "", ""), logging.getLogger("x"))
call = recorder.begin(parse_origin(b"http://127.0.0.1:%d/x" % port))
own = int(call.authority.rpartition(b":")[2])
STRANGER = (
    "import socket; s = socket.create_connection(('127.0.0.1', %d))\\n"
    "s.sendall(b'GET / HTTP/1.1' + bytes([13, 10] * 2))\\n"
    "try: print(len(s.recv(100)))\\n"
    "except OSError: print(0)" % own
)
stranger = subprocess.run([sys.executable, "-c", STRANGER], capture_output=True, text=True).stdout.strip()
sock = socket.create_connection(("127.0.0.1", own))
answers = []
for path in ("/x", "/update/version.txt"):
    sock.sendall(f"GET {path} HTTP/1.1\\r\\nHost: 127.0.0.1:{own}\\r\\n\\r\\n".encode())
    answers.append(sock.recv(1000).decode())
(traffic,) = recorder.end(call)
print(json.dumps([port, own, stranger, seen, answers, traffic.sent.decode(), traffic.received.decode()]), flush=True)
os._exit(0)
"""

WRITER = """
import sys
from pathlib import Path
from shim.capture.record import CapturedCall
from shim.capture.store import CaptureStore
store = CaptureStore(Path(sys.argv[1]), 30, 1 << 30)
for number in range(100):
    text = "\\u738b\\u5c0f\\u660e 330102199001011234".encode("gbk")
    store.append(CapturedCall(f"{sys.argv[2]}-{number}", "h", "SetEcQrcode", (text,), 0, None, None, 0, 1.0, 2.0))
store.close()
"""

READER = """
import json, sys
from pathlib import Path
from shim.capture.source import read_captures
print(json.dumps([call.call_id for call in read_captures([Path(sys.argv[1])])]))
"""


def test_the_recorder_serves_this_process_only(rig: Rig, tmp_path: Path) -> None:
    python = shipped_python(install("win32-c", tmp_path / "his"))
    done = rig.wine32.run([python, "-c", RECORDER])
    port, own, stranger, seen, answers, sent, received = json.loads(done.stdout)
    paths = ("/x", "/update/version.txt")
    assert stranger == "0"
    assert seen == [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n" for path in paths]
    assert sent == "".join(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{own}\r\n\r\n" for path in paths)
    assert "".join(answers) == received == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" * 2


def test_processes_append_whole_records_under_dpapi(rig: Rig, tmp_path: Path) -> None:
    python = shipped_python(install("win32-c", tmp_path / "his"))
    folder = rig.wine32.windows_path(tmp_path / "captures")
    writers = [threading.Thread(target=rig.wine32.run, args=([python, "-c", WRITER, folder, name],)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ids = json.loads(rig.wine32.run([python, "-c", READER, folder]).stdout)
    for name in "abc":
        assert [each for each in ids if each.startswith(name)] == [f"{name}-{number}" for number in range(100)]
    assert len(ids) == 300
    assert_no_clear_text(tmp_path / "captures", ("王小明 330102199001011234", "330102199001011234"))
