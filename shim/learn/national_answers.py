"""What the answers to NationEcTrans tell: codes, how OutData is written, what a refusal gives. A step of `national`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from shim.dialects.answers import first_text, parse_answer, result_code
from shim.dialects.body import ENDS
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.nation import EcWire, failure_text, open_ec_answer, parse_ec_request
from shim.errors import PlatformRefusal, ShimError
from shim.host_codes import SUCCESS_WORDS
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.national_result import NationDraft, NationResult, nation_url
from shim.learn.outputs import OutSheet, out_fields
from shim.learn.samples import Sample, parsed
from shim.learn.trials import common_order

_FAILURES = ("mapped", "answer", "json", "message", "code-message")


def learn_nation_answers(samples: Sequence[Sample], draft: NationDraft, result: NationResult) -> None:
    """The columns of `draft` that the answers decide, and the findings of it."""
    rows: list[tuple[Sample, Mapping[str, Any]]] = []
    for each in samples:
        if each.exchange.status and each.out is not None:
            try:
                rows.append((each, parse_answer(each.answer)))
            except ShimError:
                continue
    good = [(each, answer) for each, answer in rows if each.code in SUCCESS_WORDS]
    bad = [(each, answer) for each, answer in rows if each.code not in SUCCESS_WORDS]
    if not good:
        result.findings.append(open_finding("no-successes", "ec_success"))
        return
    word, count = Counter(each.code for each, _ in good).most_common(1)[0]
    draft.wire = replace(draft.wire, returned_success=word)
    result.findings.append(
        LearnFinding("returned-success", {"value": word, "count": count}, line="ec_returned_success")
    )
    _codes(good, bad, draft, result)
    _out(good, draft, result)
    _refusals(bad, draft, result)


_Rows = Sequence[tuple[Sample, Mapping[str, Any]]]


def _codes(good: _Rows, bad: _Rows, draft: NationDraft, result: NationResult) -> None:
    wire = draft.wire
    names = [*wire.code_names, *dict.fromkeys(name for _, answer in good for name in answer)]
    for name in names:
        values = [result_code(answer, (name,)) or "" for _, answer in good]
        refused = [result_code(answer, (name,)) or "" for _, answer in bad]
        if not all(values) or not all(refused) or set(values) & set(refused) or len(set(values)) > 3:
            continue
        if name not in wire.code_names:
            wire = replace(wire, code_names=(name, *wire.code_names))
        if not set(values) <= wire.success or set(refused) & wire.success:
            wire = replace(wire, success=frozenset(values))
        facts = {"name": name, "values": ", ".join(sorted(set(values))), "count": len(good), "refused": len(bad)}
        result.findings.append(LearnFinding("code-name", facts, line="ec_code_names"))
        draft.wire = wire
        return
    result.findings.append(problem_finding("no-code-name", total=len(good) + len(bad)))


def _out(good: _Rows, draft: NationDraft, result: NationResult) -> None:
    sheets = []
    draft.wire = replace(draft.wire, out=replace(draft.wire.out, data_form=_out_data_form(good)))
    for each, answer in good:
        out = _opened_data(parsed(each.out or ""))
        if isinstance(out, dict):
            sources: dict[str, Mapping[str, Any]] = {"answer": answer}
            try:
                request = parse_ec_request(each.in_text, nation_url(each))
                mapped = parsed(open_ec_answer(each.answer, request, replace(draft.wire, out_form="mapped")))
                mapped = _opened_data(mapped)
                sources = {"mapped": mapped, **sources} if isinstance(mapped, dict) else sources
            except ShimError:
                pass
            sheets.append(OutSheet(each.number, sources, answer, each.host, out))
    fields = out_fields(sheets, "mapped")
    if fields is not None:
        for name in fields.unknown:
            result.findings.append(problem_finding("out-unknown", name=name, total=len(sheets)))
        out = replace(draft.wire.out, dropped=fields.dropped, renamed=fields.renamed, added=fields.added)
        draft.wire = replace(draft.wire, out_form=fields.form, out=out)
        result.findings.append(
            LearnFinding("out-form", {"form": fields.form, "count": len(sheets)}, line="ec_out_form")
        )
        for column, value in (
            ("ec_out_dropped", fields.dropped),
            ("ec_out_renamed", fields.renamed),
            ("ec_out_added", fields.added),
        ):
            if value:
                result.findings.append(
                    LearnFinding(
                        "out-fields", {"column": column, "count": len(value), "total": len(sheets)}, line=column
                    )
                )
    samples = [each for each, _ in good]
    texts = [each.out or "" for each in samples]
    end = next((word for word in ("crlf", "lf") if all(text.endswith(ENDS[word]) for text in texts)), "none")
    orders: list[dict[str, Any]] = [{"order": "sorted"}, {"order": "kept"}]
    fixed = common_order([list(out) for text in texts if isinstance(out := parsed(text), dict)])
    if fixed:
        orders.append({"order": "fixed", "fields": fixed})
    best, most = draft.wire, -1
    changes = [{**order, "text": text} for order in orders for text in ("compact", "verbatim")]
    changes += [{**order, "spaces": s, "escape": e} for order, s, e in product(orders, LAYOUTS, ESCAPES)]
    for change in changes:
        changed = replace(draft.wire, out=replace(draft.wire.out, **{**change, "end": end}))
        count = sum(has_same_result(each, changed) for each in samples)
        if count > most:
            best, most = changed, count
        if most == len(samples):
            break
    draft.wire = best
    result.findings.append(
        LearnFinding("out-order-found", {"order": best.out.order, "count": most}, line="ec_out_order")
    )


def _out_data_form(good: _Rows) -> str:
    pairs = [(answer.get("data"), out.get("data")) for each, answer in good
             if isinstance(out := parsed(each.out or ""), dict)]  # fmt: skip
    if any(isinstance(came, dict) and isinstance(shown, str) for came, shown in pairs):
        return "text"
    return "object" if any(isinstance(came, str) and isinstance(shown, dict) for came, shown in pairs) else "as-is"


def _opened_data(fields: Any) -> Any:
    """OutData with a `data` that is JSON text as an object."""
    data = fields.get("data") if isinstance(fields, dict) else None
    return {**fields, "data": parsed(data)} if isinstance(data, str) else fields


def _refusals(bad: _Rows, draft: NationDraft, result: NationResult) -> None:
    if not bad:
        result.findings.append(open_finding("no-refusals", "ec_out_failure"))
        return
    codes = [
        next((c for name in draft.wire.code_names if (c := result_code(answer, (name,)))), "") for _, answer in bad
    ]
    returned = [each.code for each, _ in bad]
    if codes != returned and len(set(returned)) == 1:
        draft.wire = replace(draft.wire, returned_failure=returned[0])
    elif codes != returned:
        result.findings.append(problem_finding("returned-unknown", calls=call_list(each.number for each, _ in bad)))
    for name in dict.fromkeys([*draft.wire.message_names, *(name for _, answer in bad for name in answer)]):
        texts = [first_text(answer, (name,)) for _, answer in bad]
        if (
            name not in draft.wire.code_names
            and all(texts)
            and all(t in (each.out or "") for t, (each, _) in zip(texts, bad, strict=True))
        ):
            if name not in draft.wire.message_names:
                draft.wire = replace(draft.wire, message_names=(name, *draft.wire.message_names))
            result.findings.append(
                LearnFinding("message-name", {"name": name, "count": len(bad)}, line="ec_message_names")
            )
            break
    forms = [replace(draft.wire, out_failure=form) for form in _FAILURES]
    draft.wire = max(forms, key=lambda wire: sum(has_same_result(each, wire) for each, _ in bad))
    result.findings.append(
        LearnFinding("out-failure", {"form": draft.wire.out_failure, "count": len(bad)}, line="ec_out_failure")
    )


def has_same_result(sample: Sample, wire: EcWire) -> bool:
    """Whether OutData and return value are the very same."""
    try:
        request = parse_ec_request(sample.in_text, nation_url(sample))
    except ShimError:
        return False
    try:
        out, code = open_ec_answer(sample.answer, request, wire), wire.returned_success
    except PlatformRefusal as refusal:
        code = refusal.ec_code if wire.returned_failure == "platform" else wire.returned_failure
        out = (
            refusal.answer
            if wire.out_failure == "answer"
            else failure_text(refusal.ec_code, refusal.message, request.org_id, wire)
        )
    except ShimError:
        return False
    return (out, code) == (sample.out, sample.code)
