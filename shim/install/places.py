"""Where things are in a HIS folder, by the layout that the front reads as well. It looks, and changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shim.manifest import FILE as MANIFEST
from shim.sets import CORE, current_set

RUNTIME = "vcshim"
STARTER = "vcshim.cmd"
SAMPLE = "vcshim.ini.sample"
FRONTS = "fronts"
_OF_INSTALLER = re.compile(r"[A-Za-z0-9._-]+-[0-9a-f]{8}")
_VENDOR = ".vendor"


@dataclass(frozen=True)
class HisPlaces:
    """A HIS folder."""

    folder: Path

    @property
    def runtime(self) -> Path:
        """The vcshim folder."""
        return self.folder / RUNTIME

    @property
    def setup(self) -> Path:
        """What the installer keeps: the vendor's files, what is installed, the list of a run that is under way."""
        return self.runtime / "setup"

    @property
    def backups(self) -> Path:
        """The vendor's files as they were, with their SHA256SUMS."""
        return self.setup / "vendor"

    def vendor_file(self, name: str) -> Path:
        """Where the front looks for the vendor's DLL of this name, unless [vendor] says otherwise."""
        stem, dot, kind = name.rpartition(".")
        return self.folder / f"{stem}{_VENDOR}{dot}{kind}"

    def set_folder(self, name: str) -> Path:
        """A set that stands beside others; "" for a plain copy, which is the vcshim folder itself."""
        return self.runtime / name if name else self.runtime

    def chosen(self) -> str | None:
        """The name of the set that the fronts load, "" for a plain copy; None if there is no set."""
        folder = current_set(self.folder)
        if not (folder / CORE).is_file():
            return None
        return "" if folder == self.runtime else folder.name

    def set_names(self) -> list[str]:
        """The sets that stand side by side, by name."""
        if not self.runtime.is_dir():
            return []
        return sorted(
            path.name
            for path in self.runtime.iterdir()
            if _OF_INSTALLER.fullmatch(path.name) and (path / MANIFEST).is_file()
        )
