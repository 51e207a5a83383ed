"""The texts of `vcshim rollback`; those of a run are in installing.py."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase("换回上一个版本的 vcshim", "go back to the version of vcshim before this one")
DESCRIPTION = Phrase(
    "换回上一个版本，或用 --to 指定的版本，并试调用一次；再执行一次就换到现在的版本。"
    "要恢复原厂动态库，用 vcshim uninstall。",
    "Go back to the set before the present one, or to the one that --to names, and call it once. Doing it again comes "
    "back. To have the vendor's DLLs again, use vcshim uninstall.",
)
TO = Phrase("换到这个版本，名称见 vcshim versions", "the set to go to, by its name in vcshim versions")
