"""How biz_content was encrypted: algorithm, mode, key rule and IV, from the ciphertext and the text that is known.

Nothing is guessed that can be computed. The last block shows by its padding whether algorithm and key are right; the
IV of CBC is the first block, decrypted, with the known first block of the text taken off. Pure; used by `request` and
`answers`. What no cipher of the dialects can say is found as well, as far as it is known, and called outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shim import codec
from shim.crypto import block_ciphers, byte_text
from shim.dialects.ciphers import Cipher, make_iv
from shim.dialects.keys import IV_RULES, KEY_RULES
from shim.errors import ShimError
from shim.learn.secrets import Secret, shaped

# Algorithm and key size, the likely first.
_ALGORITHMS = (("AES", 16), ("SM4", 16), ("DES", 8), ("AES", 32), ("3DES", 24), ("AES", 24))
# IVs that are tried where the key itself depends on one, or where nothing of the text is known.
_KNOWN_IVS = {
    16: ("text:0102030405060708", "text:1234567890123456", "text:0123456789abcdef", "zero", "key"),
    8: ("hex:0102030405060708", "text:01020304", "text:12345678", "zero", "key"),
}
_ARGUMENTLESS = tuple(rule.name for rule in IV_RULES.values() if not rule.argument and rule.name != "sent")


@dataclass(frozen=True, slots=True)
class SealedText:
    """One ciphertext with what is known of it.

    Args:
        number: of its sample.
        text: as it stands on the wire.
        expected: texts that it may hold; empty where nothing is known, as of an answer.
        secrets: what its key may be made of, the likely first.
        app_id: of its request.
        fields: other texts of the same message, one of which may be the IV.
    """

    number: int
    text: str
    expected: tuple[str, ...]
    secrets: tuple[Secret, ...]
    app_id: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundCipher:
    """How the ciphertexts of one enc_type are opened.

    Attributes:
        cipher: None where it is known but no cipher of the dialects can say it.
        described: algorithm, mode and key, for people.
        source, form: the `Secret` that the key is made of, and what is made of it first.
        plains: the texts inside, by sample.
        closed: the samples whose text it does not open.
        pinned_by: the sample that gave it away.
        charsets: the charsets that these texts cannot tell apart.
        key_rules: the key rules that these keys cannot tell apart.
        iv_rules: the IVs that these keys cannot tell apart.
    """

    cipher: Cipher | None
    described: str
    source: str
    form: str
    plains: Mapping[int, str]
    closed: tuple[int, ...]
    pinned_by: int
    charsets: tuple[str, ...] = ()
    key_rules: tuple[str, ...] = ()
    iv_rules: tuple[str, ...] = ()
    outside: str = ""


@dataclass(frozen=True, slots=True)
class _Key:
    rule: str  # of KEY_RULES, or a word of `_OTHER_RULES`
    data: bytes
    source: str
    form: str
    iv: str = ""  # that the key was made with


@dataclass(slots=True)
class _Try:
    algorithm: str
    size: int
    mode: str
    encoding: str
    key: _Key
    iv: bytes = b""
    padding: str = "pkcs7"
    in_front: bool = False  # the IV stands before the ciphertext
    varies: str = ""  # how an IV that is not constant is made; "?" where that is unknown
    plains: dict[int, str] = field(default_factory=dict)


def encodings_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of `byte_text.ENCODINGS` that give exactly these texts, the likely first."""
    given = list(texts)
    fitting = [word for word in byte_text.ENCODINGS if given and all(_is_written(text, word) for text in given)]
    return tuple(sorted(fitting, key=lambda word: not word.startswith("base64-of-")))


def encoding_of(texts: Iterable[str]) -> str | None:
    """The likely one of `encodings_of`; None if there is none."""
    return next(iter(encodings_of(texts)), None)


def _is_written(text: str, encoding: str) -> bool:
    try:
        return bool(text) and byte_text.to_text(byte_text.from_text(text, encoding), encoding) == text
    except ValueError:
        return False


