"""shim.crypto against printed examples, against a second implementation, and against damage.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shim import crypto, forks, short_aes
from shim.errors import OwnError, Reason
from tests.support.forked import CountingGate
from tests.support.paths import ROOT, VECTORS


def load(name: str) -> dict[str, Any]:
    rows = json.loads((VECTORS / name).read_text("utf-8"))
    return {row["id"]: row for row in rows}


SM3 = load("gbt32905-sm3.json")
SM4 = load("gbt32907-sm4.json")
SM2 = load("gbt32918-sm2.json")
PRINTED = SM2["A.2"]


# ---- digests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SM3.values(), ids=SM3)
def test_sm3_printed_examples(row: dict[str, str]) -> None:
    message = bytes.fromhex(row["message_hex"])
    assert crypto.digest("SM3", message).hex().upper() == row["digest"]
    assert crypto._sm3_gmssl(message).hex().upper() == row["digest"]


def test_md5_rfc_1321() -> None:
    assert crypto.digest("MD5", b"abc").hex() == "900150983cd24fb0d6963f7d28e17f72"


def test_sha256_fips_180_4() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert crypto.digest("SHA-256", b"abc").hex() == expected


def test_sm3_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_sm3(name: str, data: bytes, usedforsecurity: bool) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", no_sm3)
    assert crypto.digest("SM3", b"abc").hex().upper() == SM3["A.1"]["digest"]
    with pytest.raises(OwnError, match="SHA-1") as caught:
        crypto.digest("SHA-1", b"abc")
    assert caught.value.reason is Reason.CIPHER_MISSING


# ---- HMAC ------------------------------------------------------------------------------------------------------------

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
    assert crypto.hmac_digest(digest, key, text).hex() == expected


@pytest.mark.parametrize(("digest", "key", "text", "expected"), MACS)
def test_macs_without_openssl(
    monkeypatch: pytest.MonkeyPatch, digest: str, key: bytes, text: bytes, expected: str
) -> None:
    """If OpenSSL lacks the digest, gmssl serves for SM3; any other algorithm is missing."""

    def missing(*_: object, **__: object) -> None:
        raise ValueError("unsupported hash type")

    monkeypatch.setattr(hmac, "digest", missing)
    if digest == "SM3":
        assert crypto.hmac_digest(digest, key, text).hex() == expected
    else:
        with pytest.raises(OwnError, match="SHA-256") as caught:
            crypto.hmac_digest(digest, key, text)
        assert caught.value.reason is Reason.CIPHER_MISSING


# ---- ciphers -------------------------------------------------------------------------------------------------------

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
    ours = crypto.encrypt(algorithm, "ECB", bytes.fromhex(key), b"", bytes.fromhex(plain))
    assert ours.hex()[: len(sealed)] == sealed
    assert len(ours) == len(sealed) // 2 + crypto.BLOCK_BYTES[algorithm]
    assert crypto.decrypt(algorithm, "ECB", bytes.fromhex(key), b"", ours).hex() == plain


def test_sm4_printed_example_2_a_million_rounds() -> None:
    """A block enciphered over and over is CBC of zeros with that block as the IV: a million rounds in one call."""
    row = SM4["A.2"]
    key, block = bytes.fromhex(row["key"]), bytes.fromhex(row["plaintext"])
    zeros = bytes(16 * row["rounds"])
    assert crypto.sm4_library() == "openssl"
    sealed = crypto.encrypt("SM4", "CBC", key, block, zeros)
    assert sealed[-32:-16].hex().upper() == row["ciphertext"]
    assert crypto.decrypt("SM4", "CBC", key, block, sealed) == zeros


def test_sm4_printed_example_1_by_gmssl() -> None:
    row = SM4["A.1"]
    key, plain, sealed = (bytes.fromhex(row[name]) for name in ("key", "plaintext", "ciphertext"))
    assert crypto._sm4_gmssl(True, "ECB", key, b"", plain) == sealed
    assert crypto._sm4_gmssl(False, "ECB", key, b"", sealed) == plain


def test_sm4_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no libcrypto is found gmssl serves, and says so."""
    monkeypatch.setattr(crypto, "_libcrypto", lambda: None)
    row = SM4["A.1"]
    key, plain = bytes.fromhex(row["key"]), bytes.fromhex(row["plaintext"])
    assert crypto.sm4_library() == "gmssl"
    assert crypto.encrypt("SM4", "ECB", key, b"", plain).hex().upper().startswith(row["ciphertext"])
    for mode in crypto.MODES:
        sealed = crypto.encrypt("SM4", mode, key, key, plain + b"x")
        assert crypto.decrypt("SM4", mode, key, key, sealed) == plain + b"x"
        with pytest.raises(ValueError):
            crypto.decrypt("SM4", mode, key, key, sealed + sealed[-1:])


