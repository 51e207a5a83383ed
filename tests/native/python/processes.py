"""A host that makes processes while its threads call: multiprocessing, an executor, or os.fork; each asks for others.

The first word of the job: fork, spawn, forkserver (multiprocessing), executor, os.fork; the second: `warm` where the
parent has called before, `cold` where a child may be the first. Calls are named by who makes them: `parent N`, `child
P N`. A child returns its answers to its parent, who writes them all.
"""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing
import os
import sys
import threading
from typing import Any

from hospital import Hospital

CHILDREN = 4


def work(job: str, number: int) -> list[list[Any]]:
    """What a child does: all its calls, by two threads."""
    his = Hospital(job)
    his.load()
    his.threads(2, f"child {number} ")
    answers: list[list[Any]] = his.answers
    return answers


def in_child(job: str, number: int, end: Any) -> None:
    """The same in a multiprocessing.Process."""
    end.send(work(job, number))
    end.close()


def by_multiprocessing(method: str) -> list[Any]:
    """Processes of one start method, all at once."""
    context: Any = multiprocessing.get_context(method)
    ends, made = [], []
    for number in range(CHILDREN):
        ours, theirs = context.Pipe(False)
        process = context.Process(target=in_child, args=(sys.argv[1], number, theirs))
        process.start()
        theirs.close()
        ends.append(ours)
        made.append(process)
    answers = [answer for end in ends for answer in end.recv()]
    for process in made:
        process.join()
        assert process.exitcode == 0
    return answers


def by_executor() -> list[Any]:
    """A pool of processes by the default start method of this version."""
    with concurrent.futures.ProcessPoolExecutor(CHILDREN) as pool:
        futures = [pool.submit(work, sys.argv[1], number) for number in range(CHILDREN)]
        return [answer for future in futures for answer in future.result()]


def by_fork() -> list[Any]:
    """os.fork, with nothing but a pipe."""
    ends = []
    for number in range(CHILDREN):
        reading, writing = os.pipe()
        if os.fork() == 0:
            code = 1
            try:
                os.close(reading)
                with os.fdopen(writing, "w") as file:
                    json.dump(work(sys.argv[1], number), file)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        ends.append(reading)
    answers = []
    for end in ends:
        with os.fdopen(end) as file:
            answers += json.load(file)
        _, status = os.wait()
        assert status == 0
    return answers


def main() -> None:
    """The parent's threads call all the time until the children have answered."""
    his = Hospital()
    kind, start = his.words
    his.load()
    if start == "warm":
        his.every("first")
    calling = threading.Thread(target=his.threads, args=(2, "parent "))
    calling.start()
    if kind == "os.fork":
        children = by_fork()
    elif kind == "executor":
        children = by_executor()
    else:
        children = by_multiprocessing(kind)
    calling.join()
    his.every("last")
    his.answers += children
    his.finish()


if __name__ == "__main__":
    main()
