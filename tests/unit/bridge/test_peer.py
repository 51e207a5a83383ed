"""Whose a connection is: the system is asked, and a connection of another user's is made."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shim.bridge.peer import is_foreign

# Connects, says so, and waits until it is ended.
_OTHER = """
import os, socket, sys
"localhost".encode("idna")  # what is imported for it may not be readable afterwards
os.setuid(65534)
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))):
    print("connected", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_an_own_connection(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()) as ours, listener.accept()[0] as accepted:
        assert not is_foreign(ours.getsockname(), accepted.getsockname())


@pytest.mark.needs("linux")
def test_a_connection_of_another_user(listener: socket.socket) -> None:
    words = [sys.executable, "-c", _OTHER, str(listener.getsockname()[1])]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == b"connected\n"
        accepted, address = listener.accept()
        with accepted:
            assert is_foreign(address, accepted.getsockname())
        other.stdin.close()


def test_a_connection_that_is_not_there(listener: socket.socket) -> None:
    """Closed meanwhile, or of a system that does not tell."""
    assert not is_foreign(("127.0.0.1", 1), listener.getsockname())
