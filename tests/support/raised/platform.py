"""A platform on loopback that answers every request alike, and tells exactly which bytes have reached it."""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
from collections.abc import Callable

Answer = Callable[[bytes], bytes | None]
"""The body of a request to the bytes of its answer; None: the connection is closed instead."""


class Platform:
    """One thread serves all connections, so that `received` can wait for everything that was sent before it.

    Args:
        answer: called with the body of each whole request.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setblocking(False)
        self._ask, control = socket.socketpair()
        self._replies: queue.SimpleQueue[tuple[bytes, int]] = queue.SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(control, selectors.EVENT_READ)
        self._control = control
        self._unread: dict[socket.socket, bytes] = {}
        self._received = b""
        self._whole = 0
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/x", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def received(self) -> tuple[bytes, int]:
        """All bytes that were sent to it since the last time, and how many whole requests these made."""
        self._ask.send(b"?")
        return self._replies.get(timeout=60)

    def close(self) -> None:
        self._ask.close()
        self._thread.join(60)

    def _serve(self) -> None:
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            asked = self._control in ready
            while more := [each for each in ready if each is not self._control]:
                for each in more:
                    self._take(each)
                ready = [key.fileobj for key, _ in self._selector.select(0)] if asked else []
            if asked:
                if not self._control.recv(1):
                    break
                self._replies.put((self._received, self._whole))
                self._received, self._whole = b"", 0
        for each in (*self._unread, self._listener, self._control):
            each.close()
        self._selector.close()

    def _take(self, ready: object) -> None:
        if ready is self._listener:
            connection, _ = self._listener.accept()
            self._unread[connection] = b""
            self._selector.register(connection, selectors.EVENT_READ)
            return
        assert isinstance(ready, socket.socket)
        data = b""
        with contextlib.suppress(OSError):
            data = ready.recv(1 << 20)
        self._received += data
        self._unread[ready] += data
        if not data or not self._answered(ready):
            self._selector.unregister(ready)
            del self._unread[ready]
            ready.close()

    def _answered(self, connection: socket.socket) -> bool:
        """Answer the request if it is whole; False where the connection is to be closed."""
        head, blank, body = self._unread[connection].partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if not blank or len(body) < length:
            return True
        self._whole += 1
        self._unread[connection] = b""
        answer = self._answer(body)
        if answer is None:
            return False
        with contextlib.suppress(OSError):  # the client is gone
            connection.sendall(answer)
        return True
