"""The two calls that most tests make: a verify and an insurance query of the contract, as script lines for a client."""

from __future__ import annotations

import json
from typing import Any

from shim.simulator.server import Simulator
from tests.support.clients import trans_line
from tests.support.contract import CASES

_BY_ID = {case["id"]: case for case in CASES}
VERIFY: dict[str, Any] = _BY_ID["verify aes md5"]
QUERY: dict[str, Any] = _BY_ID["query"]


def verify_line(name: str, simulator: Simulator, directives: str = "", **more: Any) -> str:
    """A verify by VirtualCardTrans; `directives` is appended to the address, such as ?sim=delay:500."""
    return trans_line(name, VERIFY["in"].encode("gb18030"), url=simulator.gateway + directives, **more)


def query_line(name: str, simulator: Simulator, directives: str = "") -> str:
    """An ec.query by NationEcTrans."""
    url = simulator.qr_query + directives
    return trans_line(name, QUERY["in"].encode("gb18030"), url=url, export="NationEcTrans")


def without_code(text: str, inner: str, field: str) -> bytes:
    """InData without `field` of `inner`, which the scanner then has to read."""
    data = json.loads(text)
    data[inner].pop(field)
    return json.dumps(data, ensure_ascii=False).encode("gb18030")


def query_without_code(simulator: Simulator, name: str = "q", trans_type: str = "ec.query") -> str:
    """An insurance query that triggers the scanner."""
    in_data = without_code(QUERY["in"], "data", "ecQrCode").replace(b"ec.query", trans_type.encode())
    return trans_line(name, in_data, url=simulator.qr_query, export="NationEcTrans")
