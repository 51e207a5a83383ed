"""The catalogue of the commands: every text is a row, every row is used, and its Chinese follows the house's rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from shim.commands.catalogue.argparse_words import WORDS
from shim.commands.language import Phrase
from tests.support.chinese import CHINESE
from tests.support.each_row import each_row
from tests.support.paths import ROOT
from tests.support.syntax import parsed

COMMANDS = ROOT / "shim" / "commands"
CATALOGUE = COMMANDS / "catalogue"
# Modules that write documents, each in one language: the rest are commands and what they share.
DOCUMENT = re.compile(r"(?:.*_tables|.*_document|tables)\.py")
# Chinese that is no text: what a label may show, how vcshim.ini masks a value, marks between words.
DATA = {
    "columns.py": {"，。、；：！？）”’》」』】…—%", "（“‘《「『【"},
    "label.py": {"张三"},
    "scan.py": {"（"},
    "spec.py": {"[一-鿿]+", "，", "、"},
    "words.py": {r"\1："},
}

MODULES = [
    *sorted(path for path in COMMANDS.glob("*.py") if not DOCUMENT.fullmatch(path.name)),
    ROOT / "shim" / "cli.py",
]
ROWS_IN_CODE = {"language.py": ("SEPARATOR", "NONE")}


def catalogue() -> Iterator[tuple[str, str, Phrase]]:
    """Every row: its module, its name, the row."""
    for path in sorted(CATALOGUE.glob("*.py")):
        if path.stem == "__init__" or path.stem.endswith("settings_words"):
            continue
        module = import_module(f"shim.commands.catalogue.{path.stem}")
        for name, value in vars(module).items():
            if name.startswith("__") or (name == "WORDS" and path.stem == "argparse_words"):
                continue
            values = value.items() if isinstance(value, dict) else enumerate(value) if _is_rows(value) else ()
            if isinstance(value, Phrase):
                yield path.stem, name, value
            for key, row in values:
                yield path.stem, f"{name}[{key}]", row
    from shim.commands import language

    yield from (("language", name, vars(language)[name]) for name in ROWS_IN_CODE["language.py"])


def _is_rows(value: object) -> bool:
    return isinstance(value, tuple) and not isinstance(value, Phrase) and all(isinstance(row, Phrase) for row in value)


ROWS = {f"{module}.{name}": row for module, name, row in catalogue() if module != "argparse_words"}


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# ---- texts are rows --------------------------------------------------------------------------------------------------


def texts_in(tree: ast.Module) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


# The keyword arguments and the functions whose text people read.
SHOWN_WORDS = {"help", "description", "epilog", "title"}
SHOWN_BY = {"say", "warn", "show", "write_data", "error", "exit", "ArgumentTypeError", "_failed", "_report", "_ask"}


def literals_shown(tree: ast.Module) -> Iterator[str]:
    """Texts with a word in them that stand in the code: as help, or as what is printed."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        shown = [word.value for word in node.keywords if word.arg in SHOWN_WORDS]
        shown += node.args if name in SHOWN_BY else []
        for text in (part for argument in shown for part in _parts(argument)):
            # vcshim itself and the name of a command are what is typed, not words.
            if re.search("[A-Za-z]{2}", text.replace("vcshim", "").replace(_command_of(tree), "")):
                yield text


