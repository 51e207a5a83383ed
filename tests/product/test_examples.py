"""The programs of examples/: compiled and run as they stand, against the simulator and inside the component.

Those whose compiler CI does not install are run by `build_dll.py languages` (tests/support/languages.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildlib import console, pe, tools
from buildlib.clients import WIN32, WIN64
from shim.simulator.server import Simulator
from tests.support import languages
from tests.support.clients import Rig
from tests.support.languages import Program
from tests.support.paths import ROOT, vectors

WIRE: dict[str, str] = vectors("examples")["wire"]
PROGRAMS = {row.name: row for row in languages.IN_CI}
ON_LINUX = [name for name, row in PROGRAMS.items() if row.kind.startswith("linux")]
ON_WINDOWS = [name for name in PROGRAMS if name not in ON_LINUX]


def addresses(program: Program, simulator: Simulator) -> list[str]:
    """The words that make it ask the simulator instead of the platforms inside the component."""
    words = [simulator.gateway, simulator.qr_query]
    return ["--vc", words[0], "--ec", words[1]] if program.folder == "python" else words


@pytest.mark.parametrize("name", ON_LINUX)
def test_against_the_simulator(rig: Rig, simulator: Simulator, tmp_path: Path, name: str) -> None:
    """What it sends arrives as it was meant, and it prints what came back."""
    program = PROGRAMS[name]
    product = languages.put(program, tmp_path / "his")
    seen = simulator.seen
    words = ["--folder", str(product.folder)] if program.folder == "python" else []
    assert languages.run(program, rig, product, [*words, *addresses(program, simulator)]) == (0, program.lines)
    opened = "".join(f"{call.request} {call.request_content}" for call in simulator.state.calls.after(seen))
    names = dict(re.findall(r'"(operator_?[Nn]ame)": ?"([^"]*)"', opened))
    assert names == {key: text.replace(*program.loses) if program.loses[0] else text for key, text in WIRE.items()}


@pytest.mark.parametrize("name", ON_WINDOWS)
def test_inside_the_component(rig: Rig, tmp_path: Path, name: str) -> None:
    program = PROGRAMS[name]
    assert languages.run(program, rig, languages.put(program, tmp_path / "his")) == (0, program.lines)


def test_a_platform_that_is_down(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """The examples end with 1, and show what the DLL says."""
    program = PROGRAMS["c-linux"]
    code, lines = languages.run(program, rig, languages.put(program, tmp_path / "his"), [simulator.refused] * 2)
    assert code == 1
    assert [line.split(" ")[:2] for line in lines[2:4]] == [["NationEcTrans", "-3"], ["VirtualCardTrans", "8004"]]
    assert "连不上" in lines[2] and "连不上" in lines[3]


def test_strings_of_csharp(rig: Rig, tmp_path: Path) -> None:
    """The code comes back as string; what StringBuilder makes of GBK is nothing, which is why the program has bytes."""
    program = PROGRAMS["csharp-linux"]
    code, lines = languages.run(program, rig, languages.put(program, tmp_path / "his"), ["--strings"])
    assert (code, lines) == (0, [*program.lines, "StringBuilder 0000 "])


@pytest.mark.parametrize(("compiler", "bits"), [(WIN32, "win32"), (WIN64, "win64")])
def test_a_linked_program_runs_on_the_vendors_dlls(tmp_path: Path, compiler: str, bits: str) -> None:
    """It asks for undecorated names, which those have; ours would have the others, too."""
    tools.require("mingw")
    sdk = ROOT / "dist" / bits / "sdk"
    program = tmp_path / "example.exe"
    libraries = [sdk / "VirtualCardChk.lib", sdk / "NationECCode.lib"]
    console.run([compiler, f"-I{sdk}", "-o", program, languages.EXAMPLES / "c" / "example.c", *libraries])
    imports = pe.Image(program).imports
    assert {dll: sorted(names) for dll, names in imports.items() if dll.startswith(("Virtual", "Nation"))} == {
        "VirtualCardChk.dll": ["EhealthID_Print", "SetEcQrcode", "Set_QRflow_Mode", "VirtualCardTrans"],
        "NationECCode.dll": ["NationEcTrans"],
    }


def test_every_program_has_a_row() -> None:
    folders = {path.name for path in languages.EXAMPLES.iterdir() if any(path.glob("[Ee]xample.*"))}
    assert {row.folder for row in (*languages.IN_CI, *languages.BY_HAND)} == folders - {"powerbuilder", "vb"}
