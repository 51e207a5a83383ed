"""The table of docs/telemetry.md: what is counted, under the names of OpenTelemetry and of Prometheus. Not a command.

tables.py writes it; the dashboard of examples/grafana is held to the same names by a test.
"""

from __future__ import annotations

from collections.abc import Sequence

from shim.telemetry.figures import INSTRUMENTS, Instrument, InstrumentKind

_KINDS = {
    InstrumentKind.COUNTER: "计数器，自进程启动起累计",
    InstrumentKind.HISTOGRAM: "直方图",
    InstrumentKind.GAUGE: "当前值",
}


def prometheus_name(instrument: Instrument) -> str:
    """The name that the collector's Prometheus exporters give it: the unit behind it, `_total` behind a counter."""
    unit = {"s": "_seconds"}.get(instrument.unit, "")
    total = "_total" if instrument.kind is InstrumentKind.COUNTER else ""
    return f"{instrument.name.replace('.', '_')}{unit}{total}"


def prometheus_series(instrument: Instrument) -> tuple[str, ...]:
    """What a query may name of it."""
    name = prometheus_name(instrument)
    if instrument.kind is InstrumentKind.HISTOGRAM:
        return tuple(f"{name}_{part}" for part in ("bucket", "count", "sum"))
    return (name,)


def telemetry_figures() -> tuple[Sequence[str], list[Sequence[str]]]:
    """Every instrument."""
    rows = [
        (
            f"`{row.name}`",
            f"`{prometheus_name(row)}`",
            row.description,
            "、".join(f"`{label}`" for label in row.labels),
            _KINDS[row.kind],
        )
        for row in INSTRUMENTS
    ]
    return ("指标", "Prometheus 中的名称", "含义", "标签", "种类"), [*rows]
