"""The scanner as a keyboard: the fallback where a scanner cannot be set to a serial port or HID-POS. Windows only.

A helper process watches the keyboards by Raw Input while a scan waits, and hands over codes, never single keys; it
ends with the scan, or with this process. The keys cannot be swallowed: the code also arrives in the window that has the
focus. Sites are advised to switch the scanner to another mode. The helper is wedge_helper.py.
"""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from collections.abc import Sequence

from shim.devices.base import DeviceUnavailable
from shim.devices.helpers.process import end_helper, start_helper
from shim.devices.lines.base import Line
from shim.errors import Unavailable

READY = b"READY"
_START_SECONDS = 30.0  # a helper that cannot start ends; one that is slow is an old PC's, or a virus scanner's
_END_SECONDS = 1.0


class WedgeLine(Line):
    """`launcher` is the command that runs wedge_helper: vcshim.exe and its word.

    `device` restricts to keyboards whose Raw Input name contains it, such as VID_1EAB. The helper must be ready within
    `start_seconds`.
    """

    def __init__(self, launcher: Sequence[str], device: str = "", start_seconds: float = _START_SECONDS) -> None:
        self._launcher = list(launcher)
        self._device = device
        self._start_seconds = start_seconds
        self._helper: subprocess.Popen[bytes] | None = None
        self._codes: queue.Queue[bytes | None] = queue.Queue()

    @property
    def title(self) -> str:
        return f"扫码枪（键盘模式）{self._device}"

    def open(self, limit: float) -> None:
        try:
            helper = start_helper([*self._launcher, self._device])
        except (OSError, ValueError) as error:
            raise self._refusal("辅助程序无法启动") from error
        self._helper = helper
        self._codes = queue.Queue()
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
        raise self._refusal("辅助程序没有就绪")

    def read(self, limit: float = 0.0) -> bytes:
        data = b""
        while True:
            try:
                line = self._codes.get_nowait()
            except queue.Empty:
                return data
            if line is None:
                raise BrokenPipeError("the helper ended")
            data += bytes.fromhex(line.decode("ascii")) + b"\r"

    def write(self, data: bytes, limit: float = 1.0) -> None:
        """A keyboard takes no commands."""

    def discard(self) -> None:
        self.read()

    def close(self) -> None:
        helper, self._helper = self._helper, None
        if helper is None:
            return
        if helper.stdin is not None:
            helper.stdin.close()  # the helper ends when its stdin does
        end_helper(helper, _END_SECONDS)

    def _refusal(self, what: str) -> DeviceUnavailable:
        advice = f"{what}，请检查安装是否完整、安全软件是否拦截；建议把扫码枪切换到 USB 虚拟串口或 HID-POS 模式"
        return DeviceUnavailable(self.title, Unavailable.NOT_FOUND, advice)

    @staticmethod
    def _listen(helper: subprocess.Popen[bytes], codes: queue.Queue[bytes | None]) -> None:
        """Put the helper's lines into `codes`, and None at its end. Runs in a thread."""
        if helper.stdout is not None:
            with helper.stdout as lines:
                for line in lines:
                    codes.put(line.strip())
        codes.put(None)
