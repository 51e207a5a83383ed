"""Habits that only some vendors have, of requests and OutData: what learn makes of them. See test_learning.py."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from shim.capture.record import CapturedCall
from shim.learn.findings import LearnFinding, Weight, open_finding
from shim.learn.learning import Lesson, Verdict, learn
from shim.learn.request_result import GivenKeys
from shim.learn.samples import read_samples
from shim.learn.search import Searcher
from shim.learn.undecided import showable
from tests.support.captured import (
    KEY,
    Request,
    Vendor,
    by_name,
    captures,
    compact,
    digest,
    pairs,
    sm4_encrypt,
    upper,
    zero_padded,
)
from tests.support.captured_nation import USUAL, nation_captures
from tests.support.captured_vendors import INSIDE


def _learned(calls: list[CapturedCall], key: str = "") -> Lesson:
    return learn(calls, GivenKeys(key), Searcher(1, effort=2))


# ---- VirtualCardTrans ------------------------------------------------------------------------------------------------


def _sorted_object(vendor: Vendor, request: Request) -> bytes:
    text = json.dumps(request.content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    fields = {**request.fields, "biz_content": text}
    sign = upper(digest("md5", pairs(fields, by_name(fields)) + "key=" + KEY))
    whole = {**fields, "biz_content": json.loads(text), "sign": sign}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_no_key_no_terminal_and_an_object_with_sorted_names() -> None:
    """A key that the host does not have, common fields that it leaves empty, an object that is signed as it is sent."""
    changed = {n: lambda host: {**host, "term_id": "", "version": None} for n in (1, 6)}
    vendor = Vendor(_sorted_object, {}, enc_types=("PLAIN",))
    lesson = _learned(captures(vendor, 10, key="", keys=dict.fromkeys(range(10), ""), changed=changed), KEY)
    assert (lesson.vc, lesson.secret_lines) == (Verdict.FOUND, ("app_key",))
    wanted = {"may_be_empty": "term_id, version", "content_form": "object", "content_order": "sorted"}
    assert wanted.items() <= lesson.dialect.items()
    assert KEY not in str((lesson.dialect, lesson.vc_findings))


def _with_header(call: CapturedCall) -> CapturedCall:
    sent = call.traffic[0].sent.replace(b"\r\nHost:", b"\r\nX-Ver: 3\r\nHost:", 1)
    return replace(call, traffic=(replace(call.traffic[0], sent=sent),))


def test_a_header_becomes_a_line() -> None:
    calls = [_with_header(call) for call in captures(INSIDE["gbk"], 10)]
    assert b"X-Ver" in calls[0].traffic[0].sent
    assert _learned(calls).dialect["headers"] == "X-Ver=3"


def _mac_and_code(vendor: Vendor, request: Request) -> bytes:
    content = dict(request.content)
    code = content.pop("ehealth_code", None)
    content |= {"mac": "F8-34-41-BD-E1-88"} | ({} if code is None else {"ehealth_code": code})
    fields = {**request.fields, "biz_content": compact(content)}
    seal = vendor.sealed(replace(request, fields=fields))
    sign = upper(digest("md5", pairs(fields, by_name(fields)) + "key=" + request.key))
    return compact({**fields, "biz_content": seal, "sign": sign}).encode()


def _without_code(host: dict[str, Any]) -> dict[str, Any]:
    return {**host, "biz_content": {n: v for n, v in host["biz_content"].items() if n != "ehealth_code"}}


def test_wrapped_outdata_lines_of_base64_and_a_code_behind_the_mac() -> None:
    vendor = Vendor(
        _mac_and_code,
        {"SM4": lambda t, key, _: base64.encodebytes(sm4_encrypt(zero_padded(key, 16), t.encode())).decode()},
        enc_types=("SM4",),
        success="200",
        code_name="code",
        message_name="msg",
        content_at="data",
        out=lambda content, answer: compact({"code": answer["code"], "msg": answer["msg"], "data": content}),
        refused_out=lambda code, message: compact({"code": int(code), "msg": message}),
    )
    calls = captures(vendor, 10)
    scanned = captures(vendor, 10, changed=dict.fromkeys(range(0, 10, 4), _without_code))
    # What the DLL scans is what the host passes otherwise.
    calls = [replace(call, texts=other.texts) for call, other in zip(calls, scanned, strict=True)]
    lesson = _learned(calls)
    assert lesson.vc is Verdict.FOUND
    wanted = {"put_place": "code-last", "out_form": "wrapped", "out_failure": "json-number"}
    assert wanted.items() <= lesson.dialect.items() and "base64-76-lf-end" in lesson.dialect["sm4"]


# ---- NationEcTrans ---------------------------------------------------------------------------------------------------


def _deep(host: dict[str, Any], text: str, code: str) -> bytes:
    data = {**host["data"], "ecQrCode": code, "mac": "F8:34:41:BD:E1:88", "ip": "192.168.1.23"}
    sent = {**host, "data": {name: value for name, value in data.items() if value}}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _few_fields(answer: dict[str, Any], host: dict[str, Any]) -> str:
    person = compact({"userName": answer["data"]["userName"], "idNo": answer["data"]["idNo"]})
    return compact({"code": 0, "data": person, "message": answer["message"], "orgId": host["orgId"]})


def _refusing(call: CapturedCall) -> CapturedCall:
    sent = call.traffic[0].sent.replace(b"Content-Type: application/json", b"Content-Type: text/json", 1)
    call = replace(call, traffic=(replace(call.traffic[0], sent=sent),))
    return replace(call, out="请使用医保电子凭证二维码".encode("gb18030")) if call.code == b"500159" else call


def test_sorted_at_every_level_data_as_text_and_a_bare_message() -> None:
    calls = [_refusing(call) for call in nation_captures(replace(USUAL, send=_deep, out=_few_fields), 10)]
    lesson = _learned(calls)
    assert lesson.ec is Verdict.FOUND
    wanted = {
        "ec_body_order": "sorted-all", "ec_added": "data.mac=mac:colon-upper", "ec_out_data_form": "text",
        "ec_out_dropped": "data.ecToken", "ec_out_failure": "message",
    }  # fmt: skip
    assert wanted.items() <= lesson.wire.items()
    assert lesson.wire["content_type"].startswith("text/json")


def _terminal_in_front(host: dict[str, Any], text: str, code: str) -> bytes:
    extra = {"mac": "F8:34:41:BD:E1:88", "ip": "192.168.1.23", "ecQrCode": code}
    return compact({**host, "extra": extra}).encode()


def test_a_terminal_that_its_section_cannot_say() -> None:
    """[terminal] knows no MAC in capitals, and its fields stand behind the code."""
    lesson = _learned(nation_captures(replace(USUAL, send=_terminal_in_front), 10))
    assert (lesson.ec, lesson.terminal) == (Verdict.FOUND, {})
    wanted = {"ec_put_place": "code-last", "ec_added": "extra.mac=mac:colon-upper, extra.ip=ip"}
    assert wanted.items() <= lesson.wire.items()


def test_a_content_type_of_its_own_beside_the_other_dll() -> None:
    calls = [*captures(INSIDE["ehcservice"], 10), *(_refusing(call) for call in nation_captures(USUAL, 4))]
    assert _learned(calls).wire["ec_headers"].startswith("Content-Type=text/json")


# ---- what is not decided ---------------------------------------------------------------------------------------------

_ALIKE: dict[str, Any] = {"enc_types": ("AES",), "sign_types": ("MD5",), "empty_fields": False}


def test_only_what_another_call_of_the_hospital_could_show_is_said() -> None:
    samples = read_samples(captures(replace(INSIDE["ehcservice"], **_ALIKE), 10)).vc
    kept = LearnFinding("sign-name", {})
    findings = [
        kept,
        open_finding("same-empty", "empty", values="keep / null"),
        open_finding("same-sort", "sort", values="ignore-case / fixed"),
        open_finding("same-body_charset", "body_charset", values="gbk"),
        open_finding("same-body_empty", "body_empty", values="drop"),
        open_finding("same-content_values", "content_values", values="text / text-null"),
        open_finding("cipher-key-rule", "aes", values="direct / padded-0"),
        open_finding("same-content_text", "content_text", values="verbatim"),
        open_finding("same-sign_place", "sign_place", values="host"),
    ]
    assert showable(findings, samples) == [
        kept,
        LearnFinding("same-empty", {"values": "keep"}, Weight.UNDECIDED, "empty"),
        LearnFinding("same-writing", {"columns": "content_text, sign_place"}, Weight.UNDECIDED),
    ]
