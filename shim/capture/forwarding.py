"""What happens in Python around a call that the vendor's DLL answers: before it an address, after it a record.

C calls the vendor's export between `begin` and `end`, on the host's own thread. Neither sends, scans, prints or shows
anything. Built by wiring; used by abi.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shim.capture.record import Habits


@dataclass(frozen=True, slots=True)
class Started:
    """A call that is about to be forwarded.

    Attributes:
        ticket: names it for `end`; positive.
        address: what to hand over in the place of strUrl, without a NUL; None: the host's own.
    """

    ticket: int
    address: bytes | None


@dataclass(frozen=True, slots=True)
class VendorOutcome:
    """What the vendor's export gave: `code` of a char*, `number` of an int, `out` up to its NUL; None for none."""

    code: bytes | None
    number: int
    out: bytes | None
    habits: Habits = field(default_factory=Habits)


class Forwarding:
    """The forwarded calls of this process. Any thread; never raises."""

    def begin(self, function: str, texts: Sequence[bytes | None], mode: int) -> Started:
        """Prepare a call."""
        raise NotImplementedError

    def end(self, ticket: int, outcome: VendorOutcome) -> bool:
        """Record a call.

        Returns:
            True: call the vendor's export once more with the host's own address, because nothing of the call was sent
            and the recorder's address is to blame; `end` follows again with the same ticket. Else False.
        """
        raise NotImplementedError

    def was_sent(self, ticket: int) -> bool:
        """Whether anything of a call may have reached a platform; also asked after `end`."""
        raise NotImplementedError
