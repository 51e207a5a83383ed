"""The order of a call, from text to text: look up, validate, scan, seal, post, open, map. Nothing but the order.

Every export has a method here. It returns a Reply, whatever is raised inside: a ShimError becomes one with its code and
its Chinese text, and one log line (shim/reply.py). After any other exception, KeyboardInterrupt and the like included,
the state of the call decides (shim/submission.py). Any thread may call.

Built by wiring with concrete parts: knows dialects, the interfaces of devices and the transport protocol.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from shim import codec, stages, submission
from shim.call_activity import CallActivity
from shim.deadline import Deadline
from shim.devices.autofill.last_code import LastCode
from shim.devices.base import DeviceUnavailable
from shim.dialects import merged, nation, scanned, virtualcard
from shim.dialects.made import LiveMaker, Maker
from shim.dialects.nation import EcWire
from shim.dialects.outdata import OutStyle
from shim.dialects.table import Dialect
from shim.errors import HostError, PlatformError, ShimError, Unavailable, mask, shown_name
from shim.http_answer import HttpAnswer
from shim.journal.call_journal import Journal, NoJournal
from shim.log import WIRE, SaidBefore
from shim.messages import answers, autofill, call
from shim.once import once_for_each
from shim.reply import PLATFORM_NAMES, AnswerForm, CallRecord, Reply
from shim.request_check import RequestCheck
from shim.service_parts import Devices, PlatformAccess, ServiceSettings
from shim.settings.pairs import Pairs
from shim.spec import EXPORT_BY_NAME, Effect, Export, Family, Method, Shape
from shim.terminal import terminal_fields
from shim.transport.address import parse_url

_Row = TypeVar("_Row", Dialect, EcWire)
_REPRINT = "可用补打（EhealthID_Print），请勿重复注册"
# The methods of the service, by export.
_METHODS = {
    "VirtualCardTrans": "virtual_card_trans",
    "Set_QRflow_Mode": "set_qrflow_mode",
    "EhealthID_Print": "ehealthid_print",
    "SetEcQrcode": "set_ec_qrcode",
    "NationEcTrans": "nation_ec_trans",
}


class Service:
    """The calls of both DLLs; one object per process."""

    def __init__(
        self,
        settings: ServiceSettings,
        access: PlatformAccess,
        devices: Devices,
        activity: CallActivity,
        logger: logging.Logger,
        journal: Journal | None = None,
    ) -> None:
        self._settings = settings
        self._access = access
        self._devices = devices
        self._activity = activity
        self._logger = logger
        self._journal = journal or NoJournal()
        self._filling = threading.Lock()
        self._numbers = count(1)
        self._said = SaidBefore()
        self._check = RequestCheck(settings.validate.level, self._said)

    def export(self, name: str) -> Callable[..., Reply]:
        """What performs an export, by its name; it takes the inputs of its row."""
        perform: Callable[..., Reply] = getattr(self, _METHODS[name])
        return perform

    @property
    def devices(self) -> Devices:
        """What calls use."""
        return self._devices

    def renewed(self, settings: ServiceSettings, access: PlatformAccess, devices: Devices) -> Service:
        """A service with other settings that goes on where this one is: with its numbers, and what it has said."""
        service = copy(self)
        service._settings, service._access, service._devices = settings, access, devices
        service._check = RequestCheck(settings.validate.level, self._said)
        return service

    def check_settings(self) -> None:
        """Raise HostError SETTINGS if no call may be made with these settings. Every call asks; call_port before it."""
        refusal = self._settings.refusal
        if refusal is not None:
            raise HostError(refusal.row, **refusal.facts)

    # ---- VirtualCardChk.dll ------------------------------------------------------------------------------------

    def virtual_card_trans(self, url: str, in_data: str) -> Reply:
        """VC 3.2: "00" and the opened biz_content, or a code of VC appendix 1 and a text."""
        return self._perform("VirtualCardTrans", lambda record: self._virtual_card(url, in_data, record))

    def set_qrflow_mode(self, mode: int) -> Reply:
        """VC 3.3: 0 hides, and ends the scans of calls that were entered before; 1 shows; anything else is refused.

        1 succeeds also where no second monitor is there just now: the log says so, and the window stays away.
        """

        def run(_: CallRecord) -> None:
            if mode not in (0, 1):
                raise HostError(call.MODE, mode=mode)
            submission.begin()  # a scan ends, the screen changes
            ended = mode == 0 and self._devices.scanner.cancel()
            try:
                self._devices.screen.set_visible(mode == 1)
            except DeviceUnavailable as error:
                if not (ended and error.why is Unavailable.NOT_SET_UP):  # what was asked for is done
                    raise

        return self._perform("Set_QRflow_Mode", run)

    def ehealthid_print(self, ehealthid: str, card_no: str, name: str) -> Reply:
        """VC 3.4: prints one label; none of the three may be empty."""

        def run(record: CallRecord) -> None:
            from shim.drawing.shaping import visible

            for title, value in (("ehealthid", ehealthid), ("cardNo", card_no), ("name", name)):
                if not visible(value):
                    raise HostError(call.EMPTY, parameter=title)
            self._devices.printer.print_label(ehealthid, card_no, name)
            record.submission.begun = True  # whatever the print method has said

        return self._perform("EhealthID_Print", run)

    def set_ec_qrcode(self) -> Reply:
        """VC 3.5: types the last insurance code into the focused window, and forgets it once that has succeeded."""
        last_code, seconds = self._devices.last_code, self._settings.keep_code_seconds

        def run(_: CallRecord) -> None:
            self._devices.autofill.check()
            if seconds == 0:
                raise DeviceUnavailable(autofill.KEEPS_NOTHING)
            with self._filling_alone():
                code = last_code.look()
                if code is None:
                    raise DeviceUnavailable(autofill.NO_CODE, seconds=seconds)
                self._devices.autofill.fill(code, lambda: last_code.look() == code)
                last_code.forget(code)

        return self._perform("SetEcQrcode", run)

    @contextmanager
    def _filling_alone(self) -> Iterator[None]:
        """One SetEcQrcode at a time: a second one finds no code any more, and types nothing."""
        seconds = self._devices.autofill.longest_seconds
        if not self._filling.acquire(timeout=seconds):
            raise DeviceUnavailable(autofill.BUSY, seconds=round(seconds, 1))
        try:
            yield
        finally:
            self._filling.release()

    def reading(self, export: Export) -> AbstractContextManager[None]:
        """Around the reading of a request: one that cannot be read may be about another patient than the last code."""
        return _Reading(export, self._devices.last_code)

    def _identifies(self, method: Method | None) -> None:
        """Forget the last code if a request for `method` is about a patient, who may be another one."""
        if method is None or method.identifies:
            self._devices.last_code.begin(is_newest=method is None or method.identified is None)

    def _identified(self, method: Method | None, fields: dict[str, Any]) -> None:
        """Forget the last code if an answer says who the patient is whom an earlier request asked for."""
        case = None if method is None else method.identified
        if case and any(str(fields.get(name) or "").strip().casefold() == value for name, value in case.values):
            self._devices.last_code.begin()

    # ---- NationECCode.dll --------------------------------------------------------------------------------------

    def nation_ec_trans(self, url: str, in_data: str) -> Reply:
        """EC B.1.3: "0000" and {"code":0,...}, or a code of EC C.4 and the same valid JSON with code and message."""

        def run(record: CallRecord) -> str:
            with self.reading(record.export):
                wire = _usable(self._access.ec_wire)
                record.form = _ec_form(wire)
                request = nation.parse_ec_request(in_data, url)
            self._identifies(request.method)
            record.org_id = request.org_id
            nation.require_ec_data(request)
            return self._nation(url, request, record, None, wire)

        return self._perform("NationEcTrans", run)

    def _perform(self, name: str, run: Callable[[CallRecord], str | None]) -> Reply:
        """Perform a call of the export `name`: `run` returns the text for its buffer, None if it has none."""
        record = CallRecord(EXPORT_BY_NAME[name], self._logger, Deadline(self._settings.total_seconds))
        record.audience, record.journal = self._settings.audience, self._journal
        try:
            self.check_settings()
            with self._activity.call():
                text = run(record)
        except ShimError as error:
            return record.failed(error)
        except BaseException:
            record.bug("内部异常")
        else:
            return record.succeeded(text or "")
        return record.failed(record.internal_error())  # here the exception and its frames are gone

    # ---- the two transactions ----------------------------------------------------------------------------------

    def _virtual_card(self, url: str, in_data: str, record: CallRecord) -> str:
        with self.reading(record.export):
            dialect = _usable(self._access.dialect)
            record.form = _vc_form(dialect)
            request = virtualcard.parse_vc_request(in_data, dialect)
        if stages.observer is not None:
            _tell_request(url, request.name, request.envelope, request.content)
        self._identifies(request.method)
        record.facts["method"] = shown_name(request.name)
        record.platform, record.effect = PLATFORM_NAMES[Family.VC], request.effect
        if request.method is not None and request.method.serial:
            record.serial = str(request.content.get(request.method.serial) or "")
        passed = scanned.tidy(str(request.content.get(request.scans) or "")) if request.scans else ""
        self._check.check_virtual_card(record, request, dialect, passed)
        if request.scans is not None:
            code = passed or self._scan(record)
            request.content[request.scans] = code
            kind = self._kind(record, code)
            if not passed:  # what is required depends on the kind of the code
                self._check.check_virtual_card(record, request, dialect, code)
            if kind is scanned.Kind.INSURANCE and request.content.get("ECUrl"):
                return self._insurance(request, code, record)
        sealed = virtualcard.sealed_vc_request(request, dialect, self._maker(url, record))
        received = self._post(url, sealed.body, record, request.effect, sealed.headers)
        answer = virtualcard.open_vc_answer(received, request, dialect)
        if stages.observer is not None:
            stages.observer(stages.OPENED, {"sign_fits": answer.sign_valid, "fields": answer.fields})
        if not answer.sign_valid:
            self._sign_does_not_fit(record)
        self._identified(request.method, answer.fields)
        self._tell_screen(request, answer)
        self._label(request, answer.fields, record)
        return answer.text

    def _tell_screen(self, request: virtualcard.VcRequest, answer: virtualcard.VcAnswer) -> None:
        """What the answer means to the extension screen, by the rows of the method."""
        asked = request.content
        shows = [] if request.method is None else request.method.shows
        rows = [row for row in shows if not row.flag or str(asked.get(row.flag) or "").strip().upper() == "Y"]
        row = next((row for row in rows if answer.fields.get(row.field)), rows[-1] if rows else None)
        if row is not None:  # a code that the answer lacks is told, too: what was shown must go
            texts = (asked.get(row.number), answer.fields.get(row.field), asked.get(row.time_expire))
            self._devices.screen.tell(row.step, *(str(text or "") for text in texts))

    def _label(self, request: virtualcard.VcRequest, fields: dict[str, Any], record: CallRecord) -> None:
        """Print the label that the method's row offers and the request asks for.

        The registration stands whatever becomes of the label: no failure here may reach the host, or it would register
        again. It is in the log, and EhealthID_Print prints once more.
        """
        label = None if request.method is None else request.method.prints
        if label is None or str(request.content.get(label.asked_by) or "").strip().upper() != "Y":
            return
        try:
            with record.timed("print_ms"):
                texts = {names[0]: _first(fields, names) for names in (label.code, label.card_no, label.name)}
                for name, text in texts.items():
                    if not text:
                        raise PlatformError(answers.NOTHING_TO_PRINT, field=name)
                self._devices.printer.print_label(*texts.values())
        except ShimError as error:
            record.warn(f"注册已成功，标签没有打印：{error.line(record.platform)}；{_REPRINT}")
        except BaseException:  # a bug of ours: with its trace, as that of any call
            record.bug(f"注册已成功，标签没有打印：内部异常；{_REPRINT}")

    def _insurance(self, request: virtualcard.VcRequest, code: str, record: CallRecord) -> str:
        """VC 4.2.2: an insurance code is asked of ECUrl, and the answer comes back in verify's own shape."""
        asked = nation.parse_ec_request(merged.query_in_data(request.content), "")
        wire = replace(_usable(self._access.ec_wire), out_form="mapped", out=OutStyle())
        out_data = self._nation(str(request.content["ECUrl"]), asked, record, code, wire)
        return merged.verify_out_data(out_data, code)

    def _kind(self, record: CallRecord, code: str, *, asked_of_insurance: bool = False) -> scanned.Kind:
        """Classify `code`. Keep an insurance code for SetEcQrcode, and any code that EC's own platform is asked for."""
        kind = scanned.kind(code)
        if stages.observer is not None:
            stages.observer(stages.CODE, {"code": code, "kind": kind.value})
        if not scanned.is_usual(code):
            self._warn_once(
                record, ("code", kind), "二维码不是常见的形式，仍交平台判断", kind=kind.value, length=len(code)
            )
        if kind is scanned.Kind.INSURANCE or (asked_of_insurance and kind is scanned.Kind.UNKNOWN):
            self._devices.last_code.keep(code)
        return kind

    def _scan(self, record: CallRecord) -> str:
        started = time.monotonic()
        with record.timed("scan_ms"):
            code = scanned.tidy(self._devices.scanner.scan())
        record.deadline.postpone(time.monotonic() - started)  # people scan; the scanner has a limit of its own
        return code

    def _terminal(self, url: str, record: CallRecord) -> dict[str, str]:
        """The fields of EC 7.2.1.1 that the settings name; a doubtful interface is logged."""
        fields = terminal_fields(self._settings.terminal, lambda: self._access.terminal.identity(url, record.deadline))
        if not fields.certain:
            self._warn_once(record, "terminal", "未能确定连接医保平台的网卡，MAC、IP 取自其他网卡；取不到的没有上送")
        return fields.values

    def _maker(self, url: str, record: CallRecord) -> Maker:
        """What makes the values that the DLL fills in itself; the addresses are looked for if a rule wants them."""
        if self._access.maker is not None:
            return self._access.maker

        def identity() -> tuple[str, str]:
            found = self._access.terminal.identity(url, record.deadline)
            return found.mac, found.ip

        return LiveMaker(identity, numbers=self._numbers)

    def _nation(self, url: str, request: nation.EcRequest, record: CallRecord, code: str | None, wire: EcWire) -> str:
        if stages.observer is not None:
            _tell_request(url, request.name, request.envelope, request.fields)
        record.facts.setdefault("method", shown_name(request.name))
        record.platform, record.effect = PLATFORM_NAMES[Family.EC], request.effect
        self._check.check_nation(record, request)
        terminal: dict[str, str] = {}
        if request.scans is not None:
            if code is None:
                given = request.fields.get(request.scans)
                passed = scanned.tidy(str(given or ""))
                if passed and isinstance(given, str):
                    request.fields[request.scans] = passed
                code = None if passed else self._scan(record)
                self._kind(record, code or passed, asked_of_insurance=True)
            terminal = self._terminal(url, record)
        place = self._settings.terminal.place
        sealed = nation.sealed_ec_request(request, code, wire, terminal, place, self._maker(url, record))
        received = self._post(url, sealed.body, record, request.effect, sealed.headers)
        return nation.open_ec_answer(received, request, wire)

    def _post(self, url: str, body: bytes, record: CallRecord, effect: Effect, headers: Pairs) -> HttpAnswer:
        record.facts["sent_bytes"] = len(body)
        content_type = self._settings.wire.content_type
        self._trace("发出报文", record, body)
        self._name_platform(url, record)
        if stages.observer is not None:
            _tell_wire(url, content_type, body, headers)
        record.sending()
        with record.timed("platform_ms"):
            answer = self._access.transport.post(url, body, content_type, effect, record.deadline, headers)
        record.submission.begun = True  # whatever the transport has said
        self._trace("收到报文", record, answer.body)
        if stages.observer is not None:
            stages.observer(stages.ANSWER, {"status": answer.status, "charset": answer.charset, "body": answer.body})
        record.facts["answer_bytes"] = len(answer.body)
        return answer

    def _name_platform(self, url: str, record: CallRecord) -> None:
        """Once in a process, where requests go: scheme, host and port, for people and for `vcshim doctor`."""
        if self._said.times(("platform", url)):
            return
        try:
            address = parse_url(url)
        except HostError:  # sim:, or what the transport refuses
            return
        platform = f"{'https' if address.secure else 'http'}://{address.peer.authority}"
        if not self._said.times(("platform", platform)):  # hosts may add a query of its own to each address
            record.event(logging.INFO, "平台的地址", platform=platform)

    def _trace(self, text: str, record: CallRecord, body: bytes) -> None:
        """At level wire: the names of all fields and the length of their values; the values themselves stay out."""
        if record.logger.isEnabledFor(WIRE):
            try:
                shape = _shape(codec.loads(body.decode("utf-8", "replace"), ""))
            except HostError:
                shape = f"{len(body)} 字节，不是 JSON"
            record.event(WIRE, text, body=shape)

    # ---- what is said once ---------------------------------------------------------------------------------------

    def _warn_once(self, record: CallRecord, key: Hashable, text: str, **facts: object) -> None:
        """A warning when `key` comes up first in this process; after that a debug line that counts."""
        times = self._said.times(key)
        if times:
            record.event(logging.DEBUG, text, **facts, times=times + 1)
        else:
            record.warn(text, **facts)

    def _sign_does_not_fit(self, record: CallRecord) -> None:
        level = self._settings.wire.verify
        if level == "strict":
            raise PlatformError(answers.SIGN_WRONG)
        if level == "warn":
            record.facts["sign"] = "不对"  # which answers they were stays in the log; why to look is said once
            self._warn_once(
                record, "sign",
                f"{record.platform}的应答签名不对，按 [wire] verify = warn 照常返回；"
                "请核对应用密钥 key 与 [wire] dialect",
            )  # fmt: skip


