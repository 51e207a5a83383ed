"""The protocol between the extension screen and its helper: written byte for byte, read back, and refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest

from shim.devices.screen import messages

ROWS = bytes(range(7 * 3 * 4))
PACKED = zlib.compress(ROWS)


def command(kind: bytes, generation: int = 1, box: tuple[int, ...] = (0, 0, 0, 0), payload: bytes = b"") -> bytes:
    return struct.pack("<4sI4HI", kind, generation, *box, len(payload)) + payload


def reader(data: bytes, piece: int) -> Callable[[int], bytes]:
    """A stream that gives at most `piece` bytes at a time."""
    stream = io.BytesIO(data)
    return lambda count: stream.read(min(count, piece))


@pytest.mark.parametrize(("kind", "data"), [("SHOW", b"VCSS"), ("HIDE", b"VCSH"), ("PING", b"VCS?")])
def test_the_bytes_of_a_command(kind: str, data: bytes) -> None:
    assert messages.encode_command(getattr(messages, kind), 0x01020304) == data + b"\x04\x03\x02\x01" + bytes(12)


def test_the_bytes_of_paint() -> None:
    header, rows = messages.encode_paint(3, (1, 2, 7, 3), ROWS)
    assert header == b"VCSP" + b"\3\0\0\0" + b"\1\0\2\0\7\0\3\0" + len(rows).to_bytes(4, "little")
    assert zlib.decompress(rows) == ROWS


@pytest.mark.parametrize("piece", [1, 3, 1000])
def test_commands_are_read_in_any_pieces(piece: int) -> None:
    data = command(b"VCSP", 5, (1, 2, 7, 3), PACKED) + command(b"VCSS", 6) + command(b"VCS?")
    read = reader(data, piece)
    paint = messages.read_command(read)
    assert paint is not None
    assert (paint.kind, paint.generation, paint.x, paint.y, paint.width, paint.height) == (b"VCSP", 5, 1, 2, 7, 3)
    assert paint.rows == ROWS
    kinds = [
        (each.kind, each.generation) for each in (messages.read_command(read), messages.read_command(read)) if each
    ]
    assert kinds == [(b"VCSS", 6), (b"VCS?", 1)]
    assert messages.read_command(read) is None


@pytest.mark.parametrize("length", [0, 10, 24, 30])
def test_the_end_of_the_stream(length: int) -> None:
    data = command(b"VCSP", 1, (0, 0, 7, 3), PACKED)[:length]
    assert messages.read_command(reader(data, 1000)) is None


MALFORMED = [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    bytes(1000),
    command(b"VCSX"),
    command(b"VCSS", payload=b"more"),
    command(b"VCSH", box=(1, 0, 0, 0)),
    command(b"VCSP"),
    command(b"VCSP", box=(0, 0, 7, 3)),
    command(b"VCSP", box=(0, 0, 7, 3), payload=b"not compressed"),
    command(b"VCSP", box=(0, 0, 7, 3), payload=PACKED[:-3]),
    command(b"VCSP", box=(0, 0, 7, 3), payload=PACKED + b"more"),
    command(b"VCSP", box=(0, 0, 7, 4), payload=PACKED),
    command(b"VCSP", box=(0, 0, 7, 2), payload=PACKED),
    command(b"VCSP", box=(0, 0, 7, 3), payload=zlib.compress(bytes(50_000_000))),
    command(b"VCSP", box=(0, 0, 65535, 65535), payload=PACKED),
    struct.pack("<4sI4HI", b"VCSP", 1, 0, 0, 7, 3, 0xFFFFFFFF),
]


@pytest.mark.parametrize("data", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_commands(data: bytes) -> None:
    with pytest.raises(messages.MalformedCommand):
        messages.read_command(reader(data, 1 << 20))


@pytest.mark.parametrize(
    ("box", "size"),
    [((0, 0, 2, 2), 15), ((0, 0, 0, 2), 0), ((-1, 0, 1, 1), 4), ((0, 0, 3841, 2160), 3841 * 2160 * 4)],
)
def test_rectangles_that_cannot_be_painted(box: tuple[int, int, int, int], size: int) -> None:
    with pytest.raises(ValueError):
        messages.check_paint(box, bytes(size))
    messages.check_paint((0, 0, 2, 2), bytes(16))
