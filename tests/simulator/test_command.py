"""`vcshim simulator` and its measurement, as processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from bench import simulator as bench
from shim.cli import main
from shim.simulator.server import Simulator
from shim.simulator.state import SimulatorState
from tests.support.interrupts import as_from_a_terminal
from tests.support.platforms import VERIFY, VERIFYING, body


@contextmanager
def command(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "shim.cli", "--lang", "en", "simulator", "--port", "0", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=as_from_a_terminal,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def addresses(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rpartition(" ")[2].strip() for _ in range(4)]


def test_it_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "platforms.db"
    with command("--file", str(file), "--misbehave", "refuse:2001", "--misbehave", "label:gbk@0", "--seed", "3") as run:
        gateway, qr_query, console, phones = addresses(run)
        assert gateway == console + "ehcService/gateway.do" and phones == console + "phone"
        assert qr_query == console + "localcfc/api/hsecfc/localQrCodeQuery"
        assert requests.post(gateway, body(VERIFY, VERIFYING), timeout=20).json()["ret_code"] == "2001"
        assert requests.get(console + "_sim/standing", timeout=20).json() == {
            "rules": ["refuse:2001", "label:gbk@0"],
            "seed": 3,
        }
        for page in (console, phones):
            assert requests.get(page, timeout=20).status_code == 200
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
        assert (run.returncode, errors) == (0, "")
    state = SimulatorState(file)  # the file has the call
    assert [call.code for call in state.calls.after()] == ["2001"]
    state.close()


def test_it_shows_its_calls_and_what_to_call_with() -> None:
    with command() as run:
        gateway, *_ = addresses(run)
        assert run.stdout is not None
        assert run.stdout.readline() == (
            "use in requests: app_id 1TESTAPP0000000000000000TESTAPP0, key 1TESTSEC0000000000000000TESTSEC0, "
            "term_id 35020010001\n"
        )
        requests.post(f"{gateway}x?a=b", b"{}", timeout=20)
        assert run.stdout.readline().partition("  ")[2] == (
            "404: no platform at /ehcService/gateway.dox; there are /ehcService/gateway.do, "
            "/localcfc/api/hsecfc/localQrCodeQuery, /localcfc/api/hsecfc/localEcTokenCheck\n"
        )
        requests.get(f"{gateway}x", timeout=20)  # a browser's, such as an icon: no news
        requests.post(gateway, body(VERIFY, VERIFYING), timeout=20)
        assert "  ehc.ehealthcode.verify  0000 操作成功  " in run.stdout.readline()
        run.send_signal(signal.SIGINT)
        assert run.communicate(timeout=60)[1] == ""


def test_a_program_reads_its_calls() -> None:
    """The addresses, then a line a call; with --quiet no calls."""
    with command("--json") as run:
        assert run.stdout is not None
        facts = json.loads(run.stdout.readline())
        assert facts["app_id"] == "1TESTAPP0000000000000000TESTAPP0"
        requests.post(facts["gateway"], body(VERIFY, VERIFYING), timeout=20)
        assert json.loads(run.stdout.readline())["method"] == VERIFY
    with command("--json", "--quiet") as run:
        assert run.stdout is not None
        requests.post(json.loads(run.stdout.readline())["gateway"], body(VERIFY, VERIFYING), timeout=20)
        run.send_signal(signal.SIGINT)
        assert run.communicate(timeout=60)[0] == ""


def test_a_file_keeps_its_rules_unless_others_are_given(tmp_path: Path) -> None:
    file = str(tmp_path / "platforms.db")
    for words, rules in (
        (("--misbehave", "delay:1"), ["delay:1"]),
        ((), ["delay:1"]),
        (("--misbehave", "drop:1@0.5"), ["drop:1@0.5"]),
    ):
        with command("--file", file, *words) as run:
            console = addresses(run)[2]
            assert requests.get(console + "_sim/standing", timeout=20).json()["rules"] == rules


def test_listening_to_other_machines_is_reported() -> None:
    with command("--host", "0.0.0.0", "--url", "http://10.1.1.5:18080") as run:
        addresses(run)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert errors == "vcshim simulator: listening on 0.0.0.0: anybody who can reach this machine can use it\n"


def test_a_name_of_its_own_can_be_given() -> None:
    with command("--allow-host", "proxy.hospital.example") as run:
        console = addresses(run)[2]
        for host, status in (("proxy.hospital.example", 200), ("evil.example", 421)):
            assert requests.get(console, headers={"Host": host}, timeout=20).status_code == status


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["--misbehave", "hurry:1"], 2, "vcshim simulator: --misbehave: unknown directive: hurry\n"),
        (["--misbehave", "drop:1@7"], 2, "vcshim simulator: --misbehave: not DIRECTIVE@PROBABILITY"),
        (["--file", "{folder}"], 1, "cannot be opened"),
        (["--file", "{folder}/none/platforms.db"], 1, "cannot be opened; make its folder"),
        (["--file", "{folder}/text"], 1, "not a database of the simulator; name another file"),
        (["--port", "{taken}"], 1, "in use"),
    ],
)
def test_errors_of_the_command(
    words: list[str], code: int, text: str, tmp_path: Path, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("some text that is no database" * 100)
    port = simulator.url.rpartition(":")[2]
    asked = [word.format(folder=tmp_path, taken=port) for word in words]
    assert main(["--lang", "en", "simulator", *asked]) == code
    error = capsys.readouterr().err
    assert text in error and error.startswith("vcshim simulator: ") and error.count("\n") == 1


def test_the_measurement(capfd: pytest.CaptureFixture[str]) -> None:
    """A short run in which every answer is a success. The figures for docs/simulator.md come from a long one."""
    assert bench.main(["--calls", "60"]) == 0
    rows = [line.split("|")[1].strip() for line in capfd.readouterr().out.splitlines()]
    assert rows[2:] == ["simulator, state in memory", "simulator, state in file", "bare socket, same bytes"]


def test_requests_of_the_measurement_differ() -> None:
    contents = {json.loads(bench._request(number).partition(b"\r\n\r\n")[2])["sign"] for number in range(20)}
    assert len(contents) == 20
