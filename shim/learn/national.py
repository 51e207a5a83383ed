"""NationEcTrans: what its requests and answers tell, as lines of [wire] ec_… and [terminal].

The counterpart of `request` and `answers_of`, for JSON that is neither signed nor encrypted: where the scanned code
stands, what the DLL adds of this terminal, how body and OutData are written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from shim.dialects import scanned
from shim.dialects.answers import first_text, parse_answer, result_code
from shim.dialects.body import ENDS
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.nation import EcWire, failure_text, open_ec_answer, parse_ec_request, sealed_ec_request
from shim.errors import PlatformRefusal, ShimError
from shim.host_codes import SUCCESS_WORDS
from shim.learn.fields import FieldOrigin, FieldRow, origins
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.outputs import OutSheet, out_fields
from shim.learn.recorded import CapturedMaker
from shim.learn.samples import Sample, field_text, parsed
from shim.learn.trials import PUT_PLACES, common_order
from shim.settings.pairs import write_pairs

_INSURANCE = re.compile("opc[0-9]{25}|[0-9]{28}")
_RECORD_NO = re.compile("[0-9A-Za-z]{20}")
_PLACES = ("data", "top", "extra")
_FAILURES = ("mapped", "answer", "json", "message", "code-message")
_TERMINAL_STYLES = ("colon", "dash", "plain")
# As shim/terminal.py orders them.
_TERMINAL_ORDER = ("terminal-mac", "terminal-ip", "terminal-record")


@dataclass(slots=True)
class NationResult:
    """What the calls of NationEcTrans tell.

    Attributes:
        wire: lines of [wire].
        terminal: lines of [terminal].
        same_bodies, same_results: the samples whose request, and whose OutData and return value, are the very same.
        of: how many there are.
        different: the samples whose request or result is not the same.
    """

    wire: dict[str, str] = field(default_factory=dict)
    terminal: dict[str, str] = field(default_factory=dict)
    findings: list[LearnFinding] = field(default_factory=list)
    same_bodies: int = 0
    same_results: int = 0
    of: int = 0
    answered: int = 0
    different: tuple[int, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What is found out, while it is."""

    wire: EcWire = field(default_factory=EcWire)
    terminal_names: dict[str, str] = field(default_factory=dict)
    place: str = "data"
    in_terminal: bool = True


def learn_nation(samples: Sequence[Sample]) -> NationResult:
    """What the calls of NationEcTrans tell."""
    result, draft = NationResult(of=len(samples)), _Draft()
    if all("encData" in each.wire for each in samples):
        result.findings.append(problem_finding("ec-encrypted", total=len(samples)))
        return result
    codes = _scanned_codes(samples, draft, result)
    draft = _request(samples, draft, codes, result)
    _answers(samples, draft, result)
    result.wire |= wire_lines(draft.wire)
    bodies = {each.number for each in samples if _agrees(each, draft, codes)}
    answered = [each for each in samples if each.exchange.status and each.out is not None]
    results = {each.number for each in answered if _same_result(each, draft.wire)}
    result.same_bodies, result.same_results, result.answered = len(bodies), len(results), len(answered)
    result.different = tuple(
        each.number
        for each in samples
        if each.number not in bodies or (each in answered and each.number not in results)
    )
    if result.different:
        result.findings.append(
            problem_finding(
                "ec-different",
                bodies=len(bodies),
                results=len(results),
                total=len(samples),
                calls=call_list(result.different),
            )
        )
    return result


def _request(samples: Sequence[Sample], draft: _Draft, codes: Mapping[int, str], result: NationResult) -> _Draft:
    """The requests: with the lines of [terminal] where they make all of them again, else with `ec_added` alone."""
    tries: list[tuple[int, _Draft, NationResult]] = []
    for in_terminal in (True, False):
        trial, found = _Draft(draft.wire, in_terminal=in_terminal), NationResult()
        _fields(samples, trial, codes, found)
        _headers(samples, trial, found)
        _body(samples, trial, codes, found)
        tries.append((sum(_agrees(each, trial, codes) for each in samples), trial, found))
        if tries[-1][0] == len(samples) or not trial.terminal_names:
            break
    _, best, found = max(tries, key=lambda row: row[0])
    result.findings += found.findings
    result.terminal |= found.terminal
    return best


# ---- the scanned code ------------------------------------------------------------------------------------------------


