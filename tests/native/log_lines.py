"""A Windows program for tests/product/test_log.py: writes log lines while its files are spoilt under its hands.

Argument: a folder. Prints what is left of each part, a line of JSON each; an error of shim.log ends it with a trace.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path

from shim import daily_file, log


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


def write_at_the_beginning(logger: logging.Logger, line: bytes) -> None:
    """Write to the log's file past the C runtime, with its position at the beginning."""
    (handler,) = logger.handlers
    assert isinstance(handler, daily_file.DailyFile) and handler._file is not None
    os.lseek(handler._file, 0, os.SEEK_SET)
    if sys.platform == "win32":
        import _winapi
        import msvcrt

        _winapi.WriteFile(msvcrt.get_osfhandle(handler._file), line)


def main(folder: Path) -> None:
    """Half lines, a moved file, a folder in the place of a file, old files, and whose work appending is."""
    logs = folder / "logs"
    logger = log.open_log(logs, folder / "second", "info", 30)
    log.event(logger, logging.INFO, "one")
    (path,) = logs.iterdir()
    with path.open("ab") as other:
        other.write(b'{"time": "20')
    os.utime(path, (time.time() - 5,) * 2)
    time.sleep(daily_file.LOOK_SECONDS + 0.1)
    log.event(logger, logging.INFO, "two")
    print(json.dumps(texts(logs)))

    # Moved away, because Wine shows a deleted file until it is closed; Windows hides or denies it.
    path.rename(folder / "moved.log")
    time.sleep(daily_file.LOOK_SECONDS + 0.1)
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
    logger = log.open_log(logs, folder / "second", "info", 30)
    log.event(logger, logging.INFO, "five")
    print(json.dumps(len(list(logs.iterdir()))))
    write_at_the_beginning(logger, b'{"text": "six"}\n')
    print(json.dumps(texts(logs)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
