"""`vcshim sign`: InData as the DLL would put it on the wire, with any dialect; nothing is sent.

Reads the JSON of a VirtualCardTrans InData and prints the sealed request to stdout; with --explain also the text that
was signed, with <key> in place of the key.
"""

from __future__ import annotations

import argparse
import sys

from shim import codec
from shim.commands import dialect_words
from shim.dialects import virtualcard
from shim.dialects.envelope import explain_base_string
from shim.errors import ShimError

HELP = "sign and encrypt a request by hand: InData to what would be sent"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    dialect_words.add_dialect_words(parser)
    parser.add_argument("--explain", action="store_true", help="print the text that is signed, too (to stderr)")


def run(options: argparse.Namespace) -> int:
    """0 and the request on stdout; 1 and the reason on stderr."""
    try:
        dialect = dialect_words.chosen_dialect(options)
        in_data = codec.loads(dialect_words.input_text(options), "InData")
        if isinstance(in_data, dict):
            in_data["key"] = dialect_words.application_key(options, str(in_data.get("key") or ""))
        request = virtualcard.parse_vc_request(codec.dumps(in_data), dialect)
        sealed = virtualcard.seal_vc_request(request, dialect).decode("utf-8")
        if options.explain:
            envelope = {**request.envelope, "biz_content": codec.dumps(request.content)}
            sys.stderr.write(explain_base_string(dialect, envelope) + "\n")
    except (ShimError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"vcshim sign: {error}\n")
        return 1
    print(sealed)
    return 0
