"""What the calls of NationEcTrans are found to tell, while it is found out and then. For `national` and its answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from shim.dialects.nation import EcWire
from shim.learn.findings import LearnFinding
from shim.learn.samples import Sample


@dataclass(slots=True)
class NationResult:
    """What the calls of NationEcTrans tell.

    Attributes:
        wire: lines of [wire].
        terminal: lines of [terminal].
        same_bodies, same_results: the samples whose request, and whose OutData and return value, are the very same.
        of: how many there are.
        different: the samples whose request or result is not the same.
    """

    wire: dict[str, str] = field(default_factory=dict)
    terminal: dict[str, str] = field(default_factory=dict)
    findings: list[LearnFinding] = field(default_factory=list)
    same_bodies: int = 0
    same_results: int = 0
    of: int = 0
    answered: int = 0
    different: tuple[int, ...] = ()


@dataclass(slots=True)
class NationDraft:
    """What is found out, while it is."""

    wire: EcWire = field(default_factory=EcWire)
    terminal_names: dict[str, str] = field(default_factory=dict)
    place: str = "data"
    in_terminal: bool = True


def nation_url(sample: Sample) -> str:
    """The address of a call, as the host gave it."""
    return (sample.call.texts[0] or b"").decode("latin-1")
