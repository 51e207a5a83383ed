"""Where things are in a HIS folder, by the layout that the front reads as well. It looks, and changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shim.manifest import FILE as MANIFEST

RUNTIME = "vcshim"
CHOICE = "current.txt"
STARTER = "vcshim.cmd"
SAMPLE = "vcshim.ini.sample"
FRONTS = "fronts"
_CORES = ("vcshim_core.dll", "libvcshim_core.so")
_SET_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
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

    @property
    def choice(self) -> Path:
        """The file that names the set in use."""
        return self.runtime / CHOICE

    def vendor_file(self, name: str) -> Path:
        """Where the front looks for the vendor's DLL of this name, unless [vendor] says otherwise."""
        stem, dot, kind = name.rpartition(".")
        return self.folder / f"{stem}{_VENDOR}{dot}{kind}"

    def set_folder(self, name: str) -> Path:
        """A set that stands beside others; "" for a plain copy, which is the vcshim folder itself."""
        return self.runtime / name if name else self.runtime

    def chosen(self) -> str | None:
        """The name of the set that the fronts load, "" for a plain copy; None if there is no set."""
        try:
            name = self.choice.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            name = ""
        if _SET_NAME.fullmatch(name) and holds_core(self.runtime / name):
            return name
        return "" if holds_core(self.runtime) else None

    def set_names(self) -> list[str]:
        """The sets that stand side by side, by name."""
        if not self.runtime.is_dir():
            return []
        return sorted(
            path.name
            for path in self.runtime.iterdir()
            if _OF_INSTALLER.fullmatch(path.name) and (path / MANIFEST).is_file()
        )


def holds_core(folder: Path) -> bool:
    """Whether a folder is a set."""
    return any((folder / name).is_file() for name in _CORES)


def is_set_name(name: str) -> bool:
    """Whether the front would take this for the name of a set."""
    return _SET_NAME.fullmatch(name) is not None
