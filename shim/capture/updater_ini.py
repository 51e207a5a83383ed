"""Puts the platform's address back into the ini files in which the vendor's DLL has saved the recorder's.

The vendor's DLLs write the address that they were given into an ini of the working directory, as ``[Updater] url=``.
After a call every ``*.ini`` there that was written to is searched for a lane's address, and what stood in strUrl takes
its place: in ASCII, GBK, UTF-8 and UTF-16, bare, inside a URL, and with host and port as two values. Not a byte more is
changed. Which lane led where is remembered on the disk, for what a process that was killed has left behind. Used by
forwarding.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shim import forks, kept_files, log

_LONGEST = 1024 * 1024  # bytes of an ini
_FILE = re.compile(r"lanes-[0-9]+-[0-9a-f]+\.json")
_KEEP_SECONDS = 90 * 86400
_ADDRESS = re.compile(
    rb"(?i)(?P<scheme>http(?P<slashes>://|:\\/\\/|%3a%2f%2f)(?P<user>[^/@\s\"'<>]{1,200}@)?)?"
    rb"(?<![0-9.])127\.0\.0\.1(?P<colon>:|%3a)(?P<port>[0-9]{1,5})(?![0-9])(?P<path>(?:/|\\/|%2f)[0-9a-f]{16}(?![0-9a-z]))?"
)
_LINE = re.compile(rb"(?m)^([^\r\n=;#\[]*=[ \t]*)([^\r\n]*?)([ \t]*\r?)$")
_SECTION = re.compile(rb"(?m)^(?=[ \t]*\[)")


@dataclass(frozen=True, slots=True)
class RealAddress:
    """What a lane's address stands for: scheme and authority as strUrl has them, and the random path of the lane."""

    scheme: str
    authority: str
    path: str = ""


class UpdaterInis:
    """The ini files of the working directory. Any thread; never raises.

    Args:
        folder: local data of this user, where lanes are remembered.
    """

    def __init__(self, folder: Path, logger: logging.Logger) -> None:
        self._folder = folder
        self._logger = logger
        self._said = log.SaidBefore()
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._own: dict[int, RealAddress] = {}
        self._others: dict[int, RealAddress] | None = None
        self._looked_at: dict[str, tuple[int, int]] = {}  # by path: when written, and size
        self._file = self._folder / f"lanes-{os.getpid()}-{time.time_ns():x}.json"

    def note(self, port: int, real: RealAddress) -> None:
        """Remember where a lane leads, before its address is handed over."""
        with self._lock:
            if self._own.get(port) == real:
                return
            self._own[port] = real
            rows = {str(each): [row.scheme, row.authority, row.path] for each, row in self._own.items()}
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                unnamed = self._file.with_suffix(".new")
                unnamed.write_text(json.dumps(rows), "utf-8")
                unnamed.replace(self._file)
            except (OSError, ValueError):
                return  # what a crash leaves in an ini is then not put back

    def restore(self, folder: str) -> None:
        """Put the real addresses back in every ini in `folder` that was written to since it was last looked at."""
        try:
            with self._lock, os.scandir(folder or ".") as entries:
                for entry in entries:
                    if entry.name[-4:].lower() == ".ini":
                        self._look_at(entry)
        except OSError:
            return

    def _look_at(self, entry: os.DirEntry[str]) -> None:
        try:
            status = entry.stat()
            seen = status.st_mtime_ns, status.st_size
            path = os.path.abspath(entry.path)
            if self._looked_at.get(path) == seen or not entry.is_file() or status.st_size > _LONGEST:
                return
            # A file may be written twice within one tick of its clock: a fresh one is looked at again.
            fresh = abs(time.time_ns() - status.st_mtime_ns) < 2_000_000_000
            self._restore_file(Path(path))
            if not fresh:
                self._looked_at[path] = seen
        except (OSError, ValueError) as error:
            if not self._said.times((entry.name, type(error))):
                facts = {"file": entry.name, "error": type(error).__name__}
                log.event(
                    self._logger, logging.WARNING, "原厂动态库的设置文件读不了或写不了，其中的地址没有还原", **facts
                )

    def _restore_file(self, path: Path) -> None:
        before = path.read_bytes()
        after = restored(before, self._real)
        if after == before:
            return
        start = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
        with open(path, "r+b") as file:  # NB: in place, so that attributes, rights and links stay
            file.seek(start)
            file.write(after[start:])
            file.truncate()
        log.event(self._logger, logging.INFO, "原厂动态库把留存用的地址写进了设置文件，已还原", file=path.name)

    def _real(self, port: int) -> RealAddress | None:
        """Where a lane of this process leads, or one of an earlier process; None for what is no lane."""
        if port in self._own:
            return self._own[port]
        if self._others is None:
            self._others = _remembered(self._folder, self._file)
        return self._others.get(port)


