"""The TLS contexts: which certificates are trusted, where they come from, and what is said of a file that is none."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from shim.errors import HostError, OwnError, Reason
from shim.transport import trust
from tests.support.paths import VECTORS
from tests.support.servers import LOOPBACK

CERTIFICATES = VECTORS / "certificates"
ROOT, INTERMEDIATE, SERVER = (CERTIFICATES / f"{name}.pem" for name in ("root", "intermediate", "server"))
EXPIRED = CERTIFICATES / "expired.pem"

UNKNOWN_CA = "unable to get local issuer certificate"
TRUSTED = "trusted"

# A row of ssl.enum_certificates: the certificate, its encoding, the purposes it is trusted for.
Row = tuple[bytes, str, object]

SERVER_AUTHENTICATION, MAIL = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    trust.forget()
    yield
    trust.forget()


def der(path: Path) -> bytes:
    """The first certificate of a PEM file."""
    text = path.read_text()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERT") :])


def verdict(context: ssl.SSLContext, *chain: Path, name: str = "127.0.0.1", folder: Path) -> str:
    """What a handshake with a server that shows `chain` ends in: TRUSTED, or OpenSSL's reason."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = folder / "shown.pem"
    file.write_text("".join(path.read_text() for path in chain))
    server_context.load_cert_chain(file)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    assert client.version() == "TLSv1.3"
    return TRUSTED


def refusal(path: Path | str) -> str:
    """The message for a ca_file that cannot be used."""
    with pytest.raises(HostError) as caught:
        trust.client_context(str(path))
    assert caught.value.reason is Reason.SETTINGS
    assert f"[transport] ca_file = {path} " in caught.value.message
    return caught.value.message


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Row]]:
    """Makes this system one with the certificate stores of Windows, which the test fills."""
    stores: dict[str, list[Row]] = {}
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ssl, "enum_certificates", lambda name: stores.get(name, []), raising=False)
    return stores


# ---- every context -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [str(ROOT), ""])
def test_verification_is_on(file: str) -> None:
    context = trust.client_context(file)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("file", [str(ROOT), ""])
def test_no_variable_is_obeyed(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a log of keys nor somebody else's CA, whatever the environment says."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    monkeypatch.setenv("SSL_CERT_FILE", str(LOOPBACK))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    context = trust.client_context(file)
    assert verdict(context, LOOPBACK, folder=tmp_path) == "self-signed certificate"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("shown", "name", "message"),
    [
        ((SERVER, INTERMEDIATE), "localhost", TRUSTED),
        ((SERVER, INTERMEDIATE), "10.1.1.1", "IP address mismatch, certificate is not valid for '10.1.1.1'."),
        ((SERVER, INTERMEDIATE), "his.example", "Hostname mismatch, certificate is not valid for 'his.example'."),
        ((EXPIRED, INTERMEDIATE), "localhost", "certificate has expired"),
        ((SERVER,), "localhost", UNKNOWN_CA),
    ],
)
def test_what_is_verified(shown: tuple[Path, ...], name: str, message: str, tmp_path: Path) -> None:
    assert verdict(trust.client_context(str(ROOT)), *shown, name=name, folder=tmp_path) == message


def test_a_context_is_kept_until_it_is_forgotten() -> None:
    first = trust.client_context(str(ROOT))
    assert trust.client_context(str(ROOT)) is first
    assert trust.client_context(str(INTERMEDIATE)) is not first
    trust.forget()
    assert trust.client_context(str(ROOT)) is not first


# ---- [transport] ca_file -----------------------------------------------------------------------------------------


def armoured(label: str, content: bytes) -> bytes:
    return ssl.DER_cert_to_PEM_cert(content).replace("CERTIFICATE", label).encode()


ROOT_DER, INTERMEDIATE_DER = der(ROOT), der(INTERMEDIATE)
ROOT_PEM = ROOT.read_bytes()

