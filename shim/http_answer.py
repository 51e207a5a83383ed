"""What came back from a platform over HTTP, before anybody reads it: bytes, and what the head said of them.

Made by transports, read by dialects; imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One answer, complete.

    Attributes:
        body: without transfer and content encodings, as long as these could be taken off.
        status: the HTTP status, 200 where a platform has none.
        charset: what Content-Type declares, as it stands there, lower case; "" where it declares none.
        location: where a redirect points; "" where the answer is none.
        encoding: the Content-Encoding that could not be taken off `body`; "" where there is none.
        retry_after: the value of that header; "" where there is none.
    """

    body: bytes
    status: int = 200
    charset: str = ""
    location: str = ""
    encoding: str = ""
    retry_after: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the status is one of those that announce success."""
        return 200 <= self.status < 300
