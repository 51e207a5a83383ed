"""The console for developers: addresses, calls, persons, accounts, authorisations, fault rules. HTML only.

Programs get the calls as JSON from ``/_sim/calls``. Used by this package only.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from tornado.web import HTTPError

from shim.curl import SHELLS
from shim.simulator.cards import METHOD_HANDLERS
from shim.simulator.content_causes import content_causes
from shim.simulator.exchange_texts import curl_of
from shim.simulator.faults import FaultRuleSet
from shim.simulator.messages import Call
from shim.simulator.pages import present
from shim.simulator.pages.common import SimulatorPage
from shim.simulator.pages.switches import (
    GROUPS,
    FaultForm,
    describe_rule,
    form_from_request,
    form_from_rules,
    rules_from_form,
)
from shim.simulator.persons import LIMITED_SECRET, SECRET
from shim.simulator.platforms import GATEWAY, QR_QUERY, TOKEN_CHECK
from shim.simulator.sign_causes import compare_sign
from shim.simulator.state import SimulatorState
from shim.simulator.store.accounts import Account
from shim.simulator.store.authorisations import Authorisation
from shim.simulator.store.call_log import FAILURES, CallFilter
from shim.simulator.store.terminals import RegisteredTerminal

_ROWS = 60
_FILTERS = ("method", "code", "text")
_PEOPLE = 8
# Secrets that are printed in the documents of this project, and therefore shown.
_PUBLISHED_SECRETS = frozenset({SECRET, LIMITED_SECRET})


def newest_calls(state: SimulatorState, wanted: CallFilter, after: int = 0) -> list[Call]:
    """Return the last calls that are wanted and whose number is greater than `after`, newest first."""
    return state.calls.search(wanted, after, _ROWS)[::-1]


def latest_authorisations(state: SimulatorState) -> list[tuple[Authorisation, str]]:
    """Return the last authorisations, each with the name of the person who consented or ""."""
    rows = ((item, state.holders.by_id(item.code_id)) for item in state.authorisations.latest())
    return [(item, holder.user_name if holder else "") for item, holder in rows]


class ConsolePage(SimulatorPage):
    """Any page under the console's header, which lists the fault rules in force."""

    def get_template_namespace(self) -> dict[str, Any]:
        rules = [describe_rule(rule) for rule in self.state.fault_rules.current().rules]
        return {**super().get_template_namespace(), "rules": rules}

    def wanted(self) -> CallFilter:
        """Return which calls the query asks for."""
        return CallFilter(*(self.get_query_argument(name, "").strip()[:80] for name in _FILTERS))

    def render_console(self, problems: dict[str, str] | None = None, form: FaultForm | None = None) -> None:
        """Render the whole console.

        Args:
            problems: What was wrong with a form, by the section it belongs to.
            form: The fault form as it was sent; None to show the rules in force.
        """
        state, query = self.state, self.get_query_argument("q", "")
        matches = state.holders.search(query.strip(), _PEOPLE + 1)
        wanted = self.wanted()
        self.set_status(400 if problems else 200)
        self.render(
            "console.html",
            addresses=(
                ("多码融合平台", "VirtualCardTrans", state.base_url + GATEWAY),
                ("医保平台", "NationEcTrans", state.base_url + QR_QUERY),
                ("医保令牌校验", "NationEcTrans, ecToken", state.base_url + TOKEN_CHECK),
                ("进程内，不走网络", "both, in process", "sim:"),
            ),
            calls=newest_calls(state, wanted),
            wanted=wanted,
            failures=FAILURES,
            methods=[*sorted(METHOD_HANDLERS), "ec.query", "localEcTokenCheck"],
            filters=urlencode({name: getattr(wanted, name) for name in _FILTERS if getattr(wanted, name)}),
            query=query,
            people=matches[:_PEOPLE],
            more_people=len(matches) > _PEOPLE,
            accounts=[(account, account.secret in _PUBLISHED_SECRETS) for account in state.accounts.all()],
            terminals=state.terminals.all(),
            authorisations=latest_authorisations(state),
            groups=GROUPS,
            form=form or form_from_rules(state.fault_rules.current()),
            problems=problems or {},
        )

    def return_to(self, section: str) -> None:
        """Redirect to a section of the console after a form was carried out."""
        self.redirect(f"/console#{section}", status=303)


