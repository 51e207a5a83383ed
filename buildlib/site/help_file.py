"""help.html: the Chinese guides as one file without anything beside it, in the vcshim folder of every set.

The keys of vcshim.ini, the messages and the findings of `vcshim doctor` are places in it: help.html#scanner.port,
help.html#message.network.refused, help.html#doctor.files.changed. A guide is a place by its name, help.html#scanner.
The pages of the site are made elsewhere (hooks.py), from the same documents by the same rules.
"""

from __future__ import annotations

import base64
import html
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from urllib.parse import unquote

from buildlib.layout import ROOT
from buildlib.site import links, pages
from buildlib.site.render import Document, Leads, Page

# Larger pictures stay in the documents.
LARGEST_PICTURE = 30_000
_THEME = Path(__file__).with_name("theme")


def text() -> str:
    """The whole file. That its links lead somewhere is a test's business."""
    guides = {page: _guide(page) for page in pages.help_pages()}
    sections = "".join(f"<section>\n{guide.html}</section>\n" for guide in guides.values())
    return Template((_THEME / "help.html").read_text("utf-8")).substitute(
        style=(_THEME / "site.css").read_text("utf-8"),
        navigation=_navigation(guides),
        guides=sections,
        script=(_THEME / "search.js").read_text("utf-8"),
    )


def _guide(page: str) -> Page:
    def link(target: str) -> str | None:
        if links.is_outside(target):
            return target
        file, place = links.resolve(page, unquote(target))
        if file not in pages.help_pages():
            return None  # for developers: in the site
        return "#" + (_prefix(file) + place if place and "." not in place else place or stem(file))

    def title(target: str) -> str:
        path = ROOT / links.resolve(page, target)[0]
        return path.read_text("utf-8").partition("\n")[0].removeprefix("# ") if path.is_file() else ""

    def image(target: str) -> str | None:
        path = ROOT / links.resolve(page, target)[0]
        content = path.read_bytes()
        if path.suffix != ".png" or len(content) > LARGEST_PICTURE:
            return None
        return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"

    document = Document(links.read(page), _prefix(page), links.rows(page), for_readers=True)
    return document.page(Leads(link, image, title, "（图略）"))


def stem(page: str) -> str:
    """The name of a guide as a place."""
    return Path(page).stem


def _prefix(page: str) -> str:
    return stem(page) + "-"


def _navigation(guides: Mapping[str, Page]) -> str:
    parts = []
    for group in pages.GROUPS:
        if group.in_help:
            items = (f'<li><a href="#{stem(page)}">{html.escape(guides[page].title)}</a></li>\n'
                     for page in pages.groups()[group.title])  # fmt: skip
            parts.append(f"<h2>{group.title}</h2>\n<ul>\n{''.join(items)}</ul>\n")
    return "".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(text().encode("utf-8"))
