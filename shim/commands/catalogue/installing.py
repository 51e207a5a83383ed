"""What `vcshim install`, `rollback` and `uninstall` say of a run: its steps, its end, what their words mean."""

from __future__ import annotations

from shim.commands.language import Phrase
from shim.install.operations import SetupEvent
from shim.install.outcome import SetupOutcome

EVENTS = {
    SetupEvent.CHECKED: Phrase(
        "已核对 {folder}：{files} 个文件与清单一致", "checked {folder}: {files} files are as listed"
    ),
    SetupEvent.RECOVERED: Phrase(
        "上一次运行没有做完，已恢复原状或收尾", "an earlier run had not ended: undone, or finished"
    ),
    SetupEvent.COPIED: Phrase("已复制到 {folder}", "copied to {folder}"),
    SetupEvent.KEPT_VENDOR: Phrase(
        "已保留原厂动态库 {file}（SHA-256 {checksum}）", "kept the vendor's {file} (SHA-256 {checksum})"
    ),
    SetupEvent.CHANGED: Phrase("已换上动态库，选定版本", "put the DLLs in place and chose the set"),
    SetupEvent.TRIED: Phrase("已试调用：动态库能装入并应答", "tried: the DLLs load and answer"),
    SetupEvent.UNDONE: Phrase("已全部恢复原状", "put everything back as it was"),
    SetupEvent.NOTHING: Phrase("已是这个版本，没有要改的", "nothing to change"),
    SetupEvent.PRUNED: Phrase("已删去不再使用的版本 {name}", "removed {name}, which nothing uses any more"),
    SetupEvent.GIVEN_BACK: Phrase(
        "已恢复原厂动态库 {file}（SHA-256 {checksum}）", "gave back the vendor's {file} (SHA-256 {checksum})"
    ),
    SetupEvent.OTHERS_LEFT: Phrase(
        "{folder} 中还有更早的原厂文件，没有删去：{files}", "left the vendor's earlier files in {folder}: {files}"
    ),
}

ENDS = {
    SetupOutcome.DONE: Phrase("完成", "done"),
    SetupOutcome.FAILED: Phrase(
        "没有做成，已恢复原状：{path}（系统错误 {number}）",
        "failed, everything is as it was: {path} (system error {number})",
    ),
    SetupOutcome.IN_USE: Phrase(
        "动态库正在使用，什么也没有改。请先关闭：{programs}。也可以加 --when-closed，等它们关闭后自动完成",
        "the DLLs are in use, nothing was changed; close these programs first: {programs}. With --when-closed it is "
        "done as soon as they have ended",
    ),
    SetupOutcome.DAMAGED_SET: Phrase(
        "{folder} 不完整，或与清单 SHA256SUMS 不一致：{paths}。请重新解压安装包",
        "{folder} is incomplete or not as its SHA256SUMS says: {paths}; unpack the package again",
    ),
    SetupOutcome.NOT_WRITABLE: Phrase(
        "没有权限写 {path}，没有改动。请用有权限的 Windows 用户运行",
        "no right to write {path}, nothing was changed; run this as a user who may, or as administrator",
    ),
    SetupOutcome.DISK_FULL: Phrase("磁盘已满，没有改动：{path}", "the disk is full, nothing was changed: {path}"),
    SetupOutcome.WRONG_BITS: Phrase(
        "{path} 是 {bits} 位的，这个安装包是 {ours} 位的，没有改动。请改用 {bits} 位的安装包",
        "{path} has {bits} bits, this package {ours}; nothing was changed. Use the {bits}-bit package",
    ),
    SetupOutcome.TRIAL_FAILED: Phrase(
        "换上后试调用没有成功，已恢复原状：{reason}",
        "the call after the change failed, everything was put back: {reason}",
    ),
    SetupOutcome.BUSY: Phrase("{folder} 正有另一次安装", "another run is under way in {folder}"),
    SetupOutcome.NOT_INSTALLED: Phrase("{folder} 中没有安装 vcshim", "vcshim is not installed in {folder}"),
    SetupOutcome.SCHEDULED: Phrase(
        "已安排，下列程序关闭后自动完成，最晚在下次登录时完成：{programs}",
        "scheduled: it will be done when these programs have ended, or at the next logon: {programs}",
    ),
    SetupOutcome.NOT_UNDONE: Phrase(
        "没有做成，{path} 也没有能恢复；现有的动态库可以使用。请关闭医院程序，再运行一次",
        "failed, and {path} could not be put back; the DLLs in place work. Close the programs and run it again",
    ),
    SetupOutcome.NO_SUCH_SET: Phrase(
        "没有可以换回的版本 {name}；现有：{names}", "no set {name} to go back to; there are: {names}"
    ),
    SetupOutcome.BACKUP_CHANGED: Phrase(
        "保留的原厂文件 {path} 已不是当时的内容，没有改动。请从备份中找回",
        "the vendor's file {path} is not what was kept any more, nothing was changed; restore it from a backup",
    ),
    SetupOutcome.NO_FOLDER: Phrase("文件夹不存在：{folder}", "no such folder: {folder}"),
    SetupOutcome.LOCKED_FILE: Phrase(
        "{path} 被占用，找不到是哪个程序（可能在另一台电脑上，或属于其他 Windows 用户），没有改动",
        "{path} is in use by a program that could not be found (on another PC or of another user); nothing was changed",
    ),
    SetupOutcome.NO_BRIDGE: Phrase(
        "没有 {path}，或者它不是 {bits} 位的程序，不能用于 --bridge，没有改动。请写出 {bits} 位的 vcshim-toolbox.exe",
        "{path} is not there, or is not a program of {bits} bits, which --bridge needs; nothing was changed. Name the "
        "{bits}-bit vcshim-toolbox.exe",
    ),
    SetupOutcome.NOT_UNDERSTOOD: Phrase(
        "安装程序不认识 {words}，没有改动。可以写的有：/S /WHENCLOSED /MERGEINI "
        "/BRIDGE=程序 /LOG=文件，最后是 /D=文件夹",
        "the setup program does not know {words}, nothing was changed; what it knows is: /S /WHENCLOSED /MERGEINI "
        "/BRIDGE=PROGRAM /LOG=FILE, and at the end /D=FOLDER",
    ),
}

FOLDER = Phrase("医院程序所在的文件夹", "the folder of the hospital program")
FOLDER_HERE = Phrase(
    "医院程序所在的文件夹（默认：这个 vcshim.exe 所属的文件夹）",
    "the folder of the hospital program (default: the one that this vcshim.exe belongs to)",
)
WHEN_CLOSED = Phrase(
    "有程序正在使用动态库时：等它们关闭后自动完成，返回 18",
    "if programs use the DLLs: do it when they have ended, and end with 18",
)
LOG = Phrase(
    r"记录写到这个文件（默认：%%LOCALAPPDATA%%\vcshim\install.log）",
    r"the log of this PC (default: %%LOCALAPPDATA%%\vcshim\install.log)",
)
PROGRAM = Phrase("{name}（进程 {number}）", "{name} (process {number})")
STARTED = Phrase("开始：{words}", "begins: {words}")
ENDED = Phrase("结束：{code}，{text}", "ends: {code}, {text}")
