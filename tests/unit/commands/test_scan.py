"""`vcshim scan`: what it shows, what it guesses, and the setup command."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.cli import main
from tests.support.chinese import CHINESE
from tests.support.scanners import INSURANCE, ROWS, simulated


@pytest.fixture(autouse=True)
def own_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def scan(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["scan", *words])
    return code, capsys.readouterr().out


def test_live_view(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with simulated() as port:
        code, text = scan(capsys, "--folder", str(tmp_path), "--type", "serial", "--port", port.path, "--times", "2")
    assert code == 0
    for words in ("已打开", "清空输入", "发出", "23 53 43 4E 54 52 47 31", "23 53 43 4E 54 52 47 30", "已关闭"):
        assert words in text
    assert text.count("读到 28 个字符：医保电子凭证 4***\n") == 2
    assert INSURANCE not in text


def test_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = file\nfile = c.txt\n")
    (tmp_path / "c.txt").write_text(INSURANCE)
    code, text = scan(capsys, "--folder", str(tmp_path), "--show")
    assert code == 0 and INSURANCE in text


def test_guesses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No settings, no port, a busy port, nothing received, garbage, a wrong terminator."""
    folder = "--folder", str(tmp_path)
    code, text = scan(capsys, *folder)
    assert code == 1 and "失败：本机没有设置扫码枪，请在 vcshim.ini 的 [scanner] 设置 type，或在命令行写 --type" in text
    assert "请扫码" not in text and "vcshim scan" not in text
    code, text = scan(capsys, *folder, "--type", "serial")
    assert code == 1 and "失败：请改正 vcshim.ini 的 [scanner]：type = serial 还须写 port" in text
    assert "请扫码" not in text and "调用" not in text
    code, text = scan(capsys, *folder, "--type", "tcp", "--address", "127.0.0.1:9")
    assert code == 1 and "失败：扫码枪 127.0.0.1:9：该地址的设备拒绝连接" in text
    code, text = scan(capsys, *folder, "--type", "serial", "--port", "/dev/ttyACM77")
    assert code == 1 and "/dev/ttyACM77：本机没有这个串口" in text and "设备管理器" in text
    serial = *folder, "--type", "serial", "--timeout-seconds", "1", "--port"
    with simulated(code=b"") as port:
        code, text = scan(capsys, *serial, port.path)
        assert code == 1 and "没有扫到码" in text and "工作正常" in text
        code, text = scan(capsys, *serial, port.path, "--make", "honeywell")
        assert code == 1 and "没有收到任何数据" in text and "灯是否亮起" in text
    with simulated(code=b"\xf8\x00\xff\x1f\xe3\xff\x80\xff") as port:
        code, text = scan(capsys, *serial, port.path)
        assert code == 1 and "波特率" in text and "非 ASCII" in text
    with simulated() as port:
        code, text = scan(capsys, *serial, port.path, "--terminator", "lf")
        assert code == 1 and "结束符" in text and "28 数字，CR" in text


def test_setup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The bytes that change a scanner for good are sent only when asked for."""
    with simulated("mindeo") as port:
        words = "--folder", str(tmp_path), "--type", "serial", "--port", port.path, "--make", "mindeo"
        assert scan(capsys, *words)[0] == 0
        assert ROWS["mindeo"]["setup"] not in port.scanner.received
        assert scan(capsys, *words, "--setup")[0] == 0
        assert port.scanner.received.count(ROWS["mindeo"]["setup"]) == 1
        code, text = scan(capsys, *words[:-1], "newland", "--setup", "--timeout-seconds", "1")
        assert code == 1 and "没有需要先发的设置指令" in text
    assert scan(capsys, *words, "--setup")[0] == 1


@pytest.mark.parametrize("words", [(), ("--type", "serial"), ("--type", "tcp", "--address", "nowhere")])
def test_setup_of_what_is_not_set_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, text = scan(capsys, "--folder", str(tmp_path), "--make", "mindeo", "--setup", *words)
    assert code == 1 and "失败：请改正 vcshim.ini 的 [scanner]：" in text


def test_a_word_that_cannot_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scan", "--folder", str(tmp_path), "--baud", "fast"])
    assert ended.value.code == 2
    assert "300 到 4000000" in capsys.readouterr().err


def test_english_quotes_no_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the doctor says of such a line; the live view above it is the log's."""
    words = "--type", "tcp", "--address", "127.0.0.1:9"
    assert main(["--lang", "en", "scan", "--folder", str(tmp_path), *words]) == 1
    assert capsys.readouterr().out.endswith(
        "Failed: scanner 127.0.0.1:9: the connection is refused (system error 111)\n"
        "  see whether the device is on, check the port of address in [scanner]; a device that takes one connection "
        "may be connected to another PC\n"
    )


def test_a_scan_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each step of the line, what came that is no code, and why none was read."""
    ini = tmp_path / "vcshim.ini"
    ini.write_text("[scanner]\ntimeout_seconds = 2\n")
    with simulated(code=b"990000195203030026\r") as port:
        words = "--type", "serial", "--port", port.path, "--make", "newland"
        assert main(["--lang", "en", "scan", "--folder", str(tmp_path), *words]) == 1
        out, title = capsys.readouterr().out, f"scanner {port.path}"
    assert CHINESE.search(out) is None, out
    for step in ("opened", "input emptied", "sends  data=", "received  data=", "closed"):
        assert f"{title} {step}" in out
    assert "discarded  device=" in out and "problem=18 digits, and an insurance code has 28" in out
    assert f"Failed: {title}: " in out and "none an insurance code or a health code" in out
