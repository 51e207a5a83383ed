"""Captured calls with every private value replaced, re-sealed, so that they prove what the originals proved.

A request is made by our own pipeline from the replaced InData, an answer is opened, replaced and sealed again with a
made-up key, by the dialect of the settings in force. So only calls whose request that dialect reproduces byte for byte
can be exported; the others are left out and counted. Replaying an exported call must come out as the original did:
this is checked for each before anything is written. The values are replaced by `pseudonyms`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, unique
from typing import Any

from shim import __version__, codec
from shim.capture.exchange import Exchange
from shim.capture.record import CapturedCall, Traffic, to_bytes
from shim.capture.source import EXPORT_FORMAT
from shim.configuration import Configuration, parse
from shim.dialects.answers import parse_answer
from shim.dialects.dialect import Dialect
from shim.dialects.envelope import answer_envelope, compute_sign, open_content, seal_content, verify_sign
from shim.errors import ShimError, shown_name
from shim.replay.compare import Comparer, Comparison
from shim.replay.differences import NotComparable
from shim.replay.export_settings import ExportSettings, export_settings
from shim.replay.json_text import Path, rewritten
from shim.replay.pipeline import Pipeline, can_replay, http_answer
from shim.replay.pseudonyms import Pseudonyms, harmless_words, is_distinctive
from shim.replay.recorded import RecordedMaker
from shim.replay.vendor import VendorCall, is_vc, read_object, read_vendor_call

VERSION = 1

_PERSON_NAMES = frozenset({"user_name", "username", "name", "operator_name", "operatorname", "patient_name", "xm"})
_KEPT_HEADERS = frozenset({"content-type", "accept", "accept-charset", "accept-language", "cache-control", "pragma"})
_DROPPED_HEADERS = frozenset({"content-length", "transfer-encoding", "expect", "connection", "te", "trailer"})


@unique
class LeftOut(Enum):
    """Why a call is not in an export."""

    NOT_REPRODUCED = "not reproduced"  # our request is another
    NO_JSON = "no json"  # an answer that is not JSON may hold anything
    NOT_RESEALED = "not resealed"  # the answer cannot be sealed again
    OTHER_RESULT = "other result"  # the replaced call comes out otherwise
    READABLE = "readable"  # a value would have stayed
    UNREADABLE = "unreadable"  # InData or OutData is no text in the host's charset


class _CannotExport(Exception):
    def __init__(self, why: LeftOut) -> None:
        super().__init__(why.value)
        self.why = why


class NoDialectLearned(Exception):
    """No request is reproduced by the dialect of the settings: nothing could be re-sealed."""


@dataclass(slots=True)
class Exported:
    """An export that was made: its lines, and what is in it."""

    lines: list[bytes] = field(default_factory=list)
    calls: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)


def exported(
    calls: Iterable[CapturedCall], settings: Configuration, ini: str, pseudonyms: Pseudonyms | None = None
) -> Exported:
    """Replace, re-seal and check.

    Args:
        settings: those by which the calls are reproduced.
        ini: their text.
        pseudonyms: of a test.

    Raises:
        NoDialectLearned: see there.
    """
    calls = list(calls)
    made = _Exporter(settings, ini, pseudonyms)
    made.learn(calls)
    result = Exported()
    rows = []
    requests = reproduced = 0
    for number, call in enumerate(calls, 1):
        requests += bool(call.traffic) and can_replay(call)
        try:
            row = made.replaced(call, number)
        except _CannotExport as error:
            result.left_out[error.why] += 1
            continue
        except (ShimError, ValueError, KeyError):
            result.left_out[LeftOut.NOT_RESEALED] += 1
            continue
        reproduced += bool(row.traffic) and can_replay(call)
        rows.append(row)
    if requests and not reproduced:
        raise NoDialectLearned
    result.calls = len(rows)
    header = {
        "format": EXPORT_FORMAT, "version": VERSION, "pseudonymised": True, "made_by": f"vcshim {__version__}",
        "calls": len(rows), "left_out": {why.value: count for why, count in sorted(result.left_out.items(), key=str)},
        "settings": made.ini,
    }  # fmt: skip
    result.lines = [json.dumps(header, ensure_ascii=False).encode("utf-8"), *map(to_bytes, rows)]
    return result


class _Exporter:
    """Replaces call by call, with one set of stand-ins."""

    def __init__(self, settings: Configuration, ini: str, pseudonyms: Pseudonyms | None) -> None:
        self._settings = settings
        self._comparer = Comparer(settings)
        self._dialect = Pipeline(settings).usable_dialect
        dialect = self._dialect
        words: set[str] = set()
        if dialect is not None:
            types = (*dialect.signers, *dialect.ciphers)
            words = {*dialect.success, *(form for each in types for form in (each, each.lower(), each.capitalize()))}
        self._codes = {*(dialect.code_names if dialect is not None else ()), "code", "ret_code", "return_code"}
        self._pseudonyms = pseudonyms or Pseudonyms(harmless_words({*words, "gbk", "utf-8", "GBK", "UTF-8"}))
        self._made: ExportSettings = export_settings(settings, ini, dialect, self._pseudonyms)
        self.ini = self._made.ini
        self._new_settings = parse(self.ini)
        self._new_pipeline = Pipeline(self._new_settings)
        self._new_comparer = Comparer(self._new_settings)

    def learn(self, calls: Iterable[CapturedCall]) -> None:
        """Collect the values of all calls first: one may stand inside another of an earlier call."""
        for call in calls:
            self._pseudonyms.learn(self._values(call))

    def replaced(self, call: CapturedCall, number: int) -> CapturedCall:
        """The call with stand-ins.

        Raises:
            _CannotExport: it would prove something else, or not everything can be replaced.
        """
        before = self._comparer.compare(call)
        if any(each.kind.word.partition(".")[0] in _REQUEST_KINDS for each in before.differences):
            raise _CannotExport(LeftOut.NOT_REPRODUCED)
        row = self._call(call, number)
        if _result(self._new_comparer.compare(row)) != _result(before):
            raise _CannotExport(LeftOut.OTHER_RESULT)
        self._check(call, row)
        return row

    # ---- one call ----------------------------------------------------------------------------------------------------

    def _call(self, call: CapturedCall, number: int) -> CapturedCall:
        moment = call.began
        texts = tuple(self._text_parameter(call, index) for index in range(len(call.texts)))
        code = call.code
        if code is not None:
            code = self._pseudonyms.code(code.decode("latin-1"), moment).encode("latin-1", "replace")
        row = replace(
            call, call_id=f"p-{number}", host="his.exe", texts=texts, code=code, traffic=(),
            habits=replace(call.habits, pointer=0),
        )  # fmt: skip
        if can_replay(call):
            vendor = read_vendor_call(call, self._dialect)
            if vendor.exchange is not None:
                row = replace(row, traffic=(self._traffic(vendor, row),))
        # NB: last, because OutData may hold the sign of the answer, whose stand-in is computed.
        return replace(row, out=self._host_text(call.out, moment))

    def _text_parameter(self, call: CapturedCall, index: int) -> bytes | None:
        text = call.texts[index]
        if text is None or not can_replay(call) or index:
            return self._host_text(text, call.began)
        return self._pseudonyms.of(text.decode("latin-1"), call.began).encode("latin-1", "replace")

    def _host_text(self, data: bytes | None, moment: float) -> bytes | None:
        """A text of the host's with its values replaced: JSON by value, anything else as a whole."""
        if not data:
            return data
        for charset in (self._settings.abi.charset, "utf-8", "gbk"):
            try:
                text, used = codec.decode(data, charset, "")
            except ShimError:
                continue
            mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
            if mark + codec.encode(text, used) == data:
                return mark + codec.encode(self._json_or_text(text, moment), used)
        raise _CannotExport(LeftOut.UNREADABLE)

    def _json_or_text(self, text: str, moment: float) -> str:
        if text.lstrip(codec.BLANKS)[:1] in ("{", "[", '"'):
            return rewritten(text, self._change(moment))
        return self._pseudonyms.of(text, moment)

    def _change(self, moment: float) -> Callable[[Path, str, bool], str]:
        pseudonyms, codes = self._pseudonyms, self._codes

        def change(path: Path, value: str, is_number: bool) -> str:
            name = path[-1] if path else ""
            if name == "*":  # the name of a field
                return value if shown_name(value) == value else pseudonyms.of(value, 0.0)
            when = 0.0 if "birth" in name.lower() else moment
            if name in codes:
                return pseudonyms.code(value, when)
            if name.lower() in _PERSON_NAMES:
                return pseudonyms.name(value, when)
            return pseudonyms.number(value, when) if is_number else pseudonyms.of(value, when)

        return change

    # ---- its traffic -------------------------------------------------------------------------------------------------

    def _traffic(self, vendor: VendorCall, row: CapturedCall) -> Traffic:
        """The request as our pipeline makes it of the replaced InData, and the answer sealed again."""
        exchange, moment = vendor.exchange, vendor.call.began
        assert exchange is not None
        in_data = read_object(row.texts[1] if len(row.texts) > 1 else None)
        secret = str(in_data.get("key") or "")
        answer = self._answer(vendor, exchange, in_data, secret) if exchange.status else b""
        sent = read_object(rewritten(codec.dumps(dict(vendor.sent)), self._change(moment)).encode("utf-8"))
        content: Mapping[str, Any] | None = vendor.content
        if content is not None:
            content = read_object(rewritten(codec.dumps(dict(content)), self._change(moment)).encode("utf-8"))
        code = self._pseudonyms.of(vendor.code, moment) if vendor.code else ""
        new_exchange = replace(exchange, target=self._target(row, exchange), body=b"", answer_body=answer)
        new_vendor = VendorCall(row, new_exchange, 1, 0, 0, in_data, sent, content, code)
        maker = self._made.maker(RecordedMaker(vendor), self._pseudonyms, vendor.call)
        replayed = self._new_pipeline.replay_read(new_vendor, maker)
        if not replayed.posted:
            raise _CannotExport(LeftOut.NOT_RESEALED)
        origin = self._origin(exchange.origin)
        return _written(new_exchange, replayed.posted[0].body, self._headers(exchange, moment, origin), origin, row)

    def _target(self, row: CapturedCall, exchange: Exchange) -> str:
        """The replaced request target: that of the replaced strUrl."""
        url = (row.texts[0] or b"").decode("latin-1").strip()
        rest = url.split("://", 1)[-1]
        _, slash, target = rest.partition("/")
        return f"/{target}" if slash else exchange.target

    def _origin(self, origin: str) -> str:
        scheme, _, rest = origin.partition("://")
        host, colon, port = rest.rpartition(":")
        return f"{scheme}://{self._pseudonyms.host(host or rest)}{colon}{port}"

    def _headers(self, exchange: Exchange, moment: float, origin: str) -> list[tuple[str, str]]:
        """The headers of the request: the Host replaced, what frames a body left to the new one."""
        rows = []
        for name, value in exchange.headers:
            lower = name.lower()
            if lower == "host":
                rows.append((name, origin.partition("://")[2]))
            elif lower not in _DROPPED_HEADERS:
                rows.append((name, value if lower in _KEPT_HEADERS else self._pseudonyms.of(value, moment)))
        return rows

    def _answer(self, vendor: VendorCall, exchange: Exchange, in_data: Mapping[str, Any], secret: str) -> bytes:
        """The body of the answer, replaced and sealed again."""
        body, moment = exchange.answer_body, vendor.call.began
        if not body.strip():
            return body
        text, charset = _answer_text(body)
        change = self._change(moment)
        if not is_vc(vendor.call) or self._dialect is None:
            parse_answer(http_answer(exchange))
            return codec.encode(rewritten(text, change), charset)
        return codec.encode(self._sealed_answer(vendor, exchange, text, in_data, secret), charset)

    def _sealed_answer(
        self, vendor: VendorCall, exchange: Exchange, text: str, in_data: Mapping[str, Any], secret: str
    ) -> str:
        dialect, new_dialect = self._dialect, self._new_pipeline.usable_dialect
        assert dialect is not None
        if new_dialect is None:
            raise _CannotExport(LeftOut.NOT_RESEALED)
        change = self._change(vendor.call.began)
        before = answer_envelope(dialect, _answer_object(exchange))
        name = _answer_content(dialect)
        content = before.get(name)
        enc_type = str(before.get("enc_type") or vendor.in_data.get("enc_type") or "")
        sign_type = str(before.get(dialect.sign_type_name) or vendor.in_data.get("sign_type") or "")
        old_id, new_id = (str(each.get("app_id") or "") for each in (vendor.in_data, in_data))
        opened = open_content(dialect, before, enc_type, vendor.secret, app_id=old_id)
        valid = verify_sign(dialect, before, opened, vendor.secret, sign_type=sign_type)
        sealed = content
        if isinstance(content, str) and content and opened != content:
            plain = rewritten(opened, change) if opened.lstrip()[:1] in ("{", "[", '"') else opened
            answer_id = (
                self._pseudonyms.of(str(before["app_id"]), vendor.call.began) if before.get("app_id") else new_id
            )
            sealed = seal_content(new_dialect, plain, enc_type, secret, app_id=answer_id, direction="answer")

        def with_content(path: Path, value: str, is_number: bool) -> str:
            if path and path[-1] == name and value == content:
                return str(sealed) if sealed != content else change(path, value, is_number)
            return change(path, value, is_number)

        made = rewritten(text, with_content)
        if sealed != content:
            self._pseudonyms.put(str(content), str(sealed))
        if not valid:
            return made
        after = answer_envelope(new_dialect, codec.loads(made, ""))
        new_plain = open_content(new_dialect, after, enc_type, secret, app_id=new_id)
        return self._signed(made, (before, after), new_plain, new_dialect, secret, sign_type)

    def _signed(
        self,
        text: str,
        envelopes: tuple[Mapping[str, Any], Mapping[str, Any]],
        plain: str,
        dialect: Dialect,
        secret: str,
        sign_type: str,
    ) -> str:
        """The answer's text with a valid sign in the place of the one that it has.

        Args:
            envelopes: the original one, and that of `text`.
        """
        before, after = envelopes
        old, name = after.get(dialect.sign_name), _answer_content(dialect)
        for reading in _readings(dict(after), dialect):
            if name in reading and dialect.sign_over == "plain":
                reading[name] = plain
            word = str(reading.get(dialect.sign_type_name) or sign_type)
            sign = compute_sign(dialect, reading, secret, sign_type=word, content=name)
            if verify_sign(dialect, {**after, dialect.sign_name: sign}, plain, secret, sign_type=sign_type):
                self._pseudonyms.put(str(before[dialect.sign_name]), sign)
                return _with_sign(text, dialect.sign_name, str(old), sign)
        raise _CannotExport(LeftOut.NOT_RESEALED)

    # ---- nothing readable --------------------------------------------------------------------------------------------

    def _values(self, call: CapturedCall) -> Iterator[str]:
        """Every value in a call, opened where it is sealed."""
        found: list[str] = []

        def note(path: Path, value: str, is_number: bool) -> str:
            if not path or path[-1] != "*":
                found.append(value)
            return value

        texts = [*call.texts, call.out]
        if can_replay(call):
            vendor = read_vendor_call(call, self._dialect)
            texts += [codec.dumps(dict(each or {})).encode("utf-8") for each in (vendor.sent, vendor.content)]
            if vendor.exchange is not None:
                texts += [vendor.exchange.answer_body, self._opened_answer(vendor, vendor.exchange)]
        for data in texts:
            text = _any_text(data)
            if text.lstrip(codec.BLANKS)[:1] in ("{", "[", '"'):
                rewritten(text, note)
            else:
                found.append(text)
        yield from found

    def _opened_answer(self, vendor: VendorCall, exchange: Exchange) -> bytes:
        if self._dialect is None or not is_vc(vendor.call):
            return b""
        try:
            envelope = answer_envelope(self._dialect, _answer_object(exchange))
            enc_type = str(envelope.get("enc_type") or vendor.in_data.get("enc_type") or "")
            app_id = str(vendor.in_data.get("app_id") or "")
            return open_content(self._dialect, envelope, enc_type, vendor.secret, app_id=app_id).encode("utf-8")
        except (_CannotExport, ShimError, ValueError):
            return b""

    def _check(self, call: CapturedCall, row: CapturedCall) -> None:
        """Look for the replaced values of a call in what became of it, opened."""
        new_dialect = self._new_pipeline.usable_dialect
        vendor = read_vendor_call(row, new_dialect) if can_replay(row) else None
        parts = [_any_text(data) for data in (*row.texts, row.out)]
        if vendor is not None:
            parts += [codec.dumps(dict(each or {})) for each in (vendor.sent, vendor.content)]
            parts += [_any_text(each.sent) + _any_text(each.received) for each in row.traffic]
        haystack = "\n".join(parts)
        for value in self._values(call):
            if is_distinctive(value) and self._pseudonyms.is_replaced(value) and value in haystack:
                raise _CannotExport(LeftOut.READABLE)


