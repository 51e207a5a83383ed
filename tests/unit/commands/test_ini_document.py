"""What `vcshim ini` prints: Chinese on every system, English if it is asked for; the same keys in both."""

from __future__ import annotations

import pytest

from shim import cli, configuration
from shim.commands.ini_document import dialect_section, whole_file
from shim.commands.ini_merge import merged
from shim.commands.language import CommandLanguage
from shim.dialects.table import DIALECTS, SITE_KEYS
from shim.settings import guide
from tests.support.chinese import CHINESE

ENGLISH = CommandLanguage.ENGLISH
DOCUMENTS = {("ini",): whole_file, ("ini", "--dialect"): dialect_section}
DEFAULTS = [option.default for option in configuration.options() if CHINESE.search(option.default)]


def keys(document: str) -> list[str]:
    """The headings, and the keys with their defaults."""
    return [line for line in document.splitlines() if line.startswith("[") or (line[:1] == ";" and line[1:2].isalnum())]


@pytest.mark.parametrize("words", DOCUMENTS, ids=" ".join)
def test_it_is_chinese_unless_english_is_asked_for(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked, system, language in (
        ((), CommandLanguage.ENGLISH, CommandLanguage.CHINESE),
        ((), CommandLanguage.CHINESE, CommandLanguage.CHINESE),
        (("--lang", "zh"), CommandLanguage.ENGLISH, CommandLanguage.CHINESE),
        (("--lang", "en"), CommandLanguage.CHINESE, CommandLanguage.ENGLISH),
    ):
        monkeypatch.setattr("shim.commands.language.system_language", lambda system=system: system)
        assert cli.main([*asked, *words]) == 0
        assert capsys.readouterr().out == DOCUMENTS[words](language)
    assert DOCUMENTS[words]() == DOCUMENTS[words](CommandLanguage.CHINESE) != DOCUMENTS[words](ENGLISH)


def test_the_english_file_has_the_same_keys() -> None:
    """A file that was made from either is one that nothing has to be put into."""
    english, chinese = whole_file(ENGLISH), configuration.template()
    assert keys(english)[: len(keys(chinese))] == keys(chinese)
    assert configuration.parse(english).problems == ()
    assert merged(english.encode(), chinese) == english.encode()
    assert all(f";   {name}\n" in english for name in DIALECTS)
    assert [line for line in dialect_section(ENGLISH).splitlines() if line[:1] == ";" and line[1:2] != " "] == [
        f";{row.key} =" for row in SITE_KEYS
    ]


def test_english_is_english() -> None:
    """But for the texts of the screen and the label, which are for patients."""
    document = whole_file(ENGLISH)
    for default in sorted(DEFAULTS, key=len, reverse=True):
        document = document.replace(default, "")
    assert CHINESE.findall(document) == []
    assert CHINESE.findall(dialect_section(ENGLISH)) == []
    assert all(topic.title.english and not CHINESE.search(topic.title.english) for topic in guide.TOPICS)


def test_a_key_in_english() -> None:
    assert (
        "\n; Seconds that a connection may take to be made.\n"
        ";   May be: a whole number from 1 to 120. Default: 10. A change counts from the next call on. Since 0.1.0. "
        "In Chinese: help.html#transport.connect_seconds\n"
        ";connect_seconds = 10\n"
    ) in whole_file(ENGLISH)
    assert "when the hospital program has been started again. Since 0.3.0. In Chinese: help.html#mode.run\n" in (
        whole_file(ENGLISH)
    )
