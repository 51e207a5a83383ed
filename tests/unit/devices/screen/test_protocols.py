"""The protocols of small serial QR displays: the bytes of each row are literals of a vector file."""

from __future__ import annotations

import pytest

from shim.configuration import parse
from shim.devices.screen.pick import pick_protocol
from shim.devices.screen.protocols import PROTOCOL_BY_NAME, PROTOCOLS, custom_protocol
from tests.support.paths import vectors

ROWS = vectors("qr_displays")["rows"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["protocol"] + " " + row["text"][:12])
def test_the_bytes(row: dict[str, str]) -> None:
    protocol = PROTOCOL_BY_NAME[row["protocol"]]
    assert protocol.show(row["text"]).hex(" ").upper() == row["show"]
    assert protocol.clear().hex(" ").upper() == row["clear"]


def test_every_row_has_vectors_and_evidence() -> None:
    assert {row["protocol"] for row in ROWS} == {protocol.name for protocol in PROTOCOLS}
    assert all(protocol.evidence and protocol.title and protocol.clear() for protocol in PROTOCOLS)


def test_a_text_longer_than_the_protocol_can_say() -> None:
    with pytest.raises(ValueError, match="too long"):
        PROTOCOL_BY_NAME["dwin"].show("x" * 251)
    assert PROTOCOL_BY_NAME["dwin"].show("x" * 250)[2] == 255


@pytest.mark.parametrize(
    ("prefix", "suffix", "data"),
    [
        ("02 LEN2 51", "03", "02 00 05 51 41 42 43 03"),
        ("02LEN2LE51", "", "02 04 00 51 41 42 43"),
        ("", "0a", "41 42 43 0A"),
        ("LEN", "", "03 41 42 43"),
    ],
)
def test_a_protocol_of_the_site(prefix: str, suffix: str, data: str) -> None:
    ini = f"[screen]\nprotocol = custom\nprefix = {prefix}\nsuffix = {suffix}\nhide = 0C\n"
    protocol = pick_protocol(parse(ini).screen)
    assert protocol.show("ABC") == bytes.fromhex(data)
    assert protocol.clear() == b"\x0c"


@pytest.mark.parametrize("text", ["7", "xx", "7E LENGTH", "0x7E"])
def test_a_protocol_that_is_not_hexadecimal(text: str) -> None:
    for parts in ((text, "", ""), ("", text, ""), ("", "", text)):
        with pytest.raises(ValueError):
            custom_protocol(*parts)
