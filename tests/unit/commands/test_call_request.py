"""`vcshim call` where InData is changed or made: --set, --unset, --method, --form, --key-file, --repeat."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from shim.cli import main
from shim.simulator.persons import APP_ID, ORG_ID, SECRET
from tests.support.paths import ROOT

REQUESTS = ROOT / "examples" / "requests"
VERIFY = "ehc.ehealthcode.verify"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[journal]\nenabled = off\n", "utf-8")
    return tmp_path


def called(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    """What --json says of a call."""
    assert main(["--lang", "en", "call", "--json", *words]) == code
    return json.loads(capsys.readouterr().out)


def in_data(record: dict[str, Any]) -> Any:
    return json.loads(record["inputs"]["InData"])


def test_a_field_goes_where_the_specification_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--set", "operator_name=王五", "--set", "sign_type=MD5", "--set", "biz_content.extra_field:=[1]")
    asked = in_data(called(capsys, "--example", "verify", *words))
    assert (asked["biz_content"]["operator_name"], asked["sign_type"]) == ("王五", "MD5")
    assert asked["biz_content"]["extra_field"] == [1] and "operator_name" not in asked


def test_a_field_with_a_dot_in_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    asked = in_data(called(capsys, "--example", "alterlink", "--set", "out.Alter_no=LINK9"))
    assert asked["biz_content"]["out.Alter_no"] == "LINK9" and "out" not in asked


def test_the_field_that_stands_in_two_places(capsys: pytest.CaptureFixture[str]) -> None:
    asked = in_data(called(capsys, "--example", "ec.query", "--set", "orgId=O1", "--set", "extra.a=b"))
    assert (asked["orgId"], asked["data"]["orgId"], asked["extra"]) == ("O1", "O1", {"a": "b"})


def test_fields_of_the_token_check_stand_at_the_top(capsys: pytest.CaptureFixture[str]) -> None:
    path = REQUESTS / "token.json"
    request = json.loads(path.read_text("utf-8"))
    flat = {name: value for name, value in request["data"].items()}
    Path("flat.json").write_text(json.dumps(flat), "utf-8")
    words = ("NationEcTrans", "flat.json", "--url", "sim:/localcfc/api/hsecfc/localEcTokenCheck")
    assert in_data(called(capsys, *words, "--set", "userName=张三")) == {**flat, "userName": "张三"}


def test_a_file_in_gbk_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    text = (REQUESTS / "verify.json").read_text("utf-8")
    Path("in.json").write_bytes(text.encode("gb18030"))
    asked = in_data(called(capsys, "VirtualCardTrans", "in.json", "--unset", "operator_id", code=1))
    assert "operator_id" not in asked["biz_content"] and asked["biz_content"]["operator_name"] == "测试员"


def test_without_a_change_in_data_stays_as_it_came(capsys: pytest.CaptureFixture[str]) -> None:
    """A hospital program's own text: the trailing comma is what is tried."""
    text = (REQUESTS / "verify.json").read_text("utf-8").replace('"version": "X.M.0.1"', '"version": "X.M.0.1",')
    Path("in.json").write_text(text, "utf-8")
    assert main(["call", "VirtualCardTrans", "in.json", "--explain"]) == 0


def test_a_method_without_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    record = called(capsys, "NationEcTrans", "--method", "hos.query.insu", "--set", "data.a=1")
    assert in_data(record) == {"orgId": ORG_ID, "transType": "hos.query.insu", "extra": {}, "data": {"a": "1"}}
    assert record["success"] is True


