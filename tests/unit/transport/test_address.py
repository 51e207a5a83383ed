"""strUrl and [transport] proxy taken apart."""

from __future__ import annotations

import pytest

from shim.errors import HostError, Reason
from shim.transport import address as addresses
from shim.transport.address import parse_proxy, parse_url
from shim.transport.causes import Peer

# strUrl, secure, host, port, Host header, target
URLS = [
    ("http://10.1.1.1/x", False, "10.1.1.1", 80, "10.1.1.1", "/x"),
    ("HTTPS://Gateway.Example:443/", True, "gateway.example", 443, "gateway.example", "/"),
    ("http://h:8080", False, "h", 8080, "h:8080", "/"),
    ("https://h:80/?a=1&b=%E4#part", True, "h", 80, "h:80", "/?a=1&b=%E4"),
    ("http://[::1]:81/x", False, "::1", 81, "[::1]:81", "/x"),
    ("http://[::1]/x", False, "::1", 80, "[::1]", "/x"),
    ("  \u3000http://h/x \r\n\0\0", False, "h", 80, "h", "/x"),
    ("http://h/查 询?名=张", False, "h", 80, "h", "/%E6%9F%A5%20%E8%AF%A2?%E5%90%8D=%E5%BC%A0"),
    ("http://医院.example/x", False, "xn--ekrs67m.example", 80, "xn--ekrs67m.example", "/x"),
]


@pytest.mark.parametrize(("url", "secure", "host", "port", "header", "target"), URLS)
def test_an_address(url: str, secure: bool, host: str, port: int, header: str, target: str) -> None:
    address = parse_url(url)
    assert (address.secure, address.peer, address.host, address.target) == (secure, Peer(host, port), header, target)
    assert address.absolute == f"http://{header}{target}"


@pytest.mark.parametrize("url", ["", " \r\n", "\0"])
def test_no_address(url: str) -> None:
    with pytest.raises(HostError) as caught:
        parse_url(url)
    assert caught.value.reason is Reason.NO_URL


@pytest.mark.parametrize(
    "url",
    [
        "ftp://h/", "h/x", "//h/x", "http:/h", "http://", "http:///x", "http://:80/", "http://h:port/", "http://h:99999/",
        "http://[::1/", "http://a b/", "http://h\\x/", "http://h/\r\nX: 1", "http://h/\x7fx", "http://h/a\tb", "http://a%20b/",
        "http://" + "h" * 300 + "/", "http://\ud800/",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(HostError) as caught:
        parse_url(url)
    assert caught.value.reason is Reason.UNSUPPORTED_URL


def test_a_user_in_an_address() -> None:
    """Sent as Basic Authorization, never as a part of the target or the Host header."""
    address = parse_url("http://user:p%40ss@h/x")
    assert (address.host, address.target, address.authorization) == ("h", "/x", "Basic dXNlcjpwQHNz")


@pytest.mark.parametrize("proxy", ["http://10.1.1.1:3128", "10.1.1.1:3128", " HTTP://10.1.1.1:3128/ "])
def test_a_proxy(proxy: str) -> None:
    address = parse_proxy(proxy)
    assert address is not None and address.peer == Peer("10.1.1.1", 3128, is_proxy=True)


@pytest.mark.parametrize("proxy", ["", "  "])
def test_no_proxy(proxy: str) -> None:
    assert parse_proxy(proxy) is None


@pytest.mark.parametrize("proxy", ["https://h:1", "socks5://h:1", "http://", "h:port", "http://h:1/\r\nX: 1"])
def test_what_is_no_proxy(proxy: str) -> None:
    with pytest.raises(HostError) as caught:
        parse_proxy(proxy)
    assert caught.value.reason is Reason.SETTINGS


@pytest.mark.parametrize("url", ["http://user:pass@h/x", "http://h/x?name=1", "http://h/" + "x" * 1000])
def test_what_is_kept_of_addresses_holds_no_secret(url: str) -> None:
    addresses._parse_kept.cache_clear()
    parse_url(url)
    assert addresses._parse_kept.cache_info().currsize == 0
    assert parse_url("http://h/x") is parse_url("http://h/x")
