"""The host's environment variables and the real libraries: which are asked for, and that hostile ones change nothing.

vectors/environment.json has them all, and docs/design/environment.md what becomes of each.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Kind, Reply, Rig, hexed, path_of, trans_line
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO
from tests.support.paths import VECTORS
from tests.support.product import Product, install
from tests.support.servers import LOOPBACK, Server, serving

CLIENTS: tuple[Kind, ...] = ("linux-c", "win32-c")
VARIABLES = json.loads((VECTORS / "environment.json").read_text("utf-8"))["variables"]
CERTIFICATES = VECTORS / "certificates"
UNTRUSTED = b"8004"

# A configuration that OpenSSL obeys where it reads one: it loads a library, and no algorithm is left for TLS.
OPENSSL_CONF = """
openssl_conf = all
[all]
alg_section = algorithms
engines = engines
[engines]
intruder = intruder
[intruder]
dynamic_path = {library}
[algorithms]
default_properties = fips=yes
"""


# ---- the calls ---------------------------------------------------------------------------------------------------


@dataclass
class Platform:
    """The simulator behind two servers of this test, one with TLS, which keep what they receive."""

    plain: str = ""
    secure: str = ""
    received: list[bytearray] = field(default_factory=list)


@contextmanager
def listening(simulator: Simulator, received: list[bytearray], chain: Path | None = None) -> Iterator[str]:
    """The address of a server that passes bytes to the simulator and back; with a `chain`, behind TLS."""
    inner = urlsplit(simulator.url)

    def pump(source: socket.socket, target: socket.socket, keep: Callable[[bytes], None]) -> None:
        with suppress(OSError):  # either side may hang up
            while data := source.recv(65536):
                keep(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)

    def talk(server: Server, connection: socket.socket) -> None:
        if chain is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chain)
            connection = context.wrap_socket(connection, server_side=True)
        requests = bytearray()
        received.append(requests)
        with connection, socket.create_connection((inner.hostname or "", inner.port or 0)) as inside:
            threading.Thread(target=pump, args=(inside, connection, lambda data: None), daemon=True).start()
            pump(connection, inside, requests.extend)

    with serving(talk) as server:
        yield server.url.replace("/x", "").replace("http:", "https:" if chain else "http:")


@pytest.fixture
def platform(simulator: Simulator) -> Iterator[Platform]:
    made = Platform()
    with (
        listening(simulator, made.received) as made.plain,
        listening(simulator, made.received, LOOPBACK) as made.secure,
    ):
        yield made


def his(kind: Kind, folder: Path, transport: str = "") -> Product:
    font, _, face = NOTO.partition("#")
    lines = ["[transport]", transport or f"ca_file = {path_of(kind, LOOPBACK)}", "[label]", "type = file"]
    lines += [f"file = {path_of(kind, folder / 'label.bin')}", f"fonts = {path_of(kind, Path(font))}#{face}"]
    return install(kind, folder / "his").ini("\n".join([*lines, ""]))


def lines(platform: Platform) -> list[str]:
    """Every export: over http, over https, to the simulator inside the library, to the printer, screen and keyboard."""
    verify, query = VERIFY["in"].encode("gb18030"), QUERY["in"].encode("gb18030")
    path, again = "/ehcService/gateway.do", "?sim=again:1"
    words = (hexed(word.encode("gb18030")) for word in (FUSED, CARD_NO, NAME))
    return [
        trans_line("http", verify, url=platform.plain + path + again),
        trans_line("https", verify, url=platform.secure + path + again),
        trans_line("sim", verify, url="sim:" + again),
        trans_line("query", query, url="sim:", export="NationEcTrans"),
        " ".join(["call", "label", "EhealthID_Print", *words]),
        "call show Set_QRflow_Mode 1",
        "call hide Set_QRflow_Mode 0",
        "call fill SetEcQrcode 256",
    ]


def said(replies: list[Reply]) -> list[tuple[str, str, bytes | None]]:
    assert [reply.broken for reply in replies] == [{}] * len(replies)
    return [(reply.id, reply.ret, reply.out) for reply in replies]


# ---- hostile values ----------------------------------------------------------------------------------------------


def hostile(kind: Kind, folder: Path, rig: Rig) -> dict[str, str]:
    """Every variable of the vectors that has a hostile value, and the files it names."""
    folder.mkdir()
    system = "linux" if kind.startswith("linux") else "windows"
    library = folder / ("intruder.so" if system == "linux" else "intruder.dll")
    shutil.copy(rig.program(library.name), library)
    named = path_of(kind, library).replace("\\", "\\\\")
    (folder / "openssl.cnf").write_text(OPENSSL_CONF.format(library=named))
    (folder / "nonsense.pem").write_text("nonsense")
    (folder / "netrc").write_text("default login a password b")
    for name in ("startup", "usercustomize", "sitecustomize", "json", "shim"):
        (folder / f"{name}.py").write_text("raise SystemExit(99)")
    places = {"folder": path_of(kind, folder), "none": path_of(kind, folder / "none")}
    rows = [row for row in VARIABLES if "hostile" in row and row.get("on", system) == system]
    return {"INTRUDER": path_of(kind, folder / "intruder.txt")} | {
        row["name"]: row["hostile"].format(**places) for row in rows
    }


@pytest.mark.parametrize("kind", CLIENTS)
def test_hostile_values_change_nothing(rig: Rig, platform: Platform, tmp_path: Path, kind: Kind) -> None:
    """The same answers, the same bytes on the wire and to the printer; no key is logged, no foreign library loaded."""
    results = []
    env: Mapping[str, str]
    for name in ("plain", "hostile"):
        env = {} if name == "plain" else hostile(kind, tmp_path / "files", rig)
        folder = tmp_path / name
        folder.mkdir()
        platform.received.clear()
        replies = his(kind, folder).run(rig, lines(platform), env=dict(env))
        results.append((said(replies), sorted(map(bytes, platform.received)), (folder / "label.bin").read_bytes()))
        codes = {reply.id: reply.ret for reply in replies}
        assert (codes["http"], codes["https"], codes["sim"], codes["query"]) == ("3030", "3030", "3030", "30303030")
        assert (codes["label"], len(platform.received)) == ("0", 2)
    assert results[0] == results[1]
    files = {path.name for path in (tmp_path / "files").iterdir()}
    assert files & {"keys.log", "intruder.txt"} == set()


def test_the_hostile_files_are_hostile(rig: Rig, tmp_path: Path) -> None:
    """The control: an OpenSSL that obeys OPENSSL_CONF loads the library and has no TLS left."""
    env = hostile("linux-c", tmp_path / "files", rig)
    done = subprocess.run(
        [sys.executable, "-I", "-c", "import ssl; ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)"],
        env={name: env[name] for name in ("OPENSSL_CONF", "INTRUDER")}, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert (tmp_path / "files" / "intruder.txt").exists()


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_ca_that_the_environment_names_is_not_trusted(
    rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind
) -> None:
    """Somebody's own CA in SSL_CERT_FILE and its like: refused. In [transport] ca_file: the call goes through."""
    chain, root = tmp_path / "chain.pem", CERTIFICATES / "root.pem"
    names = ("server.pem", "intermediate.pem")
    chain.write_text("".join((CERTIFICATES / name).read_text() for name in names))
    (tmp_path / "ad94199c.0").write_bytes(root.read_bytes())  # as OpenSSL looks for its subject in a folder
    env = dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), path_of(kind, root))
    env["SSL_CERT_DIR"] = path_of(kind, tmp_path)
    received: list[bytearray] = []
    with listening(simulator, received, chain) as secure:
        url = f"{secure}/ehcService/gateway.do?sim=again:1"
        line = trans_line("v", VERIFY["in"].encode("gb18030"), url=url)
        product = his(kind, tmp_path, "proxy =")
        (refused,) = product.run(rig, [line], env=env)
        assert (refused.returned, refused.broken, received) == (UNTRUSTED, {}, [])
        product.ini(f"[transport]\nca_file = {path_of(kind, root)}\n")
        (reply,) = product.run(rig, [line], env=env)
        assert (reply.returned, len(received)) == (b"00", 1)


