"""A hospital program in Python: the two libraries by ctypes, the calls of a job, what the host can see of itself.

Shared by the host programs of this folder, which run in every CPython from 3.8 on with its standard library. A program
is started as `program.py JOB`; the job is a JSON file with the libraries, the calls and the file for the result
(tests/support/python_hosts.py). Says nothing on stdout or stderr and judges nothing: the test does. Not an example for
users.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import json
import locale
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings
from typing import Any

LETTERS = {"t": ctypes.c_char_p, "i": ctypes.c_int, "b": ctypes.c_void_p}
OUT_CAPACITY = 2048
# 32 and 33, which glibc keeps for itself and takes when the first thread of a process starts.
GLIBC_SIGNALS = 0x180000000

_libc = ctypes.CDLL(None)
_libc.setlocale.restype = ctypes.c_char_p
_api = ctypes.pythonapi
for _name in (
    "PyInterpreterState_Head",
    "PyInterpreterState_Next",
    "PyInterpreterState_ThreadHead",
    "PyThreadState_Next",
):
    getattr(_api, _name).restype = ctypes.c_void_p
    getattr(_api, _name).argtypes = [] if _name.endswith("State_Head") else [ctypes.c_void_p]


class Hospital:
    """The program: calls by their ids, answers kept for the result. Any thread may call."""

    def __init__(self, path: str | None = None) -> None:
        with open(path or sys.argv[1], "rb") as file:
            self.job: dict[str, Any] = json.load(file)
        self.words: list[str] = self.job["words"]
        self.ids: list[str] = [call["id"] for call in self.job["calls"]]
        self.answers: list[list[Any]] = []
        self.notes: dict[str, Any] = {}
        self._calls = {call["id"]: call for call in self.job["calls"]}
        self._exports: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._events: list[str] = []
        self._listening = False

    def load(self) -> None:
        """Load both libraries, as ctypes does it."""
        libraries = {name: ctypes.CDLL(path) for name, path in self.job["libraries"].items()}
        for name, (library, letters, returns_text) in self.job["exports"].items():
            export = getattr(libraries[library], name)
            export.argtypes = [LETTERS[letter] for letter in letters]
            export.restype = ctypes.c_char_p if returns_text else ctypes.c_int
            self._exports[name] = export

    def call(self, name: str) -> None:
        """Make one call of the job and keep its answer: id, code, OutData as hex up to the NUL."""
        export, arguments, out = self.prepared(name)
        self._listening = True
        code = export(*arguments)
        self._listening = False
        self.keep(name, code, out)

    def prepared(self, name: str) -> Any:
        """The export, its arguments and the buffer among them."""
        call = self._calls[name]
        out = ctypes.create_string_buffer(call.get("capacity") or OUT_CAPACITY)
        arguments: list[Any] = []
        for value in call["arguments"]:
            arguments.append(bytes.fromhex(value) if isinstance(value, str) else value)
        if self.job["exports"][call["function"]][1].endswith("b"):
            arguments.append(ctypes.addressof(out))
        return self._exports[call["function"]], arguments, out

    def keep(self, name: str, code: Any, out: Any) -> None:
        """Note an answer for the result."""
        self.answers.append([name, code.decode("latin-1") if isinstance(code, bytes) else code, out.value.hex()])

    def every(self, start: str = "") -> None:
        """Make every call whose id starts so, in the order of the job."""
        for name in self.ids:
            if name.startswith(start):
                self.call(name)

    def threads(self, count: int, start: str = "") -> None:
        """The same by `count` threads that start together; thread t makes calls t, t + count, ..."""
        names = [name for name in self.ids if name.startswith(start)]
        together = threading.Barrier(count)

        def work(first: int) -> None:
            together.wait()
            for name in names[first::count]:
                self.call(name)

        workers = [threading.Thread(target=work, args=(first,)) for first in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def listen(self) -> None:
        """Have the interpreter report its audit events; those during a call are noted."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: Any) -> None:
        if self._listening:
            self._events.append(event)

    def events(self, name: str = "events") -> None:
        """Note the audit events that happened inside calls."""
        self.notes[name], self._events = self._events, []

    def before(self) -> None:
        """Remember what can be seen of this process."""
        self._before = seen()

    def after(self, name: str = "changes") -> None:
        """Note what has changed since `before`, as pairs."""
        now = seen()
        self.notes[name] = {key: [self._before[key], now[key]] for key in now if self._before[key] != now[key]}

    def finish(self) -> None:
        """Write the result, without `open`, which is no more while the interpreter ends."""
        part = os.open(self.job["result"] + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        text = json.dumps({"answers": self.answers, "notes": self.notes}).encode()
        while text:
            text = text[os.write(part, text) :]
        os.close(part)
        os.replace(self.job["result"] + ".part", self.job["result"])


def seen() -> dict[str, Any]:
    """What a Python program can see of its process and its interpreter, each as something that JSON can hold."""
    status = {}
    with open("/proc/thread-self/status") as file:
        for line in file:
            key, _, value = line.partition(":")
            status[key] = value.strip()
    umask = os.umask(0)
    os.umask(umask)
    return {
        "sys.path": list(sys.path),
        "sys.modules": sorted(f"{name} {id(module):x}" for name, module in list(sys.modules.items())),
        "sys.meta_path": [repr(each) for each in sys.meta_path],
        "sys.path_hooks": [repr(each) for each in sys.path_hooks],
        "sys.path_importer_cache": sorted(sys.path_importer_cache),
        "hooks": [
            f"{getattr(module, name)!r} {id(getattr(module, name)):x}"
            for module, name in (
                (sys, "excepthook"), (sys, "unraisablehook"), (sys, "displayhook"), (sys, "breakpointhook"),
                (threading, "excepthook"), (warnings, "showwarning"), (warnings, "formatwarning"),
                (socket, "socket"), (logging, "Logger"), (os, "environ"),
            )
        ],
        "streams": [repr(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)],
        "tracing": [repr(sys.gettrace()), repr(sys.getprofile())],
        "sys.flags": repr(sys.flags),
        "sys.limits": [sys.getrecursionlimit(), sys.getswitchinterval(), threading.stack_size()],
        "logging": [
            [repr(handler) for handler in logging.root.handlers], logging.root.level, logging.root.manager.disable,
            sorted(logging.root.manager.loggerDict), logging.raiseExceptions, logging.lastResort.__repr__(),
            [logging.getLevelName(level) for level in range(0, 60, 5)], repr(logging.getLoggerClass()),
        ],
        "warnings.filters": [repr(each) for each in warnings.filters],
        "handlers": [repr(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
        "wakeup_fd": signal.set_wakeup_fd(-1) if threading.current_thread() is threading.main_thread() else None,
        "signals": [int(status[name], 16) & ~GLIBC_SIGNALS for name in ("SigBlk", "SigIgn", "SigCgt")],
        "locale": [locale.setlocale(locale.LC_ALL), str(_libc.setlocale(6, None)), repr(locale.localeconv())],
        "environment": sorted(f"{name}={value}" for name, value in os.environ.items()),
        "environ": _environment(),
        "gc": [gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks), gc.get_freeze_count()],
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "interpreters": _interpreters(),
        "atexit": atexit._ncallbacks(),
        "random": repr(hash(random.getstate())),
        "socket": socket.getdefaulttimeout(),
        "time": [time.tzname, time.timezone],
        "folder": os.getcwd(),
        "umask": umask,
    }  # fmt: skip


def _environment() -> list[str]:
    """The environment as C sees it."""
    pointers = ctypes.POINTER(ctypes.c_char_p).in_dll(_libc, "environ")
    found: list[str] = []
    while pointers[len(found)] is not None:
        found.append(pointers[len(found)].decode("latin-1"))
    return sorted(found)


def _interpreters() -> list[int]:
    """The thread states of each interpreter of this Python."""
    counts = []
    interpreter = _api.PyInterpreterState_Head()
    while interpreter:
        state, count = _api.PyInterpreterState_ThreadHead(interpreter), 0
        while state:
            count += 1
            state = _api.PyThreadState_Next(state)
        counts.append(count)
        interpreter = _api.PyInterpreterState_Next(interpreter)
    return counts
