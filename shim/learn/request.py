"""The requests of VirtualCardTrans: which dialect makes them of InData. The steps; each has a module of its own.

Fields first get their parts (sign, biz_content, words of the types); then ciphers are opened, the signs searched for,
the other fields explained; what only shows in the bytes is tried last, by the product's own code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from shim.crypto import block_ciphers, byte_text
from shim.dialects.dialect import Dialect
from shim.dialects.presets import EHCSERVICE
from shim.dialects.signers import SIGNERS
from shim.errors import HostError
from shim.learn.base_string import BaseString
from shim.learn.encryption import FoundCipher, encodings_of, is_sealed
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.request_ciphers import CIPHER_WORDS, cipher_secrets, open_contents
from shim.learn.request_fields import explain_fields, explain_headers
from shim.learn.request_result import FieldRoles, GivenKeys, RequestResult, enc_word
from shim.learn.request_roles import find_roles
from shim.learn.request_signs import find_signs, sign_columns
from shim.learn.samples import Sample, field_text
from shim.learn.search import Searcher
from shim.learn.secrets import CIPHER, GIVEN, IN_DATA
from shim.learn.signing import FoundSign
from shim.learn.trials import Trial, alternatives, fitted

# Fields that the product refuses to be without, unless the dialect says otherwise.
_REQUIRED = ("app_id", "method", "term_id", "version")


def learn_requests(samples: Sequence[Sample], keys: GivenKeys, searcher: Searcher) -> RequestResult:
    """What the requests of VirtualCardTrans tell."""
    result = RequestResult()
    roles = find_roles(samples, result)
    ciphers, plains = open_contents(samples, roles, keys, result)
    signs, signed = find_signs(samples, roles, keys, plains, searcher, result)
    _judge_keys(samples, roles, keys, ciphers, signs, result)
    if result.key_is_wrong:
        return result
    explain_fields(samples, roles, signed, result)
    explain_headers(samples, result)
    _assemble(samples, roles, keys, ciphers, signs, signed, result)
    return result


# ---- keys ------------------------------------------------------------------------------------------------------------


def _judge_keys(
    samples: Sequence[Sample],
    roles: FieldRoles,
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


# ---- the row ---------------------------------------------------------------------------------------------------------


def _assemble(
    samples: Sequence[Sample],
    roles: FieldRoles,
    keys: GivenKeys,
    ciphers: Mapping[str, FoundCipher | None],
    signs: Mapping[str, FoundSign | None],
    plains: Mapping[int, str],
    result: RequestResult,
) -> None:
    values = result.values
    best = max((sign for sign in signs.values() if sign is not None), key=lambda sign: len(sign.fitting), default=None)
    if best is not None:
        values |= sign_columns(best.base)
        words = {word: sign.base.digest for word, sign in signs.items() if sign is not None}
        values["signers"] = {"": words.get("", best.base.digest), **{w: d for w, d in words.items() if w}}
    known = {word: cipher for word, cipher in ciphers.items() if cipher is not None and cipher.cipher is not None}
    values["ciphers"] = {
        word: cipher.cipher for word, cipher in known.items() if word in CIPHER_WORDS and not cipher.outside
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
        secrets = {secret.source: secret.text for secret in cipher_secrets(samples[0], keys)}
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


def _sent_iv(sample: Sample, roles: FieldRoles, ciphers: Mapping[str, FoundCipher]) -> str:
    found = ciphers.get(enc_word(sample))
    if found is None or found.cipher is None or not found.cipher.sends_iv:
        return ""
    data = byte_text.from_text(sample.word(roles.content), found.cipher.encoding)
    return data[: block_ciphers.BLOCK_BYTES[found.cipher.algorithm]].hex()


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
