"""Check of security software: what is installed and known to quarantine files or to hold up DLLs and connections.

By a table of names of services and drivers, which the registry lists for every user. That it is there is no fault.
Names are those that the products' installers give; a product more is a row more.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator

from shim.commands.catalogue import doctor_system as phrases
from shim.commands.language import Phrase
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place

PRESENT = FindingRow("security.present", Level.NOTE, phrases.SECURITY, phrases.SECURITY_MEANS, phrases.EXEMPT)

# What people call it, and names of its services, drivers or programs in lower case.
PRODUCTS: tuple[tuple[Phrase, frozenset[str]], ...] = (
    (phrases.S_360, frozenset({"zhudongfangyu", "360fsflt", "360antihacker", "360tray.exe", "360sd.exe"})),
    (phrases.S_TIANQING, frozenset({"qaxtray.exe", "tqclient", "tqsafeui.exe", "trantorsvr.exe", "trantoragent.exe"})),
    (phrases.S_HUORONG, frozenset({"hipsdaemon", "sysdiag", "hipsdaemon.exe", "hipstray.exe", "wsctrlsvc"})),
    (phrases.S_TENCENT, frozenset({"qqpcrtp", "tssysfit", "tfsflt", "qqpctray.exe", "qqpcrtp.exe"})),
    (phrases.S_KINGSOFT, frozenset({"kxescore", "kisknl", "kxescore.exe", "kxetray.exe"})),
    (phrases.S_RISING, frozenset({"rsmgrsvc", "rsravmon", "ravmond.exe", "rstray.exe"})),
    (phrases.S_SANGFOR, frozenset({"sfavsvc", "edr_monitor", "edr_monitor.exe", "edr_agent.exe", "sfavtray.exe"})),
    (phrases.S_VRV, frozenset({"vrvedp_m.exe", "vrvsafec.exe", "vrvrf_c.exe", "watchclient.exe"})),
    (phrases.S_DEFENDER, frozenset({"msmpeng.exe"})),
    (phrases.S_KASPERSKY, frozenset({"klif", "avp.exe", "kavfs"})),
    (phrases.S_SYMANTEC, frozenset({"sepmasterservice", "ccsvchst.exe"})),
    (phrases.S_TREND, frozenset({"ntrtscan", "tmlisten", "ntrtscan.exe", "tmlisten.exe", "pccntmon.exe"})),
    (phrases.S_ESET, frozenset({"ekrn", "eamonm", "ekrn.exe"})),
    (phrases.S_MCAFEE, frozenset({"mfefire", "mfevtp", "mcshield", "mcshield.exe"})),
    (phrases.S_SOPHOS, frozenset({"savservice", "sophos endpoint defense service", "savservice.exe"})),
    (phrases.S_CROWDSTRIKE, frozenset({"csagent", "csfalconservice", "csfalconservice.exe"})),
)  # fmt: skip
_SERVICES = r"SYSTEM\CurrentControlSet\Services"


def look_at_security(place: Place) -> Iterator[CheckFinding]:
    """The products of the table that this PC has."""
    if sys.platform != "win32":
        return
    yield from products_among({*_services(), *_programs()})


def products_among(names: Collection[str]) -> Iterator[CheckFinding]:
    """A finding for each product of which something has one of these names."""
    for product, known in PRODUCTS:
        if known & set(names):
            yield PRESENT(product=product)


def _services() -> Iterator[str]:
    """The names of services and drivers, in lower case."""
    if sys.platform != "win32":
        return
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _SERVICES) as key:
            for number in range(winreg.QueryInfoKey(key)[0]):
                yield winreg.EnumKey(key, number).lower()
    except OSError:
        return


def _programs() -> Iterator[str]:
    """The file names of running programs, in lower case."""
    from shim.winapi.toolhelp import running_programs

    yield from (name.lower() for _, name in running_programs())
