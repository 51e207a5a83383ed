"""One way of encrypting biz_content, and its notation: ``AES-128/CBC direct upper-hex iv=text:0102030405060708``.

The notation is what a site writes in vcshim.ini and what the documentation prints. The algorithms themselves are in
`shim.crypto`, the rules for key and IV in `keys`. Pure; used by the columns and rows of the dialects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shim.bilingual import NOTHING, Bilingual, filled
from shim.codec import CODECS
from shim.crypto import block_ciphers, byte_text
from shim.dialects.keys import IV_RULES, KEY_RULES
from shim.dialects.made import LiveMaker, Maker

# The word for an algorithm: its name in shim.crypto.block_ciphers and the size of its key in bytes.
ALGORITHMS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "AES": ("AES", 16),
        "AES-128": ("AES", 16),
        "AES-192": ("AES", 24),
        "AES-256": ("AES", 32),
        "DES": ("DES", 8),
        "3DES": ("3DES", 24),
        "SM4": ("SM4", 16),
    }
)

# By the size of a block in bytes.
DEFAULT_IVS: Mapping[int, str] = MappingProxyType({16: "text:0102030405060708", 8: "hex:0102030405060708"})


class NotAllowed(ValueError):
    """A text of vcshim.ini that cannot stand there; `advice`, if it is not empty, says what could."""

    def __init__(self, advice: Bilingual = NOTHING) -> None:
        self.advice = advice
        super().__init__(advice)


@dataclass(frozen=True, slots=True)
class Cipher:
    """One way of encrypting biz_content.

    Args:
        algorithm: a name of `block_ciphers`.
        mode: one of block_ciphers.MODES.
        key_bytes: the size of the key.
        iv: a name of `IV_RULES`, with a colon and the argument if the rule takes one; empty in ECB.
        encoding: one of byte_text.ENCODINGS, for the encrypted bytes.
        key_rule: a name of `KEY_RULES`.
        charset: of the text inside: ``utf-8`` or ``gbk``.
        padding: one of block_ciphers.PADDINGS.
    """

    algorithm: str
    mode: str
    key_bytes: int
    iv: str
    encoding: str
    key_rule: str = "direct"
    charset: str = "utf-8"
    padding: str = "pkcs7"

    @property
    def sends_iv(self) -> bool:
        """Whether each text has an IV of its own, which stands before the encrypted bytes."""
        return self.mode != "ECB" and self.iv == "sent"

    def encrypt_text(self, plain: str, secret: str, app_id: str = "", *, maker: Maker | None = None) -> str:
        """`plain`, encrypted and encoded. HostError INVALID_FIELD if the key rule cannot use this secret.

        Args:
            maker: of the IV, if it is sent: it is asked for the value ``iv`` in lower hex.
        """
        data = plain.encode(CODECS[self.charset], "replace")
        key = self._key(secret, app_id)
        if not self.sends_iv:
            return byte_text.to_text(self.encrypt_bytes(key, data, app_id), self.encoding)
        iv = bytes.fromhex((maker or LiveMaker()).value("iv", f"random:hex-lower:{2 * self._block}"))
        return byte_text.to_text(iv + self._encrypt(key, iv, data), self.encoding)

    def decrypt_text(self, sealed: str, secret: str, app_id: str = "") -> str:
        """The text inside `sealed`. ValueError if encoding, key, padding or charset do not match."""
        data = byte_text.from_text(sealed, self.encoding)
        key = self._key(secret, app_id)
        iv, data = (data[: self._block], data[self._block :]) if self.sends_iv else (self._iv(key, app_id), data)
        plain = block_ciphers.decrypt(self.algorithm, self.mode, key, iv, data, self.padding)
        return plain.decode(CODECS[self.charset])

    def encrypt_bytes(self, key: bytes, data: bytes, app_id: str = "") -> bytes:
        """`data`, encrypted with that key; for `encrypt_text` and for key rules that encrypt."""
        return self._encrypt(key, self._iv(key, app_id), data)

    def _encrypt(self, key: bytes, iv: bytes, data: bytes) -> bytes:
        return block_ciphers.encrypt(self.algorithm, self.mode, key, iv, data, self.padding)

    @property
    def _block(self) -> int:
        return block_ciphers.BLOCK_BYTES[self.algorithm]

    def _key(self, secret: str, app_id: str) -> bytes:
        return KEY_RULES[self.key_rule].make(self, secret, app_id)

    def _iv(self, key: bytes, app_id: str) -> bytes:
        return b"" if self.mode == "ECB" else make_iv(self.iv, key, self._block, app_id)


def make_iv(notation: str, key: bytes, size: int, app_id: str = "") -> bytes:
    """The IV of a notation such as ``text:0102030405060708`` or ``key``. ValueError if the argument cannot be used."""
    rule, _, argument = notation.partition(":")
    return IV_RULES[rule].make(argument, key, size, app_id)


# ---- the notation ----------------------------------------------------------------------------------------------------


def read_cipher(text: str, base: Cipher | None = None) -> Cipher:
    """The cipher of a notation: algorithm and mode first, the other words in any order.

    Args:
        text: the notation; the case of its words does not matter.
        base: gives the parts that are not written; None takes `direct`, upper-hex, utf-8 and the default IV.

    Raises:
        NotAllowed: a word is unknown, or the IV does not have the size of a block.
    """
    title, *words = text.split() or [""]
    algorithm, key_bytes, mode = _read_algorithm(title)
    parts = _parts_of(base, algorithm)
    for word in words:
        name, value = _read_word(word)
        parts[name] = value
    length = _iv_bytes(parts["iv"], algorithm, key_bytes)
    if mode == "ECB":
        parts["iv"] = ""
    elif length != block_ciphers.BLOCK_BYTES[algorithm]:
        sizes = {"wanted": block_ciphers.BLOCK_BYTES[algorithm], "length": length}
        raise NotAllowed(
            filled("iv 为 {wanted} 字节（现为 {length} 字节）", "an iv of {wanted} bytes (it has {length})", sizes)
        )
    return Cipher(algorithm, mode, key_bytes, **parts)


def write_cipher(cipher: Cipher) -> str:
    """The whole notation of a cipher: `read_cipher` gives the same cipher, whatever its base."""
    title = max((word for word, row in ALGORITHMS.items() if row == (cipher.algorithm, cipher.key_bytes)), key=len)
    words = [f"{title}/{cipher.mode}", cipher.key_rule, cipher.encoding]
    if cipher.iv:
        words.append(f"iv={cipher.iv}")
    words.append(f"charset={cipher.charset}")
    return " ".join(words if cipher.padding == "pkcs7" else [*words, f"padding={cipher.padding}"])


def _read_algorithm(title: str) -> tuple[str, int, str]:
    name, _, mode = title.upper().partition("/")
    if name not in ALGORITHMS or mode not in block_ciphers.MODES:
        raise NotAllowed
    return *ALGORITHMS[name], mode


def _parts_of(base: Cipher | None, algorithm: str) -> dict[str, str]:
    """The parts that a notation may leave out. An IV is taken from the base only if the blocks have the same size."""
    size = block_ciphers.BLOCK_BYTES[algorithm]
    iv = base.iv if base is not None and block_ciphers.BLOCK_BYTES[base.algorithm] == size else ""
    parts = {
        "iv": iv or DEFAULT_IVS[size],
        "encoding": byte_text.ENCODINGS[0],
        "key_rule": "direct",
        "charset": "utf-8",
    }
    parts["padding"] = block_ciphers.PADDINGS[0]
    if base is not None:
        names = ("encoding", "key_rule", "charset", "padding")
        parts |= {name: getattr(base, name) for name in names}
    return parts


def _read_word(word: str) -> tuple[str, str]:
    """The part that a word of the notation sets, and its value."""
    lower = word.lower()
    name, _, value = word.partition("=")
    if lower in KEY_RULES:
        return "key_rule", lower
    if lower in byte_text.ENCODINGS:
        return "encoding", lower
    if name.lower() == "charset" and value.lower() in CODECS:
        return "charset", value.lower()
    if name.lower() == "padding" and value.lower() in block_ciphers.PADDINGS:
        return "padding", value.lower()
    rule, colon, argument = value.partition(":")
    if name.lower() == "iv" and rule.lower() in IV_RULES:
        return "iv", f"{rule.lower()}{colon}{argument}"
    raise NotAllowed


def _iv_bytes(notation: str, algorithm: str, key_bytes: int) -> int:
    """The length of an IV. NotAllowed if its rule cannot use the argument."""
    try:
        return len(make_iv(notation, bytes(key_bytes), block_ciphers.BLOCK_BYTES[algorithm]))
    except ValueError as error:
        raise NotAllowed from error
