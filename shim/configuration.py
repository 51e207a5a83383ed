"""The settings as a whole: every section, in the order of the file, read once and handed down room by room.

What it is: the list of sections, the files that they are read from (`layers`), and `read`. What it is not: the reader
(settings/ini.py), or the meaning of a key, which is known where the section is used. Built by wiring and by commands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shim.devices.autofill.settings import AutoFillSettings
from shim.devices.label.settings import LabelSettings
from shim.devices.scanner.settings import ScannerSettings
from shim.devices.screen.settings import ScreenSettings
from shim.errors import HostError
from shim.folders import local_data, machine_data
from shim.settings import ini
from shim.settings.abi import AbiSettings
from shim.settings.capture import CaptureSettings
from shim.settings.file import UnreadableFile, decode_lines, read_file
from shim.settings.fleet import FleetSettings
from shim.settings.ini import FILE_NAME, Overrides, Parsed, PcName
from shim.settings.journal import JournalSettings
from shim.settings.layers import Layer, Source
from shim.settings.log import LogSettings, TelemetrySettings
from shim.settings.messages import MessageSettings
from shim.settings.mode import ModeSettings, VendorSettings
from shim.settings.option import Option, Section
from shim.settings.simulator import SimulatorSettings
from shim.settings.start import StartSettings
from shim.settings.terminal import TerminalSettings
from shim.settings.tools import BridgeSettings, ToolSettings
from shim.settings.transport import TransportSettings
from shim.settings.validate import ValidateSettings
from shim.settings.wire import WireSettings
from shim.workstation import workstation_name

__all__ = ["FILE_NAME", "SECTIONS", "Configuration", "check", "layers", "options", "parse", "read", "template"]

FLEET_FILE = ("settings", "fleet.ini")
"""Below the local data of the user: the last good copy of the hospital's settings (shim/fleet)."""
_FLEET = "fleet"  # the name of its layer


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force, one section for each room.

    Attributes:
        problems: all that is wrong with the file, as sentences in Chinese for the log and the command line.
        refusals: those of them that refuse every call.
        refusal: what to raise for them, see `check`; None if calls may be made.
        unreadable: a file itself could not be read, which may be over at the next call.
        dialects: the sections ``[dialect NAME]`` as they stand, for shim/dialects.
        dialect_problems: for sections with a line that cannot be read, what to raise for the first of them.
        sources: where each value that is not a default was read, by section and key.
        dialect_sources: the same of the lines of dialects, by name and key; the heading has the key "".
    """

    mode: ModeSettings = field(default_factory=ModeSettings)
    vendor: VendorSettings = field(default_factory=VendorSettings)
    start: StartSettings = field(default_factory=StartSettings)
    abi: AbiSettings = field(default_factory=AbiSettings)
    wire: WireSettings = field(default_factory=WireSettings)
    transport: TransportSettings = field(default_factory=TransportSettings)
    validate: ValidateSettings = field(default_factory=ValidateSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    autofill: AutoFillSettings = field(default_factory=AutoFillSettings)
    label: LabelSettings = field(default_factory=LabelSettings)
    terminal: TerminalSettings = field(default_factory=TerminalSettings)
    simulator: SimulatorSettings = field(default_factory=SimulatorSettings)
    tools: ToolSettings = field(default_factory=ToolSettings)
    bridge: BridgeSettings = field(default_factory=BridgeSettings)
    messages: MessageSettings = field(default_factory=MessageSettings)
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    log: LogSettings = field(default_factory=LogSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    fleet: FleetSettings = field(default_factory=FleetSettings)
    problems: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    refusal: HostError | None = None
    unreadable: bool = False
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dialect_problems: Mapping[str, HostError] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], Source] = field(default_factory=dict, compare=False)
    dialect_sources: Mapping[tuple[str, str], Source] = field(default_factory=dict, compare=False)

    def check(self) -> None:
        """Raise HostError SETTINGS if no call may be made with these settings."""
        if self.refusal is not None:
            raise HostError(self.refusal.row, **self.refusal.facts)


SECTIONS: tuple[type[Section], ...] = (
    WireSettings, TransportSettings, ValidateSettings, TerminalSettings, ScannerSettings, ScreenSettings, LabelSettings,
    AutoFillSettings, AbiSettings, StartSettings, MessageSettings, ModeSettings, VendorSettings, CaptureSettings,
    JournalSettings, LogSettings, TelemetrySettings, FleetSettings, BridgeSettings, SimulatorSettings, ToolSettings,
)  # fmt: skip
"""In the order of the topics of settings/guide.py."""


def layers(folder: Path) -> tuple[Layer, ...]:
    """The files of settings for the DLLs in `folder`, the weakest first (settings/layers.py); also in configuration.c.

    The hospital's copy counts only where the other files have a [fleet] source. It is no file that somebody here could
    correct, so one that cannot be read refuses nothing.
    """
    machine = machine_data() / FILE_NAME
    return (
        Layer(_FLEET, local_data().joinpath(*FLEET_FILE), FLEET_FILE[-1], required=False),
        Layer("machine", machine, str(machine)),
        ini.folder_layer(folder),
    )


def read(
    folder: Path,
    overrides: Overrides | None = None,
    *,
    files: Sequence[Layer] | None = None,
    pc_name: PcName = workstation_name,
) -> Configuration:
    """Read the settings for the DLLs in `folder`; all defaults if there are none. Never raises for what a file holds.

    Args:
        overrides: values that take the place of those in the files, by section and key, such as ("scanner", "port").
        files: in the place of `layers`.
        pc_name: which PC this is, for sections such as ``[scanner@PC-017]``.
    """
    chosen = layers(folder) if files is None else files
    parsed = ini.read_ini(chosen, SECTIONS, folder, overrides, pc_name)
    if not _names_fleet(parsed) and any(layer.name == _FLEET and os.path.exists(layer.path) for layer in chosen):
        others = [layer for layer in chosen if layer.name != _FLEET]
        parsed = ini.read_ini(others, SECTIONS, folder, overrides, pc_name)
    return _configuration(parsed)


def _names_fleet(parsed: Parsed) -> bool:
    """Whether this PC says where the hospital's settings come from: without that, a copy of them counts for nothing."""
    key = FleetSettings.NAME, "source"
    source = parsed.sources.get(key)
    named = parsed.values.get(FleetSettings.NAME, {}).get("source")
    return bool(named) and (source is None or source.layer.name != _FLEET)


