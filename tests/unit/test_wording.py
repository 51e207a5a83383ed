"""Every Chinese text keeps to one set of words and one way of writing: tests/vectors/termbase.json.

`terms` and `meanings` hold the words that are not used (regular expressions), `exceptions` the few places where one is,
with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from typing import Any

import pytest

from shim import configuration, spec
from shim.devices.screen.settings import ScreenSettings
from shim.errors import Message, Reason
from tests.support.chinese import (
    CODE,
    HAN,
    VALUE,
    c_texts,
    document_texts,
    page_texts,
    python_texts,
    rows,
    script_texts,
    texts,
)
from tests.support.paths import vectors

TERMBASE: dict[str, list[dict[str, Any]]] = vectors("termbase")
WORDS = [(word, row) for row in (*TERMBASE["terms"], *TERMBASE["meanings"]) for word in row["not"]]
_LOOKING = re.compile(r"\(\?<?[!=][^()]*\)")
# The codes' meanings as printed, the longest first.
PRINTED = sorted(
    {row.meaning for row in (*spec.VC_CODES.values(), *spec.EC_CODES.values(), *spec.SEEN_CODES.values())
     if len(row.meaning) > 3}
    | {row.title for row in spec.METHODS.values()},
    key=len, reverse=True,
)  # fmt: skip
_MARKS = "，。；：、！？"
TITLE, HINT = 10, 24
"""Characters of a title and of a hint on the second screen: what 1024 x 600 shows legibly."""


def plain(word: str) -> str:
    """The word of a regular expression, without what must not stand beside it: the name of its rule."""
    return _LOOKING.sub("", word)


def sentences(text: str, marks: str) -> list[str]:
    return re.split(f"[{marks}\n]", text)


def matches(pattern: str) -> Callable[[str], list[str]]:
    return lambda text: [text[max(found.start() - 8, 0) : found.end() + 8] for found in re.finditer(pattern, text)]


RULES: dict[str, Callable[[str], list[str]]] = {
    **{plain(word): matches(word) for word, _ in WORDS},
    # Half a width beside a Chinese character.
    "mark": matches(f'[{HAN}”）][,;:!?"]|[,;:!?"][{HAN}“（]|[{HAN}][()]|[()][{HAN}]|[{HAN}]\\.(?=$|[\\s{HAN}])'),
    # Chinese and Latin, or a digit.
    "blank": matches(f"[{HAN}][A-Za-z0-9{CODE}]|[A-Za-z0-9%{CODE}][{HAN}]"),
    "blank at a mark": matches(f"(?<=[{_MARKS}（“]) +(?=[^ ])|(?<=[^ ]) +(?=[{_MARKS}）”])"),
    "two marks": matches(f"[{_MARKS}][{_MARKS}]"),
    "three 请": lambda text: [
        each for each in sentences(text, "。！？") if len(re.findall("请(?!求)", each)) > 2
    ],
    # What stands in brackets is a sentence of its own.
    "two colons": lambda text: [
        each for each in sentences(re.sub("（[^）]*）", "", text), "。！？；") if each.count("：") > 1
    ],
}  # fmt: skip


# Each with the keys of the rows that it is not for.
CLERK_RULES = {word: (matches(word), row.get("but", [])) for row in TERMBASE["clerk"] for word in row["not"]}
ROW_RULES = {word: matches(word) for row in TERMBASE["rows"] for word in row["not"]}


def findings(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The rule and the place, of everything in `text` that is not as it should be."""
    for words in PRINTED:
        text = text.replace(words, VALUE)
    for rule, find in RULES.items():
        excepted = text
        for row in TERMBASE["exceptions"]:
            if row["rule"] == rule and any(fnmatch(path, pattern) for pattern in row.get("paths", ["*"])):
                excepted = excepted.replace(row["text"], VALUE)
        for place in find(excepted):
            yield rule, place


