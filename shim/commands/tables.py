"""Tables of the documents that are made from rows: written once in the code, copied into docs/ by a command.

A document holds a block between ``<!-- table: NAME -->`` and ``<!-- end -->``. `vcshim reference --update FILE...`
fills every block anew, and a test holds the files to the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from shim import configuration
from shim.bridge.refusals import ROWS as BRIDGE_REFUSALS
from shim.commands import (
    command_tables,
    dialect_tables,
    doctor_tables,
    install_tables,
    label_tables,
    message_tables,
    outcome_tables,
    rule_tables,
    scanner_tables,
    telemetry_tables,
    waiting_tables,
)
from shim.devices.autofill import pick as autofill
from shim.devices.screen.protocols import PROTOCOLS
from shim.settings import guide

_BLOCK = re.compile(r"(<!-- table: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in cells)} |\n" for cells in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def settings_tables() -> str:
    """Every key of vcshim.ini, a table for each section."""
    parts = []
    for section in configuration.SECTIONS:
        rows = [
            (
                f"`{each.key}`",
                f"`{each.default}`" if each.default else "",
                each.allowed,
                each.described,
                "是" if each.live else "否",
                guide.since(each),
            )
            for each in section.options()
        ]
        heads = ("键", "默认", "可写", "含义", "即时生效", "自版本")
        page = guide.page(section.options()[0])
        more = "" if page == "settings.md" else f"详见 [{page}]({page})。\n\n"
        parts.append(f"\n### [{section.NAME}]\n\n{more}" + markdown(heads, rows))
    return "".join(parts) + "\n"


def message_sections() -> str:
    """Every text of a failure, a table for each file of shim/messages."""
    texts = message_tables.message_texts()
    return "".join(f"\n### {title}\n\n{markdown(*table)}" for title, table in texts.items()) + "\n"


def screen_protocols() -> str:
    """The protocols of serial QR displays."""

    def code(text: str) -> str:
        return f"`{text}`" if text else "无"

    rows = [
        (code(row.name), row.title, code(row.prefix), code(row.suffix), code(row.hide), row.evidence)
        for row in PROTOCOLS
    ]  # fmt: skip
    return markdown(("协议", "说明", "之前", "之后", "清除", "依据"), rows)


def bridge_refusals() -> str:
    """Why `vcshim bridge` does not carry something out."""
    rows = [(f"`{row.name}`", str(row.status), re.sub("{[a-z]+}", "…", row.text)) for row in BRIDGE_REFUSALS.values()]
    return markdown(("error", "HTTP", "text"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "commands": lambda: markdown(*command_tables.every_command()),
    "settings": settings_tables,
    "dialect-presets": lambda: markdown(*dialect_tables.dialect_presets()),
    "dialect-keys": lambda: markdown(*dialect_tables.dialect_keys()),
    "dialect-signers": lambda: markdown(*dialect_tables.dialect_signers()),
    "dialect-cipher-words": lambda: markdown(*dialect_tables.dialect_cipher_words()),
    "dialect-key-rules": lambda: markdown(*dialect_tables.dialect_key_rules()),
    "dialect-iv-rules": lambda: markdown(*dialect_tables.dialect_iv_rules()),
    "dialect-made-rules": lambda: markdown(*dialect_tables.dialect_made_rules()),
    "dialect-out-rules": lambda: markdown(*dialect_tables.dialect_out_rules()),
    "dialect-layouts": lambda: markdown(*dialect_tables.dialect_layouts()),
    "dialect-escapes": lambda: markdown(*dialect_tables.dialect_escapes()),
    "scanner-types": lambda: markdown(*scanner_tables.types()),
    "scanner-makes": lambda: markdown(*scanner_tables.makes()),
    "scanner-layouts": lambda: markdown(*scanner_tables.layouts()),
    "scanner-refusals": lambda: markdown(*scanner_tables.refusals()),
    "scanner-evidence": lambda: markdown(*scanner_tables.evidence()),
    "autofill-methods": lambda: markdown(("method", "方法"), [(f"`{k}`", v) for k, v in autofill.methods().items()]),
    "label-types": lambda: markdown(*label_tables.label_types()),
    "label-languages": lambda: markdown(*label_tables.label_languages()),
    "label-evidence": lambda: markdown(*label_tables.label_evidence()),
    "screen-protocols": screen_protocols,
    "outcomes": lambda: markdown(*outcome_tables.outcomes()),
    "outcome-words": lambda: markdown(*outcome_tables.outcome_words()),
    "messages": message_sections,
    "native-rule": lambda: markdown(*rule_tables.native_rule("zh")),
    "native-rule-en": lambda: markdown(*rule_tables.native_rule("en")),
    "statuses": lambda: markdown(*outcome_tables.statuses()),
    "doctor-findings": lambda: markdown(*doctor_tables.findings()),
    "going-native": lambda: markdown(*rule_tables.going_native()),
    "not-comparable": lambda: markdown(*rule_tables.not_comparable()),
    "setup-exit-codes": lambda: markdown(*install_tables.setup_exit_codes()),
    "telemetry-figures": lambda: markdown(*telemetry_tables.telemetry_figures()),
    "waits": lambda: markdown(*waiting_tables.waits()),
    "bridge-refusals": bridge_refusals,
    "longest-calls": lambda: markdown(*waiting_tables.longest_calls()),
}


def updated(document: str) -> str:
    """`document` with every block filled from its table. KeyError for a name that is not in `TABLES`."""
    return _BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]()}{block[4]}", document)
