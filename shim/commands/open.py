"""`vcshim open`: decrypt and verify an answer (or a captured request) by hand, with any dialect.

Reads the JSON as it was received; prints the plain biz_content to stdout and whether the sign fits to stderr.
"""

from __future__ import annotations

import argparse

from shim import configuration
from shim.commands import dialect_words
from shim.commands.catalogue import open as phrases
from shim.commands.console import warn, write_data
from shim.commands.machine import tell
from shim.dialects.answers import parse_answer
from shim.dialects.envelope import answer_envelope, open_content, verify_sign
from shim.http_answer import HttpAnswer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    dialect_words.add_dialect_words(parser)
    parser.add_argument("--direction", choices=("answer", "request"), default="answer", help=phrases.DIRECTION())
    parser.add_argument("--enc-type", default="", help=phrases.OF_REQUEST())
    parser.add_argument("--sign-type", default="", help=phrases.OF_REQUEST())
    parser.add_argument("--app-id", default="", help=phrases.OF_REQUEST())


def run(options: argparse.Namespace) -> int:
    """0: opened, and the sign fits; 3: opened, and the sign does not fit."""
    settings = configuration.read(options.folder)
    dialect = dialect_words.chosen_dialect(options, settings)
    text = dialect_words.input_text(options).encode("utf-8")
    answer = answer_envelope(dialect, parse_answer(HttpAnswer(text, charset="utf-8")))
    secret = dialect_words.application_key(options, settings)
    enc_type = str(answer.get("enc_type") or options.enc_type)
    plain = open_content(dialect, answer, enc_type, secret, app_id=options.app_id, direction=options.direction)
    valid = verify_sign(dialect, answer, plain, secret, sign_type=options.sign_type)
    write_data(f"{plain}\n")
    tell(sign_fits=valid)
    warn(phrases.SIGN_FITS() if valid else phrases.SIGN_WRONG())
    return 0 if valid else 3
