"""`vcshim call` and `vcshim examples`: what a hospital program gets, without one; the files in examples/requests."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pytest
import requests

from shim.cli import main
from shim.simulator.examples import EXAMPLES
from shim.simulator.persons import PERSONS
from shim.simulator.server import Simulator
from shim.spec import METHODS
from tests.support.paths import ROOT

REQUESTS = ROOT / "examples" / "requests"
LEVELS = ("strict", "warn", "off")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[validate]\nlevel = strict\n", "utf-8")
    return tmp_path


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", [each.name for each in EXAMPLES])
def test_each_example_succeeds(here: Path, capsys: pytest.CaptureFixture[str], name: str, level: str) -> None:
    """On a simulator that has seen no other request; under strict validation, too."""
    (here / "vcshim.ini").write_text(f"[validate]\nlevel = {level}\n", "utf-8")
    assert main(["--lang", "en", "call", "--example", name]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)
    assert said.err.splitlines()[-1].endswith((" returned 00", " returned 0000"))


@pytest.mark.parametrize("method", METHODS)
def test_each_request_that_is_made_succeeds(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Under strict validation, with every field left as the form offers it."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n" * 60))
    assert main(["call", "--method", method, "--form"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_the_request_of_the_documents_succeeds(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """docs/hosts.md has it in five languages, the page for browsers in a sixth."""
    text = (ROOT / "docs" / "hosts.md").read_text("utf-8").replace('\\"', '"')
    blocks = [block for block in text.split("```") if '"transType"' in block]
    person = {"orgId": "1", "businessType": "01101", "operatorId": "1", "operatorName": "龙䶮"}
    query = {"transType": "ec.query", "orgId": "1", "data": {**person, "ecQrCode": "4240000000000000000300350000"}}
    names = ["transType", "orgId", "data", *query["data"]]
    assert [re.findall(r'"([A-Za-z]+)":', block) for block in blocks] == [names] * 5
    page = (ROOT / "examples" / "browser" / "index.html").read_text("utf-8")
    assert re.findall(r"const (?:person|query) = (.*);", page) == [
        "{ orgId: '1', businessType: '01101', operatorId: '1', operatorName: '龙䶮' }",
        "{ transType: 'ec.query', orgId: '1', data: { ...person, ecQrCode: '4240000000000000000300350000' } }",
    ]
    (here / "in.json").write_text(json.dumps(query), "utf-8")
    assert main(["call", "NationEcTrans", "in.json"]) == 0
    assert json.loads(capsys.readouterr().out)["code"] == 0


def test_an_authorisation_is_asked_for_and_queried(
    here: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two calls of two processes, against one simulator: what is asked for replaces the consent that it had."""
    for name in ("authurl", "auth.query"):
        assert main(["call", "--example", name, "--url", simulator.gateway]) == 0
    authorised = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert authorised["auth_status"] == "ing"


def test_every_method_has_an_example() -> None:
    assert {each.method for each in EXAMPLES} == set(METHODS)


def test_the_files_are_the_examples(tmp_path: Path) -> None:
    assert main(["examples", "--write", str(tmp_path / "new" / "folder")]) == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    assert written == {path.name: path.read_bytes() for path in REQUESTS.iterdir()}


def test_an_example_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examples", "ec.query"]) == 0
    assert capsys.readouterr().out.encode() == (REQUESTS / "ec.query.json").read_bytes()


