"""Whole calls by the columns of a dialect and the keys ec_… of [wire]: what is posted, and what the host gets.

Expected texts are literals (tests/vectors/calls.json; tests/vectors/README.md says whose). Each line of a row matters:
without it the call is another one. Each column, and each word that a column may have, is in a row.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shim.call_port import Port
from shim.dialects import table
from shim.dialects.additions import additions
from shim.dialects.dialect import DIALECT_COLUMNS
from shim.dialects.envelope import seal_envelope, verify_sign
from shim.dialects.nation import ec_wire
from shim.dialects.sent_headers import sent_headers
from shim.errors import HostError
from shim.http_answer import HttpAnswer
from shim.service import Service
from shim.settings.pairs import read_pairs, write_pairs
from shim.settings.wire import WireSettings
from shim.transport.by_scheme import ByScheme
from tests.support.makers import Recorded
from tests.support.paths import ROOT

ROWS: dict[str, dict[str, Any]] = {
    row["id"]: row for row in json.loads((ROOT / "tests" / "vectors" / "calls.json").read_text("utf-8"))
}
_ACCEPTED = '{"code":"0","biz_content":"{}"}'


class Done(NamedTuple):
    """A call: what was posted, with which headers besides, and what the host got."""

    body: bytes
    headers: list[list[str]]
    code: str
    out: str


def perform(row: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Done:
    """The call of a row, through the whole of the product but native code and network."""
    posted: list[tuple[bytes, list[list[str]]]] = []

    def post(
        _: object, url: str, body: bytes, content_type: str, effect: object, deadline: object, headers: Any
    ) -> Any:
        posted.append((body, [list(pair) for pair in headers]))
        return HttpAnswer(row.get("answer", _ACCEPTED).encode("utf-8"), charset="utf-8")

    monkeypatch.setattr(ByScheme, "post", post)
    monkeypatch.setattr("shim.service.LiveMaker", lambda *_, **__: Recorded(row.get("made", {})))
    monkeypatch.setattr(Service, "_scan", lambda *_: row["scanned"])
    lines = [f"{key} = {value}" for key, value in row.get("site", {}).items()]
    wire = [f"{key} = {value}" for key, value in row.get("wire", {}).items()]
    ini = ["[abi]", "charset = utf-8", "[wire]", "dialect = x", *wire, "[dialect x]", "base = ehcservice", *lines]
    (folder / "vcshim.ini").write_text("\n".join(ini), "utf-8")
    export = "NationEcTrans" if "wire" in row else "VirtualCardTrans"
    answer = Port(folder).answer(export, [b"http://127.0.0.1/", row["in_data"].encode("utf-8")], 0, 4096)
    body, headers = posted[0] if posted else (b"", [])
    return Done(body, headers, answer.code.decode("ascii"), answer.out.decode("utf-8"))


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_call(row: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = perform(row, tmp_path, monkeypatch)
    expected = Done(
        row["body"].encode(row.get("charset", "utf-8")) if "body" in row else done.body,
        row.get("headers", []),
        row.get("returned", done.code),
        row.get("out", done.out),
    )
    assert done == expected


LINES = [(name, part, key) for name, row in ROWS.items() for part in ("site", "wire") for key in row.get(part, {})]


@pytest.mark.parametrize(("name", "part", "key"), LINES, ids=[f"{name}-{key}" for name, _, key in LINES])
def test_each_line_matters(name: str, part: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = ROWS[name]
    less = {**row, part: {each: value for each, value in row[part].items() if each != key}, "made": EVERY_VALUE}
    before, after = (tmp_path / each for each in ("with", "without"))
    before.mkdir()
    after.mkdir()
    assert perform(row, before, monkeypatch) != perform(less, after, monkeypatch)


class _Every(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "v"


EVERY_VALUE = _Every()

# Columns whose rows are in tests/vectors/dialects.json and wire.json, or which have tests of their own.
ELSEWHERE = {
    "title", "sign_name", "sign_type_name", "sign_over", "unsigned", "fields", "append_secret", "signers", "ciphers",
    "answer_ciphers", "cipher_secret", "answer_secret", "sm2_private_key", "sm2_public_key", "sm2_user_id", "sm2_form",
    "content_order", "joiner",
}  # fmt: skip


def test_every_column_has_a_call() -> None:
    written = {key for row in ROWS.values() for key in row.get("site", {})}
    assert set(DIALECT_COLUMNS) - ELSEWHERE <= written


def test_every_key_of_the_insurance_platform_has_a_call() -> None:
    written = {key for row in ROWS.values() for key in row.get("wire", {})}
    assert {option.key for option in WireSettings.options() if option.key.startswith("ec_")} <= written


# Words that have a test where their table is, or in test_dialects.py.
WORDS_ELSEWHERE = {"sign_encoding", "body_spaces", "body_escape", "content_spaces", "content_escape", "out_spaces"}
WORDS_ELSEWHERE |= {"out_escape", "digest", "base"} | ELSEWHERE | {"sort", "empty", "scope", "charset"}


def test_every_word_of_a_column_has_a_call() -> None:
    """All but the default of ehcservice."""
    defaults = table.all_lines(table.EHCSERVICE)
    missing = {
        (key.key, word)
        for key in table.SITE_KEYS
        for word in key.form.choices
        if key.key not in WORDS_ELSEWHERE and word != defaults.get(key.key)
        and word not in {row.get("site", {}).get(key.key) for row in ROWS.values()}
    }  # fmt: skip
    assert missing == set()


def test_the_rows_say_where_they_come_from() -> None:
    assert all(row["source"] for row in ROWS.values())


# ---- what no setting may do --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["0", "00", "0.0", "0000", "-0", "E01", " ", "65536", "4294967296", "０", "错"])
@pytest.mark.parametrize("failure", ["message", "code-message", "json", "answer"])
def test_a_refusal_never_reads_as_success(
    code: str, failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what the export returns nor a code that this product writes into OutData."""
    site = {
        "success": "10",
        "out_failure": failure,
        "returned_success": "0",
        "code_names": "code",
        "message_names": "msg",
    }
    answer = json.dumps({"code": code, "msg": "不行", "biz_content": "{}"}, ensure_ascii=False)
    done = perform({"site": site, "in_data": ROWS["call-default"]["in_data"], "answer": answer}, tmp_path, monkeypatch)
    assert int(done.code) & 0xFFFF
    if failure == "code-message":
        assert done.out.partition(":")[0].strip("0.-０ ")
    if failure == "json":
        assert json.loads(done.out)["code"].strip("0.-０ ")


