"""The Linux set is the product's alone: its names, what it is bound to, what a host sees of it, what it looks for.

Windows' set has names of its own too; its tests are test_private_names.py's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlib import clients, console, elf, layout, tools
from buildlib.elf import Image
from shim.crypto import libcrypto
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, without_code
from tests.support.clients import Kind, Reply, Rig, hexed, run_client, trans_line
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO
from tests.support.paths import ROOT
from tests.support.product import Product, install
from tests.support.servers import LOOPBACK, tls_front

HOSTS: tuple[Kind, ...] = ("linux-c", "linux-ctypes")
PREFIX = "vcshim_"
# What a process has one of.
C_LIBRARY = {
    "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libgcc_s.so.1", "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
}  # fmt: skip
SHOWN_BY_CORE = {"vcshim_core_call_6", "vcshim_core_fork", "vcshim_modules", "vcshim_sigaction"}
# Written by linkers of older systems into every library.
LINKERS_OWN = {"_init", "_fini", "_end", "_edata", "__bss_start"}
# What every program and library calls when it starts, if anybody defines it.
CALLED_AT_START = {
    "__gmon_start__", "_ITM_registerTMCloneTable", "_ITM_deregisterTMCloneTable", "_Jv_RegisterClasses",
}  # fmt: skip
# A library of hidapi's has functions of the C library beside its own, from the time before that had them.
OF_LIBATTR = {
    "getxattr", "lgetxattr", "fgetxattr", "setxattr", "lsetxattr", "fsetxattr", "listxattr", "llistxattr", "flistxattr",
    "removexattr", "lremovexattr", "fremovexattr",
}  # fmt: skip


# ---- the calls -----------------------------------------------------------------------------------------------------


@pytest.fixture
def secure(simulator: Simulator) -> Iterator[str]:
    """The address of the simulator's gateway behind TLS."""
    with tls_front(simulator) as gateway:
        yield gateway


def his(kind: Kind, folder: Path) -> Product:
    tools.require("font")
    font, _, face = NOTO.partition("#")
    lines = ["[transport]", f"ca_file = {LOOPBACK}", "[label]", "type = file", f"file = {folder / 'label.bin'}"]
    lines += [f"fonts = {font}#{face}", "[scanner]", "type = hidpos", ""]
    return install(kind, folder / "his").ini("\n".join(lines))


def ciphered(enc_type: str) -> bytes:
    return json.dumps(json.loads(VERIFY["in"]) | {"enc_type": enc_type}, ensure_ascii=False).encode("gb18030")


def lines(secure: str) -> list[str]:
    """All exports, and with them OpenSSL, pycryptodome, SQLite, Pillow, hidapi and ctypes."""
    words = (hexed(word.encode("gb18030")) for word in (FUSED, CARD_NO, NAME))
    no_code = without_code(QUERY["in"], "data", "ecQrCode")
    return [
        trans_line("https", ciphered("AES"), url=secure),
        trans_line("sim", ciphered("SM4"), url="sim:?sim=again:1"),
        trans_line("des", ciphered("DES"), url="sim:?sim=again:1"),
        " ".join(["call", "label", "EhealthID_Print", *words]),
        trans_line("scan", no_code, url="sim:", export="NationEcTrans"),
        "call show Set_QRflow_Mode 1",
        "call hide Set_QRflow_Mode 0",
        "call fill SetEcQrcode 256",
    ]


def assert_all_right(replies: list[Reply], folder: Path, screen: int = 0) -> None:
    """Three patients, a label with a rare character, and the codes of a PC without a scanner, a screen or a desktop."""
    https, sim, des, label, scan, show, hide, fill = replies
    patient = VERIFY["out"].encode("gb18030")
    assert [(reply.returned, reply.out) for reply in (https, sim, des)] == [(b"00", patient)] * 3
    assert (label.number, len((folder / "label.bin").read_bytes()) > 1000) == (0, True)
    assert (scan.returned, "没有找到扫码枪" in (scan.out or b"").decode("gb18030")) == (b"-1", True)
    assert (show.number, hide.number, fill.number != 0) == (screen, screen, True)
    assert [reply.broken for reply in replies] == [{}] * 8


