"""The products of the build, each one call: `windows` for win32 and win64, `host` for this Linux, `package` zips."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from buildlib import compile as native
from buildlib import console, environment, runtime, sdk, swap_run
from buildlib.layout import FRONTS_FOLDER, HELP, LICENCES, LINUX, ROOT, RUNTIME, SAMPLE, WIN32, WIN64, Target
from buildlib.package import archive, bill, licences, signing
from shim import manifest

LISTS = ("run", "simulator", "help")
"""What a build needs: all of shim is imported before it is frozen, with what does not ship, too."""


def windows(target: Target, embeddable: Path | None = None, sign: Sequence[str] = ()) -> Path:
    """dist/win32 or dist/win64, ready to be copied into a HIS folder; signed by the command `sign`, if there is one."""
    _fresh(target)
    python_dll = runtime.fetch_windows(target, embeddable)
    reached = runtime.freeze(target, embeddable)
    native.build(target, python_dll)
    runtime.assemble(target, reached)
    swap_run.apply(target.folder)
    signing.sign(signing.programs(target.folder), sign)
    sdk.write(target)
    return _done(target)


def package(target: Target, embeddable: Path | None = None, sign: Sequence[str] = ()) -> Path:
    """dist/win32 or dist/win64, and a zip of it in dist/. Returns the zip."""
    windows(target, embeddable, sign)
    return archive.write(target)


def host(target: Target = LINUX) -> Path:
    """dist/host for this machine: the two Linux libraries, or the DLLs of this Python's kind on Windows itself."""
    if sys.platform == "win32":
        return windows(WIN64 if sys.maxsize > 2**32 else WIN32)
    environment.ensure("linux")
    _fresh(target)
    reached = runtime.freeze(target)
    native.build(target, None)
    runtime.assemble(target, reached)
    return _done(target)


def _fresh(target: Target) -> None:
    environment.ensure(*LISTS)
    shutil.rmtree(target.folder, ignore_errors=True)
    (target.folder / RUNTIME).mkdir(parents=True)
    target.work.mkdir(parents=True, exist_ok=True)


def _done(target: Target) -> Path:
    """The last step: the sample beside the DLLs, what makes the vcshim folder complete by itself, and its checksums."""
    ini = console.run([environment.python(), "-m", "shim.cli", "ini"], cwd=ROOT)
    (target.folder / SAMPLE).write_bytes(("\ufeff" + ini).replace("\n", "\r\n").encode())  # as Notepad has it
    runtime = target.folder / RUNTIME
    console.run([environment.python(), "-m", "buildlib.site.help_file", runtime / HELP], cwd=ROOT)
    fronts = runtime / FRONTS_FOLDER
    fronts.mkdir()
    for front in native.front_files(target):
        shutil.copy(front, fronts)
    if target.system == "windows":
        bill.write(runtime / LICENCES, target, licences.write(target))
    manifest.write_manifest(runtime)
    files = [path for path in target.folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    console.say(f"{target.folder.relative_to(target.folder.parent.parent)}: {len(files)} files, {size:.0f} MB")
    return target.folder
