"""The contract: what the exports answer, whatever lies between the caller and the service.

The cases are tests/vectors/contract.json: inputs as a host hands them over, the code and OutData as literals (`out`
whole, `has` fragments). `function` is the name of an export or of an alias (shim/spec/exports.py). test_contract.py
runs all of them at every height; nothing here knows a height.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shim.simulator.server import Simulator
from shim.spec import Export, Family, Shape, find_export
from tests.support.clients import hexed
from tests.support.paths import VECTORS

CONTRACT = VECTORS / "contract.json"
CASES: list[dict[str, Any]] = json.loads(CONTRACT.read_text("utf-8"))
IDS = [case["id"] for case in CASES]


@dataclass(frozen=True)
class Outcome:
    """What a height made of a case: `code` of a char* export, `number` of an int one, `out` up to its NUL."""

    code: str | None
    number: int | None
    out: bytes | None


def export_of(case: dict[str, Any]) -> Export:
    """The export that a case calls. Fails where its name is neither that of an export nor that of an alias."""
    export = find_export(case["function"])
    assert export is not None, f"{case['function']} is in neither table of shim/spec/exports.py"
    return export


def texts(case: dict[str, Any], simulator: Simulator) -> list[bytes | str | None]:
    """The input texts: bytes, None for NULL, or a word of the client's script that starts with @."""
    if export_of(case).shape is Shape.TRANS:
        url = case["url"]
        if url is not None:
            url = url.format(gateway=simulator.gateway, qr_query=simulator.qr_query)
        return [_bytes(url), _bytes(case["in"])]
    return [_bytes(text) for text in case.get("texts", [])]


def line(number: int, case: dict[str, Any], simulator: Simulator) -> str:
    """The case as a line of the native clients' script."""
    words = [text if isinstance(text, str) else hexed(text) for text in texts(case, simulator)]
    last = [capacity(case)] if export_of(case).output else [case["mode"]] if "mode" in case else []
    return " ".join(["call", str(number), case["function"], *words, *map(str, last)])


def capacity(case: dict[str, Any]) -> int | str:
    """The bytes of the buffer that the host passes, or a word of the client's script; 0 for an export without one."""
    output = export_of(case).output
    room: int | str = case.get("capacity", 0 if output is None else output.length or 0)
    return room


def check(case: dict[str, Any], outcome: Outcome) -> None:
    """Hold an outcome against the literals of its case."""
    if "number" in case:
        assert outcome.number == case["number"]
    else:
        assert outcome.code == case["code"]
    if case.get("capacity") in ("null", "@readonly", "@noaccess"):
        return  # there is no text to look at
    charset = case.get("charset", "gb18030")
    if "out" in case:
        assert outcome.out == case["out"].encode(charset)
    for fragment in case.get("has", []):
        assert outcome.out is not None
        assert fragment in outcome.out.decode("gb18030")
    if export_of(case).family is Family.EC:
        assert outcome.out is not None
        assert set(json.loads(outcome.out.decode("gb18030"))) >= {"code", "data", "message", "orgId"}


def _bytes(text: Any) -> bytes | str | None:
    if isinstance(text, dict):
        return bytes.fromhex(text["hex"]) if "hex" in text else str(text["utf8"]).encode("utf-8")
    if text is None or text.startswith("@"):
        return text  # type: ignore[no-any-return]
    return str(text).encode("gb18030")
