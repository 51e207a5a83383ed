"""Has Windows read a DLL or program from a share as a whole when it is loaded, so that it survives a lost connection.

Otherwise its pages are read when they are first needed: where the share is away by then, the host program ends with
STATUS_IN_PAGE_ERROR. Two flags in the header say so, for a network drive and for a removable one; on a disk of the PC
they have no effect. A file whose signature still holds is left as it is. Used by the build, once a set is in place.
"""

from __future__ import annotations

import struct
from pathlib import Path

from buildlib.pe import CERTIFICATES, Image
from buildlib.private_names import binaries, checksum

FLAGS = 0x0400 | 0x0800  # IMAGE_FILE_REMOVABLE_RUN_FROM_SWAP, IMAGE_FILE_NET_RUN_FROM_SWAP


def apply(folder: Path) -> None:
    """Set the flags of every file below `folder` that has no signature."""
    for path in binaries(folder):
        image = Image(path)
        data = flagged(image)
        if data != image.data:
            path.unlink()  # NB: never written over: it may be a link to a file of another folder
            path.write_bytes(data)


def flagged(image: Image) -> bytes:
    """The bytes of an image with the flags and the checksum that follows from them."""
    if image.directory(CERTIFICATES) != (0, 0) or image.characteristics & FLAGS == FLAGS:
        return image.data
    data = bytearray(image.data)
    struct.pack_into("<H", data, image.characteristics_at, image.characteristics | FLAGS)
    struct.pack_into("<I", data, image.checksum_at, 0)
    struct.pack_into("<I", data, image.checksum_at, checksum(data))
    return bytes(data)
