"""shim.crypto.digests against printed examples and against a second implementation.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shim.crypto import digests
from shim.errors import OwnError, Reason
from tests.support.paths import VECTORS


def load(name: str) -> dict[str, Any]:
    rows = json.loads((VECTORS / name).read_text("utf-8"))
    return {row["id"]: row for row in rows}


SM3 = load("gbt32905-sm3.json")
some_bytes = st.binary(max_size=100)


@pytest.mark.parametrize("row", SM3.values(), ids=SM3)
def test_sm3_printed_examples(row: dict[str, str]) -> None:
    message = bytes.fromhex(row["message_hex"])
    assert digests.digest("SM3", message).hex().upper() == row["digest"]
    assert digests._sm3_gmssl(message).hex().upper() == row["digest"]


def test_md5_rfc_1321() -> None:
    assert digests.digest("MD5", b"abc").hex() == "900150983cd24fb0d6963f7d28e17f72"


def test_sha256_fips_180_4() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digests.digest("SHA-256", b"abc").hex() == expected


def test_sm3_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_sm3(name: str, data: bytes, usedforsecurity: bool) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", no_sm3)
    assert digests.digest("SM3", b"abc").hex().upper() == SM3["A.1"]["digest"]
    with pytest.raises(OwnError, match="SHA-1") as caught:
        digests.digest("SHA-1", b"abc")
    assert caught.value.reason is Reason.CIPHER_MISSING


MACS = [
    # digest, key, text, HMAC
    # RFC 4231 section 4.3 and 4.7 (a key of 131 bytes, longer than a block)
    (
        "SHA-256",
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        "SHA-256",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    # GM/T 0042-2015 appendix D.3, examples 1 and 2
    (
        "SM3",
        bytes(range(1, 33)),
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
    ),
    (
        "SM3",
        bytes(range(1, 38)),
        b"\xcd" * 50,
        "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
    ),
    # a key longer than a block, by the command line of OpenSSL 3.0.20: dgst -sm3 -mac hmac
    (
        "SM3",
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "b4fd844e13342002f0b2e0690ea7741f1497d993a70494cea601e657bedf67a0",
    ),
]


@pytest.mark.parametrize(("digest", "key", "text", "expected"), MACS)
def test_printed_macs(digest: str, key: bytes, text: bytes, expected: str) -> None:
    assert digests.hmac_digest(digest, key, text).hex() == expected


@pytest.mark.parametrize(("digest", "key", "text", "expected"), MACS)
def test_macs_without_openssl(
    monkeypatch: pytest.MonkeyPatch, digest: str, key: bytes, text: bytes, expected: str
) -> None:
    """If OpenSSL lacks the digest, gmssl serves for SM3; any other algorithm is missing."""

    def missing(*_: object, **__: object) -> None:
        raise ValueError("unsupported hash type")

    monkeypatch.setattr(hmac, "digest", missing)
    if digest == "SM3":
        assert digests.hmac_digest(digest, key, text).hex() == expected
    else:
        with pytest.raises(OwnError, match="SHA-256") as caught:
            digests.hmac_digest(digest, key, text)
        assert caught.value.reason is Reason.CIPHER_MISSING


@given(some_bytes)
@settings(max_examples=60)
def test_sm3_openssl_and_gmssl_agree(data: bytes) -> None:
    assert digests.digest("SM3", data) == digests._sm3_gmssl(data)
