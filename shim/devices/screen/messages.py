"""What the extension screen's two processes say to each other. No process, no pipe, no window.

Downwards, on the helper's stdin, orders: a HEADER each, and behind that of PAINT the zlib-compressed rows, top row
first, four bytes a dot: blue, green, red and one that is ignored. Upwards, on its stdout, ASCII lines:

    READY                           the window is there, hidden
    MONITOR <width> <height> <name> the chosen monitor; at the start and whenever it changes, the window hidden, nothing
                                    painted
    NONE <how many> <names>         no monitor may be used; whatever was shown is hidden
    PONG                            the answer to PING, by the thread of the window

Orders carry their turn: how many MONITOR lines their sender has read. PAINT and SHOW of an earlier turn are meant for a
monitor that is gone, and are dropped. L2; for screen_window.py and the helper only: imports as little as it can.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

PAINT, SHOW, HIDE, PING = b"VCSP", b"VCSS", b"VCSH", b"VCS?"
READY, MONITOR, NONE, PONG = "READY", "MONITOR", "NONE", "PONG"

HEADER = struct.Struct("<4sI4HI")  # kind, turn, x, y, width, height, bytes that follow
DOT = 4  # bytes
MOST_DOTS = 3840 * 2160  # of one PAINT
_MOST_BYTES = MOST_DOTS * DOT + MOST_DOTS // 100  # zlib may add a little to what cannot be compressed
_LEVEL = 1  # a frame has large areas of one colour: more work saves little


class Malformed(ValueError):
    """What came is no order of ours: whoever reads it must not go on reading."""


class Order:
    """One order as it was read; `rows` are those of PAINT, no longer compressed."""

    __slots__ = ("height", "kind", "rows", "turn", "width", "x", "y")

    def __init__(self, kind: bytes, turn: int, box: tuple[int, int, int, int], rows: bytes) -> None:
        self.kind = kind
        self.turn = turn
        self.x, self.y, self.width, self.height = box
        self.rows = rows


def order(kind: bytes, turn: int) -> bytes:
    """SHOW, HIDE or PING."""
    return HEADER.pack(kind, turn, 0, 0, 0, 0, 0)


def paint_order(turn: int, box: tuple[int, int, int, int], bgrx: bytes) -> tuple[bytes, bytes]:
    """PAINT in two pieces, to be sent one behind the other; compresses without the GIL."""
    rows = zlib.compress(bgrx, _LEVEL)
    return HEADER.pack(PAINT, turn, *box, len(rows)), rows


def check_paint(box: tuple[int, int, int, int], bgrx: bytes) -> None:
    """ValueError for what no PAINT can carry."""
    x, y, width, height = box
    if not (0 <= x <= 0xFFFF and 0 <= y <= 0xFFFF and width > 0 and height > 0 and width * height <= MOST_DOTS):
        raise ValueError(f"no rectangle that can be painted: {box}")
    if len(bgrx) != width * height * DOT:
        raise ValueError(f"{len(bgrx)} bytes for {width} x {height} dots of {DOT} bytes")


def read_order(read: Callable[[int], bytes]) -> Order | None:
    """The next order, None at the end; `read` gives at most as many bytes as asked for. Malformed for all else."""
    header = _exactly(read, HEADER.size)
    if header is None:
        return None
    kind, turn, x, y, width, height, length = HEADER.unpack(header)
    box = (x, y, width, height)
    if kind in (SHOW, HIDE, PING):
        if any(box) or length:
            raise Malformed("an order without a rectangle has one")
        return Order(kind, turn, box, b"")
    if kind != PAINT or not 0 < width * height <= MOST_DOTS or length > _MOST_BYTES:
        raise Malformed("no order")
    packed = _exactly(read, length)
    return None if packed is None else Order(kind, turn, box, _unpacked(packed, width * height * DOT))


def _exactly(read: Callable[[int], bytes], count: int) -> bytes | None:
    """That many bytes, or None where the stream ends before."""
    found = bytearray()
    while len(found) < count:
        piece = read(count - len(found))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _unpacked(packed: bytes, size: int) -> bytes:
    """Never more than `size` bytes, whatever `packed` says."""
    unpacker = zlib.decompressobj()
    try:
        rows = unpacker.decompress(packed, size)
        rest = unpacker.decompress(unpacker.unconsumed_tail, 1)
    except zlib.error as error:
        raise Malformed("rows that are not compressed") from error
    if len(rows) != size or rest or not unpacker.eof or unpacker.unused_data:
        raise Malformed("other rows than the rectangle has")
    return rows
