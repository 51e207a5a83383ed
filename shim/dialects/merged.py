"""An insurance code inside verify: the ec.query for ECUrl, and its answer in the shape of VC 4.2.2. Pure.

Which field is which stands in shim/spec/merging.py. Used by the service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shim import codec
from shim.dialects.answers import parse_text
from shim.errors import PlatformError
from shim.messages import answers as rows
from shim.spec import merging

_DATE = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")


def query_in_data(content: Mapping[str, Any]) -> str:
    """InData of NationEcTrans (EC B.1.4) from the biz_content of a verify; `build_ec_body` adds the code."""
    data = {ec: content[vc] for vc, ec in merging.REQUEST if content.get(vc) not in (None, "")}
    return codec.dumps({"orgId": content.get("orgId") or "", "transType": "ec.query", "data": data, "extra": {}})


def verify_out_data(out_data: str, code: str) -> str:
    """OutData of verify (VC 4.2.2) from OutData of ec.query: compact, keys sorted, empty fields left out.

    PlatformError UNREADABLE_ANSWER if its data is not a JSON object, or has none of the fields of a person.
    """
    data = codec.loads(out_data, "OutData")["data"]
    if isinstance(data, str):
        data = parse_text(data, rows.DATA_NOT_JSON)
    if not isinstance(data, dict):
        raise PlatformError(rows.DATA_NOT_AN_OBJECT)
    merged = {vc: data[ec] for ec, vc in merging.RESPONSE if data.get(ec) not in (None, "", "null")}
    if not merged:
        raise PlatformError(rows.NO_PERSON)
    if "id_type" in merged:
        merged["id_type"] = merging.ID_TYPES.get(str(merged["id_type"]), merging.OTHER_ID_TYPE)
    if "birthday" in merged:
        merged["birthday"] = _plain_date(str(merged["birthday"]))
    merged["card_type"] = merging.CARD_TYPE
    merged["EcQrCode"] = code
    return codec.dumps(merged, sort_keys=True)


def _plain_date(text: str) -> str:
    """1998.01.01, as the insurance platform writes dates, in the form of VC 3.2: 19980101. Other texts stay."""
    match = _DATE.fullmatch(text)
    return f"{match[1]}{int(match[2]):02d}{int(match[3]):02d}" if match else text
