"""Faults that are planted, and what `vcshim doctor` says of each: its cause in one line, what to do in the next.

Servers, sockets, TLS, disks and files are real; a name that does not exist is the resolver's answer. Devices are in
test_devices.py.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shim import cli
from shim.manifest import write_manifest
from shim.sets import CORE
from shim.simulator.examples import find_example
from shim.simulator.server import Simulator
from tests.support.paths import VECTORS
from tests.support.servers import Server, serving

TLS = VECTORS / "tls"
ASCII_HOST = "platform.test"
"""A host that no name server knows."""


@dataclass
class Planted:
    """The installation that a fault is planted in: its folder, and what ends with the test."""

    his: Path
    ending: ExitStack
    patch: pytest.MonkeyPatch
    simulator: Simulator

    def ini(self, text: str) -> None:
        """Write the settings. Without a screen: looking for one starts a program, and is tried elsewhere."""
        (self.his / "vcshim.ini").write_text(f"[screen]\ntype = none\n{text}", encoding="utf-8")

    def account(self, **changed: str) -> list[str]:
        """The words for a signed request to the simulator, with an InData of which some fields are changed."""
        example = find_example("auth.query")
        assert example is not None
        path = self.his / "InData.json"
        path.write_text(json.dumps(json.loads(example.text) | changed), encoding="utf-8")
        return ["--account", str(path), "--url", self.simulator.gateway]

    def server(self, talk: Callable[[Server, socket.socket], None]) -> Server:
        return self.ending.enter_context(serving(talk))


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> Iterator[Planted]:
    his = tmp_path / "医院 HIS"
    runtime = his / "vcshim"
    runtime.mkdir(parents=True)
    (runtime / CORE).write_bytes(b"core")
    (runtime / "base.txt").write_bytes(b"base")
    write_manifest(runtime)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    look_up = socket.getaddrinfo

    def look_up_name(host: Any, *rest: Any, **more: Any) -> Any:
        if host == ASCII_HOST.encode():
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_name)
    with ExitStack() as ending:
        made = Planted(his, ending, monkeypatch, simulator)
        made.ini("")
        yield made


def program(bits: int, text: bytes = b"") -> bytes:
    """The least of a Windows program."""
    machine, magic = (0x14C, 0x10B) if bits == 32 else (0x8664, 0x20B)
    head = b"PE\0\0" + struct.pack("<HHIIIHHH", machine, 0, 0, 0, 0, 240, 2, magic)
    return (b"MZ" + bytes(58) + struct.pack("<I", 64) + head).ljust(512, b"\0") + text


def answer(connection: socket.socket, head: bytes, body: bytes = b"") -> None:
    """Read a request, and answer it."""
    connection.recv(65536)
    connection.sendall(head + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


def http_date(seconds: float) -> bytes:
    moment = time.gmtime(seconds)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.tm_wday]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.tm_mon - 1]
    return f"Date: {day}, {moment.tm_mday:02} {month} {time.strftime('%Y %H:%M:%S', moment)} GMT".encode()


def closed_port() -> str:
    """host:port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def tls_server(planted: Planted, certificate: str, version: ssl.TLSVersion | None = None) -> str:
    """The address of an https server; the settings trust its authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / certificate)
    if version is not None:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version

    def talk(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            answer(inside, b"HTTP/1.1 405 Method Not Allowed")

    planted.ini(f"[transport]\nca_file = {TLS / 'ca.pem'}\n")
    return planted.server(talk).url.replace("http:", "https:")


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[None]:
    """A disk in memory: root may write to everything but a disk that is full or read-only."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


# ---- the faults: each plants itself, and returns the words for the command -------------------------------------------


def wrong_bits(planted: Planted) -> list[str]:
    (planted.his / "VirtualCardChk.dll").write_bytes(program(64))
    (planted.his / "his.exe").write_bytes(program(32, b"\0VirtualCardChk.dll\0"))
    return []


def missing_file(planted: Planted) -> list[str]:
    (planted.his / "vcshim" / "base.txt").unlink()
    return []


def mistyped_key(planted: Planted) -> list[str]:
    planted.ini("[transport]\ntotal_second = 30\n")
    return []


def other_encoding(planted: Planted) -> list[str]:
    (planted.his / "vcshim.ini").write_bytes("; 社區醫院門診掛號繳費\n[screen]\ntype = none\n".encode("big5"))
    return []


def unmarked_utf_16(planted: Planted) -> list[str]:
    (planted.his / "vcshim.ini").write_bytes("[log]\nlevel = info\n".encode("utf-16-le"))
    return []


def wrong_key(planted: Planted) -> list[str]:
    return planted.account(key="2TESTSEC0000000000000000TESTSEC0")


def wrong_dialect(planted: Planted) -> list[str]:
    planted.ini("[wire]\ndialect = sister\n")
    return planted.account()


def clock_ahead(planted: Planted) -> list[str]:
    late = planted.server(
        lambda _, connection: answer(connection, b"HTTP/1.1 200 OK\r\n" + http_date(time.time() - 600))
    )
    return ["--url", late.url]


def platform_down(planted: Planted) -> list[str]:
    return ["--url", f"http://{closed_port()}/gateway.do"]


def no_such_name(planted: Planted) -> list[str]:
    return ["--url", f"https://{ASCII_HOST}/gateway.do"]


def proxy_answers(planted: Planted) -> list[str]:
    head = b"HTTP/1.1 403 Forbidden\r\nVia: 1.1 proxy.his (squid/4.6)"
    return ["--url", planted.server(lambda _, connection: answer(connection, head)).url]


