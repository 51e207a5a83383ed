"""The built product as a host finds it on disk: copies of dist/, which a test may furnish and spoil.

Used by the tests that load the real libraries; builds nothing (build_dll.py test does that first).
"""

from __future__ import annotations

import marshal
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from buildlib.layout import BUILD
from tests.support import windows_pythons
from tests.support.clients import Kind, Reply, Rig, Streams, load_line, run_client
from tests.support.needs import NotBuilt
from tests.support.paths import ROOT

KINDS: tuple[Kind, ...] = (
    "linux-c", "linux-ctypes", "win32-c", "win32-gui", "win32-delphi", "win32-ctypes", "win64-c",
)  # fmt: skip

_STUB = """
import sys
with open(f"{sys.prefix}/replaced/{__spec__.name}.py", "rb") as file:
    exec(compile(file.read(), file.name, "exec"))
"""


@dataclass(frozen=True)
class Product:
    """One installation in `folder`, for one kind of client."""

    kind: Kind
    folder: Path

    @property
    def runtime(self) -> Path:
        """The vcshim folder."""
        return self.folder / "vcshim"

    @property
    def core(self) -> Path:
        return self.runtime / ("libvcshim_core.so" if self.kind.startswith("linux") else "vcshim_core.dll")

    @property
    def logs(self) -> Path:
        return self.folder / "vcshim_log"

    def library(self, which: Literal["VC", "EC"]) -> Path:
        """VirtualCardChk or NationECCode."""
        name = {"VC": "VirtualCardChk", "EC": "NationECCode"}[which]
        return self.folder / (f"lib{name}.so" if self.kind.startswith("linux") else f"{name}.dll")

    def ini(self, text: str) -> Product:
        """Replace vcshim.ini."""
        path = self.folder / "vcshim.ini"
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        return self

    def load_lines(self) -> list[str]:
        return [load_line(self.kind, "VC", self.library("VC")), load_line(self.kind, "EC", self.library("EC"))]

    def run(
        self,
        rig: Rig,
        lines: list[str],
        *,
        streams: Streams = "capture",
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        timeout: float = 120,
        exit_code: int = 0,
        quiet: bool = False,
    ) -> list[Reply]:
        """Load both libraries, carry out `lines`, return the replies. `quiet`: nothing may be printed."""
        runtime = python_runtime(self) if self.kind == "win32-ctypes" else None
        return run_client(
            self.kind, [*self.load_lines(), *lines], rig=rig, runtime=runtime, streams=streams, cwd=cwd, env=env,
            timeout=timeout, exit_code=exit_code, quiet=quiet,
        )  # fmt: skip

    def replace_module(self, name: str, source: str) -> Product:
        """Put other source in the place of a module of ours, such as shim/wiring, that is frozen into the core.

        What is written over its code is code that carries out a file in the vcshim folder.
        """
        (self.runtime / "replaced").mkdir(exist_ok=True)
        (self.runtime / "replaced" / f"{name.replace('/', '.')}.py").write_text(source, encoding="utf-8")
        return self.overwrite_module(name, marshal.dumps(compile(_STUB, f"{name}.py", "exec")))

    def overwrite_module(self, name: str, code: bytes) -> Product:
        """Write over the beginning of the code of a module, such as json/decoder, in the core."""
        work = BUILD / _dist(self.kind)
        rows = (line.split() for line in (work / "modules.txt").read_text("ascii").splitlines())
        place, size = next((int(at), int(size)) for module, at, size in rows if module == name.replace("/", "."))
        core = self.core.read_bytes()
        start = core.index((work / "modules.bin").read_bytes()) + place
        assert len(code) <= size
        self.core.unlink()  # a hard link
        self.core.write_bytes(core[:start] + code + core[start + len(code) :])
        return self

    def log_text(self) -> str:
        """Everything the log of this installation holds."""
        return "".join(path.read_text("utf-8") for path in sorted(self.logs.glob("*.log")))


def install(kind: Kind, folder: Path) -> Product:
    """A fresh copy of the product for `kind` in `folder` (hard links: replace files, do not change them)."""
    dist = _dist(kind)
    source = ROOT / "dist" / dist
    if not (source / "vcshim" / "SHA256SUMS").exists():  # the build's last step
        raise NotBuilt(dist)
    ignore: Callable[..., set[str]] = shutil.ignore_patterns("vcshim_log", "vcshim.ini")
    shutil.copytree(source, folder, copy_function=_link, ignore=ignore, dirs_exist_ok=True)
    return Product(kind, folder)


def _dist(kind: Kind) -> str:
    """The folder of dist/, and of build/, by its name; or the path of another."""
    name = {"linux": "host"}.get(system := kind.partition("-")[0], system)
    return os.environ.get(
        f"VCSHIM_{name.upper()}_PRODUCT", name
    )  # `build_dll.py coverage` and `toolchains` have others


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def python_runtime(product: Product) -> Path:
    """A 32-bit python.exe in a folder of its own, on CPython's own DLLs: the host program of win32-ctypes.

    It can import shim.
    """
    return windows_pythons.product_python(product.folder, _beside(product, "python")).parent


def shipped_python(product: Product) -> Path:
    """A 32-bit python.exe on copies of the files that ship."""
    return windows_pythons.shipped_python(product.folder, _beside(product, "shipped"))


def _beside(product: Product, name: str) -> Path:
    return product.folder.parent / f"{product.folder.name}-{name}"
