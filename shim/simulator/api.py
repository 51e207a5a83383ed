"""`/_sim/`: the simulator's own interface over HTTP, for programs: the log of calls and the standing misbehaviour.

JSON in and out; docs/simulator.md shows each address. People have the console page. L3; mounted by server.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tornado.web import RequestHandler

from shim.simulator.faults import Rule, Standing
from shim.simulator.state import State


def routes(state: State) -> list[Any]:
    """The addresses of this module, for a Tornado application."""
    given = {"state": state}
    return [(r"/_sim/calls", _Calls, given), (r"/_sim/standing", _Standing, given)]


class _Handler(RequestHandler):
    def initialize(self, state: State) -> None:
        self.state = state

    def say(self, value: Any, status: int = 200) -> None:
        """`value` as JSON; never cached."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(value, ensure_ascii=False))


class _Calls(_Handler):
    """GET ?after=N: the calls whose number is greater, oldest first."""

    def get(self) -> None:
        after = self.get_query_argument("after", "0")
        self.say([asdict(call) for call in self.state.calls(after=int(after) if after.isdecimal() else 0)])


class _Standing(_Handler):
    """GET the standing rules; POST {"rules": ["delay:500@0.1"], "seed": 7} to change them."""

    def get(self) -> None:
        standing = self.state.standing()
        self.say({"rules": [str(rule) for rule in standing.rules], "seed": standing.seed})

    def post(self) -> None:
        try:
            asked = json.loads(self.request.body)
            rules = tuple(Rule.parse(text) for text in asked.get("rules", []))
            standing = Standing(rules, int(asked.get("seed", 0)))
        except (ValueError, TypeError, AttributeError) as error:
            self.say({"error": str(error)}, 400)
            return
        self.state.set_standing(standing)
        self.get()
