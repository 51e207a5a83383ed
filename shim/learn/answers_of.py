"""The answers of a VirtualCardTrans platform and what the vendor's DLL makes of them: code, message, ciphers, OutData.

The requests were explained before (`request`). What is found here changes columns of the same row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType
from typing import Any

from shim import codec
from shim.dialects.answers import first_text, parse_answer, result_code
from shim.dialects.body import ENDS
from shim.dialects.dialect import Dialect
from shim.dialects.envelope import answer_envelope, answer_levels
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.virtualcard import VcAnswer, open_vc_answer, parse_vc_request, vc_failure_text, wrapped_answer
from shim.errors import PlatformRefusal, ShimError
from shim.host_codes import SUCCESS_WORDS
from shim.learn.encryption import SealedText, find_cipher, is_sealed
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.outputs import OutSheet, out_fields
from shim.learn.request_result import GivenKeys, RequestResult, enc_word, secrets_of
from shim.learn.samples import Sample, field_text, parsed
from shim.learn.secrets import CIPHER, IN_DATA, Secret
from shim.learn.trials import Trial, common_order

_CIPHER_WORDS = ("AES", "DES", "3DES", "SM4")


@dataclass(frozen=True, slots=True)
class _Answered:
    trial: Trial
    answer: Mapping[str, Any]

    @property
    def sample(self) -> Sample:
        return self.trial.sample

    @property
    def succeeded(self) -> bool:
        return self.sample.code in SUCCESS_WORDS


def learn_answers(
    row: Dialect, result: RequestResult, keys: GivenKeys
) -> tuple[Dialect, list[LearnFinding], dict[str, int]]:
    """`row` with the columns of answers, what was found out, and how many results are the very same, of how many."""
    findings: list[LearnFinding] = []
    rows = list(_answered(result.trials))
    good = [each for each in rows if each.succeeded]
    bad = [each for each in rows if not each.succeeded]
    if not rows:
        return row, [problem_finding("no-answers")], {"same": 0, "of": 0}
    row = _returned(row, good, findings)
    row = _codes(row, good, bad, findings)
    row = _place(row, good, findings)
    row = _answer_ciphers(row, good, keys, findings)
    row = _out(row, good, findings)
    row = _failures(row, bad, findings)
    signed = [each for each in good if answer_envelope(row, each.answer).get(row.sign_name)]
    opened = {each.sample.number: open_trial(each.trial, row) for each in rows}
    valid = [each for each in signed if (answer := opened[each.sample.number]) is not None and answer.sign_valid]
    if signed and len(valid) == len(signed):
        findings.append(LearnFinding("answer-sign", {"count": len(valid)}))
    elif signed:
        findings.append(problem_finding("answer-sign-wrong", count=len(valid), total=len(signed)))
    elif good:
        findings.append(LearnFinding("answer-unsigned", {"count": len(good)}))
    same = [each for each in rows if same_result(each.trial, row)]
    different = [each.sample.number for each in rows if each not in same]
    if different:
        findings.append(problem_finding("out-different", count=len(same), total=len(rows), calls=call_list(different)))
    return row, findings, {"same": len(same), "of": len(rows)}


def open_trial(trial: Trial, row: Dialect) -> VcAnswer | None:
    """The answer of a call, opened by `row`; None where it refuses or cannot be opened."""
    sample = trial.sample
    in_text = sample.in_text if sample.key else codec.dumps({**sample.host, "key": trial.secret})
    try:
        request = replace(parse_vc_request(in_text, row), secret=trial.secret)
        return open_vc_answer(sample.answer, request, row)
    except ShimError:
        return None


def same_result(trial: Trial, row: Dialect) -> bool:
    """Whether `row` gives the very OutData and return value that the vendor's DLL gave."""
    sample = trial.sample
    in_text = sample.in_text if sample.key else codec.dumps({**sample.host, "key": trial.secret})
    try:
        request = replace(parse_vc_request(in_text, row), secret=trial.secret)
        out, code = open_vc_answer(sample.answer, request, row).text, row.returned_success
    except PlatformRefusal as refusal:
        code = refusal.vc_code if row.returned_failure == "platform" else row.returned_failure
        out = _failure_out(row, sample, refusal)
    except ShimError:
        return False
    return (out, code) == (sample.out, sample.code)


