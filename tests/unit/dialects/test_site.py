"""A site's own row: the section [dialect NAME] of vcshim.ini, from its lines to a dialect, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest

from shim.dialects import columns, table
from shim.dialects.ciphers import Cipher, read_cipher, write_cipher
from shim.dialects.dialect import DIALECT_COLUMNS, Dialect
from shim.dialects.table import DIALECTS
from shim.errors import HostError, Reason

VECTORS = Path(__file__).parents[2] / "vectors"
PRINTED = next(row for row in json.loads((VECTORS / "gbt32918-sm2.json").read_text("utf-8")) if row["id"] == "A.2")
SM2_KEYS = {"sm2_private_key": PRINTED["private_key"], "sm2_public_key": PRINTED["public_key"]}


def test_every_field_is_a_column_but_name_and_origin() -> None:
    assert {item.name for item in fields(Dialect)} - set(DIALECT_COLUMNS) == {"name", "origin"}


def test_a_field_with_a_cell_is_open_to_a_site_and_described() -> None:
    """One declaration is enough: key, help, choices and error come from it."""

    @dataclass(frozen=True, kw_only=True)
    class Wider:
        padding: str = columns.cell("how it is padded", "填充方式", columns.one_of("zeros", "blanks"), default="zeros")
        pepper: str = columns.cell("a second secret", "第二密钥", columns.any_text(), secret=True, default="")

    made = columns.columns_of(Wider)  # type: ignore[arg-type]
    assert [(key.key, key.help, key.allowed, key.secret) for column in made.values() for key in column.keys] == [
        ("padding", "填充方式", "zeros、blanks", False),
        ("pepper", "第二密钥", "任意文字", True),
    ]
    row: Any = Wider()
    section = columns.DialectSection("s", {"padding": " Blanks ", "pepper": "none"})
    base = {"padding": "zeros", "pepper": ""}
    assert made["padding"].read(section, base) == "blanks" and made["pepper"].read(section, base) == ""
    assert made["padding"].read(columns.DialectSection("s", {}), base) == "zeros"
    assert made["padding"].write(row) == {"padding": "zeros"} and made["pepper"].write(row) == {"pepper": "none"}
    with pytest.raises(HostError, match=r"\[dialect s\] padding = tabs，应为：zeros、blanks"):
        made["padding"].read(columns.DialectSection("s", {"padding": "tabs"}), base)


# ---- lines to a row --------------------------------------------------------------------------------------------------


def test_site_dialect_without_keys_is_the_default() -> None:
    site = table.site_dialect("my-hospital", {})
    base = DIALECTS["ehcservice"]
    for column in fields(Dialect):
        if column.name not in ("name", "origin"):
            assert getattr(site, column.name) == getattr(base, column.name)
    assert site.name == "my-hospital" and "my-hospital" in site.origin


def test_site_dialect_writes_over_its_base() -> None:
    site = table.site_dialect(
        "bozhou",
        {
            "base": "Sichuan-V1.1",
            "title": "亳州",
            "tail": "&sign_key=",
            "joiner": "none",
            "sort": "FIXED",
            "fields": "app_id，method , biz_content",
            "unsigned": "none",
            "empty": "drop",
            "append_secret": "No",
            "charset": "GBK",
            "digest": "sha-256",
            "sign_encoding": "Base64",
            "success": "10, 11",
            "code_names": "rc",
            "message_names": "rm,msg",
            "sm4": "none",
            "aes": "AES-256/ECB direct base64",
            "aes_answer": "aes-128/cbc DERIVED lower-hex iv=text:ABCDEFGHIJKLMNOP charset=GBK",
            "answer_at": "data",
        },
    )
    assert (site.title, site.tail, site.joiner, site.sort) == ("亳州", "&sign_key=", "", "fixed")
    assert site.fields == ("app_id", "method", "biz_content")
    assert site.unsigned == frozenset() and site.empty == "drop" and site.charset == "gbk"
    assert site.append_secret == "no"
    assert site.signers == {"": "SHA-256", "SM3": "SM3", "SHA-256": "SHA-256", "SHA256": "SHA-256"}
    assert site.sign_encoding == "base64" and site.success == {"10", "11"}
    assert site.code_names == ("rc",) and site.message_names == ("rm", "msg")
    assert site.ciphers == {"": None, "PLAIN": None, "AES": Cipher("AES", "ECB", 32, "", "base64")}
    assert site.answer_ciphers is not None
    assert site.answer_ciphers["AES"] == Cipher(
        "AES", "CBC", 16, "text:ABCDEFGHIJKLMNOP", "lower-hex", key_rule="derived", charset="gbk"
    )
    assert (site.sign_name, site.sign_type_name, site.answer_at) == ("digest", "digest_type", "data")


def test_site_cipher_takes_what_is_not_written_from_its_base() -> None:
    site = table.site_dialect("s", {"base": "sister", "aes": "AES/CBC", "des": "DES/ECB", "3des": "3DES/CBC"})
    assert site.ciphers["AES"] == DIALECTS["sister"].ciphers["AES"]
    assert site.ciphers["DES"] == Cipher("DES", "ECB", 8, "", "base64", key_rule="derived")
    assert site.ciphers["3DES"] == Cipher("3DES", "CBC", 24, "hex:0102030405060708", "upper-hex")
    # the answers' table of the base stands beside it, unchanged
    assert site.answer_ciphers is not None and site.answer_ciphers["SM4"] == Cipher(
        "SM4", "CBC", 16, "text:0102030405060708", "upper-hex", key_rule="hex-upper"
    )


def test_sign_types_are_the_words_of_the_line() -> None:
    """Without the line, those of the base and of digest; with it, its own and no others."""
    base = DIALECTS["ehcservice"]
    assert table.site_dialect("s", {"digest": "HMAC-SM3"}).signers == {
        **base.signers,
        "": "HMAC-SM3",
        "HMAC-SM3": "HMAC-SM3",
        "HMACSM3": "HMAC-SM3",
    }
    assert table.site_dialect("s", {"sign_types": "sm3, Hmac = hmac-sha256"}).signers == {
        "": "MD5",
        "SM3": "SM3",
        "HMAC": "HMAC-SHA256",
    }
    both = table.site_dialect("s", {"digest": "SM3", "sign_types": "SM3"})
    assert both.signers == {"": "SM3", "SM3": "SM3"}


def test_an_iv_of_the_base_is_taken_for_blocks_of_its_size_only() -> None:
    base = read_cipher("AES-128/CBC iv=text:ABCDEFGHIJKLMNOP")
    assert read_cipher("SM4/CBC", base).iv == "text:ABCDEFGHIJKLMNOP"
    assert read_cipher("DES/CBC", base).iv == "hex:0102030405060708"
    assert read_cipher("AES/CBC", read_cipher("AES/ECB")).iv == "text:0102030405060708"
    assert read_cipher("SM4/CBC", read_cipher("AES/CBC iv=key")).iv == "key"


@pytest.mark.parametrize(
    "notation",
    [
        "AES-128/CBC direct upper-hex iv=text:0102030405060708 charset=utf-8",
        "AES-192/ECB hex-lower lower-hex charset=gbk",
        "AES-256/CBC unhex base64 iv=hex:000102030405060708090A0B0C0D0E0F charset=utf-8",
        "DES/CBC derived base64 iv=key charset=gbk",
        "3DES/CBC hex-upper lower-hex iv=text:ABCDEFGH charset=utf-8",
        "SM4/ECB direct upper-hex charset=utf-8",
    ],
)
def test_a_written_cipher_is_read_as_it_was(notation: str) -> None:
    cipher = read_cipher(notation)
    assert write_cipher(cipher) == notation
    assert (
        read_cipher(notation.lower().replace("abcdefgh", "ABCDEFGH").replace("0a0b0c0d0e0f", "0A0B0C0D0E0F")) == cipher
    )


# ---- what is refused -------------------------------------------------------------------------------------------------

WRONG = [
    # name, values, what the message must say
    ("s", {"tale": "key="}, ("tale", "tail", "***")),
    ("s", {"base": "nowhere"}, ("base", "nowhere", "mianyang")),
    ("s", {"sort": "random"}, ("sort", "random", "ignore-case")),
    ("s", {"sort": ""}, ("sort", "（空）", "ascii")),
    ("s", {"sort": "fixed"}, ("fields", "sort = fixed")),
    ("s", {"fields": " , "}, ("fields", "逗号")),
    ("s", {"digest": "SHA1"}, ("digest", "SHA1", "SM3")),
    ("s", {"digest": "SM2"}, ("sm2_private_key", "64")),
    ("s", {"sign_encoding": "hex"}, ("sign_encoding", "hex", "upper-hex")),
    ("s", {"charset": "big5"}, ("charset", "big5", "gbk")),
    ("s", {"sign_name": "a b"}, ("sign_name", "a b")),
    ("s", {"sign_name": "sign_type"}, ("sign_type_name",)),
    ("s", {"scope": "inner", "sign_over": "sealed"}, ("sign_over", "scope = inner")),
    ("s", {"aes": ""}, ("aes", "（空）", "AES-256")),
    ("s", {"aes": "AES-512/CBC"}, ("aes", "AES-512/CBC", "AES-256")),
    ("s", {"aes": "AES/GCM"}, ("aes", "AES/GCM", "ECB")),
    ("s", {"aes": "AES/CBC magic"}, ("aes", "magic", "derived")),
    ("s", {"aes": "AES/CBC iv=hex:xyz"}, ("aes", "iv=hex:xyz")),
    ("s", {"aes": "AES/ECB iv=hex:xyz"}, ("aes", "iv=hex:xyz")),
    ("s", {"aes": "AES/CBC iv=text:short"}, ("aes", "16 字节", "5 字节")),
    ("s", {"aes": "AES/CBC iv=key:more"}, ("aes", "iv=key:more", "iv=key")),
    ("s", {"aes": "AES/CBC iv=random"}, ("aes", "iv=random", "iv=key")),
    ("s", {"aes": "AES/CBC iv=text:汉"}, ("aes", "iv=text:汉")),
    ("s", {"aes": "AES/CBC charset=big5"}, ("aes", "charset=big5", "gbk")),
    ("s", {"sm4_answer": "SM4"}, ("sm4_answer", "SM4")),
    ("s", {"append_secret": "maybe"}, ("append_secret", "maybe", "yes、no")),
    ("s", {"sign_types": "MD5, X=SHA1"}, ("sign_types", "X=SHA1", "HMAC-SHA256")),
    ("s", {"sign_types": ","}, ("sign_types", "逗号")),
    ("s", {"sign_types": "A=SM2"}, ("sm2_private_key", "digest = SM2", "64")),
    ("s", {"sm2_private_key": "SECRETVALUE"}, ("sm2_private_key", "64", "S***（11 字）")),
    ("s", {"sm2_public_key": "00" * 64}, ("sm2_public_key", "曲线")),
    ("s", {"success": ""}, ("success", "逗号")),
    ("ehcservice", {}, ("ehcservice", "预置")),
    ("", {}, ("名称", "1 到 40")),
    ("a b", {}, ("名称", "a b")),
    ("x" * 41, {}, ("名称", "40")),
]


@pytest.mark.parametrize(("name", "values", "said"), WRONG)
def test_site_dialect_says_what_is_wrong(name: str, values: dict[str, str], said: tuple[str, ...]) -> None:
    with pytest.raises(HostError) as caught:
        table.site_dialect(name, values)
    assert caught.value.reason is Reason.SETTINGS
    for part in said:
        assert part in caught.value.message
    assert "SECRETVALUE" not in caught.value.message


def test_unknown_key_does_not_show_its_value() -> None:
    """It may be a secret under a misspelt name."""
    with pytest.raises(HostError) as caught:
        table.site_dialect("s", {"cipher_secert": "hush-hush"})
    assert "hush" not in caught.value.message


def test_site_keys_are_unique_and_described() -> None:
    assert len({row.key for row in table.SITE_KEYS}) == len(table.SITE_KEYS)
    assert all(row.help and row.allowed and row.doc and row.form.doc_allowed for row in table.SITE_KEYS)
    secret = {"app_key", "cipher_secret", "answer_secret", "sm2_private_key", "headers"}
    assert {row.key for row in table.SITE_KEYS if row.secret} == secret


@pytest.mark.parametrize("row", [row for row in table.SITE_KEYS if row.form.choices], ids=lambda row: row.key)
def test_every_choice_is_accepted(row: columns.SiteKey) -> None:
    for choice in row.form.choices:
        others = {"fields": "a"} | SM2_KEYS if row.key in ("sort", "digest") else {}
        table.site_dialect("s", {row.key: choice.swapcase()} | others)


@pytest.mark.parametrize("base", DIALECTS)
def test_every_preset_can_be_a_base(base: str) -> None:
    assert replace(table.site_dialect("s", {"base": base}), name="", origin="") == replace(
        DIALECTS[base], name="", origin=""
    )
