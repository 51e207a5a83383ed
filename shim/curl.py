"""One POST as a command line of curl, to be pasted into a shell. Pure; sends nothing.

Two shells quote in two ways: ``sh`` (Linux, macOS, Git Bash) and ``cmd`` (the command prompt of Windows). For cmd a
JSON body is written in ASCII, because curl.exe gets its words in the code page of the PC and would send them so; a sign
does not change with that, since it is made of the values. Used by `vcshim call --curl` and by the simulator's console.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable

SHELLS = ("sh", "cmd")


def curl_command(url: str, headers: Iterable[tuple[str, str]], body: bytes, shell: str = "sh") -> str:
    """The command line for one of `SHELLS`, as one line."""
    quote = _for_cmd if shell == "cmd" else shlex.quote
    words = ["curl", quote(url)]
    for name, value in headers:
        words += ["-H", quote(f"{name}: {value}")]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        octal = "".join(f"\\{byte:03o}" for byte in body)
        return f"printf {shlex.quote(octal)} | {' '.join(words)} --data-binary @-"
    if shell == "cmd":
        text = _ascii_json(text)
    return " ".join([*words, "--data-raw", quote(text)])


def _ascii_json(text: str) -> str:
    """JSON with all other characters as escapes; anything else unchanged."""
    try:
        json.loads(text)
    except ValueError:
        return text
    return re.sub(r"[^\x00-\x7f]", lambda match: json.dumps(match[0])[1:-1], text)


def _for_cmd(word: str) -> str:
    """First as the C runtime reads an argument, then as cmd reads a line, where a caret takes a character's meaning.

    NB: %NAME% is replaced even between quotation marks, and a caret before the sign does not stop it: one behind does.
    """
    quoted = re.sub(r'(\\*)"', r'\1\1\\"', word)
    quoted = re.sub(r"(\\+)\Z", r"\1\1", quoted)
    line = re.sub(r'[()!^"<>&|]', r"^\g<0>", f'"{quoted}"').replace("%", "%^")
    return line.replace("\r", "").replace("\n", "^\n\n")
