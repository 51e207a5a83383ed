"""The platform's address comes back into an ini, and not another byte of the file changes."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from shim.capture.updater_ini import RealAddress, UpdaterInis, restored
from tests.support.recording import LOGGER

REAL = {
    50001: RealAddress("https", "Ehc.Example.cn:8443"),
    50002: RealAddress("HTTP", "10.1.2.3"),
    50003: RealAddress("http", "h.example", "/0123456789abcdef"),
    50004: RealAddress("http", "\u533b\u9662.example"),
}
TEXTS = [
    ("[Updater]\r\nurl=http://127.0.0.1:50001/a/b?c\r\n", "[Updater]\r\nurl=https://Ehc.Example.cn:8443/a/b?c\r\n"),
    ("url=HTTP://127.0.0.1:50002", "url=HTTP://10.1.2.3"),
    (
        "; \u539f\u5382\u8bbe\u7f6e\nurl = http://127.0.0.1:50001\n\nb=1",
        "; \u539f\u5382\u8bbe\u7f6e\nurl = https://Ehc.Example.cn:8443\n\nb=1",
    ),
    ("a=127.0.0.1:50001;127.0.0.1:50002", "a=Ehc.Example.cn:8443;10.1.2.3"),
    ("a=http://u:p@127.0.0.1:50001/", "a=https://u:p@Ehc.Example.cn:8443/"),
    ('{"u":"http:\\/\\/127.0.0.1:50001\\/x"}', '{"u":"https:\\/\\/Ehc.Example.cn:8443\\/x"}'),
    ("u=http%3A%2F%2F127.0.0.1%3A50001%2Fx", "u=https%3A%2F%2FEhc.Example.cn%3A8443%2Fx"),
    ("u=http://127.0.0.1:50003/0123456789abcdef/x", "u=http://h.example/x"),
    ("u=http://127.0.0.1:50003/0123456789abcdef", "u=http://h.example"),
    ("u=http://127.0.0.1:50003/x", "u=http://h.example/x"),
    ("u=http://127.0.0.1:50001/0123456789abcdef/x", "u=https://Ehc.Example.cn:8443/0123456789abcdef/x"),
    (
        "[a]\nip=127.0.0.1\nport=50001\n[b]\nip=127.0.0.1\nport=80",
        "[a]\nip=Ehc.Example.cn\nport=8443\n[b]\nip=127.0.0.1\nport=80",
    ),
    ("[a]\r\nport = 50002 \r\nip=127.0.0.1\r\n", "[a]\r\nport = 80 \r\nip=10.1.2.3\r\n"),
]
UNTOUCHED = [
    "",
    "url=http://127.0.0.1:500010/",
    "url=http://127.0.0.1:50001a/"[:20],
    "url=http://127.0.0.1:9/\nport=50001",
    "a=1127.0.0.1:50001\nb=27.127.0.0.1:50001",
    "[a]\nip=127.0.0.1\n[b]\nport=50001",
    "[a]\nip=127.0.0.1\nport=1433",
    "url=http://192.168.1.1:50001/",
]  # fmt: skip
CHARSETS = ["ascii", "gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


def encoded(text: str, charset: str) -> bytes:
    return text.encode(charset, "replace")


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_the_real_address_comes_back(before: str, after: str, charset: str) -> None:
    assert restored(encoded(before, charset), REAL.get) == encoded(after, charset)


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("text", UNTOUCHED)
def test_everything_else_stays(text: str, charset: str) -> None:
    assert restored(encoded(text, charset), REAL.get) == encoded(text, charset)


@pytest.mark.parametrize(
    "text", [b"\xff\xfea\0\x00", b"\0", b"\xff\xfe\x00\xd8http://127.0.0.1:50001", bytes(range(256)) * 3]
)
def test_bytes_that_are_no_text(text: bytes) -> None:
    assert restored(text, REAL.get) == text


def test_a_host_with_other_letters() -> None:
    text = "url=http://127.0.0.1:50004/"
    assert restored(text.encode("utf-16-le"), REAL.get) == "url=http://\u533b\u9662.example/".encode("utf-16-le")


@pytest.fixture
def inis(tmp_path: Path) -> UpdaterInis:
    inis = UpdaterInis(tmp_path / "state", LOGGER)
    inis.note(50001, REAL[50001])
    (tmp_path / "his").mkdir()
    return inis


def test_files_of_the_folder(inis: UpdaterInis, tmp_path: Path) -> None:
    his = tmp_path / "his"
    for name in ("Updater.INI", "x.ini", "x.txt", "sub.ini/x.ini"):
        (his / name).parent.mkdir(exist_ok=True)
        (his / name).write_bytes(b"url=http://127.0.0.1:50001/x\r\n")
    inis.restore(str(his))
    real = b"url=https://Ehc.Example.cn:8443/x\r\n"
    assert [(his / name).read_bytes() == real for name in ("Updater.INI", "x.ini", "x.txt", "sub.ini/x.ini")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_file_that_is_written_again_and_again(inis: UpdaterInis, tmp_path: Path) -> None:
    """The same bytes twice within one tick of the file's clock."""
    file = tmp_path / "his" / "u.ini"
    now = time.time_ns()
    for _ in range(3):
        file.write_bytes(b"url=http://127.0.0.1:50001/x")
        os.utime(file, ns=(now, now))
        inis.restore(str(tmp_path / "his"))
        assert file.read_bytes() == b"url=https://Ehc.Example.cn:8443/x"


