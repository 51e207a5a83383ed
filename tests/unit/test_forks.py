"""What a forked child has of its parent, and what a fork waits for, with os.fork, which runs the same hooks as C's."""

from __future__ import annotations

import gc
import os
import secrets
import socket
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shim import forks
from tests.support.forked import in_child
from tests.support.scanners import Background


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork gives up at once."""
    monkeypatch.setattr(forks, "_CLOSE_SECONDS", 0.05)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    while not condition():
        threading.Event().wait(0.001)


class Occupied:
    """A section of a gate that another thread is in until `leave`."""

    def __init__(self, gate: forks.Gate) -> None:
        self._gate = gate
        self._inside, self._end = threading.Event(), threading.Event()
        self._thread = Background(self._run)
        assert self._inside.wait(60)

    def _run(self) -> None:
        with self._gate:
            self._inside.set()
            assert self._end.wait(60)

    def leave(self) -> None:
        self._end.set()
        self._thread.result()


@pytest.fixture(params=["gate", "look_ups"])
def occupied(request: pytest.FixtureRequest) -> Iterator[Occupied]:
    made = Occupied(getattr(forks, request.param))
    yield made
    made.leave()


# ---- the gate --------------------------------------------------------------------------------------------------------


def test_a_fork_waits_for_the_end_of_a_section() -> None:
    ended: list[bool] = []

    def work() -> None:
        with forks.gate:
            inside.set()
            until(lambda: forks.gate._closed)  # the fork is waiting
            ended.append(True)

    inside = threading.Event()
    thread = Background(work)
    assert inside.wait(60)
    assert in_child(lambda: (ended, forks.lost)) == ([True], False)
    thread.result()
    assert not forks.unsafe


@pytest.mark.parametrize("name", ["gate", "look_ups"])
def test_a_section_waits_for_the_end_of_a_fork(name: str) -> None:
    """And a child does not inherit the wait."""
    gate: forks.Gate = getattr(forks, name)
    entered: list[bool] = []

    def work() -> None:
        with gate:
            entered.append(True)

    gate.close(0)
    thread = Background(work)
    until(lambda: threading.active_count() > 1)
    threading.Event().wait(0.05)
    assert entered == []
    gate.open()
    thread.result()
    assert entered == [True]

    def child() -> list[bool]:
        work()
        return entered

    assert in_child(child) == [True, True]


def test_a_section_inside_another_does_not_wait() -> None:
    """It would wait for itself."""
    inside = threading.Event()
    ended: list[bool] = []

    def work() -> None:
        with forks.gate:
            inside.set()
            until(lambda: forks.gate._closed)
            with forks.gate:
                ended.append(True)

    thread = Background(work)
    assert inside.wait(60)
    assert in_child(lambda: (ended, forks.lost)) == ([True], False)
    thread.result()


@pytest.mark.usefixtures("impatient")
def test_a_section_that_does_not_end() -> None:
    """The child is lost, and so are its own children. The parent is not."""
    section = Occupied(forks.gate)
    calls: list[str] = []

    class Component:
        def work(self) -> None:
            calls.append("called")

    component = Component()
    forks.in_child(component.work)
    assert in_child(lambda: (forks.lost, in_child(lambda: forks.lost), calls)) == (True, True, [])
    assert not forks.unsafe and not forks.lost
    section.leave()
    assert in_child(lambda: (forks.lost, calls)) == (False, ["called"])


def test_a_look_up_that_does_not_end() -> None:
    """It waits for the network, and holds no lock meanwhile."""
    section = Occupied(forks.look_ups)

    def child() -> bool:
        with forks.look_ups:
            return forks.lost

    assert not in_child(child)
    section.leave()


def test_c_is_told_before_the_fork(monkeypatch: pytest.MonkeyPatch, impatient: None) -> None:
    """`unsafe` stays until the end of the fork, and is gone then."""
    seen: list[bool] = []
    forks._before()
    seen.append(forks.unsafe)
    forks._after_in_parent()
    section = Occupied(forks.gate)
    forks._before()
    seen.append(forks.unsafe)
    forks._after_in_parent()
    section.leave()
    assert (seen, forks.unsafe) == ([False, True], False)


def test_two_forks_at_a_time() -> None:
    results = [Background(lambda: [in_child(os.getppid) for _ in range(20)]) for _ in range(4)]
    for each in results:
        assert each.result() == [os.getpid()] * 20
    assert not forks.unsafe


@pytest.mark.parametrize("moment", ["before_fork", "in_child"])
def test_a_method_that_fails(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what the child has: it is lost. The parent goes on, and can fork."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)

    class Component:
        def work(self) -> None:
            raise ValueError("on purpose")

    component = Component()
    getattr(forks, moment)(component.work)
    assert in_child(lambda: forks.lost)
    assert not forks.unsafe and not forks.lost
    del component
    gc.collect()
    assert not in_child(lambda: forks.lost)


# ---- components and descriptors --------------------------------------------------------------------------------------


class Owner:
    """Has a file, as the log has one."""

    def __init__(self, path: Path) -> None:
        self.file: int | None = os.open(path, os.O_RDWR | os.O_CREAT)
        forks.owns(self.descriptors)
        forks.in_child(self.forget)

    def descriptors(self) -> list[int]:
        return [] if self.file is None else [self.file]

    def forget(self) -> None:
        self.file = None


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_a_descriptor_is_closed_in_the_child_only(tmp_path: Path) -> None:
    owner = Owner(tmp_path / "file")
    number = owner.file
    assert number is not None
    assert in_child(lambda: (is_open(number), owner.file)) == (False, None)
    assert is_open(number) and owner.file == number
    os.close(number)


def test_a_number_that_the_host_uses_again_is_not_closed(tmp_path: Path) -> None:
    """C runs the hooks with the first call of the child: by then a daemon has closed everything it did not know."""
    owner = Owner(tmp_path / "ours")
    number = owner.file
    assert number is not None
    rows = b"".join(forks._rows())

    def daemon() -> str:
        os.dup2(os.open(tmp_path / "theirs", os.O_RDWR | os.O_CREAT), number)
        forks.descriptors = rows
        forks._after_in_child()
        return os.readlink(f"/proc/self/fd/{number}")

    assert _bare_fork(daemon) == str(tmp_path / "theirs")
    os.close(number)


def _bare_fork(work: Callable[[], str]) -> str:
    """A child without any of Python's hooks, as one of C's is before its first call."""
    import ctypes

    reading, writing = os.pipe()
    child = ctypes.PyDLL(None).fork()
    if child == 0:
        try:
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text


def test_a_lock_of_the_time_zone_that_nobody_holds() -> None:
    assert not forks.is_time_zone_locked()  # the parent
    assert not in_child(forks.is_time_zone_locked)


def test_a_lock_of_the_time_zone_that_is_held_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a thread that the child does not have: here gmtime_r never returns."""
    never = threading.Event()
    monkeypatch.setattr("ctypes.CDLL", lambda _: SimpleNamespace(gmtime_r=lambda *_: never.wait()))
    monkeypatch.setattr(forks, "_HELD_SECONDS", 0.1)
    assert not forks.is_time_zone_locked()
    assert in_child(forks.is_time_zone_locked)


