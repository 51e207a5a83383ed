"""Help and refusals of the command line in both languages."""

from __future__ import annotations

import argparse
import ast
import gettext
import inspect
import re

import pytest

from shim import cli
from shim.commands import words
from shim.commands.catalogue.argparse_words import WORDS
from shim.commands.language import CommandLanguage, speaking

Capture = pytest.CaptureFixture[str]
HAN = re.compile("[一-鿿]")
# English that may stand in Chinese help: words that are typed, names, and what is written in capitals.
LATIN = re.compile(r"(?<![\w./\\-])[a-z]{2,}(?: [a-z]{2,}){2,}")
# How wide a terminal draws it: Chinese letters and marks in two columns.
WIDE = re.compile("[ᄀ-ᅟ⺀-꓏가-힣豈-\ufaff︰-﹏\uff00-｠￠-￦“”‘’…—]")
NAMES = ("", *cli.COMMANDS)


def help_of(capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, language: str) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        cli.main(["--lang", language, *([name] if name else []), "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_help_fits_80_columns(capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, language: str) -> None:
    lines = help_of(capsys, monkeypatch, name, language).splitlines()
    assert [line for line in lines if len(line) + len(WIDE.findall(line)) > 79] == []
    # No line begins with a closing mark.
    assert [line for line in lines if line.strip() and line.strip()[0] in "，。、；：）”"] == []


@pytest.mark.parametrize("name", NAMES)
def test_english_help_is_english(capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = help_of(capsys, monkeypatch, name, "en")
    assert text.startswith("usage: vcshim") and "\noptions:\n" in text
    rest = text.replace("vcshim spec 挂号", "").replace("(default: 张三)", "")  # a word to look for, a patient's name
    assert HAN.findall(rest) == []


@pytest.mark.parametrize("name", NAMES)
def test_chinese_help_is_chinese(capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = help_of(capsys, monkeypatch, name, "zh")
    assert text.startswith("用法：vcshim") and "\n选项：\n" in text
    for english in WORDS:
        assert not re.search(rf"(?m)^{re.escape(english)}", text), english
    described = re.sub(r"(?m)^  vcshim .*$", "", text)
    assert LATIN.findall(re.sub(r"\[[^]]*\]|\{[^}]*\}", "", described)) == []
    options = re.findall(r"(?m)^  (-[^\n]*(?:\n {8,}[^\n]*)*)", text)
    assert options and all(HAN.search(option) for option in options)


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["label"], "要写这些选项之一：--png --bytes --print --status", "one of the arguments --png --bytes --print"),
        (["label", "--print", "--status"], "参数 --status：不能与 --print 同时写", "not allowed with argument --print"),
        (["spec"], "缺少参数：WORD", "the following arguments are required: WORD"),
        (["sign", "--key-file"], "参数 --key-file：后面缺一个值", "argument --key-file: expected one argument"),
        (["reference", "--update"], "参数 --update：后面至少要一个值", "expected at least one argument"),
        (["sign", "--explain=yes"], "参数 --explain：后面不能有值：'yes'", "ignored explicit argument 'yes'"),
        (["scan", "--bits", "9"], "参数 --bits：9 不在可写的词之中：8n1、8e1、", "--bits: 9 is not one of 8n1, 8e1, "),
        (["scan", "--baud", "fast"], "fast 不是 300 到 4000000 之间的整数", "fast is not a whole number from 300"),
        (["screen", "--size", "x"], "x 不是宽和高的像素数", "argument --size: x is not a width and a height"),
        (["screen", "--seconds", "x"], "x 不是 0 到 3600 之间的数", "x is not a number from 0 to 3600"),
        (["lable"], "没有 lable 这个命令，最接近的是 label", "unknown command: lable (did you mean label?)"),
        (["xyz"], "没有 xyz 这个命令\n", "unknown command: xyz\n"),
        (["kept", "--fodler"], "不认识的参数：--fodler，最接近的是 --folder", "did you mean --folder?"),
        (["ini", "x"], "不认识的参数：x\n", "unknown argument: x\n"),
        ([], "vcshim: 没有写命令\n", "vcshim: no command was given\n"),
    ],
)  # fmt: skip
def test_refusals(capsys: Capture, arguments: list[str], zh: str, en: str) -> None:
    for language, said, other in (("zh", zh, "usage"), ("en", en, "用法")):
        with pytest.raises(SystemExit) as ended:
            cli.main([*arguments, "--lang", language])
        text = capsys.readouterr().err
        assert ended.value.code == 2 and said in text and other not in text
        if language == "en":
            assert HAN.findall(text) == []


def test_no_command_shows_what_there_is(capsys: Capture) -> None:
    """A double click on vcshim.exe, among others."""
    with pytest.raises(SystemExit):
        cli.main([])
    text = capsys.readouterr().err
    assert all(f"\n    {name} " in text for name in cli.COMMANDS) and "请在命令行窗口（cmd）中运行" in text


# What argparse says to whoever writes a parser, or of features that no command uses.
TO_PROGRAMMERS = (
    "conflicting", ".__call__()", "'required' is an invalid", "mutually exclusive arguments must", "cannot", "dest=",
    "invalid option string", "invalid conflict_resolution", "unexpected option string", "%r is not callable",
    "can't open", 'argument "-" with mode', "show this help", "show program's", "subcommands", "invalid choice",
)  # fmt: skip


def test_argparse_has_no_other_words() -> None:
    """Each text that this Python's argparse translates has a row, or is never seen."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            texts = node.args[:2]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "msg":
            texts = [node.value]
        elif isinstance(node, ast.Dict):
            texts = node.values  # nargs_errors
        found |= {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}
    assert len(found) > 20
    assert sorted(text for text in found if text not in WORDS and not text.startswith(TO_PROGRAMMERS)) == []


def test_argparse_keeps_the_facts() -> None:
    for row in WORDS.values():
        assert sorted(re.findall(r"%(?:\(\w+\))?[sr]", row.zh)) == sorted(re.findall(r"%(?:\(\w+\))?[sr]", row.en))


def test_argparse_is_itself_again() -> None:
    with speaking(CommandLanguage.CHINESE), words.translated():
        assert vars(argparse)["_"]("options") == "选项"
    assert (vars(argparse)["_"], vars(argparse)["ngettext"]) == (gettext.gettext, gettext.ngettext)