def proxy_needed(planted: Planted) -> list[str]:
    proxy = planted.server(lambda _, connection: answer(connection, b"HTTP/1.1 405 Method Not Allowed"))
    planted.patch.setenv("HTTP_PROXY", proxy.url.removesuffix("/x"))
    return ["--url", f"http://{ASCII_HOST}/gateway.do"]


def proxy_useless(planted: Planted) -> list[str]:
    planted.ini(f"[transport]\nproxy = http://{closed_port()}\n")
    return ["--url", planted.simulator.gateway]


def expired(planted: Planted) -> list[str]:
    return ["--url", tls_server(planted, "expired.pem")]


def of_another(planted: Planted) -> list[str]:
    return ["--url", tls_server(planted, "elsewhere.pem")]


def old_tls(planted: Planted) -> list[str]:
    return ["--url", tls_server(planted, "platform.pem", ssl.TLSVersion.TLSv1_1)]


def read_only(planted: Planted) -> list[str]:
    planted.ending.enter_context(small_disk(planted.his / "disk", "ro,size=1m"))
    planted.ini(f"[log]\nfolder = {planted.his / 'disk'}\n")
    return []


def disk_full(planted: Planted) -> list[str]:
    planted.ending.enter_context(small_disk(planted.his / "disk", f"size={os.sysconf('SC_PAGE_SIZE')}"))
    planted.ini(f"[log]\nfolder = {planted.his / 'disk'}\n")
    return []


def nearly_full(planted: Planted) -> list[str]:
    planted.ending.enter_context(small_disk(planted.his / "disk", "size=8m"))
    planted.ini(f"[log]\nfolder = {planted.his / 'disk'}\n")
    return []


# The fault, the name of what is found, its cause and its remedy.
FAULTS: dict[Callable[[Planted], list[str]], tuple[str, str, str]] = {
    wrong_bits: ("bits.host_differs", "his.exe 是 32 位，VirtualCardChk.dll 是 64 位", "请换用 win32 安装包"),
    missing_file: ("files.missing", "缺少 base.txt", "请换回完整的 vcshim 文件夹"),
    mistyped_key: ("settings.problem", "最接近的是 total_seconds", "请改正 vcshim.ini"),
    other_encoding: ("charset.rare", "可能是 Big5 等其他字符集", "另存为 UTF-8"),
    unmarked_utf_16: ("charset.unmarked", "vcshim.ini 是不带标记的 UTF-16", "另存为 UTF-8"),
    wrong_key: ("sign.wrong_key", "应用密钥 key 不对", "请核对 app_id 与 key 是否配对"),
    wrong_dialect: ("sign.wrong_dialect", "拒绝 sister 的签名，接受 ehcservice 的", "[wire] 中写 dialect = ehcservice"),
    clock_ahead: ("clock.ahead", "快 10 分钟", "请校准本机时间"),
    platform_down: ("network.refused", "拒绝连接", "确认对方服务已启动"),
    no_such_name: ("network.no_such_name", "找不到平台的主机名 platform.test", "请核对 strUrl 与本机的 DNS 设置"),
    proxy_answers: ("http.intermediary", "代理 proxy.his 代替", "请网络管理部门让本机直接连接平台"),
    proxy_needed: (
        "proxy.needed",
        "platform.test:80 要经过代理 http://127.0.0.1",
        "[transport] 中写 proxy = http://127.0.0.1",
    ),
    proxy_useless: ("proxy.useless", "不经过它可以连上", "请删除 vcshim.ini 中 [transport] proxy 这一行"),
    expired: ("network.certificate_expired", "的证书已过期", "请平台更换证书"),
    of_another: ("network.certificate_of_another", "的证书不是为该地址签发的", "请按证书上的域名填写 strUrl"),
    old_tls: ("network.tls_too_old", "只支持过旧的 TLS 版本", "请平台升级"),
    read_only: ("writing.log_elsewhere", "不能写入", "请允许运行医院程序的 Windows 用户写入这个文件夹"),
    disk_full: ("writing.full", "磁盘已满", "请清理磁盘"),
    nearly_full: ("writing.nearly_full", "只剩 ", "请清理磁盘"),
}


# Root of Linux may mount a disk.
DISKS = {read_only, disk_full, nearly_full}
NEEDS = {fault: [pytest.mark.needs("network")] if fault in DISKS else [] for fault in FAULTS}


@pytest.mark.parametrize("fault", [pytest.param(fault, marks=NEEDS[fault], id=fault.__name__) for fault in FAULTS])
def test_the_cause_and_the_remedy(
    planted: Planted, capsys: pytest.CaptureFixture[str], fault: Callable[[Planted], list[str]]
) -> None:
    name, cause, remedy = FAULTS[fault]
    words = ["doctor", "--folder", str(planted.his), *fault(planted)]
    assert cli.main(["--lang", "zh", *words]) == 1
    lines = capsys.readouterr().out.splitlines()
    places = [number for number, line in enumerate(lines) if cause in line]
    assert places and remedy in lines[places[0] + 1], "\n".join(lines)
    assert lines[places[0]].startswith(("  [注意] ", "  [错误] "))
    assert cli.main([*words, "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert name in [finding["name"] for finding in findings]
    bad = [finding["name"] for finding in findings if finding["level"] in ("warning", "error")]
    assert [each for each in bad if not each.startswith(("screen.", "fonts."))] == [name]


def test_nothing_is_found_where_nothing_is_planted(planted: Planted, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor does the key appear anywhere."""
    words = ["doctor", "--folder", str(planted.his), *planted.account(), "--url", tls_server(planted, "platform.pem")]
    assert cli.main([*words, "--json"]) == 0
    text = capsys.readouterr().out
    names = {finding["name"] for finding in json.loads(text)["findings"]}
    assert {"sign.accepted", "tls.good", "connection.made", "clock.right", "http.not_found"} <= names
    assert "TESTSEC" not in text
