"""The calls of the bench are what they say they are: the answers open and verify by the product's own code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import cases
from bench.cases import CASES, Case


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_bytes_of_a_case(case: Case) -> None:
    head, _, body = case.answer().partition(b"\r\n\r\n")
    assert int(head.rpartition(b": ")[2]) == len(body)
    answer = json.loads(body)
    assert (answer["enc_type"], answer["sign_type"]) == (case.enc_type, case.sign_type)
    in_data = json.loads(case.in_data().decode("gb18030"))
    assert (in_data["method"], in_data["enc_type"]) == (case.method, case.enc_type)
    assert case.extra <= len(case.out_data()) < case.room
    assert case.request().startswith(f"POST /{case.name}.bare HTTP/1.1\r\n".encode())


def test_out_data() -> None:
    assert CASES["alterinfo-sm4-sm3"].out_data() == (
        b'{"alter_no":"P000000001","ehealth_card_id":"8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E",'
        b'"mindex_id":"5C81F0F2E2BB4C7C8FD1A4D8F9A6D0E1","out.Alter_no":"C000000001"}'
    )


def test_a_sealed_answer() -> None:
    """The sign is by md5sum, of the base string with the plain text; the ciphertext opens with `openssl enc`."""
    plain = json.loads(CASES["alterinfo-plain-md5"].answer().partition(b"\r\n\r\n")[2])
    assert plain["sign"] == "729781A30BD73079FD6E4ABE7A9B11F1"
    sealed = json.loads(CASES["alterinfo-aes-md5"].answer().partition(b"\r\n\r\n")[2])
    assert sealed["biz_content"].startswith("0F37DCC8A10884A056F2990380AC713D42210CC8C1897BE4BAB3884EFEDC4491")
    assert len(sealed["biz_content"]) == 352


def test_the_table_of_the_server(tmp_path: Path) -> None:
    lines = cases.write(tmp_path).read_text().splitlines()
    assert f"verify-5-ms 5000 {tmp_path / 'verify-5-ms.answer'}" in lines
    assert f"verify-5-ms.bare 5000 {tmp_path / 'verify-5-ms.answer'}" in lines
    assert len(lines) == 2 * len(CASES) < 64  # as many as the server has room for
    assert all(Path(line.split()[2]).exists() for line in lines)
