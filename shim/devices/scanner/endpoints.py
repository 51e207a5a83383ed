"""Which scanners one scan listens to: lines, each with the commands that the scanner at its end obeys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from shim.devices.lines.base import Line
from shim.devices.scanner.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A line, and the commands of the scanner at its end."""

    line: Line
    trigger: Trigger


class EndpointSource(ABC):
    """Where a scan gets its endpoints from. Used by one scan at a time."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What the scanner is called in messages before an endpoint is known; always the same text."""

    @abstractmethod
    def candidates(self) -> Sequence[Endpoint]:
        """The endpoints to listen to now, at least one; the first code from any of them ends the scan.

        Raises:
            DeviceUnavailable: NOT_FOUND, there is none.
        """

    @abstractmethod
    def answered(self, endpoint: Endpoint) -> None:
        """Note that a code came from `endpoint`."""


class FixedEndpoint(EndpointSource):
    """The one scanner that the settings name."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    @property
    def title(self) -> str:
        return self._endpoint.line.title

    def candidates(self) -> Sequence[Endpoint]:
        return (self._endpoint,)

    def answered(self, endpoint: Endpoint) -> None:
        """There is nothing to choose."""
