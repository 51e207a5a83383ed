"""What `vcshim ini` prints: vcshim.ini with the presets of a message format, or a section of a site's own.

Not a command: a document in Chinese whatever the language of the run, as vcshim.ini is.
"""

from __future__ import annotations

from shim import configuration
from shim.dialects.table import DIALECTS, SITE_KEYS


def whole_file() -> str:
    """vcshim.ini with every key as a comment."""
    return configuration.template() + _presets()


def _presets() -> str:
    lines = [
        "",
        "; [wire] dialect 可用的预置报文格式：",
        *(f";   {row.name:<20} {row.title}" for row in DIALECTS.values()),
        "; 都不合适时，以其中之一为底自定一节，只写不同的项（全部可用的项：vcshim ini --dialect）：",
        ";[dialect 本院]",
        ";base = ehcservice",
        ";tail = &key=",
    ]
    return "\n".join(lines) + "\n"


def dialect_section() -> str:
    """A [dialect NAME] section with every key."""
    lines = ["[dialect 本院]"]
    explained: set[str] = set()
    for row in SITE_KEYS:
        allowed = "同上" if row.allowed in explained and len(row.allowed) > 60 else row.allowed
        explained.add(row.allowed)
        lines += [f"; {row.help}", f";   可写：{allowed}", f";{row.key} ="]
    return "\n".join(lines) + "\n"
