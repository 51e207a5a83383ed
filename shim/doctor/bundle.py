"""The zip for support: what the doctor found and what it looked at, without a patient's data and without a key.

Three things keep those out: what goes in is chosen (no kept answer, no capture, no serial number), it was masked where
it was written (the log), and everything but lists of files goes through `Scrubber` on top. What is in the zip is
listed in its first file, in both languages, and on the terminal.
"""

from __future__ import annotations

import json
import platform
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shim import __version__, configuration, wall_clock
from shim.commands.catalogue import doctor_bundle as phrases
from shim.commands.language import CommandLanguage, Phrase
from shim.doctor.finding import Place
from shim.doctor.masked_ini import masked_ini
from shim.doctor.page import DoctorReport
from shim.doctor.scrub import Scrubber
from shim.journal.calls import CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase, JournalUnusable
from shim.journal.places import is_on_network, journal_file
from shim.journal.schema import STEPS
from shim.manifest import FILE as MANIFEST
from shim.manifest import DamagedManifest, read_manifest
from shim.messages.start import FILE_NAME as START_FILE
from shim.settings.file import UnreadableFile, read_file
from shim.wiring import journal_folder, log_folders

README = "README.txt"
_MOST_LOGS, _MOST_LINES, _MOST_BYTES = 4, 2000, 1 << 20
_MOST_CALLS = 200
_MOST_NOTES = 20
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the zip; README.txt has the time


@dataclass(frozen=True)
class BundleFile:
    """One file of the zip, and what is said of it."""

    name: str
    data: bytes
    what: Phrase
    facts: dict[str, Any] = field(default_factory=dict)

    def row(self, language: CommandLanguage) -> str:
        """Its line of the list."""
        what = self.what.within(language, **self.facts)
        return phrases.ROW.within(language, name=self.name, size=len(self.data), what=what)


@dataclass
class Bundle:
    """What is gathered.

    Attributes:
        files: in the order of the zip.
        left_out: what was not taken, and how many of it.
    """

    files: list[BundleFile] = field(default_factory=list)
    left_out: list[tuple[Phrase, int]] = field(default_factory=list)

    def write(self, path: Path, time: str) -> None:
        """Write the zip. OSError if that fails."""
        self.files.insert(0, BundleFile(README, self._list(time).encode("utf-8-sig"), phrases.README))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in self.files:
                packed.writestr(zipfile.ZipInfo(file.name, _FIXED_TIME), file.data, zipfile.ZIP_DEFLATED)

    def rows(self, language: CommandLanguage) -> list[str]:
        """The list of the files, and what was left out."""
        left = [phrase.within(language, count=count) for phrase, count in self.left_out if count]
        left.append(phrases.LEFT_ALWAYS.within(language))
        items = [phrases.ITEM.within(language, text=text) for text in left]
        return [*(file.row(language) for file in self.files), phrases.LEFT_OUT.within(language), *items]

    def _list(self, time: str) -> str:
        parts = []
        for language in CommandLanguage:
            title = phrases.TITLE.within(language, version=__version__, time=time)
            parts.append("\r\n".join([title, "", phrases.INTRODUCTION.within(language), "", *self.rows(language)]))
        return "\r\n\r\n\r\n".join(parts) + "\r\n"


def gather(report: DoctorReport) -> Bundle:
    """All that goes in."""
    place = report.place
    bundle = Bundle()
    settings, secrets = _settings(place, bundle)
    scrubber = Scrubber(secrets | ({place.account.key} if place.account is not None else set()))
    bundle.files += [
        BundleFile("doctor.txt", scrubber.text(report.text).encode("utf-8-sig"), phrases.REPORT),
        BundleFile("doctor.html", scrubber.page(report.page()).encode(), phrases.PAGE),
        _json("doctor.json", scrubber.value(dict(report.values)), phrases.JSON),
        _json("versions.json", _versions(place), phrases.VERSIONS),
        *_lists(place),
        *settings,
        *_notes(place, scrubber),
        *_logs(place, scrubber, bundle),
        *_journal(place, scrubber),
    ]
    return bundle


def _json(name: str, value: Any, what: Phrase, **facts: Any) -> BundleFile:
    return BundleFile(name, json.dumps(value, ensure_ascii=False, indent=1).encode(), what, facts)


def _versions(place: Place) -> dict[str, Any]:
    try:
        set_id = read_manifest(place.runtime).set_id
    except (OSError, DamagedManifest):
        set_id = ""
    return {
        "vcshim": __version__,
        "set": place.runtime.name,
        "set_id": set_id,
        "python": platform.python_version(),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "system": platform.system(),
        "release": platform.release(),
        "version": platform.version(),
        "machine": platform.machine(),
    }


