"""The protocol between the extension screen and its helper process. No process, no pipe, no window.

To the helper's stdin: commands, each a HEADER; behind that of PAINT follow the zlib-compressed rows of a rectangle, the
top row first, four bytes a pixel: blue, green, red and one that is ignored. From the helper's stdout: lines of ASCII:

    READY                           the window exists, hidden
    MONITOR <width> <height> <name> the chosen monitor, sent at the start and at every change of it; the window is then
                                    hidden and nothing is painted
    NONE <why> <count> <names>      no monitor can be used; the window is hidden; <why> is a NoMonitor
    PONG                            the answer to PING, sent by the thread of the window

PAINT and SHOW carry a generation: the number of MONITOR lines that their sender has read. The helper drops those of
another generation than its own, because they were meant for a monitor that is gone.

Used by window.py and by the helper. Imports as little as possible, for the helper must start fast.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

PAINT, SHOW, HIDE, PING = b"VCSP", b"VCSS", b"VCSH", b"VCS?"
READY, MONITOR, NONE, PONG = "READY", "MONITOR", "NONE", "PONG"

HEADER = struct.Struct("<4sI4HI")  # kind, generation, x, y, width, height, number of bytes that follow
PIXEL_BYTES = 4
MAX_PIXELS = 3840 * 2160  # of one PAINT
_MAX_BYTES = MAX_PIXELS * PIXEL_BYTES + MAX_PIXELS // 100  # zlib may add a little to what cannot be compressed
_LEVEL = 1  # frames have large areas of one colour: higher levels save little


class NoMonitor:
    """Why no monitor can be used, as the helper has found out: the words of the line NONE.

    NB: no Enum, whose module takes time to import.
    """

    DESKTOP = "desktop"  # the system lists none
    SERVER = "server"  # no X server
    LIBRARY = "library"  # no Xlib
    DEPTH = "depth"  # an X server of another depth than 24 bits
    ONLY = "only"  # there is one, and the clerk works there
    COPY = "copy"  # all show the same
    SETTING = "setting"  # [screen] monitor names none that can be used


class MalformedCommand(ValueError):
    """The bytes are no command; the position in the stream is lost, so that nothing more can be read."""


class HelperCommand:
    """One command as read by the helper; `rows` are those of PAINT, decompressed."""

    __slots__ = ("generation", "height", "kind", "rows", "width", "x", "y")

    def __init__(self, kind: bytes, generation: int, box: tuple[int, int, int, int], rows: bytes) -> None:
        self.kind = kind
        self.generation = generation
        self.x, self.y, self.width, self.height = box
        self.rows = rows


def encode_command(kind: bytes, generation: int) -> bytes:
    """SHOW, HIDE or PING."""
    return HEADER.pack(kind, generation, 0, 0, 0, 0, 0)


def encode_paint(generation: int, box: tuple[int, int, int, int], bgrx: bytes) -> tuple[bytes, bytes]:
    """PAINT in two pieces, to be sent one after the other. Compresses, without holding the GIL."""
    rows = zlib.compress(bgrx, _LEVEL)
    return HEADER.pack(PAINT, generation, *box, len(rows)), rows


def check_paint(box: tuple[int, int, int, int], bgrx: bytes) -> None:
    """Check that PAINT can carry a rectangle.

    Raises:
        ValueError: it is empty, too large or outside of what a HEADER can say, or `bgrx` has another size.
    """
    x, y, width, height = box
    if not (0 <= x <= 0xFFFF and 0 <= y <= 0xFFFF and width > 0 and height > 0 and width * height <= MAX_PIXELS):
        raise ValueError(f"no rectangle that can be painted: {box}")
    if len(bgrx) != width * height * PIXEL_BYTES:
        raise ValueError(f"{len(bgrx)} bytes for {width} x {height} pixels of {PIXEL_BYTES} bytes")


def read_command(read: Callable[[int], bytes]) -> HelperCommand | None:
    """Read the next command.

    Args:
        read: returns at most as many bytes as asked for, b"" at the end of the stream.

    Returns:
        None at the end of the stream, also in the middle of a command.

    Raises:
        MalformedCommand: for all else.
    """
    header = _read_exactly(read, HEADER.size)
    if header is None:
        return None
    kind, generation, x, y, width, height, length = HEADER.unpack(header)
    box = (x, y, width, height)
    if kind in (SHOW, HIDE, PING):
        if any(box) or length:
            raise MalformedCommand("a command without a rectangle has one")
        return HelperCommand(kind, generation, box, b"")
    if kind != PAINT or not 0 < width * height <= MAX_PIXELS or length > _MAX_BYTES:
        raise MalformedCommand("not a command")
    packed = _read_exactly(read, length)
    if packed is None:
        return None
    return HelperCommand(kind, generation, box, _decompress(packed, width * height * PIXEL_BYTES))


def _read_exactly(read: Callable[[int], bytes], count: int) -> bytes | None:
    """`count` bytes; None if the stream ends before."""
    data = bytearray()
    while len(data) < count:
        piece = read(count - len(data))
        if not piece:
            return None
        data += piece
    return bytes(data)


def _decompress(packed: bytes, size: int) -> bytes:
    """Exactly `size` bytes; never allocates more, whatever `packed` says."""
    decompressor = zlib.decompressobj()
    try:
        rows = decompressor.decompress(packed, size)
        rest = decompressor.decompress(decompressor.unconsumed_tail, 1)
    except zlib.error as error:
        raise MalformedCommand("rows that are not compressed") from error
    if len(rows) != size or rest or not decompressor.eof or decompressor.unused_data:
        raise MalformedCommand("other rows than the rectangle has")
    return rows