# ---- names ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Image]:
    """Every ELF file of the product but pycryptodome's, by its path in the vcshim folder."""
    runtime = install("linux-c", tmp_path_factory.mktemp("names") / "his").runtime
    paths = [path for path in sorted(runtime.rglob("*")) if path.is_file() and elf.is_elf(path)]
    paths = [path for path in paths if path.parent.name != "fronts"]  # copies, to be installed from
    return {path.relative_to(runtime): Image(path) for path in paths if "Crypto" not in path.parts}


def test_the_set(images: dict[Path, Image]) -> None:
    """What has to be there for the other tests to mean anything; libraries directly in the vcshim folder."""
    names = {path.name.partition(".so")[0].partition(".cpython")[0] for path in images}
    assert {"libvcshim-python3.11", "libvcshim-crypto", "libvcshim-ssl", "libvcshim-ffi", "libvcshim-sqlite3"} < names
    assert {"libvcshim-z", "libvcshim_core", "vcshim", "_ssl", "_ctypes", "_imagingft", "hid", "_cffi_backend"} < names
    assert not {"_curses", "readline", "nis", "_crypt", "_tkinter", "ossaudiodev", "spwd", "_ctypes_test"} & names
    assert [path for path in images if path.name.startswith("lib") and path.parent != Path(".")] == []


def test_size(tmp_path: Path) -> None:
    """Stripped, and without the megabytes of zeros that a rewritten file has where its segments are widely aligned."""
    product = install("linux-c", tmp_path / "his")
    sizes = [path.stat().st_size for path in product.runtime.rglob("*.so*") if path != product.core]
    assert max(sizes) < 7_000_000
    assert sum(sizes) < 40_000_000


def test_names_of_libraries(images: dict[Path, Image]) -> None:
    """A library is known by its file name, and its file name is no host's; each file finds those that it needs."""
    for path, image in images.items():
        is_library = path.name.startswith("lib")
        assert image.soname == (path.name if is_library else None)
        assert not is_library or path.name.startswith(("libvcshim-", "libvcshim_"))
        ours = set(image.needed) - C_LIBRARY
        assert [name for name in ours if Path(name) not in images] == []
        assert set(image.versions_needed) <= set(image.needed)
        up = "/".join([".."] * (len(path.parts) - 1))
        assert (image.rpath, image.runpath) == ("$ORIGIN" + ("/" + up if up else "") if ours else "", "")


def test_names_of_symbols(images: dict[Path, Image]) -> None:
    """Nothing is defined without the prefix but what libpython asks a module for."""
    for path, image in images.items():
        allowed = set(LINKERS_OWN)
        if path.suffix == ".so" and not path.name.startswith("lib"):
            allowed.add(f"PyInit_{path.name.partition('.')[0]}")
        if path.name.startswith("libvcshim-attr"):
            allowed |= OF_LIBATTR
        assert {name for name in image.defines if not name.startswith(PREFIX)} - allowed == set(), path
    assert images[Path("libvcshim_core.so")].defines == SHOWN_BY_CORE


def test_nothing_is_left_to_be_defined_by_a_host(images: dict[Path, Image]) -> None:
    """What a file uses without the prefix is the C library's; weak names, which nobody need define, as well."""
    folder = Path(re.findall(r"(/\S+)/libc\.so\.6", Path("/proc/self/maps").read_text())[0])
    theirs: set[str] = set()
    for name in C_LIBRARY:
        for path in (folder / name, Path("/lib64") / name):
            theirs |= Image(path).defines if path.exists() else set()
    for path, image in images.items():
        assert {name for name in image.uses if not name.startswith(PREFIX)} - theirs == set(), path


def test_pycryptodome_looks_in_itself_first(tmp_path: Path) -> None:
    """Its functions are asked for by their names (ctypes), so they keep them."""
    folder = install("linux-c", tmp_path / "his").runtime / "packages" / "Crypto"
    found = {path.name: Image(path) for path in folder.rglob("*.so")}
    assert len(found) > 15
    assert {name for name, image in found.items() if not image.binds_to_itself} == set()
    assert {each for image in found.values() for each in image.needed} <= C_LIBRARY


def test_the_prefix_is_one() -> None:
    assert (layout.PRIVATE_SYMBOL, layout.PRIVATE_LIBRARY) == (PREFIX, "libvcshim-")
    assert libcrypto._PREFIXES == (PREFIX, "")


