"""The order of a run: who is measured at what, in rounds of all in turn. Prints nothing and writes no document.

All that is compared is compared in one run: each round takes everyone once, so that a busy moment of the machine makes
all of them slow. A first call is a new process each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import cases
from bench.cases import CASES, LARGE, SLOW, STEADY, Case
from bench.figures import C_DLL, HTTP_CLIENT, PRODUCT, REQUESTS, SOCKET, STOCK, Results, Samples
from bench.programs import Program, Server, System
from buildlib import console
from buildlib.layout import ROOT

_PYTHON_CLIENT = ROOT / "bench" / "transport_client.py"
_REFERENCE = CASES["verify-aes-md5"]
# An answer whose sign does not match would be a success with a warning in the log otherwise.
_STRICT = "[wire]\nverify = strict\n"
_COLD = "[start]\nwarm_up = off\n"


@dataclass(frozen=True)
class Effort:
    """How much is measured. `calls` are of each player in a round; those that take long make a tenth of them."""

    rounds: int = 40
    calls: int = 50
    starts: int = 15
    slow_rounds: int = 6
    slow_calls: int = 40
    memory_calls: int = 100_000


PARTS = ("starts", "steady", "slow", "memory")
SHORT = Effort(rounds=1, calls=5, starts=1, slow_rounds=1, slow_calls=2, memory_calls=30)


@dataclass
class Lane:
    """A player at a row: `setup` is said each time before its turn, `timed` is answered by what was measured."""

    row: str
    player: str
    program: Program
    setup: tuple[str, ...]
    timed: str
    scale: float = 1.0

    def take_a_turn(self) -> list[float]:
        return [value * self.scale for value in self.program.ask(*self.setup, self.timed)]


@dataclass
class Run:
    """One run on one system. `products` are names and folders of dist/, ours first."""

    system: System
    server: Server
    products: Sequence[tuple[str, Path]]
    effort: Effort
    results: Results = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    """Calls of each case, which the server must have counted."""

    def measure(self, only: Sequence[str] = ()) -> Results:
        """Measure all PARTS, or those that `only` names. Failed for a call that was not answered right, or arrived
        more than once."""
        parts = {"starts": self._starts, "steady": self._steady, "slow": self._slow, "memory": self._memory}
        for name in only or PARTS:
            parts[name]()
        self._check_counts()
        return self.results

    # ---- starts ----

    def _starts(self) -> None:
        console.say(f"first calls: {self.effort.starts} processes of each kind")
        cold = _COLD + _STRICT
        hosts = {name: self.system.install(dist, f"{name}-cold", cold) for name, dist in self.products}
        warm = {name: self.system.install(dist, f"{name}-warm", _STRICT) for name, dist in self.products}
        hosts[C_DLL] = self.system.yardstick
        for number in range(self.effort.starts + 1):
            found: list[tuple[str, str, float]] = []
            for kind in self._host_kinds():
                for player, library in hosts.items():
                    found += self._start(kind, player, library)
                found += [(f"process.{kind}", STOCK, 1e6 * self.system.stock_start())]
                found += [(f"inside.{kind}", STOCK, self._embedded(kind))]
            for player, library in warm.items():
                found += [(f"later.{self._host_kinds()[-1]}", player, self._later(library))]
            if number == 0 and self.effort.starts > 1:
                continue  # the first ones read files that the later ones find in memory
            for row, player, value in found:
                self._add(row, player, [value])

    def _host_kinds(self) -> tuple[str, ...]:
        """gui is a host that has user32 and ole32 loaded; Linux has one kind of host."""
        return ("console", "gui") if self.system.name == "wine" else ("console",)

    def _start(self, kind: str, player: str, library: Path) -> list[tuple[str, str, float]]:
        load = [*self._windows(kind), f"load {self.system.path(library)}"]
        lines = [*load, self._case(_REFERENCE), "calls 1"]
        seconds, answers = self.system.seconds(self.system.host, [], "\n".join(lines) + "\n")
        loaded, first = float(answers[len(load) - 1]), float(answers[-1])
        self._count(_REFERENCE, 1)
        return [
            (f"load.{kind}", player, loaded),
            (f"first.{kind}", player, first),
            (f"inside.{kind}", player, loaded + first),
            (f"process.{kind}", player, 1e6 * seconds),
        ]

    def _embedded(self, kind: str) -> float:
        lines = [*self._windows(kind), f"python {self.system.embedded}"]
        return float(self.system.seconds(self.system.host, [], "\n".join(lines) + "\n")[1][-1])

    def _later(self, library: Path) -> float:
        lines = ["windows", f"load {self.system.path(library)}", self._case(_REFERENCE), "wait 600", "calls 1"]
        self._count(_REFERENCE, 1)
        return float(self.system.seconds(self.system.host, [], "\n".join(lines) + "\n")[1][-1])

    @staticmethod
    def _windows(kind: str) -> list[str]:
        return ["windows"] if kind == "gui" else []

    # ---- steady calls ----

    def _steady(self) -> None:
        with ExitStack() as ending:
            self._rounds(list(self._steady_lanes(ending)), self.effort.rounds)

    def _steady_lanes(self, ending: ExitStack) -> Iterator[Lane]:
        console.say(f"steady calls: {self.effort.rounds} rounds of {self.effort.calls}")
        bare = self._started(ending, SOCKET, self.system.bare)
        for case in (*STEADY, *LARGE):
            kept = "fresh" if case.method == cases.ALTERINFO else "kept"
            yield self._lane(case, SOCKET, bare, self._socket(case, kept))
        for kind, cases_ in ((HTTP_CLIENT, (_REFERENCE, *LARGE)), (REQUESTS, (_REFERENCE,))):
            for case in cases_:
                yield self._lane(case, kind, self._python(ending, kind, case), "", str(self._calls(case)))
        for player, library, ini in self._libraries():
            programs: dict[str, Program] = {}
            for case in (*STEADY, *LARGE):
                if player == C_DLL and (case.sign_type == "SM2" or case.extra > 10_000):
                    continue
                if case.ini not in programs:
                    programs[case.ini] = self._loaded(ending, player, library(case.ini) if ini else library(""))
                yield self._lane(case, player, programs[case.ini], self._case(case))
            if ini:
                yield Lane("screen", player, programs[""], ("screen 2",), f"screen {self.effort.calls}")

    def _lane(self, case: Case, player: str, program: Program, setup: str, timed: str = "") -> Lane:
        """Its first call, of a connection perhaps, is not timed."""
        words = (setup, "calls 1") if setup else ("1",)
        return Lane(f"steady.{case.name}", player, program, words, timed or f"calls {self._calls(case)}")

    def _calls(self, case: Case) -> int:
        seldom = case.sign_type == "SM2" or case.extra > 10_000
        return max(1, self.effort.calls // 10 if seldom else self.effort.calls)

    # ---- a slow platform, threads ----

    def _slow(self) -> None:
        with ExitStack() as ending:
            self._rounds(list(self._slow_lanes(ending)), self.effort.slow_rounds)

    def _slow_lanes(self, ending: ExitStack) -> Iterator[Lane]:
        calls = self.effort.slow_calls
        console.say(f"5 ms: {self.effort.slow_rounds} rounds of {calls}, by one thread and by eight")
        programs = [(SOCKET, self._started(ending, SOCKET, self.system.bare), self._socket(SLOW, "kept"))]
        for player, library, _ in self._libraries():
            programs.append((player, self._loaded(ending, player, library("")), self._case(SLOW)))
        for player, program, setup in programs:
            yield Lane("slow.1", player, program, (setup, "calls 1"), f"calls {calls}")
            yield Lane("slow.8", player, program, (setup,), f"threads 8 {calls}", 1 / (8 * calls))

    # ---- memory ----

    def _memory(self) -> None:
        console.say(f"memory: {self.effort.memory_calls:,} calls of each")
        tenth = self.effort.memory_calls // 10
        for player, dist in self.products:
            ini = f"{_COLD}{_STRICT}[abi]\nreturn_memory = "
            static = self.system.install(dist, f"{player}-static", f"{ini}static\n")
            self._remember(player, static, self.effort.memory_calls)
            if player == PRODUCT:
                given = self.system.install(dist, f"{player}-cotaskmem", f"{ini}cotaskmem\n")
                self._remember(f"{player}, cotaskmem", given, tenth)
        self._remember(C_DLL, self.system.yardstick, tenth)

    def _remember(self, player: str, library: Path, calls: int) -> None:
        few = 1000 if calls >= 10_000 else max(2, calls // 10)
        with ExitStack() as ending:
            program = self._loaded(ending, player, library)
            program.ask("windows", self._case(_REFERENCE))
            (one,) = program.ask("repeat 1", "memory")
            (some,) = program.ask(f"repeat {few - 1}", "memory")
            (many,) = program.ask(f"repeat {calls - few}", "memory")
        self._count(_REFERENCE, calls)
        for row, value in (
            ("memory.1", one),
            ("memory.1000", some),
            ("memory.100000", many),
            ("memory.growth", (many - some) / (calls - few)),
        ):
            self._add(row, player, [value])

    # ---- what all share ----

    def _libraries(self) -> Iterator[tuple[str, Library, bool]]:
        """Products and the C DLL, with what finds the library for an ini."""
        for name, dist in self.products:
            yield name, Library(self.system, name, dist), True
        yield C_DLL, Library(self.system, C_DLL, None), False

    def _started(self, ending: ExitStack, title: str, program: Path, *words: str | Path) -> Program:
        started = self.system.start(title, program, *words)
        ending.callback(started.close)
        return started

    def _loaded(self, ending: ExitStack, title: str, library: Path) -> Program:
        program = self._started(ending, title, self.system.host)
        program.ask(f"load {self.system.path(library)}")
        return program

    def _python(self, ending: ExitStack, kind: str, case: Case) -> Program:
        words: list[str | Path] = [
            _PYTHON_CLIENT,
            kind.partition(".S")[0],
            str(self.server.port),
            self._file(case, "request"),
        ]
        program = self._started(ending, kind, self.system.interpreter, *words)
        program.read()  # of its first call
        self._count(case, 1, bare=True)
        return program

    def _case(self, case: Case) -> str:
        url = f"http://127.0.0.1:{self.server.port}/{case.name}"
        files = (self.system.path(self._file(case, kind)) for kind in ("in_data", "out_data"))
        return f"case {url} {' '.join(files)} {case.room}"

    def _socket(self, case: Case, kept: str) -> str:
        files = (self.system.path(self._file(case, kind)) for kind in ("request", "answer"))
        return f"socket {self.server.port} {' '.join(files)} {kept}"

    def _file(self, case: Case, kind: str) -> Path:
        return self.system.folder / f"{case.name}.{kind}"

    def _rounds(self, lanes: Sequence[Lane], rounds: int) -> None:
        for number in range(rounds + 1):
            for lane in lanes:
                values = lane.take_a_turn()
                self._expect(lane)
                if number > 0:  # the first round warms up
                    self._add(lane.row, lane.player, values)

    def _expect(self, lane: Lane) -> None:
        """Count the calls of a turn, those of the setup included."""
        row, _, name = lane.row.partition(".")
        case = {"steady": CASES.get(name), "slow": SLOW}.get(row)
        if case is None:
            return
        for words in (command.split() for command in (*lane.setup, lane.timed)):
            bare = lane.player in (SOCKET, HTTP_CLIENT, REQUESTS)
            if words[0] == "calls" or words[0].isdigit():
                self._count(case, int(words[-1]), bare=bare)
            elif words[0] == "threads":  # each calls once before they are released
                self._count(case, int(words[1]) * (int(words[2]) + 1), bare=bare)

    def _count(self, case: Case, calls: int, *, bare: bool = False) -> None:
        name = cases.bare_name(case) if bare else case.name
        self.expected[name] = self.expected.get(name, 0) + calls

    def _add(self, row: str, player: str, values: list[float]) -> None:
        self.results.setdefault(row, {}).setdefault(player, Samples()).rounds.append(values)

    def _check_counts(self) -> None:
        """Every call was a request, none was sent twice, and all requests of a case were the same bytes."""
        for name, (requests, others) in self.server.counts().items():
            expected = self.expected.get(name, 0)
            # Each sign of SM2 is another one.
            if requests != expected or (others and not name.endswith("-sm2")):
                raise console.Failed(
                    f"{name}: {expected} calls, {requests} requests, {others} of them with another body"
                )


@dataclass
class Library:
    """The library of a product for the settings of a case: a private copy for each, made when it is asked for."""

    system: System
    player: str
    dist: Path | None
    copies: dict[str, Path] = field(default_factory=dict)

    def __call__(self, ini: str) -> Path:
        if self.dist is None:
            return self.system.yardstick
        if ini not in self.copies:
            name = f"{self.player}-steady-{len(self.copies)}-{len(list(self.system.folder.iterdir()))}"
            self.copies[ini] = self.system.install(self.dist, name, ini or _STRICT)
        return self.copies[ini]
