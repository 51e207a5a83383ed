"""What became of the copy of the set on this PC, in words for the log. The copy itself is native/local_copy.h's matter.

The numbers are those of enum vcshim_copy_outcome in native/entry.h.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import MappingProxyType

from shim import log
from shim.log import Occasion

_INTO = "%LOCALAPPDATA%\\vcshim\\sets"
_MADE = MappingProxyType({1: "已从本机的副本加载", 2: f"已在本机 {_INTO} 建立副本，并从副本加载"})
_NOT_MADE = MappingProxyType({
    3: "文件夹中没有可用的 SHA256SUMS",
    4: "本机没有可用的 %LOCALAPPDATA%",
    5: "文件与 SHA256SUMS 不符，请重新安装",
    6: f"副本不能写入 {_INTO}",
    7: "副本不能加载，可能被安全策略或杀毒软件阻止",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """Where the core came from.

    Attributes:
        folder: the set that was chosen beside the DLLs; "" in a checkout.
        outcome: what became of a copy of it on this PC.
        error: Windows' number for what failed.
        file: the file in the set that it failed at.
    """

    folder: str = ""
    outcome: int = 0
    error: int = 0
    file: str = ""


def report(logger: logging.Logger, loaded: LoadedSet) -> None:
    """Write the line about the copy; none if the set is on this PC and no copy was wanted."""
    if loaded.outcome in _MADE:
        log.event(logger, logging.INFO, _MADE[loaded.outcome], source=loaded.folder)
    elif loaded.outcome in _NOT_MADE:
        text = f"直接从共享文件夹加载，没有使用本机的副本：{_NOT_MADE[loaded.outcome]}"
        facts = {"source": loaded.folder, "file": loaded.file, "error": loaded.error}
        log.marked(logger, logging.WARNING, text, Occasion.FALL_BACK, **facts)