def _lists(place: Place) -> Iterator[BundleFile]:
    """The set's own list, which is the same on every PC that has the set."""
    try:
        yield BundleFile(f"set/{MANIFEST}", (place.runtime / MANIFEST).read_bytes()[:_MOST_BYTES], phrases.MANIFEST)
    except OSError:
        return


def _settings(place: Place, bundle: Bundle) -> tuple[list[BundleFile], frozenset[str]]:
    """Every layer of the settings, masked, and the values that were."""
    files: list[BundleFile] = []
    secrets: frozenset[str] = frozenset()
    comments = 0
    for layer in configuration.layers(place.folder):
        try:
            lines = read_file(layer.path, layer.shown)
        except UnreadableFile:
            continue
        if not lines:
            continue
        masked = masked_ini(lines)
        secrets |= masked.secrets
        comments += masked.comments
        files.append(BundleFile(f"settings/{layer.name}.ini", masked.text.encode("utf-8-sig"), phrases.SETTINGS))
    bundle.left_out += [(phrases.LEFT_COMMENTS, comments), (phrases.LEFT_VALUES, len(secrets))]
    return files, secrets


def _notes(place: Place, scrubber: Scrubber) -> Iterator[BundleFile]:
    for number, path in enumerate(sorted(place.folder.glob("*".join(START_FILE)))[:_MOST_NOTES], 1):
        try:
            text = path.read_text("utf-8-sig", "replace")[:_MOST_BYTES]
        except OSError:
            continue
        yield BundleFile(f"start/note-{number}.txt", scrubber.text(text).encode("utf-8-sig"), phrases.NOTE)


def _logs(place: Place, scrubber: Scrubber, bundle: Bundle) -> Iterator[BundleFile]:
    """The last lines of the newest logs, as they are masked already, and scrubbed."""
    wire = foreign = 0
    for number, path in enumerate(_newest(log_folders(place.settings, place.folder)), 1):
        rows: list[str] = []
        for line in _last_lines(path):
            row = _log_row(line)
            if row is None:
                foreign += 1
            elif row.get("level") == "WIRE":
                wire += 1
            else:
                rows.append(json.dumps(scrubber.value(row), ensure_ascii=False))
        yield BundleFile(
            f"log/log-{number}.jsonl", "".join(f"{row}\n" for row in rows).encode(), phrases.LOG, {"count": len(rows)}
        )
    bundle.left_out += [(phrases.LEFT_WIRE, wire), (phrases.LEFT_FOREIGN, foreign)]


def _newest(folders: Sequence[Path]) -> list[Path]:
    files: list[tuple[float, Path]] = []
    for folder in dict.fromkeys(folders):
        for path in folder.glob("vcshim-*.log"):
            try:
                if path.is_file() and not path.is_symlink():
                    files.append((path.stat().st_mtime, path))
            except OSError:
                continue
    return [path for _, path in sorted(files, reverse=True)[:_MOST_LOGS]]


def _last_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - _MOST_BYTES, 0))
            begun = file.tell() > 0
            lines = file.read(_MOST_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return lines[1:][-_MOST_LINES:] if begun else lines[-_MOST_LINES:]


def _log_row(line: str) -> dict[str, Any] | None:
    """A line that the log has written; None for any other."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    is_ours = isinstance(row, dict) and all(isinstance(row.get(name), str) for name in ("time", "level", "text"))
    return row if is_ours else None


def _journal(place: Place, scrubber: Scrubber) -> Iterator[BundleFile]:
    """The last calls: without the serial numbers, and without the notes, which people write."""
    folder = journal_folder(place.settings)
    file = journal_file(folder)
    if not file.exists():
        return
    database = JournalDatabase(file, STEPS, shared=is_on_network(folder), busy_seconds=1.0, create=False)
    try:
        rows = CallTable(database).select(Wanted())[-_MOST_CALLS:]
    except JournalUnusable:
        return
    finally:
        database.close()
    yield _json("journal.json", scrubber.value([_call(row) for row in rows]), phrases.JOURNAL, count=len(rows))


def _call(row: JournalRow) -> dict[str, Any]:
    left_out = ("serial", "note", "settled_by")
    facts = {name: value for name, value in asdict(row).items() if name not in left_out}
    return {**facts, "began": str(wall_clock.local_time(row.began)), "outcome": row.outcome.value}
