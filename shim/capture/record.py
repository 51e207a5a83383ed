"""One call that the vendor's DLL answered, with its traffic: what capture writes and learn, replay and shadow read.

Rows and their form in a file. Not here: how they come about (`forwarding`, `recorder`), how they are sealed and kept
(`store`), how HTTP bytes are split into messages (`exchange`). Everything in a row may be a patient's or a key: none of
it goes into a log.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

VERSION = 1


@dataclass(frozen=True, slots=True)
class Habits:
    """How the vendor's export treated the host.

    Attributes:
        popped: bytes of arguments that it removed from the stack: all of them for stdcall, 0 for cdecl; -1 where the
            system does not tell (64 bits, Linux).
        out_touched: bytes of the host's buffer from its start to the last one that the export changed.
        memory: whose the returned text is: ``out`` the host's buffer, ``module`` memory of the vendor's DLL, ``heap``
            the process heap or another, ``stack``; "" for an export that returns a number.
        pointer: the address of the returned text, to see whether it is always the same one; 0 for a number.
        crashed: the exception code that ended the export; 0 where none did.
        control_word: the x87 control word that it left, -1 where the system does not tell.
    """

    popped: int = -1
    out_touched: int = 0
    memory: str = ""
    pointer: int = 0
    crashed: int = 0
    control_word: int = -1


@dataclass(frozen=True, slots=True)
class Traffic:
    """One connection of the vendor's DLL during one call: the bytes as they passed, both ways.

    Attributes:
        origin: scheme, host and port of the platform, as ``https://host:443``.
        sent: what the vendor's DLL sent, its own Host header included.
        received: what the platform sent.
        began, answered, ended: seconds since 1970: the first byte sent, the first received, the last of both.
    """

    origin: str
    sent: bytes
    received: bytes
    began: float
    answered: float
    ended: float


@dataclass(frozen=True, slots=True)
class CapturedCall:
    """One call.

    Attributes:
        call_id: unique among all captures: process, start and number.
        host: the name of the host program.
        function: the export's name.
        texts: what the host passed for each text parameter that it fills, in order, without the NUL; None for NULL or
            what cannot be read. Of VirtualCardTrans and NationEcTrans the first is strUrl, the second InData.
        mode: the int argument, for the export that has one.
        out: OutData or pErrmsg up to the NUL; None where the export has none or the host passed NULL.
        code: the text that the export returned; None for an export that returns a number, and after a crash.
        number: the number that it returned; 0 for a text.
        began, ended: seconds since 1970.
        traffic: what passed the recorder, in the order of its beginning.
        recorded: whether the vendor's DLL was given the recorder's address; False: its traffic is not known.
    """

    call_id: str
    host: str
    function: str
    texts: tuple[bytes | None, ...]
    mode: int
    out: bytes | None
    code: bytes | None
    number: int
    began: float
    ended: float
    traffic: tuple[Traffic, ...] = ()
    recorded: bool = True
    habits: Habits = field(default_factory=Habits)


def to_bytes(call: CapturedCall) -> bytes:
    """A row as it stands in a file: JSON in ASCII, bytes in base64."""
    return json.dumps({"version": VERSION, **_plain(asdict(call))}, separators=(",", ":")).encode("ascii")


def from_bytes(data: bytes) -> CapturedCall:
    """The row of `to_bytes`. ValueError for anything else; fields of later versions are ignored."""
    try:
        row = json.loads(data)
        traffic = tuple(Traffic(**_known(Traffic, _revived(each))) for each in row["traffic"])
        texts = tuple(_revived(text) for text in row["texts"])
        habits = Habits(**_known(Habits, row["habits"]))
        values = _known(CapturedCall, _revived(row))
        return CapturedCall(**{**values, "texts": texts, "traffic": traffic, "habits": habits})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a captured call") from error


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _revived(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"b64"}:
            return base64.b64decode(value["b64"])
        return {name: _revived(item) for name, item in value.items()}
    return value


def _known(row_type: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(row_type)}
    return {name: value for name, value in values.items() if name in names}
