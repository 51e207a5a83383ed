"""Install, upgrade, go back and uninstall under Wine, with the setup program and with vcshim.exe, as an engineer does.

What is left of a run that is killed or fails at any of its steps is tested on stand-ins (tests/unit/install); here on
Windows' own rules for files that are loaded, open or read-only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from buildlib import installer
from buildlib.layout import WIN32
from tests.support.clients import Kind, Rig
from tests.support.setups import DLLS, INI, Site, make_site, other_version, own_copy, setup_program, target_of

pytestmark = pytest.mark.needs("wine", "mingw", "nsis")
KINDS: tuple[Kind, ...] = ("win32-c", "win64-c")
_LIMIT = 120.0


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vcshim.exe of an unpacked package."""
    return own_copy("win32-c", tmp_path_factory.mktemp("安装包") / "vcshim")


@pytest.fixture
def site(rig: Rig, tmp_path: Path) -> Site:
    return make_site("win32-c", rig, tmp_path)


def logged(site: Site) -> str:
    """The log of this PC."""
    users = site.wine.prefix / "drive_c" / "users"
    return "".join(path.read_text("utf-8") for path in users.glob("*/AppData/Local/vcshim/install.log"))


def at_log_on(site: Site) -> str:
    """What Windows starts when this user logs on."""
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
    return site.wine.run(["reg.exe", "query", key], timeout=_LIMIT).stdout


def until(happened: Callable[[], bool]) -> None:
    """Wait for what another program does; the time limit only ends a test that has failed."""
    end = time.monotonic() + _LIMIT
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.2)


# ---- the setup program -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_without_windows(kind: Kind, rig: Rig, tmp_path: Path) -> None:
    """Refused while the HIS runs; installed, and the next call works; uninstalled to the byte."""
    site, program = make_site(kind, rig, tmp_path), setup_program(kind)
    before = site.files()
    with site.running_his():
        assert site.setup(program) == 10
        assert site.files() == before
        assert "holdhost" in logged(site).splitlines()[-1]
    assert site.setup(program) == 0
    assert site.answers()
    files = site.files()
    assert files["vcshim.ini"] == INI
    assert [files[name.replace(".dll", ".vendor.dll")] for name in DLLS] == [before[name] for name in DLLS]
    name = files["vcshim/current.txt"].decode().strip()
    toolbox = tmp_path / "工具 箱" / "vcshim-toolbox.exe"
    toolbox.parent.mkdir()
    shutil.copyfile(target_of(kind).folder / "vcshim" / "vcshim.exe", toolbox)  # any program of these bits
    words = [f"/LOG={site.wine.windows_path(tmp_path / 'x y.log')}", f"/BRIDGE={site.wine.windows_path(toolbox)}"]
    assert site.setup(program, *words) == 0  # again, and each word within quotation marks
    assert "结束：0" in (tmp_path / "x y.log").read_text("utf-8")
    assert '\\vcshim-toolbox.exe" bridge --background --folder "Z:' in at_log_on(site)
    uninstaller = tmp_path / "uninstall.exe"  # where it stands, it would copy itself, and end before it is done
    shutil.copyfile(site.folder / "vcshim" / "uninstall.exe", uninstaller)
    words = f"_?={site.path}\\vcshim".split(" ")
    assert site.wine.run([uninstaller, "/S", *words], timeout=_LIMIT).returncode == 0
    assert site.files() == before, name
    assert "vcshim-bridge" not in at_log_on(site)


def test_no_such_folder_a_folder_for_other_programs_and_slips(rig: Rig, tmp_path: Path) -> None:
    site = make_site("win32-c", rig, tmp_path)
    (site.folder / DLLS[0]).write_bytes(rig.program("bad-win64/VirtualCardChk.dll").read_bytes())
    before = site.files()
    assert site.setup(setup_program("win32-c")) == 14
    assert site.files() == before
    assert Site("win32-c", rig, tmp_path / "none").setup(setup_program("win32-c")) == 22
    log = tmp_path / "x.log"
    words = ["/BRIGDE=a b", f"/LOG={site.wine.windows_path(log)}", "/MERGEIN\\", "/WHENCLOSED", "/log=", "/NCRC"]
    assert site.setup(setup_program("win32-c"), *words) == 25
    assert site.files() == before
    assert "结束：25，安装程序不认识 /BRIGDE=a b, /MERGEIN\\, /log=，" in log.read_text("utf-8")


def test_the_same_set_makes_the_same_setup_program(tmp_path: Path) -> None:
    again = installer.build(WIN32, tmp_path / "again.exe", "zlib").read_bytes()
    assert again == setup_program("win32-c").read_bytes()


# ---- vcshim.exe ------------------------------------------------------------------------------------------------------


