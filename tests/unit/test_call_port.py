"""Port: what C hands over becomes arguments of the service, and its replies bytes in the host's charset and buffer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim import submission
from shim.call_port import Port
from shim.devices.label.absent import AbsentLabelPrinter
from shim.host_bytes import NULL, Answer
from shim.http_answer import HttpAnswer
from shim.reply import CallRecord, Reply
from shim.service import Service
from shim.simulator.server import Simulator
from shim.spec import EXPORTS, Direction, Export
from shim.transport.by_scheme import ByScheme
from tests.support.calls import QUERY, VERIFY
from tests.support.logs import log, start_note

METHODS = {
    "VirtualCardTrans": "virtual_card_trans",
    "Set_QRflow_Mode": "set_qrflow_mode",
    "EhealthID_Print": "ehealthid_print",
    "SetEcQrcode": "set_ec_qrcode",
    "NationEcTrans": "nation_ec_trans",
}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The texts of every label that is asked for."""
    labels: list[tuple[str, ...]] = []
    monkeypatch.setattr(AbsentLabelPrinter, "print_label", lambda _, *texts: labels.append(texts))
    return labels


def test_each_text_is_read_in_the_charset_of_the_settings(tmp_path: Path, printed: list[tuple[str, ...]]) -> None:
    """With `auto` each text by itself: the second is GBK, which says nothing about the third."""
    (tmp_path / "vcshim.ini").write_text("[abi]\ncharset = auto\n")
    texts = [b"1", "多".encode("gb18030"), "王𬱖".encode()]
    assert Port(tmp_path).answer("EhealthID_Print", texts, 0, 0).number == 0
    assert printed == [("1", "多", "王𬱖")]


def test_the_texts_beyond_those_of_the_export_are_not_looked_at(tmp_path: Path, printed: list[tuple[str, ...]]) -> None:
    """C always hands over three."""
    answer = Port(tmp_path).answer("Set_QRflow_Mode", [NULL, NULL, NULL], 7, 0)
    assert (answer.number, answer.code, answer.out) == (9001, b"9001", b"")


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: row.name)
def test_every_export_is_served(row: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a method of the service, with the arguments of the row in their order; a number where the row has one."""
    received: list[tuple[object, ...]] = []

    def serve(_: Service, *arguments: object) -> None:
        received.append(arguments)
        raise RuntimeError

    monkeypatch.setattr(Service, METHODS[row.name], serve)
    answer = Port(tmp_path).answer(row.name, [b"a", b"b", b"c"], 17, 2048)
    texts = iter(("a", "b", "c"))
    inputs = [each for each in row.parameters if each.direction is Direction.IN]
    assert received == [tuple(next(texts) if each.is_text else 17 for each in inputs)]
    assert (answer.code, answer.number) == ((b"-1", -1) if row.name == "NationEcTrans" else (b"8009", 8009))


@pytest.mark.parametrize("row", [row for row in EXPORTS if row.output], ids=lambda row: row.name)
def test_a_buffer_that_is_not_there(row: Export, tmp_path: Path) -> None:
    answer = Port(tmp_path).answer(row.name, [b"sim:", b"{}"], 0, 0)
    assert (answer.number, answer.out) == (-2 if row.name == "NationEcTrans" else 9001, b"")


# ---- what hosts put around and into their texts ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"), [("", " " * 200), ("  ", ""), ("", "\r\n"), ("\t", "\t"), ("　", "　"), ("\ufeff", "\x1a")]
)
def test_blanks_around_an_address_are_not_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    urls: list[str] = []

    def post(_: object, url: str, *__: object) -> HttpAnswer:
        urls.append(url)
        return HttpAnswer(b'{"code":0,"data":{}}')

    monkeypatch.setattr(ByScheme, "post", post)
    url = f"{before}http://127.0.0.1:1/a{after}".encode("gb18030")
    for function, in_data in (("NationEcTrans", QUERY["in"]), ("VirtualCardTrans", VERIFY["in"])):
        Port(tmp_path).answer(function, [url, in_data.encode("gb18030")], 0, 2048)
    assert urls == ["http://127.0.0.1:1/a"] * 2


def test_blanks_around_code_and_card_number_are_not_printed(tmp_path: Path, printed: list[tuple[str, ...]]) -> None:
    """Those around a name are the host's business."""
    texts = [b" 8BF7:1:::35\r\n", "D000002　".encode("gb18030"), " 王 ".encode("gb18030")]
    assert Port(tmp_path).answer("EhealthID_Print", texts, 0, 0).number == 0
    assert printed == [("8BF7:1:::35", "D000002", " 王 ")]


def as_c_measures(text: str, mark: bytes = b"") -> bytes:
    """What is left of a UTF-16 text: everything up to its first NUL."""
    return (mark + text.encode("utf-16-le")).partition(b"\0")[0]


WIDE_URL, WIDE_DATA = as_c_measures("http://127.0.0.1/x"), as_c_measures(QUERY["in"])
MARKED = as_c_measures(QUERY["in"], b"\xff\xfe")
URL, DATA = b"http://127.0.0.1:1/", QUERY["in"].encode("gb18030")


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        ([WIDE_URL, WIDE_DATA], "strUrl、InData"),
        ([WIDE_URL, DATA], "strUrl"),
        ([as_c_measures("sim:"), DATA], "strUrl"),
        ([URL, WIDE_DATA], "InData"),
        ([URL, as_c_measures(json.dumps(QUERY["in"]))], "InData"),
        ([URL, MARKED], "InData"),
        ([URL, b"\xfe\xff"], "InData"),
        ([as_c_measures("http://x", b"\xff\xfe"), DATA], "strUrl"),
        ([URL, QUERY["in"].encode("utf-16-le")], "InData"),
    ],
)
@pytest.mark.parametrize("charset", ["gbk", "utf-8", "auto"])
@pytest.mark.parametrize(("function", "code"), [("NationEcTrans", b"-2"), ("VirtualCardTrans", b"9008")])
def test_a_text_in_utf_16_is_named(
    tmp_path: Path, texts: list[bytes], named: str, charset: str, function: str, code: bytes
) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[abi]\ncharset = {charset}\n[messages]\naudience = developer\n")
    answer = Port(tmp_path).answer(function, texts, 0, 2048)
    text = answer.out.decode("utf-8" if charset == "utf-8" else "gb18030")
    assert answer.code == code
    assert (
        text.count(f"医院程序传来的数据有误（{named} 是宽字符），本次没有提交。请联系信息科（{code.decode()}）。") == 1
    )
    assert f"参数 {named} 传入的是宽字符（UTF-16）；" in text
    assert all(word in text for word in (";ansi", "PAnsiChar", "CharSet.Ansi"))