def test_the_log_has_the_time_of_windows(rig: Rig, platform: Platform, tmp_path: Path) -> None:
    """A TZ in the host's environment does not move it. Wine, which obeys TZ itself, does not fill the key it reads."""
    key = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\TimeZoneInformation"
    product = his("win32-c", tmp_path)
    rig.wine32.run(["reg.exe", "add", key, "/v", "ActiveTimeBias", "/t", "REG_DWORD", "/d", "0xfffffe20", "/f"])
    try:
        product.run(rig, lines(platform)[:1], env={"TZ": "XYZ-5"})
    finally:
        rig.wine32.run(["reg.exe", "delete", key, "/v", "ActiveTimeBias", "/f"])
    written = datetime.fromisoformat(json.loads(product.log_text().splitlines()[-1])["time"])
    ahead = written - datetime.now(UTC).replace(tzinfo=None)
    assert timedelta(hours=7, minutes=30) < ahead < timedelta(hours=8, minutes=30)


# ---- who asks for what -------------------------------------------------------------------------------------------

Asked = set[tuple[str, str]]  # the variable, the file of the library that asks


def unlisted(asked: Asked) -> Asked:
    """What no row of the vectors allows. An empty name is found nowhere (buildlib/runtime.py, _make_deaf)."""
    allowed = {row["name"]: row.get("asked_by", []) for row in VARIABLES}
    return {
        (name, library)
        for name, library in asked
        if name and not any(part in library for part in allowed.get(name, ()))
    }


