"""Which fields of the requests of VirtualCardTrans hold the sign, its kind and biz_content. A step of `request`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from shim.learn.content import CONTENT, expected_texts
from shim.learn.encryption import encoding_of, is_sealed
from shim.learn.findings import LearnFinding, problem_finding
from shim.learn.request_result import FieldRoles, RequestResult, size_of_word
from shim.learn.samples import Sample, field_text

_SIGN_NAMES = ("sign", "digest", "signature", "signData", "sign_data", "signed", "mac", "hash", "token")
_SIZES = (8, 16, 20, 28, 32, 48, 64)


def find_roles(samples: Sequence[Sample], result: RequestResult) -> FieldRoles:
    """The fields' parts, each in the findings of `result`, and the columns that name them."""
    content = _content_name(samples)
    sign = next(iter(_sign_fields(samples, content)), "")
    sign_type = "sign_type"
    if not any("sign_type" in each.wire for each in samples):
        names = dict.fromkeys(name for each in samples for name in each.wire if name.endswith(("type", "Type")))
        words = [(name, [each for each in samples if name in each.wire]) for name in names if name != "enc_type"]
        for name, there in words:
            if there and all(field_text(each.host.get("sign_type")) == each.word(name) for each in there):
                sign_type = name
    if content != CONTENT:
        result.values["renamed"] = ((CONTENT, content),)
    if sign:
        result.values |= {"sign_name": sign, "sign_type_name": sign_type}
        result.findings.append(LearnFinding("sign-name", {"name": sign, "count": len(samples)}, line="sign_name"))
    else:
        result.findings.append(problem_finding("no-sign"))
    return FieldRoles(sign, sign_type, content)


def _content_name(samples: Sequence[Sample]) -> str:
    if any(CONTENT in each.wire for each in samples):
        return CONTENT
    scores: Counter[str] = Counter()
    for each in samples:
        expected = set(expected_texts(each).values())
        for name, value in each.wire.items():
            if value == each.content or (isinstance(value, str) and value in expected):
                scores[name] += 1000
            elif isinstance(value, str) and is_sealed(value) and name not in each.host:
                scores[name] += len(value)
    return max(scores, key=lambda name: scores[name]) if scores else CONTENT


def _sign_fields(samples: Sequence[Sample], content: str) -> list[str]:
    """The fields that may be the sign, the likely first."""
    names = dict.fromkeys(name for each in samples for name in each.wire if name != content)
    ranked: list[tuple[int, int, str]] = []
    for at, name in enumerate(names):
        there = [each for each in samples if each.word(name)]
        words = [each.word(name) for each in there]
        encoding = encoding_of(words)
        own = any(each.word(name) == field_text(each.host.get(name)) for each in there)
        if encoding is None or own or (len(set(words)) == 1 and len(words) > 1):
            continue
        sizes = {size_of_word(word, encoding) for word in words}
        if sizes <= {*_SIZES, 128, 256} or all(68 <= size <= 73 for size in sizes):  # SM2 as DER varies
            known = _SIGN_NAMES.index(name) if name in _SIGN_NAMES else len(_SIGN_NAMES)
            ranked.append((known, at, name))
    return [name for _, _, name in sorted(ranked)]
