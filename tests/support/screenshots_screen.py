"""Pictures of the extension screen as a patient sees it: ``python -m tests.support.screenshots_screen FOLDER``.

The 32-bit DLL in a native program under Wine, on the second monitor of an X server without hardware, photographed in
four phases; consent is given to the simulator directly. Not a test.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from buildlib.wine import Wine
from shim.simulator.persons import NOTABLE
from shim.simulator.server import Simulator
from tests.support.desk import Desk, wait_until
from tests.support.product import install
from tests.support.screenhost import BAD, GOOD, INI, ScreenHost, codes, compile_program, is_hidden, running, shows

COLOURS = 64


def main(folder: Path) -> None:
    """Write all pictures into `folder`."""
    with tempfile.TemporaryDirectory() as name, Desk() as desk, Simulator() as simulator:
        work = Path(name)
        program = compile_program("win32", work)
        product = install("win32-gui", work / "his").ini(INI + "valid_seconds = 20\n")

        def take(phase: str, condition: Callable[[], bool]) -> None:
            wait_until(condition)
            file = folder / f"screen-{phase}.png"
            picture = desk.picture(desk.ext).quantize(COLOURS, dither=Image.Dither.NONE)
            picture.save(file, optimize=True)
            print(f"{file.name}: {picture.width} x {picture.height}, {file.stat().st_size // 1024} KB")

        with (
            Wine(work / "wine", display=desk.display) as wine,
            running(program, product, desk, wine, simulator.gateway) as host,
        ):
            photograph(host, simulator, desk, take)


def photograph(
    host: ScreenHost, simulator: Simulator, desk: Desk, take: Callable[[str, Callable[[], bool]], None]
) -> None:
    """One consent that is given, one that is refused, one that expires."""
    host.mode(1)
    url = host.ask("SHOT1")
    take("waiting", lambda: codes(desk) == [url])
    simulator.state.authorisations.consent(url, NOTABLE[0].code_id)
    host.query("SHOT1")
    take("succeeded", lambda: shows(desk, GOOD))
    wait_until(lambda: is_hidden(desk))
    url = host.ask("SHOT2")
    wait_until(lambda: codes(desk) == [url])
    simulator.state.authorisations.decline(url, "cancel")
    host.query("SHOT2")
    take("refused", lambda: shows(desk, BAD))
    wait_until(lambda: is_hidden(desk))
    url = host.ask("SHOT3")
    wait_until(lambda: codes(desk) == [url])
    take("expired", lambda: shows(desk, BAD))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
