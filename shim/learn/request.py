"""The requests of VirtualCardTrans: which dialect makes them of InData. The steps; each has a module of its own.

Fields first get their parts (sign, biz_content, words of the types); then ciphers are opened, the signs searched for,
the other fields explained; what only shows in the bytes is tried last, by the product's own code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from shim.crypto import block_ciphers, byte_text
from shim.dialects.dialect import Dialect
from shim.dialects.presets import EHCSERVICE
from shim.dialects.signers import SIGNERS
from shim.errors import HostError
from shim.learn.base_string import BaseString, Signed
from shim.learn.content import CONTENT, expected_texts, inner_fields, verbatim
from shim.learn.encryption import FoundCipher, SealedText, encoding_of, encodings_of, find_cipher, is_sealed
from shim.learn.fields import FieldOrigin, FieldRow, origins
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.oddities import common_to
from shim.learn.samples import Sample, field_text
from shim.learn.search import Searcher
from shim.learn.secrets import CIPHER, GIVEN, IN_DATA, Secret
from shim.learn.signing import FoundSign, agreed, find_sign, shown
from shim.learn.trials import Trial, alternatives, fitted
from shim.spec import find_method

_SIGN_NAMES = ("sign", "digest", "signature", "signData", "sign_data", "signed", "mac", "hash", "token")
_SIZES = (8, 16, 20, 28, 32, 48, 64)
_EFFORT_LEFT = 2
_FEW_OBJECTS = 6
# Fields that the product refuses to be without, unless the dialect says otherwise.
_REQUIRED = ("app_id", "method", "term_id", "version")
_CIPHER_WORDS = ("AES", "DES", "3DES", "SM4")


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys that were given by hand: in the place of `key` of InData, and for the ciphers alone; "" for none."""

    key: str = field(default="", repr=False)
    cipher: str = field(default="", repr=False)


@dataclass(slots=True)
class RequestResult:
    """What the requests tell.

    Attributes:
        row: a dialect that makes them, by the columns of `values` on the default one; None where there is none.
        values: the columns that were found out.
        trials: the requests, for what is tried later.
        agreeing, different: the samples that `row` makes byte for byte, and the others.
        secret_source: which secret signs and encrypts.
        needs_cipher_secret: the ciphers have a key of their own, which the section must not print.
        key_is_wrong: neither sign nor cipher fits any key that is known.
        content_type: the header as it was sent; "" where it varies.
    """

    row: Dialect | None = None
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[LearnFinding] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    agreeing: tuple[int, ...] = ()
    different: tuple[int, ...] = ()
    secret_source: str = IN_DATA
    needs_cipher_secret: bool = False
    key_is_wrong: bool = False
    content_type: str = ""
    signs: tuple[int, int] = (0, 0)
    opened: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Roles:
    sign: str
    sign_type: str
    content: str


def learn_requests(samples: Sequence[Sample], keys: GivenKeys, searcher: Searcher) -> RequestResult:
    """What the requests of VirtualCardTrans tell."""
    result = RequestResult()
    roles = _roles(samples, result)
    ciphers, plains = _ciphers(samples, roles, keys, result)
    signs, signed = _signs(samples, roles, keys, plains, searcher, result)
    _judge_keys(samples, roles, keys, ciphers, signs, result)
    if result.key_is_wrong:
        return result
    _names(samples, roles, signed, result)
    _headers(samples, result)
    _assemble(samples, roles, keys, ciphers, signs, signed, result)
    return result


# ---- the parts of the fields -----------------------------------------------------------------------------------------


def _roles(samples: Sequence[Sample], result: RequestResult) -> _Roles:
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
    return _Roles(sign, sign_type, content)


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
        sizes = {_size(word, encoding) for word in words}
        if sizes <= {*_SIZES, 128, 256} or all(68 <= size <= 73 for size in sizes):  # SM2 as DER varies
            known = _SIGN_NAMES.index(name) if name in _SIGN_NAMES else len(_SIGN_NAMES)
            ranked.append((known, at, name))
    return [name for _, _, name in sorted(ranked)]


def _size(word: str, encoding: str) -> int:
    return len(byte_text.from_text(word, encoding))


def enc_word(sample: Sample) -> str:
    """The word of enc_type by which biz_content is encrypted: as it was sent, else as the host wrote it."""
    return (
        (sample.word("enc_type") if "enc_type" in sample.wire else field_text(sample.host.get("enc_type")))
        .strip()
        .upper()
    )


def _sign_word(sample: Sample, roles: _Roles) -> str:
    name = roles.sign_type
    host = field_text(sample.host.get(name)) or field_text(sample.host.get("sign_type"))
    return (sample.word(name) if name in sample.wire else host).strip().upper()


