"""`vcshim config`: what is in force and where it comes from; one key changed, and no other byte of the file."""

from __future__ import annotations

import codecs
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shim import cli, configuration
from shim.commands import files
from shim.commands.config_values import MASK, find_option
from shim.commands.ini_edit import with_value

Run = Callable[..., tuple[int, str, str]]
PORT = find_option("scanner.port")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("shim.configuration.machine_data", lambda: tmp_path / "machine")
    monkeypatch.setattr("shim.configuration.read.__kwdefaults__", {"files": None, "pc_name": lambda: "PC-017"})
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(["config", *words])
        return code, *capsys.readouterr()

    return run


def ini(text: str, name: str = "vcshim.ini") -> Path:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(text.encode())
    return Path(name)


def test_what_is_in_force_and_where_it_comes_from(run: Run) -> None:
    ini("[log]\nlevel = debug ; 详细\n[scanner@PC-0*]\nport = COM3\n[tools]\nkey = 1SECRET\n")
    ini("[log]\nkeep_days = 7\nlevel = error\n", "machine/vcshim.ini")
    code, out, _ = run()
    assert code == 0
    assert [
        line.split("  ")[0] + " | " + line.split("  ")[-1].strip() for line in out.splitlines() if " = " in line
    ] == [
        "port = COM3 | 动态库旁的 vcshim.ini 第 4 行，[scanner@pc-0*]",
        "level = debug | 动态库旁的 vcshim.ini 第 2 行",
        "keep_days = 7 | 本机设置 第 2 行",
        f"key = {MASK} | 动态库旁的 vcshim.ini 第 6 行",
    ]
    assert "另有 " in out and "1SECRET" not in out


def test_the_same_for_programs(run: Run) -> None:
    ini("[dialect 本院]\napp_key = 1SECRET\ndigest = sm3\n[transport]\nproxy = user:secret@10.0.0.1:8080\n")
    told = json.loads(run("--json")[1])
    rows = {(row["section"], row["key"]): row for row in told["settings"]}
    assert rows["dialect 本院", "app_key"]["value"] == MASK
    assert rows["dialect 本院", "digest"]["source"]["line"] == 3
    assert rows["transport", "proxy"]["value"] == f"{MASK}@10.0.0.1:8080"
    assert [each["exists"] for each in told["files"]] == [False, False, True]
    everything = json.loads(run("--json", "--all")[1])["settings"]
    assert len(everything) == len(configuration.options()) + 2
    assert {row["section"] for row in json.loads(run("list", "log", "--all", "--json")[1])["settings"]} == {"log"}


