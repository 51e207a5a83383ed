"""Runs of a host with a made-up vendor's DLL, alone and with ours before it, and what capture has kept of them.

The host runs under Wine or on Linux; what was captured is read where its key can be opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from buildlib.clients import NATIVE
from buildlib.wine import Wine
from shim.capture.record import CapturedCall, from_bytes
from shim.capture.source import read_captures
from tests.support.clients import Kind, Reply, Rig, run_client
from tests.support.product import Product, shipped_python
from tests.support.vendors import people
from tests.support.vendors.hosts import VendorHost, place_replaced, place_vendor
from tests.support.vendors.http import Exchanged
from tests.support.vendors.people import VendorCall
from tests.support.vendors.platform import Platform
from tests.support.vendors.rows import VendorRow


@dataclass(frozen=True)
class Run:
    """One program of the host: its replies, and what the platform saw."""

    host: VendorHost
    platform: Platform
    calls: list[VendorCall]
    replies: list[Reply]
    exchanged: list[Exchanged]

    @property
    def trans(self) -> list[Reply]:
        """The replies of the Trans export."""
        serials = {call.serial for call in self.calls}
        return [reply for reply in self.replies if reply.id in serials]


def run_vendor(row: VendorRow, kind: Kind, rig: Rig, folder: Path, platform: Platform, count: int) -> Run:
    """The vendor's DLL alone."""
    return _run(place_vendor(row, kind, folder), rig, platform, people.calls(row, count))


def run_replaced(
    row: VendorRow,
    kind: Kind,
    rig: Rig,
    folder: Path,
    platform: Platform,
    count: int,
    *,
    mode: str = "capture",
    settings: str = "",
    last_ms: int = 0,
) -> Run:
    """Ours before it. One call more is answered after `last_ms`, if any: until then shadow has time."""
    calls = people.calls(row, count)
    if last_ms:
        calls += people.calls(row, 1, first=count, orders=f"P{last_ms}")
    return _run(place_replaced(row, kind, folder, mode, settings), rig, platform, calls)


def _run(host: VendorHost, rig: Rig, platform: Platform, calls: list[VendorCall]) -> Run:
    before = len(platform.exchanged)
    with platform.lock:
        platform.serials.clear()
    replies = run_client(host.kind, host.lines(platform.address(host.row), calls), rig=rig, timeout=300)
    with platform.lock:
        return Run(host, platform, calls, replies, platform.exchanged[before:])


def transcript(replies: Sequence[Reply]) -> list[Reply]:
    """What of the replies is not the time that a call took."""
    return [replace(reply, us=0) for reply in replies]


def kept_folder(host: VendorHost) -> Path | None:
    """The folder with the captures of the user of this run; None where there are none."""
    return next(iter((host.folder / "captures").glob("*")), None)


def status(host: VendorHost, rig: Rig) -> dict[str, Any]:
    """What `vcshim status --json` says of this folder."""
    words = [Wine.windows_path(host.folder / "vcshim" / "vcshim.exe"), "status", "--json", "--folder"]
    done = rig.wine32.run([*words, Wine.windows_path(host.folder)], timeout=120)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def captures(host: VendorHost, rig: Rig) -> list[CapturedCall]:
    """What the product has kept in this folder."""
    folder = kept_folder(host)
    if folder is None:
        return []
    if not host.kind.startswith("win"):
        return list(read_captures([folder]))
    target = host.folder / "captures.jsonl"
    python = shipped_python(Product(host.kind, host.folder))
    words = [python, NATIVE / "captured_rows.py", target, folder]
    done = rig.wine32.run([Wine.windows_path(word) for word in words], timeout=120)
    assert done.returncode == 0, done.stderr
    return [from_bytes(line) for line in target.read_bytes().splitlines()]
