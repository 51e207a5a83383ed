"""What the extension screen costs a call: `build_dll.py bench screen [linux win32] [--calls N] [--starts N]`.

Two programs make the same calls in turn: one with `type = none`, one with a window on the second monitor of an X server
without hardware that counts down. The platform is the simulator in this process. Three situations: a code on the
screen, the helper stopped (SIGSTOP) every fifty calls, and the first call of a program while the screen is being
started in the background. The program itself measures each call.

Measures and prints; asserts nothing. Build first (build_dll.py host, win32).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from buildlib.wine import Wine
from shim.simulator.persons import NOTABLE
from shim.simulator.server import Simulator
from tests.support.clients import Kind
from tests.support.desk import Desk, wait_until
from tests.support.product import Product, install
from tests.support.screenhost import GOOD, INI, ScreenHost, codes, compile_program, is_hidden, running, shows
from tests.support.screens import System, helper_processes

_PAUSE = 0.02


class Rig:
    """A desk, a Wine prefix on it, the program for both systems, a simulator."""

    def __init__(self, folder: Path, desk: Desk, simulator: Simulator) -> None:
        self.folder = folder
        self.desk = desk
        self.simulator = simulator
        self.wine = Wine(folder / "wine", display=desk.display)
        systems: tuple[System, ...] = ("linux", "win32")
        self.programs = {system: compile_program(system, folder) for system in systems}

    def product(self, system: System, name: str, ini: str) -> Product:
        folder = self.folder / f"{system}-{name}"
        kind: Kind = "linux-c" if system == "linux" else "win32-gui"
        product = Product(kind, folder) if folder.exists() else install(kind, folder)
        return product.ini(ini)

    @contextlib.contextmanager
    def host(self, system: System, product: Product) -> Iterator[ScreenHost]:
        wine = self.wine if system == "win32" else None
        with running(self.programs[system], product, self.desk, wine, self.simulator.gateway) as host:
            yield host


def query(host: ScreenHost, number: str) -> float:
    """Microseconds of one auth.query."""
    host.call("ehc.ehealthcard.auth.query", {"out_authorize_no": number})
    return host.last_microseconds


def steady(rig: Rig, system: System, calls: int, stop: bool) -> dict[str, list[float]]:
    """auth.query by both programs in turn; `stop` hangs the helper every fiftieth time."""
    without, with_screen = rig.product(system, "none", "[screen]\ntype = none\n"), rig.product(system, "window", INI)
    times: dict[str, list[float]] = {"none": [], "window": []}
    with rig.host(system, without) as one, rig.host(system, with_screen) as other:
        other.mode(1)
        for host, number in ((one, "B1"), (other, "B2")):
            host.ask(f"{number}-{time.time_ns()}")
            host.ask(f"{number}-{system}-{stop}")
        time.sleep(2)
        for turn in range(calls):
            if turn % 50 == 0:
                other.ask(f"B2-{system}-{stop}")  # another 60 seconds
                if stop:
                    for process in helper_processes(rig.desk.display):
                        os.kill(process, signal.SIGSTOP)
            times["none"].append(query(one, f"B1-{system}-{stop}"))
            times["window"].append(query(other, f"B2-{system}-{stop}"))
            time.sleep(_PAUSE)
    return times


def first(rig: Rig, system: System, starts: int) -> dict[str, list[float]]:
    """Set_QRflow_Mode(1), then at once authurl, of a program that has just been started."""
    times: dict[str, list[float]] = {"none": [], "window": []}
    for turn in range(starts):
        for name, ini in (("none", "[screen]\ntype = none\n"), ("window", INI)):
            with rig.host(system, rig.product(system, f"first-{name}", ini)) as host:
                host.order("mode 1")
                host.ask(f"F-{system}-{turn}-{name}")
                times[name].append(host.last_microseconds)
    return times


def turning(rig: Rig, system: System, consents: int) -> list[float]:
    """Seconds from a patient's consent to the green sign; the program asks within a second, as a host that polls."""
    times = []
    with rig.host(system, rig.product(system, "window", INI)) as host:
        host.mode(1)
        for turn in range(consents):
            number = f"T-{system}-{turn}"
            url = host.ask(number)
            wait_until(lambda: len(codes(rig.desk)) == 1)
            assert rig.simulator.state.authorisations.consent(url, NOTABLE[0].code_id)
            consented = time.monotonic()
            time.sleep(random.uniform(0, 1))
            assert host.query(number) == "succ"
            wait_until(lambda: shows(rig.desk, GOOD))
            times.append(time.monotonic() - consented)
            wait_until(lambda: is_hidden(rig.desk))
    return times


def show(title: str, times: dict[str, list[float]]) -> None:
    """One line for each program, and what the screen adds."""
    print(title)
    cells = {name: figures(values) for name, values in times.items()}
    for name, (median, p99, largest) in cells.items():
        print(f"  {name:<8} median {median:8.2f} ms   p99 {p99:8.2f} ms   largest {largest:8.2f} ms")
    added = [window - none for window, none in zip(cells["window"], cells["none"], strict=True)]
    print(f"  added    median {added[0]:8.2f} ms   p99 {added[1]:8.2f} ms   largest {added[2]:8.2f} ms", flush=True)


def figures(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(value / 1000 for value in values)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], ordered[-1]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="build_dll.py bench screen")
    parser.add_argument("systems", nargs="*", choices=["linux", "win32", []], help="both, if none")
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--starts", type=int, default=10)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-screen-") as folder, Desk() as desk, Simulator() as simulator:
        simulator.misbehave("again:1")
        rig = Rig(Path(folder), desk, simulator)
        try:
            for system in options.systems or ("linux", "win32"):
                show(f"{system}: a code on the screen", steady(rig, system, options.calls, stop=False))
                show(f"{system}: the helper hangs now and then", steady(rig, system, options.calls, stop=True))
                show(f"{system}: authurl as the first call", first(rig, system, options.starts))
                turned = sorted(turning(rig, system, options.starts))
                title = f"{system}: consent to 授权成功"
                print(f"{title}  median {statistics.median(turned):.2f} s  largest {turned[-1]:.2f} s", flush=True)
        finally:
            rig.wine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
