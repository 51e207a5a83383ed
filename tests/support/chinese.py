"""Every Chinese text that a person reads, wherever it is written: Python, C, pages, rows, documents.

Not the rules: those are in tests/unit/test_wording.py. What the specifications print is not collected: meanings of
codes, names of fields, dictionaries.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from shim import configuration, messages, spec
from shim.errors import Message
from tests.support.documents import documents
from tests.support.paths import ROOT
from tests.support.syntax import parsed

HAN = "\u3400-\u9fff"
CHINESE = re.compile("[⺀-鿿豈-\ufaff\uff00-\uffef、-〿“”]")  # Chinese characters and marks
VALUE = "\ufffc"
"""Stands for a value that is only known when the text is shown, and is neither Chinese nor Latin."""
CODE = "\ufff9"
"""Stands for a code span of a document, which is Latin."""

# Rows that are the specification's words, data of pretended people, and the generated reference of all that.
_NOT_OURS = ("shim/spec/", "shim/simulator/persons.py", "docs/reference.md")


@dataclass(frozen=True)
class Text:
    """One text, without markup. `path` is relative to the checkout."""

    path: str
    line: int
    text: str


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return re.search(f"[{HAN}]", text) is not None


@lru_cache(maxsize=1)
def texts() -> tuple[Text, ...]:
    """All of them."""
    found: list[Text] = []
    for folder, pattern, collect in (
        ("shim", "*.py", python_texts),
        ("buildlib", "*.py", python_texts),
        ("native", "*.[ch]", c_texts),
        ("shim", "*.html", page_texts),
        ("shim", "*.js", script_texts),
    ):
        for path in sorted((ROOT / folder).rglob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(_NOT_OURS):
                found += (Text(name, line, text) for line, text in collect(path.read_text("utf-8")))
    for path in documents():
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(_NOT_OURS):
            source = path.read_text("utf-8")
            if name == "CHANGELOG.md":
                source = source.partition("\n## Unreleased\n")[2].partition("\n## ")[0]
            found += (Text(name, line, text) for line, text in document_texts(source))
    found += (Text("shim/spec/codes.py", 0, text) for text in spec_texts())
    found += (
        Text(f"shim/messages/{row.key.partition('.')[0]}.py", 0, text) for row in rows() for text in row_texts(row)
    )
    found += (Text("vcshim.ini", line, text) for line, text in template_texts())
    return tuple(each for each in found if is_chinese(each.text))


def spec_texts() -> Iterator[str]:
    """What is ours in the rows of the specification: remedies, and remarks on fields."""
    for codes in (spec.VC_CODES, spec.EC_CODES, spec.SEEN_CODES):
        yield from (row.remedy for row in codes.values())
    for method in spec.METHODS.values():
        yield from (row.note for row in (*method.request, *method.response))


def rows() -> list[Message]:
    """Every row of shim/messages."""
    modules = (
        importlib.import_module(f"shim.messages.{each.name}") for each in pkgutil.iter_modules(messages.__path__)
    )
    return [row for module in modules for row in vars(module).values() if isinstance(row, Message)]


def row_texts(row: Message) -> Iterator[str]:
    """The texts of a row with its usual facts."""
    facts = {"platform": "多码融合平台", **row.usual}
    yield row.clerk.format(**facts)
    yield row.then
    yield row.engineer.format(**facts)


def template_texts() -> Iterator[tuple[int, str]]:
    """The comments of vcshim.ini, as Notepad shows them."""
    for line, text in enumerate(configuration.template().splitlines(), 1):
        if text.startswith(";"):
            yield line, text.lstrip("; ")


# ---- Python ----------------------------------------------------------------------------------------------------------


def python_texts(source: str) -> Iterator[tuple[int, str]]:
    """The string literals of a module, parts that are put together taken together; no docstrings."""
    yield from _literals(parsed(source))


def _literals(node: ast.AST) -> Iterator[tuple[int, str]]:
    text = _text_of(node)
    if text is not None:
        if isinstance(node, ast.Constant) or any(isinstance(child, ast.Constant) for child in ast.walk(node)):
            yield getattr(node, "lineno", 0), re.sub(r"\{[a-z_]*(![rs])?(:[^{}]*)?\}", VALUE, text)
        for child in ast.walk(node):  # what stands in the values: f"{'一' if x else '二'}"
            if isinstance(child, ast.FormattedValue):
                yield from _literals(child.value)
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Expr) and isinstance(child, ast.Constant):
            continue  # a docstring
        yield from _literals(child)


def _text_of(node: ast.AST) -> str | None:
    """The text of a literal, an f-string or a sum that has one; None of anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_part, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text_of(node.left), _text_of(node.right)
        return None if left is None and right is None else (left or VALUE) + (right or VALUE)
    return None


