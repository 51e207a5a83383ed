"""The two calls that most tests make: a verify and an insurance query of the contract, as script lines for a client."""

from __future__ import annotations

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
