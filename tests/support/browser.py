"""Headless Chromium under the control of a test: a new profile, no network of its own, a window of any size.

For tests and screenshots.
"""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import zxingcpp
from PIL import Image
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from buildlib import tools

# A wait that takes longer belongs to a test that has failed.
_LIMIT_SECONDS = 60
_POLL_SECONDS = 0.05

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    "--force-color-profile=srgb",
)

# True in another document than the one that was marked, when it is complete and its style sheets are applied.
_MARK = "window.left = true"
_ARRIVED = """
return !window.left && document.readyState === 'complete'
    && [...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)
"""

_T = TypeVar("_T")


class Browser:
    """One window. `driver` is Selenium's, for what is missing here.

    The scripts of a page may replace any element at any time, and a click may lead to another document. An element that
    was found before is then stale, so the methods here take CSS selectors and find the element each time.
    """

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        # Pages behave as in a window that has the focus.
        driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        self.size(1280, 900)

    def forget(self) -> None:
        """Remove all cookies, and what the browser has logged."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.errors()

    def errors(self) -> list[str]:
        """Return what the browser has logged since the last call."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def size(self, width: int, height: int, scale: float = 1) -> None:
        """Set the size of the window in CSS pixels, and the device pixels of each."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is complete.

        NB: the driver may return before the style sheet of the new page is applied; sizes are wrong until then.
        """
        self.script(_MARK)
        self.driver.get(url)
        self._wait_for_arrival()

    def find(self, selector: str) -> WebElement:
        """Return the first element that matches. For elements that no script replaces, in a document that stays."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def count(self, selector: str) -> int:
        """Return how many elements match."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def text(self, selector: str) -> str:
        """Return the text of the first element that matches, "" if there is none."""
        return str(self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def click(self, selector: str) -> None:
        """Click the first element that matches, which must be visible. The document must stay; else use `follow`."""
        self._use(selector, self._click)

    def wait(self, until: Callable[[], object]) -> None:
        """Wait until something is the case; the limit only ends a test that has failed."""
        WebDriverWait(self.driver, _LIMIT_SECONDS, _POLL_SECONDS).until(lambda _: until())

    def follow(self, selector: str) -> None:
        """Click the first element that matches, and wait until the page that it leads to is complete.

        NB: a click may return before the new document is there, and what is found meanwhile belongs to the old one. Or
        it returns after the old one has gone, and reports the element as stale although it was clicked.
        """
        self.script(_MARK)
        with suppress(StaleElementReferenceException):
            self._click(self.find(selector))
        self._wait_for_arrival()

    def script(self, text: str, *values: Any) -> Any:
        """Return the value of a piece of JavaScript. It runs even where the scripts of pages are disabled."""
        return self.driver.execute_script(text, *values)

    def read_codes(self, selector: str) -> list[str]:
        """Return the texts of the QR codes in a picture of the element, as a scanner reads them off the screen."""
        png = self._use(selector, lambda element: element.screenshot_as_png)
        return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))]

    def picture(self, whole: bool) -> Image.Image:
        """Return a picture of the window, or of the `whole` page."""
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole, **self._clip(whole)}
        )
        return Image.open(io.BytesIO(base64.b64decode(shot["data"])))

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        width, height = self.script("const e = document.documentElement; return [e.clientWidth, e.scrollHeight]")
        return {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}

    def _click(self, element: WebElement) -> None:
        self.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def _use(self, selector: str, action: Callable[[WebElement], _T]) -> _T:
        """Apply `action` to the first element that matches; to the next one if a script replaces it meanwhile."""
        wait = WebDriverWait(
            self.driver, _LIMIT_SECONDS, _POLL_SECONDS, ignored_exceptions=(StaleElementReferenceException,)
        )
        return wait.until(lambda _: (action(self.find(selector)),), f"no element for {selector}")[0]

    def _wait_for_arrival(self) -> None:
        """Wait for another document than the marked one. NB: while documents change, scripts fail in several ways."""
        wait = WebDriverWait(self.driver, _LIMIT_SECONDS, _POLL_SECONDS, ignored_exceptions=(WebDriverException,))
        wait.until(lambda _: self.script(_ARRIVED))


@contextmanager
def chromium(profile: Path, *more: str) -> Iterator[Browser]:
    """Run Chromium for the block, with its profile in the folder `profile`, and with `more` options.

    Raises:
        Missing: Chromium or its driver is not installed. One message reports all tests that fail for it.
    """
    tools.require("chromium")
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for option in (*_OPTIONS, *more, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
