"""What `build_dll.py demo` calls: the product, with the settings of a developer."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib import demo
from shim import configuration


def test_the_demo_shows_both_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product itself keeps its settings, which are the clerk's."""
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    product = tmp_path / "dist"
    (product / "vcshim").mkdir(parents=True)
    (product / "vcshim" / "core.so").write_bytes(b"core")
    for _ in range(2):  # a demo after a demo
        folder = demo._installed(product)
        assert configuration.read(folder).messages.audience == "developer"
        assert configuration.read(product).messages.audience == "clerk"
        assert (folder / "vcshim" / "core.so").read_bytes() == b"core"
