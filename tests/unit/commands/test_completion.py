"""Completion: what a real bash offers; that PowerShell's script has the same words. There is no PowerShell here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from shim import cli, toolbox
from shim.commands import completion


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "vcshim.bash"
    path.write_text(completion.script("bash", cli._parser(cli.COMMANDS), "vcshim"))
    return path


def offered(script: Path, *words: str) -> set[str]:
    """What bash offers for the last word, in a process of its own."""
    line = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _vcshim; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", line, "bash", str(script), "vcshim", *words],
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["ver"], {"versions"}),
        (["co"], {"config", "completion"}),
        (["config", "se"], {"set"}),
        (["config", "get", "scanner.po"], {"scanner.port"}),
        (["config", "set", "--fo"], {"--folder"}),
        (["log", "--level", ""], {"error", "warning", "info", "debug", "wire"}),
        (["log", "--level", "error", "--fol"], {"--follow", "--folder"}),
        (["log", "--out", ""], set()),  # the names of files are bash's own
        (["--lang", "z"], {"zh"}),
        (["completion", ""], {"--help", "--lang", "--json", "bash", "powershell"}),
        (["nonsense", "ver"], {"versions"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_bash_offers(bash: Path, words: list[str], wanted: set[str]) -> None:
    assert offered(bash, *words) == wanted


def test_every_command_is_offered() -> None:
    rows = completion.table("vcshim", cli._parser(cli.COMMANDS))
    assert set(cli.COMMANDS) <= set(rows["vcshim"])
    assert all(f"vcshim {name}" in rows for name in cli.COMMANDS)
    assert "--worker" not in rows["vcshim learn"]


def test_powershell_has_the_same_words() -> None:
    parser = cli._parser(toolbox.COMMANDS)
    script = completion.script("powershell", parser, "vcshim-toolbox")
    found = {name: words.split(" ") for name, words in re.findall(r"(?m)^    '([^']+)' = '([^']*)'$", script)}
    assert found == completion.table("vcshim", parser)
    assert "-CommandName vcshim-toolbox, vcshim-toolbox.exe " in script and script.isascii()
    assert script.count("{") == script.count("}")
