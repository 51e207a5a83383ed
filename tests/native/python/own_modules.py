"""A host with modules of its own under the names of ours, imported or such that importing them fails.

Words of the job: the folder of those modules, and the names of those that are imported first.
"""

from __future__ import annotations

import importlib
import logging
import socket
import ssl
import sys
from typing import Any

from hospital import Hospital

asked: list[str] = []


def watched(owner: Any, name: str) -> None:
    """Put a function that notes each use in the place of another one."""
    original = getattr(owner, name)

    def spy(*arguments: Any, **named: Any) -> Any:
        asked.append(name)
        return original(*arguments, **named)

    setattr(owner, name, spy)


class Handler(logging.Handler):
    """Keeps what the root logger is told."""

    def emit(self, record: logging.LogRecord) -> None:
        asked.append(record.getMessage())


his = Hospital()
logging.basicConfig(level=logging.DEBUG, handlers=[Handler()])
folder, *names = his.words
sys.path.insert(0, folder)
own = {name: importlib.import_module(name) for name in names}
if "requests" in names:
    watched(sys.modules["requests"].Session, "send")
for owner, name in (
    (socket, "socket"), (socket, "create_connection"), (socket, "getaddrinfo"), (ssl, "SSLContext"),
    (ssl, "create_default_context"), (logging.Logger, "handle"), (logging, "getLogger"),
):  # fmt: skip
    watched(owner, name)
his.before()
his.load()
his.every("http")
his.every("sim")
his.threads(8, "person")
his.after()
his.notes["asked"] = asked
his.notes["own"] = [sys.modules[name] is own[name] for name in names]
his.finish()
