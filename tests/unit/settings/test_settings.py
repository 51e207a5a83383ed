"""vcshim.ini: what Python reads, what C reads (native/settings.c), and that both read the same."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import pytest

from buildlib import tools
from shim import configuration
from tests.support.paths import ROOT


class CSettings(ctypes.Structure):
    """vcshim_settings of native/settings.h."""

    _fields_ = [
        ("out_capacity", ctypes.c_int32),
        ("charset", ctypes.c_int),
        ("static_memory", ctypes.c_int),
        ("qrflow_cdecl", ctypes.c_int),
    ]


@pytest.fixture(scope="module")
def c_reader(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """native/settings.c, compiled by itself."""
    tools.require("linux", "gcc")
    library = tmp_path_factory.mktemp("settings") / "settings.so"
    source = ROOT / "native" / "settings.c"
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o", library], check=True)
    return ctypes.CDLL(str(library))


def read_by_c(reader: ctypes.CDLL, data: bytes) -> tuple[int, str, str, str]:
    found = CSettings()
    reader.vcshim_settings_read(data, len(data), ctypes.byref(found))
    return (
        found.out_capacity,
        "utf-8" if found.charset == 1 else "gbk",
        "static" if found.static_memory else "cotaskmem",
        "cdecl" if found.qrflow_cdecl else "stdcall",
    )


def read_by_python(data: bytes, folder: Path) -> tuple[int, str, str, str]:
    (folder / "vcshim.ini").write_bytes(data)
    settings = configuration.read(folder).abi
    return (
        settings.out_capacity,
        "utf-8" if settings.charset == "utf-8" else "gbk",  # for texts of its own C takes auto as GBK
        settings.return_memory,
        settings.set_qrflow_mode,
    )


DEFAULTS = (2048, "gbk", "cotaskmem", "stdcall")

# What stands in the file, and what both must make of it.
INIS: tuple[tuple[bytes, tuple[int, str, str, str]], ...] = (
    (b"", DEFAULTS),
    (b"[abi]", DEFAULTS),
    (b"[abi]\nout_capacity = 4096\n", (4096, "gbk", "cotaskmem", "stdcall")),
    (b"[abi]\r\nout_capacity=4096\r\nset_qrflow_mode=cdecl\r\n", (4096, "gbk", "cotaskmem", "cdecl")),
    (b"\xef\xbb\xbf[abi]\nreturn_memory = static", (2048, "gbk", "static", "stdcall")),
    (b"[abi]\n  out_capacity\t=\t8192  \n", (8192, "gbk", "cotaskmem", "stdcall")),
    (b"[abi]\nOUT_Capacity = 4096\nreturn_memory = STATIC\n", (4096, "gbk", "static", "stdcall")),
    (b"[abi]\n; out_capacity = 4096\n# return_memory = static\n", DEFAULTS),
    (b"[log]\nout_capacity = 4096\n[abi]\ncharset = utf-8\n", (2048, "utf-8", "cotaskmem", "stdcall")),
    (b"[abi]\ncharset = auto\n[log]\ncharset = utf-8\n", DEFAULTS),
    (b"[abi]\nout_capacity = 255\n", DEFAULTS),
    (b"[abi]\nout_capacity = 256\n", (256, "gbk", "cotaskmem", "stdcall")),
    (b"[abi]\nout_capacity = 1048576\n", (1048576, "gbk", "cotaskmem", "stdcall")),
    (b"[abi]\nout_capacity = 1048577\n", DEFAULTS),
    (b"[abi]\nout_capacity = 99999999999999999999\n", DEFAULTS),
    (b"[abi]\nout_capacity = 4096x\n", DEFAULTS),
    (b"[abi]\nout_capacity = -1\n", DEFAULTS),
    (b"[abi]\nout_capacity =\n", DEFAULTS),
    (b"[abi]\nset_qrflow_mode = fastcall\n", DEFAULTS),
    (b"[abi]\nout_capacity = 4096\nout_capacity = 8192\n", (8192, "gbk", "cotaskmem", "stdcall")),
    ("; 中文注释\n[abi]\ncharset = utf-8\n".encode("gb18030"), (2048, "utf-8", "cotaskmem", "stdcall")),
    ("[abi]\ncharset = utf-8\n; 中文注释\n".encode(), (2048, "utf-8", "cotaskmem", "stdcall")),
)


@pytest.mark.parametrize(("data", "wanted"), INIS)
def test_c_and_python_read_the_same(
    c_reader: ctypes.CDLL, tmp_path: Path, data: bytes, wanted: tuple[int, str, str, str]
) -> None:
    assert read_by_c(c_reader, data) == wanted
    assert read_by_python(data, tmp_path) == wanted


def test_no_file_is_all_defaults(tmp_path: Path) -> None:
    settings = configuration.read(tmp_path)
    assert settings.problems == ()
    assert settings.validate.level == "warn"


def test_the_template_changes_nothing() -> None:
    """Neither as it ships nor with every comment mark taken away."""
    shipped = configuration.template()
    bare = "\n".join(line.removeprefix(";") for line in shipped.splitlines() if not line.startswith("; "))
    assert configuration.parse(shipped) == configuration.parse(bare) == configuration.parse("")
    for option in configuration.options():
        assert f"\n;{option.key} = {option.default}".rstrip() in shipped


def test_problems_name_the_key_and_the_default() -> None:
    settings = configuration.parse("[abi]\nout_capacity = many\nflavour = x\n[wire]\nverify = sometimes\n")
    assert settings.abi.out_capacity == 2048
    assert settings.wire.verify == "warn"
    text = "\n".join(settings.problems)
    assert "[abi] out_capacity" in text and "256 到 1048576" in text and "2048" in text
    assert "[abi] flavour" in text
    assert "[wire] verify" in text and "off、warn、strict" in text


def test_a_broken_file_is_all_defaults_and_one_problem() -> None:
    settings = configuration.parse("out_capacity = 4096\n")
    assert settings.abi.out_capacity == 2048
    assert len(settings.problems) == 1


def test_every_option_is_sound() -> None:
    keys = [(option.section, option.key) for option in configuration.options()]
    assert len(set(keys)) == len(keys)
    for option in configuration.options():
        assert option.problem(option.default) is None
        assert option.help
