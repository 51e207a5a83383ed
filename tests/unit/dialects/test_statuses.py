"""What an HTTP status says: a sentence for each, addresses without secrets, nothing raw of what a gateway wrote."""

from __future__ import annotations

import pytest

from shim.dialects.statuses import STATUSES, repeats_status, status_error, status_row
from shim.errors import Reason, State
from shim.http_answer import HttpAnswer

PRINTED = {
    302: "请求地址已转向（HTTP 302）；请核对 strUrl",
    304: "请求地址没有给出应答（HTTP 304）；请核对 strUrl",
    401: "请求地址要求登录（HTTP 401）；请向医保平台核对 strUrl 与接入权限",
    403: "请求被医保平台或防火墙禁止（HTTP 403）；请向医保平台核对本机 IP 是否在允许之列",
    404: "请求地址上没有该接口（HTTP 404）；请核对 strUrl 的路径",
    405: "请求地址不接受 POST（HTTP 405）；请核对 strUrl 的路径",
    407: "代理服务器要求登录（HTTP 407）；请核对 [transport] proxy 中的用户名与密码",
    413: "报文超过医保平台的限制（HTTP 413）；请减小照片等较长的字段",
    418: "请求没有被接受（HTTP 418）；请核对 strUrl",
    500: "医保平台内部出错（HTTP 500）；请联系医保平台",
    502: "途中的服务器没有收到医保平台的应答（HTTP 502）；请联系医保平台",
    503: "医保平台或途中的服务器暂停服务（HTTP 503）；请联系医保平台",
    504: "途中的服务器等待医保平台的应答超时，医保平台可能仍在处理（HTTP 504）；请联系医保平台",
    511: "医保平台或途中的服务器出错（HTTP 511）；请联系医保平台",
    700: "医保平台返回了意外的状态（HTTP 700）；请核对 strUrl",
    1000: "医保平台返回了意外的状态（HTTP 1000）；请核对 strUrl",
}


@pytest.mark.parametrize("status", PRINTED)
def test_every_status_is_named(status: int) -> None:
    error = status_error(HttpAnswer(b"<html>nginx 990000195203030026</html>", status))
    assert (error.reason, error.line("医保平台")) == (Reason.HTTP_STATUS, PRINTED[status])
    assert error.row is not None and error.row.state is State.UNKNOWN  # whoever sent it, the request had left


def test_every_row_is_reached() -> None:
    assert {id(status_row(status)) for status in range(1000)} == set(map(id, STATUSES))


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://gateway.example:8443/localcfc/x", " https://gateway.example:8443/localcfc/x"),
        ("https://gateway.example/x?token=1&id=990000195203030026#a", " https://gateway.example:443/x"),
        ("http://user:secret@10.1.1.5/x", " http://10.1.1.5:80/x"),
        ("HTTPS://Gateway.Example", " https://Gateway.Example:443"),
        ("http://[fe80::1]:8080/x", " http://[fe80::1]:8080/x"),
        ("//gateway.example/x", " //gateway.example/x"),
        ("/login;jsessionid=0123456789", " /login"),
        ("/person/990000195203030026/card", " /person/***/card"),
        ("login.html", " login.html"),
        ("http://10.1.1.5/张三", " http://10.1.1.5:80"),
        ("http://张三/x", ""),
        ("javascript:alert(1)", ""),
        ("ftp://10.1.1.5/x", ""),
        ("http://10.1.1.5:99999/x", ""),
        ("http://10.1.1.5:x/x", ""),
        ("http://[bad/x", ""),
        ("https://a@b:9@host.example:8443/x", " https://host.example:8443/x"),
        ("/" + "a" * 500, ""),
        ("\r\nhttp://10.1.1.5/x\0", " http://10.1.1.5:80"),
        ("", ""),
    ],
)
def test_a_redirect_is_named_without_what_may_be_secret(location: str, shown: str) -> None:
    message = status_error(HttpAnswer(b"", 301, location=location)).message
    remedy = "若这是平台的新地址，请把 strUrl 改为它" if shown else "请核对 strUrl"
    assert message == f"请求地址已转向{shown}（HTTP 301）；{remedy}"


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://gateway.example:8443/localcfc/x", "请求被转到 gateway.example"),
        ("https://patients.gateway.example/x", "请求被转到 patients.gatew…"),
        ("http://990000195203030026/x", "请求被转到 ***"),
        ("/login", "医保平台没有正常答复"),
        ("http://张三/x", "医保平台没有正常答复"),
    ],
)
def test_a_clerk_reads_where_a_redirect_points(location: str, said: str) -> None:
    error = status_error(HttpAnswer(b"", 302, location=location))
    assert error.row is not None and error.row.clerk.format(platform="医保平台", **error.facts) == said


def test_only_a_redirect_has_an_address() -> None:
    assert "gateway" not in status_error(HttpAnswer(b"", 500, location="http://gateway.example/x")).message


@pytest.mark.parametrize(
    ("status", "code", "repeats"),
    [(504, "504", True), (502, "502", True), (503, "503", True), (407, "407", True), (504, "500100", False),
     (500, "500", False), (404, "404", False), (504, "502", False)],
)  # fmt: skip
def test_a_gateway_repeats_its_status(status: int, code: str, repeats: bool) -> None:
    assert repeats_status(HttpAnswer(b"", status), code) is repeats