@pytest.mark.parametrize("failure", ["code-message", "json", "answer"])
def test_a_failure_of_ours_has_the_same_form(failure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts that parse OutData of a refusal parse that of every failure."""
    row = {"site": {"out_failure": failure}, "in_data": ROWS["call-default"]["in_data"], "answer": "<html>"}
    done = perform(row, tmp_path, monkeypatch)
    message = "多码融合平台答复的是 HTML 网页，业务可能已办成，请先查询结果，并联系信息科（3003）。"
    out = f"3003:{message}" if failure == "code-message" else f'{{"ret_code":"3003","ret_msg":"{message}"}}'
    assert (done.code, done.out) == ("3003", out)


@pytest.mark.parametrize(
    "header", ["Host=x", "Content-Length=5", "transfer-encoding=chunked", "A B=x", "X", "X=a\x7f", "X=1, X=2"]
)
def test_headers_that_are_refused(header: str) -> None:
    with pytest.raises(HostError, match="headers"):
        table.site_dialect("s", {"headers": header})


def test_headers_are_not_shown_in_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One may be a password."""
    with pytest.raises(HostError) as caught:
        table.site_dialect("s", {"headers": "Authorization=hush-hush, Host=x"})
    assert "hush" not in caught.value.message and "headers" in caught.value.message
    with pytest.raises(HostError) as caught:
        ec_wire(WireSettings(ec_headers="Authorization=hush-hush, Host=x"))
    assert "hush" not in caught.value.message and "ec_headers" in caught.value.message


def test_a_host_cannot_end_a_header() -> None:
    assert sent_headers((("X", "field:a"), ("Y", "field:none"), ("Z", "中")), {"a": "1\r\nEvil: 2\0"}) == (
        ("X", "1 Evil: 2"), ("Y", ""), ("Z", "\xe4\xb8\xad"),
    )  # fmt: skip


def test_a_host_cannot_write_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value of another field is never read as a part of a rule."""
    in_data = ROWS["call-default"]["in_data"].replace('"n":5', '"n":"a+uuid"')
    row = {"site": {"added": "copy=field:n+text:!"}, "in_data": in_data, "made": {"copy": "!"}}
    assert json.loads(perform(row, tmp_path, monkeypatch).body)["copy"] == "a+uuid!"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ec_body_spaces", "two"), ("ec_out_escape", "all"), ("ec_added", "a=now"), ("ec_headers", "Host=x"),
        ("ec_out_added", "a=clock:unix"), ("ec_returned_failure", "0000"), ("ec_renamed", "a=b c"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_used_stops_nationectrans(
    key: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sending another request than the site asked for would be worse; VirtualCardTrans goes on."""
    row = {"wire": {key: value}, "in_data": ROWS["ec-default"]["in_data"]}
    done = perform(row, tmp_path, monkeypatch)
    assert done.body == b"" and done.code == "-1" and "本机设置有误" in json.loads(done.out)["message"]
    (tmp_path / "vcshim.ini").write_text(f"[abi]\ncharset = utf-8\n[wire]\n{key} = {value}\n", "utf-8")
    in_data = ROWS["call-default"]["in_data"].encode()
    assert Port(tmp_path).answer("VirtualCardTrans", [b"http://x/", in_data], 0, 4096).code == b"00"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({"content_text": "verbatim", "content_order": "sorted"}, "content_order"),
        ({"out_failure": "json", "code_names": "a", "message_names": "a"}, "message_names"),
        ({"digest": "SM2", "sign_again": "text", "sm2_private_key": "1" * 64}, "sign_again"),
        ({"digest": "SM2", "sign_part": "first-16", "sm2_private_key": "1" * 64}, "sign_part"),
        ({"returned_failure": "0"}, "returned_failure"),
        ({"returned_failure": "65536"}, "returned_failure"),
        ({"returned_success": "1"}, "returned_success"),
        ({"added": "a=now"}, "added"),
        ({"added": "a"}, "added"),
        ({"out_added": "a=answer:"}, "out_added"),
        ({"renamed": "a=b c"}, "renamed"),
        ({"renamed": ","}, "renamed"),
    ],
)
def test_columns_that_cannot_be_used(lines: dict[str, str], said: str) -> None:
    with pytest.raises(HostError, match=rf"\[dialect s\] {said} = "):
        table.site_dialect("s", lines)


