"""The log: readable lines, shared by processes, never in the way."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import log
from shim.errors import mask
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def close_handlers() -> Iterator[None]:
    yield
    for handler in list(logging.getLogger("vcshim").handlers):
        handler.close()
        logging.getLogger("vcshim").removeHandler(handler)


def lines(folder: Path) -> list[dict[str, object]]:
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.log")))
    return [json.loads(line) for line in text.splitlines()]


def test_one_json_object_a_line(tmp_path: Path) -> None:
    logger = log.open_log(tmp_path / "logs", tmp_path / "other", "info", 30)
    log.event(logger, logging.INFO, "成功", function="VirtualCardTrans", code="00", ms=1.5)
    log.event(logger, logging.DEBUG, "不记")
    (row,) = lines(tmp_path / "logs")
    assert (row["text"], row["level"], row["function"], row["code"]) == ("成功", "INFO", "VirtualCardTrans", "00")
    (path,) = (tmp_path / "logs").iterdir()
    assert path.name.startswith("vcshim-python") and path.name.endswith(time.strftime("-%Y%m%d.log"))


def test_an_exception_shows_its_place_and_no_value(tmp_path: Path) -> None:
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    try:
        raise KeyError("张三 990000195203030026")
    except KeyError:
        logger.exception("内部异常")
    text = next(tmp_path.iterdir()).read_text("utf-8")
    assert "KeyError" in text and "test_log.py" in text
    assert "张三" not in text and "990000" not in text


def test_the_second_folder_takes_over(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logger = log.open_log(tmp_path / "file" / "logs", tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    assert len(lines(tmp_path / "second")) == 1


def test_no_folder_at_all_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logger = log.open_log(tmp_path / "file" / "a", tmp_path / "file" / "b", "info", 30)
    log.event(logger, logging.INFO, "x")


def test_an_impossible_folder_is_no_error(tmp_path: Path) -> None:
    logger = log.open_log(Path("a\0b"), tmp_path / "second", "info", 30)
    log.event(logger, logging.INFO, "x")
    assert len(lines(tmp_path / "second")) == 1


def test_a_full_disk_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / f"vcshim-{log.host_program()}-{time.strftime('%Y%m%d')}.log").symlink_to("/dev/full")
    logger = log.open_log(folder, tmp_path / "other", "info", 30)
    log.event(logger, logging.INFO, "x")


def test_old_files_go(tmp_path: Path) -> None:
    old, young, foreign = (tmp_path / n for n in ("vcshim-his.exe-20200101.log", "vcshim-a-20260101.log", "his.log"))
    for path in (old, young, foreign):
        path.touch()
    for path in (old, foreign):
        os.utime(path, (time.time() - 40 * 86400,) * 2)
    logger = log.open_log(tmp_path, tmp_path, "info", 30)
    log.event(logger, logging.INFO, "x")
    assert not old.exists() and young.exists() and foreign.exists()


def test_processes_share_a_file(tmp_path: Path) -> None:
    """Four processes, 500 lines each, one file: every line whole."""
    code = (
        "import logging, sys; from pathlib import Path; from shim import log\n"
        "logger = log.open_log(Path(sys.argv[1]), Path(sys.argv[1]), 'info', 30)\n"
        "for i in range(500): log.event(logger, logging.INFO, '张' * 200, number=i)\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT) for _ in "1234"]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    rows = lines(tmp_path)
    assert len(rows) == 2000 and len(list(tmp_path.iterdir())) == 1
    assert {row["text"] for row in rows} == {"张" * 200}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("990000195203030026", "9***（18字）"),
        ("王𬱖", "***（2字）"),
        ("", "***（0字）"),
        ("1", "***（1字）"),
        (1.5, "1***（3字）"),
    ],
)
def test_mask(value: object, shown: str) -> None:
    assert mask(value) == shown
