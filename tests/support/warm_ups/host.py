"""tests/native/warmhost.c with a product: its steps, and what it has noted of them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from buildlib import clients
from buildlib.wine import Wine, run_bounded
from tests.support.calls import VERIFY


@dataclass(frozen=True)
class Ended:
    """What was seen of a host.

    Attributes:
        code: the exit code; negative for a signal; None: it was still there at the time limit.
        steps: of each step that was over its name and its words, in order.
        text: what it wrote to stdout and stderr.
    """

    code: int | None
    steps: tuple[tuple[str, ...], ...]
    text: str

    def words(self, name: str) -> list[tuple[str, ...]]:
        """The words of all steps of that name."""
        return [words[1:] for words in self.steps if words[0] == name]


class Host:
    """Starts hosts with the product in `folder`.

    Args:
        wine: where Windows' programs run; None on Linux.
        library: what they load instead of the product.
    """

    def __init__(self, folder: Path, wine: Wine | None = None, *, library: Path | None = None) -> None:
        self._wine = wine
        self._library = library or folder / ("libVirtualCardChk.so" if wine is None else "VirtualCardChk.dll")

    def run(self, steps: Sequence[str], *, seconds: float = 60, env: dict[str, str] | None = None) -> Ended:
        """Carry out the steps."""
        with tempfile.TemporaryDirectory(prefix="warmhost-") as name:
            result, in_data = Path(name) / "result.txt", Path(name) / "in.json"
            in_data.write_bytes(VERIFY["in"].encode("gb18030"))
            words = [self._path(result), self._path(self._library), "sim:?sim=again:1", self._path(in_data), *steps]
            try:
                done = self._started(words, env or {}, seconds)
            except subprocess.TimeoutExpired:
                done = None
            lines = result.read_text().splitlines() if result.exists() else []
        noted = tuple(tuple(line.split(" ")) for line in lines)
        if done is None:
            return Ended(None, noted, "")
        return Ended(done.returncode, noted, done.stdout + done.stderr)

    def with_dllmain(self) -> str:
        """The step that loads a library whose DllMain calls."""
        return f"dllmain:{self._path(clients.program('warmhost.dll'))}"

    def _path(self, path: Path) -> str:
        return str(path) if self._wine is None else self._wine.windows_path(path)

    def _started(self, words: Sequence[str], env: dict[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
        if self._wine is not None:
            return self._wine.run([clients.program("warmhost.exe"), *words], env=env, timeout=seconds)
        program = [str(clients.program("warmhost")), *words]
        return run_bounded(program, cwd=None, env={**os.environ, **env}, timeout=seconds)
