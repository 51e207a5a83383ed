"""The libraries prepare for calls when they are loaded, on a thread of ours: what it gives, and what it may not cost.

The long form, with hundreds of hosts for each way to end, is `python3 build_dll.py warm-ups`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from pathlib import Path

import pytest

from buildlib import tools
from tests.support.clients import Kind, Rig
from tests.support.paths import ROOT
from tests.support.product import install
from tests.support.warm_ups.host import Host
from tests.support.warm_ups.ways import WAYS, Way, fault

KINDS: tuple[Kind, ...] = ("linux-c", "win32-c")
# Microseconds from the loading to the end: before the thread has begun, while the core is loaded, in Python, behind it.
MOMENTS = (0, 2_000, 15_000, 60_000, 150_000)
LOST_BY_WINE = (
    None,
    -signal.SIGSEGV,
    -signal.SIGKILL,
)  # it hangs, crashes in Wine's own code, or is killed by its server
ATTEMPTS = 4


@pytest.fixture
def host(rig: Rig, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A fresh installation for the kind of the test, which may have an ini."""
    kind: Kind
    kind, ini = request.param
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    product = install(kind, tmp_path / "his").ini(ini)
    return Host(product.folder, rig.wine32 if kind.startswith("win") else None)


def each_kind(ini: str = "") -> pytest.MarkDecorator:
    """For each kind of `KINDS`, with that vcshim.ini."""
    return pytest.mark.parametrize("host", [(kind, ini) for kind in KINDS], indirect=True, ids=KINDS)


@each_kind()
def test_all_is_ready_without_a_call(host: Host) -> None:
    """The thread ends by itself, and the call that comes then is answered."""
    ended = host.run(["core", "load", "settled", "core", "call", "return"])
    assert ended.code == 7
    assert ended.words("core") == [("absent",), ("loaded",)]
    assert ended.words("settled") == [("1",)]
    assert [words[0] for words in ended.words("call")] == ["00"]


@each_kind("[start]\nwarm_up = off\n")
def test_switched_off(host: Host) -> None:
    ended = host.run(["load", "settled", "core", "wait:300000", "core", "threads", "call", "core", "return"])
    assert ended.code == 7
    assert ended.words("core") == [("absent",), ("absent",), ("loaded",)]
    assert ended.words("threads") == [("1",)]


@pytest.mark.parametrize("ini", [b"\0\0", b"[start]\nwarm_up = off\n\0"], ids=["NULs", "a NUL at the end"])
def test_a_file_that_cannot_be_read(rig: Rig, tmp_path: Path, ini: bytes) -> None:
    """Nobody knows what the site wants: the first call starts the component, and is refused."""
    product = install("linux-c", tmp_path / "his")
    (product.folder / "vcshim.ini").write_bytes(ini)
    ended = Host(product.folder).run(["load", "settled", "core", "call", "return"])
    assert ended.words("core") == [("absent",)]
    assert [words[0] for words in ended.words("call")] == ["8006"]


@each_kind()
def test_a_folder_that_is_missing_at_first(host: Host, tmp_path: Path) -> None:
    """Nothing is said before a call, and the call finds what has come back."""
    runtime, aside = tmp_path / "his" / "vcshim", tmp_path / "aside"
    runtime.rename(aside)
    ended = host.run(["load", "settled", "core", "return"])
    assert (ended.code, ended.words("core"), ended.text) == (7, [("absent",)], "")
    assert not list((tmp_path / "his").glob("vcshim-start*"))
    aside.rename(runtime)
    assert [words[0] for words in host.run(["load", "call", "return"]).words("call")] == ["00"]


@each_kind()
@pytest.mark.parametrize("way", [way for way in WAYS if not way.inside], ids=lambda way: way.name)
def test_a_host_that_ends_meanwhile(host: Host, way: Way, request: pytest.FixtureRequest) -> None:
    """With its own exit code, and its calls answered, at whatever moment.

    NB: Wine loses programs that end while a thread is at work, on a busy machine one in ten of those that end within a
    millisecond: as many in a row as `ATTEMPTS` fail (docs/design/warm-up.md).
    """
    wine = "win32-c" in request.node.name
    for moment in MOMENTS:
        steps = ["load", f"wait:{moment}", *(step.format(pause=2000) for step in way.steps)]
        for _ in range(ATTEMPTS):
            ended = host.run(steps)
            if not (wine and ended.code in LOST_BY_WINE):
                break
        assert fault(way, ended, wine=wine) == "", (moment, ended)


@pytest.mark.parametrize("host", [("win32-c", "")], indirect=True)
@pytest.mark.parametrize("waited", [0, 20, 100])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_call_from_a_dllmain_meanwhile(host: Host, moment: int, waited: int) -> None:
    """It holds the loader's lock, for which the thread waits: it is answered, or refused as not started; and later ones
    are answered."""
    steps = ["load", f"wait:{moment}", host.with_dllmain(), "call", "return"]
    ended = host.run(steps, env={"WAITED_IN_DLLMAIN": str(waited)})
    assert ended.code == 7
    assert ended.words("dllmain") in ([("1004",)], [("8009",)])  # InData lacks its method; or it was not read
    assert [words[0] for words in ended.words("call")] == ["00"]


# ---- priority --------------------------------------------------------------------------------------------------------


def test_the_priority_of_the_thread_on_linux(tmp_path: Path) -> None:
    """SCHED_BATCH until a call hurries it, from whichever thread; there is one such thread at a time."""
    tools.require("linux", "gcc")
    library = tmp_path / "warm_up.so"
    source = ROOT / "native" / "warm_up_posix.c"
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o", library], check=True)
    warm_up = ctypes.CDLL(str(library))
    policies = []
    child = os.fork()
    if child == 0:  # a process of its own, whose main thread it may be
        warm_up.vcshim_warm_up_hurry()
        policies += [os.sched_getscheduler(0), warm_up.vcshim_warm_up_begin(), os.sched_getscheduler(0)]
        policies += [warm_up.vcshim_warm_up_begin(), warm_up.vcshim_is_warming_up()]
        warm_up.vcshim_warm_up_hurry()
        policies += [os.sched_getscheduler(0), warm_up.vcshim_warm_up_end(), warm_up.vcshim_is_warming_up()]
        expected = [os.SCHED_OTHER, 1, os.SCHED_BATCH, 0, 1, os.SCHED_OTHER]
        os._exit(policies[:6] != expected or policies[7] != 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_priority_of_the_thread_on_windows(rig: Rig) -> None:
    """Below normal; normal while it loads a library, and once a call hurries it."""
    done = rig.wine32.run([rig.program("priorities.exe")])
    assert done.stdout.split() == ["0", "-1", "0", "0", "-1", "-1", "0", "0", "0"]
