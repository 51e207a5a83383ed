"""Finds the places on one label: the QR code as large as the texts allow, the texts as large as the paper allows.

What it weighs is in `_cost`; what it never does: letters below 2 mm, a QR code that cannot be scanned, a card number
that is cut. Pure: how wide a text is, is asked of the caller. Sizes are dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, partial
from math import ceil
from typing import Protocol

from shim.devices.label.wrapping import Wrapped, words, wrap
from shim.drawing.qr import BORDER
from shim.drawing.shaping import clusters

SMALLEST_LETTERS = 2.2
"""mm of the em: a Chinese character is then 2 mm high."""

LINE = 1.28
"""From one line of a text to the next, in ems."""

BASE = 0.98
"""From the top of a line to its base line, in ems."""

_SMALLEST_MODULE, _WANTED_MODULE = 0.2, 0.25  # mm; counter scanners read 0.25 and hardly less
_MARGIN = 0.035  # of the shorter side, around the texts
_SMALLEST_MARGIN = 1.0  # mm
_UNIT = 0.105  # of the shorter side: the em of a row without weight
_TIMES = (1.0, 1.35, 1.8, 2.3)  # the em of a row in units, by its weight
_COMFORTABLE = (2.6, 3.0, 3.6, 4.0)  # mm of the em, by weight; smaller letters are read with an effort
_CAPTION = 0.85  # the em of a caption in units
_GAP = 0.45  # between two rows, in units
_SCALES = (1.0, 0.92, 0.85, 0.78, 0.71, 0.64, 0.57, 0.5, 0.44, 0.38, 0.32, 0.26, 0.2, 0.1)


class Measure(Protocol):
    """How wide a text is."""

    def __call__(self, text: str, em: int, bold: bool) -> int: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A row of the layout with the values of one label.

    Attributes:
        may_be_cut: as a last resort; a name, never a number.
        may_be_left_out: nothing of the patient is in it.
        right_to_left: its lines end at the left.
    """

    key: str
    caption: str
    text: str
    weight: int = 0
    may_be_cut: bool = False
    may_be_left_out: bool = False
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Letters:
    """One line of text: `left` and `base` of its base line."""

    key: str
    text: str
    left: int
    base: int
    em: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where everything stands.

    Attributes:
        left, top: of the QR code with its quiet zone.
        module: dots of one QR module.
        is_cut: the end of a name was left out.
    """

    left: int
    top: int
    module: int
    letters: tuple[Letters, ...]
    is_cut: bool = False


class _Captions(IntEnum):
    """Where captions stand, the best first; at last there are none, and nothing that is not the patient's."""

    ABOVE = 0
    BEFORE = 1
    NONE = 2
    PATIENT_ONLY = 3


_COST_OF_CAPTIONS = {_Captions.ABOVE: 0.0, _Captions.BEFORE: 0.12, _Captions.NONE: 1.5, _Captions.PATIENT_ONLY: 3.0}


@dataclass(frozen=True, slots=True)
class _Block:
    """A row as it would stand: its lines, and its size."""

    letters: tuple[Letters, ...]  # from the top left of the block
    width: int
    height: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Area:
    left: int
    top: int
    width: int
    height: int
    centred: bool


def smallest_em(dpi: int) -> int:
    """The em of the smallest letters that are printed."""
    return ceil(SMALLEST_LETTERS * dpi / 25.4)


def largest_module(side: int, modules: int, dpi: int) -> int:
    """The dots of one module of the largest code in a square of `side`; 0 if it could not be scanned.

    Args:
        modules: along a side of the code, without the quiet zone.
    """
    dots = side // (modules + 2 * BORDER)
    return dots if dots * 25.4 / dpi >= _SMALLEST_MODULE else 0


def arrange(
    texts: Sequence[Text], width: int, height: int, dpi: int, modules: int, measure: Measure
) -> Arrangement | None:  # fmt: skip
    """Arrange one label of `width` x `height`.

    Args:
        modules: as for `largest_module`.

    Returns:
        None if it is impossible: the code, or what must not be cut, is too large for the paper.
    """
    if not largest_module(min(width, height), modules, dpi):
        return None
    page = _Page(width, height, dpi, modules, cache(measure))
    best = page.best(texts)
    return best if best is not None else page.cut(texts)


