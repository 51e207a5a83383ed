"""Bar charts as SVG, without a library. Pure.

Colours are readable on white and on black; the text follows the reader's theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bench.figures import PRODUCT, YARDSTICKS

_WIDTH, _LEFT, _RIGHT = 870, 275, 170
_BAR, _STEP, _GAP, _TOP, _BOTTOM = 14, 20, 14, 44, 34
_LEGEND = 150  # of one entry
_OURS, _YARDSTICK, _OTHERS = "#2b8a9e", "#8a949c", ("#c77d1e", "#a35db5", "#7a8f2a")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}.line{stroke:#8a949c;stroke-width:1}"
    "@media(prefers-color-scheme:dark){text{fill:#b0bac4}}"
)


@dataclass(frozen=True)
class Bar:
    """One bar: who, how much, and where its whisker ends (p99)."""

    player: str
    value: float
    whisker: float


@dataclass(frozen=True)
class Group:
    """Bars that are compared."""

    title: str
    bars: Sequence[Bar]


def bars(title: str, unit: str, groups: Sequence[Group]) -> str:
    """Horizontal bars on one axis from 0; a whisker that leaves the axis ends there with an arrow's head."""
    players = list(dict.fromkeys(bar.player for group in groups for bar in group.bars))
    entries = list(dict.fromkeys("a yardstick" if name in YARDSTICKS else name for name in players))
    most = _round_up(max(bar.value for group in groups for bar in group.bars) * 1.1)
    legend = [_legend(number, entry, players) for number, entry in enumerate(entries)]
    top = _TOP + _STEP
    y, parts = top, []
    for group in groups:
        parts.append(_text(_LEFT - 8, y + _STEP * len(group.bars) / 2 + 1, group.title, "end"))
        for bar in group.bars:
            parts += _bar(bar, y, most, players)
            y += _STEP
        y += _GAP
    axis = _axis(most, unit, top, y)
    height = y + _BOTTOM
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>'
    )
    heading = f'<text class="title" x="8" y="20">{escape(title)}</text>'
    return "\n".join([head, heading, *legend, *axis, *parts, "</svg>"]) + "\n"


def colour(player: str, players: Sequence[str]) -> str:
    """Ours, a yardstick's, or one of those for other products."""
    if player == PRODUCT:
        return _OURS
    if player not in players or player in YARDSTICKS:
        return _YARDSTICK
    others = [name for name in players if name != PRODUCT and name not in YARDSTICKS]
    return _OTHERS[others.index(player) % len(_OTHERS)]


def _bar(bar: Bar, y: float, most: float, players: Sequence[str]) -> list[str]:
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    end = _LEFT + min(bar.whisker, most) * scale
    middle, width = y + _BAR / 2, bar.value * scale
    label = f"{bar.value:.3g} {bar.player}" if bar.player in YARDSTICKS else f"{bar.value:.3g}"
    return [
        f'<rect x="{_LEFT}" y="{y:.1f}" width="{width:.1f}" height="{_BAR}" fill="{colour(bar.player, players)}"/>',
        f'<path class="line" d="M{_LEFT + width:.1f} {middle:.1f}H{end:.1f}M{end:.1f} {middle - 4:.1f}v8"/>',
        _text(max(end, _LEFT + width) + 5, middle + 4.5, label, "start"),
    ]


def _legend(number: int, entry: str, players: Sequence[str]) -> str:
    x, y = 8 + number * _LEGEND, 30
    return (
        f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour(entry, players)}"/>'
        + _text(x + 18, y + 11, entry, "start")
    )  # fmt: skip


def _axis(most: float, unit: str, top: float, bottom: float) -> list[str]:
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    marks = [most * part / 4 for part in range(5)]
    lines = [
        f'<path class="line" opacity=".35" d="M{_LEFT + mark * scale:.1f} {top:.1f}V{bottom:.1f}"/>' for mark in marks
    ]
    texts = [_text(_LEFT + mark * scale, bottom + 16, f"{mark:g}", "middle") for mark in marks]
    return [*lines, *texts, _text(_WIDTH - 8, bottom + 16, unit, "end")]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 8 times a power of ten."""
    power = 10.0 ** (len(f"{value:.0f}") - 1) if value >= 1 else 10.0 ** -len(f"{1 / value:.0f}")
    return next(power * step for step in (1, 2, 4, 8, 10, 20) if power * step >= value)
