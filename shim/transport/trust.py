"""Which certificates a platform's server may show: the TLS contexts of the transports.

With ``[transport] ca_file``, the certificates of that file and no others. Without it, those that Windows trusts (its
ROOT store of this PC, of the user and of group policy, where a hospital's own CA is) and those of the certifi package,
because Windows fetches public roots only when a program of its own asks; on Linux, the system's bundle and certifi's.

Not here: connections, and what a failure means to a clerk. ssl.create_default_context and set_default_verify_paths are
not used: they obey SSLKEYLOGFILE, SSL_CERT_FILE and SSL_CERT_DIR. Imported for https only, because it imports ssl.
"""

from __future__ import annotations

import binascii
import re
import ssl
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from shim import forks
from shim.errors import HostError, OwnError
from shim.messages import network
from shim.transport.tls import new_context

_MAX_CA_FILE = 4 * 1024 * 1024  # bytes
_SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1"  # the object identifier of that purpose

# Where Linux distributions keep their bundle: Debian, Red Hat, SUSE, Alpine.
_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)  # fmt: skip

# "TRUSTED" is OpenSSL's own form: a certificate and, after it, notes.
_PEM = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(.*?)-----END ", re.DOTALL)

_contexts: dict[str, ssl.SSLContext] = {}
_lock = threading.Lock()


def client_context(ca_file: str) -> ssl.SSLContext:
    """The context for connections to platforms: TLS 1.2 or later, certificate and host name verified. Any thread.

    It is made once for each `ca_file` and kept until `forget`. Making it takes 0.05 to 0.5 s (docs/decisions.md).

    Args:
        ca_file: the absolute path of a file of certificates, PEM or DER; empty for those that the system trusts.

    Raises:
        HostError: SETTINGS if the file cannot be read or holds no certificate.
        OwnError: INTERNAL if the certifi package is missing.
    """
    with _lock:
        if ca_file not in _contexts:
            _contexts[ca_file] = _from_file(ca_file) if ca_file else _from_system()
        return _contexts[ca_file]


def forget() -> None:
    """Discard the contexts: the next one is made of what the file or the stores of Windows hold then. Any thread.

    To be called after a certificate of an unknown CA: group policy may have brought the CA since the context was made.
    """
    with _lock:
        _contexts.clear()


def _in_child() -> None:
    """The contexts hold no lock (shim/forks.py) and stay; another thread may have held the lock."""
    global _lock
    _lock = threading.Lock()


forks.in_child(_in_child)


def _new() -> ssl.SSLContext:
    context = new_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


# ---- a file ------------------------------------------------------------------------------------------------------


def _from_file(path: str) -> ssl.SSLContext:
    context = _new()
    # What the site names is trusted as it is, whether a root, an intermediate CA or the server's own certificate.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    certificates = list(_certificates(_read(path)))
    if not certificates:
        raise HostError(network.CA_FILE_EMPTY, path=path)
    for number, certificate in enumerate(certificates, 1):
        try:
            context.load_verify_locations(cadata=certificate)
        except (ssl.SSLError, ValueError) as error:
            raise HostError(network.CA_FILE_DAMAGED, path=path, number=number) from error
    return context


def _read(path: str) -> bytes:
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise HostError(network.CA_FILE_IS_NO_FILE, path=path)
        if status.st_size > _MAX_CA_FILE:
            raise HostError(network.CA_FILE_TOO_LARGE, path=path, limit=_MAX_CA_FILE // 1024 // 1024)
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise HostError(network.CA_FILE_MISSING, path=path) from error
    except PermissionError as error:
        raise HostError(network.CA_FILE_DENIED, path=path) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise HostError(network.CA_FILE_UNREADABLE, path=path) from error


def _certificates(data: bytes) -> Iterator[bytes]:
    """The certificates of a file, as DER: the PEM blocks, whatever stands around them, or else a row of DER values."""
    blocks = _PEM.findall(data.replace(b"\0", b""))  # UTF-16, as PowerShell's > writes it
    if not blocks and data[:1] == b"\x30":
        yield from (value for _, value in _elements(data))
    for block in blocks:
        try:
            yield next((value for _, value in _elements(binascii.a2b_base64(block))), b"")
        except binascii.Error:
            yield b""  # no certificate, as loading it will say


# ---- the system --------------------------------------------------------------------------------------------------


def _from_system() -> ssl.SSLContext:
    context = _new()
    for certificate in _trusted():
        try:
            context.load_verify_locations(cadata=certificate)
        except (ssl.SSLError, ValueError):
            continue  # one that OpenSSL cannot read must not take the others with it
    return context


def _trusted() -> Iterable[bytes]:
    """What the system trusts and certifi's bundle, each certificate once, without what Windows distrusts."""
    own = _certificates(_bundle_of_certifi())
    if sys.platform != "win32":
        return dict.fromkeys((*_system_bundle(), *own))
    refused = set(_store("Disallowed"))
    issuers = (each for each in _store("CA", _SERVER_AUTHENTICATION) if not _is_self_issued(each))
    known = dict.fromkeys((*_store("ROOT", _SERVER_AUTHENTICATION), *issuers, *own))
    return [each for each in known if each not in refused]


def _bundle_of_certifi() -> bytes:
    try:
        import certifi

        return Path(certifi.where()).read_bytes()
    except (ImportError, OSError) as error:
        raise OwnError(network.CERTIFI_MISSING) from error


def _system_bundle() -> Iterator[bytes]:
    for path in _SYSTEM_BUNDLES:
        try:
            data = Path(path).read_bytes()
        except OSError:
            continue
        yield from _certificates(data)
        return


def _store(name: str, purpose: str = "") -> Iterator[bytes]:
    """A store of Windows, as this PC, the user and both kinds of group policy fill it: those for `purpose`, or all.

    The stores are in the registry; reading them never goes to the network.
    """
    if sys.platform != "win32":
        return
    try:
        rows = ssl.enum_certificates(name)
    except OSError:  # an account without a profile; certifi's are left
        return
    for certificate, encoding, purposes in rows:
        fits = not purpose or purposes is True or (not isinstance(purposes, bool) and purpose in purposes)
        if encoding == "x509_asn" and fits:
            yield certificate


# ---- DER ---------------------------------------------------------------------------------------------------------


def _is_self_issued(certificate: bytes) -> bool:
    """Whether subject and issuer are the same, or cannot be read.

    In the store CA Windows does not trust such a certificate, OpenSSL would: every Windows has one there, "Root
    Agency", whose private key was published.
    """
    _, whole = next(_elements(certificate), (0, b""))
    _, body = next(_elements(_content(whole)), (0, b""))
    fields = [value for tag, value in _elements(_content(body)) if tag != 0xA0]  # without the version
    # serial number, signature, issuer, validity, subject
    return len(fields) < 5 or fields[2] == fields[4]


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The values in a row of DER values, each with its tag; ends before one that is cut short."""
    at = 0
    while at < len(data):
        start, length = _extent(data, at)
        if start == 0 or start + length > len(data):
            return
        yield data[at], data[at : start + length]
        at = start + length


def _content(value: bytes) -> bytes:
    """What is inside a DER value."""
    start, length = _extent(value, 0)
    return value[start : start + length]


def _extent(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the DER value at `at` begins, and its length; 0 and 0 if that cannot be read."""
    first = data[at + 1] if at + 1 < len(data) else 0x80
    if first < 0x80:
        return at + 2, first
    size = first & 0x7F
    if at + 2 + size > len(data):
        return 0, 0
    return at + 2 + size, int.from_bytes(data[at + 2 : at + 2 + size], "big")
