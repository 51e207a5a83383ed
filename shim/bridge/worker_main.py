"""The process with the DLLs: reads calls from its standard input, a JSON object a line, and writes what they gave.

Each call has a thread of its own, as in a host program that calls from several: the DLL puts them in order. The process
ends with its parent, whatever calls are still waiting. What a DLL prints goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from shim import configuration
from shim.bridge.libraries import BITS, HostLibraries
from shim.bridge.refusals import BridgeRefusal

_STACK = 1 << 20  # bytes; a vendor's DLL runs on the caller's stack


def run(folder: Path) -> NoReturn:
    """Serve until standard input ends. Does not return: calls that still wait end with the process."""
    reader, writer = _own_pipes()
    os.chdir(folder)  # what a program that is started in its own folder has; a vendor's DLL may count on it
    libraries = HostLibraries(folder, configuration.read(folder).abi)
    output = _Output(writer)
    output.write({"ready": {"bits": BITS, "libraries": libraries.present()}})
    threading.stack_size(_STACK)
    for line in reader:
        job = json.loads(line)
        threading.Thread(target=_carry_out, args=(libraries, output, job), daemon=True).start()
    os._exit(0)


def _carry_out(libraries: HostLibraries, output: _Output, job: dict[str, Any]) -> None:
    answer: dict[str, Any]
    try:
        answer = {"result": libraries.call(job["call"], job["values"])}
    except BridgeRefusal as refusal:
        answer = {"refused": refusal.row.name, "text": refusal.text}
    except BaseException as error:  # a fault of ours: its text may hold a value
        answer = {"failed": type(error).__name__}
    output.write({"number": job["number"], **answer})


class _Output:
    """One writer for all threads."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def write(self, answer: dict[str, Any]) -> None:
        line = json.dumps(answer, ensure_ascii=True).encode("ascii") + b"\n"
        try:
            with self._lock:
                self._file.write(line)
                self._file.flush()
        except OSError:
            os._exit(1)  # the parent has ended


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Copies of standard input and output, which are then the null device for whatever a DLL reads and prints."""
    reader, writer = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    if sys.platform == "win32":
        import msvcrt

        for number in (reader, writer):
            msvcrt.setmode(number, os.O_BINARY)
    return os.fdopen(reader, "rb"), os.fdopen(writer, "wb")
