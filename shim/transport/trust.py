"""TLS contexts of this client. Stand-in until the system's certificates are read."""

from __future__ import annotations

import ssl

import certifi

from shim.errors import HostError, Reason


def client_context(ca_file: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(ca_file or certifi.where())
    except OSError as error:
        raise HostError(Reason.SETTINGS, f"[transport] ca_file 无法使用：{ca_file}") from error
    return context


def forget() -> None:
    return None