def is_unreadable(folder: Path) -> bool:
    """Whether a file of settings is there, cannot be read at all, and refuses every call for that."""
    for layer in layers(folder):
        try:
            if layer.required:
                read_file(layer.path, layer.shown)
        except UnreadableFile:
            return True
    return False


def check(layer: Layer, folder: Path, data: bytes | None = None) -> Configuration:
    """What one file of settings says, with all that is wrong with it: on every PC, in lines that others overrule too.

    Args:
        folder: that of the DLLs.
        data: the content of the file, if it has not been written yet.
    """
    try:
        lines = read_file(layer.path, layer.shown) if data is None else decode_lines(data, layer.shown)
    except UnreadableFile as error:
        return Configuration(problems=(error.message,), refusals=(error.message,), refusal=error, unreadable=True)
    return _configuration(ini.check_ini(layer, lines, SECTIONS, folder))


def parse(text: str, folder: Path = Path(), *, pc_name: PcName = workstation_name) -> Configuration:
    """The settings that an ini text gives; relative paths in it are beside `folder`."""
    return _configuration(ini.parse_ini(text.split("\n"), SECTIONS, folder, pc_name=pc_name))


def options() -> tuple[Option, ...]:
    """Every key of every section, in the order of the file."""
    return tuple(option for section in SECTIONS for option in section.options())


def template() -> str:
    """vcshim.ini as it ships: every key commented out with its default."""
    from shim.settings import guide

    return guide.ini_template(SECTIONS)


def _configuration(parsed: Parsed) -> Configuration:
    sections: dict[str, Any] = {row.NAME: row(**parsed.values.get(row.NAME, {})) for row in SECTIONS}
    return Configuration(
        **sections, problems=parsed.problems, refusals=parsed.refusals, refusal=parsed.refusal,
        unreadable=parsed.unreadable, dialects=parsed.dialects, dialect_problems=parsed.dialect_problems,
        sources=parsed.sources, dialect_sources=parsed.dialect_sources,
    )  # fmt: skip
