"""What is counted of the calls: the instruments as rows, and their figures since the process began.

The names are those of docs/telemetry.md and of examples/grafana. Bounded: of more series than `MOST_SERIES` of one
instrument, further ones are counted together. Used under the lock of the listener.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from shim.telemetry.heard import HeardLine

MOST_SERIES = 200
OTHER = "other"
# Seconds; a call is usual below the first ones, and a scan may take as long as the last.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 90.0)
# Rooms of shim/messages that are devices: the first word of a cause.
_DEVICES = frozenset({"scanner", "screen", "label", "autofill", "lines"})
_MASKED = re.compile(r"\*\*\*")


class InstrumentKind(Enum):
    """How the figures of an instrument add up."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One thing that is measured.

    Attributes:
        unit: as UCUM writes it; a word in braces is a note and no unit.
        labels: the names of what tells its series apart.
    """

    name: str
    kind: InstrumentKind
    unit: str
    description: str
    labels: tuple[str, ...]


CALLS = Instrument(
    "vcshim.calls",
    InstrumentKind.COUNTER,
    "{call}",
    "已结束的调用",
    ("function", "method", "code", "outcome"),
)
CALL_SECONDS = Instrument(
    "vcshim.call.duration",
    InstrumentKind.HISTOGRAM,
    "s",
    "一次调用的秒数，含等患者出示二维码的时间",
    ("function", "method"),
)
STAGE_SECONDS = Instrument(
    "vcshim.stage.duration",
    InstrumentKind.HISTOGRAM,
    "s",
    "调用中一段的秒数：scan 扫码、platform 平台、print 打印",
    ("stage",),
)
LINES = Instrument("vcshim.log.lines", InstrumentKind.COUNTER, "{line}", "日志的行数", ("level",))
DEVICE_FAILURES = Instrument(
    "vcshim.device.failures", InstrumentKind.COUNTER, "{failure}", "因设备而失败的调用", ("device", "cause")
)
DEVICES = Instrument("vcshim.devices", InstrumentKind.GAUGE, "{device}", "本进程设置的设备，值为 1", ("device", "type"))
DROPPED = Instrument(
    "vcshim.telemetry.dropped",
    InstrumentKind.COUNTER,
    "{item}",
    "没有发出的遥测：queue 是队列满了，refused 是对方不收",
    ("signal", "cause"),
)
INSTRUMENTS = (CALLS, CALL_SECONDS, STAGE_SECONDS, LINES, DEVICE_FAILURES, DEVICES, DROPPED)

Labels = tuple[str, ...]


@dataclass(slots=True)
class Spread:
    """How values are distributed: how many in each of `BOUNDS`, the last place for what is beyond."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, value: float) -> None:
        """Count one value; a bound belongs to the values below it."""
        self.counts[bisect_left(BOUNDS, value)] += 1
        self.total += value

    def copied(self) -> Spread:
        """The same, for somebody else."""
        return Spread(list(self.counts), self.total)


Series = Mapping[Labels, "float | Spread"]


class Figures:
    """The figures of this process."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[Labels, float]] = {}
        self._spreads: dict[str, dict[Labels, Spread]] = {}
        self.changes = 0

    def add(self, instrument: Instrument, labels: Labels, value: float = 1) -> None:
        """Add to a counter, or take down a value of a histogram, or set a gauge."""
        self.changes += 1
        if instrument.kind is InstrumentKind.HISTOGRAM:
            spreads = self._spreads.setdefault(instrument.name, {})
            spreads.setdefault(_bounded(spreads, labels), Spread()).add(value)
            return
        numbers = self._numbers.setdefault(instrument.name, {})
        labels = _bounded(numbers, labels)
        numbers[labels] = value + (numbers.get(labels, 0) if instrument.kind is InstrumentKind.COUNTER else 0)

    def observe(self, line: HeardLine) -> None:
        """Count a line, and the call whose last line it is."""
        self.add(LINES, (logging.getLevelName(line.level).lower(),))
        ended = line.ended
        if ended is None:
            return
        function, method, code = (str(line.facts.get(name, "")) for name in ("function", "method", "code"))
        self.count(function, method, code, ended.outcome, ended.seconds)
        for stage in ended.stages:
            self.add(STAGE_SECONDS, (stage.name.removesuffix("_ms"),), stage.seconds)
        device, dot, _ = ended.cause.partition(".")
        if dot and device in _DEVICES:
            self.add(DEVICE_FAILURES, (device, ended.cause))

    def count(self, function: str, method: str, code: str, outcome: str, seconds: float) -> None:
        """Count a call; method and code as a log may show them."""
        self.add(CALLS, (function, _word(method), _word(code), outcome))
        self.add(CALL_SECONDS, (function, _word(method)), seconds)

    def all(self) -> list[tuple[Instrument, Series]]:
        """A copy of the figures, of the instruments that have any."""
        series: list[tuple[Instrument, Series]] = []
        for instrument in INSTRUMENTS:
            if instrument.name in self._spreads:
                spreads = self._spreads[instrument.name]
                series.append((instrument, {labels: spread.copied() for labels, spread in spreads.items()}))
            elif instrument.name in self._numbers:
                series.append((instrument, dict(self._numbers[instrument.name])))
        return series


def _bounded(series: Mapping[Labels, object], labels: Labels) -> Labels:
    return labels if labels in series or len(series) < MOST_SERIES else (OTHER,) * len(labels)


def _word(text: str) -> str:
    """A method or a code as a label: what was masked for the log counts as one."""
    return OTHER if _MASKED.search(text) else text
