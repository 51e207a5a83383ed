"""The stages of a call for people, for JSON and for a file: `vcshim call --explain`, `--json`, `--save`. Not a command.

The stages are told by the parts of the call itself (shim/stages.py); here they are only collected and written down.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shim import codec, stages
from shim.bilingual import Bilingual
from shim.commands.catalogue import call as phrases
from shim.commands.catalogue.scan import KINDS
from shim.commands.language import CommandLanguage, current_language, spoken
from shim.dialects.scanned import Kind
from shim.har import HarEntry
from shim.reply import Reply
from shim.spec import Export, Family, Field, find_method

Facts = Mapping[str, Any]


@dataclass(slots=True)
class Explained:
    """One call: what it was given, its stages, what it returned.

    Attributes:
        words: the inputs of the export by name, with `stages.KEY` in the place of the application key.
        log: what the log says of its failure, for the engineer; masked as the log is.
        at: when it began, seconds since 1970.
    """

    export: Export
    words: Mapping[str, str | int]
    stages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    at: float = field(default_factory=time.time)
    ms: float = 0.0
    reply: Reply | None = None
    log: list[str] = field(default_factory=list)

    def observe(self, stage: str, facts: dict[str, object]) -> None:
        """Take a stage: an `Observer`."""
        since = round((time.time() - self.at) * 1000, 1)
        self.stages.append((stage, {**{name: _as_text(value) for name, value in facts.items()}, "ms": since}))

    def record(self, *, with_stages: bool) -> dict[str, Any]:
        """The call as JSON values; their names do not depend on the language."""
        assert self.reply is not None
        out = self.reply.out
        record: dict[str, Any] = {
            "export": self.export.name,
            "inputs": dict(self.words),
            "returned": self.reply.code,
            "success": self.reply.is_success,
            "out": out,
            "value": _json_or_none(out),
            "log": list(self.log),
            "ms": self.ms,
        }
        if with_stages:
            record["stages"] = [{"stage": name, **facts} for name, facts in self.stages]
        return record

    def har_entries(self) -> list[HarEntry]:
        """Its exchanges with platforms: one, or none where nothing was sent."""
        entries = []
        for index, (name, sent) in enumerate(self.stages):
            if name != stages.WIRE:
                continue
            rest = dict(self.stages[index + 1 :][:1])
            came = rest.get(stages.ANSWER, {})
            began = sent["ms"]
            entries.append(
                HarEntry(
                    address_of(str(sent["url"]), self.export),
                    self.at + began / 1000,
                    (came.get("ms") or self.ms) - began,
                    str(sent["body"]),
                    str(came.get("body", "")),
                    int(came.get("status", 0)),
                    tuple(sent["headers"].items()),
                    (("Content-Type", f"application/json; charset={came.get('charset') or 'utf-8'}"),),
                    f"{self.export.name} {self.reply.code if self.reply else ''}".strip(),
                )
            )
        return entries


class LogLines(logging.Handler):
    """Gathers what the log says of a call that fails."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.msg if isinstance(record.msg, Bilingual) else record.getMessage())


def address_of(url: str, export: Export) -> str:
    """An address that other programs understand: for sim: that of a simulator that runs with its default words."""
    from shim.simulator.inprocess import DEFAULT_BASE_URL, SCHEME
    from shim.simulator.platforms import GATEWAY, QR_QUERY

    scheme, _, path = url.strip().partition(":")
    if scheme.lower() != SCHEME:
        return url
    usual = QR_QUERY if export.family is Family.EC else GATEWAY
    return DEFAULT_BASE_URL + (path if path.startswith("/") else usual + path)


