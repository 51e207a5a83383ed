"""Hosts that are a Python themselves, under Wine: each version with 32-bit binaries, the one that ships among them.

The interpreter inside the DLLs is another copy under other names, so that neither sees anything of the other.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support import windows_pythons
from tests.support import wine_python_hosts as python_hosts
from tests.support.clients import Rig
from tests.support.product import Product, install
from tests.support.servers import LOOPBACK, tls_front

# Which DLLs of ours a call brings: every private name but that of the second C++ runtime, which 64-bit files import.
OURS = {"vcs-py311.dll", "vcs-crypto.dll", "vcs-ssl.dll", "vcs-ffi.dll", "vcs-sql.dll", "vcs-vcrt140.dll"}


def his(folder: Path) -> Product:
    """With TLS, and a scanner by a helper process, so that the modules of both are imported."""
    ini = f"[transport]\nca_file = {Wine.windows_path(LOOPBACK)}\n[scanner]\ntype = wedge\n"
    return install("win32-ctypes", folder / "his").ini(ini)


def run(
    rig: Rig, simulator: Simulator, product: Product, python: Path, folder: Path, *, early: bool = True
) -> python_hosts.Told:
    libraries = (product.library("VC"), product.library("EC"))
    with tls_front(simulator) as secure:
        addresses = [simulator.gateway, f"{secure}?sim=again:1", "sim:?sim=again:1"]
        told = python_hosts.run(
            lambda words: rig.wine32.run([python, "-B", *map(Wine.windows_path, words)]),
            folder, Wine.windows_path, libraries, addresses, early=early,
        )  # fmt: skip
        assert told.answers == python_hosts.right_answers(addresses)
    return told


@pytest.mark.parametrize("early", [True, False], ids=["first", "later"])
@pytest.mark.parametrize("version", windows_pythons.VERSIONS)
def test_a_host_of_this_version(rig: Rig, simulator: Simulator, tmp_path: Path, version: str, early: bool) -> None:
    """Its ssl, sqlite3, hashlib and ctypes are used before our first call, between calls, beside them and after."""
    product, python = his(tmp_path), windows_pythons.host_python(version)
    told = run(rig, simulator, product, python, tmp_path, early=early)
    assert told.uses == [python_hosts.USE] * (3 if early else 2)
    assert told.own == ["host"] * 4
    assert told.changed == []
    theirs, ours = (dlls_of(told, folder) for folder in (python.parent, product.runtime))
    assert {name for name in ours if name.startswith("vcs-")} == OURS
    assert not {name for name in ours if name.startswith(("python", "lib", "sqlite", "vcruntime"))}
    number = version.replace(".", "")
    assert f"python{number}.dll" in theirs
    both = {"_hashlib.pyd", "_ssl.pyd", "_sqlite3.pyd", "_ctypes.pyd", "_socket.pyd"}
    assert both <= theirs and both <= ours


def dlls_of(told: python_hosts.Told, folder: Path) -> set[str]:
    """The names of those that were loaded from a folder, in lower case."""
    place = Wine.windows_path(folder).lower() + "\\"
    return {path.lower().removeprefix(place) for path in told.modules if path.lower().startswith(place)}
