"""bind: C's struct of a call is read and filled, and nothing that is raised leaves it."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shim.abi import bind, on_error
from shim.call_port import Port
from shim.capture.forwarding import Started, VendorOutcome
from shim.capture.record import Habits
from shim.spec import EXPORT_BY_NAME
from tests.support.calls import QUERY
from tests.support.logs import log

RAISED = [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, RecursionError, RuntimeError]


class Ffi:
    """As much of cffi as `bind` uses. `broken`: memory cannot be written."""

    broken: type[BaseException] | None = None

    def string(self, text: bytes) -> bytes:
        return text

    def buffer(self, text: bytes, _: int) -> bytes:
        return text

    def memmove(self, target: bytearray, source: bytes, count: int) -> None:
        if self.broken is not None:
            raise self.broken
        target[:count] = source[:count]


def a_call(number: int, *texts: bytes) -> SimpleNamespace:
    rows = [SimpleNamespace(bytes=text, length=len(text)) for text in (*texts, b"", b"")][:3]
    return SimpleNamespace(
        phase=0,
        function=number,
        mode=0,
        texts=rows,
        out=bytearray(2048),
        out_capacity=2048,
        number=0,
        code=bytearray(32),
        sent=0,
        entered=0,
    )


def place(folder: bytes) -> SimpleNamespace:
    copy = SimpleNamespace(outcome=0, error=0, file=b"")
    return SimpleNamespace(folder=folder, set=folder + b"/vcshim", copy=copy, pc=b"PC-017", session=2)


@pytest.fixture
def bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Ffi, Callable[[Any], int]]]:
    hooks = threading.excepthook, sys.unraisablehook
    ffi = Ffi()
    library = SimpleNamespace(vcshim_front_place=lambda: place(str(tmp_path).encode()))
    yield ffi, bind(ffi, library)
    threading.excepthook, sys.unraisablehook = hooks
    gc.unfreeze()


@pytest.mark.parametrize("raised", RAISED)
def test_where_nothing_can_be_answered_c_knows_the_state(
    bound: tuple[Ffi, Callable[[Any], int]], raised: type[BaseException]
) -> None:
    ffi, entry = bound
    number = EXPORT_BY_NAME["NationEcTrans"].number
    good = a_call(number, b"sim:", QUERY["in"].encode("gb18030"))
    assert (entry(good), good.code[:5], good.sent) == (1, b"0000\0", 1)
    ffi.broken = raised
    sent = a_call(number, b"sim:?sim=again:1", QUERY["in"].encode("gb18030"))
    refused = a_call(number, b"sim:", b"[]")
    assert [(entry(each), each.sent) for each in (sent, refused)] == [(0, 1), (0, 0)]
    unknown = a_call(99)
    assert (entry(unknown), unknown.sent) == (0, 0)


class Recorded:
    """Stands for shim/capture/forwarding.py."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.raises: type[BaseException] | None = None

    def begin(self, function: str, texts: Any, mode: int) -> Started:
        self.calls.append((function, texts, mode))
        if self.raises:
            raise self.raises
        return Started(7, b"http://127.0.0.1:9/x" if len(texts) == 2 else None)

    def end(self, ticket: int, outcome: VendorOutcome) -> bool:
        self.calls.append((ticket, outcome))
        if self.raises:
            raise self.raises
        return outcome.code == b"9001"

    def was_sent(self, ticket: int) -> bool:
        return False


def before_and_after(number: int, *texts: bytes | None, code: bytes | None, out: bytes | None) -> list[SimpleNamespace]:
    """What C asks around a call that the vendor's DLL answers."""
    calls = [a_call(number, *(text or b"" for text in texts)) for _ in range(2)]
    for phase, call in enumerate(calls, 1):
        call.phase = phase
        for row, text in zip(call.texts, (*texts, None, None), strict=False):
            row.length = -1 if text is None else len(text)
        call.vendor = SimpleNamespace(
            ticket=0, number=5, popped=12, out_touched=3, memory=2, crashed=0, control_word=0x27F, pointer=4096,
            code=SimpleNamespace(bytes=code, length=-1 if code is None else len(code)),
            out=SimpleNamespace(bytes=out, length=-1 if out is None else len(out)),
        )  # fmt: skip
    return calls


def test_around_a_call_that_the_vendors_dll_answers(
    bound: tuple[Ffi, Callable[[Any], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, entry = bound
    recorded = Recorded()
    monkeypatch.setattr(Port, "_wire", lambda self: SimpleNamespace(forwarding=recorded))
    before, after = before_and_after(1, b"http://h/x", b"{}", code=b"9001", out=b"no")
    assert (entry(before), before.vendor.ticket, bytes(before.out[:21])) == (1, 7, b"http://127.0.0.1:9/x\0")
    after.vendor.ticket = 7
    assert (entry(after), after.number, after.sent) == (1, 1, 0)
    habits = Habits(popped=12, out_touched=3, memory="module", pointer=4096, crashed=0, control_word=0x27F)
    assert recorded.calls == [
        ("VirtualCardTrans", [b"http://h/x", b"{}"], 0),
        (7, VendorOutcome(b"9001", 5, b"no", habits)),
    ]
    before, after = before_and_after(2, code=None, out=None)
    before.mode = 1
    assert (entry(before), before.out[0], entry(after), after.number) == (1, 0, 1, 0)
    assert recorded.calls[2:] == [("Set_QRflow_Mode", [], 1), (0, VendorOutcome(None, 5, None, habits))]


@pytest.mark.parametrize("raised", RAISED)
def test_the_vendors_call_goes_on_whatever_is_raised(
    bound: tuple[Ffi, Callable[[Any], int]], monkeypatch: pytest.MonkeyPatch, raised: type[BaseException]
) -> None:
    """With the host's own address, once, and as if something may have been sent."""
    _, entry = bound
    recorded = Recorded()
    recorded.raises = raised
    monkeypatch.setattr(Port, "_wire", lambda self: SimpleNamespace(forwarding=recorded))
    before, after = before_and_after(1, b"http://h/x", None, code=b"00", out=b"{}")
    assert (entry(before), before.vendor.ticket, before.out[0]) == (1, 0, 0)
    assert (entry(after), after.number, after.sent) == (1, 0, 1)
    assert recorded.calls[0] == ("VirtualCardTrans", [b"http://h/x", None], 0)


def test_python_prints_nothing_of_its_own(
    bound: tuple[Ffi, Callable[[Any], int]], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exceptions of threads and of destructors go to the log, and cffi is told that there is nothing to print."""

    class Broken:
        def __del__(self) -> None:
            raise MemoryError("患者张三")

    def fail() -> None:
        raise SystemExit("患者张三") from KeyError("患者张三")

    _, entry = bound
    entry(a_call(EXPORT_BY_NAME["SetEcQrcode"].number))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Broken()
    assert on_error(MemoryError, MemoryError(), None) is None and on_error(None, None, None) is None
    assert {"线程异常", "后台异常"} <= {row["text"] for row in log(tmp_path)}
    assert "张三" not in "".join(map(str, log(tmp_path)))
    assert capfd.readouterr() == ("", "")
