"""strUrl divided into the platform that it names and the rest, letter for letter. Pure.

Unlike transport/address.py, which makes a request of it, this keeps every byte as the host wrote it: the vendor's DLL
is to write what it would have written. Used by recorder and forwarding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shim.errors import HostError
from shim.transport.address import Address, parse_url

_URL = re.compile(
    rb"(?is)([\x00-\x20]*)(https?)(://)([^/?#\\\s@]*@)?(\[[0-9a-f:.%]+\]|[^/?#\\\s:@\[\]]+)(?::([0-9]{0,5}))?(?=[/?#\\\s]|\Z)"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The platform that a strUrl names.

    Attributes:
        address: where to connect.
        scheme, userinfo, host, port: as they stand in strUrl; userinfo with its ``@``, port b"" where there is none.
        lead, rest: what stands in strUrl before the scheme, and behind the port.
    """

    address: Address
    scheme: bytes
    userinfo: bytes
    host: bytes
    port: bytes
    lead: bytes
    rest: bytes

    @property
    def name(self) -> str:
        """Scheme, host and port of the platform, as ``https://host:443``."""
        return f"{'https' if self.address.secure else 'http'}://{self.address.peer.authority}"

    @property
    def authority(self) -> bytes:
        """What a Host header holds for it: the host as strUrl has it, and the port where it is not the scheme's own."""
        usual = b"443" if self.address.secure else b"80"
        port = self.port.lstrip(b"0")
        return self.host if port in (b"", usual) else self.host + b":" + self.port

    @property
    def prefix(self) -> bytes:
        """strUrl up to its path, as a request line in absolute form begins."""
        return self.scheme + b"://" + self.spelled

    @property
    def spelled(self) -> bytes:
        """Host and port as strUrl has them."""
        return self.host + b":" + self.port if self.port else self.host

    def handed_over(self, authority: bytes, path: bytes = b"") -> bytes:
        """strUrl with `authority` in the place of host and port, http for the scheme, and `path` before its path."""
        return self.lead + b"http://" + self.userinfo + authority + path + self.rest


def parse_origin(url: bytes) -> Origin | None:
    """The platform of a strUrl; None where it is not http or https, or not understood."""
    match = _URL.match(url)
    if match is None:
        return None
    lead, scheme, _, userinfo, host, port = match.groups()
    for charset in ("ascii", "utf-8", "gb18030"):
        try:
            text = host.decode(charset)
            break
        except UnicodeDecodeError:
            continue
    else:
        return None
    try:
        address = parse_url(f"{scheme.decode('ascii')}://{text}{':' if port else ''}{(port or b'').decode('ascii')}/")
    except HostError:
        return None
    return Origin(address, scheme, userinfo or b"", host, port or b"", lead, url[match.end() :])