def restored(data: bytes, real: Callable[[int], RealAddress | None]) -> bytes:
    """The bytes of an ini with the real address wherever a lane's stands.

    Args:
        real: gives what the lane at a port stands for; None where there is none.
    """
    for charset, step in _charsets(data):
        text = _narrow(data, charset, step)
        if text is None or b"127.0.0.1" not in text:
            continue
        changed = _ADDRESS.sub(lambda match: _replacement(match, real), text)
        changed = b"".join(_with_ports(part, real) for part in _SECTION.split(changed))
        return _widen(changed, charset, step) if changed != text else data
    return data


def _replacement(match: re.Match[bytes], real: Callable[[int], RealAddress | None]) -> bytes:
    row = real(int(match["port"]))
    if row is None:
        return match[0]
    colon = match["colon"]
    authority = row.authority.encode("utf-8", "surrogateescape")
    authority = authority.replace(b":", colon) if colon != b":" else authority
    path = match["path"] or b""
    if row.path and path and path.lower().endswith(row.path.lstrip("/").encode("ascii")):
        path = b""
    if match["scheme"] is None:
        return authority + path
    return row.scheme.encode("ascii") + match["slashes"] + (match["user"] or b"") + authority + path


def _with_ports(section: bytes, real: Callable[[int], RealAddress | None]) -> bytes:
    """A section in which host and port are two values: both are put back, if both are a lane's."""
    values = [match[2] for match in _LINE.finditer(section)]
    if b"127.0.0.1" not in values:
        return section
    for value in values:
        row = real(int(value)) if value.isdigit() and len(value) < 6 else None
        if row is None:
            continue
        host, _, port = row.authority.partition(":") if not row.authority.startswith("[") else (row.authority, "", "")
        port = port or ("443" if row.scheme.lower() == "https" else "80")
        return _put(section, {b"127.0.0.1": host.encode("utf-8", "surrogateescape"), value: port.encode("ascii")})
    return section


def _put(section: bytes, values: Mapping[bytes, bytes]) -> bytes:
    """A section in which some values are replaced by others."""
    return _LINE.sub(lambda match: match[1] + values.get(match[2], match[2]) + match[3], section)


# ---- charsets --------------------------------------------------------------------------------------------------------


def _charsets(data: bytes) -> list[tuple[str, int]]:
    """How the bytes may be read: each charset with the bytes of an ASCII character."""
    if data.startswith(b"\xfe\xff") or (data[:1] == b"\0" and data[1:2] != b"\0"):
        return [("utf-16-be", 2)]
    if data.startswith(b"\xff\xfe") or (data[1:2] == b"\0" and data[:1] != b"\0"):
        return [("utf-16-le", 2)]
    return [("", 1)]


def _narrow(data: bytes, charset: str, step: int) -> bytes | None:
    """The text as bytes that begin with ASCII; UTF-8 in the place of UTF-16."""
    if step == 1:
        return data
    try:
        return data.decode(charset, "surrogatepass").encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _widen(text: bytes, charset: str, step: int) -> bytes:
    return text if step == 1 else text.decode("utf-8", "surrogatepass").encode(charset, "surrogatepass")


# ---- on the disk -----------------------------------------------------------------------------------------------------


def _remembered(folder: Path, own: Path) -> dict[int, RealAddress]:
    """The lanes of other processes, those of later ones before those of earlier ones; very old ones are forgotten."""
    rows: dict[int, RealAddress] = {}
    try:
        files = [(kept_files.regular_file_time(path), path) for path in folder.iterdir() if _FILE.fullmatch(path.name)]
    except OSError:
        return rows
    dated = sorted((seconds, path) for seconds, path in files if seconds is not None and path != own)
    old = kept_files.expired([seconds for seconds, _ in dated], time.time(), _KEEP_SECONDS)
    for (_, path), is_old in zip(dated, old, strict=True):
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            if is_old:
                path.unlink()
                continue
            for port, values in json.loads(path.read_text("utf-8")).items():
                rows[int(port)] = RealAddress(*values)
    return rows
