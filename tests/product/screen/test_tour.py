"""`vcshim screen` as it ships: a tour that is shown is 0, one that is not says why."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.product import Product, install
from tests.support.screens import Place

TITLES = ["等待授权", "授权未成功，画面保留", "授权成功", "注册成功后的新码", "公众号关注码"]


def tour(place: Place, product: Product, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command, started in the folder of the program."""
    program = product.runtime / ("vcshim" if place.system == "linux" else "vcshim.exe")
    return subprocess.run(
        [*place.command([str(program)]), "--lang", "zh", "screen", "--seconds", "0.1"], cwd=product.runtime,
        env=env or place.env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip


@pytest.fixture
def shipped(place: Place, tmp_path: Path) -> Product:
    return install("linux-c" if place.system == "linux" else "win32-c", tmp_path / "his")


def test_a_tour_is_shown(place: Place, shipped: Product) -> None:
    done = tour(place, shipped)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line.removeprefix("显示：") for line in done.stdout.splitlines() if line.startswith("显示：")]
    assert shown == TITLES and "扩展屏已就绪" in done.stdout


def test_a_tour_without_a_second_monitor(place: Place, shipped: Product) -> None:
    place.unplug()
    done = tour(place, shipped)
    assert done.returncode == 1
    assert "失败：没有可用的扩展屏：请检查第二块显示器是否接好" in done.stdout and "显示：" not in done.stdout


def test_a_tour_without_a_display(linux_place: Place, tmp_path: Path) -> None:
    done = tour(linux_place, install("linux-c", tmp_path / "his"), {**os.environ, "DISPLAY": ""})
    assert done.returncode == 1
    assert done.stdout.endswith("失败：没有任何显示器：连不上 X 服务器，请核对环境变量 DISPLAY\n")
