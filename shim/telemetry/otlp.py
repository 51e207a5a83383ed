"""OTLP's documented JSON form: lines, spans and figures as the bodies of POST /v1/logs, /v1/traces and /v1/metrics.

https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: names in lowerCamelCase, numbers of 64 bits as text,
enumerations as numbers, the numbers of traces and spans in hexadecimal. Pure; used by the worker.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping, Sequence

from shim.log import CallStage
from shim.telemetry.figures import BOUNDS, Instrument, InstrumentKind, Series, Spread
from shim.telemetry.heard import HeardLine

SCOPE = {"name": "vcshim"}
# SeverityNumber of the data model for logs.
_SEVERITIES = ((logging.ERROR, 17), (logging.WARNING, 13), (logging.INFO, 9), (logging.DEBUG, 5))
_CUMULATIVE = 2  # AggregationTemporality
_INTERNAL, _CLIENT = 1, 3  # SpanKind
_OK, _ERROR = 1, 2  # StatusCode
# A stage in which another machine works.
_CLIENT_STAGES = frozenset({"platform_ms"})

Json = dict[str, object]


def attributes(facts: Mapping[str, object]) -> list[Json]:
    """Facts as attributes."""
    return [{"key": name, "value": _value(value)} for name, value in facts.items()]


def logs_body(resource: Mapping[str, object], lines: Sequence[HeardLine]) -> bytes:
    """The body of POST /v1/logs."""
    return _body("resourceLogs", "scopeLogs", resource, {"logRecords": [_log_record(line) for line in lines]})


def traces_body(resource: Mapping[str, object], lines: Sequence[HeardLine]) -> bytes:
    """The body of POST /v1/traces: of each call whose last line is among `lines`, its span and those of its stages."""
    return _body("resourceSpans", "scopeSpans", resource, {"spans": [span for line in lines for span in _spans(line)]})


def metrics_body(
    resource: Mapping[str, object], figures: Iterable[tuple[Instrument, Series]], began: float, now: float
) -> bytes:
    """The body of POST /v1/metrics: what has added up since `began`."""
    return _body(
        "resourceMetrics", "scopeMetrics", resource, {"metrics": [_metric(*each, began, now) for each in figures]}
    )


def rejected(signal: str, body: bytes) -> int:
    """How many items a collector has refused of a request that it accepted; 0 if it says nothing that is understood."""
    name = {"logs": "rejectedLogRecords", "traces": "rejectedSpans", "metrics": "rejectedDataPoints"}[signal]
    try:
        return max(int(json.loads(body)["partialSuccess"][name]), 0)
    except (ValueError, TypeError, LookupError, RecursionError):
        return 0


def _body(outer: str, inner: str, resource: Mapping[str, object], content: Json) -> bytes:
    whole = {outer: [{"resource": {"attributes": attributes(resource)}, inner: [{"scope": SCOPE, **content}]}]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _value(value: object) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)} if -(2**63) <= value < 2**63 else {"stringValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value} if math.isfinite(value) else {"stringValue": str(value)}
    if isinstance(value, (list, tuple)):
        return {"arrayValue": {"values": [_value(each) for each in value]}}
    if isinstance(value, Mapping):
        return {"kvlistValue": {"values": attributes({str(name): each for name, each in value.items()})}}
    return {"stringValue": str(value)}


def _nanoseconds(seconds: float) -> str:
    return str(int(seconds * 1_000_000) * 1000)


def _log_record(line: HeardLine) -> Json:
    record: Json = {
        "timeUnixNano": _nanoseconds(line.time),
        "observedTimeUnixNano": _nanoseconds(line.time),
        "severityNumber": next((number for level, number in _SEVERITIES if line.level >= level), 1),
        "severityText": logging.getLevelName(line.level),
        "body": {"stringValue": line.text},
        "attributes": attributes({"thread.id": line.thread, **_named(line.facts)}),
    }
    return {**record, "traceId": line.trace_id, "spanId": line.span_id} if line.trace_id else record


def _named(facts: Mapping[str, object]) -> Json:
    return {f"vcshim.{name}": value for name, value in facts.items()}


def _spans(line: HeardLine) -> Iterable[Json]:
    ended = line.ended
    if ended is None:
        return
    function, method = str(line.facts.get("function", "")), str(line.facts.get("method", ""))
    failed = line.level >= logging.ERROR
    facts = {**_named(line.facts), "vcshim.journal_outcome": ended.outcome, "vcshim.cause": ended.cause}
    began = line.time - ended.seconds
    yield {
        "traceId": line.trace_id,
        "spanId": line.span_id,
        "name": f"{function} {method}".strip(),
        "kind": _INTERNAL,
        "startTimeUnixNano": _nanoseconds(began),
        "endTimeUnixNano": _nanoseconds(line.time),
        "attributes": attributes({name: value for name, value in facts.items() if value != ""}),
        "status": {"code": _ERROR, "message": line.text} if failed else {"code": _OK},
    }
    for number, stage in enumerate(ended.stages):
        yield _stage_span(line, number, stage, began)


def _stage_span(line: HeardLine, number: int, stage: CallStage, began: float) -> Json:
    return {
        "traceId": line.trace_id,
        "spanId": f"{int(line.span_id, 16) + number + 1 & 0xFFFFFFFFFFFFFFFF:016x}",
        "parentSpanId": line.span_id,
        "name": stage.name.removesuffix("_ms"),
        "kind": _CLIENT if stage.name in _CLIENT_STAGES else _INTERNAL,
        "startTimeUnixNano": _nanoseconds(began + stage.after),
        "endTimeUnixNano": _nanoseconds(began + stage.after + stage.seconds),
    }


def _metric(instrument: Instrument, series: Series, began: float, now: float) -> Json:
    points = [_point(instrument, labels, value, began, now) for labels, value in series.items()]
    data: Json = {"dataPoints": points}
    if instrument.kind is InstrumentKind.COUNTER:
        data = {**data, "aggregationTemporality": _CUMULATIVE, "isMonotonic": True}
    elif instrument.kind is InstrumentKind.HISTOGRAM:
        data = {**data, "aggregationTemporality": _CUMULATIVE}
    form = {InstrumentKind.COUNTER: "sum", InstrumentKind.HISTOGRAM: "histogram", InstrumentKind.GAUGE: "gauge"}
    head: Json = {"name": instrument.name, "description": instrument.description, "unit": instrument.unit}
    return {**head, form[instrument.kind]: data}


def _point(instrument: Instrument, labels: tuple[str, ...], value: float | Spread, began: float, now: float) -> Json:
    point: Json = {
        "attributes": attributes(dict(zip(instrument.labels, labels, strict=True))),
        "startTimeUnixNano": _nanoseconds(began),
        "timeUnixNano": _nanoseconds(now),
    }
    if not isinstance(value, Spread):
        return {**point, "asDouble": value} if isinstance(value, float) else {**point, "asInt": str(value)}
    return {
        **point,
        "count": str(sum(value.counts)),
        "sum": value.total,
        "bucketCounts": [str(count) for count in value.counts],
        "explicitBounds": list(BOUNDS),
    }