def _scanned_codes(samples: Sequence[Sample], draft: _Draft, result: NationResult) -> dict[int, str]:
    """The codes that the DLL has scanned itself, by sample."""
    places: Counter[tuple[str, str]] = Counter()
    found: dict[int, dict[tuple[str, str], str]] = {}
    for each in samples:
        found[each.number] = {
            (place, name): value
            for place in _PLACES
            for name, value in _level(each.wire, place).items()
            if isinstance(value, str) and _is_code(value) and value not in each.in_text
        }
        places.update(found[each.number].keys())
    if not places:
        scanning = sum(_scans(each) for each in samples)
        result.findings.append(open_finding("ec-no-scan", "ec_code_field", count=scanning))
        return {}
    (place, name), count = max(places.items(), key=lambda item: (item[1], _usual(item[0][1])))
    draft.wire = replace(draft.wire, code_field=name, code_place=place)
    facts = {"name": name, "place": place, "count": count, "total": len(samples)}
    result.findings.append(LearnFinding("ec-code", facts, line="ec_code_field"))
    return {number: values[place, name] for number, values in found.items() if (place, name) in values}


def _is_code(value: str) -> bool:
    return bool(_INSURANCE.fullmatch(value)) or (":" in value and scanned.is_usual(value))


def _usual(name: str) -> int:
    return int("code" in name.lower() or "qr" in name.lower())


def _scans(sample: Sample) -> bool:
    try:
        return parse_ec_request(sample.in_text, _url(sample)).scans is not None
    except ShimError:
        return False


