"""Whether a request is sent as it is: what [validate] level makes of the findings of shim/validate.py.

What it is not: the rules, which are rows of shim/spec, and the order of a call (shim/service.py, which uses this).
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from shim import stages, validate
from shim.dialects import nation, scanned, virtualcard
from shim.dialects.table import Dialect
from shim.log import SaidBefore
from shim.reply import CallRecord


class RequestCheck:
    """Checks the requests of both DLLs. Any thread.

    Args:
        level: that of [validate].
        said: which findings were logged already.
    """

    def __init__(self, level: str, said: SaidBefore) -> None:
        self._level = level
        self._said = said

    def check_virtual_card(
        self, record: CallRecord, request: virtualcard.VcRequest, dialect: Dialect, code: str
    ) -> None:
        """Check a request of VirtualCardTrans; `code` is "" as long as it is not scanned."""
        kind = scanned.kind(code).value if code else ""
        given = (*request.envelope, "key", *(["biz_content"] if request.content else []))
        names = [name for name in given if name not in (dialect.sign_name, dialect.sign_type_name)]
        if request.method is None:
            self._question(record, lambda: validate.check_unknown_vc(request.name, names))
        else:
            rows, content = request.method.request, request.content
            self._question(record, lambda: validate.check_vc(rows, names, content, kind))

    def check_nation(self, record: CallRecord, request: nation.EcRequest) -> None:
        """Check a request of NationEcTrans. Of a type without a row only slips of names are findings."""
        if request.method is None:
            self._question(record, lambda: validate.check_unknown_ec(request.name, request.envelope))
        else:
            rows = request.method.request
            self._question(record, lambda: validate.check_ec(rows, request.envelope, request.fields))

    def _question(self, record: CallRecord, check: Callable[[], list[validate.Finding]]) -> None:
        """Refuse the call for its findings, or log them: a finding of a method, field and kind once a process."""
        findings = check() if self._level != "off" else []
        if not findings:
            return
        if stages.observer is not None:
            stages.observer(stages.FINDINGS, {"findings": [finding.told for finding in findings]})
        if self._level == "strict":
            record.warn("入参不合规范，没有发送", findings=[finding.text for finding in findings])
            raise validate.findings_error(findings)
        method = record.facts["method"]
        lines: dict[bool, list[str]] = {True: [], False: []}
        for finding in findings:
            lines[self._said.times((method, finding.field, finding.kind)) == 0].append(finding.text)
        if lines[True]:
            record.warn("入参不合规范，照常发送", findings=lines[True])
        if lines[False]:
            record.event(logging.DEBUG, "入参不合规范，照常发送（已提示过）", findings=lines[False])