def test_pairs_are_read_as_they_are_written() -> None:
    rows = (("a", "x,y"), ("b", "c\\"), ("c", "\\,"), ("d", ""), ("e", "f=g"))
    assert read_pairs(write_pairs(rows)) == rows
    assert read_pairs(" a = 1 ,b=2\\,3,") == (("a", "1"), ("b", "2,3"))


# ---- what a literal does not show ----------------------------------------------------------------------------------


def test_a_maker_is_asked_for_the_whole_of_a_rule() -> None:
    """So that replay can look for the vendor's own value; a part that is another field is none of its affairs."""
    maker = Recorded(EVERY_VALUE)
    rules = (("a", "clock:ss+random:digits:6"), ("b", "field:x+counter:4"), ("c", "ip"))
    assert additions(rules, (("x", "ip"), ("y", "ip")), {"x": "X", "y": ""}, maker) == [
        ("a", "v"), ("b", "Xv"), ("c", "v"), ("y", "v"),
    ]  # fmt: skip
    assert maker.asked == [
        ("a", "clock:ss+random:digits:6"), ("b", "counter:4"), ("c", "ip"), ("y", "ip"),
    ]  # fmt: skip


@pytest.mark.parametrize("lines", [{"sign_again": "text-secret"}, {"sign_part": "middle-16"}], ids=str)
def test_a_sign_that_was_signed_again_or_cut_is_verified(lines: dict[str, str]) -> None:
    row = table.site_dialect("s", lines)
    sealed = seal_envelope(row, {"app_id": "A", "biz_content": "{}"}, "K")
    assert verify_sign(row, sealed, "{}", "K") and not verify_sign(row, sealed, "{}", "L")
    assert verify_sign(row, {**sealed, "sign": sealed["sign"].lower()}, "{}", "K")
    assert not verify_sign(row, {**sealed, "app_id": "B"}, "{}", "K")


def test_an_insurance_code_in_verify_is_answered_in_verifys_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever OutData of NationEcTrans looks like: only what is sent to the insurance platform follows ec_…"""
    content = '{"ehealth_code":"4240000000000000000300350000","ECUrl":"http://x/","orgId":"H1","out_verify_time":"1"}'
    in_data = (
        '{"app_id":"A","term_id":"T","version":"V","method":"ehc.ehealthcode.verify","timestamp":"1","key":"K",'
        f'"biz_content":{content}}}'
    )
    (tmp_path / "vcshim.ini").write_text(
        "[abi]\ncharset = utf-8\n[wire]\nec_out_form = answer\nec_out_renamed = data=body\nec_code_place = top\n",
        "utf-8",
    )
    posted: list[bytes] = []

    def post(_: object, url: str, body: bytes, *__: object) -> HttpAnswer:
        posted.append(body)
        return HttpAnswer(b'{"code":0,"data":{"userName":"\xe4\xb8\xad"}}', charset="utf-8")

    monkeypatch.setattr(ByScheme, "post", post)
    answer = Port(tmp_path).answer("VirtualCardTrans", [b"http://y/", in_data.encode()], 0, 2048)
    assert (answer.code, json.loads(answer.out)["user_name"]) == (b"00", "中")
    assert json.loads(posted[0])["ecQrCode"] == "4240000000000000000300350000"