_REQUEST_KINDS = frozenset({"request", "header", "body", "sign", "content"})


def _result(comparison: Comparison) -> tuple[str, NotComparable | None, list[tuple[str, str]]]:
    """What must be the same of the original and of its replacement."""
    kinds = sorted((each.kind.word, str(each.facts.get("name", ""))) for each in comparison.differences)
    return comparison.verdict.value, comparison.reason, kinds


def _answer_content(dialect: Dialect) -> str:
    """What biz_content is called in answers."""
    return dialect.answer_content


def _answer_object(exchange: Exchange) -> dict[str, Any]:
    try:
        return parse_answer(http_answer(replace(exchange, status=200)))
    except ShimError:
        raise _CannotExport(LeftOut.NO_JSON) from None


def _answer_text(body: bytes) -> tuple[str, str]:
    """An answer as text, and its charset; it must come back as the same bytes."""
    for charset in ("utf-8", "gbk"):
        try:
            text, used = codec.decode(body, charset, "")
        except ShimError:
            continue
        if codec.encode(text, used) == body and text.lstrip(codec.BLANKS)[:1] in ("{", "["):
            return text, used
    raise _CannotExport(LeftOut.NO_JSON)


def _any_text(data: bytes | None) -> str:
    for charset in ("utf-8", "gbk"):
        try:
            return codec.decode(data or b"", charset, "")[0]
        except ShimError:
            continue
    return (data or b"").decode("latin-1")


