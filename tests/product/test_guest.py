"""The DLLs as a guest of a Windows process, under Wine: no DLL of the host's is used, none of ours by it, and Ctrl-C,
handlers and filters are the host's own."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from buildlib import private_names
from buildlib.pe import Image
from buildlib.wine import Wine
from shim.simulator.server import Simulator
from tests.support import windows_pythons
from tests.support.calls import QUERY, VERIFY, query_line, verify_line, without_code
from tests.support.clients import PROGRAMS, Kind, Reply, Rig, hexed, run_client, trans_line
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO
from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.servers import LOOPBACK, Server, serving, tls_front

# What CPython, OpenSSL, hidapi, Pillow and Windows' loader look for by a bare name, in the host's folder too.
STAND_INS = (
    "python3.dll", "python311.dll", "libcrypto-3.dll", "libssl-3.dll", "libffi-8.dll", "sqlite3.dll", "zlib1.dll",
    "VCRUNTIME140.dll", "VCRUNTIME140_1.dll", "ucrtbase.dll", "api-ms-win-core-path-l1-1-0.dll",
    "api-ms-win-crt-runtime-l1-1-0.dll", "iphlpapi.dll", "version.dll", "hid.dll", "bcrypt.dll", "cfgmgr32.dll",
    "setupapi.dll", "crypt32.dll", "dnsapi.dll", "nsi.dll", "ncrypt.dll", "winspool.drv", "fribidi.dll",
    "fribidi-0.dll", "libfribidi-0.dll", "shcore.dll", "dwmapi.dll", "libgcc_s_dw2-1.dll",
    "libwinpthread-1.dll", "engine.dll",
)  # fmt: skip


def his(folder: Path, kind: Kind = "win32-c") -> Product:
    """An installation that has every kind of call to make: TLS, label, HID scanner, screen."""
    font, _, face = NOTO.partition("#")
    paths = [Wine.windows_path(path) for path in (LOOPBACK, folder / "label.bin", Path(font))]
    return install(kind, folder).ini(
        f"[transport]\nca_file = {paths[0]}\n[label]\ntype = file\nfile = {paths[1]}\nfonts = {paths[2]}#{face}\n"
        "[scanner]\ntype = hidpos\n[screen]\ntype = window\n"
    )


def every_call(simulator: Simulator, secure: str) -> list[str]:
    """http and https, each cipher, a label, a scan by HID, the screen, a filled-in window."""
    words = (hexed(word.encode("gb18030")) for word in (FUSED, CARD_NO, NAME))
    ciphers = [
        trans_line(name, VERIFY["in"].replace('"AES"', f'"{name}"').encode("gb18030"), url="sim:?sim=again:1")
        for name in ("DES", "SM4")
    ]
    return [
        verify_line("http", simulator),
        query_line("query", simulator),
        trans_line("https", VERIFY["in"].encode("gb18030"), url=secure + "?sim=again:1"),
        *ciphers,
        " ".join(["call", "label", "EhealthID_Print", *words]),
        trans_line("scan", without_code(VERIFY["in"], "biz_content", "ehealth_code"), url="sim:"),
        "call show Set_QRflow_Mode 1",
        "call hide Set_QRflow_Mode 0",
        "call fill SetEcQrcode 256",
    ]


def assert_right(replies: list[Reply]) -> None:
    by_id = {reply.id: reply for reply in replies}
    assert [reply.broken for reply in replies] == [{}] * len(replies)
    assert [by_id[name].returned for name in ("http", "https", "DES", "SM4")] == [b"00"] * 4
    assert by_id["http"].out == by_id["https"].out == VERIFY["out"].encode("gb18030")
    assert by_id["query"].out == QUERY["out"].encode("gb18030")
    assert "没有找到扫码枪" in (by_id["scan"].out or b"").decode("gbk")
    assert (by_id["label"].number, by_id["hide"].number) == (0, 0)


# ---- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["of the host", "of the DLLs and the host"])
@pytest.mark.parametrize("kind", ["win32-c", "win64-c"])
def test_no_file_of_the_host_is_loaded(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, place: str) -> None:
    """DLLs of every name that is looked for by name, in the host's folder and in the working directory."""
    product = his(tmp_path / "his", kind)
    stand_in = rig.program("intruder.dll" if kind == "win32-c" else "intruder64.dll")
    folder = tmp_path / "host" if place == "of the host" else product.folder
    elsewhere = tmp_path / "elsewhere"
    for where in (folder, elsewhere):
        where.mkdir(exist_ok=True)
        for name in STAND_INS:
            shutil.copy(stand_in, where / name)
    program, mark = folder / "program.exe", tmp_path / "intruders.txt"
    shutil.copy(rig.program(PROGRAMS[kind]), program)
    with tls_front(simulator) as secure:
        lines = [*product.load_lines(), *every_call(simulator, secure)]
        env = watched(mark, elsewhere)
        assert_right(run_client(kind, lines, rig=rig, program=program, cwd=elsewhere, env=env))
    assert not mark.exists(), mark.read_text()