def _parts(node: ast.expr) -> Iterator[str]:
    """The constant texts of an argument, but not of calls inside it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (text for part in node.values for text in _parts(part))
    elif isinstance(node, ast.BinOp | ast.IfExp | ast.BoolOp):
        yield from (text for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr) for text in _parts(part))


def _command_of(tree: ast.Module) -> str:
    name = re.match(r"`vcshim (\w+)[^`]*`", ast.get_docstring(tree) or "")
    return name[1] if name else "vcshim"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_text_stands_in_code(path: Path) -> None:
    tree = parsed(path.read_text("utf-8"))
    own = {row for name in ROWS_IN_CODE.get(path.name, ()) for row in ROWS[f"language.{name}"]}
    chinese = {text for text in texts_in(tree) if CHINESE.search(text)} - own
    assert chinese == DATA.get(path.name, set())
    assert list(literals_shown(tree)) == []


@pytest.mark.parametrize(
    "line",
    [
        'parser.add_argument("--x", help="what it is")',
        'parser.add_argument("--x", help=f"what {x} is")',
        'say("done")',
        'warn(f"vcshim scan: no {x}")',
        'say("one" if x else "other")',
        'raise argparse.ArgumentTypeError("not a number")',
    ],
)
def test_a_text_in_code_is_seen(line: str) -> None:
    tree = parsed(f'"""`vcshim scan`: a command."""\n{line}\n')
    assert list(literals_shown(tree))
    assert [text for text in texts_in(parsed('"""文"""\nx = "失败"')) if CHINESE.search(text)] == ["失败"]


# ---- rows are used ---------------------------------------------------------------------------------------------------


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a row is used: catalogue module, name, the facts of a call; None where it is not called at once."""
    for path in (*MODULES, *(ROOT / "shim" / "doctor").glob("*.py"), ROOT / "native" / "messages_build.py"):
        tree = parsed(path.read_text("utf-8"))
        names = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "shim.commands.catalogue"
            for alias in node.names
        }
        called: dict[int, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                function = node.func
                if isinstance(function, ast.Attribute) and function.attr == "within":
                    function = function.value
                called[id(function)] = {word.arg or "" for word in node.keywords}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                yield names[node.value.id], node.attr, called.get(id(node))
    for path in sorted(CATALOGUE.glob("*.py")):
        if (COMMANDS / path.name).exists() and hasattr(import_module(f"shim.commands.{path.stem}"), "run"):
            yield path.stem, "HELP", set()
            yield path.stem, "DESCRIPTION", set()


USES = list(uses())


def test_every_use_has_a_row_and_every_row_a_use() -> None:
    names = {re.sub(r"\[.*\]", "", name) for name in ROWS if not name.startswith("language.")}
    assert names == {f"{module}.{name}" for module, name, _ in USES}


def test_calls_give_the_facts_of_the_row() -> None:
    wrong = [
        (module, name, given, facts(ROWS[f"{module}.{name}"].zh))
        for module, name, given in USES
        if given is not None and f"{module}.{name}" in ROWS and given != facts(ROWS[f"{module}.{name}"].zh)
    ]
    assert wrong == []
    assert sum(given is not None for _, _, given in USES) > 100


# ---- both languages --------------------------------------------------------------------------------------------------


# The titles of the specification are Chinese, and its names stand beside them.
UNTITLED = {"call.METHOD_TITLED", "call.FIELD_TITLED"}


@each_row(ROWS)
def test_both_languages_have_the_same_facts(name: str) -> None:
    row = ROWS[name]
    assert facts(row.zh) - ({"title"} if name in UNTITLED else set()) == facts(row.en)


# Chinese that English may show: a word to look for.
IN_ENGLISH = {"spec.DESCRIPTION": "挂号", "spec.NOT_FOUND": "“”", "spec.NOT_FOUND_NUMBER": "“”"}


def test_english_is_english() -> None:
    texts = {name: row.en for name, row in ROWS.items()}
    for name, text in texts.items():
        assert "".join(CHINESE.findall(text)) == IN_ENGLISH.get(name, ""), name
        if "vcshim spec" not in text and not name.startswith("simulator."):  # these have columns
            assert text.lstrip() == text and "  " not in text.replace("\n  ", "")


def chinese_faults(text: str) -> list[str]:
    """What the house's rules say against a Chinese text."""
    rules = {
        "a half-width mark": r"[一-鿿][,;:?!()]|[,;:?!][一-鿿]|[一-鿿]\.(?:\s|$)|\)[一-鿿]|[一-鿿]\(",
        "no blank": r"[一-鿿][A-Za-z0-9{\[<]|[A-Za-z0-9}\]>%][一-鿿]",
        "a blank beside a mark": r" [，。、；：！？）”]|[，。、；：！？（“] (?! )",
        "an ellipsis of dots": r"\.\.\.",
    }
    return [name for name, pattern in rules.items() if re.search(pattern, text)]


# Facts that begin and end with Chinese, so that no blank stands beside them.
CHINESE_FACTS = ("{page}", "{reason}", "{fault}", "{remark}", "{kind}", "{message}", "{names}", "{text}")
NOT_SAID = (
    "缺省", "方言", "登记", "加签", "读码", "扫码设备", "扫描枪", "识读", "拓展屏", "唤醒", "静默", "核验", "重试",
    "重发", "供应商", "技术支持", "管理员", "焦点", "本程序", "本组件", "用户名", "病人", "用户请", "已写出",
    "已写入", "中止", "登陆", "帐号", "其它", "错误码", "响应", "有误，", "电子凭证二维码", "医保二维码", "token",
    "状态码",
)  # fmt: skip


@each_row([*ROWS, *(f"argparse: {row.en}" for row in WORDS.values())])
def test_chinese_follows_the_rules(name: str) -> None:
    text = ROWS[name].zh if name in ROWS else WORDS[name.removeprefix("argparse: ")].zh
    for fact in CHINESE_FACTS:
        text = text.replace(fact, "甲")
    text = re.sub(r"(?m)^  vcshim .*$", "", text).replace("{{", "").replace("}}", "")
    assert CHINESE.search(text) or text in ("", "、") or name.startswith("argparse: %(prog)s") or text == "甲", (
        "no Chinese"
    )
    assert chinese_faults(re.sub(r"%(?:\(\w+\))?[sr]", "X", text)) == []
    assert [word for word in NOT_SAID if word in text] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("失败,请再试", "a half-width mark"),
        ("设置(默认)", "a half-width mark"),
        ("完成.", "a half-width mark"),
        ("端口COM3", "no blank"),
        ("{port}被占用", "no blank"),
        ("失败： 原因", "a blank beside a mark"),
        ("请稍候...", "an ellipsis of dots"),
    ],
)
def test_a_fault_is_seen(text: str, fault: str) -> None:
    assert fault in chinese_faults(text)
    assert chinese_faults("端口 COM3 被占用（默认：9600），请用 --port 换一个。") == []


def test_saved_is_said_in_one_way() -> None:
    saved = [row.zh for name, row in ROWS.items() if name.endswith(".SAVED")]
    assert len(saved) >= 3 and all(text.startswith("已保存到 {file}") for text in saved)
