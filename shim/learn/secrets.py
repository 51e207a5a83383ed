"""What the vendor's DLL may have used as its secret: `key` of InData, keys given by hand, and other words. Pure.

Texts here are keys: none of them goes into a report, a log or a resume file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

IN_DATA = "key"
GIVEN = "given"
CIPHER = "cipher"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that may be the secret, and where it comes from: `IN_DATA`, `GIVEN`, `CIPHER`, or a field of InData."""

    source: str
    text: str = field(repr=False)


def shaped(secret: str) -> Iterator[tuple[str, str]]:
    """What may be made of a secret before it is used, by the words of secret_form; what changes nothing is left out."""
    yield "as-is", secret
    seen = {secret}
    hashed = hashlib.md5(secret.encode("utf-8"), usedforsecurity=False).hexdigest()
    for form, text in (
        ("trimmed", secret.strip()),
        ("upper", secret.upper()),
        ("lower", secret.lower()),
        ("md5-upper", hashed.upper()),
        ("md5-lower", hashed),
    ):
        if text not in seen:
            seen.add(text)
            yield form, text