class _Page:
    """The paper of one label, and the code that must be on it."""

    def __init__(self, width: int, height: int, dpi: int, modules: int, measure: Measure) -> None:
        self._width, self._height, self._dpi = width, height, dpi
        self._squares = modules + 2 * BORDER
        self._measure = measure
        self._smallest = smallest_em(dpi)
        shorter = min(width, height)
        self._margin = round(max(_MARGIN * shorter, _SMALLEST_MARGIN * dpi / 25.4))
        self._unit = max(_UNIT * shorter, self._smallest)

    def best(self, texts: Sequence[Text]) -> Arrangement | None:
        """The arrangement of the lowest cost; None if there is none."""
        if self._room() < sum(self._needed(text.text, text.weight) for text in texts if not text.may_be_left_out):
            return None
        result, lowest = None, float("inf")
        for captions in _Captions:
            if _COST_OF_CAPTIONS[captions] >= lowest:
                break
            for module, share in self._modules():
                bound = _COST_OF_CAPTIONS[captions] + 2.2 * (1 - share)
                if bound >= lowest:
                    break
                for area in self._areas(module):
                    found = self._in(area, texts, captions, lowest - bound)
                    if found is not None:
                        cost, letters = found
                        result, lowest = self._with_code(module, area, letters), bound + cost
        return result

    def cut(self, texts: Sequence[Text]) -> Arrangement | None:
        """The same with the end of a text left out that may be cut: as little of it as possible."""
        at = next((number for number, text in enumerate(texts) if text.may_be_cut), None)
        if at is None:
            return None
        others = (text for text in texts if text is not texts[at] and not text.may_be_left_out)
        if self._room() < sum(self._needed(text.text, text.weight) for text in others):
            return None
        pieces = clusters(texts[at].text)[: round(self._room() / (0.25 * self._smallest**2))]
        module = [module for module, _ in self._modules()][-1]
        low, high, result = 0, len(pieces) - 1, None
        while low < high:  # the most pieces that fit
            middle = (low + high + 1) // 2
            shorter = [*texts[:at], replace(texts[at], text="".join(pieces[:middle]) + "…"), *texts[at + 1 :]]
            found = self._smallest_of(module, shorter)
            if found is None:
                high = middle - 1
            else:
                low, result = middle, found
        return result and replace(result, is_cut=True)

    def _room(self) -> float:
        """Square dots that texts could have at best: all beside the smallest code."""
        module = [module for module, _ in self._modules()][-1]
        return self._width * self._height - (module * self._squares) ** 2

    def _needed(self, text: str, weight: int) -> float:
        """Square dots that a text needs in the smallest letters."""
        return self._measure(text, self._smallest, weight > 0) * LINE * self._smallest

    def _smallest_of(self, module: int, texts: Sequence[Text]) -> Arrangement | None:
        for area in self._areas(module):
            letters = self._fitting(area, texts, _Captions.PATIENT_ONLY, _SCALES[-1])
            if letters is not None:
                return self._with_code(module, area, letters[1])
        return None

    def _modules(self) -> Iterator[tuple[int, float]]:
        """The sizes of a module that come into question, the largest first, each with its share of the largest."""
        largest = min(self._width, self._height) // self._squares
        smallest = min(ceil(_WANTED_MODULE * self._dpi / 25.4 - 0.1), largest)
        for module in range(largest, smallest - 1, -1):
            yield module, module / largest

    def _areas(self, module: int) -> Iterator[_Area]:
        """Where the texts could stand: to the right of the code, or below it."""
        side, margin = module * self._squares, self._margin
        left = self._left_of_code(side)
        beside = _Area(left + side, margin, self._width - left - side - margin, self._height - 2 * margin, False)
        if beside.width >= 3 * self._smallest:
            yield beside
        top = self._top_of_code(side)
        below = _Area(margin, top + side, self._width - 2 * margin, self._height - top - side - margin, True)
        if below.height >= self._smallest:
            yield below

    def _left_of_code(self, side: int) -> int:
        return max(min(self._margin // 2, (self._width - side) // 2), 0)

    def _top_of_code(self, side: int) -> int:
        return max(min(self._margin // 2, (self._height - side) // 2), 0)

    def _with_code(self, module: int, area: _Area, letters: tuple[Letters, ...]) -> Arrangement:
        side = module * self._squares
        if area.centred:
            return Arrangement((self._width - side) // 2, self._top_of_code(side), module, letters)
        return Arrangement(self._left_of_code(side), (self._height - side) // 2, module, letters)

    def _in(
        self, area: _Area, texts: Sequence[Text], captions: _Captions, limit: float
    ) -> tuple[float, tuple[Letters, ...]] | None:
        """The arrangement of the lowest cost in one area, below `limit`."""
        best: tuple[float, tuple[Letters, ...]] | None = None
        for scale in _SCALES:
            bound = 1.5 * (1 - scale)
            if bound >= limit:
                break
            found = self._fitting(area, texts, captions, scale)
            if found is not None and bound + found[0] < limit:
                limit = bound + found[0]
                best = limit, found[1]
        return best

    def _fitting(
        self, area: _Area, texts: Sequence[Text], captions: _Captions, scale: float
    ) -> tuple[float, tuple[Letters, ...]] | None:
        """The texts in `area` with letters of that scale, and what is wrong with it; None if they do not fit."""
        unit = self._unit * scale
        blocks = []
        for text in texts:
            if captions is _Captions.PATIENT_ONLY and text.may_be_left_out:
                continue
            block = self._block(text, area, unit, captions)
            if block is None:
                return None
            blocks.append(block)
        gap = round(_GAP * unit)
        spare = area.height - sum(block.height for block in blocks) - gap * max(len(blocks) - 1, 0)
        if spare < 0:
            return None
        if len(blocks) > 1:
            gap += min(round(0.8 * unit), spare // (len(blocks) + 1))
        top = area.top + (area.height - sum(block.height for block in blocks) - gap * max(len(blocks) - 1, 0)) // 2
        letters: list[Letters] = []
        for block in blocks:
            left = area.left + (area.width - block.width) // 2 if area.centred else area.left
            letters += [replace(each, left=left + each.left, base=top + each.base) for each in block.letters]
            top += block.height + gap
        cost = sum(block.cost for block in blocks)
        return cost, tuple(letters)

    def _block(self, text: Text, area: _Area, unit: float, captions: _Captions) -> _Block | None:
        """One row with its caption; None if a character is wider than the area."""
        bold = text.weight > 0
        wanted = max(round(unit * _TIMES[min(text.weight, len(_TIMES) - 1)]), self._smallest)
        em_of_caption = max(round(unit * _CAPTION), self._smallest)
        has_caption = bool(text.caption) and captions < _Captions.NONE
        indent = 0
        if has_caption and (area.centred or captions is _Captions.BEFORE):
            indent = self._measure(text.caption, em_of_caption, False) + round(0.6 * em_of_caption)
        room = area.width - indent
        if room < self._smallest:
            return None
        em, wrapped = self._sized(text.text, room, wanted, bold)
        widths = [self._measure(line, em, bold) for line in wrapped.lines]
        if max(widths) > room + em // 8:  # pairs of letters may be wider than both of them
            return None
        letters: list[Letters] = []
        top = 0
        if has_caption and not indent:
            if self._measure(text.caption, em_of_caption, False) > area.width:
                return None
            letters.append(Letters(text.key, text.caption, 0, round(BASE * em_of_caption), em_of_caption))
            top = round(LINE * em_of_caption)
        elif has_caption:
            letters.append(Letters(text.key, text.caption, 0, round(BASE * em), em_of_caption))
        for number, line in enumerate(wrapped.lines):
            spare = max(widths) - widths[number]
            in_line = spare if text.right_to_left else spare // 2 if area.centred and not indent else 0
            letters.append(
                Letters(text.key, line, indent + in_line, top + round(BASE * em + number * LINE * em), em, bold)
            )
        height = top + round(LINE * em * len(wrapped.lines))
        return _Block(tuple(letters), indent + max(widths), height, self._cost(text, em, wanted, wrapped.torn > 0))

    def _cost(self, text: Text, em: int, wanted: int, is_torn: bool) -> float:
        """What is wrong with a row: smaller than the others of its weight, hard to read, a word or a number torn."""
        comfortable = _COMFORTABLE[min(text.weight, len(_COMFORTABLE) - 1)] * self._dpi / 25.4
        torn = 0.0 if not is_torn else 0.3 if text.may_be_cut else 0.8
        return torn + 0.5 * (1 - em / wanted) + 1.2 * max(0.0, 1 - em / comfortable)

    def _sized(self, text: str, room: int, wanted: int, bold: bool) -> tuple[int, Wrapped]:
        """The em for a text and its lines: on one line if it is not much smaller for that, else with whole words."""
        em = self._fitting_em(text, room, wanted, bold)
        parts = [word.rstrip() for word in words(text)]
        if em >= (0.72 if len(parts) > 1 else 0.45) * wanted:
            return em, Wrapped((text,))
        if len(parts) > 1:
            em = min(self._fitting_em(part, room, wanted, bold) for part in parts)
            if em:
                return em, wrap(text, room, partial(self._measure, em=em, bold=bold))
        return wanted, wrap(text, room, partial(self._measure, em=wanted, bold=bold))

    def _fitting_em(self, text: str, room: int, wanted: int, bold: bool) -> int:
        """The largest em up to `wanted` in which `text` is no wider than `room`; 0 if there is none."""
        em = min(wanted, wanted * room // max(self._measure(text, wanted, bold), 1) + 2)
        while em >= self._smallest and self._measure(text, em, bold) > room:
            em -= 1
        return em if em >= self._smallest else 0
