"""`build_dll.py demo`: the whole way on one screen - a host program's call, the wire, the platform, and back.

Builds for this machine, starts the simulator in a process of its own, loads both libraries with ctypes as a host
program would, and makes one call of each export. All data are fictitious. The texts are those for developers.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from buildlib import console, environment, launcher, product
from buildlib.layout import ROOT

# Of shim/simulator/persons.py: person 2, whose name needs GB18030, and person 3.
_EHEALTH_CODE = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
_EC_CODE = "4240000000000000000300350000"

_VERIFY = {
    "app_id": "1TESTAPP0000000000000000TESTAPP0",
    "biz_content": {
        "ehealth_code": _EHEALTH_CODE,
        "operator_id": "9527",
        "operator_name": "测试员",
        "out_verify_no": "20261121000058",
        "out_verify_time": "20261121000058",
        "treatment_code": "010105",
    },
    "enc_type": "AES",
    "key": "1TESTSEC0000000000000000TESTSEC0",
    "method": "ehc.ehealthcode.verify",
    "sign": "",
    "sign_type": "SM3",
    "term_id": "35020010001",
    "timestamp": "20261121000058",
    "version": "X.M.0.1",
}
_QUERY = {
    "orgId": "1TESTORG0000000000000000TESTORG0",
    "transType": "ec.query",
    "extra": {},
    "data": {
        "orgId": "1TESTORG0000000000000000TESTORG0",
        "businessType": "01101",
        "operatorId": "9527",
        "operatorName": "测试员",
        "ecQrCode": _EC_CODE,
    },
}


def run() -> int:
    """Build, call, print; 0 when every call ended as it must, 1 otherwise."""
    folder = product.host()
    environment.ensure("simulator")
    command = launcher.write()
    with _simulator() as (gateway, qr_query):
        card, nation = _load(_installed(folder))
        results = [
            # Before any code was scanned: later it would type one into whatever has the focus on this desk.
            _set_ec_qrcode(card.SetEcQrcode),
            _trans(gateway, card.VirtualCardTrans, "VirtualCardTrans", gateway, _VERIFY, "00"),
            _trans(gateway, nation.NationEcTrans, "NationEcTrans", qr_query, _QUERY, "0000"),
            _number(card.Set_QRflow_Mode, "Set_QRflow_Mode", 1, wanted=0),
            _number(
                card.EhealthID_Print,
                "EhealthID_Print",
                *(t.encode("gb18030") for t in (_EHEALTH_CODE, "D000002", "王𬱖")),
            ),
        ]
    good = sum(results)
    sys.stdout.write(
        f"\ndemo: {good} of {len(results)} exports answered as they must"
        " (two calls through the wire; the screen is on; auto-fill and label say what they lack)\n"
        f"the commands, the simulator among them: {_short(command)} --help\n"
    )
    return 0 if good == len(results) else 1


def _short(path: Path) -> Path:
    """A path as it is typed in the checkout."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


@contextmanager
def _simulator() -> Iterator[tuple[str, str]]:
    """A running simulator: the two URLs."""
    process = subprocess.Popen(
        [environment.python(), "-m", "shim.cli", "simulator", "--port", "0"],
        cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        urls = [process.stdout.readline().rpartition(" ")[2].strip() for _ in range(2)]
        if not all(url.startswith("http://") for url in urls):
            raise console.Failed("the simulator did not start")
        console.say(f"simulator at {urls[0]}")
        yield urls[0], urls[1]
    finally:
        process.terminate()
        process.wait()


def _installed(product_folder: Path) -> Path:
    """A copy of the product with settings for a developer: both texts of a failure are in OutData."""
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(product_folder, folder, copy_function=os.link)
    (folder / "vcshim.ini").write_text("[messages]\naudience = developer\n", "utf-8")
    return folder


def _load(folder: Path) -> tuple[Any, Any]:
    """Both libraries, declared as a host program declares them (VC 3.2-3.5, EC B.1.3)."""
    if sys.platform == "win32":
        card: Any = ctypes.WinDLL(str(folder / "VirtualCardChk.dll"))
        nation: Any = ctypes.WinDLL(str(folder / "NationECCode.dll"))
    else:
        card = ctypes.CDLL(str(folder / "libVirtualCardChk.so"))
        nation = ctypes.CDLL(str(folder / "libNationECCode.so"))
    for function in (card.VirtualCardTrans, nation.NationEcTrans):
        function.restype = ctypes.c_char_p
        function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p]
    card.Set_QRflow_Mode.argtypes = [ctypes.c_int]
    card.EhealthID_Print.argtypes = [ctypes.c_char_p] * 3
    card.SetEcQrcode.argtypes = [ctypes.c_char_p]
    return card, nation


def _trans(simulator: str, function: Callable[..., bytes], name: str, url: str, data: Any, wanted: str) -> bool:
    out = ctypes.create_string_buffer(2048)
    in_data = json.dumps(data, ensure_ascii=False)
    started = time.perf_counter()
    code = function(url.encode(), in_data.encode("gb18030"), out).decode()
    took = (time.perf_counter() - started) * 1000
    call = _last_call(simulator)
    _show(
        name,
        ("in: strUrl", url),
        ("in: InData", in_data),
        ("wire: request", call["request"]),
        ("wire: opened by the platform", call["opened"]),
        ("wire: answer", call["answer"]),
        ("out: OutData", out.value.decode("gb18030")),
        ("returned", f"{code!r} in {took:.1f} ms"),
    )
    return code == wanted


def _number(function: Callable[..., int], name: str, *arguments: Any, wanted: int = 9005) -> bool:
    started = time.perf_counter()
    code = function(*arguments)
    took = (time.perf_counter() - started) * 1000
    shown = ", ".join(a.decode("gb18030") if isinstance(a, bytes) else str(a) for a in arguments)
    _show(
        name, ("in", shown), ("wire", "nothing: a device of the workstation"), ("returned", f"{code} in {took:.1f} ms")
    )
    return code == wanted


def _set_ec_qrcode(function: Callable[..., int]) -> bool:
    message = ctypes.create_string_buffer(256)
    started = time.perf_counter()
    code = function(message)
    took = (time.perf_counter() - started) * 1000
    text = message.value.decode("gb18030")
    _show(
        "SetEcQrcode", ("in", "-"), ("wire", "nothing: a device of the workstation"), ("out: pErrmsg", text),
        ("returned", f"{code} in {took:.1f} ms"),
    )  # fmt: skip
    return code == 9005 and bool(text)


def _last_call(simulator: str) -> dict[str, str]:
    with urllib.request.urlopen(simulator.split("/ehcService")[0] + "/_sim/calls") as answer:
        calls: list[dict[str, str]] = json.load(answer)
    return calls[-1]


def _show(name: str, *lines: tuple[str, str]) -> None:
    sys.stdout.write(f"\n=== {name}\n")
    for title, text in lines:
        sys.stdout.write(f"  {title:<28} {text}\n")
    sys.stdout.flush()
