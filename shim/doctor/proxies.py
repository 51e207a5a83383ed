"""Check of proxies: the one of [transport], and those that Windows and the environment name and vcshim does not use."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shim.commands.catalogue import doctor_platforms as phrases
from shim.commands.language import Phrase
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.errors import HostError
from shim.transport.address import Address, parse_proxy

SET = FindingRow("proxy.set", Level.OK, phrases.PROXY_SET)
NONE = FindingRow("proxy.none", Level.OK, phrases.PROXY_NONE)
IGNORED = FindingRow("proxy.ignored", Level.NOTE, phrases.PROXY_IGNORED, phrases.PROXY_IGNORED_MEANS)
SCRIPT = FindingRow("proxy.script", Level.NOTE, phrases.PAC_IGNORED, phrases.PROXY_IGNORED_MEANS, phrases.PAC_REMEDY)

_INTERNET_OPTIONS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True)
class SystemProxy:
    """A proxy that something else than vcshim.ini names.

    Attributes:
        source: where, as people are told.
        address: the proxy, without user and password; "" for a script.
        script: the address of a script that chooses one; "" for none.
    """

    source: Phrase
    address: str
    script: str = ""


def look_at_proxies(place: Place) -> Iterator[CheckFinding]:
    """Which proxy is in use, and which are there besides."""
    own = place.settings.transport.proxy
    yield SET(proxy=_without_user(own)) if own else NONE()
    for each in system_proxies():
        if each.script:
            yield SCRIPT(text=each.source, url=without_query(each.script))
        elif not own:
            yield IGNORED(text=each.source, proxy=each.address)


def system_proxies(environ: Mapping[str, str] | None = None) -> list[SystemProxy]:
    """Those of the environment and of Windows, each once."""
    found = [*_of_environment(os.environ if environ is None else environ)]
    found += _of_windows() if sys.platform == "win32" else []
    return list({(each.address, each.script): each for each in reversed(found)}.values())[::-1]


def proxy_address(text: str) -> Address | None:
    """A proxy's address as the transport takes it; None for one that it cannot use."""
    try:
        return parse_proxy(text)
    except HostError:
        return None


def _of_environment(environ: Mapping[str, str]) -> Iterator[SystemProxy]:
    for name in _VARIABLES:
        for variable in (name, name.upper()):
            if environ.get(variable):
                text = phrases.IN_ENVIRONMENT
                named = Phrase(text.zh.format(name=variable), text.en.format(name=variable))
                yield SystemProxy(named, _without_user(environ[variable]))


def _of_windows() -> Iterator[SystemProxy]:
    from shim.winapi.winhttp import machine_proxy

    proxy, script = _of_user()
    yield from (SystemProxy(phrases.IN_WINDOWS, each) for each in windows_proxies(proxy))
    if script:
        yield SystemProxy(phrases.IN_WINDOWS, "", script)
    yield from (SystemProxy(phrases.IN_WINHTTP, each) for each in windows_proxies(machine_proxy()))


def _of_user() -> tuple[str, str]:
    """The proxies and the script of this user's Internet options, or of those that a policy sets for all; "" for none.

    NB: read where Windows keeps them: Wine 8 answers WinHttpGetIEProxyConfigForCurrentUser with none, whatever is set.
    """
    if sys.platform != "win32":
        return "", ""
    import winreg

    proxy = script = ""
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        try:
            with winreg.OpenKey(root, _INTERNET_OPTIONS) as key:
                names = (winreg.EnumValue(key, number) for number in range(winreg.QueryInfoKey(key)[1]))
                values = {name.lower(): value for name, value, _ in names}
        except OSError:
            continue
        proxy = proxy or (str(values.get("proxyserver") or "") if values.get("proxyenable") else "")
        script = script or str(values.get("autoconfigurl") or "")
    return proxy, script


def windows_proxies(text: str) -> list[str]:
    """The HTTP proxies of a text of Windows: ``host:port``, or ``http=host:port;https=host:port``."""
    parts = [part.rpartition("=") for part in re.split(r"[;\s]+", text) if part]
    return list(dict.fromkeys(_without_user(value) for kind, _, value in parts if kind in ("", "http", "https")))


def _without_user(text: str) -> str:
    return re.sub(r"(?<=//)[^/@]*@|^[^/@]*@", "", text.strip()).rstrip("/")


def without_query(text: str) -> str:
    """An address as people and support may see it: without user, password and query."""
    return _without_user(text.partition("?")[0])
