"""Pictures of the simulator's pages, the same every time: ``python -m tests.support.screenshots FOLDER``.

Clock, names and the printed addresses are fixed; the calls are real ones, only their times are set. Not a test.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from shim.crypto import digests
from shim.simulator import sealing
from shim.simulator.directives import Directives
from shim.simulator.health_codes import dynamic_code
from shim.simulator.persons import APP_ID, NOTABLE, ORG_ID, PERSONS, SECRET
from shim.simulator.platforms import GATEWAY, QR_QUERY, answer_request
from shim.simulator.server import Simulator
from shim.simulator.state import SimulatorState
from tests.support.browser import Browser, chromium
from tests.support.platforms import (
    ASKED_OF_INSURANCE,
    ASKING,
    AUTH_QUERY,
    AUTH_URL,
    NEWCOMER,
    REGISTER,
    VERIFY,
    VERIFYING,
    body,
    dump,
)

PHONE, DESKTOP = (390, 844, 2.0), (1440, 900, 1.0)
# 2026-11-21 09:30:00 in China
NOW = 1_795_224_600.0
BASE_URL = "http://127.0.0.1:18080"
COLOURS = 256
# CSS pixels; what is below is more of the same.
TALLEST = 2200


class SampleCalls:
    """Calls at a hospital, at intervals of the fixed clock."""

    def __init__(self) -> None:
        self.now = NOW
        self._names = (f"{number:016x}" for number in itertools.count(0x5EA1ED))
        self.state = SimulatorState(clock=lambda: self.now, new_name=lambda: next(self._names), base_url=BASE_URL)

    def call(self, path: str, data: bytes, ms: float, directives: str = "", seconds: float = 2.418) -> None:
        """One call, with the times it is to have in the log."""
        self.now += seconds
        call = answer_request(path, data, Directives.parse(directives), self.state).call
        call.at, call.ms, call.directives = self.now, ms, directives
        self.state.calls.append(call)

    def card(self, method: str, content: dict[str, Any], ms: float, directives: str = "") -> None:
        """A call of the 多码融合 platform."""
        self.call(GATEWAY, body(method, content, secret=SECRET), ms, directives)

    def nation(self, code: str, ms: float) -> None:
        """A call of the 医保电子凭证 platform."""
        data = {**ASKED_OF_INSURANCE, "ecQrCode": code}
        request = {"orgId": ORG_ID, "transType": "ec.query", "data": data, "extra": {}}
        self.call(QR_QUERY, dump(request).encode(), ms)

    def make(self) -> None:
        """Make the calls that the console shows."""
        stale = dynamic_code(PERSONS[9].code_id, int(NOW))
        self.card(REGISTER, {**NEWCOMER, "time_expire": "60"}, 3.2)
        self.card(VERIFY, {**VERIFYING, "ehealth_code": PERSONS[6].ehealth_code, "out_verify_no": "MZ20261121001"}, 1.4)
        self.card(VERIFY, {**VERIFYING, "ehealth_code": stale, "out_verify_no": "MZ20261121002"}, 0.9)
        self.nation(PERSONS[3].ec_code, 1.1)
        self.nation(PERSONS[3].ec_code, 0.8)
        self.card(VERIFY, {**VERIFYING, "out_verify_no": "MZ20261121003"}, 501.3, "delay:500")
        self.card(AUTH_URL, {**ASKING, "out_authorize_no": "ZZ20261121001"}, 1.6)
        done = self.state.authorisations.by_number(APP_ID, "ZZ20261121001")
        assert done and self.state.authorisations.consent(done.url, NOTABLE[0].code_id)
        self.card(AUTH_QUERY, {"out_authorize_no": "ZZ20261121001"}, 1.2)
        self.card(AUTH_URL, {**ASKING, "out_authorize_no": "ZZ20261121002"}, 1.5)
        wrong = json.loads(body(VERIFY, {**VERIFYING, "out_verify_no": "MZ20261121004"}, secret=SECRET))
        self.call(GATEWAY, dump(_signed_otherwise(wrong)).encode(), 0.7)
        self.now = float(int(self.now) + 13)


def _signed_otherwise(request: dict[str, Any]) -> dict[str, Any]:
    """The request as a client signs it that writes &key= before the key, and the sign in lower case."""
    content = sealing.decrypt_content(request["enc_type"], request["biz_content"], SECRET)
    fields = {name: value for name, value in {**request, "biz_content": content}.items() if name != "sign" and value}
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return {**request, "sign": digests.digest("MD5", f"{text}&key={SECRET}".encode()).hex()}


def take(browser: Browser, url: str, size: tuple[int, int, float], file: Path) -> None:
    """One picture, as tall as the page is within reason."""
    browser.size(*size)
    browser.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    browser.open(url)
    browser.script("return document.fonts.ready.then(() => true)")
    picture = browser.picture(whole=True).convert("RGB")
    height = min(picture.height, int(TALLEST * size[2]))
    small = picture.crop((0, 0, picture.width, height)).quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    print(f"{file.name}: {small.width} x {small.height}, {file.stat().st_size // 1024} KB")


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    folder.mkdir(parents=True, exist_ok=True)
    sample = SampleCalls()
    sample.make()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        Simulator(state=sample.state, base_url=BASE_URL) as simulator,
        chromium(Path(profile)) as browser,
    ):
        waiting = sample.state.authorisations.latest()[0].url.removeprefix(BASE_URL)
        phone, call = f"/phone/{NOTABLE[0].code_id}?show=dynamic", "/console/calls/2"
        wrong = f"/console/calls/{sample.state.calls.after(limit=1)[0].number}"
        views = {"phone": phone, "consent": waiting, "console": "/console", "call": call, "sign": wrong}
        for name, path in views.items():
            if name == "console":
                simulator.misbehave("delay:500@0.25", "http:503@0.05", seed=42)
            for width, size in (("phone", PHONE), ("desktop", DESKTOP)):
                if (name, width) not in (("call", "phone"), ("sign", "phone")):
                    take(browser, simulator.url + path, size, folder / f"{name}-{width}.png")
        assert browser.errors() == []
    sample.state.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
