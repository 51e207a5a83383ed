"""The first call of a win32 host whose DLLs are on a slow share, without and with a copy on the PC: `bench share`.

`build_dll.py bench share [--ms N] [--times N]`: 5 ms for each operation on a file of the share (bench/slow_folder.py).
Prints the medians and how many operations it took. Needs dist/win32, Wine, root and /dev/fuse. Asserts no time.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.slow_folder import SlowFolder
from buildlib import console
from shim.manifest import FILE, write_manifest
from tests.support.calls import VERIFY
from tests.support.clients import Rig, hexed, path_of, run_client, trans_line
from tests.support.product import install

CASES = (
    ("loaded from the share", "off", False),
    ("the copy is made", "on", False),
    ("the copy is there", "on", True),
)


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="build_dll.py bench share", description=__doc__)
    parser.add_argument("--ms", type=float, default=5.0, help="for each operation")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-share-") as name:
        rig = Rig(Path(name))
        try:
            for title, word, is_there in CASES:
                times, operations = _measure(rig, Path(name), word, is_there, options.ms, options.times)
                console.say(
                    f"{title}: first call {statistics.median(times) / 1000:.0f} ms "
                    f"({min(times) / 1000:.0f} to {max(times) / 1000:.0f}), {operations} operations on the share"
                )
        finally:
            rig.close()
    return 0


def _measure(
    rig: Rig, folder: Path, word: str, is_there: bool, milliseconds: float, count: int
) -> tuple[list[int], int]:
    """Microseconds of the first call of `count` processes, each with a share that nothing has been read from."""
    times: list[int] = []
    operations = 0
    for number in range(count):
        source, place = folder / f"{word}{is_there}{number}", folder / "share"
        product = install("win32-c", source).ini(f"[start]\nwarm_up = off\nlocal_copy = {word}\n")
        (product.runtime / "of this run.txt").write_text(source.name, "ascii")
        (product.runtime / FILE).unlink(missing_ok=True)  # a hard link
        write_manifest(product.runtime)
        if is_there:
            _first_call(rig, source)
        with SlowFolder(source, place, milliseconds) as slow:
            times.append(_first_call(rig, place))
            operations = sum(slow.operations.values())
        shutil.rmtree(source)
    return times, operations


def _first_call(rig: Rig, folder: Path) -> int:
    load = f"load VC {hexed(path_of('win32-c', folder / 'VirtualCardChk.dll'))}"
    (reply,) = run_client("win32-c", [load, trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:")], rig=rig)
    if reply.ret != b"00".hex():
        raise console.Failed(f"the call was answered {reply}")
    return int(reply.us)


if __name__ == "__main__":
    raise SystemExit(main())
