"""The scanner through the real libraries: a pseudo terminal as the port, under Wine as COM3.

The simulated scanner gives the code when it is triggered; what the calls answer are the literals of the contract.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shim.devices.scanner.simulated import SimulatedPort
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_without_code, without_code
from tests.support.clients import Kind, Reply, Rig, trans_line
from tests.support.product import Product, install
from tests.support.scanners import FUSED, INSURANCE, MAKES, Background, simulated

CLIENTS: tuple[Kind, ...] = ("linux-c", "win32-c")


@contextmanager
def scanner_at(
    rig: Rig, folder: Path, kind: Kind, make: str = "newland", code: bytes = b"", on_light: Any = None
) -> Iterator[tuple[SimulatedPort, str]]:
    """A simulated scanner, and the name of its port for the product."""
    if kind.startswith("win"):
        link, name = rig.wine(kind).prefix / "dosdevices" / "com3", "COM3"
    else:
        link = folder / "ttyACM0"
        name = str(link)
    with simulated(make, code, link=str(link), on_light=on_light) as port:
        yield port, name


def his(kind: Kind, folder: Path, port: str, **more: object) -> Product:
    settings = {"type": "serial", "port": port, "timeout_seconds": 20} | more
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    return install(kind, folder / "his").ini(f"[scanner]\n{lines}")


def verify(simulator: Simulator, name: str = "v", wish: str = "") -> str:
    in_data = without_code(VERIFY["in"], "biz_content", "ehealth_code")
    return trans_line(name, in_data, url=simulator.gateway + wish)


def another_call(simulator: Simulator) -> str:
    """A call that lasts a second. After a code the light goes out in the background, if the program is still there."""
    return trans_line("slow", VERIFY["in"].encode("gb18030"), url=simulator.gateway + "?sim=delay:1000")


def message(reply: Reply) -> str:
    text = (reply.out or b"").decode("gb18030")
    return str(json.loads(text)["message"]) if text.startswith("{") else text


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("kind", [*CLIENTS, "win32-gui", "win32-delphi"])
def test_verify_wakes_the_scanner(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    code = json.loads(VERIFY["in"])["biz_content"]["ehealth_code"].encode()
    with scanner_at(rig, tmp_path, kind, code=code + b"\r\n") as (port, name):
        reply, _ = his(kind, tmp_path, name).run(rig, [verify(simulator), another_call(simulator)])
        assert (reply.returned, reply.out) == (b"00", VERIFY["out"].encode("gb18030"))
        assert reply.broken == {}
        assert port.scanner.lit == 1
        until(lambda: not port.scanner.light)


@pytest.mark.parametrize("kind", CLIENTS)
def test_ec_query_and_the_qrcode_types_wake_it_too(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    code = json.loads(QUERY["in"])["data"]["ecQrCode"]
    with scanner_at(rig, tmp_path, kind, code=code.encode() + b"\r") as (port, name):
        lines = [
            query_without_code(simulator),
            query_without_code(simulator, "a", "cn.nhsa.qrcode.get"),
            query_without_code(simulator, "b", "iot.gain.ec.qrcode"),
        ]
        product = his(kind, tmp_path, name)
        replies = product.run(rig, lines)
        assert [reply.returned for reply in replies] == [b"0000"] * 3
        assert replies[0].out == QUERY["out"].encode("gb18030")
        assert [json.loads(call.request)["data"]["ecQrCode"] for call in list(simulator.calls)[-3:]] == [code] * 3
        assert port.scanner.lit == 3
        assert code not in product.log_text() and code[:12] not in product.log_text()


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("make", MAKES)
def test_every_make(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, make: str) -> None:
    code = json.loads(QUERY["in"])["data"]["ecQrCode"]
    with scanner_at(rig, tmp_path, kind, make, code.encode() + b"\r") as (port, name):
        reply, _ = his(kind, tmp_path, name, make=make).run(
            rig, [query_without_code(simulator), another_call(simulator)]
        )
        assert (reply.returned, reply.out) == (b"0000", QUERY["out"].encode("gb18030"))
        until(lambda: not port.scanner.light)


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""], ids=["lf", "crlf", "none"])
def test_every_ending(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, end: bytes) -> None:
    """After garbage and 4 KB of noise."""
    code = json.loads(QUERY["in"])["data"]["ecQrCode"].encode()

    def on_light(port: SimulatedPort) -> None:
        port.send(b"\xff\x80" * 2048, b"\x00\xfe" + code + end, pause=0.3)

    with scanner_at(rig, tmp_path, kind, on_light=on_light) as (_, name):
        (reply,) = his(kind, tmp_path, name).run(rig, [query_without_code(simulator)])
        assert (reply.returned, reply.out) == (b"0000", QUERY["out"].encode("gb18030"))


@pytest.mark.parametrize("kind", CLIENTS)
def test_timeout(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """2002 and -2; the clerk reads what to do, the log names the port; nothing is sent; the light goes out."""
    seen = simulator.seen
    with scanner_at(rig, tmp_path, kind) as (port, name):
        product = his(kind, tmp_path, name, timeout_seconds=1)
        replies = product.run(rig, [verify(simulator), query_without_code(simulator)])
        assert [reply.returned for reply in replies] == [b"2002", b"-2"]
        assert [message(reply) for reply in replies] == [
            f"1 秒内没有扫到码，本次没有提交，可以再试；请患者调亮屏幕，对准扫码窗再扫一次（{code}）。"
            for code in (2002, -2)
        ]
        assert [reply.broken for reply in replies] == [{}, {}]
        assert f"{name}：1 秒内没有扫到码" in product.log_text()
        assert simulator.seen == seen
        until(lambda: not port.scanner.light)


@pytest.mark.parametrize("kind", CLIENTS)
def test_absent(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    name = "COM7" if kind.startswith("win") else "/dev/ttyACM77"
    product = his(kind, tmp_path, name)
    replies = product.run(rig, [verify(simulator), query_without_code(simulator)])
    assert [reply.returned for reply in replies] == [b"9005", b"-1"]
    assert [message(reply) for reply in replies] == [
        f"没有找到扫码枪，本次没有提交。请插好连接线再试；仍不行请联系信息科（{code}）。" for code in (9005, -1)
    ]
    assert f"{name}：本机没有这个串口" in product.log_text() and "[scanner]" in product.log_text()


@pytest.mark.parametrize("kind", CLIENTS)
def test_unplugged(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    with scanner_at(rig, tmp_path, kind, on_light=lambda port: port.unplug()) as (_, name):
        product = his(kind, tmp_path, name, timeout_seconds=2)
        (reply,) = product.run(rig, [verify(simulator)])
        assert reply.returned == b"9005"
        assert message(reply) == "扫码枪断开了，本次没有提交。请插好后再扫（9005）。"
        assert f"{name}：等待扫码时断开" in product.log_text()


@pytest.mark.parametrize("kind", CLIENTS)
def test_unplugged_and_plugged_in_again(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """In the middle of one call, and the next call of the same process works too."""
    code = json.loads(QUERY["in"])["data"]["ecQrCode"].encode()

    def on_light(port: SimulatedPort) -> None:
        if port.scanner.lit == 1:
            port.send(b"99999")
            port.unplug()
            time.sleep(0.5)
            port.plug()
        else:
            port.send(code + b"\r")

    with scanner_at(rig, tmp_path, kind, on_light=on_light) as (port, name):
        replies = his(kind, tmp_path, name).run(
            rig, [query_without_code(simulator), query_without_code(simulator, "again")]
        )
        assert [reply.out for reply in replies] == [QUERY["out"].encode("gb18030")] * 2
        assert port.scanner.lit == 3


@pytest.mark.parametrize("kind", CLIENTS)
def test_the_host_cancels(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Set_QRflow_Mode(0) by another thread while verify waits: 9999, and the light goes out."""
    slow = trans_line("slow", VERIFY["in"].encode("gb18030"), url=simulator.gateway + "?sim=delay:2500")
    with scanner_at(rig, tmp_path, kind) as (port, name):
        lines = ["threads 2", verify(simulator), slow, "call x SetEcQrcode 256", "call m Set_QRflow_Mode 0", "end"]
        replies = {reply.id: reply for reply in his(kind, tmp_path, name, timeout_seconds=60).run(rig, lines)}
        assert replies["v"].returned == b"9999"
        assert message(replies["v"]) == "已取消扫码，本次没有提交，可以再试（9999）。"
        assert replies["m"].number == 0
        until(lambda: not port.scanner.light)


