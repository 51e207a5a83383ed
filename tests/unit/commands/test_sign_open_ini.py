"""`vcshim sign`, `vcshim open` and `vcshim ini`: what an integrator types, against literals of the vector files."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from shim.cli import main
from shim.deadline import Deadline
from shim.simulator.server import Simulator
from shim.spec import Effect
from shim.transport.sockets import SocketTransport
from tests.support.paths import vectors

VECTORS = {row["id"]: row for row in vectors("wire")}
SECRET = "1TESTSEC0000000000000000TESTSEC0"

# The request behind vectors G1 and Y1.
REQUEST: dict[str, Any] = {
    "app_id": "1TESTAPP0000000000000000TESTAPP0",
    "biz_content": json.loads(VECTORS["Y1-aes-cbc-direct"]["plaintext"]),
    "enc_type": "AES",
    "method": "ehc.ehealthcode.verify",
    "sign_type": "MD5",
    "term_id": "35020010001",
    "timestamp": "20200608120000",
    "version": "X.M.0.1",
}


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.txt").write_text(SECRET + "\n")
    (tmp_path / "request.json").write_text(json.dumps(REQUEST, ensure_ascii=False), "utf-8")
    return tmp_path


def test_sign_gives_the_vectors(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sign of G1 and the ciphertext of Y1, in one request; the key is not in it."""
    assert main(["sign", "request.json", "--key-file", "key.txt", "--explain"]) == 0
    out, err = capsys.readouterr()
    sealed = json.loads(out)
    assert sealed["sign"] == "4A5EED87EDBDB240E1F479D34B562A05"
    assert sealed["biz_content"] == VECTORS["Y1-aes-cbc-direct"]["ciphertext"]
    assert SECRET not in out and SECRET not in err
    assert err.strip() == VECTORS["G1-md5-key-utf8"]["input"].replace(SECRET, "<key>")


