"""Each kind of difference is provoked and explained; what proves nothing is never counted as agreeing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shim import codec, configuration
from shim.capture.record import CapturedCall, Habits
from shim.configuration import Configuration
from shim.errors import shown_name
from shim.replay.compare import _OUT, Comparer, Comparison, ComparisonVerdict, _values
from shim.replay.differences import Difference, DifferenceKind, NotComparable
from tests.support.replays import BY_ID, GATEWAY, Recorder, posted_body, with_body, with_head

DEFAULTS = configuration.parse("")
VERIFY = "verify aes md5"
# One call of each kind of answer; the simulator's own literals are in tests/vectors/contract.json.
AGREEING = (
    VERIFY, "verify aes sm3", "verify plain md5", "verify no types", "verify without ehc.", "verify pretty crlf",
    "verify content as text", "verify nulls and extras", "platform refuses 2001", "platform refuses unknown code",
    "platform does not know the application", "wrong key", "refused under http 500", "query", "query data as text",
    "platform does not know the insurance code",
)  # fmt: skip


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    return Recorder(tmp_path, monkeypatch)


def compared(call: CapturedCall, settings: Configuration = DEFAULTS) -> Comparison:
    return Comparer(settings).compare(call)


def words(comparison: Comparison) -> list[str]:
    return [each.kind.word for each in comparison.differences]


def sentences(comparison: Comparison, language: str = "en") -> list[str]:
    return [each.text(language) for each in comparison.differences]


@pytest.mark.parametrize("name", AGREEING)
def test_the_same_agrees(recorder: Recorder, name: str) -> None:
    call = recorder.case(name)
    assert call.traffic, "the case sends nothing"
    comparison = compared(call)
    assert sentences(comparison) == []
    assert comparison.verdict is ComparisonVerdict.AGREES


# ---- the request -----------------------------------------------------------------------------------------------------


def sign_of(call: CapturedCall) -> bytes:
    return str(json.loads(posted_body(call))["sign"]).encode()


PROVOKED: dict[str, tuple[Callable[[CapturedCall], CapturedCall], list[str], str]] = {
    "another method": (
        lambda call: with_head(call, b"POST ", b"PUT "),
        ["request.method"],
        "HTTP method: the vendor's DLL uses PUT, ours POST",
    ),
    "another path": (
        lambda call: with_head(call, b"/gateway.do", b"/gateway2.do"),
        ["request.target"],
        "path of the request line: the vendor's is a text of 23 characters, ours a text of 22 characters",
    ),
    "another Content-Type": (
        lambda call: with_head(call, b"charset=UTF-8", b"charset=GBK"),
        ["header.value"],
        "value of the header Content-Type: the vendor's is a text of 29 characters, ours a text of 31 characters",
    ),
    "a header that ours does not send": (
        lambda call: with_head(call, b"User-Agent: vendor", b"User-Agent: vendor\r\nX-App: a-secret-token"),
        ["header.missing"],
        "header X-App: sent by the vendor's DLL (a text of 14 characters), not by ours",
    ),
    "no Content-Type": (
        lambda call: with_head(call, b"Content-Type: application/json; charset=UTF-8\r\n", b""),
        ["header.extra"],
        "header Content-Type: sent by ours, not by the vendor's DLL",
    ),
    "a body that is no JSON": (
        lambda call: with_body(call, posted_body(call), b"<xml/>"),
        ["body.form"],
        "the vendor's request body (6 bytes) is no JSON object, ours is one",
    ),
    "a field more": (
        lambda call: with_body(call, b'"sign":', b'"nonce":"ab12","sign":'),
        ["body.missing"],
        "request field nonce: in the vendor's (a text of 4 characters), not in ours",
    ),
    "a field less": (
        lambda call: with_body(call, b'"sign_type":"MD5",', b""),
        ["body.extra"],
        "request field sign_type: in ours (a text of 3 characters), not in the vendor's",
    ),
    "another value": (
        lambda call: with_body(call, b'"20261121000058"', b'"20261121000059"'),
        ["body.value"],
        "value of the request field timestamp: the vendor's is a text of 14 characters, ours another, "
        "a text of 14 characters",
    ),
    "another value, signed": (
        lambda call: with_body(
            with_body(call, b'"20261121000058"', b'"20261121000059"'), sign_of(call), sign_of(call)[::-1]
        ),
        ["body.value", "sign.follows"],
        "the sign sign differs because fields that are signed differ: timestamp",
    ),
    "another order": (
        lambda call: with_body(
            call,
            b'"term_id":"35020010001","timestamp":"20261121000058"',
            b'"timestamp":"20261121000058","term_id":"35020010001"',
        ),
        ["body.order"],
        "the fields of the request stand in another order, from timestamp on",
    ),
    "blanks": (
        lambda call: with_body(call, b'"enc_type":', b'"enc_type": '),
        ["body.spelling"],
        "the fields and values of the request are the same, written in another way",
    ),
    "another sign": (
        lambda call: with_body(call, sign_of(call), sign_of(call).lower()),
        ["sign.rule"],
        "the sign sign differs although the fields that are signed (app_id, biz_content, enc_type, method, sign_type, "
        "term_id, timestamp, version) are the same: another rule or another key",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROVOKED)
def test_a_difference_of_the_request_is_explained(recorder: Recorder, name: str) -> None:
    change, kinds, sentence = PROVOKED[name]
    comparison = compared(change(recorder.case(VERIFY)))
    assert words(comparison) == kinds
    assert any(sentence in each for each in sentences(comparison))
    assert comparison.verdict is ComparisonVerdict.DIFFERS


def test_content_under_another_cipher_is_said_to_be_sealed_otherwise(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    content = json.loads(posted_body(call))["biz_content"].encode()
    comparison = compared(with_body(call, content, content[::-1]))
    assert words(comparison) == ["content.sealed"]
    assert "does not open by this dialect: another cipher or another key" in sentences(comparison)[0]


def test_content_is_compared_inside(recorder: Recorder) -> None:
    """The vendor's DLL encrypted another operator than the host named: the field is named, and the sign follows it."""
    other = recorder.case(VERIFY, biz_content={**json.loads(BY_ID[VERIFY]["in"])["biz_content"], "operator_id": "9528"})
    call = recorder.case(VERIFY)
    comparison = compared(replace(call, traffic=other.traffic, out=other.out, code=other.code))
    assert words(comparison) == ["body.value", "sign.follows"]
    assert "request field biz_content.operator_id" in sentences(comparison)[0]
    assert sentences(comparison)[1].endswith("differ: biz_content.operator_id")


