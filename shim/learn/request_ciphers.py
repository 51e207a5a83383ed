"""What opens biz_content in the requests of VirtualCardTrans, by the words of enc_type. A step of `request`.

What it is not: the search for one cipher, which is `encryption`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from shim.learn.content import expected_texts
from shim.learn.encryption import FoundCipher, SealedText, encoding_of, find_cipher, is_sealed
from shim.learn.findings import LearnFinding, call_list, open_finding, problem_finding
from shim.learn.request_result import FieldRoles, GivenKeys, RequestResult, enc_word, secrets_of, size_of_word
from shim.learn.samples import Sample, field_text
from shim.learn.secrets import CIPHER, Secret

CIPHER_WORDS = ("AES", "DES", "3DES", "SM4")


def open_contents(
    samples: Sequence[Sample], roles: FieldRoles, keys: GivenKeys, result: RequestResult
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
            secrets = (*secrets_of(each, keys), *cipher_secrets(each, keys))
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


def cipher_secrets(sample: Sample, keys: GivenKeys) -> Iterator[Secret]:
    """What else may open a cipher: the key given for it, and fields of InData."""
    if keys.cipher:
        yield Secret(CIPHER, keys.cipher)
    for name in ("term_id", "version", "method", "timestamp"):
        if field_text(sample.host.get(name)):
            yield Secret(name, field_text(sample.host.get(name)))


def _tell_cipher(word: str, texts: Sequence[SealedText], cipher: FoundCipher | None, result: RequestResult) -> None:
    line = word.lower() if word in CIPHER_WORDS else ""
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
    sizes = [size_of_word(each.text, encoding) for each in texts]
    return "16" if all(size % 16 == 0 for size in sizes) else "8" if all(size % 8 == 0 for size in sizes) else "1"
