"""Where a code ends, what is no part of it, what its bytes mean: the pure framer, whole and a byte at a time."""

from __future__ import annotations

import random

import pytest

from shim.devices.scanner.framing import Ending, Framer, Framing
from tests.support.scanners import INSURANCE, ROWS, trigger

CODE = INSURANCE
FUSED = "206CB2B57E8E905C5EF59A063515F655D8A17XCD312DD76A:1:::00000001001"

# name, ending, chunks with the seconds at which they come, the code, the second at which it is known
CASES: tuple[tuple[str, str, tuple[tuple[float, bytes], ...], str], ...] = (
    ("cr", "auto", ((1.0, b"4240000000000000000300350000\r"),), CODE),
    ("lf", "auto", ((1.0, b"4240000000000000000300350000\n"),), CODE),
    ("crlf", "auto", ((1.0, b"4240000000000000000300350000\r\n"),), CODE),
    ("crlf, cut in two", "auto", ((1.0, b"4240000000000000000300350000\r"), (1.01, b"\n")), CODE),
    ("the LF of the code before", "auto", ((1.0, b"\n"), (1.01, b"4240000000000000000300350000\r")), CODE),
    ("silence", "auto", ((1.0, b"4240000000000000000300350000"), (1.09, b"")), CODE),
    ("in pieces", "auto", ((1.0, b"42400000"), (1.05, b""), (1.07, b"00000000000300"), (1.1, b"350000\r")), CODE),
    ("slow pieces with cr", "cr", ((1.0, b"424000000000"), (2.0, b"0000000300350000\r")), CODE),
    ("only lf ends", "lf", ((1.0, b"4240000000000000000300350000\r\n"),), CODE),
    ("only crlf ends", "crlf", ((1.0, b"4240000000000000000300350000\r"), (5.0, b"\n")), CODE),
    ("no mark at all", "none", ((1.0, b"4240000000000000000300350000\r\n"), (1.09, b"")), CODE),
    ("tabs and blanks around", "auto", ((1.0, b" \t4240000000000000000300350000 \t\r"),), CODE),
    ("line noise before", "auto", ((1.0, b"\x00\xff\x80\x134240000000000000000300350000\r"),), CODE),
    ("line noise, a mark, the code", "auto", ((1.0, b"\xff\xfe\x00\r4240000000000000000300350000\r"),), CODE),
    ("a stray letter, a mark, the code", "auto", ((1.0, b"x\r4240000000000000000300350000\r"),), CODE),
    ("two codes: the first", "auto", ((1.0, b"4240000000000000000300350000\r9990000000000000000300350000\r"),), CODE),
    ("fused", "auto", ((1.0, FUSED.encode() + b"\r\n"),), FUSED),
    ("utf-8", "auto", ((1.0, "医保电子凭证".encode() + b"\r"),), "医保电子凭证"),
    ("gb18030", "auto", ((1.0, bytes.fromhex("D2BDB1A3B5E7D7D3C6BED6A4 0D")),), "医保电子凭证"),
    ("neither", "auto", ((1.0, b"\xff\xff\xff\xff\xff\xff\r"), (1.5, b"")), ""),
    ("nothing", "auto", ((1.0, b""),), ""),
    ("marks only", "auto", ((1.0, b"\r\n\r\n"), (2.0, b"")), ""),
    ("not yet", "auto", ((1.0, b"4240000000000000000300350000"), (1.07, b"")), ""),
    ("a pause is no end where cr was promised", "crlf",
     ((1.0, b"42400000000000"), (3.0, b""), (3.1, b"00000300350000"), (5.0, b""), (5.1, b"\r\n")), CODE),
    ("a stray byte and a pause before the code", "cr", ((1.0, b"x"), (2.0, b""), (2.1, CODE.encode() + b"\r")), CODE),
    ("noise and a code of a length that may be cut", "auto", ((1.0, b"\x00\xff\x80" + FUSED.encode() + b"\r"),), ""),
    ("more than 4096 bytes in one read", "auto", ((1.0, b"A1" * 2049 + b"\r"), (2.0, b"")), ""),
    ("the code after them", "auto", ((1.0, b"A1" * 2049 + b"\r" + CODE.encode() + b"\r"), (1.01, b"")), CODE),
    ("never without a mark", "cr", ((1.0, b"4240000000000000000300350000"), (60.0, b"")), ""),
)  # fmt: skip


def run(framer: Framer, chunks: tuple[tuple[float, bytes], ...]) -> str:
    for now, data in chunks:
        code = framer.feed(data, now) if data else framer.idle(now)
        if code is not None:
            return code
    return ""


