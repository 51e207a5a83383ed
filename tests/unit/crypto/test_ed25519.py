"""shim.crypto.ed25519 against the printed examples of RFC 8032, and against damage.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import pytest

from shim.crypto import ed25519, libcrypto
from shim.crypto.ed25519 import ed25519_public_key, ed25519_sign, ed25519_verify
from shim.errors import OwnError

# RFC 8032 7.1, TEST 1 to 3 and TEST SHA(abc): private key, public key, text, signature.
ED25519 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("private", "public", "text", "signature"), ED25519)
def test_ed25519_printed_examples(private: str, public: str, text: str, signature: str) -> None:
    key, data = bytes.fromhex(private), bytes.fromhex(text)
    assert ed25519_public_key(key).hex() == public
    assert ed25519_sign(key, data).hex() == signature
    assert ed25519_verify(bytes.fromhex(public), bytes.fromhex(signature), data)
    assert not ed25519_verify(bytes.fromhex(public), bytes.fromhex(signature), data + b"x")


def test_ed25519_with_any_bit_of_the_signature_changed() -> None:
    _, public, text, signature = ED25519[2]
    for at in range(512):
        changed = bytearray.fromhex(signature)
        changed[at // 8] ^= 1 << at % 8
        assert not ed25519_verify(bytes.fromhex(public), bytes(changed), bytes.fromhex(text)), at


@pytest.mark.parametrize("size", [0, 63, 65])
def test_ed25519_signatures_of_another_size_are_none(size: int) -> None:
    assert not ed25519_verify(bytes.fromhex(ED25519[0][1]), bytes(size), b"")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_ed25519_keys_of_another_size_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} bytes"):
        ed25519_verify(bytes(size), bytes(64), b"")
    with pytest.raises(ValueError, match=f"{size} bytes"):
        ed25519_sign(bytes(size), b"")


def test_ed25519_without_openssl_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "open_libcrypto", lambda: None)
    ed25519._signature_functions.cache_clear()
    try:
        with pytest.raises(OwnError) as raised:
            ed25519_verify(bytes(32), bytes(64), b"")
    finally:
        ed25519._signature_functions.cache_clear()
    assert raised.value.facts == {"name": "Ed25519"}
