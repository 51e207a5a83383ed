"""The tables of docs/dialects.md, from the rows: presets, keys of a section, signers, ciphers and their rules.

Each function returns heads and rows for `tables.markdown`. Not a command; imported by tables.py only.
"""

from __future__ import annotations

from collections.abc import Iterable

from shim.codec import CODECS
from shim.crypto import block_ciphers, byte_text
from shim.dialects.ciphers import ALGORITHMS, DEFAULT_IVS
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.keys import IV_RULES, KEY_RULES
from shim.dialects.made import MADE_RULES, OUT_RULES
from shim.dialects.signers import SIGNERS
from shim.dialects.table import DIALECTS, EHCSERVICE, SITE_KEYS, all_lines, changed_lines

Table = tuple[tuple[str, ...], Iterable[tuple[str, ...]]]


def dialect_presets() -> Table:
    """Every preset, by what distinguishes it from the default."""
    rows = []
    for row in DIALECTS.values():
        changes = (_code(f"{key} = {value}") for key, value in changed_lines(row).items() if key != "title")
        rows.append((f"`{row.name}`", row.title, "<br>".join(changes), row.origin))
    return ("name", "for", f"differs from `{EHCSERVICE.name}` in", "evidence"), rows


def dialect_keys() -> Table:
    """Every key of a site's section."""
    defaults = all_lines(EHCSERVICE) | {"title": ""}
    rows = ((f"`{key.key}`", key.doc, key.form.doc_allowed, _code(defaults.get(key.key, ""))) for key in SITE_KEYS)
    return ("key", "what it says", "what may stand there", f"in `{EHCSERVICE.name}`"), rows


def dialect_signers() -> Table:
    """Every way to sign."""
    return ("name", "the sign is", "evidence"), [(f"`{row.name}`", row.meaning, row.origin) for row in SIGNERS.values()]


def dialect_cipher_words() -> Table:
    """The parts of a cipher's line."""
    sizes = ", ".join(f"`{word}` (key of {size} bytes)" for word, (_, size) in ALGORITHMS.items())
    ivs = ", ".join(_code(f"iv={iv}") for iv in DEFAULT_IVS.values())
    rows = (
        ("algorithm", sizes, "must be written"),
        ("mode", _words(block_ciphers.MODES), "must be written"),
        ("key rule", _words(KEY_RULES), "`direct`"),
        ("encoding", _words(byte_text.ENCODINGS), f"`{byte_text.ENCODINGS[0]}`"),
        ("IV, in CBC", ", ".join(_iv_word(name) for name in IV_RULES), f"by the size of a block: {ivs}"),
        ("charset of the text inside", ", ".join(f"`charset={name}`" for name in CODECS), "`charset=utf-8`"),
        (
            "padding",
            ", ".join(f"`padding={name}`" for name in block_ciphers.PADDINGS),
            f"`padding={block_ciphers.PADDINGS[0]}`",
        ),
    )
    return ("part", "words", "if neither the line nor the base has it"), rows


def dialect_key_rules() -> Table:
    """Every rule that makes a key of a secret."""
    return ("name", "the key is", "evidence"), [
        (f"`{row.name}`", row.meaning, row.origin) for row in KEY_RULES.values()
    ]


def dialect_iv_rules() -> Table:
    """Every rule for an initialisation vector."""
    return ("word", "the IV is", "evidence"), [
        (_iv_word(row.name), row.meaning, row.origin) for row in IV_RULES.values()
    ]


def dialect_made_rules() -> Table:
    """Every rule for a value that the DLL makes."""
    rows = [
        (_code(f"{row.name}:{row.argument}" if row.argument else row.name), row.meaning) for row in MADE_RULES.values()
    ]
    return ("rule", "the value is"), rows


def dialect_out_rules() -> Table:
    """Every rule for a field of OutData."""
    return ("rule", "the field is"), [(_code(f"{name}:…"), meaning) for name, meaning in OUT_RULES.items()]


def dialect_layouts() -> Table:
    """Every layout of JSON."""
    return ("word", '`{"a": 1, "b": 2}` is written'), [(_code(name), row.meaning) for name, row in LAYOUTS.items()]


def dialect_escapes() -> Table:
    """Every set of escapes in JSON."""
    return ("word", "written as escapes, beside what JSON demands"), [
        (_code(name), row.meaning) for name, row in ESCAPES.items()
    ]


def _iv_word(name: str) -> str:
    argument = IV_RULES[name].argument
    return _code(f"iv={name}:{argument}" if argument else f"iv={name}")


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
