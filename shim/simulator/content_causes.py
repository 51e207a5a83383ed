"""Why biz_content of a request to the gateway could not be decrypted: which known way of encrypting does open it.

Computed when somebody looks at a call, never while it is answered; decides nothing. The platform's own way is in
`sealing`; the words of mistakes about the sign are in `sign_causes`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial

from shim.crypto import block_ciphers
from shim.simulator import sealing
from shim.simulator.messages import Call, Refusal, parse_object
from shim.simulator.sign_causes import ClientMistake
from shim.simulator.state import SimulatorState

_AES_IV = b"0102030405060708"
# Chinese, English; algorithm, mode, bytes of the key, IV.
_OTHERS: tuple[tuple[str, str, str, str, int, bytes], ...] = (
    ("AES 应为 CBC 模式，收到的是 ECB", "AES is used in CBC mode, not in ECB", "AES", "ECB", 16, b""),
    ("AES 的 IV 应为 0102030405060708，收到的是全零", "the IV of AES is 0102030405060708, not all zero",
     "AES", "CBC", 16, bytes(16)),
    ("AES 应为 128 位，收到的是 256 位 ECB", "AES has 128 bits, not 256 (in ECB mode)", "AES", "ECB", 32, b""),
    ("AES 应为 128 位，收到的是 256 位 CBC", "AES has 128 bits, not 256 (in CBC mode)", "AES", "CBC", 32, _AES_IV),
    ("SM4 应为 ECB 模式，收到的是 CBC", "SM4 is used in ECB mode, not in CBC", "SM4", "CBC", 16, _AES_IV),
    ("DES 应为 CBC 模式，收到的是 ECB", "DES is used in CBC mode, not in ECB", "DES", "ECB", 8, b""),
)  # fmt: skip


def content_causes(call: Call, state: SimulatorState) -> tuple[ClientMistake, ...]:
    """The mistakes with which biz_content can be opened; none if it opens as it should, or no way is known."""
    try:
        fields = parse_object(call.request.encode("utf-8"))
    except Refusal:
        return ()
    account = state.accounts.get(str(fields.get("app_id") or ""))
    enc_type, content = str(fields.get("enc_type") or ""), fields.get("biz_content")
    if account is None or not isinstance(content, str) or enc_type not in sealing.ENC_TYPES:
        return ()
    if _opens(lambda: sealing.decrypt_content(enc_type, content, account.secret)):
        return ()
    others = [each.secret for each in state.accounts.all() if each.secret != account.secret]
    return next((cause for cause, way in _ways(enc_type, content, account.secret, others) if _opens(way)), ())


def _ways(
    enc_type: str, content: str, secret: str, others: list[str]
) -> Iterator[tuple[tuple[ClientMistake, ...], Callable[[], str]]]:
    """Each way that is tried, and what it means if it opens the text."""
    key = ClientMistake("应用密钥是另一个应用的", "the key is that of another account")
    lower = ClientMistake(
        "密文的十六进制字母应为大写，收到的是小写", "the ciphertext must be in upper-case hex, not in lower case"
    )
    plain = ClientMistake(
        f"enc_type = {enc_type}，biz_content 却没有加密", f"enc_type is {enc_type}, but it is not encrypted"
    )
    yield (plain,), lambda: content
    yield (lower,), lambda: sealing.decrypt_content(enc_type, content.upper(), secret)
    for other in others:
        yield (key,), partial(sealing.decrypt_content, enc_type, content, other)
    for word in sealing.ENC_TYPES:
        if word not in (enc_type, *sealing.PLAIN_TYPES):
            zh, en = f"enc_type = {enc_type}，实际用的是 {word}", f"enc_type is {enc_type}, and {word} was used"
            yield (ClientMistake(zh, en),), partial(sealing.decrypt_content, word, content, secret)
    yield from _with_other_texts(enc_type, content, secret)
    for zh, en, algorithm, mode, size, iv in _OTHERS:
        way = _decrypted(algorithm, mode, secret.encode("utf-8")[:size].ljust(size, b"\0"), iv, content)
        yield (ClientMistake(zh, en),), way


def _with_other_texts(
    enc_type: str, content: str, secret: str
) -> Iterator[tuple[tuple[ClientMistake, ...], Callable[[], str]]]:
    base64_text = ClientMistake(
        "密文应写作十六进制，收到的是 base64", "the ciphertext is written in hex, not in base64"
    )
    hex_text = ClientMistake("密文应写作 base64，收到的是十六进制", "the ciphertext is written in base64, not in hex")
    yield (
        (base64_text,),
        lambda: sealing.decrypt_content(enc_type, base64.b64decode(content, validate=True).hex().upper(), secret),
    )
    yield (
        (hex_text,),
        lambda: sealing.decrypt_content(enc_type, base64.b64encode(bytes.fromhex(content)).decode("ascii"), secret),
    )


def _decrypted(algorithm: str, mode: str, key: bytes, iv: bytes, content: str) -> Callable[[], str]:
    """A way of opening `content`, whether it is hex or base64."""

    def way() -> str:
        try:
            data = bytes.fromhex(content)
        except ValueError:
            data = base64.b64decode(content, validate=True)
        return block_ciphers.decrypt(algorithm, mode, key, iv, data).decode("utf-8")

    return way


def _opens(way: Callable[[], str]) -> bool:
    """Whether a way leads to a JSON object."""
    try:
        return isinstance(json.loads(way()), dict)
    except (ValueError, RecursionError):
        return False
