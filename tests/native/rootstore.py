"""A Windows program for test_trust.py: puts certificates into the stores of Windows and connects as a transport does.

Its words are carried out in turn, each with a line of output: ``add:WHERE:STORE:FILE`` (user, machine, policy,
userpolicy), ``take:WHERE:STORE:FILE``, ``remove`` (all that was added), ``forget``, ``connect:PORT``.
"""

from __future__ import annotations

import ctypes
import hashlib
import socket
import ssl
import sys
from ctypes import wintypes as w
from pathlib import Path

from shim.transport import trust
from shim.winapi.loader import Library, require

WHERE = {"user": 1 << 16, "machine": 2 << 16, "userpolicy": 7 << 16, "policy": 8 << 16}  # CERT_SYSTEM_STORE_...
CERT_STORE_PROV_SYSTEM, X509_ASN_ENCODING, CERT_STORE_ADD_REPLACE_EXISTING = 10, 1, 3

_CRYPT32 = Library("crypt32")
_pointer = ctypes.c_void_p
open_store = _CRYPT32.function("CertOpenStore", _pointer, _pointer, w.DWORD, _pointer, w.DWORD, w.LPCWSTR)
add = _CRYPT32.function(
    "CertAddEncodedCertificateToStore", w.BOOL, _pointer, w.DWORD, ctypes.c_char_p, w.DWORD, w.DWORD, _pointer
)
close = _CRYPT32.function("CertCloseStore", w.BOOL, _pointer, w.DWORD)  # which is when Wine writes the registry

added: list[tuple[str, str, bytes]] = []  # where, store, certificate


def main(words: list[str]) -> int:
    for word in words:
        name, _, rest = word.partition(":")
        if name == "add":
            put(*rest.split(":", 2))
        elif name == "remove":
            while added:
                take_away(*added.pop())
        elif name == "take":
            where, store, file = rest.split(":", 2)
            take_away(where, store, certificate_of(file))
        elif name == "forget":
            trust.forget()
        print(name, connect(int(rest)) if name == "connect" else "done", flush=True)
    return 0


def put(where: str, store: str, file: str) -> None:
    certificate = certificate_of(file)
    handle = opened(where, store)
    require(add(handle, X509_ASN_ENCODING, certificate, len(certificate), CERT_STORE_ADD_REPLACE_EXISTING, None))
    require(close(handle, 0))
    added.append((where, store, certificate))


def certificate_of(file: str) -> bytes:
    text = Path(file).read_text()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERT") :])


def take_away(where: str, store: str, certificate: bytes) -> None:
    """From the registry: what CertDeleteCertificateFromStore takes from a store is back when Wine opens it again."""
    if sys.platform == "win32":
        import winreg

        root = winreg.HKEY_CURRENT_USER if where.startswith("user") else winreg.HKEY_LOCAL_MACHINE
        middle = r"Policies\Microsoft" if where.endswith("policy") else "Microsoft"
        name = hashlib.sha1(certificate).hexdigest().upper()
        winreg.DeleteKey(root, rf"Software\{middle}\SystemCertificates\{store}\Certificates\{name}")


def opened(where: str, store: str) -> int:
    return int(require(open_store(CERT_STORE_PROV_SYSTEM, 0, None, WHERE[where], store)))


def connect(port: int) -> str:
    try:
        with socket.create_connection(("127.0.0.1", port)) as plain:
            with trust.client_context("").wrap_socket(plain, server_hostname="127.0.0.1"):
                return "trusted"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
