"""What the sentences in native/ are in GB18030, so that Linux needs no iconv for them. Run by buildlib/compile.py.

`python -m native.charset_build FOLDER` writes FOLDER/gb18030.h: each Chinese character of our C sources, and of what
messages_build.py generates, with its bytes.
iconv loads a module and takes a lock of the C library, which in a child of a bare clone may never be released.
"""

from __future__ import annotations

import sys
from pathlib import Path

from native import messages_build

HERE = Path(__file__).parent


def characters(folder: Path = HERE) -> list[str]:
    """The characters of the C sources that are not ASCII, in order."""
    texts = [path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.suffix in (".c", ".h")]
    texts.append(messages_build.header())
    return sorted({character for text in texts for character in text if not character.isascii()})


def header(found: list[str]) -> str:
    """gb18030.h: rows for a binary search."""
    rows = []
    for character in found:
        escaped = "".join(f"\\x{byte:02X}" for byte in character.encode("gb18030"))
        rows.append(f'    {{0x{ord(character):04X}, "{escaped}"}},')
    lines = [
        "/* gb18030.h - generated from the texts in native/ by native/charset_build.py: do not edit. */",
        "static const struct {",
        "    uint32_t character;",
        "    const char *bytes;",
        "} gb18030_rows[] = {",
        *rows,
        "};",
    ]
    return "".join(f"{line}\n" for line in lines)


def write(folder: Path) -> None:
    """The file, with the texts as they are now."""
    (folder / "gb18030.h").write_text(header(characters()), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