def watched(mark: Path, path: Path | None = None) -> dict[str, str]:
    """The environment in which a stand-in that is loaded says so to `mark`; `path` is a folder of the PATH.

    Wine takes its own DLL for a file of the same name in the host's folder, unless it is told to take the file.
    """
    stems = {Path(name).stem if name.endswith(".dll") else name for name in STAND_INS}
    env = {
        "INTRUDER": Wine.windows_path(mark),
        "WINEDLLOVERRIDES": f"mscoree,mshtml,winedbg.exe=;{','.join(stems)}=n,b",
    }
    return env | ({"WINEPATH": Wine.windows_path(path)} if path else {})


def test_a_host_that_sets_default_folders(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """SetDefaultDllDirectories puts the host's folder before System32, for whatever is loaded without a word on it."""
    product, mark = his(tmp_path / "his"), tmp_path / "intruders.txt"
    program = product.folder / "guest.exe"
    shutil.copy(rig.program("guest.exe"), program)
    for name in STAND_INS:
        shutil.copy(rig.program("intruder.dll"), product.folder / name)
    env = watched(mark)
    told = guest(rig, product, simulator.gateway, "default-dirs", "call", env=env, program=program)
    assert told == [ANSWER]
    assert not mark.exists(), mark.read_text()


def test_the_stand_ins_are_loaded_by_a_host_that_asks(rig: Rig, tmp_path: Path) -> None:
    """The control: bare names, as CPython and hidapi give them."""
    program, mark = tmp_path / "guest.exe", tmp_path / "intruders.txt"
    shutil.copy(rig.program("guest.exe"), program)
    (tmp_path / "in.json").write_text("{}")
    names = [name for name in STAND_INS if not name.startswith(("api-", "ucrtbase"))]  # those come from System32
    for name in names:
        shutil.copy(rig.program("intruder.dll"), tmp_path / name)
    words = [Wine.windows_path(path) for path in (program, tmp_path / "result.txt")]
    words += ["-", "-", "-", Wine.windows_path(tmp_path / "in.json")]
    preloads = [word for name in names for word in ("preload", name)]
    rig.wine32.run([*words, *preloads], env=watched(mark))
    assert {path.rpartition("\\")[2].lower() for path in mark.read_text().splitlines()} == {n.lower() for n in names}


_MISSED = re.compile(r'NtCreateFile L"(.*)" not found')
# What is looked for in the host's folder and in the working directory, and by whom.
LOOKED_FOR = {
    # the host itself, when it starts and ends
    "kernel32.dll", "kernelbase.dll", "msvcrt.dll", "program.exe.manifest", "libgcc_s_dw2-1.dll", "mscoree.dll",
    # Wine's user32; Windows has it from System32 always
    "imm32.dll",
    # ours by GetModuleHandle, for which Wine looks for a file, and Windows does not
    "vcshim_core.dll", "vcs-crypto.dll", "vcs-py311.dll",
}  # fmt: skip


def test_what_is_looked_for_in_the_hosts_folder(
    rig: Rig, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wine writes down each file that is opened and not there."""
    product = his(tmp_path / "his")
    host, elsewhere = tmp_path / "hostfolder", tmp_path / "workdir"
    host.mkdir()
    elsewhere.mkdir()
    program = host / "program.exe"
    shutil.copy(rig.program("client-console.exe"), program)
    done: list[subprocess.CompletedProcess[str]] = []
    run = rig.wine32.run

    def keeping(*words: Any, **more: Any) -> subprocess.CompletedProcess[str]:
        done.append(run(*words, **more))
        return done[-1]

    monkeypatch.setattr(rig.wine32, "run", keeping)
    with tls_front(simulator) as secure:
        lines = [*product.load_lines(), *every_call(simulator, secure)]
        env = {"WINEDEBUG": "warn+file"}
        assert_right(run_client("win32-c", lines, rig=rig, program=program, cwd=elsewhere, env=env))
    missed = {path.replace("\\\\", "/") for path in _MISSED.findall(done[-1].stderr)}
    assert any(path.endswith("/vcshim/bcrypt.dll") for path in missed)  # the recorder works
    names = {path.rpartition("/")[2] for path in missed if "/hostfolder/" in path or "/workdir/" in path}
    assert names - LOOKED_FOR == set()


# ---- DLLs that the host has loaded -----------------------------------------------------------------------------------

LOADED_BEFORE = (
    "VCRUNTIME140.dll", "python311.dll", "libcrypto-3.dll", "libssl-3.dll", "libffi-8.dll", "sqlite3.dll",
)  # fmt: skip


def guest(
    rig: Rig,
    product: Product,
    url: str,
    *steps: str | Path,
    console: bool = False,
    env: dict[str, str] | None = None,
    program: Path | None = None,
) -> list[str]:
    """What guest.exe tells; with a console of its own its exit code comes last."""
    folder = product.folder.parent
    result, in_data = folder / "result.txt", folder / "in.json"
    in_data.write_bytes(VERIFY["in"].encode("gb18030"))
    words: list[str | Path] = [program or rig.program("guest.exe"), *(["console"] if console else [])]
    words += [Wine.windows_path(result), Wine.windows_path(product.library("VC")), "VirtualCardTrans", url]
    words += [Wine.windows_path(in_data)]
    words += [Wine.windows_path(step) if isinstance(step, Path) else step for step in steps]
    done = rig.wine32.run(words, env=env, timeout=90)
    told = result.read_text("utf-8").splitlines()
    assert done.returncode == 0, (told, done.stdout, done.stderr)
    return [*told, *(done.stdout.split() if console else [])]


ANSWER = f"00 {VERIFY['out'].encode('gb18030').hex()}"


@pytest.mark.parametrize("kind", ["real", "stand-ins"])
def test_what_the_host_has_loaded_is_not_used(rig: Rig, simulator: Simulator, tmp_path: Path, kind: str) -> None:
    """Its own python311.dll, OpenSSL, SQLite and libffi stay its own, and ours are found beside them."""
    product = his(tmp_path / "his")
    names = LOADED_BEFORE if kind == "real" else (*LOADED_BEFORE, "python3.dll", "hid.dll", "fribidi.dll")
    theirs = windows_pythons.host_python("3.11").parent if kind == "real" else tmp_path / "theirs"
    if kind == "stand-ins":
        theirs.mkdir()
        for name in names:
            shutil.copy(rig.program("intruder.dll"), theirs / name)
    preloads: list[str | Path] = [word for name in names for word in ("preload", theirs / name)]
    answers: list[str] = []
    with tls_front(simulator) as secure:
        answer, *modules = guest(rig, product, f"{secure}?sim=again:1", *preloads, "call", "modules")
        answers.append(answer)
    assert answers == [ANSWER]
    loaded = {path.lower() for path in modules}
    assert {Wine.windows_path(theirs / name).lower() for name in names} <= loaded
    ours = ("vcs-vcrt140", "vcs-py311", "vcs-crypto", "vcs-ssl", "vcs-ffi")
    assert {Wine.windows_path(product.runtime / f"{name}.dll").lower() for name in ours} <= loaded


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.14"])
def test_a_host_with_python_embedded(rig: Rig, simulator: Simulator, tmp_path: Path, version: str) -> None:
    """Our calls before its interpreter starts, while it runs, at the same time, and after it has ended."""
    product = his(tmp_path / "his")
    folder = windows_pythons.host_python(version).parent
    dll = folder / f"python{version.replace('.', '')}.dll"
    code = "import hashlib, json, _ssl, _sqlite3\nassert hashlib.sha256(b'abc').hexdigest().startswith('ba7816bf')"
    busy = "n = 0\nwhile n < 3000000: n += 1"
    steps: list[str | Path] = [
        "call",
        "python",
        dll,
        "run",
        code,
        "call",
        "begin-call",
        "run",
        busy,
        "end-call",
        "run",
        code,
    ]
    told = guest(rig, product, simulator.gateway, *steps, "finalize", "call")
    assert told == [ANSWER] * 4


# ---- signals, console, handlers --------------------------------------------------------------------------------------

CTRL_C_ENDED = "00000000"  # by Windows' own handler; under Wine with this exit code
HANDLER_ENDED = "0000004d"


def with_helpers(folder: Path) -> Product:
    """The settings with which modules are imported that import _signal."""
    return install("win32-c", folder / "his").ini("[scanner]\ntype = wedge\n[screen]\ntype = window\n")


def test_handlers_are_the_hosts(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """SIGINT as the C runtime has it, the unhandled-exception filter, the number of vectored handlers."""
    look = ("sigint", "filter", "vectored")
    product = with_helpers(tmp_path)
    told = guest(rig, product, simulator.gateway, "filter", *look, "load", *look, "call", *look, "call", *look)
    seen = ["default", "own", "0"]
    assert told == [*seen, *seen, ANSWER, *seen, ANSWER, *seen]


def test_the_error_mode_is_the_hosts(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Not even while modules are loaded: another thread of the host watches it."""
    told = guest(rig, with_helpers(tmp_path), simulator.gateway, "error-mode", "call", "error-mode")
    assert told == [ANSWER, "kept"]


def test_ctrl_c_ends_an_idle_host(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    told = guest(
        rig, with_helpers(tmp_path), simulator.gateway, "call", "ctrl-c", "0", "sleep", "30000", "sigint", console=True
    )
    assert told == [ANSWER, CTRL_C_ENDED]


def test_ctrl_c_ends_a_host_during_a_call(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """A call that the platform answers late, after one that has brought everything in."""
    slow = f"{simulator.gateway}?sim=delay:20000"
    told = guest(rig, with_helpers(tmp_path), slow, "ctrl-c", "2000", "call", "sigint", console=True)
    assert told == [CTRL_C_ENDED]


def test_a_handler_of_the_host_is_asked_first(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    steps = ("handler", "call", "ctrl-c", "0", "sleep", "30000")
    told = guest(rig, with_helpers(tmp_path), simulator.gateway, *steps, console=True)
    assert told == [ANSWER, "event 0", HANDLER_ENDED]


def test_ctrl_c_ends_a_command(rig: Rig, tmp_path: Path) -> None:
    """vcshim.exe has Python's handler: the command says that it was stopped, and ends with 130."""
    product, waiting, release = with_helpers(tmp_path), tmp_path / "waiting", threading.Event()

    def talk(server: Server, connection: socket.socket) -> None:
        waiting.touch()
        release.wait(60)
        connection.close()

    with serving(talk) as server:
        port = server.url.partition("//")[2].partition("/")[0]
        program = Wine.windows_path(product.runtime / "vcshim.exe")
        command = f"{program} scan --type tcp --address {port} --timeout-seconds 8"
        steps = ("spawn", command, "await", waiting, "deaf", "ctrl-c", "0", "wait")
        told = guest(rig, product, "sim:", *steps, console=True)
        release.set()
    assert told == ["00000082", "00000000"]


# ---- the files themselves --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["win32", "win64"])
def test_names_of_the_set(folder: str) -> None:
    """No file has a name that another program's Python, OpenSSL, SQLite, libffi or C++ runtime has, nor imports one."""
    names, imported = set(), set()
    for path in (ROOT / "dist" / folder).rglob("*"):
        if path.suffix in (".dll", ".pyd", ".exe"):
            image = Image(path)
            names.add(path.name.lower())
            imported |= {name.text.lower() for name in image.names}
            if image.own_name is not None and path.suffix == ".dll":
                assert image.own_name.text == path.name
    foreign = re.compile(r"(python|lib|sqlite|vcruntime|msvcp)")
    assert {name for name in names | imported if foreign.match(name)} == set()
    assert {"vcs-py311.dll", "vcs-crypto.dll", "vcs-ssl.dll", "vcs-ffi.dll", "vcs-sql.dll", "vcs-vcrt140.dll"} <= names


@pytest.mark.parametrize("folder", ["win32", "win64"])
def test_signatures_and_checksums(folder: str) -> None:
    """No signature over a changed file; the checksum is right, or 0, which stands for none."""
    changed = 0
    for path in (ROOT / "dist" / folder).rglob("*"):
        if path.suffix in (".dll", ".pyd", ".exe"):
            image = Image(path)
            is_ours = any(name.text.startswith("vcs-") for name in [*image.names, *filter(None, [image.own_name])])
            changed += is_ours
            assert not (is_ours and image.directory(4) != (0, 0)), path
            stated = int.from_bytes(image.data[image.checksum_at : image.checksum_at + 4], "little")
            blank = bytearray(image.data)
            blank[image.checksum_at : image.checksum_at + 4] = bytes(4)
            assert stated in (0, private_names.checksum(blank)), path
    assert changed > 35


@pytest.mark.parametrize("folder", ["win32", "win64"])
def test_a_lost_share_does_not_end_the_host(folder: str) -> None:
    """Windows reads each file as a whole, but for those that Microsoft has signed, which have no code."""
    unflagged = set()
    for path in (ROOT / "dist" / folder).rglob("*"):
        if path.suffix in (".dll", ".pyd", ".exe") and Image(path).characteristics & 0x0C00 != 0x0C00:
            unflagged.add(path.name)
    assert {name for name in unflagged if not name.startswith("api-ms-win-crt-")} == set()


@pytest.mark.parametrize("folder", ["win32", "win64"])
def test_nobody_changes_the_process(folder: str) -> None:
    """Functions that change what a process has one of, by the only files that may import them."""
    allowed = {
        "AddVectoredExceptionHandler": {"vcs-py311.dll"},  # faulthandler, which nothing switches on
        "signal": {"vcs-py311.dll", "vcs-crypto.dll", "vcshim.exe"},  # overridden; prompts of a command line; its own
        "SetConsoleCtrlHandler": set(),
        "SetDllDirectoryW": set(),
        "AddDllDirectory": set(),
        "SetErrorMode": {"vcs-py311.dll", "vcshim.exe"},  # overridden; a program of our own, for its own words
    }
    found: dict[str, set[str]] = {name: set() for name in allowed}
    for path in (ROOT / "dist" / folder).rglob("*"):
        if path.suffix in (".dll", ".pyd", ".exe"):
            for names in Image(path).imports.values():
                for name in found.keys() & set(names):
                    found[name].add(path.name)
    assert found == allowed
