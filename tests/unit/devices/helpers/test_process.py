"""Helper processes: how they start, and that none remains."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shim.devices.helpers.job import ProcessJob
from shim.devices.helpers.process import end_helper, kill_helper, start_helper
from tests.support.desk import wait_until
from tests.support.paths import ROOT

HANGS = "import time; print('READY', flush=True); time.sleep(600)"


@contextmanager
def helper(program: str, *, bufsize: int = -1) -> Iterator[subprocess.Popen[bytes]]:
    """One that runs `program`; it ends with the test."""
    with start_helper((sys.executable, "-c", program), bufsize=bufsize) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def close_stdin(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()


@pytest.mark.parametrize("bufsize", [-1, 0])
def test_it_runs_in_its_own_folder_on_two_pipes(bufsize: int) -> None:
    """Not in the host's folder, which a helper would keep from being removed; what it says on stderr is discarded."""
    program = "import os, sys; sys.stderr.write('x'); print(os.getcwd()); print(sys.stdin.readline())"
    with helper(program, bufsize=bufsize) as process:
        assert process.stdin is not None and process.stderr is None
        process.stdin.write(b"hello\n")
        close_stdin(process)
        assert [line(process), line(process)] == [os.path.realpath(Path(sys.executable).parent).encode(), b"hello"]
        end_helper(process, 60)
        assert process.returncode == 0


def test_a_program_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        start_helper((str(tmp_path / "vcshim.exe"), "wedge-helper"))


def test_one_that_ends_is_not_killed() -> None:
    with helper("import sys; sys.stdin.read(); sys.exit(7)") as process:
        close_stdin(process)
        end_helper(process, 60)
        assert process.returncode == 7


@pytest.mark.needs("linux")
def test_one_that_hangs_is_killed() -> None:
    with helper(HANGS) as process:
        assert line(process) == b"READY"
        close_stdin(process)
        end_helper(process, 0.05)
        assert process.wait(60) == -signal.SIGKILL
        kill_helper(process)  # and once more does no harm


def test_a_system_that_does_not_let_it_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded all the same, and no exception."""

    def denied() -> None:
        raise PermissionError(5, "denied")

    with helper(HANGS) as process:
        with monkeypatch.context() as patch:
            patch.setattr(process, "kill", denied)
            end_helper(process, 0.05)
        assert process.poll() is None


@pytest.mark.needs("linux")
def test_a_helper_ends_with_a_host_that_is_killed(tmp_path: Path) -> None:
    """Although it ignores its stdin, as one that hangs does."""
    number = tmp_path / "number"
    inner = (
        "import os, pathlib, time; from shim.devices.helpers.parent import end_with_parent; end_with_parent()\n"
        f"path = pathlib.Path({str(number)!r}); path.with_suffix('.new').write_text(str(os.getpid()))\n"
        "path.with_suffix('.new').rename(path); time.sleep(600)"
    )
    outer = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from shim.devices.helpers.process import start_helper\n"
        f"helper = start_helper((sys.executable, '-c', {inner!r})); time.sleep(600)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    host = subprocess.Popen([sys.executable, "-c", outer, str(ROOT)], env=env)
    wait_until(number.exists)
    pid = int(number.read_text())
    assert Path(f"/proc/{pid}").exists()
    host.kill()
    host.wait()
    wait_until(lambda: not running(pid))


def running(pid: int) -> bool:
    """False for a process that is gone, or ended and waited for by no parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.needs("linux")
def test_a_job_is_of_windows() -> None:
    """On Linux it does nothing: a helper goes on when it is closed."""
    with helper(HANGS) as process:
        job = ProcessJob()
        job.add(process)
        job.close()
        job.close()
        time.sleep(0.05)
        assert process.poll() is None
