"""Which transport gets a request: by the scheme of its URL, each made once and only when needed."""

from __future__ import annotations

from shim.transport.base import Transport
from shim.transport.by_scheme import ByScheme


class Named:
    """Answers with its name and the URL."""

    def __init__(self, name: str) -> None:
        self.name = name

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        return f"{self.name} {url} {body.decode()} {content_type} {repeatable}".encode()


def test_the_scheme_chooses_and_all_other_urls_take_the_default() -> None:
    made: list[str] = []

    def make() -> Transport:
        made.append("sim")
        return Named("sim")

    both = ByScheme(Named("http"), {"sim": make})
    for url in ("http://x/", "HTTPS://x/", "", "simx:", "no scheme"):
        assert both.post(url, b"1", "t", repeatable=True) == f"http {url} 1 t True".encode()
    assert made == []
    for url in ("sim:", " SIM:/path"):
        assert both.post(url, b"2", "u", repeatable=False) == f"sim {url} 2 u False".encode()
    assert made == ["sim"]
