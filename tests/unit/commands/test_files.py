"""Files that the command line names: every charset of an editor, and a sentence for each that cannot be used."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path

import pytest

from shim.commands.files import FileCause, FileProblem, decode_text, file_problem, read_text, write_file

# {"name":"测试"}, written by iconv.
TEXT = '{"name":"测试"}'
UTF_16 = "7b0022006e0061006d00650022003a0022004b6dd58b22007d00"
FORMS = {
    "utf-8": b'{"name":"\xe6\xb5\x8b\xe8\xaf\x95"}',
    "utf-8 with a mark": b'\xef\xbb\xbf{"name":"\xe6\xb5\x8b\xe8\xaf\x95"}',
    "gbk": b'{"name":"\xb2\xe2\xca\xd4"}',
    "utf-16 with a mark": b"\xff\xfe" + bytes.fromhex(UTF_16),
    "utf-16 without a mark": bytes.fromhex(UTF_16),
    "utf-16 of the other order": b"\xfe\xff" + bytes.fromhex("007b0022006e0061006d00650022003a00226d4b8bd50022007d"),
    "that without a mark": bytes.fromhex("007b0022006e0061006d00650022003a00226d4b8bd50022007d"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_charset_of_an_editor(tmp_path: Path, form: str) -> None:
    (tmp_path / "in.json").write_bytes(FORMS[form])
    assert read_text(tmp_path / "in.json") == TEXT


def test_a_character_that_gbk_lacks() -> None:
    assert decode_text(b"\xb2\xe2\xca\xd4\x99\x33\xc3\x36") == "测试𬱖"


@pytest.mark.parametrize("form", FORMS)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Its bytes, whatever the charset of the stream."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORMS[form]), "ascii"))
    assert read_text("-") == TEXT


@pytest.mark.parametrize("data", [b"", b" \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "empty").write_bytes(data)
    assert problem_of(tmp_path / "empty").why is FileCause.EMPTY


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x89PNG\xff", b"\xff\xfe\x00\xd8\x00"])
def test_a_file_that_is_no_text(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "picture").write_bytes(data)
    assert problem_of(tmp_path / "picture").why is FileCause.CHARSET


def problem_of(path: Path) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read_text(path)
    return caught.value


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert str(problem_of(tmp_path / "no.json")) == f"{tmp_path}/no.json 不存在"
    assert str(problem_of(tmp_path)) == f"{tmp_path} 是文件夹，不是文件"
    assert str(problem_of(Path("a\0b"))) == "a\\0b 不能作文件名"
    assert problem_of(tmp_path / ("x" * 300)).why is FileCause.BAD_NAME


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EACCES, FileCause.DENIED), (errno.EPERM, FileCause.DENIED), (errno.EROFS, FileCause.READ_ONLY),
        (errno.ENOSPC, FileCause.FULL), (errno.EIO, FileCause.UNUSABLE), (errno.ENOENT, FileCause.NO_FOLDER),
    ],
)  # fmt: skip
def test_causes(number: int, why: FileCause) -> None:
    """The system's own words, which are English on one PC and Chinese on the next, are not in the sentence."""
    problem = file_problem("out.png", OSError(number, "the system's words"), writing=True)
    assert problem.why is why
    assert str(problem) == why.value.zh.format(file="out.png") and "words" not in str(problem)


def test_windows_denies_access_to_a_folder(tmp_path: Path) -> None:
    assert file_problem(tmp_path, PermissionError(errno.EACCES, "denied")).why is FileCause.FOLDER


def test_standard_input_has_a_name() -> None:
    assert str(file_problem("-", OSError(errno.EIO, ""))) == "标准输入不能读"


def test_writing(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    for path, why in ((tmp_path, FileCause.FOLDER), (tmp_path / "no" / "b", FileCause.NO_FOLDER)):
        with pytest.raises(FileProblem) as caught:
            write_file(path, b"1")
        assert caught.value.why is why
