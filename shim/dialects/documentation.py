"""The tables of docs/dialects.md, from the rows: presets, keys of a section, signers, ciphers and their rules.

A page marks the place of a table with ``<!-- generated: NAME -->`` and ``<!-- end of NAME -->``; NAME is a key of
`TABLES`. `vcshim reference --refresh docs/dialects.md` writes the tables, a test fails if the page is behind its rows.
Pure; imported by that command only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from shim import crypto
from shim.codec import CODECS
from shim.dialects.ciphers import ALGORITHMS, DEFAULT_IVS
from shim.dialects.keys import IV_RULES, KEY_RULES
from shim.dialects.signers import SIGNERS
from shim.dialects.table import DIALECTS, EHCSERVICE, SITE_KEYS, all_lines, changed_lines

_BLOCK = re.compile(r"(<!-- generated: ([\w ]+) -->\n).*?(<!-- end of \2 -->)", re.DOTALL)


def refresh(page: str) -> str:
    """`page` with its tables made anew. ValueError if it names a table that `TABLES` lacks, or has none."""

    def table(match: re.Match[str]) -> str:
        if match[2] not in TABLES:
            raise ValueError(f"no table {match[2]!r}; there are: {', '.join(TABLES)}")
        return f"{match[1]}\n{TABLES[match[2]]()}\n\n{match[3]}"

    fresh, count = _BLOCK.subn(table, page)
    if not count:
        raise ValueError("no <!-- generated: NAME --> in this page")
    return fresh


def _presets() -> str:
    rows = []
    for row in DIALECTS.values():
        changes = (_code(f"{key} = {value}") for key, value in changed_lines(row).items() if key != "title")
        rows.append((f"`{row.name}`", row.title, "<br>".join(changes), row.origin))
    return _table(("name", "for", f"differs from `{EHCSERVICE.name}` in", "evidence"), rows)


def _keys() -> str:
    defaults = all_lines(EHCSERVICE) | {"title": ""}
    rows = ((f"`{key.key}`", key.doc, key.form.doc_allowed, _code(defaults.get(key.key, ""))) for key in SITE_KEYS)
    return _table(("key", "what it says", "what may stand there", f"in `{EHCSERVICE.name}`"), rows)


def _signers() -> str:
    return _table(
        ("name", "the sign is", "evidence"), ((f"`{row.name}`", row.meaning, row.origin) for row in SIGNERS.values())
    )


def _cipher_words() -> str:
    sizes = ", ".join(f"`{word}` (key of {size} bytes)" for word, (_, size) in ALGORITHMS.items())
    ivs = ", ".join(_code(f"iv={iv}") for iv in DEFAULT_IVS.values())
    rows = (
        ("algorithm", sizes, "must be written"),
        ("mode", _words(crypto.MODES), "must be written"),
        ("key rule", _words(KEY_RULES), "`direct`"),
        ("encoding", _words(crypto.ENCODINGS), f"`{crypto.ENCODINGS[0]}`"),
        ("IV, in CBC", ", ".join(_iv_word(name) for name in IV_RULES), f"by the size of a block: {ivs}"),
        ("charset of the text inside", ", ".join(f"`charset={name}`" for name in CODECS), "`charset=utf-8`"),
    )
    return _table(("part", "words", "if neither the line nor the base has it"), rows)


def _key_rules() -> str:
    return _table(
        ("name", "the key is", "evidence"), ((f"`{row.name}`", row.meaning, row.origin) for row in KEY_RULES.values())
    )


def _iv_rules() -> str:
    return _table(
        ("word", "the IV is", "evidence"), ((_iv_word(row.name), row.meaning, row.origin) for row in IV_RULES.values())
    )


TABLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "presets": _presets,
        "keys": _keys,
        "signers": _signers,
        "cipher words": _cipher_words,
        "key rules": _key_rules,
        "IV rules": _iv_rules,
    }
)

# ---- Markdown --------------------------------------------------------------------------------------------------------


def _iv_word(name: str) -> str:
    argument = IV_RULES[name].argument
    return _code(f"iv={name}:{argument}" if argument else f"iv={name}")


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in lines)
