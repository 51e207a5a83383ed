"""The shape of every row of the specification tables.

What it is: frozen dataclasses. What it is not: a validator, a loader or a lookup of methods; the one piece of
behaviour is ``Dictionary.find``. Used by every module of ``shim.spec`` and, for type hints, by everything above.

The tables follow two documents, each in one edition only:

- "VC": 多码融合码（支持国家医保电子凭证）接口文档（动态库）, V1.1.2 of 2020-06-08
- "EC": 医疗保障信息平台 电子凭证技术规范, XJ-D01-2019 of 2019-12-17

A clause reads "VC 4.1.1", "VC 附录2.8" (the appendix, not chapter 2) or "EC B.3". "dialects.md" instead of a clause
marks a row that neither document prints and that was seen in the field.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, unique


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a parameter table.

    ``name`` is the wire name, letter for letter. ``length`` counts characters, as the documents do; None means that
    the document sets no limit. ``dictionary`` is a key of ``DICTIONARIES``. ``aliases`` are other spellings that hosts
    put on the wire; the platform gets ``name``.
    """

    name: str
    title: str
    type: str
    length: int | None
    required: bool
    clause: str
    dictionary: str | None = None
    aliases: tuple[str, ...] = ()
    note: str = ""


@unique
class Step(Enum):
    """What an answer means to the extension screen (VC 2.2, 3.3)."""

    ASKS = "asks"  # the patient is asked to scan and consent
    DECIDES = "decides"  # what became of that
    REGISTERS = "registers"  # here is the patient's new code
    FOLLOWS = "follows"  # here is the code of the public account


@dataclass(frozen=True, slots=True)
class Shows:
    """An answer's field that goes to the extension screen.

    ``number`` names the request field that tells one consent from another; ``flag`` the request field that must be Y.
    """

    step: Step
    field: str
    number: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What may be printed after success: the request field that asks for it (Y), and the answer's fields on the label.

    ``code``, ``card_no`` and ``name`` are those of EhealthID_Print (VC 3.4); of several the first that is filled.
    """

    asked_by: str
    code: tuple[str, ...]
    card_no: tuple[str, ...]
    name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One transaction: the fields of biz_content (VC) or data (EC), without the common ones around them.

    ``changes`` is False only where sending the request twice does no harm. ``scans`` names the request field that a
    scanned code fills when the host left it out; None for a method that needs no code. ``shows`` is what its answer
    means to the extension screen: the first row whose flag is set and whose field is there.
    ``prints`` is the label that may come with it.
    """

    name: str
    title: str
    clause: str
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    changes: bool = True
    scans: str | None = None
    shows: tuple[Shows, ...] = ()
    prints: Label | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One return code. ``scope`` is the 使用范围 column of EC C.4; VC has none."""

    code: str
    meaning: str
    remedy: str
    clause: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a dictionary. ``parent`` is the code of the row (or group) it belongs to, "" at the top."""

    code: str
    name: str
    note: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A table of codes, in the order of the document."""

    name: str
    title: str
    clause: str
    entries: tuple[Entry, ...]
    _index: dict[str, Entry] = field(default_factory=dict, init=False, repr=False, compare=False)

    def find(self, code: str) -> Entry | None:
        """Return the entry of exactly this code, None if the document has none."""
        if not self._index:
            self._index.update({entry.code: entry for entry in self.entries})
        return self._index.get(code)


@dataclass(frozen=True, slots=True)
class Function:
    """One export of a DLL. ``stack_bytes`` is what a stdcall callee removes on x86: the N of ``_Name@N``."""

    name: str
    dll: str
    returns: str
    parameters: tuple[Field, ...]
    clause: str
    stack_bytes: int
