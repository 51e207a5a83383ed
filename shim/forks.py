"""What a forked child must not share with its parent, and what no fork may interrupt. Linux only; else it does nothing.

A host may fork at any moment, also while other threads are in calls. The child gets a copy of the memory, of every lock
as it stood, and of every descriptor, but only one thread. Before the child's first call returns, this module

- closes the child's copies of descriptors (`owns`, `track`), sending nothing: the parent goes on using its own;
- has every component that registered itself (`in_child`) forget what was the parent's, with locks that are new;
- makes importable again what another thread was importing.

A lock inside a C library cannot be made new. Native code that holds one while other threads of Python may run passes
through `gate`, which is closed before each fork. A fork that finds it occupied for a second sets `unsafe`: the child
can then use nothing of ours. `gate` is for work that ends by itself in moments, never for waiting.

The hooks run wherever Python forks (os.fork), and by native/forks_posix.c where C does. Not here: what a component does
with what it has. Used by everything that holds a descriptor or a lock between calls; imports nothing of the project.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import struct
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Any

_CLOSE_SECONDS = 1.0  # how long a fork waits for all of the below
_IMPORT_SECONDS = 0.5  # of these for imports, which the child can do again
_LOOK_UP_SECONDS = 0.05  # a look-up that takes longer waits for the network, and holds no lock meanwhile
_POLL_SECONDS = 0.0002
_ROW = struct.Struct("=iQQ")

unsafe = False
"""True between a fork that could not close the gate and its end, and for ever in the child. Read by C before a fork."""

descriptors = b""
"""For each descriptor that the child must not keep: its number, st_dev and st_ino (`=iQQ`). Read by C before a fork."""

lost = False
"""Whether this process is the child of such a fork: nothing of ours may be used in it, nor in its own children."""

parent = 0
"""In a forked child, the process that it was forked from."""

happened = False
"""Whether this process or one before it has forked: a child may hold copies of what is open here."""


class Gate:
    """Sections that no fork may interrupt: one that would begin while it is closed waits. Any thread.

    Sections may be nested. One costs a microsecond at most.
    """

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Open it, in a child: nobody is inside any more."""
        self._inside: dict[int, int] = {}  # by thread: how many sections are nested
        self._closed = False
        self._closing = threading.Lock()

    def __enter__(self) -> None:
        thread = threading.get_ident()
        inside = self._inside
        if thread in inside:
            inside[thread] += 1
            return
        inside[thread] = 1  # before looking, as close() closes before it looks
        while self._closed:
            del inside[thread]
            with self._closing:
                pass
            inside[thread] = 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        thread = threading.get_ident()
        if self._inside[thread] == 1:
            del self._inside[thread]
        else:
            self._inside[thread] -= 1

    def close(self, end: float) -> bool:
        """Keep threads from entering, and wait until nobody is inside; False if somebody is at `end` (monotonic)."""
        self._closing.acquire()
        self._closed = True
        return _wait(lambda: not self._inside, end)

    def open(self) -> None:
        """Let threads enter again."""
        if self._closed:
            self._closed = False
            self._closing.release()


gate = Gate()
"""For native code that holds locks of a C library without the interpreter's: OpenSSL, SQLite."""

look_ups = Gate()
"""For the system's resolver, which holds locks for moments, and none while it waits for the network."""


# ---- registering -----------------------------------------------------------------------------------------------------

# In the order of their registration: a weak reference to the object, None for a plain function, and the function.
_Methods = dict[int, tuple[weakref.ref[Any] | None, Callable[..., Any]]]
_befores: _Methods = {}
_owners: _Methods = {}
_childs: _Methods = {}
_numbers = itertools.count()
_sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
_kept: list[object] = []


def before_fork(method: Callable[[], None]) -> None:
    """Have `method` called before a fork, in the parent, with the gate closed. Its object is referenced weakly."""
    _add(_befores, method)


def owns(method: Callable[[], Iterable[int]]) -> None:
    """Have the descriptors that `method` names closed in a child, where nobody else must close them any more.

    Their owner is to forget them (`in_child`). A descriptor must be out of `method` before it is closed.
    """
    _add(_owners, method)


def in_child(method: Callable[[], None]) -> None:
    """Have `method` called in a child, where all other threads are gone; its object is referenced weakly.

    It must make new whatever lock another thread may have held, and must neither wait nor send.
    """
    _add(_childs, method)


def track(sock: socket.socket) -> None:
    """Have the child's copy of `sock` closed, and `sock` with it, without a word to the peer."""
    if sys.platform != "win32":
        _sockets.add(sock)


def new_socket(family: int, kind: int) -> socket.socket:
    """A socket that is tracked. No fork falls between the two: without its lock Python is slow to get to the second."""
    with gate:
        sock = socket.socket(family, kind)
        track(sock)
        return sock


def keep(thing: object) -> None:
    """Never let go of `thing`, whose destructor would do something to the parent's."""
    _kept.append(thing)


def hang_up(sock: socket.socket) -> None:
    """End a connection before it is closed: while a child holds a copy, closing tells nobody. Never raises."""
    if happened:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _add(methods: _Methods, method: Callable[[], Any]) -> None:
    if sys.platform != "win32":
        owner, function = getattr(method, "__self__", None), getattr(method, "__func__", method)
        reference = None if owner is None else weakref.ref(owner, lambda _: methods.pop(number, None))
        number = next(_numbers)
        methods[number] = reference, function


