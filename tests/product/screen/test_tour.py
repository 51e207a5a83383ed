"""`vcshim screen` as it ships: a tour that is shown is 0, one that is not says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.screens import Place

TITLES = [
    "等待授权", "授权未成功，二维码保留", "授权成功", "注册成功后的新码（静态码）", "注册成功后的新码（限时码）",
    "公众号关注码",
]  # fmt: skip


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
    assert "失败：没有可用的扩展屏：系统只有一个显示器（" in done.stdout and "显示：" not in done.stdout
    assert "安全软件" not in done.stdout


def test_a_tour_on_a_monitor_that_is_not_there(place: Place, shipped: Product) -> None:
    shipped.ini("[screen]\nmonitor = 7\n")
    done = tour(place, shipped)
    assert done.returncode == 1
    assert "失败：没有可用的扩展屏：vcshim.ini 的 [screen] monitor = 7 不是可用的显示器；本机依次有 " in done.stdout


def test_a_tour_without_the_helper(linux_place: Place, tmp_path: Path) -> None:
    """The program of the window cannot be run: which one, and what the system says."""
    shipped = install("linux-c", tmp_path / "his")
    done = subprocess.run(
        [sys.executable, "-m", "shim.cli", "--lang", "zh", "screen", "--seconds", "0.1",
         "--folder", str(broken(shipped.runtime))],
        env={**linux_place.env, "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "失败：扩展屏辅助程序无法启动：系统拒绝运行 " in done.stdout and "安全软件" not in done.stdout


def broken(runtime: Path) -> Path:
    """The installation, its vcshim no program any more."""
    (runtime / "vcshim").unlink()
    (runtime / "vcshim").write_text("")
    return runtime.parent


def test_a_tour_without_a_display(linux_place: Place, tmp_path: Path) -> None:
    done = tour(linux_place, install("linux-c", tmp_path / "his"), {**os.environ, "DISPLAY": ""})
    assert done.returncode == 1
    assert done.stdout.endswith("失败：没有任何显示器：连不上 X 服务器，请核对环境变量 DISPLAY\n")
