"""The table of docs/install.md: the exit codes of the installer, from the rows of SetupOutcome. Not a command."""

from __future__ import annotations

from collections.abc import Sequence

from shim.install.outcome import SetupOutcome

_MEANINGS = {
    SetupOutcome.DONE: ("完成，或本来就是这样", "done, or nothing to do"),
    SetupOutcome.FAILED: ("系统报错，已恢复原状", "an error of the system; everything is as it was"),
    SetupOutcome.IN_USE: ("有程序正在使用动态库，没有改动", "a program uses the DLLs; nothing was changed"),
    SetupOutcome.DAMAGED_SET: ("安装包不完整，没有改动", "the package is damaged; nothing was changed"),
    SetupOutcome.NOT_WRITABLE: ("没有权限写这个文件夹", "no right to write the folder"),
    SetupOutcome.DISK_FULL: ("磁盘已满，已恢复原状", "the disk is full; everything is as it was"),
    SetupOutcome.WRONG_BITS: ("与原厂动态库的位数不同，没有改动", "other bits than the vendor's DLL"),
    SetupOutcome.TRIAL_FAILED: ("试调用没有成功，已恢复原状", "the trial call failed; everything is as it was"),
    SetupOutcome.BUSY: ("另一次安装正在进行", "another run is under way"),
    SetupOutcome.NOT_INSTALLED: ("没有安装，无从卸载", "not installed"),
    SetupOutcome.SCHEDULED: ("已安排在程序关闭后完成", "scheduled for when the programs have ended"),
    SetupOutcome.NOT_UNDONE: (
        "没有完全恢复，动态库可以使用，请再运行一次",
        "not everything could be put back; the DLLs work; run it again",
    ),
    SetupOutcome.NO_SUCH_SET: ("没有要换回的版本", "no such set to go back to"),
    SetupOutcome.BACKUP_CHANGED: ("保留的原厂文件已被改动，没有卸载", "the kept vendor's file was changed"),
    SetupOutcome.NO_FOLDER: ("文件夹不存在", "no such folder"),
    SetupOutcome.LOCKED_FILE: ("文件被占用，找不到是哪个程序", "a file is in use by an unknown program"),
    SetupOutcome.NO_BRIDGE: (
        "`--bridge` 写的程序不存在，或位数不对，没有改动",
        "the program of `--bridge` is not there, or has other bits",
    ),
    SetupOutcome.NOT_UNDERSTOOD: (
        "安装程序的命令行中有写错的词，没有改动",
        "a word on the command line of the setup program is wrong; nothing was changed",
    ),
}


def setup_exit_codes() -> tuple[Sequence[str], list[Sequence[str]]]:
    """Every exit code of `vcshim install`, `rollback`, `uninstall` and of the setup program."""
    rows: list[Sequence[str]] = [(str(each.value), *_MEANINGS[each]) for each in SetupOutcome]
    return ("退出码", "含义", "In English"), rows
