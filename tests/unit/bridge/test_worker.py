"""What becomes of a process with a DLL that is stuck: on a made-up one, so that the test says when a call returns."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from shim.bridge.refusals import ENDED, LATE, BridgeRefusal
from shim.bridge.worker import LibraryWorker

# Answers a call named "held" when the file of its argument is there, "end" at once, and "stuck" never.
_PROCESS = """
import json, pathlib, sys, threading, time
def held(number):
    while not pathlib.Path(sys.argv[1]).exists():
        time.sleep(0.01)
    print(json.dumps({"number": number, "result": {"code": "00"}}), flush=True)
print(json.dumps({"ready": {}}), flush=True)
for line in sys.stdin:
    job = json.loads(line)
    if job["call"] == "held":
        threading.Thread(target=held, args=(job["number"],), daemon=True).start()
    elif job["call"] == "end":
        print(json.dumps({"number": job["number"], "result": {"code": 0}}), flush=True)
"""


def test_a_call_beside_one_that_is_stuck(tmp_path: Path) -> None:
    """It is left alone; when it has returned, the process is ended, and nobody counts that as a crash."""
    crashes: list[int] = []

    async def play() -> None:
        words = [sys.executable, "-c", _PROCESS, str(tmp_path / "go")]
        worker = LibraryWorker(words, os.environ, lambda code, waiting: crashes.append(code))
        process = await worker.process()
        held = asyncio.ensure_future(worker.call(process, "held", [], 3600))
        with pytest.raises(BridgeRefusal) as late:
            await worker.call(process, "stuck", [], 0.01)
        assert late.value.row is LATE
        assert worker._process is None
        assert await worker.call(process, "end", [], 60) == {"code": 0}
        (tmp_path / "go").touch()
        assert await held == {"code": "00"}
        async with asyncio.timeout(60):
            while not process.is_over:
                await asyncio.sleep(0.01)
        with pytest.raises(BridgeRefusal) as over:
            await worker.call(process, "end", [], 60)
        assert over.value.row is ENDED
        worker.close()

    asyncio.run(play())
    assert crashes == []
