"""Who may ask: Host, Origin and token, each as an attacker's page or program would send it."""

from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders

from shim.bridge.guard import BridgeGuard, preflight_headers, sharing_headers
from shim.bridge.refusals import BridgeRefusal

SITE = "https://his.example.cn"
TOKEN = "0123456789abcdef0123"
GUARD = BridgeGuard(17910, [SITE, "http://10.1.1.5:8080", "HTTPS://Other.Example.CN:443/"], TOKEN)


def headers(*rows: tuple[str, str]) -> HTTPHeaders:
    result = HTTPHeaders()
    for name, value in rows:
        result.add(name, value)
    return result


HERE = ("Host", "127.0.0.1:17910")


@pytest.mark.parametrize(
    ("rows", "origin"),
    [
        ([HERE], ""),
        ([("Host", "localhost:17910")], ""),
        ([("Host", "LOCALHOST:17910")], ""),
        ([HERE, ("Origin", SITE)], SITE),
        ([HERE, ("Origin", SITE), ("Sec-Fetch-Site", "cross-site")], SITE),
        ([HERE, ("Origin", "http://10.1.1.5:8080")], "http://10.1.1.5:8080"),
        ([HERE, ("Origin", "https://other.example.cn")], "https://other.example.cn"),
        ([HERE, ("Sec-Fetch-Site", "none")], ""),
    ],
)
def test_permitted(rows: list[tuple[str, str]], origin: str) -> None:
    assert GUARD.check_source(headers(*rows)) == origin


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([], "host"),
        ([("Host", "")], "host"),
        ([("Host", "127.0.0.1")], "host"),
        ([("Host", "127.0.0.1:17911")], "host"),
        ([("Host", "attacker.example:17910")], "host"),
        ([("Host", "127.0.0.1.attacker.example:17910")], "host"),
        ([("Host", "127.0.0.1:17910.attacker.example")], "host"),
        ([("Host", "attacker@127.0.0.1:17910")], "host"),
        ([("Host", "[::1]:17910")], "host"),
        ([HERE, HERE], "host"),
        ([HERE, ("Host", "attacker.example")], "host"),
        ([("Host", "attacker.example:17910"), ("Origin", SITE)], "host"),
        ([HERE, ("Origin", "https://attacker.example")], "origin"),
        ([HERE, ("Origin", "null")], "origin"),
        ([HERE, ("Origin", "")], "origin"),
        ([HERE, ("Origin", "*")], "origin"),
        ([HERE, ("Origin", "http://his.example.cn")], "origin"),
        ([HERE, ("Origin", f"{SITE}:444")], "origin"),
        ([HERE, ("Origin", f"{SITE}.attacker.example")], "origin"),
        ([HERE, ("Origin", "https://attackerhis.example.cn")], "origin"),
        ([HERE, ("Origin", "https://sub.his.example.cn")], "origin"),
        ([HERE, ("Origin", f"{SITE}/")], "origin"),
        ([HERE, ("Origin", f"{SITE} https://attacker.example")], "origin"),
        ([HERE, ("Origin", SITE), ("Origin", "https://attacker.example")], "origin"),
        ([HERE, ("Origin", "http://127.0.0.1:17910")], "origin"),
        ([HERE, ("Origin", "http://localhost:17910")], "origin"),
        ([HERE, ("Origin", "file://")], "origin"),
        ([HERE, ("Sec-Fetch-Site", "cross-site")], "site"),
        ([HERE, ("Sec-Fetch-Site", "same-site")], "site"),
        ([HERE, ("Sec-Fetch-Site", "same-origin")], "site"),
        ([HERE, ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")], "site"),
    ],
)
def test_refused(rows: list[tuple[str, str]], name: str) -> None:
    with pytest.raises(BridgeRefusal) as refused:
        GUARD.check_source(headers(*rows))
    assert refused.value.row.name == name


def test_no_site_is_permitted_by_default() -> None:
    with pytest.raises(BridgeRefusal):
        BridgeGuard(17910, [], TOKEN).check_source(headers(HERE, ("Origin", SITE)))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("Authorization", "")],
        [("Authorization", TOKEN)],
        [("Authorization", f"Bearer {TOKEN}x")],
        [("Authorization", f"Bearer {TOKEN[:-1]}")],
        [("Authorization", f"Bearer  {TOKEN}")],
        [("Authorization", f"Bearer {TOKEN.upper()}")],
        [("Authorization", f"Basic {TOKEN}")],
        [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")],
        [("Cookie", f"token={TOKEN}")],
    ],
)
def test_a_wrong_token(rows: list[tuple[str, str]]) -> None:
    with pytest.raises(BridgeRefusal) as refused:
        GUARD.check_token(headers(*rows))
    assert refused.value.row.name == "token"


def test_the_token() -> None:
    GUARD.check_token(headers(("Authorization", f"Bearer {TOKEN}")))
    assert GUARD.is_token(TOKEN)
    assert not any(GUARD.is_token(wrong) for wrong in ("", None, 1, [TOKEN], "口令", "\ud800", TOKEN[1:]))


def test_no_token_is_never_the_right_one() -> None:
    assert not BridgeGuard(17910, [SITE], "").is_token("")


def test_what_an_answer_lets_a_page_read() -> None:
    assert sharing_headers("") == {}
    assert sharing_headers(SITE) == {"Access-Control-Allow-Origin": SITE}


def test_preflight() -> None:
    """The header of the private network is there only if it was asked for."""
    plain = preflight_headers(headers())
    assert plain["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert not [name for name in plain if "Network" in name or "Credentials" in name]
    private = preflight_headers(headers(("Access-Control-Request-Private-Network", "true")))
    assert private["Access-Control-Allow-Private-Network"] == "true"
    local = preflight_headers(headers(("Access-Control-Request-Local-Network", "true")))
    assert local["Access-Control-Allow-Local-Network"] == "true"
