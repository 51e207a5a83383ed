"""`vcshim sign`: InData as the DLL would put it on the wire, with any dialect; nothing is sent.

Reads the JSON of a VirtualCardTrans InData, prints the sealed request to stdout; with --explain also the text that was
digested, its key replaced by <key>.
"""

from __future__ import annotations

import argparse
import sys

from shim import codec
from shim.commands import dialect_words
from shim.dialects import seal, virtualcard
from shim.errors import ShimError

HELP = "seal a request by hand: InData to what goes over the wire"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    dialect_words.arguments(parser)
    parser.add_argument("--explain", action="store_true", help="print the text that is digested, too (to stderr)")


def run(options: argparse.Namespace) -> int:
    """0 and the request on stdout; 1 and the reason on stderr."""
    try:
        dialect = dialect_words.dialect(options)
        in_data = codec.parse(dialect_words.text(options), "InData")
        if isinstance(in_data, dict):
            in_data["key"] = dialect_words.key(options, str(in_data.get("key") or ""))
        request = virtualcard.prepare(codec.dump(in_data), dialect)
        sealed = virtualcard.seal(request, dialect).decode("utf-8")
        if options.explain:
            base = seal.explain(dialect, {**request.envelope, "biz_content": codec.dump(request.content)})
            sys.stderr.write(base + "\n")
    except (ShimError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"vcshim sign: {error}\n")
        return 1
    print(sealed)
    return 0