def test_a_method_names_its_export(capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "--method", "ehealthcode.verify")["export"] == "VirtualCardTrans"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--example", "verify", "--set", "operater_id=1"), "has no field operater_id (did you mean operator_id?)"),
        (("--example", "verify", "--set", "zzz=1"), "write biz_content.zzz="),
        (("--example", "verify", "--set", "zzz"), "write FIELD=TEXT or FIELD:=JSON"),
        (("--example", "verify", "--set", "operator_id:=x"), "is not followed by JSON"),
        (("--example", "verify", "--set", "key=PLANTED-KEY"), "use --key-file"),
        (("VirtualCardTrans", "--method", "ehc.ehealthcode.verfy"), "did you mean ehc.ehealthcode.verify?"),
        (("VirtualCardTrans", "--method", "ec.query"), "ec.query is a method of NationEcTrans"),
        (("VirtualCardTrans", "x.json", "--method", VERIFY), "--method gives InData"),
        (("SetEcQrcode", "--form"), "SetEcQrcode has no InData"),
        (("--example", "verify", "--repeat", "0"), "whole number from 1"),
    ],
)
def test_words_that_do_not_fit(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    try:
        code = main(["--lang", "en", "call", *words])
    except SystemExit as ended:
        code = int(ended.code or 0)
    output = capsys.readouterr()
    assert (code, output.out) == (2, "") and said in output.err and "PLANTED-KEY" not in output.err


# ---- the key ---------------------------------------------------------------------------------------------------------


def test_the_key_comes_from_a_file_and_is_shown_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    Path("key").write_text(SECRET + "\n", "utf-8")
    Path("in.json").write_text((REQUESTS / "verify.json").read_text("utf-8").replace(SECRET, "other"), "utf-8")
    words = ["call", "VirtualCardTrans", "in.json", "--key-file", "key", "--explain", "--save", "all.json"]
    assert main(words) == 0
    output = capsys.readouterr()
    assert SECRET not in output.out + output.err + Path("all.json").read_text("utf-8")
    assert "<key>" in output.err and "<key>" in Path("all.json").read_text("utf-8")


# ---- the form --------------------------------------------------------------------------------------------------------


def test_the_form_asks_for_each_field(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Six common fields stay; of the method's, two are changed, one goes, one asks for its dictionary first."""
    answers = [*[""] * 6, "", "NUMBER77", "", "77", "-", "?", *[""] * 9]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert main(["--lang", "en", "call", "--method", VERIFY, "--form", "--save", "s.json"]) == 1
    said = capsys.readouterr().err
    assert "out_verify_no (required, VC 4.2.1, at most 32) [VERIFY0001]:" in said
    assert "    010105  " in said
    (saved,) = json.loads(Path("s.json").read_text("utf-8"))
    content = in_data(saved)["biz_content"]
    assert (content["out_verify_no"], content["operator_id"]) == ("NUMBER77", "77")
    assert "operator_name" not in content


def test_a_form_without_answers_makes_no_call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))  # one answer: to app_id
    assert main(["--lang", "en", "call", "--example", "verify", "--form"]) == 1
    assert "standard input ended at term_id" in capsys.readouterr().err
    assert not (here / "vcshim_log").exists()


# ---- many calls ------------------------------------------------------------------------------------------------------


def test_each_repetition_has_a_serial_number_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    records = called(capsys, "--example", "push", "--repeat", "3")["calls"]
    numbers = [in_data(record)["biz_content"]["out_close_no"] for record in records]
    assert numbers == ["PUSH0001-1", "PUSH0001-2", "PUSH0001-3"]
    assert [record["returned"] for record in records] == ["00"] * 3


def test_numbers_where_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    records = called(capsys, "--example", "push", "--repeat", "2", "--set", "out_close_no=N{n}")["calls"]
    assert [in_data(record)["biz_content"]["out_close_no"] for record in records] == ["N1", "N2"]


def test_repetitions_are_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    """A code of the insurance platform is good once."""
    assert main(["--lang", "en", "call", "--example", "ec.query", "--repeat", "3"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("3 calls: 500049 x 2, 0000 x 1; ms: least ")
    assert said[1].startswith("1: NationEcTrans returned 0000 in ")


def test_what_json_says_does_not_depend_on_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    records = []
    for language in ("zh", "en"):
        assert main(["--lang", language, "call", "--json", "--example", "push", "--explain"]) == 0
        record = json.loads(capsys.readouterr().out)
        stages = [stage.pop("ms") and stage for stage in record.pop("stages")]
        records.append({**record, "ms": 0, "stages": [each for each in stages if each]})
    assert records[0] == records[1] and APP_ID in records[0]["inputs"]["InData"]
