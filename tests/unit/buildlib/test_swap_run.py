"""The flags by which a file on a share is read as a whole: set once, with the checksum; never in a signed file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from buildlib import swap_run
from buildlib.pe import Image
from tests.unit.buildlib.test_private_names import Made


def image(folder: Path, made: Made) -> Image:
    path = folder / "made.dll"
    path.write_bytes(bytes(made))
    return Image(path)


@pytest.mark.parametrize("wide", [False, True])
def test_the_flags_and_the_checksum(tmp_path: Path, wide: bool) -> None:
    before = image(tmp_path, Made(wide=wide, checksum=7))
    swap_run.apply(tmp_path)
    after = Image(tmp_path / "made.dll")
    assert (before.characteristics, after.characteristics) == (0x2102, 0x2D02)
    changed = [at for at, (old, new) in enumerate(zip(before.data, after.data, strict=True)) if old != new]
    assert {0x57, 0x98} <= set(changed) <= {0x57, 0x98, 0x99, 0x9A, 0x9B}  # the flags, the checksum
    words = [int.from_bytes(after.data[at : at + 2], "little") for at in range(0, len(after.data), 2)]
    summed = sum(words) - sum(words[at // 2] for at in (0x98, 0x9A))
    while summed >> 16:
        summed = (summed & 0xFFFF) + (summed >> 16)
    assert int.from_bytes(after.data[0x98:0x9C], "little") == summed + len(after.data)


def test_what_has_them_stays(tmp_path: Path) -> None:
    image(tmp_path, Made())
    swap_run.apply(tmp_path)
    os.utime(tmp_path / "made.dll", (1, 1))
    swap_run.apply(tmp_path)
    assert (tmp_path / "made.dll").stat().st_mtime == 1


def test_a_signature_stays(tmp_path: Path) -> None:
    signed = image(tmp_path, Made(signature=b"signature"))
    assert swap_run.flagged(signed) == signed.data
