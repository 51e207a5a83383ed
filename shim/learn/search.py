"""Running a plan: in this process first, then in as many as there are processors; with progress, and resumed.

The other processes are this program again, with `worker` in it, on pipes: neither words of a command line nor files
have a key in them. Where no process can be started the search goes on in this one. Used by `request` and `answers`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import shim
from shim.devices.helpers.process import end_helper, kill_helper, start_helper
from shim.learn.base_string import BaseString, Signed
from shim.learn.plan import EFFORT, Plan
from shim.learn.worker import base_from_row, task_row

_ALONE = 400_000
"""Base strings that are tried in this process before others are started."""
_CHUNK = 150_000
_AT_ONCE = 64
"""Units that are tried before anything is counted: the likely ones."""
_END_SECONDS = 2.0
_PROGRAMS = ("vcshim", "vcshim-toolbox")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: base strings tried, and of how many; seconds it has taken and may still take."""

    tried: int
    total: int
    seconds: float
    left: float


@dataclass(slots=True)
class Searcher:
    """Searches for base strings.

    Args:
        processes: how many may work, this one included.
        effort: see shim/learn/plan.py.
        report: is told how far the search is, now and then.
        done: what an earlier run has tried, by the place of the search among all; its own progress is added.

    Attributes:
        tried: base strings that were tried in all searches.
    """

    processes: int = 1
    effort: int = EFFORT
    report: Callable[[Progress], None] = lambda progress: None
    done: dict[str, int] = field(default_factory=dict)
    tried: int = 0
    _searches: int = 0

    def find(self, signed: Signed, effort: int | None = None) -> list[BaseString]:
        """The base strings of the first units that make the sign of a request; none if no unit does."""
        plan = Plan(signed, self.effort if effort is None else min(effort, self.effort))
        name, self._searches = str(self._searches), self._searches + 1
        start = min(self.done.get(name, 0), len(plan.units))
        for number in range(start, min(start + _AT_ONCE, len(plan.units))):
            hits = plan.run_unit(number)
            if hits:
                return hits
        start = min(start + _AT_ONCE, len(plan.units))
        begun = time.monotonic()
        counts = [plan.candidates(number) for number in range(len(plan.units))]
        total = sum(counts) or 1
        here = skipped = sum(counts[:start])
        for number, hits in self._run(plan, counts, start):
            here += sum(counts[start:number])
            self.tried += sum(counts[start:number])
            start = max(start, number)
            if hits:
                return hits
            self.done[name] = number
            seconds = time.monotonic() - begun
            self.report(Progress(here, total, seconds, seconds / max(here - skipped, 1) * (total - here)))
        return []

    def _run(self, plan: Plan, counts: list[int], start: int) -> Iterator[tuple[int, list[BaseString]]]:
        """The results of the units from `start` on, in order: up to which unit, and its hits."""
        spent = 0
        while start < len(counts) and (spent < _ALONE or self.processes < 2):
            stop = _chunk_end(counts, start, _CHUNK // 4)
            spent += sum(counts[start:stop])
            for number in range(start, stop):
                hits = plan.run_unit(number)
                if hits:
                    yield number, hits
                    return
            start = stop
            yield start, []
        if start < len(counts):
            yield from self._run_together(plan, counts, start)

    def _run_together(self, plan: Plan, counts: list[int], start: int) -> Iterator[tuple[int, list[BaseString]]]:
        crew = [worker for worker in (_Worker.started(plan) for _ in range(self.processes)) if worker is not None]
        waiting: list[tuple[int, int, _Worker | None]] = []
        try:
            following = start
            while waiting or following < len(counts):
                while len(waiting) < max(1, 2 * len(crew)) and following < len(counts):
                    stop = _chunk_end(counts, following, _CHUNK)
                    worker = min(crew, key=lambda each: each.queued) if crew else None
                    if worker is not None and not worker.order(following, stop):
                        crew.remove(worker)
                        worker = None
                    waiting.append((following, stop, worker))
                    following = stop
                first, stop, worker = waiting.pop(0)
                hits = worker.result() if worker is not None else None
                if hits is None:
                    hits = next(filter(None, (plan.run_unit(number) for number in range(first, stop))), [])
                yield stop, hits
                if hits:
                    return
        finally:
            for worker in crew:
                worker.end()


def _chunk_end(counts: list[int], start: int, size: int) -> int:
    total, stop = 0, start
    while stop < len(counts) and total < size:
        total += counts[stop]
        stop += 1
    return stop


class _Worker:
    """Another process with the same plan. Orders and results pass in the same order."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._orders: IO[bytes] = process.stdin
        self._results: IO[bytes] = process.stdout
        self.queued = 0

    @staticmethod
    def started(plan: Plan) -> _Worker | None:
        """A new worker with its plan; None where the system does not allow one."""
        try:
            worker = _Worker(start_helper(_launcher()))
        except (OSError, ValueError):
            return None
        return worker if worker._say(task_row(plan.signed, plan.effort)) else None

    def order(self, first: int, stop: int) -> bool:
        """Let it run these units; whether it still listens."""
        self.queued += 1
        return self._say({"run": [first, stop]})

    def result(self) -> list[BaseString] | None:
        """The hits of the oldest order; None where it has ended instead."""
        self.queued -= 1
        try:
            return [base_from_row(row) for row in json.loads(self._results.readline())["hits"]]
        except (OSError, ValueError, KeyError):
            return None

    def end(self) -> None:
        """End it; what it was doing is lost."""
        kill_helper(self._process)
        for stream in (self._orders, self._results):
            try:
                stream.close()
            except OSError:
                continue
        end_helper(self._process, _END_SECONDS)

    def _say(self, row: Mapping[str, Any]) -> bool:
        try:
            self._orders.write(json.dumps(row).encode("ascii") + b"\n")
            self._orders.flush()
        except OSError:
            return False
        return True


def _launcher() -> list[str]:
    """How this program starts again as a worker: vcshim itself, or the interpreter of a checkout."""
    program = Path(sys.executable or "")
    if program.stem.lower() in _PROGRAMS:
        return [str(program), "learn", "--worker"]
    folder = str(Path(shim.__file__).resolve().parent.parent)
    return [str(program), "-c", f"import sys; sys.path.insert(0, {folder!r}); import shim.learn.worker as w; w.serve()"]


def processors() -> int:
    """How many processes can work at the same time."""
    return os.cpu_count() or 1
