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
from shim.settings.layers import Layer
from shim.settings.log import LogSettings
from shim.settings.messages import MessageSettings
from shim.settings.mode import ModeSettings
from shim.settings.start import StartSettings
from tests.support.paths import ROOT, VECTORS

FILES: list[dict[str, Any]] = json.loads((VECTORS / "ini_abi.json").read_text("utf-8"))
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
DEFAULTS = {
    "out_capacity": 2048, "charset": "gbk", "return_memory": "cotaskmem", "set_qrflow_mode": "stdcall",
    "audience": "clerk", "run": "native", "warm_up": "on", "local_copy": "auto",
    "windows_events": "failures",
}  # fmt: skip
OPTIONS = (
    *AbiSettings.options(), *MessageSettings.options(), *ModeSettings.options(), *StartSettings.options(),
    LogSettings.option("windows_events"),
)  # fmt: skip
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
    """native/settings.c, compiled with its parts alone."""
    tools.require("linux", "gcc")
    path = tmp_path_factory.mktemp("settings") / "settings.so"
    sources = [ROOT / "native" / f"{name}.c" for name in ("settings", "ini_charset", "ini_value", "pc_pattern")]
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", *sources, "-o", path], check=True)
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


def files_of(case: dict[str, Any]) -> list[bytes]:
    """The files of a row, the weakest first: its `layers`, or the row itself as the only one."""
    return [file_of(layer) for layer in case.get("layers", [case])]


class RawPath(ctypes.Structure):
    """vcshim_raw_path of native/settings.h."""

    _fields_ = (("bytes", ctypes.c_void_p), ("count", ctypes.c_int32), ("charset", ctypes.c_int))


NAME = ctypes.CFUNCTYPE(ctypes.c_void_p)
DECODE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int, ctypes.c_void_p)
CHARSETS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


class Layers(ctypes.Structure):
    """vcshim_layers of native/settings.h, on a PC of this name."""

    _fields_ = (("pc_name", NAME), ("decode", DECODE), ("values", ctypes.c_int32 * len(DEFAULTS) * 2))

    def __init__(self, pc: str) -> None:
        self._name = ctypes.create_string_buffer(pc.encode())
        super().__init__(NAME(lambda: ctypes.addressof(self._name)), DECODE(decode))


def decode(data: int, count: int, charset: int, path: int) -> int:
    """vcshim_decode_path of native/platform.h."""
    try:
        text = ctypes.string_at(data, count).decode(CHARSETS[charset]).encode()
    except UnicodeDecodeError:
        return 0
    ctypes.memmove(path, text + b"\0", len(text) + 1)
    return 1


def read_by_c(library: ctypes.CDLL, files: list[bytes], pc: str = "PC-1") -> tuple[bool, dict[str, Any]]:
    """Whether the files could be read at all, and what they say."""
    layers, values = Layers(pc), (ctypes.c_int32 * len(WORDS))()
    library.vcshim_settings_begin(ctypes.byref(layers))
    readable = [library.vcshim_settings_add(ctypes.byref(layers), data, len(data)) for data in files]
    library.vcshim_settings_end(ctypes.byref(layers), values)
    return all(readable), {
        key: WORDS[key][value] if WORDS[key] else value for key, value in zip(DEFAULTS, values, strict=True)
    }


def paths_by_c(library: ctypes.CDLL, data: bytes, pc: str = "PC-1") -> list[list[str | None]]:
    """The paths of [vendor] and [fleet] as C finds them, of all PCs and of this one; None where they are not set."""
    layers, kinds = Layers(pc), (RawPath * 3 * 2)()  # enum vcshim_path_key, vcshim_sections
    library.vcshim_settings_paths(ctypes.byref(layers), data, len(data), kinds)
    return [[path_of(row) for row in rows] for rows in kinds]


def path_of(row: RawPath) -> str | None:
    if row.count < 0:
        return None
    text = ctypes.string_at(row.bytes, row.count) if row.bytes else b""
    return text.decode(CHARSETS[row.charset], "surrogateescape")