# ---- what a host sees ----------------------------------------------------------------------------------------------


def plain_names(images: dict[Path, Image]) -> list[str]:
    """Every symbol of the set, as it was called before it was renamed."""
    defined = {name for image in images.values() for name in image.defines}
    ours = LINKERS_OWN | OF_LIBATTR | SHOWN_BY_CORE
    return sorted(name.removeprefix(PREFIX) for name in defined - ours)


def scope(rig: Rig, product: Product, folder: Path, names: list[str], *libraries: Path) -> list[str]:
    """What scopehost says, with every symbol of every library bound as soon as it is loaded."""
    (folder / "names.txt").write_text("\n".join(names))
    (folder / "in.json").write_bytes(ciphered("SM4"))
    words = [rig.program("scopehost"), folder / "names.txt", folder / "in.json", product.library("VC"), *libraries]
    env = {**os.environ, "LD_BIND_NOW": "1"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.splitlines()


def test_every_file_loads(rig: Rig, images: dict[Path, Image], tmp_path: Path) -> None:
    """Nothing of them is undefined, in a host that has none of it."""
    product = install("linux-c", tmp_path / "his")
    libraries = [product.runtime / path for path in images if path.name != "vcshim"]
    libraries += list((product.runtime / "packages" / "Crypto").rglob("*.so"))
    assert len(libraries) > 80
    assert scope(rig, product, tmp_path, ["printf"], *libraries) == ["before printf", "code 00", "after printf"]


def test_a_call_adds_nothing_to_the_global_scope(rig: Rig, images: dict[Path, Image], tmp_path: Path) -> None:
    """Neither by the old names nor by the new ones: dlsym(RTLD_DEFAULT, "PyList_New") finds nothing."""
    plain = plain_names(images)
    assert {"PyList_New", "_PyRuntime", "EVP_sha256", "SSL_new", "sqlite3_open_v2", "ffi_call", "inflate"} < set(plain)
    assert {"FT_New_Face", "hb_shape", "udev_new", "BZ2_bzCompress"} < set(plain)
    names = [*plain, *(PREFIX + name for name in plain), "VirtualCardTrans"]
    assert scope(rig, install("linux-c", tmp_path / "his"), tmp_path, names) == ["code 00"]


def test_libraries_of_the_usual_names_are_not_loaded(rig: Rig, tmp_path: Path, secure: str) -> None:
    """A host that asks for libpython or libcrypto after the calls gets its own."""
    product = his("linux-ctypes", tmp_path)
    script = tmp_path / "host.py"
    script.write_text(_LOADED)
    words = [sys.executable, str(script), str(product.library("VC")), secure, str(tmp_path / "in.json")]
    (tmp_path / "in.json").write_bytes(ciphered("AES"))
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["00", "libvcshim-crypto.so.3 libvcshim-python3.11.so.1.0 libvcshim-ssl.so.3"]


_LOADED = """
import ctypes, os, re, sys
export = ctypes.CDLL(sys.argv[1]).VirtualCardTrans
export.restype = ctypes.c_char_p
out = ctypes.create_string_buffer(2048)
print(export(sys.argv[2].encode(), open(sys.argv[3], "rb").read(), out).decode())
names = {os.path.basename(path) for path in re.findall(r"/\\S+", open("/proc/self/maps").read())}
print(*sorted(name for name in names if re.match(r"lib.*(python3|ssl|crypto)", name) and "vcshim" in name))
"""


# ---- what ours is bound to -----------------------------------------------------------------------------------------

_BINDING = re.compile(r"binding file (\S+) \[\d+\] to (\S+) \[\d+\]: normal symbol `([^']+)'")


@pytest.mark.parametrize("kind", HOSTS)
def test_bindings(rig: Rig, secure: str, tmp_path: Path, kind: Kind) -> None:
    """The dynamic linker's own record: ours is bound to ours and to the C library, and nothing else to ours."""
    product = his(kind, tmp_path)
    env = {"LD_DEBUG": "bindings", "LD_DEBUG_OUTPUT": str(tmp_path / "record")}
    assert_all_right(product.run(rig, lines(secure), env=env), tmp_path)
    records = [path.read_text(errors="replace") for path in tmp_path.glob("record.*")]
    found = {match.groups() for text in records for match in _BINDING.finditer(text)}
    runtime = str(product.folder)
    out_of_ours = {row for row in found if row[0].startswith(runtime)}
    within = {row for row in out_of_ours if row[1].startswith(runtime)}
    assert len(within) > 2000  # the record has them
    files = {os.path.basename(source) for source, _, _ in within}
    assert {"_imaging.cpython-311-x86_64-linux-gnu.so", "hid.cpython-311-x86_64-linux-gnu.so"} < files
    assert {"_sqlite3.cpython-311-x86_64-linux-gnu.so", "_raw_cbc.abi3.so"} < files
    by_name = {name for source, _, name in within if "/_hashlib." in source}
    assert {"vcshim_EVP_sm4_ecb", "vcshim_EVP_aes_256_ecb"} < by_name  # asked for by shim/crypto/libcrypto.py
    others = {row for row in out_of_ours - within if os.path.basename(row[1]) not in C_LIBRARY}
    assert others == set()
    assert {row for row in found - out_of_ours if row[1].startswith(runtime)} == set()


_TRAP = """
#include <unistd.h>
void hostile_trap(void)
{
    static const char text[] = "a function of the host was called\\n";
    if (write(2, text, sizeof text - 1) < 0) _exit(98);
    _exit(99);
}
"""


def test_a_host_that_has_every_function_of_ours(
    rig: Rig, images: dict[Path, Image], secure: str, tmp_path: Path
) -> None:
    """Each symbol of the set, pycryptodome's too, is also the host's, as one that ends the process."""
    product = his("linux-c", tmp_path)
    crypto_images = [Image(path) for path in (product.runtime / "packages" / "Crypto").rglob("*.so")]
    uses = {name for image in images.values() for name in image.uses if name.startswith(PREFIX)}
    names = {*plain_names(images), *(name.removeprefix(PREFIX) for name in uses - SHOWN_BY_CORE)}
    names |= {name for image in crypto_images for name in image.defines if not name.startswith("PyInit_")}
    names = {name for name in names - LINKERS_OWN - CALLED_AT_START if re.fullmatch(r"\w+", name)}
    assert {"PyList_New", "_PyRuntime", "SSL_new", "EVP_sha256", "ZSTD_trace_compress_begin", "SHA256_update"} < names
    assert len(names) > 10000
    rows = "".join(f'    ".globl {name}\\n.set {name}, hostile_trap\\n"\n' for name in sorted(names))
    (tmp_path / "trap.c").write_text(f"{_TRAP}\n__asm__(\n{rows});\n")
    host = tmp_path / "host"
    job = clients.JOBS["client-linux"]
    words: list[str | Path] = [job.compiler, *clients.C_FLAGS, "-rdynamic", "-o", host, tmp_path / "trap.c", *job.words]
    console.run(words, cwd=clients.NATIVE, timeout=120)
    replies = run_client(product.kind, [*product.load_lines(), *lines(secure)], rig=rig, program=host)
    assert_all_right(replies, tmp_path)


@pytest.mark.parametrize("kind", HOSTS)
def test_a_host_with_another_allocator(rig: Rig, secure: str, tmp_path: Path, kind: Kind) -> None:
    """Every block of ours is its allocator's, and is given back to it."""
    env = {"LD_PRELOAD": str(rig.program("othermalloc.so"))}
    assert_all_right(his(kind, tmp_path).run(rig, lines(secure), env=env), tmp_path)


def test_the_other_allocator_is_one(rig: Rig) -> None:
    """The control: a block of the C library's is refused."""
    script = (
        "import ctypes; c = ctypes.CDLL(None); f = getattr(c, '__libc_malloc'); f.restype = ctypes.c_void_p; "
        "c.free.argtypes = [ctypes.c_void_p]; c.free(f(100))"
    )
    env = {**os.environ, "LD_PRELOAD": str(rig.program("othermalloc.so"))}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "another allocator" in done.stderr) == (99, True)