@pytest.mark.parametrize("kind", CLIENTS)
def test_the_two_dlls_share_one_scanner(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Both scan at once: the one that came second is told at once, the other one waits on."""
    with scanner_at(rig, tmp_path, kind) as (port, name):
        lines = ["threads 2", verify(simulator), query_without_code(simulator), "end"]
        replies = {reply.id: reply for reply in his(kind, tmp_path, name, timeout_seconds=8).run(rig, lines)}
        codes = replies["v"].returned, replies["q"].returned
        assert codes in ((b"2002", b"-1"), (b"9005", b"-2"))
        second = replies["q"] if codes[0] == b"2002" else replies["v"]
        assert "扫码枪正被另一个窗口使用，本次没有提交。请先在那里扫完或取消" in message(second)
        assert port.scanner.lit == 1


@pytest.mark.parametrize("kind", CLIENTS)
def test_two_programs_share_one_scanner(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The second program is told who scans."""
    code = json.loads(QUERY["in"])["data"]["ecQrCode"].encode()
    with scanner_at(rig, tmp_path, kind) as (port, name):
        product = his(kind, tmp_path, name, timeout_seconds=60)
        first = Background(lambda: product.run(rig, [query_without_code(simulator)]))
        until(lambda: port.scanner.light)
        (second,) = product.run(rig, [query_without_code(simulator)])
        assert second.returned == b"-1"
        assert message(second).startswith("扫码枪正被 ") and "client" in message(second)
        port.send(code + b"\r")
        (reply,) = first.result()
        assert reply.out == QUERY["out"].encode("gb18030")


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_scanned_insurance_code_is_routed_and_merged(
    rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind
) -> None:
    """verify without a code, the patient shows the insurance code: asked of ECUrl, answered in verify's shape."""
    data = json.loads(VERIFY["in"])
    del data["biz_content"]["ehealth_code"]
    data["biz_content"] |= {"ECUrl": simulator.qr_query, "orgId": "1TESTORG0000000000000000TESTORG0"}
    with scanner_at(rig, tmp_path, kind, code=INSURANCE.encode() + b"\r") as (_, name):
        line = trans_line("v", json.dumps(data, ensure_ascii=False).encode("gb18030"), url="http://127.0.0.1:9/unused")
        (reply,) = his(kind, tmp_path, name).run(rig, [line])
    assert reply.returned == b"00"
    assert (reply.out or b"").decode("gb18030") == (
        '{"EcQrCode":"4240000000000000000300350000","birthday":"19530404","card_type":"A2",'
        '"ecToken":"350000ec000000000000000000000000000003","id_no":"990000195304040039","id_type":"01",'
        '"insuOrg":"350200","user_name":"龙䶮","user_sex":"1"}'
    )


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_file_as_scanner(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    product = his(kind, tmp_path, "", type="file", file="codes.txt")
    (product.folder / "codes.txt").write_text(FUSED + "\n")
    (reply,) = product.run(rig, [verify(simulator)])
    assert reply.returned == b"00"


@pytest.mark.parametrize("kind", CLIENTS)
def test_hid_pos_ships_and_finds_nothing_here(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """hidapi's library loads in the host; this machine has no such device."""
    product = his(kind, tmp_path, "", type="hidpos")
    (reply,) = product.run(rig, [verify(simulator)])
    assert reply.returned == b"9005"
    assert message(reply).startswith("没有找到扫码枪") and "HID-POS：没有发现" in product.log_text()
