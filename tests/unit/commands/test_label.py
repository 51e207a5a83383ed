"""`vcshim label`: the preview, the bytes, a test label, the printer's status."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from shim.cli import main
from tests.support.label_parsers import PARSERS, codes
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO, Sink

pytestmark = pytest.mark.needs("font")

ASKED = b"\x1b!?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vcshim.ini").write_text(f"[label]\nfonts = {NOTO}\n", "utf-8")
    return tmp_path


def label(capsys: pytest.CaptureFixture[str], folder: Path, *words: object) -> tuple[int, str]:
    code = main(["label", "--folder", str(folder), *map(str, words)])
    return code, capsys.readouterr().out


def test_preview(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Invented data by default; words and the ini say what else. No printer is needed."""
    code, text = label(capsys, folder, "--png", folder / "a.png")
    assert code == 0 and "400 x 240 点" in text
    with Image.open(folder / "a.png") as image:
        assert image.size == (400, 240)
        assert codes(image.convert("L")) == {FUSED}
    for size in ("60x40", "60×40", "60*40"):
        label(capsys, folder, "--png", folder / "c.png", "--size", size)
        with Image.open(folder / "c.png") as image:
            assert image.size == (480, 320)
    label(capsys, folder, "--png", folder / "b.png", "--ehealthid", "TEST:0", "--dpi", 300, "--width-mm", 60)
    with Image.open(folder / "b.png") as image:
        assert image.size == (709, 354)
        assert codes(image.convert("L")) == {"TEST:0"}


@pytest.mark.parametrize("language", PARSERS)
def test_bytes(folder: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    words = "--bytes", folder / "label.prn", "--language", language, "--name", NAME, "--card-no", CARD_NO
    code, _ = label(capsys, folder, *words)
    assert code == 0
    label(capsys, folder, "--png", folder / "label.png", "--name", NAME, "--card-no", CARD_NO)
    with Image.open(io.BytesIO((folder / "label.png").read_bytes())) as image:
        grey = image.convert("L")
        rows = ["".join("#" if grey.getpixel((x, y)) == 0 else "." for x in range(400)) for y in range(240)]
    assert PARSERS[language]((folder / "label.prn").read_bytes()).rows == rows


def test_print_and_status(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Sink(ASKED, b"\0") as sink:
        to = "--type", "tcp", "--address", sink.address
        assert label(capsys, folder, "--print", *to) == (0, "打印机已接收标签\n")
        assert codes(PARSERS["tspl"](sink.job()).image()) == {FUSED}
        assert label(capsys, folder, "--status", *to) == (0, "打印机正常\n")
        assert len(sink.jobs) == 1
    with Sink(ASKED, b"\x01") as sink:
        to = "--type", "tcp", "--address", sink.address
        code, text = label(capsys, folder, "--status", *to)
        assert code == 1 and "标签打印机的盖子没有合上" in text
        code, text = label(capsys, folder, "--print", *to)
        assert code == 1 and "标签打印机" in text and "的盖子没有合上" in text and sink.jobs == []
    with Sink(ASKED) as sink:
        code, text = label(capsys, folder, "--status", "--type", "tcp", "--address", sink.address)
        assert code == 0 and "没有应答" in text
    code, text = label(capsys, folder, "--status", "--type", "file", "--file", "x.prn")
    assert code == 0 and "不能查询" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--print",), "失败：本机没有设置标签打印机，请在 vcshim.ini 的 [label] 设置 type，或在命令行写 --type\n"),
        (("--status",), "失败：本机没有设置标签打印机，"),
        (("--print", "--type", "tcp"), "还须写 address"),
        (("--print", "--type", "tcp", "--address", "127.0.0.1:9"), "127.0.0.1:9：该地址的设备拒绝连接"),
        (("--png", "x.png", "--width-mm", "wide"), "width_mm 应为毫米数"),
        (("--png", "x.png", "--width-mm", "5"), "放不进 5 x 30 毫米的标签"),
        (("--png", "x.png", "--size", "60"), "失败：60 不是标签的宽和高（毫米），例如 50x30\n"),
        (("--png", "x.png", "--name", "བསྟན"), "失败：标签上有藏文"),
        (("--png", "x.png", "--name", "王\ue000"), "U+E000"),
        (("--png", "no/such/folder/x.png"), "失败：no/such/folder/x.png 所在的文件夹不存在\n"),
        (("--bytes", "."), "失败：. 是文件夹，不是文件\n"),
    ],
)
def test_failures(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    message: str,
) -> None:
    """The command says why, ends with 1 and writes no file."""
    monkeypatch.chdir(folder)
    code, text = label(capsys, folder, *words)
    assert code == 1 and message in text
    assert "vcshim label" not in text  # which is what was typed
    assert [path.name for path in folder.iterdir()] == ["vcshim.ini"]


def test_a_word_that_is_not_allowed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["label", "--folder", str(folder), "--status", "--dpi", "many"])
    assert ended.value.code == 2
    assert "100 到 1200" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["--print", "--status"])
def test_english_quotes_no_chinese(folder: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    words = ["--lang", "en", "label", "--folder", str(folder), word, "--type", "tcp", "--address"]
    assert main([*words, "127.0.0.1:9"]) == 1
    assert capsys.readouterr().out == (
        "Failed: label printer 127.0.0.1:9: the connection is refused (system error 111)\n"
        "  see whether the device is on, check the port of address in [label]; a device that takes one connection may "
        "be connected to another PC\n"
    )
    with Sink(ASKED, b"\x01") as sink:
        assert main([*words, sink.address]) == 1
        out = capsys.readouterr().out
    assert out == f"Failed: label printer {sink.address} has its cover open\n  close the cover\n"


def test_what_must_be_corrected_in_the_settings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "label", "--folder", str(folder), "--print", "--type", "tcp"]) == 1
    assert capsys.readouterr().out.startswith(
        "Failed: [label] of vcshim.ini cannot be used: type = tcp needs an address"
    )
