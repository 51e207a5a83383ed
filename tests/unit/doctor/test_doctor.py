"""`vcshim doctor` on installations made for each finding: its exit code, its rows in both languages, its JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shim import cli
from shim.doctor import files, system
from shim.doctor.checks import CHECKS
from shim.doctor.finding import FindingRow, Level, Place
from shim.manifest import write_manifest
from shim.sets import CORE, current_set

OURS = b"MZ" + "virtualcard-shim".encode("utf-16-le") + b"\xbd\x04\xef\xfe" + b"\0\0\1\0" + b"\2\0\0\0" + b"\0\0\3\0"
OLDER = OURS.replace(b"\0\0\3\0", b"\0\0\1\0")
DLLS = ("VirtualCardChk.dll", "NationECCode.dll")


@pytest.fixture
def his(tmp_path: Path) -> Path:
    """A complete installation."""
    folder = tmp_path / "医院 HIS"
    runtime = folder / "vcshim"
    (runtime / "fronts").mkdir(parents=True)
    (runtime / CORE).write_bytes(b"core")
    (runtime / "packages.txt").write_bytes(b"packages")
    for name in DLLS:
        (runtime / "fronts" / name).write_bytes(OURS)
        (folder / name).write_bytes(OURS)
    write_manifest(runtime)
    (folder / "vcshim.ini").write_text("[log]\nlevel = wire\n[screen]\ntype = none\n", encoding="utf-8")
    return folder


def examined(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the findings that `--json` gives."""
    code = cli.main(["doctor", "--folder", str(folder), "--json"])
    return code, json.loads(capsys.readouterr().out)["findings"]


