"""Which file a setting is taken from, for which PC, and what is said of lines that do not count."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from shim import configuration
from shim.settings.layers import Layer, lower, matches
from tests.support.paths import ROOT

FLEET, MACHINE = "fleet.ini", "machine.ini"


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of this test for the user and the PC."""
    monkeypatch.setattr("shim.configuration.local_data", lambda: tmp_path / "local")
    monkeypatch.setattr("shim.configuration.machine_data", lambda: tmp_path / "machine")
    # The fleet's copy counts here whether or not another file names its source (tests/unit/fleet/test_take.py).
    monkeypatch.setattr("shim.configuration._names_fleet", lambda parsed: True)


@pytest.fixture
def his(tmp_path: Path) -> Path:
    folder = tmp_path / "his"
    folder.mkdir()
    return folder


def write(his: Path, name: str, text: str) -> Path:
    """Write one of the files: of the fleet, of the machine, or beside the DLLs."""
    path = {
        FLEET: his.parent / "local" / "settings" / "fleet.ini",
        MACHINE: his.parent / "machine" / "vcshim.ini",
    }.get(name, his / "vcshim.ini")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_files_in_their_order(his: Path) -> None:
    fleet, machine, beside = configuration.layers(his)
    assert (fleet.name, fleet.path) == ("fleet", his.parent / "local" / "settings" / "fleet.ini")
    assert (machine.name, machine.path) == ("machine", his.parent / "machine" / "vcshim.ini")
    assert (beside.name, beside.path, beside.shown) == ("folder", his / "vcshim.ini", "vcshim.ini")


def test_each_key_is_of_the_strongest_file_that_has_it(his: Path) -> None:
    paths = [
        write(his, FLEET, "[scanner]\ntype = tcp\naddress = 10.1.1.1:1\nbaud = 4800\n"),
        write(his, MACHINE, "[log]\nkeep_days = 7\n[scanner]\naddress = 10.1.1.2:1\nbaud = 19200\n"),
        write(his, "vcshim.ini", "[scanner]\n\nbaud = 38400\n"),
    ]
    settings = configuration.read(his)
    assert settings.problems == ()
    assert (settings.scanner.type, settings.scanner.address, settings.scanner.baud) == ("tcp", "10.1.1.2:1", 38400)
    told = {key: (source.layer.path, source.line, source.heading) for key, source in settings.sources.items()}
    assert told == {
        ("scanner", "type"): (paths[0], 2, "scanner"),
        ("scanner", "address"): (paths[1], 4, "scanner"),
        ("scanner", "baud"): (paths[2], 3, "scanner"),
        ("log", "keep_days"): (paths[1], 2, "log"),
    }


def test_sections_for_this_pc_are_stronger_than_every_plain_one(his: Path) -> None:
    write(his, FLEET, "[scanner@PC-017]\nport = COM7\nbaud = 4800\n")
    write(his, "vcshim.ini", "[scanner]\nport = COM1\nbaud = 9600\n[scanner@PC-0*]\nbaud = 19200\n")
    settings = configuration.read(his, pc_name=lambda: "pc-017")
    assert (settings.scanner.port, settings.scanner.baud) == (("COM7",), 19200)
    assert settings.sources["scanner", "port"].heading == "scanner@pc-017"
    elsewhere = configuration.read(his, pc_name=lambda: "PC-117")
    assert (elsewhere.scanner.port, elsewhere.scanner.baud) == (("COM1",), 9600)
    assert settings.problems == elsewhere.problems == ()


def test_overrides_are_stronger_than_all(his: Path) -> None:
    write(his, "vcshim.ini", "[scanner@*]\nport = COM7\n")
    settings = configuration.read(his, {("scanner", "port"): "COM9"}, pc_name=lambda: "PC-1")
    assert settings.scanner.port == ("COM9",) and not settings.sources


