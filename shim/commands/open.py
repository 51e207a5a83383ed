"""`vcshim open`: an answer (or a captured request) opened by hand, with any dialect.

Reads the JSON as it came over the wire, prints the plain biz_content to stdout and whether the sign fits to stderr.
"""

from __future__ import annotations

import argparse
import sys

from shim.commands import dialect_words
from shim.dialects import answer as answers
from shim.dialects import seal
from shim.errors import ShimError

HELP = "open an answer by hand: decipher biz_content and check the sign"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    dialect_words.arguments(parser)
    parser.add_argument("--direction", choices=("answer", "request"), default="answer", help="what the file holds")
    parser.add_argument("--enc-type", default="", help="of the request, where the answer names none")
    parser.add_argument("--sign-type", default="", help="of the request, where the answer names none")
    parser.add_argument("--app-id", default="", help="of the request, where the answer names none")


def run(options: argparse.Namespace) -> int:
    """0: opened and the sign fits; 3: opened and the sign does not fit; 1: could not be opened."""
    try:
        dialect = dialect_words.dialect(options)
        held = seal.envelope(dialect, answers.read(dialect_words.text(options).encode("utf-8")))
        secret = dialect_words.key(options)
        enc_type = str(held.get("enc_type") or options.enc_type)
        plain = seal.open_content(
            dialect, held, enc_type, secret, app_id=options.app_id, direction=options.direction
        )  # fmt: skip
        fits = seal.sign_fits(dialect, held, plain, secret, sign_type=options.sign_type)
    except (ShimError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"vcshim open: {error}\n")
        return 1
    print(plain)
    sys.stderr.write("sign fits\n" if fits else "sign does NOT fit\n")
    return 0 if fits else 3
