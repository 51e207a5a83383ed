"""vcshim-toolbox.exe on a PC that has nothing else: its commands, and the simulator's pages in a real browser.

A short form: `build_dll.py toolbox --pages` runs the page tests of tests/simulator against the program, and
VCSHIM_TOOLBOX names the one for win64. How long it takes to start is printed by build_dll.py toolbox.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from buildlib.compile import version
from buildlib.package.components import COMPONENTS, OF_TOOLBOX
from buildlib.wine import Wine
from shim.capture.record import to_bytes
from shim.simulator.examples import find_example
from shim.simulator.persons import PERSONS, SECRET
from shim.toolbox import COMMANDS
from tests.support import toolbox
from tests.support.browser import Browser, chromium
from tests.support.captured import captures
from tests.support.captured_vendors import INSIDE
from tests.support.clients import Kind, Rig
from tests.support.product import install

WHICH = os.environ.get("VCSHIM_TOOLBOX", "win32")
PERSON = PERSONS[2]


@pytest.fixture(scope="module")
def program() -> Path:
    return toolbox.program(WHICH)


@pytest.fixture(scope="module")
def wine(rig: Rig) -> Wine:
    return rig.wine64 if WHICH == "win64" else rig.wine32


@pytest.fixture(scope="module")
def server(wine: Wine, program: Path) -> Iterator[toolbox.ToolboxSimulator]:
    with toolbox.simulator(wine, program) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as window:
        yield window


class Toolbox:
    """The program in a folder of its own."""

    def __init__(self, wine: Wine, program: Path, folder: Path) -> None:
        self._wine, self._program, self.folder = wine, program, folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._wine.run([self._program, "--lang", "en", *words], cwd=self.folder)

    def data(self, *words: str) -> Any:
        """The JSON that a command prints."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def desk(wine: Wine, program: Path, tmp_path: Path) -> Toolbox:
    return Toolbox(wine, program, tmp_path)


def test_what_is_in_it(desk: Toolbox) -> None:
    assert desk.run("--version").stdout == f"vcshim {version()}\n"
    listed = desk.run("--help").stdout
    shown = {line.split()[0] for line in listed.splitlines() if line.startswith("    ") and line.split()}
    assert set(COMMANDS) <= shown and not {"screen", "scan"} & shown


def test_its_licences(program: Path) -> None:
    """Beside it: what the set has, and what only the toolbox has."""
    licences = program.parent / "licences"
    notice = (licences / "NOTICE.txt").read_text("utf-8-sig")
    names = [component.name for component in (*COMPONENTS, *OF_TOOLBOX)]
    assert [name for name in names if f"\n{name}" not in notice] == []
    assert {"tornado-LICENSE.txt", "pyinstaller-COPYING.txt"} <= {path.name for path in licences.iterdir()}
    bill = json.loads((licences / "vcshim.cdx.json").read_text("utf-8"))
    assert {each["name"] for each in bill["components"]} | {"virtualcard-shim"} == set(names)


def test_a_request_is_written_signed_and_opened(desk: Toolbox) -> None:
    """From an example to the wire and back, without a platform."""
    assert desk.run("examples", "--write", "requests").returncode == 0
    (desk.folder / "key").write_text(SECRET)
    sealed = desk.run("sign", "requests/verify.json", "--key-file", "key")
    (desk.folder / "sealed.json").write_text(sealed.stdout, "utf-8")
    opened = desk.data("open", "sealed.json", "--direction", "request", "--key-file", "key")
    assert PERSON.ehealth_code in json.dumps(opened)
    found = desk.run("spec", "3002")
    assert found.returncode == 0 and "流水号重复" in found.stdout


def test_calls(desk: Toolbox, server: toolbox.ToolboxSimulator) -> None:
    """Against the platforms inside the program, and against its own simulator over the network."""
    assert desk.data("call", "--example", "verify")["user_name"] == PERSON.user_name
    insured = desk.data("call", "--example", "ec.query", "--url", server.qr_query)
    assert insured["data"]["userName"] == PERSONS[3].user_name


