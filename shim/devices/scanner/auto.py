"""Finds the scanner by trying: HID-POS scanners identify themselves; serial ports do not, so all of them are tried.

The start command goes to every free serial port of the PC (or to those that [scanner] port lists), and the port that a
code comes from is the scanner's; from then on only that one is used, as long as it is there. That is why `auto` must be
chosen: another device on a serial port receives bytes that were not meant for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.endpoints import Endpoint, EndpointSource
from shim.devices.scanner.hid_pos import HidPosLine
from shim.messages import scanner as rows


class DiscoveredEndpoints(EndpointSource):
    """A HID-POS scanner if there is one, else every serial port until one has given a code.

    Args:
        ports: names the serial ports that are there now.
        serial: makes a line to one of them.
        endpoint: adds the commands to a line.
    """

    def __init__(
        self,
        hid: HidPosLine,
        ports: Callable[[], Sequence[str]],
        serial: Callable[[str], Line],
        endpoint: Callable[[Line], Endpoint],
    ) -> None:
        self._hid = hid
        self._ports = ports
        self._serial = serial
        self._endpoint = endpoint
        self._answered = ""

    @property
    def title(self) -> Bilingual:
        return SCANNER.told

    def candidates(self) -> Sequence[Endpoint]:
        if self._hid.present():
            return (self._endpoint(self._hid),)
        endpoints = [self._endpoint(self._serial(port)) for port in self._ports()]
        if not endpoints:
            raise DeviceUnavailable(rows.NOTHING_TO_TRY)
        return [each for each in endpoints if each.line.title == self._answered] or endpoints

    def answered(self, endpoint: Endpoint) -> None:
        self._answered = endpoint.line.title
