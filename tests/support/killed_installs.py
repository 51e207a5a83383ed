"""Runs of vcshim.exe that are killed at random moments, under Wine: `python3 build_dll.py installs [--count N]`.

Each round is a HIS folder of its own with the vendor's DLLs, and a run that is killed: an installation, an upgrade with
other DLLs, a way back or an uninstallation. Then a HIS loads and calls both DLLs, which must answer, whosever they
are; an installation is run again, and an uninstallation gives back what was there, to the byte. Prints what was found;
the exit code is 1 if anything was. What a run leaves after each single operation is tests/unit/install's matter, on
stand-ins.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.support.clients import Kind, Rig
from tests.support.setups import Site, make_site, other_version, own_copy

_KIND: Kind = "win32-c"
_OURS = [b"1004", b"-5"]
_KINDS_OF_RUN = ("install", "upgrade", "rollback", "uninstall")
_LIMIT, _PATIENCE = 300.0, 90.0


class KilledRuns:
    """The programs, and how long each kind of run takes when nothing kills it.

    One thread; the folders are removed by their owner.
    """

    def __init__(self, rig: Rig, folder: Path) -> None:
        self._rig = rig
        self._folder = folder
        self._program = own_copy(_KIND, folder / "one" / "vcshim")
        self._other = other_version(_KIND, folder / "other" / "vcshim", fronts=True)
        self._seconds = {kind: self._measured(kind) for kind in _KINDS_OF_RUN}

    def round(self, kind: str, number: int, share: float) -> list[str]:
        """What was wrong after a run that was killed once `share` of its usual time was over."""
        site, before = self._site(f"{number}")
        vendor = [reply.returned for reply in site.call()]
        self._prepare(site, kind)
        ended = self._kill(site, kind, share * self._seconds[kind])
        wrong = []
        answers = [reply.returned for reply in site.call()]
        if any(each not in pair for each, pair in zip(answers, zip(vendor, _OURS, strict=True), strict=True)):
            wrong.append(f"a DLL does not answer: {answers}")
        if site.files()["vcshim.ini"] != before["vcshim.ini"]:
            wrong.append("vcshim.ini was changed")
        code, said = site.run(self._other, "install", site.path)
        if code or not site.answers():
            wrong.append(f"a new installation ended with {code}: {said[-300:]}")
        code, said = site.run(self._program, "uninstall", site.path)
        if code or not _until_same(site, before):
            wrong.append(f"an uninstallation ended with {code}: {said[-300:]}; {sorted(site.files())}")
        shutil.rmtree(site.folder.parent)
        return [f"{each} ({'ended' if ended else 'killed'})" for each in wrong]

    def _site(self, name: str) -> tuple[Site, dict[str, bytes]]:
        site = make_site(_KIND, self._rig, self._folder / name)
        return site, site.files()

    def _prepare(self, site: Site, kind: str) -> None:
        """What has to be there before a run of that kind."""
        for program in {"upgrade": [self._program], "rollback": [self._program, self._other]}.get(
            kind, [] if kind == "install" else [self._program]
        ):
            code, said = site.run(program, "install", site.path)
            assert code == 0, said

    def _words(self, site: Site, kind: str) -> list[str]:
        program = self._other if kind == "upgrade" else self._program
        return ["wine", str(program), "install" if kind == "upgrade" else kind, site.path]

    def _kill(self, site: Site, kind: str, seconds: float) -> bool:
        """Start a run and kill it; whether it had ended by then."""
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            self._words(site, kind), env=site.wine.env, stdin=nothing, stdout=nothing, stderr=nothing
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
        return True

    def _measured(self, kind: str) -> float:
        site, _ = self._site(f"measured-{kind}")
        self._prepare(site, kind)
        began = time.monotonic()
        assert self._kill(site, kind, _LIMIT), f"{kind} does not end"
        seconds = time.monotonic() - began
        shutil.rmtree(site.folder.parent)
        return seconds


def _until_same(site: Site, before: dict[str, bytes]) -> bool:
    """Whether the folder is as it was, at the latest once the trial of a killed run has ended."""
    end = time.monotonic() + _PATIENCE
    while site.files() != before:
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; 0 if nothing was."""
    parser = argparse.ArgumentParser(prog="installs", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="runs that are killed (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: 1)")
    options = parser.parse_args(arguments)
    chance, found, rounds = random.Random(options.seed), 0, Counter[str]()
    with tempfile.TemporaryDirectory(prefix="installs-") as folder:
        rig = Rig(Path(folder) / "rig")
        try:
            runs = KilledRuns(rig, Path(folder))
            for number in range(options.count):
                kind = _KINDS_OF_RUN[number % len(_KINDS_OF_RUN)]
                share = chance.random()
                wrong = runs.round(kind, number, share)
                rounds[kind] += 1
                found += bool(wrong)
                for each in wrong:
                    print(f"round {number}, {kind}, at {share:.3f} of its time: {each}", flush=True)
        finally:
            rig.close()
    print(f"{dict(rounds)}: {f'{found} rounds with findings' if found else 'nothing found'}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
