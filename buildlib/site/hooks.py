"""What MkDocs asks while it builds the site: which pages, in which order, and what stands in them.

Named in mkdocs.yml. It builds nothing itself and reads no document: links.py does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from buildlib.layout import ROOT
from buildlib.site import links, pages
from buildlib.site import render as documents

INDEX = "search-index.js"
_site: links.Site | None = None


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The navigation is the table of pages."""
    config.nav = [{title: [pages.address(page) for page in found]} for title, found in pages.groups().items()]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Every document is a page, wherever in the checkout it is. A link that leads nowhere ends the build."""
    global _site
    _site = links.site()
    if _site.broken:
        raise PluginError("links that lead nowhere:\n  " + "\n  ".join(_site.broken))
    for page, rendered in _site.rendered.items():
        address = pages.address(page)
        if (old := files.get_file_from_path(address)) is not None:
            files.remove(old)
        files.append(File.generated(config, address, content=f"# {rendered.title}\n"))
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The document itself, in the place of its title, which is all that MkDocs has read."""
    return _of(page.file.src_uri).html


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Any) -> dict[str, Any]:
    """What the template shows beside the document."""
    name = _name(page.file.src_uri)
    context["headings"] = [heading for heading in _of(page.file.src_uri).headings[1:] if heading.level == 2]
    context["language"] = "zh-CN" if pages.is_chinese(ROOT / name) or name == pages.HOME else "en"
    titles = {each: rendered.title for each, rendered in _all().items()} | pages.SHORT_TITLES
    context["titles"] = {pages.address(each): title for each, title in titles.items()}
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """What is searched: a script, and no file to fetch, so that it works from a disk as well."""
    rows = [
        [pages.address(page).removesuffix(".md") + f".html#{section.id}", rendered.title, section.title, text]
        for page, rendered in _all().items()
        for section in rendered.sections
        for text in [" ".join(section.words)]
    ]
    script = f"window.searchIndex = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"
    Path(config.site_dir, INDEX).write_text(script, "utf-8")


def _all() -> Mapping[str, documents.Page]:
    assert _site is not None
    return _site.rendered


def _name(address: str) -> str:
    return next(page for page in _all() if pages.address(page) == address)


def _of(address: str) -> documents.Page:
    return _all()[_name(address)]
