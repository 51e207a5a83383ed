"""A host program in Python, of any version from 3.8 on: notes what it has, calls the DLLs, tells what became of it.

python_host.py CONFIG RESULT, both JSON. CONFIG has `calls` (export, library, address, InData in hex), `own` (a folder
for sys.path with modules called like ours), `early` (whether ssl, sqlite3 and their like are used before the calls
too). RESULT gets `answers`, `changed`, `uses`, `modules`, `own`. Only tests/support/wine_python_hosts.py starts it.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

if sys.version_info[:2] == (3, 14):
    # Its library is that of 3.13 (tests/support/windows_pythons.py), which finds these in _ctypes and _sqlite3.
    _ctypes: Any = importlib.import_module("_ctypes")
    _sqlite3: Any = importlib.import_module("_sqlite3")
    _pointers: dict[Any, Any] = {}

    def _pointer_type(target: Any) -> Any:
        if target not in _pointers:
            _pointers[target] = type("LP_" + target.__name__, (_ctypes._Pointer,), {"_type_": target})
        return _pointers[target]

    _ctypes.POINTER = _pointer_type
    _ctypes.pointer = lambda value: _pointer_type(type(value))(value)
    _ctypes._pointer_type_cache = _pointers
    _sqlite3._deprecated_version = "2.6.0"

import atexit
import ctypes
import datetime
import gc
import json
import locale
import logging
import os
import signal
import threading
import warnings


def use() -> list[Any]:
    """What a program does with the libraries that ours brings copies of."""
    import hashlib
    import sqlite3
    import ssl

    database = sqlite3.connect(":memory:")
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda value: value + 1)
    return [
        hashlib.sha256(b"abc").hexdigest(),
        hashlib.new("sha512", b"abc").hexdigest()[:16],
        len(ssl.create_default_context().get_ciphers()) > 5,
        database.execute("select 6 * 7").fetchone()[0],
        callback(41),
        json.loads('{"a": [1.5, "x"]}'),
    ]


def state() -> dict[str, Any]:
    """Everything of an interpreter and its process that a guest could change."""
    return {
        "sys.path": list(sys.path),
        "sys.modules": sorted(sys.modules),
        "sys.meta_path": [repr(finder) for finder in sys.meta_path],
        "sys.path_hooks": len(sys.path_hooks),
        "sys.excepthook": id(sys.excepthook),
        "sys.unraisablehook": id(sys.unraisablehook),
        "threading.excepthook": id(threading.excepthook),
        "streams": [id(sys.stdin), id(sys.stdout), id(sys.stderr)],
        "logging.root": [repr(logging.root.handlers), logging.root.level, logging.root.disabled],
        "logging.loggers": sorted(logging.Logger.manager.loggerDict),
        "warnings.filters": repr(warnings.filters),
        "warnings.showwarning": id(warnings.showwarning),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "signals": [repr(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)],
        "environ": dict(os.environ),
        "cwd": os.getcwd(),
        "locale": locale.setlocale(locale.LC_ALL),
        "gc": [gc.isenabled(), gc.get_threshold(), len(gc.callbacks)],
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval()],
        "atexit": atexit._ncallbacks(),
        "trace": [repr(sys.gettrace()), repr(sys.getprofile())],
    }


def export_of(library: str, name: str) -> Any:
    if sys.platform == "win32":
        loader: Any = ctypes.WinDLL
    else:
        loader = ctypes.CDLL
    export = getattr(loader(library), name)
    export.restype = ctypes.c_char_p
    return export


def perform(call: dict[str, str]) -> list[str]:
    out = ctypes.create_string_buffer(2048)
    code = export_of(call["library"], call["export"])(call["url"].encode(), bytes.fromhex(call["in"]), out)
    return [code.decode(), out.value.hex()]


def in_threads(calls: list[dict[str, str]]) -> list[Any]:
    """All calls at once, while this thread goes on with its own business."""
    answers: list[Any] = [None] * len(calls)

    def one(index: int) -> None:
        answers[index] = perform(calls[index])

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        use()
    for thread in threads:
        thread.join()
    return answers


def loaded() -> list[str]:
    """The path of each DLL of this process."""
    if sys.platform != "win32":
        return []
    psapi = ctypes.WinDLL("psapi")
    kernel = ctypes.WinDLL("kernel32")
    handles = (ctypes.c_void_p * 1024)()
    size = ctypes.c_ulong()
    process = ctypes.c_void_p(-1)
    psapi.EnumProcessModules(process, handles, ctypes.sizeof(handles), ctypes.byref(size))
    paths = []
    for handle in handles[: size.value // ctypes.sizeof(ctypes.c_void_p)]:
        path = ctypes.create_unicode_buffer(1024)
        kernel.GetModuleFileNameW(ctypes.c_void_p(handle), path, 1024)
        paths.append(path.value)
    return paths


def main(config_path: str, result_path: str) -> None:
    with open(config_path, encoding="utf-8") as file:
        config = json.load(file)
    sys.path.insert(0, config["own"])
    own = [importlib.import_module(name) for name in ("certifi", "cffi", "requests", "shim")]
    getattr(datetime.datetime_CAPI, "x", None)
    uses = [use()] if config["early"] else []
    os.urandom(1)
    before = state()
    answers = [perform(call) for call in config["calls"]]
    after = state()
    uses.append(use())
    answers += in_threads(config["calls"] * 2)
    uses.append(use())
    result = {
        "answers": answers,
        "changed": [name for name in before if before[name] != after[name]],
        "uses": uses,
        "modules": loaded(),
        "own": [module.OWNER for module in own],
    }
    with open(result_path, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
