"""Everything that is wrong with the settings of a folder, file by file and together: for people, before they are used.

Each file is read by itself, with the sections of every PC and the lines that others overrule. What only several lines
together can lack is looked for in the settings that are in force on this PC: message formats, devices, files that are
named and not there. Opens no device and changes nothing. Used by `vcshim ini --check`, by the doctor, whose devices are
asked themselves, and by whatever else examines an installation.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shim import configuration
from shim.bilingual import Bilingual, filled
from shim.configuration import Configuration
from shim.devices.autofill.absent import AbsentAutoFill
from shim.devices.autofill.pick import pick_autofill
from shim.devices.base import DeviceUnavailable
from shim.devices.label.pick import label_problem
from shim.devices.scanner.pick import scanner_problem
from shim.devices.screen.pick import screen_problem
from shim.dialects.nation import ec_wire
from shim.dialects.table import DIALECTS, SITE_KEYS, site_dialect
from shim.errors import HostError
from shim.messages import autofill
from shim.messages import settings as rows
from shim.settings.ini import nearest_name
from shim.settings.layers import Layer, Source
from shim.wiring import pick_dialect

_SILENT = logging.Logger("unused", logging.CRITICAL + 1)
# Keys whose files must be there; those of the others are made, or are devices.
_NEEDED: tuple[tuple[str, str], ...] = (
    ("transport", "ca_file"),
    ("screen", "logo"),
    ("screen", "fonts"),
    ("label", "fonts"),
    ("vendor", "virtualcardchk"),
    ("vendor", "nationeccode"),
)
_Placed = tuple[str, int, Bilingual]
"""The layer, the line and the sentence of a problem."""
_NOWHERE = ""
_FACE = re.compile(r"#[0-9]+$")  # of a collection of fonts


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What is wrong with one file.

    Attributes:
        layer: the file.
        exists: whether it is there.
        problems: in the order of the lines.
        refuses: one of them refuses every call.
    """

    layer: Layer
    exists: bool
    problems: tuple[Bilingual, ...]
    refuses: bool


@dataclass(frozen=True, slots=True)
class SettingsFindings:
    """What is wrong with the settings of a folder: with each file, and with all of them together on this PC."""

    files: tuple[FileFindings, ...]
    together: tuple[Bilingual, ...]

    @property
    def count(self) -> int:
        """How many problems there are."""
        return sum(len(each.problems) for each in self.files) + len(self.together)


def check_folder(folder: Path) -> SettingsFindings:
    """Check every file that the DLLs in `folder` read on this PC."""
    layers = configuration.layers(folder)
    return _findings(layers, configuration.read(folder, files=layers), folder)


def check_file(path: Path, folder: Path) -> SettingsFindings:
    """Check one file, as if it were the only one of the DLLs in `folder`, on this PC."""
    layers = [Layer("file", path, path.name)]
    return _findings(layers, configuration.read(folder, files=layers), folder)


def refusing_wire(settings: Configuration) -> tuple[Bilingual, ...]:
    """What is wrong with the message formats, if calls are refused for it (8006): those in force cannot be used."""
    try:
        pick_dialect(settings)
        ec_wire(settings.wire)
    except HostError:
        return tuple(sentence for *_, sentence in (*_dialects(settings), *_ec_wire(settings)))
    return ()


def _findings(layers: Sequence[Layer], settings: Configuration, folder: Path) -> SettingsFindings:
    order = {layer.name: number for number, layer in enumerate(layers)}
    together = sorted(_together(settings, folder), key=lambda row: (order.get(row[0], -1), row[1]))
    files = tuple(_file_findings(layer, folder) for layer in layers)
    return SettingsFindings(files, tuple(sentence for *_, sentence in together))


def _file_findings(layer: Layer, folder: Path) -> FileFindings:
    found = configuration.check(layer, folder)
    return FileFindings(layer, os.path.lexists(layer.path), found.problems, bool(found.refusals))


def _together(settings: Configuration, folder: Path) -> Iterator[_Placed]:
    """What the lines lack that are in force."""
    yield from _dialects(settings)
    yield from _ec_wire(settings)
    yield from _devices(settings, folder)
    yield from _files(settings)


def _dialects(settings: Configuration) -> Iterator[_Placed]:
    for name, lines in settings.dialects.items():
        if name not in settings.dialect_problems:
            yield from _dialect(settings, name, dict(lines))
    try:
        pick_dialect(settings)
    except HostError as error:
        if error.row is rows.NO_DIALECT:
            near = nearest_name(settings.wire.dialect, (*DIALECTS, *settings.dialects))
            told = _with_nearest(error.told, near) if near else error.told
            yield _placed(settings.sources.get(("wire", "dialect")), told)


def _dialect(settings: Configuration, name: str, lines: dict[str, str]) -> Iterator[_Placed]:
    """Every problem of a section: what is found first is taken away, to find the next."""
    while True:
        try:
            site_dialect(name, lines)
        except HostError as error:
            key, told, sources = str(error.facts.get("key", "")), error.told, settings.dialect_sources
            near = nearest_name(key, [row.key for row in SITE_KEYS]) if error.row is rows.DIALECT_KEY else ""
            if near:
                told = rows.DIALECT_KEY.told(**{**error.facts, "known": near})  # instead of eighty
            yield _placed(sources.get((name, key)) or sources.get((name, "")), told)
            if lines.pop(key, None) is None:
                return
        else:
            return


def _ec_wire(settings: Configuration) -> Iterator[_Placed]:
    try:
        ec_wire(settings.wire)
    except HostError as error:
        yield _placed(settings.sources.get(("wire", str(error.facts.get("key")))), error.told)


def _devices(settings: Configuration, folder: Path) -> Iterator[_Placed]:
    yield from _device(settings, "scanner", scanner_problem(settings.scanner, _SILENT, folder))
    yield from _device(settings, "screen", screen_problem(settings.screen, _SILENT, folder))
    yield from _device(settings, "label", label_problem(settings.label, _SILENT))
    picked = pick_autofill(settings.autofill)
    if isinstance(picked, AbsentAutoFill):
        try:
            picked.check()
        except DeviceUnavailable as error:
            if error.row is not autofill.SWITCHED_OFF:
                yield _placed(None, error.told)


def _device(settings: Configuration, section: str, problem: str) -> Iterator[_Placed]:
    if problem:
        source = settings.sources.get((section, problem.split(" ")[0])) or settings.sources.get((section, "type"))
        yield _placed(source, rows.DEVICE.told(section=section, problem=problem))


def _files(settings: Configuration) -> Iterator[_Placed]:
    for section, key in _NEEDED:
        value = getattr(getattr(settings, section), key)
        for path in value if isinstance(value, tuple) else (value,):
            if path and not os.path.isfile(path) and not os.path.isfile(_FACE.sub("", path)):
                told = rows.NO_FILE.told(section=section, key=key, path=path)
                yield _placed(settings.sources.get((section, key)), told)


def _with_nearest(problem: Bilingual, near: str) -> Bilingual:
    chinese, english = rows.NEAREST
    return filled("{problem}" + chinese, "{problem}" + english, {"problem": problem, "near": near})


def _placed(source: Source | None, problem: Bilingual) -> _Placed:
    """A problem with the line that it is about."""
    if source is None:  # a default
        return _NOWHERE, 0, problem
    told = problem.without(rows.IN_FILE, rows.IN_FILE.english)
    return source.layer.name, source.line, rows.AT.told(file=source.layer.shown, line=source.line, problem=told)