@pytest.mark.parametrize("cause", [ImportError, OSError, AttributeError])
def test_an_unusable_libcrypto_is_not_used(monkeypatch: pytest.MonkeyPatch, cause: type[Exception]) -> None:
    def broken() -> None:
        raise cause("broken")

    monkeypatch.setattr(crypto, "_open_libcrypto", broken)
    assert crypto._libcrypto.__wrapped__() is None


class _Renamed:
    """A libcrypto whose functions have a prefix, as in the Linux product; by their own names they are not there."""

    def __init__(self, library: object, prefix: str) -> None:
        self._library, self._prefix = library, prefix

    def __getattr__(self, name: str) -> object:
        if not name.startswith(self._prefix):
            raise AttributeError(name)
        return getattr(self._library, name.removeprefix(self._prefix))


@pytest.mark.parametrize(("prefix", "usable"), [("", True), ("vcshim_", True), ("other_", False)])
def test_a_libcrypto_under_private_names(monkeypatch: pytest.MonkeyPatch, prefix: str, usable: bool) -> None:
    library = crypto._open_libcrypto()
    monkeypatch.setattr(crypto, "_open_libcrypto", lambda: _Renamed(library, prefix))
    assert (crypto._libcrypto.__wrapped__() is not None) == usable


@pytest.mark.parametrize("which", [0, 1])
def test_a_libcrypto_that_computes_otherwise_is_not_trusted(monkeypatch: pytest.MonkeyPatch, which: int) -> None:
    probes = [list(probe) for probe in crypto._PROBES]
    probes[which][3] = bytes(16)
    monkeypatch.setattr(crypto, "_PROBES", probes)
    assert crypto._libcrypto.__wrapped__() is None


