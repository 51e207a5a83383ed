"""From settings to a line: one function for each kind of line, the same for every device.

The back ends are imported when they are chosen. Used by the pick.py of the scanner, the screen and the label printer.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from shim.bilingual import Bilingual, filled
from shim.devices.base import Device, UnusableSetting

if TYPE_CHECKING:
    from shim.devices.lines.base import Line

# A name or an IPv4 address, or an IPv6 address in square brackets; then a port.
_ADDRESS = re.compile(r"(\[[^\]]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?")


def serial_line(device: Device, port: str, baud: int, bits: str) -> Line:
    """A serial port.

    Args:
        port: as the system names it, such as COM3.
        bits: data bits, parity and stop bits, such as 8n1.

    Raises:
        UnusableSetting: `port` is empty.
    """
    if not port:
        from shim.devices.lines import ports

        raise UnusableSetting(
            "type = serial 还须写 port，本机现有串口 {ports}",
            "type = serial needs a port as well; this PC has the serial ports {ports}",
            ports=ports.listing(),
        )
    from shim.devices.lines.serial import SerialLine

    return SerialLine(device, port, baud, bits.upper())


def tcp_line(device: Device, address: str, default_port: int | None = None) -> Line:
    """A TCP connection to a device that listens.

    Args:
        address: host:port; an IPv6 address stands in square brackets.
        default_port: where devices of this kind listen; None if the address must name the port.

    Raises:
        UnusableSetting: `address` is no such text.
    """
    match = _ADDRESS.fullmatch(address)
    port = int(match[2] or default_port or 0) if match else 0
    if not match or not 0 < port < 65536:
        examples = Bilingual("192.168.1.50:4001", "192.168.1.50:4001")
        if default_port is not None:
            texts = "{ip} 或 {ip}:{port}", "{ip} or {ip}:{port}"
            examples = filled(*texts, {"ip": "192.168.1.60", "port": default_port})
        raise UnusableSetting(
            "type = tcp 还须写 address，形如 {examples}", "type = tcp needs an address as well, such as {examples}",
            examples=examples,
        )  # fmt: skip
    from shim.devices.lines.tcp import TcpLine

    return TcpLine(device, match[1].strip("[]"), port)


def file_line(device: Device, file: str) -> Line:
    """A device file, or an ordinary file that collects what is written.

    Args:
        file: its path, as the settings resolve it.

    Raises:
        UnusableSetting: `file` is empty.
    """
    if not file:
        raise UnusableSetting(
            "type = file 还须写 file，例如 {example}", "type = file needs a file as well, such as {example}",
            example="\\\\.\\LPT1",
        )  # fmt: skip
    from shim.devices.lines.file import FileLine

    return FileLine(device, file)


def spied(line: Line, logger: logging.Logger, *, spy: bool, mask_sent: bool = False) -> Line:
    """`line`, or a line that logs what passes through it.

    Args:
        spy: the setting of that name in the section of the device.
        mask_sent: what is written may hold a patient's data, so only its length and kinds are logged.
    """
    if not spy:
        return line
    from shim.devices.lines.spy import SpyLine

    return SpyLine(line, logger, mask_sent=mask_sent)