def test_what_linux_libraries_ask_for(rig: Rig, platform: Platform, tmp_path: Path) -> None:
    record = tmp_path / "asked.txt"
    env = {"LD_PRELOAD": str(rig.program("getenvspy.so")), "GETENVSPY": str(record), "DISPLAY": ":4711"}
    his("linux-c", tmp_path).run(rig, lines(platform), env=env)
    rows = (line.split("\t") for line in record.read_text().splitlines())
    asked = {(name, Path(file).name) for name, file in rows}
    assert ("PYTHONHOME", "libvcshim-python3.11.so.1.0") in asked  # the recorder works
    assert unlisted(asked) == set()


RELAYED = (
    "kernel32.GetEnvironmentVariableW", "kernel32.GetEnvironmentVariableA", "ucrtbase.getenv", "ucrtbase.getenv_s",
    "ucrtbase._wgetenv", "ucrtbase._wgetenv_s", "ucrtbase._dupenv_s", "ucrtbase._wdupenv_s", "msvcrt.getenv",
    "msvcrt._wgetenv",
)  # fmt: skip
_LOADED = re.compile(r'Call PE DLL \(proc=\w+,module=(\w+) L"([^"]+)",reason=PROCESS_ATTACH')
_ASKED = re.compile(r'Call \S+(?:getenv|dupenv|EnvironmentVariable)\w*\([^"]*"([^"]+)".* ret=(\w+)')


def test_what_windows_libraries_ask_for(
    rig: Rig, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wine writes down each call of those functions, and from where."""
    key = r"HKEY_CURRENT_USER\Software\Wine\Debug"
    rig.wine32.run(["reg.exe", "add", key, "/v", "RelayInclude", "/d", ";".join(RELAYED), "/f"])
    product = his("win32-c", tmp_path)
    ours = {path.name.lower() for path in product.folder.rglob("*.*")}
    done: list[subprocess.CompletedProcess[str]] = []
    run = rig.wine32.run

    def keeping(*words: Any, **more: Any) -> subprocess.CompletedProcess[str]:
        done.append(run(*words, **more))
        return done[-1]

    monkeypatch.setattr(rig.wine32, "run", keeping)
    product.run(rig, lines(platform), env={"WINEDEBUG": "+relay"})
    text = done[-1].stderr
    bases = sorted((int(base, 16), name.lower()) for base, name in _LOADED.findall(text))
    asked = {(name, [file for base, file in bases if base <= int(ret, 16)][-1]) for name, ret in _ASKED.findall(text)}
    asked = {(name, library) for name, library in asked if library in ours}  # what Windows asks for is its own
    assert ("PYTHONHOME", "vcs-py311.dll") in asked  # the recorder works
    assert unlisted(asked) == set()
