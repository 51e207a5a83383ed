"""`vcshim completion`: the script by which bash or PowerShell completes commands, options and their values.

One table of words, made from the parser, in the language of the shell; a press of Tab starts no program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from shim.commands.catalogue import completion as phrases
from shim.commands.console import write_data

_ANY = "*"  # the value of an option that is no word of a list: the shell then completes names of files
_BASH = """\
_vcshim_words() {{
  case "$1" in
{rows}
  esac
}}
_vcshim() {{
  local path=vcshim word found
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    [ -n "$(_vcshim_words "$path $word")" ] && path="$path $word"
  done
  found=$(_vcshim_words "$path ${{COMP_WORDS[COMP_CWORD-1]}}=")
  [ -n "$found" ] || found=$(_vcshim_words "$path")
  [ "$found" = "{any}" ] && found=
  COMPREPLY=($(compgen -W "$found" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _vcshim {program}
"""
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName {program}, {program}.exe -ScriptBlock {{
  param($typed, $tree, $cursor)
  $words = @{{
{rows}
  }}
  $given = @($tree.CommandElements | Select-Object -Skip 1 | Where-Object {{ $_.Extent.EndOffset -lt $cursor }} |
    ForEach-Object {{ $_.ToString() }})
  $path = 'vcshim'
  foreach ($word in $given) {{ if ($words.ContainsKey("$path $word")) {{ $path = "$path $word" }} }}
  $found = $null
  if ($given.Count -gt 0) {{ $found = $words["$path $($given[-1])="] }}
  if ($null -eq $found) {{ $found = $words[$path] }}
  if ($found -eq '{any}') {{ return }}
  $found -split ' ' | Where-Object {{ $_ -like "$typed*" }} | ForEach-Object {{
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }}
}}
"""
# By shell: the script, and a row of its table.
_SHELLS = {"bash": (_BASH, '    "{name}") echo "{words}" ;;'), "powershell": (_POWERSHELL, "    '{name}' = '{words}'")}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.epilog = phrases.EPILOG()
    parser.add_argument("shell", choices=list(_SHELLS), help=phrases.SHELL())


def run(options: argparse.Namespace) -> int:
    """Print the script; 0."""
    stem = Path(sys.executable or "").stem.lower()
    program = stem if stem.startswith("vcshim") else "vcshim"
    write_data(script(options.shell, options.whole(), program))
    return 0


def script(shell: str, parser: argparse.ArgumentParser, program: str) -> str:
    """The script for the program of that name."""
    text, row = _SHELLS[shell]
    rows = (row.format(name=name, words=" ".join(words)) for name, words in table("vcshim", parser).items())
    return text.format(rows="\n".join(rows), program=program, any=_ANY)


def table(path: str, parser: argparse.ArgumentParser) -> Mapping[str, list[str]]:
    """What may follow the words of `path`, and behind ``path --option=`` the values of that option."""
    rows: dict[str, list[str]] = {path: []}
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):
            rows[path] += list(action.choices)
            for name, inner in action.choices.items():
                rows.update(table(f"{path} {name}", inner))
        elif not action.option_strings:
            rows[path] += _words(action)
        else:
            rows[path] += [name for name in action.option_strings if name.startswith("--")]
            for name in action.option_strings if action.nargs != 0 else ():
                rows[f"{path} {name}="] = _words(action) or [_ANY]
    return rows


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The actions that people know."""
    return (action for action in parser._actions if action.help != argparse.SUPPRESS)


def _words(action: argparse.Action) -> list[str]:
    """The words that may stand for an argument; `words` where it takes others, too (`config`)."""
    return [str(word) for word in action.choices or getattr(action, "words", None) or ()]
