"""A host that traces and profiles every thread of its interpreter: no function of anybody else's must appear."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from typing import Any

from hospital import Hospital

traced: list[str] = []
SCRIPTS = os.path.dirname(os.path.abspath(__file__))
OWN = (SCRIPTS, os.path.dirname(threading.__file__), "<frozen")


def trace(frame: Any, event: str, argument: Any) -> Any:
    """Note every function that is not this program's or the standard library's of its interpreter."""
    if not os.path.abspath(frame.f_code.co_filename).startswith(OWN) and not frame.f_code.co_filename.startswith(OWN):
        traced.append(f"{frame.f_code.co_filename} {frame.f_code.co_name}")
    return trace if event == "call" else None


his = Hospital()
with open(os.devnull, "w") as nowhere:
    faulthandler.enable(nowhere)
    threading.settrace(trace)
    threading.setprofile(trace)
    sys.settrace(trace)
    sys.setprofile(trace)
    his.before()
    his.load()
    his.every("http")
    his.threads(8, "person")
    his.every("sim")
    his.after()
    sys.setprofile(None)
    sys.settrace(None)
    faulthandler.disable()
his.notes["traced"] = sorted(set(traced))
his.finish()
