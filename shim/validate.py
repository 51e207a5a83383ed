"""Checks values against field rows: what is missing, too long, or not in its dictionary. Pure.

Not here: what follows. The service decides by [validate] level whether a finding is logged or refuses the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shim.errors import mask
from shim.spec import DICTIONARIES
from shim.spec.rows import Field


def check_fields(fields: Iterable[Field], values: Mapping[str, Any]) -> list[str]:
    """One Chinese sentence for each value that breaks its row: name, clause, limit, and the value masked.

    Lengths count characters. Empty text and null count as absent. Fields without a row are not checked.
    """
    findings: list[str] = []
    for field in fields:
        value = values.get(field.name)
        if value is None or value == "":
            if field.required:
                findings.append(f"缺少必填字段 {field.name}（{field.title}，{field.clause}）")
            continue
        if isinstance(value, (dict, list)):
            continue
        text = str(value)
        if field.length is not None and len(text) > field.length:
            findings.append(
                f"字段 {field.name}（{field.title}，{field.clause}）最长 {field.length} 字，收到 {mask(text)}，请缩短"
            )
        elif field.dictionary is not None and not _is_entry(field.dictionary, text):
            findings.append(f"字段 {field.name}（{field.title}，{field.clause}）的值 {mask(text)} 不在字典中，请核对")
    return findings


def _is_entry(dictionary: str, text: str) -> bool:
    """Whether `text` is a code of the dictionary or a name: VC gives nation 50 characters, and hosts send 汉族."""
    rows = DICTIONARIES[dictionary]
    return rows.find(text) is not None or any(row.name == text for row in rows.entries)
