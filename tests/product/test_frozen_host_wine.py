"""A host that PyInstaller has frozen for 32-bit Windows: a CPython 3.11 of its own, with the modules that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support import windows_pythons
from tests.support import wine_python_hosts as python_hosts
from tests.support.clients import Rig
from tests.support.product import install


@pytest.mark.parametrize("early", [True, False], ids=["first", "later"])
def test_a_frozen_host(rig: Rig, simulator: Simulator, tmp_path: Path, early: bool) -> None:
    """It lacks modules that ours import, and has modules that are called like ours."""
    program = windows_pythons.frozen_host(rig.wine32, python_hosts.PROGRAM, python_hosts.OURS)
    product = install("win32-ctypes", tmp_path / "his")
    addresses = [simulator.gateway, "sim:?sim=again:1"]
    told = python_hosts.run(
        lambda words: rig.wine32.run([program, *map(Wine.windows_path, words[1:])]),
        tmp_path, Wine.windows_path, (product.library("VC"), product.library("EC")), addresses, early=early,
    )  # fmt: skip
    assert told.answers == python_hosts.right_answers(addresses)
    assert told.uses == [python_hosts.USE] * (3 if early else 2)
    assert told.own == ["host"] * 4
    assert told.changed == []
    inside = Wine.windows_path(program.parent / "_internal").lower()
    loaded = {path.lower() for path in told.modules}
    assert f"{inside}\\python311.dll" in loaded
    assert Wine.windows_path(product.runtime / "vcs-py311.dll").lower() in loaded