# ---- which files are looked for --------------------------------------------------------------------------------------

# Outside the folder of the product: what is looked for there, and by whom.
LOOKED_FOR = {
    r"/etc/ld\.so\.(cache|preload)": "the dynamic linker",
    r"(/usr)?/lib(64)?(/[\w-]+)?/(lib|ld-)[\w-]+\.so\.\d+": "the dynamic linker: the C library",
    r"/etc/vcshim(/vcshim\.ini)?": "the settings for all users of this PC",
    r"/etc/localtime|/usr/share/zoneinfo/.*": "the C library: the time zone, for the log",
    r"/proc/sys/vm/overcommit_memory": "the C library's allocator",
    r"/proc|/proc/(self|\d+)|/proc/(self|\d+)/exe": "shim: the host's name, for the log",
    r"/dev/urandom": "random numbers",
    r"/usr/share/fonts/.*": "shim: fonts of the label",
    r"/dev/null/-": "Pillow: fribidi, which is nowhere (buildlib/runtime.py)",
    r"/sys(/.*)?|/dev|/dev/bus/usb|/proc/bus/usb|/proc/self/mountinfo": "hidapi: USB",
    r"/run/udev/control|/etc/udev/udev\.conf": "hidapi: USB, by libudev",
}
# In the vcshim folder: what is tried there and need not be, by the front, the dynamic linker and CPython's import.
TRIED = (
    r"current\.txt",
    r"(lib-dynload/\.\./|packages/PIL/\.\./\.\./)?((glibc-hwcaps|tls|x86_64|haswell|avx512_1)(/.*)?|lib\w+\.so\.\d+)",
    r"packages/(Crypto|PIL)/([\w.]+/)*\w+(\.[\w-]+)?\.(so|py)",
)


