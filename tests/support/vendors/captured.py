"""Captured calls of the made-up vendors as rows of shim/capture/record, without capture: what the platform saw.

By this learn and replay are tested where no recorder, no DLL and no Wine are needed, and the recorder is compared with
what it should have recorded. `python -m tests.support.vendors.captured FOLDER COUNT` writes a file of rows a vendor.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from shim.capture.record import CapturedCall, Habits, Traffic, to_bytes
from tests.support.vendors import people
from tests.support.vendors.direct import DirectVendor
from tests.support.vendors.platform import Platform
from tests.support.vendors.rows import ROWS, VendorRow

_FUNCTIONS = {"VC": "VirtualCardTrans", "EC": "NationEcTrans"}


def captured(row: VendorRow, count: int, first: int = 0, orders: str | None = None) -> list[CapturedCall]:
    """Calls of the vendor's Linux library, one after the other, as its platform saw them.

    AssertionError where the platform objected to a request: the vendor is at fault then, or its row.
    """
    vendor = DirectVendor(row)
    made = []
    with Platform("127.0.0.2") as platform:
        address = platform.address(row)
        for number, call in enumerate(people.calls(row, count, first, orders)):
            if number + 1 == row.hangs_on:
                _let_hang(vendor, call)
            before = len(platform.exchanged)
            began = time.time()
            answer = vendor.call(address, call.in_data(row))
            ended = time.time()
            with platform.lock:
                traffic = tuple(
                    Traffic(platform.url, each.request.raw, each.received, each.began, each.answered, each.ended)
                    for each in platform.exchanged[before:]
                )
            texts = (address.encode(), call.in_data(row))
            made.append(
                CapturedCall(
                    call_id=f"{row.name}-{number}",
                    host="HIS.exe",
                    function=_FUNCTIONS[row.dll],
                    texts=texts,
                    mode=0,
                    out=answer.out,
                    code=answer.code,
                    number=0,
                    began=began,
                    ended=ended,
                    traffic=traffic,
                    habits=Habits(out_touched=len(answer.out) + 1, memory="module"),
                )
            )
    assert platform.problems == []
    return made


def _let_hang(vendor: DirectVendor, call: people.VendorCall) -> None:
    """The call that hangs, on a thread that nobody waits for, and to nowhere: those after it are to be captured."""
    words = ("http://127.0.0.2:1/", call.in_data(vendor.row))
    threading.Thread(target=vendor.call, args=words, daemon=True).start()
    time.sleep(0.2)  # where it was not enough, the next call hangs instead, and all is as it would be


def main(folder: str, count: str) -> None:
    """Write `NAME.jsonl` for every vendor that can be called in this process."""
    for row in ROWS:
        calls = captured(row, int(count))
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{row.name}.jsonl").write_bytes(b"".join(to_bytes(call) + b"\n" for call in calls))


if __name__ == "__main__":
    main(*sys.argv[1:])