def test_captures_are_learnt_and_replayed(desk: Toolbox) -> None:
    """With searching processes of its own; byte for byte."""
    calls = b"\n".join(map(to_bytes, captures(INSIDE["gbk"], 10)))
    (desk.folder / "captures.jsonl").write_bytes(calls)
    learnt = desk.run("learn", "captures.jsonl", "--processes", "2")
    assert learnt.returncode == 0, learnt.stderr
    (desk.folder / "vcshim.ini").write_text(learnt.stdout, "utf-8")
    replayed = desk.run("replay", "captures.jsonl", "--json", "report.json")
    assert replayed.returncode == 0, replayed.stdout
    report = json.loads((desk.folder / "report.json").read_text("utf-8"))
    assert report["total"] == {"calls": 10, "agree": 10, "differ": 0, "not_comparable": 0, "share": 1.0}


# ---- the bridge ------------------------------------------------------------------------------------------------------

TOKEN = "a-token-of-the-tests-0123456789"
QUERY = {"transType": "ec.query", "orgId": "1", "data": {"orgId": "1", "businessType": "01101", "operatorId": "1"}}


def test_the_bridge(wine: Wine, program: Path, tmp_path: Path) -> None:
    """The set's own DLLs, loaded by a second process of the program; one service a session; it ends when asked to."""
    kind: Kind = "win64-c" if WHICH == "win64" else "win32-c"
    his = install(kind, tmp_path / "his").ini(f"[bridge]\ntoken = {TOKEN}\n")
    query = json.loads(json.dumps(QUERY))
    query["data"] |= {"operatorName": "龙䶮", "ecQrCode": "4240000000000000000300350000"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with toolbox.bridge(wine, program, his.folder) as port:
        url = f"http://127.0.0.1:{port}/v1"
        call = {"strUrl": "sim:", "InData": query}
        answer = requests.post(f"{url}/calls/NationEcTrans", json=call, headers=headers, timeout=120).json()
        assert (answer["code"], answer["data"]["data"]["userName"]) == ("0000", "龙䶮")
        refused = requests.post(f"{url}/calls/NationEcTrans", json=call, timeout=60)
        assert (refused.status_code, refused.json()["error"]) == (401, "token")
        again = wine.run([program, "--lang", "en", "bridge", "--folder", Wine.windows_path(his.folder)])
        assert again.returncode == 1 and f"on port {port}" in again.stderr
        stopped = wine.run([program, "--lang", "en", "bridge", "--stop", "--folder", Wine.windows_path(his.folder)])
        assert (stopped.returncode, stopped.stdout) == (0, f"stopped, on port {port}\n")


# ---- pages -----------------------------------------------------------------------------------------------------------


def test_a_code_of_the_phone_page_is_verified(
    server: toolbox.ToolboxSimulator, desk: Toolbox, browser: Browser
) -> None:
    """Read off the screen, with fonts and style sheets that came out of the program."""
    browser.open(f"{server.url}/phone/{PERSON.code_id}?show=dynamic&life=600")
    assert browser.text("#holder") == PERSON.user_name
    (code,) = browser.read_codes(".qr")
    example = find_example("verify")
    assert example is not None
    request = json.loads(example.text)
    request["biz_content"] |= {"ehealth_code": code, "out_verify_no": "PHONE1"}
    (desk.folder / "in.json").write_text(json.dumps(request), "utf-8")
    answer = desk.data("call", "VirtualCardTrans", "in.json", "--url", server.gateway)
    assert answer["user_name"] == PERSON.user_name
    assert browser.errors() == []


def test_consent_on_the_page(server: toolbox.ToolboxSimulator, desk: Toolbox, browser: Browser) -> None:
    """An authorisation is asked for, the person on the phone agrees, and the query says so."""
    url = desk.data("call", "--example", "authurl", "--url", server.gateway)["ehealth_authurl"]
    browser.open(f"{server.url}/phone/{PERSON.code_id}")
    browser.open(url)
    browser.follow("button[value=agree]")
    answer = desk.data("call", "--example", "auth.query", "--url", server.gateway)
    assert (answer["auth_status"], answer["user_name"]) == ("succ", PERSON.user_name)
    assert browser.errors() == []


def test_the_console(server: toolbox.ToolboxSimulator, browser: Browser) -> None:
    """A call that arrives shows in the console, whose scripts came out of the program as well."""
    requests.post(f"{server.gateway}?sim=refuse:1234", b"{}", timeout=20)
    browser.open(f"{server.url}/")
    assert "1234" in browser.text("main")
    assert browser.errors() == []
