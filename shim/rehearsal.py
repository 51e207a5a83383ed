"""Carries out once what calls do only once: the imports, libraries and tables behind a request and its answer.

So that the first call after a warm-up is as fast as the others, whichever words of sign_type and enc_type a host uses.
The values are made up, nothing leaves this process, and nothing is written. Whatever fails here is left to the call
that needs it, which says so. Not here: what calls need of devices and of TLS, since most do without. Used by call_port.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from shim.configuration import Configuration
from shim.dialects import envelope, nation, virtualcard
from shim.dialects.dialect import Dialect
from shim.errors import HostError
from shim.http_answer import HttpAnswer
from shim.transport.address import parse_url
from shim.wiring import Wired, journal_folder, pick_dialect

_OF_OPENSSL = ("AES", "SM4")
_SECRET = "0123456789ABCDEF0123456789ABCDEF"
_VC = {
    "method": "ehc.ehealthcode.verify",
    "app_id": "0",
    "term_id": "0",
    "version": "0",
    "key": _SECRET,
    "biz_content": {"ehealth_code": "0", "operator_name": "\u6d4b\u8bd5"},
}
_EC = {"transType": "ec.query", "orgId": "0", "data": {"ecQrCode": "0", "operatorName": "\u6d4b\u8bd5"}}


def rehearse(wired: Wired) -> None:
    """Rehearse the calls that these settings allow. Never raises."""
    for step in _steps(wired):
        with contextlib.suppress(BaseException):
            step()


def _steps(wired: Wired) -> Iterator[Callable[[], object]]:
    settings = wired.configuration
    if settings.mode.run != "native":
        return  # the vendor's DLL answers
    yield partial(parse_url, "http://localhost/")
    if settings.journal.enabled:
        yield partial(_prepare_journal, wired)
    yield partial(_nation, settings)
    with contextlib.suppress(HostError):  # no call of VirtualCardTrans can be made
        dialect = pick_dialect(settings)
        for words in _words(dialect):
            yield partial(_virtual_card, dialect, *words)


def _words(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Words of sign_type and enc_type, so that each signer and cipher comes up.

    NB: not SM2, which takes tens of milliseconds each time; nor ciphers of a library of its own, which most hosts would
    only keep in memory, unless the dialect has no others.
    """
    signers = [word for word, name in dialect.signers.items() if not name.startswith("SM2")]
    ciphers = {word: cipher for word, cipher in dialect.ciphers.items() if cipher is not None}
    usual = [word for word, cipher in ciphers.items() if cipher.algorithm in _OF_OPENSSL]
    for index, enc_type in enumerate(("", *(usual or ciphers))):
        if signers:
            yield signers[index % len(signers)], enc_type


def _virtual_card(dialect: Dialect, sign_type: str, enc_type: str) -> None:
    asked = {**_VC, dialect.sign_type_name: sign_type, "enc_type": enc_type}
    request = virtualcard.parse_vc_request(json.dumps(asked), dialect)
    virtualcard.sealed_vc_request(request, dialect)
    content = envelope.seal_content(dialect, '{"a":"b"}', enc_type, request.secret, app_id="0")
    answer: dict[str, Any] = {"biz_content": content, "enc_type": enc_type, dialect.sign_name: "0"}
    answer[dialect.code_names[0]] = min(dialect.success)
    virtualcard.open_vc_answer(_received(answer), request, dialect)


def _nation(settings: Configuration) -> None:
    wire = nation.ec_wire(settings.wire)
    request = nation.parse_ec_request(json.dumps(_EC), "http://localhost/")
    nation.sealed_ec_request(request, None, wire)
    nation.open_ec_answer(_received({"code": 0, "data": {"a": "b"}}), request, wire)


def _received(answer: dict[str, Any]) -> HttpAnswer:
    return HttpAnswer(json.dumps(answer).encode())


def _prepare_journal(wired: Wired) -> None:
    """Open the journal if its file is there: a third of what a first call costs. None is made before a call."""
    import shim.journal.database
    import shim.journal.schema  # noqa: F401
    from shim.journal.places import is_on_network, journal_file

    folder = journal_folder(wired.configuration)
    if not is_on_network(folder) and journal_file(folder).exists():
        wired.journal.prepare()
