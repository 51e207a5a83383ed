"""Signs the programs and DLLs of a set (Authenticode) by the command that `--sign` gives; without it nothing is.

The command is that of whatever holds the certificate, without the file, such as
`osslsigncode sign -pkcs12 hospital.p12 -readpass secret.txt -h sha256 -ts ADDRESS` or `signtool sign /fd sha256 /a`.
Neither the command nor a password in it is ever printed. Signing goes before the checksums are taken.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from buildlib import console

_SUFFIXES = (".dll", ".exe", ".pyd")
_LIMIT = 300.0  # seconds for a file; a time stamp comes from a server
# Tools that write another file instead of the one they read.
_WRITE_ANOTHER = frozenset({"osslsigncode"})


def split(command: str) -> tuple[str, ...]:
    """The words of a command as the system's shell would have them; no words for no command."""
    words = shlex.split(command, posix=os.name != "nt")
    return tuple(word.strip('"') if os.name == "nt" else word for word in words)


def programs(folder: Path) -> list[Path]:
    """The files below `folder` that are signed: all that Windows can load, ours and others'."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES]


def sign(paths: Iterable[Path], words: Sequence[str]) -> None:
    """Sign files in their place.

    Raises:
        Failed: the command failed; with what it printed.
    """
    if not words:
        return
    for path in paths:
        output = path.with_name(f"{path.name}.signed")
        if Path(words[0]).stem.lower() in _WRITE_ANOTHER:
            output.unlink(missing_ok=True)
            _run([*words, "-in", str(path), "-out", str(output)], path)
            os.replace(output, path)
        else:
            _run([*words, str(path)], path)


def _run(words: Sequence[str], path: Path) -> None:
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            errors="replace", timeout=_LIMIT, check=False,
        )  # fmt: skip
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise console.Failed(f"signing {path.name}: {words[0]} {_cause(error)}") from None
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-10:])
        raise console.Failed(f"signing {path.name}: {words[0]} ended with {done.returncode}\n{tail}")


def _cause(error: Exception) -> str:
    return "is not there" if isinstance(error, FileNotFoundError) else f"was still running after {_LIMIT:.0f} s"