@pytest.mark.parametrize("size", [0, 1, 16, 4095, 4096, 4097, 200_000])
@pytest.mark.parametrize("key", [16, 24, 32])
@pytest.mark.parametrize("mode", crypto.MODES)
def test_short_aes_is_openssls(mode: str, key: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What seals a short text can open a long one, and the other way round."""
    text = (bytes(range(251)) * 1000)[:size]
    sealed = []
    for longest in (1 << 30, -1):
        monkeypatch.setattr(short_aes, "LONGEST", longest)
        sealed.append(crypto.encrypt("AES", mode, text[:key].ljust(key, b"k"), b"v" * 16, text))
        assert crypto.decrypt("AES", mode, text[:key].ljust(key, b"k"), b"v" * 16, sealed[-1]) == text
    assert sealed[0] == sealed[1]


def test_a_short_text_needs_no_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    def libcrypto() -> None:
        raise AssertionError("OpenSSL was asked for")

    monkeypatch.setattr(crypto, "_libcrypto", libcrypto)
    assert len(crypto.encrypt("AES", "ECB", b"k" * 16, b"", bytes(short_aes.LONGEST - 1))) == short_aes.LONGEST
    with pytest.raises(AssertionError):
        crypto.encrypt("AES", "ECB", b"k" * 16, b"", bytes(short_aes.LONGEST))


@pytest.mark.parametrize("broken", ["missing", "wrong"])
def test_without_short_aes_openssl_serves(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = crypto.encrypt("AES", "CBC", b"k" * 16, b"v" * 16, b"text")
    if broken == "missing":
        monkeypatch.setattr(short_aes, "_file", lambda folder, name: f"{folder}/{name}.missing")
    else:
        monkeypatch.setattr(short_aes, "_SEALED", bytes(16))
    assert short_aes.short_aes.__wrapped__() is None
    monkeypatch.setattr(short_aes, "short_aes", lambda: None)
    assert crypto.encrypt("AES", "CBC", b"k" * 16, b"v" * 16, b"text") == expected


@pytest.mark.parametrize("padding", ["", "00", "11", "0202010203", "030203"])
def test_damaged_pkcs7_is_refused(padding: str) -> None:
    block = bytes.fromhex(padding).rjust(16, b"x") if padding else b""
    sealed = crypto._run(True, "AES", "ECB", b"k" * 16, b"", block)
    with pytest.raises(ValueError, match="PKCS #7"):
        crypto.decrypt("AES", "ECB", b"k" * 16, b"", sealed)


def test_aes_without_openssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no libcrypto is found pycryptodome serves: the printed examples, and a longer text as by OpenSSL."""
    monkeypatch.setattr(short_aes, "LONGEST", -1)
    text = bytes(range(200))
    by_openssl = {
        (mode, size): crypto.encrypt("AES", mode, text[:size], text[:16], text)
        for mode in crypto.MODES
        for size in crypto.KEY_BYTES["AES"]
    }
    monkeypatch.setattr(crypto, "_libcrypto", lambda: None)
    for (mode, size), sealed in by_openssl.items():
        assert crypto.encrypt("AES", mode, text[:size], text[:16], text) == sealed
        assert crypto.decrypt("AES", mode, text[:size], text[:16], sealed) == text
    for algorithm, key, plain, printed in BLOCKS:
        assert (
            crypto.encrypt(algorithm, "ECB", bytes.fromhex(key), b"", bytes.fromhex(plain)).hex()[: len(printed)]
            == printed
        )


@pytest.mark.parametrize("algorithm", crypto.KEY_BYTES)
@pytest.mark.parametrize("mode", crypto.MODES)
def test_key_of_the_wrong_size_is_named(algorithm: str, mode: str) -> None:
    block = bytes(crypto.BLOCK_BYTES[algorithm])
    with pytest.raises(OwnError, match=f"{algorithm}/{mode}.*5 字节") as caught:
        crypto.encrypt(algorithm, mode, b"short", block, b"text")
    assert caught.value.reason is Reason.CIPHER_FAILED
    with pytest.raises(ValueError):
        crypto.decrypt(algorithm, mode, b"short", block, block)


@pytest.mark.parametrize("algorithm", crypto.KEY_BYTES)
def test_iv_length_and_padding_are_checked(algorithm: str) -> None:
    key = bytes(range(crypto.KEY_BYTES[algorithm][-1]))
    block = bytes(crypto.BLOCK_BYTES[algorithm])
    with pytest.raises(ValueError, match="IV"):
        crypto.decrypt(algorithm, "CBC", key, block + b"1", block)
    with pytest.raises(ValueError):
        crypto.decrypt(algorithm, "CBC", key, block, block + b"1")
    with pytest.raises(ValueError):
        crypto.decrypt(algorithm, "CBC", key, block, b"")
    sealed = crypto.encrypt(algorithm, "CBC", key, block, b"text")
    with pytest.raises(ValueError):
        crypto.decrypt(algorithm, "CBC", key, block, sealed[:-1] + bytes([sealed[-1] ^ 1]))


@pytest.mark.parametrize(
    "key", ["0123456789abcdef" + "00" * 16, "00" * 8 + "01" * 8 + "0123456789abcdef", "0123456789abcdef" * 3]
)
def test_3des_with_a_key_that_cancels_out_is_des(key: str) -> None:
    """FIPS 81's DES example, which OpenSSL and Java compute with these keys of 3DES, too."""
    plain = b"Now is the time for all "
    sealed = crypto.encrypt("3DES", "ECB", bytes.fromhex(key), b"", plain)
    assert sealed.hex()[:48] == "3fa40e8a984d48156a271787ab8883f9893d51ec4b563b53"
    assert crypto.decrypt("3DES", "ECB", bytes.fromhex(key), b"", sealed) == plain


def test_unknown_algorithm_and_mode() -> None:
    for algorithm, mode in (("RC4", "ECB"), ("AES", "OFB")):
        with pytest.raises(OwnError, match=f"{algorithm}/{mode}"):
            crypto.encrypt(algorithm, mode, bytes(16), bytes(16), b"text")


# ---- two implementations agree -------------------------------------------------------------------------------------

some_bytes = st.binary(max_size=100)
a_block = st.binary(min_size=16, max_size=16)


@given(some_bytes)
@settings(max_examples=60)
def test_sm3_openssl_and_gmssl_agree(data: bytes) -> None:
    assert crypto.digest("SM3", data) == crypto._sm3_gmssl(data)


@given(key=a_block, iv=a_block, blocks=st.integers(0, 5), data=st.data(), mode=st.sampled_from(crypto.MODES))
@settings(max_examples=60)
def test_sm4_openssl_and_gmssl_agree(key: bytes, iv: bytes, blocks: int, data: st.DataObject, mode: str) -> None:
    plain = data.draw(st.binary(min_size=16 * blocks, max_size=16 * blocks))
    sealed = crypto._openssl(True, "SM4", mode, key, iv, plain)
    assert sealed == crypto._sm4_gmssl(True, mode, key, iv, plain)
    assert crypto._openssl(False, "SM4", mode, key, iv, sealed) == plain
    assert crypto._sm4_gmssl(False, mode, key, iv, sealed) == plain


@given(plain=some_bytes, algorithm=st.sampled_from(sorted(crypto.KEY_BYTES)), mode=st.sampled_from(crypto.MODES))
@settings(max_examples=100)
def test_what_is_enciphered_can_be_deciphered(plain: bytes, algorithm: str, mode: str) -> None:
    iv = bytes(range(crypto.BLOCK_BYTES[algorithm]))
    for size in crypto.KEY_BYTES[algorithm]:
        key = bytes(range(7, 7 + size))
        sealed = crypto.encrypt(algorithm, mode, key, iv, plain)
        assert len(sealed) == (len(plain) // len(iv) + 1) * len(iv)
        assert crypto.decrypt(algorithm, mode, key, iv, sealed) == plain


# ---- SM2 -----------------------------------------------------------------------------------------------------------


def test_sm2_printed_example() -> None:
    data, user_id = PRINTED["message"].encode(), PRINTED["user_id"].encode()
    assert crypto._sm2_hash(PRINTED["public_key"], data, user_id).hex().upper() == PRINTED["hash_e"]
    signature = crypto.sm2_sign(PRINTED["private_key"], data, user_id, int(PRINTED["nonce"], 16))
    assert signature.hex().upper() == PRINTED["signature"]
    assert crypto.sm2_verify(PRINTED["public_key"], data, user_id, bytes.fromhex(PRINTED["signature"]))


@pytest.mark.parametrize("row", SM2.values(), ids=SM2)
def test_sm2_signatures_of_others_are_accepted(row: dict[str, str]) -> None:
    data, user_id = row["message"].encode(), row["user_id"].encode()
    assert crypto.sm2_verify(row["public_key"], data, user_id, bytes.fromhex(row["signature"]))
    assert crypto.sm2_verify("04" + row["public_key"].lower(), data, user_id, bytes.fromhex(row["signature"]))
    assert not crypto.sm2_verify(row["public_key"], data + b" ", user_id, bytes.fromhex(row["signature"]))
    assert not crypto.sm2_verify(row["public_key"], data, user_id + b" ", bytes.fromhex(row["signature"]))
    if "der" in row:
        assert crypto.sm2_from_der(bytes.fromhex(row["der"])).hex().upper() == row["signature"]
        assert crypto.sm2_to_der(bytes.fromhex(row["signature"])).hex() == row["der"]


def test_sm2_sign_without_a_nonce_is_the_one_that_openssl_accepted() -> None:
    row = SM2["ours-accepted-by-openssl"]
    signature = crypto.sm2_sign(row["private_key"], row["message"].encode(), row["user_id"].encode())
    assert signature.hex().upper() == row["signature"]


def test_nonce_rfc_6979_a_2_5() -> None:
    """P-256 with SHA-256 and the message "sample"."""
    private = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    nonce = crypto._nonce(private, hashlib.sha256(b"sample").digest(), order)
    assert nonce == 0xA6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60


@pytest.mark.parametrize("position", [0, 15, 31, 32, 47, 63])
def test_sm2_flipped_byte_is_refused(position: int) -> None:
    signature = bytearray.fromhex(PRINTED["signature"])
    signature[position] ^= 1
    assert not crypto.sm2_verify(
        PRINTED["public_key"], PRINTED["message"].encode(), PRINTED["user_id"].encode(), bytes(signature)
    )


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "00" * 64,
        "FF" * 64,
        PRINTED["signature"][:64] + "00" * 32,
        "00" * 32 + PRINTED["signature"][64:],
        PRINTED["signature"] + "00",
        PRINTED["signature"][:-2],
        f"{1:064x}{crypto._N - 1:064x}",  # r + s = n
    ],
)
def test_sm2_signatures_out_of_range_are_refused(signature: str) -> None:
    assert not crypto.sm2_verify(
        PRINTED["public_key"], PRINTED["message"].encode(), PRINTED["user_id"].encode(), bytes.fromhex(signature)
    )


