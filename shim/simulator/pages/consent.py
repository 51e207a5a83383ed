"""The page that an authurl opens: who asks, how long there is, agree or refuse (VC 2.2). HTML only. L3.

Whose phone decides is remembered by phone; what a decision does is the state's business.
"""

from __future__ import annotations

from tornado.web import HTTPError

from shim.simulator.pages.common import Page
from shim.simulator.pages.phone import people
from shim.simulator.state import CANCEL, FAIL


class Consent(Page):
    """One authorisation, to decide upon or decided."""

    def get(self, name: str) -> None:
        self._show(name, "")

    def post(self, name: str) -> None:
        decision, url = self.get_body_argument("decision", ""), self.authurl(name)
        if decision == "agree":
            done = self.state.consent(url, self.get_body_argument("code_id", ""))
        elif decision in ("refuse", "fail"):
            done = self.state.decline(url, CANCEL if decision == "refuse" else FAIL)
        else:
            raise HTTPError(400)
        if done:
            self.redirect(self.request.path, status=303)
        else:
            self.set_status(409)
            self._show(name, "未能授权：请求已经失效，或该码已注销。")

    def _show(self, name: str, problem: str) -> None:
        found = self.state.authorisation_at(self.authurl(name))
        if found is None:
            raise HTTPError(404)
        words = self.get_query_argument("q", "")
        self.render(
            "consent.html",
            asked=found,
            account=self.state.account(found.app_id),
            left=max(found.expires - self.state.now(), 0.0),
            me=self.me(),
            who=self.state.holder(found.code_id),
            problem=problem,
            words=words,
            people=people(self.state, words),
        )


ROUTES = ((r"/auth/([^/]+)", Consent),)