def _failure_out(row: Dialect, sample: Sample, refusal: PlatformRefusal) -> str:
    if row.out_failure == "answer":
        return codec.decode(sample.exchange.answer_body, "utf-8", "")[0]
    return vc_failure_text(row, refusal.vc_code, refusal.message)


def _answered(trials: Sequence[Trial]) -> Iterator[_Answered]:
    for each in trials:
        if not each.sample.exchange.status or each.sample.out is None:
            continue
        try:
            yield _Answered(each, parse_answer(each.sample.answer))
        except ShimError:
            continue


# ---- code and message ------------------------------------------------------------------------------------------------


def _returned(row: Dialect, good: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    words = Counter(each.sample.code for each in good)
    if not words:
        findings.append(open_finding("no-successes", "success"))
        return row
    word, count = words.most_common(1)[0]
    findings.append(LearnFinding("returned-success", {"value": word, "count": count}, line="returned_success"))
    return replace(row, returned_success=word)


def _codes(row: Dialect, good: Sequence[_Answered], bad: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    name = _code_name(row, good, bad)
    if name is None:
        findings.append(problem_finding("no-code-name", total=len(good) + len(bad)))
        return row
    values = {_code(each, row, name) for each in good} - {""}
    refused = {_code(each, row, name) for each in bad} - {""}
    if name not in row.code_names or any(_first_name(each, row) not in (name, None) for each in (*good, *bad)):
        row = replace(row, code_names=(name, *(other for other in row.code_names if other != name)))
    if values and not (values <= row.success and not refused & row.success):
        row = replace(row, success=frozenset(values))
    elif values and values != row.success:
        shown = ", ".join(sorted(row.success - values))
        findings.append(open_finding("other-success", "success", seen=", ".join(sorted(values)), others=shown))
    facts = {"name": name, "values": ", ".join(sorted(values)) or "-", "count": len(good), "refused": len(bad)}
    findings.append(LearnFinding("code-name", facts, line="code_names"))
    if not bad:
        findings.append(open_finding("no-refusals", "out_failure"))
    return row


def _levels(each: _Answered, row: Dialect) -> tuple[Mapping[str, Any], ...]:
    return answer_levels(row, each.answer)


def _code(each: _Answered, row: Dialect, name: str) -> str:
    codes = [result_code(level, (name,)) for level in _levels(each, row)]
    return next(filter(None, codes), "")


def _first_name(each: _Answered, row: Dialect) -> str | None:
    return next((name for name in row.code_names for level in _levels(each, row) if name in level), None)


def _code_name(row: Dialect, good: Sequence[_Answered], bad: Sequence[_Answered]) -> str | None:
    """The field that tells success from refusal: the one that was returned, else one that never has the same value."""
    names = dict.fromkeys(name for each in (*good, *bad) for level in _levels(each, row) for name in level)
    ranked: list[tuple[int, int, str]] = []
    for name in names:
        values = [_code(each, row, name) for each in good]
        refused = [_code(each, row, name) for each in bad]
        if not all(values) or not all(refused) or set(values) & set(refused) or len(set(values)) > 3:
            continue
        returned = sum(_code(each, row, name) == each.sample.code for each in bad)
        known = name in row.code_names
        if not known and not bad and not set(values) <= row.success:
            continue
        if max(map(len, (*values, *refused)), default=0) > 12:
            continue
        ranked.append((-returned, -known, name) if bad else (0, -known, name))
    return min(ranked, default=(0, 0, None))[2]


# ---- where biz_content is, and how it is encrypted -------------------------------------------------------------------


def _place(row: Dialect, good: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    if not good:
        return row
    best, most = row, 0
    names = dict.fromkeys(
        [row.answer_content, *(name for each in good for level in (each.answer, _data(each)) for name in level)]
    )
    for name in names:
        for at in ("top", "data"):
            changed = replace(row, answer_at=at, answer_content=name)
            count = sum(_is_content(answer_envelope(changed, each.answer), name, each) for each in good)
            if count > most:
                best, most = changed, count
    if most:
        facts = {"name": best.answer_content, "at": best.answer_at, "count": most}
        findings.append(LearnFinding("answer-place", facts, line="answer_at"))
    return best


def _data(each: _Answered) -> Mapping[str, Any]:
    data = each.answer.get("data")
    data = parsed(data) if isinstance(data, str) else data
    return data if isinstance(data, dict) else {}


def _is_content(envelope: Mapping[str, Any], name: str, each: _Answered) -> bool:
    if name not in envelope:
        return False
    value = envelope[name]
    if isinstance(value, dict):
        return name == "biz_content" or value == parsed(each.sample.out or "")
    if not isinstance(value, str) or not value:
        return False
    if name == "biz_content":
        return True
    out = parsed(each.sample.out or "")
    return (is_sealed(value) and len(value) >= 16 and isinstance(out, dict)) or (
        isinstance(out, dict) and parsed(value) == out
    )


def _answer_ciphers(row: Dialect, good: Sequence[_Answered], keys: GivenKeys, findings: list[LearnFinding]) -> Dialect:
    sealed: dict[str, list[SealedText]] = {}
    for each in good:
        envelope = answer_envelope(row, each.answer)
        value = envelope.get(row.answer_content)
        if isinstance(value, str) and is_sealed(value):
            word = (field_text(envelope.get("enc_type")) or enc_word(each.sample)).strip().upper()
            secrets = [*secrets_of(each.sample, keys)]
            if keys.cipher:
                secrets.append(Secret(CIPHER, keys.cipher))
            out = parsed(each.sample.out or "")
            expected = [each.sample.out or ""]
            if isinstance(out, dict):
                expected += [codec.dumps(out), codec.dumps(out, sort_keys=True)]
            app_id = field_text(envelope.get("app_id")) or field_text(each.sample.host.get("app_id"))
            sealed.setdefault(word, []).append(
                SealedText(each.sample.number, value, tuple(dict.fromkeys(expected)), tuple(secrets), app_id)
            )
    changed = dict(row.answer_ciphers if row.answer_ciphers is not None else row.ciphers)
    different = False
    for word, texts in sealed.items():
        known = row.ciphers.get(word)
        if known is not None and all(_opens(known, row, each) for each in texts):
            findings.append(LearnFinding("answer-cipher-same", {"word": word or "''", "count": len(texts)}))
            continue
        found = find_cipher(texts, [each for each in row.ciphers.values() if each is not None])
        if found is None or found.cipher is None or word not in _CIPHER_WORDS:
            findings.append(problem_finding("answer-cipher-unknown", word=word or "''", count=len(texts)))
            continue
        facts = {
            "word": word,
            "count": len(found.plains),
            "total": len(texts),
            "cipher": found.described,
            "source": found.source,
        }
        findings.append(LearnFinding("answer-cipher", facts, line=f"{word.lower()}_answer"))
        if len(found.key_rules) > 1:
            findings.append(
                open_finding("cipher-key-rule", f"{word.lower()}_answer", word=word, values=" / ".join(found.key_rules))
            )
        changed[word] = found.cipher
        different = True
        own = next((secret.text for secret in texts[0].secrets if secret.source == found.source), "")
        if found.source != IN_DATA and own and own not in (row.cipher_secret, row.app_key):
            row = replace(row, answer_secret=own)
            findings.append(LearnFinding("answer-secret", {"source": found.source}, line="answer_secret"))
    return replace(row, answer_ciphers=MappingProxyType(changed)) if different else row


def _opens(cipher: Any, row: Dialect, text: SealedText) -> bool:
    secrets = [row.cipher_secret] if row.cipher_secret else [secret.text for secret in text.secrets[:2]]
    for secret in secrets:
        try:
            if isinstance(parsed(cipher.decrypt_text(text.text, secret, text.app_id)), (dict, list)):
                return True
        except (ValueError, ShimError):
            continue
    return False


# ---- OutData ---------------------------------------------------------------------------------------------------------


def _out(row: Dialect, good: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    texts = [each.sample.out or "" for each in good]
    if not good:
        return row
    end = next((word for word in ("crlf", "lf") if all(text.endswith(ENDS[word]) for text in texts)), "none")
    row = replace(row, out_end=end)
    sheets = [sheet for each in good for sheet in [_sheet(row, each)] if sheet is not None]
    trials = [each.trial for each in good]
    if not sheets:
        return _best_out(row, ({"out_form": "message"},), trials)
    fields = out_fields(sheets, row.out_form)
    if fields is not None:
        for name in fields.unknown:
            findings.append(problem_finding("out-unknown", name=name, total=len(sheets)))
        row = replace(
            row, out_form=fields.form, out_dropped=fields.dropped, out_renamed=fields.renamed, out_added=fields.added
        )
        facts = {"form": fields.form, "count": len(sheets)}
        findings.append(LearnFinding("out-form", facts, line="out_form"))
        for column, value in (
            ("out_dropped", fields.dropped),
            ("out_renamed", fields.renamed),
            ("out_added", fields.added),
        ):
            if value:
                findings.append(
                    LearnFinding(
                        "out-fields", {"column": column, "count": len(value), "total": len(sheets)}, line=column
                    )
                )
    orders = [list(parsed(text)) for text in texts if isinstance(parsed(text), dict)]
    row = _best_out(row, _out_texts(common_order(orders)), trials)
    by_name = all(order == sorted(order) for order in orders)
    if by_name and row.out_order == "kept":
        findings.append(open_finding("out-order", "out_order"))
    findings.append(LearnFinding("out-order-found", {"order": row.out_order, "count": len(orders)}, line="out_order"))
    return row


def _sheet(row: Dialect, each: _Answered) -> OutSheet | None:
    out = parsed(each.sample.out or "")
    opened = open_trial(each.trial, replace(row, out_form="content", out_text="compact"))
    if not isinstance(out, dict) or opened is None:
        return None
    content = parsed(opened.text)
    envelope = answer_envelope(row, each.answer)
    name = row.answer_content
    whole = dict(each.answer)
    text = dict(each.answer)
    if name in envelope:
        if envelope is each.answer:
            whole[name], text[name] = content, opened.text
        else:
            whole["data"], text["data"] = {**_data(each), name: content}, {**_data(each), name: opened.text}
    wrapped = wrapped_answer(row, _levels(each, row), content)
    sources: dict[str, Mapping[str, Any]] = {
        "envelope": whole, "answer": each.answer, "envelope-text": text, "wrapped": wrapped,
    }  # fmt: skip
    if isinstance(content, dict):
        sources = {"content": content, **sources}
    return OutSheet(each.sample.number, sources, {**_data(each), **each.answer}, each.sample.host, out)


def _out_texts(order: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    orders: list[dict[str, Any]] = [{"out_order": "sorted"}, {"out_order": "kept"}]
    if order:
        orders.append({"out_order": "fixed", "out_fields": order})
    for base, text in product(orders, ("compact", "verbatim")):
        yield {**base, "out_text": text}
    for base, spaces, escape in product(orders, LAYOUTS, ESCAPES):
        yield {**base, "out_text": "compact", "out_spaces": spaces, "out_escape": escape}


def _best_out(row: Dialect, changes: Any, trials: Sequence[Trial]) -> Dialect:
    best, most = row, sum(same_result(each, row) for each in trials)
    few = trials[:3]
    for change in changes:
        if most == len(trials):
            return best
        changed = replace(row, **change)
        if not any(same_result(each, changed) for each in few):
            continue
        count = sum(same_result(each, changed) for each in trials)
        if count > most:
            best, most = changed, count
    return best


# ---- refusals --------------------------------------------------------------------------------------------------------


def _failures(row: Dialect, bad: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    if not bad:
        return row
    codes = [
        next((code for level in _levels(each, row) if (code := result_code(level, row.code_names))), "") for each in bad
    ]
    returned = [each.sample.code for each in bad]
    row = _message_name(row, bad, findings)
    if codes != returned and len(set(returned)) == 1:
        row = replace(row, returned_failure=returned[0])
        findings.append(
            LearnFinding("returned-failure", {"value": returned[0], "count": len(bad)}, line="returned_failure")
        )
    elif codes == returned:
        findings.append(LearnFinding("returned-platform", {"count": len(bad)}, line="returned_failure"))
        if len(set(codes)) == 1:
            findings.append(open_finding("returned-failure-open", "returned_failure", value=codes[0]))
    else:
        pairs = call_list(each.sample.number for each, code in zip(bad, codes, strict=True) if code != each.sample.code)
        findings.append(problem_finding("returned-unknown", calls=pairs))
    trials = [each.trial for each in bad]
    changes: list[dict[str, Any]] = [{"out_failure": form} for form in ("message", "code-message")]
    there = {name for each in bad for level in _levels(each, row) for name in level}
    firsts = dict.fromkeys([(row.code_names, row.message_names), (_first(row.code_names, there),
                                                                  _first(row.message_names, there))])  # fmt: skip
    for form, (code_names, message_names) in product(("json", "json-number"), firsts):
        changes.append({"out_failure": form, "code_names": code_names, "message_names": message_names})
    row = _best_out(row, [*changes, {"out_failure": "answer"}, *_names_in_out(row, bad, there)], trials)
    findings.append(LearnFinding("out-failure", {"form": row.out_failure, "count": len(bad)}, line="out_failure"))
    return row


def _first(names: tuple[str, ...], there: Collection[str]) -> tuple[str, ...]:
    """The names, those that answers have first."""
    return tuple(sorted(names, key=lambda name: name not in there))


def _names_in_out(row: Dialect, bad: Sequence[_Answered], there: Collection[str]) -> list[dict[str, Any]]:
    """OutData of a refusal as a JSON object of code and message, under names that the answers do not have."""
    try:
        outs = [codec.loads_object(each.sample.out or "", "OutData", "VC 3.2") for each in bad]
    except ShimError:
        return []
    names = list(outs[0])
    if len(names) != 2 or any(list(out) != names for out in outs) or all(name in there for name in names):
        return []
    code, message = sorted(names, key=lambda name: not str(outs[0][name]).lstrip("-").isdigit())
    code_names = (code, *(name for name in row.code_names if name not in names))
    message_names = (message, *(name for name in row.message_names if name not in names))
    return [
        {"out_failure": form, "code_names": code_names, "message_names": message_names}
        for form in ("json", "json-number")
    ]


def _message_name(row: Dialect, bad: Sequence[_Answered], findings: list[LearnFinding]) -> Dialect:
    """The field whose text is in OutData of every refusal."""
    names = dict.fromkeys(
        [*row.message_names, *(name for each in bad for level in _levels(each, row) for name in level)]
    )
    for name in names:
        texts = [next(filter(None, (first_text(level, (name,)) for level in _levels(each, row))), "") for each in bad]
        if name in row.code_names or not all(texts):
            continue
        if all(text in (each.sample.out or "") for text, each in zip(texts, bad, strict=True)):
            findings.append(LearnFinding("message-name", {"name": name, "count": len(bad)}, line="message_names"))
            present = [
                other
                for other in row.message_names
                if any(other in level for each in bad for level in _levels(each, row))
            ]
            if present[:1] != [name]:
                return replace(row, message_names=(name, *(other for other in row.message_names if other != name)))
            return row
    return row
