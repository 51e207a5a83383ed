"""Runs Windows programs under Wine: one class, one prefix, always with a time limit.

A prefix is a copy of one that is made once for the version of Wine that is installed, in build/wine.

Not a Wine installer (buildlib/tools.py) and not for the product. Used by the build steps and the tests.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self, get_args

from buildlib import console, locks, tools
from buildlib.layout import BUILD

START_LIMIT = 180.0  # seconds for making a prefix; 10 to 20 are usual


_Arch = Literal["win32", "win64"]

_NOT_STARTED = "Application could not be started"  # Wine's start.exe


class Wine:
    """A fresh Wine prefix with a server of its own that stays up until close().

    Its programs show their windows on the X server `display`, all of its monitors included; nowhere without one.
    """

    def __init__(self, prefix: Path, arch: _Arch = "win32", display: str = "") -> None:
        tools.require("wine")
        self.prefix = prefix.absolute()
        self.arch = arch
        self.env = _environment(self.prefix, arch, display)
        self._idle: subprocess.Popen[bytes] | None = None
        if self.prefix.exists():
            self.close()
            shutil.rmtree(self.prefix)
        shutil.copytree(_model(arch), self.prefix, symlinks=True, copy_function=_link_program)
        # NB: services and desktop keep the standard handles of the program that starts them. Unless they are up before
        # the first captured run, that run's pipe stays open for as long as they run.
        # NB: the first program of a server runs `wineboot --init` itself, which starts services.exe. With --init here,
        # a second services.exe served the same pipe: services reported to the wrong one, each start timed out after
        # 10 seconds (error 1053), and a program that needs RpcSs, as printing does, waited 22 seconds.
        self._quietly(["wineserver", "-p"])
        self._quietly(["wine", "wineboot.exe"])
        # The desktop ends two seconds after the last program, and the next one waits a second for a new one. So one
        # program, which waits for its stdin, stays.
        self._idle = subprocess.Popen(
            ["wine", "cmd.exe"],
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._quietly(["wine", "rundll32.exe", "user32.dll,GetDesktopWindow"])

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 120,
        disk_files: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a Windows program; argv[0] may be a Unix path. `env` is added to the prefix's own environment.

        stdin is the null device, stdout and stderr are pipes; with `disk_files`, a folder, all three are files there.
        returncode has the low 8 bits of the Windows exit code only. Past `timeout` seconds the program and the
        children in its process group are killed and subprocess.TimeoutExpired is raised.
        """
        words = ["wine", *(str(word) for word in argv)]
        environ = {**self.env, **(env or {})}
        done = run_bounded(words, cwd=cwd, env=environ, timeout=timeout, disk_files=disk_files)
        # NB: seen once in thousands of starts: Wine cannot create the process, and says so. Nothing of the program ran.
        if done.returncode == 1 and done.stdout.startswith(_NOT_STARTED):
            done = run_bounded(words, cwd=cwd, env=environ, timeout=timeout, disk_files=disk_files)
        return done

    @staticmethod
    def windows_path(path: Path) -> str:
        """The path as Windows programs see it: drive Z: is the Unix root."""
        return "Z:" + str(PurePosixPath(path.absolute())).replace("/", "\\")

    def close(self) -> None:
        """End this prefix's server and every program still running in it; other prefixes are not touched."""
        _end_server(self.env)
        if self._idle is not None:
            self._idle.communicate(timeout=START_LIMIT)
            self._idle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _quietly(self, argv: Sequence[str]) -> None:
        try:
            _quietly(argv, self.env)
        except console.Failed:
            self.close()
            raise


def run_bounded(
    words: Sequence[str],
    *,
    cwd: Path | None,
    env: Mapping[str, str],
    timeout: float,
    disk_files: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program of any kind as Wine.run() does: its own process group, killed as a whole at the time limit."""
    stdin, stdout, stderr = subprocess.DEVNULL, subprocess.PIPE, subprocess.PIPE
    with ExitStack() as files:
        if disk_files is not None:
            (disk_files / "stdin.txt").touch()
            stdin = files.enter_context((disk_files / "stdin.txt").open("rb")).fileno()
            stdout = files.enter_context((disk_files / "stdout.txt").open("wb")).fileno()
            stderr = files.enter_context((disk_files / "stderr.txt").open("wb")).fileno()
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=dict(env),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    try:
        out, err = process.communicate(timeout=timeout)
    except BaseException:
        _kill_group(process)
        raise
    if disk_files is not None:
        out, err = ((disk_files / name).read_text(errors="replace") for name in ("stdout.txt", "stderr.txt"))
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def prepare() -> None:
    """Make what prefixes are copied from, so that no test waits for it. Raises tools.Missing, Failed."""
    tools.require("wine")
    for arch in get_args(_Arch):
        _model(arch)


def _model(arch: _Arch) -> Path:
    """The prefix that all others are copies of, made by the first process that asks; no server runs in it."""
    version = console.run(["wine", "--version"]).strip().replace(" ", "-").replace("/", "-")
    folder = BUILD / "wine" / f"{version}-{arch}"
    complete = folder / ".complete"
    with locks.only_one(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            env = _environment(folder, arch, "")
            try:
                _quietly(["wine", "wineboot.exe"], env)
                # By XRandR 1.4, Wine sees the outputs of the server, of which Xvfb has one; monitors come by Xinerama.
                key = r"HKEY_CURRENT_USER\Software\Wine\X11 Driver"
                _quietly(["wine", "reg.exe", "add", key, "/v", "UseXRandR", "/d", "N", "/f"], env)
            finally:
                _end_server(env)
                _quietly(["wineserver", "-w"], env)
            complete.touch()
    return folder


def _link_program(source: str, target: str) -> None:
    """Copy a file of a prefix; the hundreds of megabytes of Windows' programs, which nothing changes, are linked."""
    if source.endswith((".dll", ".exe", ".drv", ".sys", ".ocx", ".ttf", ".nls", ".tlb")):
        try:
            os.link(source, target)
        except OSError:  # on another file system
            pass
        else:
            return
    shutil.copy2(source, target)


def _quietly(argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Run one step of a start with nothing to inherit; Failed when it does not end well in time."""
    process = subprocess.Popen(
        argv,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=START_LIMIT)
    except subprocess.TimeoutExpired as error:
        _kill_group(process)
        raise console.Failed(f"still running after {START_LIMIT} s: {' '.join(argv)}") from error
    if code != 0:
        raise console.Failed(f"exit code {code} in Wine prefix {env['WINEPREFIX']}: {' '.join(argv)}")


def _end_server(env: Mapping[str, str]) -> None:
    subprocess.run(
        ["wineserver", "-k"],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=START_LIMIT,
        check=False,
    )


def _environment(prefix: Path, arch: str, display: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WINE", "PYTHON", "LC_"))}
    # No .NET, no browser engine, no menu entries; no debugger either: a crash has to end the program at once.
    overrides = "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe="
    return {
        **kept,
        "WINEPREFIX": str(prefix),
        "WINEARCH": arch,
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": overrides,
        "LC_ALL": "C.UTF-8",
        "DISPLAY": display,
    }


def _kill_group(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """Kill a process started with start_new_session, and whatever it started in the same group."""
    if sys.platform == "win32":
        raise NotImplementedError
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
