"""The doctor's page in a real browser: opened as a file, as a double click does, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.commands.catalogue import doctor as titles
from shim.commands.language import CommandLanguage, Phrase, speaking
from shim.doctor.examine import Examined
from shim.doctor.finding import FindingRow, Level, Place
from shim.doctor.page import DoctorReport
from tests.support.browser import Browser

LONG = "D:\\HIS\\" + "x" * 120
ROWS = [
    FindingRow(f"x.{level.value}", level, Phrase(f"缺少 {LONG}", LONG), titles.NO_SET_MEANS, titles.INSTALL_AGAIN)
    for level in Level
]
REPORT = "检查 D:\\HIS（vcshim）\n\n  [错误] 𬱖 <b>\n"


@pytest.fixture
def page(tmp_path: Path) -> str:
    place = Place(Path("D:/HIS"), Path("D:/HIS/vcshim"))
    found = [Examined(titles.TITLE_FILES, [row() for row in ROWS])]
    with speaking(CommandLanguage.CHINESE):
        (tmp_path / "检查.html").write_bytes(DoctorReport(place, found, REPORT, {}).page().encode())
    return (tmp_path / "检查.html").as_uri()


def test_it_fits_and_logs_no_error(browser: Browser, page: str) -> None:
    """Nothing is refused by the page's own policy, and no window is too narrow: the fixture looks at the log."""
    for width in (1280, 390, 320):
        browser.size(width, 844)
        browser.open(page)
        assert browser.script("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.text(".verdict h1") == "有错误，必须处理"
    assert (browser.count(".todo .card"), browser.count(".checks li li")) == (2, 4)
    colour = browser.script("return getComputedStyle(document.querySelector('.verdict')).backgroundColor")
    assert colour == "rgb(253, 236, 235)"


def test_the_report_is_copied(browser: Browser, page: str) -> None:
    """With the clipboard of the page, and where a browser gives none to a file, by selecting."""
    browser.open(page)
    grant = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", grant)
    for prepare in ("", "Object.defineProperty(navigator, 'clipboard', {value: undefined})"):
        browser.open(page)
        read = "const done = arguments[0]; {}.call(navigator.clipboard).then(done, done)"
        browser.script("window.read = navigator.clipboard.readText.bind(navigator.clipboard);" + prepare)
        browser.driver.execute_async_script(
            "const d = arguments[0]; navigator.clipboard ? navigator.clipboard.writeText('').then(d, d) : d()"
        )
        browser.click("#copy")
        browser.wait(lambda: browser.text("#copy") == "已复制")
        assert read and browser.driver.execute_async_script("window.read().then(arguments[0])") == REPORT


def test_without_scripts_it_is_whole(browser: Browser, page: str) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get(page)
        assert browser.text(".verdict h1") == "有错误，必须处理"
        assert not browser.find("#copy").is_displayed()
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
