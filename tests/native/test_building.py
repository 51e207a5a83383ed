"""The native programs are built one by one, when they are asked for, and once for all workers."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from buildlib import clients, console, tools

STUB = "bad-linux/libVirtualCardChk.so"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The compilers that were started."""
    started: list[str] = []
    run = console.run

    def recorded(argv: list[str | Path], **words: object) -> str:
        started.append(str(argv[0]))
        return run(argv, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(clients, "FOLDER", tmp_path)
    monkeypatch.setattr(console, "run", recorded)
    return started


def test_once(compiled: list[str], tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(clients.program, [STUB] * 8))
    assert set(paths) == {tmp_path / STUB} and paths[0].exists()
    assert compiled == ["gcc"]


def test_again_for_other_sources(compiled: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clients.program(STUB)
    sources = tmp_path / "sources"
    shutil.copytree(clients.NATIVE, sources)
    monkeypatch.setattr(clients, "NATIVE", sources)
    clients.program(STUB)
    assert compiled == ["gcc"]
    with (sources / "badstub.c").open("a") as source_file:
        source_file.write("#error\n")
    with pytest.raises(console.Failed, match="#error"):
        clients.program(STUB)
    with pytest.raises(console.Failed):  # what failed is not taken for built
        clients.program(STUB)
    assert compiled == ["gcc"] * 3


def test_a_linux_program_needs_no_other_compiler(
    compiled: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: which(name) if name == "gcc" else None)
    done = subprocess.run([clients.program("client-linux")], check=False, capture_output=True)
    assert done.returncode != 0  # no script
    for name, lacking in {"client-console.exe": "mingw", clients.DELPHI: "freepascal"}.items():
        with pytest.raises(tools.Missing) as caught:
            clients.program(name)
        assert caught.value.names == (lacking,)
    assert compiled == ["gcc"]
