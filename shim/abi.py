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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shim import codec, forks, log
from shim.configuration import is_unreadable
from shim.errors import HostError, OwnError, Reason, ShimError
from shim.host_codes import failure_code
from shim.reply import CallRecord, Reply
from shim.spec import EXPORT_BY_NAME, EXPORTS, Export, Parameter
from shim.wiring import Wired, wire

# What native/entry.h puts in the place of a length (enum vcshim_no_text).
NULL, UNREADABLE, TOO_LONG = -1, -2, -3
_NO_TEXT = {
    NULL: (Reason.NULL_ARGUMENT, "是空指针"),
    UNREADABLE: (Reason.UNREADABLE_ARGUMENT, "指向无法读取的内存，或没有以 NUL 结尾"),
    TOO_LONG: (Reason.ARGUMENT_TOO_LONG, "超过 4 MB，无法受理"),
}
# By parameter: what is left of a UTF-16 text that C measured. Addresses begin with http or sim, codes with a hex digit.
_FIRST_BYTES: dict[str, frozenset[bytes]] = {
    name: frozenset(bytes([byte]) for byte in first)
    for name, first in {
        "strUrl": b"hHsS",
        "InData": b'{["',
        "ehealthid": b"0123456789ABCDEF",
        "cardNo": b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    }.items()
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
        self._parents: Wired | None = None
        self._wired: Wired | None = None
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        """Without a service: a forked child builds its own with its first call."""
        self._lock = threading.Lock()
        self._parents, self._wired = self._wired or self._parents, None
        self._problems_told = False
        self._utf_8_reported = False

    def answer(self, function: str, texts: Sequence[bytes | int], mode: int, capacity: int) -> Answer:
        """Perform a call. Never raises for what the host passed in; any other exception becomes code 8009 or -1.

        Args:
            function: the name of an export.
            texts: the host's bytes, or one of the negative lengths; more than the export has are ignored.
            mode: the int argument, for the export that has one.
            capacity: bytes of the host's buffer with the NUL.
        """
        row = EXPORT_BY_NAME[function]
        if forks.lost:
            return self._lost(row, capacity)
        try:
            wired = self._wire()
        except MemoryError:  # tried again by the next call
            error = OwnError(Reason.INTERNAL, "内存不足，组件未能启动，未提交任何数据，请关闭其他程序后再试")
            reply = CallRecord(row, logging.getLogger("vcshim")).failed(error)
            return Answer(reply.code.encode(), reply.number, reply.fitted("gbk", max(capacity - 1, 0)))
        charset = wired.configuration.abi.charset
        try:
            wired.service.check_settings()  # before a text is read in a charset that may be wrong
            passed = _texts(row, texts)
            arguments, charset = _arguments(row, passed, mode, charset)
            self._question_charset(wired, row, passed)
            _check_room(row, capacity)
            reply = self._call(wired, function, arguments)
        except ShimError as error:
            reply = CallRecord(row, wired.logger).failed(error)
        except Exception:
            reply = _bug(CallRecord(row, wired.logger))
        return self._answer(wired, row, reply, charset, capacity)

    def _question_charset(self, wired: Wired, row: Export, texts: Sequence[bytes]) -> None:
        """Name the texts that were read as GBK and are more likely UTF-8; they stay as they were read.

        A line in the log, once a process, or the end of the call, as [validate] level says.
        """
        level = wired.configuration.validate.level
        if wired.configuration.abi.charset != "gbk" or level == "off":
            return
        doubtful = [p.name for p, text in zip(_text_parameters(row), texts, strict=True) if codec.resembles_utf_8(text)]
        if not doubtful:
            return
        finding = f"{'、'.join(doubtful)} 像是 UTF-8 文本，而 vcshim.ini 的 [abi] charset 为 gbk，汉字会变成别的字"
        remedy = "请把 charset 设为 utf-8，或由调用方改用 GBK"
        if level == "strict":
            raise HostError(Reason.INVALID_CHARSET, f"{finding}；{remedy}；请求未发出")
        with self._lock:
            reported, self._utf_8_reported = self._utf_8_reported, True
        if not reported:
            log.event(wired.logger, logging.WARNING, f"{finding}；{remedy}", function=row.name)

    def _wire(self) -> Wired:
        with self._lock:
            before = self._wired
            if before is None or (before.configuration.unreadable and not is_unreadable(self._folder)):
                self._wired, self._parents = wire(self._folder, self._parents), None
            assert self._wired is not None
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

    def _lost(self, row: Export, capacity: int) -> Answer:
        """The answer in a child that can use nothing of ours, the log included."""
        charset = self._wired.configuration.abi.charset if self._wired is not None else "gbk"
        error = OwnError(
            Reason.INTERNAL,
            "本进程由 fork 产生，当时另一线程正在组件中工作，本进程不能使用组件，未提交任何数据；"
            "请重新 fork，或 exec 程序后再调用",
        )
        reply = CallRecord(row, logging.Logger("no log", logging.CRITICAL)).failed(error)
        room = max(capacity - 1, 0)
        return Answer(reply.code.encode(), reply.number, reply.fitted("utf-8" if charset == "utf-8" else "gbk", room))

    def _answer(self, wired: Wired, row: Export, reply: Reply, charset: str, capacity: int) -> Answer:
        """The reply in the host's charset, fitted to its buffer; an answer that must arrive whole is stored instead."""
        charset = "utf-8" if charset == "utf-8" else "gbk"
        room = max(capacity - 1, 0)
        size = len(codec.encode(reply.out, charset))
        if size > room and reply.wrap is None:
            record = CallRecord(row, wired.logger, org_id=reply.org_id)
            reply = record.failed(_too_long(size, room, wired.answer_store.save(reply.text)))
        reply = self._with_problems(wired, row, reply, charset, room)
        code = reply.code if reply.code == row.success else failure_code(reply.code, row.family)
        return Answer(code.encode("ascii"), reply.number, reply.fitted(charset, room))

    def _with_problems(self, wired: Wired, row: Export, reply: Reply, charset: str, room: int) -> Reply:
        """The first failure of ours that has a text also says that vcshim.ini has problems: few people read the log."""
        if self._problems_told or not reply.is_ours or row.output is None:
            return reply
        settings = wired.configuration
        problems = [each for each in settings.problems if not each.startswith(settings.refusals)]
        if not problems:
            return reply
        told = replace(reply, note=f"；另外，{_cut(problems[0], 60)}（设置共 {len(problems)} 处问题，详见日志）")
        if len(codec.encode(told.note, charset)) > room // 2:  # the failure's own sentence matters more
            return reply
        self._problems_told = True
        return told


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


def _text_parameters(row: Export) -> list[Parameter]:
    """The parameters that the host fills with a text."""
    return [parameter for parameter in row.inputs if parameter.is_text]


def _texts(row: Export, texts: Sequence[bytes | int]) -> list[bytes]:
    """The host's bytes for each text parameter of the row; what C hands over beyond these is not looked at.

    Raises:
        HostError: one is missing, cannot be read, or is UTF-16.
    """
    passed: list[bytes] = []
    for parameter, text in zip(_text_parameters(row), texts, strict=False):
        if isinstance(text, int):
            reason, what = _NO_TEXT[text]
            raise HostError(reason, f"参数 {parameter.name} {what}（{parameter.clause}）")
        passed.append(text)
    _refuse_utf_16(row, passed)
    return passed


def _refuse_utf_16(row: Export, texts: Sequence[bytes]) -> None:
    """Name the texts that a Unicode host handed over as UTF-16.

    Most of such a text never arrives: C stops at the first NUL, which is the second byte of ``{`` or ``h``. What is
    left is the one character that an address, a JSON text or a code begins with.
    """
    parameters = _text_parameters(row)
    cut = {p.name for p, text in zip(parameters, texts, strict=True) if text and text in _FIRST_BYTES.get(p.name, ())}
    if row.output is None:  # a card number of one character is possible, a code and a card number of one are not
        cut = {p.name for p in parameters} if len(cut) == 2 else set()
    wide = [p.name for p, text in zip(parameters, texts, strict=True) if p.name in cut or codec.is_utf_16(text)]
    if wide:
        raise HostError(
            Reason.INVALID_CHARSET,
            f"参数 {'、'.join(wide)} 传入的是宽字符（UTF-16），请求未发出；"
            "请按 ANSI 声明（PowerBuilder 加 ;ansi，Delphi 用 PAnsiChar，C# 用 CharSet.Ansi）",
        )


def _arguments(row: Export, texts: Sequence[bytes], mode: int, charset: str) -> tuple[list[str | int], str]:
    """What the service is called with, in the order of the row's parameters, and the charset of the answer.

    A text of one word loses the blanks around it. The answer goes out in the charset of the last text that is not plain
    ASCII: addresses, which are, tell nothing.

    Raises:
        HostError: a text is not in the charset.
    """
    arguments: list[str | int] = []
    answer_charset = charset
    remaining = iter(texts)
    for parameter in row.inputs:
        if not parameter.is_text:
            arguments.append(mode)
            continue
        text = next(remaining)
        string, used = codec.decode(text, charset, parameter.name)
        arguments.append(codec.strip_word(string) if parameter.word else string)
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


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def _next_capacity(needed: int) -> int:
    """The smallest buffer size in use in the field that holds `needed` bytes, else the next multiple of 4096."""
    return next((size for size in (4096, 8192, 20480) if size >= needed), -(-needed // 4096) * 4096)
