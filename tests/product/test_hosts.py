"""Hosts of every kind: GUI and console, without streams, in odd places, with parts missing, many threads, sudden ends.

Each test loads the real libraries in a native program; win32 runs under Wine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, query_line, verify_line
from tests.support.clients import Kind, Reply, Rig, Streams, chdir_line, hexed, load_line, run_client, trans_line
from tests.support.logs import start_note
from tests.support.product import Product, install, shipped_python

NATIVE: tuple[Kind, ...] = ("linux-c", "win32-c", "win32-gui", "win32-delphi")


def assert_both_answer(replies: list[Reply]) -> None:
    """One verify and one query, answered with their literals, the host's state untouched."""
    verify, query = replies
    assert (verify.returned, verify.out) == (b"00", VERIFY["out"].encode("gb18030"))
    assert (query.returned, query.out) == (b"0000", QUERY["out"].encode("gb18030"))
    assert [reply.broken for reply in replies] == [{}, {}]


# ---- streams, environment, places ------------------------------------------------------------------------------------


@pytest.mark.parametrize("streams", ["capture", "unix-file", "null", "file", "pipe", "nul"])
@pytest.mark.parametrize("handles", ["", "closestd", "setstd invalid"])
@pytest.mark.parametrize("kind", ["win32-c", "win32-gui", "win32-delphi"])
def test_standard_streams(
    rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, streams: Streams, handles: str
) -> None:
    """stdin, stdout and stderr absent, closed, invalid, a disk file, a pipe: the same answer.

    unix-file is the one on which an unguarded interpreter ends its host under Wine.
    """
    lines = [*filter(None, [handles]), verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(install(kind, tmp_path / "his").run(rig, lines, streams=streams))


@pytest.mark.parametrize("streams", ["capture", "unix-file", "closed"])
def test_standard_streams_on_linux(rig: Rig, simulator: Simulator, tmp_path: Path, streams: Streams) -> None:
    lines = [verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(install("linux-c", tmp_path / "his").run(rig, lines, streams=streams))


@pytest.mark.parametrize("kind", NATIVE)
def test_environment_of_another_python(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """PYTHONHOME and PYTHONPATH of something else, a ._pth file beside the DLL: none of it is ours."""
    product = install(kind, tmp_path / "his")
    for name in ("python311", "vcs-py311", "vcshim"):
        (product.runtime / f"{name}._pth").write_text("nowhere\n")
    nonsense = {"PYTHONHOME": "/nonsense", "PYTHONPATH": "/nonsense", "PYTHONVERBOSE": "1", "PYTHONSTARTUP": "x.py"}
    lines = [verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(product.run(rig, lines, env=nonsense))


@pytest.mark.parametrize("kind", NATIVE)
def test_another_working_directory(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Hosts change the working directory before each call; ours are found by the DLL's own place."""
    elsewhere = tmp_path / "别处 elsewhere"
    elsewhere.mkdir()
    (elsewhere / "vcshim.ini").write_text("[validate]\nlevel = strict\n")
    lines = [chdir_line(kind, elsewhere), verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(install(kind, tmp_path / "his").run(rig, lines))
    assert [path.name for path in elsewhere.iterdir()] == ["vcshim.ini"]


@pytest.mark.parametrize("kind", NATIVE)
def test_chinese_and_blanks_in_the_path(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    product = install(kind, tmp_path / "医院 信息系统 (HIS)" / "门诊 收费")
    lines = [verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(product.run(rig, lines))


@pytest.mark.parametrize("kind", NATIVE)
def test_read_only_folder(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """No log can be written beside the DLL: it goes to the user's own folder, and the call does not notice."""
    product = install(kind, tmp_path / "his")
    state = tmp_path / "state"
    lines = [verify_line("v", simulator), query_line("q", simulator)]
    with read_only(product.folder):
        assert_both_answer(product.run(rig, lines, env={"XDG_STATE_HOME": str(state)}))
    assert not product.logs.exists()
    if kind == "linux-c":
        assert list(state.rglob("vcshim-*.log")) != []
    else:
        assert list(rig.wine32.prefix.rglob("AppData/Local/vcshim/vcshim_log/vcshim-*.log")) != []


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, for root too: permissions do not stop root, a read-only mount does."""
    if os.geteuid() == 0:
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", folder], check=True)
    else:
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)


@pytest.mark.parametrize("kind", NATIVE)
def test_two_folders(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Two programs' folders in one process: the libraries of both answer, in one interpreter."""
    first, second = (install(kind, tmp_path / name) for name in ("门诊", "药房"))
    load = [load_line(kind, "VC", first.library("VC")), load_line(kind, "EC", second.library("EC"))]
    lines = [*load, verify_line("v", simulator), query_line("q", simulator)]
    assert_both_answer(run_client(kind, lines, rig=rig))


# ---- missing parts -------------------------------------------------------------------------------------------------


def every_call(simulator: Simulator) -> list[str]:
    return [
        verify_line("v", simulator),
        query_line("q", simulator),
        "call m Set_QRflow_Mode 1",
        f"call p EhealthID_Print {hexed('a')} {hexed('b')} {hexed('c')}",
        "call s SetEcQrcode 256",
    ]


def assert_all_fail_naming(replies: list[Reply], product: Product, missing: Path, mark: str) -> None:
    """The clerk reads a mark, and no path; the path is in the file beside vcshim.ini."""
    verify, query, mode, label, fill = replies
    assert verify.returned == b"8009"
    assert query.returned == b"-1"
    assert (mode.number, label.number, fill.number) == (8009, 8009, 8009)
    assert [reply.broken for reply in replies] == [{}] * 5
    shown = str(missing) if product.kind.startswith("linux") else "Z:" + str(missing).replace("/", "\\")
    assert verify.out is not None and query.out is not None and fill.out is not None
    said = f"扫码组件不能启动（代号 {mark}），本次没有提交。请联系信息科"
    assert verify.out.decode("gbk") == f"{said}（8009）。"
    assert json.loads(query.out.decode("gbk")) == {"code": -1, "data": {}, "message": f"{said}（-1）。", "orgId": ""}
    assert fill.out.decode("gbk") == f"扫码组件不能启动（代号 {mark}），医保码没有填入。请联系信息科（8009）。"
    assert shown in start_note(product.folder).read_text("utf-8-sig")


@pytest.mark.parametrize("kind", NATIVE)
def test_without_the_vcshim_folder(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The DLL loads; every call fails, and which file was looked for where is left for the engineer."""
    product = install(kind, tmp_path / "医院")
    shutil.rmtree(product.runtime)
    assert_all_fail_naming(
        product.run(rig, every_call(simulator)), product, product.core, "L2" if kind.startswith("linux") else "L126"
    )


@pytest.mark.parametrize("kind", NATIVE)
def test_without_the_packages(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    product = install(kind, tmp_path / "his")
    packages = product.runtime / "packages"
    shutil.rmtree(packages)
    assert_all_fail_naming(product.run(rig, every_call(simulator)), product, packages, "B2")


@pytest.mark.parametrize("kind", NATIVE)
def test_without_the_interpreter(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """One of the system's, which Linux machines have, does not step in."""
    product = install(kind, tmp_path / "his")
    name = "libvcshim-python3.11.so.1.0" if kind.startswith("linux") else "vcs-py311.dll"
    (product.runtime / name).unlink()
    mark = "L80" if kind.startswith("linux") else "L126"  # ELIBBAD, ERROR_MOD_NOT_FOUND
    assert_all_fail_naming(product.run(rig, every_call(simulator)), product, product.runtime / name, mark)


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_with_a_spoiled_library(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Damaged code in the core: Python cannot start, the host lives, and the second call says the same."""
    product = install(kind, tmp_path / "his").overwrite_module("encodings", bytes(100))
    replies = product.run(rig, [*every_call(simulator), verify_line("again", simulator)])
    assert [reply.broken for reply in replies] == [{}] * 6
    assert replies[0].returned == replies[5].returned == b"8009"
    assert replies[0].out == replies[5].out
    text = (replies[0].out or b"").decode("gbk")
    assert text == "扫码组件不能启动（代号 B7），本次没有提交。请联系信息科（8009）。"
    assert "Python 不能初始化（" in start_note(product.folder).read_text("utf-8-sig")


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_without_the_ciphers(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """What only a call under DES needs is missing: that call says which file (8008), others answer."""
    product = install(kind, tmp_path / "his")
    shutil.rmtree(product.runtime / "packages" / "Crypto")
    enciphered = json.dumps(json.loads(VERIFY["in"]) | {"enc_type": "DES"}, ensure_ascii=False).encode("gbk")
    verify, query = product.run(rig, [trans_line("v", enciphered, url=simulator.gateway), query_line("q", simulator)])
    assert verify.returned == b"8008"
    assert (verify.out or b"").decode("gbk") == "扫码组件不完整，本次没有提交。请联系信息科（8008）。"
    assert "密码库文件缺失（Crypto" in product.log_text()
    assert query.returned == b"0000"


_NOTHING_CATCHES = """
def on_error(*_):
    return None

def bind(ffi, lib):
    def entry(call):
        raise RuntimeError("999")
    return entry
"""


@pytest.mark.parametrize("kind", NATIVE)
def test_zero_never_means_success(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Python that raises where nothing catches: cffi makes a zero of it, and the preset failure reply stands."""
    product = install(kind, tmp_path / "his")
    product.replace_module("shim/abi", _NOTHING_CATCHES)
    verify, query, mode, label, fill = product.run(rig, every_call(simulator))
    assert (verify.returned, query.returned) == (b"8009", b"-1")
    assert (mode.number, label.number, fill.number) == (8009, 8009, 8009)
    assert [reply.broken for reply in (verify, query, mode, label, fill)] == [{}] * 5
    assert (verify.out or b"").decode("gbk") == "扫码组件出错，本次没有提交。请联系信息科（8009）。"
    assert (fill.out or b"").decode("gbk") == "扫码组件出错，医保码没有填入。请联系信息科（8009）。"
    answer = {"code": -1, "data": {}, "message": "扫码组件出错，本次没有提交。请联系信息科（-1）。", "orgId": ""}
    assert json.loads((query.out or b"").decode("gbk")) == answer


# ---- the ABI's own settings ------------------------------------------------------------------------------------------


def test_cdecl_set_qrflow_mode(rig: Rig, tmp_path: Path) -> None:
    """[abi] set_qrflow_mode = cdecl: the callee leaves the argument on the stack, which a stdcall host notices."""
    lines = ["call a Set_QRflow_Mode 1", "call b SetEcQrcode 256"]
    usual = install("win32-c", tmp_path / "stdcall").run(rig, lines)
    assert [reply.broken for reply in usual] == [{}, {}]
    for text in ("[abi]\nset_qrflow_mode = cdecl\n", "\ufeff; GBK\n[abi]\r\n  SET_QRflow_mode=CDECL  \r\n"):
        product = install("win32-c", tmp_path / f"cdecl{len(text)}").ini(text)
        replies = product.run(rig, lines)
        assert replies[0].broken == {"esp": "BROKEN:-4"}
        assert replies[0].number == 0
        assert replies[1].broken == {}


@pytest.mark.parametrize("kind", ["linux-c", "win32-c", "win32-delphi"])
@pytest.mark.parametrize("memory", ["static", "cotaskmem"])
def test_return_memory(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, memory: str) -> None:
    """Either way the returned codes are right, many different ones too (the static table holds 64).

    The first success comes late: what a full table gave for it once, it gave for every refusal after it.
    """
    product = install(kind, tmp_path / "his").ini(f"[abi]\nreturn_memory = {memory}\n")
    codes = [*(str(5000 + i) for i in range(63)), "00", *(str(6000 + i) for i in range(10)), "00", "5000", "6001"]
    wishes = ["?sim=again:1" if code == "00" else f"?sim=refuse:{code}" for code in codes]
    replies = product.run(rig, [verify_line(f"c{i}", simulator, wish) for i, wish in enumerate(wishes)])
    assert [reply.returned for reply in replies] == [code.encode() for code in codes]


@pytest.mark.parametrize("kind", ["linux-c", "win32-c", "win64-c"])
def test_larger_buffer(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """[abi] out_capacity = 4096 serves a host that allocates as much; one byte more is refused."""
    product = install(kind, tmp_path / "his").ini("[abi]\nout_capacity = 4096\n")
    fits, not_any_more = product.run(
        rig, [verify_line(str(size), simulator, f"?sim=size:{size}", capacity=4096) for size in (4095, 4096)]
    )
    assert (fits.returned, len(fits.out or b""), fits.nul) == (b"00", 4095, 4095)
    assert not_any_more.returned == b"9008"
    assert "out_capacity = 8192" in product.log_text()


# ---- the returned text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["win32-c", "win32-gui", "win64-c"])
@pytest.mark.parametrize(("memory", "block"), [("cotaskmem", "heap"), ("static", "other")])
def test_the_returned_text(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, memory: str, block: str) -> None:
    """It is memory that CoTaskMemFree may free (a .NET host that declares `string` does), or static where the ini
    says so."""
    product = install(kind, tmp_path / "his").ini(f"[abi]\nreturn_memory = {memory}\n")
    replies = product.run(rig, [verify_line(str(number), simulator) for number in range(3)])
    assert [(reply.returned, reply.memory) for reply in replies] == [(b"00", block)] * 3


# ---- every answer size -----------------------------------------------------------------------------------------------


# Every third size and all near the edge by the C client on Linux; the others, whose C code is the same, take some.
SIZES: dict[Kind, list[int]] = {
    "linux-c": sorted({*range(0, 3001, 3), *range(1950, 2150)}),
    "win32-c": sorted({*range(0, 3001, 11), *range(2020, 2080)}),
    "win32-delphi": sorted({*range(0, 3001, 29), *range(2040, 2056)}),
}


@pytest.mark.parametrize("kind", SIZES)
def test_every_refusal_size(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Texts of 0 to 3000 bytes: cut at 2047, always NUL-terminated, never half a character, never past the end."""
    product = install(kind, tmp_path / "his")
    sizes = SIZES[kind]
    lines = [verify_line(str(size), simulator, f"?sim=refuse:7777,words:{size}") for size in sizes]
    for size, reply in zip(sizes, product.run(rig, lines, timeout=900), strict=True):
        assert reply.broken == {}
        assert reply.returned == b"7777"
        assert reply.out is not None and reply.nul == len(reply.out)
        text = reply.out.decode("gbk")  # raises on half a character
        if size == 0:
            assert text == "多码融合平台未受理（7777）。请联系信息科。"
        elif size <= 2047:
            assert text == "汉" * (size // 2) + "x" * (size % 2)
        else:
            assert text == "汉" * 1023


@pytest.mark.parametrize("kind", SIZES)
def test_every_answer_size(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Answers of 0 to 3000 bytes: whole up to 2047, beyond that an error that says how many bytes there were."""
    product = install(kind, tmp_path / "his").ini("[messages]\naudience = developer\n")
    sizes = SIZES[kind]
    lines = [verify_line(str(size), simulator, f"?sim=size:{size}") for size in sizes]
    for size, reply in zip(sizes, product.run(rig, lines, timeout=900), strict=True):
        assert reply.broken == {}
        assert reply.out is not None and reply.nul == len(reply.out)
        text = reply.out.decode("gbk")
        if size <= 2047:
            assert reply.returned == b"00"
            assert len(reply.out) == (size or 2)
            json.loads(text)
        else:
            assert reply.returned == b"9008"
            assert text.startswith("结果太长，医院程序未能接收，业务已办成，请勿重做，并联系信息科（9008）。详情：")
            assert f"应答有 {size} 字节" in text and "[abi] out_capacity = 4096" in text


@pytest.mark.parametrize("kind", ["linux-c", "win32-gui"])
def test_nation_answers_stay_json(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """EC refusals are cut inside the message only: callers parse OutData whatever happened."""
    product = install(kind, tmp_path / "his")
    sizes = [*range(0, 3001, 7), *range(1940, 2060)]
    lines = [query_line(str(size), simulator, f"?sim=refuse:500001,words:{size}") for size in sizes]
    for reply in product.run(rig, lines, timeout=900):
        assert reply.broken == {}
        assert reply.returned == b"500001"
        assert json.loads((reply.out or b"").decode("gbk"))["code"] == 500001


# ---- threads, loading, ending ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["linux-c", "win32-c", pytest.param("win32-gui", marks=pytest.mark.long), "win32-delphi"]
)
def test_two_hundred_threads(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """200 threads, 10 calls each, on both libraries, the very first call included: nobody gets another's answer."""
    from shim.simulator.persons import PERSONS

    product = install(kind, tmp_path / "his").ini("[transport]\ntotal_seconds = 600\nconnect_seconds = 120\n")
    calls: list[str] = []
    wanted: list[tuple[bytes, str, str]] = []
    verify, query = json.loads(VERIFY["in"]), json.loads(QUERY["in"])
    for number in range(2000):
        person = PERSONS[number % len(PERSONS)]
        if number % 2:
            verify["biz_content"]["ehealth_code"] = person.ehealth_code
            text = json.dumps(verify, ensure_ascii=False).encode("gb18030")
            calls.append(trans_line(str(number), text, url=simulator.gateway))
            wanted.append((b"00", person.user_name, person.id_no))
        else:
            query["data"]["ecQrCode"] = person.ec_code
            text = json.dumps(query, ensure_ascii=False).encode("gb18030")
            calls.append(trans_line(str(number), text, url=simulator.qr_query, export="NationEcTrans"))
            wanted.append((b"0000", person.user_name, person.id_no))
    replies = product.run(rig, ["threads 200", *calls, "end"], timeout=900)
    by_id = {int(reply.id): reply for reply in replies}
    assert len(by_id) == 2000
    for number, (code, name, id_no) in enumerate(wanted):
        reply = by_id[number]
        assert reply.broken == {}
        assert reply.returned == code, (reply.out or b"").decode("gb18030")
        answer = json.loads((reply.out or b"").decode("gb18030"))
        person_shown = answer.get("data", answer)
        assert name == person_shown.get("user_name", person_shown.get("userName"))
        assert id_no == person_shown.get("id_no", person_shown.get("idNo"))


@pytest.mark.parametrize("kind", NATIVE)
def test_load_and_free_fifty_times(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Before the first call, and with a warm interpreter; each library in turn."""
    both = [verify_line("v", simulator), query_line("q", simulator)]
    lines = ["cycle VC 50", "cycle EC 50", *both, "cycle VC 50", "cycle EC 50", *both]
    replies = install(kind, tmp_path / "his").run(rig, lines)
    assert_both_answer(replies[:2])
    assert_both_answer(replies[2:])


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "during the first call"])
@pytest.mark.parametrize("kind", NATIVE)
def test_exit_with_a_call_in_flight(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, warm: bool) -> None:
    """The process ends, at once and with its own exit code, while the platform still thinks or Python still starts."""
    lines = [verify_line("v", simulator)] if warm else []
    delay = 700 if warm else 60
    lines.append(f"exitinflight {delay} 7 {verify_line('x', simulator, '?sim=delay:30000')}")
    replies = install(kind, tmp_path / "his").run(rig, lines, timeout=25, exit_code=7)
    assert [reply.returned for reply in replies] == [b"00"] * len(replies)


def test_two_installations_share_one_interpreter(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """A PC with each DLL in a folder of its own: the second front uses the first one's core."""
    first, second = install("win32-c", tmp_path / "a"), install("win32-c", tmp_path / "b")
    from tests.support.clients import load_line, run_client

    lines = [
        load_line("win32-c", "VC", first.library("VC")),
        load_line("win32-c", "EC", second.library("EC")),
        verify_line("v", simulator),
        query_line("q", simulator),
    ]
    assert_both_answer(run_client("win32-c", lines, rig=rig))


# ---- what did not fit ------------------------------------------------------------------------------------------------


def test_an_answer_that_does_not_fit_is_kept(rig: Rig, simulator: Simulator, tmp_path: Path) -> None:
    """Sealed by DPAPI: no word of it can be read on the disk, and the same user opens it with `vcshim kept`."""
    product = install("win32-ctypes", tmp_path / "his")
    product.ini("[messages]\naudience = developer\n")
    (reply,) = product.run(rig, [verify_line("v", simulator, "?sim=size:3000")])
    text = (reply.out or b"").decode("gbk")
    assert "已加密保存 7 天" in text
    name = text.partition("vcshim kept ")[2].partition(" ")[0]
    (path,) = rig.wine32.prefix.rglob(f"{name}.sealed")
    data = path.read_bytes()
    assert len(data) > 3000
    assert not any(word in data for word in ("汉汉".encode(), "汉汉".encode("gbk"), "汉汉".encode("utf-16-le")))
    words = [str(product.runtime / "vcshim.exe"), "kept", "--folder", rig.wine32.windows_path(product.folder)]
    assert name in rig.wine32.run(words).stdout.split()
    assert rig.wine32.run([*words, name]).stdout.strip() == '{"a":"' + "汉" * 1496 + '"}'
    assert rig.wine32.run([*words, "no-such-name"]).returncode == 1


# ---- the runtime that ships ------------------------------------------------------------------------------------------


def test_ciphers_of_the_32_bit_runtime(rig: Rig, tmp_path: Path) -> None:
    """SM4 comes from the OpenSSL that the runtime has loaded (the printed example of GB/T 32907), SM2 from gmssl."""
    python = shipped_python(install("win32-c", tmp_path / "his"))
    code = (
        "from shim.crypto import block_ciphers, digests\n"
        "from shim.crypto.sm2 import sm2_sign\n"
        "key = bytes.fromhex('0123456789abcdeffedcba9876543210')\n"
        "print(block_ciphers.sm4_library(), block_ciphers.encrypt('SM4', 'ECB', key, b'', key)[:16].hex())\n"
        "print(digests.digest('SM3', b'abc').hex(), len(sm2_sign('11' * 32, b'abc', b'1234567812345678')))\n"
    )
    done = rig.wine32.run([str(python), "-c", code])
    assert done.stdout.split() == [
        "openssl",
        "681edf34d206965e86b3e94f536e4246",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "64",
    ], done.stderr
