"""What stands before and behind the fields of a base string, and how the text is signed: every ending that is tried.

Each has its cost, as departures from the likely. What it is not: the fields and their arrangement, and the order in
which anything is tried (shim/learn/plan.py, its only user). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from shim.learn.base_string import DIGESTS, BaseString, digests_of, with_ends

_LIKELY_TAILS = ("key=", "&key=", "", "&app_secret=", "&sign_key=", "&secret=", "&appkey=", "&app_key=")
_SECRET_NAMES = (
    "key", "app_secret", "sign_key", "secret", "appkey", "app_key", "appSecret", "appKey", "secretKey", "secret_key",
    "signKey", "appsecret", "secretkey", "signkey", "Key", "KEY", "token", "api_key", "apiKey", "apikey",
    "password", "pwd", "salt", "sk", "ak", "access_key", "accessKey", "client_secret", "sign",
    "md5key", "privateKey", "private_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignEnding:
    """What stands before and behind the fields, ready to be tried: the bytes, and the columns that they are."""

    before: bytes
    behind: bytes
    columns: BaseString


# Digest, case of the fields, sign_again: what endings that are tried together have in common.
EndingGroup = tuple[str, str, str]


def ending_groups(
    joiner: str, equals: str, size: int, effort: int, cost: int, form: str, secret: str, source: str
) -> Mapping[EndingGroup, list[SignEnding]]:
    """The endings of one cost with one secret, by what they have in common."""
    groups: dict[EndingGroup, list[SignEnding]] = {}
    for ending_cost, columns in _endings(joiner, equals, size, effort):
        if ending_cost != cost or columns.secret_form != form:
            continue
        columns = replace(columns, source=source)
        before, behind = with_ends(replace(columns, sort="fixed"), "\0", secret).split("\0")
        case = columns.base_case.partition("-")[0] if columns.base_case != "as-is" else "as-is"
        groups.setdefault((columns.digest, case, columns.sign_again), []).append(
            SignEnding(before.encode(), behind.encode(), columns)
        )
    return groups


@cache
def ending_counts(joiner: str, equals: str, size: int, effort: int) -> tuple[int, ...]:
    """How many endings there are of each cost up to `effort`."""
    counts = [0] * (effort + 1)
    for cost, _ in _endings(joiner, equals, size, effort):
        counts[cost] += 1
    return tuple(counts)


@cache
def _endings(joiner: str, equals: str, size: int, effort: int) -> tuple[tuple[int, BaseString], ...]:
    """What stands before and behind the fields, and how the text is signed, with its cost."""
    rows: list[tuple[int, BaseString]] = []
    forms = (("as-is", 0), ("upper", 1), ("lower", 1), ("md5-lower", 1), ("md5-upper", 1), ("trimmed", 1))
    cases = (("as-is", 0), ("upper", 1), ("lower", 1), ("upper-but-secret", 2), ("lower-but-secret", 2))
    again = (("no", 0), ("text", 2), ("text-secret", 2))
    for place_cost, place in _places(joiner, equals):
        inside = place["append_secret"] == "yes"
        for digest in digests_of(size):
            keyed = DIGESTS[digest][1]
            if keyed and place_cost and inside:
                continue
            # An HMAC has the secret as its key, a digest has it in its text.
            odd = place_cost + (1 if keyed else 0) if inside else (0 if keyed else 1)
            for form, form_cost in forms:
                for case, case_cost in cases:
                    for twice, twice_cost in again:
                        cost = odd + form_cost + case_cost + twice_cost
                        if cost > effort or (twice != "no" and (keyed or place_cost > 1 or case != "as-is")):
                            continue
                        columns = BaseString(
                            digest=digest,
                            secret_form=form,
                            base_case=case,
                            sign_again=twice,
                            **place,  # type: ignore[arg-type]
                        )
                        rows.append((cost, columns))
    return tuple(rows)


def _places(joiner: str, equals: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Where the secret stands."""
    seen = set()
    for tail in _LIKELY_TAILS:
        seen.add(tail)
        yield 0, {"tail": tail, "append_secret": "yes", "secret_at": "end"}
    yield 1, {"tail": "", "append_secret": "no", "secret_at": "end"}
    yield 1, {"tail": "", "append_secret": "yes", "secret_at": "start"}
    yield 1, {"tail": "", "append_secret": "yes", "secret_at": "both"}
    if joiner:
        yield 1, {"tail": joiner, "append_secret": "yes", "secret_at": "end"}
        yield 1, {"tail": "", "head": joiner, "append_secret": "yes", "secret_at": "start"}
        yield 1, {"tail": joiner, "head": joiner, "append_secret": "yes", "secret_at": "both"}
    for cost, mark in ((1, joiner), (1, ""), (2, "&"), (3, "|"), (3, ",")):
        for name in _SECRET_NAMES:
            for sign in dict.fromkeys((equals, "=")):
                tail = f"{mark}{name}{sign}"
                if tail not in seen:
                    seen.add(tail)
                    yield cost, {"tail": tail, "append_secret": "yes", "secret_at": "end"}
    for name in _SECRET_NAMES:
        yield 2, {"tail": "", "lead": f"{name}{equals}", "head": joiner, "append_secret": "yes", "secret_at": "start"}
        yield (
            3,
            {
                "tail": f"{joiner}{name}{equals}",
                "lead": f"{name}{equals}",
                "head": joiner,
                "append_secret": "yes",
                "secret_at": "both",
            },
        )
