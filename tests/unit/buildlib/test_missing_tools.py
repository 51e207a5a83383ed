"""A missing tool: one message, a failure, and everything else runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from buildlib import check, console, environment, levels, style, tools
from buildlib.layout import ROOT

TESTS = """
import pytest

from buildlib import tools
from tests.support.needs import NotBuilt


@pytest.fixture(scope="module")
def compiler():
    tools.require("gcc")


@pytest.mark.parametrize("number", range(30))
def test_of_a_fixture(compiler, number):
    raise RuntimeError("not reached")


@pytest.mark.needs("gcc", "network")
def test_of_a_mark():
    raise RuntimeError("not reached")


def test_of_a_product():
    raise NotBuilt("win32")


def test_of_nothing():
    pass
"""


def run_pytest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """TESTS on a machine without any program."""
    (folder / "test_it.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", *words, str(folder)]
    env = {**os.environ, "PATH": str(folder), "PYTEST_ADDOPTS": "", "PYTEST_XDIST_WORKER": ""}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("parallel", ["0", "2"])
def test_one_message(tmp_path: Path, parallel: str) -> None:
    done = run_pytest(tmp_path, "-n", parallel)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"= 1 passed, 32 missing in |= 32 missing, 1 passed in ", done.stdout)
    assert done.stdout.count("32 tests did not run: ") == 1
    assert done.stdout.count("Debian packages: gcc libc6-dev iproute2") == 1
    assert "31 of them need gcc" in done.stdout and "1 of them need dist/win32" in done.stdout
    assert done.stdout.count("dist/win32 is not built: python3 build_dll.py win32") == 1
    assert len(done.stdout.splitlines()) < 25


def test_a_quick_run_tells_and_does_not_fail(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "-n", "0", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "32 tests did not run: " in done.stdout


def test_every_mark_and_level_names_a_set() -> None:
    pattern = re.compile(r"mark\.needs\(([^)]*)\)|tools\.require\(([^)]*)\)")
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    words = [word for text in texts for match in pattern.findall(text) for word in match if word]
    names = {name.strip().strip('"') for word in words for name in word.split(",")}
    assert names and names - {"*marker.args", "*program.tools"} <= set(tools.SETS)
    assert set(levels.tools(levels.LEVELS)) <= set(tools.SETS)


# ---- installing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A Debian without any program, as root; the commands that are run on it."""
    commands: list[list[str]] = []

    def run(argv: list[str], **_: object) -> str:
        commands.append(argv)
        return ""

    monkeypatch.setattr(tools, "DEBIAN", tmp_path)
    monkeypatch.setattr(tools, "_is_root", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(console, "run", run)
    return commands


def test_only_missing_sets_are_installed(debian: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tools.SETS, "here", tools.ToolSet(("here-package",)))
    with pytest.raises(tools.Missing) as caught:
        tools.install("here", "chromium")
    assert [words[-2:] for words in debian] == [["DPkg::Lock::Timeout=300", "update"], ["chromium", "chromium-driver"]]
    assert "still not found" in str(caught.value) and caught.value.names == ("chromium",)


def test_thirty_two_bits_are_added_first(debian: list[list[str]]) -> None:
    with pytest.raises(tools.Missing):
        tools.install("wine")
    assert debian[0] == ["dpkg", "--add-architecture", "i386"]


def test_nobody_else_may_install(debian: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_is_root", lambda: False)
    with pytest.raises(tools.Missing) as caught:
        tools.install("mingw", "freepascal")
    assert "Debian packages: gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 fp-compiler fpc-source. " in str(caught.value)
    assert debian == []


def test_an_apt_that_fails_keeps_no_test_from_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests run, products of other levels are not built, and the run has failed with the one message."""
    started: list[object] = []

    def call(argv: list[str], **_: object) -> int:
        started.append(argv)
        return 1

    def no_tools(*names: str) -> None:
        raise tools.Missing(names, "apt is away.")

    monkeypatch.setattr(environment, "ensure", lambda *lists: None)
    monkeypatch.setattr(style, "run", lambda: 0)
    monkeypatch.setattr(tools, "install", no_tools)
    monkeypatch.setattr(subprocess, "call", call)
    with pytest.raises(console.Failed) as caught:
        check.run(["tests/unit", "tests/simulator"])
    assert len(started) == 1
    assert str(caught.value).count("apt is away.") == 1
