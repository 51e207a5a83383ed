"""Which set the front loads: the folder vcshim, or the one in it that current.txt names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.calls import VERIFY
from tests.support.clients import Kind, Rig, trans_line
from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.startagain import run_steps

FILES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "current.json").read_text("utf-8"))["files"]
KINDS: tuple[Kind, ...] = ("linux-c", "win32-c")


def divide(product: Product, *names: str) -> Product:
    """Turn an installation into one whose sets stand side by side, all of the same files."""
    whole = product.folder / "whole"
    product.runtime.rename(whole)
    product.runtime.mkdir()
    for name in names:
        copy = install(product.kind, product.folder.parent / f"for {name}")
        copy.runtime.rename(product.runtime / name)
    whole.rename(product.folder / "taken away")
    return product


def verify(product: Product, rig: Rig) -> tuple[str, str]:
    """A call, and the folder of the core that has answered it."""
    (reply,) = product.run(rig, [trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:")])
    started = [json.loads(line) for line in product.log_text().splitlines()]
    return bytes.fromhex(reply.ret).decode("ascii"), next(line["set"] for line in reversed(started) if "set" in line)


@pytest.mark.parametrize("kind", KINDS)
def test_the_set_that_the_file_names(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    product = divide(install(kind, tmp_path / "his"), "1.0-a", "2.0-b")
    for name in ("1.0-a", "2.0-b", "1.0-a"):
        (product.runtime / "current.txt").write_bytes(f"{name}\n".encode())
        code, chosen = verify(product, rig)
        assert (code, chosen.replace("\\", "/").rsplit("/", 2)[1:]) == ("00", ["vcshim", name])


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_file_may_name(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Without any core: the message says which one was wanted. One process, which looks again with every call."""
    product = install(kind, tmp_path / "his").ini("[start]\nwarm_up = off\n[messages]\naudience = developer\n")
    product.runtime.rename(tmp_path / "away")
    product.runtime.mkdir()
    current, steps = product.runtime / "current.txt", list[Path | str]()
    for number, row in enumerate(FILES):
        file = tmp_path / f"{number}.txt"
        file.write_bytes(row["text"].encode())
        steps += ["move", file, current, "call", "move", current, tmp_path / f"{number}.used"]
    replies = run_steps(rig, product, *steps)
    wanted = [(product.runtime / row["name"] / product.core.name).as_posix() for row in FILES]
    named = [text.replace("\\", "/").partition("无法加载 ")[2].partition(" ")[0] for _, text in replies]
    assert [name[name.index("/") :] for name in named] == wanted
