"""vcshim as it ships: every kind of standard handle, its own folder, files of a Chinese Windows, both languages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from buildlib.compile import version
from tests.support import lost_ends
from tests.support.clients import Kind, Rig
from tests.support.product import Product, install

KIND: Kind = "win32-c"
SECRET = "1TESTSEC0000000000000000TESTSEC0"
# A request in PLAIN; 𬱖 is not in GBK.
REQUEST = (
    '{"app_id":"A","biz_content":{"operator_name":"测试𬱖"},"enc_type":"PLAIN","method":"ehc.ehealthcode.verify",'
    '"sign_type":"MD5","term_id":"1","timestamp":"20200608120000","version":"X.M.0.1"}'
)


@pytest.fixture(scope="module")
def his(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return install(KIND, tmp_path_factory.mktemp("product") / "医院 HIS")


def run(
    rig: Rig, his: Product, *words: str, redirected: str = "</dev/null", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The program without a terminal; `redirected` is what sh does with its streams. Again if Wine has killed it."""
    program = his.runtime / "vcshim.exe"
    while True:
        done = subprocess.run(
            ["sh", "-c", f'"$@" {redirected}', "sh", "wine", str(program), *words], cwd=cwd or his.folder,
            env=rig.wine(KIND).env, capture_output=True, timeout=120, check=False, start_new_session=True,
        )  # fmt: skip
        signal_number = done.returncode - 128  # as sh tells it
        if signal_number < 0 or not lost_ends.is_excused(KIND, -signal_number, "exiting"):
            return done


VERSION = f"vcshim {version()}\r\n".encode()


@pytest.mark.parametrize("redirected", ["</dev/null", "<&-", "<&- 2>&-", "2>&-", "<vcshim.ini.sample"])
def test_output_arrives_whatever_the_other_handles_are(rig: Rig, his: Product, redirected: str) -> None:
    done = run(rig, his, "--version", redirected=redirected)
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSION, b"")


@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
def test_handles_that_cpython_refuses(rig: Rig, his: Product, tmp_path: Path, stdin: str) -> None:
    """A file of Unix's is one under Wine. What is written arrives, each line ended once."""
    out, err = tmp_path / "out", tmp_path / "err"
    done = run(rig, his, "--version", redirected=f"{stdin} >{out} 2>{err}")
    assert (done.returncode, out.read_bytes(), err.read_bytes()) == (0, VERSION, b"")
    done = run(rig, his, "--lang", "en", "simulater", redirected=f"{stdin} >{out} 2>{err}")
    assert (done.returncode, out.read_bytes()) == (2, b"")
    assert b"unknown command: simulater (did you mean simulator?)\r\n" in err.read_bytes()


def test_a_closed_stdout_is_a_failure(rig: Rig, his: Product) -> None:
    done = run(rig, his, "--lang", "en", "spec", "3002", redirected="</dev/null >&-")
    assert done.returncode == 74 and b"standard output" in done.stderr and b"Fatal" not in done.stderr


def test_a_full_disk_is_a_failure(rig: Rig, his: Product) -> None:
    done = run(rig, his, "spec", "3002", redirected="</dev/null >/dev/full")
    assert done.returncode == 74 and b"Traceback" not in done.stderr


def test_a_reader_that_has_enough(rig: Rig, his: Product) -> None:
    done = run(rig, his, "reference", redirected="</dev/null | head -c 4")
    assert (done.stdout, done.stderr) == (b"<!--", b"")


