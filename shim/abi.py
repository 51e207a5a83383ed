"""Where C meets Python: bytes in, bytes out, the last catch. The only module that sees cffi's ffi and lib.

`Port` is the whole of it in bytes, so that the same tests run with and without C; `bind` puts it behind the embedded
entry of native/entry.h. An exception never crosses into C: there it would become a zero, which means nothing.

L5 together with the command line; nothing imports this module but the embedded start and the tests.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shim import codec, log
from shim.errors import HostError, OwnError, Reason, ShimError
from shim.service import Reply
from shim.spec import FUNCTIONS
from shim.wiring import Wired, wire

# What native/entry.h puts in the place of a length (enum vcshim_no_text).
NULL, UNREADABLE, TOO_LONG = -1, -2, -3
_NO_TEXT = {
    NULL: (Reason.NULL_ARGUMENT, "是空指针"),
    UNREADABLE: (Reason.UNREADABLE_ARGUMENT, "指向无法读取的内存，或没有以 NUL 结尾"),
    TOO_LONG: (Reason.ARGUMENT_TOO_LONG, "超过 4 MB，无法受理"),
}
_FUNCTIONS = tuple(function.name for function in FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What C copies to the host: `code` for a char*, `number` for an int, `out` for the buffer, without its NUL."""

    code: bytes
    number: int
    out: bytes


