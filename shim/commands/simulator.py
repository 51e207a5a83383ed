"""`vcshim simulator`: both platforms on this machine, with pages for phones and a console, until interrupted."""

from __future__ import annotations

import argparse
import errno
import gc
import ipaddress
import logging
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from shim.commands.catalogue import simulator as phrases
from shim.commands.console import say, warn, write_json
from shim.commands.machine import CommandFailed, tell_failure
from shim.commands.words import whole_number

if TYPE_CHECKING:
    from shim.simulator.server import Simulator
    from shim.simulator.state import SimulatorState

# Why the system refuses an address -> what to say and to do about it.
_REFUSALS = {
    errno.EADDRINUSE: phrases.IN_USE,
    errno.EACCES: phrases.NOT_PERMITTED,
    errno.EADDRNOTAVAIL: phrases.NOT_OURS,
}


class _NoAddress(CommandFailed):
    """The system refuses the address; the text says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to `parser`."""
    parser.add_argument("--host", default="127.0.0.1", help=phrases.HOST())
    parser.add_argument("--port", type=whole_number(0, 65535), default=18080, help=phrases.PORT())
    parser.add_argument("--file", type=Path, help=phrases.FILE())
    parser.add_argument("--url", default="", help=phrases.URL())
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=phrases.ALLOW_HOST())
    parser.add_argument("--misbehave", action="append", default=[], metavar="DIRECTIVE[@P]", help=phrases.MISBEHAVE())
    parser.add_argument("--seed", type=int, default=0, help=phrases.SEED())
    parser.add_argument("--quiet", action="store_true", help=phrases.QUIET())


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
        return _failed(phrases.NO_SERVER())
    from shim.simulator.faults import FaultRule, FaultRuleSet
    from shim.simulator.state import SimulatorState

    try:
        rule_set = FaultRuleSet(tuple(FaultRule.parse(text) for text in options.misbehave), options.seed)
    except ValueError as error:
        return _failed(phrases.BAD_DIRECTIVE(reason=error), 2)
    try:
        with closing(SimulatorState(options.file)) as state:
            if options.misbehave:
                state.fault_rules.replace(rule_set)
            with _started(Simulator, options, state) as simulator:
                if not _is_loopback(options.host):
                    _report(phrases.OPEN_TO_ALL(host=options.host))
                _serve(simulator, options)
    except KeyboardInterrupt:  # how it is meant to end, also while it starts
        return 0
    except OSError as error:
        return _failed(phrases.BAD_STATE(reason=error.strerror or error))
    except ValueError as error:
        return _failed(phrases.BAD_STATE(reason=error))
    except _NoAddress as error:
        tell_failure(error)
        return _failed(str(error))
    return 0


def _started(server: type[Simulator], options: argparse.Namespace, state: SimulatorState) -> Simulator:
    """The running server.

    Raises:
        _NoAddress: the system refuses the address.
    """
    address = f"{options.host}:{options.port}"
    try:
        socket.getaddrinfo(options.host, options.port, socket.AF_INET)
    except (socket.gaierror, ValueError) as error:
        raise _NoAddress(phrases.BAD_HOST(host=options.host[:80])) from error
    try:
        return server(options.host, options.port, state, options.url, options.allow_host)
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        raise _NoAddress(_REFUSALS[error.errno](address=address)) from error


def _report(text: str) -> None:
    warn(f"vcshim simulator: {text}")


def _failed(text: str, code: int = 1) -> int:
    _report(text)
    return code


def _serve(simulator: Simulator, options: argparse.Namespace) -> None:
    """Print the addresses and what to call them with, and serve: a line a call. KeyboardInterrupt ends it."""
    from shim.commands.simulator_calls import CallLines, WrongAddresses

    # What is loaded by now is never garbage, and a call leaves little: collections took a sixth of its time.
    gc.freeze()
    gc.set_threshold(50_000)
    access = logging.getLogger("tornado.access")
    access.handlers, access.propagate = [WrongAddresses()], False
    facts = _addresses(simulator)
    if options.json:
        write_json(facts, indent=None)
    say(phrases.GATEWAY(url=simulator.gateway))
    say(phrases.QR_QUERY(url=simulator.qr_query))
    say(phrases.CONSOLE(url=facts["console"]))
    say(phrases.PHONES(url=facts["phones"]))
    say(phrases.ACCOUNT(app_id=facts["app_id"], key=facts["key"], term_id=facts["term_id"]))
    if options.quiet:
        simulator.wait()
    else:
        simulator.wait(CallLines(simulator.state, as_json=options.json).show_new)


def _addresses(simulator: Simulator) -> dict[str, str]:
    """What to call, and with which account: what --json prints first. Each call is a further line of JSON then."""
    from shim.simulator.persons import APP_ID, SECRET, TERM_ID

    return {
        "gateway": simulator.gateway, "qr_query": simulator.qr_query, "console": f"{simulator.url}/",
        "phones": f"{simulator.url}/phone", "app_id": APP_ID, "key": SECRET, "term_id": TERM_ID,
    }  # fmt: skip


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