def test_a_file_in_gbk(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a hospital program hands it over."""
    (here / "in.json").write_bytes((REQUESTS / "verify.json").read_bytes().decode().encode("gb18030"))
    assert main(["call", "VirtualCardTrans", "in.json"]) == 0
    assert json.loads(capsys.readouterr().out)["user_name"] == PERSONS[2].user_name


def test_a_refusal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The platform's code is what is returned, and the exit code says that it is none of success."""
    request = json.loads((REQUESTS / "verify.json").read_text("utf-8"))
    request["biz_content"]["ehealth_code"] = "0000:1:::"
    (here / "in.json").write_text(json.dumps(request), "utf-8")
    assert main(["--lang", "zh", "call", "VirtualCardTrans", "in.json"]) == 1
    returned, logged = capsys.readouterr().err.splitlines()[-2:]
    assert returned == "VirtualCardTrans 返回 2002" and logged.startswith("日志：多码融合平台拒绝")


def test_what_the_engineer_is_told(here: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    """OutData is for the clerk; the cause with address and port is in the log, and here."""
    assert main(["--lang", "en", "call", "--example", "verify", "--url", simulator.refused + "/x"]) == 1
    said = capsys.readouterr()
    address = simulator.refused.removeprefix("http://")
    assert address in said.err.splitlines()[-1] and said.err.splitlines()[-1].startswith("log: ")
    assert address not in said.out


def test_numbers_and_texts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other exports take their inputs as words."""
    assert main(["--lang", "en", "call", "Set_QRflow_Mode", "2"]) == 1
    assert main(["--lang", "en", "call", "EhealthID_Print", "1:1:::", "D1", "张三"]) == 1
    assert main(["--lang", "en", "call", "SetEcQrcode"]) == 1
    returned = [line for line in capsys.readouterr().err.splitlines() if " returned " in line]
    assert [line.split(" returned ")[0] for line in returned] == ["Set_QRflow_Mode", "EhealthID_Print", "SetEcQrcode"]
    assert all(line.split(" returned ")[1] != "0" for line in returned)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name an export, or an --example"),
        (("--method", "ec.qurey"), "has the method ec.qurey (did you mean ec.query?)"),
        (("--method", "verfy"), "has the method verfy (did you mean ehc.ehealthcode.verify?)"),
        (("--method", "xyzzy"), "name an export, or an --example"),
        (("Set_QRflow_Mode",), "the inputs of Set_QRflow_Mode are: mode"),
        (("SetEcQrcode", "1"), "the inputs of SetEcQrcode are: -"),
        (("Set_QRflow_Mode", "on"), "mode must be a whole number"),
        (("NationEcTrans", "--example", "verify"), "example verify is the whole InData of VirtualCardTrans"),
        (("VirtualCardTrans", "x.json", "--example", "verify"), "example verify is the whole InData"),
    ],
)
def test_wrong_words(here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert main(["--lang", "en", "call", *words]) == 2
    assert said in capsys.readouterr().err


def test_no_such_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "call", "VirtualCardTrans", "nowhere.json"]) == 1
    assert "nowhere.json" in capsys.readouterr().err


def test_the_log_is_that_of_a_call(here: Path) -> None:
    assert main(["call", "--example", "verify"]) == 0
    log = "".join(path.read_text("utf-8") for path in (here / "vcshim_log").iterdir())
    assert "ehc.ehealthcode.verify" in log and PERSONS[2].user_name not in log


def test_curl_sends_nothing_and_its_command_does(
    here: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words of the command line, posted by another client: the same bytes, so the sign fits."""
    seen = simulator.seen
    assert main(["call", "--example", "verify", "--curl", "sh", "--url", simulator.gateway]) == 0
    assert simulator.seen == seen and not (here / "vcshim_log").exists()
    curl, url, _, header, _, body = shlex.split(capsys.readouterr().out)
    assert (curl, url, header) == ("curl", simulator.gateway, "Content-Type: application/json; charset=UTF-8")
    assert requests.post(url, body.encode(), timeout=20).json()["ret_code"] == "0000"


def test_curl_for_an_address_in_process(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "call", "--example", "ec.query", "--curl", "sh"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("curl http://127.0.0.1:18080/localcfc/api/hsecfc/localQrCodeQuery -H ")
    assert "the address of a running simulator" in said.err


def test_a_call_that_sends_nothing_has_no_command(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With validation it is refused before."""
    assert main(["--lang", "en", "call", "--example", "verify", "--unset", "operator_id", "--curl", "sh"]) == 1
    said = capsys.readouterr()
    assert "operator_id" in said.out and "no request to send: it returned 9001" in said.err


def test_a_call_is_saved_as_har(here: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["call", "--example", "verify", "--save", "call.har", "--repeat", "2", "--url", simulator.gateway]
    assert main(words) == 0
    archive = json.loads((here / "call.har").read_text("utf-8"))
    entries = archive["log"]["entries"]
    assert [entry["request"]["url"] for entry in entries] == [simulator.gateway] * 2
    assert [json.loads(entry["response"]["content"]["text"])["ret_code"] for entry in entries] == ["0000"] * 2
    assert {entry["response"]["status"] for entry in entries} == {200}


def test_explained_for_people(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "zh", "call", "--example", "push", "--explain"]) == 0
    titles = [line.split("  (+")[0] for line in capsys.readouterr().err.splitlines() if line.startswith("[")]
    assert titles == [
        "[1] 读到的字段", "[2] 签名文字和签名", "[3] 加密", "[4] 发出的报文", "[5] 收到的应答", "[6] 解开的应答",
        "[7] 返回给 HIS",
    ]  # fmt: skip
