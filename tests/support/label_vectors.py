"""The vectors of the printer languages: one file a language, and its golden file, the bytes of labels/label.png.

``python -m tests.support.label_vectors LANGUAGE`` writes a golden file anew; it is accepted if a reader that shares no
line with the encoders gives label.png back (test_languages.py).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shim.devices.label.drawing import from_png
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.paper import Gap, Paper
from tests.support.label_parsers import PARSERS, Parser
from tests.support.paths import VECTORS

LABELS = VECTORS / "labels"
PICTURE = LABELS / "label.png"


@dataclass(frozen=True)
class LanguageVector:
    """One language.

    Attributes:
        parser: reads the bytes of a label.
        labels: settings and the bytes of a small label, written by hand.
        query: the bytes that ask for the status; empty if the language has no such command.
        answers: bytes that a printer answers, and what they mean: the name of a `Fault`, or fine.
        golden_paper: the paper of the golden file.
    """

    name: str
    parser: Parser
    labels: tuple[Mapping[str, Any], ...]
    query: bytes
    answers: tuple[tuple[str, bytes], ...]
    golden_paper: Paper

    @classmethod
    def load(cls, path: Path) -> LanguageVector:
        """The vector of a file."""
        row = json.loads(path.read_text("utf-8"))
        return cls(
            path.stem,
            PARSERS[row["parser"]],
            tuple({**label, "bytes": b"".join(map(_bytes, label["bytes"]))} for label in row["labels"]),
            bytes.fromhex(row["query"]),
            tuple((answer["means"], _bytes(answer)) for answer in row["answers"]),
            Paper(50, 30, 203, Gap.GAP, 2, row["golden"]["density"], row["golden"]["speed"]),
        )

    @property
    def golden(self) -> Path:
        """The golden file."""
        return LABELS / f"label.{self.name}"

    def answer(self, means: str) -> bytes:
        """The first answer with that meaning."""
        return next(answer for meaning, answer in self.answers if meaning == means)


def _bytes(part: Mapping[str, str]) -> bytes:
    return bytes.fromhex(part["hex"]) if "hex" in part else part["text"].encode()


LANGUAGE_VECTORS: Mapping[str, LanguageVector] = {
    path.stem: LanguageVector.load(path) for path in sorted(LABELS.glob("*.json"))
}


def main(name: str) -> None:
    """Write the golden file of the language `name`."""
    vector = LANGUAGE_VECTORS[name]
    vector.golden.write_bytes(LANGUAGES[name].encode(from_png(PICTURE.read_bytes()), vector.golden_paper))
    print(vector.golden)


if __name__ == "__main__":
    main(sys.argv[1])
