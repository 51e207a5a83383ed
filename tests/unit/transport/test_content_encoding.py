"""Content encodings taken off, by the bytes and not by the label."""

from __future__ import annotations

import gzip
import zlib

import pytest

from shim.transport.content_encoding import UnpackedTooLongError, unpacked

PLAIN = b'{"code":0}' * 20
ZIPPED, ZLIB = gzip.compress(PLAIN, mtime=0), zlib.compress(PLAIN)


@pytest.mark.parametrize(
    ("body", "labels"),
    [
        (PLAIN, []),
        (ZIPPED, ["gzip"]),
        (ZIPPED, ["x-gzip"]),
        (ZIPPED, []),
        (PLAIN, ["gzip"]),
        (ZLIB, ["deflate"]),
        (ZLIB[2:-4], ["deflate"]),
        (PLAIN, ["deflate"]),
        (PLAIN, ["utf-8"]),
        (PLAIN, ["identity"]),
        (gzip.compress(ZLIB, mtime=0), ["deflate", "gzip"]),
        (gzip.compress(ZIPPED, mtime=0), ["gzip", "gzip"]),
        (b"", ["gzip"]),
    ],
)
def test_what_comes_off(body: bytes, labels: list[str]) -> None:
    assert unpacked(body, labels, 1000) == (PLAIN if body else b"", "")


@pytest.mark.parametrize(
    ("body", "labels", "left"),
    [
        (ZIPPED[:-9], ["gzip"], "gzip"),
        (ZIPPED[:12] + b"\xff" * 20, ["gzip"], "gzip"),
        (ZIPPED[:-9], [], "gzip"),
        (b"\x0b\x02\x80", ["br"], "br"),
        (b"\x28\xb5\x2f\xfd", ["zstd"], "zstd"),
    ],
)
def test_what_does_not(body: bytes, labels: list[str], left: str) -> None:
    assert unpacked(body, labels, 1000) == (body, left)


@pytest.mark.parametrize("bomb", [gzip.compress(bytes(1001), mtime=0), gzip.compress(bytes(10_000_000), mtime=0)])
def test_a_body_that_unpacks_to_too_much(bomb: bytes) -> None:
    with pytest.raises(UnpackedTooLongError):
        unpacked(bomb, ["gzip"], 1000)
