"""shim.crypto.sm2 against printed examples, against OpenSSL's signatures, and against damage.

Expected bytes are literals (tests/vectors/README.md says whose).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shim.crypto import sm2
from shim.crypto.sm2 import sm2_from_der, sm2_point, sm2_sign, sm2_to_der, sm2_verify
from shim.errors import OwnError, Reason
from tests.support.fresh_python import run_code
from tests.support.paths import VECTORS


def load(name: str) -> dict[str, Any]:
    rows = json.loads((VECTORS / name).read_text("utf-8"))
    return {row["id"]: row for row in rows}


SM2 = load("gbt32918-sm2.json")
PRINTED = SM2["A.2"]


def test_sm2_printed_example() -> None:
    data, user_id = PRINTED["message"].encode(), PRINTED["user_id"].encode()
    assert sm2._sm2_hash(PRINTED["public_key"], data, user_id).hex().upper() == PRINTED["hash_e"]
    signature = sm2_sign(PRINTED["private_key"], data, user_id, int(PRINTED["nonce"], 16))
    assert signature.hex().upper() == PRINTED["signature"]
    assert sm2_verify(PRINTED["public_key"], data, user_id, bytes.fromhex(PRINTED["signature"]))


@pytest.mark.parametrize("row", SM2.values(), ids=SM2)
def test_sm2_signatures_of_others_are_accepted(row: dict[str, str]) -> None:
    data, user_id = row["message"].encode(), row["user_id"].encode()
    assert sm2_verify(row["public_key"], data, user_id, bytes.fromhex(row["signature"]))
    assert sm2_verify("04" + row["public_key"].lower(), data, user_id, bytes.fromhex(row["signature"]))
    assert not sm2_verify(row["public_key"], data + b" ", user_id, bytes.fromhex(row["signature"]))
    assert not sm2_verify(row["public_key"], data, user_id + b" ", bytes.fromhex(row["signature"]))
    if "der" in row:
        assert sm2_from_der(bytes.fromhex(row["der"])).hex().upper() == row["signature"]
        assert sm2_to_der(bytes.fromhex(row["signature"])).hex() == row["der"]


def test_sm2_sign_without_a_nonce_is_the_one_that_openssl_accepted() -> None:
    row = SM2["ours-accepted-by-openssl"]
    signature = sm2_sign(row["private_key"], row["message"].encode(), row["user_id"].encode())
    assert signature.hex().upper() == row["signature"]


def test_nonce_rfc_6979_a_2_5() -> None:
    """P-256 with SHA-256 and the message "sample"."""
    private = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    nonce = sm2._nonce(private, hashlib.sha256(b"sample").digest(), order)
    assert nonce == 0xA6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60


@pytest.mark.parametrize("position", [0, 15, 31, 32, 47, 63])
def test_sm2_flipped_byte_is_refused(position: int) -> None:
    signature = bytearray.fromhex(PRINTED["signature"])
    signature[position] ^= 1
    assert not sm2_verify(
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
        f"{1:064x}{sm2._N - 1:064x}",  # r + s = n
    ],
)
def test_sm2_signatures_out_of_range_are_refused(signature: str) -> None:
    assert not sm2_verify(
        PRINTED["public_key"], PRINTED["message"].encode(), PRINTED["user_id"].encode(), bytes.fromhex(signature)
    )


def test_sm2_s_above_n_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """s and s + n would both fit: a second signature for the same text. Built backwards, with a made-up hash e."""
    s, t = 5, 7
    curve = sm2._sm2_curve("0")
    left = curve._kg(s, f"{sm2._GX:064x}{sm2._GY:064x}")
    right = curve._kg(t, PRINTED["public_key"])
    x = int(curve._convert_jacb_to_nor(curve._add_point(left + "1", right))[:64], 16)
    hashed = ((t - s - x) % sm2._N).to_bytes(32, "big")
    monkeypatch.setattr(sm2, "_sm2_hash", lambda public_key, data, user_id: hashed)
    assert sm2_verify(PRINTED["public_key"], b"", b"", bytes.fromhex(f"{t - s:064x}{s:064x}"))
    assert not sm2_verify(PRINTED["public_key"], b"", b"", bytes.fromhex(f"{t - s:064x}{s + sm2._N:064x}"))


@pytest.mark.parametrize(
    "public_key", ["", "04", "00" * 64, PRINTED["public_key"][:-1] + "4", "xy" * 64, " " + PRINTED["public_key"][1:]]
)
def test_sm2_public_key_that_is_no_point_is_refused(public_key: str) -> None:
    assert sm2_point(public_key) is None
    assert not sm2_verify(public_key, b"", b"", bytes.fromhex(PRINTED["signature"]))


def test_sm2_public_key_that_begins_with_04_of_its_own() -> None:
    """gmssl strips every leading 0 and 4 of such a key: 0404..., and one whose x begins with 040 without a prefix."""
    private_key = f"{307:064x}"
    public_key = (
        "040455f1384951337805bbad5ba40e3fadc203c03d0f09c694e89ea0aec620dc"
        "558b136f10b4f6173085c7cf08d80173b08598f111e63fd8b812601e02c242b4"
    )
    signature = sm2_sign(private_key, b"text", b"1234567812345678")
    assert sm2_verify(public_key, b"text", b"1234567812345678", signature)
    assert sm2_verify("04" + public_key, b"text", b"1234567812345678", signature)


@pytest.mark.parametrize("private_key", ["", "00" * 32, "F" * 64, "zz" * 32, PRINTED["private_key"][:-1]])
def test_sm2_private_key_that_is_none_is_refused(private_key: str) -> None:
    with pytest.raises(OwnError, match="64 个十六进制") as caught:
        sm2_sign(private_key, b"", b"")
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
        sm2_from_der(bytes.fromhex(der))


@given(st.binary(max_size=200))
@settings(max_examples=5)
def test_sm2_signs_what_it_verifies(data: bytes) -> None:
    signature = sm2_sign(PRINTED["private_key"], data, b"id")
    assert sm2_verify(PRINTED["public_key"], data, b"id", signature)


def test_sm2_works_with_pycryptodome_alone() -> None:
    """The runtime ships no pycryptodomex, which gmssl asks for."""
    code = f"""
        import sys
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "Cryptodome":
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Missing())
        from shim.crypto.sm2 import sm2_sign
        signature = sm2_sign({PRINTED["private_key"]!r}, b"message digest", b"1234567812345678",
                             int({PRINTED["nonce"]!r}, 16))
        print(signature.hex().upper())
    """
    assert run_code(code) == PRINTED["signature"]


def test_sm2_without_gmssl_says_what_is_missing() -> None:
    code = f"""
        import sys
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "gmssl":
                    raise ModuleNotFoundError(name, name=name)
        sys.meta_path.insert(0, Missing())
        from shim import errors
        from shim.crypto.sm2 import sm2_sign
        try:
            sm2_sign({PRINTED["private_key"]!r}, b"", b"")
        except errors.OwnError as error:
            print(error.reason.name, "gmssl" in error.message)
    """
    assert run_code(code) == "CIPHER_MISSING True"
