"""The consent of a patient as a hospital program asks for it: authurl and auth.query of VC 4.6 and 4.7, as InData."""

from __future__ import annotations

from typing import Any

from shim.simulator.persons import APP_ID, SECRET, TERM_ID

OPERATOR = {"operator_id": "9527", "operator_name": "测试员", "treatment_code": "010101"}
TIME = "20261121000058"
AUTHURL = "ehc.ehealthcard.authurl"
QUERY = "ehc.ehealthcard.auth.query"


def in_data(method: str, content: dict[str, Any], enc_type: str = "AES") -> dict[str, Any]:
    """The InData of any method of VC, for the simulator's application."""
    return {
        "app_id": APP_ID, "biz_content": content, "enc_type": enc_type, "key": SECRET, "method": method,
        "sign_type": "SM3", "term_id": TERM_ID, "timestamp": TIME, "version": "X.M.0.1",
    }  # fmt: skip


def asking(number: str) -> dict[str, Any]:
    """The biz_content of authurl; `number` is the out_authorize_no."""
    return {**OPERATOR, "out_authorize_no": number, "out_authorize_time": TIME}