def test_sign_with_another_dialect(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign", "request.json", "--key-file", "key.txt", "--dialect", "ehcservice-amp"]) == 0
    assert json.loads(capsys.readouterr().out)["sign"] == "63A78BC34425B5D9F68967E06904A6EE"


SITE = """\
[dialect other]
content_text = verbatim
renamed = biz_content=data
answer_content = result
added = nonce=random:hex-lower:32
body_charset = gbk
body_end = nul
tail = &key=
aes = AES/ECB base64
"""


def test_sign_and_open_with_the_columns_of_another_vendor(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """biz_content letter for letter, a nonce that --explain shows as it is sent, and all of it read back."""
    (here / "vcshim.ini").write_text(SITE, "utf-8")
    text = json.dumps(REQUEST, ensure_ascii=False, indent=1)
    (here / "request.json").write_text(text, "utf-8")
    own = text[text.index('"biz_content": ') + 15 : text.index("}") + 1]
    words = ["--key-file", "key.txt", "--dialect", "other"]
    assert main(["sign", "request.json", *words, "--explain"]) == 0
    out, err = capsys.readouterr()
    sealed = json.loads(out)
    assert list(sealed)[-3:] == ["nonce", "data", "sign"] and f"&nonce={sealed['nonce']}&" in err
    assert f"&data={own}&" in err and err.endswith("&key=<key>\n")
    (here / "sealed.json").write_text(out, "utf-8")
    assert main(["open", "sealed.json", *words, "--direction", "request"]) == 0
    assert capsys.readouterr().out == f"{own}\n"
    (here / "answer.json").write_text(json.dumps({"enc_type": "Plain", "result": '{"a" : 1}'}), "utf-8")
    assert main(["open", "answer.json", *words]) == 3
    assert capsys.readouterr().out == '{"a" : 1}\n'


@pytest.mark.parametrize("source", ["request", "ini", "prompt"])
def test_where_the_key_comes_from(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    request = dict(REQUEST)
    if source == "request":
        request["key"] = SECRET
    elif source == "ini":
        (here / "vcshim.ini").write_text(f"[tools]\nkey = {SECRET}\n")
    else:
        monkeypatch.setattr("getpass.getpass", lambda prompt: SECRET)
    type_in(monkeypatch, json.dumps(request))
    assert main(["sign"]) == 0
    assert json.loads(capsys.readouterr().out)["sign"] == "4A5EED87EDBDB240E1F479D34B562A05"


def test_no_word_of_the_command_line_is_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("sign", "open"):
        with pytest.raises(SystemExit):
            main([command, "--key", SECRET])
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert "--key " not in capsys.readouterr().out


def test_open_a_real_answer(here: Path, capsys: pytest.CaptureFixture[str], simulator: Simulator) -> None:
    """What the simulator answers to a signed request, opened by hand; then with one character changed."""
    request = json.loads(json.dumps(REQUEST))
    request["biz_content"]["ehealth_code"] = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
    for name in ("out_verify_no", "out_verify_time", "operator_id", "treatment_code"):
        request["biz_content"][name] = "010101"
    (here / "request.json").write_text(json.dumps(request), "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    sealed = capsys.readouterr().out.encode()
    answer = SocketTransport(5).post(simulator.gateway, sealed, "application/json", Effect.CHANGE, Deadline(5))
    (here / "answer.json").write_bytes(answer.body)
    assert main(["open", "answer.json", "--key-file", "key.txt"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["id_no"] == "990000195203030026" and err == "验签通过\n"
    changed = json.loads(answer.body)
    changed["ret_msg"] += "."
    (here / "answer.json").write_text(json.dumps(changed))
    assert main(["open", "answer.json", "--key-file", "key.txt"]) == 3
    assert capsys.readouterr().err == "验签没有通过\n"


def test_open_a_captured_request(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    (here / "wire.json").write_text(capsys.readouterr().out, "utf-8")
    assert main(["open", "wire.json", "--key-file", "key.txt", "--direction", "request"]) == 0
    assert capsys.readouterr().out.strip() == VECTORS["Y1-aes-cbc-direct"]["plaintext"]


def test_sign_prints_what_the_dll_would_find(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The request is sealed all the same, and stdout is nothing but it."""
    faulty = {**REQUEST, "method": "ehc.ehealthcode.verfy"}
    (here / "request.json").write_text(json.dumps(faulty), "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["method"] == "ehc.ehealthcode.verfy"
    assert err.startswith("vcshim sign: ") and "ehc.ehealthcode.verfy" in err and "VC 附录2.1" in err
    missing = {**REQUEST, "biz_content": {}}
    (here / "request.json").write_text(json.dumps(missing), "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    assert "vcshim sign: 缺少必填字段 operator_id（" in capsys.readouterr().err
    (here / "vcshim.ini").write_text("[validate]\nlevel = off\n", "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    assert capsys.readouterr().err == ""


def test_a_key_that_is_piped_in(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a terminal the prompt reads standard input, and says nothing about an echo."""
    monkeypatch.setattr("shim.commands.dialect_words._has_terminal", lambda: False)
    monkeypatch.setattr("os.open", refuse_terminal(os.open))
    type_in(monkeypatch, SECRET + "\n")
    assert main(["sign", "request.json", "--explain"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["sign"] == "4A5EED87EDBDB240E1F479D34B562A05"
    assert "Warning" not in err and "应用密钥" not in err


def refuse_terminal(real: Any) -> Any:
    """os.open of a process without a terminal, which getpass asks for first."""

    def opened(path: Any, *arguments: Any, **options: Any) -> Any:
        if path == "/dev/tty":
            raise OSError("no terminal")
        return real(path, *arguments, **options)

    return opened


@pytest.mark.parametrize(
    "data", [SECRET.encode("utf-16"), b"\xef\xbb\xbf" + SECRET.encode(), SECRET.encode() + b"\r\n"]
)
def test_a_key_file_of_notepad(here: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    (here / "key.txt").write_bytes(data)
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    assert json.loads(capsys.readouterr().out)["sign"] == "4A5EED87EDBDB240E1F479D34B562A05"


@pytest.mark.parametrize("charset", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_the_charset_of_a_request_is_recognised(here: Path, capsys: pytest.CaptureFixture[str], charset: str) -> None:
    (here / "request.json").write_bytes(json.dumps(REQUEST, ensure_ascii=False).encode(charset))
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    assert json.loads(capsys.readouterr().out)["biz_content"] == VECTORS["Y1-aes-cbc-direct"]["ciphertext"]


@pytest.mark.parametrize("command", ["sign", "open"])
@pytest.mark.parametrize(
    ("file", "key", "said"),
    [
        ("nofile.json", "key.txt", "nofile.json does not exist"),
        (".", "key.txt", ". is a folder, not a file"),
        ("empty.json", "key.txt", "empty.json is empty"),
        ("picture.png", "key.txt", "picture.png is neither UTF-8, GBK nor UTF-16 text"),
        ("request.json", "nokey.txt", "nokey.txt does not exist"),
        ("request.json", "empty.json", "empty.json is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, file: str, key: str, said: str
) -> None:
    (here / "empty.json").touch()
    (here / "picture.png").write_bytes(b"\x89PNG\r\n\xff")
    assert main(["--lang", "en", command, file, "--key-file", key]) == 1
    assert capsys.readouterr() == ("", f"vcshim {command}: {said}\n")


@pytest.mark.parametrize(
    ("words", "text", "fragment"),
    [
        (["sign"], "no json", "JSON 格式不对"),
        (["sign"], "{}", "method"),
        (["sign", "--dialect", "nowhere"], "{}", "nowhere"),
        (["sign", "missing.json"], "", "missing.json"),
        (["open"], "<html>", "不能按 JSON 读出"),
        (["open"], '{"biz_content":"00","enc_type":"AES"}', "解密"),
    ],
)
def test_what_cannot_be_done_says_why(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    text: str,
    fragment: str,
) -> None:
    type_in(monkeypatch, text)
    assert main([*words, "--key-file", "key.txt"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and fragment in err and SECRET not in err


@pytest.mark.parametrize("command", ["sign", "open"])
@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("ehcservcie", "(did you mean ehcservice?)"),
        ("sistr", "(did you mean sister?)"),
        ("myow", "(did you mean myown?)"),
    ],
)
def test_a_slip_in_the_name_of_a_message_format(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, word: str, near: str
) -> None:
    (here / "vcshim.ini").write_text("[dialect myown]\ntail = x\n")
    assert main(["--lang", "en", command, "request.json", "--dialect", word, "--key-file", "key.txt"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"vcshim {command}: {word} is not one of these words {near}: ehcservice, ")
    assert main([command, "request.json", "--dialect", word, "--key-file", "key.txt", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "settings.no_dialect"


def test_a_site_dialect_from_the_ini(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """[dialect 本院] with another tail is vector G2; a wrong key in it is named, and nothing is signed."""
    ini = here / "vcshim.ini"
    ini.write_text("[wire]\ndialect = 本院\n[dialect 本院]\nbase = ehcservice\ntail = &key=\n", "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 0
    assert json.loads(capsys.readouterr().out)["sign"] == "63A78BC34425B5D9F68967E06904A6EE"
    ini.write_text("[wire]\ndialect = 本院\n[dialect 本院]\nsort = random\n", "utf-8")
    assert main(["sign", "request.json", "--key-file", "key.txt"]) == 1
    err = capsys.readouterr().err
    assert "[dialect 本院] sort = random" in err and "ignore-case" in err


def test_ini_lists_every_preset_and_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    from shim.dialects.table import DIALECTS, SITE_KEYS

    assert main(["ini"]) == 0
    shipped = capsys.readouterr().out
    assert all(f";   {name} " in shipped for name in DIALECTS)
    assert main(["ini", "--dialect"]) == 0
    section = capsys.readouterr().out
    assert all(f"\n;{row.key} =\n" in section for row in SITE_KEYS)
