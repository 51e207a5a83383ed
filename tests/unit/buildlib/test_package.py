"""What a package is made of before there is one: its components, its limits, its archive, the signing command."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import build_dll
from buildlib import compile as native
from buildlib import console, environment, product, runtime, sdk, swap_run, toolbox
from buildlib.layout import Target
from buildlib.package import archive, bill, licences, signing, twice
from buildlib.package.archive import Limits
from buildlib.package.components import COMPONENTS, TEXTS
from shim import cli, manifest
from shim.toolbox import COMMANDS as toolbox_commands
from tests.support.paths import ROOT

TARGET = Target("x", "windows")


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished set that is nothing but two files, and the place of its zip."""
    monkeypatch.setattr("buildlib.layout.DIST", tmp_path / "dist")
    monkeypatch.setattr(archive, "DIST", tmp_path / "dist")
    monkeypatch.setattr(archive, "ROOT", tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000001")
    (TARGET.folder / "vcshim").mkdir(parents=True)
    (TARGET.folder / "vcshim" / "core.dll").write_bytes(b"abc")
    (TARGET.folder / "front.dll").write_bytes(b"")
    return TARGET.folder


# ---- components ----------------------------------------------------------------------------------------------------


def test_a_file_of_nobody_is_found() -> None:
    assert licences.unlisted(["vcs-sql.dll", "packages/PIL/_imaging.pyd", "new.dll"]) == ["new.dll"]


def test_a_component_that_is_not_there_is_found() -> None:
    assert licences.absent(["vcs-sql.dll"], ["shim.abi"])[:2] == ["virtualcard-shim", "CPython"]
    assert "SQLite" not in licences.absent(["vcs-sql.dll"], ["shim.abi"])


def test_every_text_of_ours_is_used() -> None:
    named = {text for component in COMPONENTS for text in component.texts}
    assert {path.name for path in (ROOT / TEXTS).iterdir()} <= named


def test_the_bill_of_materials() -> None:
    """Ours is the subject, the others are its parts; the same rows give the same document, without a date."""
    rows: list[dict[str, str]] = [
        {"name": name, "version": version, "licence": licence, "purl": f"pkg:generic/{name}", "home": home}
        for name, version, licence, home in (
            ("virtualcard-shim", "1.0", "MIT", ""),
            ("gcc", "", "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org/"),
            ("other", "2", "LicenseRef-Other", ""),
        )
    ]
    values: dict[str, Any] = {"set": "win32", "version": "1.0", "rows": rows}
    content = json.loads(bill.document(values))
    assert (content["bomFormat"], content["specVersion"]) == ("CycloneDX", "1.6")
    assert content["metadata"]["component"]["name"] == "virtualcard-shim" and "timestamp" not in content["metadata"]
    assert [(each["name"], each.get("version"), each["licenses"]) for each in content["components"]] == [
        ("gcc", None, [{"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}]),
        ("other", "2", [{"license": {"name": "LicenseRef-Other"}}]),
    ]
    assert bill.document(values) == bill.document(values)
    assert bill.document({**values, "set": "win64"}) != bill.document(values)


# ---- archive -------------------------------------------------------------------------------------------------------


def test_an_archive_is_made_of_bytes_and_the_commit_alone(dist: Path) -> None:
    """Not of the times and modes of the files, nor of what somebody's trial has left."""
    first = archive.write(TARGET).read_bytes()
    (dist / "front.dll").unlink()
    (dist / "front.dll").touch(mode=0o600)
    (dist / "vcshim.ini").write_text("[mode]\nrun = capture\n")
    (dist / "vcshim_log").mkdir()
    (dist / "vcshim_log" / "x.log").touch()
    path = archive.write(TARGET)
    assert path.read_bytes() == first
    with zipfile.ZipFile(path) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {
            (2023, 11, 14, 22, 13, 20)
        }  # date -u -d @1700000001


def test_what_an_archive_holds(dist: Path) -> None:
    with zipfile.ZipFile(archive.write(TARGET)) as packed:
        names = [name.partition("/")[2] for name in packed.namelist()]
        top = packed.namelist()[0].partition("/")[0]
        sums = packed.read(f"{top}/SHA256SUMS").decode()
        text = packed.read(f"{top}/说明.txt")
    assert names == ["SHA256SUMS", "front.dll", "vcshim/core.dll", "说明.txt"]
    assert sums.splitlines() == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  front.dll",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  vcshim/core.dll",
        f"{hashlib.sha256(text).hexdigest()}  说明.txt",
    ]
    assert text.startswith(b"\xef\xbb\xbfvirtualcard-shim ") and b"\r\n" in text and b"{" not in text


def test_the_figures_are_printed(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.write(TARGET)
    assert " MB, installed 0.0 MB in 4 files" in capsys.readouterr().out


def test_a_package_that_is_too_large_is_refused(dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LIMITS", {"x": Limits(10**6, 10**6, 4)})
    with pytest.raises(console.Failed, match="the package for x is too large: 4 files, under 4 allowed"):
        archive.write(TARGET)


@pytest.mark.parametrize(
    ("figures", "beyond"),
    [
        (Limits(14_999_999, 29_999_999, 99), []),
        (Limits(15_000_000, 0, 0), ["15,000,000 bytes packed, under 15,000,000 allowed"]),
        (Limits(0, 30_000_000, 0), ["30,000,000 bytes installed, under 30,000,000 allowed"]),
        (Limits(0, 0, 100), ["100 files, under 100 allowed"]),
    ],
)
def test_the_limits_for_32_bits(figures: Limits, beyond: list[str]) -> None:
    assert archive.beyond(figures, archive.LIMITS["win32"]) == beyond


# ---- signing -------------------------------------------------------------------------------------------------------


def signer(folder: Path, name: str, body: str) -> str:
    """A command that stands for a signing tool."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.needs("linux")
def test_a_tool_that_signs_in_place(tmp_path: Path) -> None:
    tool = signer(tmp_path, "signtool", 'printf "%s" "$1" >>"$2"')
    words = signing.split(f"{tool} 'a b'")
    (tmp_path / "x.dll").write_bytes(b"MZ")
    signing.sign([tmp_path / "x.dll"], words)
    assert (tmp_path / "x.dll").read_bytes() == b"MZa b"


@pytest.mark.needs("linux")
def test_osslsigncode_writes_another_file(tmp_path: Path) -> None:
    tool = signer(tmp_path, "osslsigncode", '[ "$1$2$4" = sign-in-out ] && cat "$3" "$3" >"$5"')
    (tmp_path / "x.dll").write_bytes(b"MZ")
    signing.sign([tmp_path / "x.dll"], (tool, "sign"))
    assert {path.name: path.read_bytes() for path in tmp_path.glob("x*")} == {"x.dll": b"MZMZ"}


@pytest.mark.needs("linux")
def test_a_failure_does_not_name_the_words(tmp_path: Path) -> None:
    tool = signer(tmp_path, "signtool", "echo no such certificate; exit 3")
    (tmp_path / "x.dll").write_bytes(b"MZ")
    with pytest.raises(console.Failed, match="ended with 3\nno such certificate") as raised:
        signing.sign([tmp_path / "x.dll"], (tool, "/p", "secret"))
    assert "secret" not in str(raised.value)
    with pytest.raises(console.Failed, match="is not there"):
        signing.sign([tmp_path / "x.dll"], (str(tmp_path / "none"), "secret"))


def test_without_a_command_nothing_is_signed(tmp_path: Path) -> None:
    signing.sign([tmp_path / "not there.dll"], signing.split(""))


def test_what_is_signed(tmp_path: Path) -> None:
    for name in ("a.DLL", "b.pyd", "c.exe", "d.txt", "e.pem"):
        (tmp_path / name).touch()
    assert [path.name for path in signing.programs(tmp_path)] == ["a.DLL", "b.pyd", "c.exe"]


@pytest.mark.needs("linux")
def test_signing_comes_before_copies_and_checksums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fronts in the set are the signed ones, and the list is that of the signed files."""

    def build(target: Target, _: object) -> None:
        for name in ("VirtualCardChk.dll", "NationECCode.dll", "vcshim/vcshim_core.dll"):
            (target.folder / name).write_bytes(b"MZ")

    monkeypatch.setattr("buildlib.layout.DIST", tmp_path / "dist")
    monkeypatch.setattr("buildlib.layout.BUILD", tmp_path / "build")
    monkeypatch.setattr(environment, "ensure", lambda *lists: None)
    for name in ("fetch_windows", "freeze", "assemble"):
        monkeypatch.setattr(runtime, name, lambda *words: None)
    monkeypatch.setattr(swap_run, "apply", lambda folder: None)  # for real files
    monkeypatch.setattr(native, "build", build)
    monkeypatch.setattr(sdk, "write", lambda target: None)  # takes a compiler
    monkeypatch.setattr(licences, "write", lambda target: [])
    monkeypatch.setattr(bill, "write", lambda *words: None)
    folder = product.windows(TARGET, sign=(signer(tmp_path, "signtool", 'printf signed >>"$1"'),))
    signed = [*folder.glob("*.dll"), *folder.glob("vcshim/**/*.dll")]
    assert len(signed) == 5 and {path.read_bytes() for path in signed} == {b"MZsigned"}
    assert manifest.set_problems(folder / "vcshim") == ()


# ---- toolbox -------------------------------------------------------------------------------------------------------


def test_what_of_the_binaries_goes_into_the_toolbox(tmp_path: Path) -> None:
    """Those of the set by their own names, on either machine, and those of the event loop; nothing that Pillow could
    do besides."""
    (tmp_path / "packages" / "PIL").mkdir(parents=True)
    for name in ("vcs-py311.dll", "vcs-crypto.dll", "_ssl.pyd", "packages/PIL/_imaging.cp311-win32.pyd"):
        (tmp_path / name).touch()
    assert toolbox.kept(tmp_path) == {
        "python311.dll", "libcrypto-3.dll", "libcrypto-3-x64.dll", "libcrypto-1_1.dll", "libcrypto-1_1-x64.dll",
        "_ssl.pyd", "pil/_imaging.cp311-win32.pyd", "_asyncio.pyd", "_overlapped.pyd", "_multiprocessing.pyd",
    }  # fmt: skip


def test_the_toolbox_needs_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("buildlib.layout.DIST", tmp_path)
    with pytest.raises(console.Failed, match="dist/x is not built"):
        toolbox.build(TARGET)


def test_the_commands_of_the_toolbox_are_commands() -> None:
    assert set(toolbox_commands) < set(cli.COMMANDS)


# ---- command line --------------------------------------------------------------------------------------------------


def test_what_differs_between_two_builds() -> None:
    here, there = {"a": b"1", "b": b"1", "c": b"1"}, {"a": b"1", "b": b"2", "d": b"1"}
    assert twice.differences(here, there) == ["b", "c", "d"]
    assert twice.differences(here, dict(here)) == []


def test_the_words_of_package() -> None:
    options = build_dll.parse(["package", "--sign", "osslsigncode sign", "win64"])
    assert (options.names, options.sign) == (["win64"], "osslsigncode sign")
    assert build_dll.parse(["win32"]).sign == ""
    with pytest.raises(SystemExit):
        build_dll.parse(["package", "win16"])
