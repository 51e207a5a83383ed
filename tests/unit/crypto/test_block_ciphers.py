"""shim.crypto.block_ciphers against printed examples, against a second implementation, and against damage.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shim.crypto import block_ciphers, libcrypto, short_aes
from shim.errors import OwnError, Reason
from tests.support.paths import VECTORS


def load(name: str) -> dict[str, Any]:
    rows = json.loads((VECTORS / name).read_text("utf-8"))
    return {row["id"]: row for row in rows}


SM4 = load("gbt32907-sm4.json")
some_bytes = st.binary(max_size=100)
a_block = st.binary(min_size=16, max_size=16)


BLOCKS = [
    # algorithm, key, plain, sealed
    ("AES", bytes(range(16)).hex(), "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"),  # FIPS 197
    ("AES", bytes(range(32)).hex(), "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089"),  # FIPS 197
    # FIPS 81, table B1: "Now is the time for all "
    (
        "DES",
        "0123456789abcdef",
        "4e6f77206973207468652074696d6520666f7220616c6c20",
        "3fa40e8a984d48156a271787ab8883f9893d51ec4b563b53",
    ),
    # SP 800-67 rev. 1, B.1: "The qufck brown fox jump"
    (
        "3DES",
        "0123456789abcdef23456789abcdef01456789abcdef0123",
        "5468652071756663 6b2062726f776e20 666f78206a756d70".replace(" ", ""),
        "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900",
    ),
    ("SM4", SM4["A.1"]["key"], SM4["A.1"]["plaintext"].lower(), SM4["A.1"]["ciphertext"].lower()),
]


@pytest.mark.parametrize(("algorithm", "key", "plain", "sealed"), BLOCKS)
def test_printed_blocks(algorithm: str, key: str, plain: str, sealed: str) -> None:
    """ECB block by block is the printed example; ours pads, so a block of padding follows it."""
    ours = block_ciphers.encrypt(algorithm, "ECB", bytes.fromhex(key), b"", bytes.fromhex(plain))
    assert ours.hex()[: len(sealed)] == sealed
    assert len(ours) == len(sealed) // 2 + block_ciphers.BLOCK_BYTES[algorithm]
    assert block_ciphers.decrypt(algorithm, "ECB", bytes.fromhex(key), b"", ours).hex() == plain


def test_sm4_printed_example_2_a_million_rounds() -> None:
    """A block enciphered over and over is CBC of zeros with that block as the IV: a million rounds in one call."""
    row = SM4["A.2"]
    key, block = bytes.fromhex(row["key"]), bytes.fromhex(row["plaintext"])
    zeros = bytes(16 * row["rounds"])
    assert block_ciphers.sm4_library() == "openssl"
    sealed = block_ciphers.encrypt("SM4", "CBC", key, block, zeros)
    assert sealed[-32:-16].hex().upper() == row["ciphertext"]
    assert block_ciphers.decrypt("SM4", "CBC", key, block, sealed) == zeros


def test_sm4_printed_example_1_by_gmssl() -> None:
    row = SM4["A.1"]
    key, plain, sealed = (bytes.fromhex(row[name]) for name in ("key", "plaintext", "ciphertext"))
    assert block_ciphers._sm4_gmssl(True, "ECB", key, b"", plain) == sealed
    assert block_ciphers._sm4_gmssl(False, "ECB", key, b"", sealed) == plain


def test_sm4_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no libcrypto is found gmssl serves, and says so."""
    monkeypatch.setattr(libcrypto, "cipher_functions", lambda: None)
    row = SM4["A.1"]
    key, plain = bytes.fromhex(row["key"]), bytes.fromhex(row["plaintext"])
    assert block_ciphers.sm4_library() == "gmssl"
    assert block_ciphers.encrypt("SM4", "ECB", key, b"", plain).hex().upper().startswith(row["ciphertext"])
    for mode in block_ciphers.MODES:
        sealed = block_ciphers.encrypt("SM4", mode, key, key, plain + b"x")
        assert block_ciphers.decrypt("SM4", mode, key, key, sealed) == plain + b"x"
        with pytest.raises(ValueError):
            block_ciphers.decrypt("SM4", mode, key, key, sealed + sealed[-1:])


