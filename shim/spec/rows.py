"""The shape of every row of the specification tables.

What it is: frozen dataclasses, with what follows from a row's own columns. What it is not: a validator, a loader or a
lookup. Used by every module of ``shim.spec`` and, for type hints, by everything above.

The tables follow two documents, each in one edition only:

- "VC": 多码融合码（支持国家医保电子凭证）接口文档（动态库）, V1.1.2 of 2020-06-08
- "EC": 医疗保障信息平台 电子凭证技术规范, XJ-D01-2019 of 2019-12-17

A clause reads "VC 4.1.1", "VC 附录2.8" (the appendix, not chapter 2) or "EC B.3". 规范外 instead of a clause marks a
row that neither document prints: docs/errata.md, "Seen in the field", says where it was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, unique


@dataclass(frozen=True, slots=True)
class Condition:
    """A case in which a field is required that its table prints as required in every case.

    It holds if the code of the transaction is of the kind ``code`` (a title of the kinds in
    shim/dialects/scanned.py), or if a field of the same table has the value that ``values`` names. ``title`` goes into
    findings and the reference, ``english`` in its place into what commands show;
    ``clause`` is where the document says so.
    """

    title: str
    clause: str
    code: str = ""
    values: tuple[tuple[str, str], ...] = ()
    english: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a parameter table.

    ``name`` is the wire name, letter for letter. ``length`` counts characters, as the documents do; None means that
    the document sets no limit. ``required`` is the printed column; ``when`` is the only case in which it counts, None
    for every case. ``dictionary`` is a key of ``DICTIONARIES``. ``aliases`` are other spellings that hosts put on the
    wire; the platform gets ``name``. ``prose`` marks text that people write: names, addresses, remarks.
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
    when: Condition | None = None
    prose: bool = False

    @property
    def is_word(self) -> bool:
        """One word, which blanks around it do not belong to: a code, a number, a time, a flag, a URL."""
        return not self.prose and self.type.upper() != "JSON"


@unique
class Effect(Enum):
    """What sending a request does, and so what may be done about one whose answer did not come."""

    QUERY = "query"  # changes nothing: may be sent a second time
    IDENTIFY = "identify"  # uses up a one-time code and changes nothing else: never sent twice
    CHANGE = "change"  # anything else: never sent twice, and over no connection that may be half closed


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

    ``number`` names the request field that tells one consent from another; ``flag`` the request field that must be Y;
    ``time_expire`` the request field that says for how many seconds the code is valid.
    """

    step: Step
    field: str
    number: str = ""
    flag: str = ""
    time_expire: str = ""


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

    ``effect`` is what sending the request does. ``scans`` names the request field that a
    scanned code fills when the host left it out; None for a method that needs no code. ``shows`` is what its answer
    means to the extension screen: the first row whose flag is set and whose field is there.
    ``prints`` is the label that may come with it. ``serial`` names the request field with the host's own number of the
    business (外部…流水号), by which a platform finds it; "" where the document has none, or nothing is changed.

    ``identifies``: the request names a patient, or begins to find out who it is. A method without a row counts as one
    that does. ``identified`` is the case of an answer in which it comes out who it is, of a request that asks what
    became of an earlier one; None for all others.
    """

    name: str
    title: str
    clause: str
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    effect: Effect = Effect.CHANGE
    scans: str | None = None
    shows: tuple[Shows, ...] = ()
    prints: Label | None = None
    identifies: bool = True
    identified: Condition | None = None
    serial: str = ""


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


@unique
class Family(Enum):
    """Which document an export answers by: it decides the return codes and what OutData holds after a failure."""

    VC = "VC"  # codes of VC appendix 1; the text of the message
    EC = "EC"  # codes of EC C.4; JSON with code and message, always


@unique
class Shape(Enum):
    """What an export takes and gives back. The value is the C type that it returns."""

    TRANS = ("trans", "char*")  # two texts in, OutData out; the code is a text
    NUMBER = ("number", "int")  # texts or a number in, no text out; the code is a number
    MESSAGE = ("message", "int")  # nothing in, pErrmsg out; the code is a number

    def __init__(self, title: str, returns: str) -> None:
        self.title = title
        self.returns = returns


@unique
class Direction(Enum):
    """Who writes a parameter of an export: the host (IN) or the DLL (OUT)."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an export.

    ``type`` is the printed one, Char or int. ``length`` counts bytes with the terminating NUL, because a Char is a C
    buffer; None means that the document sets no limit. ``aliases`` are other spellings in the same document. ``word``
    marks a text of one word, which blanks around it do not belong to.
    """

    name: str
    title: str
    type: str
    length: int | None
    direction: Direction
    clause: str
    aliases: tuple[str, ...] = ()
    note: str = ""
    word: bool = False

    @property
    def is_text(self) -> bool:
        """True for a char*, False for an int."""
        return self.type == "Char"


@dataclass(frozen=True, slots=True)
class Export:
    """One function of a DLL.

    ``number`` is what C and Python call it by across the embedded entry. ``success`` is what it returns when all went
    well; every other value is a code of its ``family``.
    """

    number: int
    dll: str
    name: str
    family: Family
    shape: Shape
    success: str
    parameters: tuple[Parameter, ...]
    clause: str

    @property
    def stack_bytes(self) -> int:
        """What a stdcall callee removes on x86, the N of ``_Name@N``: four bytes for each parameter."""
        return 4 * len(self.parameters)

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The parameters that the host fills."""
        return tuple(row for row in self.parameters if row.direction is Direction.IN)

    @property
    def output(self) -> Parameter | None:
        """The buffer that the DLL fills; None where the export has none."""
        return next((row for row in self.parameters if row.direction is Direction.OUT), None)


@dataclass(frozen=True, slots=True)
class Alias:
    """One more name of an export, for programs of a site that import it by that name. No document prints it.

    ``evidence`` says which programs ask for the name, and where that was seen.
    """

    name: str
    export: str
    evidence: str
