"""The package that a hospital downloads: one zip of a finished set, 说明.txt and the checksums of all files.

The same set gives the same bytes: names are sorted, and every file has the time of the commit. Also keeps a package
within its limits, and prints its figures.
"""

from __future__ import annotations

import os
import subprocess
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildlib import compile as native
from buildlib import console
from buildlib.layout import DIST, ROOT, Target
from buildlib.package import read_me
from shim import manifest

_EARLIEST = 315532800  # 1980-01-01, before which a zip has no time
_REGULAR_FILE = 0o100644 << 16
_LEFT_OUT = frozenset({"vcshim_log", "vcshim.ini"})  # of somebody who tried the set where it was built


@dataclass(frozen=True)
class Limits:
    """What a package may take: bytes of the zip, bytes on the disk, files."""

    packed: int
    installed: int
    files: int


LIMITS: Mapping[str, Limits] = {"win32": Limits(15_000_000, 30_000_000, 100)}


def write(target: Target) -> Path:
    """Pack a finished set; the zip, in dist/.

    Raises:
        Failed: it is larger than its limits.
    """
    name = f"virtualcard-shim-{native.version()}-{target.name}"
    files = contents(target)
    output = DIST / f"{name}.zip"
    moment = time.gmtime(max(commit_time(), _EARLIEST))[:6]
    with zipfile.ZipFile(output, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", moment)
            entry.create_system = 3  # as on Linux, whoever builds
            entry.external_attr = _REGULAR_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=9)
    figures = Limits(output.stat().st_size, sum(map(len, files.values())), len(files))
    console.say(
        f"{output.relative_to(ROOT)}: {figures.packed / 1e6:.1f} MB, "
        f"installed {figures.installed / 1e6:.1f} MB in {figures.files} files"
    )
    if exceeded := beyond(figures, LIMITS.get(target.name)):
        raise console.Failed(f"the package for {target.name} is too large: {'; '.join(exceeded)}")
    return output


def contents(target: Target) -> dict[str, bytes]:
    """The files of a package by their paths in it, sorted."""
    paths = (path for path in target.folder.rglob("*") if path.is_file())
    files = {path.relative_to(target.folder).as_posix(): path for path in paths}
    data = {name: path.read_bytes() for name, path in files.items() if name.partition("/")[0] not in _LEFT_OUT}
    text = read_me.TEXT.format(version=native.version(), bits=target.bits)
    data[read_me.FILE] = ("\ufeff" + text).replace("\n", "\r\n").encode()
    data[manifest.FILE] = manifest.list_of_bytes(data).content
    return dict(sorted(data.items()))


def beyond(figures: Limits, limits: Limits | None) -> list[str]:
    """What of a package is beyond its limits, which it has to stay under."""
    if limits is None:
        return []
    rows = (
        ("bytes packed", figures.packed, limits.packed),
        ("bytes installed", figures.installed, limits.installed),
        ("files", figures.files, limits.files),
    )
    return [f"{value:,} {what}, under {limit:,} allowed" for what, value, limit in rows if value >= limit]


def commit_time() -> int:
    """When the commit that is built was made, in seconds; SOURCE_DATE_EPOCH goes before it. 0 outside a checkout."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    words = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 0
    return int(done.stdout) if done.returncode == 0 and done.stdout.strip() else 0
