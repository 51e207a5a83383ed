"""A phone for every fictitious person: the list to choose from, and one person's codes, cards and requests. HTML only.

health_codes and the state make the codes; every view of a dynamic or an insurance code shows a new one, and stores
nothing. Used by this package only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from shim.simulator.health_codes import dynamic_code, static_code
from shim.simulator.pages.common import SimulatorPage
from shim.simulator.state import SimulatorState
from shim.simulator.store.authorisations import ING, Authorisation
from shim.simulator.store.holders import Holder
from shim.simulator.store.insurance_codes import INSURANCE_CODE_SECONDS

_PEOPLE = 60
DYNAMIC_SECONDS = 60  # VC 2.2
_LONGEST_SECONDS = 86_400
# Seconds of validity that a tester can choose for a dynamic code; with 0 it has expired.
LIFETIMES = ((60, "60 秒"), (600, "10 分钟"), (5, "5 秒"), (0, "已过期"))


@dataclass(frozen=True, slots=True)
class DisplayedCode:
    """A code on a phone, valid for `left` of `lifetime` seconds; `left` is None for a code that does not expire."""

    kind: str
    title: str
    text: str
    left: float | None = None
    lifetime: int = 0


def search_people(state: SimulatorState, query: str) -> list[Holder]:
    """Return the persons to choose from."""
    return state.holders.search(query.strip(), _PEOPLE)


def undecided(state: SimulatorState) -> list[Authorisation]:
    """Return the authorisations that wait for a decision."""
    return [authorisation for authorisation in state.authorisations.latest() if authorisation.status == ING]


class PeoplePage(SimulatorPage):
    """The list of persons, to choose whose phone the browser is."""

    def get(self) -> None:
        query = self.get_query_argument("q", "")
        people = search_people(self.state, query)
        self.render("people.html", query=query, people=people, owner=self.phone_owner(), continue_to="")


class PhonePage(SimulatorPage):
    """One person's phone.

    `scan` is a text that the person scanned, `to` the authorisation to continue with; `full` shows the code alone.
    """

    def get(self, code_id: str) -> None:
        holder = self.person(code_id)
        self.set_phone_owner(holder)
        scanned = self.get_query_argument("scan", "")
        name = self.get_query_argument("to", "") or self._authorisation_name(scanned)
        if name:
            self.redirect(f"/auth/{quote(name, safe='')}", status=303)
            return
        self.render(
            "phone.html",
            holder=holder,
            code=None if holder.closed else self._displayed_code(holder),
            requests=undecided(self.state),
            now=self.state.now(),
            scanned=scanned,
            lifetimes=LIFETIMES,
            full=self.get_query_argument("full", "") == "1",
        )

    def _authorisation_name(self, text: str) -> str:
        """Return the last part of an authurl of this simulator, "" for any other text."""
        name = text.strip().rpartition("/auth/")[2]
        return name if text and self.state.authorisations.by_url(self.authurl(name)) else ""

    def _displayed_code(self, holder: Holder) -> DisplayedCode:
        kind, now = self.get_query_argument("show", "static"), self.state.now()
        if kind == "dynamic":
            lifetime = self._lifetime()
            expires = int(now) + lifetime
            text = dynamic_code(holder.code_id, expires)
            return DisplayedCode(kind, "多码融合码（动态）", text, max(expires - now, 0.0), lifetime)
        if kind == "insurance":
            code = self.state.insurance_codes.issue(holder.code_id)
            left = None if code.expires is None else max(code.expires - now, 0.0)
            return DisplayedCode(kind, "医保电子凭证", code.code, left, INSURANCE_CODE_SECONDS)
        return DisplayedCode("static", "多码融合码（静态）", static_code(holder.code_id))

    def _lifetime(self) -> int:
        text = self.get_query_argument("life", "")
        return min(int(text), _LONGEST_SECONDS) if re.fullmatch("[0-9]{1,9}", text) else DYNAMIC_SECONDS


class PendingRequests(SimulatorPage):
    """The part of a phone that lists requests for consent; the phone polls it."""

    def get(self, code_id: str) -> None:
        holder = self.person(code_id)
        self.render("pending.html", holder=holder, requests=undecided(self.state), now=self.state.now())


class FollowPage(SimulatorPage):
    """The page that pub_qrcode of VC 4.1 leads to."""

    def get(self) -> None:
        self.render("follow.html")


PHONE_ROUTES = (
    (r"/phone", PeoplePage),
    (r"/phone/([^/]+)", PhonePage),
    (r"/phone/([^/]+)/pending", PendingRequests),
    (r"/follow", FollowPage),
)
