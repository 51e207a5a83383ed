"""The programs that docs/hosts.md prints: taken out of the page, compiled and run as they stand.

Those in other languages say where they were run by hand.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from buildlib import console, tools
from buildlib.clients import C_FLAGS, DELPHI, FOLDER, WIN32
from buildlib.freepascal import FreePascal
from buildlib.wine import run_bounded
from shim.simulator.server import Simulator
from tests.support.clients import Rig
from tests.support.paths import ROOT
from tests.support.product import Product, install, python_runtime

PAGE = ROOT / "docs" / "hosts.md"
PROGRAMS = ("ec.c", "ec.pas", "ec.py")
# The answer of the simulator, with 龙䶮 and 成功 in GBK.
ANSWER = (
    b'0000\n{"code":0,"data":{"birthday":"1953.04.04","ecQrCode":"4240000000000000000300350000",'
    b'"ecToken":"350000ec000000000000000000000000000003","email":null,"extra":"null","gender":"1",'
    b'"idNo":"990000195304040039","idType":"01","insuOrg":"350200","userName":"\xc1\xfa\xfe\x9f"},'
    b'"message":"\xb3\xc9\xb9\xa6","orgId":"1"}\n'
)


def snippets() -> dict[str, str]:
    """The marked programs of the page, by their file names."""
    blocks = re.findall(r"<!-- snippet: (\S+) -->\n```[a-z]+\n(.*?)```\n", PAGE.read_text("utf-8"), re.DOTALL)
    return dict(blocks)


def written(folder: Path, name: str, url: str = "sim:") -> Path:
    """The program of that name in `folder`, which asks `url`."""
    text = snippets()[name]
    assert text.count("sim:") == 1
    path = folder / name
    path.write_text(text.replace("sim:", url), "utf-8")
    return path


def test_every_program_of_the_page_is_run() -> None:
    assert tuple(snippets()) == PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_on_linux(simulator: Simulator, tmp_path: Path, name: str) -> None:
    """Over HTTP: what the program sends arrives as it was meant."""
    product = install("linux-c", tmp_path / "his")
    source = written(product.folder, name, simulator.qr_query)
    program: list[str | Path] = [product.folder / "ec"]
    if name == "ec.c":
        tools.require("gcc")
        console.run(["gcc", *C_FLAGS, "-o", program[0], source, "-ldl"])
    elif name == "ec.pas":
        tools.require("freepascal")
        console.run(["fpc", "-v0ewn", "-Sewn", f"-Fl{product.folder}", f"-o{program[0]}", source])
    else:
        program = ["python3", source]
    assert output(product, program) == ANSWER
    assert '"operatorName":"龙䶮"' in list(simulator.calls)[-1].request.replace(": ", ":")


@pytest.mark.parametrize("name", PROGRAMS)
def test_on_windows(rig: Rig, tmp_path: Path, name: str) -> None:
    """As it is printed, with the platform inside the component."""
    product = install("win32-ctypes", tmp_path / "his")
    source = written(product.folder, name)
    program = "ec.exe"
    if name == "ec.c":
        tools.require("mingw")
        console.run([WIN32, *C_FLAGS, "-Wno-cast-function-type", "-o", product.folder / program, source])
    elif name == "ec.pas":
        rig.program(DELPHI)  # makes the compiler, once for all workers
        FreePascal(FOLDER / "freepascal").compile_delphi(source, product.folder / program)
    else:
        program = f"..\\{python_runtime(product).name}\\python.exe {name}"
    done = rig.wine32.run(["cmd.exe", "/c", f"{program} > stdout.txt"], cwd=product.folder, env=ENCODING)
    assert done.returncode == 0, done.stderr
    assert (product.folder / "stdout.txt").read_bytes().replace(b"\r\n", b"\n") == ANSWER


ENCODING = {"PYTHONIOENCODING": "gb18030"}  # so that all programs print the same bytes


def output(product: Product, program: list[str | Path]) -> bytes:
    """What a program prints that runs in the folder of the libraries."""
    env = {**os.environ, **ENCODING, "LD_LIBRARY_PATH": str(product.folder)}
    done = run_bounded(list(map(str, program)), cwd=product.folder, env=env, timeout=120, disk_files=product.folder)
    assert done.returncode == 0, done.stderr
    return (product.folder / "stdout.txt").read_bytes()
