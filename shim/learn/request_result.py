"""What the requests of VirtualCardTrans are learnt from and what comes of it, for the steps of `request`; no search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shim.crypto import byte_text
from shim.dialects.dialect import Dialect
from shim.learn.findings import LearnFinding
from shim.learn.samples import Sample, field_text
from shim.learn.secrets import GIVEN, IN_DATA, Secret
from shim.learn.trials import Trial


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Keys that were given by hand: in the place of `key` of InData, and for the ciphers alone; "" for none."""

    key: str = field(default="", repr=False)
    cipher: str = field(default="", repr=False)


@dataclass(slots=True)
class RequestResult:
    """What the requests tell.

    Attributes:
        row: a dialect that makes them, by the columns of `values` on the default one; None where there is none.
        values: the columns that were found out.
        trials: the requests, for what is tried later.
        agreeing, different: the samples that `row` makes byte for byte, and the others.
        secret_source: which secret signs and encrypts.
        needs_cipher_secret: the ciphers have a key of their own, which the section must not print.
        key_is_wrong: neither sign nor cipher fits any key that is known.
        content_type: the header as it was sent; "" where it varies.
    """

    row: Dialect | None = None
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[LearnFinding] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    agreeing: tuple[int, ...] = ()
    different: tuple[int, ...] = ()
    secret_source: str = IN_DATA
    needs_cipher_secret: bool = False
    key_is_wrong: bool = False
    content_type: str = ""
    signs: tuple[int, int] = (0, 0)
    opened: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class FieldRoles:
    """The names of the fields on the wire that hold the sign, the word of its kind, and biz_content."""

    sign: str
    sign_type: str
    content: str


def enc_word(sample: Sample) -> str:
    """The word of enc_type by which biz_content is encrypted: as it was sent, else as the host wrote it."""
    return (
        (sample.word("enc_type") if "enc_type" in sample.wire else field_text(sample.host.get("enc_type")))
        .strip()
        .upper()
    )


def secrets_of(sample: Sample, keys: GivenKeys) -> tuple[Secret, ...]:
    """What may sign a request, the likely first."""
    given = (Secret(IN_DATA, sample.key), Secret(GIVEN, keys.key))
    return tuple({each.text: each for each in reversed(given) if each.text}.values())[::-1]


def size_of_word(word: str, encoding: str) -> int:
    """How many bytes a text of the wire stands for."""
    return len(byte_text.from_text(word, encoding))
