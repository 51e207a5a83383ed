"""Which transport gets a request: by the scheme of its URL, each made once and only when needed."""

from __future__ import annotations

import re

import pytest

from shim.deadline import Deadline
from shim.errors import OwnError, Reason, State
from shim.http_answer import HttpAnswer
from shim.messages import network
from shim.spec import Effect
from shim.transport.base import Transport
from shim.transport.by_scheme import ByScheme

LATER = Deadline(60)


class Named:
    """Answers with its name and the URL."""

    def __init__(self, name: str) -> None:
        self.name = name

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> HttpAnswer:
        assert deadline is LATER
        return HttpAnswer(f"{self.name} {url} {body.decode()} {content_type} {effect.value}".encode())


def test_the_scheme_chooses_and_all_other_urls_take_the_default() -> None:
    made: list[str] = []

    def make() -> Transport:
        made.append("sim")
        return Named("sim")

    both = ByScheme(Named("http"), {"sim": make})
    for url in ("http://x/", "HTTPS://x/", "", "simx:", "no scheme"):
        assert both.post(url, b"1", "t", Effect.QUERY, LATER).body == f"http {url} 1 t query".encode()
    assert made == []
    for url in ("sim:", " SIM:/path"):
        assert both.post(url, b"2", "u", Effect.CHANGE, LATER).body == f"sim {url} 2 u change".encode()
    assert made == ["sim"]


def test_a_transport_that_cannot_be_made_has_sent_nothing() -> None:
    """The next call tries again."""
    failures: list[Exception] = [MemoryError()]

    def make() -> Transport:
        if failures:
            raise failures.pop()
        return Named("sim")

    both = ByScheme(Named("http"), {"sim": make})
    with pytest.raises(OwnError) as caught:
        both.post("sim:", b"1", "t", Effect.CHANGE, LATER)
    assert caught.value.row is network.NOT_STARTED and network.NOT_STARTED.state is State.NOT_DONE
    assert (caught.value.reason, caught.value.facts["scheme"]) == (Reason.INTERNAL, "sim")
    places = re.sub(r"\d+", "N", str(caught.value.facts["why"]))
    assert places == "MemoryError，by_scheme.py:N:_transport，test_by_scheme.py:N:make"
    assert both.post("sim:", b"1", "t", Effect.CHANGE, LATER).body == b"sim sim: 1 t change"
