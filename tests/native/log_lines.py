"""A Windows program for tests/product/test_log.py: writes log lines while its files are spoilt under its hands.

Argument: a folder. Prints what is left of each part, a line of JSON each; an error of shim.log ends it with a trace.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

from shim import log


def texts(folder: Path) -> list[object]:
    """The texts of the lines, half lines as they stand."""
    shown: list[object] = []
    for path in sorted(folder.glob("vcshim-*.log")):
        for line in path.read_text("utf-8").splitlines():
            try:
                shown.append(json.loads(line)["text"])
            except ValueError:
                shown.append({"half": line})
    return shown


def main(folder: Path) -> None:
    """Half lines, a moved file, a folder in the place of a file, old files, and a second process."""
    logs = folder / "logs"
    logger = log.open_log(logs, folder / "second", "info", 30)
    log.event(logger, logging.INFO, "one")
    (path,) = logs.iterdir()
    with path.open("ab") as other:
        other.write(b'{"time": "20')
    os.utime(path, (time.time() - 5,) * 2)
    time.sleep(log.LOOK_SECONDS + 0.1)
    log.event(logger, logging.INFO, "two")
    print(json.dumps(texts(logs)))

    # Moved away, because Wine shows a deleted file until it is closed; Windows hides or denies it.
    path.rename(folder / "moved.log")
    log.event(logger, logging.INFO, "three")
    print(json.dumps(texts(logs)))

    logger.handlers[0].close()
    path.unlink()
    path.mkdir()
    logger = log.open_log(logs, folder / "second", "info", 30)
    log.event(logger, logging.INFO, "four")
    print(json.dumps(texts(folder / "second")))
    path.rmdir()

    for days in (40, 1):
        written = time.time() - days * 86400
        old = logs / f"vcshim-his-{time.strftime('%Y%m%d', time.localtime(written))}.log"
        old.touch()
        os.utime(old, (written, written))
    code = (
        "import logging, sys; from pathlib import Path; from shim import log\n"
        "logger = log.open_log(Path(sys.argv[1]), Path(sys.argv[1]), 'info', 30)\n"
        "for number in range(200): log.event(logger, logging.INFO, '张' * 200)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(logs)]) for _ in "12"]
    print(json.dumps([process.wait() for process in processes]))
    print(json.dumps([sorted(map(len, map(str, texts(logs)))), len(list(logs.iterdir()))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
