"""[messages] audience through the built libraries: one sentence for the clerk, or that and the engineer's line.

Also where Python is not there, and C says both by itself (native/settings.c, native/failure.c).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shim.messages.start import file_name
from shim.simulator.server import Simulator
from shim.workstation import workstation_name
from tests.support.calls import QUERY, VERIFY, query_line, verify_line
from tests.support.clients import Kind, Reply, Rig, trans_line
from tests.support.logs import start_note
from tests.support.product import Product, install

# A C program, and one in Pascal that reads OutData as Delphi does.
KINDS = ("linux-c", "win32-delphi")
MISSING = "医院程序传来的数据有误（缺少接口名称 method），本次没有提交。请联系信息科（1004）。"
ENGINEER = "InData 缺少 method（接口名称，VC 4.1.1）；收到未知字段 metod，可能是它的误写，请核对"
NO_DATA = "医院程序传来的数据有误（缺少接口请求参数 data），本次没有提交。请联系信息科（-2）。"


def without(case: dict[str, Any], name: str, **others: object) -> bytes:
    """InData of a case without one of its fields."""
    data = {key: value for key, value in json.loads(case["in"]).items() if key != name}
    return json.dumps(data | others, ensure_ascii=False).encode("gb18030")


def text_of(reply: Reply) -> str:
    text = (reply.out or b"").decode("gb18030")
    return str(json.loads(text)["message"]) if text.startswith("{") else text


def product_for(kind: Kind, folder: Path, audience: str) -> Product:
    return install(kind, folder).ini(f"[log]\nlevel = info\n[Messages]\naudience = {audience}\n" if audience else "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("audience", ["", "clerk", "developer"])
def test_a_fault_in_the_data(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, audience: str) -> None:
    """The field and the code are in either; the log line is the same."""
    product = product_for(kind, tmp_path / "his", audience)
    verify, query = product.run(
        rig,
        [
            trans_line("v", without(VERIFY, "method", metod="x"), url=simulator.gateway),
            trans_line("q", without(QUERY, "data"), url=simulator.qr_query, export="NationEcTrans"),
        ],
    )
    assert (verify.returned, query.returned) == (b"1004", b"-2")
    assert [reply.broken for reply in (verify, query)] == [{}, {}]
    both = audience == "developer"
    assert text_of(verify) == MISSING + (f"详情：{ENGINEER}" if both else "")
    assert (
        text_of(query) == NO_DATA + "详情：InData 缺少 data（接口请求参数，EC B.1）：业务参数应放在 data 对象中" * both
    )
    assert ENGINEER in product.log_text()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("audience", ["clerk", "developer"])
def test_without_the_core(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, audience: str) -> None:
    """The path and the system's error are never lost: in OutData for developers, and always in a file."""
    product = product_for(kind, tmp_path / "医院", audience)
    shutil.rmtree(product.runtime)
    verify, query = product.run(rig, [verify_line("v", simulator), query_line("q", simulator)])
    linux = kind.startswith("linux")
    error = 2 if linux else 126  # ENOENT, ERROR_MOD_NOT_FOUND
    shown = str(product.core) if linux else "Z:" + str(product.core).replace("/", "\\")
    clerk = f"扫码组件不能启动（代号 L{error}），本次没有提交。请联系信息科"
    engineer = f"无法加载 {shown} 或它依赖的文件（系统错误 {error}），请换回完整的 vcshim 文件夹"
    more = f"详情：{engineer}" if audience == "developer" else ""
    assert (text_of(verify), text_of(query)) == (f"{clerk}（8009）。{more}", f"{clerk}（-1）。{more}")
    note = start_note(product.folder).read_bytes()
    assert note == f"\ufeff{engineer}\r\n".encode()


@pytest.mark.parametrize("kind", ["linux-c"])
def test_a_link_in_its_place_is_not_followed(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The call goes on without the file."""
    product = product_for(kind, tmp_path / "his", "clerk")
    shutil.rmtree(product.runtime)
    (product.folder / file_name(workstation_name())).symlink_to(tmp_path / "elsewhere.txt")
    (verify,) = product.run(rig, [verify_line("v", simulator)])
    assert text_of(verify).startswith("扫码组件不能启动（代号 L2）")
    assert not (tmp_path / "elsewhere.txt").exists()
