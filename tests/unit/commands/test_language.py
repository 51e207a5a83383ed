"""The language of the commands: what chooses it, and what does not depend on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from shim import cli, lookup
from shim.commands import language
from shim.commands.catalogue import scan, screen, spec
from shim.commands.language import CommandLanguage, Phrase, current_language, speaking, take_language
from shim.dialects import scanned
from tests.support.paths import ROOT

Capture = pytest.CaptureFixture[str]
CHINESE, ENGLISH = CommandLanguage.CHINESE, CommandLanguage.ENGLISH


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.GB18030"}, CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, CHINESE),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "ZH-hans"}, CHINESE),
        ({"LANG": "en_US.UTF-8"}, ENGLISH),
        ({"LANG": "de_DE"}, ENGLISH),
        ({"LANG": "zha_CN"}, ENGLISH),
        ({"LANG": "C"}, ENGLISH),
        ({"LANG": "C.UTF-8"}, ENGLISH),
        ({"LANG": "POSIX"}, ENGLISH),
        ({}, ENGLISH),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN"}, CHINESE),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, CHINESE),
        ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, ENGLISH),
        ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, ENGLISH),
        ({"LC_ALL": "zh_CN", "LC_MESSAGES": "C", "LANG": "C"}, CHINESE),
        ({"LC_CTYPE": "zh_CN"}, ENGLISH),
    ],
)
def test_the_locale_of_posix(environ: dict[str, str], expected: CommandLanguage) -> None:
    assert language.locale_language(environ) is expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    # Of winnt.h: zh-CN, zh-TW, zh-HK, zh-SG, en-US, en-GB, ja-JP, ko-KR, neutral.
    [*((number, CHINESE) for number in (0x0804, 0x0404, 0x0C04, 0x1004)),
     *((number, ENGLISH) for number in (0x0409, 0x0809, 0x0411, 0x0412, 0))],
)  # fmt: skip
def test_the_language_of_windows(identifier: int, expected: CommandLanguage) -> None:
    assert language.windows_language(identifier) is expected


@pytest.mark.parametrize(
    ("words", "expected", "rest"),
    [
        (["--lang", "zh", "scan"], CHINESE, ["scan"]),
        (["scan", "--lang", "en"], ENGLISH, ["scan"]),
        (["scan", "--lang=en", "--show"], ENGLISH, ["scan", "--show"]),
        (["--lang", "zh", "scan", "--lang", "en"], ENGLISH, ["scan"]),
        (["scan"], None, ["scan"]),
        (["spec", "--", "--lang", "zh"], None, ["spec", "--", "--lang", "zh"]),
        (["spec", "--lang", "fr"], None, ["spec", "--lang", "fr"]),
        (["spec", "--lang="], None, ["spec", "--lang="]),
        (["spec", "--lang"], None, ["spec", "--lang"]),
        ([], None, []),
    ],
)
def test_the_word_of_the_command_line(words: list[str], expected: CommandLanguage | None, rest: list[str]) -> None:
    assert take_language(words) == (expected, rest)


def test_a_run_leaves_no_language_behind(capsys: Capture) -> None:
    assert current_language() is CHINESE  # the system of the tests
    with speaking(ENGLISH):
        assert current_language() is ENGLISH
        assert cli.main(["--lang", "zh", "kept"]) == 0
        assert current_language() is ENGLISH
    assert cli.main(["kept", "--lang", "en"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.partition(" (")[0] for line in out][1] == "No answer is kept" and out[0].startswith("没有保存的应答")
    assert current_language() is CHINESE


def test_a_phrase() -> None:
    row = Phrase("共 {count} 个", "{count} of {{them}}")
    assert (row(count=3), row.within(ENGLISH, count=3)) == ("共 3 个", "3 of {them}")
    with pytest.raises(KeyError):
        row()


@pytest.mark.parametrize("words", [["--lang", "fr", "spec", "verify"], ["spec", "verify", "--lang", "fr"]])
def test_another_language_is_refused(capsys: Capture, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2 and "参数 --lang：fr 不在可写的词之中：zh、en\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "words", "said"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, [], "用法："),
        ({"LC_ALL": "C"}, [], "usage: "),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "C"}, [], "用法："),
        ({"LC_ALL": "zh_CN.UTF-8"}, ["--lang", "en"], "usage: "),
        ({"LC_ALL": "C"}, ["--lang", "zh"], "用法："),
    ],
)
@pytest.mark.needs("linux")
def test_what_chooses_it(variables: dict[str, str], words: list[str], said: str) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "utf-8", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "shim.cli", *words, "kept", "--help"], cwd=ROOT, env=environ, capture_output=True,
        encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(said)


# ---- what does not depend on it --------------------------------------------------------------------------------------

MACHINE = (
    ("spec", "verify", "--json"),
    ("spec", "verfy", "--json"),
    ("spec", "500159", "--json"),
    ("spec", " ", "--json"),
    ("reference",),
)


@pytest.mark.parametrize("words", MACHINE, ids=" ".join)
def test_documents_and_json_do_not_depend_on_it(
    capfdbinary: pytest.CaptureFixture[bytes], words: tuple[str, ...]
) -> None:
    written = []
    for name in ("zh", "en"):
        cli.main(["--lang", name, *words])
        written.append(capfdbinary.readouterr().out)
    assert written[0] == written[1] != b""


# ---- rows by the name of something else ------------------------------------------------------------------------------


def test_every_kind_of_a_code_has_a_row() -> None:
    assert {kind.name: kind.value for kind in scanned.Kind} == {name: row.zh for name, row in scan.KINDS.items()}


def test_every_kind_of_a_hit_has_a_row() -> None:
    assert tuple(spec.KINDS) == lookup.KINDS


def test_the_words_of_the_lookup_have_rows(capsys: Capture) -> None:
    """In English no word of ours is left in Chinese beside a field: only titles, notes and scopes of the documents."""
    assert cli.main(["--lang", "en", "spec", "ecToken"]) == 0
    first = capsys.readouterr().out.splitlines()[:2]
    assert first == ["fields (3)", "  ecToken  身份令牌  ehc.ehealthcode.verify answer  String(64) required  VC 4.2.2"]
    places = {row.zh for row in spec.PLACES}
    words = {
        word
        for hit, _ in lookup._rows()
        for text in ((hit.where, hit.detail) if hit.kind != "code" else ())
        for word in re.findall("[一-鿿]+", text)
    }
    assert words == places - {"返回值"}
    assert "请求 13 项，应答 18 项" in {hit.detail for hit, _ in lookup._rows()}
    assert cli.main(["--lang", "en", "spec", "verify"]) == 0
    assert "request 13 rows, answer 18 rows" in capsys.readouterr().out


def test_pages_of_the_tour_have_texts() -> None:
    from shim.commands.screen import _TOUR

    assert [row for row, *_ in _TOUR] == [
        screen.WAITING, screen.REFUSED, screen.SUCCEEDED, screen.REGISTERED, screen.REGISTERED_EXPIRING, screen.FOLLOW,
    ]  # fmt: skip


def test_nothing_found_in_english(capsys: Capture) -> None:
    assert cli.main(["--lang", "en", "spec", "verfy"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("neither specification has “verfy”.\nNear matches:\n  ehc.ehealthcode.verify  ")
    assert cli.main(["--lang", "en", "spec", "500159"]) == 1
    assert "a platform may return codes of its own" in capsys.readouterr().err
    assert json.loads(_json(capsys, "500159"))["error"].endswith("平台可能返回规范以外的代码，原样返回")


def _json(capsys: Capture, word: str) -> str:
    cli.main(["--lang", "en", "spec", word, "--json"])
    return capsys.readouterr().out
