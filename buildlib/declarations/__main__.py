"""`python -m buildlib.declarations`: write the declaration files into examples/."""

from __future__ import annotations

from buildlib import declarations
from buildlib.layout import ROOT


def main() -> None:
    """Write those that differ; Git gives them the line ends of their language (.gitattributes)."""
    for place, text in declarations.files().items():
        path = ROOT / "examples" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