def secrets_of(sample: Sample, keys: GivenKeys) -> tuple[Secret, ...]:
    """What may sign a request, the likely first."""
    given = (Secret(IN_DATA, sample.key), Secret(GIVEN, keys.key))
    return tuple({each.text: each for each in reversed(given) if each.text}.values())[::-1]


# ---- ciphers ---------------------------------------------------------------------------------------------------------


def _ciphers(
    samples: Sequence[Sample], roles: _Roles, keys: GivenKeys, result: RequestResult
) -> tuple[dict[str, FoundCipher | None], dict[int, str]]:
    """What opens biz_content, by the words of enc_type that encrypt; and the plain texts."""
    plains: dict[int, str] = {}
    sealed: dict[str, list[SealedText]] = {}
    plain_words: Counter[str] = Counter()
    for each in samples:
        value, word = each.wire.get(roles.content), enc_word(each)
        expected = expected_texts(each)
        if isinstance(value, str) and is_sealed(value) and value not in expected.values():
            others = tuple(field_text(other) for name, other in each.wire.items() if name != roles.content)
            secrets = (*secrets_of(each, keys), *_cipher_secrets(each, keys))
            sealed.setdefault(word, []).append(
                SealedText(each.number, value, tuple(expected.values()), secrets, each.word("app_id"), others)
            )
        else:
            plain_words[word] += 1
            plains[each.number] = field_text(value)
    found = {word: find_cipher(texts) for word, texts in sealed.items()}
    for word, cipher in found.items():
        if cipher is not None:
            plains |= cipher.plains
        _tell_cipher(word, sealed[word], cipher, result)
    for each in samples:
        plains.setdefault(each.number, expected_texts(each).get("compact", ""))
    for word, count in sorted(plain_words.items()):
        if word in sealed:
            result.findings.append(problem_finding("sometimes-sealed", word=word or "''", count=count))
        else:
            result.findings.append(LearnFinding("plain-word", {"word": word or "''", "count": count}))
    opened = sum(len(cipher.plains) for cipher in found.values() if cipher is not None)
    result.opened = (opened, sum(map(len, sealed.values())))
    return found, plains


def _cipher_secrets(sample: Sample, keys: GivenKeys) -> Iterator[Secret]:
    if keys.cipher:
        yield Secret(CIPHER, keys.cipher)
    for name in ("term_id", "version", "method", "timestamp"):
        if field_text(sample.host.get(name)):
            yield Secret(name, field_text(sample.host.get(name)))


def _tell_cipher(word: str, texts: Sequence[SealedText], cipher: FoundCipher | None, result: RequestResult) -> None:
    line = word.lower() if word in _CIPHER_WORDS else ""
    shown_word, count = word or "''", len(texts)
    if cipher is None:
        lengths = {len(text.text) for text in texts}
        if _block_words(texts) != "1":
            result.findings.append(open_finding("cipher-own-key", "cipher_secret", word=shown_word))
        result.findings.append(
            problem_finding("cipher-unknown", word=shown_word, count=count,
                    encoding=encoding_of(t.text for t in texts) or "?",
                    blocks=_block_words(texts), shortest=min(lengths), longest=max(lengths))
        )  # fmt: skip
        return
    facts = {
        "word": shown_word, "count": len(cipher.plains), "total": count, "cipher": cipher.described,
        "call": cipher.pinned_by, "source": cipher.source,
        "iv": cipher.iv_rules[0].partition(":")[0] if cipher.iv_rules else "-",
    }  # fmt: skip
    result.findings.append(LearnFinding("cipher", facts, line=line))
    if cipher.outside:
        result.findings.append(
            problem_finding(f"cipher-outside-{cipher.outside}", word=shown_word, cipher=cipher.described)
        )
    elif not line:
        result.findings.append(problem_finding("cipher-word", word=shown_word))
    if cipher.closed:
        result.findings.append(
            problem_finding(
                "cipher-closed", word=shown_word, count=len(cipher.plains), total=count, calls=call_list(cipher.closed)
            )
        )
    if len(cipher.charsets) > 1:
        result.findings.append(
            open_finding("cipher-charset", line, word=shown_word, values=" / ".join(cipher.charsets))
        )
    if len(cipher.key_rules) > 1:
        result.findings.append(
            open_finding("cipher-key-rule", line, word=shown_word, values=" / ".join(cipher.key_rules))
        )
    if len(cipher.iv_rules) > 1:
        rules = " / ".join(rule.partition(":")[0] for rule in cipher.iv_rules)
        result.findings.append(open_finding("cipher-iv", line, word=shown_word, values=rules))


def _block_words(texts: Sequence[SealedText]) -> str:
    encoding = encoding_of(each.text for each in texts)
    if encoding is None:
        return "?"
    sizes = [_size(each.text, encoding) for each in texts]
    return "16" if all(size % 16 == 0 for size in sizes) else "8" if all(size % 8 == 0 for size in sizes) else "1"


