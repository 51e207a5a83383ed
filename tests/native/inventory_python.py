"""The inventory of a host that is a Python program: `inventory_python.py SCRIPT RESULT EXPORTS`, as client_ctypes.py.

It adds the orders of inventory.c (note, other, rest, spoil) and writes lines of the same form. What it records is
what an interpreter has one of; what the system has, the C program records. From Python 3.8 on, on both systems.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import codecs
import contextlib
import decimal
import gc
import json
import locale
import logging
import os
import queue
import random
import signal
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.native import client_ctypes
else:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # a python.exe with a ._pth file does not add it
    import client_ctypes

STEP_SECONDS = 0.1
# What the host itself, or the interpreter by itself, changes between two notes.
OWN = {"__main__", "client_ctypes", "inventory_python"}
MOVING = {
    "asyncio.events._running_loop",
    "builtins._",
    "gc.callbacks",
    "sys.last_exc",
    "sys.last_traceback",
    "sys.last_type",
    "sys.last_value",
    "threading._active",
    "threading._counter",
    "threading._dangling",
    "threading._limbo",
    "threading._shutdown_locks",
}

_audited: list[str] = []


def _audit(event: str, _arguments: object) -> None:
    if event == "sys.addaudithook":
        _audited.append(event)


def digest(value: object) -> str:
    """Changes with the text of a value."""
    return f"{zlib.crc32(repr(value).encode('utf-8', 'surrogatepass')):08x}"


def where(function: object) -> str:
    """The name of a function or class and its module."""
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{getattr(function, '__module__', '?')}.{name}"


class Second:
    """The host's second thread: does one piece of work after another."""

    def __init__(self) -> None:
        self.work: queue.Queue[Callable[[], None]] = queue.Queue()
        self.done: queue.Queue[BaseException | None] = queue.Queue()
        threading.Thread(target=self._run, name="host-second", daemon=True).start()

    def do(self, work: Callable[[], None]) -> None:
        self.work.put(work)
        error = self.done.get()
        if error is not None:
            raise error

    def _run(self) -> None:
        while True:
            work = self.work.get()
            try:
                work()
            except BaseException as error:
                self.done.put(error)
            else:
                self.done.put(None)


def _open_window() -> None:
    """Windows: a window with the focus, for auto-fill."""
    if sys.platform == "win32":
        import ctypes

        user32 = ctypes.WinDLL("user32")
        visible_popup = 0x90000000
        window = user32.CreateWindowExW(0, "EDIT", "HIS", visible_popup, 40, 40, 300, 30, None, None, None, None)
        user32.SetForegroundWindow(window)
        user32.SetFocus(window)


class InventoryHost(client_ctypes.Host):
    """The ctypes client with the orders of the inventory."""

    def __init__(self, result: str, exports: str) -> None:
        super().__init__(result, exports)
        self.stage = ""
        self.second = Second()
        self.attributes: dict[str, int] = {}
        self.spoiled: list[Any] = []
        sys.addaudithook(_audit)
        _open_window()

    def commands(self) -> dict[str, Callable[..., None]]:
        return {
            **super().commands(),
            "note": self._note,
            "other": lambda *words: self.second.do(lambda: self.run_line(list(words))),
            "rest": self._rest,
            "spoil": self._spoil,
        }

    def _write(self, item: str, value: str | list[str]) -> None:
        self.report(json.dumps({"stage": self.stage, "item": item, "value": value}))

    def _rest(self, threads: str, milliseconds: str) -> None:
        end = time.monotonic() + int(milliseconds) / 1000
        while time.monotonic() < end and _system_threads() > int(threads):
            time.sleep(STEP_SECONDS)

    def _note(self, stage: str) -> None:
        self.stage = stage
        for item, record in ITEMS.items():
            self._write(item, record())
        self._write("module attributes", sorted(self._changed_attributes()))
        self._note_thread("")
        self.second.do(lambda: self._note_thread(".second"))

    def _note_thread(self, suffix: str) -> None:
        for item, record in THREAD_ITEMS.items():
            self._write(item + suffix, record())

    def _changed_attributes(self) -> Iterable[str]:
        """Names in modules of the first note that stand for another object now, or are new or gone."""
        now = {
            f"{name}.{attribute}": id(value)
            for name, module in list(sys.modules.items())
            if name not in OWN
            for attribute, value in list(getattr(module, "__dict__", {}).items())
            # Integers and texts are made anew where they are counted; the objects themselves matter.
            if not isinstance(value, (int, float, str, bytes, tuple)) or isinstance(value, bool)
        }
        if not self.attributes:
            self.attributes = now
        modules = {name.rpartition(".")[0] for name in self.attributes}
        names = {*self.attributes, *(name for name in now if name.rpartition(".")[0] in modules)}
        return [name for name in names - MOVING if self.attributes.get(name) != now.get(name)]

    def _spoil(self) -> None:
        """Change everything, as a library must not."""
        spoil(self.spoiled)
        spoil_thread()
        self.second.do(spoil_thread)


# ---- what is recorded ------------------------------------------------------------------------------------------------


def _system_threads() -> int:
    if sys.platform == "linux":
        return len(os.listdir("/proc/self/task"))
    return len(sys._current_frames())


def _loggers() -> list[str]:
    def line(name: str, logger: Any) -> str:
        if isinstance(logger, logging.PlaceHolder):
            return f"{name}: only a parent of others"
        handlers = [type(handler).__name__ for handler in logger.handlers]
        return (
            f"{name}: level {logger.level}, handlers {handlers}, filters {len(logger.filters)}, "
            f"propagates {logger.propagate}, disabled {logger.disabled}"
        )

    return [
        line("root", logging.root),
        *(line(name, logger) for name, logger in logging.Logger.manager.loggerDict.items()),
        f"disabled up to {logging.Logger.manager.disable}",
        f"raises {logging.raiseExceptions}",
        f"levels {sorted(logging._levelToName.items())}",
        f"logger class {where(logging.getLoggerClass())}",
        f"record factory {where(logging.getLogRecordFactory())}",
    ]


