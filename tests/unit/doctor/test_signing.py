"""A signed request: what the platform accepts, what it refuses, and whether key, dialect or account is it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim import cli
from shim.commands.language import CommandLanguage
from shim.doctor import signing
from shim.doctor.finding import CheckFinding, Place, SigningAccount
from shim.doctor.signing import look_at_signing
from shim.simulator.examples import find_example
from shim.simulator.server import Simulator
from tests.support.chinese import CHINESE
from tests.support.servers import Server, serving

EXAMPLE = find_example("auth.query")
assert EXAMPLE is not None
FIELDS: dict[str, str] = {name: value for name, value in json.loads(EXAMPLE.text).items() if isinstance(value, str)}
KEY = FIELDS["key"]


def found(folder: Path, url: str, key: str = KEY, **changed: str) -> CheckFinding:
    (only,) = look_at_signing(Place(folder, folder, (url,), SigningAccount(FIELDS | changed, key)))
    assert key not in repr(only) + str(only.plain_facts)
    return only


def ini(folder: Path, text: str) -> None:
    (folder / "vcshim.ini").write_text(text, "utf-8")


@pytest.mark.parametrize("enc_type", ["AES", "DES", "SM4", "Plain"])
def test_a_sign_that_is_accepted(tmp_path: Path, simulator: Simulator, enc_type: str) -> None:
    """The platform knows of no such consent, which it could not say of a request that it had not understood."""
    only = found(tmp_path, simulator.gateway, enc_type=enc_type)
    assert (only.row.name, only.facts["code"]) == ("sign.accepted", "3001")


def test_one_request_that_changes_nothing(tmp_path: Path, simulator: Simulator) -> None:
    before = len(simulator.calls)
    found(tmp_path, simulator.gateway)
    (call,) = simulator.calls[before:]
    assert call.method == "ehc.ehealthcard.auth.query"
    assert json.loads(call.request_content) == {"out_authorize_no": "VCSHIMDOCTOR0"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"app_id": "nobody"}, "1008"), ({"term_id": "none"}, "1009"), ({"version": "9"}, "1003")],
)
def test_an_account_that_may_not_call(tmp_path: Path, simulator: Simulator, changed: dict[str, str], code: str) -> None:
    only = found(tmp_path, simulator.gateway, **changed)
    assert (only.row.name, only.facts["code"]) == ("sign.refused", code)
    assert str(only.facts["text"]) and not str(only.facts["text"]).endswith("。")
    for phrase in (only.row.what, only.row.remedy):
        assert phrase is not None and CHINESE.search(only.text(phrase, CommandLanguage.ENGLISH)) is None


@pytest.mark.parametrize("enc_type", ["AES", "Plain"])
def test_a_wrong_key(tmp_path: Path, simulator: Simulator, enc_type: str) -> None:
    only = found(tmp_path, simulator.gateway, "2" + KEY[1:], enc_type=enc_type)
    assert only.row.name == "sign.wrong_key" and int(str(only.facts["count"])) > 3


@pytest.mark.parametrize("name", ["sister", "ehcservice-amp", "本院"])
def test_a_wrong_dialect(tmp_path: Path, simulator: Simulator, name: str) -> None:
    ini(tmp_path, f"[wire]\ndialect = {name}\n[dialect 本院]\nbase = ehcservice\ntail = secret=\n")
    only = found(tmp_path, simulator.gateway)
    assert only.row.name == "sign.wrong_dialect"
    assert (only.facts["dialect"], only.facts["right"]) == (name, "ehcservice")


def test_a_dialect_of_the_site_is_tried_too(tmp_path: Path, simulator: Simulator) -> None:
    """Before those that ship; one that cannot be used costs nothing."""
    lines = "[dialect 坏]\nbase = none\n[dialect 本院]\nbase = ehcservice\n"
    ini(tmp_path, f"[wire]\ndialect = sister\n{lines}")
    assert found(tmp_path, simulator.gateway).facts["right"] == "本院"


def test_an_answer_whose_sign_is_wrong(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = signing._Query.ask
    monkeypatch.setattr(signing._Query, "ask", lambda *words: signing._Reply("0000", sign_valid=False))
    assert found(tmp_path, simulator.gateway).row.name == "sign.answer_wrong"
    monkeypatch.setattr(signing._Query, "ask", ask)


def test_what_keeps_it_from_being_tried(tmp_path: Path) -> None:
    """No address, one where nobody is, an answer that is none, settings that allow no call."""
    (only,) = look_at_signing(Place(tmp_path, tmp_path, (), SigningAccount(FIELDS, KEY)))
    assert only.row.name == "sign.no_account"
    (only,) = look_at_signing(Place(tmp_path, tmp_path, ("http://10.1.1.1/",)))
    assert only.row.name == "sign.no_account"

    def page(server: Server, connection: object) -> None:
        server.read(connection)  # type: ignore[arg-type]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")  # type: ignore[attr-defined]

    with serving(page) as server:
        url = server.url
        only = found(tmp_path, url)
        assert only.row.name == "sign.not_tried" and "HTML" in str(only.facts["reason"])
    ini(tmp_path, "[wire]\ndialect = none\n")
    assert "dialect = none" in str(found(tmp_path, url).facts["reason"])


def test_the_words_of_the_command(tmp_path: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    """The key of the file, of a file of its own, of vcshim.ini; and a file that is no InData."""
    request, key = tmp_path / "InData.json", tmp_path / "key.txt"
    words = ["doctor", "--folder", str(tmp_path), "--json", "--url", simulator.gateway, "--account", str(request)]

    def name_of(*more: str) -> str:
        cli.main([*words, *more])
        text = capsys.readouterr().out
        assert KEY not in text
        return next(str(each["name"]) for each in json.loads(text)["findings"] if each["name"].startswith("sign."))

    request.write_text(json.dumps(FIELDS), "utf-8")
    assert name_of() == "sign.accepted"
    request.write_text(json.dumps(FIELDS | {"key": "x"}), "gbk")
    key.write_text(f"{KEY}\n", "utf-8")
    assert name_of("--key-file", str(key)) == "sign.accepted"
    assert name_of() == "sign.wrong_key"
    request.write_text(json.dumps({name: value for name, value in FIELDS.items() if name != "key"}), "utf-8")
    ini(tmp_path, f"[tools]\nkey = {KEY}\n")
    assert name_of() == "sign.accepted"
    request.write_text("[]", "utf-8")
    assert cli.main(words) == 1
    assert "InData.json" in capsys.readouterr().err