# ---- signs -----------------------------------------------------------------------------------------------------------


def _signed(sample: Sample, roles: _Roles, keys: GivenKeys, plain: str) -> Signed:
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


def _signs(
    samples: Sequence[Sample],
    roles: _Roles,
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
    samples: Sequence[Sample], roles: _Roles, keys: GivenKeys, plains: Mapping[int, str], searcher: Searcher
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


def _has(sample: Sample, roles: _Roles) -> bool:
    return bool(sample.word(roles.sign))


def _object_text(sample: Sample, roles: _Roles, kind: str) -> str:
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
        size = _size(group[0].sign, encoding) if encoding and group[0].sign else 0
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
        for name in (*named, *(each for each in _sign_columns(base) if each not in named))
        if name in named or getattr(base, name) != getattr(usual, name)
    )


_SIGN_COLUMNS = ("empty", "charset", "sort", "sign_over", "scope", "value_form", "base_case", "secret_form", "unsigned")


# ---- keys ------------------------------------------------------------------------------------------------------------


def _judge_keys(
    samples: Sequence[Sample],
    roles: _Roles,
    keys: GivenKeys,
    ciphers: Mapping[str, FoundCipher | None],
    signs: Mapping[str, FoundSign | None],
    result: RequestResult,
) -> None:
    """Calls a wrong key a wrong key."""
    sources = {sign.base.source for sign in signs.values() if sign is not None}
    sources |= {
        cipher.source for cipher in ciphers.values() if cipher is not None and cipher.source in (IN_DATA, GIVEN)
    }
    result.secret_source = IN_DATA if IN_DATA in sources or not sources else GIVEN
    if keys.key and IN_DATA in sources and GIVEN not in sources and any(each.key != keys.key for each in samples):
        result.findings.append(problem_finding("given-key-wrong", total=len(samples)))
    if GIVEN in sources and IN_DATA not in sources and any(each.key for each in samples):
        result.findings.append(LearnFinding("in-data-key-unused", {"total": len(samples)}))
    if keys.cipher and ciphers and not any(c is not None and c.source == CIPHER for c in ciphers.values()):
        result.findings.append(problem_finding("cipher-key-unused", total=result.opened[1]))
    known_size = any(encodings_of([each.word(roles.sign)]) for each in samples if roles.sign and each.word(roles.sign))
    nothing = not any(signs.values()) and not any(ciphers.values())
    if nothing and known_size and (signs or ciphers):
        result.key_is_wrong = True
        result.findings.append(problem_finding("key-fits-nothing", total=len(samples)))
    _other_keys(samples, result)


def _other_keys(samples: Sequence[Sample], result: RequestResult) -> None:
    """Calls whose `key` is not that of the others."""
    counts = Counter(each.key for each in samples if each.key)
    if len(counts) < 2:
        return
    usual, count = counts.most_common(1)[0]
    others = [each for each in samples if each.key and each.key != usual]
    if len(others) * 3 <= len(samples):
        refused = [each.number for each in others if _refused(each)]
        calls = call_list(each.number for each in others)
        result.findings.append(
            problem_finding("other-keys", calls=calls, count=len(others), usual=count, refused=len(refused))
        )
    else:
        result.findings.append(LearnFinding("many-keys", {"count": len(counts)}))


def _refused(sample: Sample) -> bool:
    """Whether the export returned none of the words of success."""
    return sample.code.strip("0") != ""


# ---- all other fields ------------------------------------------------------------------------------------------------


def _names(samples: Sequence[Sample], roles: _Roles, plains: Mapping[int, str], result: RequestResult) -> None:
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


def _host(sample: Sample, roles: _Roles) -> dict[str, Any]:
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


# ---- headers ---------------------------------------------------------------------------------------------------------

# What every HTTP client sends of its own; a platform does not look at it.
_USUAL_HEADERS = frozenset(
    "host content-length content-type connection proxy-connection accept accept-encoding accept-language "
    "accept-charset user-agent expect transfer-encoding cache-control pragma te keep-alive date "
    "content-encoding".split()
)


def _headers(samples: Sequence[Sample], result: RequestResult) -> None:
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


# ---- the row ---------------------------------------------------------------------------------------------------------


