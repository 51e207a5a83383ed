"""What the service is built of: its settings, the way to the platforms, and the devices of this PC.

What it is not: which parts the settings choose (shim/wiring.py, which fills these in) and what a call does with them
(shim/service.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from shim.devices.autofill.base import AutoFill
from shim.devices.autofill.last_code import LastCode
from shim.devices.label.base import LabelPrinter
from shim.devices.scanner.base import Scanner
from shim.devices.screen.base import Screen
from shim.dialects.made import Maker
from shim.dialects.nation import DEFAULT_EC_WIRE, EcWire
from shim.dialects.table import Dialect
from shim.errors import HostError
from shim.settings.terminal import TerminalSettings
from shim.settings.validate import ValidateSettings
from shim.settings.wire import WireSettings
from shim.terminal import TerminalIdentifier
from shim.transport.base import Transport


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What a call depends on.

    Attributes:
        keep_code_seconds: how long an insurance code waits for SetEcQrcode.
        total_seconds: the longest time for a call, without that of a scan.
        audience: that of [messages].
        refusal: what to raise because no call may be made with these settings; None if calls may be made.
    """

    wire: WireSettings
    validate: ValidateSettings
    terminal: TerminalSettings
    keep_code_seconds: int
    total_seconds: float
    audience: str = "clerk"
    refusal: HostError | None = None


@dataclass(frozen=True, slots=True)
class PlatformAccess:
    """How the platforms are reached: the dialect of VirtualCardTrans, the transport, and what identifies this PC.

    `dialect` and `ec_wire` are errors where the settings have none that can be used: the other DLL works without it.
    `maker` makes what a DLL fills in itself; None makes it of the clock, at random and of this PC's addresses.
    """

    dialect: Dialect | HostError
    transport: Transport
    terminal: TerminalIdentifier
    ec_wire: EcWire | HostError = DEFAULT_EC_WIRE
    maker: Maker | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """What is connected to this PC, and the insurance code that SetEcQrcode fills in."""

    scanner: Scanner
    screen: Screen
    printer: LabelPrinter
    autofill: AutoFill
    last_code: LastCode