def all_findings() -> list[tuple[str, int, str, str]]:
    """Path, line, rule and place."""
    found = [(each.path, each.line, *rest) for each in texts() for rest in findings(each.path, each.text)]
    for row in rows():
        path = f"shim/messages/{row.key.partition('.')[0]}.py"
        found += [(path, 0, f"clerk {rule}", f"{row.key}: {place}") for rule, place in clerk_findings(row)]
    return found + [("shim/devices/screen/settings.py", 0, *rest) for rest in screen_findings(ScreenSettings())]


def clerk_findings(row: Message) -> Iterator[tuple[str, str]]:
    """What a clerk would not understand in the two halves of a sentence, the facts left out; what no row may say."""
    for text in (row.clerk, row.then):
        for rule, (find, others) in CLERK_RULES.items():
            for place in (
                [] if any(fnmatch(row.key, other) for other in others) else find(re.sub(r"\{[^}]*\}", "", text))
            ):
                yield rule, place
    for text in (row.clerk, row.then, row.engineer):
        for rule, find in ROW_RULES.items():
            for place in find(text):
                yield rule, place


def screen_findings(settings: ScreenSettings) -> Iterator[tuple[str, str]]:
    """Titles and lines of the second screen that a patient cannot read from two metres."""
    for name in (option.key for option in ScreenSettings.options()):
        text = getattr(settings, name)
        if name.endswith("_title") and len(text) > TITLE:
            yield "length", f"{name}: {len(text)} > {TITLE}"
        if name.endswith("_hint") and len(text.replace("|", "")) > HINT:
            yield "length", f"{name}: {len(text)} > {HINT}"


# ---- the texts -------------------------------------------------------------------------------------------------------


def test_every_text() -> None:
    wrong = [f"{path}:{line}: {rule}: {place}" for path, line, rule, place in all_findings()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path",
    ["shim/abi.py", "native/front.c", "shim/simulator/pages/templates/consent.html", "buildlib/demo.py",
     "shim/simulator/pages/static/pages.js", "docs/autofill.md", "shim/spec/codes.py", "vcshim.ini",
     "shim/messages/own.py"],
)  # fmt: skip
def test_nothing_is_left_out(path: str) -> None:
    """Every kind of file is read."""
    assert [each for each in texts() if each.path == path]


# ---- the rules: each finds what it is for --------------------------------------------------------------------------

WRONG = {
    "mark": ["连不上,请检查", "没有连好(网线)", "完成:成功", "“好”,再试", "没有开机.", '请先“扫码"，再填'],
    "blank": ["COM3正被占用", "按F5刷新", "共27字", "设置`x`后", "100%正确"],
    "blank at a mark": ["没有开机， 请检查", "没有开机 ，请检查", "（ 一）"],
    "two marks": ["没有开机，。", "好的。。"],
    "three 请": ["请看，请插好，请再试"],
    "two colons": ["失败：原因：没有", "失败（见日志）：原因：没有"],
}
RIGHT = (
    "文件的内容：应答（默认：没有）",
    "COM3 被占用。请关掉别的收费窗口，或拔插扫码枪后再试。", "距离约 10 厘米：请再扫一次；灯不亮：请联系信息科。",
    "按附录2.1 核对 method（VC 4.1.1）", "C:\\HIS\\his.exe", "见 12:30 的日志",
    "业务可能已办成，请先查询结果，切勿直接重做", "请求已发出，请求有 3 个字段，请求超时", "（9005）。",
    "Windows 用户没有权限", "参加签名的字段", "医保电子凭证",
)  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, wrong in WRONG.items() for text in wrong])
def test_a_way_of_writing_that_is_found(rule: str, text: str) -> None:
    text = re.sub("`[^`]*`", CODE, text)
    assert rule in [each for each, _ in findings("any", text)]


@pytest.mark.parametrize("word", [word for word, _ in WORDS])
def test_a_word_that_is_found(word: str) -> None:
    assert plain(word) in [rule for rule, _ in findings("any", f"请看{plain(word)}。")]


