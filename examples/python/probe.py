"""看一个动态库实际怎样：导出名、调用约定、缓冲区、返回的文本、字符集。本项目的和原厂的都可以，结果是一张表。

probe.py NationECCode.dll                          函数名认得的都试
probe.py VirtualCardChk.dll --url 地址 --in 文件   用这个地址和这份入参（文件中的字节原样传入，须是 GBK）
probe.py VirtualCardChk.dll --devices              也试打印标签和自动填值：会打印一张标签，会敲键盘
probe.py VirtualCardChk.dll --json                 供程序读取

不打印 OutData 的内容：那里可能有患者信息。试在另一个进程里进行；动态库崩溃或一直不返回的，记在表里，从下一项接着试。
地址默认为 sim:?sim=again:1，本项目的动态库用内部的模拟平台应答，原厂的当作地址有误。
入参默认为 example.py 里的虚构数据。
只用标准库，Python 3.8 以后都可以；32 位的动态库要用 32 位的 Python。在 Linux 上看不到调用约定，因为那里只有一种。
"""

from __future__ import annotations

import argparse
import ctypes
import io
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

# 有 python3x._pth 的 Python（官方的嵌入版）不在脚本所在的文件夹里找模块。
sys.path.insert(0, str(Path(__file__).resolve().parent))

import example
import vcshim_exports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Try = Callable[["Probe", Any], dict[str, Any]]

ALLOCATED = 64 * 1024  # 缓冲区总有这么多字节；交给动态库的是开头，写到哪里都看得见
UNTOUCHED = b"\xa5"
LOADED = "loaded"
CHARSETS = {"GBK": "龙测试", "GB18030": "王𬱖", "UTF-8": "龙测试", "UTF-16": "龙测试"}
CODECS = {"GBK": "gbk", "GB18030": "gb18030", "UTF-8": "utf-8", "UTF-16": "utf-16-le"}
DEVICES = ("EhealthID_Print", "SetEcQrcode")
BITS = ctypes.sizeof(ctypes.c_void_p) * 8
ON_X86_WINDOWS = sys.platform == "win32" and BITS == 32

# 把参数压栈、调用、看栈指针移动了多少：int call(void *function, int count, void **arguments, int *removed)
CODE = bytes.fromhex(
    "55 89e5 56 57 53 8b4d0c 8b5510"  # push ebp; mov ebp, esp; 保存寄存器; ecx = count; edx = arguments
    "49 7805 ff348a ebf8"  # 从最后一个参数起逐个压栈
    "89e6 ff5508 89e2 29f2"  # esi = esp; 调用; edx = esp - esi
    "8b4d14 8911 8d65f4 5b 5f 5e 5d c3"  # *removed = edx; 栈指针恢复原样，不论动态库怎样
)


class NotLoaded(Exception):
    """这个 Python 加载不了动态库；文本是系统说的原因。"""


class Probe:
    """一个动态库里的一个函数。"""

    def __init__(self, library: Any, name: str, words: argparse.Namespace) -> None:
        self.name = name
        self.words = words
        self._function = getattr(library, name)
        self._returns, types = next(rows[name] for rows in vcshim_exports.EXPORTS.values() if name in rows)
        self.stack_bytes = 4 * len(types)

    @property
    def gives_text(self) -> bool:
        """返回 char * 的是两个交易函数。"""
        return bool(self._returns is ctypes.c_char_p)

    def call(self, *arguments: Any) -> tuple[int, int | None]:
        """返回值（文本的地址，或数字），以及函数从栈上取走的字节数。"""
        pointers = [ctypes.cast(each, ctypes.c_void_p) if each is not None else None for each in arguments]
        if ON_X86_WINDOWS:
            return _call_by_code(self._function, [(each.value or 0) if each is not None else 0 for each in pointers])
        self._function.restype = ctypes.c_void_p if self.gives_text else ctypes.c_int
        self._function.argtypes = [ctypes.c_void_p] * len(pointers)
        return self._function(*pointers) or 0, None

    def trans(self, in_data: bytes | None = None, without: str = "") -> dict[str, Any]:
        """一次交易；`without` 是空指针的那个参数。"""
        address = ctypes.create_string_buffer(self.words.url.encode("ascii"))
        text = ctypes.create_string_buffer((in_data or in_data_of(self.name, self.words)) + b"\0")
        buffer = ctypes.create_string_buffer(UNTOUCHED * ALLOCATED, ALLOCATED)
        arguments = {"strUrl": address, "InData": text, "OutData": buffer}
        code, removed = self.call(*(None if name == without else each for name, each in arguments.items()))
        return {**seen(buffer, vcshim_exports.OUTDATA_SIZE), "code": text_at(code), "removed": removed, "address": code}


