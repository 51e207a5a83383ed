"""Draws cases from a seed, carries them out with many hosts at once, and counts what the oracle finds.

A case is its number: `case_of(seed, number)` is the same on every machine. Cases without a proxy share host programs
with several threads; a proxy belongs to the settings, so there each host has one thread and its own proxy.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from buildlib import clients
from buildlib.wine import Wine
from tests.support.faults import oracle
from tests.support.faults.child import Stopwatch
from tests.support.faults.host import Host, Result
from tests.support.faults.oracle import Calls, Verdict
from tests.support.faults.peer import CA_FILE, PHASES, Expect, Fault, Peer, Plan, Record, Stage
from tests.support.faults.rows import FAULTS, PLACES
from tests.support.faults.transactions import TRANSACTIONS, serial_number

_TRIES = 4
_REST = 0.03  # seconds: more than the product lets a kept connection rest, so that it is used again if it can be
# Kinds of hosts: how many, threads of each, [transport] total_seconds, and whether they have a proxy.
_HOSTS = {
    "proxy": (4, 1, 1, True),
    "direct 1": (1, 8, 1, False),
    "direct 2": (1, 2, 2, False),
    "large": (1, 2, 1, False),
}


@dataclass(frozen=True)
class Options:
    """What is attacked, and how.

    Attributes:
        dist: a folder of dist/.
        seed: of all cases.
        engine: [transport] engine; empty: as the product has it.
        wine: the libraries are for Windows, in this prefix.
        late_after: seconds over the deadline from which on a call is late.
    """

    dist: Path
    seed: int = 1
    engine: str = ""
    wine: Wine | None = None
    late_after: float = oracle.SLACK


@dataclass(frozen=True)
class Case:
    """One case, ready to be carried out."""

    number: int
    plan: Plan
    warm: bool
    host: str

    def __str__(self) -> str:
        plan = self.plan
        route = ("https" if plan.secure else "http") + (" by a proxy" if plan.proxied else "")
        kept = ", after a good call" if self.warm else ""
        again = ", every attempt" if plan.repeat else ""
        return (
            f"{self.number}: {plan.fault.place}, {plan.fault.name}; {plan.transaction.name} "
            f"({plan.transaction.effect}), {route}{kept}{again}, {plan.total} s"
        )


@dataclass
class Outcome:
    """A case carried out. `undecided`: a busy machine may explain what was found."""

    case: Case
    verdict: Verdict
    tries: int

    @property
    def undecided(self) -> bool:
        return bool(self.verdict.reasons) and self.verdict.disturbed


@dataclass
class Tally:
    """Counts by place, and the cases with findings."""

    cases: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    again: int = 0
    overrun: float = 0.0

    def add(self, place: str, name: str, reasons: dict[str, str], tries: int, overrun: float, undecided: bool) -> None:
        self.cases[place] += 1
        self.again += tries > 1
        if undecided:
            self.undecided.append(name)
            return
        self.overrun = max(self.overrun, overrun)
        for finding in reasons:
            self.findings[place, finding] += 1
        if reasons:
            self.failures.append((name, reasons))

    def table(self) -> str:
        """A Markdown table: places down, findings across."""
        places = [place for place in PLACES if self.cases[place]]
        rows = [("place", "cases", *oracle.FINDINGS), ("---", *["---:"] * (1 + len(oracle.FINDINGS)))]
        for place in places:
            counts = (str(self.findings[place, finding]) for finding in oracle.FINDINGS)
            rows.append((place, str(self.cases[place]), *counts))
        sums = (str(sum(self.findings[place, finding] for place in places)) for finding in oracle.FINDINGS)
        rows.append(("all", str(self.cases.total()), *sums))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


# ---- cases -------------------------------------------------------------------------------------------------------


def case_of(seed: int, number: int, *, windows: bool = False) -> Case:
    """Draw a case. Each run of as many cases as there are faults has every fault once."""
    faults = _shuffled(seed, number // len(_faults(windows)), windows)
    fault = faults[number % len(faults)]
    rng = random.Random(f"{seed}-{number}")
    transaction = rng.choice([row for row in TRANSACTIONS if row.effect in fault.effects])
    proxied = rng.random() < 0.25 if fault.proxied is None else fault.proxied
    secure = rng.random() < 0.5 if fault.secure is None else fault.secure
    warm = rng.random() < 0.4 if fault.warm is None else fault.warm
    total = 2 if not (proxied or fault.large or fault.padding) and rng.random() < 0.1 else 1
    serials = {phase: serial_number(4 * number + at) for at, phase in enumerate(PHASES)}
    plan = Plan(
        fault=fault,
        transaction=transaction,
        serials=serials,
        stranger=serial_number(4 * number + 3),
        secure=secure,
        proxied=proxied,
        old_tls=rng.random() < 0.3,
        repeat=rng.random() < 0.7,
        total=total,
        seed=f"{seed}-{number}-server",
    )
    return Case(number, plan, warm, _host_of(plan))


def _host_of(plan: Plan) -> str:
    """A key of `_HOSTS`. Large cases have a host of their own: in one process their work would make others late."""
    if plan.proxied:
        return "proxy"
    return "large" if plan.fault.large or plan.fault.padding else f"direct {plan.total}"


def _faults(windows: bool) -> tuple[Fault, ...]:
    # Names are answered by a library for LD_PRELOAD.
    return tuple(row for row in FAULTS if not (windows and row.stage is Stage.NAME))


@cache
def _shuffled(seed: int, round_number: int, windows: bool) -> tuple[Fault, ...]:
    rows = list(_faults(windows))
    random.Random(f"{seed}-round-{round_number}").shuffle(rows)
    return tuple(rows)


# ---- carrying them out -------------------------------------------------------------------------------------------


_NOTHING = Fault("nothing", "nothing", Expect.GOOD, lambda x: x.send(x.good()))


class Slot:
    """One thread's worth: a host, and for a proxy its peer, which is the same for all cases."""

    def __init__(self, options: Options, host: Host, proxy: Peer | None) -> None:
        self._options = options
        self._host = host
        self._proxy = proxy

    def warm_up(self) -> None:
        """Load the libraries and what a first call loads, which no case is to wait for."""
        for transaction, secure in itertools.product((TRANSACTIONS[0], TRANSACTIONS[-1]), (False, True)):
            serials = {phase: serial_number(0) for phase in PHASES}
            proxied = self._proxy is not None
            plan = Plan(_NOTHING, transaction, serials, serials["fault"], secure, proxied, False, 1, False, "")
            self._once(Case(0, plan, False, ""))

    def carry_out(self, case: Case) -> Outcome:
        """Carry a case out once."""
        return Outcome(case, self._once(case), 1)

    def carry_out_again(self, case: Case) -> Outcome:
        """The same while nothing else runs, several times if the machine is too busy to tell."""
        for tries in range(2, _TRIES + 2):
            verdict = self._once(case)
            if not verdict.disturbed:
                break
            time.sleep(0.3 * tries)
        return Outcome(case, verdict, tries)

    def _once(self, case: Case) -> Verdict:
        plan, fault = case.plan, case.plan.fault
        peer = self._proxy or Peer()
        record = peer.begin(plan)
        started = time.perf_counter()
        try:
            before = self._call(peer, plan, "before") if case.warm else None
            if fault.stage is Stage.IDLE:
                record.idle_done.wait(2)
            if case.warm:
                time.sleep(_REST)
            self._spoil(peer, fault)
            peer.phase = "fault"
            began = time.monotonic()
            result = self._call(peer, plan, "fault")
            self._settle(peer, record, plan)
            time.sleep(_REST)
            peer.phase = "after"
            after = self._call(peer, plan, "after")
            calls = Calls(before, result, after, began, _stopwatch().stalled(started))
            return oracle.judge(plan, record, calls, self._options.late_after)
        finally:
            peer.finish()
            if peer is not self._proxy:
                peer.close()

    def _call(self, peer: Peer, plan: Plan, phase: str) -> Result:
        transaction, fault = plan.transaction, plan.fault
        name = "127.0.0.1"
        if phase == "fault" and fault.host is not None:
            name = fault.host(random.Random(plan.seed))
        port = peer.port if not plan.proxied else 1024 + int(plan.serials["before"][2:-1]) % 60_000
        url = f"{'https' if plan.secure else 'http'}://{name}:{port}{transaction.path}"
        padding = fault.padding if phase == "fault" else 0
        return self._host.call(transaction.function, url, transaction.in_data(plan.serials[phase], padding))

    @staticmethod
    def _spoil(peer: Peer, fault: Fault) -> None:
        if fault.deaf == "refused":
            peer.deaf()
        elif fault.deaf:
            peer.black_hole()

    @staticmethod
    def _settle(peer: Peer, record: Record, plan: Plan) -> None:
        fault = plan.fault
        if fault.deaf:
            peer.listen()
        if fault.place == "left over":
            record.settled.wait(1)
        until = time.monotonic() + 1
        while fault.undecidable and plan.serials["fault"] not in record.served_well and time.monotonic() < until:
            time.sleep(0.01)  # the right answer is still to come, behind the other
        if fault.linger:
            time.sleep(fault.linger)


