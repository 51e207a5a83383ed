"""A captured call through our own pipeline, with nothing outside: no connection, no device, no log, no journal.

The service (shim/service.py) is that of the DLLs, built from the settings in force. Its transport keeps what would be
posted and gives back what the platform answered the vendor's DLL; its scanner gives the code that the vendor's DLL
scanned; values that a DLL makes itself are the vendor's own, where they satisfy their rule. Used by `compare`, `shadow`
and the export.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from shim import codec
from shim.call_activity import CallActivity
from shim.capture.exchange import Exchange
from shim.capture.record import CapturedCall
from shim.configuration import Configuration
from shim.deadline import Deadline
from shim.devices.autofill.absent import AbsentAutoFill
from shim.devices.autofill.last_code import LastCode
from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LabelPrinter
from shim.devices.scanner.base import Scanner
from shim.devices.screen.base import Screen
from shim.dialects.dialect import Dialect
from shim.dialects.made import Maker
from shim.dialects.nation import EcWire, ec_wire
from shim.errors import HostError, PlatformError, ShimError
from shim.host_bytes import (
    NULL,
    Answer,
    answer_charset,
    call_arguments,
    check_room,
    fitted_answer,
    out_too_long,
    passed_texts,
)
from shim.http_answer import HttpAnswer
from shim.messages import autofill, network
from shim.messages import scanner as scanner_rows
from shim.replay.recorded import ReplayMaker
from shim.replay.vendor import VendorCall, named_values, read_vendor_call, target_of
from shim.reply import CallRecord, Reply
from shim.service import Service
from shim.service_parts import Devices, PlatformAccess, ServiceSettings
from shim.settings.pairs import Pairs
from shim.settings.terminal import TerminalSettings
from shim.spec import EXPORT_BY_NAME, Effect, Export, Shape
from shim.spec.rows import Step
from shim.submission import Submission, performing
from shim.terminal import TerminalIdentifier, TerminalIdentity
from shim.transport.http1 import declared_charset, with_headers
from shim.wiring import pick_dialect

_MESSAGE_ROOM = 256  # bytes with the NUL: pErrmsg, VC 3.5
# A value that no platform and no vendor's DLL gives: what is made of it differs and is seen.
_NOBODY = "000000000000"
_MAC = re.compile("[0-9A-F]{12}")


@dataclass(frozen=True, slots=True)
class Posted:
    """What our transport was asked to post."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        """The path and query of the request line."""
        return target_of(self.url.encode("latin-1", "replace"))


@dataclass(frozen=True, slots=True)
class Replayed:
    """What ours did with a captured call.

    Attributes:
        vendor: what the vendor's DLL did.
        answer: what the host would have got.
        posted: what would have been sent, in order.
        succeeded: the call was a success.
        ours: the failure is of our own making, not a refusal of the platform; False for a success.
        line: the line of the log about a failure, masked as the log is; "" for a success.
        unrecorded: a request would have gone to an address of which nothing was recorded.
        unscanned: a code was to be scanned and the capture holds none.
        unanswered: the failure is that no whole answer was recorded.
    """

    vendor: VendorCall
    answer: Answer
    posted: tuple[Posted, ...]
    succeeded: bool = False
    ours: bool = False
    line: str = ""
    unrecorded: bool = False
    unscanned: bool = False
    unanswered: bool = False


class Pipeline:
    """Replays calls of VirtualCardTrans and NationEcTrans with the settings in force. One thread at a time."""

    def __init__(self, settings: Configuration) -> None:
        self._settings = settings
        self.dialect: Dialect | HostError
        try:
            self.dialect = pick_dialect(settings)
        except HostError as error:
            self.dialect = error
        self._ec_wire: EcWire | HostError
        try:
            self._ec_wire = ec_wire(settings.wire)
        except HostError as error:
            self._ec_wire = error

    @property
    def usable_dialect(self) -> Dialect | None:
        """The dialect of [wire] dialect; None where there is none that can be used."""
        return self.dialect if isinstance(self.dialect, Dialect) else None

    def replay(self, call: CapturedCall) -> Replayed:
        """Perform a captured call. Never sends, scans, prints or shows anything; raises only for a fault of ours.

        Args:
            call: of an export with InData and OutData, see `can_replay`.
        """
        return self.replay_read(read_vendor_call(call, self.usable_dialect))

    def replay_read(self, vendor: VendorCall, maker: Maker | None = None) -> Replayed:
        """The same for a call that was read already.

        Args:
            maker: makes the values that a DLL makes itself; None for one that repeats the vendor's.
        """
        call = vendor.call
        row = EXPORT_BY_NAME[call.function]
        transport = _RecordedTransport(vendor)
        scanner = _RecordedScanner(vendor)
        logger, lines = _silent_logger()
        service = self._service(vendor, transport, scanner, logger, maker or ReplayMaker(vendor))
        with performing(Submission()):
            reply, charset = self._reply(row, call, service, logger)
        answer, reply = self._fitted(row, reply, charset, logger)
        return Replayed(
            vendor, answer, tuple(transport.posted), reply.is_success, reply.is_ours,
            "" if reply.is_success else lines.last,
            transport.unrecorded, scanner.failed, transport.unanswered,
        )  # fmt: skip

    def _service(
        self,
        vendor: VendorCall,
        transport: _RecordedTransport,
        scanner: Scanner,
        logger: logging.Logger,
        maker: Maker,
    ) -> Service:
        settings = self._settings
        return Service(
            settings=ServiceSettings(
                settings.wire, settings.validate, settings.terminal, 0, 600.0, settings.messages.audience,
                settings.refusal,
            ),
            access=PlatformAccess(
                self.dialect, transport, _RecordedTerminal(vendor, settings.terminal), self._ec_wire, maker
            ),
            devices=Devices(scanner, _NoScreen(), _NoPrinter(), AbsentAutoFill(autofill.KEEPS_NOTHING), LastCode(0)),
            activity=CallActivity(),
            logger=logger,
        )  # fmt: skip

    def _reply(self, row: Export, call: CapturedCall, service: Service, logger: logging.Logger) -> tuple[Reply, str]:
        """The reply of the service, and the charset of the host: as shim/call_port.py does it."""
        charset = self._settings.abi.charset
        try:
            service.check_settings()
            passed = passed_texts(row, [NULL if text is None else text for text in call.texts])
            arguments, charset = call_arguments(row, passed, call.mode, charset)
            check_room(row, self._capacity(row))
            exports: dict[str, Callable[..., Reply]] = {
                "VirtualCardTrans": service.virtual_card_trans,
                "NationEcTrans": service.nation_ec_trans,
            }
            return exports[row.name](*arguments), charset
        except ShimError as error:
            return CallRecord(row, logger, audience=self._settings.messages.audience).failed(error), charset

    def _fitted(self, row: Export, reply: Reply, charset: str, logger: logging.Logger) -> tuple[Answer, Reply]:
        capacity, charset = self._capacity(row), answer_charset(charset)
        size, room = len(codec.encode(reply.out, charset)), capacity - 1
        if size > room and reply.wrap is None:
            record = CallRecord(row, logger, org_id=reply.org_id, audience=self._settings.messages.audience)
            reply = record.failed(out_too_long(size, room, None))
        return fitted_answer(row, reply, charset, capacity), reply

    def _capacity(self, row: Export) -> int:
        return self._settings.abi.out_capacity if row.shape is Shape.TRANS else _MESSAGE_ROOM


def can_replay(call: CapturedCall) -> bool:
    """Whether the call is of an export that asks a platform: the others only move devices."""
    row = EXPORT_BY_NAME.get(call.function)
    return row is not None and row.shape is Shape.TRANS


# ---- parts that do nothing outside -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _RecordedTransport:
    """Keeps what is posted and answers what was recorded."""

    vendor: VendorCall
    posted: list[Posted] = field(default_factory=list)
    unrecorded: bool = False
    unanswered: bool = False

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        """As shim/transport/base.py says."""
        self.posted.append(Posted(url, body, tuple(with_headers([("Content-Type", content_type)], headers))))
        exchange = self.vendor.exchange
        elsewhere = target_of(url.encode("latin-1", "replace")) != target_of(self.vendor.call.texts[0])
        if exchange is None or elsewhere:
            self.unrecorded = True
            raise PlatformError(network.CONNECTION_LOST, peer="")
        if not exchange.status or not exchange.answer_whole:
            self.unanswered = True
            raise PlatformError(network.CONNECTION_LOST, peer="")
        return http_answer(exchange)


def http_answer(exchange: Exchange) -> HttpAnswer:
    """A recorded answer as our transports give it."""
    return HttpAnswer(
        exchange.answer_body,
        exchange.status,
        declared_charset(exchange.answer_header("Content-Type") or ""),
        exchange.answer_header("Location") or "" if 300 <= exchange.status < 400 else "",
        exchange.answer_encoding,
    )


class _RecordedScanner(Scanner):
    """Reads what the vendor's DLL has read."""

    def __init__(self, vendor: VendorCall) -> None:
        self._code = vendor.code
        self.failed = False

    def scan(self) -> str:
        if not self._code:
            self.failed = True
            raise DeviceUnavailable(scanner_rows.NOT_SET_UP)
        return self._code

    def cancel(self) -> bool:
        return False

    def settle(self) -> None:
        """There is no device."""