def _part(node: ast.expr) -> str:
    """A part of an f-string: its text, a digit for what is certainly a number, or a value."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    called = node.value.func if isinstance(node.value, ast.Call) else None
    is_number = isinstance(called, ast.Name) and called.id in ("len", "round", "int", "sum")
    return "0" if is_number or (node.format_spec is not None and "!s" not in ast.dump(node.format_spec)) else VALUE


# ---- C, pages, scripts -----------------------------------------------------------------------------------------------


def c_texts(source: str) -> Iterator[tuple[int, str]]:
    """The string literals of C, those that follow one another taken together; a macro between them is a value."""
    source = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), source, flags=re.S)
    source = re.sub(r"(?m)(?<![:\"])//.*$", "", source)
    literal = r'[LuU]?8?"(?:[^"\\\n]|\\.)*"'
    for match in re.finditer(rf"{literal}(?:\s*(?:[A-Z_]+\s*)?{literal})*", source):
        parts = re.findall(r'"((?:[^"\\\n]|\\.)*)"', match[0])
        text = re.sub(r"%[-0-9.]*(?:[hlz]|I64)*[sducxX]", VALUE, "".join(parts))
        yield source.count("\n", 0, match.start()) + 1, text.replace("\\n", "\n").replace('\\"', '"')


def page_texts(source: str) -> Iterator[tuple[int, str]]:
    """What a page shows: the text between its tags, and the attributes that are read out or shown."""
    source = re.sub(r"<(script|style)\b.*?</\1>", lambda match: "\n" * match[0].count("\n"), source, flags=re.S)
    source = re.sub(r"\{#.*?#\}|<!--.*?-->", lambda match: "\n" * match[0].count("\n"), source, flags=re.S)
    source = re.sub(r"\{\{.*?\}\}", VALUE, source, flags=re.S)
    source = re.sub(r"\{%.*?%\}", lambda match: "<>" + "\n" * match[0].count("\n"), source, flags=re.S)
    for match in re.finditer(r'(?:title|alt|placeholder|aria-label|data-label|value|content)="([^"]*)"', source):
        yield source.count("\n", 0, match.start()) + 1, match[1]
    inline = r"</?(?:b|strong|em|span|a|code)\b[^>]*>"
    between = re.sub(r"<[^>]*>", lambda match: "<>" + "\n" * match[0].count("\n"), re.sub(inline, "", source))
    for match in re.finditer(r"[^<>]+", between):
        yield between.count("\n", 0, match.start()) + 1, " ".join(match[0].split())


def script_texts(source: str) -> Iterator[tuple[int, str]]:
    """The string literals of JavaScript."""
    source = re.sub(r"/\*.*?\*/", lambda match: "\n" * match[0].count("\n"), source, flags=re.S)
    source = re.sub(r"(?m)(?<!:)//.*$", "", source)
    for match in re.finditer(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`", source):
        text = next(part for part in match.groups() if part is not None)
        yield source.count("\n", 0, match.start()) + 1, re.sub(r"\$\{[^}]*\}", VALUE, text)


# ---- documents -------------------------------------------------------------------------------------------------------


def document_texts(source: str) -> Iterator[tuple[int, str]]:
    """The Chinese paragraphs, items, titles and cells of a document; English ones that quote Chinese are left out."""
    source = re.sub(r"(?ms)^```.*?^```", lambda match: "\n" * match[0].count("\n"), source)
    source = re.sub(r"(?s)<!--.*?-->", lambda match: "\n" * match[0].count("\n"), source)
    block: list[str] = []
    begins = 0
    for number, line in enumerate([*source.splitlines(), ""], 1):
        stripped = line.strip()
        starts = re.match(r"(?:[-*] |[0-9]+\. |#+ |> )", stripped)
        if not stripped or starts or stripped.startswith("|") or (line.startswith("    ") and not block):
            yield from _paragraph(begins, block)
            block = []
        if stripped.startswith("|"):
            for cell in re.split(r"(?<!\\)\|", stripped.strip("|")):
                yield from _paragraph(number, [cell.strip()])
        elif stripped and (block or not line.startswith("    ")):
            begins = begins if block else number
            block.append(stripped[starts.end() :] if starts else stripped)


def _paragraph(line: int, lines: list[str]) -> Iterator[tuple[int, str]]:
    text = ""
    for part in lines:
        joins = re.search("[，。；：、？！（）“”]$", text) or re.match("[，。；：、？！（）“”]", part)
        joins = joins or (re.search(f"[{HAN}]$", text) and re.match(f"[{HAN}]", part))
        text += part if joins or not text else " " + part
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "")
    text = re.sub(r"<[^>]*>", "", re.sub(r"`[^`]+`", CODE, text)).replace("\\|", "|")
    if len(re.findall(f"[{HAN}]", text)) > len(re.findall("[A-Za-z]", text)):
        yield line, text
