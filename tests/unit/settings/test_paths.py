"""Relative paths: every key that names a file or folder means one beside vcshim.ini, wherever the host program is."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

import pytest

from shim import configuration
from shim.call_port import Port
from shim.settings.option import Option, resolved
from tests.support.calls import VERIFY

# Keys whose names or help texts speak of files and folders without being a path.
NO_PATHS = {
    ("scanner", "type"),  # the word file
    ("label", "type"),
    ("wire", "dialect"),  # 本文件中 [dialect 名称]
    ("autofill", "programs"),  # file names that are compared, not opened
    ("tools", "key"),  # speaks of --key-file
    ("start", "local_copy"),
}
PATHS = [option for option in configuration.options() if option.is_path]


def speaks_of_files(option: Option) -> bool:
    return re.search("文件|目录|file|folder|path|font|logo|certificate", f"{option.key} {option.help}") is not None


def test_no_path_is_forgotten() -> None:
    spoken = {(option.section, option.key) for option in configuration.options() if speaks_of_files(option)}
    assert spoken - NO_PATHS == {(option.section, option.key) for option in PATHS}
    assert NO_PATHS <= spoken  # a key that has gone leaves the list


def test_the_paths() -> None:
    assert [f"{option.section}.{option.key}" for option in PATHS] == [
        "transport.ca_file", "scanner.file", "screen.logo", "screen.fonts", "label.file", "label.fonts",
        "vendor.virtualcardchk", "vendor.nationeccode", "capture.folder", "journal.folder", "log.folder",
        "telemetry.headers_file", "telemetry.ca_file", "fleet.source", "simulator.file",
    ]  # fmt: skip


@pytest.mark.parametrize("option", PATHS, ids=lambda option: f"{option.section}.{option.key}")
def test_beside_the_ini(option: Option, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "his").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "his" / "vcshim.ini").write_text(f"[{option.section}]\n{option.key} = sub/name.x\n", "utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    for folder in (tmp_path / "his", Path("..", "his")):
        value = getattr(getattr(configuration.read(folder), option.section), option.attribute)
        (path,) = value if isinstance(value, tuple) else (value,)
        assert Path(path).is_absolute()
        assert Path(path).resolve() == tmp_path / "his" / "sub" / "name.x"


@pytest.mark.parametrize("option", PATHS, ids=lambda option: f"{option.section}.{option.key}")
def test_absolute_and_empty_ones_stay(option: Option, tmp_path: Path) -> None:
    parsed = configuration.parse(f"[{option.section}]\n{option.key} = {tmp_path}/x\n", Path("/his"))
    empty = configuration.parse(f"[{option.section}]\n{option.key} =\n", Path("/his"))
    value = getattr(getattr(parsed, option.section), option.attribute)
    assert value in (f"{tmp_path}/x", (f"{tmp_path}/x",))
    assert not getattr(getattr(empty, option.section), option.attribute)


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("codes.txt", r"C:\HIS\codes.txt"),
        ("certs/ca.pem", r"C:\HIS\certs\ca.pem"),
        (r"..\ca.pem", r"C:\HIS\..\ca.pem"),
        (r"\certs\ca.pem", r"C:\certs\ca.pem"),
        (r"D:\ca.pem", r"D:\ca.pem"),
        ("D:ca.pem", r"D:\ca.pem"),
        (r"\\server\share\ca.pem", r"\\server\share\ca.pem"),
        (r"\\.\LPT1", r"\\.\LPT1"),
        (r"\\?\C:\very\long", r"\\?\C:\very\long"),
        ("LPT1", "LPT1"),
        ("lpt1:", "lpt1:"),
        ("COM3", "COM3"),
        ("LPT1.txt", r"C:\HIS\LPT1.txt"),
        ("", ""),
    ],
)
def test_windows(path: str, result: str) -> None:
    assert resolved(path, PureWindowsPath(r"C:\HIS")) == result


def test_nothing_is_written_into_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole call with every path that it writes to: log, simulator, label."""
    (tmp_path / "his").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "his" / "vcshim.ini").write_text("[log]\nfolder = logs\n[simulator]\nfile = platform.db\n")
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    port = Port(Path("..", "his"))
    assert port.answer("VirtualCardTrans", [b"sim:", VERIFY["in"].encode("gb18030")], 0, 2048).code == b"00"
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert {path.name for path in (tmp_path / "his").iterdir()} >= {"vcshim.ini", "logs", "platform.db"}