class _NoScreen(Screen):
    """Shows nothing."""

    def set_visible(self, visible: bool) -> None:
        """Ignored."""

    def tell(self, step: Step, number: str, text: str, time_expire: str = "") -> None:
        """Ignored."""


class _NoPrinter(LabelPrinter):
    """Prints nothing."""

    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        """Ignored."""


class _RecordedTerminal(TerminalIdentifier):
    """The MAC and IPv4 that the vendor's DLL sent, where it sent one in the form that the settings ask for."""

    def __init__(self, vendor: VendorCall, settings: TerminalSettings) -> None:
        super().__init__(tuple)
        self._vendor = vendor
        self._settings = settings

    def identity(self, url: str, deadline: Deadline) -> TerminalIdentity:
        """As shim/terminal.py says."""
        values = {name: value for name, value in named_values(dict(self._vendor.sent)) if value}
        mac = "".join(c for c in values.get(self._settings.mac_field, "") if c.isalnum()).upper()
        if not _MAC.fullmatch(mac):
            mac = _NOBODY
        ip = values.get(self._settings.ip_field, "")
        return TerminalIdentity(mac, ip if _is_ipv4(ip) else "0.0.0.0", True)


def _is_ipv4(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(part.isdigit() and len(part) < 4 and int(part) < 256 for part in parts)


class _LastLine(logging.Handler):
    """Keeps the text of the last warning or error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()


def _silent_logger() -> tuple[logging.Logger, _LastLine]:
    """A logger that nobody else knows, and what it was told last."""
    logger, lines = logging.Logger("replay", logging.WARNING), _LastLine()
    logger.addHandler(lines)
    return logger, lines