def is_sealed(text: str) -> bool:
    """Whether a biz_content is encrypted: plain JSON begins with a brace, a bracket or a quotation mark."""
    return bool(text.strip()) and text.lstrip()[:1] not in ("{", "[", '"') and encoding_of([text]) is not None


def find_cipher(texts: Sequence[SealedText], known: Iterable[Cipher] = ()) -> FoundCipher | None:
    """The cipher of some ciphertexts of the same enc_type; None where nothing that is known opens one of them.

    Args:
        known: ciphers of the same platform: their IVs are tried where nothing of the text is known.
    """
    encoding = encoding_of(each.text for each in texts)
    if encoding is None:
        return None
    data = {each.number: byte_text.from_text(each.text, encoding) for each in texts}
    by_length = sorted(texts, key=lambda each: (len(data[each.number]) < 48, len(data[each.number])))
    known = tuple(known)
    best: FoundCipher | None = None
    for pin in _spread(by_length):
        for attempt in _attempts(pin, data[pin.number], encoding, tuple(dict.fromkeys(c.iv for c in known if c.iv))):
            found = _confirmed(attempt, pin, texts, data)
            if found is not None and (best is None or len(found.plains) > len(best.plains)):
                best = found
            if best is not None and not best.closed and best.cipher is not None:
                return best
        if best is not None:
            return best
    return best