def _warnings() -> list[str]:
    registries = [
        f"registry of {name}: {len(module.__warningregistry__)}"
        for name, module in list(sys.modules.items())
        if hasattr(module, "__warningregistry__")
    ]
    filters = [repr(each) for each in warnings.filters]
    return [*filters, *registries, f"shown by {where(warnings.showwarning)}", f"default {warnings.defaultaction}"]  # type: ignore[attr-defined]


def _signals() -> list[str]:
    lines = []
    for number in sorted(signal.valid_signals()):
        handler = signal.getsignal(number)
        text = where(handler) if callable(handler) and not isinstance(handler, signal.Handlers) else str(handler)
        lines.append(f"{int(number)}: {text}")
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    return [*lines, f"wake-up descriptor {wakeup}"]


def _hooks() -> list[str]:
    names = ("excepthook", "unraisablehook", "displayhook", "breakpointhook")
    lines = [f"sys.{name}: {where(getattr(sys, name))}" for name in names]
    lines.append(f"threading.excepthook: {where(threading.excepthook)}")
    lines += [f"threading.{name}: {getattr(threading, name, None)}" for name in ("_trace_hook", "_profile_hook")]
    lines += [f"codec errors {name}: {where(codecs.lookup_error(name))}" for name in ("strict", "ignore", "replace")]
    return [*lines, *(f"audit hook {number}" for number, _ in enumerate(_audited))]


def _interpreter() -> list[str]:
    flags = getattr(sys, "getdlopenflags", lambda: 0)()
    digits = getattr(sys, "get_int_max_str_digits", lambda: 0)()
    policy = getattr(asyncio.events, "_event_loop_policy", None)
    return [
        f"recursion limit {sys.getrecursionlimit()}",
        f"switch interval {sys.getswitchinterval()}",
        f"dlopen flags {flags}",
        f"digits of integers {digits}",
        f"collector {gc.isenabled()} {gc.get_threshold()} {gc.get_debug()} {gc.get_freeze_count()} {len(gc.callbacks)}",
        f"exit functions {atexit._ncallbacks()}",
        f"event loop policy {type(policy).__name__}",
        f"thread stack {threading.stack_size()}",
        f"byte code is written {not sys.dont_write_bytecode}",
        *(f"{name} {type(getattr(sys, name)).__name__} {digest(getattr(sys, name))}" for name in _STREAMS),
    ]


_STREAMS = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")

ITEMS: dict[str, Callable[[], Any]] = {
    "environment": lambda: [f"{name}={value}" for name, value in os.environ.items()],
    "folders": lambda: [f"working directory: {os.getcwd()}"],
    "sys.path": lambda: list(sys.path),
    "sys.modules": lambda: list(sys.modules),
    "finders": lambda: [
        *(f"meta_path {where(finder)}" for finder in sys.meta_path),
        *(f"path_hooks {where(hook)}" for hook in sys.path_hooks),
        *(f"path_importer_cache {path}" for path in sys.path_importer_cache),
    ],
    "hooks": _hooks,
    "logging": _loggers,
    "warnings": _warnings,
    "signal handlers": _signals,
    "interpreter settings": _interpreter,
    "locale": lambda: [f"{name}: {locale.setlocale(getattr(locale, name))}" for name in ("LC_ALL", "LC_CTYPE")],
    "random state": lambda: digest(random.getstate()),
    "builtins": lambda: [f"{name} {type(value).__name__}" for name, value in vars(builtins).items() if name != "_"],
    "threads": lambda: [thread.name for thread in threading.enumerate()],
    "running threads": lambda: str(len(sys._current_frames())),
}

THREAD_ITEMS: dict[str, Callable[[], Any]] = {
    "decimal context": lambda: repr(decimal.getcontext()),
    "trace functions": lambda: f"{sys.gettrace()} {sys.getprofile()}",
}


# ---- the negative control ------------------------------------------------------------------------------------------


class _Finder:
    @staticmethod
    def find_spec(*_: object) -> None:
        return None


def spoil(keep: list[Any]) -> None:
    """Change what the process has one of."""
    os.environ["SPOILED"] = "1"
    os.chdir(os.path.dirname(os.path.abspath(sys.executable)))
    sys.path.insert(0, "spoiled")
    sys.modules["spoiled"] = type(sys)("spoiled")
    sys.meta_path.append(_Finder)
    sys.excepthook = lambda *_: None
    threading.excepthook = lambda *_: None
    logging.basicConfig()
    logging.getLogger("spoiled").setLevel(10)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGTERM, lambda *_: None)
    sys.setrecursionlimit(4711)
    gc.disable()
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "English", "C"):
        with contextlib.suppress(locale.Error):
            if locale.setlocale(locale.LC_CTYPE, name) != before:
                break
    random.seed(4711)
    builtins.spoiled = 1  # type: ignore[attr-defined]
    json.dumps = _another(json.dumps)
    ended = threading.Event()
    threading.Thread(target=ended.wait, name="spoiled", daemon=True).start()
    keep.append(ended)


def _another(function: Any) -> Any:
    """The same under another identity."""
    return lambda *values, **words: function(*values, **words)


def spoil_thread() -> None:
    """Change what each thread has."""
    decimal.getcontext().prec = 3
    sys.setprofile(lambda *_: None)


if __name__ == "__main__":
    sys.exit(client_ctypes.main(*sys.argv[1:], host_type=InventoryHost))
