"""The log: readable lines without values, and what they say of the PC."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import log
from shim.errors import mask


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


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("990000195203030026", "9***（18 字）"),
        ("王𬱖", "***（2 字）"),
        ("", "***（0 字）"),
        ("1", "***（1 字）"),
        (1.5, "1***（3 字）"),
    ],
)
def test_mask(value: object, shown: str) -> None:
    assert mask(value) == shown


def test_a_folder_that_many_share(tmp_path: Path) -> None:
    """No PC, user or session writes to the file of another, and each line says whose it is."""
    stations = (
        log.Station("PC-017", "zhang", 2), log.Station("PC-017", "zhang", 3), log.Station("PC-017", "li", 2),
        log.Station("PC-018", "zhang", 2), log.Station("PC-018", "张/三", None),
    )  # fmt: skip
    for station in stations:
        log.event(log.open_log(tmp_path, tmp_path, "info", 30, station), logging.INFO, "x")
    host, day = log.host_program(), time.strftime("%Y%m%d")
    words = ("PC_017-zhang-s2", "PC_017-zhang-s3", "PC_017-li-s2", "PC_018-zhang-s2", "PC_018-张_三")
    assert {path.name for path in tmp_path.iterdir()} == {f"vcshim-{host}-{word}-{day}.log" for word in words}
    for station, word in zip(stations, words, strict=True):
        (line,) = lines_of(tmp_path / f"vcshim-{host}-{word}-{day}.log")
        assert {name: line.get(name) for name in ("pc", "user", "session")} == {
            "pc": station.pc, "user": station.user, "session": station.session,
        }  # fmt: skip


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
