"""The page that an authurl opens: who asks, the time left, consent or not (VC 2.2). HTML only.

phone remembers whose phone the browser is; store.authorisations carries the decision out.
"""

from __future__ import annotations

from tornado.web import HTTPError

from shim.simulator.pages.common import SimulatorPage
from shim.simulator.pages.phone import search_people
from shim.simulator.store.authorisations import CANCEL, FAIL, ING


class ConsentPage(SimulatorPage):
    """One authorisation, undecided or decided."""

    def get(self, name: str) -> None:
        self._show(name, "")

    def post(self, name: str) -> None:
        decision, url = self.get_body_argument("decision", ""), self.authurl(name)
        if decision == "agree":
            accepted = self.state.authorisations.consent(url, self.get_body_argument("code_id", ""))
        elif decision in ("refuse", "fail"):
            accepted = self.state.authorisations.decline(url, CANCEL if decision == "refuse" else FAIL)
        else:
            raise HTTPError(400)
        if accepted:
            self.redirect(self.request.path, status=303)
        else:
            self.set_status(409)
            authorisation = self.state.authorisations.by_url(url)
            undecided = authorisation is not None and authorisation.status == ING
            self._show(name, "多码融合码已注销或不存在，未作更改。" if undecided else "提交时请求已结束，未作更改。")

    def _show(self, name: str, problem: str) -> None:
        authorisation = self.state.authorisations.by_url(self.authurl(name))
        if authorisation is None:
            raise HTTPError(404)
        query = self.get_query_argument("q", "")
        self.render(
            "consent.html",
            authorisation=authorisation,
            account=self.state.accounts.get(authorisation.app_id),
            left=max(authorisation.expires - self.state.now(), 0.0),
            owner=self.phone_owner(),
            consenter=self.state.holders.by_id(authorisation.code_id),
            problem=problem,
            query=query,
            people=search_people(self.state, query),
        )


CONSENT_ROUTES = ((r"/auth/([^/]+)", ConsentPage),)
