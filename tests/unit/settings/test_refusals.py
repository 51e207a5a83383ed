"""Settings with which no call may be made: every export answers 8006 (EC: -1), says why, and sends nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.call_port import Port
from shim.cli import main
from shim.errors import OwnError
from shim.host_bytes import Answer
from shim.local_copy import LoadedSet
from shim.messages import cipher
from shim.simulator.server import Simulator
from shim.spec import EXPORTS, Export, Family
from shim.transport.by_scheme import ByScheme
from shim.wiring import announce, wire
from tests.support.calls import QUERY, VERIFY
from tests.support.logs import log

# Every option that refuses, with a value that is not understood and what is said of it.
REFUSED: dict[tuple[str, str], tuple[str, str]] = {
    ("mode", "run"): ("shaddow", "= shaddow：应为 native、capture、shadow 之一"),
    ("abi", "charset"): ("utf8", "= utf8：应为 gbk、utf-8、auto 之一"),
    ("abi", "out_capacity"): ("8K", "= 8k：应为 256 到 1048576 之间的整数"),
    ("abi", "set_qrflow_mode"): ("cdcel", "= cdcel：应为 stdcall、cdecl 之一"),
    ("wire", "dialect"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("wire", "verify"): ("stict", "= stict：应为 off、warn、strict 之一"),
    ("wire", "ec_code_place"): ("x", "= x：应为 data、top、extra 之一"),
    ("wire", "ec_body_text"): ("x", "= x：应为 compact、verbatim 之一"),
    ("wire", "ec_body_order"): ("x", "= x：应为 kept、sorted、sorted-all、fixed 之一"),
    ("wire", "ec_data_form"): ("x", "= x：应为 as-is、object、text 之一"),
    ("wire", "ec_body_empty"): ("x", "= x：应为 keep、drop 之一"),
    ("wire", "ec_body_values"): ("x", "= x：应为 as-is、text、text-null 之一"),
    ("wire", "ec_body_charset"): ("x", "= x：应为 utf-8、gbk 之一"),
    ("wire", "ec_body_spaces"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("wire", "ec_body_escape"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("wire", "ec_body_mark"): ("x", "= x：应为 none、bom 之一"),
    ("wire", "ec_body_end"): ("x", "= x：应为 none、lf、crlf、nul 之一"),
    ("wire", "ec_added"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_filled"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_put_place"): ("x", "= x：应为 end、start、code-last 之一"),
    ("wire", "ec_renamed"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_headers"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_out_form"): ("x", "= x：应为 mapped、answer 之一"),
    ("wire", "ec_out_order"): ("x", "= x：应为 sorted、kept、fixed 之一"),
    ("wire", "ec_out_text"): ("x", "= x：应为 compact、verbatim 之一"),
    ("wire", "ec_out_spaces"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("wire", "ec_out_escape"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("wire", "ec_out_end"): ("x", "= x：应为 none、lf、crlf 之一"),
    ("wire", "ec_out_renamed"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_out_added"): ("a", "= a：应为 名称=值，以逗号分隔"),
    ("wire", "ec_out_data_form"): ("x", "= x：应为 as-is、object、text 之一"),
    ("wire", "ec_out_failure"): ("x", "= x：应为 mapped、answer、message、code-message、json 之一"),
    ("wire", "ec_returned_success"): ("x", "= x：应为 0000、0、00、000000 之一"),
    ("wire", "ec_returned_failure"): ("本\udcff院", "= 本***（3 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("transport", "proxy"): ("10.1.1.1", "= 10.1.1.1：应形如 http://10.1.1.1:3128"),
    ("transport", "ca_file"): ("证书\udcff.pem", "= 证***（7 字）：含有乱码（不是 UTF-8 或 GBK）"),
    ("validate", "level"): ("strikt", "= strikt：应为 off、warn、strict 之一"),
}


def call(port: Port, export: Export, simulator: Simulator, capacity: int = 2048) -> Answer:
    texts = {
        "VirtualCardTrans": [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")],
        "NationEcTrans": [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")],
    }.get(export.name, [b"1", b"2", b"3"])
    return port.answer(export.name, texts, 1, capacity if export.output else 0)


def message(export: Export, answer: Answer) -> str:
    text = answer.out.decode("gb18030")
    return str(json.loads(text)["message"]) if export.family is Family.EC else text


def assert_refused(port: Port, simulator: Simulator, sentence: str, clerk: str = "本机设置有误") -> None:
    """By all five exports, before anything is sent: one sentence for the clerk, the place and the remedy in the log."""
    seen = simulator.seen
    for export in EXPORTS:
        answer = call(port, export, simulator)
        assert (answer.code, answer.number) == ((b"-1", -1) if export.family is Family.EC else (b"8006", 8006))
        if export.output is not None:
            undone = "医保码没有填入" if export.name == "SetEcQrcode" else "本次没有提交"
            assert message(export, answer) == f"{clerk}，{undone}。请联系信息科（{answer.number}）。"
    assert simulator.seen == seen
    told = [row for row in log(port._folder) if row.get("reason") == "settings"]
    assert {row["outcome"] for row in told} == {"没有提交"}
    assert all(sentence in row["text"] and "请" in row["text"] for row in told) and len(told) >= len(EXPORTS)


def test_every_option_that_refuses_is_here() -> None:
    assert {(row.section, row.key) for row in configuration.options() if row.refuses} == set(REFUSED)


@pytest.mark.parametrize("place", REFUSED, ids=".".join)
def test_a_value_that_is_not_understood(tmp_path: Path, simulator: Simulator, place: tuple[str, str]) -> None:
    section, key = place
    value, sentence = REFUSED[place]
    ini = f"[log] ; 日志\nkeep_days = 7\n[{section}]\n{key} = {value} ; 注释\n"
    (tmp_path / "vcshim.ini").write_bytes(ini.encode("utf-8", "surrogateescape"))
    assert_refused(Port(tmp_path), simulator, f"vcshim.ini 第 4 行 [{section}] {key} {sentence}")
    assert configuration.read(tmp_path).log.keep_days == 7


@pytest.mark.parametrize("place", REFUSED, ids=".".join)
def test_a_line_without_an_equals_sign(tmp_path: Path, simulator: Simulator, place: tuple[str, str]) -> None:
    section, key = place
    (tmp_path / "vcshim.ini").write_text(f"[{section}]\n{key} strict\n", "utf-8")
    assert_refused(Port(tmp_path), simulator, f"vcshim.ini 第 2 行 [{section}] {key} 缺少等号；默认值未必是所要的")


@pytest.mark.parametrize("place", REFUSED, ids=".".join)
@pytest.mark.parametrize("line", ["{key} =", "{key} = ; 注释", "{key}", "{key} = ''"])
def test_an_empty_value_asks_for_nothing(
    tmp_path: Path, simulator: Simulator, place: tuple[str, str], line: str
) -> None:
    section, key = place
    (tmp_path / "vcshim.ini").write_text(f"[{section}]\n{line.format(key=key)}\n", "utf-8")
    answer = Port(tmp_path).answer(
        "NationEcTrans", [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")], 0, 2048
    )
    assert answer.code == b"0000"


@pytest.mark.parametrize(
    ("value", "understood"),
    [
        ("http://10.1.1.1:3128", True), ("HTTP://proxy.his.local:8080/", True), ("10.1.1.1:3128", True),
        ("http://user:pass@10.1.1.1:3128", True), ("http://[::1]:3128", True), ("http://proxy.his.local", True),
        ("https://proxy.his.local:443", False),
        ("10.1.1.1", False), ("http://", False), ("http://10.1.1.1:0", False), ("http://10.1.1.1:65536", False),
        ("10.1.1.1:99999", False), ("http://10.1.1.1:port", False), ("http:/10.1.1.1:3128", False), ("off", False),
        ("socks5://10.1.1.1:1080", False), ("http://10.1.1.1:3128/x", False), ("http://10.1.1.1: 3128", False),
        ("http:\\\\10.1.1.1:3128", False), ("３１２８", False), ("http://10.1.1.1:" + "9" * 5000, False),
    ],
)  # fmt: skip
def test_proxies(value: str, understood: bool) -> None:
    settings = configuration.parse(f"[transport]\nproxy = {value}\n")
    assert (settings.refusals == ()) is understood
    assert settings.transport.proxy == (value if understood else "")


def test_a_password_is_not_shown() -> None:
    settings = configuration.parse("[transport]\nproxy = http://me:secret@10.1.1.1:x\n")
    (refusal,) = settings.refusals
    assert "secret" not in refusal and "h***（" in refusal
    assert settings.refusal is not None and settings.refusal.message == refusal


def test_the_last_line_of_a_key_decides() -> None:
    assert configuration.parse("[wire]\nverify = stict\nverify = strict\n").refusals == ()
    assert configuration.parse("[wire]\nverify = strict\nverify = stict\n").refusals != ()


def test_misspelt_names_are_told_and_refuse_nothing() -> None:
    settings = configuration.parse("[wire]\nverfy = strict\n[wires]\nverify = strict\n")
    assert settings.refusals == ()
    assert settings.problems == (
        "vcshim.ini 第 2 行 [wire] verfy 不是已知的设置，已忽略此行；最接近的是 verify",
        "vcshim.ini 第 3 行 [wires] 不是已知的节，其中的设置都不起作用；最接近的是 [wire]",
    )


def test_several_refusals_are_counted() -> None:
    settings = configuration.parse("[validate]\nlevel = x\n[wire]\nverify = y\n")
    assert settings.refusal is not None and settings.refusal.message == (
        "vcshim.ini 第 2 行 [validate] level = x：应为 off、warn、strict 之一；默认值 warn 未必是所要的，停用全部函数；"
        "请改正后重新启动医院程序；这样的设置共 2 处，详见日志"
    )
    assert settings.problems == settings.refusals and len(settings.problems) == 2


# ---- a file that cannot be read at all -------------------------------------------------------------------------------


def broken_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Makes one broken vcshim.ini after the other; yields what it is and what is said of it."""
    path = folder / "vcshim.ini"
    path.write_bytes("[wire]\nverify = strict\n".encode("utf-16-le"))
    yield "UTF-16 without a mark", "vcshim.ini 是不带标记的 UTF-16，请用记事本另存为 UTF-8"
    path.write_bytes(bytes(1024))
    yield "NULs", "vcshim.ini 的内容已损坏"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    yield "100 MB", "vcshim.ini 超过 1 MB"
    path.unlink()
    path.mkdir()
    yield "a folder", "vcshim.ini 不是文件"
    path.rmdir()


