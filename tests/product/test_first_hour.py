"""examples/first-hour.md, replayed: every command in it, in its order, and what it is said to print.

The two steps that make what the test level has made already are not run again: `build_dll.py demo` (CI runs it) and the
clone. In their place stand a copy of dist/host and a program .venv/bin/vcshim. The simulator gets a port of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from PIL import Image

from tests.support.interrupts import as_from_a_terminal
from tests.support.paths import ROOT
from tests.support.product import install

GUIDE = ROOT / "examples" / "first-hour.md"
MADE_BEFORE = ("python3 build_dll.py demo",)
PORT = "18080"
SERVER = ".venv/bin/vcshim --lang en simulator"


def blocks(text: str) -> list[list[tuple[str, list[str]]]]:
    """The blocks of the guide: the commands of each, with the lines that they print."""
    found = []
    for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE):
        steps: list[tuple[str, list[str]]] = []
        for line in block.splitlines():
            line = line.removeprefix("    ")
            if line.startswith("$ "):
                steps.append((line[2:], []))
            elif steps:
                steps[-1][1].append(line)
            else:
                steps.append(("", [line]))
        found.append(steps)
    return found


def lacking(output: str, expected: list[str]) -> list[str]:
    """The lines of `expected` that are not in the output, each as far as its … ."""
    lines = output.splitlines()
    return [line for line in expected if not any(_reads_as(each, line) for each in lines)]


def _reads_as(line: str, expected: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), line) is not None


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """What the first step leaves: the libraries, the command, the sources of the examples."""
    install("linux-c", tmp_path / "dist" / "host")
    (tmp_path / "dist" / "host" / "vcshim.ini").unlink(missing_ok=True)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    program = tmp_path / ".venv" / "bin" / "vcshim"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m shim.cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "build").mkdir()
    return tmp_path


def free_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


class Printed:
    """What a program has printed so far, read on a thread."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.text = ""
        self._changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, args=(process,), daemon=True)
        self.thread.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._changed:
                self.text += line
                self._changed.notify_all()

    def wait_for(self, expected: list[str]) -> None:
        """Until all these lines are there. The limit only ends a test that has failed."""
        with self._changed:
            assert self._changed.wait_for(lambda: not lacking(self.text, expected), 60), (expected, self.text)


@contextmanager
def simulator(command: str, desk: Path, environ: dict[str, str], port: str) -> Iterator[Printed]:
    process = subprocess.Popen(
        ["sh", "-c", f"exec {command} --port {port}"], cwd=desk, env=environ, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, preexec_fn=as_from_a_terminal,
    )  # fmt: skip
    printed = Printed(process)
    try:
        yield printed
    finally:
        process.kill()
        printed.thread.join()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_the_first_hour(desk: Path) -> None:
    port = free_port()
    steps = [step for block in blocks(GUIDE.read_text("utf-8").replace(PORT, port)) for step in block]
    commands = [command for command, _ in steps]
    assert commands[: len(MADE_BEFORE) + 1] == [*MADE_BEFORE, SERVER]
    environ = {**os.environ, "XDG_STATE_HOME": str(desk / "state"), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"}
    shell = ""  # what the reader's window keeps: its variables
    with simulator(SERVER, desk, environ, port) as printed:
        printed.wait_for(steps[len(MADE_BEFORE)][1])
        for command, expected in steps[len(MADE_BEFORE) + 1 :]:
            if not command:  # said of the simulator's window
                printed.wait_for([f"    {line}" for line in expected])
                continue
            if command.startswith("export "):
                shell += f"{command}\n"
                continue
            if command.startswith("build/example"):
                next_second()
            done = subprocess.run(
                ["bash", "-c", shell + command], cwd=desk, env=environ, capture_output=True, text=True, timeout=120,
                check=False,
            )  # fmt: skip
            assert lacking(done.stdout + done.stderr, expected) == [], (command, done.stdout, done.stderr)
            assert done.returncode == (1 if "999999" in command else 0), (command, done.stdout, done.stderr)
        look_at_the_console(f"http://127.0.0.1:{port}")
    with Image.open(desk / "build" / "label.png") as label:
        assert label.width > 300 and len(set(label.convert("L").tobytes())) > 1


def next_second() -> None:
    """The program makes its serial numbers of the time, to the second: a reader is slower than this test."""
    began = int(time.time())
    while int(time.time()) == began:
        time.sleep(0.02)


def look_at_the_console(url: str) -> None:
    """What the guide says that its pages show: the changed call, and the cause of the wrong sign."""
    calls = requests.get(f"{url}/_sim/calls", params={"method": "verify"}, timeout=20).json()
    page = {call["code"]: requests.get(f"{url}/console/calls/{call['number']}", timeout=20).text for call in calls}
    assert "&quot;treatment_code&quot;: &quot;010101&quot;" in page["0000"]
    assert "应用密钥之前应为 key=，收到的是 &amp;key=" in page["9003"]
