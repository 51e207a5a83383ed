"""A POST as a command line of curl: what the two shells make of it."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from shim.curl import curl_command

URL = "http://127.0.0.1:18080/ehcService/gateway.do?sim=delay:5&x=%20"
HEADERS = (("Content-Type", "application/json; charset=UTF-8"),)
BODIES = ('{"a":"b"}', '{"a":"it\'s $HOME `x` \\"q\\" 测试 %PATH% !x ^ & | < >"}', "line\nline", "")


@pytest.mark.parametrize("body", BODIES)
def test_a_shell_reads_the_words_back(body: str) -> None:
    words = shlex.split(curl_command(URL, HEADERS, body.encode()))
    assert words == ["curl", URL, "-H", "Content-Type: application/json; charset=UTF-8", "--data-raw", body]


def test_bytes_that_are_no_text_come_through_a_pipe() -> None:
    body = '{"a":"测试\'"}'.encode("gb18030")
    command = curl_command(URL, HEADERS, body)
    before, _, after = command.partition(" | ")
    assert after.startswith("curl ") and after.endswith("--data-binary @-")
    assert subprocess.run(["sh", "-c", before], capture_output=True, check=True).stdout == body


def test_the_command_prompt() -> None:
    """As cmd and the C runtime read it, by hand: each mark behind a caret, each inner quotation mark escaped."""
    command = curl_command("http://h/?a=1&b=%41", (), '{"a":"b\\"c 测"}'.encode(), "cmd")
    assert command == ('curl ^"http://h/?a=1^&b=%^41^" --data-raw ^"{\\^"a\\^":\\^"b\\\\\\^"c \\u6d4b\\^"}^"')


def test_text_that_is_no_json_stays_for_the_command_prompt() -> None:
    assert curl_command("u", (), "测".encode(), "cmd") == 'curl ^"u^" --data-raw ^"测^"'