class _Reading:
    """NB: not a generator, see shim/submission.py."""

    __slots__ = ("_export", "_last_code")

    def __init__(self, export: Export, last_code: LastCode) -> None:
        self._export = export
        self._last_code = last_code

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None and self._export.shape is Shape.TRANS:
            self._last_code.begin()


def _tell_request(url: str, method: str, envelope: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    assert stages.observer is not None
    common = {} if fields is envelope else {name: v for name, v in envelope.items() if name not in ("key", "data")}
    stages.observer(stages.REQUEST, {"url": url, "method": method, "common": common, "fields": dict(fields)})


def _tell_wire(url: str, content_type: str, body: bytes, headers: Pairs) -> None:
    """NB: the value of a header that a site adds may be a password."""
    assert stages.observer is not None
    named = {"Content-Type": content_type, **{name: "***" for name, _ in headers}}
    stages.observer(stages.WIRE, {"url": url, "headers": named, "body": body})


def _usable(row: _Row | HostError) -> _Row:
    """`row`, unless it is an error."""
    if isinstance(row, HostError):
        raise HostError(row.row, **row.facts)  # a new one: the old one would keep each frame
    return row


@once_for_each
def _vc_form(dialect: Dialect) -> AnswerForm:
    """What an export that answers by this dialect returns."""
    return AnswerForm(
        dialect.returned_success,
        "" if dialect.returned_failure == "platform" else dialect.returned_failure,
        lambda code, message, org_id: virtualcard.vc_failure_text(dialect, code, message),
        shows_code=dialect.out_failure != "message",
        passes_refusals=dialect.out_failure == "answer",
    )


@once_for_each
def _ec_form(wire: EcWire) -> AnswerForm:
    return AnswerForm(
        wire.returned_success,
        "" if wire.returned_failure == "platform" else wire.returned_failure,
        lambda code, message, org_id: nation.failure_text(code, message, org_id, wire),
        passes_refusals=wire.out_failure == "answer",
    )


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of these fields that is filled, as text; "" where none is."""
    return next((text for name in names if (text := str(fields.get(name) or "").strip())), "")


def _shape(value: Any) -> Any:
    """JSON with every value masked."""
    if isinstance(value, dict):
        return {shown_name(name): _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return value if value is None else mask(value)
