"""The certificate stores of Windows, as 32-bit Wine has them, and the Python of the product: which CA is trusted."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from buildlib.wine import Wine
from tests.support.clients import Rig
from tests.support.paths import NATIVE, VECTORS
from tests.support.product import install, python_runtime
from tests.support.servers import Server, serving

CERTIFICATES = VECTORS / "certificates"
UNTRUSTED, TRUSTED = "connect unable to get local issuer certificate", "connect trusted"

Run = Callable[..., list[str]]


@pytest.fixture(scope="module")
def run(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Carries out words of rootstore.py in one process and returns its lines."""
    product = install("win32-ctypes", tmp_path_factory.mktemp("trust") / "his")
    program = [
        Wine.windows_path(python_runtime(product, rig) / "python.exe"),
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


def add(where: str, store: str, name: str) -> str:
    return f"add:{where}:{store}:{Wine.windows_path(CERTIFICATES / f'{name}.pem')}"


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
