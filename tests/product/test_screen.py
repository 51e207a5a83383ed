"""The extension screen as a patient sees it: built libraries, a native program, two monitors, a phone in Chromium.

On Linux the host library; under Wine the 32-bit DLL in a GUI program whose EDIT control has the focus. What is looked
at are pictures of the whole desk; codes are read by two decoders.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
import zxingcpp
from PIL import Image, ImageChops
from pyzbar import pyzbar

from buildlib import console
from buildlib.clients import C_FLAGS, WIN32
from buildlib.wine import Wine
from shim.simulator.persons import APP_ID, SECRET, TERM_ID
from shim.simulator.server import Simulator
from tests.simulator.test_platforms import NEWCOMER
from tests.support.browser import Browser, chromium
from tests.support.desk import Box, Desk, wait_until
from tests.support.paths import NATIVE
from tests.support.product import Product, install

System = Literal["linux", "win32"]
SOURCE = NATIVE / "screenhost.c"
WHO = {"operator_id": "9527", "operator_name": "测试员", "treatment_code": "010101"}
WHEN = "20261121000058"
# A Wine prefix has no Chinese font of its own; a site names one in the same way.
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
# Long enough for a slow machine to see it.
INI = f"[screen]\nheading = 第一医院 · 三号窗口\nfonts = {FONT}#2; Z:{FONT}#2\nsuccess_seconds = 10\n"
# The colours of the signs, which no other picture has (good_colour, bad_colour, accent_colour).
GOOD, BAD, BAR = (0x0A, 0x7D, 0x33), (0xB3, 0x26, 0x1E), (0x0B, 0x5F, 0xA5)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk() as made:
        yield made


@pytest.fixture(scope="module")
def prefix(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    with Wine(tmp_path_factory.mktemp("prefix") / "wine", display=desk.display) as made:
        yield made


@pytest.fixture
def wine(system: System, request: pytest.FixtureRequest) -> Wine | None:
    """None on Linux, which needs none."""
    return request.getfixturevalue("prefix") if system == "win32" else None


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[System, Path]:
    """screenhost, compiled for both."""
    folder = tmp_path_factory.mktemp("screenhost")
    console.run([WIN32, *C_FLAGS, "-o", folder / "screenhost.exe", SOURCE, "-mwindows"], timeout=120)
    console.run(["gcc", *C_FLAGS, "-o", folder / "screenhost", SOURCE, "-ldl"], timeout=120)
    return {"linux": folder / "screenhost", "win32": folder / "screenhost.exe"}


class Host:
    """A hospital's program that does what it is told, and what it answered."""

    def __init__(self, words: list[str], env: dict[str, str], gateway: str) -> None:
        self._gateway = gateway
        self.last = 0.0  # microseconds of the last call
        self.process = subprocess.Popen(
            words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def order(self, line: str) -> list[str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def kill(self) -> None:
        """It ends at once, as a program that crashes."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stdin):
            assert stream is not None
            stream.close()

    def mode(self, mode: int) -> int:
        return int(self.order(f"mode {mode}")[1])

    def call(self, method: str, content: dict[str, Any]) -> dict[str, Any]:
        in_data = {
            "app_id": APP_ID, "biz_content": content, "enc_type": "AES", "key": SECRET, "method": method,
            "sign_type": "SM3", "term_id": TERM_ID, "timestamp": WHEN, "version": "X.M.0.1",
        }  # fmt: skip
        data = json.dumps(in_data, ensure_ascii=False).encode("gb18030")
        _, code, out, took = self.order(f"trans {self._gateway.encode().hex()} {data.hex()}")
        self.last = float(took)
        assert bytes.fromhex(code) == b"00", bytes.fromhex(out).decode("gb18030")
        told: dict[str, Any] = json.loads(bytes.fromhex(out).decode("gb18030"))
        return told

    def ask(self, number: str) -> str:
        """authurl: the URL that the patient is to scan."""
        content = {**WHO, "out_authorize_no": number, "out_authorize_time": WHEN}
        return str(self.call("ehc.ehealthcard.authurl", content)["ehealth_authurl"])

    def query(self, number: str) -> str:
        return str(self.call("ehc.ehealthcard.auth.query", {"out_authorize_no": number})["auth_status"])


def start(
    system: System, product: Product, desk: Desk, wine: Wine | None, programs: dict[System, Path], gateway: str
) -> Host:
    """The program with the library loaded."""
    library = product.library("VC")
    if wine is not None:
        return Host(["wine", str(programs[system]), Wine.windows_path(library)], wine.env, gateway)
    return Host([str(programs[system]), str(library)], {**os.environ, **desk.env}, gateway)


@contextmanager
def running(
    system: System, product: Product, desk: Desk, wine: Wine | None, programs: dict[System, Path], gateway: str
) -> Iterator[Host]:
    """The program from its start to its end, which it must find by itself when told to."""
    host = start(system, product, desk, wine, programs, gateway)
    try:
        yield host
        assert host.order("quit") == ["bye"]
        assert host.process.wait(60) == 0
    finally:
        host.kill()


# ---- what is on the desk ---------------------------------------------------------------------------------------------


def codes(desk: Desk) -> list[str]:
    """What a phone in front of the extension screen reads: both decoders, which must agree."""
    picture = desk.picture(desk.ext)
    first = [code.text for code in zxingcpp.read_barcodes(picture)]
    second = [code.data.decode() for code in pyzbar.decode(picture)]
    return first if first == second else [*first, "?", *second]


def dots(desk: Desk, colour: tuple[int, int, int]) -> int:
    """How many dots of the extension screen have exactly this colour."""
    return sum(count for count, found in desk.picture(desk.ext).getcolors(1 << 24) or [] if found == colour)


def countdown(desk: Desk) -> Image.Image:
    """The top right corner."""
    _, top, right, bottom = desk.ext
    return desk.picture((right - 250, top, right, top + (bottom - top) * 15 // 100))


def is_dark(desk: Desk) -> bool:
    """Nothing of ours on the extension screen: no bar."""
    return dots(desk, BAR) == 0


def at_rest(desk: Desk, box: Box) -> Image.Image:
    """A picture of what no longer changes."""
    while True:
        before = desk.picture(box)
        time.sleep(0.5)
        if not differ(before, desk.picture(box)):
            return before


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


def helpers(runtime: Path) -> list[int]:
    """The helper processes that run from this installation, by their Unix numbers."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\\", b"/")
        except OSError:
            continue
        if folder.name.isdigit() and str(runtime).encode() + b"/vcshim" in words and b"screen-helper" in words:
            found.append(int(folder.name))
    return found


@pytest.fixture(params=["linux", "win32"])
def system(request: pytest.FixtureRequest) -> System:
    found: System = request.param
    return found


@pytest.fixture
def product(system: System, tmp_path: Path) -> Product:
    return install("linux-c" if system == "linux" else "win32-gui", tmp_path / "his").ini(INI)


@pytest.fixture
def host(
    system: System, product: Product, desk: Desk, wine: Wine | None, programs: dict[System, Path], simulator: Simulator
) -> Iterator[Host]:
    wait_until(lambda: is_dark(desk))
    with running(system, product, desk, wine, programs, simulator.gateway) as made:
        yield made
    # The program is gone, and nothing of it is left on the screen or in the process list.
    wait_until(lambda: is_dark(desk) and not helpers(product.runtime))


def test_every_state(host: Host, desk: Desk, system: System, tmp_path: Path) -> None:
    """waiting, refused, 授权成功, hidden; a new code; nothing on the main monitor, the focus where it was."""
    wait_until(lambda: system == "linux" or host.order("focus")[1:3] == ["Edit", "1"])
    before = at_rest(desk, desk.main)
    focus = host.order("focus")
    assert host.mode(1) == 0

    url = host.ask("STATES1")
    wait_until(lambda: codes(desk) == [url])
    first = countdown(desk)
    wait_until(lambda: differ(first, countdown(desk)))
    assert codes(desk) == [url]

    assert host.query("STATES1") == "ing"
    assert dots(desk, BAD) == 0
    time.sleep(0.5)
    assert codes(desk) == [url]

    assert host.mode(0) == 0
    wait_until(lambda: is_dark(desk))
    assert host.mode(1) == 0

    card = host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    wait_until(lambda: codes(desk) == [card["ehealth_code"]])
    follow = host.call("ehc.ehealthcard.querywithreg", {**NEWCOMER, "pub_flag": "Y"})
    wait_until(lambda: codes(desk) == [follow["pub_qrcode"]])

    assert host.order("focus") == focus
    assert not differ(before, desk.picture(desk.main))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.mark.parametrize(
    ("decision", "status", "colour"), [("agree", "succ", GOOD), ("refuse", "cancel", BAD), ("fail", "fail", BAD)]
)
def test_a_patient_decides(
    system: System, host: Host, desk: Desk, browser: Browser, decision: str, status: str,
    colour: tuple[int, int, int], simulator: Simulator,
) -> None:  # fmt: skip
    """The patient's phone is Chromium on the simulator's page; its address is what a decoder read off the screen.

    How soon the screen turns is measured by bench/screen.py: VC 2.2 wants three seconds.
    """
    number = f"DECIDE-{system}-{decision}"
    assert host.mode(1) == 0
    url = host.ask(number)
    wait_until(lambda: codes(desk) == [url])
    browser.forget()
    browser.open(f"{simulator.url}/phone")
    browser.follow(".people a")
    browser.open(codes(desk)[0])
    browser.follow(f"button[value={decision}]")
    while host.query(number) == "ing":  # as a host does, once a second
        time.sleep(1)
    wait_until(lambda: dots(desk, colour) > 1000)
    assert codes(desk) == ([] if status == "succ" else [url])
    if status == "succ":
        wait_until(lambda: is_dark(desk))
    else:
        first = countdown(desk)
        wait_until(lambda: differ(first, countdown(desk)))  # 维持授权页面，倒计时继续
    assert host.query(number) == status


def test_zero_seconds(
    system: System, product: Product, desk: Desk, wine: Wine | None, programs: dict[System, Path], simulator: Simulator
) -> None:
    """At zero the code goes, 已过期 is said, and then the screen is dark."""
    product.ini(INI + "valid_seconds = 15\nexpired_seconds = 10\n")
    with running(system, product, desk, wine, programs, simulator.gateway) as host:
        assert host.mode(1) == 0
        url = host.ask("ZERO1")
        wait_until(lambda: codes(desk) == [url])
        wait_until(lambda: dots(desk, BAD) > 1000)
        assert codes(desk) == []
        wait_until(lambda: is_dark(desk))


def test_a_hung_helper_is_replaced(host: Host, desk: Desk, product: Product) -> None:
    """Stopped in the middle of a countdown: killed, replaced, the code is back; calls and broadcasts go on."""
    assert host.mode(1) == 0
    url = host.ask("HUNG1")
    wait_until(lambda: codes(desk) == [url])
    (hung,) = helpers(product.runtime)
    os.kill(hung, signal.SIGSTOP)
    assert host.query("HUNG1") == "ing"
    assert host.order("broadcast")[0] == "broadcast"  # comes back when the helper was replaced, at the latest
    wait_until(lambda: helpers(product.runtime) not in ([], [hung]))
    wait_until(lambda: codes(desk) == [url])
    first = countdown(desk)
    wait_until(lambda: differ(first, countdown(desk)))
    assert "没有响应" in product.log_text()


def test_the_host_is_killed(
    system: System, product: Product, desk: Desk, wine: Wine | None, programs: dict[System, Path], simulator: Simulator
) -> None:
    """The program crashes with the code on the screen: the helper goes with it, and the screen is dark."""
    host = start(system, product, desk, wine, programs, simulator.gateway)
    try:
        assert host.mode(1) == 0
        url = host.ask("KILLED1")
        wait_until(lambda: codes(desk) == [url])
    finally:
        host.kill()
    wait_until(lambda: is_dark(desk) and not helpers(product.runtime))


def test_no_word_of_a_patient_in_the_log(host: Host, desk: Desk, product: Product) -> None:
    host.mode(1)
    url = host.ask("LOGGED1")
    card = host.call("ehc.ehealthcard.querywithreg", NEWCOMER)
    wait_until(lambda: codes(desk) == [card["ehealth_code"]])
    text = product.log_text()
    assert "扩展屏已就绪" in text
    assert all(secret not in text for secret in (url, card["ehealth_code"], card["ehealth_card_id"], "㛃敏"))


@pytest.mark.parametrize(("mode", "wanted"), [(2, 9001), (-1, 9001), (0, 0)])
def test_other_modes(host: Host, mode: int, wanted: int) -> None:
    assert host.mode(mode) == wanted


def test_one_monitor_only(
    system: System, product: Product, programs: dict[System, Path], simulator: Simulator, tmp_path: Path
) -> None:
    """Never over the only screen: nothing is drawn, the calls succeed, the log says what is missing."""
    with ExitStack() as stack:
        alone = stack.enter_context(Desk(monitors=1))
        wine = stack.enter_context(Wine(tmp_path / "wine", display=alone.display)) if system == "win32" else None
        host = stack.enter_context(running(system, product, alone, wine, programs, simulator.gateway))
        wait_until(lambda: system == "linux" or host.order("focus")[2] == "1")
        before = at_rest(alone, (0, 0, 2304, 1024))
        assert host.mode(1) == 0
        host.ask("ALONE1")
        wait_until(lambda: "没有可用的扩展屏" in product.log_text())
        time.sleep(1)
        assert not differ(before, alone.picture())
