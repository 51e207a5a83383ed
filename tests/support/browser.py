"""Headless Chromium, driven: started fresh, never on the network, its window any size. For tests and screenshots."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

_WORDS = (
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

# A new page, whole, and none of its style sheets missing.
_SETTLED = """
return !window.left && document.readyState === 'complete'
    && [...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)
"""


class Browser:
    """One window. `driver` is Selenium's, for whatever is not here."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        # The page believes that somebody looks at it.
        driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
        self.size(1280, 900)

    def forget(self) -> None:
        """No cookies, nothing in the browser's own log."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.errors()

    def errors(self) -> list[str]:
        """What the browser has complained of since it was last asked."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def size(self, width: int, height: int, scale: float = 1) -> None:
        """The window's size in CSS pixels, and how many dots each of them has."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is all there with its style; the limit only ends a test that has failed.

        NB: the driver may be back before the new page has its style sheet, and what is measured then is another page.
        """
        self.script("window.left = true")
        self.driver.get(url)
        self._settled()

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def count(self, selector: str) -> int:
        """How many elements a CSS selector has."""
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def text(self, selector: str) -> str:
        """What the first element of a CSS selector says, now."""
        return str(self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def click(self, selector: str) -> None:
        """Press what a CSS selector finds, as a person would: it must be visible."""
        element = self.find(selector)
        self.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def follow(self, selector: str) -> None:
        """Press it, and wait for the page that it leads to; the limit only ends a test that has failed.

        NB: a question that meets the change of pages is an error of the driver, of one kind or another: asked again.
        """
        self.script("window.left = true")
        self.click(selector)
        self._settled()

    def _settled(self) -> None:
        wait = WebDriverWait(self.driver, 60, 0.05, ignored_exceptions=(WebDriverException,))
        wait.until(lambda _: self.script(_SETTLED))

    def script(self, text: str, *values: Any) -> Any:
        """The value of a piece of JavaScript."""
        return self.driver.execute_script(text, *values)

    def read_codes(self, selector: str) -> list[str]:
        """The texts of the QR codes in a picture of that element: what a scanner gun would read off the screen."""
        picture = Image.open(io.BytesIO(self.find(selector).screenshot_as_png))
        return [code.text for code in zxingcpp.read_barcodes(picture)]

    def picture(self, whole: bool) -> Image.Image:
        """The window, or the `whole` page."""
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole, **self._clip(whole)}
        )
        return Image.open(io.BytesIO(base64.b64decode(shot["data"])))

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        width, height = self.script("const e = document.documentElement; return [e.clientWidth, e.scrollHeight]")
        return {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """A browser whose profile is in `folder`. FileNotFoundError where Chromium or its driver is not installed."""
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise FileNotFoundError(f"not on the PATH: {', '.join(missing)}")
    options = ChromeOptions()
    options.binary_location = str(found["chromium"])
    for word in (*_WORDS, f"--user-data-dir={folder}"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(found["chromedriver"]))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