@pytest.mark.parametrize("name", ["张三", "Zhang", "王𬱖"])
@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_a_label_in_utf_16_is_not_printed(
    tmp_path: Path, printed: list[tuple[str, ...]], name: str, mark: bytes
) -> None:
    texts = [as_c_measures(text, mark) for text in ("8BF77B:1:::3502", "D000002", name)]
    answer = Port(tmp_path).answer("EhealthID_Print", texts, 0, 0)
    assert (answer.number, printed) == (9008, [])
    assert any("ehealthid、cardNo、name 传入的是宽字符" in row["text"] for row in log(tmp_path))


@pytest.mark.parametrize("texts", [[b"8BF7:1:::35", b"1", "王".encode("gb18030")], [b"1", b"D000002", b"X"]])
def test_short_texts_of_a_label_are_no_utf_16(
    tmp_path: Path, printed: list[tuple[str, ...]], texts: list[bytes]
) -> None:
    assert Port(tmp_path).answer("EhealthID_Print", texts, 0, 0).number == 0
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("texts", "fragment"), [([b"x", b"{}"], "strUrl 应以"), ([URL, b"x"], "InData 的 JSON 格式"), ([URL, b" "], "JSON")]
)
def test_other_short_texts_have_their_own_reasons(tmp_path: Path, texts: list[bytes], fragment: str) -> None:
    (tmp_path / "vcshim.ini").write_text("[messages]\naudience = developer\n")
    text = Port(tmp_path).answer("NationEcTrans", texts, 0, 2048).out.decode("gb18030")
    assert fragment in text and "宽字符" not in text


