"""tests/native/forkhost.c with a product and a platform: what its processes saw, as numbers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from buildlib import clients
from tests.support.forks.peer import Peer, Report, in_data, settings

Command = Literal["beside", "before", "first", "stuck", "busy", "clone"]

_GIVEN_UP = 1_000_000  # microseconds: _CLOSE_SECONDS of shim/forks.py


@dataclass(frozen=True)
class Seen:
    """What the processes of a host saw.

    Attributes:
        calls: made, but for those of clones.
        right: answers about the person who was asked for.
        foreign: answers about another.
        refused: calls of forked children that were refused because of the fork.
        failed: all other calls.
        children: that ended.
        hung: of them by their alarm.
        crashed: of them otherwise than with success.
        executed: that became another program.
        leaked: descriptors of the parent that a child still had after its calls.
        taken: descriptors of its own that a child lost.
        cloned_calls: calls of children that were made by the bare system call.
        cloned_refused: of them.
        longest_fork, longest_refusal: microseconds.
    """

    calls: int
    right: int
    foreign: int
    refused: int
    failed: int
    children: int
    hung: int
    crashed: int
    executed: int
    leaked: int
    taken: int
    cloned_calls: int
    cloned_refused: int
    longest_fork: int
    longest_refusal: int

    def faults(self) -> dict[str, int]:
        """What must not be, by name; empty where all is well. Refusals are not among them."""
        counts = {
            name: int(getattr(self, name)) for name in ("foreign", "failed", "hung", "crashed", "leaked", "taken")
        }
        counts["clones that were not refused"] = self.cloned_calls - self.cloned_refused
        return {name: count for name, count in counts.items() if count}


def run(
    folder: Path,
    peer: Peer,
    command: Command,
    count: int,
    *,
    calls: int = 2,
    threads: int = 4,
    forkers: int = 2,
    urls: tuple[str, ...] = (),
    more: str = "",
    timeout: float = 600,
) -> tuple[Seen, str]:
    """Run the host with the product in `folder`; what it saw, and what it wrote to stderr.

    Args:
        count: of children, but for their own children.
        calls: of each child.
        threads: that call while the others fork.
        forkers: threads that fork.
        urls: by turns of VirtualCardTrans and NationEcTrans; http and https of both, if not given.
        more: of vcshim.ini.
    """
    ini = folder / "vcshim.ini"
    ini.unlink(missing_ok=True)
    ini.write_text(settings(f"{more}\n[validate]\nlevel = off\n"))
    (folder / "vc").write_bytes(in_data("@" * 48))
    (folder / "ec").write_bytes(_ec_in_data("@" * 48))
    urls = urls or (peer.http, peer.http, peer.https, peer.https)
    libraries = [folder / f"lib{name}.so" for name in ("VirtualCardChk", "NationECCode")]
    words = [clients.program("forkhost"), *libraries, folder / "vc", folder / "ec", command]
    numbers = map(str, (count, calls, threads, forkers))
    with subprocess.Popen(
        [*words, *numbers, *urls], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        try:
            out, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, (process.returncode, errors)
    values = dict(line.split("=") for line in out.splitlines())
    return Seen(**{field.name: int(values[field.name]) for field in fields(Seen)}), errors


def run_unstalled(
    folder: Path, command: Command, count: int, *, url: Callable[[Peer], str] | None = None, more: str = ""
) -> tuple[Seen, str, Report]:
    """`run` with a platform of its own, and what that saw; all calls go to `url` of it.

    A fork that has to wait for a second gives it up, and its child can use nothing (shim/forks.py). On a machine that
    stands still for as long that shows nothing: then all is run again, twice at most.
    """
    for attempt in range(3):
        with Peer() as peer:
            urls = () if url is None else (url(peer), url(peer))
            seen, errors = run(folder, peer, command, count, urls=urls, more=more)
            report = peer.report()
        if seen.longest_fork < _GIVEN_UP or attempt == 2:
            break
    return seen, errors, report


def faults(seen: Seen, report: Report) -> dict[str, object]:
    """What must not be, in what the host and the platform saw."""
    found: dict[str, object] = dict(seen.faults())
    found |= {name: value for name in ("twice", "shared", "odd") if (value := getattr(report, name))}
    return found


def _ec_in_data(name: str) -> bytes:
    fields = {
        "ecQrCode": "4240000000000000000300350000",
        "orgId": "H00000000001",
        "businessType": "01101",
        "businessInfo": "01",
        "operatorId": "9527",
        "operatorName": name,
        "officeId": "32760",
        "officeName": "内科",
    }
    whole = {"orgId": "H00000000001", "transType": "ec.query", "data": fields, "extra": {}}
    return json.dumps(whole, ensure_ascii=False).encode("gb18030")
