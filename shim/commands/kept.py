"""`vcshim kept`: answers that were too long for the host's buffer and were kept, encrypted, by this Windows user."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shim.answer_store import AnswerStore
from shim.commands.console import show, warn, write_data
from shim.commands.files import file_problem
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
        names = answer_store.names()
        if names:
            write_data("".join(f"{name}\n" for name in names))
        else:
            show(f"没有保存的应答{'' if sys.platform == 'win32' else '（只在 Windows 上保存）'}")
        return 0
    try:
        answer = answer_store.read(options.name)
    except OSError as error:
        text = str(error) if error.errno is None else file_problem(error.filename or options.name, error).chinese
        warn(f"vcshim kept: {text}")
        return 1
    write_data(f"{answer}\n")
    return 0