def test_what_was_not_written_to_is_not_read(
    inis: UpdaterInis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "his" / "u.ini"
    file.write_bytes(b"[a]")
    os.utime(file, (0, 0))
    reads: list[Path] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        reads.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    for _ in range(3):
        inis.restore(str(tmp_path / "his"))
    assert reads == [file]


@pytest.mark.needs("linux")
def test_rights_and_inode_stay(inis: UpdaterInis, tmp_path: Path) -> None:
    file = tmp_path / "his" / "u.ini"
    file.write_bytes(b"head\nurl=http://127.0.0.1:50001/x\ntail")
    file.chmod(0o640)
    before = file.stat()
    inis.restore(str(tmp_path / "his"))
    after = file.stat()
    assert file.read_bytes() == b"head\nurl=https://Ehc.Example.cn:8443/x\ntail"
    assert (before.st_ino, stat.S_IMODE(after.st_mode)) == (after.st_ino, 0o640)


def test_a_file_that_cannot_be_written_costs_a_line(
    inis: UpdaterInis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "his" / "u.ini"
    file.write_bytes(b"url=http://127.0.0.1:50001/x")
    (tmp_path / "his" / "v.ini").write_bytes(b"url=http://127.0.0.1:50001/x")
    real_open = open

    def refusing(path: str | Path, mode: str) -> object:
        if str(path) == str(file):
            raise PermissionError(13, "read-only", str(path))
        return real_open(path, mode)

    monkeypatch.setattr("builtins.open", refusing)
    inis.restore(str(tmp_path / "his"))
    inis.restore(str(tmp_path / "his"))
    monkeypatch.undo()
    assert (tmp_path / "his" / "v.ini").read_bytes() == b"url=https://Ehc.Example.cn:8443/x"
    assert [record.levelname for record in caplog.records if "读不了或写不了" in record.message] == ["WARNING"]
    inis.restore(str(tmp_path / "his"))
    assert file.read_bytes() == b"url=https://Ehc.Example.cn:8443/x"


def test_a_folder_that_is_gone(inis: UpdaterInis, tmp_path: Path) -> None:
    inis.restore(str(tmp_path / "none"))


def test_what_a_killed_process_left_behind(tmp_path: Path) -> None:
    UpdaterInis(tmp_path / "state", LOGGER).note(50001, REAL[50001])
    later = UpdaterInis(tmp_path / "state", LOGGER)
    later.note(50003, REAL[50003])
    UpdaterInis(tmp_path / "state", LOGGER).note(50003, REAL[50002])
    file = tmp_path / "u.ini"
    file.write_bytes(b"a=http://127.0.0.1:50001/x\nb=http://127.0.0.1:50003\nc=http://127.0.0.1:50009")
    later.restore(str(tmp_path))
    assert file.read_bytes() == (b"a=https://Ehc.Example.cn:8443/x\nb=http://h.example\nc=http://127.0.0.1:50009")


def test_nothing_but_origins_is_remembered(tmp_path: Path) -> None:
    UpdaterInis(tmp_path, LOGGER).note(50001, REAL[50001])
    (file,) = tmp_path.iterdir()
    assert file.read_text() == '{"50001": ["https", "Ehc.Example.cn:8443", ""]}'
