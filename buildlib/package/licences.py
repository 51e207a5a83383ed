"""The folder of licences in a set: NOTICE.txt, which lists what the set consists of, and the text of each licence.

Reads components.py and what the build has fetched; also finds out of each component which version it is.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from buildlib import compile as native
from buildlib import console
from buildlib.layout import LICENCES, ROOT, RUNTIME, Target
from buildlib.package.components import COMPONENTS, OF_TOOLBOX, OWN, TEXTS, Component

NOTICE = "NOTICE.txt"
_HEAD = """\
virtualcard-shim {version}

virtualcard-shim is MIT-licensed. It ships together with the works of others that are listed here, each under its own
licence. The texts are in this folder.

"""


@dataclass(frozen=True)
class Shipped:
    """A component as it is in a set: its version ("" where no file tells it), and the names of its texts."""

    component: Component
    version: str
    texts: tuple[str, ...]


def write(target: Target) -> list[Shipped]:
    """Fill the folder of licences of a set whose other files are all there. Returns what the set consists of.

    Raises:
        Failed: a file belongs to no component, a component has no file, no text or no version.
    """
    runtime = target.folder / RUNTIME
    _check(target, runtime)
    return _fill(runtime / LICENCES, COMPONENTS, target, target.work / "site")


def write_for_toolbox(folder: Path, target: Target, site: Path) -> list[Shipped]:
    """The same for vcshim-toolbox.exe, which has the components of the set and those of OF_TOOLBOX.

    Args:
        site: where its packages have been unpacked.
    """
    return _fill(folder, (*COMPONENTS, *OF_TOOLBOX), target, site)


def _fill(folder: Path, components: Iterable[Component], target: Target, site: Path) -> list[Shipped]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shipped = [_shipped(component, target, site, folder) for component in components]
    _write_text(folder / NOTICE, _HEAD.format(version=native.version()) + "".join(_paragraph(each) for each in shipped))
    return shipped


def unlisted(paths: Iterable[str]) -> list[str]:
    """Those of the paths in the vcshim folder that belong to no component."""
    patterns = [pattern for component in COMPONENTS for pattern in component.files]
    return [path for path in paths if not any(fnmatchcase(path, pattern) for pattern in patterns)]


def absent(paths: Iterable[str], modules: Iterable[str]) -> list[str]:
    """The components of which a set has nothing, neither a file nor a frozen module, although their rows name some."""
    paths, packages = list(paths), {module.partition(".")[0] for module in modules}
    return [
        each.name
        for each in COMPONENTS
        if (each.files and not any(fnmatchcase(path, pattern) for path in paths for pattern in each.files))
        or (each.module and each.module not in packages)
    ]


def _check(target: Target, runtime: Path) -> None:
    paths = [path.relative_to(runtime).as_posix() for path in sorted(runtime.rglob("*")) if path.is_file()]
    if wrong := unlisted(paths):
        raise console.Failed(f"no row of buildlib/package/components.py has these files: {' '.join(wrong)}")
    modules = (target.work / "reached.txt").read_text("ascii").splitlines()
    if wrong := absent(paths, modules):
        raise console.Failed(f"rows of buildlib/package/components.py name what is not in the set: {', '.join(wrong)}")


def _shipped(component: Component, target: Target, site: Path, folder: Path) -> Shipped:
    texts = []
    for source in _sources(component, site):
        name = _text_name(component, source)
        _write_text(folder / name, source.read_text("utf-8"))
        texts.append(name)
    return Shipped(component, _version(component, target, site), tuple(texts))


def _sources(component: Component, site: Path) -> list[Path]:
    """The files that hold the licence of a component."""
    found: list[Path] = []
    for pattern in component.texts:
        if pattern == OWN:
            matches = [ROOT / OWN]
        elif (ROOT / TEXTS / pattern).exists():
            matches = [ROOT / TEXTS / pattern]
        else:
            matches = [path for path in sorted(_dist_info(component, site).glob(pattern)) if path.is_file()]
        if not matches:
            raise console.Failed(f"{component.name}: no licence text {pattern}")
        found += matches
    return found


def _text_name(component: Component, source: Path) -> str:
    """`requests-NOTICE.txt` for a package's file, `sqlite.txt` for one of ours."""
    if source.is_relative_to(ROOT / TEXTS):
        return source.name
    stem = source.name.removesuffix(".md").removesuffix(".rst").removesuffix(".txt")
    return f"{component.name}-{stem}.txt"


def _version(component: Component, target: Target, site: Path) -> str:
    if component.module == "shim":
        return native.version()
    if component.package:
        return _dist_info(component, site).name.removesuffix(".dist-info").rpartition("-")[2]
    if not component.inside:
        return component.fixed
    (file,) = (target.folder / RUNTIME).glob(component.inside)
    match = re.search(component.version, file.read_bytes())
    if match is None:
        raise console.Failed(f"{file.name} does not tell the version of {component.name}: another release?")
    return match[1].decode("ascii")


def _dist_info(component: Component, site: Path) -> Path:
    (folder,) = site.glob(f"{component.package}-*.dist-info")
    return folder


def _paragraph(shipped: Shipped) -> str:
    component = shipped.component
    lines = [f"{component.name} {shipped.version}".rstrip(), f"    licence: {component.licence}"]
    lines += [f"    text:    {name}" for name in shipped.texts]
    lines += [f"    home:    {component.home}"] if component.home else []
    return "\n".join(lines) + "\n\n"


def _write_text(path: Path, text: str) -> None:
    """For Notepad, which before Windows 10 knows no other line ends and no UTF-8 without a mark."""
    path.write_bytes(("\ufeff" + text).replace("\n", "\r\n").encode())
