"""The boundary between C and Python: the only user of cffi's ffi and lib.

`bind` connects the port (shim/call_port.py), which performs a call from bytes to bytes, to the embedded entry of
native/entry.h. No exception leaves this module: in C it would become a zero, and a zero never means success.

Only the embedded start and the tests import this module.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shim import foreign_threads, log
from shim.call_port import Port
from shim.local_copy import LoadedSet
from shim.spec import EXPORTS
from shim.submission import Submission
from shim.workstation import station

if TYPE_CHECKING:
    from shim.capture.forwarding import VendorOutcome

# Its enum vcshim_phase and, in its order, vcshim_memory as shim/capture/record.py calls them.
BEFORE_VENDOR, AFTER_VENDOR, WARM_UP = 1, 2, 3
_MEMORIES = ("", "out", "module", "heap", "stack")
_NAMES = {row.number: row.name for row in EXPORTS}
_THREAD_STACK = 256 * 1024  # bytes, of threads that shim starts; a label needs 40 KB. Not as the host's limits say


def bind(ffi: Any, lib: Any) -> Callable[[Any], int]:
    """The Python side of vcshim_entry: 1 once `call` holds an answer, else 0, and C answers by `call.sent`."""
    port = _port(ffi, lib.vcshim_front_place())

    def copied(text: Any) -> bytes | int:
        return bytes(ffi.buffer(text.bytes, text.length)) if text.length >= 0 else int(text.length)

    def begin(call: Any, texts: Sequence[bytes | int]) -> None:
        call.vendor.ticket, address = port.begin(_NAMES[call.function], texts, call.mode)
        address = (address or b"") + b"\0"
        if len(address) <= call.out_capacity:
            ffi.memmove(call.out, address, len(address))

    def end(call: Any) -> None:
        again, sent = port.end(call.vendor.ticket, _vendor_outcome(call.vendor, copied))
        call.number, call.sent = int(again), int(sent)

    def entry(call: Any) -> int:
        try:
            foreign_threads.attend()
            if call.phase == WARM_UP:
                port.warm_up()
                return 1
            if call.phase == AFTER_VENDOR:
                end(call)
                return 1
            texts = [copied(text) for text in call.texts]
            if call.phase == BEFORE_VENDOR:
                begin(call, texts)
                return 1
            name, submission = _NAMES[call.function], Submission(call)
            answer = port.answer(name, texts, call.mode, call.out_capacity, submission, call.entered)
            if call.out_capacity > 0:
                out = answer.out[: call.out_capacity - 1] + b"\0"  # fitted already; memory safety does not rely on it
                ffi.memmove(call.out, out, len(out))
            ffi.memmove(call.code, answer.code + b"\0", len(answer.code) + 1)
            call.number = answer.number
            return 1
        except BaseException:
            log.exception(logging.getLogger("vcshim"), "内部异常")
            return 0

    threading.stack_size(_THREAD_STACK)
    hook()
    gc.freeze()  # all that was imported, so that no collection ever looks through it; native/boot.c has disabled them
    gc.enable()
    return entry


def _port(ffi: Any, place: Any) -> Port:
    """The exports of the front that was called first."""

    def text(field: Any) -> str:
        return str(ffi.string(field).decode("utf-8", "replace"))

    copy = place.copy
    loaded = LoadedSet(text(place.set), copy.outcome, copy.error, text(copy.file))
    return Port(Path(text(place.folder)), loaded, station(text(place.pc), place.session))


def hook() -> None:
    """Send to the log what Python would print: exceptions of threads, and those of destructors."""
    threading.excepthook = _log_thread_exception
    sys.unraisablehook = _log_unraisable_exception


# What cffi calls with an exception that leaves the entry all the same; without it cffi would print, or show a window.
# NB: it returns None for any arguments, and being written in C it needs no stack and no memory of Python's.
on_error = memoryview(b"").__exit__


def _log_thread_exception(args: threading.ExceptHookArgs) -> None:
    log.event(logging.getLogger("vcshim"), logging.ERROR, "线程异常", where=log.trace(args.exc_traceback))


def _log_unraisable_exception(args: sys.UnraisableHookArgs) -> None:
    log.event(logging.getLogger("vcshim"), logging.ERROR, "后台异常", where=log.trace(args.exc_traceback))


def _vendor_outcome(vendor: Any, copied: Callable[[Any], bytes | int]) -> VendorOutcome:
    """What C has seen of a call that the vendor's DLL answered."""
    from shim.capture.forwarding import VendorOutcome
    from shim.capture.record import Habits

    out, code = (text if isinstance(text, bytes) else None for text in (copied(vendor.out), copied(vendor.code)))
    habits = Habits(
        popped=vendor.popped,
        out_touched=vendor.out_touched,
        memory=_MEMORIES[vendor.memory],
        pointer=vendor.pointer,
        crashed=vendor.crashed,
        control_word=vendor.control_word,
    )
    return VendorOutcome(code, vendor.number, out, habits)
