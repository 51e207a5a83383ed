"""The browser of the page tests: one Chromium for a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser import Browser, chromium


@pytest.fixture(scope="session")
def chromium_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The window that all page tests share. A missing Chromium fails them, in one message."""
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def browser(chromium_window: Browser) -> Iterator[Browser]:
    """The window without cookies, 1280 x 900. A test must collect the errors that it makes the browser log."""
    chromium_window.forget()
    chromium_window.size(1280, 900)
    yield chromium_window
    assert chromium_window.errors() == []
    chromium_window.driver.get("about:blank")