def test_sm2_s_above_n_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """s and s + n would both fit: a second signature for the same text. Built backwards, with a made-up hash e."""
    s, t = 5, 7
    curve = crypto._sm2_curve("0")
    left = curve._kg(s, f"{crypto._GX:064x}{crypto._GY:064x}")
    right = curve._kg(t, PRINTED["public_key"])
    x = int(curve._convert_jacb_to_nor(curve._add_point(left + "1", right))[:64], 16)
    hashed = ((t - s - x) % crypto._N).to_bytes(32, "big")
    monkeypatch.setattr(crypto, "_sm2_hash", lambda public_key, data, user_id: hashed)
    assert crypto.sm2_verify(PRINTED["public_key"], b"", b"", bytes.fromhex(f"{t - s:064x}{s:064x}"))
    assert not crypto.sm2_verify(PRINTED["public_key"], b"", b"", bytes.fromhex(f"{t - s:064x}{s + crypto._N:064x}"))


@pytest.mark.parametrize(
    "public_key", ["", "04", "00" * 64, PRINTED["public_key"][:-1] + "4", "xy" * 64, " " + PRINTED["public_key"][1:]]
)
def test_sm2_public_key_that_is_no_point_is_refused(public_key: str) -> None:
    assert crypto.sm2_point(public_key) is None
    assert not crypto.sm2_verify(public_key, b"", b"", bytes.fromhex(PRINTED["signature"]))