FORMS: Mapping[str, bytes] = {
    "pem": ROOT_PEM,
    "pem with text around": b"0 s:CN = root\n" + ROOT_PEM + b"\nend\n",
    "pem with a byte-order mark": b"\xef\xbb\xbf" + ROOT_PEM,
    "pem with CR LF": ROOT_PEM.replace(b"\n", b"\r\n"),
    "pem with CR": ROOT_PEM.replace(b"\n", b"\r"),
    "pem without its last line end": ROOT_PEM.rstrip(),
    "pem in UTF-16": ROOT_PEM.decode().encode("utf-16"),
    "pem in UTF-16 without a mark": ROOT_PEM.decode().encode("utf-16-le"),
    "old label": armoured("X509 CERTIFICATE", ROOT_DER),
    "OpenSSL's label": armoured("TRUSTED CERTIFICATE", ROOT_DER + bytes.fromhex("300c300a06082b06010505070301")),
    "two certificates": armoured("CERTIFICATE", der(LOOPBACK)) + ROOT_PEM,
    "the same twice": ROOT_PEM + ROOT_PEM,
    "a key with it": LOOPBACK.read_bytes() + ROOT_PEM,
    "der": ROOT_DER,
    "der with a line end": ROOT_DER + b"\r\n",
    "two of der": INTERMEDIATE_DER + ROOT_DER,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_read_as_it_was_written(form: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(FORMS[form])
    assert verdict(trust.client_context(str(file)), SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED


@pytest.mark.parametrize("file", [ROOT, INTERMEDIATE, SERVER])
def test_any_certificate_of_the_chain_may_be_named(file: Path, tmp_path: Path) -> None:
    assert verdict(trust.client_context(str(file)), SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED


def test_a_file_takes_the_place_of_the_system(windows: dict[str, list[Row]], tmp_path: Path) -> None:
    windows["ROOT"] = [(ROOT_DER, "x509_asn", True)]
    assert verdict(trust.client_context(str(LOOPBACK)), SERVER, INTERMEDIATE, folder=tmp_path) == UNKNOWN_CA


def test_a_file_that_windows_distrusts_is_the_sites_own_decision(windows: dict[str, list[Row]], tmp_path: Path) -> None:
    windows["Disallowed"] = [(ROOT_DER, "x509_asn", True)]
    assert verdict(trust.client_context(str(ROOT)), SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "其中没有证书"),
        (b"hello", "其中没有证书"),
        (ROOT_DER[:-1], "其中没有证书"),
        (armoured("PKCS7", ROOT_DER), "其中没有证书"),
        (LOOPBACK.read_bytes().partition(b"-----BEGIN CERT")[0], "其中没有证书"),
        (armoured("CERTIFICATE", ROOT_DER[:-1]), "其中第 1 个不是 X.509 证书或已损坏"),
        (ROOT_PEM + armoured("CERTIFICATE", bytes.fromhex("30030201ff")), "其中第 2 个不是 X.509 证书或已损坏"),
        (b"-----BEGIN CERTIFICATE-----\nM\n-----END CERTIFICATE-----\n", "其中第 1 个不是 X.509 证书或已损坏"),
        (b"x" * (4 * 1024 * 1024 + 1), "它超过 4 MB"),
    ],
    ids=["empty", "text", "half of der", "pkcs7", "a key", "half of pem", "the second", "no base64", "large"],
)
def test_a_file_without_certificates_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    assert f"{file} 不能使用：{words}" in refusal(file)
    file.write_bytes(ROOT_PEM)
    trust.client_context(str(file))  # a failure is not kept


def test_a_file_that_is_none(tmp_path: Path) -> None:
    assert "找不到该文件" in refusal(tmp_path / "none.pem")
    assert "找不到该文件" in refusal(ROOT / "none.pem")
    assert "它不是文件" in refusal(tmp_path)
    assert "无法读取该文件" in refusal("a\0b")


@pytest.mark.needs("linux")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ca.pem")
    assert "它不是文件" in refusal(tmp_path / "ca.pem")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert "没有读取该文件的权限" in refusal(ROOT)


# ---- Windows -----------------------------------------------------------------------------------------------------


def test_the_stores_of_windows(windows: dict[str, list[Row]], tmp_path: Path) -> None:
    """A root of ROOT is trusted, an intermediate CA of CA completes a chain: both, and neither alone."""
    assert verdict(trust.client_context(""), SERVER, folder=tmp_path) == UNKNOWN_CA
    windows["CA"] = [(INTERMEDIATE_DER, "x509_asn", True)]
    trust.forget()
    assert verdict(trust.client_context(""), SERVER, folder=tmp_path) == "unable to get issuer certificate"
    windows["ROOT"] = [(ROOT_DER, "x509_asn", True)]
    trust.forget()
    assert verdict(trust.client_context(""), SERVER, folder=tmp_path) == TRUSTED


def test_a_ca_that_comes_later_is_seen_once_the_context_is_forgotten(
    windows: dict[str, list[Row]], tmp_path: Path
) -> None:
    assert verdict(trust.client_context(""), SERVER, INTERMEDIATE, folder=tmp_path) == UNKNOWN_CA
    windows["ROOT"] = [(ROOT_DER, "x509_asn", True)]
    trust.forget()
    assert verdict(trust.client_context(""), SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((ROOT_DER, "x509_asn", True), TRUSTED),
        ((ROOT_DER, "x509_asn", {MAIL, SERVER_AUTHENTICATION}), TRUSTED),
        ((ROOT_DER, "x509_asn", {MAIL}), UNKNOWN_CA),
        ((ROOT_DER, "x509_asn", set()), UNKNOWN_CA),
        ((ROOT_DER, "pkcs_7_asn", True), UNKNOWN_CA),
        ((ROOT_DER[:-1], "x509_asn", True), UNKNOWN_CA),
        ((b"", "x509_asn", True), UNKNOWN_CA),
    ],
    ids=["all purposes", "two purposes", "mail", "no purpose", "pkcs7", "damaged", "empty"],
)
def test_purposes_and_forms(windows: dict[str, list[Row]], row: Row, message: str, tmp_path: Path) -> None:
    """A certificate that cannot be used costs that certificate: the others of the store still count."""
    windows["ROOT"] = [row, (der(LOOPBACK), "x509_asn", True)]
    context = trust.client_context("")
    assert verdict(context, SERVER, INTERMEDIATE, folder=tmp_path) == message
    assert verdict(context, LOOPBACK, folder=tmp_path) == TRUSTED


def test_a_self_signed_certificate_of_the_store_ca_is_no_root(windows: dict[str, list[Row]], tmp_path: Path) -> None:
    windows["CA"] = [(ROOT_DER, "x509_asn", True)]
    assert verdict(trust.client_context(""), SERVER, INTERMEDIATE, folder=tmp_path) == UNKNOWN_CA


@pytest.mark.parametrize("damaged", [b"", b"\x30", b"\x30\x80", b"\x30\x85\1\1\1\1\1", ROOT_DER[:40]])
def test_a_damaged_certificate_of_the_store_ca(windows: dict[str, list[Row]], damaged: bytes, tmp_path: Path) -> None:
    windows["CA"] = [(damaged, "x509_asn", True), (INTERMEDIATE_DER, "x509_asn", True)]
    windows["ROOT"] = [(ROOT_DER, "x509_asn", True)]
    assert verdict(trust.client_context(""), SERVER, folder=tmp_path) == TRUSTED


@pytest.mark.parametrize("refused", [ROOT_DER, INTERMEDIATE_DER])
def test_what_windows_distrusts(windows: dict[str, list[Row]], refused: bytes, tmp_path: Path) -> None:
    """Certificates of the store Disallowed are left out, whatever purposes they are listed with."""
    windows["ROOT"] = [(ROOT_DER, "x509_asn", True)]
    windows["CA"] = [(INTERMEDIATE_DER, "x509_asn", True)]
    windows["Disallowed"] = [(refused, "x509_asn", set())]
    assert verdict(trust.client_context(""), SERVER, folder=tmp_path) != TRUSTED


def test_windows_distrusts_a_root_of_certifi(
    windows: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trust, "_bundle_of_certifi", ROOT.read_bytes)
    assert verdict(trust.client_context(""), SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED
    windows["Disallowed"] = [(ROOT_DER, "x509_asn", True)]
    trust.forget()
    assert verdict(trust.client_context(""), SERVER, INTERMEDIATE, folder=tmp_path) == UNKNOWN_CA


def test_stores_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(name: str) -> list[Row]:
        raise PermissionError(13, name)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ssl, "enum_certificates", refused, raising=False)
    assert trust.client_context("").cert_store_stats()["x509_ca"] > 100


# ---- elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.needs("linux")
def test_the_bundle_of_the_system_and_certifis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(trust, "_SYSTEM_BUNDLES", (str(tmp_path / "none"), str(ROOT), str(LOOPBACK)))
    context = trust.client_context("")
    assert verdict(context, SERVER, INTERMEDIATE, folder=tmp_path) == TRUSTED
    assert verdict(context, LOOPBACK, folder=tmp_path) == "self-signed certificate"  # the first that is there
    subjects = [str(each["subject"]) for each in context.get_ca_certs()]
    assert any("ISRG Root X1" in subject for subject in subjects)  # from certifi


@pytest.mark.parametrize("part", ["package", "file"])
def test_certifi_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str) -> None:
    """NB: a relative path in place of the file's would be looked for in the host's folder."""
    bundle = tmp_path / "cacert.pem"
    monkeypatch.setitem(sys.modules, "certifi", None if part == "package" else SimpleNamespace(where=bundle.__str__))
    with pytest.raises(OwnError) as caught:
        trust.client_context("")
    assert (caught.value.reason, "certifi" in caught.value.message) == (Reason.INTERNAL, True)
