"""One service for a user's session: the lock that says so, the note that says where it is, the token of this user.

The lock is a mutex of the Windows session, elsewhere a lock on a file, and ends with the process however that ends. The
note and the token are files of the user's that nobody else can read.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from shim.folders import local_data
from shim.patience import patiently

_FOLDER, _TOKEN = "bridge", "token"
_MUTEX = "Local\\vcshim-bridge"  # Local: of the session
_handles: list[int] = []  # which the process keeps


class AlreadyRunning(Exception):
    """This session has a service already."""


@dataclass(frozen=True, slots=True)
class BridgeNote:
    """Where the service of this session is.

    Attributes:
        pid: its process.
        port: on 127.0.0.1.
        folder: that of the DLLs.
    """

    pid: int
    port: int
    folder: str


def bridge_folder() -> Path:
    """Where the files of this user are; made if it is missing."""
    folder = local_data() / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def hold_session() -> None:
    """Be the service of this session until the process ends.

    Raises:
        AlreadyRunning: there is one.
        OSError: the lock cannot be made.
    """
    if sys.platform == "win32":
        from shim.winapi import kernel32
        from shim.winapi.loader import last_error, require

        handle = require(kernel32.CreateMutexW(None, False, _MUTEX))
        if last_error() == kernel32.ERROR_ALREADY_EXISTS:
            kernel32.CloseHandle(handle)
            raise AlreadyRunning
    else:
        import fcntl

        handle = os.open(bridge_folder() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AlreadyRunning from None
    _handles.append(handle)


def write_note(note: BridgeNote) -> None:
    """Say where the service of this session is."""
    _write_private(_note_file(), json.dumps(asdict(note)))


def read_note() -> BridgeNote | None:
    """Where the service of this session is, or was: it may have ended."""
    try:
        return BridgeNote(**json.loads(_note_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_note() -> None:
    """The service of this session has ended."""
    with suppress(OSError):
        patiently(_note_file().unlink)  # who waits for the end reads it again and again


def own_token() -> str:
    """The token of this user where the settings name none; made when it is first asked for.

    Raises:
        OSError: it can neither be read nor made.
    """
    path = bridge_folder() / _TOKEN
    with suppress(OSError):
        token = path.read_text("ascii").strip()
        if token:
            return token
    token = secrets.token_urlsafe(32)
    _write_private(path, token)
    return token


def _note_file() -> Path:
    if sys.platform != "win32":
        return bridge_folder() / "running.json"
    from shim.winapi.kernel32 import session_number

    return bridge_folder() / f"running-s{session_number()}.json"


def _write_private(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    patiently(lambda: os.replace(new, path))
