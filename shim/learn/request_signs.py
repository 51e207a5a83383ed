"""How the requests of VirtualCardTrans are signed, by the words of sign_type. A step of `request`.

What it is not: the search for one base string, which is `signing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shim.learn.base_string import BaseString, Signed
from shim.learn.content import expected_texts, verbatim
from shim.learn.encryption import encoding_of
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.oddities import common_to
from shim.learn.request_result import FieldRoles, GivenKeys, RequestResult, secrets_of, size_of_word
from shim.learn.samples import Sample, field_text
from shim.learn.search import Searcher
from shim.learn.signing import FoundSign, agreed, find_sign, shown

_EFFORT_LEFT = 2
_FEW_OBJECTS = 6


def _signed(sample: Sample, roles: FieldRoles, keys: GivenKeys, plain: str) -> Signed:
    fields = {
        name: None if value is None else field_text(value) for name, value in sample.wire.items() if name != roles.sign
    }
    sealed = sample.wire.get(roles.content)
    fields[roles.content] = plain
    return Signed(
        sample.number, fields, sealed if isinstance(sealed, str) else "", secrets_of(sample, keys),
        sample.word(roles.sign), tuple(name for name in sample.host if name not in ("key", "sign", roles.sign)),
        roles.content,
    )  # fmt: skip


def find_signs(
    samples: Sequence[Sample],
    roles: FieldRoles,
    keys: GivenKeys,
    plains: Mapping[int, str],
    searcher: Searcher,
    result: RequestResult,
) -> tuple[dict[str, FoundSign | None], Mapping[int, str]]:
    """How the signs are made, by the words of sign_type; and the plain texts that they are made over."""
    if not roles.sign:
        return {}, plains
    plains = _signed_plains(samples, roles, keys, plains, searcher)
    groups: dict[str, list[Signed]] = {}
    for each in samples:
        groups.setdefault(_sign_word(each, roles), []).append(_signed(each, roles, keys, plains[each.number]))
    found: dict[str, FoundSign | None] = {}
    known: list[BaseString] = []
    for word, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        # After one search in vain another one is not worth as much.
        effort = _EFFORT_LEFT if found and not any(found.values()) else searcher.effort
        there = [each for each in group if each.sign]
        sign = find_sign(there, searcher, known, effort) if there else None
        found[word] = sign
        if sign is not None:
            known.append(sign.base)
    if sum(sign is not None for sign in found.values()) > 1:
        found = agreed(found, {word: [each for each in group if each.sign] for word, group in groups.items()})
    for word, sign in found.items():
        _tell_sign(word, groups[word], sign, samples, result)
    fitting = sum(len(sign.fitting) for sign in found.values() if sign is not None)
    result.signs = (fitting, len(samples))
    return found, plains


def _signed_plains(
    samples: Sequence[Sample], roles: FieldRoles, keys: GivenKeys, plains: Mapping[int, str], searcher: Searcher
) -> Mapping[int, str]:
    """The plain texts, and where biz_content is posted as an object the text of it that is signed.

    The object as it stands on the wire, rewritten, is the likely one; InData's is tried where the likely search finds
    no sign over that.
    """
    objects = [each for each in samples if isinstance(each.wire.get(roles.content), (dict, list)) and _has(each, roles)]
    if not objects:
        return plains
    few = sorted(objects, key=lambda each: -len(plains[each.number]))[:_FEW_OBJECTS]
    for kind in ("wire", "wire-verbatim", "verbatim", "compact", "sorted"):
        texts = {each.number: _object_text(each, roles, kind) for each in objects}
        if kind != "wire" and all(texts[each.number] == plains[each.number] for each in few):
            continue
        found = find_sign([_signed(each, roles, keys, texts[each.number]) for each in few], searcher, effort=1)
        if found is not None and not found.misfits:
            return {**plains, **texts}
    return plains


def _has(sample: Sample, roles: FieldRoles) -> bool:
    return bool(sample.word(roles.sign))


def _object_text(sample: Sample, roles: FieldRoles, kind: str) -> str:
    likely = field_text(sample.wire[roles.content])
    if kind == "wire":
        return likely
    if kind == "wire-verbatim":
        return verbatim(sample.wire_text, roles.content) or likely
    return expected_texts(sample).get(kind, likely)


def _tell_sign(
    word: str, group: Sequence[Signed], sign: FoundSign | None, samples: Sequence[Sample], result: RequestResult
) -> None:
    shown_word, count = word or "''", len(group)
    if sign is None:
        encoding = encoding_of(each.sign for each in group if each.sign)
        size = size_of_word(group[0].sign, encoding) if encoding and group[0].sign else 0
        result.findings.append(
            problem_finding("sign-unknown", word=shown_word, count=count, size=size, encoding=encoding or "?")
        )
        return
    base = sign.base
    facts = {
        "word": shown_word, "count": len(sign.fitting), "total": count, "digest": base.digest, "call": sign.pinned_by,
        "recipe": _recipe(base),
    }  # fmt: skip
    result.findings.append(LearnFinding("sign", facts, line="digest"))
    if sign.misfits:
        fields = {each.number: each for each in samples}
        why = common_to([fields[n] for n in sign.misfits], [fields[n] for n in sign.fitting])
        result.findings.append(
            problem_finding(
                "sign-misfits", count=len(sign.fitting), total=count, calls=call_list(sign.misfits), why=why or "-"
            )
        )
    for column, values in sign.same.items():
        if column in _SIGN_COLUMNS:
            result.findings.append(
                open_finding(
                    f"same-{column}",
                    column,
                    value=shown(base, column) or "none",
                    values=" / ".join(v or "none" for v in values),
                )
            )


def _recipe(base: BaseString) -> str:
    """How the base string is made, as columns and values; those that have their usual value are left out."""
    usual = BaseString()
    named = ("scope", "sort", "empty", "joiner", "tail", "charset")
    return ", ".join(
        f"{name} = {shown(base, name) or 'none'}"
        for name in (*named, *(each for each in sign_columns(base) if each not in named))
        if name in named or getattr(base, name) != getattr(usual, name)
    )


_SIGN_COLUMNS = ("empty", "charset", "sort", "sign_over", "scope", "value_form", "base_case", "secret_form", "unsigned")


def _sign_word(sample: Sample, roles: FieldRoles) -> str:
    name = roles.sign_type
    host = field_text(sample.host.get(name)) or field_text(sample.host.get("sign_type"))
    return (sample.word(name) if name in sample.wire else host).strip().upper()


def sign_columns(base: BaseString) -> dict[str, Any]:
    """The columns of a dialect that say how a base string is made."""
    names = (
        "scope", "sign_over", "unsigned", "sort", "fields", "empty", "joiner", "tail", "append_secret", "charset",
        "parts", "equals", "value_form", "head", "secret_at", "lead", "base_case", "sign_encoding", "sign_again",
        "sign_part", "secret_form",
    )  # fmt: skip
    return {name: getattr(base, name) for name in names}
