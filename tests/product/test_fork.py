"""A Linux host that forks: in every way, beside calling threads, before and during the first call. A host in C.

The long form is `python3 build_dll.py forks`. What Python's side does is in tests/unit/test_forks.py and beside the
rooms; what a host in Python does is elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.forks import host
from tests.support.forks.peer import Peer
from tests.support.logs import log, start_note
from tests.support.product import Product, install

pytestmark = pytest.mark.needs("linux", "gcc")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with Peer() as running:
        yield running


@pytest.fixture
def product(tmp_path: Path) -> Product:
    return install("linux-c", tmp_path / "his")


@pytest.mark.parametrize("engine", ["socket", "requests"])
def test_every_kind_of_child_beside_calling_threads(product: Product, engine: str) -> None:
    """Each process is told of its own people, over connections of its own. Not one child is refused, but for clones."""
    seen, errors, report = host.run_unstalled(product.folder, "beside", 78, more=f"engine = {engine}\n")
    assert host.faults(seen, report) == {}, errors
    assert (seen.children, seen.executed, seen.cloned_refused, seen.refused) == (90, 18, 12, 0)
    assert seen.right == report.requests > seen.children
    pids = {row["pid"] for row in log(product.folder)}
    assert len(pids) > 40  # and every line of each can be read


def test_children_of_a_host_that_has_not_called(product: Product) -> None:
    seen, errors, report = host.run_unstalled(product.folder, "before", 26)
    assert host.faults(seen, report) == {}, errors
    assert (seen.refused, seen.children) == (0, 30)


def test_children_that_are_forked_during_the_first_call(product: Product, peer: Peer) -> None:
    """The fork waits for the start. One that has begun while the core is loaded cannot: its child is refused."""
    seen, errors = host.run(product.folder, peer, "first", 12, forkers=4)
    assert host.faults(seen, peer.report()) == {}, errors
    assert seen.right + seen.refused == seen.calls == 25
    assert seen.right > 1


def test_children_that_are_forked_while_a_library_is_at_work(product: Product, peer: Peer, tmp_path: Path) -> None:
    """SQLite waits for a file that another process has, with locks of its own: no child can use anything of ours."""
    file = tmp_path / "stuck.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        more = f"[simulator]\nfile = {file}\n"
        seen, errors = host.run(product.folder, peer, "stuck", 2, forkers=1, urls=("sim:", peer.http), more=more)
    assert host.faults(seen, peer.report()) == {}, errors
    assert (seen.calls, seen.refused, seen.children) == (4, 4, 2)
    assert peer.report().requests == 0


def test_children_of_a_host_whose_threads_use_the_c_library(product: Product) -> None:
    """A child may find its locks held for ever: of the time zone, of character sets, of the resolver."""
    seen, errors, report = host.run_unstalled(product.folder, "busy", 40, url=lambda peer: peer.http)
    assert host.faults(seen, report) == {}, errors
    assert (seen.refused, seen.right) == (0, 81)


def test_children_that_can_check_no_certificate(product: Product) -> None:
    """OpenSSL asks gmtime, whose lock a thread of the host may have held: such a child says so, and none hangs."""
    seen, errors, report = host.run_unstalled(product.folder, "busy", 40, url=lambda peer: peer.https)
    faults = host.faults(seen, report)
    unsent = [line for line in errors.splitlines() if ": 8004 " in line or ": -3 " in line]
    assert min(seen.failed, 5) == len(unsent), errors  # the host writes down the first five
    faults.pop("failed", None)
    assert faults == {}, errors
    assert seen.right + seen.failed == 81
    assert seen.right > 1


def test_children_of_the_bare_system_call(product: Product, peer: Peer) -> None:
    """Every call of both DLLs is refused, with nothing that could be held for ever, and nothing is sent."""
    seen, errors = host.run(product.folder, peer, "clone", 40)
    assert host.faults(seen, peer.report()) == {}, errors
    assert (seen.cloned_calls, seen.cloned_refused) == (80, 80)
    note = start_note(product.folder).read_text("utf-8-sig")
    assert note == "本进程由 clone 直接产生，不能使用 vcshim；请改用 fork，或 exec 程序后再调用\n"
    assert peer.report().requests == 1


def test_each_check_can_fail(product: Product, peer: Peer) -> None:
    """The negative control: calls that no platform answers, and one platform that is asked twice."""
    seen, errors = host.run(product.folder, peer, "before", 2, urls=("http://127.0.0.1:1/", "http://127.0.0.1:1/"))
    assert set(host.faults(seen, peer.report())) == {"failed"}
    assert "8004" in errors