@pytest.mark.parametrize(
    ("level", "sent", "logged"),
    [("off", True, 0), ("warn", True, 1), ("strict", False, 0)],
    ids=["off", "warn", "strict"],
)
def test_utf_8_where_gbk_is_set(tmp_path: Path, simulator: Simulator, level: str, sent: bool, logged: int) -> None:
    """One line a process; the text stays as it was read. `strict` refuses."""
    (tmp_path / "vcshim.ini").write_text(f"[validate]\nlevel = {level}\n[messages]\naudience = developer\n")
    seen, port = simulator.seen, Port(tmp_path)
    data = VERIFY["in"].replace("测试员", "测试").encode("utf-8")
    answers = [port.answer("VirtualCardTrans", [simulator.gateway.encode(), data], 0, 2048) for _ in range(3)]
    assert {answer.code for answer in answers} == {b"00" if sent else b"9008"}
    assert simulator.seen - seen == (3 if sent else 0)
    found = "参数 InData 像是 UTF-8 文本"
    lines = [row for row in log(tmp_path) if row["text"].startswith(found) and row["level"] == "WARNING"]
    assert len(lines) == logged
    if level == "strict":
        text = answers[0].out.decode("gb18030")
        assert text.startswith("医院程序传来的数据有误（InData 的编码不对），本次没有提交。请联系信息科（9008）。")
        assert found in text and "请把 charset 设为 utf-8" in text


@pytest.mark.parametrize(
    ("charset", "data"), [("utf-8", "测试".encode()), ("auto", "测试".encode()), ("gbk", "模联通".encode("gbk"))]
)
def test_a_text_in_its_charset_is_not_questioned(
    tmp_path: Path, simulator: Simulator, charset: str, data: bytes
) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[abi]\ncharset = {charset}\n[validate]\nlevel = warn\n")
    in_data = VERIFY["in"].encode("ascii", "ignore").replace(b'"operator_name":""', b'"operator_name":"' + data + b'"')
    assert data in in_data
    answer = Port(tmp_path).answer("VirtualCardTrans", [simulator.gateway.encode(), in_data], 0, 2048)
    assert answer.code == b"00"
    assert [row for row in log(tmp_path) if "UTF-8" in row["text"]] == []


def test_a_missing_data_is_not_blamed_on_the_scanner(tmp_path: Path, simulator: Simulator) -> None:
    """And the answer repeats orgId, as every EC answer does."""
    seen = simulator.seen
    in_data = b'{"orgId":"H1 ","transType":"ec.query"}'
    answer = Port(tmp_path).answer("NationEcTrans", [simulator.qr_query.encode(), in_data], 0, 2048)
    reply = json.loads(answer.out.decode("gb18030"))
    assert (answer.code, reply["code"], reply["orgId"]) == (b"-2", -2, "H1")
    assert reply["message"] == "医院程序传来的数据有误（缺少接口请求参数 data），本次没有提交。请联系信息科（-2）。"
    assert simulator.seen == seen