def on_a_chinese_console(rig: Rig, program: Path, *words: str, to: Path) -> bytes:
    """What a program writes, into a file, with code page 936 as that of its console. Wine makes one of a terminal."""
    master, slave = os.openpty()
    started = subprocess.Popen(
        ["sh", "-c", f'"$@" >{to} 2>&1', "sh", "wine", str(rig.program("launch.exe")), "chinese", str(program), *words],
        env={**rig.wine(KIND).env, "TERM": "xterm"}, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    with suppress(OSError):  # the end of a terminal is an error
        while os.read(master, 4096):
            pass
    os.close(master)
    started.wait(120)
    return to.read_bytes()


def test_files_and_pipes_have_the_code_page_of_a_chinese_console(rig: Rig, his: Product, tmp_path: Path) -> None:
    """As more, findstr and PowerShell 5 read it; data that GBK cannot hold are GB18030, JSON is ASCII."""
    program, to = his.runtime / "vcshim.exe", tmp_path / "out"
    assert "流水号重复".encode("gbk") in on_a_chinese_console(rig, program, "spec", "3002", to=to)
    (his.folder / "request.json").write_bytes(REQUEST.encode())
    (his.folder / "key.txt").write_text(SECRET)
    words = ("sign", f"Z:{his.folder}/request.json", "--key-file", f"Z:{his.folder}/key.txt")
    assert "测试𬱖".encode("gb18030") in on_a_chinese_console(rig, program, *words, to=to)
    found = on_a_chinese_console(rig, program, "spec", "3002", "--json", to=to)
    assert found.isascii() and "流水号重复" in str(json.loads(found))
    alone = tmp_path / "医院" / "vcshim.exe"
    alone.parent.mkdir()
    shutil.copy(program, alone)
    assert "医院".encode("gbk") in on_a_chinese_console(rig, alone, "spec", "3002", to=to)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_request_in_every_charset(rig: Rig, his: Product, tmp_path: Path, charset: str) -> None:
    (tmp_path / "请求.json").write_bytes(REQUEST.encode(charset))
    (tmp_path / "key.txt").write_bytes(SECRET.encode(charset))
    out = tmp_path / "out.json"
    words = ("sign", "请求.json", "--key-file", "key.txt")
    done = run(rig, his, *words, redirected=f"</dev/null >{out}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert '{\\"operator_name\\":\\"测试𬱖\\"}'.encode() in out.read_bytes()
    piped = run(rig, his, "sign", "--key-file", "key.txt", redirected="<请求.json", cwd=tmp_path)
    assert piped.stdout == out.read_bytes()


@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
def test_nobody_to_ask_for_the_key(rig: Rig, his: Product, tmp_path: Path, stdin: str) -> None:
    (tmp_path / "in.json").write_text(REQUEST, "utf-8")
    done = run(rig, his, "--lang", "en", "sign", "in.json", redirected=stdin, cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.startswith(b"vcshim sign: no application key: ")


@pytest.mark.parametrize("place", ["vcshim", ".", "elsewhere"])
def test_the_ini_of_the_dlls_is_read(rig: Rig, tmp_path: Path, place: str) -> None:
    """In the folder of the program, in that of the DLLs, and anywhere else."""
    his = install(KIND, tmp_path / "his").ini("[label]\ntype = file\nfile = x.prn\n")
    cwd = tmp_path if place == "elsewhere" else his.folder / place
    done = run(rig, his, "--lang", "zh", "label", "--status", cwd=cwd)
    assert done.returncode == 0 and "不能查询" in done.stdout.decode()
    assert done.stderr.decode().startswith("设置文件：Z:") and done.stderr.endswith(b"\\his\\vcshim.ini\r\n")


def test_an_installation_has_no_server(rig: Rig, his: Product) -> None:
    done = run(rig, his, "simulator", "--lang", "en")
    said = done.stderr.decode()
    assert done.returncode == 1 and "is not in this installation" in said
    assert not [name for name in ("_overlapped", "tornado", "asyncio", "install virtualcard-shim") if name in said]


@pytest.mark.parametrize(
    ("language", "cause"),
    [
        ("zh", "标签打印机 127.0.0.1:9：该地址的设备拒绝连接"),
        ("en", "label printer 127.0.0.1:9: the connection is refused (system error 10061)"),
    ],
)
def test_a_refused_connection(rig: Rig, his: Product, language: str, cause: str) -> None:
    done = run(rig, his, "label", "--status", "--type", "tcp", "--address", "127.0.0.1:9", "--lang", language)
    assert done.returncode == 1 and cause in done.stdout.decode()


# ---- languages -------------------------------------------------------------------------------------------------------

# Each command and a word of its output in Chinese and in English.
SAID = {
    ("scan",): ("失败：本机没有设置扫码枪，", "Failed: no scanner is set up on this PC: "),
    ("kept", "none"): ("没有名为 none 的应答", "there is no answer named none"),
    ("spec", "--help"): ("用法：vcshim spec", "usage: vcshim spec"),
    ("sign", "nowhere"): ("nowhere 不存在", "nowhere does not exist"),
    ("xyz",): ("没有 xyz 这个命令", "unknown command: xyz"),
}


@pytest.mark.parametrize(("index", "language"), [(0, "zh"), (1, "en")], ids=("zh", "en"))
@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_both_languages(rig: Rig, his: Product, words: tuple[str, ...], index: int, language: str) -> None:
    done = run(rig, his, *words, "--lang", language)
    text = (done.stdout + done.stderr).decode()
    assert SAID[words][index] in text and SAID[words][1 - index] not in text


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vcshim of Linux as it ships."""
    return install("linux-c", tmp_path_factory.mktemp("linux")).runtime / "vcshim"


def run_here(program: Path, *words: str, **variables: str) -> str:
    """What the program of Linux writes, in UTF-8 whatever the locale; its environment holds `variables` only."""
    done = subprocess.run([str(program), *words], env=variables, capture_output=True, timeout=120, check=False)
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(("index", "language"), [(0, "zh"), (1, "en")], ids=("zh", "en"))
@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_both_languages_on_linux(program: Path, words: tuple[str, ...], index: int, language: str) -> None:
    text = run_here(program, *words, "--lang", language)
    assert SAID[words][index] in text and SAID[words][1 - index] not in text


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "用法："),
        ({"LC_ALL": "zh_CN.GBK", "LANG": "C"}, "用法："),
        ({"LC_MESSAGES": "zh_CN.UTF-8"}, "用法："),
        ({"LANG": "zh_CN.UTF-8"}, "用法："),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "usage: "),
        ({}, "usage: "),
    ],
)
def test_the_locale_reaches_the_program(program: Path, variables: dict[str, str], expected: str) -> None:
    """Though the environment of a host is hidden from the runtime (shim/environment.py)."""
    assert run_here(program, "kept", "--help", **variables).startswith(expected)


def test_a_pipe_takes_chinese_whatever_the_locale(program: Path) -> None:
    """GBK and ASCII: nothing is raised, and nothing of an answer is lost."""
    for locale in ("zh_CN.GBK", "C", "POSIX", "en_US.ISO-8859-1"):
        assert "流水号重复" in run_here(program, "spec", "3002", LC_ALL=locale)
        assert "用法：" in run_here(program, "label", "--help", "--lang", "zh", LC_ALL=locale)