def _alive(methods: _Methods) -> Iterator[Callable[[], Any]]:
    for reference, function in list(methods.values()):
        if reference is None:
            yield function
        elif (owner := reference()) is not None:
            yield partial(function, owner)


_HELD_SECONDS = 2.0  # after which a lock that is held for moments counts as held for ever
_time_zone_lock: bool | None = None  # whether it is held, once that is known


def is_time_zone_locked() -> bool:
    """Whether the C library's lock of the time zone will never be free in this process.

    A thread of the host that was inside localtime or gmtime at the fork holds it, and the child does not have that
    thread. OpenSSL, which checks the dates of certificates by gmtime, would wait for ever. Any thread; the first answer
    of a child takes two seconds if it is yes.
    """
    global _time_zone_lock
    if not parent:
        return False
    if _time_zone_lock is None:
        import ctypes

        # NB: not time.gmtime, which keeps the interpreter's lock while it waits.
        gmtime = ctypes.CDLL(None).gmtime_r
        moment, fields = ctypes.c_longlong(0), ctypes.create_string_buffer(128)  # a time_t, room for a struct tm
        probe = threading.Thread(target=gmtime, args=(ctypes.byref(moment), fields), name="vcshim-clock", daemon=True)
        probe.start()
        probe.join(_HELD_SECONDS)
        _time_zone_lock = probe.is_alive()
    return _time_zone_lock


# ---- the three moments -----------------------------------------------------------------------------------------------

_forking = threading.Lock()  # held from the first moment to the second
_forker = _forking_process = 0  # the thread that forks, and its process


def _before() -> None:
    global unsafe, happened, descriptors, _forker, _forking_process
    _forking.acquire()
    _forker, _forking_process = threading.get_ident(), os.getpid()
    unsafe = True  # also if something below fails
    happened = True
    end = time.monotonic() + _CLOSE_SECONDS
    _wait(lambda: not _is_importing(), end - _CLOSE_SECONDS + _IMPORT_SECONDS)
    look_ups.close(min(end, time.monotonic() + _LOOK_UP_SECONDS))
    if gate.close(end):
        for method in _alive(_befores):
            method()
        unsafe = lost
    descriptors = b"".join(_rows())


def _after_in_parent() -> None:
    global unsafe, descriptors
    unsafe, descriptors = lost, b""
    gate.open()
    look_ups.open()
    _forking.release()


def _after_in_child() -> None:
    global unsafe, descriptors, parent, lost, _forking, _time_zone_lock
    _forking = threading.Lock()
    _time_zone_lock = None
    gate.renew()
    look_ups.renew()
    rows, descriptors = descriptors, b""
    lost, parent = True, _forking_process
    if unsafe:
        return  # nothing of ours may be touched
    unsafe = True  # also if something below fails
    _forget_unfinished_imports()
    for number, device, inode in _ROW.iter_unpack(rows):
        # NB: C has closed it already, or the host has; the number may be one of the host's own.
        if _identity(number) == (device, inode):
            os.close(number)
    for sock in list(_sockets):
        sock.detach()
    _sockets.clear()
    for method in _alive(_childs):
        method()
    unsafe = lost = False


def _rows() -> Iterable[bytes]:
    numbers = [number for method in _alive(_owners) for number in method()]
    for number in (*numbers, *(sock.fileno() for sock in list(_sockets))):
        identity = _identity(number)
        if identity is not None:
            yield _ROW.pack(number, *identity)


def _identity(number: int) -> tuple[int, int] | None:
    """What a descriptor leads to; None if it is not open."""
    try:
        status = os.fstat(number)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _wait(condition: Callable[[], bool], end: float) -> bool:
    """Wait until `condition` holds, at most until `end`; whether it does."""
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(_POLL_SECONDS)
    return True


# ---- imports ---------------------------------------------------------------------------------------------------------


def _bootstrap() -> Any:
    return sys.modules["_frozen_importlib"]


def _module_locks() -> dict[str, Any]:
    """The locks of the modules that are being imported just now, by name."""
    locks: dict[str, Any] = _bootstrap()._module_locks
    return locks


def _is_importing() -> bool:
    """Whether any thread but the one that forks is importing."""
    locks = [reference() for reference in list(_module_locks().values())]
    return any(lock is not None and lock.owner not in (None, _forker) for lock in locks)


def _forget_unfinished_imports() -> None:
    """Have what another thread was importing imported anew: its lock will never be released, its module never be whole.

    CPython itself makes only the lock of all imports new.
    """
    locks, waiting = _module_locks(), _bootstrap()._blocking_on
    for name, reference in list(locks.items()):
        lock = reference()
        if lock is None or lock.owner != _forker:
            del locks[name]
            _forget_unfinished(name)
    for thread in list(waiting):
        if thread != _forker:
            del waiting[thread]


def _forget_unfinished(name: str) -> None:
    """Forget the module `name` if it is not whole, and all that is in it if it is a package."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    if getattr(spec, "_initializing", False):
        for each in list(sys.modules):
            if each == name or each.startswith(name + "."):
                del sys.modules[each]


if sys.platform != "win32":
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