class WholeConsole(ConsolePage):
    """The console itself."""

    def get(self) -> None:
        self.render_console()


class CallRows(ConsolePage):
    """Rows of the calls after a number; 204 if there are none."""

    def get(self) -> None:
        text = self.get_query_argument("after", "0")
        if not re.fullmatch("[0-9]{1,15}", text):
            raise HTTPError(400)
        calls = newest_calls(self.state, self.wanted(), int(text))
        if calls:
            self.render("calls.html", calls=calls)
        else:
            self.set_status(204)


class CallPage(ConsolePage):
    """One call: texts on the wire beside their decrypted content."""

    def get(self, number: str) -> None:
        call = self.state.calls.get(int(number))
        if call is None:
            raise HTTPError(404)
        self.render(
            "call.html",
            call=call,
            comparison=compare_sign(call, self.state, _shown_key),
            content_causes=content_causes(call, self.state),
            commands=[(shell, curl_of(call, self.state.base_url, shell)) for shell in SHELLS] if call.request else [],
        )


class AuthorisationRows(ConsolePage):
    """The table of authorisations, which the console polls."""

    def get(self) -> None:
        self.render("authorisations.html", authorisations=latest_authorisations(self.state))


class SetFaultRules(ConsolePage):
    """Puts the rules of the form in force."""

    def post(self) -> None:
        form = form_from_request(lambda name: self.get_body_argument(name, ""))
        try:
            rule_set = rules_from_form(form)
        except ValueError as error:
            self.render_console({"faults": str(error)}, form)
            return
        self.state.fault_rules.replace(rule_set)
        self.return_to("faults")


class ClearFaultRules(ConsolePage):
    """Ends all misbehaviour; the seed stays."""

    def post(self) -> None:
        self.state.fault_rules.replace(FaultRuleSet((), self.state.fault_rules.current().seed))
        self.return_to("faults")


class AddAccount(ConsolePage):
    """Adds an account that may call all methods."""

    def post(self) -> None:
        app_id, secret = self.get_body_argument("app_id", ""), self.get_body_argument("secret", "")
        if not (_is_word(app_id) and _is_word(secret)):
            self.render_console(
                {"accounts": "应用编号和应用密钥各为 1 至 32 个英文字母、数字或符号，不含空格（VC 4.1.1）。"}
            )
        elif self.state.accounts.get(app_id):
            self.render_console({"accounts": f"应用编号已存在：{app_id}"})
        else:
            title = self.get_body_argument("title", "")[:40] or "未命名应用"
            self.state.accounts.add(Account(app_id, secret, title, frozenset()))
            self.return_to("accounts")


class AddTerminal(ConsolePage):
    """Adds a terminal."""

    def post(self) -> None:
        term_id = self.get_body_argument("term_id", "")
        if not _is_word(term_id):
            self.render_console({"terminals": "终端编号为 1 至 32 个英文字母、数字或符号，不含空格（VC 4.1.1）。"})
        elif self.state.terminals.get(term_id):
            self.render_console({"terminals": f"终端编号已存在：{term_id}"})
        else:
            title = self.get_body_argument("title", "")[:40] or "未命名终端"
            self.state.terminals.add(RegisteredTerminal(term_id, title))
            self.return_to("terminals")


def _shown_key(secret: str) -> str:
    """Return a key as a base string shows it."""
    return secret if secret in _PUBLISHED_SECRETS else present.redacted(secret)


def _is_word(text: str) -> bool:
    return re.fullmatch("[!-~]{1,32}", text) is not None


CONSOLE_ROUTES = (
    (r"/", WholeConsole),
    (r"/console", WholeConsole),
    (r"/console/calls", CallRows),
    (r"/console/calls/([0-9]{1,15})", CallPage),
    (r"/console/authorisations", AuthorisationRows),
    (r"/console/switches", SetFaultRules),
    (r"/console/heal", ClearFaultRules),
    (r"/console/accounts", AddAccount),
    (r"/console/terminals", AddTerminal),
)