def test_a_name_that_a_gbk_host_sent_comes_back_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform is asked with the real characters, and their bytes are those of code page 936."""
    bodies: list[bytes] = []

    def post(_: object, __: str, body: bytes, *___: object) -> HttpAnswer:
        bodies.append(body)
        name = json.loads(body)["data"]["operatorName"]
        return HttpAnswer(json.dumps({"code": 0, "data": {"userName": name}}, ensure_ascii=False).encode("utf-8"))

    monkeypatch.setattr(ByScheme, "post", post)
    name = b"\x80\xfe\x9f\xfe\x50\xaa\xa1\xa1\xa4\x99\x33\xc3\x36\xfe\x59"
    data = b'{"transType":"ec.query","data":{"ecQrCode":"4240000000000000000300350000","operatorName":"' + name + b'"}}'
    answer = Port(tmp_path).answer("NationEcTrans", [URL, data], 0, 2048)
    assert b'"userName":"' + name + b'"' in answer.out
    assert json.loads(bodies[0])["data"]["operatorName"] == "€䶮⺁\ue000·𬱖\ue81e"


@pytest.mark.parametrize("code", ["00\0", "0000\0", "0", "", "错误", "E" * 40, "9" * 40, "0000 "])
@pytest.mark.parametrize("name", ["VirtualCardTrans", "NationEcTrans"])
def test_the_last_check_of_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    """Whatever a reply says: what crosses into C is the word of success itself, or a number other than zero."""
    monkeypatch.setattr(Service, METHODS[name], lambda *_: Reply(code, "x"))
    answer = Port(tmp_path).answer(name, [b"sim:", b"{}"], 0, 2048)
    assert answer.code == (b"9998" if name == "VirtualCardTrans" else b"-1")


# ---- an answer that does not fit -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "code"), [(len(VERIFY["out"].encode("gb18030")), b"9008"), (2048, b"00")])
def test_an_answer_is_whole_or_a_failure_that_says_what_to_set(
    tmp_path: Path, simulator: Simulator, capacity: int, code: bytes
) -> None:
    """The NUL counts: a buffer of exactly the length of the answer is too small."""
    texts = [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")]
    answer = Port(tmp_path).answer("VirtualCardTrans", texts, 0, capacity)
    assert answer.code == code
    text = answer.out.decode("gb18030")
    size = len(VERIFY["out"].encode("gb18030"))
    if code == b"9008":
        assert text == "结果太长，医院程序未能接收，业务已办成，请勿重做，并联系信息科（9008）。"
        told = log(tmp_path)[-1]["text"]
        assert f"应答有 {size} 字节，OutData 只能放 {size - 1} 字节" in told and "out_capacity = 4096" in told
    else:
        assert text == VERIFY["out"]


def test_a_failure_in_the_place_of_an_answer_repeats_its_org_id(tmp_path: Path, simulator: Simulator) -> None:
    texts = [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")]
    answer = Port(tmp_path).answer("NationEcTrans", texts, 0, 200)
    assert answer.code == b"-1" and len(answer.out) < 200
    reply = json.loads(answer.out.decode("gb18030"))
    assert (reply["code"], reply["orgId"]) == (-1, "1TESTORG0000000000000000TESTORG0")
    assert "业务已办成，请勿重做" in reply["message"]


# ---- the last catch --------------------------------------------------------------------------------------------------

# What a call is answered with that an exception has ended, before it may have had an effect outside and after.
ENDED = {
    "VirtualCardTrans": (
        (b"8009", 8009, "扫码组件出错，本次没有提交。请联系信息科（8009）。"),
        (b"3003", 3003, "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（3003）。"),
    ),
    "NationEcTrans": (
        (b"-1", -1, "扫码组件出错，本次没有提交。请联系信息科（-1）。"),
        (b"-1", -1, "扫码组件出错，业务可能已办成，请先查询结果，并联系信息科（-1）。"),
    ),
    "Set_QRflow_Mode": ((b"8009", 8009, ""), (b"3003", 3003, "")),
    "EhealthID_Print": ((b"8009", 8009, ""), (b"3003", 3003, "")),
    "SetEcQrcode": (
        (b"8009", 8009, "扫码组件出错，医保码没有填入。请联系信息科（8009）。"),
        (b"3003", 3003, "扫码组件出错，医保码可能已经填入，请先看输入框，并联系信息科（3003）。"),
    ),
}
RAISED = [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, RecursionError, RuntimeError]


def text_of(answer: Answer, charset: str = "gb18030") -> str:
    text = answer.out.decode(charset)
    return str(json.loads(text)["message"]) if text.startswith("{") else text


def ending(monkeypatch: pytest.MonkeyPatch, raised: type[BaseException], begun: bool) -> None:
    """Every call ends with `raised`."""

    def serve(*_: object) -> None:
        if begun:
            submission.begin()
        raise raised("患者张三")

    for method in METHODS.values():
        monkeypatch.setattr(Service, method, serve)


@pytest.mark.parametrize("handled", [True, False], ids=["handled", "twice"])
@pytest.mark.parametrize("begun", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize("name", list(METHODS))
def test_whatever_is_raised_ends_as_the_state_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    raised: type[BaseException],
    begun: bool,
    handled: bool,
) -> None:
    """Also where the answer of that cannot be made: one was prepared."""
    ending(monkeypatch, raised, begun)
    if not handled:
        monkeypatch.setattr(CallRecord, "failed", lambda *_: (_ for _ in ()).throw(raised("患者张三")))
    texts = [b"sim:", b"{}"] if name.endswith("Trans") else [b"1:", b"2", b"3"]
    code, number, text = ENDED[name][begun]
    answer = Port(tmp_path).answer(name, texts, 1, 256 if text else 0)
    assert (answer.code, answer.number, text_of(answer)) == (code, number, text)
    assert "张三" not in "".join(map(str, log(tmp_path)))
    assert any(row.get("exception") == raised.__name__ for row in log(tmp_path))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("capacity", [0, 1, 20, 96])
@pytest.mark.parametrize("name", ["VirtualCardTrans", "NationEcTrans", "SetEcQrcode"])
def test_a_prepared_answer_fits_or_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, capacity: int
) -> None:
    ending(monkeypatch, MemoryError, True)
    monkeypatch.setattr(CallRecord, "failed", lambda *_: (_ for _ in ()).throw(MemoryError))
    answer = Port(tmp_path).answer(name, [b"sim:", b"{}"], 1, capacity)
    assert answer.code == ENDED[name][capacity > 0][0] and len(answer.out) < max(capacity, 1)
    assert answer.out == b"" or text_of(answer) == ENDED[name][True][2]


@pytest.mark.parametrize("handled", [True, False], ids=["handled", "twice"])
def test_the_answer_is_in_the_charset_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handled: bool
) -> None:
    (tmp_path / "vcshim.ini").write_text("[abi]\ncharset = utf-8\n")
    ending(monkeypatch, KeyboardInterrupt, True)
    if not handled:
        monkeypatch.setattr(CallRecord, "failed", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    answer = Port(tmp_path).answer("NationEcTrans", [b"sim:", b"{}"], 0, 2048)
    assert text_of(answer, "utf-8") == ENDED["NationEcTrans"][True][2]


@pytest.mark.parametrize("raised", RAISED)
def test_a_start_that_fails_says_so_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[BaseException], capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise raised("患者张三")

    port = Port(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("shim.call_port.wire", fail)
        answer = port.answer("NationEcTrans", [b"sim:", QUERY["in"].encode("gb18030")], 0, 2048)
    text, told = "扫码组件不能启动（代号 B12），本次没有提交。请联系信息科（-1）。", f"内部异常 {raised.__name__}，"
    if raised is MemoryError:
        text = "内存不足，扫码组件不能启动，本次没有提交，可以再试；请先关闭其他程序（-1）。"
        told = "内存不足，vcshim 没有启动"
    assert (answer.code, text_of(answer)) == (b"-1", text)
    note = start_note(tmp_path).read_bytes().decode("utf-8-sig")  # there is no log yet
    assert note.startswith(told) and "张三" not in note
    assert ("test_call_port.py:" in note) == (raised is not MemoryError)
    assert port.answer("NationEcTrans", [b"sim:", QUERY["in"].encode("gb18030")], 0, 2048).code == b"0000"
    assert capfd.readouterr() == ("", "")


def test_an_answer_that_cannot_be_converted_leaves_the_outcome_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the orgId of the request, where it was known."""
    in_data = QUERY["in"].encode("gb18030")
    port = Port(tmp_path)
    for name in ("shim.host_bytes.failure_code", "shim.codec.encode"):
        with monkeypatch.context() as patch:
            patch.setattr(name, lambda *_: (_ for _ in ()).throw(SystemExit))
            answer = port.answer("NationEcTrans", [b"sim:?sim=refuse:500049", in_data], 0, 2048)
        assert (answer.code, text_of(answer)) == (b"-1", ENDED["NationEcTrans"][True][2]), name
    with monkeypatch.context() as patch:
        patch.setattr(Port, "_with_problems", lambda *_: (_ for _ in ()).throw(MemoryError))
        answer = port.answer("NationEcTrans", [b"sim:?sim=again:1", in_data], 0, 2048)
    assert json.loads(answer.out.decode("gbk"))["orgId"] == "1TESTORG0000000000000000TESTORG0"


def test_a_store_that_fails_costs_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.answer_store.AnswerStore.save", lambda *_: (_ for _ in ()).throw(MemoryError))
    answer = Port(tmp_path).answer("NationEcTrans", [b"sim:", QUERY["in"].encode("gb18030")], 0, 200)
    assert answer.code == b"-1" and "业务已办成，请勿重做" in text_of(answer)
    assert log(tmp_path)[-1]["text"].endswith("应答全文没有保存")
