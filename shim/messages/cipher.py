"""Rows: what can go wrong while a request is signed or encrypted here."""

from __future__ import annotations

from shim.errors import Message, Reason
from shim.messages.clerk import IT_DEPARTMENT
from shim.messages.settings import CLERK

NO_DIGEST = Message(
    "cipher.no_digest", Reason.CIPHER_MISSING, "扫码组件不完整",
    "密码库不支持摘要算法 {name}，请换回完整的 vcshim 文件夹", {"name": "SM3"},
    then=IT_DEPARTMENT, again=False,
    english="the cryptographic library has no digest {name}; put back a complete vcshim folder",
)  # fmt: skip
NO_LIBRARY = Message(
    "cipher.no_library", Reason.CIPHER_MISSING, "扫码组件不完整",
    "密码库文件缺失（{name}），请换回完整的 vcshim 文件夹", {"name": "gmssl"},
    then=IT_DEPARTMENT, again=False,
    english="a file of the cryptographic library is missing ({name}); put back a complete vcshim folder",
)  # fmt: skip
NOT_ENCRYPTED = Message(
    "cipher.not_encrypted", Reason.CIPHER_FAILED, "数据加密没有成功",
    "{algorithm}/{mode} 加密失败，应用密钥 key 有 {size} 字节；请核对 key 与 [wire] dialect",
    {"algorithm": "AES", "mode": "CBC", "size": 15}, then=IT_DEPARTMENT, again=False,
    english="encryption by {algorithm}/{mode} failed; the application key has {size} bytes; check the application key "
    "and [wire] dialect",
)  # fmt: skip
SM2_PRIVATE_KEY = Message(
    "cipher.sm2_private_key", Reason.SIGN_FAILED, CLERK,
    "SM2 私钥应为 64 个十六进制字符（现为 {size} 字），请改正 [dialect] 一节的 sm2_private_key", {"size": 63},
    then=IT_DEPARTMENT, again=False,
    english="an SM2 private key should be 64 hexadecimal characters (it has {size} characters); correct "
    "sm2_private_key in the [dialect] section",
)  # fmt: skip
SM2_USER_ID = Message(
    "cipher.sm2_user_id", Reason.SIGN_FAILED, CLERK,
    "SM2 签名者标识最多 8191 字节，实为 {size} 字节，请改正 [dialect] 一节的 sm2_user_id", {"size": 9000},
    then=IT_DEPARTMENT, again=False,
    english="the SM2 identity of a signer has at most 8191 bytes, and has {size} bytes; correct sm2_user_id in the "
    "[dialect] section",
)  # fmt: skip
# About one in 2 to the 255th: another timestamp gives another number.
SM2_FAILED = Message(
    "cipher.sm2_failed", Reason.SIGN_FAILED, "签名没有成功", "SM2 签名的 r 或 s 为 0；请再试，时间戳不同结果就不同",
    english="r or s of the SM2 signature is 0; try again: another timestamp gives another result",
)  # fmt: skip
