"""Fixtures of the extension screen: one desk for each system, and a hospital program on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.clients import Rig
from tests.support.desk import wait_until
from tests.support.product import Product, install
from tests.support.screenhost import INI, ScreenHost, compile_program, is_hidden, running
from tests.support.screens import Place, System, WinePlace


@pytest.fixture(scope="session")
def linux_place() -> Iterator[Place]:
    place = Place()
    yield place
    place.close()


@pytest.fixture(scope="session")
def win32_place(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WinePlace]:
    place = WinePlace(tmp_path_factory.mktemp("wine-desk"), rig)
    yield place
    place.close()


@pytest.fixture(params=["linux", "win32"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A desk with both monitors, for each system."""
    place: Place = request.getfixturevalue(f"{request.param}_place")
    yield place
    place.tidy()


@pytest.fixture
def windows(win32_place: WinePlace) -> Iterator[WinePlace]:
    """The desk with the programs of Windows."""
    yield win32_place
    win32_place.tidy()


@pytest.fixture(scope="session")
def program_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[System], Path]:
    """screenhost, compiled for a system when it is first asked for."""
    folder = tmp_path_factory.mktemp("screenhost")
    return lru_cache(lambda system: compile_program(system, folder))


@pytest.fixture
def product(place: Place, tmp_path: Path) -> Product:
    return install("linux-c" if place.system == "linux" else "win32-gui", tmp_path / "his").ini(INI)


@pytest.fixture
def start(
    place: Place, product: Product, program_of: Callable[[System], Path], simulator: Simulator
) -> Callable[[], ScreenHost]:
    """Starts the hospital program; the test ends it."""
    return lambda: ScreenHost(program_of(place.system), product, place.desk, place.wine, simulator.gateway)


@pytest.fixture
def host(
    place: Place, product: Product, program_of: Callable[[System], Path], simulator: Simulator
) -> Iterator[ScreenHost]:
    """The hospital program. After its end nothing is on the screen, and no helper runs."""
    wait_until(lambda: is_hidden(place.desk))
    with running(program_of(place.system), product, place.desk, place.wine, simulator.gateway) as host:
        yield host
    wait_until(lambda: is_hidden(place.desk) and not place.helpers())
