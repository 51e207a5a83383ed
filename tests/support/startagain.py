"""Runs tests/native/startagain.c: calls of one export with memory or files taken away and given back in between."""

from __future__ import annotations

import subprocess
from pathlib import Path

from buildlib.wine import Wine
from tests.support.calls import QUERY, VERIFY
from tests.support.clients import Rig
from tests.support.product import Product


def run_steps(
    rig: Rig, product: Product, *steps: str | Path, export: str = "VirtualCardTrans"
) -> list[tuple[str, str]]:
    """Code and text of each step `call`, a verify or an insurance query of the contract at the address sim:."""
    is_vc = export == "VirtualCardTrans"
    in_data = product.folder / "in.json"
    in_data.write_bytes((VERIFY if is_vc else QUERY)["in"].encode("gb18030"))
    words: list[str | Path] = [product.library("VC" if is_vc else "EC"), export, "sim:", in_data, *steps]
    if product.kind.startswith("win"):
        program = Wine.windows_path(rig.program("startagain.exe"))
        told = [Wine.windows_path(word) if isinstance(word, Path) else word for word in words]
        done = rig.wine32.run([program, *told], timeout=120)
    else:
        command = [str(rig.program("startagain")), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    lines = (line.split(" ") for line in done.stdout.splitlines())
    return [(code, bytes.fromhex(text).decode("gb18030")) for code, text in lines]
