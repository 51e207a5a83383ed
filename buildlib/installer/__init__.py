"""The setup program: a set and the NSIS script beside this file as one file, for each Windows target.

What it does with a HIS folder is `vcshim install` of the set in it (shim/install): the script asks for the folder,
hands words on and shows the answer. makensis comes from Debian, or from nsis.sourceforge.io on Windows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from buildlib import console, tools
from buildlib.compile import version
from buildlib.layout import DIST, RUNTIME, Target
from buildlib.package import signing

SCRIPT = Path(__file__).with_name("setup.nsi")
_LIMIT = 600.0
_STUBS = {32: "x86-unicode", 64: "amd64-unicode"}
_ON_WINDOWS = r"C:\Program Files (x86)\NSIS\makensis.exe"


def setup_program(target: Target) -> Path:
    """Where the setup program of a target is put."""
    return DIST / f"vcshim-{version()}-{target.name}-setup.exe"


def build(
    target: Target, output: Path | None = None, compressor: str = "/SOLID lzma", sign: Sequence[str] = ()
) -> Path:
    """Make the setup program of a product that is built. The same set gives the same bytes.

    Args:
        sign: the words of the command that signs it (buildlib/package/signing.py); the uninstaller in it is not signed.
        compressor: of NSIS; zlib takes a tenth of the time, and gives twice the size.
    """
    output = output or setup_program(target)
    source = target.folder / RUNTIME
    if not (source / "SHA256SUMS").exists():
        raise console.Failed(f"{source} is not complete: build {target.name} first")
    numbers = version()
    values = {
        "STUB": _STUBS[target.bits],
        "OUTPUT": output,
        "SOURCE": source,
        "VERSION": numbers,
        "NUMBERS": f"{numbers}.0",
        "BITS": target.bits,
        "TARGET": target.name,
        "COMPRESSOR": compressor,
    }
    definitions = [f"-D{name}={value}" for name, value in values.items()]
    words: list[str | Path] = [_makensis(), "-V2", "-NOCD", *definitions, SCRIPT]
    # NB: without it, NSIS writes the time of the build into its program.
    console.run(words, env={**os.environ, "SOURCE_DATE_EPOCH": "0"}, timeout=_LIMIT)
    signing.sign([output], sign)
    console.say(f"{output.name}: {output.stat().st_size / 1e6:.1f} MB")
    return output


def _makensis() -> str:
    found = shutil.which("makensis") or (_ON_WINDOWS if Path(_ON_WINDOWS).exists() else None)
    if found is None:
        tools.require("nsis")
    return str(found)
