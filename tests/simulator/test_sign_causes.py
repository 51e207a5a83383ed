"""Why a sign is wrong, or biz_content cannot be decrypted: every mistake that is known is found, and named alone.

The signs are those of base strings that stand here letter for letter; nothing of the product makes them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shim.crypto.block_ciphers import encrypt
from shim.dialects.table import DIALECTS
from shim.dialects.virtualcard import parse_vc_request, seal_vc_request
from shim.simulator import sign_causes
from shim.simulator.content_causes import content_causes
from shim.simulator.examples import EXAMPLES
from shim.simulator.messages import Call
from shim.simulator.sign_causes import SignComparison, compare_sign
from shim.simulator.state import SimulatorState
from shim.simulator.store.accounts import Account

KEY, OTHER_KEY = "1TESTSEC0000000000000000TESTSEC0", "1TESTSEC0000000000000000LIMITED0"
APP_ID = "1TESTAPP0000000000000000TESTAPP0"
CONTENT = '{"b":"测","a":"x"}'
# As it is sent: neither sorted, nor without an empty field.
FIELDS = {"method": "m", "app_id": APP_ID, "Term": "t", "enc_type": "Plain", "nothing": "", "sign_type": "MD5"}
HEAD = f'Term=t&app_id={APP_ID}&biz_content={{"b":"测","a":"x"}}&enc_type=Plain&method=m&sign_type=MD5'
SENT = f'method=m&app_id={APP_ID}&Term=t&enc_type=Plain&sign_type=MD5&biz_content={{"b":"测","a":"x"}}'
FOLDED = f'app_id={APP_ID}&biz_content={{"b":"测","a":"x"}}&enc_type=Plain&method=m&sign_type=MD5&Term=t'
BACKWARDS = f'sign_type=MD5&method=m&enc_type=Plain&biz_content={{"b":"测","a":"x"}}&app_id={APP_ID}&Term=t'
LOWER = "签名的十六进制字母应为大写，收到的是小写"


def md5(text: str, charset: str = "utf-8") -> str:
    return hashlib.md5(text.encode(charset)).hexdigest().upper()


@pytest.fixture
def state() -> Iterator[SimulatorState]:
    state = SimulatorState()
    yield state
    state.close()


def compared(state: SimulatorState, sign: str, **fields: Any) -> SignComparison:
    request = {**FIELDS, "biz_content": CONTENT, "sign": sign, **fields}
    result = compare_sign(Call(request=json.dumps(request, ensure_ascii=False)), state, lambda key: f"<{key[-8:]}>")
    assert result is not None
    return result


CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    # the sign that is received -> the causes
    "tail &key=": (md5(f"{HEAD}&key={KEY}"), ("应用密钥之前应为 key=，收到的是 &key=",)),
    "no tail": (md5(HEAD + KEY), ("应用密钥之前缺少 key=",)),
    "tail &app_secret=": (md5(f"{HEAD}&app_secret={KEY}"), ("应用密钥之前应为 key=，收到的是 &app_secret=",)),
    "lower case": (md5(f"{HEAD}key={KEY}").lower(), (LOWER,)),
    "GBK": (md5(f"{HEAD}key={KEY}", "gb18030"), ("签名文字应按 UTF-8 计算，收到的是按 GBK",)),
    "as sent": (md5(f"{SENT}key={KEY}"), ("字段应按名称的 ASCII 次序，收到的是按报文中的次序",)),
    "folded": (md5(f"{FOLDED}key={KEY}"), ("字段应按名称的 ASCII 次序，收到的没有分大小写",)),
    "backwards": (md5(f"{BACKWARDS}key={KEY}"), ("字段应按名称的 ASCII 次序，收到的是倒序",)),
    "another account": (md5(f"{HEAD}key={OTHER_KEY}"), ("应用密钥是另一个应用的",)),
    "a blank": (md5(f"{HEAD}key={KEY} "), ("应用密钥末尾多了空格",)),
    "a line end": (md5(f"{HEAD}key={KEY}\r\n"), ("应用密钥末尾多了回车换行",)),
    "key in lower case": (md5(f"{HEAD}key={KEY.lower()}"), ("应用密钥被转成了小写",)),
    "no key": (md5(f"{HEAD}key="), ("签名时没有应用密钥",)),
    "empty fields": (
        md5(HEAD.replace("&sign_type", "&nothing=&sign_type") + f"key={KEY}"), ("空字段不参加签名，收到的包含空字段",)
    ),
    "no content": (
        md5(f"Term=t&app_id={APP_ID}&enc_type=Plain&method=m&sign_type=MD5key={KEY}"),
        ("biz_content 应参加签名，收到的没有包含",),
    ),
    "sorted content": (
        md5(HEAD.replace(CONTENT, '{"a":"x","b":"测"}') + f"key={KEY}"),
        ("签名的 biz_content 与发送的文字不同：字段次序被排序",),
    ),
    "blanks in content": (
        md5(HEAD.replace(CONTENT, '{"b": "测", "a": "x"}') + f"key={KEY}"),
        ("签名的 biz_content 与发送的文字不同：冒号、逗号后多了空格",),
    ),
    "escapes in content": (
        md5(HEAD.replace("测", "\\u6d4b") + f"key={KEY}"),
        ("签名的 biz_content 与发送的文字不同：汉字写作了 \\u 转义",),
    ),
    "inside": (md5(f"a=x&b=测key={KEY}"), ("应对外层字段签名，收到的是对 biz_content 内的字段",)),
    "merged": (
        md5(f"Term=t&a=x&app_id={APP_ID}&b=测&enc_type=Plain&method=m&sign_type=MD5key={KEY}"),
        ("biz_content 应作为一个字段签名，收到的是把其中的字段与外层并列",),
    ),
    "no joiner": (md5(HEAD.replace("&", "") + f"key={KEY}"), ("字段之间应有 &，收到的没有",)),
    "values": (md5(f"t&{APP_ID}&{CONTENT}&Plain&m&MD5key={KEY}"), ("字段应写作 名称=值，收到的只有值",)),
    "key first": (md5(KEY + HEAD), ("应用密钥应在末尾，收到的在开头",)),
    "key twice": (md5(KEY + HEAD + KEY), ("应用密钥应只在末尾，收到的两端都有",)),
    "HMAC": (hmac.digest(KEY.encode(), HEAD.encode(), "md5").hex().upper(), ("签名是摘要，收到的是 HMAC",)),
    "base64": (
        base64.b64encode(hashlib.md5(f"{HEAD}key={KEY}".encode()).digest()).decode(),
        ("签名应写作十六进制，收到的是 base64",),
    ),
    "upper base": (md5(f"{HEAD}key={KEY}".upper()), ("签名文字应为原样，收到的全部转成了大写",)),
    "its own sign": (md5(HEAD.replace("&sign_type", "&sign=&sign_type") + f"key={KEY}"),
                     ("sign 不参加签名，收到的包含 sign=",)),
    "a field": (md5(HEAD.replace("Term=t&", "") + f"key={KEY}"), ("Term 应参加签名，收到的没有包含",)),
    "SHA-256": (hashlib.sha256(f"{HEAD}key={KEY}".encode()).hexdigest().upper(),
                ("算法应与 sign_type 一致，收到的是 SHA-256 算出的",)),
    "SM3": (hashlib.new("sm3", f"{HEAD}key={KEY}".encode()).hexdigest().upper(),
            ("算法应与 sign_type 一致，收到的是 SM3 算出的",)),
    "SHA-1": (hashlib.sha1(f"{HEAD}key={KEY}".encode()).hexdigest().upper(),
              ("算法应与 sign_type 一致，收到的是 SHA-1 算出的",)),
    "tail &sign_key=": (md5(f"{HEAD}&sign_key={KEY}"), ("应用密钥之前应为 key=，收到的是 &sign_key=",)),
    "tail app_secret=": (md5(f"{HEAD}app_secret={KEY}"), ("应用密钥之前应为 key=，收到的是 app_secret=",)),
    "tail &secret=": (md5(f"{HEAD}&secret={KEY}"), ("应用密钥之前应为 key=，收到的是 &secret=",)),
    "tail &appkey=": (md5(f"{HEAD}&appkey={KEY}"), ("应用密钥之前应为 key=，收到的是 &appkey=",)),
    "tail &": (md5(f"{HEAD}&{KEY}"), ("应用密钥之前应为 key=，收到的是 &",)),
    "half the key": (md5(f"{HEAD}key={KEY[:16]}"), ("应用密钥只有前 16 个字符",)),
    "percent": (
        md5(HEAD.replace(CONTENT, "%7B%22b%22%3A%22%E6%B5%8B%22%2C%22a%22%3A%22x%22%7D") + f"key={KEY}"),
        ("字段值应为原文，收到的是 URL 编码",),
    ),
    "lower base": (md5(f"{HEAD}key={KEY}".lower()), ("签名文字应为原样，收到的全部转成了小写",)),
    "two": (md5(f"{HEAD}&key={KEY}\n"), ("应用密钥末尾多了换行", "应用密钥之前应为 key=，收到的是 &key=")),
    "several": (
        hashlib.md5(f"{SENT}&key={KEY}".encode("gb18030")).hexdigest(),
        (
            "应用密钥之前应为 key=，收到的是 &key=", "签名文字应按 UTF-8 计算，收到的是按 GBK",
            "字段应按名称的 ASCII 次序，收到的是按报文中的次序", LOWER,
        ),
    ),
    "none": ("", ("请求中没有 sign，或为空",)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_named(state: SimulatorState, name: str) -> None:
    sign, causes = CASES[name]
    result = compared(state, sign)
    assert tuple(cause.zh for cause in result.causes) == causes
    assert not result.fits and result.expected_base == f"{HEAD}key=<TESTSEC0>"
    assert all(cause.en.isascii() for cause in result.causes)


def test_a_digest_of_md5_where_another_was_named(state: SimulatorState) -> None:
    sign = md5(f"{HEAD.replace('sign_type=MD5', 'sign_type=SM3')}key={KEY}")
    causes = compared(state, sign, sign_type="SM3").causes
    assert [cause.zh for cause in causes] == ["算法应与 sign_type 一致，收到的是 MD5 算出的"]


def test_a_key_in_upper_case(state: SimulatorState) -> None:
    state.accounts.add(Account("small", "abc", "", frozenset()))
    causes = compared(state, md5(f"{HEAD.replace(APP_ID, 'small')}key=ABC"), app_id="small").causes
    assert [cause.zh for cause in causes] == ["应用密钥被转成了大写"]


def test_the_text_that_was_signed_is_shown(state: SimulatorState) -> None:
    assert compared(state, CASES["tail &key="][0]).received_base == f"{HEAD}&key=<TESTSEC0>"
    assert compared(state, CASES["another account"][0]).received_base == f"{HEAD}key=<LIMITED0>"
    assert compared(state, CASES["no key"][0]).received_base == f"{HEAD}key="


def test_a_sign_in_the_field_of_other_platforms(state: SimulatorState) -> None:
    result = compared(state, "", digest="ABC")
    assert [cause.zh for cause in result.causes] == ["签名应放在 sign 字段，收到的在 digest 字段"]
    assert (result.received_sign, result.received_base) == ("ABC", "")


# Of every preset that writes its request as this platform reads it: what is different about its sign.
PRESETS = {
    "ehcservice": (),
    "ehcservice-amp": ("应用密钥之前应为 key=，收到的是 &key=",),
    "ehcservice-gbk": ("签名文字应按 UTF-8 计算，收到的是按 GBK",),
    "ehcservice-sealed": ("应对 biz_content 的明文签名，收到的是对密文",),
    "ehcservice-bare": ("应用密钥之前缺少 key=",),
}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_of_another_platform_is_explained(state: SimulatorState, name: str) -> None:
    in_data = next(row.in_data for row in EXAMPLES if row.name == "verify")
    body = seal_vc_request(parse_vc_request(json.dumps(in_data), DIALECTS[name]), DIALECTS[name])
    result = compare_sign(Call(request=body.decode()), state, str)
    assert result is not None and result.fits == (PRESETS[name] == ())
    assert tuple(cause.zh for cause in result.causes) == PRESETS[name]


def test_a_sign_that_fits(state: SimulatorState) -> None:
    result = compared(state, md5(f"{HEAD}key={KEY}"))
    assert result.fits and result.causes == () and result.expected_sign == result.received_sign


def test_a_sign_that_nothing_explains(state: SimulatorState) -> None:
    result = compared(state, "0" * 32)
    assert not result.fits and result.causes == () and result.received_base == ""


def test_a_long_request_is_not_searched(state: SimulatorState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_causes, "_together", None)  # would raise
    assert compared(state, "0" * 32, biz_content=json.dumps({"a": "x" * 20_000})).causes == ()


@pytest.mark.parametrize(
    "request_text",
    ["", "[]", '{"app_id":"nobody","biz_content":"{}"}', '{"transType":"ec.query"}',
     json.dumps({**FIELDS, "biz_content": {"a": 1}}), json.dumps({**FIELDS, "biz_content": "{}", "sign_type": "x"})],
)  # fmt: skip
def test_what_cannot_be_compared(state: SimulatorState, request_text: str) -> None:
    assert compare_sign(Call(request=request_text), state, str) is None
    assert content_causes(Call(request=request_text), state) == ()


# ---- decryption ------------------------------------------------------------------------------------------------------

K16, IV = KEY[:16].encode(), b"0102030405060708"
PLAIN = b'{"a":"more than one block of 16"}'
Sealed = Callable[[], str]


def _aes(mode: str = "CBC", key: bytes = K16, iv: bytes = IV) -> bytes:
    return encrypt("AES", mode, key, b"" if mode == "ECB" else iv, PLAIN)


CONTENTS: dict[str, tuple[str, Sealed, tuple[str, ...]]] = {
    "as it should be": ("AES", lambda: _aes().hex().upper(), ()),
    "lower case": ("AES", lambda: _aes().hex(), ("密文的十六进制字母应为大写，收到的是小写",)),
    "base64": ("AES", lambda: base64.b64encode(_aes()).decode(), ("密文应写作十六进制，收到的是 base64",)),
    "plain": ("AES", PLAIN.decode, ("enc_type = AES，biz_content 却没有加密",)),
    "ECB": ("AES", lambda: _aes("ECB").hex().upper(), ("AES 应为 CBC 模式，收到的是 ECB",)),
    "IV": ("AES", lambda: _aes(iv=bytes(16)).hex().upper(), ("AES 的 IV 应为 0102030405060708，收到的是全零",)),
    "AES-256": ("AES", lambda: _aes("ECB", KEY.encode()).hex().upper(), ("AES 应为 128 位，收到的是 256 位 ECB",)),
    "SM4": (
        "AES", lambda: encrypt("SM4", "ECB", K16, b"", PLAIN).hex().upper(), ("enc_type = AES，实际用的是 SM4",)
    ),
    "SM4 CBC": (
        "SM4", lambda: encrypt("SM4", "CBC", K16, IV, PLAIN).hex().upper(), ("SM4 应为 ECB 模式，收到的是 CBC",)
    ),
    "another account": (
        "AES",
        lambda: encrypt("AES", "CBC", OTHER_KEY[:16].encode(), IV, PLAIN).hex().upper(),
        (),  # both keys of the simulator begin with the same 16 characters
    ),
    "DES in hex": (
        "DES",
        lambda: encrypt("DES", "CBC", KEY[:8].encode(), bytes(range(1, 9)), PLAIN).hex().upper(),
        ("密文应写作 base64，收到的是十六进制",),
    ),
    "nothing known": ("AES", lambda: "00" * 16, ()),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENTS)
def test_a_way_of_encrypting_is_named(state: SimulatorState, name: str) -> None:
    enc_type, sealed, causes = CONTENTS[name]
    request = {**FIELDS, "enc_type": enc_type, "biz_content": sealed()}
    assert tuple(cause.zh for cause in content_causes(Call(request=json.dumps(request)), state)) == causes
