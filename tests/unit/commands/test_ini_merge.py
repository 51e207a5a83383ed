"""New keys in a site's vcshim.ini: every byte that was there stays, in its order, in every charset."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shim import cli, configuration
from shim.commands.ini_merge import merged, template_blocks

TEMPLATE = """; 头

[scanner]
; 类型
;type = none
; 端口
; 二
;port =

[label]
; 打印机
;printer =
"""
PORT = "; 端口\n; 二\n;port =\n"
PRINTER = "\n[label]\n; 打印机\n;printer =\n"


def inserted(present: bytes, result: bytes) -> bool:
    """Whether `result` is `present` with whole lines put in between."""
    at = 0
    for line in present.splitlines(keepends=True):
        found = result.find(line, at)
        if found < 0:
            return False
        at = found + len(line)
    return True


ADDED = [
    ("[scanner]\r\ntype = serial\r\n", ("[scanner]\ntype = serial\n" + PORT + PRINTER).replace("\n", "\r\n")),
    ("[scanner]\n;PORT=COM3\ntype=a\n\n[label]\nprinter = x\n", None),
    ("[label]\nprinter=x\n\n[Scanner]\n", "[label]\nprinter=x\n\n[Scanner]\n; 类型\n;type = none\n" + PORT),
    ("[label]\nprinter=x\n[scanner] ; c\n;# port = 1\ntype=b", None),
    ("[scanner]\ntype=a\n\n[label]\nprinter=x\n", "[scanner]\ntype=a\n" + PORT + "\n[label]\nprinter=x\n"),
]


@pytest.mark.parametrize(("present", "expected"), ADDED)
def test_where_keys_go(present: str, expected: str | None) -> None:
    """None: nothing is new."""
    assert merged(present.encode(), TEMPLATE).decode("gb18030") == (expected or present)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_charset(charset: str, newline: str) -> None:
    text = f"; 医院{newline}[scanner]{newline}type = serial ; 扫码枪"
    result = merged(text.encode(charset), TEMPLATE)
    added = f"\n{PORT}{PRINTER}".replace("\n", newline)
    assert result.decode(charset) == text + added
    assert result.startswith(text.encode(charset))


@given(st.lists(st.sampled_from([
    b"[scanner]\r\n", b"[label]\n", b"type = x\n", b";port = 1\r\n", b"\n", b"; \xd2\xbd\xd4\xba\r\n", b"junk\n",
    b"[other]\n", b"\xff\xfe\n", "; 医院\n".encode(), b"printer\n",
])))  # fmt: skip
def test_no_byte_is_lost_and_it_ends(lines: list[bytes]) -> None:
    present = b"".join(lines)
    once = merged(present, TEMPLATE)
    assert inserted(present, once)
    assert merged(once, TEMPLATE) == once


@pytest.mark.parametrize("present", [b"\0" * 100, b"[scanner]\n\0"])
def test_what_is_no_text_is_left(present: bytes) -> None:
    assert merged(present, TEMPLATE) == present


def test_the_template_itself_has_everything() -> None:
    text = configuration.template()
    assert merged(text.encode(), text) == text.encode()
    blocks = template_blocks(text)
    sections = {section.NAME: {option.key for option in section.options()} for section in configuration.SECTIONS}
    assert {name: set(keys) for name, keys in blocks.items()} == sections
    assert all(any(line.startswith("; ") for line in block) for keys in blocks.values() for block in keys.values())


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vcshim.ini"
    file.write_bytes(b"[scanner]\r\ntype = none\r\n")
    assert cli.main(["ini", "--merge", str(file)]) == 0
    assert file.with_name("vcshim.ini.bak").read_bytes() == b"[scanner]\r\ntype = none\r\n"
    assert file.read_bytes().startswith(b"[scanner]\r\ntype = none\r\n")
    assert configuration.read(tmp_path).problems == ()
    assert cli.main(["ini", "--merge", str(file)]) == 0
    assert "没有缺少的设置项" in capsys.readouterr().out
    assert cli.main(["ini", "--merge", str(tmp_path / "none.ini")]) == 1
