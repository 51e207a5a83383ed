"""What a plain http call imports in the built Linux library, with default settings: only what it needs.

tests/unit/test_imports.py lists what wiring takes of the devices, tests/unit/buildlib/test_prepare.py is about
what the build prepares.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.product import install

# Each is needed by some settings, methods or failures, and by them alone.
NEEDLESS = (
    "Crypto", "PIL", "_ctypes", "_hashlib", "_ssl", "_uuid", "argparse", "ast", "base64", "certifi",
    "configparser", "ctypes", "datetime", "decimal", "dis", "email", "gmssl", "hashlib", "hid", "hmac", "http.client",
    "inspect", "ipaddress", "logging.handlers", "platform", "random", "re._compiler", "re._parser", "requests",
    "segno", "selectors", "serial", "shim.capture", "shim.commands", "shim.devices.autofill.sendinput",
    "shim.devices.helpers", "shim.devices.label.driver", "shim.devices.lines.base", "shim.devices.scanner.driver",
    "shim.devices.screen.window_display", "shim.drawing", "shim.learn", "shim.replay", "shim.simulator",
    "shim.transport.portable", "shim.transport.tls", "sqlite3", "ssl", "subprocess", "tempfile", "textwrap",
    "tokenize", "traceback", "typing", "unicodedata", "urllib.request", "urllib3", "uuid", "zipfile",
)  # fmt: skip

# A host in Python. It asks the interpreter in the library, which is another one than its own.
_HOST = """
import ctypes, json, pathlib, sys
library, url, in_data, found = sys.argv[1:]
trans = ctypes.CDLL(library).VirtualCardTrans
trans.restype, trans.argtypes = ctypes.c_char_p, [ctypes.c_char_p] * 3
out = ctypes.create_string_buffer(2048)
code = trans(url.encode(), in_data.encode("gb18030"), out)
python = ctypes.CDLL(str(next(pathlib.Path(library).parent.glob("vcshim/libvcshim-python*"))))
program = f'''
import gc, sys
names = sorted(sys.modules)
import json, vcshim_classes
facts = [names, gc.isenabled(), gc.get_freeze_count()]
open({found!r}, "w").write(json.dumps(facts))
'''
state = python.vcshim_PyGILState_Ensure()
failed = python.vcshim_PyRun_SimpleString(program.encode())
python.vcshim_PyGILState_Release(state)
print(code.decode(), failed)
"""


@pytest.fixture(scope="module")
def facts(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], bool, int]:
    """The modules after a call; whether garbage is collected; how many objects are left alone by that."""
    folder = tmp_path_factory.mktemp("diet")
    product = install("linux-c", folder / "his")
    product.ini("[start]\nwarm_up = off\n")  # it prepares every cipher of the dialect
    found = folder / "facts.json"
    words = [sys.executable, "-c", _HOST, str(product.library("VC")), simulator.gateway, VERIFY["in"], str(found)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.returncode) == ("00 0\n", 0), done.stderr
    names, collects, frozen = json.loads(found.read_text("utf-8"))
    return names, collects, frozen


def needless(names: list[str]) -> list[str]:
    """Those that stand in the list, or are parts of a package there."""
    return [name for name in names if any(name == each or name.startswith(f"{each}.") for each in NEEDLESS)]


def test_a_plain_call_imports_what_it_needs(facts: tuple[list[str], bool, int]) -> None:
    names, *_ = facts
    assert "shim.service" in names
    assert needless(names) == []


def test_what_was_imported_is_never_searched_for_garbage(facts: tuple[list[str], bool, int]) -> None:
    _, collects, frozen = facts
    assert collects
    assert frozen > 10_000


def test_a_module_too_many_is_seen() -> None:
    """The negative control."""
    assert needless(["json", "sslx", "ssl", "email.parser"]) == ["ssl", "email.parser"]


@pytest.mark.parametrize("name", NEEDLESS)
def test_the_list_names_modules_that_exist(name: str) -> None:
    """A module that has another name now would never be found."""
    assert find_spec(name) is not None
