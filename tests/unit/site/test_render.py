"""A document as HTML: ids at headings and rows, links led elsewhere, Chinese lines joined, and what is for whom."""

from __future__ import annotations

import pytest

from buildlib.site.render import Document, Leads, slug

DOCUMENT = """\
# 设置

一行，
下一行 `a`、
`b` 和
text

## For others

*For contributors.*

    code

### Below it

Gone.

## 怎样写（一）

### [scanner]

<!-- table: settings -->
| 键 | 含义 |
| --- | --- |
| `port` | 串口 |
| 不是键 | `port` |
<!-- end -->

## 怎样写（一）

| 原因 | |
| --- | --- |
| `network.refused` | 拒绝<br>连接 |
"""


def test_ids() -> None:
    """As GitHub gives them, and one for each key and each message."""
    page = Document(DOCUMENT, rows="message.").page()
    assert page.title == "设置"
    assert [section.id for section in page.sections] == [
        *("设置", "for-others", "below-it", "怎样写一", "scanner", "scanner.port", "怎样写一-1"),
        "message.network.refused",
    ]
    assert '<tr id="scanner.port">' in page.html and "<!--" not in page.html


def test_words_of_a_section() -> None:
    sections = {section.id: section for section in Document(DOCUMENT).sections}
    assert sections["scanner.port"].title == "[scanner] port" and sections["scanner.port"].words == ["port", "串口"]
    assert sections["scanner"].words == ["键", "含义", "不是键", "port"]
    assert sections["network.refused"].words == ["network.refused", "拒绝连接"]


def test_lines_are_joined_without_a_blank_in_chinese() -> None:
    page = Document(DOCUMENT).page()
    assert "<p>一行，下一行 <code>a</code>、<code>b</code> 和\ntext</p>" in page.html


def test_a_file_of_several_documents() -> None:
    """Headings have the document's name before them; what is for contributors is left out, with all below it."""
    page = Document(DOCUMENT, "settings-", for_readers=True).page()
    assert [section.id for section in page.sections][:3] == ["settings", "settings-怎样写一", "settings-scanner"]
    assert "Gone." not in page.html and "code</code></pre>" not in page.html


def test_links_and_pictures() -> None:
    leads = Leads(
        link=lambda target: None if target == "gone.py" else f"to:{target}",
        image=lambda target: None,
        title=lambda target: "标签",
        no_picture="none",
    )
    page = Document("[labels.md](labels.md), [here](#x), [code](gone.py) ![picture](a.png)").page(leads)
    assert page.html == '<p><a href="to:labels.md">标签</a>, <a href="to:#x">here</a>, code none</p>\n'


def test_code_is_not_touched() -> None:
    assert Document("```\n一\n二 <b>\n```\n").page().html == "<pre><code>一\n二 &lt;b&gt;\n</code></pre>\n"


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("第 2 步：得出报文格式，重算核对", "第-2-步得出报文格式重算核对"), ("[abi]", "abi"), ("HTTP 状态", "http-状态")],
)
def test_slug(title: str, anchor: str) -> None:
    assert slug(title) == anchor