@pytest.mark.parametrize("text", RIGHT)
def test_a_text_that_is_right(text: str) -> None:
    assert list(findings("any", text)) == []


@pytest.mark.parametrize("row", [*TERMBASE["terms"], *TERMBASE["meanings"]], ids=lambda row: row["not"][0])
def test_the_words_to_use_are_right(row: dict[str, Any]) -> None:
    """A row of the termbase does not send people to a word of another row that is not used either."""
    assert list(findings("any", row.get("use") or row["word"])) == [] and row["why"]


def test_a_rule_for_every_way() -> None:
    assert set(RULES) == {plain(word) for word, _ in WORDS} | set(WRONG)


@pytest.mark.parametrize(
    "text", ["平台没有答复", "本机设置有误，见 vcshim.ini", "内部异常", "没有开机。", "[scanner] 未设", "错误 0x80"]
)
def test_a_clerk_text_that_is_found(text: str) -> None:
    assert list(clerk_findings(Message("any.row", Reason.INTERNAL, text, "")))
    assert list(clerk_findings(Message("any.row", Reason.INTERNAL, "", "", then=text)))


def test_fields_of_indata_are_for_the_rows_of_the_host() -> None:
    text = "医院程序传来的数据有误（缺少应用编号 app_id）"
    assert list(clerk_findings(Message("host.any", Reason.INTERNAL, text, ""))) == []
    assert list(clerk_findings(Message("settings.any", Reason.INTERNAL, text, "")))


@pytest.mark.parametrize(
    "text", ["连接失败，请求未发出", "本次没有提交", "结果未知", "没有应答，可以再试", "业务已办成"]
)
def test_an_outcome_in_a_row_is_found(text: str) -> None:
    """shim/messages/outcome.py says it."""
    assert list(clerk_findings(Message("any.row", Reason.INTERNAL, "扫码枪断开了", text)))


def test_a_clerk_text_that_is_right() -> None:
    row = Message("any.row", Reason.INTERNAL, "扫码枪（{port}）断开了，{platform}没有答复", "", then="请插好后再扫一次")
    assert list(clerk_findings(row)) == []


def test_long_texts_of_the_screen_are_found() -> None:
    settings = configuration.parse("[screen]\nwaiting_title = 请用微信或支付宝扫码授权\nwaiting_hint = " + "字" * 25)
    assert {"waiting_title: 12 > 10", "waiting_hint: 25 > 24"} <= {
        place for _, place in screen_findings(settings.screen)
    }


@pytest.mark.parametrize(
    ("collect", "source", "expected"),
    [
        (python_texts, '"""说明"""\nx = "一" "二" + f"三{y}四" + z', ["一二三\ufffc四\ufffc"]),
        (python_texts, 'x = f"{len(y)}字{z:d}个{y}"', ["0字0个\ufffc"]),
        (python_texts, "x = f\"{'一' if y else '二'}\"", ["\ufffc", "一", "二"]),
        (c_texts, '/* "一" */ f("二" NAME "三 %s"); // "四"', ["二三 \ufffc"]),
        (page_texts, '<p title="一">二 <b>三</b> {{ x }}{# 四 #}</p><script>"五"</script>', ["一", "二 三 \ufffc"]),
        (script_texts, "a = '一' + `二${x}三`; // '四'", ["一", "二\ufffc三"]),
        (document_texts, "# 一\n\n二 `x`\n三**四**\n- 五\n\n    六\n\nseven 七 eight\n\n```\n九\n```\n| 十 | a |\n",
         ["一", "二 \ufff9 三四", "五", "十"]),
    ],
)  # fmt: skip
def test_what_is_collected(
    collect: Callable[[str], Iterator[tuple[int, str]]], source: str, expected: list[str]
) -> None:
    assert [text for _, text in collect(source) if text.strip()] == expected


def test_exceptions_have_reasons() -> None:
    names = {*RULES}
    assert all(row["rule"] in names and row["text"] and row["why"] for row in TERMBASE["exceptions"])
