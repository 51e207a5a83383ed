"""Captured calls of made-up NationECCode.dlls, as tests/support/captured.py makes them for the other DLL."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shim.capture.record import CapturedCall, Habits
from tests.support.captured import BEGAN, compact, http


@dataclass(frozen=True)
class NationVendor:
    """A made-up DLL.

    Attributes:
        send: from InData (parsed), its text and the scanned code to the body.
        out: from the platform's answer and InData to OutData.
        success: the platform's code.
        returned: what the export returns then.
    """

    send: Callable[[dict[str, Any], str, str], bytes]
    out: Callable[[dict[str, Any], dict[str, Any]], str]
    success: Any = 0
    returned: str = "0000"


def _usual_send(host: dict[str, Any], text: str, code: str) -> bytes:
    return compact({**host, "data": {**host["data"], "ecQrCode": code}}).encode()


def _usual_out(answer: dict[str, Any], host: dict[str, Any]) -> str:
    shown = {"code": 0, "data": answer["data"], "message": answer["message"], "orgId": host["orgId"]}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _terminal_send(host: dict[str, Any], text: str, code: str) -> bytes:
    extra = {"qrCode": code, "mac": "F8-34-41-BD-E1-88", "ip": "192.168.1.23", "recordNo": "35020000000000001234"}
    sent = dict(sorted({**host, "extra": {**host["extra"], **extra}}.items()))
    return json.dumps(sent, ensure_ascii=False, separators=(", ", ": ")).encode("gb18030")


def _whole_answer(answer: dict[str, Any], host: dict[str, Any]) -> str:
    return compact({name: value for name, value in answer.items() if name != "type"})


USUAL = NationVendor(_usual_send, _usual_out)
TERMINAL = NationVendor(_terminal_send, _whole_answer, success="0", returned="0")


def nation_captures(vendor: NationVendor, count: int) -> list[CapturedCall]:
    """Calls of ec.query in which the DLL scanned."""
    source = random.Random(15)
    return [_call(vendor, number, source) for number in range(count)]


def _call(vendor: NationVendor, number: int, source: random.Random) -> CapturedCall:
    began = BEGAN + 60 * number
    data = {"businessType": "01101", "operatorId": f"{number:04d}", "operatorName": "测试员", "officeName": "内科/1"}
    host = {"orgId": "H35020000001", "transType": "ec.query", "data": data, "extra": {}}
    text = compact(host)
    code = "424" + "".join(source.choice("0123456789") for _ in range(19)) + "350000"
    body = vendor.send(host, text, code)
    answer: dict[str, Any]
    if number % 4 == 3:
        answer = {"message": "请使用医保电子凭证二维码", "success": False, "code": 500159}
        out = json.dumps(
            {"code": 500159, "data": {}, "message": answer["message"], "orgId": host["orgId"]},
            ensure_ascii=False, separators=(",", ":"), sort_keys=True,
        )  # fmt: skip
        returned = "500159"
    else:
        person = {"userName": f"王小明{number}", "idNo": "110101199003070011", "ecToken": "T" * 38}
        answer = {"code": vendor.success, "type": "success", "message": "成功", "data": person}
        out, returned = vendor.out(answer, host), vendor.returned
    call = CapturedCall(
        call_id=f"n-{number}",
        host="his.exe",
        function="NationEcTrans",
        texts=(b"http://ec.example/localcfc/api/hsecfc/localQrCodeQuery", text.encode("gb18030")),
        mode=0,
        out=out.encode("gb18030"),
        code=returned.encode(),
        number=0,
        began=began,
        ended=began + 0.2,
        traffic=(http("/localcfc/api/hsecfc/localQrCodeQuery", body, compact(answer).encode(), began),),
        habits=Habits(memory="heap"),
    )
    return replace(call, habits=replace(call.habits, out_touched=len(call.out or b"") + 1))
