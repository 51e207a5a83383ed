"""A phone for every fictitious person: the list to choose from, and one person's codes, cards and requests. HTML only.

What the codes say is known to codes and state; every look at a dynamic or an insurance code makes a new one. L3; only
for this package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from shim.simulator.codes import dynamic_code, static_code
from shim.simulator.pages.common import Page
from shim.simulator.state import ING, Authorisation, Holder, State

_PEOPLE = 60
DYNAMIC_SECONDS = 60  # VC 2.2
_LONGEST_SECONDS = 86_400
# What a tester can ask a dynamic code to be good for; 0 has run out.
LIVES = ((60, "60 秒"), (600, "10 分钟"), (5, "5 秒"), (0, "已过期"))


@dataclass(frozen=True, slots=True)
class Code:
    """A code on a phone: `left` seconds it is still good for, None for ever; `life` what it was made for."""

    kind: str
    title: str
    text: str
    left: float | None = None
    life: int = 0


def people(state: State, words: str) -> list[Holder]:
    """The persons to choose from."""
    return state.holders(words.strip(), _PEOPLE)


def pending(state: State) -> list[Authorisation]:
    """The authorisations that wait for somebody."""
    return [one for one in state.authorisations() if one.status == ING]


class PhoneList(Page):
    """Whose phone shall this be?"""

    def get(self) -> None:
        words = self.get_query_argument("q", "")
        self.render("people.html", words=words, people=people(self.state, words), me=self.me(), to="")


class Phone(Page):
    """One person's phone. `scan` is what the person scanned, `to` the authorisation to go on with."""

    def get(self, code_id: str) -> None:
        holder = self.person(code_id)
        self.become(holder)
        scanned = self.get_query_argument("scan", "")
        name = self.get_query_argument("to", "") or self._scanned(scanned)
        if name:
            self.redirect(f"/auth/{quote(name, safe='')}", status=303)
            return
        self.render(
            "phone.html",
            holder=holder,
            code=None if holder.closed else self._code(holder),
            pending=pending(self.state),
            now=self.state.now(),
            scanned=scanned,
            lives=LIVES,
        )

    def _scanned(self, text: str) -> str:
        """The name in an authurl of this simulator, "" for any other text."""
        name = text.strip().rpartition("/auth/")[2]
        return name if text and self.state.authorisation_at(self.authurl(name)) else ""

    def _code(self, holder: Holder) -> Code:
        kind, now = self.get_query_argument("show", "static"), self.state.now()
        if kind == "dynamic":
            life = self._life()
            expires = int(now) + life
            text = dynamic_code(holder.code_id, expires)
            return Code(kind, "多码融合码（动态）", text, max(expires - now, 0.0), life)
        if kind == "insurance":
            made = self.state.new_ec_code(holder.code_id)
            left = None if made.expires is None else max(made.expires - now, 0.0)
            return Code(kind, "医保电子凭证", made.code, left, 60)
        return Code("static", "多码融合码（静态）", static_code(holder.code_id))

    def _life(self) -> int:
        text = self.get_query_argument("life", "")
        return min(int(text), _LONGEST_SECONDS) if re.fullmatch("[0-9]{1,9}", text) else DYNAMIC_SECONDS


class Pending(Page):
    """The requests on a phone, by themselves: the phone asks again and again."""

    def get(self, code_id: str) -> None:
        holder = self.person(code_id)
        self.render("pending.html", holder=holder, pending=pending(self.state), now=self.state.now())


class Follow(Page):
    """What pub_qrcode of VC 4.1 names."""

    def get(self) -> None:
        self.render("follow.html")


ROUTES = (
    (r"/phone", PhoneList),
    (r"/phone/([^/]+)", Phone),
    (r"/phone/([^/]+)/pending", Pending),
    (r"/follow", Follow),
)
