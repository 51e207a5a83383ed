"""The answers of last resort: for a call whose failure cannot be put together any more, for want of memory or stack.

Made when the module is imported. What it is not: the answer of any other failure (shim/call_port.py, its only user).
"""

from __future__ import annotations

import logging

from shim.host_bytes import Answer, answer_charset, failure_answer
from shim.reply import CallRecord
from shim.spec import EXPORTS, Export
from shim.submission import Submission

_ROOM = 256  # bytes with the NUL: those of pErrmsg, VC 3.5, the smallest buffer of all


def _prepared_failures() -> dict[tuple[str, bool, str], Answer]:
    """The answers of last resort: by export, whether there may have been an effect, and charset."""
    answers: dict[tuple[str, bool, str], Answer] = {}
    silent = logging.Logger("unused", logging.CRITICAL + 1)
    for row in EXPORTS:
        room = 0 if row.output is None else _ROOM
        for begun in (False, True):
            submission = Submission()
            submission.begun = begun
            record = CallRecord(row, silent, submission=submission)
            reply = record.failed(record.internal_error())
            for charset in ("gbk", "utf-8"):
                answers[row.name, begun, charset] = failure_answer(reply, charset, room)
    return answers


_PREPARED_FAILURES = _prepared_failures()


def prepared_failure(row: Export, submission: Submission, charset: str, capacity: int) -> Answer:
    """The answer of a call where making one has failed as well: needs as good as no memory and no stack."""
    answer = _PREPARED_FAILURES[row.name, submission.begun, answer_charset(charset)]
    return answer if len(answer.out) < max(capacity, 1) else Answer(answer.code, answer.number, b"")
