"""docs/simulator.md says how to obtain every result code: each row is carried out and compared with the document.

The rows are tests/vectors/simulator_codes.json: the sentence of the document, and the request that it means.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from shim.simulator.health_codes import dynamic_code
from shim.simulator.persons import NOTABLE, ORG_ID, PERSONS, SECRET
from shim.simulator.platforms import GATEWAY, QR_QUERY
from shim.spec import EC_CODES, VC_CODES
from tests.support.fault_outcomes import SEEN
from tests.support.paths import ROOT, vectors
from tests.support.platforms import NEWCOMER, VERIFYING, OfflinePlatforms, body, dump

ROWS: list[dict[str, Any]] = vectors("simulator_codes")
DOCUMENT = (ROOT / "docs" / "simulator.md").read_text("utf-8")
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "verify": ("ehc.ehealthcode.verify", VERIFYING),
    "register": ("ehc.ehealthcard.querywithreg", NEWCOMER),
    "auth_query": ("ehc.ehealthcard.auth.query", {"out_authorize_no": "A1"}),
    "close": (
        "ehc.ehealthcard.close",
        {"ehealth_card_id": PERSONS[5].code_id, "out_close_no": "C1", "out_close_time": "20261121000058"},
    ),
}


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['platform']} {row['code']}" for row in ROWS])
def test_every_code(row: dict[str, Any]) -> None:
    platforms = OfflinePlatforms()
    assert (card if row["platform"] == "VC" else nation)(platforms, row) == row["code"]


def card(platforms: OfflinePlatforms, row: dict[str, Any]) -> str:
    """The gateway's code."""
    if "raw" in row:
        return str(platforms.post(row["raw"].encode(), path=GATEWAY)["ret_code"])
    method, content = CALLS[row.get("method", "verify")]
    content = content | row.get("content", {})
    if "dynamic" in row:
        content |= {"ehealth_code": dynamic_code(PERSONS[2].code_id, int(platforms.clock.now + row["dynamic"]))}
        platforms.clock.now += row["wait"]
    envelope = dict(row.get("envelope", {}))
    late = {name: envelope.pop(name) for name in ("sign", "biz_content") if name in envelope}
    method = envelope.pop("method", method)
    request = json.loads(body(method, content, secret=row.get("secret", SECRET), **envelope))
    data = dump(request | late).encode()
    if row.get("twice"):
        assert platforms.post(data)["ret_code"] == "0000"
    return str(platforms.post(data, row.get("sim", ""))["ret_code"])


def nation(platforms: OfflinePlatforms, row: dict[str, Any]) -> str:
    """The insurance platform's code."""
    if "raw" in row:
        return str(platforms.post(row["raw"].encode(), path=QR_QUERY)["code"])
    if "refused" in row:
        code = next(one.ec_code for one in NOTABLE if one.insurance == row["refused"])
    elif row.get("phone"):
        code = platforms.state.insurance_codes.issue(PERSONS[2].code_id).code
    else:
        code = PERSONS[row["code_of"]].ec_code
    platforms.clock.now += row.get("wait", 0)
    org = {} if row.get("no_org") else {"orgId": ORG_ID}
    content = {**org, "businessType": "01101", "operatorId": "1", "operatorName": "测试员", "ecQrCode": code}
    if row.get("twice"):
        assert platforms.nation(content)["code"] == 0
    return str(platforms.nation(content, row.get("sim", ""), **({"orgId": ""} if row.get("no_org") else {}))["code"])


def test_every_code_of_vc_appendix_1_has_a_row() -> None:
    assert [row["code"] for row in ROWS if row["platform"] == "VC"] == list(VC_CODES)


def tables() -> dict[str, list[tuple[str, ...]]]:
    """The tables of the document, by the heading above them, without their heads."""
    rows_by_heading: dict[str, list[tuple[str, ...]]] = {}
    heading = ""
    for line in DOCUMENT.splitlines():
        if line.startswith("#"):
            heading = line.strip("# ")
        elif line.startswith("| ") and not line.startswith("| ---"):
            rows_by_heading.setdefault(heading, []).append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return {heading: rows[1:] for heading, rows in rows_by_heading.items()}


@pytest.mark.parametrize(
    ("heading", "platform", "codes"), [("VC appendix 1", "VC", VC_CODES), ("EC C.4", "EC", EC_CODES)]
)
def test_the_document_has_these_rows(heading: str, platform: str, codes: dict[str, Any]) -> None:
    assert tables()[heading] == [
        (row["code"], codes[row["code"]].meaning, row["how"]) for row in ROWS if row["platform"] == platform
    ]


def test_the_document_has_what_a_host_sees() -> None:
    rows = [(re.sub("`", "", directive), card, nation) for directive, _, card, nation in tables()["Fault injection"]]
    assert rows == SEEN


def test_the_document_names_people_that_are_there() -> None:
    """The remark in the console identifies the person whose code to scan."""
    for row in ROWS:
        if "refused" in row:
            remark = row["how"].split("“")[1].split("”")[0]
            assert [one.insurance for one in NOTABLE if remark in one.note] == [row["refused"]]