def test_a_file_that_cannot_be_read(tmp_path: Path, simulator: Simulator) -> None:
    for _, why in broken_files(tmp_path):
        assert_refused(Port(tmp_path), simulator, why, "本机的设置文件无法读取")
        shutil.rmtree(tmp_path / "vcshim_log")


def test_without_permission(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vcshim.ini").write_text("[wire]\nverify = strict\n")
    read: Any = Path.open

    def refuse(path: Path, *words: Any, **others: Any) -> Any:
        if path.name == "vcshim.ini":
            raise PermissionError(13, "Permission denied")
        return read(path, *words, **others)

    monkeypatch.setattr(Path, "open", refuse)
    assert_refused(Port(tmp_path), simulator, "vcshim.ini 没有读取权限", "本机的设置文件无法读取")


def test_a_file_that_can_be_read_again(tmp_path: Path, simulator: Simulator) -> None:
    """It was locked, say: the next call reads it. Without a restart, because nothing was done meanwhile."""
    port = Port(tmp_path)
    for _ in broken_files(tmp_path):
        assert port.answer("Set_QRflow_Mode", [], 1, 0).number == 8006
    (tmp_path / "vcshim.ini").write_text("[screen]\ntype = none\n")
    assert (
        port.answer("NationEcTrans", [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")], 0, 2048).code
        == b"0000"
    )
    assert port.answer("Set_QRflow_Mode", [], 1, 0).number == 9005  # by the settings of the file


def test_the_log_and_the_commands_say_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[wire]\nverify = stict\n")
    announce(wire(tmp_path), tmp_path, LoadedSet(), is_child=False, names_problems=True)
    (path,) = (tmp_path / "vcshim_log").iterdir()
    assert '"level": "ERROR"' in path.read_text("utf-8") and "[wire] verify = stict：应为" in path.read_text("utf-8")
    (tmp_path / "request.json").write_text(VERIFY["in"], "utf-8")
    main(["sign", str(tmp_path / "request.json"), "--folder", str(tmp_path)])
    captured = capsys.readouterr()
    assert "vcshim.ini 第 2 行 [wire] verify = stict：应为 off、warn、strict 之一" in captured.err
    assert captured.out == ""


# ---- problems that refuse nothing ------------------------------------------------------------------------------------


PROBLEM = "vcshim.ini 第 2 行 [scanner] tpye 不是已知的设置，已忽略此行；最接近的是 type"
# For developers, who read it in OutData.
BROKEN = "[scanner]\ntpye = file\n[messages]\naudience = developer\n"
NOTE = f"；另外，{PROBLEM}（设置共 1 处问题，运行 vcshim ini --check 查看）"


def test_a_clerk_hears_of_them_once_and_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is room within 60 characters; not the clerk who is sent to the IT department anyway."""
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntpye = file\n", "utf-8")
    monkeypatch.setattr(ByScheme, "post", lambda *_: (_ for _ in ()).throw(OwnError(cipher.SM2_FAILED)))
    port, query = Port(tmp_path), QUERY["in"].encode("gb18030")

    def said(data: bytes) -> str:
        text = port.answer("NationEcTrans", [b"sim:", data], 0, 2048).out.decode("gb18030")
        return str(json.loads(text)["message"])

    assert said(b"{").endswith("本次没有提交。请联系信息科（-2）。")
    assert said(query) == "签名没有成功，本次没有提交，可以再试（500036）。另外，本机设置有误，请联系信息科。"
    assert said(query) == "签名没有成功，本次没有提交，可以再试（500036）。"


def test_the_first_failure_names_the_problems(tmp_path: Path, simulator: Simulator) -> None:
    """Once in a process; not behind a success or a platform's refusal, and not where the export has no text."""
    (tmp_path / "vcshim.ini").write_text(BROKEN, "utf-8")
    port = Port(tmp_path)
    texts = [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")]
    refused = [f"{simulator.gateway}?sim=refuse:9998".encode(), texts[1]]
    assert port.answer("VirtualCardTrans", texts, 0, 2048).out.decode("gb18030") == VERIFY["out"]
    assert "tpye" not in port.answer("VirtualCardTrans", refused, 0, 2048).out.decode("gb18030")
    assert port.answer("Set_QRflow_Mode", [], 7, 0).number == 9001
    first = port.answer("VirtualCardTrans", [b"sim:", b"{}"], 0, 2048)
    assert first.code == b"1004" and first.out.decode("gb18030").endswith(NOTE)
    again = port.answer("VirtualCardTrans", [b"sim:", b"{}"], 0, 2048)
    assert first.out.decode("gb18030") == again.out.decode("gb18030") + NOTE


def test_in_the_json_of_the_other_dll(tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").write_text(BROKEN, "utf-8")
    answer = Port(tmp_path).answer("NationEcTrans", [b"sim:", b"{"], 0, 2048)
    assert json.loads(answer.out.decode("gb18030"))["message"].endswith(NOTE)


def test_it_survives_the_end_of_the_buffer(tmp_path: Path) -> None:
    """Behind a sentence of any length, in whole characters."""
    (tmp_path / "vcshim.ini").write_text(BROKEN + "[validate]\nlevel = strict\n", "utf-8")
    request = json.loads(VERIFY["in"])
    request["biz_content"] |= {f"operator_{n}": "x" for n in range(100)} | {"operator_name": "测" * 3000}
    request["biz_content"].pop("treatment_code")
    data = json.dumps(request, ensure_ascii=False).encode("gb18030")
    for capacity in (2048, 512, 400):
        out = Port(tmp_path).answer("VirtualCardTrans", [b"sim:", data], 0, capacity).out
        assert len(out) < capacity
        assert out.decode("gb18030").endswith("（设置共 1 处问题，运行 vcshim ini --check 查看）")


def test_a_small_buffer_keeps_the_failures_own_sentence(tmp_path: Path) -> None:
    """The problems wait for a failure with room for both."""
    (tmp_path / "vcshim.ini").write_text(BROKEN + "[autofill]\nmethod = none\n", "utf-8")
    port = Port(tmp_path)
    small = port.answer("SetEcQrcode", [], 0, 200)
    assert "tpye" not in small.out.decode("gb18030") and small.out
    assert port.answer("VirtualCardTrans", [b"sim:", b"{}"], 0, 2048).out.decode("gb18030").endswith(NOTE)


def test_memory_that_is_short_while_the_parts_are_built(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call says so, and the next one tries again."""

    def short(*_: object) -> None:
        raise MemoryError

    port = Port(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("shim.call_port.wire", short)
        for export in EXPORTS:
            answer = call(port, export, simulator)
            assert (answer.code, answer.number) == ((b"-1", -1) if export.family is Family.EC else (b"8009", 8009))
            if export.output is not None:
                assert message(export, answer).startswith("内存不足，扫码组件不能启动，")
    texts = [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")]
    assert port.answer("NationEcTrans", texts, 0, 2048).code == b"0000"
