"""help.html of the set: one file that needs nothing else, with a place for every key, message and finding."""

from __future__ import annotations

import re

from buildlib.site import help_file
from shim import configuration
from shim.commands import doctor_tables, message_tables
from shim.settings import guide

# Keeps the set below its limits; a third of it is pictures.
LARGEST = 700_000


def test_the_file() -> None:
    """Every place that anything names is there once, every link leads to one, and nothing is asked of a network."""
    text = help_file.text()
    ids = re.findall(r' id="([^"]+)"', text)
    assert [each for each in ids if ids.count(each) > 1] == []
    wanted = {place.removeprefix("help.html#") for place in named_places()}
    assert len(wanted) > 300 and sorted(wanted - set(ids)) == []
    targets = re.findall(r' href="([^"]+)"', text)
    assert len(targets) > 90 and [target for target in targets if target.removeprefix("#") not in ids] == []
    assert not re.search(r"src=\"(?!data:)|@import|url\(|fetch\(|XMLHttpRequest", text)
    assert "default-src 'none'" in text
    assert "For contributors." not in text
    assert len(text.encode("utf-8")) < LARGEST


def named_places() -> list[str]:
    """By the template of vcshim.ini, and by whoever shows a message or a finding."""
    template = re.findall(r"说明：(help\.html#\S+)", configuration.template())
    assert template and sorted(template) == sorted(guide.help_place(option) for option in configuration.options())
    messages = [f"message.{row.key}" for found in message_tables.message_rows().values() for row in found]
    findings = [row.help_place for row in doctor_tables.finding_rows() if row.remedy is not None]
    assert len(findings) > 10
    return [*template, *messages, *findings]


def test_a_finding_that_asks_for_nothing_has_no_place() -> None:
    assert {row.help_place for row in doctor_tables.finding_rows() if row.remedy is None} == {""}
