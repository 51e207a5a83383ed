# mypy: ignore-errors
"""Appended to shim/abi.py in the archive of a built product: raises where a text of the call says so.

The text holds ``raise:PLACE:KIND;``. What it looks like to the host is tests/product/test_raised.py. Not imported.
"""

import builtins as _builtins
import types as _types

import shim.devices.label.raw as _raw
import shim.submission as _submission
import shim.transport.sockets as _sockets
from shim.reply import CallRecord

_plan = _types.SimpleNamespace(place="", kind="")  # of the call in progress; the host has one thread
_bind = bind  # noqa: F821  # that of shim/abi.py
_callrecord_failed, _port_answer = CallRecord.failed, Port.answer  # noqa: F821
_post, _read_answer = _sockets.SocketTransport.post, _sockets.read_answer


def _raise(*places):
    if _plan.place in places:
        raise getattr(_builtins, _plan.kind)("患者张三")


def _note_a_window(folder):
    """A file beside the DLLs if there is a message box, such as that of cffi."""
    import ctypes

    if ctypes.windll.user32.FindWindowW("#32770", None):
        (folder / "window.txt").touch()


def bind(ffi, lib):
    folder = Path(ffi.string(lib.vcshim_front_place().folder).decode("utf-8"))  # noqa: F821
    entry = _bind(ffi, lib)

    def sabotaged(call):
        if sys.platform == "win32":  # noqa: F821
            _note_a_window(folder)
        texts = b" ".join(ffi.string(text.bytes) for text in call.texts if text.length > 0)
        words = texts.partition(b"raise:")[2].partition(b";")[0].decode("ascii")
        _plan.place, _, _plan.kind = words.partition(":")
        _raise("unsent")  # from here cffi is told
        if _plan.place == "sent":
            call.sent = 1
        _raise("sent")
        return entry(call)

    return sabotaged


def _failed(record, error):
    _raise("catch")
    return _callrecord_failed(record, error)


def _answer(port, *arguments):
    answer = _port_answer(port, *arguments)
    _raise("late")
    return answer


def _sabotaged_post(transport, *arguments):
    _raise("before")
    return _post(transport, *arguments)


def _sabotaged_read(*arguments):
    _raise("after", "catch")
    return _read_answer(*arguments)


def _print(method, render, limit):
    _raise("before")
    _submission.begin()
    _raise("after", "catch")


CallRecord.failed, Port.answer = _failed, _answer  # noqa: F821
_sockets.SocketTransport.post, _sockets.read_answer = _sabotaged_post, _sabotaged_read
_raw.RawPrintMethod.print = _print
