"""The real libraries with settings in several files, of which C and Python take the same, and with settings that change
while the host program runs."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import verify_line
from tests.support.clients import Kind, Rig
from tests.support.product import install
from tests.support.startagain import run_steps

# The hospital's copy counts where another file names its source.
FROM_FLEET = "[fleet]\nsource = central.ini\n"
DEVELOPER = "[messages]\naudience = developer\n"
# What the clerk and, behind it, the developer read.
CLERKS, DEVELOPERS = "本次没有提交。请联系信息科", "详情："


@dataclass(frozen=True)
class Places:
    """Where files of settings are besides the one of the product.

    Attributes:
        env: variables that move the folder of the user.
        fleet: the last good copy of the hospital's.
        machine: that of the PC; None where it would be in /etc.
    """

    env: dict[str, str]
    fleet: Path
    machine: Path | None


@contextmanager
def places(rig: Rig, kind: Kind, folder: Path) -> Iterator[Places]:
    """Of the Wine prefix of this worker, or of `folder`; the files are removed again."""
    env, machine = {"XDG_STATE_HOME": str(folder / "state")}, None
    local = folder / "state"
    if kind.startswith("win"):
        drive = rig.wine(kind).prefix / "drive_c"
        local = next((drive / "users").glob("[!P]*")) / "AppData" / "Local"
        machine = drive / "Program Files" / "vcshim" / "vcshim.ini"
        machine.parent.mkdir(exist_ok=True)
    fleet = local / "vcshim" / "settings" / "fleet.ini"
    fleet.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield Places(env, fleet, machine)
    finally:
        for path in (fleet, machine):
            if path is not None:
                path.unlink(missing_ok=True)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_c_by_itself(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Without the core C answers alone: for whom, [messages] audience says in each of the files in turn."""
    product = install(kind, tmp_path / "his")
    shutil.rmtree(product.runtime)
    pc = platform.node()
    with places(rig, kind, tmp_path) as files:

        def text() -> str:
            (reply,) = product.run(rig, [verify_line("v", simulator)], env=files.env)
            assert reply.returned == b"8009"
            return (reply.out or b"").decode("gb18030")

        product.ini("")
        assert CLERKS in text() and DEVELOPERS not in text()
        files.fleet.write_text(DEVELOPER, "utf-8")
        assert DEVELOPERS not in text()
        product.ini(FROM_FLEET + f"[fleet@{pc[:2]}*]\nsource =\n")
        assert DEVELOPERS not in text()
        product.ini(FROM_FLEET)
        assert DEVELOPERS in text()
        product.ini(FROM_FLEET + "[messages]\naudience = clerk\n[messages@no-such-pc]\naudience = developer\n")
        assert DEVELOPERS not in text()
        product.ini(f"[messages@{pc[:2]}*]\naudience = developer\n[messages]\naudience = clerk\n")
        assert DEVELOPERS in text()
        product.ini(FROM_FLEET)
        files.fleet.write_bytes(DEVELOPER.encode() + b"\0")
        assert DEVELOPERS not in text()
        if files.machine is not None:
            files.machine.write_text(DEVELOPER, "utf-8")
            assert DEVELOPERS in text()


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_c_and_python(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The buffer's size is C's affair and the dialect Python's: both come from the file of the fleet, for this PC."""
    product = install(kind, tmp_path / "his").ini(
        FROM_FLEET + "[abi]\nout_capacity = 4096\n[wire]\ndialect = no-such\n"
    )
    with places(rig, kind, tmp_path) as files:
        lines = [verify_line("v", simulator, capacity=4096)]
        (reply,) = product.run(rig, lines, env=files.env)
        assert reply.returned == b"8006"
        files.fleet.write_text(
            f"[abi@{platform.node()}]\nout_capacity = 300\n[wire@*]\ndialect = ehcservice\n", "utf-8"
        )
        (reply,) = product.run(rig, lines, env=files.env)
        assert reply.returned == b"9008"
        assert "out_capacity" in product.log_text()


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_a_change_without_a_restart(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """A file is put in the place of another; a look is due two seconds after the one before."""
    product = install(kind, tmp_path / "his").ini("[wire]\ndialect = ehcservice\n")
    ini, later, away = (product.folder / name for name in ("vcshim.ini", "later.ini", "away.ini"))
    wrong = "[dialect 本院]\nbase = ehcservice\ntail = &wrong=\n"
    later.write_text(f"[wire]\ndialect = 本院\n[scanner]\ntype = auto\n{wrong}", "utf-8")
    steps: list[str | Path] = ["call", "move", ini, away, "move", later, ini, "wait", "2500"]
    # The call that has the files looked at waits for 50 ms only; one of the later calls has what was found.
    replies = run_steps(rig, product, *steps, "call", *["wait", "1500", "call"] * 2)
    assert (replies[0][0], replies[-1][0]) == ("00", "9003")
    text = product.log_text()
    assert "设置已更改，即时生效：[wire] dialect" in text
    assert "设置已更改，重新启动医院程序后生效：[scanner] type" in text
