"""The environment variables that Python code inside a host may see: the rows of `KEPT`, and no others.

A host's environment holds what was set for other programs: proxies, certificates, key logs, search paths. Libraries
read such variables without being asked. `hide` takes them out of the interpreter's own copy, of which `os.environ` is
made. The environment of the process belongs to the host and is not changed; child processes inherit it whole. What C
code reads is not in that copy: native/environment.h, docs/design/environment.md.

Used by native/boot.c and native/vcshim.c, in an interpreter of their own; never in a host that is a Python program.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Mapping
from types import MappingProxyType

# The name, in upper case on Windows: who reads it.
_WINDOWS = {
    "LOCALAPPDATA": "shim/folders.py: where logs and kept answers go if the folder of the DLLs cannot be written to",
    "TEMP": "shim/folders.py: the same, if there is no LOCALAPPDATA",
    "PROGRAMW6432": "shim/folders.py: the settings for all users of this PC",
    "PROGRAMFILES": "shim/folders.py: the same, on a Windows of 32 bits",
    "SYSTEMROOT": "shim/drawing/fonts.py: the folder of the fonts",
}
_LINUX = {
    "XDG_STATE_HOME": "shim/folders.py: where locks are, and logs if the folder of the libraries cannot be written to",
    "HOME": "shim/folders.py, shim/devices/autofill/x11.py: the same; ~/.Xauthority",
    "DISPLAY": "shim/devices/autofill/xtest.py: the X server to type on",
    "XAUTHORITY": "shim/devices/autofill/x11.py: the key to that server",
}
_LOCALE = "shim/commands/language.py: the language of help and output"
KEPT: Mapping[str, str] = MappingProxyType(_WINDOWS if sys.platform == "win32" else _LINUX)
KEPT_BY_COMMANDS: Mapping[str, str] = MappingProxyType(
    {} if sys.platform == "win32" else dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"), _LOCALE)
)
"""What `vcshim` keeps besides: no host is there to which the variables belong."""


def hide() -> None:
    """Remove every variable but those of `KEPT` from what `os.environ` will be made of. One thread, before `os`."""
    _hide_all_but(KEPT)


def hide_from_commands() -> None:
    """The same for a program of our own, which keeps those of `KEPT_BY_COMMANDS` as well."""
    _hide_all_but({**KEPT, **KEPT_BY_COMMANDS})


def _hide_all_but(kept: Container[str]) -> None:
    if sys.platform == "win32":
        import nt

        for name in [name for name in nt.environ if name.upper() not in kept]:
            del nt.environ[name]
    else:
        import posix

        for key in [key for key in posix.environ if key.decode("latin-1") not in kept]:
            del posix.environ[key]
