"""What Python code asks the environment for, and what is left of it inside a host."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shim import environment
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO
from tests.support.paths import ROOT, VECTORS
from tests.support.servers import LOOPBACK, tls_front

ROWS = json.loads((VECTORS / "environment.json").read_text("utf-8"))["variables"]
NAMES = [row["name"] for row in ROWS]

# An interpreter whose os.environ writes down what it is asked for; then calls, as a host makes them.
SPY = """
import collections.abc, json, os, pathlib, sys

asked = set()

class Spy(collections.abc.MutableMapping):
    def __init__(self, values):
        self.values = values

    def __getitem__(self, name):
        asked.add(name)
        return self.values[name]

    def __setitem__(self, name, value):
        self.values[name] = value

    def __delitem__(self, name):
        del self.values[name]

    def __iter__(self):
        asked.add("all of them")
        return iter(self.values)

    def __len__(self):
        return len(self.values)

os.environ = Spy(dict(os.environ))
from shim.call_port import Port
port = Port(pathlib.Path(sys.argv[1]))
codes = []
for name, texts, mode in json.loads(sys.argv[2]):
    answer = port.answer(name, [bytes.fromhex(text) for text in texts], mode, 2048)
    codes.append(answer.code.decode() or str(answer.number))
print(json.dumps([codes, sorted(asked)]))
"""

# The same start as that of the core: isolated, no site module, `os` not imported yet.
HIDE = """
import sys
assert "os" not in sys.modules
sys.path.insert(0, sys.argv[1])
import shim.environment
assert "os" not in sys.modules
shim.environment.hide()
import os, subprocess
program = "import os; print(os.environ['NEW'], os.environ['http_proxy'])"
child = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE)
print(sorted(os.environ), child.stdout.decode())
"""


def hexed(*texts: str) -> list[str]:
    return [text.encode("gb18030").hex() for text in texts]


@pytest.mark.needs("font", "linux")
def test_what_python_code_asks_for(simulator: Simulator, tmp_path: Path) -> None:
    """Every export, over http, https and `sim:`, with a label: each name that is asked for is in the vectors."""
    his = tmp_path / "his"
    his.mkdir()
    ini = f"[transport]\nca_file = {LOOPBACK}\n[label]\ntype = file\nfile = {tmp_path}/label\nfonts = {NOTO}\n"
    (his / "vcshim.ini").write_text(ini)
    with tls_front(simulator) as secure:
        urls = [address + "?sim=again:1" for address in (simulator.gateway, secure, "sim:")]
        calls: list[tuple[str, list[str], int]] = [("VirtualCardTrans", hexed(url, VERIFY["in"]), 0) for url in urls]
        calls += [
            ("NationEcTrans", hexed("sim:", QUERY["in"]), 0),
            ("EhealthID_Print", hexed(FUSED, CARD_NO, NAME), 0),
            ("Set_QRflow_Mode", [], 1),
            ("Set_QRflow_Mode", [], 0),
            ("SetEcQrcode", [], 0),
        ]
        words = [sys.executable, "-c", SPY, str(his), json.dumps(calls)]
        environ = os.environ | {"DISPLAY": ":4711", "XDG_STATE_HOME": str(tmp_path)}
        done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    codes, asked = json.loads(done.stdout)
    assert codes[:5] == ["00", "00", "00", "0000", "0"]
    assert set(asked) >= {"DISPLAY", "XDG_STATE_HOME", "PILLOW_ALIGNMENT"}  # the spy works
    assert set(asked) <= {row["name"] for row in ROWS if row.get("python")}


@pytest.mark.needs("linux")
def test_what_is_left() -> None:
    """Only what is kept; a child process still gets everything, because the host's environment is not changed."""
    variables = {"HOME": "/h", "DISPLAY": ":1", "SSLKEYLOGFILE": "/k", "http_proxy": "x", "NEW": "1"}
    words = [sys.executable, "-I", "-S", "-c", HIDE, str(ROOT)]
    done = subprocess.run(words, env=variables, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.split("\n")[0]) == (0, "['DISPLAY', 'HOME'] 1 x"), done.stderr


def test_what_is_kept_is_listed() -> None:
    assert set(environment.KEPT) <= {name.upper() for name in NAMES}
    assert len(set(NAMES)) == len(NAMES)


def test_the_document_lists_the_same() -> None:
    """docs/design/environment.md has each variable of the vectors once, and no other."""
    text = (ROOT / "docs" / "design" / "environment.md").read_text("utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    documented = [name for cell in cells for name in re.findall("`([^`]+)`", cell)]
    assert sorted(documented) == sorted(NAMES)
