"""The texts of `vcshim completion`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "输出 bash 或 PowerShell 的脚本，按 Tab 键补全命令和选项",
    "print a script for bash or PowerShell that completes words by Tab",
)
DESCRIPTION = Phrase(
    "输出一段脚本，在 bash 或 PowerShell 中执行之后，按 Tab 键补全命令、选项和可写的值。cmd 没有这种功能。",
    "Print a script. Once bash or PowerShell has run it, Tab completes commands, options and their values. cmd has no "
    "such feature.",
)
EPILOG = Phrase(
    "在 bash 中：\n  vcshim completion bash > vcshim.bash && source vcshim.bash\n"
    "在 PowerShell 中：\n  vcshim completion powershell | Out-String | Invoke-Expression",
    "In bash:\n  vcshim completion bash > vcshim.bash && source vcshim.bash\n"
    "In PowerShell:\n  vcshim completion powershell | Out-String | Invoke-Expression",
)
SHELL = Phrase("用哪一种脚本", "which one")
