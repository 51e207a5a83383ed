"""The rows of the exports against the two documents, and what C and the linkers are given of them.

Expected values are literals typed from VC V1.1.2 and EC XJ-D01-2019, never computed from the rows.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest

from native import exports_build
from shim.spec import ALIASES, EXPORTS, Alias, Direction, Export, Family, Shape, find_export, stdcall_names
from tests.support.paths import ROOT

SOURCES = {"VirtualCardChk.dll": "virtualcardchk.c", "NationECCode.dll": "nationeccode.c"}

# --- the documents ---


def test_exports_as_printed() -> None:
    rows = [
        (row.number, row.name, row.dll, row.shape.returns, row.success, row.stack_bytes, row.clause) for row in EXPORTS
    ]
    assert rows == [
        (1, "VirtualCardTrans", "VirtualCardChk.dll", "char*", "00", 12, "VC 3.2"),
        (2, "Set_QRflow_Mode", "VirtualCardChk.dll", "int", "0", 4, "VC 3.3"),
        (3, "EhealthID_Print", "VirtualCardChk.dll", "int", "0", 12, "VC 3.4"),
        (4, "SetEcQrcode", "VirtualCardChk.dll", "int", "0", 4, "VC 3.5"),
        (5, "NationEcTrans", "NationECCode.dll", "char*", "0000", 12, "EC B.1.3"),
    ]


def test_parameters_as_printed() -> None:
    rows = {
        row.name: [(each.name, each.type, each.length, each.direction) for each in row.parameters] for row in EXPORTS
    }
    read, written = Direction.IN, Direction.OUT
    assert rows == {
        "VirtualCardTrans": [
            ("strUrl", "Char", 2048, read), ("InData", "Char", None, read), ("OutData", "Char", 2048, written),
        ],
        "Set_QRflow_Mode": [("mode", "int", None, read)],
        "EhealthID_Print": [
            ("ehealthid", "Char", 256, read), ("cardNo", "Char", 256, read), ("name", "Char", 256, read),
        ],
        "SetEcQrcode": [("pErrmsg", "Char", 256, written)],
        "NationEcTrans": [
            ("strUrl", "Char", 2048, read), ("InData", "Char", 2048, read), ("OutData", "Char", 2048, written),
        ],
    }  # fmt: skip


def test_families_and_shapes() -> None:
    assert [(row.name, row.family, row.shape) for row in EXPORTS] == [
        ("VirtualCardTrans", Family.VC, Shape.TRANS),
        ("Set_QRflow_Mode", Family.VC, Shape.NUMBER),
        ("EhealthID_Print", Family.VC, Shape.NUMBER),
        ("SetEcQrcode", Family.VC, Shape.MESSAGE),
        ("NationEcTrans", Family.EC, Shape.TRANS),
    ]


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: row.name)
def test_parameters_are_those_of_the_shape(row: Export) -> None:
    """The front has one function a shape: two texts and a buffer; at most three texts, or a number; a buffer."""
    kinds = ["out" if each is row.output else "text" if each.is_text else "int" for each in row.parameters]
    assert (
        kinds
        in {
            Shape.TRANS: [["text", "text", "out"]],
            Shape.NUMBER: [["int"], ["text"], ["text"] * 2, ["text"] * 3],
            Shape.MESSAGE: [["out"]],
        }[row.shape]
    )


# --- names ---


def test_names_are_unique() -> None:
    names = [*(row.name for row in EXPORTS), *(alias.name for alias in ALIASES)]
    assert len(names) == len(set(names))
    assert len({row.number for row in EXPORTS}) == len(EXPORTS)


def problems(aliases: Sequence[Alias]) -> list[str]:
    """What is wrong with rows of aliases."""
    exports = {row.name for row in EXPORTS}
    return [
        alias.name
        for alias in aliases
        if alias.export not in exports
        or not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", alias.name)
        or len(alias.evidence) < 20
    ]


def test_every_alias_is_of_an_export_and_says_who_asks_for_it() -> None:
    assert problems(ALIASES) == []


def test_a_bad_alias_is_seen() -> None:
    """The negative control."""
    evidence = "the programs of a hospital that was made up"
    bad = [
        Alias("a", "NationTrans", evidence),
        Alias("_b@12", "NationEcTrans", evidence),
        Alias("c", "NationEcTrans", ""),
    ]
    assert problems([*bad, Alias("d", "NationEcTrans", evidence)]) == ["a", "_b@12", "c"]


def test_find_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.spec.exports.ALIASES", (Alias("NationTrans", "NationEcTrans", "made up"),))
    for name, number in (("VirtualCardTrans", 1), ("NationEcTrans", 5), ("NationTrans", 5)):
        row = find_export(name)
        assert row is not None and row.number == number
    assert find_export("nationectrans") is None
    assert find_export("_NationEcTrans@12") is None


def test_stdcall_names() -> None:
    assert stdcall_names("SetEcQrcode", 4) == ("SetEcQrcode", "_SetEcQrcode@4", "SetEcQrcode@4")


# --- what C is given ---


def test_the_header_has_every_row() -> None:
    lines = exports_build.header(EXPORTS).splitlines()
    assert {
        "    VCSHIM_VirtualCardTrans = 1,",
        "    VCSHIM_NationEcTrans = 5,",
        "    ROW(VCSHIM_SetEcQrcode, VCSHIM_VC) \\",
        "    ROW(VCSHIM_NationEcTrans, VCSHIM_EC) \\",
        '    ROW(VCSHIM_VirtualCardTrans, "VirtualCardTrans", 3, 2, 2, 1) \\',
        '    ROW(VCSHIM_Set_QRflow_Mode, "Set_QRflow_Mode", 1, 0, -1, 0) \\',
        '    ROW(VCSHIM_EhealthID_Print, "EhealthID_Print", 3, 3, -1, 0) \\',
        '    ROW(VCSHIM_SetEcQrcode, "SetEcQrcode", 1, 0, 0, 0) \\',
        "VCSHIM_EXPORT char *VCSHIM_STDCALL NationEcTrans(char *, char *, char *);",
        "VCSHIM_EXPORT int VCSHIM_STDCALL Set_QRflow_Mode(int);",
    } <= set(lines)
    assert all(sum(row.name in line for line in lines) == 4 for row in EXPORTS)


@pytest.mark.parametrize("row", EXPORTS, ids=lambda row: row.name)
def test_every_export_is_defined_in_the_file_of_its_dll(row: Export) -> None:
    """What a prototype cannot say: that there is a definition, that it passes its own number on, and that the host's
    calls reach it on 32-bit Windows, where as many bytes are removed from the stack as the row has."""
    source = (ROOT / "native" / SOURCES[row.dll]).read_text("utf-8")
    assert f"VCSHIM_RELAY({row.name}, {row.stack_bytes})\n" in source
    assert re.search(rf"\bVCSHIM_OWN_NAME\({row.name}\)\(", source)
    assert f"vcshim_front_{row.shape.title}(VCSHIM_{row.name}" in source


# --- what the linkers are given ---

TWO = (Alias("Trans2", "VirtualCardTrans", "made up"), Alias("Mode", "Set_QRflow_Mode", "made up"))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith((";", "/*"))]


def test_the_definition_of_a_32_bit_dll() -> None:
    assert lines(exports_build.definition("NationECCode.dll", 32, EXPORTS, TWO)) == [
        "LIBRARY NationECCode.dll",
        "EXPORTS",
        "  NationEcTrans=NationEcTrans@12 @1",
        "  _NationEcTrans@12=NationEcTrans@12",
        "  NationEcTrans@12=NationEcTrans@12",
    ]


def test_the_definition_of_a_32_bit_dll_with_aliases() -> None:
    assert lines(exports_build.definition("VirtualCardChk.dll", 32, EXPORTS[:2], TWO))[2:] == [
        "  VirtualCardTrans=VirtualCardTrans@12 @1",
        "  _VirtualCardTrans@12=VirtualCardTrans@12",
        "  VirtualCardTrans@12=VirtualCardTrans@12",
        "  Trans2=VirtualCardTrans@12",
        "  _Trans2@12=VirtualCardTrans@12",
        "  Trans2@12=VirtualCardTrans@12",
        "  Set_QRflow_Mode=Set_QRflow_Mode@4 @2",
        "  _Set_QRflow_Mode@4=Set_QRflow_Mode@4",
        "  Set_QRflow_Mode@4=Set_QRflow_Mode@4",
        "  Mode=Set_QRflow_Mode@4",
        "  _Mode@4=Set_QRflow_Mode@4",
        "  Mode@4=Set_QRflow_Mode@4",
    ]


def test_the_definition_of_a_64_bit_dll_is_undecorated() -> None:
    assert lines(exports_build.definition("VirtualCardChk.dll", 64, EXPORTS[:2], TWO))[2:] == [
        "  VirtualCardTrans=VirtualCardTrans @1",
        "  Trans2=VirtualCardTrans",
        "  Set_QRflow_Mode=Set_QRflow_Mode @2",
        "  Mode=Set_QRflow_Mode",
    ]


def test_the_linker_script_of_a_linux_library() -> None:
    assert lines(exports_build.linker_script("VirtualCardChk.dll", EXPORTS[:2], TWO)) == [
        "Trans2 = VirtualCardTrans;",
        "Mode = Set_QRflow_Mode;",
        "VERSION {",
        "  { global: VirtualCardTrans; Set_QRflow_Mode; Trans2; Mode; local: *; };",
        "}",
    ]


def test_ordinals_stay_what_they_are() -> None:
    """Hosts may import by ordinal. A new export comes last in its DLL; an alias has no ordinal of ours."""
    ordinals = {
        dll: re.findall(r"  (\w+)=\S+ @(\d+)", exports_build.definition(dll, 32, EXPORTS, ALIASES)) for dll in SOURCES
    }
    assert {dll: dict(pairs) for dll, pairs in ordinals.items()} == {
        "VirtualCardChk.dll": {
            "VirtualCardTrans": "1",
            "Set_QRflow_Mode": "2",
            "EhealthID_Print": "3",
            "SetEcQrcode": "4",
        },
        "NationECCode.dll": {"NationEcTrans": "1"},
    }


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EXPORTS[0].success = "0"  # type: ignore[misc]
