"""The platforms of the made-up vendors: they check every request to the letter and answer in the same dialect.

One server for all vendors, each under its own path. `operator_id` (EC: `operatorId`) of a request says what the
platform is to do, in words with blanks: `R1001` refuses with that code, `C` answers in chunks, `P300` waits so many
milliseconds, `L4000` answers with so many characters more, `D` sends the answer in small pieces, `K` closes the
connection after it.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.vendors import people, sealing
from tests.support.vendors.http import Answer, RecordingServer, Request
from tests.support.vendors.rows import BY_NAME, VendorRow

REFUSALS = {
    "1001": "用户未注册",
    "2007": "二维码已过期，请刷新",
    "8104": "机构“测试”无权限/已停用",
    "500159": "请使用医保电子凭证二维码",
}


class Platform(RecordingServer):
    """All of them: `requests` that came, `problems` that they had, `serials` with how often each call was sent."""

    def __init__(self, host: str = "127.0.0.1", chain: Path | None = None) -> None:
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.serials: Counter[str] = Counter()
        self.updates: list[str] = []
        super().__init__(self._answered, host, chain)

    def address(self, row: VendorRow, query: str = "") -> str:
        """strUrl for a vendor."""
        return f"{self.url}/{row.name}/ehcService/gateway.do{query}"

    def sent_twice(self) -> list[str]:
        """Serial numbers that came more than once."""
        return [serial for serial, count in self.serials.items() if count > 1]

    def _answered(self, request: Request) -> Answer:
        with self.lock:
            self.requests.append(request)
        if request.method == "GET":
            with self.lock:
                self.updates.append(request.target)
            return Answer(b"1.0.0", "text/plain")
        row = BY_NAME[request.target.split("/")[1]]
        try:
            return _vc(self, row, request) if row.dll == "VC" else _ec(self, row, request)
        except Exception as error:
            with self.lock:
                self.problems.append(f"{row.name}: {error!r}")
            return Answer(b'{"ret_code":"9999","ret_msg":"refused by the test"}')

    def count(self, row: VendorRow, serial: str) -> None:
        with self.lock:
            self.serials[f"{row.name} {serial}"] += 1


def _must(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)


def _vc(platform: Platform, row: VendorRow, request: Request) -> Answer:
    fields: dict[str, Any] = json.loads(request.body.decode(row.charset))
    _must("key" not in fields, "key on the wire")
    app_id = fields["app_id"]
    secret = people.secret(row)
    word, sign_word = fields.get("enc_type", ""), fields.get(row.sign_type, "")
    received = fields.get("biz_content", "")
    content = received if isinstance(received, str) else sealing.compact(received)
    plain = sealing.unseal(row, word, content, secret, app_id)
    expected = sealing.signature(row, fields, plain, content, sign_word, secret)
    _must(fields[row.sign] == expected, f"sign {fields[row.sign]} is not {expected}")
    asked: dict[str, Any] = json.loads(plain)
    platform.count(row, asked["out_verify_no"])
    orders = str(asked.get("operator_id", "")).split()
    code_name, message_name, success = row.codes
    refused = next((order[1:] for order in orders if re.fullmatch(r"R\d+", order)), None)
    if refused is not None:
        answer: dict[str, Any] = {message_name: REFUSALS[refused], code_name: refused}
        return _as_ordered(row, orders, answer)
    person = people.answered(asked["out_verify_no"], asked.get("ehealth_code", ""))
    for order in orders:
        if order.startswith("L"):
            person["remark"] = "备" * int(order[1:])
    text = sealing.compact(person)
    sealed = sealing.seal(row, word, text, secret, app_id)
    signed = {"biz_content": sealed, "enc_type": word, row.sign_type: sign_word, "timestamp": "20261127100000"}
    top = {code_name: success, message_name: "操作成功"}
    answer = signed if row.answer_at_data else {**signed, **top}
    answer[row.sign] = sealing.signature(row, answer, text, sealed, sign_word, secret)
    return _as_ordered(row, orders, {**top, "data": answer} if row.answer_at_data else answer)


def _ec(platform: Platform, row: VendorRow, request: Request) -> Answer:
    fields: dict[str, Any] = json.loads(request.body.decode(row.charset))
    data = fields["data"]
    data = json.loads(data) if isinstance(data, str) else data
    platform.count(row, data["outBizNo"])
    places = {"data": data, "top": fields, "extra": fields.get("extra") or {}}
    place, name = row.code_at
    scans = fields["transType"] == "ec.query"
    if scans:
        code = places[place][name] if name in places[place] else data["ecQrCode"]
        _must(re.fullmatch(r"\d{28}", code) is not None, f"no scanned code at {place}.{name}")
        place, names = row.terminal_at
        _must(all(each in places[place] for each in names), "the terminal's fields are missing")
    orders = str(data.get("operatorId", "")).split()
    refused = next((order[1:] for order in orders if re.fullmatch(r"R\d+", order)), None)
    if refused is not None:
        return _as_ordered(row, orders, {"message": REFUSALS[refused], "success": False, "code": int(refused)})
    success: str | int = row.codes[2] if len(row.codes[2]) > 1 else int(row.codes[2])
    person = people.insured(data["outBizNo"])
    answer: dict[str, Any] = {"code": success, "type": "success", "message": "成功", "data": person}
    if len(data["outBizNo"]) % 2:
        answer["orgId"] = fields["orgId"]
    return _as_ordered(row, orders, answer)


def _as_ordered(row: VendorRow, orders: list[str], answer: dict[str, Any]) -> Answer:
    pause = next((int(order[1:]) / 1000 for order in orders if order.startswith("P")), 0.0)
    kind = "application/json;charset=GBK" if row.charset == "gb18030" else "application/json;charset=UTF-8"
    body = sealing.compact(answer).encode(row.charset)
    return Answer(body, kind, chunked="C" in orders, pause=pause, drip="D" in orders, close="K" in orders)


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    """Wait until `condition()` holds; AssertionError where it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
