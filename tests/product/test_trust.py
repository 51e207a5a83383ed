"""The certificate stores of Windows, as 32-bit Wine has them, and the Python of the product: which CA is trusted."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.clients import Rig, trans_line
from tests.support.paths import NATIVE, VECTORS
from tests.support.product import install, python_runtime
from tests.support.servers import Server, serving, tls_front

CERTIFICATES = VECTORS / "certificates"
UNTRUSTED, TRUSTED = "connect unable to get local issuer certificate", "connect trusted"

Run = Callable[..., list[str]]


@pytest.fixture(scope="module")
def run(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Carries out words of rootstore.py in one process and returns its lines."""
    product = install("win32-ctypes", tmp_path_factory.mktemp("trust") / "his")
    program = [
        Wine.windows_path(python_runtime(product) / "python.exe"),
        Wine.windows_path(NATIVE / "rootstore.py"),
    ]

    def carry_out(*words: str) -> list[str]:
        done = rig.wine32.run([*program, *words], timeout=120)
        assert done.returncode == 0, done.stderr
        return [line for line in done.stdout.splitlines() if line.startswith("connect")]

    return carry_out


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """The word that connects to a server which shows these certificates."""
    chain = tmp_path / "chain.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def talk(_: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1)

    with serving(talk) as running:

        def word(*names: str) -> str:
            chain.write_text("".join((CERTIFICATES / f"{name}.pem").read_text() for name in names))
            context.load_cert_chain(chain)
            return f"connect:{running.listener.getsockname()[1]}"

        yield word


def take(where: str, store: str, name: str) -> str:
    return add(where, store, name).replace("add:", "take:")


def add(where: str, store: str, name: str) -> str:
    return f"add:{where}:{store}:{Wine.windows_path(CERTIFICATES / f'{name}.pem')}"


@pytest.fixture
def gateway(simulator: Simulator, tmp_path: Path) -> Iterator[str]:
    """The simulator behind TLS, with the certificates of `server` and `intermediate`."""
    chain = tmp_path / "gateway.pem"
    chain.write_text("".join((CERTIFICATES / f"{name}.pem").read_text() for name in ("server", "intermediate")))
    with tls_front(simulator, chain) as address:
        yield address + "?sim=again:1"


def test_the_dll_trusts_what_windows_trusts(run: Run, rig: Rig, gateway: str, tmp_path: Path) -> None:
    """Without a setting: refused; with the platform's CA in the root store of this PC: the call goes through."""
    product = install("win32-c", tmp_path / "his")
    line = trans_line("v", VERIFY["in"].encode("gb18030"), url=gateway)
    (refused,) = product.run(rig, [line])
    assert (refused.returned, refused.broken) == (b"8004", {})
    run(add("policy", "ROOT", "root"))
    try:
        (reply,) = product.run(rig, [line])
    finally:
        run(take("policy", "ROOT", "root"))
    assert (reply.returned, reply.broken, reply.out) == (b"00", {}, VERIFY["out"].encode("gb18030"))


def test_a_ca_that_is_pushed_while_the_host_runs(run: Run, rig: Rig, gateway: str, tmp_path: Path) -> None:
    """Refused once, and trusted from the next call on."""

    def push(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        run(add("policy", "ROOT", "root"))

    in_data = VERIFY["in"].encode("gb18030")
    with serving(push) as pushing:
        urls = [("before", gateway), ("push", pushing.url), ("after", gateway)]
        try:
            replies = install("win32-c", tmp_path / "his").run(
                rig, [trans_line(name, in_data, url=url) for name, url in urls]
            )
        finally:
            run(take("policy", "ROOT", "root"))
    assert [reply.returned for reply in replies] == [b"8004", b"3003", b"00"]


@pytest.mark.parametrize("where", ["user", "machine", "policy", "userpolicy"])
def test_a_ca_in_the_root_store(run: Run, server: Callable[..., str], where: str) -> None:
    """Of the user, of this PC, pushed by either kind of group policy: seen once the context is made anew."""
    connect = server("server", "intermediate")
    words = ("forget", connect)
    lines = run(connect, add(where, "ROOT", "root"), connect, *words, "remove", *words)
    assert lines == [UNTRUSTED, UNTRUSTED, TRUSTED, UNTRUSTED]


def test_the_other_stores(run: Run, server: Callable[..., str]) -> None:
    """CA completes a chain and is no root; Disallowed takes a root away."""
    connect = server("server")
    words = ("forget", connect)
    added = [add("machine", *row) for row in (("CA", "intermediate"), ("ROOT", "root"), ("Disallowed", "root"))]
    lines = run(connect, added[0], *words, added[1], *words, added[2], *words, "remove", *words)
    missing_root = "connect unable to get issuer certificate"
    assert lines == [UNTRUSTED, missing_root, TRUSTED, missing_root, UNTRUSTED]


def test_a_self_signed_certificate_of_the_store_ca(run: Run, server: Callable[..., str]) -> None:
    connect = server("server", "intermediate")
    assert run(add("user", "CA", "root"), connect, "remove") == [UNTRUSTED]
