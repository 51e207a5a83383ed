"""The declaration files of examples/: as their generator writes them, and as the rows of the exports are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildlib import declarations, sdk
from shim.spec import EXPORTS, Export
from shim.spec.rows import Direction, Family, Parameter, Shape
from tests.support import languages
from tests.support.declared import BUFFER, NUMBER, READERS, TEXT, Function
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"


def kinds(export: Export) -> list[str]:
    """What each parameter is, by its row."""
    return [
        (BUFFER if row.direction is Direction.OUT else TEXT) if row.is_text else NUMBER for row in export.parameters
    ]


def differences(functions: dict[str, Function]) -> list[str]:
    """What of the declarations is not as the rows are."""
    found = [f"{name}: not an export" for name in functions if name not in {row.name for row in EXPORTS}]
    for export in EXPORTS:
        if (function := functions.get(export.name)) is None:
            found.append(f"{export.name}: not declared")
            continue
        if f"{function.dll}.dll" != export.dll:
            found.append(f"{export.name}: {function.dll}")
        if function.names != tuple(row.name for row in export.parameters):
            found.append(f"{export.name}: {', '.join(function.names)}")
        elif not all(kind in allowed for kind, allowed in zip(kinds(export), function.kinds, strict=True)):
            found.append(f"{export.name}: {function.kinds}")
        if {"char*": TEXT, "int": NUMBER}[export.shape.returns] not in function.returns:
            found.append(f"{export.name} returns {function.returns}")
    return found


@pytest.mark.parametrize("place", declarations.WRITERS)
def test_files_are_up_to_date(place: str) -> None:
    """Otherwise: python -m buildlib.declarations."""
    assert (EXAMPLES / place).read_text("utf-8") == declarations.files()[place]


@pytest.mark.parametrize("language", READERS)
def test_a_declaration_is_as_the_rows_are(language: str) -> None:
    reader = READERS[language]
    assert differences(reader.read((EXAMPLES / reader.file).read_text("utf-8"))) == []


def test_every_file_is_read() -> None:
    assert {reader.file for reader in READERS.values()} == set(declarations.WRITERS)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("NationECCode.dll, EC", "VirtualCardChk.dll, EC", ["NationEcTrans: VirtualCardChk"]),
        ("SetEcQrcode(char *pErrmsg);", "SetEcQrcode(const char *pErrmsg);", ["SetEcQrcode: (('text',),)"]),
        ("int mode);\ntypedef", "int mode, int more);\ntypedef", ["Set_QRflow_Mode: mode, more"]),
        ("int VCSHIM_CALL EhealthID_Print", "char *VCSHIM_CALL EhealthID_Print", ["EhealthID_Print returns ('text',)"]),
        ("CALL SetEcQrcode(", "CALL SetEcQRcode(", ["SetEcQRcode: not an export", "SetEcQrcode: not declared"]),
    ],
)
def test_a_wrong_declaration_is_found(old: str, new: str, found: list[str]) -> None:
    text = declarations.files()["c/vcshim.h"]
    assert old in text
    assert differences(READERS["C"].read(text.replace(old, new, 1))) == found


MADE_UP = Export(
    6, "NationECCode.dll", "MadeUp", Family.EC, Shape.MESSAGE, "0",
    (
        Parameter("first", "", "Char", 64, Direction.IN, "EC 9"),
        Parameter("second", "", "int", None, Direction.IN, "EC 9"),
        Parameter("third", "", "Char", 99, Direction.OUT, "EC 9"),
    ),
    "EC 9",
)  # fmt: skip


@pytest.mark.parametrize("language", READERS)
def test_a_new_export_is_in_every_file(language: str) -> None:
    """And a buffer of a new size, where a file has sizes."""
    reader = READERS[language]
    text = declarations.WRITERS[reader.file]((*EXPORTS, MADE_UP))
    function = reader.read(text)["MadeUp"]
    assert (function.dll, function.names) == ("NationECCode", ("first", "second", "third"))
    assert all(kind in allowed for kind, allowed in zip((TEXT, NUMBER, BUFFER), function.kinds, strict=True))
    assert NUMBER in function.returns
    assert "99" in text or reader.file == "csharp/VcshimStrings.cs"


@pytest.mark.parametrize("place", ["c/example.c", "c/vcshim.h", "delphi/example.dpr", "delphi/Vcshim.pas"])
def test_sources_for_old_compilers_are_ascii(place: str) -> None:
    """These read a source in the code page of the system."""
    assert (EXAMPLES / place).read_bytes().isascii()


@pytest.mark.parametrize(
    "place", ["powerbuilder/example.txt", "powerbuilder/vcshim.txt", "vb/Example.bas", "vb/Vcshim.bas"]
)
def test_texts_that_no_compiler_reads_here(place: str) -> None:
    """ASCII as well; every export is called, and no line is longer than VB's 1023 characters."""
    text = (EXAMPLES / place).read_text("ascii")
    assert all(re.search(rf"\b{export.name}\b", text) for export in EXPORTS)
    assert max(map(len, text.splitlines())) < 1023


def test_the_names_for_linkers() -> None:
    """What MSVC asks for: stdcall's names on x86."""
    assert [sdk.symbol(row, 32) for row in EXPORTS] == [
        "VirtualCardTrans@12", "Set_QRflow_Mode@4", "EhealthID_Print@12", "SetEcQrcode@4", "NationEcTrans@12",
    ]  # fmt: skip
    assert [sdk.symbol(row, 64) for row in EXPORTS] == [row.name for row in EXPORTS]


def test_line_ends_are_those_of_the_language() -> None:
    """VB6 and Delphi 7 want CR LF, whatever Git does elsewhere."""
    lines = (ROOT / ".gitattributes").read_text("ascii").splitlines()
    for pattern in ("examples/delphi/*", "examples/powerbuilder/*", "examples/vb/*"):
        assert f"{pattern} text eol=crlf" in lines


def test_the_guide_says_which_programs_were_run() -> None:
    """docs/hosts.md has a row for each folder, and says 没有运行过 of those that no row of the languages runs."""
    page = (ROOT / "docs" / "hosts.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| .* \| \[.*\]\(\.\./examples/(\w+)/.*\) \| \[.*\]\(\.\./examples/.*\) \| (.*) \|$", page)
    run = {row.folder for row in (*languages.IN_CI, *languages.BY_HAND)}
    assert {folder for folder, _ in rows} == {Path(place).parts[0] for place in declarations.WRITERS}
    assert {folder for folder, where in rows if where != "没有运行过"} == run
