"""A process that tries units of a plan for another one: rows of JSON in on stdin, rows out on stdout. See `search`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from shim.learn.base_string import BaseString, Signed
from shim.learn.plan import Plan
from shim.learn.secrets import Secret


def task_row(signed: Signed, effort: int) -> dict[str, Any]:
    """A request and an effort as a row: what a plan is made of."""
    row = {name: getattr(signed, name) for name in ("number", "fields", "sealed", "sign", "host", "content")}
    return {"task": row, "secrets": [[each.source, each.text] for each in signed.secrets], "effort": effort}


def plan_of(row: Mapping[str, Any]) -> Plan:
    """The plan of a row."""
    task = dict(row["task"])
    secrets = tuple(Secret(source, text) for source, text in row["secrets"])
    return Plan(Signed(**{**task, "secrets": secrets, "host": tuple(task["host"])}), row["effort"])


def base_row(base: BaseString) -> dict[str, Any]:
    """A base string as a row."""
    return {**asdict(base), "unsigned": sorted(base.unsigned)}


def base_from_row(row: Mapping[str, Any]) -> BaseString:
    """The base string of `base_row`."""
    return BaseString(**{**row, "unsigned": frozenset(row["unsigned"]), "fields": tuple(row["fields"])})


def serve(orders: IO[bytes] | None = None, results: IO[bytes] | None = None) -> None:
    """Read orders until there are none. Ends quietly on Ctrl-C, which the whole console gets."""
    orders = sys.stdin.buffer if orders is None else orders
    results = sys.stdout.buffer if results is None else results
    plan: Plan | None = None
    try:
        for line in orders:
            row = json.loads(line)
            if "task" in row:
                plan = plan_of(row)
            elif plan is not None:
                first, stop = row["run"]
                hits = next(filter(None, (plan.run_unit(number) for number in range(first, stop))), [])
                results.write(json.dumps({"hits": [base_row(each) for each in hits]}).encode("ascii") + b"\n")
                results.flush()
    except (KeyboardInterrupt, BrokenPipeError, ValueError):
        return