def _call_by_code(function: Any, values: list[int]) -> tuple[int, int]:
    if sys.platform != "win32":
        raise NotImplementedError
    kernel: Any = ctypes.WinDLL("kernel32")
    kernel.VirtualAlloc.restype = ctypes.c_void_p
    memory = kernel.VirtualAlloc(None, len(CODE), 0x3000, 0x40)  # 可读、可写、可执行
    ctypes.memmove(memory, CODE, len(CODE))
    kind = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    removed = ctypes.c_int()
    arguments = (ctypes.c_uint * max(len(values), 1))(*values)
    code = kind(memory)(ctypes.cast(function, ctypes.c_void_p), len(values), arguments, ctypes.byref(removed))
    return code, removed.value


def in_data_of(name: str, words: argparse.Namespace, person: str = "", codec: str = "gb18030") -> bytes:
    """入参；`person` 是操作员姓名。"""
    if words.file is not None:
        given: bytes = words.file.read_bytes()
        return given.decode("gb18030").encode(codec) if person else given
    query = example.health_card_query() if name == "VirtualCardTrans" else example.INSURANCE_QUERY
    text = json.dumps(query, ensure_ascii=False).replace(example.OPERATOR_NAME, person or example.OPERATOR_NAME)
    return text.encode(codec)


def seen(buffer: Any, size: int) -> dict[str, Any]:
    """动态库写了多少字节，比规范的 `size` 多多少，NUL 在哪里，文本是哪种字符集。

    动态库不知道缓冲区有多大，所以不必分别试短的和长的：写到哪里，HIS 就须分配到哪里。
    """
    written = len(buffer.raw.rstrip(UNTOUCHED))
    end = buffer.raw[:written].find(b"\0")
    return {
        "written": written,
        "beyond": max(written - size, 0),
        "nul": end,
        "charset": charset_of(buffer.raw[: max(end, 0)]),
    }


def charset_of(text: bytes) -> str:
    """能解成哪种；只有 ASCII 的看不出来。"""
    if text.isascii():
        return "ASCII" if text else ""
    for name, codec in (("UTF-8", "utf-8"), ("GBK", "gb18030")):
        try:
            text.decode(codec)
        except UnicodeDecodeError:
            continue
        return name
    return "?"


def text_at(address: int) -> str:
    """返回的文本；空指针是 "null"。"""
    return ctypes.string_at(address).decode("ascii", "backslashreplace") if address else "null"


def owner_of(address: int) -> str:
    """这块内存是谁的：module（动态库自己的，绝不能释放）、heap（CoTaskMemFree、free 可以释放）、other。"""
    if sys.platform != "win32":
        lines = (line.split() for line in Path("/proc/self/maps").read_text().splitlines())
        for span, _, _, _, _, *path in lines:
            low, high = (int(each, 16) for each in span.split("-"))
            if low <= address < high:
                return "heap" if path == ["[heap]"] else "module" if path else "other"
        return "other"
    kernel: Any = ctypes.WinDLL("kernel32")
    kernel.GetProcessHeap.restype = ctypes.c_void_p
    kernel.GetModuleHandleExW.argtypes = [ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p]
    kernel.HeapValidate.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p]
    module = ctypes.c_void_p()
    if kernel.GetModuleHandleExW(6, address, ctypes.byref(module)):  # 按地址，不增加引用
        return "module"
    return "heap" if kernel.HeapValidate(kernel.GetProcessHeap(), 0, address) else "other"


# ---- 各项试验：名称，做什么 ----


def exported(probe: Probe, library: Any) -> dict[str, Any]:
    """32 位 Windows 上同一个函数可以有三种名字。"""
    names = (probe.name, f"_{probe.name}@{probe.stack_bytes}", f"{probe.name}@{probe.stack_bytes}")
    return {"names": [name for name in names if hasattr(library, name)]}