def test_one_setting(run: Run) -> None:
    ini("[log]\nlevel = DEBUG\n")
    code, out, err = run("get", "log.level")
    assert (code, out) == (0, "debug\n") and err.startswith(
        "log.level（动态库旁的 vcshim.ini 第 2 行）：日志的详细程度"
    )
    assert "可写 error、info、debug、wire；默认 info\n" in err
    err = run("get", "log.level", "--lang", "en")[2]
    assert err.startswith(
        "log.level (vcshim.ini beside the DLLs, line 2): how much is logged; error: failures only; info: a line for"
    )
    assert "it may be error, info, debug, wire; default info\n" in err
    assert run("get", "[log] keep_days")[1] == "30\n"
    assert run("get", "set_qrflow_mode")[1] == "stdcall\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["get", "scanner.prot"], "没有 scanner.prot 这个设置项，最接近的是 scanner.port"),
        (["get", "keepdays"], "没有 keepdays 这个设置项，最接近的是 log.keep_days"),
        (["get", "xyzzy"], "没有 xyzzy 这个设置项"),
        (["get", "port"], "port 在多个节中都有：scanner.port、screen.port、label.port、bridge.port"),
        (["set", "mode.run", "shadwo"], "mode.run 应为 native、capture、shadow 之一，最接近的是 shadow"),
        (["set", "log.keep_days", "0"], "log.keep_days 应为 1 到 3650 之间的整数"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_slips(run: Run, words: list[str], said: str) -> None:
    assert run(*words)[::2] == (1, f"vcshim config: {said}\n")
    assert not Path("vcshim.ini").exists()


def test_set_and_unset(run: Run) -> None:
    assert run("set", "scanner.port", "COM3")[0] == 0
    assert Path("vcshim.ini").read_bytes() == b"[scanner]\r\nport = COM3\r\n"
    code, out, _ = run("set", "scanner.port", "COM4")
    assert (code, out.splitlines()[1]) == (0, "现为 scanner.port = COM4（动态库旁的 vcshim.ini 第 2 行）")
    assert Path("vcshim.ini.bak").read_bytes() == b"[scanner]\r\nport = COM3\r\n"
    assert "无需修改" in run("set", "scanner.port", "COM4")[1]
    run("set", "scanner.port", "COM9", "--pc", "PC-9")
    assert Path("vcshim.ini").read_bytes() == (b"[scanner]\r\nport = COM4\r\n\r\n[scanner@PC-9]\r\nport = COM9\r\n")
    run("unset", "scanner.port", "--pc", "pc-9")
    assert run("unset", "scanner.port")[1].splitlines()[1] == "现为 scanner.port = （默认值）"
    assert Path("vcshim.ini").read_bytes() == b"[scanner]\r\n\r\n[scanner@PC-9]\r\n"
    run("set", "log.level", "debug", "--machine")
    assert run("get", "log.level")[1] == "debug\n"


def test_what_is_overruled_is_said(run: Run) -> None:
    ini("[scanner@PC-017]\nport = COM1\n")
    code, _, err = run("set", "scanner.port", "COM3")
    assert (code, err) == (1, "在本机不起作用：动态库旁的 vcshim.ini 第 2 行，[scanner@pc-017] 优先\n")
    told = json.loads(run("set", "scanner.port", "COM3", "--json")[1])
    assert (told["changed"], told["counts"], told["in_force"]["value"]) == (False, False, "COM1")


def test_check_is_that_of_ini(run: Run) -> None:
    ini("[scaner]\n")
    assert run("check")[0] == 1
    assert json.loads(run("check", "vcshim.ini", "--json")[1])["count"] == 1


# ---- the bytes of the file -------------------------------------------------------------------------------------------

SAMPLE = (
    "; 扫码枪\r\n[ Scanner ]  ; 一号窗口\r\n;port =\r\nPORT：COM1  ; 原来的\r\nbaud=9600\r\n[log]\r\nlevel=info\r\n"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
def test_nothing_else_changes_in_any_charset(charset: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(charset, b"")
    present = mark + SAMPLE.encode(charset)
    wanted = mark + SAMPLE.replace("COM1", "COM23").encode(charset)
    assert with_value(present, "scanner", PORT, "COM23") == wanted
    assert with_value(present, "scanner", PORT, None) == mark + SAMPLE.replace("PORT：COM1  ; 原来的\r\n", "").encode(
        charset
    )


@pytest.mark.parametrize(
    ("present", "after"),
    [
        ("", "[scanner]\r\nport = COM3\r\n"),
        ("[log]\nlevel=info", "[log]\nlevel=info\n\n[scanner]\nport = COM3\n"),
        ("[scanner]\n; port = COM1\n;x\n[log]\n", "[scanner]\n; port = COM1\nport = COM3\n;x\n[log]\n"),
        ("[scanner]\ntype=serial\n\n[log]\n", "[scanner]\ntype=serial\nport = COM3\n\n[log]\n"),
        ("[scanner]\nport=1\nport=2\n", "[scanner]\nport=1\nport=COM3\n"),
        ("[scanner]\nport=\n", "[scanner]\nport= COM3\n"),
        ("[scanner]\nport\n", "[scanner]\nport = COM3\n"),
        ("[scanner@PC-1]\nport=1\n", "[scanner@PC-1]\nport=1\n\n[scanner]\nport = COM3\n"),
        ('[scanner]\nport = "COM1" # old\n', "[scanner]\nport = COM3 # old\n"),
        ("[scanner]\n[log]\n[scanner]\nport=1\n", "[scanner]\n[log]\n[scanner]\nport=COM3\n"),
    ],
)
def test_where_a_line_goes(present: str, after: str) -> None:
    assert with_value(present.encode(), "scanner", PORT, "COM3") == after.encode()


def test_a_line_keeps_its_own_charset() -> None:
    """Another program may have appended a line in GBK to a file in UTF-8; the file as a whole is neither."""
    utf_8, gbk = "[scanner]\nport=1 ; 扫码枪\n; 第一个窗口\n".encode(), "[log]\nlevel=info ; 日志\n".encode("gb18030")
    assert with_value(utf_8 + gbk, "scanner", PORT, "2") == utf_8.replace(b"=1", b"=2") + gbk
    level = find_option("log.level")
    assert with_value(utf_8 + gbk, "log", level, "error") == utf_8 + gbk.replace(b"info", b"error")


def test_what_cannot_be_written() -> None:
    assert with_value(b"\0\0\0", "scanner", PORT, "COM3") is None
    hospital = find_option("label.hospital")
    assert with_value(b"", "label", hospital, '"a ; b"') == b'[label]\r\nhospital = "a ; b"\r\n'


def test_a_value_that_no_quotes_hold(run: Run) -> None:
    code, _, err = run("set", "label.hospital", "' ; \" ; '")
    assert (code, err) == (1, "vcshim config: 这个值写进 label.hospital 会被读成别的，没有修改\n")


def test_a_value_with_marks_is_quoted(run: Run) -> None:
    run("set", "label.hospital", "一院 ; 东区")
    assert run("get", "label.hospital")[1] == "一院 ; 东区\n"


def test_a_file_that_cannot_be_replaced_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    present = ini("[log]\nlevel = info\n").read_bytes()

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)  # type: ignore[attr-defined]
    code, _, err = run("set", "log.level", "debug")
    assert (code, "磁盘已满" in err) == (1, True)
    assert Path("vcshim.ini").read_bytes() == present and not Path("vcshim.ini.new").exists()


@pytest.mark.needs("linux")
def test_a_link_stays(run: Run) -> None:
    ini("[log]\nlevel = info\n", "real.ini")
    os.symlink("real.ini", "vcshim.ini")
    os.chmod("real.ini", 0o640)
    run("set", "log.level", "debug")
    assert os.path.islink("vcshim.ini") and b"debug" in Path("real.ini").read_bytes()
    assert os.stat("real.ini").st_mode & 0o777 == 0o640


# ---- message formats of a site's own ---------------------------------------------------------------------------------

OWN = "[dialect 本院]\r\nbase = ehcservice\r\ntail = &key= ; 问过厂商\r\napp_key = 1SECRET\r\n"


def test_a_key_of_a_message_format(run: Run) -> None:
    path = ini(OWN)
    assert run("get", "dialect 本院.tail")[:2] == (0, "&key=\n")
    code, out, err = run("get", "[Dialect 本院] digest")
    assert (code, out) == (0, "MD5\n")
    assert err.startswith("dialect 本院.digest（默认值）：") and "默认 MD5\n" in err
    assert run("get", "dialect 本院.app_key")[1] == f"{MASK}\n"
    code, out, _ = run("set", "dialect 本院.tail", "&secret=")
    assert (code, out.splitlines()[1]) == (
        0,
        "现为 dialect 本院.tail = &secret=（动态库旁的 vcshim.ini 第 3 行）",
    )
    assert path.read_bytes() == OWN.replace("&key=", "&secret=").encode()
    assert run("unset", "dialect 本院.tail")[0] == 0
    assert path.read_bytes() == OWN.replace("tail = &key= ; 问过厂商\r\n", "").encode()


@pytest.mark.parametrize("name", ["dialect 本院.app_key", "tools.key", "bridge.token"])
def test_a_secret_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Other programs can read the words of a command line."""
    path, secret = ini(OWN), "1OTHER-of-16-characters"
    code, out, err = run("set", name, secret)
    assert (code, out) == (1, "") and f"{name} 不能写在命令行上" in err and secret not in err
    assert path.read_bytes() == OWN.encode()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{secret}\n"))
    code, out, err = run("set", name, "-")
    assert code == 0 and MASK in out and secret not in out + err
    assert secret.encode() in path.read_bytes()
    assert run("get", name)[1] == f"{MASK}\n"


def test_a_key_that_no_message_format_has_is_not_shown(run: Run) -> None:
    """It may be a slip for app_key."""
    ini("[dialect 本院]\napp_kye = 1SECRET\n")
    code, out, err = run("list")
    assert code == 0 and "app_kye" in out and "1SECRET" not in out + err


def test_a_message_format_that_is_new(run: Run) -> None:
    assert run("set", "dialect chengdu.digest", "SM3")[0] == 0
    assert run("set", "dialect Chengdu.joiner", ";")[0] == 0
    assert Path("vcshim.ini").read_bytes() == b'[dialect chengdu]\r\ndigest = SM3\r\njoiner = ";"\r\n'
    assert configuration.read(Path()).dialects == {"chengdu": {"digest": "SM3", "joiner": ";"}}
    rows = {row["key"]: row for row in json.loads(run("--json")[1])["settings"]}
    assert (rows["joiner"]["value"], rows["joiner"]["default"]) == (";", "&")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["get", "dialect 本完.tail"], "没有 dialect 本完.tail 这个设置项，最接近的是 dialect 本院.tail"),
        (["unset", "dialect other.tail"], "没有 dialect other.tail 这个设置项"),
        (["set", "dialect 本院.digset", "md5"], "没有 dialect 本院.digset 这个设置项，最接近的是 dialect 本院.digest"),
        (["set", "dialect 本院.xyzzy", "md5"], "没有 dialect 本院.xyzzy 这个设置项"),
        (
            ["set", "dialect 本院.sort", "asci"],
            "dialect 本院.sort 应为：ascii、ignore-case、fixed、descending、kept，最接近的是 ascii",
        ),
        (
            ["set", "dialect 本院.tail", "x", "--pc", "A"],
            "报文格式对所有电脑相同，不能用 --pc；可在 [wire] 中为某台电脑选择另一种",
        ),
        (
            ["set", "dialect sister.tail", "x"],
            "vcshim.ini 中 [dialect sister] 的名称与预置的报文格式相同，请换一个名称，再重新启动医院程序",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_slips_in_a_message_format(run: Run, words: list[str], said: str) -> None:
    present = ini(OWN).read_bytes()
    assert run(*words)[::2] == (1, f"vcshim config: {said}\n")
    assert Path("vcshim.ini").read_bytes() == present


def test_what_a_message_format_lacks_as_a_whole_is_said(run: Run) -> None:
    """Each value may stand there; the next one may heal it, so that it is written."""
    code, _, err = run("set", "dialect 本院.sort", "fixed")
    assert code == 1 and err.startswith("已经写入，但这种报文格式现在不能用：") and "sort = fixed" in err
    told = json.loads(run("set", "dialect 本院.sort", "fixed", "--json")[1])
    assert (told["counts"], "sort = fixed" in told["fault"]) == (True, True)
    assert run("check")[0] == 1
    assert run("set", "dialect 本院.fields", "app_id, method")[0] == 0


def test_what_several_lines_lack_together_is_counted(run: Run) -> None:
    ini("[wire]\ndialect = nowhere\n[log]\nlevel = loud\n")
    assert run()[2] == "设置有 2 处问题，vcshim config check 逐条说明\n"
    problems = json.loads(run("--json")[1])["problems"]
    assert ["level" in problems[0], "nowhere" in problems[1], len(problems)] == [True, True, 2]


def test_a_line_that_is_there_twice_is_said(run: Run) -> None:
    ini("[dialect 本院]\ntail = a\ntail = b\n")
    code, _, err = run("set", "dialect 本院.tail", "c")
    assert code == 1 and "不能用" in err and "tail" in err


def test_a_semicolon_may_be_the_value(run: Run) -> None:
    path = ini("[dialect 本院]\njoiner = ;\n")
    assert run("get", "dialect 本院.joiner")[1] == ";\n"
    run("set", "dialect 本院.joiner", "|")
    assert path.read_bytes() == "[dialect 本院]\njoiner = |\n".encode()
