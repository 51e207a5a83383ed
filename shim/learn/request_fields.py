"""Where the other fields and the headers of the requests of VirtualCardTrans come from. A step of `request`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shim.learn.content import CONTENT, inner_fields
from shim.learn.fields import FieldOrigin, FieldRow, origins
from shim.learn.findings import LearnFinding, open_finding, problem_finding
from shim.learn.request_result import FieldRoles, RequestResult
from shim.learn.samples import Sample, field_text
from shim.spec import find_method


def explain_fields(
    samples: Sequence[Sample], roles: FieldRoles, plains: Mapping[int, str], result: RequestResult
) -> None:
    """Where the other fields come from: columns added, filled, dropped, renamed."""
    skipped = frozenset({"key", "sign", roles.sign, roles.content, CONTENT})
    outer = [_row(each, {**_host(each, roles)}, each.wire) for each in samples]
    _tell_fields(origins(outer, skipped), "", len(samples), result)
    inner = [
        _row(each, _inner_host(each, plains[each.number]), inner_fields(plains[each.number]))
        for each in samples
        if isinstance(each.content, dict) and inner_fields(plains[each.number])
    ]
    _tell_fields(origins(inner), f"{CONTENT}.", len(samples), result)


def _host(sample: Sample, roles: FieldRoles) -> dict[str, Any]:
    host = {}
    for name, value in sample.host.items():
        sent = roles.sign_type if name == "sign_type" and roles.sign_type not in sample.host else name
        host[sent] = _as_sent(value, sample.wire.get(sent))
    return host


def _inner_host(sample: Sample, plain: str) -> dict[str, Any]:
    """The fields of biz_content; those of other spellings, and the scanned code, as they were sent."""
    method = find_method(field_text(sample.host.get("method")))
    sent = inner_fields(plain)
    host = {name: _as_sent(value, sent.get(name)) for name, value in sample.content.items()}
    if method is not None:
        if method.scans and method.scans in sent and not host.get(method.scans):
            host[method.scans] = sent[method.scans]
        for row in method.request:
            for alias in row.aliases:
                if alias in host and row.name in sent and alias not in sent:
                    host[row.name] = host.pop(alias)
    return host


def _as_sent(value: Any, sent: Any) -> Any:
    """A host's value; as it was sent, where only blanks, the spelling of a method or a type make a difference."""
    if isinstance(value, str) and isinstance(sent, str) and value != sent:
        method = find_method(value)
        if value.strip() == sent or (method is not None and method.name == sent):
            return sent
    return value


def _row(sample: Sample, host: Mapping[str, Any], wire: Mapping[str, Any]) -> FieldRow:
    return FieldRow(sample.number, host, wire, sample.call.began, sample.call.ended)


def _tell_fields(found: Sequence[FieldOrigin], prefix: str, total: int, result: RequestResult) -> None:
    values = result.values
    for each in found:
        name = f"{prefix}{each.name}"
        facts = {"name": name, "count": each.count, "total": total}
        if each.kind in ("made", "filled"):
            column = "added" if each.kind == "made" else "filled"
            values[column] = (*values.get(column, ()), (name, each.other))
            rule = each.other.partition(":")[0] if each.other.startswith("text:") else each.other
            result.findings.append(LearnFinding(f"field-{each.kind}", {**facts, "rule": rule}, line=column))
            if each.open:
                result.findings.append(open_finding("field-added-or-filled", column, name=name))
            if each.other.startswith("text:") and total > 1:
                continue
        elif each.kind == "renamed" and not prefix:
            values["renamed"] = (*values.get("renamed", ()), (each.other, each.name))
            result.findings.append(LearnFinding("field-renamed", {**facts, "other": each.other}, line="renamed"))
        elif each.kind == "dropped" and not prefix:
            values["dropped"] = values.get("dropped", frozenset()) | {each.name}
            result.findings.append(LearnFinding("field-dropped", facts, line="dropped"))
        elif each.kind != "same":
            topic = "field-unknown" if each.kind == "unknown" else "field-inside"
            result.findings.append(problem_finding(topic, name=name, count=each.count, total=total))


# What every HTTP client sends of its own; a platform does not look at it.
_USUAL_HEADERS = frozenset(
    "host content-length content-type connection proxy-connection accept accept-encoding accept-language "
    "accept-charset user-agent expect transfer-encoding cache-control pragma te keep-alive date "
    "content-encoding".split()
)


def explain_headers(samples: Sequence[Sample], result: RequestResult) -> None:
    """Headers that a site adds: with one text, or that of a field."""
    names = dict.fromkeys(name for each in samples for name, _ in each.exchange.headers)
    pairs: list[tuple[str, str]] = []
    for name in names:
        words = [each.exchange.header(name) for each in samples]
        if name.lower() == "content-type" and len(set(words)) == 1:
            result.content_type = words[0] or ""
        if name.lower() in _USUAL_HEADERS:
            continue
        field_name = next(
            (
                other
                for other in dict.fromkeys(name for each in samples for name in each.wire)
                if all(each.word(other) == word for each, word in zip(samples, words, strict=True))
            ),
            None,
        )
        if field_name is not None and len(set(words)) > 1:
            pairs.append((name, f"field:{field_name}"))
        elif len(set(words)) == 1 and words[0] is not None:
            pairs.append((name, words[0]))
        else:
            result.findings.append(problem_finding("header-varies", name=name))
            continue
        result.findings.append(LearnFinding("header", {"name": name, "count": len(samples)}, line="headers"))
    if pairs:
        result.values["headers"] = tuple(pairs)