def convention(probe: Probe, _library: Any) -> dict[str, Any]:
    """stdcall 的函数自己取走参数，cdecl 的留给调用者；别的数目说明参数个数不对。"""
    if probe.gives_text:
        removed = probe.trans()["removed"]
    elif probe.name == "SetEcQrcode":
        removed = probe.call(ctypes.create_string_buffer(ALLOCATED))[1]
    elif probe.name == "EhealthID_Print":
        removed = probe.call(*(ctypes.create_string_buffer(8) for _ in range(3)))[1]
    else:
        removed = probe.call(None)[1]  # Set_QRflow_Mode(0)
    names = {0: "cdecl", probe.stack_bytes: "stdcall"}
    return {"removed": removed, "convention": "" if removed is None else names.get(removed, "?")}


def buffer_of(probe: Probe, _library: Any) -> dict[str, Any]:
    """写了多少字节：多于 HIS 分配的，就写坏了后面的内存。"""
    return probe.trans()


def message(probe: Probe, _library: Any) -> dict[str, Any]:
    """pErrmsg：写了多少字节。"""
    buffer = ctypes.create_string_buffer(UNTOUCHED * ALLOCATED, ALLOCATED)
    return {"code": str(probe.call(buffer)[0]), **seen(buffer, vcshim_exports.PERRMSG_SIZE)}


def returned(probe: Probe, _library: Any) -> dict[str, Any]:
    """返回的文本在谁的内存里；第二次调用之后，第一次的还在不在。"""
    first = probe.trans()
    before, owner = text_at(first["address"]), owner_of(first["address"])
    second = probe.trans(b"{}")
    stays = first["address"] != second["address"] and text_at(first["address"]) == before
    return {"code": before, "owner": owner, "stays": stays}


def without(argument: str) -> Callable[[Probe, Any], dict[str, Any]]:
    """一个参数是空指针。"""
    return lambda probe, _library: probe.trans(without=argument)


def in_charset(charset: str) -> Callable[[Probe, Any], dict[str, Any]]:
    """入参用这种字符集：被认出来、被拒绝，还是被当作别的字。"""
    return lambda probe, _library: probe.trans(in_data_of(probe.name, probe.words, CHARSETS[charset], CODECS[charset]))


OF_ALL: dict[str, Try] = {"names": exported, "convention": convention}
OF_TRANS: dict[str, Try] = {
    "buffer": buffer_of,
    "returned": returned,
    "null-url": without("strUrl"),
    "null-in": without("InData"),
    "null-out": without("OutData"),
    **{f"in-{charset.lower()}": in_charset(charset) for charset in CHARSETS},
}
OF_MESSAGE: dict[str, Try] = {"message": message}
TITLES = {
    "names": "导出名",
    "convention": "调用约定",
    "buffer": "OutData",
    "returned": "返回的文本",
    "null-url": "strUrl 为空指针",
    "null-in": "InData 为空指针",
    "null-out": "OutData 为空指针",
    **{f"in-{charset.lower()}": f"InData 用 {charset}" for charset in CHARSETS},
    "message": "pErrmsg",
}


def tries_of(path: Path, devices: bool) -> list[tuple[str, str]]:
    """要试的：函数和试验的名称。加载动态库的进程和等它的进程各算一次，结果相同。"""
    names = next((rows for dll, rows in vcshim_exports.EXPORTS.items() if dll.lower() in path.stem.lower()), None)
    rows = [names] if names is not None else list(vcshim_exports.EXPORTS.values())
    found = []
    for name, (returns, _) in ((name, row) for names in rows for name, row in names.items()):
        own = OF_TRANS if returns is ctypes.c_char_p else OF_MESSAGE if name == "SetEcQrcode" else {}
        found += [(name, key) for key in ({**OF_ALL, **own} if devices or name not in DEVICES else ["names"])]
    return found