def test_sm2_public_key_that_begins_with_04_of_its_own() -> None:
    """gmssl strips every leading 0 and 4 of such a key: 0404..., and one whose x begins with 040 without a prefix."""
    private_key = f"{307:064x}"
    public_key = (
        "040455f1384951337805bbad5ba40e3fadc203c03d0f09c694e89ea0aec620dc"
        "558b136f10b4f6173085c7cf08d80173b08598f111e63fd8b812601e02c242b4"
    )
    signature = crypto.sm2_sign(private_key, b"text", b"1234567812345678")
    assert crypto.sm2_verify(public_key, b"text", b"1234567812345678", signature)
    assert crypto.sm2_verify("04" + public_key, b"text", b"1234567812345678", signature)


@pytest.mark.parametrize("private_key", ["", "00" * 32, "F" * 64, "zz" * 32, PRINTED["private_key"][:-1]])
def test_sm2_private_key_that_is_none_is_refused(private_key: str) -> None:
    with pytest.raises(OwnError, match="64 个十六进制") as caught:
        crypto.sm2_sign(private_key, b"", b"")
    assert caught.value.reason is Reason.SIGN_FAILED


@pytest.mark.parametrize(
    "der",
    [
        "",
        "3000",
        "3006020101020100",  # s = 0
        "300702010102020001",  # s with a superfluous zero
        "30060201010201010500",  # something after it
        "30 06 0201ff 020101".replace(" ", ""),  # r negative
    ],
)
def test_sm2_der_that_is_not_canonical_is_refused(der: str) -> None:
    with pytest.raises(ValueError):
        crypto.sm2_from_der(bytes.fromhex(der))


@given(st.binary(max_size=200))
@settings(max_examples=5)
def test_sm2_signs_what_it_verifies(data: bytes) -> None:
    signature = crypto.sm2_sign(PRINTED["private_key"], data, b"id")
    assert crypto.sm2_verify(PRINTED["public_key"], data, b"id", signature)


# ---- text of bytes -------------------------------------------------------------------------------------------------


# ---- Ed25519 ---------------------------------------------------------------------------------------------------------

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
    assert crypto.ed25519_public_key(key).hex() == public
    assert crypto.ed25519_sign(key, data).hex() == signature
    assert crypto.ed25519_verify(bytes.fromhex(public), bytes.fromhex(signature), data)
    assert not crypto.ed25519_verify(bytes.fromhex(public), bytes.fromhex(signature), data + b"x")


def test_ed25519_with_any_bit_of_the_signature_changed() -> None:
    _, public, text, signature = ED25519[2]
    for at in range(512):
        changed = bytearray.fromhex(signature)
        changed[at // 8] ^= 1 << at % 8
        assert not crypto.ed25519_verify(bytes.fromhex(public), bytes(changed), bytes.fromhex(text)), at


@pytest.mark.parametrize("size", [0, 63, 65])
def test_ed25519_signatures_of_another_size_are_none(size: int) -> None:
    assert not crypto.ed25519_verify(bytes.fromhex(ED25519[0][1]), bytes(size), b"")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_ed25519_keys_of_another_size_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"{size} bytes"):
        crypto.ed25519_verify(bytes(size), bytes(64), b"")
    with pytest.raises(ValueError, match=f"{size} bytes"):
        crypto.ed25519_sign(bytes(size), b"")


