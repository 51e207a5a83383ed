"""`vcshim kept`: answers that were too long for the host's buffer and were kept, encrypted, by this Windows user."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shim.answer_store import AnswerStore
from shim.commands.console import show, warn, write_data
from shim.wiring import local_data

HELP = "列出或查看因 OutData 放不下而加密保存的应答"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("name", nargs="?", help="要查看的应答；不写则列出全部")
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="为与其他命令一致而保留；应答属于当前 Windows 用户，与文件夹无关"
    )


def run(options: argparse.Namespace) -> int:
    """List names, or show one answer; 1 where it is not there or not this user's."""
    answer_store = AnswerStore(local_data() / "kept")
    if options.name is None:
        where = "" if sys.platform == "win32" else "（只在 Windows 上保存）"
        show("\n".join(answer_store.names()) or f"没有保存的应答{where}")
        return 0
    try:
        text = answer_store.read(options.name)
    except OSError as error:
        warn(f"vcshim kept: {error}")
        return 1
    write_data(f"{text}\n")
    return 0
