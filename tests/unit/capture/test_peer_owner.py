"""Whose a connection is, asked of this system."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from shim.capture import peer_owner
from shim.capture.peer_owner import is_own

CHILD = """
import socket, sys
sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sys.stdin.read()
"""


@pytest.fixture(params=["diagnosed", "listed"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of Linux give the same answers."""
    if request.param == "listed":

        def refused(*_arguments: object) -> str | None:
            raise PermissionError

        monkeypatch.setattr(peer_owner, "_diagnosed", refused)
    else:
        monkeypatch.delattr(peer_owner, "_listed")


def test_a_connection_of_this_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as sock:
        assert is_own(sock.getsockname(), listener) is True


def test_a_connection_of_another_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = [sys.executable, "-I", "-c", CHILD, str(listener.getsockname()[1])]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
            accepted, peer = listener.accept()
            with accepted:
                assert is_own(peer, listener) is False
            assert child.stdin is not None
            child.stdin.close()


def test_an_ipv6_socket_that_speaks_ipv4() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_INET6) as sock:
        try:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            sock.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))
        except OSError:
            pytest.fail("this system has no IPv6")
        accepted, peer = listener.accept()
        with accepted:
            assert is_own(peer, listener) is True


def test_a_connection_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert is_own(("127.0.0.1", 1), listener) is None


def test_a_connection_that_is_closed_already() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sock = socket.create_connection(listener.getsockname())
        accepted, peer = listener.accept()
        sock.close()
        with accepted:
            assert is_own(peer, listener) is None
