"""The recorder: ports on 127.0.0.1 that lead to platforms, each lent to one call at a time.

A *lane* is a listening port that belongs to one platform and to one call. Calls that follow each other get the same
lane, so that a vendor's DLL which keeps connections can go on using them; calls at the same time get several. So every
byte is known to be of its call, without a mark in path or body. A lane passes on what comes (`tee`) also while no call
has it: the vendor's DLL may have threads of its own; nothing is recorded then.

Only this process is served: by the owner of the peer's port (`peer_owner`), or, where the system does not tell, by a
random path that only the handed-over address contains. Not here: the host's call (`forwarding`), files (`store`).
"""

from __future__ import annotations

import contextlib
import errno
import logging
import secrets
import socket
import sys
import threading
import time

from shim import forks, log
from shim.capture.origin import Origin
from shim.capture.passage import Passage
from shim.capture.peer_owner import is_own
from shim.capture.record import Traffic
from shim.capture.rewriting import Names
from shim.capture.tee import Abandoned, Tee, wait_readable
from shim.capture.upstream import Unreachable, Upstream, UpstreamConnector, close

LOOPBACK = "127.0.0.1"
MOST_LANES = 256
_BACKLOG = 64
_RETRY_SECONDS = 0.05
_SETTLE_SECONDS = 0.05

_OriginKey = tuple[bool, str, int]


class CannotListen(Exception):
    """This process can have no port on 127.0.0.1. Its text says why, in Chinese, for the log."""


class LaneCall:
    """A call that has a lane. Made and ended by the Recorder.

    Attributes:
        origin: the platform.
        authority, path: the recorder's host and port, and what must stand before the path of the address.
        reached: whether the vendor's DLL has sent anything.
        requests: how many of its requests were passed on.
        causes: why the platform could not be reached, one text a time, in Chinese.
        refused: requests that were not let in: the random path was missing, or another process sent them.
        spoke_tls: whether the vendor's DLL began a TLS handshake, which was refused.
        abandoned: whether it is certain that not a byte of the call was passed on to a platform, and none ever will be.
    """

    def __init__(self, lane: _Lane, origin: Origin, surplus: int) -> None:
        self.lane = lane
        self.origin = origin
        self.authority = lane.authority
        self.path = lane.prefix
        self.reached = False
        self.requests = 0
        self.causes: list[str] = []
        self.refused = 0
        self.spoke_tls = False
        self.abandoned = False
        self.surplus = surplus
        self.passages: list[Passage] = []

    @property
    def address(self) -> bytes:
        """What to hand over in the place of strUrl."""
        return self.origin.handed_over(self.authority, self.path)


