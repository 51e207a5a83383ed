"""What became of a batch that was handed to a server, and what a way to a server promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shim.telemetry.heard import HeardLine


@dataclass(frozen=True, slots=True)
class Delivery:
    """The end of one try.

    Attributes:
        again: the batch is to be tried again; otherwise it is done with.
        lost: how many items of it the server will never have.
        pause: the seconds that the server asks for before it is tried again; None if it says nothing.
        cause: why something is lost or must wait, for the log; "" if all is well.
    """

    again: bool = False
    lost: int = 0
    pause: float | None = None
    cause: str = ""


class LineOutlet(Protocol):
    """Hands lines to a server. Used by the worker's thread only."""

    def send(self, lines: Sequence[HeardLine]) -> Delivery:
        """Try once, for some seconds at most. Raises only what is a bug."""

    def close(self) -> None:
        """Close what is open. It may be used again."""
