"""`vcshim simulator`: both platforms on this machine, with pages for phones and a console, until interrupted."""

from __future__ import annotations

import argparse
import gc
import ipaddress
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shim.simulator.server import Simulator

HELP = "run both platforms on this machine"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=18080, help="port to listen on; 0 takes a free one")
    parser.add_argument("--file", type=Path, help="SQLite file that keeps the state (default: in memory)")
    parser.add_argument("--url", default="", help="what phones reach it by, where that is not http://HOST:PORT")
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="WISH[@P]",
        help="do this to every request, or with probability P: delay:500, drop:1@0.1 (docs/simulator.md); repeatable",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws of --misbehave (default: 0)")


def run(options: argparse.Namespace) -> int:
    """Serve; 0 when interrupted, 1 where the address or the file cannot be had, 2 for an unknown wish."""
    try:
        from shim.simulator.server import Simulator
    except ImportError as error:
        sys.stderr.write(f"vcshim simulator: {error.name} is not in this installation; pip install virtualcard-shim\n")
        return 1
    from shim.simulator.faults import Rule, Standing
    from shim.simulator.state import State

    try:
        standing = Standing(tuple(Rule.parse(text) for text in options.misbehave), options.seed)
    except ValueError as error:
        sys.stderr.write(f"vcshim simulator: --misbehave: {error}\n")
        return 2
    try:
        with closing(State(options.file)) as state:
            if options.misbehave:
                state.set_standing(standing)
            with Simulator(options.host, options.port, state, options.url) as running:
                if not _is_loopback(options.host):
                    sys.stderr.write(
                        f"vcshim simulator: listening on {options.host}: whoever reaches this machine can use it\n"
                    )
                _serve(running)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"vcshim simulator: {error}\n")
        return 1
    return 0


def _serve(running: Simulator) -> None:
    """Say where it is, and wait to be interrupted."""
    try:
        # What is loaded by now stays, and a call leaves little behind: looking for garbage took a sixth of its time.
        gc.freeze()
        gc.set_threshold(50_000)
        print(f"VirtualCardTrans strUrl: {running.gateway}")
        print(f"NationEcTrans    strUrl: {running.qr_query}")
        print(f"console: {running.url}/")
        print(f"phones:  {running.url}/phone", flush=True)
        running.wait()
    except KeyboardInterrupt:
        return


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
