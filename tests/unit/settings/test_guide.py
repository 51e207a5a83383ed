"""How the keys are shown: the ten first, the others by topic, and of each what may stand there, since when, and where
help is."""

from __future__ import annotations

import re

import pytest

from shim import configuration
from shim.settings import guide
from shim.settings.option import Option
from tests.support.paths import ROOT

OPTIONS = {(option.section, option.key): option for option in configuration.options()}


def test_ten_come_first() -> None:
    """In a block of their own, in which nothing else is."""
    assert len(guide.COMMON) == len(set(guide.COMMON)) == 10
    front = configuration.template().split("; " + "=" * 78)[2]
    section, found = "", []
    for line in front.splitlines():
        heading, key = re.fullmatch(r"\[(\w+)\]", line), re.match(r";(\w+) =", line)
        section = heading[1] if heading else section
        found += [(section, key[1])] if key else []
    assert tuple(found) == guide.COMMON


def test_every_section_has_a_topic() -> None:
    """One, in the order in which the sections are listed everywhere else."""
    listed = [section for topic in guide.TOPICS for section in topic.pages]
    assert listed == [section.NAME for section in configuration.SECTIONS]


def test_every_page_exists() -> None:
    pages = {page for topic in guide.TOPICS for page in topic.pages.values()}
    assert [page for page in sorted(pages) if not (ROOT / "docs" / page).is_file()] == []


def test_every_key_has_a_version() -> None:
    """One: a new key gets a row, one that goes takes it along."""
    listed = [
        (section, key)
        for sections in guide.SINCE.values()
        for section, keys in sections.items()
        for key in keys.split()
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(OPTIONS)


def test_a_key_in_the_template() -> None:
    assert (
        "\n; 建立连接最多等待的秒数。\n"
        ";   可写：1 到 120 的整数。默认：10。改后下一次调用生效。自 0.1.0 起。"
        "说明：help.html#transport.connect_seconds\n"
        ";connect_seconds = 10\n"
    ) in configuration.template()
    assert (
        ";   可写：文件，可以有多个。默认：空。改后重新启动医院程序后生效。自 0.1.0 起。说明：help.html#screen.fonts\n"
        ";fonts =\n"
    ) in configuration.template()


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: f"{option.section}.{option.key}")
def test_every_key_is_there_once(option: Option) -> None:
    shipped = configuration.template()
    line = f";{option.key} = {option.default}".rstrip()
    same = [row for row in OPTIONS.values() if (row.key, row.default) == (option.key, option.default)]
    assert shipped.splitlines().count(line) == len(same)


def test_what_is_live() -> None:
    """What C reads, and what holds a device, a file or a helper process, is not."""
    live = {section for section, _ in OPTIONS if all(row.live for row in OPTIONS.values() if row.section == section)}
    assert live == {"wire", "transport", "validate", "terminal", "label", "autofill", "messages", "fleet", "tools"}
    others = {place for place, row in OPTIONS.items() if row.live and row.section not in live}
    assert others == {("log", "level")}
