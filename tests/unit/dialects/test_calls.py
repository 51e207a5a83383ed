"""Whole calls by the columns of a dialect and the keys ec_… of [wire]: what is posted, and what the host gets.

Expected texts are literals (tests/vectors/calls.json; tests/vectors/README.md says whose). Each line of a row matters:
without it the call is another one. Each column, and each word that a column may have, is in a row.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from shim.abi import Port
from shim.dialects import table
from shim.dialects.dialect import DIALECT_COLUMNS
from shim.http_answer import HttpAnswer
from shim.service import Service
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
