"""`vcshim screen`: a picture in a file, a tour on a display, and what is wrong in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from shim import cli


@pytest.mark.parametrize(("state", "codes"), [("waiting", 1), ("refused", 1), ("succeeded", 0), ("registered", 1)])
def test_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str], state: str, codes: int) -> None:
    (tmp_path / "vcshim.ini").write_text("[screen]\nheading = 第一医院\n", "utf-8")
    file = tmp_path / "out.png"
    words = ["screen", "--folder", str(tmp_path), "--png", str(file), "--state", state, "--size", "800x480"]
    assert cli.main(words) == 0
    assert "已写入" in capsys.readouterr().out
    with Image.open(file) as picture:
        assert picture.size == (800, 480)
        assert len(zxingcpp.read_barcodes(picture)) == codes


def test_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["screen", "--folder", str(tmp_path), "--png", str(tmp_path / "no" / "out.png")]) == 1
    assert "不能写" in capsys.readouterr().out


@pytest.mark.needs("linux")
def test_a_tour_on_a_serial_display(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import tty

    end, held = os.openpty()
    tty.setraw(held)
    ini = f"[screen]\ntype = serial\nport = {os.ttyname(held)}\nprotocol = nextion\n"
    (tmp_path / "vcshim.ini").write_text(ini)
    assert cli.main(["screen", "--folder", str(tmp_path), "--seconds", "0.6"]) == 0
    sent = os.read(end, 65536)
    assert sent.startswith(b'qr0.txt="https://example.invalid/auth/') and sent.endswith(b'qr0.txt=""\xff\xff\xff')
    assert b"8BF77B9B0688AA6E" in sent
    assert "授权成功" in capsys.readouterr().out
    os.close(held)
    os.close(end)


@pytest.mark.parametrize("ini", ["type = none", "type = serial"])
def test_what_is_not_set_up(tmp_path: Path, capsys: pytest.CaptureFixture[str], ini: str) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[screen]\n{ini}\n")
    assert cli.main(["screen", "--folder", str(tmp_path)]) == 1
    assert "[screen]" in capsys.readouterr().out


@pytest.mark.parametrize("size", ["1024", "0x1", "axb", "99999x1"])
def test_a_size_that_is_none(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["screen", "--png", "x.png", "--size", size])
    assert "1024x600" in capsys.readouterr().err
