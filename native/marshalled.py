"""Rewrites what marshal has written, so that the same code gives the same bytes and loads with the fewest steps.

`marshal.dumps` marks an object for later reference whenever something else in its process holds it too: the same code
gives other bytes in another process, and most marks are never referred to. Here exactly those objects are marked that
occur twice, equal constants are written once, and a text is interned if it could be a name, as code objects have it.

Reads and writes version 4 of the format, as CPython 3.11 has it; knows only what a code object can contain.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

_MARK = 0x80
_LONG = struct.Struct("<i")
_NAME_CHARACTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
# Types of one byte; of a fixed size; of a size that stands before them, in four bytes or one.
_SINGLE = b"NTF."
_FIXED = {b"i": 4, b"g": 8, b"y": 16}
_SIZED = b"sautAU"
_SHORT = b"zZ"
_ASCII = b"azAZ"
# A code object: 5 numbers, 8 objects, the number of its first line, 2 objects.
_NUMBERS, _OBJECTS, _LAST_OBJECTS = 20, 8, 2


class UnknownType(Exception):
    """Something that no code object contains, or that an older or newer CPython has written."""


@dataclass
class _Node:
    """An object: its bytes up to its parts, its parts, and for a code object the number between them."""

    head: bytes
    parts: tuple[int, ...] = ()
    first_line: bytes = b""


@dataclass
class _Tree:
    """Objects by number; equal ones have the same number."""

    nodes: list[_Node] = field(default_factory=list)
    known: dict[tuple[bytes, tuple[int, ...], bytes], int] = field(default_factory=dict)

    def add(self, head: bytes, parts: tuple[int, ...] = (), first_line: bytes = b"") -> int:
        key = (head, parts, first_line)
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = len(self.nodes)
            self.nodes.append(_Node(head, parts, first_line))
        return number


def normalised(data: bytes) -> bytes:
    """The bytes that load as the same object, whatever process has written `data`.

    Raises:
        UnknownType: it is not the code of a module.
    """
    tree = _Tree()
    return _write(tree, _read(data, tree))


def _read(data: bytes, tree: _Tree) -> int:
    marked: list[int] = []
    at = 0

    def take(size: int) -> bytes:
        nonlocal at
        at += size
        return data[at - size : at]

    def number() -> int:
        return int(_LONG.unpack(take(4))[0])

    def several(count: int) -> tuple[int, ...]:
        return tuple(one() for _ in range(count))

    def one() -> int:
        byte = take(1)[0]
        kind = bytes([byte & ~_MARK])
        if kind == b"r":
            return marked[number()]
        place = len(marked)
        if byte & _MARK:
            marked.append(-1)
        found = _object(kind, take, number, several, tree)
        if byte & _MARK:
            marked[place] = found
        return found

    return one()


def _object(
    kind: bytes,
    take: Callable[[int], bytes],
    number: Callable[[], int],
    several: Callable[[int], tuple[int, ...]],
    tree: _Tree,
) -> int:
    if kind in _SINGLE:
        return tree.add(kind)
    if kind in _FIXED:
        return tree.add(kind + take(_FIXED[kind]))
    if kind in _SHORT:
        return tree.add(_text(kind, take(take(1)[0])))
    if kind in _SIZED:
        return tree.add(_text(kind, take(number())))
    if kind == b"l":
        digits = take(4)
        return tree.add(kind + digits + take(2 * abs(_LONG.unpack(digits)[0])))
    if kind in b"()":
        parts = several(take(1)[0] if kind == b")" else number())
        return tree.add(_counted(len(parts)), parts)
    if kind == b">":
        # Sorted by marshal, but with its marks.
        elements = sorted(several(number()), key=lambda each: _plain(tree, each))
        return tree.add(kind + _LONG.pack(len(elements)), tuple(elements))
    if kind == b"c":
        numbers = take(_NUMBERS)
        first = several(_OBJECTS)
        line = take(4)
        return tree.add(kind + numbers, first + several(_LAST_OBJECTS), line)
    raise UnknownType(kind)


def _text(kind: bytes, content: bytes) -> bytes:
    """A text or bytes with its type and size."""
    if kind == b"s":
        return kind + _LONG.pack(len(content)) + content
    if kind not in _ASCII:
        return b"u" + _LONG.pack(len(content)) + content
    interned = _NAME_CHARACTERS.issuperset(content)
    if len(content) < 256:
        return (b"Z" if interned else b"z") + bytes([len(content)]) + content
    return (b"A" if interned else b"a") + _LONG.pack(len(content)) + content


def _counted(count: int) -> bytes:
    return b")" + bytes([count]) if count < 256 else b"(" + _LONG.pack(count)


def _plain(tree: _Tree, number: int) -> bytes:
    node = tree.nodes[number]
    return node.head + b"".join(_plain(tree, part) for part in node.parts)


def _write(tree: _Tree, root: int) -> bytes:
    uses = [0] * len(tree.nodes)

    def count(number: int) -> None:
        uses[number] += 1
        if uses[number] == 1:
            for part in tree.nodes[number].parts:
                count(part)

    count(root)
    out = bytearray()
    marks: dict[int, int] = {}

    def write(number: int) -> None:
        if number in marks:
            out.extend(b"r" + _LONG.pack(marks[number]))
            return
        node = tree.nodes[number]
        start = len(out)
        out.extend(node.head)
        if uses[number] > 1 and node.head[:1] not in (b"N", b"T", b"F", b".", b"i"):  # which are no longer than a mark
            marks[number] = len(marks)
            out[start] |= _MARK
        last = len(node.parts) - _LAST_OBJECTS if node.first_line else -1
        for index, part in enumerate(node.parts):
            if index == last:
                out.extend(node.first_line)
            write(part)

    write(root)
    return bytes(out)
