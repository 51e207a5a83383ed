"""The texts of `vcshim kept`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "列出或查看因 OutData 放不下而加密保存的应答", "list or show answers kept because OutData was too small for them"
)
DESCRIPTION = Phrase(
    "列出或查看因 OutData 放不下而加密保存的应答。只有本机当前的 Windows 用户能查看，保存 7 天。",
    "List or show the answers that did not fit into OutData and were kept, encrypted, for seven days. Only the Windows "
    "user who made the call, on this PC, can read them.",
)
NAME = Phrase("要查看的应答；不写则列出全部", "the answer to show; without it all are listed")
FOLDER = Phrase(
    "为与其他命令一致而保留；应答属于当前 Windows 用户，与文件夹无关",
    "taken as other commands take it, without effect: answers belong to the Windows user, not to a folder",
)
NOTHING = Phrase("没有保存的应答", "No answer is kept")
NOTHING_HERE = Phrase("没有保存的应答（只在 Windows 上保存）", "No answer is kept (they are kept on Windows only)")
NO_SUCH = Phrase("没有名为 {name} 的应答", "there is no answer named {name}")
OF_ANOTHER = Phrase(
    "应答 {name} 由其他用户或在其他电脑上保存，无法解密",
    "the answer {name} was kept by another user or on another PC and cannot be decrypted",
)
