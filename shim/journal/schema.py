"""The steps that make a journal's tables, oldest first. A step that was released is never changed: add another one.

A table's own module has its statements; what comes later only adds (shim/journal/database.py says why).
"""

from __future__ import annotations

from shim.journal import calls
from shim.journal.database import Step

STEPS: tuple[Step, ...] = (calls.SCHEMA,)
