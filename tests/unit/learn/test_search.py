"""The order of a search, its processes, and going on after an interruption."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from shim.learn import search
from shim.learn.base_string import BaseString, Signed, sign_text
from shim.learn.plan import Plan
from shim.learn.search import Progress, Searcher
from shim.learn.secrets import Secret
from shim.learn.worker import base_from_row, base_row, serve, task_row
from tests.support.captured import KEY

# The request of the vector G1, with the sign that tests/vectors/wire.json has for it.
_CONTENT = (
    '{"ehealth_code":"206CB2B57E8E905C5EF59A063515F655D8A17ACD312DD76A:1:::00000001001","operator_name":"测试员"}'
)
_FIELDS = {
    "app_id": "1TESTAPP0000000000000000TESTAPP0",
    "biz_content": _CONTENT,
    "enc_type": "AES",
    "method": "ehc.ehealthcode.verify",
    "sign_type": "MD5",
    "term_id": "35020010001",
    "timestamp": "20200608120000",
    "version": "X.M.0.1",
}


def signed(sign: str, fields: dict[str, Any] | None = None) -> Signed:
    return Signed(1, fields or _FIELDS, "", (Secret("key", KEY),), sign)


def made(base: BaseString) -> Signed:
    sign = sign_text(base, signed("00"))
    assert sign is not None
    return signed(sign)


def test_the_vectors_are_found_at_once() -> None:
    """G1, G2, G3, G4 and G6 of tests/vectors/wire.json."""
    for sign, wanted in (
        ("4A5EED87EDBDB240E1F479D34B562A05", {"tail": "key=", "digest": "MD5", "charset": "utf-8"}),
        ("63A78BC34425B5D9F68967E06904A6EE", {"tail": "&key=", "digest": "MD5", "charset": "utf-8"}),
        ("BFA81CCA376455DF62512A4C61217927", {"tail": "key=", "digest": "MD5", "charset": "gbk"}),
        ("6A34A2F2EF246E3146B8BAC367BCEF54", {"tail": "", "digest": "MD5", "charset": "utf-8"}),
    ):
        (base,) = Searcher(1).find(signed(sign))
        assert {name: getattr(base, name) for name in wanted} == wanted
    sm3 = "7DE23B2198BE6CF747F00CF8DD6495283265EBDDFB9A3973B2198777E237BD37"
    (base,) = Searcher(1).find(signed(sm3, {**_FIELDS, "sign_type": "SM3"}))
    assert base.digest == "SM3"


@pytest.mark.parametrize(
    "base",
    [
        BaseString(secret_at="start", tail=""),
        BaseString(tail="&secretKey=", base_case="lower", sign_encoding="lower-hex"),
        BaseString(parts="values", joiner="", tail="", unsigned=frozenset({"version"})),
        BaseString(secret_form="md5-lower", tail="&key="),
        BaseString(sort="fixed", fields=("timestamp", "app_id", "biz_content"), empty="keep", tail=""),
        BaseString(sort="descending", digest="SHA-1"),
        BaseString(scope="merged", tail="&key="),
        BaseString(sign_part="middle-16", tail="&key="),
    ],
    ids=lambda base: f"{base.secret_at}-{base.tail}-{base.sort}-{base.scope}-{base.sign_part}",
)
def test_departures_from_the_likely_are_found(base: BaseString) -> None:
    hits = Searcher(1, effort=3).find(made(base))
    assert hits and sign_text(hits[0], signed("00")) == sign_text(base, signed("00"))


def test_a_search_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was tried is not tried again; the file has numbers only."""
    tried: list[int] = []
    run = Plan.run_unit

    def noted(plan: Plan, number: int) -> list[BaseString]:
        tried.append(number)
        if len(tried) == 600:
            raise KeyboardInterrupt
        return run(plan, number)

    monkeypatch.setattr(Plan, "run_unit", noted)
    monkeypatch.setattr(search, "_CHUNK", 400)
    searcher = Searcher(1, effort=3)
    with pytest.raises(KeyboardInterrupt):
        searcher.find(signed("0" * 32))
    assert set(searcher.done) == {"0"} and 0 < searcher.done["0"] < 600
    first = searcher.done["0"]
    tried.clear()

    def only_noted(plan: Plan, number: int) -> list[BaseString]:
        tried.append(number)
        return []

    monkeypatch.setattr(Plan, "run_unit", only_noted)
    Searcher(1, effort=3, done=dict(searcher.done)).find(signed("0" * 32))
    assert tried[0] == first


def test_two_processes_find_what_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_ALONE", 0)
    monkeypatch.setattr(search, "_AT_ONCE", 1)
    target = made(BaseString(tail="&secretKey="))
    told: list[Progress] = []
    assert Searcher(2, effort=2, report=told.append).find(target) == Searcher(1, effort=2).find(target)


def test_without_processes_the_search_goes_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no process")

    monkeypatch.setattr(search, "start_helper", refused)
    monkeypatch.setattr(search, "_ALONE", 0)
    monkeypatch.setattr(search, "_AT_ONCE", 1)
    assert Searcher(2, effort=2).find(made(BaseString(tail="&secretKey=")))


def test_a_worker_answers_in_rows() -> None:
    target = made(BaseString())
    orders = b"".join(json.dumps(row).encode() + b"\n" for row in (task_row(target, 1), {"run": [0, 1]}))
    results = io.BytesIO()
    serve(io.BytesIO(orders), results)
    (row,) = json.loads(results.getvalue())["hits"]
    assert base_from_row(row) == Plan(target, 1).run_unit(0)[0] == base_from_row(base_row(base_from_row(row)))


def test_the_launcher_has_no_key() -> None:
    assert KEY not in " ".join(search._launcher())
