"""The boundary between C and Python: bytes in, bytes out, and the last catch. The only user of cffi's ffi and lib.

`Port` performs a call in bytes, so that the same tests run with and without C; `bind` connects it to the embedded entry
of native/entry.h. No exception leaves this module: in C it would become a zero, and a zero never means success.

Only the embedded start and the tests import this module.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shim import codec, log
from shim.errors import HostError, OwnError, Reason, ShimError
from shim.host_codes import failure_code
from shim.reply import CallRecord, Reply
from shim.spec import EXPORT_BY_NAME, EXPORTS, Export
from shim.wiring import Wired, wire

# What native/entry.h puts in the place of a length (enum vcshim_no_text).
NULL, UNREADABLE, TOO_LONG = -1, -2, -3
_NO_TEXT = {
    NULL: (Reason.NULL_ARGUMENT, "是空指针"),
    UNREADABLE: (Reason.UNREADABLE_ARGUMENT, "指向无法读取的内存，或没有以 NUL 结尾"),
    TOO_LONG: (Reason.ARGUMENT_TOO_LONG, "超过 4 MB，无法受理"),
}
_NAMES = {row.number: row.name for row in EXPORTS}


@dataclass(frozen=True, slots=True)
class Answer:
    """What C copies to the host: `code` for a char*, `number` for an int, `out` for the buffer, without the NUL."""

    code: bytes
    number: int
    out: bytes


class Port:
    """The exports in bytes. Any thread may call.

    Args:
        folder: where the DLLs and vcshim.ini are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._wired: Wired | None = None

    def answer(self, function: str, texts: Sequence[bytes | int], mode: int, capacity: int) -> Answer:
        """Perform a call. Never raises for what the host passed in; any other exception becomes code 8009 or -1.

        Args:
            function: the name of an export.
            texts: the host's bytes, or one of the negative lengths; more than the export has are ignored.
            mode: the int argument, for the export that has one.
            capacity: bytes of the host's buffer with the NUL.
        """
        wired = self._wire()
        row = EXPORT_BY_NAME[function]
        charset = wired.configuration.abi.charset
        try:
            arguments, charset = _arguments(row, texts, mode, charset)
            _check_room(row, capacity)
            reply = self._call(wired, function, arguments)
        except ShimError as error:
            reply = CallRecord(row, wired.logger).failed(error)
        except Exception:
            reply = _bug(CallRecord(row, wired.logger))
        return self._answer(wired, row, reply, charset, capacity)

    def _wire(self) -> Wired:
        with self._lock:
            if self._wired is None:
                self._wired = wire(self._folder)
            return self._wired

    def _call(self, wired: Wired, function: str, arguments: list[Any]) -> Reply:
        service = wired.service
        calls: dict[str, Callable[..., Reply]] = {
            "VirtualCardTrans": service.virtual_card_trans,
            "Set_QRflow_Mode": service.set_qrflow_mode,
            "EhealthID_Print": service.ehealthid_print,
            "SetEcQrcode": service.set_ec_qrcode,
            "NationEcTrans": service.nation_ec_trans,
        }
        return calls[function](*arguments)

    def _answer(self, wired: Wired, row: Export, reply: Reply, charset: str, capacity: int) -> Answer:
        """The reply in the host's charset, fitted to its buffer; an answer that must arrive whole is stored instead."""
        charset = "utf-8" if charset == "utf-8" else "gbk"
        room = max(capacity - 1, 0)
        size = len(codec.encode(reply.out, charset))
        if size > room and reply.wrap is None:
            record = CallRecord(row, wired.logger, org_id=reply.org_id)
            reply = record.failed(_too_long(size, room, wired.answer_store.save(reply.text)))
        code = reply.code if reply.code == row.success else failure_code(reply.code, row.family)
        return Answer(code.encode("ascii"), reply.number, reply.fitted(charset, room))


def bind(ffi: Any, lib: Any) -> Callable[[Any], int]:
    """The Python side of vcshim_entry, which returns 1 once `call` holds an answer and never 0 on purpose."""
    home = Path(ffi.string(lib.vcshim_home()).decode("utf-8"))
    port = Port(home.parent)

    def entry(call: Any) -> int:
        texts = [
            bytes(ffi.buffer(text.bytes, text.length)) if text.length >= 0 else int(text.length) for text in call.texts
        ]
        answer = port.answer(_NAMES[call.function], texts, call.mode, call.out_capacity)
        if call.out_capacity > 0:
            out = answer.out[: call.out_capacity - 1] + b"\0"  # fitted already; memory safety does not rely on it
            ffi.memmove(call.out, out, len(out))
        ffi.memmove(call.code, answer.code + b"\0", len(answer.code) + 1)
        call.number = answer.number
        return 1

    if sys.stderr is None:  # an interpreter without streams is not the host's: exceptions of threads go to the log
        threading.excepthook = lambda args: log.event(
            logging.getLogger("vcshim"), logging.ERROR, "线程异常", where=log.trace(args.exc_traceback)
        )
        sys.unraisablehook = lambda args: log.event(
            logging.getLogger("vcshim"), logging.ERROR, "未能上报的异常", where=log.trace(args.exc_traceback)
        )
    return entry


def _arguments(row: Export, texts: Sequence[bytes | int], mode: int, charset: str) -> tuple[list[str | int], str]:
    """What the service is called with, in the order of the row's parameters, and the charset of the answer.

    The answer goes out in the charset of the last text that is not plain ASCII: addresses, which are, tell nothing.

    Raises:
        HostError: a text is missing, cannot be read or is not in the charset.
    """
    arguments: list[str | int] = []
    answer_charset = charset
    remaining = iter(texts)
    for parameter in row.inputs:
        if not parameter.is_text:
            arguments.append(mode)
            continue
        text = next(remaining)
        if isinstance(text, int):
            reason, what = _NO_TEXT[text]
            raise HostError(reason, f"参数 {parameter.name} {what}（{parameter.clause}）")
        string, used = codec.decode(text, charset, parameter.name)
        arguments.append(string)
        if not text.isascii():
            answer_charset = used
    return arguments, answer_charset


def _check_room(row: Export, capacity: int) -> None:
    if row.output is not None and capacity < 1:
        raise HostError(Reason.NULL_ARGUMENT, f"参数 {row.output.name} 是空指针或不可写（{row.output.clause}）")


def _bug(record: CallRecord) -> Reply:
    record.bug("内部异常")
    return record.failed(OwnError(Reason.INTERNAL, "内部异常，请查看日志并联系软件供应商"))


def _too_long(size: int, room: int, kept: str | None) -> OwnError:
    """The error for an answer that does not fit: how many bytes it has, which key to set, where the whole text is."""
    where = f"已加密保存，可用 vcshim kept {kept} 查看" if kept else "未保存"
    return OwnError(
        Reason.OUT_TOO_SMALL,
        f"交易已成功，但应答有 {size} 字节，OutData 只能放 {room} 字节；请确认程序分配的缓冲区，"
        f"并在 vcshim.ini 设置 [abi] out_capacity = {_next_capacity(size + 1)}；应答全文{where}",
    )


def _next_capacity(needed: int) -> int:
    """The smallest buffer size in use in the field that holds `needed` bytes, else the next multiple of 4096."""
    return next((size for size in (4096, 8192, 20480) if size >= needed), -(-needed // 4096) * 4096)