def _spread(texts: Sequence[SealedText]) -> list[SealedText]:
    """At most three of the texts that pins are taken from."""
    step = max(1, len(texts) // 3)
    return list(texts[::step][:3])


# ---- one ciphertext --------------------------------------------------------------------------------------------------


def _attempts(pin: SealedText, data: bytes, encoding: str, ivs: tuple[str, ...]) -> Iterator[_Try]:
    for algorithm, size in _ALGORITHMS:
        block = block_ciphers.BLOCK_BYTES[algorithm]
        if not data or len(data) % block:
            continue
        seen: set[tuple[bytes, str]] = set()
        for key in _keys(algorithm, size, encoding, pin):
            if (key.data, key.iv) in seen:
                continue
            seen.add((key.data, key.iv))
            try:
                blocks = block_ciphers.decrypt_blocks(algorithm, key.data, data)
            except (ValueError, ShimError):
                continue
            yield from _modes(_Try(algorithm, size, "", encoding, key), pin, data, blocks, block, ivs)


def _modes(
    attempt: _Try, pin: SealedText, data: bytes, blocks: bytes, block: int, ivs: tuple[str, ...]
) -> Iterator[_Try]:
    ecb = _unpadded(blocks, block)
    if ecb is not None and _readable(ecb[0], pin.expected):
        yield _copy(attempt, mode="ECB", padding=ecb[1])
    chained = _xor(blocks[block:], data[:-block])
    cbc = _unpadded(chained, block) if chained else _unpadded(blocks, block)
    if len(data) == block:  # a single block of CBC: only a known text tells its IV
        for text, charset in _known(pin.expected):
            padded = _padded(text.encode(codec.CODECS[charset], "replace"), block)
            if len(padded) == block:
                yield _copy(attempt, mode="CBC", iv=_xor(blocks, padded))
        return
    if cbc is None:
        return
    rest, padding = cbc
    for text, charset in _known(pin.expected):
        known = text.encode(codec.CODECS[charset], "replace")
        if known == rest and len(data) > block:
            yield _copy(attempt, mode="CBC", padding=padding, in_front=True, iv=data[:block])
            return
        if known[block:] == rest:
            yield _copy(attempt, mode="CBC", padding=padding, iv=_xor(blocks[:block], known[:block]))
            return
    if all(_text_of(rest[at:]) is None for at in range(4)):  # it may begin amid a character
        return
    if _readable(rest, ()):
        yield _copy(attempt, mode="CBC", padding=padding, in_front=True, iv=data[:block])
    if rest.rstrip()[-1:] in (b"}", b"]"):
        # Fields were added inside, or nothing is known: the IV is one of those in use, or the beginning is known.
        for notation in (*ivs, *_KNOWN_IVS[block]):
            iv = make_iv(notation, attempt.key.data, block, pin.app_id)
            if len(iv) == block and _readable(_xor(blocks[:block], iv) + rest, ()):
                yield _copy(attempt, mode="CBC", padding=padding, iv=iv)
                return
        for text, charset in _known(pin.expected):
            head = text.encode(codec.CODECS[charset], "replace")[:block]
            if len(head) == block:
                yield _copy(attempt, mode="CBC", padding=padding, iv=_xor(blocks[:block], head))


def _copy(attempt: _Try, **changes: object) -> _Try:
    return replace(attempt, plains={}, **changes)  # type: ignore[arg-type]


def _known(expected: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in expected:
        yield text, "utf-8"
        if not text.isascii():
            yield text, "gbk"


def _readable(data: bytes, expected: Sequence[str]) -> bool:
    """Whether decrypted bytes are one of the texts, or JSON."""
    if any(text.encode(codec.CODECS[charset], "replace") == data for text, charset in _known(expected)):
        return True
    text = _text_of(data)
    if text is None or text.strip()[:1] not in ("{", "[") or text.strip()[-1:] not in ("}", "]"):
        return False
    try:
        codec.loads(text, "")
    except ShimError:
        return False
    return True


def _text_of(data: bytes) -> str | None:
    for charset in codec.CODECS.values():
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return None


def _unpadded(data: bytes, block: int) -> tuple[bytes, str] | None:
    """The bytes without their padding, and which of `block_ciphers.PADDINGS` it was; None for none that is known."""
    count = data[-1] if data else 0
    if 1 <= count <= block and data.endswith(bytes([count]) * count):
        return data[:-count], "pkcs7"
    if 1 < count <= block and data[-count:-1] == bytes(count - 1):
        return data[:-count], "x923"
    stripped = data.rstrip(b"\0")
    if stripped[-1:] == b"\x80" and len(data) - len(stripped) < block:
        return stripped[:-1], "iso7816"
    for word, filler in (("zero", b"\0"), ("blank", b" ")):
        stripped = data.rstrip(filler)
        if stripped[-1:] in (b"}", b"]") and len(data) - len(stripped) < block:
            return stripped, word
    return None


def _padded(data: bytes, block: int) -> bytes:
    count = block - len(data) % block
    return data + bytes([count]) * count


def _xor(one: bytes, other: bytes) -> bytes:
    size = min(len(one), len(other))
    return (int.from_bytes(one[:size], "big") ^ int.from_bytes(other[:size], "big")).to_bytes(size, "big")


# ---- keys ------------------------------------------------------------------------------------------------------------


# Keys that no rule of the dialects makes, by a word for people: they are recognised and called outside.
_OTHER_RULES: Mapping[str, Callable[[bytes, int], bytes]] = {
    "md5-middle-lower": lambda secret, size: hashlib.md5(secret).hexdigest()[8:24].encode()[:size],
    "md5-middle-upper": lambda secret, size: hashlib.md5(secret).hexdigest()[8:24].upper().encode()[:size],
    "sha1": lambda secret, size: hashlib.sha1(secret).digest()[:size],
    "zeros-in-front": lambda secret, size: secret[:size].rjust(size, b"\0"),
    "repeated": lambda secret, size: (secret * (size // max(1, len(secret)) + 1))[:size],
    "two-keys": lambda secret, size: secret[:16] + secret[:8],
}


def _keys(algorithm: str, size: int, encoding: str, pin: SealedText) -> Iterator[_Key]:
    for secret in pin.secrets:
        for form, text in shaped(secret.text):
            yield from _keys_of(algorithm, size, encoding, pin.app_id, secret.source, form, text)


def _keys_of(
    algorithm: str, size: int, encoding: str, app_id: str, source: str, form: str, secret: str
) -> Iterator[_Key]:
    block = block_ciphers.BLOCK_BYTES[algorithm]
    for rule in KEY_RULES:
        for mode in ("ECB", "CBC") if rule == "derived" else ("ECB",):
            for iv in _KNOWN_IVS[block] if mode == "CBC" else ("",):
                try:
                    cipher = Cipher(algorithm, mode, size, iv, encoding, rule)
                    yield _Key(rule, KEY_RULES[rule].make(cipher, secret, app_id), source, form, iv)
                except (ShimError, ValueError):
                    continue
    for word, make in _OTHER_RULES.items():
        data = make(secret.encode("utf-8"), size)
        if word not in KEY_RULES and len(data) == size:
            yield _Key(word, data, source, form)


# ---- all ciphertexts -------------------------------------------------------------------------------------------------


def _confirmed(
    attempt: _Try, pin: SealedText, texts: Sequence[SealedText], data: Mapping[int, bytes]
) -> FoundCipher | None:
    """What an attempt that opens the pin makes of all texts; None where it does not even open the pin."""
    opened, ivs = _opened(attempt, texts, data)
    if pin.number not in opened:
        return None
    rule = _iv_rule(attempt, pin, texts, ivs)
    charsets = _charsets(texts, opened)
    codec_name = codec.CODECS[(charsets or ("utf-8",))[0]]
    plains = {number: plain.decode(codec_name, "replace") for number, plain in opened.items()}
    closed = tuple(each.number for each in texts if each.number not in plains)
    title = f"{attempt.algorithm}-{attempt.size * 8}" if attempt.algorithm == "AES" else attempt.algorithm
    described = f"{title}/{attempt.mode} {attempt.key.rule}"
    outside = _outside(attempt, rule)
    cipher = None
    if not outside and charsets:
        cipher = Cipher(
            attempt.algorithm,
            attempt.mode,
            attempt.size,
            rule[0] if attempt.mode == "CBC" else "",
            attempt.encoding,
            attempt.key.rule,
            charsets[0],
            attempt.padding,
        )
    return FoundCipher(
        cipher,
        described,
        attempt.key.source,
        attempt.key.form,
        plains,
        closed,
        pin.number,
        charsets,
        _same_keys(attempt, texts, plains),
        rule,
        outside,
    )


def _outside(attempt: _Try, rule: tuple[str, ...]) -> str:
    """What no cipher of the dialects says; "" for nothing."""
    if attempt.key.rule not in KEY_RULES:
        return "key"
    return "iv" if attempt.mode == "CBC" and not rule else ""


def _opened(
    attempt: _Try, texts: Sequence[SealedText], data: Mapping[int, bytes]
) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """The bytes inside the texts, and the IV of each, as far as they can be read."""
    block = block_ciphers.BLOCK_BYTES[attempt.algorithm]
    plains: dict[int, bytes] = {}
    ivs: dict[int, bytes] = {}
    for each in texts:
        sealed = data[each.number]
        key = _key_for(attempt, each)
        if key is None or not sealed or len(sealed) % block:
            continue
        try:
            blocks = block_ciphers.decrypt_blocks(attempt.algorithm, key, sealed)
        except (ValueError, ShimError):
            continue
        if attempt.mode == "ECB":
            plain = _unpadded(blocks, block)
            if plain is not None and _readable(plain[0], each.expected):
                plains[each.number] = plain[0]
            continue
        rest = _unpadded(_xor(blocks[block:], sealed[:-block]), block) if len(sealed) > block else (b"", "pkcs7")
        if rest is None:
            continue
        if attempt.in_front:
            if _readable(rest[0], each.expected):
                plains[each.number], ivs[each.number] = rest[0], sealed[:block]
            continue
        constant = _xor(blocks[:block], attempt.iv)
        whole = _unpadded(constant, block) if len(sealed) == block else (constant + rest[0], "")
        if whole is not None and _readable(whole[0], each.expected):
            plains[each.number], ivs[each.number] = whole[0], attempt.iv
            continue
        for text, charset in _known(each.expected):
            known = text.encode(codec.CODECS[charset], "replace")
            if len(known) >= block and known[block:] == rest[0]:
                plains[each.number], ivs[each.number] = known, _xor(blocks[:block], known[:block])
                break
    return plains, ivs


def _key_for(attempt: _Try, each: SealedText) -> bytes | None:
    """The key of another text, made by the same rule of the secret of the same source."""
    secret = next((known for known in each.secrets if known.source == attempt.key.source), None)
    if secret is None:
        return None
    text = dict(shaped(secret.text)).get(attempt.key.form)
    if text is None:
        return None
    keys = _keys_of(
        attempt.algorithm, attempt.size, attempt.encoding, each.app_id, attempt.key.source, attempt.key.form, text
    )
    return next((key.data for key in keys if (key.rule, key.iv) == (attempt.key.rule, attempt.key.iv)), None)


def _iv_rule(attempt: _Try, pin: SealedText, texts: Sequence[SealedText], ivs: Mapping[int, bytes]) -> tuple[str, ...]:
    """The notations of the IV that all opened texts allow, the likely first; none where no notation says it."""
    if attempt.mode != "CBC":
        return ()
    if attempt.in_front:
        return ("sent",)
    different = set(ivs.values())
    block = block_ciphers.BLOCK_BYTES[attempt.algorithm]
    keys = {each.number: (_key_for(attempt, each) or b"", each.app_id) for each in texts if each.number in ivs}
    rules: list[str] = []
    if len(different) == 1:
        iv = next(iter(different))
        printable = all(0x21 <= byte <= 0x7E for byte in iv) and b";" not in iv and b"#" not in iv
        rules.append(f"text:{iv.decode('ascii')}" if printable else f"hex:{iv.hex()}")
    made = [
        word
        for word in _ARGUMENTLESS
        if all(make_iv(word, keys[number][0], block, keys[number][1]) == iv for number, iv in ivs.items())
    ]
    if attempt.key.iv and len(different) == 1 and make_iv(attempt.key.iv, keys[pin.number][0], block, pin.app_id) != iv:
        return ()  # the key was made with another IV: no notation says that
    # What is made of the key is no accident, and must not be spelt either.
    return (*made, *rules) if made else tuple(rules)


def _charsets(texts: Sequence[SealedText], plains: Mapping[int, bytes]) -> tuple[str, ...]:
    """The charsets in which all opened texts can be read and are what is expected."""
    expected = {each.number: each.expected for each in texts}
    possible = []
    for charset, name in codec.CODECS.items():
        good = 0
        for number, plain in plains.items():
            try:
                text = plain.decode(name)
            except UnicodeDecodeError:
                break
            good += text in expected[number]
        else:
            possible.append((-good, list(codec.CODECS).index(charset), charset))
    possible.sort()
    return tuple(charset for good, _, charset in possible if good == possible[0][0])


def _same_keys(attempt: _Try, texts: Sequence[SealedText], plains: Mapping[int, str]) -> tuple[str, ...]:
    """The key rules that give the same keys for all opened texts."""
    rules: set[str] | None = None
    for each in texts:
        if each.number not in plains:
            continue
        secret = next((known for known in each.secrets if known.source == attempt.key.source), None)
        if secret is None:
            continue
        made = list(
            _keys_of(
                attempt.algorithm,
                attempt.size,
                attempt.encoding,
                each.app_id,
                attempt.key.source,
                attempt.key.form,
                dict(shaped(secret.text)).get(attempt.key.form, secret.text),
            )
        )
        right = next((key.data for key in made if (key.rule, key.iv) == (attempt.key.rule, attempt.key.iv)), None)
        same = {key.rule for key in made if key.data == right and key.rule in KEY_RULES}
        rules = same if rules is None else rules & same
    return tuple(rule for rule in KEY_RULES if rule in (rules or ()))