class Recorder:
    """The lanes of this process. Any thread.

    Args:
        connector: makes the connections to platforms.
        logger: for strangers, and for what does not work.
        ask_owner: whether to try to tell strangers by the owner of their port; False: always by a random path.
    """

    def __init__(self, connector: UpstreamConnector, logger: logging.Logger, *, ask_owner: bool = True) -> None:
        self.connector = connector
        self.logger = logger
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)  # a lane has caught up
        self.said = log.SaidBefore()
        self._ask_owner = ask_owner
        self._owner_known: bool | None = None if ask_owner else False
        self._lanes: list[_Lane] = []
        self._surplus = 0  # requests that may be of another call than the one that they are recorded with

    def begin(self, origin: Origin) -> LaneCall | None:
        """Lend a lane to a call; None if all are in use.

        Raises:
            CannotListen: see there.
        """
        with self.lock:
            lane = self._free_lane(origin)
            if lane is None:
                return None
            lane.call = LaneCall(lane, origin, self._surplus)
            lane.used_at = time.monotonic()
            return lane.call

    def end(self, call: LaneCall, *, abandons: bool = False) -> tuple[Traffic, ...]:
        """Take the lane back: what passed, in the order of its beginning.

        What the vendor's DLL has sent without waiting for an answer is waited for, 50 ms at most.

        Args:
            abandons: whether to abandon the call, as far as that can still be done.
        """
        with self.lock:
            self.changed.wait_for(lambda: not call.lane.is_behind, _SETTLE_SECONDS)
            if abandons:
                self._abandon(call)
            if call.lane.call is call:
                call.lane.call = None
            passages = list(call.passages)
            for each in passages:
                each.end()
        return tuple(sorted((each.traffic(call.origin.name) for each in passages), key=lambda each: each.began))

    def abandon(self, call: LaneCall) -> bool:
        """Close the lane for good, if not a byte of the call was passed on to a platform.

        Returns:
            Whether that is certain: then none ever will be. False: the lane goes on, `end` is still to be called.
        """
        with self.lock:
            self._abandon(call)
            return call.abandoned

    def close(self) -> None:
        """Close all lanes. For tests: a host never does."""
        with self.lock:
            for lane in list(self._lanes):
                self._close_lane(lane)

    def _abandon(self, call: LaneCall) -> None:
        if not call.requests and self._surplus == call.surplus and call.lane.call is call:
            call.abandoned, call.lane.call = True, None
            self._close_lane(call.lane)

    # ---- for lanes; all with the lock --------------------------------------------------------------------------------

    def call_of(self, lane: _Lane) -> LaneCall | None:
        """The call that a request on `lane` belongs to."""
        if lane.call is not None:
            self._surplus += bool(lane.call.requests)
            return lane.call
        self._surplus += 1
        # A DLL that keeps the address of an earlier call: the only call that has sent nothing by its own lane.
        calls = [each.call for each in self._lanes if each.key == lane.key and each.call is not None]
        silent = [call for call in calls if not call.reached]
        return silent[0] if len(silent) == 1 else None

    def _free_lane(self, origin: Origin) -> _Lane | None:
        key = _key(origin)
        for lane in self._lanes:
            if lane.key == key and lane.call is None:
                lane.origin = origin
                return lane
        if len(self._lanes) >= MOST_LANES:
            free = [lane for lane in self._lanes if lane.call is None]
            if not free:
                return None
            self._close_lane(min(free, key=lambda lane: lane.used_at))
        lane = self._new_lane(origin)
        self._lanes.append(lane)
        return lane

    def _new_lane(self, origin: Origin) -> _Lane:
        try:
            listener = _listen()
            if self._owner_known is None:
                self._owner_known = _is_owner_told(listener)
                if not self._owner_known:
                    log.event(self.logger, logging.INFO, "系统不告知连接属于哪个进程，改用随机路径辨认")
            lane = _Lane(self, listener, origin, ask_owner=self._owner_known)
            threading.Thread(target=lane.accept, name="vcshim-lane", daemon=True).start()
        except (OSError, RuntimeError, MemoryError) as error:
            number = getattr(error, "errno", None)
            cause = errno.errorcode.get(number, str(number)) if number else type(error).__name__
            raise CannotListen(f"不能在 {LOOPBACK} 上监听（{cause}）") from error
        return lane

    def _close_lane(self, lane: _Lane) -> None:
        with contextlib.suppress(ValueError):
            self._lanes.remove(lane)
        lane.close()


