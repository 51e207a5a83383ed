"""SHA256SUMS, the list of a set's files with their checksums: written, read, and compared with what is there.

The format is that of ``sha256sum``. The list names every file of the folder but itself, and the checksum of the list
names the whole set. For the build, the installer and `vcshim doctor`; it decides nothing and says nothing to people.
It also serves a package, which is a folder with a list of the same form. Any thread; nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

FILE = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\\\r\n]+)")
_CHUNK = 1 << 20


class DamagedManifest(ValueError):
    """A list that is not one: the text names the first line that is wrong."""


class ProblemKind(Enum):
    """What is wrong with a file."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    EXTRA = "extra"


@dataclass(frozen=True)
class SetProblem:
    """A file that is not as the list has it; `path` is relative to the folder, with ``/``."""

    path: str
    kind: ProblemKind


@dataclass(frozen=True)
class Manifest:
    """A list as it was read: the checksum of each file by its path, and the bytes of the list itself."""

    rows: Mapping[str, str]
    content: bytes

    @property
    def set_id(self) -> str:
        """The first 16 hexadecimal digits of the list's own checksum."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def folder_name(self, version: str) -> str:
        """The name of this set's folder where several stand side by side."""
        return f"{version}-{self.set_id[:8]}"


def parse_manifest(content: bytes) -> Manifest:
    """A list from its bytes. `DamagedManifest` if a line is malformed, leads out of the folder, or comes twice."""
    text = content.decode("utf-8", "replace")
    rows: dict[str, str] = {}
    if not text.endswith("\n"):
        raise DamagedManifest(f"{FILE}: no end of line at the end")
    for number, line in enumerate(text[:-1].split("\n"), 1):
        match = _LINE.fullmatch(line)
        if not match or not _stays_inside(match[2]) or match[2] in rows:
            raise DamagedManifest(f"{FILE}: line {number}")
        rows[match[2]] = match[1]
    return Manifest(rows, content)


def _stays_inside(path: str) -> bool:
    return ":" not in path and all(part not in ("", ".", "..") for part in path.split("/"))


def read_manifest(folder: Path) -> Manifest:
    """The list in a folder. OSError if it is not there or cannot be read, `DamagedManifest` if it is not one."""
    return parse_manifest((folder / FILE).read_bytes())


def file_checksum(path: Path) -> str:
    """The SHA-256 of a file, which is never in memory as a whole. OSError if it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_manifest(folder: Path) -> Manifest:
    """Writes the list of a folder as it is now, sorted by path. ValueError for a name that the format does not hold."""
    manifest = _list({path: file_checksum(folder / path) for path in _files(folder)})
    (folder / FILE).write_bytes(manifest.content)
    return manifest


def list_of_bytes(files: Mapping[str, bytes]) -> Manifest:
    """The list of files that are in memory, by path. ValueError for a name that the format does not hold."""
    return _list({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})


def _list(rows: Mapping[str, str]) -> Manifest:
    return parse_manifest("".join(f"{rows[path]}  {path}\n" for path in sorted(rows)).encode())


def set_problems(folder: Path) -> tuple[SetProblem, ...]:
    """What is not as the list in the folder has it, by path; () if all is well. A list that is missing or damaged is
    the only problem then. Two spellings of a name are one file, as they are for Windows."""
    try:
        listed = read_manifest(folder).rows
    except FileNotFoundError:
        return (SetProblem(FILE, ProblemKind.MISSING),)
    except OSError:
        return (SetProblem(FILE, ProblemKind.UNREADABLE),)
    except DamagedManifest:
        return (SetProblem(FILE, ProblemKind.CHANGED),)
    names = {path.lower() for path in listed}
    found = [SetProblem(path, kind) for path, digest in listed.items() if (kind := _compared(folder / path, digest))]
    found += [SetProblem(path, ProblemKind.EXTRA) for path in _files(folder) if path.lower() not in names]
    return tuple(sorted(found, key=lambda problem: problem.path))


def _compared(path: Path, digest: str) -> ProblemKind | None:
    try:
        return None if file_checksum(path) == digest else ProblemKind.CHANGED
    except (FileNotFoundError, NotADirectoryError):
        return ProblemKind.MISSING
    except OSError:
        return ProblemKind.UNREADABLE


def _files(folder: Path) -> Iterator[str]:
    for parent, _folders, names in os.walk(folder):
        for name in names:
            path = Path(parent, name).relative_to(folder).as_posix()
            if path != FILE:
                yield path
