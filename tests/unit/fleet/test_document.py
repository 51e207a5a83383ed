"""The hospital's file: its head, what proves it, and whose turn it is. The bytes are those of OpenSSL's command."""

from __future__ import annotations

from itertools import pairwise

import pytest

from shim.fleet import refusal
from shim.fleet.document import FleetDocument, compose, parse_document, place_of, without_head
from shim.fleet.refusal import FleetOutcome, Refused

# RFC 8032 7.1, TEST 1.
PRIVATE = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
# RFC 8032 7.1, TEST 2.
OTHER = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"

# openssl pkeyutl -sign -rawin -inkey KEY | base64; sha256sum.
SIGNATURE = b"XC19yKvfxWYv8oNhvCKbjPhR6pzxkWHeFk+zGfn0AZaq26Ax2d8Wldhw1FUa6RD4tRJiHWnC5vZLB2SNhnztBw=="
SHA256 = b"2c188ad56e5aac5d2a4a47ac53753250e68d34f2f1071ce48b319582fcc6324f"
HEAD = b";vcshim-fleet 1\r\n;serial 7\r\n;share 10\r\n;pcs PC-0*, X\r\n"
BODY = b"[wire]\r\nverify = strict\r\n\xe4\xb8\xad"
SIGNED = HEAD + b";ed25519 " + SIGNATURE + b"\r\n" + BODY
HASHED = HEAD + b";sha256 " + SHA256 + b"\r\n" + BODY


def proof(data: bytes, *keys: str, needs_signature: bool = False) -> FleetOutcome | None:
    try:
        parse_document(data).prove(keys, needs_signature=needs_signature)
    except Refused as refused:
        return refused.outcome
    return None


def test_a_file_is_composed_letter_for_letter() -> None:
    lines = ["[wire]", "verify = strict", "中"]
    assert compose(lines, 7, 10, ["PC-0*", "X"], PRIVATE) == SIGNED
    assert compose(lines, 7, 10, ["PC-0*", "X"], None) == HASHED


def test_a_file_is_taken_apart() -> None:
    document = parse_document(SIGNED)
    assert (document.serial, document.share, document.pcs, document.kind) == (7, 10, ("PC-0*", "X"), "ed25519")
    assert document.covered == HEAD + BODY
    assert parse_document(b";vcshim-fleet 1\n;serial 1\n;sha256 %s\n" % (b"0" * 64)).share == 100


@pytest.mark.parametrize(
    ("data", "keys", "needs", "expected"),
    [
        (SIGNED, (PUBLIC,), False, None),
        (SIGNED, (OTHER, PUBLIC.upper()), True, None),
        (SIGNED, (OTHER,), False, refusal.WRONG_SIGNATURE),
        (SIGNED, (), False, refusal.NO_KEY_HERE),
        (SIGNED, ("12",), False, refusal.NO_KEY),
        (SIGNED, (PUBLIC[:-1] + "g",), False, refusal.NO_KEY),
        (HASHED, (), False, None),
        (HASHED, (), True, refusal.NO_KEY),
        (HASHED, (PUBLIC,), False, refusal.NOT_SIGNED),
    ],
)
def test_the_proof_that_is_asked_for(
    data: bytes, keys: tuple[str, ...], needs: bool, expected: FleetOutcome | None
) -> None:
    assert proof(data, *keys, needs_signature=needs) == expected


@pytest.mark.parametrize("data", [SIGNED, HASHED], ids=["signed", "hashed"])
def test_no_byte_of_a_file_can_be_changed(data: bytes) -> None:
    keys = (PUBLIC,) if data is SIGNED else ()
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        line = data[data.rfind(b"\n", 0, at) + 1 :]
        if line.startswith((b";ed25519 ", b";sha256 ")) and at >= data.index(b"\r\n" + BODY):
            continue  # the line end of the proof is the one thing that is not covered
        assert proof(changed, *keys) is not None, at
    for cut in range(len(data)):
        assert proof(data[:cut], *keys) is not None, cut


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[wire]\n",
        b";vcshim-fleet 2\n;serial 1\n;sha256 %s\n",
        b";vcshim-fleet 1\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial -1\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial 1\n;serial 2\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial 1\n;share 101\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial 1\n;until 2030\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial 1\n;sha256 %s0\n",
        b";vcshim-fleet 1\n;serial 1\n;ed25519 AA==\n",
        b";vcshim-fleet 1\n;serial 1\n",
        b";vcshim-fleet 1\n;serial 1\n\n;sha256 %s\n",
        b";vcshim-fleet 1\n;serial 1\n;" + b"x" * 20000 + b"\n;sha256 %s\n",
        b"\xef\xbb\xbf;vcshim-fleet 1\n;serial 1\n;sha256 %s\n",
    ],
)
def test_what_is_no_head_is_refused(head: bytes) -> None:
    with pytest.raises(Refused) as raised:
        parse_document(head.replace(b"%s", b"0" * 64))
    assert raised.value.outcome is refusal.BAD_HEAD


def test_a_head_is_taken_off_before_a_file_is_signed_anew() -> None:
    lines = SIGNED.decode("utf-8").split("\r\n")
    assert without_head(lines) == ["[wire]", "verify = strict", "中"]
    assert without_head(["; mine", "[wire]"]) == ["; mine", "[wire]"]
    assert without_head([]) == []


def share(percent: int, *pcs: str) -> FleetDocument:
    return FleetDocument(1, percent, pcs, "sha256", b"", b"")


def test_a_share_is_always_the_same_pcs_and_grows() -> None:
    names = [f"PC-{number:03d}" for number in range(400)]
    taken = [{name for name in names if share(percent).is_for(name)} for percent in (0, 1, 10, 50, 100)]
    assert [len(each) for each in taken] == [0, 2, 34, 198, 400]
    assert all(smaller <= larger for smaller, larger in pairwise(taken))
    assert place_of("PC-001") == place_of("pc-001")


def test_named_pcs_take_it_in_any_case() -> None:
    assert share(0, "pc-0*", "X").is_for("PC-017")
    assert share(0, "pc-0*", "X").is_for("x")
    assert not share(0, "pc-0*").is_for("PC-117")
