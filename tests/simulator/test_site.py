"""The site of the documents and help.html in headless Chromium, opened as files: Chinese words are found by a search.

The site is built as `build_dll.py site` builds it, which fails for a link that leads nowhere. Nothing is asked of a
network.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from buildlib import site
from buildlib.site import help_file
from tests.support.browser import Browser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("site")
    assert site.run(folder) == 0
    (folder / "help-alone").mkdir()
    (folder / "help-alone" / "help.html").write_text(help_file.text(), "utf-8")
    yield folder


def search(browser: Browser, words: str) -> list[str]:
    """Type into the search box; the headings that are found, the best first."""
    box = browser.find(".search input")
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(words)
    return [
        str(text)
        for text in browser.script("return [...document.querySelectorAll('.found b')].map(e => e.textContent)")
    ]


def test_search_of_the_site(built: Path, browser: Browser) -> None:
    browser.open((built / "index.html").as_uri())
    found = search(browser, "缺纸")
    assert found[0].startswith("标签打不出来") and any(each.startswith("label.paper_out") for each in found)
    assert any(each.startswith("扫码枪正被另一个程序使用") for each in search(browser, "扫码枪 厂商控件"))
    assert search(browser, "total_seconds")[0].startswith("[transport] total_seconds")
    assert search(browser, "没有这样的词儿") == []
    assert browser.text(".found p") == "没有找到。"
    search(browser, "返回 3003 或 -1，不知道办成没有")
    browser.follow(".found a")
    assert browser.text("h1") == "按现象排查"
    assert browser.script("return decodeURIComponent(location.hash)") == "#返回-3003-或--1不知道办成没有"


def test_search_from_a_page_in_a_folder(built: Path, browser: Browser) -> None:
    browser.open((built / "design" / "share.html").as_uri())
    assert search(browser, "扫码枪")
    browser.follow(".found a")
    assert browser.text("h1") == "扫码枪"


def test_the_help_file(built: Path, browser: Browser) -> None:
    """A place that vcshim.ini names is shown, and a search leads to another one without leaving the file."""
    browser.open((built / "help-alone" / "help.html").as_uri() + "#scanner.port")
    top = browser.script("return document.getElementById('scanner.port').getBoundingClientRect().top")
    assert 0 <= top < 900
    assert search(browser, "KB2999226")
    assert search(browser, "标签反了")[0].startswith("标签反了、偏了、缩小了")
    browser.click(".found a")
    assert browser.script("return decodeURIComponent(location.hash)") == "#troubleshooting-标签反了偏了缩小了"


@pytest.mark.parametrize("page", ["index.html", "settings.html", "messages.html", "help-alone/help.html"])
def test_a_telephone_needs_no_scrolling_to_the_side(built: Path, browser: Browser, page: str) -> None:
    browser.size(390, 844)
    browser.open((built / page).as_uri())
    assert browser.script("const page = document.documentElement; return page.scrollWidth - page.clientWidth") == 0
    assert not browser.find("nav.pages").is_displayed()
    browser.click("label.menu")
    assert browser.find("nav.pages").is_displayed()