def test_ed25519_without_openssl_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_open_libcrypto", lambda: None)
    crypto._signature_functions.cache_clear()
    try:
        with pytest.raises(OwnError) as raised:
            crypto.ed25519_verify(bytes(32), bytes(64), b"")
    finally:
        crypto._signature_functions.cache_clear()
    assert raised.value.facts == {"name": "Ed25519"}


@given(some_bytes, st.sampled_from(crypto.ENCODINGS))
def test_text_and_back(data: bytes, encoding: str) -> None:
    assert crypto.from_text(crypto.to_text(data, encoding), encoding) == data


def test_text_forms() -> None:
    assert crypto.to_text(b"\xfb\xef\xbe", "upper-hex") == "FBEFBE"
    assert crypto.to_text(b"\xfb\xef\xbe", "lower-hex") == "fbefbe"
    assert crypto.to_text(b"\xfb\xef\xbe\x00", "base64") == "++++AA=="


@pytest.mark.parametrize("text", ["++++AA==", " ++++AA==\r\n", "    AA==", "++ +AA==", "++++\r\nAA=="])
def test_base64_is_repaired(text: str) -> None:
    text = text if text.strip() != "AA==" else "+   AA=="  # outer blanks are blanks
    assert crypto.from_text(text, "base64") == b"\xfb\xef\xbe\x00"


def test_a_plus_sign_at_an_end_is_repaired() -> None:
    """A blank there is a plus sign where only that gives base64 its length."""
    assert (crypto.repair(" AAA", "base64"), crypto.repair("AAA \n", "base64")) == ("+AAA", "AAA+")
    assert (crypto.repair(" AAAA", "base64"), crypto.repair("AAAA \r\n", "base64")) == ("AAAA", "AAAA")


@pytest.mark.parametrize("text", ["++++AB==", "++++AA=", "++++AA", "++++AA==A", "++-+AA==", "++++AA==\x00", "中文"])
def test_base64_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        crypto.from_text(text, "base64")


@pytest.mark.parametrize("text", ["fBEF", "FBE", "FB EF1", "0x", "FG", "ＦＦ"])
def test_hex_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        crypto.from_text(text, "upper-hex")


def test_hex_of_either_case_is_read() -> None:
    assert crypto.from_text(" fbef\r\n", "upper-hex") == crypto.from_text("FBEF", "lower-hex") == b"\xfb\xef"


# ---- what an import costs ------------------------------------------------------------------------------------------


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_crypto_loads_no_cipher() -> None:
    code = """
        import sys
        import shim.crypto, shim.dialects.envelope
        names = "Crypto", "gmssl", "ctypes", "cffi", "random", "hashlib", "hmac", "_hashlib"
        print([name for name in names if name in sys.modules])
    """
    assert run(code) == "[]"


def test_sm2_works_with_pycryptodome_alone() -> None:
    """The runtime ships no pycryptodomex, which gmssl asks for."""
    code = f"""
        import sys
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "Cryptodome":
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Missing())
        from shim import crypto
        signature = crypto.sm2_sign({PRINTED["private_key"]!r}, b"message digest", b"1234567812345678",
                                    int({PRINTED["nonce"]!r}, 16))
        print(signature.hex().upper())
    """
    assert run(code) == PRINTED["signature"]


def test_sm2_without_gmssl_says_what_is_missing() -> None:
    code = f"""
        import sys
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "gmssl":
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Missing())
        from shim import crypto, errors
        try:
            crypto.sm2_sign({PRINTED["private_key"]!r}, b"", b"")
        except errors.OwnError as error:
            print(error.reason.name, "gmssl" in error.message)
    """
    assert run(code) == "CIPHER_MISSING True"


# ---- forks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "work",
    [
        lambda: crypto.encrypt("SM4", "ECB", bytes(16), b"", b"x"),
        lambda: crypto.encrypt("AES", "CBC", bytes(16), bytes(16), bytes(short_aes.LONGEST)),
        lambda: crypto.hmac_digest("SHA-256", b"key", b"x"),
        lambda: crypto.sm2_sign("1" * 64, b"x", b"1234567812345678"),
        lambda: crypto.ed25519_sign(bytes(32), b"x"),
    ],
    ids=["SM4", "AES", "HMAC", "SM2", "Ed25519"],
)
def test_no_fork_interrupts_openssl(work: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """While it works without the interpreter's lock it may hold locks of its own."""
    work()
    gate = CountingGate()
    monkeypatch.setattr(forks, "gate", gate)
    work()
    assert gate.passes >= 1
