"""Which serial ports this PC has. Looks only; opens nothing.

NB: not pyserial's list_ports: it imports a function of cfgmgr32 that Wine lacks, and costs another import.
"""

from __future__ import annotations

import glob
import sys

from shim import bilingual
from shim.bilingual import NONE, Bilingual


def serial_ports() -> tuple[str, ...]:
    """Names to open them by, in a steady order. Only ports that are there now: an unplugged USB port is not listed."""
    if sys.platform == "win32":
        import winreg

        names: list[str] = []
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DEVICEMAP\SERIALCOMM") as key:
                for index in range(winreg.QueryInfoKey(key)[1]):
                    names.append(str(winreg.EnumValue(key, index)[1]))
        except OSError:
            return ()  # the key is made with the first port
        return tuple(sorted(names, key=lambda name: (len(name), name)))
    return tuple(sorted(path for pattern in ("/dev/ttyUSB*", "/dev/ttyACM*") for path in glob.glob(pattern)))


def listing() -> Bilingual:
    """The serial ports of this PC for a message."""
    return bilingual.word_list(serial_ports()) or NONE
