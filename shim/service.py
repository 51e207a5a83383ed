"""A call from text to text: look up, validate, scan, seal, post, open, map. The heart, and nothing but the order.

Every method returns a Reply and raises nothing of ours: a ShimError becomes a Reply with its code and its Chinese
text, and one log line. What is not a ShimError is a bug and is left to abi's last catch.

L3: built by wiring with concrete parts; imports dialects, the device ABCs and the transport protocol. Any thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shim import codec, validate
from shim.call_activity import CallActivity
from shim.devices.autofill.base import AutoFill
from shim.devices.autofill.last_code import LastCode
from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.base import LabelPrinter
from shim.devices.scanner.base import Scanner
from shim.devices.screen.base import Screen
from shim.dialects import merged, nation, scanned, virtualcard
from shim.dialects.table import Dialect
from shim.errors import HostError, OwnError, PlatformError, PlatformRefusal, Reason, ShimError, mask
from shim.log import WIRE, event
from shim.settings.terminal import TerminalSettings
from shim.settings.validate import ValidateSettings
from shim.settings.wire import WireSettings
from shim.spec import EC_CODES, VC_CODES
from shim.spec.rows import Field, Method
from shim.terminal import STYLES, TerminalIdentifier
from shim.transport import Transport


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host gets. `code` is the char* or, as digits, the int; `text` is OutData or pErrmsg.

    `wrap` is None for a text that must arrive whole; else the text may be shortened: OutData is `wrap` of it. `org_id`
    is what an EC failure that comes after this reply must repeat.
    """

    code: str
    text: str
    wrap: Callable[[str], str] | None = None
    org_id: str = ""

    @property
    def out(self) -> str:
        """OutData when there is room for all of it."""
        return self.text if self.wrap is None else self.wrap(self.text)