def _assemble(
    samples: Sequence[Sample],
    roles: _Roles,
    keys: GivenKeys,
    ciphers: Mapping[str, FoundCipher | None],
    signs: Mapping[str, FoundSign | None],
    plains: Mapping[int, str],
    result: RequestResult,
) -> None:
    values = result.values
    best = max((sign for sign in signs.values() if sign is not None), key=lambda sign: len(sign.fitting), default=None)
    if best is not None:
        values |= _sign_columns(best.base)
        words = {word: sign.base.digest for word, sign in signs.items() if sign is not None}
        values["signers"] = {"": words.get("", best.base.digest), **{w: d for w, d in words.items() if w}}
    known = {word: cipher for word, cipher in ciphers.items() if cipher is not None and cipher.cipher is not None}
    values["ciphers"] = {
        word: cipher.cipher for word, cipher in known.items() if word in _CIPHER_WORDS and not cipher.outside
    }
    empty = {name for each in samples for name in _REQUIRED if not field_text(each.host.get(name)).strip()}
    if empty:
        values["may_be_empty"] = frozenset(empty)
    signing = best.base.source if best is not None else IN_DATA
    if signing == GIVEN:
        values["app_key"] = keys.key
        result.findings.append(LearnFinding("app-key", {}, line="app_key"))
    own = [cipher for cipher in known.values() if cipher.source not in (signing, *(() if best else (GIVEN,)))]
    if own:
        result.needs_cipher_secret = own[0].source in (CIPHER, GIVEN, IN_DATA)
        secrets = {secret.source: secret.text for secret in _cipher_secrets(samples[0], keys)}
        secrets |= {GIVEN: keys.key, IN_DATA: samples[0].key}
        values["cipher_secret"] = secrets.get(own[0].source, "")
        result.findings.append(LearnFinding("cipher-secret", {"source": own[0].source}, line="cipher_secret"))
    if best is None or (any(sign is None for sign in signs.values()) and not values.get("signers")):
        return
    if any(base_outside(sign.base) for sign in signs.values() if sign is not None):
        result.findings.append(problem_finding("sign-outside", what=base_outside(best.base) or best.base.digest))
        return
    readable = {each.number for each in samples if not is_sealed(field_text(each.wire.get(roles.content)))}
    readable |= {number for cipher in known.values() if not cipher.outside for number in cipher.plains}
    source = best.base.source
    result.secret_source = source
    result.trials = [
        Trial(each, plains[each.number], _secret(each, keys, source), roles.content, _sent_iv(each, roles, known))
        for each in samples
    ]
    row = row_of(values)
    if not any(enc_word(each) in row.ciphers and each.number in readable for each in samples):
        return
    try:
        row = fitted(row, result.trials)
    except HostError:
        return
    result.values = values = {**values, **_changed(row)}
    result.agreeing = tuple(each.sample.number for each in result.trials if each.agrees(row))
    result.different = tuple(each.sample.number for each in result.trials if each.sample.number not in result.agreeing)
    result.row = row
    if result.agreeing:
        for column, others in alternatives(row, result.trials).items():
            result.findings.append(
                open_finding(f"same-{column}", column, value=getattr(row, column), values=" / ".join(others))
            )


def base_outside(base: BaseString) -> str:
    """What of a base string no column of a dialect says; "" for nothing."""
    if base.secret_field:
        return f"secret as field {base.secret_field}"
    return "" if base.digest in SIGNERS else base.digest


def _secret(sample: Sample, keys: GivenKeys, source: str) -> str:
    return sample.key if source == IN_DATA else keys.key


def _sent_iv(sample: Sample, roles: _Roles, ciphers: Mapping[str, FoundCipher]) -> str:
    found = ciphers.get(enc_word(sample))
    if found is None or found.cipher is None or not found.cipher.sends_iv:
        return ""
    data = byte_text.from_text(sample.word(roles.content), found.cipher.encoding)
    return data[: block_ciphers.BLOCK_BYTES[found.cipher.algorithm]].hex()


def _sign_columns(base: BaseString) -> dict[str, Any]:
    names = (
        "scope", "sign_over", "unsigned", "sort", "fields", "empty", "joiner", "tail", "append_secret", "charset",
        "parts", "equals", "value_form", "head", "secret_at", "lead", "base_case", "sign_encoding", "sign_again",
        "sign_part", "secret_form",
    )  # fmt: skip
    return {name: getattr(base, name) for name in names}


_BODY_COLUMNS = (
    "content_text", "content_order", "content_empty", "content_values", "content_spaces", "content_escape",
    "content_place", "content_form", "body_order", "body_fields", "body_empty", "body_values", "body_charset",
    "body_mark", "body_end", "body_spaces", "body_escape", "sign_place", "host_words", "put_place",
)  # fmt: skip


def _changed(row: Dialect) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _BODY_COLUMNS}


def row_of(values: Mapping[str, Any], base: Dialect = EHCSERVICE) -> Dialect:
    """`base` with columns changed; ciphers and signers are added to its own."""
    ciphers = MappingProxyType({**base.ciphers, **values.get("ciphers", {})})
    signers = MappingProxyType({**base.signers, **values.get("signers", {})})
    others = {name: value for name, value in values.items() if name not in ("ciphers", "signers")}
    return replace(base, name="learned", origin="learned", **others, ciphers=ciphers, signers=signers)
