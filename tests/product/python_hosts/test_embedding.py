"""Programs in C that embed a CPython of any version: it starts and is finalised before our calls and after them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buildlib import pythons
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Rig
from tests.support.product import install
from tests.support.python_hosts import LIMIT, NAMES, cpython, environment

# What an interpreter that starts again bears: 3.12.1 by itself ends its program where more modules are imported thrice.
AGAIN = """
import array, binascii, json, lzma, sys, threading, zlib
assert json.loads(lzma.decompress(zlib.decompress(zlib.compress(lzma.compress(b'1.5'))))) == 1.5
assert not {'shim', 'requests', '_cffi_backend', '_vcshim_core'} & set(sys.modules)
assert not [path for path in sys.path if 'vcshim' in path]
assert threading.active_count() == 1
assert sys.getswitchinterval() == 0.005
"""
# More extension modules, with libraries that ours brings too.
ONCE = f"""{AGAIN}
import _socket, ctypes, datetime, hashlib, sqlite3, ssl
getattr(datetime.datetime_CAPI, 'x', None)
sqlite3.connect(':memory:').execute('select 1').fetchall()
ssl.create_default_context()
hashlib.new('sha256', b'x').hexdigest()
ctypes.CDLL(None).getpid()
"""
ORDERS = {
    "started before": ["start", "run", "call", "run", "threads", "call", "end", "call"],
    "started after": ["call", "start", "run", "call", "threads", "run", "end", "call"],
    "finalised before": ["start", "again", "end", "call", "start", "again", "call", "end", "call"],
    "three times": ["start", "again", "call", "end"] * 3,
    "a sub-interpreter": ["start", "enter", "run", "call", "leave", "run", "call", "enter", "call", "leave", "end"],
}
THREADS = 8


def run_embedding(rig: Rig, folder: Path, version: str, order: str, program: str, env: dict[str, str]) -> None:
    """Carry the steps out, and hold the answers of every call against the literals of the contract."""
    product = install("linux-c", folder / "his")
    in_data = folder / "in.txt"
    in_data.write_bytes(b"\n".join(case["in"].encode("gb18030") for case in (VERIFY, QUERY)) + b"\n")
    library = "-" if program != "embedhost" or env else str(cpython(version).library)
    steps: list[str] = []
    count = 0
    for step in ORDERS[order]:
        steps += {"run": ["run", ONCE], "again": ["run", AGAIN], "threads": ["threads", str(THREADS)]}.get(step, [step])
        count += {"call": 1, "threads": THREADS}.get(step, 0)
    libraries = [str(product.library("VC")), str(product.library("EC"))]
    words = [str(rig.program(program)), library, *libraries, "sim:?sim=again:1", str(in_data), *steps]
    done = subprocess.run(words, env=environment(env), capture_output=True, text=True, timeout=LIMIT, check=False)
    assert (done.returncode, done.stderr) == (0, ""), (
        f"exit code {done.returncode}\n{done.stdout[-500:]}\n{done.stderr}"
    )
    right = [f"00 {VERIFY['out'].encode('gb18030').hex()}", f"0000 {QUERY['out'].encode('gb18030').hex()}"]
    assert done.stdout.splitlines() == right * count


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("version", [name for name in NAMES if name != "Debian"])
def test_loaded_for_everybody(rig: Rig, tmp_path: Path, version: str, order: str) -> None:
    """RTLD_GLOBAL, as programs with plug-ins load it."""
    run_embedding(rig, tmp_path, version, order, "embedhost", {})


@pytest.mark.parametrize("order", ["started before", "started after"])
@pytest.mark.parametrize("version", ["3.8", "3.11", "3.13"])
def test_in_the_program_from_the_start(rig: Rig, tmp_path: Path, version: str, order: str) -> None:
    """Every symbol of the other libpython comes first, as in a program that is linked with it."""
    run_embedding(rig, tmp_path, version, order, "embedhost", {"LD_PRELOAD": str(cpython(version).library)})


@pytest.mark.parametrize("order", ORDERS)
def test_linked_with_the_system_s_library(rig: Rig, tmp_path: Path, order: str) -> None:
    """Debian's libpython3.11.so.1.0 has the file name and the SONAME of the one that others bring."""
    # Its own library of modules, not that of the python3 which comes first on PATH.
    run_embedding(rig, tmp_path, "3.11", order, "embedhost-debian", {"PYTHONHOME": "/usr"})


def test_the_system_s_library_has_the_same_name(rig: Rig) -> None:
    """What the test above relies on."""
    program = rig.program("embedhost-debian")
    needed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    assert f"[{pythons.DEBIAN_LIBRARY.name}]" in needed
    assert cpython("3.11").library.name == pythons.DEBIAN_LIBRARY.name
