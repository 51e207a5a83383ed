"""A document as HTML, as GitHub reads it (CommonMark and tables), with an id at every place that can be pointed at.

Those are headings, and rows of tables that begin with a name in code: keys of a section, messages, findings.
Knows nothing of other documents: whoever calls says where a link leads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_CHINESE = re.compile("[\u3400-\u9fff]")
_WIDE = re.compile("[\u2014-\u2026\u3000-\u9fff\uff00-\uffef]")
_MARK = re.compile("[\u3001-\u3011\uff01-\uff1f]")
_SECTION = re.compile(r"\[(\w+)\]")
_ANCHOR = re.compile(r'<a id="([^"]+)">')
_NAME = re.compile(r"[a-z]\w*(?:\.\w+)*")
CONTRIBUTORS = "For contributors."


@dataclass
class Section:
    """What stands below one heading, or in one row that has an id: for a search."""

    id: str
    title: str
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Heading:
    """A heading of a document."""

    level: int
    id: str
    title: str


@dataclass(frozen=True)
class Page:
    """A document, made into HTML."""

    title: str
    html: str
    headings: Sequence[Heading]
    sections: Sequence[Section]


@dataclass(frozen=True)
class Leads:
    """Where the links of a document lead.

    Attributes:
        link: the address that a link gets; None leaves its text alone.
        image: the address that a picture gets; None leaves the picture out.
        title: what a link says whose text is a file's name: the title of the document.
        no_picture: what stands in the place of a picture that is left out.
    """

    link: Callable[[str], str | None] = lambda target: target
    image: Callable[[str], str | None] = lambda target: target
    title: Callable[[str], str] = lambda target: ""
    no_picture: str = ""


def slug(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


class Document:
    """A document that was read: its places are known, and `page` makes it into HTML."""

    def __init__(self, markdown: str, prefix: str = "", rows: str = "", *, for_readers: bool = False) -> None:
        """Read a document.

        Args:
            prefix: stands before the ids of headings, so that several documents fit into one file.
            rows: stands before the ids of rows in tables.
            for_readers: leave out the sections that are for contributors.
        """
        self._parser = MarkdownIt("commonmark").enable("table")
        tokens = [token for token in self._parser.parse(markdown) if not _is_comment(token)]
        self._tokens = _for_readers(tokens) if for_readers else tokens
        names = _Names(prefix, rows)
        for position, token in enumerate(self._tokens):
            names.look(self._tokens, position, token)
        self.headings: Sequence[Heading] = names.headings
        self.sections: Sequence[Section] = names.sections
        self.title = names.headings[0].title if names.headings else ""
        self.ids = {section.id for section in names.sections} | set(_ANCHOR.findall(markdown))

    def page(self, leads: Leads = Leads()) -> Page:
        """Its HTML. To be called once: the links are replaced."""
        for token in self._tokens:
            if token.children:
                token.children = _children(token.children, leads)
        text = str(self._parser.renderer.render(self._tokens, self._parser.options, {}))
        text = text.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
        return Page(self.title, text, self.headings, self.sections)


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _for_readers(tokens: Sequence[Token]) -> list[Token]:
    """Without each section whose first words are that it is for contributors, up to the next one as high."""
    kept: list[Token] = []
    left_out = 0
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1])
            first = tokens[position + 4].content if len(tokens) > position + 4 else ""
            if left_out and level <= left_out:
                left_out = 0
            if not left_out and first.strip("*") == CONTRIBUTORS:
                left_out = level
        if not left_out:
            kept.append(token)
    return kept


class _Names:
    """Gives ids to headings and rows while it walks through a document, and collects the words of each."""

    def __init__(self, prefix: str, rows: str) -> None:
        self._prefix, self._rows = prefix, rows
        self._section = ""
        self._row: Section | None = None
        self._below: Section | None = None
        self.headings: list[Heading] = []
        self.sections: list[Section] = []
        self._used: dict[str, int] = {}

    def look(self, tokens: Sequence[Token], position: int, token: Token) -> None:
        if token.type == "heading_open":
            self._heading(token, plain(tokens[position + 1]))
        elif token.type == "tr_open":
            self._begin_row(token, tokens[position + 2])
        elif token.type == "tr_close":
            self._row = None
        elif token.type in ("inline", "fence", "code_block"):
            words = plain(token) if token.type == "inline" else token.content
            if self._row is not None:
                self._row.words.append(words)
            elif self._below is not None and words != self._below.title:
                self._below.words.append(words)

    def _heading(self, token: Token, title: str) -> None:
        anchor = self._prefix + slug(title) if self.headings else self._prefix.rstrip("-") or slug(title)
        count = self._used[anchor] = self._used.get(anchor, -1) + 1
        if count:
            anchor += f"-{count}"
        token.attrSet("id", anchor)
        section = _SECTION.fullmatch(title)
        self._section = f"{section[1]}." if section else ""
        self.headings.append(Heading(int(token.tag[1]), anchor, title))
        self._below = Section(anchor, title)
        self.sections.append(self._below)

    def _begin_row(self, token: Token, cell: Token) -> None:
        """Rows of a section's keys are section.key; elsewhere only a name with a dot is a place of its own."""
        codes = [child for child in cell.children or () if child.type == "code_inline"]
        name = codes[0].content if len(codes) == len(cell.children or ()) == 1 else ""
        if not _NAME.fullmatch(name) or ("." not in name and not self._section):
            return
        anchor = (self._section or self._rows) + name
        if anchor not in {section.id for section in self.sections}:
            token.attrSet("id", anchor)
            self._row = Section(anchor, f"{self._section and '[' + self._section[:-1] + '] '}{name}")
            self.sections.append(self._row)


def plain(token: Token) -> str:
    """The text of a line without its marks."""
    texts = (
        " " if child.type in ("softbreak", "html_inline") else child.content
        for child in token.children or ()
        if child.type in ("text", "code_inline", "softbreak", "html_inline")
    )
    return re.sub(f"(?<={_CHINESE.pattern}) (?={_CHINESE.pattern})", "", html.unescape("".join(texts))).strip()


def _children(children: Sequence[Token], leads: Leads) -> list[Token]:
    """The parts of a line: links and pictures led where they are wanted, line ends between Chinese characters gone."""
    kept: list[Token] = []
    dropped: list[bool] = []
    for position, child in enumerate(children):
        if child.type == "link_open":
            href = str(child.attrGet("href"))
            target = leads.link(href)
            dropped.append(target is None)
            text = children[position + 1]
            if href.endswith(text.content) and text.content.endswith(".md"):
                text.content = leads.title(href) or text.content
            if target is None:
                continue
            child.attrSet("href", target)
        elif child.type == "link_close" and dropped.pop():
            continue
        elif child.type == "image":
            source = leads.image(str(child.attrGet("src")))
            if source is None:
                child = Token("text", "", 0, content=leads.no_picture)
            else:
                child.attrSet("src", source)
        elif child.type == "softbreak" and _between_chinese(children, position):
            continue
        kept.append(child)
    return kept


def _between_chinese(children: Sequence[Token], position: int) -> bool:
    """Whether no blank belongs where a line ends: between Chinese characters, and at a Chinese mark."""
    around = [child.content if child.type == "text" else "" for child in children[position - 1 : position + 2 : 2]]
    before, after = around[0][-1:], around[1][:1]
    return all(_WIDE.match(each) for each in (before, after)) or bool(_MARK.match(before) or _MARK.match(after))
