"""`vcshim simulator`: both platforms on this machine, with pages for phones and a console, until interrupted."""

from __future__ import annotations

import argparse
import errno
import gc
import ipaddress
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from shim.commands.console import say, warn
from shim.commands.words import whole_number

if TYPE_CHECKING:
    from shim.simulator.server import Simulator
    from shim.simulator.state import SimulatorState

HELP = "run both platforms on this machine"

_NO_SERVER = (
    "the server of the simulator is not in this installation, and vcshim.exe never has it. Run it from a checkout of "
    "the project, after `pip install .` there; or give sim: as strUrl, which reaches the same platforms inside the DLL"
)
# Why the system refuses an address -> what to say and to do about it.
_REFUSALS = {
    errno.EADDRINUSE: "is in use by another program: end that, or choose another --port (0 takes a free one)",
    errno.EACCES: "may not be used by this user: choose a --port above 1023 that Windows has not reserved",
    errno.EADDRNOTAVAIL: "is not an address of this machine: choose another --host",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to `parser`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument(
        "--port", type=whole_number(0, 65535), default=18080,
        help="port to listen on, 0 for a free one (default: 18080)",
    )  # fmt: skip
    parser.add_argument("--file", type=Path, help="SQLite file that keeps the state (default: in memory)")
    parser.add_argument("--url", default="", help="address at which phones reach it, if that is not http://HOST:PORT")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="another name or address by which it is reached, for the Host header; repeatable",
    )  # fmt: skip
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
        if (error.name or "").partition(".")[0] == "shim":
            raise  # no library is missing: the installation is damaged
        return _failed(_NO_SERVER)
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
            with _started(Simulator, options, state) as simulator:
                if not _is_loopback(options.host):
                    _report(f"listening on {options.host}: anybody who can reach this machine can use it")
                _serve(simulator)
    except KeyboardInterrupt:  # how it is meant to end, also while it starts
        return 0
    except OSError as error:
        return _failed(error.strerror or str(error))
    except ValueError as error:
        return _failed(str(error))
    return 0


def _started(server: type[Simulator], options: argparse.Namespace, state: SimulatorState) -> Simulator:
    """The running server.

    Raises:
        ValueError: the system refuses the address; the text says why.
    """
    address = f"{options.host}:{options.port}"
    try:
        socket.getaddrinfo(options.host, options.port, socket.AF_INET)
    except (socket.gaierror, ValueError) as error:
        raise ValueError(f"{options.host[:80]} is not the name or IPv4 address of a machine: correct --host") from error
    try:
        return server(options.host, options.port, state, options.url, options.allow_host)
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        raise ValueError(f"{address} {_REFUSALS[error.errno]}") from error


def _report(text: str) -> None:
    warn(f"vcshim simulator: {text}")


def _failed(text: str, code: int = 1) -> int:
    _report(text)
    return code


def _serve(simulator: Simulator) -> None:
    """Print the addresses and serve. KeyboardInterrupt ends it."""
    # What is loaded by now is never garbage, and a call leaves little: collections took a sixth of its time.
    gc.freeze()
    gc.set_threshold(50_000)
    say(f"VirtualCardTrans strUrl: {simulator.gateway}")
    say(f"NationEcTrans    strUrl: {simulator.qr_query}")
    say(f"console: {simulator.url}/")
    say(f"phones:  {simulator.url}/phone")
    simulator.wait()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