def _readings(envelope: dict[str, Any], dialect: Dialect) -> Iterator[dict[str, Any]]:
    """The fields of an answer that a sign may be over, see `verify_sign`."""
    yield dict(envelope)
    if dialect.sign_name != "sign" and "sign" in envelope:
        yield {name: value for name, value in envelope.items() if name != "sign"}


def _with_sign(text: str, name: str, old: str, new: str) -> str:
    def change(path: Path, value: str, is_number: bool) -> str:
        return new if path and path[-1] == name and value == old else value

    return rewritten(text, change)


def _written(
    exchange: Exchange, body: bytes, headers: list[tuple[str, str]], origin: str, row: CapturedCall
) -> Traffic:
    """One request and its answer as bytes of a connection."""
    head = [f"{exchange.method} {exchange.target} {exchange.version}", *(f"{name}: {value}" for name, value in headers)]
    sent = "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode("latin-1", "replace") + body
    received = b""
    if exchange.status:
        rows = [f"{exchange.answer_version or 'HTTP/1.1'} {exchange.status} OK"]
        content_type = exchange.answer_header("Content-Type")
        rows += [f"Content-Type: {content_type}"] if content_type else []
        length = len(exchange.answer_body) + (0 if exchange.answer_whole else 1)
        received = "\r\n".join([*rows, f"Content-Length: {length}", "", ""]).encode("latin-1", "replace")
        received += exchange.answer_body
    return Traffic(origin, sent, received, row.began, row.began, row.ended)