@pytest.mark.needs("strace")
def test_which_files_are_looked_for(rig: Rig, secure: str, tmp_path: Path) -> None:
    """Loading and all calls, by the system's record: nothing in the folder of the host program, nor in its working
    directory; in the product's own, what is there. No program is started, where the screen's is not wanted."""
    product, record = his("linux-c", tmp_path), tmp_path / "record"
    product.ini((product.folder / "vcshim.ini").read_text("utf-8") + "[screen]\ntype = none\n")
    hosts, place, host = tmp_path / "hosts", tmp_path / "place", tmp_path / "host.sh"
    hosts.mkdir()
    place.mkdir()
    shutil.copy(rig.program("client-linux"), hosts / "client")
    host.write_text(f'#!/bin/sh\nexec strace -f -y -s 4096 -e trace=%file,%process -o {record} {hosts}/client "$@"\n')
    host.chmod(0o755)
    script = [*product.load_lines(), *lines(secure)]
    replies = run_client("linux-c", script, rig=rig, program=host, cwd=place)
    assert_all_right(replies, tmp_path, screen=9005)
    text = record.read_text(errors="replace")
    assert text.count("execve(") == 1
    paths = looked_for(text, place)
    assert str(product.core) in paths  # the recorder works
    assert below(paths, place) == set()
    assert below(paths, hosts) == {"client"}
    beside = {path for path in below(paths, product.folder) if not path.startswith("vcshim/")}
    assert {path for path in beside if not path.startswith("vcshim_log/")} == {
        "libVirtualCardChk.so", "libNationECCode.so", "vcshim.ini", "vcshim_log", "vcshim",
    }  # fmt: skip
    missing = {path for path in below(paths, product.runtime) if not (product.runtime / path).exists()}
    assert {path for path in missing if not re.fullmatch("|".join(TRIED), path)} == set()
    elsewhere = {path for path in paths if not path.startswith((str(tmp_path), "/tmp/client-"))}
    elsewhere -= {str(folder) for folder in [*tmp_path.parents, *LOOPBACK.parents, LOOPBACK]}
    counts = str(ROOT / "build")  # where a library that is built for `coverage` writes what it counts
    elsewhere = {path for path in elsewhere if not path.startswith((os.environ["XDG_STATE_HOME"], counts))}
    assert {path for path in elsewhere if not re.fullmatch("|".join(LOOKED_FOR), path)} == set()


def looked_for(text: str, working: Path) -> set[str]:
    """The absolute paths in a record of strace -y: of a relative one, in the folder that the call names."""
    calls = re.findall(r'^\d+ +\w+\((?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]+)"', text, re.MULTILINE)
    return {os.path.join(folder or working, path) for folder, path in calls}


def below(paths: set[str], folder: Path) -> set[str]:
    return {path.removeprefix(f"{folder}/") for path in paths if path.startswith(f"{folder}/")}
