"""The list of a set's files: its format to the byte, and each way in which a folder can differ from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim import manifest
from shim.manifest import DamagedManifest, ProblemKind, SetProblem

# printf abc | sha256sum; printf '' | sha256sum
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# sha256sum '字 体.txt' sub/b.dll, in that folder, sorted
LIST = f"{EMPTY}  sub/b.dll\n{ABC}  字 体.txt\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.dll").write_bytes(b"")
    (tmp_path / "字 体.txt").write_bytes(b"abc")
    return tmp_path


def test_the_list_is_what_sha256sum_writes(folder: Path) -> None:
    manifest.write_manifest(folder)
    assert (folder / "SHA256SUMS").read_bytes() == LIST


def test_the_list_of_what_is_not_on_a_disk_yet_is_the_same() -> None:
    assert manifest.list_of_bytes({"字 体.txt": b"abc", "sub/b.dll": b""}).content == LIST


def test_the_list_names_the_set(folder: Path) -> None:
    """The digits are those of sha256sum over the list."""
    written = manifest.write_manifest(folder)
    assert (written.set_id, written.folder_name("0.2.0")) == ("c98333f88fd3e32b", "0.2.0-c98333f8")
    assert manifest.read_manifest(folder) == written


def test_writing_again_changes_nothing(folder: Path) -> None:
    assert manifest.write_manifest(folder) == manifest.write_manifest(folder)


def test_a_folder_as_it_was_listed_has_no_problems(folder: Path) -> None:
    manifest.write_manifest(folder)
    assert manifest.set_problems(folder) == ()


def test_another_spelling_of_a_name_is_the_same_file(folder: Path) -> None:
    manifest.write_manifest(folder)
    (folder / "SUB").mkdir()
    (folder / "SUB/B.DLL").write_bytes(b"")
    assert manifest.set_problems(folder) == ()


def test_each_problem_is_found(folder: Path) -> None:
    (folder / "c").write_bytes(b"c")
    manifest.write_manifest(folder)
    (folder / "sub/b.dll").write_bytes(b"b")
    (folder / "c").unlink()
    (folder / "c").mkdir()  # a folder cannot be read as a file
    (folder / "字 体.txt").unlink()
    (folder / "new").mkdir()
    (folder / "new/d").write_bytes(b"")
    assert manifest.set_problems(folder) == (
        SetProblem("c", ProblemKind.UNREADABLE),
        SetProblem("new/d", ProblemKind.EXTRA),
        SetProblem("sub/b.dll", ProblemKind.CHANGED),
        SetProblem("字 体.txt", ProblemKind.MISSING),
    )


def test_a_missing_list_is_the_only_problem(folder: Path) -> None:
    assert manifest.set_problems(folder) == (SetProblem("SHA256SUMS", ProblemKind.MISSING),)


def test_a_list_that_cannot_be_read_is_the_only_problem(folder: Path) -> None:
    (folder / "SHA256SUMS").mkdir()
    assert manifest.set_problems(folder) == (SetProblem("SHA256SUMS", ProblemKind.UNREADABLE),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        f"{ABC}  a".encode(),
        f"{ABC} a\n".encode(),
        f"{ABC.upper()}  a\n".encode(),
        f"{ABC}  a\r\n".encode(),
        f"{ABC}  a\\b\n".encode(),
        f"{ABC}  ../a\n".encode(),
        f"{ABC}  /a\n".encode(),
        f"{ABC}  C:/a\n".encode(),
        f"{ABC}  a/./b\n".encode(),
        f"{ABC}  a\n{ABC}  a\n".encode(),
        f"{ABC}  a\n\n".encode(),
    ],
)
def test_a_damaged_list_is_refused(folder: Path, content: bytes) -> None:
    with pytest.raises(DamagedManifest):
        manifest.parse_manifest(content)
    (folder / "SHA256SUMS").write_bytes(content)
    assert manifest.set_problems(folder) == (SetProblem("SHA256SUMS", ProblemKind.CHANGED),)


def test_a_name_that_the_format_does_not_hold_is_not_written(folder: Path) -> None:
    (folder / "a\\b").write_bytes(b"")
    with pytest.raises(DamagedManifest):
        manifest.write_manifest(folder)
    assert not (folder / "SHA256SUMS").exists()
