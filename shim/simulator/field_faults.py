"""What is wrong with the fields of a request, by the tables of shim.spec: each fault in words, with the value. Pure.

Required fields, text, lengths, dictionaries, and the form of times (VC 3.2). Written independently of shim.validate: a
mistake on both sides could cancel out. Fields without a row are accepted, because hospital programs send more than the
documents have. Which code a fault has is decided by the platforms, gateway and insurance, which use this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shim.errors import mask
from shim.spec import DICTIONARIES, Field

# A clause that no document has: hosts send such fields, and nobody says that they must.
_NOT_PRINTED = "规范外"
# The platform has codes of its own for this field: 2003 and 2004.
_CHECKED_ELSEWHERE = frozenset({"time_expire"})
_TIME_FORM = re.compile("[0-9]{14}")
# Dictionaries up to this length are listed in a sentence.
_LISTED = 12
_REPORTED = 2
# What a sentence may show although it is wrong: a time in any form, a code that is shorter than a person's numbers, and
# any word, but for what looks like a person's: a name, the number of a document, a phone, a card or an insurance code.
_LIKE_A_TIME = re.compile("[0-9 :./TZ+年月日时分秒-]{1,32}")
_LIKE_A_CODE = re.compile("[!-~]{1,10}")
_LIKE_A_WORD = re.compile("[ -~]{1,40}")
_LIKE_A_PERSON = re.compile("[0-9]{15,}[Xx]?|1[3-9][0-9]{9}")


def describe_faults(rows: Iterable[Field], values: Mapping[str, Any]) -> str:
    """Return the first two faults of `values` as one text, with the number of all if there are more; "" for none.

    Args:
        rows: The rows of the request's table.
        values: The fields as they came, under any of the names that a row has.
    """
    faults = [fault for row in rows if (fault := _fault(row, values))]
    more = f"；等 {len(faults)} 处" if len(faults) > _REPORTED else ""
    return "；".join(faults[:_REPORTED]) + more


def time_fault(row: Field, value: object) -> str:
    """Return what is wrong with a time as VC 3.2 writes it, "" if nothing is."""
    text = str(value)
    if _TIME_FORM.fullmatch(text):
        try:
            datetime.strptime(text, "%Y%m%d%H%M%S")
            return ""
        except ValueError:
            return f"{_named(row)}没有这个时间：{text}"
    return f"{_named(row)}应为 yyyyMMddHHmmss（VC 3.2），收到“{shown_word(text, _LIKE_A_TIME)}”"


def shown_word(text: str, harmless: re.Pattern[str] = _LIKE_A_WORD) -> str:
    """Return a wrong value as a sentence shows it, masked where it may be a person's name or number."""
    return text if harmless.fullmatch(text) and not _LIKE_A_PERSON.fullmatch(text) else mask(text)


def _fault(row: Field, values: Mapping[str, Any]) -> str:
    value = next((values[name] for name in (row.name, *row.aliases) if name in values), None)
    if row.type.upper() == "JSON":
        return ""
    if isinstance(value, (dict, list, bool)):
        return f"{_named(row)}应为文本"
    text = "" if value is None else str(value)
    if not text.strip():
        return f"缺少必填字段 {_named(row)}" if _is_required(row, values) else ""
    if row.name in _CHECKED_ELSEWHERE:
        return ""
    if row.length is not None and len(text) > row.length:
        return f"{_named(row)}最多 {row.length} 字，实为 {len(text)} 字：{mask(text)}"
    if row.dictionary is not None:
        return _dictionary_fault(row, row.dictionary, text)
    return time_fault(row, text) if row.name.endswith("_time") else ""


def _is_required(row: Field, values: Mapping[str, Any]) -> bool:
    """Return whether the field must be there. Conditions on the kind of a code are for the library (VC 4.2.1)."""
    if not row.required or row.clause == _NOT_PRINTED:
        return False
    return row.when is None or any(str(values.get(name, "")).strip() == value for name, value in row.when.values)


def _dictionary_fault(row: Field, dictionary: str, text: str) -> str:
    """Return that a value is in no row. A name is as good as a code: nation (VC 4.1.1) has 50 characters."""
    table = DICTIONARIES[dictionary]
    if table.find(text) or any(entry.name == text for entry in table.entries):
        return ""
    codes = f"：{'、'.join(entry.code for entry in table.entries)}" if len(table.entries) <= _LISTED else ""
    return f"{_named(row)}的值“{shown_word(text, _LIKE_A_CODE)}”不在字典“{table.title}”（{table.clause}）中{codes}"


def _named(row: Field) -> str:
    return f"{row.name}（{row.title}，{row.clause}）"
