"""The stages of a call, as the parts of the call tell them: their order, their facts, and no secret in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shim import stages
from shim.cli import main
from tests.support.paths import ROOT

REQUESTS = ROOT / "examples" / "requests"
KEY = "1TESTSEC0000000000000000TESTSEC0"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, dict[str, Any]]:
    """The stages of a call by name."""
    assert main(["call", "--json", "--explain", *words]) == code
    return {stage["stage"]: stage for stage in json.loads(capsys.readouterr().out)["stages"]}


def test_nobody_watches_a_host() -> None:
    assert stages.observer is None


def test_a_watcher_watches_its_block_only() -> None:
    with pytest.raises(ValueError, match="x"), stages.watched(lambda stage, facts: None):
        assert stages.observer is not None
        raise ValueError("x")
    assert stages.observer is None


def test_every_stage_of_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    """The base string and sign of VC's sample scheme, as literals; the wire is what was signed and encrypted."""
    found = told(capsys, "--example", "push", "--set", "enc_type=Plain", "--set", "sign_type=MD5")
    assert list(found) == ["request", "base_string", "cipher", "wire", "answer", "opened"]
    assert found["request"]["method"] == "ehc.ehealthcard.push"
    assert "key" not in found["request"]["common"]
    content = (
        '{"ehealth_card_id":"8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E","out_close_no":"PUSH0001",'
        '"out_close_time":"20261121000058"}'
    )
    assert found["base_string"]["base_string"] == (
        f"app_id=1TESTAPP0000000000000000TESTAPP0&biz_content={content}&enc_type=Plain&method=ehc.ehealthcard.push"
        "&sign_type=MD5&term_id=35020010001&timestamp=20261121000058&version=X.M.0.1key=<key>"
    )
    assert found["base_string"]["signer"] == "MD5"
    assert found["cipher"]["cipher"] == "" and found["cipher"]["plain"] == content
    sent = json.loads(found["wire"]["body"])
    assert (sent["biz_content"], sent["sign"]) == (content, found["base_string"]["sign"])
    assert json.loads(found["answer"]["body"])["ret_code"] == "0000"
    assert found["opened"]["sign_fits"] is True and "mindex_id" in found["opened"]["fields"]


def test_the_cipher_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--example", "verify")
    assert found["cipher"]["cipher"].startswith("AES-128/CBC direct upper-hex")
    assert json.loads(found["wire"]["body"])["biz_content"] == found["cipher"]["sealed"]
    assert found["code"]["kind"] == "多码融合码"


def test_an_insurance_call(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--example", "ec.query")
    assert list(found) == ["request", "code", "wire", "answer"]
    assert found["request"]["fields"]["businessType"] == "01101" and "data" not in found["request"]["common"]


def test_findings_are_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--example", "push", "--unset", "out_close_no", code=1)
    assert any("out_close_no" in text for text in found["findings"]["findings"])


@pytest.mark.parametrize("tail", ["&key=", "none"])
@pytest.mark.parametrize("case", ["as-is", "upper"])
def test_no_stage_holds_the_key(capsys: pytest.CaptureFixture[str], here: Path, tail: str, case: str) -> None:
    """Wherever the dialect puts it: also where it is a header's value."""
    (here / "vcshim.ini").write_text(
        f"[wire]\ndialect = own\n[dialect own]\nbase = ehcservice\ntail = {tail}\nsecret_at = both\n"
        f"base_case = {case}\nheaders = X-Pass=text:PLANTED-PASSWORD\n",
        "utf-8",
    )
    found = told(capsys, "--example", "push", code=1)  # the simulator speaks another dialect
    text = json.dumps(found, ensure_ascii=False)
    assert KEY not in text and "PLANTED-PASSWORD" not in text
    assert found["base_string"]["base_string"].lower().count("<key>") == 2
    assert found["wire"]["headers"]["X-Pass"] == "***"


def test_a_body_in_another_charset_is_readable(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    (here / "vcshim.ini").write_text(
        "[wire]\ndialect = own\n[dialect own]\nbase = ehcservice\nbody_charset = gbk\n", "utf-8"
    )
    found = told(capsys, "--example", "verify", "--set", "enc_type=Plain", code=1)
    assert "测试员" in found["wire"]["body"]
