"""vcshim.ini as others may see it: keys as they stand, values only where they can hold neither a person nor a secret.

A line is written anew from what was understood of it, so that nothing unknown passes: comments are left out, and of
values, sections and lines that are not known only the number of characters is given. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shim import configuration
from shim.doctor.scrub import Scrubber
from shim.errors import mask, shown_name
from shim.settings.lines import KeyLine, read_lines
from shim.settings.option import Option

# Texts that say how a device, an address or the wire is reached: those are what support asks for first.
SHOWN = frozenset(
    {
        ("wire", "dialect"), ("wire", "content_type"), ("transport", "proxy"), ("transport", "alternatives"),
        ("scanner", "port"), ("scanner", "address"), ("scanner", "hid_device"), ("scanner", "hid_layout"),
        ("scanner", "wedge_device"), ("scanner", "start"), ("scanner", "stop"), ("scanner", "wake"),
        ("scanner", "replies"), ("screen", "monitor"), ("screen", "port"), ("label", "printer"), ("label", "address"),
        ("label", "port"), ("label", "width_mm"), ("label", "height_mm"), ("label", "gap_mm"), ("label", "layout"),
        ("autofill", "programs"), ("fleet", "source"),
    }
)  # fmt: skip
_SECRET_KEYS = ("key", "secret", "token", "password", "pass")


@dataclass(frozen=True)
class MaskedIni:
    """A masked file.

    Attributes:
        text: what may be seen.
        secrets: the values that were masked: they may stand elsewhere, too.
        comments: how many lines of comments were left out.
    """

    text: str
    secrets: frozenset[str]
    comments: int


@dataclass
class _Masking:
    options: Mapping[tuple[str, str], Option]
    scrubber: Scrubber = field(default_factory=Scrubber)
    secrets: set[str] = field(default_factory=set)
    section: str = ""

    def lines(self, lines: Sequence[str]) -> Iterator[str]:
        for line in read_lines(lines):
            yield self._key(line) if isinstance(line, KeyLine) else self._heading(line.name)

    def _heading(self, name: str) -> str:
        base, at, pc = name.partition("@")
        self.section = base.strip().lower()
        kind, blank, own = base.strip().partition(" ")
        if kind.lower() == "dialect" and blank:
            shown = f"{kind} {self.scrubber.text(shown_name(own.strip()))}"
        else:
            shown = base.strip() if self.section in {section for section, _ in self.options} else mask(base)
        return f"[{shown}{at}{mask(pc) if at else ''}]"

    def _key(self, line: KeyLine) -> str:
        option = self.options.get((self.section, line.key))
        if option is None:
            self._note(line.raw if line.delimited else line.key)
            return f"{shown_name(line.key)} = {mask(line.raw.strip())}" if line.delimited else mask(line.key)
        text = option.text(line.raw)
        if option.is_word and option.problem(text) is None:
            return f"{line.key} = {text}"
        if ((self.section, line.key) in SHOWN or option.is_path) and not line.key.endswith(_SECRET_KEYS):
            return f"{line.key} = {self.scrubber.text(text)}"
        self._note(text)
        return f"{line.key} = {mask(text) if text else ''}"

    def _note(self, text: str) -> None:
        self.secrets.add(text.strip().strip("\"'"))


def masked_ini(lines: Sequence[str]) -> MaskedIni:
    """The lines of a file of settings, masked."""
    masking = _Masking({(option.section, option.key): option for option in configuration.options()})
    text = "\n".join(masking.lines(lines))
    comments = sum(line.lstrip("\ufeff \t").startswith((";", "#")) for line in lines)
    return MaskedIni(f"{text}\n", frozenset(masking.secrets - {""}), comments)