def test_a_complete_installation(his: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = examined(his, capsys)
    assert code == 0
    assert {"files.complete", "fronts.same", "settings.read"} <= {finding["name"] for finding in found}
    assert {finding["level"] for finding in found} <= {"ok", "note"}


def _no_file(his: Path) -> None:
    (his / "vcshim" / "packages.txt").unlink()


def _changed(his: Path) -> None:
    (his / "vcshim" / "packages.txt").write_bytes(b"other")


def _unreadable(his: Path) -> None:
    (his / "vcshim" / "packages.txt").unlink()
    (his / "vcshim" / "packages.txt").mkdir()


def _extra(his: Path) -> None:
    (his / "vcshim" / "left.tmp").write_bytes(b"")


def _no_set(his: Path) -> None:
    (his / "vcshim").rename(his / "elsewhere")


def _no_list(his: Path) -> None:
    (his / "vcshim" / "SHA256SUMS").write_bytes(b"nothing")


def _no_front(his: Path) -> None:
    (his / DLLS[1]).unlink()


def _foreign(his: Path) -> None:
    (his / DLLS[0]).write_bytes(b"MZ the vendor's")


def _older(his: Path) -> None:
    (his / DLLS[0]).write_bytes(OLDER)


def _unusable(his: Path) -> None:
    (his / "vcshim" / "current.txt").write_text("0.3.0-01234567\n")
    write_manifest(his / "vcshim")


def _chosen(his: Path) -> None:
    (his / "vcshim").rename(his / "0.3.0-01234567")
    (his / "vcshim").mkdir()
    (his / "0.3.0-01234567").rename(his / "vcshim" / "0.3.0-01234567")
    (his / "vcshim" / "current.txt").write_text("0.3.0-01234567\n")


def _failed(his: Path) -> None:
    (his / "vcshim-start-PC.txt").write_text("缺少文件 vcs-py311.dll", encoding="utf-8-sig")


def _problem(his: Path) -> None:
    (his / "vcshim.ini").write_text("[log]\nlevl = wire\n[screen]\ntype = none\n", encoding="utf-8")


def _defaults(his: Path) -> None:
    (his / "vcshim.ini").unlink()


# What was done to the installation; the exit code; what of it stands in the text, in Chinese and in English.
CASES: dict[str, tuple[Callable[[Path], None], int, str, str]] = {
    "files.missing": (_no_file, 1, "缺少 packages.txt", "packages.txt is missing"),
    "files.changed": (_changed, 1, "packages.txt 与清单不一致", "packages.txt is not as listed"),
    "files.unreadable": (_unreadable, 1, "packages.txt 无法读取", "packages.txt cannot be read"),
    "files.extra": (_extra, 0, "清单之外的文件 left.tmp", "left.tmp is not on the list"),
    "files.no_set": (_no_set, 1, "其中没有核心文件", "has no core"),
    "files.no_list": (_no_list, 1, "SHA256SUMS 缺少、无法读取或已损坏", "SHA256SUMS is missing, unreadable"),
    "fronts.missing": (_no_front, 1, "NationECCode.dll", "there is no "),
    "fronts.foreign": (_foreign, 1, "VirtualCardChk.dll 不是 vcshim 的动态库", "is not a DLL of vcshim"),
    "fronts.other": (
        _older,
        1,
        "的版本是 0.2.1，与 vcshim 文件夹中的（0.2.3）不同",
        "is version 0.2.1, not that of the set (0.2.3)",
    ),
    "sets.unusable": (_unusable, 1, "current.txt 写的不是可用的版本", "names no version"),
    "sets.chosen": (_chosen, 0, "使用 0.3.0-01234567", "0.3.0-01234567 is in use"),
    "start.failed": (_failed, 1, "缺少文件 vcs-py311.dll", "could not start"),
    "settings.problem": (_problem, 1, "levl", "levl"),
    "settings.defaults": (_defaults, 0, "全部按默认值运行", "all defaults are in force"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(his: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    spoil, exit_code, chinese, english = CASES[name]
    spoil(his)
    code, found = examined(his, capsys)
    assert name in {finding["name"] for finding in found}
    assert code == exit_code
    assert cli.main(["--lang", "zh", "doctor", "--folder", str(his)]) == exit_code
    assert chinese in capsys.readouterr().out
    assert cli.main(["--lang", "en", "doctor", "--folder", str(his)]) == exit_code
    assert english in capsys.readouterr().out


# Lines that are each read, and cannot be used together: every call is refused (8006).
UNUSABLE = {
    "no-such-dialect": ("[wire]\ndialect = nosuch\n", "line 2: [wire] dialect = nosuch does not exist"),
    "a-section-that-cannot-be-used": (
        "[wire]\ndialect = mine\n[dialect mine]\nbase = ehcservice\ncase = middle\n",
        "line 5: [dialect mine] has no key case",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_message_formats_that_refuse_every_call(his: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    lines, english = UNUSABLE[name]
    (his / "vcshim.ini").write_text(f"{lines}[screen]\ntype = none\n", encoding="utf-8")
    code, found = examined(his, capsys)
    assert (code, [each["name"] for each in found if str(each["name"]).startswith("settings.")]) == (
        1, ["settings.refused"],
    )  # fmt: skip
    assert cli.main(["--lang", "en", "doctor", "--folder", str(his)]) == 1
    assert english in capsys.readouterr().out


def test_a_section_that_is_not_in_force_refuses_nothing(his: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (his / "vcshim.ini").write_text("[dialect mine]\nbase = none\n[screen]\ntype = none\n", encoding="utf-8")
    _, found = examined(his, capsys)
    assert "settings.refused" not in {finding["name"] for finding in found}


def test_the_help_of_the_set_is_named(his: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the verdict where something is to be done, and by each such finding in --json."""
    _no_front(his)
    (his / "vcshim" / "help.html").write_text("", "utf-8")
    assert cli.main(["--lang", "en", "doctor", "--folder", str(his)]) == 1
    assert f"Each is explained, in Chinese, in {his / 'vcshim' / 'help.html'}\n" in capsys.readouterr().out
    _, found = examined(his, capsys)
    places = {str(each["name"]): each.get("help") for each in found}
    assert places["fronts.missing"] == "help.html#doctor.fronts.missing"


def test_many_wrong_files_are_counted(his: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(25):
        (his / "vcshim" / f"left{number}.tmp").write_bytes(b"")
    _, found = examined(his, capsys)
    names = [finding["name"] for finding in found]
    assert names.count("files.extra") == 20
    assert [finding["facts"] for finding in found if finding["name"] == "files.more"] == [{"count": "5"}]


def test_a_list_that_names_no_such_version(his: Path) -> None:
    """What current.txt says leads nowhere but to a folder beside it."""
    for text in ("..", "a/b", "a\\b", "x" * 65, "中文", ""):
        (his / "vcshim" / "current.txt").write_text(text, encoding="utf-8")
        assert current_set(his) == his / "vcshim"


def test_updates_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Windows that lacks everything each update is a finding by itself."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(system, "has_function", lambda dll, name: False)
    found = list(system.look_at_updates(Place(Path(), Path())))
    assert [(finding.row.name, finding.facts) for finding in found] == [
        ("windows.no_crt", {"number": "KB2999226"}),
        ("windows.no_folders", {"number": "KB2533623"}),
    ]


def test_rows_have_names_of_their_own() -> None:
    """Programs read the names: no two rows share one, and a bad finding says what to do."""
    rows = [value for module in (files, system) for value in vars(module).values() if isinstance(value, FindingRow)]
    rows += list(files.BY_KIND.values())
    assert len({row.name for row in rows}) == len(rows) > 15
    assert [row.name for row in rows if row.level in (Level.WARNING, Level.ERROR) and row.remedy is None] == []
    assert len(CHECKS) > 5