def work(words: argparse.Namespace) -> int:
    """另一个进程：从第 words.worker 项起逐项试，每项打印一行。"""
    library = vcshim_exports.open_library(words.dll)
    print(LOADED, flush=True)
    for name, key in tries_of(words.dll, words.devices)[words.worker :]:
        try:
            probe = Probe(library, name, words)
        except AttributeError:
            result: dict[str, Any] = {"missing": True}
        else:
            result = {**OF_ALL, **OF_TRANS, **OF_MESSAGE}[key](probe, library)
        print(json.dumps(result), flush=True)
    return 0


def results(words: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """每一项的结果；崩溃的、超时的也是结果。"""
    rows = tries_of(words.dll, words.devices)
    done = 0
    while done < len(rows):
        for result in _from_a_process(words, done):
            name, key = rows[done]
            done += 1
            yield {"export": name, "try": key, **result}
            if done == len(rows):
                return


def _from_a_process(words: argparse.Namespace, start: int) -> Iterator[dict[str, Any]]:
    """一个进程试出来的结果，最后一个可能是它怎样结束的。"""
    command = [sys.executable, os.path.abspath(__file__), *sys.argv[1:], "--worker", str(start)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    lines: queue.Queue[bytes] = queue.Queue()
    output = process.stdout

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=read, daemon=True).start()
    loaded = False
    while True:
        try:
            line = lines.get(timeout=words.seconds if loaded else None)
        except queue.Empty:
            process.kill()
            process.wait()
            yield {"hangs": words.seconds}
            return
        if not line:
            error = process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            code = process.wait()
            if not loaded:
                raise NotLoaded(error[-1] if error else str(code))
            if code != 0:
                yield {"crashed": code, "error": error[-1] if error else ""}
            return
        if loaded:
            yield json.loads(line)
        loaded = True


# ---- 表 ----


def sentence(row: dict[str, Any]) -> str:
    """一项结果，一句话。"""
    if "missing" in row:
        return "没有这个函数"
    if "hangs" in row:
        return f"{row['hangs']:g} 秒没有返回"
    if "crashed" in row:
        code = row["crashed"]
        return f"崩溃，进程的退出码 {code if -100 < code < 100 else hex(code & 0xFFFFFFFF)} {row['error']}".rstrip()
    if "names" in row:
        return "、".join(row["names"])
    if "convention" in row:
        if row["removed"] is None:
            return "这个系统只有一种"
        return f"{row['convention']}：取走 {row['removed']} 字节"
    if "owner" in row:
        owner = {"module": "动态库自己的，绝不能释放", "heap": "堆上的，释放也安全"}.get(
            row["owner"], "来历不明，不要释放"
        )
        return f"{row['code']}；{owner}；下一次调用之后{'还在' if row['stays'] else '就变了'}"
    text = f"返回 {row['code']}，写了 {row['written']} 字节"
    if row["written"]:
        text += f"，文本 {row['nul']} 字节" if row["nul"] >= 0 else "，没有 NUL"
    text += f"，比规范的多 {row['beyond']} 字节，会写坏后面的内存" if row["beyond"] else ""
    return f"{text}，{row['charset']}" if row["charset"] else text


def width(text: str) -> int:
    """汉字占两格。"""
    return sum(2 if ord(character) > 0x2000 else 1 for character in text)


def main() -> int:
    """试，打印；0 是每一项都有结果，1 是有崩溃或不返回的，2 是加载不了。"""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dll", type=Path)
    parser.add_argument("--url", default="sim:?sim=again:1")
    parser.add_argument("--in", dest="file", type=Path, metavar="FILE")
    parser.add_argument("--devices", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.worker is not None:
        return work(words)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # 代码页没有汉字的 Windows
    try:
        rows = list(results(words))
    except NotLoaded as error:
        parser.exit(2, f"{words.dll}：这个 {BITS} 位的 Python 加载不了：{error}\n")
    for row in rows:
        row.pop("address", None)
    if words.json:
        print(json.dumps({"dll": str(words.dll), "bits": BITS, "rows": rows}))
    else:
        print(f"{words.dll}，{BITS} 位\n")
        for row in rows:
            title = TITLES[row["try"]]
            print(f"{row['export']:<18}{title}{' ' * (20 - width(title))}{sentence(row)}")
    return int(any("crashed" in row or "hangs" in row for row in rows))


if __name__ == "__main__":
    sys.exit(main())
