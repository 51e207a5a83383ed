"""A host that gevent has patched, before the first call or after it; calls from greenlets and from gevent's threads.

The first word of the job says when: `before`, `after`.
"""

from __future__ import annotations

import gc
import importlib
import threading
from typing import Any

from hospital import Hospital

gevent: Any = importlib.import_module("gevent")
monkey: Any = importlib.import_module("gevent.monkey")

his = Hospital()
if his.words[0] == "before":
    monkey.patch_all()
his.load()
his.every("first")
if his.words[0] == "after":
    monkey.patch_all()
pool = gevent.get_hub().threadpool
pool.maxsize = 8
asleep = monkey.get_original("time", "sleep")
for done in [pool.spawn(asleep, 0.05) for _ in range(8)]:
    done.get()
for socket in (gevent.socket.socket(), gevent.socket.socket()):
    socket.close()
gevent.joinall([gevent.spawn(int) for _ in range(8)])
worker = threading.Thread(target=int)
worker.start()
worker.join()
gc.collect()
his.before()
his.every("http")
gevent.joinall([gevent.spawn(his.call, name) for name in his.ids if name.startswith("greenlet")], raise_error=True)
for done in [pool.spawn(his.call, name) for name in his.ids if name.startswith("pool")]:
    done.get()
his.threads(8, "thread")
his.every("sim")
his.after()
his.finish()
