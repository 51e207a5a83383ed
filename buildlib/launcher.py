"""`vcshim` for a checkout: a small script beside the environment's interpreter, which runs the commands from there.

Not the product's vcshim.exe. Written by `build_dll.py demo`, so that what the documents name exists, the simulator
included; without pip, which would build a wheel first.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from buildlib import environment
from buildlib.layout import ROOT

# -P: a folder `shim` where the command is started is not ours.
_POSIX = '#!/bin/sh\nPYTHONPATH={root} exec {python} -P -m shim.cli "$@"\n'
_WINDOWS = '@setlocal\r\n@set "PYTHONPATH={root}"\r\n@"{python}" -P -m shim.cli %*\r\n'


def write(root: Path = ROOT, python: Path | None = None) -> Path:
    """Write the script for the sources in `root`, beside `python`, by default the environment's; its path."""
    interpreter = (python or environment.python()).absolute()
    if os.name == "nt":
        path, text = interpreter.with_name("vcshim.cmd"), _WINDOWS.format(root=root, python=interpreter)
    else:
        words = {"root": shlex.quote(str(root)), "python": shlex.quote(str(interpreter))}
        path, text = interpreter.with_name("vcshim"), _POSIX.format(**words)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(text.encode())
    new.chmod(0o755)
    os.replace(new, path)
    return path
