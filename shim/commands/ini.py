"""`vcshim ini`: the settings file with every key, its default and its meaning."""

from __future__ import annotations

import argparse
import sys

from shim import config

HELP = "print vcshim.ini with every key, its default and its meaning"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No words."""


def run(_: argparse.Namespace) -> int:
    """Write the template to stdout."""
    sys.stdout.write(config.template())
    return 0
