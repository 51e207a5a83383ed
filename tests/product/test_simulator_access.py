"""Both ways to reach the simulator, a socket and `sim:`: what a host sees of each fault, and that both agree.

Everything goes through Port, as the DLL has it: the codes here are what a hospital program gets.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from shim.call_port import Port
from shim.host_bytes import Answer
from shim.simulator.server import Simulator
from shim.simulator.state import SimulatorState
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Kind, Rig, trans_line
from tests.support.fault_outcomes import SEEN
from tests.support.platforms import NEWCOMER
from tests.support.product import install

Scheme = Literal["http", "sim"]
Ask = Callable[..., Answer]
FUNCTIONS = ("VirtualCardTrans", "NationEcTrans")
GOOD = {"VirtualCardTrans": b"00", "NationEcTrans": b"0000"}


@pytest.fixture(params=["http", "sim"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def ask(tmp_path: Path, scheme: Scheme, simulator: Simulator) -> Ask:
    """A call of one host: ask(function, directives, ini)."""
    ports: dict[str, Port] = {}

    def run(function: str, directives: str = "", ini: str = "[transport]\ntotal_seconds = 1\n") -> Answer:
        if ini not in ports:
            (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
            ports[ini] = Port(tmp_path)
        base = {"VirtualCardTrans": simulator.gateway, "NationEcTrans": simulator.qr_query}[function]
        url = (base if scheme == "http" else "sim:") + "?sim=" + ",".join(filter(None, ("again:1", directives)))
        data = json.loads((VERIFY if function == "VirtualCardTrans" else QUERY)["in"])
        return ports[ini].answer(function, [url.encode(), json.dumps(data).encode("gb18030")], 0, 2048)

    return run


@pytest.mark.parametrize(("directives", "card", "nation"), SEEN)
def test_what_a_host_sees(ask: Ask, directives: str, card: str, nation: str) -> None:
    answers = [ask(function, directives) for function in FUNCTIONS]
    assert answers[0].code.decode() in card.split() and answers[1].code.decode() in nation.split()
    unknown = b"3003" == answers[0].code and "refuse" not in directives
    # Both calls identify somebody: without an answer there is no result, and nothing was done.
    said = ["没有结果，不影响业务" in answer.out.decode("gb18030") for answer in answers]
    assert said == [unknown] * 2 or "early" in directives
    assert all(answer.out for answer in answers)
    assert [ask(function).code for function in FUNCTIONS] == list(GOOD.values())  # the next call succeeds


# A missing or wrong sign is refused with [wire] verify = strict; otherwise the call succeeds and the log has a line.
@pytest.mark.parametrize("directives", ["spoil:1", "unsigned:1"])
def test_signs(ask: Ask, directives: str) -> None:
    assert ask("VirtualCardTrans", directives).code == b"00"
    assert ask("VirtualCardTrans", directives, "[wire]\nverify = strict\n").code == b"9003"


def test_a_gbk_body(ask: Ask) -> None:
    """Under the label UTF-8 the name is right, or the call is refused; it is never a wrong name."""
    answers = {function: ask(function, "gbkbody:1") for function in FUNCTIONS}
    assert {function: answer.code for function, answer in answers.items()} == {
        "VirtualCardTrans": b"00",
        "NationEcTrans": b"0000",
    }
    assert "王𬱖" in answers["VirtualCardTrans"].out.decode("gb18030")


def test_a_platform_that_is_down(simulator: Simulator, tmp_path: Path) -> None:
    """The first call is reset, the following ones are refused until the time has passed."""
    with Simulator() as server:
        port = Port(tmp_path)
        data = VERIFY["in"].encode("gb18030")

        def call(url: str) -> bytes:
            return port.answer("VirtualCardTrans", [url.encode(), data], 0, 2048).code

        assert call(server.gateway + "?sim=down:1500") in (b"3003", b"8002")
        assert [call(server.gateway) for _ in range(3)] == [b"8004"] * 3
        codes = iter(lambda: call(server.gateway), b"00")
        assert set(codes) <= {b"8004"}
        assert [call.code for call in server.calls] == ["", "0000"]  # the reset one was not carried out
        assert call(server.refused) == b"8004"


def test_a_platform_that_is_down_in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(
        "shim.simulator.inprocess.time", SimpleNamespace(monotonic=lambda: now[0], sleep=lambda _: None)
    )
    port = Port(tmp_path)

    def call(url: str) -> bytes:
        return port.answer("VirtualCardTrans", [url.encode(), VERIFY["in"].encode("gb18030")], 0, 2048).code

    assert call("sim:?sim=down:300") == b"8004"
    assert call("sim:") == b"8004"
    now[0] += 0.299
    assert call("sim:") == b"8004"
    now[0] += 0.001
    assert call("sim:") == b"00"


# ---- sim: ------------------------------------------------------------------------------------------------------------


def test_no_server_and_no_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr("socket.socket", refuse)
    port = Port(tmp_path)
    answer = port.answer("VirtualCardTrans", [b"sim:", VERIFY["in"].encode("gb18030")], 0, 2048)
    assert answer.code == b"00"
    assert json.loads(answer.out.decode("gb18030"))["user_name"] == "王𬱖"
    answer = port.answer("NationEcTrans", [b"SIM:", QUERY["in"].encode("gb18030")], 0, 2048)
    assert answer.code == b"0000"
    log = "".join(path.read_text("utf-8") for path in (tmp_path / "vcshim_log").glob("*.log"))
    assert log.count("由 vcshim 内的模拟平台应答，数据均为虚构") == 1


@pytest.mark.parametrize("kind", ["linux-c", "win32-delphi", "win64-c"])
def test_through_the_libraries(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """The built product and no server: both functions, misbehaviour, and a file that tells what happened."""
    product = install(kind, tmp_path / "his").ini("[simulator]\nfile = platforms.db\n")
    verify, query = (case["in"].encode("gb18030") for case in (VERIFY, QUERY))
    lines = [
        trans_line("verify", verify, url="sim:"),
        trans_line("query", query, url="sim:", export="NationEcTrans"),
        trans_line("again", verify, url="sim:"),
        trans_line("used", query, url="sim:", export="NationEcTrans"),
        trans_line("down", verify, url="sim:?sim=down:1"),
    ]
    replies = product.run(rig, lines)
    assert [reply.broken for reply in replies] == [{}] * 5
    assert [reply.returned for reply in replies] == [b"00", b"0000", b"3002", b"500049", b"8004"]
    assert replies[0].out == VERIFY["out"].encode("gb18030")
    with closing(SimulatorState(product.folder / "platforms.db")) as state:
        assert [call.code for call in state.calls.after()] == ["0000", "0", "3002", "500049", ""]


def test_an_insurance_code_in_verify_finds_its_platform(tmp_path: Path) -> None:
    """strUrl and ECUrl are both ``sim:``: the code decides, and the answer is merged."""
    data = json.loads(VERIFY["in"])
    data["biz_content"] |= {"ehealth_code": "4240000000000000000300350000", "ECUrl": "sim:", "orgId": "ORG"}
    data["biz_content"] |= {"businessType": "01101"}
    answer = Port(tmp_path).answer("VirtualCardTrans", [b"sim:", json.dumps(data).encode()], 0, 2048)
    assert answer.code == b"00"
    merged = json.loads(answer.out.decode("gb18030"))
    assert (merged["card_type"], merged["EcQrCode"]) == ("A2", "4240000000000000000300350000")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sim:/elsewhere", "模拟平台没有地址 sim:/elsewhere"),
        ("sim:?sim=hurry:1", "模拟平台不认识地址中的 sim 参数"),
        ("sim:?sim=delay:soon", "模拟平台不认识地址中的 sim 参数"),
    ],
)
def test_invalid_urls(tmp_path: Path, url: str, words: str) -> None:
    (tmp_path / "vcshim.ini").write_text("[messages]\naudience = developer\n", "utf-8")
    answer = Port(tmp_path).answer("VirtualCardTrans", [url.encode(), VERIFY["in"].encode("gb18030")], 0, 2048)
    assert answer.code == b"9005"
    assert words in answer.out.decode("gb18030")


def test_a_file_is_shared_with_the_server(tmp_path: Path) -> None:
    """One file: the server's console shows calls of ``sim:``, authurl leads to its pages, a serial number is known."""
    state = SimulatorState(tmp_path / "shared.db")
    with Simulator(state=state) as server:
        (tmp_path / "vcshim.ini").write_text("[simulator]\nfile = shared.db\n", "utf-8")
        port = Port(tmp_path)
        data = json.loads(VERIFY["in"])
        data["method"] = "ehc.ehealthcard.authurl"
        data["biz_content"] = {
            "out_authorize_no": "A1",
            "out_authorize_time": "20261121000058",
            "operator_id": "9527",
            "operator_name": "测试员",
            "treatment_code": "010105",
        }
        answer = port.answer("VirtualCardTrans", [b"sim:", json.dumps(data).encode("gb18030")], 0, 2048)
        assert answer.code == b"00"
        url = json.loads(answer.out)["ehealth_authurl"]
        assert url.startswith(server.url + "/auth/")
        assert [call.method for call in server.calls] == ["ehc.ehealthcard.authurl"]
        again = port.answer("VirtualCardTrans", [server.gateway.encode(), json.dumps(data).encode("gb18030")], 0, 2048)
        assert again.code == b"3002"
        assert len(server.calls) == 2
    state.close()


