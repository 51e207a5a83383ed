"""The keys that C reads by itself: the rows of native/settings.c are those of shim/settings (abi, messages, mode,
start), and both readers make the same of every file of tests/vectors/ini_abi.json."""

from __future__ import annotations

import ctypes
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from buildlib import tools
from shim import configuration
from shim.settings.abi import AbiSettings
from shim.settings.messages import MessageSettings
from shim.settings.mode import ModeSettings
from shim.settings.start import StartSettings
from tests.support.paths import ROOT, VECTORS

FILES: list[dict[str, Any]] = json.loads((VECTORS / "ini_abi.json").read_text("utf-8"))
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
DEFAULTS = {
    "out_capacity": 2048, "charset": "gbk", "return_memory": "cotaskmem", "set_qrflow_mode": "stdcall",
    "audience": "clerk", "run": "native", "warm_up": "on", "local_copy": "auto",
}  # fmt: skip
OPTIONS = (*AbiSettings.options(), *MessageSettings.options(), *ModeSettings.options(), *StartSettings.options())
WORDS = {option.key: option.choices for option in OPTIONS}


class Row(ctypes.Structure):
    """vcshim_setting of native/settings.h."""

    _fields_ = (
        ("section", ctypes.c_char_p),
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


def file_of(case: dict[str, Any]) -> bytes:
    """The bytes of a row: `hex`; or `text`, with `fill` so many `times` in the place of {}, as it was `saved`."""
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    text = case["text"]
    if "fill" in case:
        text = text.replace("{}", case["fill"] * case["times"])
    saved = case.get("saved", "utf-8")
    data: bytes = MARKS.get(saved, b"") + text.encode(saved)
    return data


def read_by_c(library: ctypes.CDLL, data: bytes) -> tuple[bool, dict[str, Any]]:
    """Whether the file could be read at all, and what it says."""
    values = (ctypes.c_int32 * len(WORDS))()
    readable = library.vcshim_settings_read(data, len(data), values)
    return bool(readable), {
        key: WORDS[key][value] if WORDS[key] else value for key, value in zip(DEFAULTS, values, strict=True)
    }


class RawPath(ctypes.Structure):
    """vcshim_raw_path of native/settings.h."""

    _fields_ = (("bytes", ctypes.c_void_p), ("count", ctypes.c_int32), ("charset", ctypes.c_int))


def paths_by_c(library: ctypes.CDLL, data: bytes) -> list[str]:
    """The paths of [vendor] as C finds them."""
    rows = (RawPath * 2)()
    library.vcshim_settings_paths(data, len(data), rows)
    charsets = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
    return [
        ctypes.string_at(row.bytes, row.count).decode(charsets[row.charset], "surrogateescape") if row.bytes else ""
        for row in rows
    ]


def read_by_python(folder: Path, data: bytes) -> tuple[configuration.Configuration, dict[str, Any]]:
    (folder / "vcshim.ini").write_bytes(data)
    settings = configuration.read(folder)
    values = {option.key: getattr(getattr(settings, option.section), option.attribute) for option in OPTIONS}
    return settings, {key: ("off", "on")[value] if isinstance(value, bool) else value for key, value in values.items()}


def test_every_row_is_pythons(library: ctypes.CDLL) -> None:
    """Section, key, default, limits and words; the words in the same order, because C keeps their index."""
    options = {(option.section, option.key): option for option in OPTIONS}
    rows = list((Row * len(options)).in_dll(library, "vcshim_setting_rows"))
    assert sorted((row.section.decode(), row.key.decode()) for row in rows) == sorted(options)
    for row in rows:
        option = options[row.section.decode(), row.key.decode()]
        words = tuple(word.decode() for word in row.words if word is not None)
        assert words == option.choices
        assert (words[row.initial] if words else str(row.initial)) == option.default
        assert (row.low, row.high) == (option.low or 0, option.high or 0)


@pytest.mark.parametrize("case", FILES, ids=lambda case: str(case["name"]))
def test_c(library: ctypes.CDLL, case: dict[str, Any]) -> None:
    assert read_by_c(library, file_of(case))[1] == DEFAULTS | case["gives"]


@pytest.mark.parametrize("case", FILES, ids=lambda case: str(case["name"]))
def test_python(tmp_path: Path, case: dict[str, Any]) -> None:
    settings, values = read_by_python(tmp_path, file_of(case))
    assert values == DEFAULTS | case["gives"]
    assert bool(settings.refusals) == case.get("refuses", False)


@pytest.mark.parametrize("case", FILES, ids=lambda case: str(case["name"]))
def test_both_know_a_file_that_cannot_be_read(library: ctypes.CDLL, tmp_path: Path, case: dict[str, Any]) -> None:
    """C then reads it again at the next call, as Python does."""
    data = file_of(case)
    assert read_by_c(library, data)[0] is not read_by_python(tmp_path, data)[0].unreadable


_PIECES = (
    "[abi]", "[abi", "abi]", "【abi】", "［ABI］", "[log]", "[messages]", "[Messages", "[dialect x]", "charset",
    "out_capacity", "return_memory", "audience", "developer",
    "=", "＝", ":", "：", "gbk", "utf-8", "ｕｔｆ-８", "auto", "static", "4096", "０２５６", ";", "#", "；", "＃", " ",
    "\u3000", "\t", "\xa0", "\u200b", '"', "'", "\r", "\r\n", "\n", "\n", "注释", "联通", "𬱖", "]", "[", " " * 700,
    "0" * 30,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_both_read_alike(library: ctypes.CDLL, tmp_path: Path, seed: int) -> None:
    """Files put together at random, in every encoding, some with a spoiled byte."""
    chance = random.Random(seed)
    for _ in range(250):
        text = "[abi]\n" + "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 30)))
        saved = chance.choice(("utf-8", "utf-8-sig", "gb18030", *MARKS))
        data = bytearray(MARKS.get(saved, b"") + text.encode(saved))
        if chance.random() < 0.3:
            data[chance.randrange(len(data))] = chance.randrange(256)
        settings, values = read_by_python(tmp_path, bytes(data))
        assert read_by_c(library, bytes(data)) == (not settings.unreadable, values), bytes(data)


# A line of [vendor], and the path in it.
PATH_LINES = (
    (r"nationeccode = D:\医院\vendor\NationECCode.dll", r"D:\医院\vendor\NationECCode.dll"),
    (r"NationECCode＝ C:\Program  Files\门诊 #3\a.dll ; 原厂", r"C:\Program  Files\门诊 #3\a.dll"),
    (r'nationeccode = "C:\a b\c.dll" # 原厂', r"C:\a b\c.dll"),
    (r"nationeccode: 备份\㐂𬱖.dll", r"备份\㐂𬱖.dll"),
    ("nationeccode = a.dll # 原厂", "a.dll"),
    ("nationeccode = ; 空", ""),
    ("nationeccode", ""),
)  # fmt: skip


@pytest.mark.parametrize("saved", ("utf-8", "utf-8-sig", "gb18030", *MARKS))
@pytest.mark.parametrize(("line", "path"), PATH_LINES)
def test_both_read_the_same_path(library: ctypes.CDLL, tmp_path: Path, line: str, path: str, saved: str) -> None:
    """C must find the vendor's DLL where Python cannot start."""
    text = f"[mode]\nrun = capture\n[vendor]\nvirtualcardchk = x.dll\n{line}\n[log]\nfolder = 日志\n"
    data = MARKS.get(saved, b"") + text.encode(saved)
    assert paths_by_c(library, data) == ["x.dll", path]
    settings, values = read_by_python(tmp_path, data)
    assert values["run"] == read_by_c(library, data)[1]["run"] == "capture"
    assert settings.vendor.nationeccode == (str(tmp_path / path) if path else "")
