"""What `import shim.wiring` and a service with default settings load of the devices: nothing that no setting names.

A PC without a scanner or a label printer pays for neither, on the first call of every host program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

_PROGRAM = """
import json, pathlib, sys
import shim.wiring
shim.wiring.wire(pathlib.Path(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""

# The modules of each room that default settings may load. By default the screen is a window and auto-fill types; there
# is no scanner and no label printer.
ALLOWED = {
    "lines": {"pick"},
    "scanner": {"absent", "base", "columns", "pick", "settings"},
    "screen": {"absent", "backoff", "base", "driver", "pick", "settings", "state"},
    "label": {"absent", "base", "pick", "settings"},
    "autofill": {"absent", "base", "driver", "last_code", "pick", "settings"},
    "helpers": set(),
}
LIBRARIES = ("serial", "hid", "PIL", "segno")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a fresh interpreter after the service was made."""
    folder = tmp_path_factory.mktemp("his")
    words = [sys.executable, "-c", _PROGRAM, str(folder)]
    environ = os.environ | {"XDG_STATE_HOME": str(folder)}
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(done.stdout))


def of(room: str, modules: set[str]) -> set[str]:
    prefix = f"shim.devices.{room}."
    return {name.removeprefix(prefix) for name in modules if name.startswith(prefix)}


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_loads_what_the_defaults_name(room: str, loaded: set[str]) -> None:
    assert of(room, loaded) - ALLOWED[room] == set()


def test_no_library_of_a_device(loaded: set[str]) -> None:
    assert loaded & set(LIBRARIES) == set()


def test_no_reader_of_inis_but_our_own(loaded: set[str]) -> None:
    """configparser took a fifth of the time to read the settings, and difflib is for a file with a problem only."""
    assert loaded & {"configparser", "difflib"} == set()


def test_every_room_is_listed() -> None:
    rooms = {path.parent.name for path in (ROOT / "shim" / "devices").glob("*/__init__.py")}
    assert rooms == set(ALLOWED)


def test_the_list_is_no_longer_than_needed(loaded: set[str]) -> None:
    """A module that has become lazy leaves the list."""
    assert {room: ALLOWED[room] - of(room, loaded) for room in ALLOWED if ALLOWED[room] - of(room, loaded)} == {}


def test_a_module_too_many_is_seen(loaded: set[str]) -> None:
    """The negative control."""
    assert of("scanner", loaded | {"shim.devices.scanner.driver"}) - ALLOWED["scanner"] == {"driver"}


def test_nothing_of_capture_in_native_mode(loaded: set[str]) -> None:
    assert {name for name in loaded if name.startswith("shim.capture")} == set()
