"""The pages of the site: every document is one, every link leads somewhere, and the picture is what its table says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildlib.site import links, pages, picture
from tests.support.paths import ROOT


def test_the_whole_site() -> None:
    """No link leads nowhere; addresses between folders are right, and a file's name is shown as its title."""
    site = links.site()
    assert site.broken == []
    assert 'href="settings.html"' in site.rendered["README.md"].html
    assert 'src="architecture.svg"' in site.rendered["README.zh-CN.md"].html
    assert 'href="../install.html"' in site.rendered["docs/design/install.md"].html
    assert 'href="index.en.html"' in site.rendered["README.zh-CN.md"].html
    assert '<a href="replacing.html">替换原厂动态库</a>' in site.rendered["docs/settings.md"].html


def test_every_document_is_a_page_once() -> None:
    listed = [page for group in pages.groups().values() for page in group]
    documents = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert len(listed) == len(set(listed)) and documents <= set(listed)
    assert {"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"} <= set(listed)


def test_the_guides_of_the_hospital_are_chinese() -> None:
    assert [page for page in pages.help_pages() if not pages.is_chinese(ROOT / page)] == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[a](nothing.md)", "no file nothing.md"),
        ("[a](install.md#nowhere)", "no place install.md#nowhere"),
        ("[a](#nowhere)", "no place #nowhere"),
        ("![a](nothing.png)", "no picture nothing.png"),
        ("![a](https://elsewhere.example/a.png)", "a picture from elsewhere, https://elsewhere.example/a.png"),
        ("[a](install.md#退出码), [b](../shim/abi.py), [c](https://a.example/), ![d](architecture.svg)", ""),
    ],
)
def test_a_broken_link_is_named(monkeypatch: pytest.MonkeyPatch, text: str, broken: str) -> None:
    documents = {"docs/a-call.md": f"# A\n\n{text}\n", "docs/install.md": "# B\n\n## 退出码\n"}
    monkeypatch.setattr(links, "read", documents.__getitem__)
    monkeypatch.setattr(pages, "groups", lambda: {"": list(documents)})
    assert links.site().broken == ([f"docs/a-call.md: {broken}"] if broken else [])


# ---- the picture -----------------------------------------------------------------------------------------------------


def test_the_picture_is_what_the_table_says() -> None:
    committed = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    assert picture.svg() == committed, "run: python -m buildlib.site.picture docs/architecture.svg"


def test_what_the_picture_names_is_there() -> None:
    parts = [box.part for box in (*picture.BOXES, *picture.FRAMES) if box.part]
    assert len(parts) > 12 and [part for part in parts if not (ROOT / part).exists()] == []


def test_the_picture_fits() -> None:
    """No box over another one or beyond the edge, nothing from elsewhere."""
    for box in picture.BOXES:
        assert box.left >= 0 and box.top >= 0
        assert box.left + box.width <= picture.WIDTH and box.top + box.height <= picture.HEIGHT
    overlaps = [
        (one.name, other.name)
        for one in picture.BOXES
        for other in picture.BOXES
        if one is not other
        and abs(2 * (one.left - other.left) + one.width - other.width) < one.width + other.width
        and abs(2 * (one.top - other.top) + one.height - other.height) < one.height + other.height
    ]
    assert overlaps == []
    assert not re.search(r"(?:href|src|url)\s*[=(]\s*[\"']?https?:", picture.svg())


def test_both_readmes_show_it() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert "(docs/architecture.svg)" in Path(ROOT, name).read_text("utf-8")
