"""`/_sim/`: the simulator's HTTP interface for programs: the log of calls and the fault rules. JSON in and out.

docs/simulator.md shows each address. People have the console page. Used by server.
"""

from __future__ import annotations

import json
from typing import Any

from tornado.web import RequestHandler

from shim.har import har
from shim.simulator.exchange_texts import har_entries
from shim.simulator.faults import FaultRule, FaultRuleSet
from shim.simulator.messages import Call
from shim.simulator.state import SimulatorState
from shim.simulator.store.call_log import CallFilter


def api_routes(state: SimulatorState) -> list[Any]:
    """Return the addresses of this module for a Tornado application."""
    arguments = {"state": state}
    return [
        (r"/_sim/calls", _Calls, arguments),
        (r"/_sim/calls\.har", _HarFile, arguments),
        (r"/_sim/standing", _FaultRules, arguments),
    ]


class _Handler(RequestHandler):
    def initialize(self, state: SimulatorState) -> None:
        self.state = state

    def send_json(self, value: Any, status: int = 200) -> None:
        """Answer with `value` as JSON that is not cached."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(json.dumps(value, ensure_ascii=False))

    def wanted_calls(self) -> list[Call]:
        """The calls that ?after=N&method=M&code=C&text=T asks for, oldest first; see `CallFilter`."""
        after = self.get_query_argument("after", "0")
        wanted = CallFilter(*(self.get_query_argument(name, "").strip() for name in ("method", "code", "text")))
        return self.state.calls.search(wanted, int(after) if after.isdecimal() and len(after) < 16 else 0)


class _Calls(_Handler):
    """GET ?after=N&method=M&code=C&text=T: the calls whose number is greater than N and that are wanted."""

    def get(self) -> None:
        self.send_json([call.as_record() for call in self.wanted_calls()])


class _HarFile(_Handler):
    """GET with the same words: the calls as a HAR file to be saved."""

    def get(self) -> None:
        self.set_header("Content-Disposition", 'attachment; filename="vcshim-simulator.har"')
        self.send_json(har(har_entries(self.wanted_calls(), self.state.base_url)))


class _FaultRules(_Handler):
    """GET the fault rules; POST {"rules": ["delay:500@0.1"], "seed": 7} to replace them."""

    def get(self) -> None:
        rule_set = self.state.fault_rules.current()
        self.send_json({"rules": [str(rule) for rule in rule_set.rules], "seed": rule_set.seed})

    def post(self) -> None:
        try:
            fields = json.loads(self.request.body)
            rules = tuple(FaultRule.parse(text) for text in fields.get("rules", []))
            rule_set = FaultRuleSet(rules, int(fields.get("seed", 0)))
        except (ValueError, TypeError, AttributeError) as error:
            self.send_json({"error": str(error)}, 400)
            return
        self.state.fault_rules.replace(rule_set)
        self.get()
