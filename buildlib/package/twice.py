"""`build_dll.py twice`: whether two builds of one commit, in two folders, are the same bytes.

The second build runs in a clone of the checkout, in a folder whose name has Chinese and a blank. Both use one `.venv`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from buildlib import compile as native
from buildlib import console, environment, product, toolbox
from buildlib.layout import DIST, ROOT, VENV, Target
from buildlib.package import archive

_LIMIT = 3600.0


def run(targets: Sequence[Target], *, with_toolbox: bool = False) -> int:
    """Build the packages of `targets` here and there, and the toolboxes if asked for; 0 if no byte differs.

    Raises:
        Failed: a build failed, or the checkout has changes that the clone would not have.
    """
    if changes := console.run(["git", "status", "--porcelain"], cwd=ROOT).strip():
        raise console.Failed(f"commit first, so that there is one commit to be built twice:\n{changes}")
    environment.ensure("run", "package")
    os.environ["SOURCE_DATE_EPOCH"] = str(archive.commit_time())  # also if somebody commits meanwhile
    with tempfile.TemporaryDirectory(prefix="twice-") as folder:
        clone = Path(folder) / "第二处 build"
        console.run(["git", "clone", "-q", ROOT, clone])
        (clone / VENV.name).symlink_to(VENV.resolve(), target_is_directory=True)
        for target in targets:
            product.package(target)
            _there(clone, "package", target)
            if with_toolbox:
                toolbox.build(target)
                _there(clone, "toolbox", target)
        there = _files(clone / DIST.name, targets, with_toolbox)
        different = differences(_files(DIST, targets, with_toolbox), there)
    for line in different:
        console.say(f"differs: {line}")
    console.say(f"{len(different)} files differ between two builds of one commit")
    return 1 if different else 0


def differences(here: Mapping[str, bytes], there: Mapping[str, bytes]) -> list[str]:
    """The files that are not the same in both builds, by their paths and digests; sorted."""
    return sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))


def _there(clone: Path, command: str, target: Target) -> None:
    console.say(f"{command} {target.name} in another folder")
    console.run([sys.executable, "build_dll.py", command, target.name], cwd=clone, env=os.environ, timeout=_LIMIT)


def _files(dist: Path, targets: Iterable[Target], with_toolbox: bool) -> dict[str, bytes]:
    """The digests of what the builds have left for these targets, by path."""
    names = [name for each in targets for name in (each.name, f"virtualcard-shim-{native.version()}-{each.name}.zip")]
    names += [f"toolbox-{target.name}" for target in targets if with_toolbox]
    places = [dist / name for name in names]
    paths = [path for place in places for path in ([place] if place.is_file() else place.rglob("*")) if path.is_file()]
    return {path.relative_to(dist).as_posix(): hashlib.sha256(path.read_bytes()).digest() for path in paths}
