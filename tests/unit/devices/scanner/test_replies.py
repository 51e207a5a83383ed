"""What a scanner answers to a command, as text and on the line."""

from __future__ import annotations

import pytest

from shim.devices.scanner.replies import CommandReply, Meaning, parse_replies


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ()),
        (" , ", ()),
        ("06", (CommandReply((6,)),)),
        ("4F 4B, 06", (CommandReply((0x4F, 0x4B)), CommandReply((6,)))),
        ("4f4b,", (CommandReply((0x4F, 0x4B)),)),
        ("!05 D1 .. ..", (CommandReply((5, 0xD1, None, None), b"", Meaning.REFUSED),)),
        ("~ 25 25", (CommandReply((0x25, 0x25), b"", Meaning.NOTHING_READ),)),
        ("02 01 * 06 3B", (CommandReply((2, 1), b"\x06;"),)),
    ],
)
def test_texts(text: str, wanted: tuple[CommandReply, ...]) -> None:
    assert parse_replies(text) == wanted


@pytest.mark.parametrize(
    "text", ["0", "xyz", "06,0", "..", "* 06", "02 *", "02 * .. 03", "02 * 03 * 04", "06 !", "?06"]
)
def test_texts_that_cannot_be_used(text: str) -> None:
    with pytest.raises(ValueError):
        parse_replies(text)


@pytest.mark.parametrize(
    ("text", "data", "wanted"),
    [
        ("16 54 0D 06", b"\x16T\r\x06rest", 4),
        ("16 54 0D 06", b"\x16T", None),
        ("16 54 0D 06", b"\x16U", 0),
        ("05 .. 03", b"\x05\r\x03", 3),  # any byte is any byte
        ("05 .. 03", b"\x05\xff", None),
        ("05 .. 03", b"\x05\xff\x04", 0),
        ("02 * 03", b"\x02\x03", 2),
        ("02 * 03", b"\x02" + b"x" * 32 + b"\x03", 34),
        ("02 * 03", b"\x02" + b"x" * 33 + b"\x03", 0),
        ("02 * 03", b"\x02" + b"x" * 32, None),
        ("02 * 03", b"\x024240\r", 0),  # a code has ended: it was no reply
        ("02 * 03", b"\x02x\x03\r", 3),
    ],
)
def test_on_the_line(text: str, data: bytes, wanted: int | None) -> None:
    """Whole, not yet whole, none; also behind other bytes."""
    (reply,) = parse_replies(text)
    assert reply.match(data, 0) == wanted
    assert reply.match(b"before" + data, 6) == wanted
