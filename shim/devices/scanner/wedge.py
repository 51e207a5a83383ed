"""The scanner as a keyboard: the fallback where a scanner cannot be set to a serial port or HID-POS. Windows only.

A helper process watches the keyboards by Raw Input while a scan waits, and hands over codes, never single keys; it
ends with the scan, or with this process. The keys cannot be swallowed: the code also arrives in the window that has the
focus. Sites are advised to switch the scanner to another mode. The helper is wedge_helper.py.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable
from shim.devices.helpers.process import end_helper, start_helper
from shim.devices.lines.base import Line
from shim.devices.lines.refusal import system_text
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.keystrokes import LONGEST_GAP
from shim.messages import scanner as rows
from shim.winapi import kernel32

READY = b"READY"
_START_SECONDS = 30.0  # a helper that cannot start ends; one that is slow is an old PC's, or a virus scanner's
_END_SECONDS = 1.0
_TICKS = 0xFFFFFFFF  # GetTickCount is a DWORD


def ticks() -> int:
    """Milliseconds of the clock that this process and its helper share."""
    if sys.platform == "win32":
        return int(kernel32.GetTickCount())
    return int(time.monotonic() * 1000) & _TICKS


class WedgeLine(Line):
    """`launcher` is the command that runs wedge_helper: vcshim.exe and its word.

    `device` restricts to keyboards whose Raw Input name contains it, such as VID_1EAB. The helper must be ready within
    `start_seconds`.
    """

    framed = True
    handover = 0.0

    def __init__(self, launcher: Sequence[str], device: str = "", start_seconds: float = _START_SECONDS) -> None:
        self._launcher = list(launcher)
        self._device = device
        self._start_seconds = start_seconds
        self._helper: subprocess.Popen[bytes] | None = None
        self._codes: queue.Queue[bytes | None] = queue.Queue()
        self._since: int | None = None  # by `ticks`: when codes began to count

    @property
    def title(self) -> Bilingual:
        return Bilingual(
            f"{SCANNER.title}（键盘模式）{self._device}", f"{SCANNER.english} (keyboard mode) {self._device}".rstrip()
        )

    def open(self, limit: float) -> None:
        try:
            helper = start_helper([*self._launcher, self._device])
        except (OSError, ValueError) as error:
            raise DeviceUnavailable(rows.KEYBOARD_NOT_STARTED, title=self.title, error=system_text(error)) from error
        self._helper = helper
        self._codes = queue.Queue()
        self._since = None
        threading.Thread(target=self._listen, args=(helper, self._codes), name="vcshim-wedge", daemon=True).start()
        end = time.monotonic() + min(limit, self._start_seconds)
        while time.monotonic() < end:
            try:
                first = self._codes.get_nowait()
            except queue.Empty:
                time.sleep(0.01)
                continue
            if first == READY:
                return
            break
        self.close()
        raise DeviceUnavailable(rows.KEYBOARD_NOT_READY, title=self.title)

    def read(self, limit: float = 0.0) -> bytes:
        data = b""
        while True:
            try:
                line = self._codes.get_nowait()
            except queue.Empty:
                return data
            if line is None:
                raise BrokenPipeError("the helper ended")
            code, _, began = line.decode("ascii").partition(" ")
            if not began or self._since is None or _is_after(int(began), self._since):
                data += bytes.fromhex(code) + b"\r"

    def write(self, data: bytes, limit: float = 1.0) -> None:
        """A keyboard takes no commands."""

    def discard(self) -> None:
        """NB: also the rest of a code that is being typed just now. As at the start of the helper, a code counts if the
        pause before it was heard."""
        self.read()
        self._since = (ticks() + round(LONGEST_GAP * 1000)) & _TICKS

    def close(self) -> None:
        helper, self._helper = self._helper, None
        if helper is None:
            return
        if helper.stdin is not None:
            helper.stdin.close()  # the helper ends when its stdin does
        end_helper(helper, _END_SECONDS)

    @staticmethod
    def _listen(helper: subprocess.Popen[bytes], codes: queue.Queue[bytes | None]) -> None:
        """Put the helper's lines into `codes`, and None at its end. Runs in a thread."""
        if helper.stdout is not None:
            with helper.stdout as lines:
                for line in lines:
                    codes.put(line.strip())
        codes.put(None)


def _is_after(tick: int, other: int) -> bool:
    """Whether `tick` is later than `other`, also where the clock began anew between them."""
    return 0 < (tick - other) & _TICKS < 1 << 31
