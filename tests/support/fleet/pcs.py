"""The PCs of a hospital, each a process of its own with folders of its own, and one that hands out their work.

A zygote imports the product once and forks a process for each PC, as many at a time as there is work for; every one
reads settings, looks at the central file and makes a call as a host does. What a PC reports is a row. Linux only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

AT_ONCE = 8  # processes; more only wait for the processors
_FIRST = "PC-000"  # is no PC of the hospital


@dataclass(frozen=True)
class Hospital:
    """Folders of PCs below `place`, and the central file that all of them name.

    Args:
        public_key: for [fleet] public_key.
    """

    place: Path
    public_key: str
    count: int

    @property
    def central(self) -> Path:
        """The file on the share."""
        return self.place / "share" / "central.ini"

    @property
    def names(self) -> list[str]:
        """PC-001 and so on."""
        return [f"PC-{number:03d}" for number in range(1, self.count + 1)]

    def set_up(self, own: Mapping[str, str] | None = None) -> None:
        """Make the folders; `own` is what single PCs have in their vcshim.ini besides."""
        self.central.parent.mkdir(parents=True)
        for name in (_FIRST, *self.names):
            his = self.place / name / "his"
            his.mkdir(parents=True)
            text = f"[fleet]\nsource = {self.central}\npublic_key = {self.public_key}\n[journal]\nenabled = off\n"
            (his / "vcshim.ini").write_text(text + (own or {}).get(name, ""), "utf-8")

    def day(self) -> dict[str, dict[str, Any]]:
        """Have every PC started once; what each reports, by name (`report`)."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.fleet.pcs", str(self.place), *self.names],
            cwd=ROOT, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return {row["pc"]: row for row in rows}


def report(place: Path, pc: str) -> dict[str, Any]:
    """Be the PC: a call before the look, the look, a call after it in a new process of the host."""
    os.environ["XDG_STATE_HOME"] = str(place / pc / "local")
    from shim import configuration, workstation
    from shim.call_port import Port
    from shim.fleet.store import FleetStore
    from shim.fleet.take import look

    workstation.workstation_name.__code__ = (lambda: os.environ["VCSHIM_TEST_PC"]).__code__
    os.environ["VCSHIM_TEST_PC"] = pc
    his, store = place / pc / "his", FleetStore()
    result = look(his, store, pc)
    answer = Port(his).answer("VirtualCardTrans", [b"", b"{}"], 0, 2048)
    data = store.data()
    return {
        "pc": pc,
        "process": os.getpid(),
        "outcome": result.outcome.key,
        "serial": result.serial,
        "kept": None if data is None else len(data),
        "keep_days": configuration.read(his).log.keep_days,
        "text": answer.out.decode("gbk"),
    }


def main(words: Iterable[str]) -> None:
    """Fork a process for each PC; each writes its row to standard output."""
    place, *names = words
    from shim import call_port

    call_port._watch_fleet = lambda *_: True  # each looks at a moment of the test's
    report(Path(place), _FIRST)  # so that all is imported that a PC needs
    running: set[int] = set()
    for name in names:
        if len(running) >= AT_ONCE:
            running.remove(os.wait()[0])
        child = os.fork()
        if child == 0:
            code = 1
            try:
                row = json.dumps(report(Path(place), name)) + "\n"
                os.write(1, row.encode())  # less than a pipe takes at once: no row is torn
                code = 0
            finally:
                os._exit(code)
        running.add(child)
    while running:
        running.remove(os.wait()[0])


if __name__ == "__main__":
    main(sys.argv[1:])
