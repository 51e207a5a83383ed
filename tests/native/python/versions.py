"""A host of any CPython: calls before and after its own work, from eight threads, with the collector forced."""

from __future__ import annotations

import gc
import hashlib
import logging
import sqlite3
import ssl
import threading

from hospital import Hospital


def own_work() -> None:
    """What a hospital program does with the modules that the libraries also have."""
    logging.getLogger("his").debug("nothing shows this")
    ssl.create_default_context()
    hashlib.new("sha256", b"his").hexdigest()
    with sqlite3.connect(":memory:") as database:
        database.execute("select 1").fetchall()
    database.close()


his = Hospital()
own_work()
his.listen()
thread = threading.Thread(target=own_work)
thread.start()
thread.join()
his.before()
his.load()
his.after("loaded")
his.every("http")
his.every("sim")
his.events()
his.after("called")
own_work()
his.threads(8, "person")
for name in his.ids:
    if name.startswith("after"):
        gc.collect()
        his.call(name)
        gc.collect()
own_work()
his.after("ended")
his.finish()
