"""Every problem of the settings of a folder, with its line, the nearest name and the remedy: `vcshim ini --check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.cli import main
from shim.settings_check import check_file, check_folder

DIALECT = """[wire]
dialect = 本院
[dialect 本院]
base = sister
diggest = MD5
sign_over = yy
"""


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of this test for the user and the PC."""
    monkeypatch.setattr("shim.configuration.local_data", lambda: tmp_path / "local")
    monkeypatch.setattr("shim.configuration.machine_data", lambda: tmp_path / "machine")


def found(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with one file: its lines, then what they lack together."""
    path = tmp_path / "new.ini"
    path.write_text(text, "utf-8")
    findings = check_file(path, tmp_path)
    return [*findings.files[0].problems, *findings.together]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[scaner]\nport = 1\n", "new.ini 第 1 行 [scaner] 不是已知的节，其中的设置都不起作用；最接近的是 [scanner]"),
        ("[wire]\nverfy = off\n", "new.ini 第 2 行 [wire] verfy 不是已知的设置，已忽略此行；最接近的是 verify"),
        ("[wire]\nproxy = x\n", "new.ini 第 2 行 [wire] proxy 不是已知的设置，已忽略此行；它属于 [transport]"),
        (
            "[wire]\ndialect = ehcservcie\n",
            "new.ini 第 2 行：[wire] dialect = ehcservcie 不存在，可用：ehcservice、ehcservice-sm4cbc、ehcservice-amp、"
            "ehcservice-gbk、ehcservice-sealed、ehcservice-bare、sister、sister-gbk、sichuan-v1.1、xm01-sm4、"
            "xm01-aes256、mianyang；请改正后重新启动医院程序；最接近的是 ehcservice",
        ),
        (
            "[wire]\n\nec_out_escape = many\n",
            "new.ini 第 3 行：[wire] ec_out_escape = many，应为：",
        ),
        (
            "[scanner]\nport = COM3, COM4\ntype = serial\n",
            "new.ini 第 3 行：[scanner] type = serial 的 port 只写一个串口；请改正",
        ),
        (
            "[scanner]\nhid_device = x\ntype = hidpos\n",
            "new.ini 第 2 行：[scanner] hid_device 应形如 1EAB:0022；请改正",
        ),
        ("[scanner]\ntype = tcp\n", "new.ini 第 2 行：[scanner] type = tcp 还须写 address，形如 "),
        (
            "[label]\nwidth_mm = x\ntype = tcp\naddress = h\n",
            "new.ini 第 2 行：[label] width_mm 应为毫米数，例如 50 或 57.5；请改正",
        ),
        (
            "[screen]\ntype = serial\nport = COM3\nprotocol = custom\nprefix = XX\n",
            "new.ini 第 2 行：[screen] prefix、suffix、hide 应为十六进制",
        ),
        ("[autofill]\nprograms = a/b.exe\n", "[autofill] programs 只写程序文件名"),
        (
            "[transport]\nca_file = root.pem\n",
            "new.ini 第 2 行：[transport] ca_file 所写的文件不存在：{folder}/root.pem；请改正路径",
        ),
        ("[label]\nfonts = a.ttc#2\n", "new.ini 第 2 行：[label] fonts 所写的文件不存在：{folder}/a.ttc#2；请改正路径"),
    ],
)  # fmt: skip
def test_one_problem(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = found(tmp_path, text)
    assert problem.startswith(told.format(folder=tmp_path))


def test_every_problem_of_a_dialect(tmp_path: Path) -> None:
    """Not the first alone; for a misspelt key the nearest one, not eighty."""
    first, second = found(tmp_path, DIALECT)
    assert first == (
        "new.ini 第 5 行：[dialect 本院] diggest 不是已知的设置（写的是 M***（3 字）），可用：digest；"
        "请改正后重新启动医院程序"
    )
    assert second.startswith("new.ini 第 6 行：[dialect 本院] sign_over = yy，应为：")


def test_a_dialect_that_is_not_used(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, "[dialect a b]\nbase = sister\n")
    assert problem.startswith("new.ini 第 1 行：[dialect a b] 的名称应为")


def test_nothing_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch()
    (tmp_path / "a.ttc").touch()
    good = (
        "[transport]\nca_file = root.pem\n[label]\nfonts = a.ttc#1\n[autofill]\nmethod = none\n[scanner]\ntype = none\n"
    )
    assert found(tmp_path, good) == []


def test_all_files_and_what_they_lack_together(tmp_path: Path) -> None:
    """In the order of the files and lines; a line that another file overrules is told as well."""
    his = tmp_path / "his"
    his.mkdir()
    fleet = tmp_path / "local" / "settings" / "fleet.ini"
    fleet.parent.mkdir(parents=True)
    fleet.write_text("[scanner]\nbaud = fast\ntype = tcp\n[wire]\ndialect = no-such\n", "utf-8")
    text = "[wire]\nverify = stict\n[scanner]\nbaud = 9600\n[fleet]\nsource = /srv/fleet.txt\n"
    (his / "vcshim.ini").write_text(text, "utf-8")
    findings = check_folder(his)
    assert [(each.layer.name, each.exists, len(each.problems), each.refuses) for each in findings.files] == [
        ("fleet", True, 1, False), ("machine", False, 0, False), ("folder", True, 1, True),
    ]  # fmt: skip
    assert [sentence.split("：")[0] for sentence in findings.together] == ["fleet.ini 第 3 行"]
    assert findings.count == 3


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its exit code says whether anything is wrong; every file is named, the absent ones too."""
    (tmp_path / "vcshim.ini").write_text("[log]\nkeep_days = 7\n", "utf-8")
    words = ["--lang", "zh", "ini", "--folder", str(tmp_path), "--check"]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/local/settings/fleet.ini：没有这个文件",
        f"{tmp_path}/machine/vcshim.ini：没有这个文件",
        f"{tmp_path}/vcshim.ini：没有问题",
        "设置没有问题。",
    ]
    (tmp_path / "vcshim.ini").write_text("[wire]\nverify = stict\n[scanner]\ntype = tcp\n", "utf-8")
    assert main(words) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:4] == [
        f"{tmp_path}/vcshim.ini：1 处问题",
        "  vcshim.ini 第 2 行 [wire] verify = stict：应为 off、warn、strict 之一；"
        "默认值 warn 未必是所要的，停用全部函数；请改正后重新启动医院程序",
    ]
    assert lines[4:6] == ["  其中有拒绝所有调用的，须先改正", "本机采用的设置合在一起：1 处问题"]
    assert lines[-1] == "共 2 处问题。"


def test_one_file_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before it is put in its place."""
    path = tmp_path / "new.ini"
    assert main(["--lang", "en", "ini", "--check", str(path)]) == 1
    assert capsys.readouterr().err.strip() == f"vcshim ini: {path} does not exist"
    path.write_text("[log@PC-1]\nkeep_days = 0\n", "utf-8")
    assert main(["--lang", "en", "ini", "--check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"{path}: 1 problems"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "new.ini"
    path.write_bytes(b"[log]\n\0\0")
    findings = check_file(path, tmp_path)
    assert findings.files[0].problems == ("new.ini 的内容已损坏（含 NUL 字符），请用备份恢复后再试",)
    assert findings.files[0].refuses and findings.count == 1
