"""NationEcTrans: what its requests and answers tell, as lines of [wire] ec_… and [terminal].

The counterpart of `request` and `answers_of`, for JSON that is neither signed nor encrypted: where the scanned code
stands, what the DLL adds of this terminal, how body and OutData are written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from shim.dialects import scanned
from shim.dialects.body import ENDS
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.nation import EcWire, parse_ec_request, sealed_ec_request
from shim.errors import ShimError
from shim.learn.fields import FieldOrigin, FieldRow, origins
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.national_answers import has_same_result, learn_nation_answers
from shim.learn.national_result import NationDraft, NationResult, nation_url
from shim.learn.recorded import CapturedMaker
from shim.learn.samples import Sample, field_text, parsed
from shim.learn.trials import PUT_PLACES, common_order
from shim.settings.pairs import write_pairs

_INSURANCE = re.compile("opc[0-9]{25}|[0-9]{28}")
_RECORD_NO = re.compile("[0-9A-Za-z]{20}")
_PLACES = ("data", "top", "extra")
_TERMINAL_STYLES = ("colon", "dash", "plain")
# As shim/terminal.py orders them.
_TERMINAL_ORDER = ("terminal-mac", "terminal-ip", "terminal-record")


def learn_nation(samples: Sequence[Sample]) -> NationResult:
    """What the calls of NationEcTrans tell."""
    result, draft = NationResult(of=len(samples)), NationDraft()
    if all("encData" in each.wire for each in samples):
        result.findings.append(problem_finding("ec-encrypted", total=len(samples)))
        return result
    codes = _scanned_codes(samples, draft, result)
    draft = _request(samples, draft, codes, result)
    learn_nation_answers(samples, draft, result)
    result.wire |= wire_lines(draft.wire)
    bodies = {each.number for each in samples if _agrees(each, draft, codes)}
    answered = [each for each in samples if each.exchange.status and each.out is not None]
    results = {each.number for each in answered if has_same_result(each, draft.wire)}
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


def _request(
    samples: Sequence[Sample], draft: NationDraft, codes: Mapping[int, str], result: NationResult
) -> NationDraft:
    """The requests: with the lines of [terminal] where they make all of them again, else with `ec_added` alone."""
    tries: list[tuple[int, NationDraft, NationResult]] = []
    for in_terminal in (True, False):
        trial, found = NationDraft(draft.wire, in_terminal=in_terminal), NationResult()
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


def _scanned_codes(samples: Sequence[Sample], draft: NationDraft, result: NationResult) -> dict[int, str]:
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
        return parse_ec_request(sample.in_text, nation_url(sample)).scans is not None
    except ShimError:
        return False


def _level(fields: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The fields of one level; of the top all but the two objects."""
    if place == "top":
        return {name: value for name, value in fields.items() if name not in ("data", "extra")}
    value = fields.get(place)
    value = parsed(value) if isinstance(value, str) else value
    return value if isinstance(value, dict) else {}


# ---- other fields ----------------------------------------------------------------------------------------------------


def _fields(samples: Sequence[Sample], draft: NationDraft, codes: Mapping[int, str], result: NationResult) -> None:
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
    found: Sequence[FieldOrigin], place: str, samples: Sequence[Sample], draft: NationDraft, result: NationResult
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
    draft: NationDraft,
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


def _headers(samples: Sequence[Sample], draft: NationDraft, result: NationResult) -> None:
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


def _made_body(sample: Sample, draft: NationDraft, codes: Mapping[int, str]) -> bytes | None:
    wire = {name: parsed(value) if name in ("data", "extra") and isinstance(value, str) else value
            for name, value in sample.wire.items()}  # fmt: skip
    maker = CapturedMaker(wire, sample.call.began, sample.call.ended)
    level = _level(sample.wire, draft.place)
    ordered = sorted(draft.terminal_names, key=lambda name: _TERMINAL_ORDER.index(draft.terminal_names[name]))
    terminal = {name: field_text(level.get(name)) for name in ordered if name in level}
    try:
        request = parse_ec_request(sample.in_text, nation_url(sample))
        code = codes.get(sample.number)
        return sealed_ec_request(request, code, draft.wire, terminal, draft.place, maker).body
    except (ShimError, ValueError, KeyError):
        return None


def _agrees(sample: Sample, draft: NationDraft, codes: Mapping[int, str]) -> bool:
    return _made_body(sample, draft, codes) == sample.exchange.body


def _body(samples: Sequence[Sample], draft: NationDraft, codes: Mapping[int, str], result: NationResult) -> None:
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


def replace_draft(draft: NationDraft, wire: EcWire) -> NationDraft:
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
