"""What commands say of a call in English: no Chinese but what people or platforms wrote, whatever is wrong with it.

What the host gets, and what programs read with --json, is Chinese in any language.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shim.cli import main
from shim.errors import mask, written_mask
from shim.spec import METHODS
from shim.transport.causes import Peer
from tests.support.chinese import CHINESE

KEY = "0123456789ABCDEF0123456789ABCDEF"
GOOD = {
    "method": "ehc.ehealthcode.verify", "app_id": "A1", "term_id": "T1", "version": "X.M.0.1", "sign_type": "SM3",
    "enc_type": "SM4", "timestamp": "20260101120000", "key": KEY,
    "biz_content": {"out_verify_no": "1", "ehealth_code": "1:1:1:1:1"},
}  # fmt: skip
COMMON = ("method", "app_id", "term_id", "version", "key")


def in_data(**changes: object) -> str:
    fields = {**GOOD, **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def content(**fields: object) -> str:
    return in_data(biz_content=fields)


CODE = "1" * 28  # of the insurance
# What a host may pass, and what the English of it begins with.
REQUESTS = {
    "{": "InData is not valid JSON (at character 2 of line 1, of 1 characters)",
    "[1]": "InData should be a JSON object (VC 3.2)",
    '{"a":NaN}': "NaN in InData is not a JSON number",
    '{"app_id":1,"app_id":2}': "field app_id stands in InData twice",
    "[" * 100: "the JSON of InData is nested more than 64 deep",
    '{"method":"\\ud800"}': "field method of InData has half a character",
    **{in_data(**{name: None}): f"InData has no {name} (VC 4.1.1)" for name in COMMON},
    **{
        in_data(**{name: None, f"{name}s": "1"}): f"InData has no {name} (VC 4.1.1); the unknown field {name}s may be"
        for name in COMMON
    },
    in_data(biz_content=None): "InData has no biz_content",
    in_data(biz_content=3): "biz_content should be a JSON object (VC 4.1.1)",
    in_data(sign_type="RSA"): "InData has sign_type = RSA (VC 4.1.1), which does not exist; there are: ",
    in_data(sign_type="MD-5"): "InData has sign_type = MD-5 (VC 4.1.1), which does not exist (did you mean MD5?)",
    in_data(
        enc_type="RSA"
    ): "InData has enc_type = RSA (VC 4.1.1), which does not exist; there are: PLAIN, AES, DES, SM4",
    in_data(enc_type="AESS"): "InData has enc_type = AESS (VC 4.1.1), which does not exist (did you mean AES?)",
    in_data(method="ehc.nothing"): "method = ehc.nothing is not in VC appendix 2.1; check it",
    in_data(method="ehc.ehealthcode.verfy"): "method = ehc.ehealthcode.verfy is not in VC appendix 2.1 (did you mean ",
    in_data(method="no name"): "method = n*** (7 characters) is not in VC appendix 2.1",
    content(ehealth_code=CODE): "the required field out_verify_no is missing (VC 4.2.1)",
    content(out_verifyno="x"): "the required field out_verify_no is missing (VC 4.2.1); the unknown field out_verifyno",
}
FINDINGS = content(out_verify_no="x" * 99, ehealth_code=CODE)
REGISTRATION = in_data(method="ehc.ehealthcard.querywithreg", biz_content={"id_type": "zz", "out_trade_n": "1"})

Answer = tuple[str, str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs a command with InData on stdin in a folder whose vcshim.ini refuses faulty requests: stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[validate]\nlevel = strict\n", "utf-8")

    def run(text: str, *words: str, language: str = "en") -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        main(["--lang", language, *words])
        return tuple(capsys.readouterr())  # type: ignore[return-value]

    return run


@pytest.mark.parametrize("text", REQUESTS, ids=lambda text: text[:20])
def test_what_a_request_lacks(run: Callable[..., Answer], text: str) -> None:
    said = run(text, "call", "VirtualCardTrans", "--explain")[1]
    assert [line for line in said.splitlines() if CHINESE.search(line)] == []
    assert f"\nlog: {REQUESTS[text]}" in said


def test_findings_are_in_english_wherever_they_are_shown(run: Callable[..., Answer]) -> None:
    long = "field out_verify_no (VC 4.2.1) has at most 32 characters, and has 99; shorten it\n"
    asked = "the required field ECUrl is missing (VC 4.2.1; required if the code is an insurance credential or IsMulti"
    entry = "the value of field id_type (VC 4.1.1) is not in its dictionary (VC appendix 2.2), it is *** (2 characters)"
    for words in (["call", "VirtualCardTrans", "--explain"], ["sign"]):
        said = run(FINDINGS, *words)[1]
        assert long in said and asked in said and CHINESE.search(said) is None
        said = run(REGISTRATION, *words)[1]
        assert entry in said and CHINESE.search(said) is None


def test_programs_read_chinese(run: Callable[..., Answer]) -> None:
    """--json is the same in every language, and so is OutData."""
    told = {language: json.loads(run(FINDINGS, "call", "VirtualCardTrans", "--explain", "--json", language=language)[0])
            for language in ("en", "zh")}  # fmt: skip
    for each in told.values():
        findings = next(stage["findings"] for stage in each["stages"] if stage["stage"] == "findings")
        assert findings[0].startswith("字段 out_verify_no（外部验证流水号，VC 4.2.1）最多 32 字，实为 99 字，请缩短")
        assert each["log"][0].startswith(findings[0]) and each["out"].startswith("医院程序传来的数据有误（")
    assert told["en"]["log"] == told["zh"]["log"] and told["en"]["out"] == told["zh"]["out"]


# The simulator answers in each of these ways without a network.
ANSWERS = {
    "": "strUrl, the address of the request, is empty",
    "ftp://x": "strUrl, the address of the request, should begin with http:// or https://",
    "http://": "strUrl, the address of the request, has a wrong form",
    "sim:/nothing": "the simulator has no address sim:/nothing; there are: sim:, sim:/",
    "sim:?sim=slow": "the simulator does not know the sim parameter of the address: unknown directive: slow",
    "sim:?sim=down:1": "sim was not reached, and the system does not say why",
    "sim:?sim=http:500": "an error inside the health code platform (HTTP 500); ask the health code platform",
    "sim:?sim=http:502": "a server on the way got no answer of the health code platform (HTTP 502)",
    "sim:": "the health code platform refuses (its text has 86 characters); see vcshim spec 1008",
}


@pytest.mark.parametrize("url", ANSWERS)
def test_why_no_answer_came(run: Callable[..., Answer], url: str) -> None:
    Path("vcshim.ini").write_text("[validate]\nlevel = off\n", "utf-8")
    said = run(in_data(), "call", "VirtualCardTrans", "--url", url)[1]
    assert CHINESE.search(said) is None and f"\nlog: {ANSWERS[url]}" in said


def test_a_proxy_is_named_in_both_languages() -> None:
    told = Peer("10.1.1.2", 3128, is_proxy=True).title
    assert (told, getattr(told, "english", "")) == ("10.1.1.2:3128（代理）", "10.1.1.2:3128 (the proxy)")
    assert type(Peer("10.1.1.2", 3128).title) is str


def test_masks_that_were_written_down() -> None:
    told = written_mask(mask("secret"))
    assert (told, getattr(told, "english", "")) == ("s***（6 字）", "s*** (6 characters)")
    assert type(written_mask("ec.query")) is str


def test_every_case_of_a_field_has_its_english() -> None:
    cases = {row.when for method in METHODS.values() for row in (*method.request, *method.response) if row.when}
    assert len(cases) == 4
    for case in cases:
        assert case.english.startswith("if ") and CHINESE.search(case.english) is None