@pytest.mark.parametrize("size", [0, 1, 16, 4095, 4096, 4097, 200_000])
@pytest.mark.parametrize("key", [16, 24, 32])
@pytest.mark.parametrize("mode", block_ciphers.MODES)
def test_short_aes_is_openssls(mode: str, key: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What seals a short text can open a long one, and the other way round."""
    text = (bytes(range(251)) * 1000)[:size]
    sealed = []
    for longest in (1 << 30, -1):
        monkeypatch.setattr(short_aes, "LONGEST", longest)
        sealed.append(block_ciphers.encrypt("AES", mode, text[:key].ljust(key, b"k"), b"v" * 16, text))
        assert block_ciphers.decrypt("AES", mode, text[:key].ljust(key, b"k"), b"v" * 16, sealed[-1]) == text
    assert sealed[0] == sealed[1]


def test_a_short_text_needs_no_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    def wanted() -> None:
        raise AssertionError("OpenSSL was asked for")

    monkeypatch.setattr(libcrypto, "cipher_functions", wanted)
    assert len(block_ciphers.encrypt("AES", "ECB", b"k" * 16, b"", bytes(short_aes.LONGEST - 1))) == short_aes.LONGEST
    with pytest.raises(AssertionError):
        block_ciphers.encrypt("AES", "ECB", b"k" * 16, b"", bytes(short_aes.LONGEST))


@pytest.mark.parametrize("broken", ["missing", "wrong"])
def test_without_short_aes_openssl_serves(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = block_ciphers.encrypt("AES", "CBC", b"k" * 16, b"v" * 16, b"text")
    if broken == "missing":
        monkeypatch.setattr(short_aes, "_file", lambda folder, name: f"{folder}/{name}.missing")
    else:
        monkeypatch.setattr(short_aes, "_SEALED", bytes(16))
    assert short_aes.short_aes.__wrapped__() is None
    monkeypatch.setattr(short_aes, "short_aes", lambda: None)
    assert block_ciphers.encrypt("AES", "CBC", b"k" * 16, b"v" * 16, b"text") == expected


@pytest.mark.parametrize("padding", ["", "00", "11", "0202010203", "030203"])
def test_damaged_pkcs7_is_refused(padding: str) -> None:
    block = bytes.fromhex(padding).rjust(16, b"x") if padding else b""
    sealed = block_ciphers._run(True, "AES", "ECB", b"k" * 16, b"", block)
    with pytest.raises(ValueError, match="PKCS #7"):
        block_ciphers.decrypt("AES", "ECB", b"k" * 16, b"", sealed)


def test_aes_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no libcrypto is found pycryptodome serves: the printed examples, and a longer text as by OpenSSL."""
    monkeypatch.setattr(short_aes, "LONGEST", -1)
    text = bytes(range(200))
    by_openssl = {
        (mode, size): block_ciphers.encrypt("AES", mode, text[:size], text[:16], text)
        for mode in block_ciphers.MODES
        for size in block_ciphers.KEY_BYTES["AES"]
    }
    monkeypatch.setattr(libcrypto, "cipher_functions", lambda: None)
    for (mode, size), sealed in by_openssl.items():
        assert block_ciphers.encrypt("AES", mode, text[:size], text[:16], text) == sealed
        assert block_ciphers.decrypt("AES", mode, text[:size], text[:16], sealed) == text
    for algorithm, key, plain, printed in BLOCKS:
        assert (
            block_ciphers.encrypt(algorithm, "ECB", bytes.fromhex(key), b"", bytes.fromhex(plain)).hex()[: len(printed)]
            == printed
        )


@pytest.mark.parametrize("algorithm", block_ciphers.KEY_BYTES)
@pytest.mark.parametrize("mode", block_ciphers.MODES)
def test_key_of_the_wrong_size_is_named(algorithm: str, mode: str) -> None:
    block = bytes(block_ciphers.BLOCK_BYTES[algorithm])
    with pytest.raises(OwnError, match=f"{algorithm}/{mode}.*5 字节") as caught:
        block_ciphers.encrypt(algorithm, mode, b"short", block, b"text")
    assert caught.value.reason is Reason.CIPHER_FAILED
    with pytest.raises(ValueError):
        block_ciphers.decrypt(algorithm, mode, b"short", block, block)


@pytest.mark.parametrize("algorithm", block_ciphers.KEY_BYTES)
def test_iv_length_and_padding_are_checked(algorithm: str) -> None:
    key = bytes(range(block_ciphers.KEY_BYTES[algorithm][-1]))
    block = bytes(block_ciphers.BLOCK_BYTES[algorithm])
    with pytest.raises(ValueError, match="IV"):
        block_ciphers.decrypt(algorithm, "CBC", key, block + b"1", block)
    with pytest.raises(ValueError):
        block_ciphers.decrypt(algorithm, "CBC", key, block, block + b"1")
    with pytest.raises(ValueError):
        block_ciphers.decrypt(algorithm, "CBC", key, block, b"")
    sealed = block_ciphers.encrypt(algorithm, "CBC", key, block, b"text")
    with pytest.raises(ValueError):
        block_ciphers.decrypt(algorithm, "CBC", key, block, sealed[:-1] + bytes([sealed[-1] ^ 1]))


@pytest.mark.parametrize(
    "key", ["0123456789abcdef" + "00" * 16, "00" * 8 + "01" * 8 + "0123456789abcdef", "0123456789abcdef" * 3]
)
def test_3des_with_a_key_that_cancels_out_is_des(key: str) -> None:
    """FIPS 81's DES example, which OpenSSL and Java compute with these keys of 3DES, too."""
    plain = b"Now is the time for all "
    sealed = block_ciphers.encrypt("3DES", "ECB", bytes.fromhex(key), b"", plain)
    assert sealed.hex()[:48] == "3fa40e8a984d48156a271787ab8883f9893d51ec4b563b53"
    assert block_ciphers.decrypt("3DES", "ECB", bytes.fromhex(key), b"", sealed) == plain


def test_unknown_algorithm_and_mode() -> None:
    for algorithm, mode in (("RC4", "ECB"), ("AES", "OFB")):
        with pytest.raises(OwnError, match=f"{algorithm}/{mode}"):
            block_ciphers.encrypt(algorithm, mode, bytes(16), bytes(16), b"text")


@given(key=a_block, iv=a_block, blocks=st.integers(0, 5), data=st.data(), mode=st.sampled_from(block_ciphers.MODES))
@settings(max_examples=60)
def test_sm4_openssl_and_gmssl_agree(key: bytes, iv: bytes, blocks: int, data: st.DataObject, mode: str) -> None:
    plain = data.draw(st.binary(min_size=16 * blocks, max_size=16 * blocks))
    sealed = libcrypto.run(True, "SM4", mode, key, iv, plain)
    assert sealed == block_ciphers._sm4_gmssl(True, mode, key, iv, plain)
    assert libcrypto.run(False, "SM4", mode, key, iv, sealed) == plain
    assert block_ciphers._sm4_gmssl(False, mode, key, iv, sealed) == plain


@given(
    plain=some_bytes,
    algorithm=st.sampled_from(sorted(block_ciphers.KEY_BYTES)),
    mode=st.sampled_from(block_ciphers.MODES),
)
@settings(max_examples=100)
def test_what_is_enciphered_can_be_deciphered(plain: bytes, algorithm: str, mode: str) -> None:
    iv = bytes(range(block_ciphers.BLOCK_BYTES[algorithm]))
    for size in block_ciphers.KEY_BYTES[algorithm]:
        key = bytes(range(7, 7 + size))
        sealed = block_ciphers.encrypt(algorithm, mode, key, iv, plain)
        assert len(sealed) == (len(plain) // len(iv) + 1) * len(iv)
        assert block_ciphers.decrypt(algorithm, mode, key, iv, sealed) == plain