@pytest.mark.parametrize(("ending", "chunks", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_framing(ending: str, chunks: tuple[tuple[float, bytes], ...], wanted: str) -> None:
    assert run(Framer(Framing(Ending(ending))), chunks) == wanted


@pytest.mark.parametrize(("ending", "chunks", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_byte_at_a_time(ending: str, chunks: tuple[tuple[float, bytes], ...], wanted: str) -> None:
    """How the driver cuts the stream does not matter; only silence does."""
    single = tuple((now, data[i : i + 1]) for now, data in chunks for i in range(max(len(data), 1)))
    assert run(Framer(Framing(Ending(ending))), single) == wanted


def test_where_cr_was_seen_silence_ends_nothing() -> None:
    """A scanner that has ended one text with a mark ends all with it; noise with a mark in it teaches nothing."""
    framer = Framer(Framing())
    assert run(framer, ((1.0, b"\xff\xfe\r"), (1.1, CODE.encode()), (1.3, b""))) == CODE
    framer = Framer(Framing())
    assert run(framer, ((1.0, CODE.encode() + b"\r"),)) == CODE and framer.marked
    assert run(framer, ((2.0, CODE[:10].encode()), (9.0, b""), (9.1, CODE[10:].encode()), (20.0, b""))) == ""
    assert framer.statistics.waiting == 28
    assert run(framer, ((20.1, b"\n"),)) == CODE
    assert run(Framer(Framing(), marked=True), ((1.0, CODE.encode()), (9.0, b""))) == ""
    assert run(Framer(Framing(Ending.NONE), marked=True), ((1.0, CODE.encode()), (9.0, b""))) == CODE


@pytest.mark.parametrize("make", ROWS)
@pytest.mark.parametrize("step", [1, 3, 64])
def test_replies_are_no_code(make: str, step: int) -> None:
    """The reply to the start command comes on the same line, whole or in pieces, and is not part of the code."""
    reply = ROWS[make]["reply_to_start"]
    framer = Framer(Framing(), trigger(make).replies)
    data = reply + b"4240000000000000000300350000\r"
    codes = [framer.feed(data[i : i + step], 1.0) for i in range(0, len(data), step)]
    assert [code for code in codes if code] == [CODE]
    assert framer.statistics.noise == 0
    assert framer.statistics.accepted == bool(reply)


@pytest.mark.parametrize("make", [make for make, row in ROWS.items() if row["reply_to_start"]])
def test_a_reply_alone_is_no_code(make: str) -> None:
    """Split by more silence than ends a code."""
    framer = Framer(Framing(), trigger(make).replies)
    reply = ROWS[make]["reply_to_start"]
    chunks = ((1.0, reply[:3]), (1.1, b""), (1.2, reply[3:]), (1.3, b""), (1.4, b"4240000000000000000300350000\r"))
    assert run(framer, chunks) == CODE


@pytest.mark.parametrize("make", [make for make, row in ROWS.items() if row["refusal"]])
def test_a_refusal_is_counted(make: str) -> None:
    framer = Framer(Framing(), trigger(make).replies)
    assert run(framer, ((1.0, ROWS[make]["refusal"]), (2.0, b""))) == ""
    assert (framer.statistics.refused, framer.statistics.accepted) == (1, 0)


def test_a_refusal_right_before_an_acceptance() -> None:
    """Both begin alike, and the acceptance's end is near enough to be taken for the end of one long reply."""
    refusal, accepted = ROWS["newland"]["refusal"], ROWS["newland"]["reply_to_start"]
    framer = Framer(Framing(), trigger("newland").replies)
    assert run(framer, ((1.0, refusal[:-3] + bytes.fromhex("05 3B 03") + accepted), (2.0, b""))) == ""
    assert (framer.statistics.refused, framer.statistics.accepted) == (1, 1)


def test_what_only_begins_like_a_reply_is_a_code() -> None:
    """ZKTeco's %%NoRead begins like text: a code that ends in % waits a moment longer and arrives whole."""
    framer = Framer(Framing(), trigger("zkteco").replies)
    assert framer.feed(b"12345678%", 1.0) is None
    assert framer.idle(1.09) is None
    assert framer.idle(1.31) == "12345678%"
    framer = Framer(Framing(), trigger("zkteco").replies)
    assert framer.feed(b"%%NoRead", 1.0) is None
    assert framer.statistics.gave_up == 1
    assert framer.feed(b"12%%34567\r", 1.1) == "12%%34567"


@pytest.mark.parametrize("noise", [b"\xff" * 4096, b"A" * 5000, bytes(range(128, 256)) * 32, b"\x00" * 4097])
def test_four_kilobytes_of_noise(noise: bytes) -> None:
    """Discarded up to the next mark or silence; what follows is a code again."""
    for between in ((1.2, b""), (1.2, b"\r")):
        framer = Framer(Framing())
        assert run(framer, ((1.0, noise), (1.01, noise), between, (1.5, b"4240000000000000000300350000\r"))) == CODE
        assert framer.statistics.noise >= 4096


def test_random_noise_gives_no_code() -> None:
    chance = random.Random(20261121)
    for _ in range(50):
        noise = bytes(
            chance.randrange(128, 256) if chance.random() < 0.7 else chance.randrange(32) for _ in range(4096)
        )
        framer = Framer(Framing())
        code = framer.feed(noise, 1.0) or framer.idle(2.0)
        assert code is None or not code.isascii()


def test_numbers_of_what_came() -> None:
    framer = Framer(Framing(Ending.CR))
    framer.feed(b"\xff\xfe\r4240", 1.0)
    statistics = framer.statistics
    assert (statistics.received, statistics.printable, statistics.noise, statistics.waiting) == (7, 5, 2, 4)
