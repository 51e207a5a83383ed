"""The table of pages: what is in which group, in which order, and which guides are in help.html. Data, and a search.

A document that no row names is a page all the same: among those for HIS developers if it is Chinese, else in the last
group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from buildlib.layout import ROOT

HOME, HOME_IN_ENGLISH = "README.zh-CN.md", "README.md"
# In the navigation, instead of the title in the document.
SHORT_TITLES = {HOME: "简介", HOME_IN_ENGLISH: "About"}


@dataclass(frozen=True)
class Group:
    """Pages that belong together, as files of the checkout. Of a group `in_help`, the guides are in help.html."""

    title: str
    pages: tuple[str, ...]
    in_help: bool = False


GROUPS = (
    Group("开始", (HOME, HOME_IN_ENGLISH)),
    Group(
        "医院信息科",
        (
            "docs/install.md",
            "docs/settings.md",
            "docs/troubleshooting.md",
            "docs/replacing.md",
            "docs/fleet.md",
            "docs/telemetry.md",
            "docs/security.md",
        ),
        in_help=True,
    ),
    Group("设备", ("docs/scanner.md", "docs/screen.md", "docs/labels.md", "docs/autofill.md"), in_help=True),
    Group("说明和返回码", ("docs/outcomes.md", "docs/messages.md", "docs/commands.md"), in_help=True),
    Group(
        "HIS 开发",
        (
            "examples/first-hour.md",
            "examples/README.md",
            "docs/hosts.md",
            "docs/bridge.md",
            "docs/reference.md",
            "docs/simulator.md",
            "docs/dialects.md",
            "docs/errata.md",
        ),
    ),
    Group(
        "Contributors",
        (
            "docs/a-call.md",
            "CONTRIBUTING.md",
            "docs/decisions.md",
            "docs/performance.md",
            "docs/replacing.en.md",
            "SECURITY.md",
            "CHANGELOG.md",
        ),
    ),
)
_FOR_OTHERS, _FOR_CONTRIBUTORS = "HIS 开发", "Contributors"


@lru_cache(maxsize=1)
def groups() -> dict[str, list[str]]:
    """Every page there is, by the title of its group."""
    found = {group.title: [page for page in group.pages if (ROOT / page).is_file()] for group in GROUPS}
    named = {page for pages in found.values() for page in pages}
    for path in (*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))):
        page = path.relative_to(ROOT).as_posix()
        if page not in named:
            found[_FOR_OTHERS if is_chinese(path) else _FOR_CONTRIBUTORS].append(page)
    return found


def help_pages() -> list[str]:
    """The guides that are in help.html, in their order."""
    return [page for group in GROUPS if group.in_help for page in groups()[group.title]]


def is_chinese(path: Path) -> bool:
    """Whether the title of a document is Chinese."""
    return re.search("^# .*[\u4e00-\u9fff]", path.read_text("utf-8"), re.M) is not None


def address(page: str) -> str:
    """The page's file in the site, as Markdown: README.zh-CN.md is the home."""
    special = {HOME: "index.md", HOME_IN_ENGLISH: "index.en.md"}
    return special.get(page) or page.removeprefix("docs/")
