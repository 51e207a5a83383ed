"""The dialect table: the presets by name, and the row that a site writes in vcshim.ini.

A section ``[dialect NAME]`` is a preset with some columns changed: `site_dialect` makes the row, `SITE_KEYS` lists the
keys for the settings template and the documentation. Pure: the ini is read elsewhere. Imported by the service's wiring,
by `virtualcard` and by the commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from shim.bilingual import word_list
from shim.dialects.columns import DialectSection, SiteKey, one_of
from shim.dialects.dialect import DIALECT_COLUMNS, Dialect, contradiction
from shim.dialects.presets import EHCSERVICE, ROWS
from shim.errors import HostError, mask_told
from shim.messages import settings

__all__ = ["DIALECTS", "EHCSERVICE", "SITE_KEYS", "Dialect", "SiteKey", "all_lines", "changed_lines", "site_dialect"]

DIALECTS: Mapping[str, Dialect] = MappingProxyType({row.name: row for row in ROWS})

_BASE = SiteKey(
    "base",
    "以哪个预置的报文格式为底，未写的各项与之相同",
    f"the preset whose columns are used where no line is written; {EHCSERVICE.name} when absent",
    one_of(*DIALECTS),
)

# Every key of a section, in the order of the template.
SITE_KEYS: tuple[SiteKey, ...] = (_BASE, *(key for column in DIALECT_COLUMNS.values() for key in column.keys))

_BY_KEY: Mapping[str, SiteKey] = MappingProxyType({row.key: row for row in SITE_KEYS})


def site_dialect(name: str, lines: Mapping[str, str]) -> Dialect:
    """The row that the section ``[dialect NAME]`` gives.

    Args:
        name: the section's name without the word dialect.
        lines: its lines, by key; the keys are those of `SITE_KEYS`.

    Raises:
        HostError: SETTINGS names section, key, value and what is allowed. A secret is masked, and so is the value
            of an unknown key, which may be a secret under a misspelt name.
    """
    section = DialectSection(name, lines)
    _check_name(section)
    for key, value in lines.items():
        if key not in _BY_KEY:
            facts = {"name": section.shown_name, "key": key, "value": mask_told(value), "known": word_list(_BY_KEY)}
            raise HostError(settings.DIALECT_KEY, **facts)
    base = DIALECTS[section.read(_BASE, EHCSERVICE.name)]
    values = {column: getattr(base, column) for column in DIALECT_COLUMNS}
    for column, cells in DIALECT_COLUMNS.items():
        values[column] = cells.read(section, values)
    row = replace(base, name=name, origin=f"vcshim.ini [dialect {name}]，base = {base.name}", **values)
    fault = contradiction(row)
    if fault is not None:
        key, value, allowed = fault
        section.refuse(_BY_KEY[key], value, allowed)
    return row


def all_lines(row: Dialect) -> dict[str, str]:
    """The lines of a section that says everything about `row`."""
    lines: dict[str, str] = {}
    for column in DIALECT_COLUMNS.values():
        lines |= column.write(row)
    return lines


def changed_lines(row: Dialect, base: Dialect = EHCSERVICE) -> dict[str, str]:
    """The lines of a section that makes `row` out of `base`; the line of the base itself is not among them."""
    before = all_lines(base)
    return {key: value for key, value in all_lines(row).items() if value != before.get(key)}


def _check_name(section: DialectSection) -> None:
    name = section.name
    if not name or len(name) > 40 or not name.isprintable() or any(c.isspace() or c in "[]" for c in name):
        raise HostError(settings.DIALECT_NAME, name=section.shown_name)
    if name in DIALECTS:
        raise HostError(settings.DIALECT_NAME_TAKEN, name=name)