def test_fault_rules_apply_to_both(ask: Ask, tmp_path: Path) -> None:
    state = SimulatorState(tmp_path / "shared.db")
    with Simulator(state=state) as server:
        server.misbehave("refuse:9998", "again:1")
        (tmp_path / "vcshim.ini").write_text("[simulator]\nfile = shared.db\n", "utf-8")
        port = Port(tmp_path)
        urls = [b"sim:", server.gateway.encode()]
        data = VERIFY["in"].encode("gb18030")
        assert [port.answer("VirtualCardTrans", [url, data], 0, 2048).code for url in urls] == [b"9998"] * 2
        server.misbehave()
        assert [port.answer("VirtualCardTrans", [url, data], 0, 2048).code for url in urls] == [b"00", b"3002"]
    state.close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be taken for one" * 20, None])
def test_a_file_that_cannot_be_used(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "shared.db"
    if content is None:
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 9999")
        database.close()
    else:
        path.write_bytes(content)
    (tmp_path / "vcshim.ini").write_text("[simulator]\nfile = shared.db\n[messages]\naudience = developer\n", "utf-8")
    answer = Port(tmp_path).answer("VirtualCardTrans", [b"sim:", VERIFY["in"].encode("gb18030")], 0, 2048)
    assert answer.code == b"8006"
    assert "[simulator] file 无法使用" in answer.out.decode("gb18030")


def test_a_full_disk(tmp_path: Path) -> None:
    """8007, the platform's code for its database. Refusals need no room, and once there is room calls succeed."""
    with closing(SimulatorState(tmp_path / "shared.db")) as state, Simulator(state=state) as server:
        size = state.database.row("PRAGMA page_count")[0]
        state.database.rows(f"PRAGMA max_page_count = {size}")
        port = Port(tmp_path)
        name = "生僻" * 20
        register = json.loads(VERIFY["in"]) | {"method": "ehc.ehealthcard.querywithreg"}

        def call(number: int) -> Answer:
            register["biz_content"] = NEWCOMER | {
                "out_trade_no": f"N{number}",
                "id_no": f"X{number}",
                "user_name": name,
            }
            return port.answer("VirtualCardTrans", [server.gateway.encode(), json.dumps(register).encode()], 0, 2048)

        answers = [call(number) for number in range(400)]
        assert {answer.code for answer in answers} == {b"00", b"8007"}
        assert answers[-1].code == b"8007"
        assert "the disk is full; make room and try again" in answers[-1].out.decode("gb18030")
        assert server.platforms.unlogged > 0
        state.database.rows("PRAGMA max_page_count = 100000")
        assert call(399).code == b"00"
