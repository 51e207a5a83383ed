"""What becomes of a process with a DLL that is stuck: on a made-up one, so that the test says when a call returns."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from shim.bridge.refusals import LATE, BridgeRefusal
from shim.bridge.worker import LibraryWorker

# Answers a call named "held" when the file of that name is there, and one named "stuck" never.
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
"""


def test_a_call_beside_one_that_is_stuck(tmp_path: Path) -> None:
    """It is left alone; when it has returned, the process is ended, and nobody counts that as a crash."""
    crashes: list[int] = []

    async def play() -> None:
        words = [sys.executable, "-c", _PROCESS, str(tmp_path / "go")]
        worker = LibraryWorker(words, os.environ, lambda code, waiting: crashes.append(code))
        held = asyncio.ensure_future(worker.call("held", [], 3600))
        while worker._process is None or not worker._process._calls:
            await asyncio.sleep(0.01)
        process = worker._process
        with pytest.raises(BridgeRefusal) as late:
            await worker.call("stuck", [], 0.01)
        assert late.value.row is LATE
        assert worker._process is None
        (tmp_path / "go").touch()
        assert await held == {"code": "00"}
        async with asyncio.timeout(60):
            while not process.is_over:
                await asyncio.sleep(0.01)
        worker.close()

    asyncio.run(play())
    assert crashes == []
