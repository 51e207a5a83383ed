"""Texts in Chinese that know their English: what hosts, logs and JSON make of them, and what the commands do."""

from __future__ import annotations

import copy
import json
import pickle

from shim.bilingual import NONE, Bilingual, filled, in_english, word_list
from shim.commands.language import CommandLanguage, Phrase, speaking, spoken
from shim.errors import HostError, Message, PlatformRefusal, Reason, mask, mask_told

TEXT = Bilingual("文件不存在", "there is no such file")


def test_it_is_its_chinese_text() -> None:
    assert TEXT == "文件不存在" and str(TEXT) == "文件不存在" and type(str(TEXT)) is str
    assert f"{TEXT}；请改正" == "文件不存在；请改正"
    assert json.dumps([TEXT], ensure_ascii=False) == '["文件不存在"]'
    assert in_english(TEXT) == "there is no such file" and in_english("甲") == "甲" and in_english(3) == 3


def test_a_copy_has_both_texts() -> None:
    """asdict() of a row makes one, and so does a process that hands a result to another."""
    for copied in (copy.deepcopy(TEXT), pickle.loads(pickle.dumps(TEXT))):
        assert (copied, copied.english) == (TEXT, TEXT.english)


def test_facts_are_put_in_in_both_languages() -> None:
    told = filled("{path}：{why}，{again}", "{path}: {why}, {again}", {"path": "D:\\甲", "why": TEXT, "again": 2})
    assert (told, told.english) == ("D:\\甲：文件不存在，2", "D:\\甲: there is no such file, 2")


def test_lists() -> None:
    words = word_list(["off", TEXT])
    assert (words, words.english) == ("off、文件不存在", "off, there is no such file")
    assert (word_list(()) or NONE).english == "none"


def test_a_text_without_its_beginning() -> None:
    told = Bilingual("layout 第 2 行", "layout has line 2").without("layout ")
    assert (told, told.english) == ("第 2 行", "has line 2")
    told = Bilingual("文件中 甲", "in the file: A").without("文件中 ", "in the file: ")
    assert (told, told.english) == ("甲", "A")


def test_what_is_masked() -> None:
    shown = mask_told("秘密的")
    assert (shown, shown.english) == ("秘***（3 字）", "秘*** (3 characters)")
    assert mask_told("秘密的") == mask("秘密的") and mask_told("（（（").english == "（*** (3 characters)"


def test_a_failure_is_told_in_both() -> None:
    row = Message("x", Reason.SETTINGS, "", "{platform}：{why}", english="{platform}: {why}")
    error = HostError(row, why=TEXT)
    assert (error.told, error.told.english) == ("平台：文件不存在", "the platform: there is no such file")
    assert error.told == error.message == str(error)
    assert (
        HostError(Message("x", Reason.SETTINGS, "", "没有英文：{why}"), why=TEXT).told.english == "没有英文：文件不存在"
    )
    assert PlatformRefusal("1", "平台的话").told.english == "平台的话"


def test_commands_speak_one_language() -> None:
    row = Phrase("{reason}。", "{reason}.")
    with speaking(CommandLanguage.ENGLISH):
        assert row(reason=TEXT) == "there is no such file."
        assert (spoken(TEXT), spoken("甲")) == ("there is no such file", "甲")
    with speaking(CommandLanguage.CHINESE):
        assert (row(reason=TEXT), spoken(TEXT)) == ("文件不存在。", "文件不存在")
