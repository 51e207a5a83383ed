"""Storage of the fault rules in force. What they mean is said in faults."""

from __future__ import annotations

import json
from functools import lru_cache

from shim.simulator.faults import FaultRule, FaultRuleSet
from shim.simulator.store.database import CachedRead, Database
from shim.simulator.store.single_values import SingleValues

_VALUE = "standing"


class FaultRuleStore:
    """The fault rules of a state file; all processes that share the file obey them."""

    def __init__(self, database: Database, values: SingleValues) -> None:
        self._database = database
        self._values = values
        self._rules = CachedRead(database, lambda: _parse(values.text(_VALUE)))

    def current(self) -> FaultRuleSet:
        """Return the rules in force. Cheap enough to be called for every request."""
        return self._rules()

    def replace(self, rule_set: FaultRuleSet) -> None:
        """Put `rule_set` in force, in every process that shares the file. Draws restart from its seed."""
        rules = [(rule.directives, rule.probability) for rule in rule_set.rules]
        with self._database.transaction():
            run = self.current().run + 1
            self._values.set_text(_VALUE, json.dumps({"rules": rules, "seed": rule_set.seed, "run": run}))
            self._database.mark_changed()


@lru_cache(maxsize=16)
def _parse(text: str) -> FaultRuleSet:
    fields = json.loads(text or '{"rules": [], "seed": 0, "run": 0}')
    return FaultRuleSet(tuple(FaultRule(*rule) for rule in fields["rules"]), fields["seed"], fields["run"])
