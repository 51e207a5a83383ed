"""Why a line could not be opened: the cause of each error, and the sentence of each cause."""

from __future__ import annotations

import errno
import socket
import sys

import pytest

from shim.devices.base import Device
from shim.devices.lines.refusal import FILE, SERIAL, TCP, Cause, Sentences, cause, refusal
from shim.errors import Unavailable

DEVICE = Device("扫码枪", "scanner")
FACTS = {"ports": "COM1、COM3", "baud": 9600, "bits": "8N1"}

# As pyserial 3.5 words them: on Windows the system's error stands in the text only.
WINDOWS_IN_USE = OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)")
WINDOWS_MISSING = OSError("could not open port 'COM9': FileNotFoundError(2, 'File not found.', None, 2)")


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (OSError(errno.ENOENT, "no such file"), Cause.MISSING),
        (OSError(errno.ENOTTY, "not a terminal"), Cause.MISSING),
        (OSError(errno.EBUSY, "busy"), Cause.IN_USE),
        (OSError(errno.EAGAIN, "locked"), Cause.IN_USE),
        (PermissionError(errno.EACCES, "denied"), Cause.ACCESS_DENIED),
        (OSError(errno.EPERM, "denied"), Cause.ACCESS_DENIED),
        (ValueError("Invalid baud rate: 7"), Cause.UNSUPPORTED),
        (OSError(errno.ENETUNREACH, "no network"), Cause.UNREACHABLE),
        (OSError(errno.EHOSTUNREACH, "no route"), Cause.UNREACHABLE),
        (TimeoutError("timed out"), Cause.NO_ANSWER),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), Cause.REFUSED),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Cause.UNKNOWN_HOST),
        (UnicodeError("label too long"), Cause.UNKNOWN_HOST),
    ],
)
def test_causes(error: Exception, wanted: Cause) -> None:
    assert cause(error) is wanted


def test_windows_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert cause(WINDOWS_IN_USE) is Cause.IN_USE
    assert cause(WINDOWS_MISSING) is Cause.MISSING


def test_every_cause_has_a_sentence() -> None:
    assert {*SERIAL, *TCP, *FILE} == set(Cause)


@pytest.mark.parametrize("sentences", [SERIAL, TCP, FILE], ids=["serial", "tcp", "file"])
def test_every_sentence_can_be_written(sentences: Sentences) -> None:
    errors: dict[Cause, Exception] = {
        Cause.MISSING: OSError(errno.ENOENT, ""),
        Cause.IN_USE: OSError(errno.EBUSY, ""),
        Cause.ACCESS_DENIED: OSError(errno.EACCES, ""),
        Cause.UNSUPPORTED: ValueError(),
        Cause.UNREACHABLE: OSError(errno.ENETUNREACH, ""),
        Cause.NO_ANSWER: TimeoutError(),
        Cause.REFUSED: ConnectionRefusedError(),
        Cause.UNKNOWN_HOST: UnicodeError(),
    }
    messages = {refusal(sentences, DEVICE, "扫码枪 X", errors[each], **FACTS).message for each in sentences}
    assert len(messages) == len(sentences)
    assert not [message for message in messages if "{" in message]


def test_a_cause_without_a_sentence_gets_the_first() -> None:
    error = refusal(FILE, DEVICE, "扫码枪 X", ConnectionRefusedError())
    assert error.why is Unavailable.NOT_FOUND
    assert error.message == "扫码枪 X 未找到，请核对 [scanner] file 所写的设备或文件"


def test_a_port_without_rights() -> None:
    error = refusal(SERIAL, DEVICE, "扫码枪 /dev/ttyUSB0", PermissionError(errno.EACCES, "denied"), **FACTS)
    assert error.why is Unavailable.ACCESS_DENIED and "dialout" in error.message
