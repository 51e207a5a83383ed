"""The console for whoever develops against the simulator: addresses, calls, persons, accounts, misbehaviour. HTML only.

The list of calls as data is the server's ``/_sim/calls``; here it is rows of a table. L3; only for this package.
"""

from __future__ import annotations

import re
from typing import Any

from tornado.web import HTTPError

from shim.simulator.faults import Standing
from shim.simulator.messages import Call
from shim.simulator.pages.common import Page
from shim.simulator.pages.switches import GROUPS, Form, form_in, form_of, in_words, standing_of
from shim.simulator.persons import LIMITED_SECRET, SECRET
from shim.simulator.platform import GATEWAY, QR_QUERY, TOKEN_CHECK
from shim.simulator.state import Account, Authorisation, State, Terminal

_ROWS = 60
_PEOPLE = 8
# The secrets that everybody knows from the documents of this project.
_KNOWN = frozenset({SECRET, LIMITED_SECRET})


def newest(state: State, after: int) -> list[Call]:
    """The last calls beyond number `after`, newest first."""
    return state.calls(after, _ROWS)[::-1]


def authorised(state: State) -> list[tuple[Authorisation, str]]:
    """The last authorisations, and the name of whoever consented."""
    people = ((one, state.holder(one.code_id)) for one in state.authorisations())
    return [(one, holder.user_name if holder else "") for one, holder in people]


class ConsolePage(Page):
    """Any page with the console's head: it says what misbehaviour is in force."""

    def get_template_namespace(self) -> dict[str, Any]:
        rules = [in_words(rule) for rule in self.state.standing().rules]
        return {**super().get_template_namespace(), "rules": rules}

    def front(self, problems: dict[str, str] | None = None, form: Form | None = None) -> None:
        """The console; `problems` by the section they belong to, with `form` as it was sent."""
        state, words = self.state, self.get_query_argument("q", "")
        found = state.holders(words.strip(), _PEOPLE + 1)
        self.set_status(400 if problems else 200)
        self.render(
            "console.html",
            addresses=(
                ("多码融合平台", "VirtualCardTrans", state.base_url + GATEWAY),
                ("医保电子凭证平台", "NationEcTrans", state.base_url + QR_QUERY),
                ("医保令牌核验", "NationEcTrans, ecToken", state.base_url + TOKEN_CHECK),
                ("进程内，不走网络", "both, in process", "sim:"),
            ),
            calls=newest(state, 0),
            words=words,
            people=found[:_PEOPLE],
            more_people=len(found) > _PEOPLE,
            accounts=[(one, one.secret in _KNOWN) for one in state.accounts()],
            terminals=state.terminals(),
            authorisations=authorised(state),
            groups=GROUPS,
            form=form or form_of(state.standing()),
            problems=problems or {},
        )

    def back(self, section: str) -> None:
        """To the console, after a form was obeyed."""
        self.redirect(f"/console#{section}", status=303)


class Console(ConsolePage):
    """All of it."""

    def get(self) -> None:
        self.front()


class Calls(ConsolePage):
    """Rows of the calls beyond a number; 204 where there are none."""

    def get(self) -> None:
        text = self.get_query_argument("after", "0")
        if not re.fullmatch("[0-9]{1,15}", text):
            raise HTTPError(400)
        calls = newest(self.state, int(text))
        if calls:
            self.render("calls.html", calls=calls)
        else:
            self.set_status(204)


class OneCall(ConsolePage):
    """Wire text and opened text, side by side."""

    def get(self, number: str) -> None:
        call = self.state.call(int(number))
        if call is None:
            raise HTTPError(404)
        self.render("call.html", call=call)


class Authorisations(ConsolePage):
    """The table of authorisations by itself."""

    def get(self) -> None:
        self.render("authorisations.html", authorisations=authorised(self.state))


class Switches(ConsolePage):
    """Misbehaviour from now on."""

    def post(self) -> None:
        form = form_in(lambda name: self.get_body_argument(name, ""))
        try:
            standing = standing_of(form)
        except ValueError as error:
            self.front({"faults": str(error)}, form)
            return
        self.state.set_standing(standing)
        self.back("faults")


class Heal(ConsolePage):
    """No misbehaviour from now on; the seed stays."""

    def post(self) -> None:
        self.state.set_standing(Standing((), self.state.standing().seed))
        self.back("faults")


class Accounts(ConsolePage):
    """A further account, for all methods."""

    def post(self) -> None:
        app_id, secret = self.get_body_argument("app_id", ""), self.get_body_argument("secret", "")
        if not (_is_word(app_id) and _is_word(secret)):
            self.front({"accounts": "应用编号和密钥各为 1 至 64 个英文字母、数字或符号，不含空格。"})
        elif self.state.account(app_id):
            self.front({"accounts": f"应用编号已存在：{app_id}"})
        else:
            title = self.get_body_argument("title", "")[:40] or "未命名应用"
            self.state.add_account(Account(app_id, secret, title, frozenset()))
            self.back("accounts")


class Terminals(ConsolePage):
    """A further terminal."""

    def post(self) -> None:
        term_id = self.get_body_argument("term_id", "")
        if not _is_word(term_id):
            self.front({"terminals": "终端编号为 1 至 64 个英文字母、数字或符号，不含空格。"})
        elif self.state.terminal(term_id):
            self.front({"terminals": f"终端编号已存在：{term_id}"})
        else:
            self.state.add_terminal(Terminal(term_id, self.get_body_argument("title", "")[:40] or "未命名终端"))
            self.back("terminals")


def _is_word(text: str) -> bool:
    return re.fullmatch("[!-~]{1,64}", text) is not None


ROUTES = (
    (r"/", Console),
    (r"/console", Console),
    (r"/console/calls", Calls),
    (r"/console/calls/([0-9]{1,15})", OneCall),
    (r"/console/authorisations", Authorisations),
    (r"/console/switches", Switches),
    (r"/console/heal", Heal),
    (r"/console/accounts", Accounts),
    (r"/console/terminals", Terminals),
)
