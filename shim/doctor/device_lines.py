"""What all checks of devices share: a back end that cannot be used here, a line that cannot be opened. No check.

The devices say in Chinese why they are unavailable (shim/messages). Their rows have keys, and by those this finds the
texts in both languages, with the same facts.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any

from shim.commands.catalogue import doctor_devices as phrases
from shim.commands.language import SEPARATOR, CommandLanguage, Phrase
from shim.devices.backends import BackEnd
from shim.devices.base import DeviceUnavailable
from shim.devices.lines import ports
from shim.doctor.finding import CheckFinding, FindingRow, Level
from shim.messages.lines import ROWS

LOGGER = logging.getLogger("vcshim.doctor")
LOGGER.propagate = False
LOGGER.addHandler(logging.NullHandler())

WRONG_SYSTEM = FindingRow("devices.wrong_system", Level.ERROR, phrases.WRONG_SYSTEM, None, phrases.OTHER_WORD)
NO_LIBRARY = FindingRow("devices.no_library", Level.ERROR, phrases.NO_LIBRARY, None, phrases.INSTALL_AGAIN)
UNUSABLE = FindingRow("devices.unusable", Level.ERROR, phrases.UNUSABLE, None, phrases.CORRECT)
NOT_SET_UP = FindingRow("devices.not_set_up", Level.NOTE, phrases.NOT_SET_UP, None, phrases.SET_UP)
_IN_USE = ("in_use", "in_use_by")
_NUMBER = re.compile("系统错误 ([0-9]+)")  # as `refusal.system_text` has it

LINES = {
    row.key: FindingRow(
        f"{section}.{kind.value}_{cause.value}",
        Level.WARNING if cause.value in _IN_USE else Level.ERROR,
        phrases.LINE_WHAT[f"{kind.value}_{cause.value}"],
        None,
        phrases.LINE_REMEDY[f"{kind.value}_{cause.value}"],
    )
    for (section, kind, cause), row in ROWS.items()
}
"""By the key of the row that the line raises."""


def named(title: str) -> Phrase:
    """The title of a line in both languages: 扫码枪 COM3, scanner COM3."""
    text = title.replace("{", "{{").replace("}", "}}")
    english = text
    for device in phrases.DEVICES:
        english = english.replace(device.zh, device.en)
    return Phrase(text, english)


def bilingual_list(names: Iterable[str]) -> Phrase:
    """Names as a list in both languages."""
    rows = [name.replace("{", "{{").replace("}", "}}") for name in names]
    if not rows:
        return phrases.NO_NAMES
    return Phrase(*(SEPARATOR.within(language).join(rows) for language in CommandLanguage))


def system_error(error: BaseException | None) -> str:
    """The system's number of an error, the name of its kind where it has none: its words have one language only."""
    number = getattr(error, "winerror", None) or getattr(error, "errno", None)
    return str(number) if number is not None else type(error).__name__


def _error_of(error: DeviceUnavailable) -> str:
    """The system's number as the line has found it, which may stand in the text of a library's exception."""
    match = _NUMBER.match(str(error.facts.get("error", "")))
    return match[1] if match is not None else system_error(error.__cause__)


def line_finding(error: DeviceUnavailable, section: str) -> CheckFinding:
    """The finding for a line that could not be opened; one with the line of the log for what no check knows."""
    key = error.row.key if error.row is not None else ""
    if key not in LINES:
        return UNUSABLE(section=section, reason=error.told)
    facts: dict[str, Any] = {**error.facts, "section": section, "error": _error_of(error)}
    if "ports" in facts:
        facts["ports"] = bilingual_list(ports.serial_ports())
    return LINES[key](**{**facts, "title": named(str(facts.get("title", "")))})


def back_end_findings(rows: Iterable[BackEnd[Any]], section: str, key: str, word: str) -> list[CheckFinding]:
    """Why the back end that a setting names cannot be used on this PC; nothing if it can."""
    lack = next(row for row in rows if row.word == word).lack()
    facts = {"section": section, "key": key, "word": word}
    if lack.systems:
        return [WRONG_SYSTEM(**facts, systems=bilingual_list(lack.systems), words=bilingual_list(usable(rows)))]
    return [NO_LIBRARY(**facts, libraries=bilingual_list(lack.libraries))] if lack.libraries else []


def not_set_up(rows: Iterable[BackEnd[Any]], section: str, key: str = "type") -> CheckFinding:
    """The finding for a device that the settings do not name: what it could be here."""
    words = bilingual_list(usable(rows))
    return NOT_SET_UP(section=section, key=key, words=words, ports=bilingual_list(ports.serial_ports()))


def usable(rows: Iterable[BackEnd[Any]]) -> list[str]:
    """The words of the back ends that can be used on this PC."""
    return [row.word for row in rows if not row.lack()]
