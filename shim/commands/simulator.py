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
    """Add the command's options to `parser`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=18080, help="port to listen on, 0 for a free one (default: 18080)")
    parser.add_argument("--file", type=Path, help="SQLite file that keeps the state (default: in memory)")
    parser.add_argument("--url", default="", help="address at which phones reach it, if that is not http://HOST:PORT")
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="DIRECTIVE[@P]",
        help="apply a directive to every request, or with probability P: delay:500, drop:1@0.1 (docs/simulator.md); "
        "repeatable",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="seed for the probabilities of --misbehave (default: 0)")


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted.

    Returns:
        0 if interrupted, 1 if the address or the file cannot be used, 2 for an unknown directive.
    """
    try:
        from shim.simulator.server import Simulator
    except ImportError as error:
        return _failed(f"{error.name} is not in this installation; pip install virtualcard-shim")
    from shim.simulator.faults import FaultRule, FaultRuleSet
    from shim.simulator.state import SimulatorState

    try:
        rule_set = FaultRuleSet(tuple(FaultRule.parse(text) for text in options.misbehave), options.seed)
    except ValueError as error:
        return _failed(f"--misbehave: {error}", 2)
    try:
        with closing(SimulatorState(options.file)) as state:
            if options.misbehave:
                state.fault_rules.replace(rule_set)
            with Simulator(options.host, options.port, state, options.url) as simulator:
                if not _is_loopback(options.host):
                    _report(f"listening on {options.host}: anybody who can reach this machine can use it")
                _serve(simulator)
    except (OSError, ValueError) as error:
        return _failed(str(error))
    return 0


def _report(text: str) -> None:
    sys.stderr.write(f"vcshim simulator: {text}\n")


def _failed(text: str, code: int = 1) -> int:
    _report(text)
    return code


def _serve(simulator: Simulator) -> None:
    """Print the addresses and wait for an interrupt."""
    try:
        # What is loaded by now is never garbage, and a call leaves little: collections took a sixth of its time.
        gc.freeze()
        gc.set_threshold(50_000)
        print(f"VirtualCardTrans strUrl: {simulator.gateway}")
        print(f"NationEcTrans    strUrl: {simulator.qr_query}")
        print(f"console: {simulator.url}/")
        print(f"phones:  {simulator.url}/phone", flush=True)
        simulator.wait()
    except KeyboardInterrupt:
        return


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
