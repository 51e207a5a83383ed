"""The test client for hosts written in Python: `client_ctypes.py SCRIPT RESULT EXPORTS`, by ctypes WinDLL or CDLL.

The same three files as client.c (README.md of this folder), with the checks ctypes can make: guard bytes and
working directory; the rest is reported as n/a and `fp` has no effect. Needs nothing but the standard library, and
runs in 32-bit Windows Python and on Linux, from Python 3.8 on. Not an example for users; only tests/support/clients.py
starts it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

GUARD = bytes(0xA5 ^ index for index in range(64))
UNTOUCHED = b"\xcc"
RETURNED_LIMIT = 64
SPECIAL_CAPACITY = 2048
UNTERMINATED_LENGTH = 61
EXIT_SCRIPT_FAILED = 2
NEVER_A_HANDLE = 0x1234
ABOVE_STANDARD_HANDLES = 10

POINTER, INTEGER = ctypes.c_void_p, ctypes.c_int
# A letter for each parameter of an export: a text that goes in, a number, a buffer.
TYPES: dict[str, Any] = {"t": POINTER, "i": INTEGER, "b": POINTER}

if sys.platform == "win32":
    import _ctypes

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.VirtualAlloc.argtypes = [POINTER, ctypes.c_size_t, ctypes.c_uint, ctypes.c_uint]
    _kernel.VirtualAlloc.restype = POINTER
    _kernel.VirtualProtect.argtypes = [POINTER, ctypes.c_size_t, ctypes.c_uint, POINTER]
    _kernel.GetStdHandle.restype = POINTER
    _kernel.CloseHandle.argtypes = [POINTER]
    _kernel.SetStdHandle.argtypes = [ctypes.c_uint, POINTER]
    NO_ACCESS, READ_ONLY = 0x01, 0x02

    open_library: Callable[[str], Any] = ctypes.WinDLL

    def free_library(handle: int) -> None:
        _ctypes.FreeLibrary(handle)

    def new_pages(size: int) -> int:
        return int(_kernel.VirtualAlloc(None, size, 0x3000, 0x04))

    def protect(address: int, size: int, access: int) -> None:
        _kernel.VirtualProtect(address, size, access, ctypes.byref(ctypes.c_uint()))

    def open_result(path: str) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_BINARY)

    def close_standard_handles() -> None:
        for number in (-10, -11, -12):
            _kernel.CloseHandle(_kernel.GetStdHandle(number))

    def set_standard_handles(handle: int) -> None:
        for number in (-10, -11, -12):
            _kernel.SetStdHandle(number & 0xFFFFFFFF, handle)

    def exit_process(code: int) -> None:
        _kernel.ExitProcess(code)

else:
    import _ctypes
    import fcntl

    _libc = ctypes.CDLL(None)
    _libc.mprotect.argtypes = [POINTER, ctypes.c_size_t, INTEGER]
    NO_ACCESS, READ_ONLY = 0, 1
    _mappings: list[mmap.mmap] = []

    open_library = ctypes.CDLL

    def free_library(handle: int) -> None:
        _ctypes.dlclose(handle)

    def new_pages(size: int) -> int:
        pages = mmap.mmap(-1, size)
        _mappings.append(pages)
        return ctypes.addressof(ctypes.c_char.from_buffer(pages))

    def protect(address: int, size: int, access: int) -> None:
        _libc.mprotect(address, size, access)

    def open_result(path: str) -> int:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
        number = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, ABOVE_STANDARD_HANDLES)
        os.close(opened)
        return number

    def close_standard_handles() -> None:
        for number in range(3):
            os.close(number)

    def set_standard_handles(handle: int) -> None:
        del handle  # there are none

    def exit_process(code: int) -> None:
        _libc.exit(code)


class ScriptError(Exception):
    """The script could not be carried out."""


class Call:
    """One call, its arguments ready as memory that lives as long as this object."""

    def __init__(self, host: Host, words: list[str]) -> None:
        self.id, self.name, *arguments = words
        self.library, returns, letters = host.exports[self.name]
        self.result_type: Any = POINTER if returns == "text" else INTEGER
        self.parameters = [TYPES[letter] for letter in letters]
        self.keep: list[Any] = []
        self.out = 0
        self.capacity = 0
        self.guarded = False
        if len(arguments) != len(letters):
            raise ScriptError("a word for each parameter")
        self.arguments = [self._argument(host, letters[i], word) for i, word in enumerate(arguments)]

    def _argument(self, host: Host, letter: str, word: str) -> int | None:
        if letter == "t":
            return self._input(host, word)
        if letter == "i":
            return int(word)
        self._buffer(host, word)
        return self.out or None

    def _input(self, host: Host, word: str) -> int | None:
        if word == "null":
            return None
        if word == "@noaccess":
            return host.no_access
        if word == "@unterminated":
            return host.unterminated
        if word.startswith("@big:"):
            data = b"A" * int(word[5:])
        elif word.startswith("@bigjson:"):
            data = b"[" * int(word[9:])
        else:
            data = b"" if word == "-" else bytes.fromhex(word)
        text = ctypes.create_string_buffer(data)
        self.keep.append(text)
        return ctypes.addressof(text)

    def _buffer(self, host: Host, word: str) -> None:
        if word == "null":
            return
        if word == "@noaccess":
            self.out = host.no_access
            return
        if word == "@readonly":
            self.capacity = SPECIAL_CAPACITY
            self.out = new_pages(mmap.PAGESIZE)
            ctypes.memmove(self.out, UNTOUCHED * SPECIAL_CAPACITY, SPECIAL_CAPACITY)
            protect(self.out, mmap.PAGESIZE, READ_ONLY)
            return
        self.capacity = int(word)
        self.guarded = True
        image = GUARD + UNTOUCHED * self.capacity + GUARD
        memory = ctypes.create_string_buffer(image, len(image))
        self.keep.append(memory)
        self.out = ctypes.addressof(memory) + len(GUARD)

    def make(self, host: Host) -> None:
        """Make the call and write its result line."""
        function = host.function(self)
        cwd = os.getcwd()
        start = time.perf_counter()
        answer = function(*self.arguments)
        spent = int((time.perf_counter() - start) * 1e6)
        left = os.getcwd()
        words = [self.id, f"ret={self._answer(answer)}", *self._buffer_words()]
        words += ["cw=n/a", "mxcsr=n/a", "x87=n/a", "esp=n/a", "regs=n/a", "df=n/a"]
        words.append("cwd=ok" if left == cwd else f"cwd=BROKEN:{os.fsencode(left).hex()}")
        host.report(" ".join([*words, f"us={spent}"]))
        os.chdir(cwd)

    def _answer(self, answer: int | None) -> str:
        if self.result_type is INTEGER:
            return str(answer)
        return "null" if answer is None else _text(answer, RETURNED_LIMIT).hex() or "-"

    def _buffer_words(self) -> list[str]:
        if self.capacity == 0:
            return ["out=null", "nul=none", "guards=n/a"]
        text = _text(self.out, self.capacity)
        nul = str(len(text)) if len(text) < self.capacity else "none"
        guards = "n/a"
        if self.guarded:
            before = ctypes.string_at(self.out - len(GUARD), len(GUARD))
            after = ctypes.string_at(self.out + self.capacity, len(GUARD))
            guards = "ok" if before == after == GUARD else "BROKEN"
        return [f"out={text.hex() or '-'}", f"nul={nul}", f"guards={guards}"]


class Host:
    """The state of the host program: libraries, exports, result file, special memory."""

    def __init__(self, result: str, exports: str) -> None:
        self.result = open_result(result)
        with open(exports, encoding="ascii") as lines:
            rows = [line.split() for line in lines]
        self.exports = {name: (library, returns, letters) for name, library, returns, letters in rows}
        self.paths: dict[str, str] = {}
        self.libraries: dict[str, Any] = {}
        self.threads = 0
        self.pending: list[Call] = []
        page = mmap.PAGESIZE
        pages = new_pages(2 * page)
        ctypes.memset(pages, ord("A"), page)
        self.no_access = pages + page
        self.unterminated = self.no_access - UNTERMINATED_LENGTH
        protect(self.no_access, page, NO_ACCESS)

    def report(self, text: str) -> None:
        os.write(self.result, text.encode() + b"\n")

    def function(self, call: Call) -> Any:
        function = getattr(self.libraries[call.library], call.name)
        function.argtypes = call.parameters
        function.restype = call.result_type
        return function

    def run_line(self, words: list[str]) -> None:
        """Carry out one line of the script."""
        if not words or words[0].startswith("#"):
            return
        command = self.commands().get(words[0])
        if command is None:
            raise ScriptError("unknown command")
        command(*words[1:])

    def commands(self) -> dict[str, Callable[..., None]]:
        """What each first word of a line does with the rest of it."""
        return {
            "load": self._load_path,
            "free": self._free,
            "cycle": self._cycle,
            "chdir": lambda path: os.chdir(bytes.fromhex(path).decode()),
            "fp": lambda cw, mxcsr: None,
            "call": self._call,
            "threads": self._start_collecting,
            "end": self._run_threads,
            "exitinflight": self._exit_in_flight,
            "closestd": close_standard_handles,
            "setstd": lambda kind: set_standard_handles({"null": 0, "invalid": NEVER_A_HANDLE}[kind]),
        }

    def _load_path(self, library: str, path: str) -> None:
        self.paths[library] = bytes.fromhex(path).decode()
        self._load(library)

    def _cycle(self, library: str, count: str) -> None:
        for _ in range(int(count)):
            self._free(library)
            self._load(library)

    def _call(self, *arguments: str) -> None:
        call = Call(self, list(arguments))
        if self.threads:
            self.pending.append(call)
        else:
            call.make(self)

    def _start_collecting(self, count: str) -> None:
        self.threads = int(count)

    def _exit_in_flight(self, delay: str, code: str, _word: str, *arguments: str) -> None:
        call = Call(self, list(arguments))
        threading.Thread(target=call.make, args=(self,), daemon=True).start()
        time.sleep(int(delay) / 1000)
        self.report("exiting")
        exit_process(int(code))

    def _load(self, library: str) -> None:
        self.libraries[library] = open_library(self.paths[library])

    def _free(self, library: str) -> None:
        free_library(self.libraries.pop(library)._handle)

    def _run_threads(self) -> None:
        count, calls = self.threads, self.pending
        self.threads, self.pending = 0, []
        together = threading.Barrier(count)

        def work(index: int) -> None:
            together.wait()
            for call in calls[index::count]:
                call.make(self)

        threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _text(address: int, limit: int) -> bytes:
    """The bytes up to the first NUL, at most `limit`, reading none beyond that NUL."""
    data = bytearray()
    while len(data) < limit:
        byte = ctypes.string_at(address + len(data), 1)
        if byte == b"\0":
            break
        data += byte
    return bytes(data)


def main(script: str, result: str, exports: str, *, host_type: Callable[[str, str], Host] = Host) -> int:
    """Carry out the script and return the exit code."""
    host = host_type(result, exports)
    with open(script, encoding="ascii") as lines:
        for number, line in enumerate(lines, 1):
            try:
                host.run_line(line.split())
            except (ScriptError, OSError, ValueError, LookupError, AttributeError, TypeError) as error:
                host.report(f"error line {number}: {error!r}")
                return EXIT_SCRIPT_FAILED
    host.report("done")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