def _level(fields: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The fields of one level; of the top all but the two objects."""
    if place == "top":
        return {name: value for name, value in fields.items() if name not in ("data", "extra")}
    value = fields.get(place)
    value = parsed(value) if isinstance(value, str) else value
    return value if isinstance(value, dict) else {}


def _url(sample: Sample) -> str:
    return (sample.call.texts[0] or b"").decode("latin-1")


# ---- other fields ----------------------------------------------------------------------------------------------------


def _fields(samples: Sequence[Sample], draft: _Draft, codes: Mapping[int, str], result: NationResult) -> None:
    for place in _PLACES:
        rows = [
            FieldRow(
                each.number, _stripped(_level(each.host, place), wire), wire, each.call.began, each.call.ended
            )
            for each in samples
            for wire in [_level(each.wire, place)]
        ]  # fmt: skip
        skipped = frozenset({draft.wire.code_field} if codes and place == draft.wire.code_place else ())
        _take(origins(rows, skipped), place, samples, draft, result)
    if draft.terminal_names:
        result.terminal["place"] = draft.place


def _stripped(host: Mapping[str, Any], wire: Mapping[str, Any]) -> Mapping[str, Any]:
    def as_sent(name: str, value: Any) -> Any:
        sent = wire.get(name)
        return sent if isinstance(value, str) and isinstance(sent, str) and value.strip() == sent else value

    return {name: as_sent(name, value) for name, value in host.items()}


def _take(
    found: Sequence[FieldOrigin], place: str, samples: Sequence[Sample], draft: _Draft, result: NationResult
) -> None:
    prefix = "" if place == "top" else f"{place}."
    for each in found:
        name = f"{prefix}{each.name}"
        facts = {"name": name, "count": each.count, "total": len(samples)}
        if each.kind in ("made", "filled") and _is_terminal(each, place, samples, draft, result, facts):
            continue
        if each.kind in ("made", "filled"):
            column = "added" if each.kind == "made" else "filled"
            change: dict[str, Any] = {column: (*getattr(draft.wire, column), (name, each.other))}
            draft.wire = replace(draft.wire, **change)
            rule = each.other.partition(":")[0] if each.other.startswith("text:") else each.other
            result.findings.append(LearnFinding(f"field-{each.kind}", {**facts, "rule": rule}, line=f"ec_{column}"))
        elif each.kind == "renamed" and place == "top":
            draft.wire = replace(draft.wire, renamed=(*draft.wire.renamed, (each.other, each.name)))
            result.findings.append(LearnFinding("field-renamed", {**facts, "other": each.other}, line="ec_renamed"))
        elif each.kind == "dropped" and place == "top":
            draft.wire = replace(draft.wire, dropped=draft.wire.dropped | {each.name})
            result.findings.append(LearnFinding("field-dropped", facts, line="ec_dropped"))
        elif each.kind != "same":
            result.findings.append(
                problem_finding("field-unknown" if each.kind == "unknown" else "field-inside", **facts)
            )


def _is_terminal(
    each: FieldOrigin,
    place: str,
    samples: Sequence[Sample],
    draft: _Draft,
    result: NationResult,
    facts: Mapping[str, Any],
) -> bool:
    """Whether a field is one of EC 7.2.1.1, which [terminal] says; a value that the host has filled in stays there."""
    there = [sample for sample in samples if each.name in _level(sample.wire, place)]
    if not draft.in_terminal or (draft.terminal_names and place != draft.place):
        return False
    if not all(_scans(sample) for sample in there) or len(there) != sum(map(_scans, samples)):
        return False
    if each.kind == "made" and not each.open:
        return False
    word, _, argument = each.other.partition(":")
    if word == "mac" and argument in _TERMINAL_STYLES:
        result.terminal |= {"mac_field": each.name, "mac_style": argument}
        topic = "terminal-mac"
    elif word == "ip":
        result.terminal["ip_field"] = each.name
        topic = "terminal-ip"
    elif word == "text" and _RECORD_NO.fullmatch(argument) and "record_field" not in result.terminal:
        result.terminal |= {"record_field": each.name, "record_no": argument}
        topic = "terminal-record"
    else:
        return False
    draft.place = place
    draft.terminal_names[each.name] = topic
    result.findings.append(LearnFinding(topic, {**facts, "place": place}, line=next(iter(result.terminal))))
    return True


_USUAL_HEADERS = frozenset(
    "host content-length content-type connection proxy-connection accept accept-encoding accept-language "
    "accept-charset user-agent expect transfer-encoding cache-control pragma te keep-alive date "
    "content-encoding".split()
)


def _headers(samples: Sequence[Sample], draft: _Draft, result: NationResult) -> None:
    pairs = []
    for name in dict.fromkeys(name for each in samples for name, _ in each.exchange.headers):
        words = {each.exchange.header(name) for each in samples}
        if name.lower() in _USUAL_HEADERS:
            continue
        value = next(iter(words))
        if len(words) == 1 and value is not None:
            pairs.append((name, value))
            result.findings.append(LearnFinding("header", {"name": name, "count": len(samples)}, line="ec_headers"))
        else:
            result.findings.append(problem_finding("header-varies", name=name))
    draft.wire = replace(draft.wire, headers=tuple(pairs))


# ---- the body --------------------------------------------------------------------------------------------------------


def _made_body(sample: Sample, draft: _Draft, codes: Mapping[int, str]) -> bytes | None:
    wire = {name: parsed(value) if name in ("data", "extra") and isinstance(value, str) else value
            for name, value in sample.wire.items()}  # fmt: skip
    maker = CapturedMaker(wire, sample.call.began, sample.call.ended)
    level = _level(sample.wire, draft.place)
    ordered = sorted(draft.terminal_names, key=lambda name: _TERMINAL_ORDER.index(draft.terminal_names[name]))
    terminal = {name: field_text(level.get(name)) for name in ordered if name in level}
    try:
        request = parse_ec_request(sample.in_text, _url(sample))
        code = codes.get(sample.number)
        return sealed_ec_request(request, code, draft.wire, terminal, draft.place, maker).body
    except (ShimError, ValueError, KeyError):
        return None


def _agrees(sample: Sample, draft: _Draft, codes: Mapping[int, str]) -> bool:
    return _made_body(sample, draft, codes) == sample.exchange.body


def _body(samples: Sequence[Sample], draft: _Draft, codes: Mapping[int, str], result: NationResult) -> None:
    few = sorted(samples, key=lambda each: (each.in_text.isascii(), "/" not in each.in_text))[:6]

    def count(wire: EcWire, of: Sequence[Sample]) -> int:
        return sum(_agrees(each, replace_draft(draft, wire), codes) for each in of)

    best, most = draft.wire, count(draft.wire, few)
    for changed in _bodies(draft.wire, few):
        if most == len(few):
            break
        if (score := count(changed, few)) > most:
            best, most = changed, score
    draft.wire = best
    for column, others in _same_bodies(best).items():
        same = [word for word, changed in others if count(changed, samples) == count(best, samples)]
        if same:
            result.findings.append(
                open_finding("ec-same", f"ec_{column}", column=f"ec_{column}", values=" / ".join(same))
            )


def replace_draft(draft: _Draft, wire: EcWire) -> _Draft:
    """The same draft with other columns."""
    return replace(draft, wire=wire)


def _bodies(wire: EcWire, few: Sequence[Sample]) -> Iterator[EcWire]:
    body = few[0].exchange.body
    mark = "bom" if body.startswith(b"\xef\xbb\xbf") else "none"
    end = next((word for word in ("crlf", "lf", "nul") if body.endswith(ENDS[word].encode())), "none")
    orders: list[dict[str, Any]] = [{"body_order": "kept"}, {"body_order": "sorted"}, {"body_order": "sorted-all"}]
    fixed = common_order([list(each.wire) for each in few])
    wire = replace(wire, data_form=_data_form(few))
    if fixed:
        orders.append({"body_order": "fixed", "body_fields": fixed})
    for charset in ("utf-8", "gbk"):
        style = replace(wire.body, charset=charset, mark=mark, end=end)
        for put in PUT_PLACES:
            yield replace(wire, body_text="verbatim", body=style, put_place=put)
        yield replace(wire, body_text="verbatim", body=replace(style, end="none"))
        for order, empty, values in product(orders, ("keep", "drop"), ("as-is", "text", "text-null")):
            yield replace(wire, body=replace(style, empty=empty, values=values), **order)
        for order, spaces, escape in product(orders, LAYOUTS, ESCAPES):
            yield replace(wire, body=replace(style, spaces=spaces, escape=escape), **order)
        for put, spaces, escape in product(PUT_PLACES[1:], LAYOUTS, ESCAPES):
            yield replace(wire, body=replace(style, spaces=spaces, escape=escape), put_place=put)


def _data_form(few: Sequence[Sample]) -> str:
    """What `data` becomes, where it does not stay what the host passes."""
    pairs = [(each.host.get("data"), each.wire.get("data")) for each in few]
    if any(isinstance(host, dict) and isinstance(sent, str) for host, sent in pairs):
        return "text"
    return "object" if any(isinstance(host, str) and isinstance(sent, dict) for host, sent in pairs) else "as-is"


def _same_bodies(wire: EcWire) -> dict[str, list[tuple[str, EcWire]]]:
    return {
        "body_text": [
            (word, replace(wire, body_text=word)) for word in ("compact", "verbatim") if word != wire.body_text
        ],
        "body_order": [
            (word, replace(wire, body_order=word))
            for word in ("kept", "sorted", "sorted-all")
            if word != wire.body_order
        ],
        "body_charset": [
            (word, replace(wire, body=replace(wire.body, charset=word)))
            for word in ("utf-8", "gbk")
            if word != wire.body.charset
        ],
    }


# ---- answers ---------------------------------------------------------------------------------------------------------


def _answers(samples: Sequence[Sample], draft: _Draft, result: NationResult) -> None:
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


def _codes(good: _Rows, bad: _Rows, draft: _Draft, result: NationResult) -> None:
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


def _out(good: _Rows, draft: _Draft, result: NationResult) -> None:
    sheets = []
    draft.wire = replace(draft.wire, out=replace(draft.wire.out, data_form=_out_data_form(good)))
    for each, answer in good:
        out = _opened_data(parsed(each.out or ""))
        if isinstance(out, dict):
            sources: dict[str, Mapping[str, Any]] = {"answer": answer}
            try:
                request = parse_ec_request(each.in_text, _url(each))
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
        count = sum(_same_result(each, changed) for each in samples)
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


def _refusals(bad: _Rows, draft: _Draft, result: NationResult) -> None:
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
    draft.wire = max(forms, key=lambda wire: sum(_same_result(each, wire) for each, _ in bad))
    result.findings.append(
        LearnFinding("out-failure", {"form": draft.wire.out_failure, "count": len(bad)}, line="ec_out_failure")
    )


def _same_result(sample: Sample, wire: EcWire) -> bool:
    """Whether OutData and return value are the very same."""
    try:
        request = parse_ec_request(sample.in_text, _url(sample))
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


# ---- lines -----------------------------------------------------------------------------------------------------------


def wire_lines(wire: EcWire) -> dict[str, str]:
    """The lines of [wire] that differ from the defaults."""
    before, after = _all_lines(EcWire()), _all_lines(wire)
    return {f"ec_{key}": value for key, value in after.items() if value != before[key]}


def _all_lines(wire: EcWire) -> dict[str, str]:
    body, out = wire.body, wire.out
    return {
        "code_field": wire.code_field, "code_place": wire.code_place, "code_names": ", ".join(wire.code_names),
        "message_names": ", ".join(wire.message_names), "success": ", ".join(sorted(wire.success)),
        "body_text": wire.body_text, "body_order": wire.body_order, "body_fields": ", ".join(wire.body_fields),
        "data_form": wire.data_form, "body_empty": body.empty, "body_values": body.values,
        "body_charset": body.charset, "body_spaces": body.spaces, "body_escape": body.escape, "body_mark": body.mark,
        "body_end": body.end, "added": write_pairs(wire.added), "filled": write_pairs(wire.filled),
        "put_place": wire.put_place, "dropped": ", ".join(sorted(wire.dropped)),
        "renamed": write_pairs(wire.renamed),
        "headers": write_pairs(wire.headers), "out_form": wire.out_form, "out_order": out.order,
        "out_fields": ", ".join(out.fields), "out_text": out.text, "out_spaces": out.spaces, "out_escape": out.escape,
        "out_end": out.end, "out_data_form": out.data_form,
        "out_dropped": ", ".join(sorted(out.dropped)), "out_renamed": write_pairs(out.renamed),
        "out_added": write_pairs(out.added), "out_failure": wire.out_failure,
        "returned_success": wire.returned_success, "returned_failure": wire.returned_failure,
    }  # fmt: skip
