"""A TCP line on real sockets of the loopback interface."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from shim import forks
from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines.tcp import TcpLine
from shim.errors import Unavailable
from tests.support.forked import in_child
from tests.support.scanners import Background

DEVICE = Device("标签打印机", "label")


@contextmanager
def connected() -> Iterator[tuple[TcpLine, socket.socket]]:
    """An open line, and the device's end of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = TcpLine(DEVICE, "127.0.0.1", server.getsockname()[1])
        line.open(5)
        device, _ = server.accept()
        with device:
            yield line, device
        line.close()


def refused(host: str, port: int, limit: float = 5) -> DeviceUnavailable:
    with pytest.raises(DeviceUnavailable) as caught:
        TcpLine(DEVICE, host, port).open(limit)
    return caught.value


def test_read_and_write() -> None:
    with connected() as (line, device):
        assert line.read() == b""
        device.sendall(b"abc")
        assert line.read(5) == b"abc"
        line.write(b"label")
        assert device.recv(100) == b"label"


def test_a_device_that_never_stops_sending() -> None:
    """What came before a scan is discarded, and not for ever."""
    done = threading.Event()
    with connected() as (line, device):

        def send() -> None:
            with suppress(OSError):
                while not done.is_set():
                    device.sendall(bytes(65536))

        threading.Thread(target=send, daemon=True).start()
        Background(line.discard).result()
        assert line.read(5) != b""
        done.set()


def test_a_device_that_hangs_up() -> None:
    with connected() as (line, device):
        device.close()
        with pytest.raises(ConnectionResetError):
            line.read(5)


def test_a_device_that_takes_nothing() -> None:
    with connected() as (line, _), pytest.raises(TimeoutError):
        line.write(bytes(64 << 20), 0.2)


def test_everything_has_left_when_the_device_hangs_up() -> None:
    with connected() as (line, device):
        line.write(b"label")
        device.sendall(b"ok")
        device.shutdown(socket.SHUT_WR)
        line.drain(30)
        assert device.recv(100) == b"label"
        assert device.recv(100) == b""  # the line has said that nothing follows


def test_a_device_that_never_hangs_up() -> None:
    with connected() as (line, _):
        line.drain(0.1)


def test_a_line_that_is_closed() -> None:
    with connected() as (line, _):
        line.close()
        for use in (line.read, lambda: line.write(b"x"), lambda: line.drain(1)):
            with pytest.raises(OSError):
                use()
        line.close()


def test_a_port_that_nobody_listens_on() -> None:
    """ "Refused", not "busy": the port may be wrong, or the device serve another PC."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = refused("127.0.0.1", port)
    assert error.why is Unavailable.REFUSED
    assert error.message == (
        f"标签打印机 127.0.0.1:{port}：该地址的设备拒绝连接（系统错误 111：Connection refused）；"
        "请核对 [label] address 的端口，并检查设备是否开机；只接受一个连接的设备被别的程序或电脑连着时也会这样"
    )
    assert error.row is not None and error.row.clerk == "标签打印机拒绝连接"


def test_a_device_that_does_not_answer() -> None:
    """A full backlog: Linux drops what more comes, as a switched-off device does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        error = refused(address[0], address[1], limit=0.2)
        for each in waiting:
            each.close()
    assert error.why is Unavailable.TIMED_OUT and "0.2 秒没有应答" in error.message


def test_a_firewall_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(address: object, timeout: float) -> None:
        raise PermissionError(13, "blocked")

    monkeypatch.setattr(socket, "create_connection", connect)
    error = refused("10.1.1.1", 9100)
    assert error.why is Unavailable.BLOCKED
    assert error.message == (
        "标签打印机 10.1.1.1:9100：本机的防火墙或安全软件不允许连接（系统错误 13：blocked）；请放行医院程序"
    )


@pytest.mark.parametrize(("limit", "seconds"), [(0.2, 0.2), (60, 3.0)])
def test_a_connection_takes_no_longer_than_it_may(
    monkeypatch: pytest.MonkeyPatch, limit: float, seconds: float
) -> None:
    limits = []

    def connect(address: object, timeout: float) -> None:
        limits.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    refused("10.1.1.1", 9100, limit)
    assert limits == [seconds]


@pytest.mark.parametrize("host", ["no.such.host.invalid", "x" * 70])
def test_a_host_that_is_not_known(host: str) -> None:
    error = refused(host, 9100)
    assert error.why is Unavailable.NOT_FOUND and "找不到这个主机名" in error.message


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_a_network_without_a_way(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def connect(address: object, timeout: float) -> None:
        raise OSError(number, "no way")

    monkeypatch.setattr(socket, "create_connection", connect)
    error = refused("10.1.1.1", 9100)
    assert error.why is Unavailable.UNREACHABLE and "网络不通" in error.message


# ---- forks -----------------------------------------------------------------------------------------------------------


def test_the_device_learns_of_the_end_although_a_child_has_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer serves one connection at a time."""
    monkeypatch.setattr(forks, "happened", True)
    with connected() as (line, device):
        assert line._socket is not None
        copy = os.dup(line._socket.fileno())
        line.close()
        device.settimeout(60)
        assert device.recv(1) == b""
        os.close(copy)


def test_a_forked_child_lets_the_connection_alone() -> None:
    with connected() as (line, device):
        in_child(line.close)
        line.write(b"still here")
        assert device.recv(100) == b"still here"