class _Lane:
    """One port. Its methods are called by its own thread, by those of its tees, and by the Recorder."""

    def __init__(self, recorder: Recorder, listener: socket.socket, origin: Origin, *, ask_owner: bool) -> None:
        self._recorder = recorder
        self._listener = listener
        self._ask_owner = ask_owner
        self._tees: set[Tee] = set()
        self._dead = False
        self._accepting = False
        self.local: tuple[str, int] = listener.getsockname()[:2]
        self.authority = f"{self.local[0]}:{self.local[1]}".encode("ascii")
        self.prefix = b"" if ask_owner else b"/" + secrets.token_hex(8).encode("ascii")
        self.key = _key(origin)
        self.origin = origin
        self.call: LaneCall | None = None
        self.used_at = 0.0

    # ---- connections -------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Serve connections until the lane is closed."""
        while not self._dead:
            try:
                wait_readable([(self._listener, True, False)], None)
                self._accepting = True
                self._admit(*_accept(self._listener))
            except BlockingIOError:
                pass  # it has gone again
            except OSError:
                time.sleep(_RETRY_SECONDS)  # too many open files: retried
            finally:
                self._accepting = False
                self.caught_up()
        close(self._listener)

    def _admit(self, client: socket.socket, peer: tuple[str, int]) -> None:
        own = is_own(peer, self._listener) if self._ask_owner else True
        if self._dead:
            close(client, reset=True)
        elif own:
            self._serve(client)
        else:
            self._note_refused("已拒绝来自其他程序的连接" if own is False else "已拒绝系统没有告知属于谁的连接")
            close(client)

    @property
    def is_behind(self) -> bool:
        """Whether connections or bytes of the vendor's DLL are there that were not passed on; with the lock."""
        # NB: in the order in which they go on: what is taken meanwhile is met again where it goes.
        return self._is_waited_for() or self._accepting or any(tee.is_behind for tee in self._tees)

    def _is_waited_for(self) -> bool:
        return not self._dead and bool(wait_readable([(self._listener, True, False)], 0))

    def _serve(self, client: socket.socket) -> None:
        try:
            tee = Tee(client, self)
        except OSError:
            close(client, reset=True)
            return

        def run() -> None:
            try:
                tee.run()
            finally:
                with self._recorder.lock:
                    self._tees.discard(tee)
                    self._recorder.changed.notify_all()

        with self._recorder.lock:
            self._tees.add(tee)
        try:
            threading.Thread(target=run, name="vcshim-tee", daemon=True).start()
        except (RuntimeError, MemoryError):
            with self._recorder.lock:
                self._tees.discard(tee)
            close(client, reset=True)

    def close(self) -> None:
        """Serve nobody any more; with the recorder's lock."""
        if self._dead:
            return
        self._dead = True
        for tee in self._tees:
            tee.hang_up()
        # NB: closing a socket on which another thread waits does not wake it on Linux; a connection does.
        with contextlib.suppress(OSError), forks.new_socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.settimeout(1)
            sock.connect(self.local)

    # ---- for tees ----------------------------------------------------------------------------------------------------

    def names(self) -> Names:
        origin = self.origin
        forwarded, extra = self._recorder.connector.forwarded(origin.address)
        return Names(
            self.authority, self.prefix, origin.host, origin.authority, origin.prefix, forwarded, extra
        )  # fmt: skip

    def reached(self) -> None:
        with self._recorder.lock:
            if self.call is not None:
                self.call.reached = True

    def connect(self) -> Upstream:
        with self._recorder.lock:
            call, address = self.call, self.origin.address
            if self._dead:
                raise Abandoned
        try:
            return self._recorder.connector.connect(address)
        except Unreachable as error:
            with self._recorder.lock:
                if call is not None:
                    call.causes.append(str(error))
            if not self._recorder.said.times(str(error)):
                log.event(self._recorder.logger, logging.WARNING, "留存：连不上平台，什么都没有发出", cause=str(error))
            raise

    def begin_request(self, passage: Passage | None) -> Passage | None:
        with self._recorder.lock:
            if self._dead:
                raise Abandoned
            call = self._recorder.call_of(self)
            if call is None:
                return None
            call.reached = True
            call.requests += 1
            if passage is None or passage.over or passage not in call.passages:
                passage = Passage()
                call.passages.append(passage)
            return passage

    def caught_up(self) -> None:
        with self._recorder.lock:
            self._recorder.changed.notify_all()

    def refused(self) -> None:
        self._note_refused("已拒绝不带随机路径的请求")

    def refused_tls(self) -> None:
        with self._recorder.lock:
            if self.call is not None:
                self.call.spoke_tls = True

    def _note_refused(self, text: str) -> None:
        with self._recorder.lock:
            if self.call is not None:
                self.call.refused += 1
        if not self._recorder.said.times(text):
            log.event(self._recorder.logger, logging.WARNING, text)


def _key(origin: Origin) -> _OriginKey:
    return origin.address.secure, origin.address.peer.host.lower(), origin.address.peer.port


def _listen() -> socket.socket:
    """A listening socket on 127.0.0.1 that no other program can share."""
    sock = forks.new_socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        sock.bind((LOOPBACK, 0))
        sock.listen(_BACKLOG)
        sock.settimeout(0)
    except OSError:
        sock.close()
        raise
    return sock


def _accept(listener: socket.socket) -> tuple[socket.socket, tuple[str, int]]:
    with forks.gate:
        client, peer = listener.accept()
        forks.track(client)
    return client, peer[:2]


def _is_owner_told(listener: socket.socket) -> bool:
    """Whether the system tells whose a connection is, tried on one of our own."""
    with forks.new_socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(2)
        sock.connect(listener.getsockname()[:2])
        while True:
            wait_readable([(listener, True, False)], 2)
            client, peer = _accept(listener)
            with client:
                if peer == sock.getsockname()[:2]:  # else a stranger came first
                    return is_own(peer, listener) is True
