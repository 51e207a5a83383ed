"""The [abi] keys that C reads by itself: the rows of native/settings.c are those of shim/settings/abi.py, literally."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import pytest

from buildlib import tools
from shim.settings.abi import AbiSettings
from tests.support.paths import ROOT


class Row(ctypes.Structure):
    """vcshim_setting of native/settings.h."""

    _fields_ = (
        ("key", ctypes.c_char_p),
        ("initial", ctypes.c_int32),
        ("low", ctypes.c_int32),
        ("high", ctypes.c_int32),
        ("words", ctypes.c_char_p * 4),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """native/settings.c, compiled by itself."""
    tools.require("linux", "gcc")
    path = tmp_path_factory.mktemp("settings") / "settings.so"
    source = ROOT / "native" / "settings.c"
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o", path], check=True)
    return ctypes.CDLL(str(path))


def test_every_row_is_pythons(library: ctypes.CDLL) -> None:
    """Key, default, limits and words; the words in the same order, because C keeps their index."""
    options = {option.key: option for option in AbiSettings.options()}
    rows = list((Row * len(options)).in_dll(library, "vcshim_setting_rows"))
    assert sorted(row.key.decode() for row in rows) == sorted(options)
    for row in rows:
        option = options[row.key.decode()]
        words = tuple(word.decode() for word in row.words if word is not None)
        assert words == option.choices
        assert (words[row.initial] if words else str(row.initial)) == option.default
        assert (row.low, row.high) == (option.low or 0, option.high or 0)


def read(library: ctypes.CDLL, text: bytes) -> list[int]:
    values = (ctypes.c_int32 * len(AbiSettings.options()))()
    library.vcshim_settings_read(text, len(text), values)
    return list(values)


# What stands in the file, and what C makes of it: out_capacity, then the index of the word of each of the others.
FILES: tuple[tuple[bytes, list[int]], ...] = (
    (b"", [2048, 0, 0, 0]),
    (b"[abi]\ncharset = auto\nreturn_memory = static\nset_qrflow_mode = cdecl\nout_capacity = 256", [256, 2, 1, 1]),
    # The last line of a key counts, also when it is not understood: so it is in Python.
    (b"[abi]\nout_capacity = 4096\nout_capacity = many\ncharset = utf-8\ncharset = utf8\n", [2048, 0, 0, 0]),
    (b"[abi]\nout_capacity = 4096\nout_capacity\n", [2048, 0, 0, 0]),
    (b"[abi]\nout_capacity = 10485761048576\n", [2048, 0, 0, 0]),
)


@pytest.mark.parametrize(("text", "values"), FILES)
def test_reading(library: ctypes.CDLL, text: bytes, values: list[int]) -> None:
    assert read(library, text) == values


@pytest.mark.parametrize(("text", "values"), FILES)
def test_python_reads_the_same(tmp_path: Path, text: bytes, values: list[int]) -> None:
    from shim import configuration

    (tmp_path / "vcshim.ini").write_bytes(text)
    settings = configuration.read(tmp_path).abi
    words = {option.key: option.choices for option in AbiSettings.options()}
    assert [settings.out_capacity, *(
        words[key].index(getattr(settings, key)) for key in ("charset", "return_memory", "set_qrflow_mode")
    )] == values  # fmt: skip
