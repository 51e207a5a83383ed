"""A host that has looked attributes of capsules up, before the first call and after it.

The start lock of cffi's embedding is a field of the type of capsules, which such look-ups use.
"""

from __future__ import annotations

import datetime
import importlib
import threading

from hospital import Hospital

CAPSULES = (
    ("datetime", "datetime_CAPI"), ("_socket", "CAPI"), ("_decimal", "_C_API"), ("pyexpat", "expat_CAPI"),
    ("unicodedata", "_ucnhash_CAPI"), ("unicodedata", "ucnhash_CAPI"),
)  # fmt: skip


def look(names: list[str]) -> None:
    """Look attributes of every capsule up: such as all objects have, and such as none has."""
    for module, name in CAPSULES:
        capsule = getattr(importlib.import_module(module), name, None)
        for attribute in (*names, "__class__", "__doc__", "__reduce_ex__"):
            getattr(capsule, attribute, None)
            hasattr(type(capsule), attribute)


his = Hospital()
look(["x"])
getattr(datetime.datetime_CAPI, "x", None)
his.before()
if "thread" in his.words:
    first = threading.Thread(target=look, args=(["y"],))
    first.start()
    first.join()
his.load()
his.every("http")
look([f"x{number}" for number in range(2000)])
his.every("sim")
his.after()
his.finish()