@dataclass(slots=True)
class _Note:
    """What the log line of a call will say."""

    function: str
    started: float = field(default_factory=time.perf_counter)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The sections that a call depends on. `keep_code_seconds` is how long an insurance code waits for SetEcQrcode."""

    wire: WireSettings
    validate: ValidateSettings
    terminal: TerminalSettings
    keep_code_seconds: int


class Service:
    """One per process. `dialect` is the platform's, or why the settings give none; the devices are this PC's."""

    def __init__(
        self,
        settings: ServiceSettings,
        dialect: Dialect | HostError,
        transport: Transport,
        scanner: Scanner,
        screen: Screen,
        printer: LabelPrinter,
        autofill: AutoFill,
        terminal: TerminalIdentifier,
        activity: CallActivity,
        logger: logging.Logger,
    ) -> None:
        self._settings = settings
        self._dialect = dialect
        self._transport = transport
        self._scanner = scanner
        self._screen = screen
        self._printer = printer
        self._autofill = autofill
        self._terminal = terminal
        self._activity = activity
        self._logger = logger
        self._last_code = LastCode(settings.keep_code_seconds)
        self._filling = threading.Lock()

    # ---- VirtualCardChk.dll ------------------------------------------------------------------------------------

    def virtual_card_trans(self, url: str, in_data: str) -> Reply:
        """VC 3.2: "00" and the opened biz_content, or a code of VC appendix 1 and a text."""
        note = _Note("VirtualCardTrans")
        try:
            with self._activity.call():
                text = self._virtual_card(url, in_data, note)
        except ShimError as error:
            return self._vc_failure(error, note)
        self._done(note, virtualcard.SUCCESS)
        return Reply(virtualcard.SUCCESS, text)

    def set_qrflow_mode(self, mode: int) -> Reply:
        """VC 3.3: 0 hides, and ends a scan that waits in another thread; 1 shows; anything else is refused.

        1 succeeds also where no second monitor is there just now: the log says so, and the window stays away.
        """

        def run() -> None:
            if mode not in (0, 1):
                raise HostError(Reason.INVALID_FIELD, f"mode 应为 0（不显示）或 1（显示）（VC 3.3），收到 {mode}")
            ended = mode == 0 and self._scanner.cancel()
            try:
                self._screen.set_visible(mode == 1)
            except DeviceUnavailable as error:
                if not (ended and error.why is Unavailable.NOT_SET_UP):  # what was asked for is done
                    raise

        return self._number("Set_QRflow_Mode", run)

    def ehealthid_print(self, ehealthid: str, card_no: str, name: str) -> Reply:
        """VC 3.4: prints one label; none of the three may be empty."""

        def run() -> None:
            for title, value in (("ehealthid", ehealthid), ("cardNo", card_no), ("name", name)):
                if not value.strip():
                    raise HostError(Reason.INVALID_FIELD, f"{title} 不可为空（VC 3.4）")
            self._printer.print_label(ehealthid, card_no, name)

        return self._number("EhealthID_Print", run)

    def set_ec_qrcode(self) -> Reply:
        """VC 3.5: types the last insurance code into the focused window; it is kept until that has gone well."""

        def run() -> None:
            with self._filling:  # a second call at the same time finds no code any more, and types nothing
                code = self._last_code.look()
                if code is None:
                    seconds = self._settings.keep_code_seconds
                    raise DeviceUnavailable(
                        "自动填值", Unavailable.NO_CODE,
                        f"请先扫医保电子凭证；只保留 {seconds} 秒（[scanner] keep_code_seconds），填过一次即清除",
                    )  # fmt: skip
                self._autofill.fill(code)
                self._last_code.forget(code)

        return self._number("SetEcQrcode", run)

    # ---- NationECCode.dll --------------------------------------------------------------------------------------

    def nation_ec_trans(self, url: str, in_data: str) -> Reply:
        """EC B.1.3: "0000" and {"code":0,...}, or a code of EC C.4 and the same valid JSON with code and message."""
        note = _Note("NationEcTrans")
        org_id = ""
        try:
            with self._activity.call():
                request = nation.prepare(in_data, url)
                org_id = request.org_id
                text = self._nation(url, request, note, None)
        except ShimError as error:
            return self.failure("NationEcTrans", error, note=note, org_id=org_id)
        self._done(note, nation.SUCCESS)
        return Reply(nation.SUCCESS, text, org_id=org_id)

    # ---- failures ----------------------------------------------------------------------------------------------

    def failure(self, function: str, error: ShimError, *, note: _Note | None = None, org_id: str = "") -> Reply:
        """The Reply, and the log line, of a call that failed: also for what abi finds before and after the service."""
        note = note or _Note(function)
        if function != "NationEcTrans":
            return self._vc_failure(error, note)
        code = _never_success(error.ec_code, nation.SUCCESS, "-1")
        known = EC_CODES.get(code)
        self._failed(note, code, error)
        message = error.message or (known.meaning if known else "") or f"错误码 {code}"
        return Reply(code, message, lambda text: nation.failure_text(code, text, org_id))

    def _vc_failure(self, error: ShimError, note: _Note) -> Reply:
        code = _never_success(error.vc_code, virtualcard.SUCCESS, "9998")
        known = VC_CODES.get(code)
        self._failed(note, code, error)
        return Reply(code, error.message or (known.meaning if known else "") or f"错误码 {code}", lambda text: text)

    # ---- the two transactions ----------------------------------------------------------------------------------

    def _virtual_card(self, url: str, in_data: str, note: _Note) -> str:
        dialect = self._dialect
        if isinstance(dialect, HostError):
            raise dialect
        request = virtualcard.prepare(in_data, dialect)
        note.facts["method"] = request.name[:50]
        if request.method is None:
            self._question(note, Reason.UNKNOWN_METHOD, [f"接口名称 {request.name[:50]} 不在 VC 附录 2.1 中，请核对"])
        else:
            self._check(note, request.method.request, request.content)
            if request.method.scans is not None:
                code = scanned.tidy(str(request.content.get(request.method.scans) or "")) or self._scan(note)
                request.content[request.method.scans] = code
                if self._kind(note, code) is scanned.Kind.INSURANCE and request.content.get("ECUrl"):
                    return self._insurance(request, code, note)
        body = virtualcard.seal(request, dialect)
        answer = virtualcard.open_answer(self._post(url, body, note, request.method), request, dialect)
        if not answer.sign_fits:
            self._sign_does_not_fit(note)
        self._tell_screen(request, answer)
        self._label(request, answer.fields, note)
        return answer.text

    def _tell_screen(self, request: virtualcard.Request, answer: virtualcard.Answer) -> None:
        """What the answer means to the extension screen, by the rows of the method."""
        for row in request.method.shows if request.method is not None else ():
            text = answer.fields.get(row.field)
            if text and (not row.flag or str(request.content.get(row.flag) or "").upper() == "Y"):
                self._screen.tell(row.step, str(request.content.get(row.number) or ""), str(text))
                return

    def _label(self, request: virtualcard.Request, fields: dict[str, Any], note: _Note) -> None:
        """Print the label that the method's row offers and the request asks for.

        The registration stands whatever becomes of the label: no failure here may reach the host, or it would register
        again. It is in the log, and EhealthID_Print prints once more.
        """
        label = None if request.method is None else request.method.prints
        if label is None or str(request.content.get(label.asked_by) or "").strip().upper() != "Y":
            return
        started = time.perf_counter()
        try:
            texts = {names[0]: _first(fields, names) for names in (label.code, label.card_no, label.name)}
            for name, text in texts.items():
                if not text:
                    raise PlatformError(Reason.UNREADABLE_ANSWER, f"平台应答中没有 {name}")
            self._printer.print_label(*texts.values())
        except ShimError as error:
            text = f"登记成功，标签未打印：{error.message}"
            event(self._logger, logging.WARNING, text, function=note.function)
        except Exception:  # a bug of ours: with its trace, as abi's last catch does
            self._logger.exception("登记成功，标签未打印：内部异常", extra={"facts": {"function": note.function}})
        finally:
            note.facts["print_ms"] = _milliseconds(started)

    def _insurance(self, request: virtualcard.Request, code: str, note: _Note) -> str:
        """VC 4.2.2: an insurance code is asked of ECUrl, and the answer comes back in verify's own shape."""
        asked = nation.prepare(merged.question(request.content), "")
        return merged.answer(self._nation(str(request.content["ECUrl"]), asked, note, code), code)

    def _kind(self, note: _Note, code: str, *, asked_of_insurance: bool = False) -> scanned.Kind:
        """What `code` is; an insurance code is kept for SetEcQrcode, and so is any that EC's own platform is asked."""
        kind = scanned.kind(code)
        if kind is scanned.Kind.UNKNOWN or (kind is scanned.Kind.INSURANCE and not scanned.is_usual(code)):
            text = "二维码不是常见的形式，仍交平台判断"
            event(self._logger, logging.WARNING, text, function=note.function, kind=kind.value, length=len(code))
        if kind is scanned.Kind.INSURANCE or (asked_of_insurance and kind is scanned.Kind.UNKNOWN):
            self._last_code.keep(code)
        return kind

    def _scan(self, note: _Note) -> str:
        started = time.perf_counter()
        try:
            return scanned.tidy(self._scanner.scan())
        finally:
            note.facts["scan_ms"] = _milliseconds(started)

    def _identity(self, url: str, note: _Note) -> dict[str, str]:
        """The fields of EC 7.2.1.1 that the settings name, filled; what cannot be found is left out, and logged."""
        settings = self._settings.terminal
        names = {"mac": settings.mac_field, "ip": settings.ip_field, "record": settings.record_field}
        if not any(names.values()):
            return {}
        values = {"mac": settings.mac, "ip": settings.ip, "record": settings.record_no}
        if any(names[what] and not values[what] for what in ("mac", "ip")):
            found = self._terminal.identity(url)
            style = STYLES[settings.mac_style]
            values["mac"] = values["mac"] or (style(found.mac) if found.mac else "")
            values["ip"] = values["ip"] or found.ip
            if not found.certain:
                text = "未能确定通向医保平台的网卡，终端标识取自其他网卡或缺省"
                event(self._logger, logging.WARNING, text, function=note.function)
        return {names[what]: value for what, value in values.items() if names[what] and value}

    def _nation(self, url: str, request: nation.Request, note: _Note, code: str | None) -> str:
        note.facts.setdefault("method", request.name[:50])
        if request.method is not None:
            self._check(note, request.method.request, request.fields)
        terminal: dict[str, str] = {}
        if request.scans is not None:
            if code is None:
                given = scanned.tidy(str(request.fields.get(request.scans) or ""))
                code = None if given else self._scan(note)
                self._kind(note, code or given, asked_of_insurance=True)
            terminal = self._identity(url, note)
        place = self._settings.terminal.place
        body = nation.seal(request, code, self._settings.wire.ec_code_field, terminal, place)
        return nation.open_answer(self._post(url, body, note, request.method), request)

    def _post(self, url: str, body: bytes, note: _Note, method: Method | None) -> bytes:
        started = time.perf_counter()
        note.facts["sent_bytes"] = len(body)
        repeatable = method is not None and not method.changes
        content_type = self._settings.wire.content_type
        self._trace("发出报文", note, body)
        answer = self._transport.post(url, body, content_type, repeatable=repeatable)
        self._trace("收到报文", note, answer)
        note.facts["platform_ms"] = _milliseconds(started)
        note.facts["answer_bytes"] = len(answer)
        return answer

    def _trace(self, text: str, note: _Note, body: bytes) -> None:
        """At level wire: the names of all fields and the length of their values; the values themselves stay out."""
        if self._logger.isEnabledFor(WIRE):
            try:
                shape = _shape(codec.parse(body.decode("utf-8", "replace"), ""))
            except HostError:
                shape = f"{len(body)} 字节，不是 JSON"
            event(self._logger, WIRE, text, function=note.function, body=shape)

    # ---- what is questionable, and how much it matters -----------------------------------------------------------

    def _check(self, note: _Note, fields: tuple[Field, ...], values: dict[str, Any]) -> None:
        if self._settings.validate.level != "off":
            self._question(note, Reason.INVALID_FIELD, validate.check(fields, values))

    def _question(self, note: _Note, reason: Reason, findings: list[str]) -> None:
        if not findings:
            return
        if self._settings.validate.level == "strict":
            raise HostError(reason, "；".join(findings))
        event(self._logger, logging.WARNING, "入参不合规范，照常发送", function=note.function, findings=findings)

    def _sign_does_not_fit(self, note: _Note) -> None:
        level = self._settings.wire.verify
        text = "平台应答的签名不符"
        if level == "strict":
            raise PlatformError(
                Reason.ANSWER_SIGN_WRONG, f"{text}，已拒收；请核对应用密钥 key 与 [wire] dialect，并确认交易状态"
            )
        if level == "warn":
            event(self._logger, logging.WARNING, f"{text}，按 [wire] verify = warn 照常返回", function=note.function)

    # ---- the other three, and the log ----------------------------------------------------------------------------

    def _number(self, function: str, run: Callable[[], None]) -> Reply:
        note = _Note(function)
        try:
            with self._activity.call():
                run()
        except ShimError as error:
            return self._vc_failure(error, note)
        self._done(note, "0")
        return Reply("0", "")

    def _done(self, note: _Note, code: str) -> None:
        facts = note.facts
        event(
            self._logger,
            logging.INFO,
            "成功",
            function=note.function,
            code=code,
            ms=_milliseconds(note.started),
            **facts,
        )

    def _failed(self, note: _Note, code: str, error: ShimError) -> None:
        """A refusal's own words may name a patient: only their length is logged. Ours were masked when made."""
        text = f"平台拒绝（说明 {len(error.message)} 字）" if isinstance(error, PlatformRefusal) else error.message
        family = "host" if isinstance(error, HostError) else "own" if isinstance(error, OwnError) else "platform"
        reason = error.reason.title if error.reason else "refused"
        event(
            self._logger, logging.ERROR, text, function=note.function, code=code, family=family, reason=reason,
            ms=_milliseconds(note.started), **note.facts,
        )  # fmt: skip


def _never_success(code: str, success: str, instead: str) -> str:
    """A platform's refusal may carry the very word that the host takes for success: where 200 is yes, 00 is a no."""
    return instead if code.strip() == success else code


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of these fields that is filled, as text; "" where none is."""
    return next((text for name in names if (text := str(fields.get(name) or "").strip())), "")


def _shape(value: Any) -> Any:
    """JSON with every value masked."""
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return value if value is None else mask(value)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
