"""Captured calls in numbers, for `python3 build_dll.py captures`: many in many threads, and hosts that are killed.

A host is the C client, on Linux or under Wine; what is looked at is what the product has kept.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shim.capture.record import CapturedCall
from tests.support.clients import PROGRAMS, Kind, Reply, Rig, chdir_line, export_lines, load_line, path_of
from tests.support.vendors import people
from tests.support.vendors.hosts import VendorHost, call_lines, place_replaced
from tests.support.vendors.platform import Platform
from tests.support.vendors.replacing import captures
from tests.support.vendors.rows import VendorRow

LIMIT = 3600.0


@dataclass
class Load:
    """What came of a host with many calls.

    Attributes:
        mixed: serial numbers whose OutData, request or answer is of another call.
        lost: those that the host got an answer for and that were not kept.
        twice, problems: as the platform saw them.
        memory: kilobytes of the host, resident, now and then.
    """

    seconds: float
    answered: int
    kept: int
    mixed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


def many_calls(
    row: VendorRow, kind: Kind, rig: Rig, folder: Path, count: int, threads: int, kill_after: float | None = None
) -> Load:
    """One program with `count` calls in `threads` threads; killed after so many seconds, if any."""
    host = place_replaced(row, kind, folder)
    calls = people.calls(row, count, orders="9527")
    with Platform("127.0.0.2") as platform:
        lines = [load_line(kind, row.dll, host.library), chdir_line(kind, host.folder), f"threads {threads}"]
        lines += [*call_lines(row, platform.address(row), calls), "end"]
        began = time.monotonic()
        replies, memory = _run(host, rig, lines, kill_after)
        load = Load(time.monotonic() - began, len(replies), 0, memory=memory)
        load.twice, load.problems = platform.sent_twice(), list(platform.problems)
    kept = captures(host, rig)
    load.kept = len(kept)
    load.mixed = [reply.id for reply in replies if reply.id.encode() not in (reply.out or b"")]
    load.mixed += [serial for call in kept if not _is_whole(call, serial := _serial(call, row))]
    serials = {_serial(call, row) for call in kept}
    load.lost = [reply.id for reply in replies if reply.id not in serials]
    return load


def _serial(call: CapturedCall, row: VendorRow) -> str:
    found = re.search(
        r'"out_verify_no" ?: ?"(V\d+)"', (call.texts[1] or b"").decode(row.host_charset).replace("\\", "")
    )
    return found[1] if found else "?"


def _is_whole(call: CapturedCall, serial: str) -> bool:
    """Whether answer, request and OutData are of one call: the sign binds the request, the serial the answer."""
    out = call.out or b""
    return len(call.traffic) == 1 and serial.encode() in out and call.code == b"00" and bool(call.traffic[0].received)


def _run(host: VendorHost, rig: Rig, lines: list[str], kill_after: float | None) -> tuple[list[Reply], list[int]]:
    script, result, exports = (host.folder / name for name in ("script.txt", "result.txt", "exports.txt"))
    script.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    exports.write_text("".join(f"{line}\n" for line in export_lines()), encoding="ascii")
    words = [path_of(host.kind, path) for path in (rig.program(PROGRAMS[host.kind]), script, result, exports)]
    env = {**os.environ}
    if host.kind.startswith("win"):
        words, env = ["wine", *words], dict(rig.wine(host.kind).env)
    process = subprocess.Popen(
        words, cwd=host.folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    memory: list[int] = []
    with _watched(process.pid, memory):
        try:
            process.wait(timeout=LIMIT if kill_after is None else kill_after)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    text = result.read_text("ascii", errors="replace") if result.exists() else ""
    whole = [line for line in text.splitlines(keepends=True) if line.endswith("\n") and " us=" in line]
    return [Reply.parse(line.rstrip("\n")) for line in whole], memory


@contextlib.contextmanager
def _watched(pid: int, memory: list[int]) -> Iterator[None]:
    """Note the resident kilobytes of a process, ten times a second."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            with contextlib.suppress(OSError, IndexError):
                text = Path(f"/proc/{pid}/status").read_text()
                memory.append(int(text.split("VmRSS:")[1].split()[0]))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def killed_hosts(row: VendorRow, kind: Kind, rig: Rig, folder: Path, times: int, seed: int) -> list[Load]:
    """Hosts that are killed at random moments of their calls, each with captures of its own."""
    chance = random.Random(seed)
    least = 0.4 if kind.startswith("linux") else 1.5
    return [
        many_calls(row, kind, rig, folder / str(number), 3000, 8, chance.uniform(least, least + 2.5))
        for number in range(times)
    ]
