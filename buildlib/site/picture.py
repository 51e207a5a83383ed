"""docs/architecture.svg, the one picture of the architecture: python -m buildlib.site.picture docs/architecture.svg

A table of boxes and arrows, and how they are drawn: without fonts or pictures from elsewhere, dark where the reader's
system is. A box that stands for a part of the checkout names it, and a test looks whether it is there.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1000, 690


@dataclass(frozen=True)
class Box:
    """A box: its place, a name, what it is in Chinese and in English; `part` is a path of the checkout."""

    left: int
    top: int
    width: int
    height: int
    name: str
    chinese: str
    english: str
    kind: str = "ours"
    part: str = ""


@dataclass(frozen=True)
class Arrow:
    """A line of corners with a head at its end, and words beside it; `both` has a head at its beginning, too."""

    corners: tuple[tuple[int, int], ...]
    words: str = ""
    at: tuple[int, int] = (0, 0)
    both: bool = False


FRAMES = (
    Box(250, 110, 500, 96, "", "动态库：纯 C", "DLLs, pure C", "frame"),
    Box(250, 236, 500, 436, "vcshim\\vcshim_core.dll", "一个独立的 CPython", "one isolated CPython", "frame", "native"),
)
BOXES = (
    Box(340, 16, 320, 56, "HIS", "医院程序：32 位，GBK，stdcall", "hospital program", "other"),
    Box(270, 140, 220, 54, "VirtualCardChk.dll", "多码融合码", "four exports", part="native/virtualcardchk.c"),
    Box(510, 140, 220, 54, "NationECCode.dll", "医保电子凭证", "one export", part="native/nationeccode.c"),
    Box(270, 276, 220, 54, "abi", "字节进，字节出", "bytes in, bytes out", part="shim/abi.py"),
    Box(510, 276, 220, 54, "service", "一笔交易的步骤", "the steps of a call", part="shim/service.py"),
    Box(270, 352, 140, 60, "codec", "字符集、JSON", "charset, JSON", part="shim/codec.py"),
    Box(430, 352, 140, 60, "validate", "规范的字段", "fields", part="shim/validate.py"),
    Box(590, 352, 140, 60, "dialects", "签名、加密", "sign, encrypt", part="shim/dialects"),
    Box(270, 430, 220, 60, "devices", "扫码枪、扩展屏、标签、填值", "devices", part="shim/devices"),
    Box(510, 430, 220, 60, "transport", "一个 POST，有时限", "one POST, a deadline", part="shim/transport"),
    Box(270, 508, 140, 60, "spec", "两份规范", "both texts as rows", "base", "shim/spec"),
    Box(430, 508, 140, 60, "settings", "vcshim.ini", "typed options", "base", "shim/settings"),
    Box(590, 508, 140, 60, "messages", "说明", "what people read", "base", "shim/messages"),
    Box(270, 584, 220, 56, "journal, log", "交易流水、日志", "no patient data", "base", "shim/journal"),
    Box(510, 584, 220, 56, "capture, replay", "留存、比对", "proof", "base", "shim/replay"),
    Box(16, 140, 190, 54, "*.vendor.dll", "原厂动态库", "vendor's, when capturing", "other"),
    Box(16, 352, 190, 66, "COM, HID, TCP", "扫码枪、打印机、扩展屏", "scanner, printer, screen", "other"),
    Box(16, 500, 190, 66, "vcshim.exe", "命令、doctor、安装", "commands, installer", part="shim/commands"),
    Box(16, 590, 190, 66, "bridge", "浏览器中的 HIS", "pages in a browser", part="shim/bridge"),
    Box(794, 352, 190, 66, "ehcService", "多码融合平台", "platform of fused codes", "other"),
    Box(794, 434, 190, 66, "localcfc", "医保平台", "platform of insurance", "other"),
    Box(794, 516, 190, 66, "simulator", "模拟平台，sim:", "both, offline", part="shim/simulator"),
    Box(794, 598, 190, 66, "OTLP, syslog", "医院的监控", "monitoring, off by default", "base", "shim/telemetry"),
)
ARROWS = (
    Arrow(((500, 74), (500, 108)), "strUrl, InData, OutData", (512, 96), both=True),
    Arrow(((380, 194), (380, 274))),
    Arrow(((620, 194), (620, 222), (440, 222), (440, 274))),
    Arrow(((490, 303), (508, 303)), both=True),
    Arrow(((270, 167), (208, 167)), "capture", (213, 158)),
    Arrow(((270, 460), (228, 460), (228, 385), (208, 385)), both=True),
    Arrow(((208, 533), (248, 533))),
    Arrow(((208, 623), (248, 623))),
    Arrow(((752, 631), (792, 631))),
    Arrow(((730, 460), (762, 460), (762, 385), (792, 385)), both=True),
    Arrow(((730, 460), (792, 460)), both=True),
    Arrow(((730, 460), (762, 460), (762, 549), (792, 549)), both=True),
)
_STYLE = """
  .back { fill: #ffffff; } text { fill: #1d2b36; font: 12px system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; }
  .name { font-weight: 700; font-size: 14px; } .faint { fill: #5b6b78; font-size: 11px; }
  .ours { fill: #e6f2f1; stroke: #0b6e6e; } .base { fill: #eef2f4; stroke: #8a9aa5; }
  .other { fill: #fff7e6; stroke: #b07c1e; } .frame { fill: none; stroke: #0b6e6e; stroke-dasharray: 5 4; }
  path { fill: none; stroke: #5b6b78; stroke-width: 1.5; } marker path { fill: #5b6b78; stroke: none; }
  @media (prefers-color-scheme: dark) {
    .back { fill: #14191d; } text { fill: #dde5ea; } .faint { fill: #97a6b1; }
    .ours { fill: #17302f; stroke: #63c7c0; } .base { fill: #232b31; stroke: #66747f; }
    .other { fill: #33290f; stroke: #d0a04a; } .frame { stroke: #63c7c0; }
    path { stroke: #97a6b1; } marker path { fill: #97a6b1; }
  }
"""


def svg() -> str:
    """The whole picture."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" aria-label="virtualcard-shim">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
        *(_frame(each) for each in FRAMES),
        *(_arrow(each) for each in ARROWS),
        *(_box(each) for each in BOXES),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _rectangle(box: Box) -> str:
    return f'<rect class="{box.kind}" x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}" rx="8"/>'


def _frame(box: Box) -> str:
    words = " · ".join(filter(None, (box.name, box.chinese, box.english)))
    down = 20 if not box.name else box.height - 12  # below, where no arrow crosses it
    return f'{_rectangle(box)}<text class="faint" x="{box.left + 14}" y="{box.top + down}">{escape(words)}</text>'


def _box(box: Box) -> str:
    middle, top = box.left + box.width // 2, box.top + box.height // 2 - 8
    lines = (("name", box.name, 0), ("", box.chinese, 16), ("faint", box.english, 30))
    texts = (
        f'<text class="{kind}" x="{middle}" y="{top + down}" text-anchor="middle">{escape(text)}</text>'
        for kind, text, down in lines
    )
    return _rectangle(box) + "".join(texts)


def _arrow(arrow: Arrow) -> str:
    line = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(arrow.corners))
    start = ' marker-start="url(#head)"' if arrow.both else ""
    words = (
        f'<text class="faint" x="{arrow.at[0]}" y="{arrow.at[1]}">{escape(arrow.words)}</text>' if arrow.words else ""
    )
    return f'<path d="{line}" marker-end="url(#head)"{start}/>{words}'


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(svg().encode("utf-8"))
