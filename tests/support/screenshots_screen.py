"""Pictures of the extension screen as a patient sees it: ``python -m tests.support.screenshots_screen FOLDER``.

The 32-bit DLL in a native program under Wine, the second monitor of an X server without hardware, photographed in every
state; consent is given to the simulator directly. Not a test.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from buildlib import console
from buildlib.clients import C_FLAGS, WIN32
from buildlib.wine import Wine
from shim.simulator.persons import NOTABLE
from shim.simulator.server import Simulator
from tests.product.test_screen import BAD, GOOD, INI, SOURCE, Host, codes, dots, is_dark, running
from tests.support.desk import Desk, wait_until
from tests.support.product import install

COLOURS = 64


def main(folder: Path) -> None:
    """All states into `folder`."""
    with tempfile.TemporaryDirectory() as name, Desk() as desk, Simulator() as simulator:
        work = Path(name)
        program = work / "screenhost.exe"
        console.run([WIN32, *C_FLAGS, "-o", program, SOURCE, "-mwindows"], timeout=120)
        product = install("win32-gui", work / "his").ini(INI + "valid_seconds = 20\n")

        def take(state: str, there: Callable[[], bool]) -> None:
            wait_until(there)
            file = folder / f"screen-{state}.png"
            picture = desk.picture(desk.ext).quantize(COLOURS, dither=Image.Dither.NONE)
            picture.save(file, optimize=True)
            print(f"{file.name}: {picture.width} x {picture.height}, {file.stat().st_size // 1024} KB")

        with (
            Wine(work / "wine", display=desk.display) as wine,
            running("win32", product, desk, wine, {"win32": program}, simulator.gateway) as host,
        ):
            photograph(host, simulator, desk, take)


def photograph(host: Host, simulator: Simulator, desk: Desk, take: Callable[[str, Callable[[], bool]], None]) -> None:
    """One consent given, one refused and left to run out."""
    host.mode(1)
    url = host.ask("SHOT1")
    take("waiting", lambda: codes(desk) == [url])
    simulator.state.authorisations.consent(url, NOTABLE[0].code_id)
    host.query("SHOT1")
    take("succeeded", lambda: dots(desk, GOOD) > 1000)
    wait_until(lambda: is_dark(desk))
    url = host.ask("SHOT2")
    wait_until(lambda: codes(desk) == [url])
    simulator.state.authorisations.decline(url, "cancel")
    host.query("SHOT2")
    take("refused", lambda: dots(desk, BAD) > 1000)
    wait_until(lambda: is_dark(desk))
    url = host.ask("SHOT3")
    wait_until(lambda: codes(desk) == [url])
    take("expired", lambda: dots(desk, BAD) > 1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