def test_an_upgrade_while_the_his_runs(site: Site, program: Path, tmp_path: Path) -> None:
    """With the same fronts: what runs keeps its set, what starts takes the new one; going back is as easy."""
    assert site.run(program, "install", site.path)[0] == 0
    first = site.files()["vcshim/current.txt"]
    same = other_version("win32-c", tmp_path / "same", fronts=False)
    with site.running_his():
        code, said = site.run(same, "install", site.path)
        assert code == 0, said
        assert site.files()["vcshim/current.txt"] != first
        assert site.answers()
        assert site.run(same, "rollback", site.path)[0] == 0
        assert site.files()["vcshim/current.txt"] == first
        assert site.answers()
        others = other_version("win32-c", tmp_path / "others", fronts=True)
        code, said = site.run(others, "install", site.path)
        assert code == 10 and "holdhost.exe" in said
        assert site.run(program, "uninstall", site.path)[0] == 10
        assert site.answers()
    assert site.run(others, "install", site.path)[0] == 0
    assert site.answers()
    assert site.files()["vcshim.ini"] == INI
    rows = json.loads(site.run(program, "versions", site.path, "--json")[1])
    assert [(row["in_use"], row["previous"], row["problems"]) for row in rows["sets"]].count((True, False, [])) == 1
    assert len(rows["sets"]) == 2  # the third has taken the place of the first


def test_uninstalled_by_its_own_program(site: Site, program: Path) -> None:
    """vcshim.exe cannot remove the folder that it runs from; what it starts does. --bridge is undone as well."""
    before = site.files()
    toolbox = site.wine.windows_path(program)  # any program of 32 bits
    assert site.run(program, "install", site.path, "--merge-ini", "--bridge", toolbox)[0] == 0
    assert 'vcshim.exe bridge --background --folder "Z:' in at_log_on(site)
    files = site.files()
    assert files["vcshim.ini"].startswith(INI.rstrip(b"\r\n")) or INI in files["vcshim.ini"]
    own = site.folder / "vcshim" / files["vcshim/current.txt"].decode().strip() / "vcshim.exe"
    done = site.wine.run(["cmd.exe", "/c", f"{site.path}\\vcshim\\vcshim.cmd", "versions", "--json"], timeout=_LIMIT)
    assert done.returncode == 0, done.stderr
    code, said = site.run(own, "uninstall")
    assert code == 0, said
    until(lambda: not (site.folder / "vcshim").exists())
    assert "vcshim-bridge" not in at_log_on(site)
    after = site.files()
    assert {name: content for name, content in after.items() if name != "vcshim.ini"} == {
        name: content for name, content in before.items() if name != "vcshim.ini"
    }


def test_done_when_the_programs_have_ended(site: Site, program: Path) -> None:
    before = site.files()
    with site.running_his():
        code, said = site.run(program, "install", site.path, "--when-closed")
        assert code == 18 and "holdhost.exe" in said
        assert [site.files()[name] for name in DLLS] == [before[name] for name in DLLS]
        done = site.wine.run(["reg.exe", "query", _RUN_ONCE], timeout=_LIMIT)
        assert "--wait" in done.stdout
    until(lambda: "结束：0" in logged(site).splitlines()[-1])
    assert site.answers()
    assert "--wait" not in site.wine.run(["reg.exe", "query", _RUN_ONCE], timeout=_LIMIT).stdout


_RUN_ONCE = r"HKCU\Software\Microsoft\Windows\CurrentVersion\RunOnce"


def test_a_read_only_file(site: Site, program: Path) -> None:
    """Whoever made the vendor's DLL read-only gets it back so."""
    for name in DLLS:
        (site.folder / name).chmod(0o444)
    before = site.files()
    assert site.run(program, "install", site.path)[0] == 0
    assert site.answers()
    assert site.run(program, "uninstall", site.path)[0] == 0
    assert site.files() == before
    assert [(site.folder / name).stat().st_mode & 0o777 for name in DLLS] == [0o444, 0o444]


def test_a_locked_file(site: Site, program: Path) -> None:
    """Open in a program that has it not loaded: which one cannot be told."""
    before = site.files()
    with site.open_file(DLLS[1]):
        code, said = site.run(program, "install", site.path)
        assert code == 23 and "NationECCode.dll" in said
        assert site.files() == before
    assert site.run(program, "install", site.path)[0] == 0


def test_a_full_disk(rig: Rig, program: Path, tmp_path: Path) -> None:
    """Too small for a second set, then too small for one."""
    if sys.platform == "win32":
        raise NotImplementedError
    with small_disk(tmp_path / "disk", megabytes=20) as disk:
        site = make_site("win32-c", rig, disk)
        before = site.files()
        code, said = site.run(program, "install", site.path)
        assert code == 13, said
        assert site.files() == before


def test_a_set_whose_dlls_do_not_answer(site: Site, tmp_path: Path) -> None:
    """A library is missing that no list knows: everything is put back, whole."""
    broken = own_copy("win32-c", tmp_path / "broken")
    text = (broken.parent / "SHA256SUMS").read_text("utf-8")
    (broken.parent / "SHA256SUMS").write_text(
        "".join(line for line in text.splitlines(keepends=True) if "_ctypes.pyd" not in line), "utf-8"
    )
    before = site.files()
    code, said = site.run(broken, "install", site.path)
    assert code == 15, said
    assert site.files() == before


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk in memory."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        os.rmdir(folder)