@cache
def _stopwatch() -> Stopwatch:
    return Stopwatch()


def ini(options: Options, total: int, proxy: int | None) -> str:
    """vcshim.ini of a host."""
    ca_file = CA_FILE if options.wine is None else Wine.windows_path(CA_FILE)
    lines = ["[transport]", "connect_seconds = 1", f"total_seconds = {total}", f"ca_file = {ca_file}"]
    if proxy is not None:
        lines.append(f"proxy = http://127.0.0.1:{proxy}")
    if options.engine:
        lines.append(f"engine = {options.engine}")
    return "\n".join(lines) + "\n"


def run(options: Options, numbers: Iterable[int]) -> Iterator[Outcome]:
    """Carry out the cases `numbers`; the outcomes as they come, doubtful ones again at the end and by themselves."""
    waiting: dict[str, queue.SimpleQueue[Case]] = {}
    count = 0
    for number in numbers:
        case = case_of(options.seed, number, windows=options.wine is not None)
        waiting.setdefault(case.host, queue.SimpleQueue()).put(case)
        count += 1
    done: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
    slots: dict[str, Slot] = {}
    again: list[Case] = []
    with contextlib.ExitStack() as ending:
        for name, cases in waiting.items():
            hosts, threads, total, proxied = _HOSTS[name]
            for _ in range(min(hosts, cases.qsize())):
                proxy = ending.enter_context(contextlib.closing(Peer())) if proxied else None
                host = ending.enter_context(contextlib.closing(_host(options, total, proxy)))
                for _ in range(threads):
                    slots[name] = slot = Slot(options, host, proxy)
                    threading.Thread(target=_serve, args=(slot, cases, done), daemon=True).start()
        for _ in range(count):
            outcome = done.get()
            if isinstance(outcome, BaseException):
                raise outcome
            if outcome.verdict.reasons and (outcome.verdict.disturbed or outcome.verdict.doubtful):
                again.append(outcome.case)
            else:
                yield outcome
        for case in again:
            yield slots[case.host].carry_out_again(case)


def _host(options: Options, total: int, proxy: Peer | None) -> Host:
    preload = clients.program("slow-names.so") if options.wine is None else None
    settings = ini(options, total, proxy.port if proxy else None)
    return Host(options.dist, settings, wine=options.wine, preload=preload)


def _serve(slot: Slot, cases: queue.SimpleQueue[Case], done: queue.SimpleQueue[Outcome | BaseException]) -> None:
    """A thread that carries out cases until none is left."""
    try:
        slot.warm_up()
        while True:
            done.put(slot.carry_out(cases.get_nowait()))
    except queue.Empty:
        return
    except BaseException as error:  # of this tool: the run ends with it
        done.put(error)
