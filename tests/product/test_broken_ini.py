"""The real libraries with a vcshim.ini that cannot be read, or that could weaken what the site asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import VERIFY, query_line, verify_line
from tests.support.clients import Kind, Rig
from tests.support.product import Product, install
from tests.support.startagain import run_steps

CONTENTS = {
    "UTF-16 without a mark": (
        "[wire]\r\nverify = strict\r\n".encode("utf-16-le"),
        "vcshim.ini 是不带标记的 UTF-16",
    ),
    "NULs": (bytes(4096), "vcshim.ini 的内容已损坏"),
    "100 MB": (None, "vcshim.ini 超过 1 MB"),
    "stict": (
        b"\xef\xbb\xbf[wire]\rverify = stict ; x\r",
        "vcshim.ini 第 2 行 [wire] verify = stict：应为 off、warn、strict 之一",
    ),
}


def put(product: Product, content: bytes | None) -> None:
    """Replace vcshim.ini; None: 100 MB without a NUL in its first page."""
    path = product.folder / "vcshim.ini"
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)
        return
    with path.open("wb") as file:
        file.write(b"[wire]\nverify = strict\n".ljust(4096, b"\n"))
        file.truncate(100 * 1024 * 1024)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
@pytest.mark.parametrize("name", CONTENTS)
def test_every_export_refuses(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, name: str) -> None:
    content, why = CONTENTS[name]
    product = install(kind, tmp_path / "his")
    put(product, content)
    seen = simulator.seen
    lines = [
        verify_line("v", simulator),
        query_line("q", simulator),
        "call m Set_QRflow_Mode 1",
        "call l EhealthID_Print 31 32 33",
        "call s SetEcQrcode 256",
    ]
    verify, query, mode, label, fill = replies = product.run(rig, lines)
    assert (verify.returned, query.returned) == (b"8006", b"-1")
    assert (mode.number, label.number, fill.number) == (8006, 8006, 8006)
    assert [reply.broken for reply in replies] == [{}] * 5
    texts = [(verify.out or b"").decode("gb18030"), (fill.out or b"").decode("gb18030")]
    texts.append(json.loads((query.out or b"").decode("gb18030"))["message"])
    clerk = "本机设置有误" if name == "stict" else "本机的设置文件无法读取"
    assert texts == [
        f"{clerk}，本次没有提交。请联系信息科（8006）。",
        f"{clerk}，医保码没有填入。请联系信息科（8006）。",
        f"{clerk}，本次没有提交。请联系信息科（-1）。",
    ]
    assert why in product.log_text()
    assert simulator.seen == seen


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_without_the_core(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """C has the default settings then, and says what is worse: that the core is missing."""
    product = install(kind, tmp_path / "his")
    shutil.rmtree(product.runtime)
    put(product, bytes(64))
    (verify,) = product.run(rig, [verify_line("v", simulator)])
    mark = "L2" if kind == "linux-c" else "L126"  # ENOENT, ERROR_MOD_NOT_FOUND
    text = f"扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科（8009）。"
    assert (verify.returned, (verify.out or b"").decode("gb18030")) == (b"8009", text)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_c_and_python_read_it_again(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """A folder of that name is taken away in the middle: the file beside it then counts, its out_capacity in C, too."""
    product = install(kind, tmp_path / "his")
    ini, good, away = (product.folder / name for name in ("vcshim.ini", "good.ini", "away"))
    ini.mkdir()
    good.write_bytes("[abi]\nout_capacity = 256 ; 字节\n[screen]\ntype = none\n".encode("utf-16"))
    moves: list[str | Path] = ["move", ini, away, "move", good, ini]
    refused, too_small = run_steps(rig, product, "call", *moves, "call")
    assert refused[0] == "8006" and "设置文件无法读取" in refused[1]
    assert too_small[0] == "9008" and "OutData 只能放 255 字节" in product.log_text()
    assert len(VERIFY["out"].encode("gb18030")) > 255