def test_the_same_content_under_another_padding(recorder: Recorder) -> None:
    """The dialect opens it, and writes it otherwise: plain texts of one value, and different bytes."""
    call = recorder.case("verify plain md5")
    comparison = compared(with_body(call, rb"{\"ehealth_code\":", rb"{\"ehealth_code\": "))
    assert words(comparison) == ["body.spelling"]


def test_a_dialect_that_cannot_open_says_that_nothing_was_posted(recorder: Recorder) -> None:
    """A scanned code is in the ciphertext only; and the reason is the line of the log."""
    settings = configuration.parse("[wire]\ndialect = none-such\n")
    comparison = compared(recorder.case(VERIFY), settings)
    assert words(comparison) == ["request.missing"]
    assert comparison.verdict is ComparisonVerdict.DIFFERS


def test_another_request_in_the_same_call(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    first = with_body(call, b'"MD5"', b'"SM3"').traffic[0]
    comparison = compared(replace(call, traffic=(first, *call.traffic)))
    assert words(comparison) == ["request.more"]
    assert "sent 1 more requests with other bodies" in sentences(comparison)[0]


def test_a_request_that_was_repeated_agrees_and_is_counted(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    comparison = compared(replace(call, traffic=call.traffic * 2))
    assert (comparison.verdict, comparison.repeated) == (ComparisonVerdict.AGREES, 1)


def test_a_self_updater_does_not_disturb(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    (traffic,) = call.traffic
    asked = replace(
        traffic,
        sent=b"GET /update/version.txt HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
        received=b"HTTP/1.0 200 OK\r\n\r\n1.0",
    )
    comparison = compared(replace(call, traffic=(asked, traffic)))
    assert (comparison.verdict, comparison.beside) == (ComparisonVerdict.AGREES, 1)


# ---- the outcome -----------------------------------------------------------------------------------------------------


OUTCOMES: dict[str, tuple[Callable[[CapturedCall], CapturedCall], list[str], str]] = {
    "another code of a refusal": (
        lambda call: replace(call, code=b"00") if call.code == b"00" else replace(call, code=b"2002"),
        ["code"],
        "return value: 2002 by the vendor's DLL, 2001 by ours",
    ),
    "another text of a refusal": (
        lambda call: replace(call, out="不合法".encode("gbk")),
        ["out.text"],
        "the text of OutData: the vendor's is 6 bytes, ours another, 22 bytes",
    ),
    "JSON for a text": (
        lambda call: replace(call, out=b'{"code":"2001"}'),
        ["out.form"],
        "OutData: the vendor's is 15 bytes, ours 22 bytes",
    ),
    "success for a refusal": (
        lambda call: replace(call, code=b"00"),
        ["outcome.failed"],
        "the vendor's DLL succeeds, ours fails",
    ),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_difference_of_a_refusal_is_explained(recorder: Recorder, name: str) -> None:
    change, kinds, sentence = OUTCOMES[name]
    comparison = compared(change(recorder.case("platform refuses 2001")))
    assert words(comparison) == kinds
    assert any(sentence in each for each in sentences(comparison)), sentences(comparison)


def out_changed(change: Callable[[str], str]) -> Callable[[CapturedCall], CapturedCall]:
    return lambda call: replace(call, out=change((call.out or b"").decode("gb18030")).encode("gb18030"))


OUT_DATA: dict[str, tuple[Callable[[CapturedCall], CapturedCall], list[str], str]] = {
    "a field more": (
        out_changed(lambda out: out.replace("{", '{"auth":"1",', 1)),
        ["out.missing"],
        "OutData field auth: in the vendor's (a text of 1 characters), not in ours",
    ),
    "a field less": (
        out_changed(lambda out: re.sub(r'"card_no":"[^"]*",', "", out)),
        ["out.extra"],
        "OutData field card_no: in ours (a text of 7 characters), not in the vendor's",
    ),
    "another value": (
        out_changed(lambda out: out.replace('"user_sex":"2"', '"user_sex":"女"')),
        ["out.value"],
        "value of the OutData field user_sex: the vendor's is a text of 1 characters, ours another, a text of",
    ),
    "a number for a text": (
        out_changed(lambda out: out.replace('"user_sex":"2"', '"user_sex":2')),
        ["out.value"],
        "value of the OutData field user_sex: the vendor's is a number of 1 digits",
    ),
    "another order": (
        out_changed(lambda out: json.dumps(dict(reversed(json.loads(out).items())), ensure_ascii=False,
                                           separators=(",", ":"))),
        ["out.order"],
        "the fields of OutData stand in another order, from user_sex on",
    ),
    "blanks": (
        out_changed(lambda out: out.replace(":", ": ")),
        ["out.spelling"],
        "the fields and values of OutData are the same, written in another way",
    ),
    "a failure": (
        lambda call: replace(call, code=b"9999"),
        ["outcome.vendor_failed"],
        "ours succeeds, the vendor's DLL fails (it returns 9999)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUT_DATA)
def test_a_difference_of_out_data_is_explained(recorder: Recorder, name: str) -> None:
    change, kinds, sentence = OUT_DATA[name]
    comparison = compared(change(recorder.case(VERIFY)))
    assert words(comparison) == kinds
    assert any(sentence in each for each in sentences(comparison)), sentences(comparison)


def test_every_kind_of_difference_is_provoked_here() -> None:
    tried = {kind for _, kinds, _ in (*PROVOKED.values(), *OUTCOMES.values(), *OUT_DATA.values()) for kind in kinds}
    elsewhere = {"content.sealed", "content.cipher", "request.missing", "request.more", "ours.fault"}
    assert {kind.word for kind in DifferenceKind} == tried | elsewhere


def test_a_fault_of_ours_is_a_difference_with_its_place(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    call = recorder.case(VERIFY)
    monkeypatch.setattr("shim.replay.pipeline.Pipeline.replay", lambda *_: 1 // 0)
    comparison = compared(call)
    assert (comparison.verdict, words(comparison)) == (ComparisonVerdict.DIFFERS, ["ours.fault"])
    assert "ZeroDivisionError" in sentences(comparison)[0]


def test_the_same_plain_text_in_another_ciphertext(recorder: Recorder) -> None:
    """A vendor's DLL whose ciphertext is in lower case: it opens all the same."""
    call = recorder.case(VERIFY)
    content = json.loads(posted_body(call))["biz_content"].encode()
    comparison = compared(with_body(call, content, content.lower()))
    assert words(comparison) == ["content.cipher"]


# ---- what proves nothing ---------------------------------------------------------------------------------------------


def without_traffic(call: CapturedCall, code: bytes = b"9001") -> CapturedCall:
    return replace(call, traffic=(), code=code, out="参数错误".encode("gbk"))


def without_answer(call: CapturedCall) -> CapturedCall:
    return replace(call, code=b"8001", out="网络异常".encode("gbk"), traffic=(replace(call.traffic[0], received=b""),))


APART: dict[str, tuple[Callable[[Recorder], CapturedCall], NotComparable]] = {
    "a device": (
        lambda recorder: replace(recorder.case(VERIFY), function="EhealthID_Print", texts=(b"1", b"2", b"3")),
        NotComparable.DEVICE,
    ),
    "a scan that came to nothing": (lambda recorder: recorder.case("no scanner"), NotComparable.SCAN),
    "its own validation": (lambda recorder: without_traffic(recorder.case(VERIFY)), NotComparable.OWN_FAILURE),
    "a crash": (
        lambda recorder: replace(recorder.case(VERIFY), code=None, habits=Habits(crashed=0xC0000005)),
        NotComparable.CRASHED,
    ),
    "a hang": (
        lambda recorder: replace(without_traffic(recorder.case(VERIFY)), ended=recorder.case(VERIFY).began + 60),
        NotComparable.HUNG,
    ),
    "a call past the recorder": (
        lambda recorder: replace(recorder.case(VERIFY), recorded=False, traffic=()),
        NotComparable.NOT_RECORDED,
    ),
    "success without traffic": (
        lambda recorder: replace(recorder.case(VERIFY), traffic=()),
        NotComparable.BYPASSED,
    ),
    "no answer": (
        lambda recorder: without_answer(recorder.case(VERIFY)),
        NotComparable.NO_ANSWER,
    ),
    "an answer that nobody can read": (
        lambda recorder: recorder.case("a web page under 200"),
        NotComparable.UNREADABLE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_a_call_that_proves_nothing_is_apart(recorder: Recorder, name: str) -> None:
    make, reason = APART[name]
    comparison = compared(make(recorder))
    assert (comparison.verdict, comparison.reason) == (ComparisonVerdict.NOT_COMPARABLE, reason)


def test_a_request_without_an_answer_is_compared_all_the_same(recorder: Recorder) -> None:
    """The vendor's own words prove nothing, its request does."""
    call = with_body(recorder.case(VERIFY), b'"20261121000058"', b'"20261121000059"')
    lost = replace(call, code=b"8001", out=b"", traffic=(replace(call.traffic[0], received=b""),))
    assert compared(lost).verdict is ComparisonVerdict.DIFFERS


def test_an_insurance_code_that_is_asked_elsewhere(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    request = json.loads(BY_ID[VERIFY]["in"])
    request["biz_content"] |= {"ehealth_code": "4240000000000000000001350000", "ECUrl": "http://10.1.1.1/qr"}
    in_data = json.dumps(request).encode()
    comparison = compared(replace(call, texts=(GATEWAY, in_data), traffic=()))
    assert comparison.reason is NotComparable.ELSEWHERE


def test_a_code_that_the_vendor_scanned_is_found_in_its_request(recorder: Recorder) -> None:
    call = recorder.case(VERIFY)
    request = json.loads(BY_ID[VERIFY]["in"])
    del request["biz_content"]["ehealth_code"]
    content = {"ehealth_code": json.loads(BY_ID[VERIFY]["in"])["biz_content"]["ehealth_code"], **request["biz_content"]}
    scanned = recorder.case(VERIFY, biz_content={**request["biz_content"], "ehealth_code": content["ehealth_code"]})
    in_data = json.dumps(request, ensure_ascii=False).encode("gbk")
    comparison = compared(replace(call, texts=(call.texts[0], in_data), traffic=scanned.traffic, out=scanned.out,
                                  code=scanned.code))  # fmt: skip
    assert sentences(comparison) == []
    assert comparison.verdict is ComparisonVerdict.AGREES


def test_no_sentence_holds_a_value(recorder: Recorder) -> None:
    """All differences at once, in both languages: nothing of the patient, the code or the key is in them."""
    call = recorder.case(VERIFY)
    private = ("990000195203030026", "王𬱖", "19900000002", "1TESTSEC0000000000000000TESTSEC0", "D000002", "测试员")
    told = [compared(change(call)) for change, _, _ in (*PROVOKED.values(), *OUT_DATA.values())]
    text = "\n".join(
        each for comparison in told for language in ("zh", "en") for each in sentences(comparison, language)
    )
    assert text
    assert [value for value in private if value in text] == []


def test_a_number_is_no_text_of_the_same_digits() -> None:
    """Also one that JSON keeps as it is written."""
    (difference,) = _values({"fee": codec.Number("1.50")}, {"fee": "1.50"}, "", _OUT)
    assert difference.text("en") == (
        "value of the OutData field fee: the vendor's is a number of 4 digits, ours another, a text of 4 characters"
    )


def test_a_mac_in_another_style_than_that_of_the_settings_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ini = "[terminal]\nmac_field = mac\nmac = 02-11-22-33-44-5A\n"
    (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
    call = Recorder(tmp_path, monkeypatch).case("query")
    dash = configuration.parse("[terminal]\nmac_field = mac\nmac_style = dash\n")
    assert compared(call, dash).verdict is ComparisonVerdict.AGREES
    colon = configuration.parse("[terminal]\nmac_field = mac\nmac_style = colon\n")
    assert words(compared(call, colon)) == ["body.value"]
    garbled = with_body(call, b"02-11-22-33-44-5A", b"02-11-22-33-44-5a")
    assert words(compared(garbled, dash)) == ["body.value"]
    no_mac = with_body(call, b"02-11-22-33-44-5A", b"GG-11-22-33-44-5A")
    assert words(compared(no_mac, dash)) == ["body.value"]


def test_what_is_masked_is_so_in_the_language_of_the_report() -> None:
    difference = Difference(DifferenceKind.HEADER_EXTRA, {"name": shown_name("头 名字")})
    assert difference.text("zh") == "请求头 头***（4 字）：原厂不发，vcshim 发送"
    assert difference.text("en") == "header 头*** (4 characters): sent by ours, not by the vendor's DLL"
