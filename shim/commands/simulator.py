"""`vcshim simulator`: both platforms on this machine, until interrupted."""

from __future__ import annotations

import argparse

HELP = "run both platforms on this machine"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=18080, help="port to listen on; 0 takes a free one")


def run(options: argparse.Namespace) -> int:
    """Serve; 0 when interrupted."""
    from shim.simulator.server import Simulator

    with Simulator(options.host, options.port) as running:
        print(f"VirtualCardTrans strUrl: {running.gateway}")
        print(f"NationEcTrans    strUrl: {running.qr_query}", flush=True)
        try:
            running.wait()
        except KeyboardInterrupt:
            return 0
    return 0
