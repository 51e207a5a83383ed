"""What learn makes of captured calls of made-up vendors: the section, what it says of odd calls, wrong keys and others.

The definition of a learned section is that the product, with nothing but its lines, makes every captured request again
byte for byte; that is what is compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from shim.capture.record import CapturedCall
from shim.dialects.table import DIALECTS, site_dialect
from shim.dialects.virtualcard import parse_vc_request, seal_vc_request
from shim.learn.learning import Lesson, Verdict, learn
from shim.learn.recorded import CapturedMaker
from shim.learn.request_result import GivenKeys
from shim.learn.search import Searcher
from tests.support.captured import KEY, captures
from tests.support.captured_nation import TERMINAL, USUAL, nation_captures
from tests.support.captured_vendors import AES_KEY, INSIDE, OUTSIDE

OTHER_KEY = "2OTHERSEC000000000000000OTHERSE2"
# Vendors whose dialect ships, by the name of the preset: learn must name it and write no section.
PRESETS = {
    "ehcservice": "ehcservice",
    "sichuan": "sichuan-v1.1",
    "xm01-sm4": "xm01-sm4",
    "xm01-aes256": "xm01-aes256",
    "sister": "sister",
}
# Lines that a section must have, typed from the vendor's description.
LINES: dict[str, dict[str, str]] = {
    "gbk": {"body_charset": "gbk", "body_spaces": "both"},
    "fixed": {"sort": "fixed", "fields": "timestamp, method, app_id, biz_content", "body_order": "sorted"},
    "hmac": {"append_secret": "no", "digest": "HMAC-SHA256", "content_form": "object"},
    "made": {
        "added": "version=text:V2.3.1, timestamp=clock:yyyy-MM-dd HH:mm:ss, nonce=random:hex-lower:32, seq=counter:8, "
        "mac=mac:dash, ip=ip, request_id=uuid",
        "dropped": "sign_type",
    },
    "renamed": {"renamed": "app_id=appId", "dropped": "remark", "content_order": "sorted", "body_escape": "unicode"},
    "front": {"secret_at": "both", "joiner": "none"},
    "host-order": {"sort": "kept", "aes": "AES-128/CBC direct lower-hex iv=text:AbCdEfGhIjKlMnOp charset=utf-8"},
    "slashes": {"sign_place": "host", "body_escape": "slash", "content_form": "object"},
    "twice": {"sign_again": "text-secret"},
}


def learned(calls: Sequence[CapturedCall], *, key: str = "", cipher: str = "", effort: int = 2) -> Lesson:
    return learn(calls, GivenKeys(key, cipher), Searcher(1, effort=effort))


def topics(lesson: Lesson) -> dict[str, dict[str, Any]]:
    return {each.topic: each.facts for each in (*lesson.vc_findings, *lesson.ec_findings, *lesson.abi_findings)}


def sealed_again(lesson: Lesson, secret_lines: dict[str, str]) -> int:
    """How many requests the printed lines make again, byte for byte."""
    lines = {"base": lesson.base, **lesson.dialect, **secret_lines}
    row = site_dialect("learned", lines) if len(lines) > 1 else DIALECTS[lesson.base]
    count = 0
    for each in lesson.samples.vc:
        request = parse_vc_request(each.in_text, row)
        content = each.wire.get("biz_content")
        wire = {**each.wire, "biz_content": content if isinstance(content, dict) else {}}
        made = seal_vc_request(request, row, CapturedMaker(wire, each.call.began, each.call.ended))
        count += made == each.exchange.body
    return count


@pytest.mark.parametrize("name", [*INSIDE, "twice"])
def test_a_dialect_is_found_from_ten_calls(name: str) -> None:
    vendor = {**INSIDE, **OUTSIDE}[name]
    cipher = AES_KEY if name == "mianyang" else ""
    lesson = learned(captures(vendor, 10), cipher=cipher)
    assert (lesson.vc, lesson.complete) == (Verdict.FOUND, True)
    assert sealed_again(lesson, dict.fromkeys(lesson.secret_lines, cipher)) == 10
    assert LINES.get(name, {}).items() <= lesson.dialect.items()
    if name in PRESETS:
        assert (lesson.base, lesson.dialect) == (PRESETS[name], {})


@pytest.mark.parametrize("name", ["ehcservice", "gbk"])
def test_a_dialect_is_found_from_a_hundred_calls(name: str) -> None:
    lesson = learned(captures(INSIDE[name], 100))
    assert lesson.vc is Verdict.FOUND and sealed_again(lesson, {}) == 100
    assert lesson.figures["results"] == lesson.figures["answered"] == 100


@pytest.mark.parametrize(
    ("name", "topic", "signs", "opened"),
    [
        ("salted-sha512", "sign-unknown", 0, 20),
        ("rc4", "cipher-unknown", 20, 0),
        ("random-iv", "cipher-outside-iv", 20, 20),
    ],
)
def test_what_is_outside_is_said_with_figures(name: str, topic: str, signs: int, opened: int) -> None:
    lesson = learned(captures(OUTSIDE[name], 20), effort=1)
    assert (lesson.vc, lesson.row, lesson.dialect) == (Verdict.NOTHING, None, {})
    assert topic in topics(lesson)
    assert (lesson.figures["signs"], lesson.figures["opened"]) == (signs, opened)


def test_no_key_is_in_the_lines() -> None:
    for name, cipher in (("mianyang", AES_KEY), ("made", ""), ("sister", "")):
        lesson = learned(captures(INSIDE[name], 10), cipher=cipher)
        written = json.dumps([lesson.dialect, lesson.wire, lesson.abi, [each.facts for each in lesson.vc_findings]])
        assert KEY not in written and AES_KEY not in written
    lesson = learned(captures(INSIDE["mianyang"], 10), cipher=AES_KEY)
    assert lesson.secret_lines == ("cipher_secret",)


# ---- keys and odd calls ----------------------------------------------------------------------------------------------


def test_a_wrong_given_key_is_called_wrong() -> None:
    lesson = learned(captures(INSIDE["ehcservice"], 10), key=OTHER_KEY)
    assert lesson.vc is Verdict.FOUND
    assert topics(lesson)["given-key-wrong"] == {"total": 10}


def test_the_given_key_replaces_that_of_in_data() -> None:
    def masked(call: CapturedCall) -> CapturedCall:
        text = (call.texts[1] or b"").replace(KEY.encode(), b"*" * 32)
        return replace(call, texts=(call.texts[0], text))

    lesson = learned([masked(call) for call in captures(INSIDE["ehcservice"], 10)], key=KEY)
    assert lesson.vc is Verdict.FOUND and "in-data-key-unused" in topics(lesson)
    without = learned([masked(call) for call in captures(INSIDE["ehcservice"], 10)], effort=1)
    assert (without.vc, without.row) == (Verdict.WRONG_KEY, None)
    assert "key-fits-nothing" in topics(without)


def test_calls_with_another_key_are_named() -> None:
    refused = {3: ("9003", "验签失败"), 7: ("9003", "验签失败")}
    lesson = learned(captures(INSIDE["ehcservice"], 20, keys={3: OTHER_KEY, 7: OTHER_KEY}, refused=refused))
    assert topics(lesson)["other-keys"] == {"calls": "4, 8", "count": 2, "usual": 18, "refused": 2}


def test_odd_calls_are_counted_and_what_they_have_in_common_is_said() -> None:
    """The sign of 41 of 43; the two others have an empty field that their DLL treats otherwise."""
    calls = captures(replace(INSIDE["xm01-sm4"], empty_fields=False), 43)
    spoilt = captures(
        replace(INSIDE["xm01-sm4"], empty_fields=False),
        43,
        changed={at: lambda host: {**host, "remark": ""} for at in (5, 30)},
    )
    for at in (5, 30):
        sent = spoilt[at].traffic[0].sent
        sign = sent[sent.rindex(b'"sign":"') + 8 :][:64]
        traffic = replace(spoilt[at].traffic[0], sent=sent.replace(sign, sign[::-1]))
        calls[at] = replace(spoilt[at], traffic=(traffic,))
    lesson = learned(calls)
    facts = topics(lesson)["sign-misfits"]
    assert (facts["count"], facts["total"], facts["calls"]) == (41, 43, "6, 31")
    assert facts["why"].startswith("empty remark")
    assert lesson.vc is Verdict.PARTLY and not lesson.complete


def test_what_the_captures_do_not_decide_is_said() -> None:
    plain = replace(INSIDE["ehcservice"], empty_fields=False, wide_names=False)
    said = topics(learned(captures(plain, 10)))
    assert {"same-empty", "same-charset", "cipher-charset"} <= set(said)
    said = topics(learned(captures(INSIDE["ehcservice"], 20)))
    assert not {"same-empty", "same-charset", "cipher-charset"} & set(said)


# ---- answers ---------------------------------------------------------------------------------------------------------


def test_the_shape_of_answers_is_learned() -> None:
    def out(content: dict[str, Any], answer: dict[str, Any]) -> str:
        shown = {"result": "0", "name": content["user_name"], "no": content["card_no"], "auth_status": "succ"}
        return json.dumps({**shown, "id_no": content["id_no"]}, ensure_ascii=False)

    vendor = replace(
        INSIDE["ehcservice"],
        out=out,
        returned="0000",
        success="S1",
        code_name="rspcod",
        message_name="rspmsg",
        refused_out=lambda code, message: f"{code}:{message}",
        content_at="data",
    )
    lesson = learned(captures(vendor, 20))
    assert lesson.vc is Verdict.FOUND and lesson.figures["results"] == 20
    assert lesson.dialect["code_names"].startswith("rspcod") and lesson.dialect["success"] == "S1"
    assert lesson.dialect["message_names"].startswith("rspmsg")
    wanted = {"returned_success": "0000", "out_failure": "code-message", "out_spaces": "both"}
    assert wanted.items() <= lesson.dialect.items()
    assert (
        lesson.dialect["out_renamed"] == "user_name=name, card_no=no" and lesson.dialect["out_added"] == "result=text:0"
    )


# ---- NationEcTrans ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [10, 100])
def test_the_usual_insurance_calls_need_no_line(count: int) -> None:
    lesson = learned(nation_captures(USUAL, count))
    assert (lesson.ec, lesson.wire, lesson.terminal) == (Verdict.FOUND, {}, {})
    assert topics(lesson)["ec-code"] == {"name": "ecQrCode", "place": "data", "count": count, "total": count}


def test_place_of_the_code_and_of_the_terminal() -> None:
    lesson = learned(nation_captures(TERMINAL, 10))
    assert lesson.ec is Verdict.FOUND
    assert lesson.terminal == {
        "mac_field": "mac",
        "mac_style": "dash",
        "ip_field": "ip",
        "record_field": "recordNo",
        "record_no": "35020000000000001234",
        "place": "extra",
    }
    wanted = {
        "ec_code_field": "qrCode", "ec_code_place": "extra", "ec_body_charset": "gbk", "ec_body_spaces": "both",
        "ec_body_order": "sorted", "ec_out_form": "answer", "ec_out_dropped": "type", "ec_returned_success": "0",
    }  # fmt: skip
    assert wanted.items() <= lesson.wire.items()
