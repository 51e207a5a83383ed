"""What a call goes through, stage by stage, for whoever asked for it: `vcshim call --explain`.

The parts of a call tell their stages here, and compute nothing for it: while nobody watches, a stage costs one
comparison. What is told holds no secret: where the application key stands in a text, the text has `KEY`. It holds the
fields of the request and of the answer, so it never goes into a log. Imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

KEY = "<key>"
"""Stands for the application key in what is told."""

Observer = Callable[[str, dict[str, object]], None]
"""Takes the name of a stage and its facts, on the thread of the call."""

REQUEST, FINDINGS, CODE, BASE, CIPHER, WIRE, ANSWER, OPENED, RESULT = STAGES = (
    "request", "findings", "code", "base_string", "cipher", "wire", "answer", "opened", "result",
)  # fmt: skip

observer: Observer | None = None
"""Who watches the calls of this process; None in hosts. Only `watched` sets it."""


@contextmanager
def watched(by: Observer) -> Iterator[None]:
    """Tell the stages of all calls within the block. For a process that makes its calls itself, one by one."""
    global observer
    before, observer = observer, by
    try:
        yield
    finally:
        observer = before
