"""The calls of the bench: what a host passes, what the platform answers, and what the host must get. Pure.

Answers are sealed by the simulator (shim/simulator/sealing.py), which shares no sealing code with the client, only the
primitives of shim/crypto. The sign of SM2, which it cannot make, was made by the command line of OpenSSL. A case
is a row; `bench/server.c` and `bench/host.c` take its bytes from the files that `write` makes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shim.simulator.sealing import encrypt_content, signature_of

SECRET = "1TESTSEC0000000000000000TESTSEC0"
VERIFY, ALTERINFO = "ehc.ehealthcode.verify", "ehc.ehealthcard.alterinfo"

# The key pair printed in GB/T 32918.5. The line `dialect` of vcshim.ini is in SM2_INI.
_SM2_PRIVATE = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
_SM2_PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_INI = f"""[wire]
dialect = sm2
verify = strict
[dialect sm2]
base = ehcservice
digest = SM2
sign_types = SM2
sign_encoding = base64
sm2_private_key = {_SM2_PRIVATE}
sm2_public_key = {_SM2_PUBLIC}
sm2_user_id = 1234567812345678
"""
# Of the base string of the answer to each method in SM4, by `openssl pkeyutl -sign -rawin -digest sm3
# -pkeyopt distid:1234567812345678` (OpenSSL 3.0.20), from DER to the 64 bytes that the dialect takes, in base64.
_SM2_SIGNS: Mapping[str, str] = {
    VERIFY: "bXlMPEPkcLf5oze6F/DaDhyqlQ3wBdQU+DnCWMAGmBgJv4OcImhf1P3Gdn78eyMBdAjtr8TTOXeAz/6nGNNFPQ==",
    ALTERINFO: "wntiCG0Q5Jt+spqmKcLqqa4oQM8HOrgxeb7zdCeJPZjlPG082Eegqd+MeofsXO+4vsYMtCQuPfAOd8o3gy9JzA==",
}

REQUESTS: Mapping[str, dict[str, str]] = {
    VERIFY: {
        "ehealth_code": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001",
        "out_verify_no": "B000000001",
        "out_verify_time": "20261121000058",
        "operator_id": "9527",
        "operator_name": "测试员",
        "treatment_code": "010105",
        "ECUrl": "http://127.0.0.1/localcfc/api/hsecfc/localQrCodeQuery",
        "orgId": "H00000000001",
        "businessType": "01101",
        "businessInfo": "01",
        "officeId": "32760",
        "officeName": "内科",
        "IsMultiCode": "1",
    },
    ALTERINFO: {
        "ehealth_card_id": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",
        "user_sex": "1",
        "mobile_phone": "13900000000",
        "out.Alter_no": "C000000001",
        "out.Alter_time": "20261121000058",
    },
}
"""The biz_content of each method, with every field that the specification requires."""
_ANSWERS: Mapping[str, dict[str, str]] = {
    VERIFY: {
        "user_name": "王小明",
        "id_no": "990000199001010013",
        "id_type": "01",
        "mobile_phone": "13900000000",
        "ehealth_card_id": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",
        "mindex_id": "5C81F0F2E2BB4C7C8FD1A4D8F9A6D0E1",
    },
    ALTERINFO: {
        "ehealth_card_id": "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",
        "mindex_id": "5C81F0F2E2BB4C7C8FD1A4D8F9A6D0E1",
        "out.Alter_no": "C000000001",
        "alter_no": "P000000001",
    },
}


@dataclass(frozen=True)
class Case:
    """One call. `extra` are bytes that the answer has more than usual, `delay` microseconds that the platform takes;
    `room` is the size of OutData, and `ini` what vcshim.ini says beside the defaults."""

    name: str
    method: str
    enc_type: str
    sign_type: str
    extra: int = 0
    delay: int = 0
    room: int = 2048
    ini: str = ""

    def in_data(self) -> bytes:
        """InData, in the charset of a host."""
        whole = {**self._envelope(), "key": SECRET}
        return json.dumps({**whole, "biz_content": REQUESTS[self.method]}, ensure_ascii=False).encode("gb18030")

    def out_data(self) -> bytes:
        """OutData: what is in biz_content, compact, with sorted names."""
        return _compact(self._content(), sort=True).encode("gb18030")

    def request(self) -> bytes:
        """A request of the same size, for clients that only post: the content is encrypted, the sign is not one."""
        content = encrypt_content(self.enc_type, _compact(REQUESTS[self.method]), SECRET)
        body = _compact({**self._envelope(), "biz_content": content, "sign": "0" * 32}).encode()
        head = (
            f"POST /{bare_name(self)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: yardstick\r\n"
            f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def answer(self) -> bytes:
        """What the platform sends, head and body."""
        plain = _compact(self._content())
        fields = {"enc_type": self.enc_type, "ret_code": "0000", "ret_msg": "成功", "sign_type": self.sign_type}
        signed = {**fields, "biz_content": plain}
        sign = _SM2_SIGNS[self.method] if self.sign_type == "SM2" else signature_of(signed, SECRET)
        sealed = encrypt_content(self.enc_type, plain, SECRET)
        body = _compact({**fields, "biz_content": sealed, "sign": sign}).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _envelope(self) -> dict[str, Any]:
        return {
            "app_id": "1TESTAPP0000000000000000TESTAPP0",
            "enc_type": self.enc_type,
            "method": self.method,
            "sign_type": self.sign_type,
            "term_id": "35020010001",
            "timestamp": "20261121000058",
            "version": "X.M.0.1",
        }

    def _content(self) -> dict[str, str]:
        more = {"photo_info": ("made-up photo " * (self.extra // 14 + 1))[: self.extra]} if self.extra else {}
        return {**_ANSWERS[self.method], **more}


_LARGE = "[abi]\nout_capacity = 262144\n[wire]\nverify = strict\n"
CIPHERS = {
    "Plain/MD5": ("Plain", "MD5"),
    "AES/MD5": ("AES", "MD5"),
    "SM4/SM3": ("SM4", "SM3"),
    "SM4/SM2": ("SM4", "SM2"),
}
METHODS = {"verify": VERIFY, "alterinfo": ALTERINFO}


def _word(title: str) -> str:
    return title.lower().replace("/", "-")


STEADY = tuple(
    Case(f"{method}-{_word(title)}", name, *words, ini=SM2_INI if "SM2" in title else "")
    for method, name in METHODS.items()
    for title, words in CIPHERS.items()
)
LARGE = tuple(
    Case(f"verify-{title}", VERIFY, "AES", "MD5", extra=size, room=262144, ini=_LARGE)
    for title, size in (("2-kb", 2048), ("200-kb", 200 * 1024))
)
SLOW = Case("verify-5-ms", VERIFY, "AES", "MD5", delay=5000)
CASES: Mapping[str, Case] = {case.name: case for case in (*STEADY, *LARGE, SLOW)}


def write(folder: Path) -> Path:
    """The files of every case, and the table for the server; its path."""
    lines = []
    for case in CASES.values():
        for kind in ("in_data", "out_data", "request", "answer"):
            (folder / f"{case.name}.{kind}").write_bytes(getattr(case, kind)())
        for name in (case.name, bare_name(case)):
            lines.append(f"{name} {case.delay} {folder / f'{case.name}.answer'}\n")
    table = folder / "answers"
    table.write_text("".join(lines))
    return table


def bare_name(case: Case) -> str:
    """The path of clients that only post."""
    return f"{case.name}.bare"


def _compact(fields: Mapping[str, Any], *, sort: bool = False) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)
