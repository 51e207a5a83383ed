"""Where the links of the documents lead: to another page of the site, to a place in one, or out of it.

A link to a file of the checkout that is no page (a source, a folder) keeps only its text. One that leads nowhere is
kept in `broken`, and nothing else is done about it here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from buildlib.layout import ROOT
from buildlib.site import pages
from buildlib.site.render import Document, Leads, Page


@dataclass(frozen=True)
class Site:
    """Every page, rendered; `broken` has a line for each link that leads nowhere."""

    rendered: Mapping[str, Page]
    broken: list[str]


def read(page: str) -> str:
    """The text of a document."""
    return (ROOT / page).read_text("utf-8")


def site() -> Site:
    """All pages. They are read first, so that every link can be held to the places that there are."""
    known = {page: Document(read(page), rows=rows(page)) for group in pages.groups().values() for page in group}
    broken: list[str] = []
    rendered = {}
    for page, document in known.items():
        ways = _Ways(page, known, broken)
        rendered[page] = document.page(Leads(ways.link, ways.image, ways.title))
    return Site(rendered, broken)


def rows(page: str) -> str:
    """What stands before the ids of rows that name no key: message.network.refused, doctor.files.changed."""
    return {"docs/messages.md": "message.", "docs/troubleshooting.md": "doctor."}.get(page, "")


def resolve(page: str, target: str) -> tuple[str, str]:
    """The file of the checkout that a relative link leads to, and the place in it."""
    path, _, place = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    return whole, place


def is_outside(target: str) -> bool:
    """Whether a link leads to another server."""
    return target.startswith(("https:", "http:", "mailto:"))


class _Ways:
    """The links of one page."""

    def __init__(self, page: str, known: Mapping[str, Document], broken: list[str]) -> None:
        self._page, self._known, self._broken = page, known, broken

    def title(self, target: str) -> str:
        known = self._known.get(resolve(self._page, target)[0])
        return known.title if known else ""

    def link(self, target: str) -> str | None:
        if is_outside(target):
            return target
        file, place = resolve(self._page, unquote(target))
        if file not in self._known:
            if not (ROOT / file).exists():
                self._broken.append(f"{self._page}: no file {target}")
            return None
        if place and place not in self._known[file].ids:
            self._broken.append(f"{self._page}: no place {target}")
        return self._address(pages.address(file).removesuffix(".md") + ".html") + (f"#{place}" if place else "")

    def image(self, target: str) -> str | None:
        if is_outside(target):
            self._broken.append(f"{self._page}: a picture from elsewhere, {target}")
            return None
        file, _ = resolve(self._page, target)
        if not (ROOT / file).is_file() or not file.startswith("docs/"):
            self._broken.append(f"{self._page}: no picture {target}")
        return self._address(file.removeprefix("docs/"))

    def _address(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(pages.address(self._page)) or ".")
