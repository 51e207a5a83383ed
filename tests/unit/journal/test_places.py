"""Which file is the journal of a user on a PC, and which folders several PCs share."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.journal import places
from shim.journal.places import is_on_network, journal_file, mount_type

# As Linux prints it, the types of the file systems in the middle.
MOUNTS = r"""22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /run rw,nosuid - tmpfs tmpfs rw
41 40 8:2 / /home/local rw - ext4 /dev/sdb1 rw
40 22 0:30 / /home rw - nfs4 server:/home rw,vers=4.2
42 22 0:31 / /mnt/my\040share rw - cifs //server/share rw
half a line
"""


def test_one_file_for_each_workstation_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "workstation_name", lambda: "PC-07")
    monkeypatch.setattr(places, "user_name", lambda: "收费 1/\\:")
    assert journal_file(Path("folder")) == Path("folder", "journal-PC_07-收费_1___.db")
    monkeypatch.setattr(places, "user_name", lambda: "")
    assert journal_file(Path("folder")).name == "journal-PC_07-_.db"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib", "ext4"), ("/", "ext4"), ("/run/x", "tmpfs"), ("/runner", "ext4"), ("/home/a/.local", "nfs4"),
        ("/home", "nfs4"), ("/home/local/a", "ext4"), ("/mnt/my share/a", "cifs"), ("/mnt/my", "ext4"),
    ],
)  # fmt: skip
def test_the_longest_mount_counts(path: str, kind: str) -> None:
    assert mount_type(MOUNTS, path) == kind


@pytest.mark.needs("linux")
def test_a_folder_that_is_not_there_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_on_network(tmp_path / "not" / "there")
    monkeypatch.setattr(
        places, "_NETWORK_FILE_SYSTEMS", {mount_type(Path("/proc/self/mountinfo").read_text(), str(tmp_path))}
    )
    assert is_on_network(tmp_path / "not" / "there")