def test_the_pc_is_not_asked_for_without_need(his: Path) -> None:
    write(his, "vcshim.ini", "[scanner]\nport = COM1\n[dialect x@PC-1]\nbase = sister\n")
    assert configuration.read(his, pc_name=lambda: str(1 // 0)).scanner.port == ("COM1",)


def test_relative_paths_are_beside_the_dlls_whatever_the_file(his: Path) -> None:
    write(his, MACHINE, "[log]\nfolder = logs\n")
    assert configuration.read(his).log.folder == str(his / "logs")


def test_problems_name_their_file(his: Path) -> None:
    machine = write(his, MACHINE, "[scanner]\nbaud = 96OO\n[wire]\nverify = stict\n")
    write(his, FLEET, "[scanner]\nbauds = 9600\n")
    write(his, "vcshim.ini", "[scanner]\nport = \n[scaner]\n")
    settings = configuration.read(his)
    assert settings.problems == (
        "fleet.ini 第 2 行 [scanner] bauds 不是已知的设置，已忽略此行；最接近的是 baud",
        f"{machine} 第 2 行 [scanner] baud = 96oo：应为 300 到 4000000 之间的整数；已按默认值 9600 运行，请改正",
        f"{machine} 第 4 行 [wire] verify = stict：应为 off、warn、strict 之一；"
        "默认值 warn 未必是所要的，停用全部函数；请改正后重新启动医院程序",
        "vcshim.ini 第 3 行 [scaner] 不是已知的节，其中的设置都不起作用；最接近的是 [scanner]",
    )
    assert settings.refusals == settings.problems[2:3]


def test_a_value_that_is_not_understood_leaves_that_of_the_weaker_file(his: Path) -> None:
    write(his, FLEET, "\n[scanner]\nbaud = 19200\n")
    write(his, "vcshim.ini", "[scanner]\nbaud = 96OO\n")
    settings = configuration.read(his)
    assert settings.scanner.baud == 19200
    assert settings.problems == (
        "vcshim.ini 第 2 行 [scanner] baud = 96oo：应为 300 到 4000000 之间的整数；已按 fleet.ini 第 3 行运行，请改正",
    )


def test_what_is_overruled_refuses_nothing(his: Path) -> None:
    write(his, FLEET, "[wire]\nverify = stict\n")
    write(his, "vcshim.ini", "[wire]\nverify = strict\n")
    settings = configuration.read(his)
    assert settings.wire.verify == "strict" and settings.problems == ()


def test_a_dialect_over_several_files(his: Path) -> None:
    write(his, FLEET, "[dialect 本院]\nbase = sister\ntail = &key=\n")
    write(his, "vcshim.ini", "[Dialect 本院]\ntail = &k=\n")
    settings = configuration.read(his)
    assert settings.problems == ()
    assert settings.dialects == {"本院": {"base": "sister", "tail": "&k="}}


def test_the_same_key_in_sections_of_several_pcs_is_no_repetition(his: Path) -> None:
    write(
        his, "vcshim.ini", "[scanner@PC-*]\nport = COM1\n[scanner@PC-017]\nport = COM2\n[scanner@PC-017]\nport = COM3\n"
    )
    settings = configuration.read(his, pc_name=lambda: "PC-017")
    assert settings.scanner.port == ("COM3",)
    assert settings.problems == ("vcshim.ini 第 6 行 [scanner@pc-017] port 与第 4 行重复，以本行为准",)


def test_no_name_after_the_at_sign(his: Path) -> None:
    write(his, "vcshim.ini", "[scanner@]\nport = COM1\n[scanner @ ]\nport = COM1\n")
    settings = configuration.read(his, pc_name=str)
    assert settings.scanner.port == ()
    assert settings.problems == (
        "vcshim.ini 第 1 行 [scanner@] 的 @ 后面没有计算机名，其中的设置都不起作用",
        "vcshim.ini 第 3 行 [scanner @] 的 @ 后面没有计算机名，其中的设置都不起作用",
    )


def test_the_example_of_the_page() -> None:
    """docs/settings.md, on three PCs."""
    block = (ROOT / "docs" / "settings.md").read_text("utf-8").split("```text\n")[1].split("```")[0]
    found = {}
    for pc in ("SF-01", "sf-02", "YF-01"):
        settings = configuration.parse(block, pc_name=partial(str, pc))
        assert settings.problems == ()
        found[pc] = (settings.scanner.port, settings.label.printer)
    assert found == {"SF-01": (("COM5",), "标签机"), "sf-02": (("COM3",), "标签机"), "YF-01": (("COM3",), "")}


# ---- files that cannot be read ---------------------------------------------------------------------------------------


def test_a_file_of_the_machine_that_cannot_be_read_refuses(his: Path) -> None:
    write(his, "vcshim.ini", "[log]\nkeep_days = 7\n")
    path = write(his, MACHINE, "[log]\n\0\0")
    settings = configuration.read(his)
    assert settings.unreadable and configuration.is_unreadable(his)
    assert settings.refusals == (f"{path} 的内容已损坏（含 NUL 字符），请用备份恢复后再试",)
    path.unlink()
    assert not configuration.is_unreadable(his)


def test_a_copy_of_the_fleets_that_cannot_be_read_is_left_out(his: Path) -> None:
    write(his, FLEET, "[log]\nkeep_days = 8\n\0\0")
    write(his, "vcshim.ini", "[log]\nkeep_days = 7\n")
    settings = configuration.read(his)
    assert settings.log.keep_days == 7
    assert settings.refusals == () and not settings.unreadable and not configuration.is_unreadable(his)
    assert settings.problems == ("fleet.ini 的内容已损坏（含 NUL 字符），请用备份恢复后再试",)


# ---- names of PCs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "name", "like"),
    [
        ("pc-017", "pc-017", True), ("pc-017", "pc-0171", False), ("pc-01", "pc-017", False), ("pc-*", "pc-", True),
        ("pc-?", "pc-", False), ("*", "", True), ("", "", False), ("*17", "pc-017", True), ("p*0*7", "pc-017", True),
        ("p*0*8", "pc-017", False), ("[a-z]*", "pc", False), ("*?*?*?", "ab", False), ("*?*?", "ab", True),
        ("收费?-*", "收费处-01", True), ("*a" * 30 + "b", "a" * 40, False),
    ],
)  # fmt: skip
def test_patterns(pattern: str, name: str, like: bool) -> None:
    assert matches(pattern, name) is like


def test_only_letters_of_ascii_have_a_lower_case() -> None:
    """As in C, which knows no other."""
    assert lower("PC-É\u212aЖ") == "pc-É\u212aЖ"


# ---- one file by itself ----------------------------------------------------------------------------------------------


def test_a_check_reads_the_sections_of_every_pc(tmp_path: Path) -> None:
    layer = Layer("fleet", tmp_path / "new.ini", "new.ini")
    text = "[scanner@PC-1]\nbaud = x\n[scanner@PC-2]\nbaud = y\nbaud = 9600\n[wire@PC-3]\nverify = z\n[scan@PC-4]\n"
    found = configuration.check(layer, tmp_path, text.encode())
    assert [sentence.split("：")[0] for sentence in found.problems] == [
        "new.ini 第 2 行 [scanner@pc-1] baud = x",
        "new.ini 第 4 行 [scanner@pc-2] baud = y",
        "new.ini 第 5 行 [scanner@pc-2] baud 与第 4 行重复，以本行为准",
        "new.ini 第 7 行 [wire@pc-3] verify = z",
        "new.ini 第 8 行 [scan@PC-4] 不是已知的节，其中的设置都不起作用；最接近的是 [scanner]",
    ]
    assert len(found.refusals) == 1


def test_a_check_of_what_is_no_text(tmp_path: Path) -> None:
    found = configuration.check(Layer("fleet", tmp_path / "new.ini", "new.ini"), tmp_path, b"[log]\0\0")
    assert found.unreadable and found.problems == ("new.ini 的内容已损坏（含 NUL 字符），请用备份恢复后再试",)
