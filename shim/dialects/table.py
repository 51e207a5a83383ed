"""Dialects as rows: neither specification says how `sign` and the encrypted biz_content are computed.

A row of `DIALECTS` is all that distinguishes one platform from another; shim/dialects/seal.py reads rows and knows no
platform. The evidence for each is in its `origin`. L2, imported by seal, virtualcard, wiring and the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Cipher:
    """How biz_content is enciphered: the key is the first `key_bytes` bytes of the secret, zero padded."""

    algorithm: str
    mode: str
    key_bytes: int
    iv: bytes
    encoding: str

    def key(self, secret: str) -> bytes:
        """The key that `secret` gives."""
        return secret.encode("utf-8")[: self.key_bytes].ljust(self.key_bytes, b"\0")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of signing and sealing.

    The base string is every field of the envelope except `unsigned`, the empty ones dropped, as ``name=value`` sorted
    by name and joined with `joiner`, followed by `tail` and the secret. `digests` and `ciphers` map the words of
    sign_type and enc_type, upper case, to what they mean; None is plain text. `sign_over` is ``plain`` or ``sealed``.
    """

    name: str
    title: str
    origin: str
    unsigned: frozenset[str]
    joiner: str
    tail: str
    charset: str
    sign_over: str
    sign_encoding: str
    digests: Mapping[str, str]
    ciphers: Mapping[str, Cipher | None]
    code_names: tuple[str, ...]
    message_names: tuple[str, ...]
    success: frozenset[str]


EHCSERVICE = Dialect(
    name="ehcservice",
    title="ehcService/gateway.do, X.M.0.1",
    origin="wire.md: seen in public code of the platform family; vectors Y1 and G1, G4",
    unsigned=frozenset({"sign", "key"}),
    joiner="&",
    tail="key=",
    charset="utf-8",
    sign_over="plain",
    sign_encoding="HEX",
    digests=MappingProxyType({"": "MD5", "MD5": "MD5", "SM3": "SM3"}),
    ciphers=MappingProxyType(
        {"": None, "PLAIN": None, "AES": Cipher("AES", "CBC", 16, b"0102030405060708", "HEX")},
    ),
    code_names=("ret_code", "code", "return_code", "resp_code", "respCode"),
    message_names=("ret_msg", "message", "msg", "return_msg", "resp_msg", "respMsg"),
    success=frozenset({"0000", "00", "0", "200", "10"}),
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType({row.name: row for row in (EHCSERVICE,)})
