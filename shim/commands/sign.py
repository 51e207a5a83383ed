"""`vcshim sign`: InData as the DLL would put it on the wire, with any dialect; nothing is sent.

Reads the JSON of a VirtualCardTrans InData and prints the sealed request to stdout. What the DLL would find wrong with
it is printed to stderr, as [validate] says; with --explain instead the text that was signed, with <key> in place of the
key.
"""

from __future__ import annotations

import argparse

from shim import codec, configuration, validate
from shim.commands import dialect_words
from shim.commands.catalogue import sign as phrases
from shim.commands.console import warn, write_data
from shim.commands.language import spoken
from shim.commands.machine import tell
from shim.dialects import scanned, virtualcard
from shim.dialects.dialect import Dialect
from shim.dialects.envelope import explain_base_string
from shim.dialects.made import LiveMaker, SameMaker
from shim.dialects.verbatim import put, unquoted
from shim.terminal import adapters, select_identity


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    dialect_words.add_dialect_words(parser)
    parser.add_argument("--explain", action="store_true", help=phrases.EXPLAIN())


def run(options: argparse.Namespace) -> int:
    """0 and the request on stdout."""
    settings = configuration.read(options.folder)
    dialect = dialect_words.chosen_dialect(options, settings)
    text = dialect_words.input_text(options)
    in_data = codec.loads(text, "InData")
    if isinstance(in_data, dict):
        in_data["key"] = dialect_words.application_key(options, settings, str(in_data.get("key") or ""))
    request = virtualcard.parse_vc_request(_with_key(text, in_data), dialect)
    if request.scans and request.content.get(request.scans):
        request.content[request.scans] = scanned.tidy(str(request.content[request.scans]))
    maker = SameMaker(LiveMaker(_identity))
    body = virtualcard.seal_vc_request(request, dialect, maker)
    sealed = body.decode(codec.CODECS[dialect.body_charset], "replace").strip("\0\r\n")
    if options.explain:
        base = explain_base_string(dialect, virtualcard.request_envelope(request, dialect, maker))
        tell(base_string=base)
        warn(base)
    elif settings.validate.level != "off":
        findings = _findings(request, dialect)
        tell(findings=[finding.text for finding in findings])
        for finding in findings:
            warn(f"vcshim sign: {spoken(finding.told)}")
    write_data(f"{sealed}\n")
    return 0


def _with_key(text: str, in_data: object) -> str:
    """InData as it came, with the application key."""
    if not isinstance(in_data, dict):
        return codec.dumps(in_data)
    try:
        return put(unquoted(text), ("key",), codec.dumps(in_data["key"]))
    except ValueError:
        return codec.dumps(in_data)


def _identity() -> tuple[str, str]:
    """MAC and IPv4 of this PC's first interface: nothing is sent, so that no other is the right one."""
    identity = select_identity(adapters(), "")
    return identity.mac, identity.ip


def _findings(request: virtualcard.VcRequest, dialect: Dialect) -> list[validate.Finding]:
    """What the DLL would log of this request, or refuse it for, before it scans."""
    given = (*request.envelope, "key", *(["biz_content"] if request.content else []))
    names = set(given) - {dialect.sign_name, dialect.sign_type_name}
    if request.method is None:
        return validate.check_unknown_vc(request.name, names)
    code = scanned.tidy(str(request.content.get(request.scans) or "")) if request.scans else ""
    kind = scanned.kind(code).value if code else ""
    return validate.check_vc(request.method.request, names, request.content, kind)
