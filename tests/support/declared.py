"""Reads the declaration files of examples/ back: which functions they declare, of which DLL, with which types.

A row for each form of declaration, with regular expressions for what stands there; shares nothing with the writers of
buildlib/declarations. A language's type is put into the kinds that it can stand for: text, buffer, number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TEXT, BUFFER, NUMBER = "text", "buffer", "number"


@dataclass(frozen=True)
class Function:
    """One declaration: what it may return, names and kinds of its parameters, its DLL, "" where nothing says it."""

    returns: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    dll: str


@dataclass(frozen=True)
class Reader:
    """How a file declares.

    function: groups returns, name, parameters; dll, or names beside the types in `parameters`, where they stand there.
    parameter: groups type and name of one; name is left out where `function` has the names.
    returns, types: what each type stands for.
    dlls: groups name and dll, where a DLL stands elsewhere. block: groups dll and body, where it stands around several.
    """

    file: str
    function: str
    parameter: str
    returns: Mapping[str, tuple[str, ...]]
    types: Mapping[str, tuple[str, ...]]
    separator: str = ", "
    dlls: str = ""
    block: str = ""

    def read(self, text: str) -> dict[str, Function]:
        """The functions by their names; AssertionError for one that is there twice, KeyError for an unknown type."""
        bodies = re.findall(self.block, text) if self.block else [("", text)]
        dlls = {match["name"]: match["dll"] for match in re.finditer(self.dlls, text)} if self.dlls else {}
        functions: dict[str, Function] = {}
        for dll, body in bodies:
            for match in re.finditer(self.function, body):
                assert match["name"] not in functions
                functions[match["name"]] = self._function(match, dlls.get(match["name"], dll))
        return functions

    def _function(self, match: re.Match[str], dll: str) -> Function:
        groups = match.groupdict()
        rows = [re.fullmatch(self.parameter, each) for each in groups["parameters"].split(self.separator)]
        assert all(rows), groups["parameters"]
        parameters = [row.groupdict() for row in rows if row is not None]
        names = groups["names"].split(", ") if "names" in groups else [row["name"] for row in parameters]
        kinds = tuple(self.types[row["type"]] for row in parameters)
        return Function(self.returns[groups["returns"]], tuple(names), kinds, groups.get("dll") or dll)


_POINTER = (TEXT, BUFFER)
_VB_FUNCTION = r'Function (?P<name>\w+) Lib "(?P<dll>\w+)\.dll" \((?P<parameters>.*)\) As (?P<returns>\w+)'
_VB_PARAMETER = r"(?P<type>ByRef(?= \w+ As Byte)|ByVal(?= \w+ As Long)) (?P<name>\w+) As (?:Byte|Long)"
_VB_TYPES = {"ByRef": _POINTER, "ByVal": (NUMBER,)}
_CSHARP = (
    r'\[DllImport\("(?P<dll>\w+)", CallingConvention = CallingConvention\.StdCall, ExactSpelling = true.*\)\]\n'
    r" *public static extern (?P<returns>\w+) (?P<name>\w+)\((?P<parameters>.*)\);"
)
_TYPE_FIRST = r"(?P<type>.+) (?P<name>\w+)"

READERS: Mapping[str, Reader] = {
    "C": Reader(
        "c/vcshim.h",
        r"/\* (?P<dll>\w+)\.dll, .* \*/\n(?P<returns>char \*|int )VCSHIM_CALL (?P<name>\w+)\((?P<parameters>.*)\);",
        r"(?P<type>const char \*|char \*|int )(?P<name>\w+)",
        {"char *": (TEXT,), "int ": (NUMBER,)},
        {"const char *": (TEXT,), "char *": (BUFFER,), "int ": (NUMBER,)},
    ),
    "C, at run time": Reader(
        "c/vcshim.h",
        r"typedef (?P<returns>char \*|int )\(VCSHIM_CALL \*(?P<name>\w+)_fn\)\((?P<parameters>.*)\);",
        r"(?P<type>const char \*|char \*|int )(?P<name>\w+)",
        {"char *": (TEXT,), "int ": (NUMBER,)},
        {"const char *": (TEXT,), "char *": (BUFFER,), "int ": (NUMBER,)},
        dlls=r"/\* (?P<dll>\w+)\.dll, .* \*/\n.*\n.*VCSHIM_CALL \*(?P<name>\w+)_fn",
    ),
    "Delphi": Reader(
        "delphi/Vcshim.pas",
        r"function (?P<name>\w+)\((?P<parameters>.*)\): (?P<returns>\w+);\n"
        r"  \{\$IFDEF MSWINDOWS\}stdcall\{\$ELSE\}cdecl\{\$ENDIF\};",
        r"(?P<name>\w+): (?P<type>\w+)",
        {"PAnsiChar": (TEXT,), "Integer": (NUMBER,)},
        {"PAnsiChar": _POINTER, "Integer": (NUMBER,)},
        separator="; ",
        dlls=r"function (?P<name>\w+); external (?P<dll>\w+) name '(?P=name)';",
    ),
    "PowerBuilder": Reader(
        "powerbuilder/vcshim.txt",
        r"FUNCTION (?P<returns>\w+) (?P<name>\w+)\((?P<parameters>.*)\) "
        r'LIBRARY "(?P<dll>\w+)\.dll" ALIAS FOR "(?P=name)(?:(?<=Mode)|;ansi)"',
        _TYPE_FIRST,
        {"string": (TEXT,), "long": (NUMBER,)},
        {"string": (TEXT,), "REF string": (BUFFER,), "long": (NUMBER,)},
    ),
    "VB6": Reader("vb/Vcshim.bas", f"(?<=Declare ){_VB_FUNCTION}", _VB_PARAMETER, {"Long": (TEXT, NUMBER)}, _VB_TYPES),
    "VBA": Reader(
        "vb/Vcshim.bas",
        f"(?<=Declare PtrSafe ){_VB_FUNCTION}",
        _VB_PARAMETER,
        {"LongPtr": (TEXT,), "Long": (NUMBER,)},
        _VB_TYPES,
    ),
    "C#": Reader(
        "csharp/Vcshim.cs",
        _CSHARP,
        _TYPE_FIRST,
        {"IntPtr": (TEXT,), "int": (NUMBER,)},
        {"byte[]": (TEXT,), "[Out] byte[]": (BUFFER,), "int": (NUMBER,)},
    ),
    "C#, strings": Reader(
        "csharp/VcshimStrings.cs",
        _CSHARP,
        _TYPE_FIRST,
        {"string": (TEXT,), "int": (NUMBER,)},
        {"string": (TEXT,), "StringBuilder": (BUFFER,), "int": (NUMBER,)},
    ),
    "Java": Reader(
        "java/Vcshim.java",
        r"\n        (?P<returns>String|int) (?P<name>\w+)\((?P<parameters>.*)\);",
        _TYPE_FIRST,
        {"String": (TEXT,), "int": (NUMBER,)},
        {"byte[]": _POINTER, "int": (NUMBER,)},
        block=r'public interface (\w+) extends Library \{\n +\1 LIBRARY = Native\.load\("\1", \1\.class, OPTIONS\);'
        r"((?:.|\n)*?)\n    \}",
    ),
    "Python": Reader(
        "python/vcshim_exports.py",
        r'# .*: (?P<names>.*)\n +"(?P<name>\w+)": \(ctypes\.(?P<returns>\w+), \[(?P<parameters>.*)\]\),',
        r"ctypes\.(?P<type>\w+)",
        {"c_char_p": (TEXT,), "c_int": (NUMBER,)},
        {"c_char_p": _POINTER, "c_int": (NUMBER,)},
        block=r'\n    "(\w+)": \{((?:.|\n)*?)\n    \},',
    ),
    "Node": Reader(
        "node/vcshim.js",
        r"// (?P<dll>\w+)\.dll，.*：(?P<names>.*)\n"
        r" +(?P<name>\w+): \w+\.func\(call, '(?P=name)', '(?P<returns>\w+)', \[(?P<parameters>.*)\]\),",
        r"'(?P<type>.*)'",
        {"str": (TEXT,), "int": (NUMBER,)},
        {"uint8_t *": _POINTER, "int": (NUMBER,)},
    ),
    "Go": Reader(
        "go/vcshim.go",
        r"// (?P<name>\w+)：(?P<dll>\w+)\.dll，.*\n"
        r"func (?P=name)\((?P<parameters>.*)\) (?P<returns>\w+) \{\n\tcode, _, _ := proc(?P=name)\.Call",
        r"(?P<name>\w+) (?P<type>\S+)",
        {"string": (TEXT,), "int32": (NUMBER,)},
        {"[]byte": _POINTER, "int32": (NUMBER,)},
    ),
}
