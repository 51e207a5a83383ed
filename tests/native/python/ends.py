"""A host that calls while its interpreter ends, and from odd places before. The first word of the job says from where.

atexit         functions of atexit make the first call, and more
finaliser      objects that are deleted by the collector, and by the end of the interpreter
daemon         daemon threads are in calls and go on calling while the interpreter ends
handler        a handler of a signal; a timer's thread; a trace function
asyncio        tasks of a loop, and its executor
subinterpreter  sub-interpreters, one after the other
exit           os._exit beside a call
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import importlib
import os
import signal
import sys
import threading
import time
from typing import Any

from hospital import Hospital

his = Hospital()
where = his.words[0]


def at_exit() -> None:
    """Functions of atexit run last in, first out."""
    atexit.register(his.finish)
    atexit.register(his.every, "third")
    atexit.register(his.every, "second")
    atexit.register(his.every, "first")


class Patient:
    """Calls when it is deleted."""

    def __init__(self, name: str, finish: bool = False) -> None:
        self.name, self.finish, self.own = name, finish, his
        self.circle = self

    def __del__(self) -> None:
        self.own.every(self.name)
        if self.finish:
            self.own.finish()


def finalisers() -> None:
    """In a collection, and as the last thing of a module."""
    global last
    Patient("first")
    gc.collect()
    last = Patient("second", finish=True)
    del last.circle


def daemons() -> None:
    """They never end; what they have until the end is written."""

    def work(start: str) -> None:
        his.every(start)
        done.release()
        while True:
            export, arguments, _ = his.prepared(f"{start} 0")
            export(*arguments)

    done = threading.Semaphore(0)
    for number in range(4):
        threading.Thread(target=work, args=(f"daemon {number}",), daemon=True).start()
    for _ in range(4):
        done.acquire()
    his.finish()


def handlers() -> None:
    """A signal that arrives while Python code runs, a timer, a trace function."""
    signal.signal(signal.SIGUSR1, lambda number, frame: his.every("first"))
    os.kill(os.getpid(), signal.SIGUSR1)
    while len(his.answers) < len([name for name in his.ids if name.startswith("first")]):
        time.sleep(0.01)
    timer = threading.Timer(0.01, his.every, ("second",))
    timer.start()
    timer.join()
    names = [name for name in his.ids if name.startswith("third")]

    def trace(frame: Any, event: str, argument: Any) -> None:
        if names and frame.f_code.co_name == "traced":
            his.call(names.pop())

    def traced() -> None:
        """Nothing."""

    sys.settrace(trace)
    for _ in range(len(names)):
        traced()
    sys.settrace(None)
    his.finish()


def loop() -> None:
    """As a program with asyncio calls: it blocks the loop, or uses the executor."""

    async def task(start: str) -> None:
        his.every(start)

    async def main() -> None:
        running = asyncio.get_running_loop()
        await asyncio.gather(task("first"), task("second"))
        names = [name for name in his.ids if name.startswith("third")]
        await asyncio.gather(*(running.run_in_executor(None, his.call, name) for name in names))

    asyncio.run(main())
    his.finish()


def subinterpreters() -> None:
    """Legacy ones, which ctypes can be imported in: as modules for web servers make them."""
    run = importlib.import_module("_testcapi").run_in_subinterp
    here = os.path.dirname(os.path.abspath(__file__))
    for name in ("first", "second", "third"):
        result = run(
            f"import sys; sys.path.insert(0, {here!r}); sys.argv = ['', {sys.argv[1]!r}]\n"
            f"import hospital; his = hospital.Hospital(); his.load(); his.every({name!r})\n"
            f"his.job['result'] += '.{name}'; his.finish()\n"
        )
        if result != 0:
            raise RuntimeError(name)
        with open(his.job["result"] + f".{name}") as file:
            his.answers += importlib.import_module("json").load(file)["answers"]
    his.finish()


def sudden() -> None:
    """The process ends beside a call."""
    his.every("first")
    threading.Thread(target=his.every, args=("slow",), daemon=True).start()
    time.sleep(0.2)
    his.finish()
    os._exit(7)


last: Any = None
his.load()
{
    "atexit": at_exit, "finaliser": finalisers, "daemon": daemons, "handler": handlers, "asyncio": loop,
    "subinterpreter": subinterpreters, "exit": sudden,
}[where]()  # fmt: skip
