"""A helper program like wedge_helper.py: it types what it is sent to a datagram socket, key after key. Linux.

The keys pass through the product's own framer;
a key takes 3.5 ms, the mean that was measured on a scanner. Started by WedgeLine, and ends with its stdin.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time

from shim.devices.scanner.keystrokes import KeyFramer
from shim.devices.scanner.wedge import READY

_KEY_SECONDS = 0.0035


def main(port: int) -> int:
    """Type until stdin ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as orders:
        orders.bind(("127.0.0.1", port))
        framer = KeyFramer(began=time.monotonic())
        threading.Thread(target=_type, args=(orders, framer), daemon=True).start()
        os.write(1, READY + b"\n")
        while os.read(0, 64):
            pass
    return 0


def _type(orders: socket.socket, framer: KeyFramer) -> None:
    while True:
        began, text = orders.recv(4096).decode("ascii").split(" ", 1)
        start = float(began)  # when the first key is pressed, however late this program hears of it
        for number, character in enumerate(f"{text}\r"):
            pressed = start + number * _KEY_SECONDS
            time.sleep(max(pressed - time.monotonic(), 0))
            code = framer.key(1, character, pressed)
            if code is not None:
                os.write(1, f"{code.encode().hex()} {round(framer.code_began * 1000) & 0xFFFFFFFF}\n".encode())


def run() -> None:
    """The program: its first word is the port of the socket."""
    sys.exit(main(int(sys.argv[1])))
