"""Calls of a vendor's Linux library in this process, by ctypes, with or without something of ours before it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from buildlib import vendors
from tests.support.vendors.rows import VendorRow

ROOM = 20480


@dataclass(frozen=True)
class VendorAnswer:
    """What an export gave."""

    code: bytes
    out: bytes


class DirectVendor:
    """A row's library. Any thread."""

    def __init__(self, row: VendorRow) -> None:
        self.row = row
        self._library = ctypes.CDLL(str(vendors.library(row.name, "linux")))
        name = "VirtualCardTrans" if row.dll == "VC" else "NationEcTrans"
        self._call = getattr(self._library, name)
        self._call.restype = ctypes.c_char_p
        self._call.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p)

    def call(self, address: str, in_data: bytes) -> VendorAnswer:
        out = ctypes.create_string_buffer(ROOM)
        code = self._call(address.encode(), in_data, out)
        return VendorAnswer(code, out.value)
