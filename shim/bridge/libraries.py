"""The DLLs of a HIS folder, called as a host program calls them: by ctypes, bytes in and bytes out.

Any DLL of this ABI, ours or the vendor's. Only in the process that `worker_main` runs: a DLL may end it. Texts are
converted here, by the charset of [abi]; nothing else of a call is changed.
"""

from __future__ import annotations

import base64
import ctypes
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shim import codec
from shim.bridge import refusals
from shim.bridge.refusals import BridgeRefusal
from shim.errors import HostError
from shim.install.libraries import bits_of
from shim.settings.abi import AbiSettings
from shim.spec import EXPORT_BY_NAME, Export, Shape
from shim.winapi.loader import callback_type

BITS = struct.calcsize("P") * 8
# More than any setting lets a DLL write, and than any vendor's has been seen to write without asking.
_BUFFER = 1 << 20
_ALTERED_SEARCH_PATH = 0x8  # what the DLL needs is looked for beside it
_WIN32 = sys.platform == "win32"


@dataclass
class HostLibraries:
    """The DLLs in `folder`, each loaded when it is first called. Any thread.

    `abi` are the settings there.
    """

    folder: Path
    abi: AbiSettings
    _functions: dict[str, Any] = field(default_factory=dict)

    def file_of(self, export: Export) -> Path:
        """Where the DLL of an export should be."""
        name = export.dll if _WIN32 else f"lib{export.dll.removesuffix('.dll')}.so"
        return self.folder / name

    def present(self) -> dict[str, bool]:
        """The DLLs by their names on Windows: whether each is there."""
        return {row.dll: self.file_of(row).is_file() for row in EXPORT_BY_NAME.values()}

    def call(self, name: str, values: list[str | int]) -> dict[str, Any]:
        """Call an export.

        Args:
            values: the parameters that a host fills, in their order.

        Returns:
            ``code``: what the function returned, a text or a number; and the buffer under its own name. Bytes that are
            no text of the charset come as Base64, under that name with ``Base64`` behind it, and the name is None.

        Raises:
            BridgeRefusal: NO_LIBRARY, or FIELD for a text that the charset does not have. Nothing was called.
        """
        export = EXPORT_BY_NAME[name]
        given = zip(export.inputs, values, strict=True)
        words = iter([self._argument(export, row.name, value) for row, value in given])
        buffer = ctypes.create_string_buffer(_BUFFER)
        function = self._function(export)
        returned = function(*(buffer if row is export.output else next(words) for row in export.parameters))
        code = returned if export.shape is not Shape.TRANS else self._code(returned)
        result: dict[str, Any] = {"code": code}
        if export.output is not None:
            result |= self._text(export.output.name, buffer.value)
        return result

    def _argument(self, export: Export, name: str, value: str | int) -> bytes | int:
        if isinstance(value, int):
            return value
        try:
            return codec.encode(value, self._charset)
        except (HostError, UnicodeEncodeError):
            raise BridgeRefusal(
                refusals.FIELD, call=export.name, field=name, problem=f"有不能写成 {self._charset} 的字符"
            ) from None

    def _text(self, name: str, data: bytes) -> dict[str, Any]:
        try:
            return {name: codec.decode(data, self._charset, name)[0]}
        except HostError:
            return {name: None, f"{name}Base64": base64.b64encode(data).decode("ascii")}

    @property
    def _charset(self) -> str:
        return "utf-8" if self.abi.charset == "utf-8" else "gbk"

    def _code(self, returned: bytes | None) -> str | None:
        return None if returned is None else returned.decode("ascii", "replace")

    def _function(self, export: Export) -> Any:
        function = self._functions.get(export.name)
        if function is None:
            function = self._functions[export.name] = self._load(export)
        return function

    def _load(self, export: Export) -> Any:
        """The function; loading the same DLL again is free."""
        path = self.file_of(export)
        try:
            if not path.is_file():
                raise BridgeRefusal(refusals.NO_LIBRARY, file=path, problem="没有这个文件")
            if _WIN32 and (bits := bits_of(path)) not in (0, BITS):
                problem = f"它是 {bits} 位的，这个 vcshim 是 {BITS} 位的，请换用 {bits} 位的 vcshim-toolbox.exe"
                raise BridgeRefusal(refusals.NO_LIBRARY, file=path, problem=problem)
            library = ctypes.CDLL(str(path), winmode=_ALTERED_SEARCH_PATH)  # of which only Windows takes notice
            return self._prototype(export)((export.name, library))
        except (OSError, AttributeError) as error:
            number = getattr(error, "winerror", None)
            problem = f"系统错误 {number}" if number else f"其中没有函数 {export.name}，或缺少它依赖的文件"
            raise BridgeRefusal(refusals.NO_LIBRARY, file=path, problem=problem) from None

    def _prototype(self, export: Export) -> Any:
        """The type of the function: stdcall, but for the one that a setting says otherwise of."""
        is_cdecl = export.name == "Set_QRflow_Mode" and self.abi.set_qrflow_mode == "cdecl"
        kinds = [ctypes.c_char_p if row.is_text else ctypes.c_int for row in export.parameters]
        result = ctypes.c_char_p if export.shape is Shape.TRANS else ctypes.c_int
        return (ctypes.CFUNCTYPE if is_cdecl else callback_type)(result, *kinds)
