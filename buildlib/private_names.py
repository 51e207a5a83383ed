"""Gives the DLLs of the Windows runtime file names of their own, in the files and in whatever imports them.

Windows knows a loaded DLL by its file name: our modules would be bound to a python311.dll or a libcrypto-3.dll that
the host has loaded, or its modules to ours. The rows (`PRIVATE_NAMES` of buildlib/layout.py) give each such file a name
that is not longer, so that it is written over the old one. A signature (Authenticode) over a changed file is invalid,
which is worse than none: it is removed.

Also checks what a finished set imports. Used by buildlib/runtime.py, once everything is in place.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from buildlib import console
from buildlib.layout import PRIVATE_NAMES, SYSTEM_DLLS
from buildlib.pe import BOUND_IMPORTS, CERTIFICATES, Image

_SUFFIXES = (".dll", ".pyd", ".exe")


def apply(folder: Path, names: Mapping[str, str] = PRIVATE_NAMES) -> None:
    """Rename the files below `folder` and rewrite the names in all of them. What has its new name stays as it is.

    Raises:
        Failed: a new name is longer than the old one, or two files would get the same name.
    """
    for old, new in names.items():
        if len(new) > len(old):
            raise console.Failed(f"{new} is longer than {old}, over which it is to be written")
    for path in binaries(folder):
        renamed = path.with_name(names.get(path.name.lower(), path.name))
        if renamed != path and renamed.exists():
            raise console.Failed(f"two files of {path.parent} would be {renamed.name}, {path.name} is the second")
        image = Image(path)
        data = rewritten(image, names)
        if renamed != path or data is not image.data:
            path.unlink()  # NB: never written over: it may be a link to a file of another folder
            renamed.write_bytes(data)


def rewritten(image: Image, names: Mapping[str, str]) -> bytes:
    """The bytes of an image with every name of `names` (lower case) replaced; its own bytes where there is none."""
    data = bytearray(image.data)
    own = image.own_name
    for name in [*image.names, *([own] if own else [])]:
        new = names.get(name.text.lower(), name.text)
        data[name.offset : name.offset + name.room] = name.written(new).ljust(name.room, b"\0")
    if data == image.data:
        return image.data
    for at in image.import_stamps():
        data[at : at + 4] = bytes(4)
    _clear_directory(image, data, BOUND_IMPORTS)
    _remove_signature(image, data)
    data[image.checksum_at : image.checksum_at + 4] = bytes(4)
    struct.pack_into("<I", data, image.checksum_at, checksum(data))
    return bytes(data)


def checksum(data: bytes | bytearray) -> int:
    """The checksum of an image whose field for it is 0: its 16-bit words added up with carries, and its length."""
    padded = bytes(data) + bytes(-len(data) % 2)
    total: int = sum(struct.unpack(f"<{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(data)


def check(folder: Path, loaded_first: Path) -> None:
    """Raise Failed if a file below `folder` imports a DLL that is neither in the set nor a part of Windows.

    A DLL of the set has to be beside the file that imports it, or one of those that `loaded_first` (the core) brings:
    Windows looks in no other folder of ours.
    """
    images = {path: Image(path) for path in binaries(folder)}
    early = _brought_by(loaded_first, images)
    wrong = [
        f"{path.relative_to(folder)} imports {name.text}"
        for path, image in images.items()
        for name in image.names
        if name.text.lower() not in SYSTEM_DLLS
        and name.text.lower() not in early
        and _beside(path, name.text, images) is None
    ]
    if wrong:
        raise console.Failed(
            "neither beside them nor loaded before nor a part of Windows 7 to 11 (buildlib/layout.py, SYSTEM_DLLS):\n  "
            + "\n  ".join(sorted(set(wrong)))
        )


def drop_unused(folder: Path, roots: Iterable[Path]) -> None:
    """Delete the DLLs of `folder` that no file in it or below imports, but for `roots`."""
    kept = set(roots)
    while True:
        images = {path: Image(path) for path in binaries(folder)}
        imported = {name.text.lower() for image in images.values() for name in image.names}
        unused = [
            path
            for path in images
            if path.suffix.lower() == ".dll" and path not in kept and path.name.lower() not in imported
        ]
        if not unused:
            return
        for path in unused:
            path.unlink()


def _brought_by(path: Path, images: Mapping[Path, Image]) -> set[str]:
    """The names of the DLLs in the folder of `path` that are loaded with it, its own among them."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here.name.lower() not in found:
            found.add(here.name.lower())
            there = (_beside(here, name.text, images) for name in images[here].names)
            waiting += [beside for beside in there if beside is not None]
    return found


def _beside(path: Path, name: str, images: Mapping[Path, Image]) -> Path | None:
    return next((other for other in images if other.parent == path.parent and other.name.lower() == name.lower()), None)


def _remove_signature(image: Image, data: bytearray) -> None:
    """Cut it off, or blank it where something else is behind it, such as debug data, whose place must not change."""
    start, size = image.directory(CERTIFICATES)
    if start == 0:
        return
    _clear_directory(image, data, CERTIFICATES)
    if any(data[start + size :]):
        data[start : start + size] = bytes(size)
    else:
        del data[start:]


def _clear_directory(image: Image, data: bytearray, number: int) -> None:
    if image.directory(number) != (0, 0):
        at = image.directory_at(number)
        data[at : at + 8] = bytes(8)


def binaries(folder: Path) -> Iterator[Path]:
    """The DLLs, extension modules and programs below a folder, by name."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES)
