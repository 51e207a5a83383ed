"""The real helper program, spoken to byte for byte: on Linux from the checkout, under Wine as it ships."""

from __future__ import annotations

import struct
import zlib

import pytest

from tests.support.desk import Desk, wait_until
from tests.support.screens import EXT_SIZE, LIMIT, Place, pattern, seen


def command(kind: bytes, generation: int = 1, box: tuple[int, ...] = (0, 0, 0, 0), payload: bytes = b"") -> bytes:
    return struct.pack("<4sI4HI", kind, generation, *box, len(payload)) + payload


def test_commands(place: Place) -> None:
    """Commands and lines in their order; PAINT and SHOW of another generation than the monitor's are dropped."""
    before = place.desk.picture()
    helper = place.helper()
    assert helper.line() == "READY"
    assert helper.line() == f"MONITOR 1024 600 {place.extension_name}"
    pixels = pattern(*EXT_SIZE, seed=77)
    packed = zlib.compress(pixels)
    for generation in (0, 2, 0xFFFFFFFF):
        helper.send(command(b"VCSP", generation, (0, 0, *EXT_SIZE), packed))
        helper.send(command(b"VCSS", generation))
    helper.send(command(b"VCS?"))
    assert helper.line() == "PONG"
    assert place.desk.picture() == before
    helper.send(command(b"VCSP", 1, (0, 0, *EXT_SIZE), packed))
    helper.send(command(b"VCSP", 1, (65535, 65535, 1, 1), zlib.compress(b"\1\2\3\4")))  # far outside
    helper.send(command(b"VCSS", 1))
    wait_until(lambda: place.desk.picture(Desk.ext) == seen(*EXT_SIZE, pixels), LIMIT)
    helper.send(command(b"VCSH", 9))  # hidden, whatever the generation
    wait_until(lambda: place.desk.picture() == before, LIMIT)
    assert helper.close_stdin() == 0


PACKED = zlib.compress(bytes(7 * 3 * 4))


@pytest.mark.parametrize(
    "data",
    [
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
    ],
)
def test_a_malformed_command_ends_the_helper(place: Place, data: bytes) -> None:
    helper = place.helper()
    assert helper.line() == "READY"
    helper.send(data)
    assert helper.process.wait(LIMIT) == 2


def test_a_command_that_is_cut_off(place: Place) -> None:
    """The end of stdin ends the helper, wherever it comes."""
    helper = place.helper()
    assert helper.line() == "READY"
    helper.send(command(b"VCSP", 1, (0, 0, 7, 3), PACKED)[:-4])
    assert helper.close_stdin() == 0


@pytest.mark.parametrize("display", ["", ":9999", "nonsense"])
def test_without_an_x_server(linux_place: Place, display: str) -> None:
    """There is no monitor, and the helper goes on."""
    helper = linux_place.helper(DISPLAY=display)
    assert [helper.line(), helper.line()] == ["READY", "NONE server 0"]
    helper.send(command(b"VCSP", 1, (0, 0, 7, 3), PACKED) + command(b"VCSS") + command(b"VCSH") + command(b"VCS?"))
    assert helper.line() == "PONG"
    assert helper.close_stdin() == 0
    linux_place.tidy()
