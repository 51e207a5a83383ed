"""`vcshim bridge` as it is used: the command, the built libraries, the example page in a real browser, and a page of an
attacker's in the same browser.

The service itself, refusal by refusal, is for tests/unit/bridge; the program for Windows for test_bridge_wine.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.browser import Browser, chromium
from tests.support.interrupts import as_from_a_terminal
from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.scanners import simulated

pytestmark = pytest.mark.needs("chromium", "font")

TOKEN = "a-token-of-the-tests-0123456789"
ATTACKER = "attacker.example"
# What a page can try: each gives a word for how it was refused, or what it could read.
_ATTACK = """
const [base, socket, done] = arguments;
const body = '{"strUrl":"sim:","InData":{"transType":"ec.query"}}';
const tried = {
  read: () => fetch(`${base}/v1/status`).then((answer) => answer.text()),
  call: () => fetch(`${base}/v1/calls/NationEcTrans`, {method: 'POST', body,
    headers: {'Content-Type': 'application/json', Authorization: 'Bearer x'}}).then((answer) => answer.text()),
  simple: () => fetch(`${base}/v1/calls/NationEcTrans`, {method: 'POST', body, mode: 'no-cors'})
    .then((answer) => answer.type),
  socket: () => new Promise((resolve, reject) => {
    const opened = new WebSocket(socket);
    opened.onopen = () => resolve('opened');
    opened.onerror = () => reject(new TypeError('refused'));
  }),
};
const names = Object.keys(tried);
Promise.all(names.map((name) => tried[name]().catch((error) => error.name)))
  .then((results) => done(Object.fromEntries(names.map((name, at) => [name, results[at]]))));
"""


class QuietFiles(SimpleHTTPRequestHandler):
    """Files of a folder, without a line a request on stderr."""

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def site(folder: Path) -> Iterator[int]:
    """A web site with the files in `folder`: the port, on 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietFiles, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def command(product: Product, home: Path, *words: str) -> Iterator[int]:
    """The service of a HIS folder: its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "shim.toolbox", "--lang", "en", "bridge", "--folder", str(product.folder), *words],
        cwd=ROOT, env={**os.environ, "XDG_STATE_HOME": str(home)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, preexec_fn=as_from_a_terminal,
    )  # fmt: skip
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        match = re.match(r"serving http://127\.0\.0\.1:(\d+),", line)
        assert match, (line, process.stderr.read())
        yield int(match[1])
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def pages() -> Iterator[int]:
    """The port of the site with the example."""
    with site(ROOT / "examples" / "browser") as port:
        yield port


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return install("linux-c", tmp_path_factory.mktemp("bridge") / "his")


@dataclass(frozen=True)
class Scanner:
    """A scanner that obeys, and reads no code."""

    port: Path
    light: threading.Event


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    scanner = Scanner(tmp_path_factory.mktemp("scanner") / "ttyACM0", threading.Event())
    with simulated("newland", link=str(scanner.port), on_light=lambda _: scanner.light.set()):
        yield scanner


@pytest.fixture(scope="module")
def port(pages: int, product: Product, scanner: Scanner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the service, which permits that site only."""
    product.ini(
        f"[validate]\nlevel = strict\n[bridge]\norigins = http://localhost:{pages}\ntoken = {TOKEN}\n"
        f"[scanner]\ntype = serial\nport = {scanner.port}\nmake = newland\ntimeout_seconds = 300\n"
    )
    with command(product, tmp_path_factory.mktemp("home"), "--port", "0") as served:
        yield served


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for which a name of the attacker's leads to this machine."""
    rules = f"--host-resolver-rules=MAP {ATTACKER} 127.0.0.1"
    with chromium(tmp_path_factory.mktemp("profile"), rules) as window:
        yield window


def wait_for(browser: Browser, text: str) -> None:
    WebDriverWait(browser.driver, 60, 0.05).until(lambda _: text in browser.text("#code"), browser.text("#answer"))


def example(browser: Browser, pages: int, port: int, token: str = TOKEN) -> None:
    """Open the example page, with the token typed in."""
    browser.open(f"http://localhost:{pages}/?port={port}")
    browser.find("#token").send_keys(token)


def test_the_example_page(browser: Browser, pages: int, port: int) -> None:
    """From the page by the service, the library and its simulator, and back, with a rare character."""
    example(browser, pages, port)
    browser.click("#query")
    wait_for(browser, "返回 0000")
    assert "龙䶮" in browser.text("#code")
    assert json.loads(browser.text("#answer"))["data"]["ecToken"]
    assert browser.errors() == []


def test_a_scan_is_cancelled_on_the_page(browser: Browser, pages: int, port: int, scanner: Scanner) -> None:
    """Long before the scan would end by itself."""
    example(browser, pages, port)
    browser.click("#scan")
    assert scanner.light.wait(60)
    browser.click("#cancel")
    wait_for(browser, "返回 -2")


def test_a_wrong_token(browser: Browser, pages: int, port: int) -> None:
    """The page can read why."""
    example(browser, pages, port, "wrong")
    browser.click("#query")
    wait_for(browser, "没有完成：token")
    assert "令牌" in browser.text("#answer")
    browser.errors()


@pytest.mark.parametrize("host", ["localhost", ATTACKER])
def test_a_page_of_another_site(browser: Browser, port: int, product: Product, tmp_path: Path, host: str) -> None:
    """It reads nothing, and nothing is called. The negative control is the first test."""
    before = product.log_text().count('"NationEcTrans"')
    (tmp_path / "index.html").write_text("<title>attack</title>")
    with site(tmp_path) as own:
        browser.open(f"http://{host}:{own}/")
        words = (f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/v1/socket")
        results = browser.driver.execute_async_script(_ATTACK, *words)
    # An answer to a "simple" request is opaque: the browser has sent it, and lets nobody see that it was refused.
    assert results == {"read": "TypeError", "call": "TypeError", "simple": "opaque", "socket": "TypeError"}
    assert product.log_text().count('"NationEcTrans"') == before
    browser.errors()


def test_a_name_that_leads_here(browser: Browser, port: int) -> None:
    """DNS rebinding: the attacker's page is of the same origin as the service, which tells it nothing."""
    browser.open(f"http://{ATTACKER}:{port}/v1/status")
    assert '"error":"host"' in browser.text("body")
    browser.errors()


def test_the_log_tells_no_patient(product: Product, port: int) -> None:
    """Calls by code and time, who was refused and why; no name, number, code or token."""
    text = product.log_text()
    rows = [json.loads(line) for line in text.splitlines() if "vcshim bridge" in line]
    assert {"0000", "-2"} <= {row.get("code") for row in rows}
    assert {"origin", "host", "token"} <= {row.get("reason") for row in rows}
    for value in ("龙䶮", "4240000000000000000300350000", "990000195304040039", TOKEN):
        assert value not in text
