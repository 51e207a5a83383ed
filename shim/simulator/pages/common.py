"""What all pages share: headers, whose phone the browser is, errors in Chinese. No page; http_guard refuses requests.

Used by the modules of this package only.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote, urlsplit

from tornado.web import HTTPError, RequestHandler

from shim.simulator.http_guard import foreign_site
from shim.simulator.pages import present
from shim.simulator.state import SimulatorState
from shim.simulator.store.holders import Holder

_COOKIE = "me"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # A code that the back button brings up again has expired.
    "Cache-Control": "no-store",
}
# HTTP status -> heading and advice.
_ERRORS = {
    400: ("请求有误", "地址或表单中有不认识的内容，请返回上一页再试。"),
    404: ("没有找到", "该页面、人员或授权请求不存在，也可能已随模拟平台重启而清除。"),
    405: ("不支持该操作", "请从页面上的按钮进入。"),
}
_BUG = ("模拟平台出错", "这是模拟平台自身的问题，请查看运行窗口中的错误信息。")


class SimulatorPage(RequestHandler):
    """A page that shows `state`."""

    def initialize(self, state: SimulatorState) -> None:
        self.state = state

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def get_template_namespace(self) -> dict[str, Any]:
        return {**super().get_template_namespace(), "show": present}

    def write_error(self, status_code: int, **_: Any) -> None:
        heading, advice = _ERRORS.get(status_code, _BUG)
        self.render("error.html", status=status_code, heading=heading, advice=advice)

    def person(self, code_id: str) -> Holder:
        """Return the holder of that ID, or answer 404."""
        holder = self.state.holders.by_id(code_id)
        if holder is None:
            raise HTTPError(404)
        return holder

    def phone_owner(self) -> Holder | None:
        """Return the person whose phone this browser is."""
        return self.state.holders.by_id(unquote(self.get_cookie(_COOKIE) or ""))

    def set_phone_owner(self, holder: Holder) -> None:
        """Make this browser the phone of `holder`, unless another site's page led here."""
        own = {self.request.host.lower(), urlsplit(self.state.base_url).netloc.lower()}
        if foreign_site(self.request.headers, own):
            return
        self.set_cookie(_COOKIE, quote(holder.code_id), path="/", httponly=True, samesite="Lax")

    def authurl(self, name: str) -> str:
        """Return the authurl with `name` as its last part."""
        return f"{self.state.base_url}/auth/{name}"


class NotFoundPage(SimulatorPage):
    """The answer to an address that no route knows."""

    def initialize(self) -> None:  # type: ignore[override]  # Tornado passes no state to it
        pass

    def prepare(self) -> None:
        raise HTTPError(404)
