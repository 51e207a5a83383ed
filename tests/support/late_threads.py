"""Makes threads and imports of a checkout slow: `python -m tests.support.late_threads FOLDER`, and run the tests there.

Each thread of ours begins late, or its starter goes on late, by chance, and each module of the DLLs takes its time.
What two threads do in the order in which they usually come to it then fails: a host that ends before a thread has
written, a thread that asks a module which another one is still importing. Changes the sources, so only for a checkout
that is thrown away; tests of what is imported, and of sources, fail there. Not for CI.
"""

from __future__ import annotations

import sys
from pathlib import Path

_PAUSE = "time.sleep(random.choice((0, 0.002, 0.05, 0.2)))"
# What is appended to shim/__init__.py, which everything imports first.
_PYTHON = f"""

import random
import sys
import threading
import time

_start, _run = threading.Thread.start, threading.Thread.run
_exec = sys.modules["_frozen_importlib"].FrozenImporter.exec_module


def _start_late(self):
    _start(self)
    if self.name.startswith(("vcshim", "bridge", "progress")):
        {_PAUSE}


def _run_late(self):
    if self.name.startswith(("vcshim", "bridge", "progress")):
        {_PAUSE}
    _run(self)


def _exec_slowly(module):
    time.sleep(random.choice((0, 0, 0, 0.005, 0.02)))
    return _exec(module)


threading.Thread.start, threading.Thread.run = _start_late, _run_late
sys.modules["_frozen_importlib"].FrozenImporter.exec_module = staticmethod(_exec_slowly)
"""
# A file, a text that stands there once, and what takes its place.
CHANGES: tuple[tuple[str, str, str], ...] = (
    ("shim/background.py", "import threading\n", "import random\nimport threading\nimport time\n"),
    ("shim/background.py", "        attend()\n", f"        attend()\n        {_PAUSE}\n"),
    (
        "shim/background.py",
        "    _thread.start_new_thread(run, ())\n",
        f"    _thread.start_new_thread(run, ())\n    {_PAUSE}\n",
    ),
    ("native/threads_windows.c", "    own.work();\n", "    Sleep((GetTickCount() & 2) * 75);\n    own.work();\n"),
    (
        "native/threads_windows.c",
        "    return thread != NULL;\n",
        "    Sleep(vcshim_holds_loader() ? 0 : (GetTickCount() & 1) * 150);\n    return thread != NULL;\n",
    ),
    ("native/threads_posix.c", "    work.typed();\n", "    usleep((time(NULL) & 1) * 150000);\n    work.typed();\n"),
)


def change(folder: Path) -> None:
    """Change the sources in `folder`. Raises ValueError for one that is not as it was when this was written."""
    for name, old, new in CHANGES:
        path = folder / name
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{name} does not have {old.strip()!r} once")
        path.write_text(text.replace(old, new), "utf-8")
    with (folder / "shim" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(_PYTHON)


if __name__ == "__main__":
    change(Path(sys.argv[1]))