class Port:
    """The five functions in bytes. `folder` is where the DLLs and vcshim.ini lie. Any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._wired: Wired | None = None

    def answer(self, function: str, texts: Sequence[bytes | int], mode: int, capacity: int) -> Answer:
        """Perform `function`. A text is the host's bytes or one of the negative lengths; `capacity` counts the NUL.

        Never raises for anything the host handed over; whatever else goes wrong becomes code 8009 or -1.
        """
        wired = self._wire()
        charset = wired.configuration.abi.charset
        try:
            decoded, charset = self._decode(function, texts, charset, capacity)
            reply = self._call(wired, function, decoded, mode)
        except ShimError as error:
            reply = wired.service.failure(function, error)
        except Exception:
            reply = self._bug(wired, function)
        return self._fit(wired, function, reply, charset, capacity)

    def _wire(self) -> Wired:
        with self._lock:
            if self._wired is None:
                self._wired = wire(self._folder)
            return self._wired

    def _decode(
        self, function: str, texts: Sequence[bytes | int], charset: str, capacity: int
    ) -> tuple[list[str], str]:
        row = FUNCTIONS[_FUNCTIONS.index(function)]
        given = [field for field in row.parameters if not field.note.startswith("出参") and field.type != "int"]
        answers = [field for field in row.parameters if field.note.startswith("出参")]
        decoded: list[str] = []
        found = charset
        for field, text in zip(given, texts, strict=False):
            if isinstance(text, int):
                reason, what = _NO_TEXT[text]
                raise HostError(reason, f"参数 {field.name} {what}（{field.clause}）")
            string, used = codec.decode(text, charset, field.name)
            decoded.append(string)
            if not text.isascii():  # plain ASCII, as addresses are, tells nothing
                found = used
        if answers and capacity < 1:
            raise HostError(Reason.NULL_ARGUMENT, f"参数 {answers[0].name} 是空指针或不可写（{answers[0].clause}）")
        return decoded, found

    def _call(self, wired: Wired, function: str, texts: list[str], mode: int) -> Reply:
        service = wired.service
        calls: dict[str, Callable[[], Reply]] = {
            "VirtualCardTrans": lambda: service.virtual_card_trans(*texts),
            "Set_QRflow_Mode": lambda: service.set_qrflow_mode(mode),
            "EhealthID_Print": lambda: service.ehealthid_print(*texts),
            "SetEcQrcode": service.set_ec_qrcode,
            "NationEcTrans": lambda: service.nation_ec_trans(*texts),
        }
        return calls[function]()

    def _bug(self, wired: Wired, function: str) -> Reply:
        wired.logger.exception("内部异常", extra={"facts": {"function": function}})
        return wired.service.failure(function, OwnError(Reason.INTERNAL, "内部异常，请查看日志并联系软件供应商"))

    def _fit(self, wired: Wired, function: str, reply: Reply, charset: str, capacity: int) -> Answer:
        room = max(capacity - 1, 0)
        charset = "utf-8" if charset == "utf-8" else "gbk"
        out = codec.encode(reply.out, charset)
        if len(out) > room and reply.wrap is None:
            reply = wired.service.failure(
                function, _too_long(len(out), room, wired.answer_store.save(reply.text)), org_id=reply.org_id
            )
            out = codec.encode(reply.out, charset)
        if len(out) > room:
            out = _shorten(reply, charset, room)
        return Answer(reply.code.encode("ascii", "replace")[:31], _number(reply.code), out)


def bind(ffi: Any, lib: Any) -> Callable[[Any], int]:
    """The Python side of vcshim_entry: 1 when `call` holds an answer, 0 never on purpose."""
    home = Path(ffi.string(lib.vcshim_home()).decode("utf-8"))
    port = Port(home.parent)

    def entry(call: Any) -> int:
        texts = [
            bytes(ffi.buffer(text.bytes, text.length)) if text.length >= 0 else int(text.length) for text in call.texts
        ]
        answer = port.answer(_FUNCTIONS[call.function - 1], texts, call.mode, call.out_capacity)
        if call.out_capacity > 0:
            out = answer.out[: call.out_capacity - 1] + b"\0"  # it fits already; memory does not rely on that
            ffi.memmove(call.out, out, len(out))
        ffi.memmove(call.code, answer.code + b"\0", len(answer.code) + 1)
        call.number = answer.number
        return 1

    if sys.stderr is None:  # our own interpreter: what nobody would see goes to the log
        threading.excepthook = lambda args: log.event(
            logging.getLogger("vcshim"), logging.ERROR, "线程异常", where=log.trace(args.exc_traceback)
        )
        sys.unraisablehook = lambda args: log.event(
            logging.getLogger("vcshim"), logging.ERROR, "未能上报的异常", where=log.trace(args.exc_traceback)
        )
    return entry


def _number(code: str) -> int:
    """The code as a C int; what is no number of 32 bits becomes that of an internal failure, never 0."""
    return int(code) if re.fullmatch("-?[0-9]{1,9}", code) else int(Reason.INTERNAL.vc_code)


def _too_long(size: int, room: int, kept: str | None) -> OwnError:
    """The answer came and does not fit: how many bytes, which key to set, where the whole text is."""
    where = f"已加密保存，可用 vcshim kept {kept} 查看" if kept else "未保存"
    return OwnError(
        Reason.OUT_TOO_SMALL,
        f"交易已成功，但应答有 {size} 字节，OutData 只能放 {room} 字节；请确认程序分配的缓冲区，"
        f"并在 vcshim.ini 设置 [abi] out_capacity = {_next_capacity(size + 1)}；应答全文{where}",
    )


def _next_capacity(needed: int) -> int:
    """The smallest buffer size in use in the field that holds `needed` bytes, else the next multiple of 4096."""
    return next((size for size in (4096, 8192, 20480) if size >= needed), -(-needed // 4096) * 4096)


def _shorten(reply: Reply, charset: str, room: int) -> bytes:
    """OutData with as much of the text as fits, whole characters, its wrapping intact; empty where not even that."""
    wrap = reply.wrap or (lambda text: text)
    message = codec.encode(reply.text, charset)
    keep = len(message)
    while keep >= 0:
        out = codec.encode(wrap(codec.decode(codec.cut(reply.text, charset, keep), charset, "")[0]), charset)
        if len(out) <= room:
            return out
        keep = min(keep - 1, keep - (len(out) - room) // 2)
    return b""