def test_what_is_gone_is_not_called(tmp_path: Path) -> None:
    calls: list[str] = []

    class Component:
        def work(self) -> list[int]:
            calls.append("called")
            return []

    component = Component()
    registers: tuple[Callable[[Any], None], ...] = (forks.before_fork, forks.owns, forks.in_child)
    for register in registers:
        register(component.work)
    assert in_child(lambda: len(calls)) == 3
    assert len(calls) == 2
    del component
    gc.collect()
    assert in_child(lambda: len(calls)) == 2


def test_the_peer_of_a_socket_hears_nothing_of_the_child() -> None:
    ours, peer = socket.socketpair()
    forks.track(ours)
    number = ours.fileno()

    def child() -> tuple[bool, int]:
        was_open = is_open(number)
        ours.close()
        return was_open, ours.fileno()

    assert in_child(child) == (False, -1)
    ours.send(b"still here")
    assert peer.recv(100) == b"still here"
    peer.close()
    ours.close()


def test_no_fork_falls_between_a_socket_and_its_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system has it, and Python waits for its lock, which the fork has."""
    made: list[int] = []

    class Slow(socket.socket):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(self.fileno())
            until(lambda: forks.gate._closed)

    monkeypatch.setattr(socket, "socket", Slow)
    thread = Background(lambda: forks.new_socket(socket.AF_INET, socket.SOCK_STREAM))
    until(lambda: bool(made))
    monkeypatch.undo()
    assert in_child(lambda: is_open(made[0])) is False
    thread.result().close()


def test_a_peer_learns_of_the_end_although_a_child_has_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    for happened, heard in ((False, False), (True, True)):
        monkeypatch.setattr(forks, "happened", happened)
        ours, peer = socket.socketpair()
        copy = os.dup(ours.fileno())  # as a child has that makes no call
        forks.hang_up(ours)
        ours.close()
        peer.setblocking(False)
        assert (_end(peer), is_open(copy)) == (heard, True)
        os.close(copy)
        peer.close()


def _end(peer: socket.socket) -> bool:
    try:
        return peer.recv(1) == b""
    except BlockingIOError:
        return False


def test_random_values_and_names_differ() -> None:
    def values() -> tuple[str, str]:
        return secrets.token_hex(8), uuid.uuid4().hex

    drawn = [value for pair in (in_child(values), in_child(values), values()) for value in pair]
    assert len(set(drawn)) == 6


def test_a_child_knows_its_parent() -> None:
    assert in_child(lambda: (forks.parent, forks.happened)) == (os.getpid(), True)


# ---- imports ---------------------------------------------------------------------------------------------------------

_SLOW = """
import {package}.part
import tests.unit.test_forks as test
test.importing.set()
test.go_on.wait()
VALUE = 1
"""
importing, go_on = threading.Event(), threading.Event()


@pytest.fixture(params=[False, True], ids=["module", "package"])
def slow(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module that another thread is importing."""
    monkeypatch.setattr(forks, "_IMPORT_SECONDS", 0.02)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "tests.unit.test_forks", sys.modules[__name__])
    name = f"slow_{'package' if request.param else 'module'}"
    package = name if request.param else "slow_parts"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / package / "part.py").write_text("PART = 2\n")
    file = tmp_path / name / "__init__.py" if request.param else tmp_path / f"{name}.py"
    file.write_text(_SLOW.format(package=package))
    importing.clear()
    go_on.clear()
    thread = Background(lambda: __import__(name))
    assert importing.wait(60)
    yield name
    go_on.set()
    thread.result()
    for each in [each for each in sys.modules if each.startswith("slow_")]:
        del sys.modules[each]


def test_what_another_thread_was_importing(slow: str) -> None:
    """The child imports it anew, whole, with its parts; the parent's thread goes on."""

    def child() -> tuple[int, int]:
        go_on.set()
        module = __import__(slow)
        parts = __import__(f"{slow if slow == 'slow_package' else 'slow_parts'}.part")
        return module.VALUE, parts.part.PART

    assert in_child(child) == (1, 2)


def test_a_fork_waits_for_an_import_that_ends(slow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that most children find it done."""
    monkeypatch.setattr(forks, "_IMPORT_SECONDS", 60)
    monkeypatch.setattr(forks, "_CLOSE_SECONDS", 60)

    def release() -> None:
        until(lambda: forks.unsafe)  # the fork has begun
        go_on.set()

    thread = Background(release)
    assert in_child(lambda: sys.modules[slow].VALUE) == 1
    thread.result()


def test_what_the_thread_that_forks_is_importing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on in the child, too."""
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "import sys\nfrom tests.support.forked import in_child\nVALUE = in_child(lambda: __name__ in sys.modules)\n"
    (tmp_path / "slow_fork.py").write_text(text)
    module = __import__("slow_fork")
    del sys.modules["slow_fork"]
    assert module.VALUE is True
