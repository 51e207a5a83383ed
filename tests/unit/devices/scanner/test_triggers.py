"""The rows of the makes against the literal bytes of vectors/scanners.json."""

from __future__ import annotations

from dataclasses import fields

import pytest

from shim import configuration
from shim.devices.base import UnusableSetting
from shim.devices.scanner import triggers
from shim.devices.scanner.columns import CommandColumns
from shim.devices.scanner.replies import Meaning
from shim.devices.scanner.settings import ScannerSettings
from shim.devices.scanner.triggers import BY_MAKE, TRIGGERS, Trigger
from tests.support.scanners import ROWS, trigger

_SAYS = {
    "reply_to_start": Meaning.ACCEPTED,
    "reply_to_stop": Meaning.ACCEPTED,
    "refusal": Meaning.REFUSED,
    "nothing_read": Meaning.NOTHING_READ,
}


@pytest.mark.parametrize("make", [row.make for row in TRIGGERS])
def test_every_make_has_a_vector(make: str) -> None:
    assert make in ROWS, f"add the bytes of {make} to tests/vectors/scanners.json"


@pytest.mark.parametrize("make", ROWS)
def test_every_vector_has_a_make(make: str) -> None:
    """The commands are the printed ones; "@" in a command would change the scanner permanently."""
    row, commands = ROWS[make], trigger(make)
    assert (commands.start, commands.stop, commands.wake) == (row["start"], row["stop"], row["wake"])
    assert commands.setup == row["setup"]
    assert b"@" not in commands.start + commands.stop
    assert BY_MAKE[make].title and BY_MAKE[make].evidence


@pytest.mark.parametrize("make", ROWS)
def test_every_reply_is_known_and_has_a_vector(make: str) -> None:
    """Each printed reply is matched as a whole by a pattern of its meaning; every meaning of a row is printed."""
    matched = set()
    for key, meaning in _SAYS.items():
        data = ROWS[make][key]
        patterns = [reply for reply in trigger(make).replies if reply.match(data, 0) == len(data)] if data else []
        assert {reply.meaning for reply in patterns} == ({meaning} if data else set()), key
        matched |= {reply.meaning for reply in patterns}
    assert matched == {reply.meaning for reply in trigger(make).replies}


def test_makes_are_named_once() -> None:
    assert len(BY_MAKE) == len(TRIGGERS)
    assert triggers.CUSTOM_MAKE not in BY_MAKE
    option = ScannerSettings.option("make")
    assert option.choices == (*BY_MAKE, triggers.CUSTOM_MAKE)
    assert [f"{row.make} {row.title}" for row in TRIGGERS if f"{row.make} {row.title}" not in option.help] == []


def test_every_column_is_open_to_a_site() -> None:
    """A key of [scanner] each, with the default of a row that leaves it out; every one is read."""
    attributes = {option.attribute: option for option in ScannerSettings.options()}
    columns = CommandColumns.attributes()
    for name in columns:
        assert attributes[name].default == ("50" if name == "wake_delay" else "")
    assert set(columns) == {each.name for each in fields(Trigger)} - {"make"}


@pytest.mark.parametrize("column", ["start", "stop", "wake", "replies", "setup"])
def test_a_column_that_is_not_hexadecimal(column: str) -> None:
    with pytest.raises(UnusableSetting, match=f"{column} 应为十六进制"):
        Trigger.read("custom", configuration.parse(f"[scanner]\n{column} = xyz\n").scanner)
