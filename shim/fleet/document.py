"""The file that a hospital's PCs take their settings from: an ini that begins with comments, of which one proves it.

::

    ;vcshim-fleet 1
    ;serial 20261127163001
    ;share 10
    ;pcs PC-01*, PC-2??
    ;ed25519 <signature, base64>
    [wire]
    ...

``;share`` (per cent of the PCs, 100 without it) and ``;pcs`` (these take it in any case) may be left out. The last line
of the head is the proof: ``;ed25519``, or ``;sha256 <digest, hex>``, which finds damage only. It covers every byte of
the file but its own line. The whole is one file, so that settings and proof are never of two versions.

Bytes in, bytes out; no files, no keys but those given. What the ini says is not looked at. Used by `take`, `store` and
the command `vcshim fleet`.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shim.crypto import digests
from shim.crypto.ed25519 import ED25519_SIGNATURE_BYTES, ed25519_sign, ed25519_verify
from shim.fleet.refusal import BAD_HEAD, NO_KEY, NO_KEY_HERE, NOT_SIGNED, WRONG_DIGEST, WRONG_SIGNATURE, Refused
from shim.settings.layers import lower, matches

_FIRST = "vcshim-fleet 1"
_LONGEST_HEAD = 16 * 1024  # bytes
_SERIAL = re.compile("[0-9]{1,18}")
SIGNED, HASHED = "ed25519", "sha256"


@dataclass(frozen=True, slots=True)
class FleetDocument:
    """A file taken apart; nothing of it is proven yet (`prove`).

    Attributes:
        serial: the higher one is the newer.
        share: per cent of the PCs that take it.
        pcs: patterns of names of PCs that take it in any case.
        kind: of the proof, `SIGNED` or `HASHED`.
        proof: the signature or the digest.
        covered: the bytes that it covers.
    """

    serial: int
    share: int
    pcs: tuple[str, ...]
    kind: str
    proof: bytes
    covered: bytes

    def is_for(self, pc: str) -> bool:
        """Whether a PC takes it: named, or within the share. A PC within a share is within every larger one."""
        name = lower(pc)
        return any(matches(lower(pattern), name) for pattern in self.pcs) or place_of(pc) < self.share

    def prove(self, public_keys: Sequence[str], *, needs_signature: bool) -> None:
        """Check the proof.

        Args:
            public_keys: those of [fleet] public_key, 64 hexadecimal digits each; one must fit. Without any, a digest
                will do.
            needs_signature: a digest will not do.

        Raises:
            Refused: it does not fit, or is not of the kind that is asked for.
        """
        if not public_keys:
            if needs_signature:
                raise Refused(NO_KEY)
            if self.kind == SIGNED:
                raise Refused(NO_KEY_HERE)
            if not digests.are_same(digests.digest("SHA-256", self.covered), self.proof):
                raise Refused(WRONG_DIGEST)
            return
        if self.kind != SIGNED:
            raise Refused(NOT_SIGNED)
        keys = [key_bytes(key) for key in public_keys]
        if not any(ed25519_verify(key, self.proof, self.covered) for key in keys):
            raise Refused(WRONG_SIGNATURE)


def place_of(pc: str) -> int:
    """The place of a PC among all, 0 to 99: always the same one, and spread evenly over names."""
    return int.from_bytes(digests.digest("SHA-256", lower(pc).encode("utf-8", "replace"))[:4], "big") * 100 >> 32


def key_bytes(key: str) -> bytes:
    """A key of 64 hexadecimal digits as bytes. Refused if it is none."""
    if not re.fullmatch("[0-9A-Fa-f]{64}", key):
        raise Refused(NO_KEY)
    return bytes.fromhex(key)


def parse_document(data: bytes) -> FleetDocument:
    """Take a file apart.

    Raises:
        Refused: its head is none.
    """
    fields: dict[str, str] = {}
    at = 0
    while True:
        end = data.find(b"\n", at, _LONGEST_HEAD)
        line = data[at:end].removesuffix(b"\r") if end >= 0 else b""
        if not line.startswith(b";") or not line.isascii() or (at == 0) != (line[1:] == _FIRST.encode()):
            raise Refused(BAD_HEAD)
        word, _, value = line[1:].decode("ascii").partition(" ")
        if word in fields:
            raise Refused(BAD_HEAD)
        fields[word] = value.strip()
        start, at = at, end + 1
        if word in (SIGNED, HASHED):
            return _document(fields, word, data[:start] + data[at:])


def _document(fields: dict[str, str], kind: str, covered: bytes) -> FleetDocument:
    serial, share = fields.pop("serial", ""), fields.pop("share", "100")
    pcs = tuple(each.strip() for each in fields.pop("pcs", "").split(",") if each.strip())
    proof = _proof(kind, fields.pop(kind))
    fields.pop(_FIRST.partition(" ")[0])
    good = _SERIAL.fullmatch(serial) and _SERIAL.fullmatch(share) and int(share) <= 100
    if fields or not good or proof is None:  # a word that is not known: of a later version, which may mean a limit
        raise Refused(BAD_HEAD)
    return FleetDocument(int(serial), int(share), pcs, kind, proof, covered)


def _proof(kind: str, text: str) -> bytes | None:
    try:
        data = binascii.a2b_base64(text, strict_mode=True) if kind == SIGNED else bytes.fromhex(text)
    except ValueError:
        return None
    return data if len(data) == (ED25519_SIGNATURE_BYTES if kind == SIGNED else 32) else None


def without_head(lines: Sequence[str]) -> list[str]:
    """The lines of an ini without the head that an earlier `compose` gave it."""
    if not lines or lines[0].strip() != f";{_FIRST}":
        return list(lines)
    proofs = (f";{SIGNED} ", f";{HASHED} ")
    last = next((at for at, line in enumerate(lines) if line.startswith(proofs)), 0)
    return list(lines[last + 1 :])


def compose(lines: Sequence[str], serial: int, share: int, pcs: Sequence[str], private_key: bytes | None) -> bytes:
    """The file for the lines of an ini, in UTF-8 with the line ends of Windows.

    Args:
        private_key: 32 bytes; None for a digest instead of a signature.
    """
    head = [f";{_FIRST}", f";serial {serial}", f";share {share}", *([f";pcs {', '.join(pcs)}"] if pcs else [])]
    before = "".join(f"{line}\r\n" for line in head).encode("ascii")
    body = "\r\n".join(lines).encode("utf-8")
    covered = before + body
    if private_key is None:
        proof = f";{HASHED} {digests.digest('SHA-256', covered).hex()}"
    else:
        signature = binascii.b2a_base64(ed25519_sign(private_key, covered), newline=False)
        proof = f";{SIGNED} {signature.decode('ascii')}"
    return before + f"{proof}\r\n".encode("ascii") + body
