"""Each test leaves the log without a listener."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def close_handlers() -> Iterator[None]:
    yield
    for handler in list(logging.getLogger("vcshim").handlers):
        handler.close()
        logging.getLogger("vcshim").removeHandler(handler)
    logging.getLogger("vcshim").addHandler(logging.NullHandler())  # for a thread that has not ended yet
