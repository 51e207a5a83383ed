"""A maker of values for a replayed call: what the vendor's DLL made itself, where it satisfies the rule.

Where it does not, a live value takes its place, which differs and is seen. Not for a call that is sent.
"""

from __future__ import annotations

from shim.dialects.made import LiveMaker, fits
from shim.replay.vendor import VendorCall, named_values


class RecordedMaker:
    """A Maker (shim/dialects/made.py) for one call; `used` are the fields whose recorded value was taken."""

    def __init__(self, vendor: VendorCall) -> None:
        self._vendor = vendor
        self._live = LiveMaker()
        self.used: list[str] = []

    def value(self, name: str, rule: str) -> str:
        """See Maker."""
        call = self._vendor.call
        for value in self._recorded(name):
            if fits(rule, value, call.began, call.ended):
                self.used.append(name)
                return value
        return self._live.value(name, rule)

    def _recorded(self, name: str) -> list[str]:
        """The values that the vendor's DLL sent under this name, the likeliest place first."""
        vendor = self._vendor
        if name == "iv" and vendor.iv:
            return [vendor.iv]
        outer, _, inner = name.rpartition(".")
        places = [dict(vendor.content or {}), dict(vendor.sent)] if outer else [dict(vendor.sent)]
        direct = [str(place[inner]) for place in places if isinstance(place.get(inner), (str, int))]
        return [*direct, *(value for place in places for each, value in named_values(place) if each == inner)]
