"""What a vendor's DLL has made in a recorded call, given back where a rule allows it: the `Maker` of learn.

Only for holding a dialect against the captures; replay has one of its own, which says what does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shim.dialects.additions import field_at
from shim.dialects.made import LiveMaker, fits
from shim.learn.samples import text_of


@dataclass(frozen=True, slots=True)
class RecordedMaker:
    """The values of one call.

    Args:
        wire: the fields that were sent, biz_content as an object where it is one.
        iv: the IV that was sent, in lower hex; "" for none.
    """

    wire: Mapping[str, Any]
    began: float
    ended: float
    iv: str = ""

    def value(self, name: str, rule: str) -> str:
        """See shim/dialects/made.py, Maker."""
        value = self.iv if name == "iv" else text_of(field_at(self.wire, name))
        if fits(rule, value, self.began, self.ended):
            return value
        return LiveMaker().value(name, rule)