def read_by_python(
    folder: Path, files: list[bytes], pc: str = "PC-1"
) -> tuple[configuration.Configuration, dict[str, Any]]:
    layers = []
    for number, data in enumerate(files):
        layers.append(Layer(str(number), folder / f"{number}.ini", f"{number}.ini"))
        layers[-1].path.write_bytes(data)
    settings = configuration.read(folder, files=layers, pc_name=lambda: pc)
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
    assert read_by_c(library, files_of(case), case.get("pc", "PC-1"))[1] == DEFAULTS | case["gives"]


@pytest.mark.parametrize("case", FILES, ids=lambda case: str(case["name"]))
def test_python(tmp_path: Path, case: dict[str, Any]) -> None:
    settings, values = read_by_python(tmp_path, files_of(case), case.get("pc", "PC-1"))
    assert values == DEFAULTS | case["gives"]
    assert bool(settings.refusals) == case.get("refuses", False)


@pytest.mark.parametrize("case", FILES, ids=lambda case: str(case["name"]))
def test_both_know_a_file_that_cannot_be_read(library: ctypes.CDLL, tmp_path: Path, case: dict[str, Any]) -> None:
    """C then reads it again at the next call, as Python does."""
    files = files_of(case)
    assert read_by_c(library, files)[0] is not read_by_python(tmp_path, files)[0].unreadable


_PIECES = (
    "[abi]", "[abi", "abi]", "[abi@门诊-017]", "[abi@", "@", "＠", "门诊-", "017", "*", "?",
    "【abi＠*-０1？】", "【abi】", "［ABI］", "[log]", "[messages]", "[Messages", "[dialect x]", "charset",
    "out_capacity", "return_memory", "audience", "developer",
    "=", "＝", ":", "：", "gbk", "utf-8", "ｕｔｆ-８", "auto", "static", "4096", "０２５６", ";", "#", "；", "＃", " ",
    "\u3000", "\t", "\xa0", "\u200b", '"', "'", "\r", "\r\n", "\n", "\n", "注释", "联通", "𬱖", "]", "[", " " * 700,
    "0" * 30,
)  # fmt: skip


def written(chance: random.Random) -> bytes:
    """A file put together at random, in some encoding, perhaps with a spoiled byte."""
    text = "[abi]\n" + "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 30)))
    saved = chance.choice(("utf-8", "utf-8-sig", "gb18030", *MARKS))
    data = bytearray(MARKS.get(saved, b"") + text.encode(saved))
    if chance.random() < 0.3:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_both_read_alike(library: ctypes.CDLL, tmp_path: Path, seed: int) -> None:
    """One to three files at random, on a PC whose name is among the pieces."""
    chance = random.Random(seed)
    for _ in range(250):
        files = [written(chance) for _ in range(chance.choice((1, 1, 2, 3)))]
        settings, values = read_by_python(tmp_path, files, "门诊-017")
        readable, found = read_by_c(library, files, "门诊-017")
        assert readable is not settings.unreadable, files
        assert found == values or settings.unreadable, files


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
    assert paths_by_c(library, data) == [["x.dll", path, None], [None, None, None]]
    settings, values = read_by_python(tmp_path, [data])
    assert values["run"] == read_by_c(library, [data])[1]["run"] == "capture"
    assert settings.vendor.nationeccode == (str(tmp_path / path) if path else "")


def test_paths_of_some_pcs(library: ctypes.CDLL) -> None:
    """Kept apart from those of all, because native/configuration.c weighs them over several files."""
    text = "[vendor]\nnationeccode = a.dll\n[vendor@收*]\nnationeccode =\nvirtualcardchk = b.dll\n[fleet]\nsource = x\n"
    data = text.encode("gb18030")
    assert paths_by_c(library, data, "收费处-01") == [[None, "a.dll", "x"], ["b.dll", "", None]]
    assert paths_by_c(library, data, "挂号处-01") == [[None, "a.dll", "x"], [None, None, None]]