def _as_text(value: Any) -> Any:
    """The bytes of a body as text: what is not UTF-8 is taken for GB18030."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("gb18030", "replace")


def _json_or_none(text: str) -> Any:
    try:
        return codec.loads(text, "") if text.strip() else None
    except Exception:  # whatever the text is, it stands beside as it came
        return None


# ---- for people ------------------------------------------------------------------------------------------------------


def explained_lines(call: Explained) -> list[str]:
    """The stages as text, numbered in the order in which they happened."""
    lines: list[str] = []
    for number, (name, facts) in enumerate(call.stages, 1):
        lines += ["", f"[{number}] {_TITLES[name]()}  (+{facts['ms']} ms)"]
        lines += [f"    {line}" for line in _LINES[name](facts)]
    assert call.reply is not None
    lines += ["", f"[{len(call.stages) + 1}] {phrases.STAGE_RESULT()}  (+{call.ms} ms)"]
    return [*lines, f"    {phrases.RETURNED(export=call.export.name, code=call.reply.code)}"]


def _request_lines(facts: Facts) -> list[str]:
    method = find_method(str(facts["method"]))
    places = {row.name: _place(row) for row in (method.request if method else ())}
    shown = {**facts["common"], **facts["fields"]}
    name = str(facts["method"])
    named = phrases.METHOD_TITLED(name=name, title=method.title) if method else name
    lines = [phrases.EXPLAIN_METHOD(method=named), facts["url"]]
    return lines + [f"{name} = {_shown(value)}{places.get(name, '')}" for name, value in shown.items()]


def _place(row: Field) -> str:
    """Where a field stands in the specification, whose title of it is Chinese."""
    title = f"{row.title}, " if current_language() is CommandLanguage.CHINESE else ""
    return f"  ({title}{row.clause})"


def _code_lines(facts: Facts) -> list[str]:
    return [f"{facts['code']}  ({KINDS[Kind(facts['kind']).name]()})"]


def _base_lines(facts: Facts) -> list[str]:
    how = phrases.EXPLAIN_SIGNER(
        signer=facts["signer"], sign_type=facts["sign_type"] or "-", charset=facts["charset"], dialect=facts["dialect"]
    )
    return [how, str(facts["base_string"]), phrases.EXPLAIN_SIGN(sign=facts["sign"])]


def _cipher_lines(facts: Facts) -> list[str]:
    if not facts["cipher"]:
        return [phrases.EXPLAIN_PLAIN(enc_type=facts["enc_type"] or "-"), str(facts["plain"])]
    how = phrases.EXPLAIN_CIPHER(enc_type=facts["enc_type"], cipher=facts["cipher"])
    return [how, str(facts["plain"]), f"-> {facts['sealed']}"]


def _opened_lines(facts: Facts) -> list[str]:
    fits = phrases.EXPLAIN_FITS() if facts["sign_fits"] else phrases.EXPLAIN_UNFIT()
    return [fits, *(f"{name} = {_shown(value)}" for name, value in facts["fields"].items())]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else codec.dumps(value)


_TITLES = {
    stages.REQUEST: phrases.STAGE_REQUEST,
    stages.FINDINGS: phrases.STAGE_FINDINGS,
    stages.CODE: phrases.STAGE_CODE,
    stages.BASE: phrases.STAGE_BASE,
    stages.CIPHER: phrases.STAGE_CIPHER,
    stages.WIRE: phrases.STAGE_WIRE,
    stages.ANSWER: phrases.STAGE_ANSWER,
    stages.OPENED: phrases.STAGE_OPENED,
}
_LINES: Mapping[str, Callable[[Facts], list[str]]] = {
    stages.REQUEST: _request_lines,
    stages.FINDINGS: lambda facts: [spoken(each) for each in facts["findings"]],
    stages.CODE: _code_lines,
    stages.BASE: _base_lines,
    stages.CIPHER: _cipher_lines,
    stages.WIRE: lambda facts: [
        f"POST {facts['url']}",
        *(f"{name}: {value}" for name, value in facts["headers"].items()),
        str(facts["body"]),
    ],
    stages.ANSWER: lambda facts: [f"HTTP {facts['status']}  {facts['charset']}".rstrip(), str(facts["body"])],
    stages.OPENED: _opened_lines,
}
