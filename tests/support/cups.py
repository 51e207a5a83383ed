"""A private CUPS: a daemon with all of its files in one folder, and a queue that ends at a sink on loopback.

The sink stands for the printer and keeps every job whole. No system service is used. CUPS refuses to run its helpers as
root: started by root, they run as the user lp, to whom the folder must belong; otherwise as the user who started it.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.support.label_printers import Sink

_START_LIMIT = 60.0

_FILES = """\
User {user}
Group {user}
SystemGroup root lpadmin
ServerRoot {folder}/root
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
DataDir /usr/share/cups
ServerBin /usr/lib/cups
DocumentRoot {folder}/root
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
FileDevice No
"""
_DAEMON = """\
Listen 127.0.0.1:{port}
Browsing Off
WebInterface No
LogLevel warn
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""


class Cups:
    """`sink` receives what is printed to the raw queue `queue`; programs find the daemon through `env`."""

    queue = "LABEL"

    def __init__(self) -> None:
        self.sink = Sink()
        self._folder = Path(tempfile.mkdtemp(prefix="cups-"))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.env = {"CUPS_SERVER": f"127.0.0.1:{self._port}"}
        user = "lp" if os.geteuid() == 0 else getpass.getuser()
        for name in ("root", "spool/tmp", "cache", "state", "log"):
            (self._folder / name).mkdir(parents=True)
        files, daemon = self._folder / "root" / "cups-files.conf", self._folder / "root" / "cupsd.conf"
        files.write_text(_FILES.format(folder=self._folder, user=user))
        daemon.write_text(_DAEMON.format(port=self._port))
        self._folder.chmod(0o755)
        if user == "lp":
            for path in (self._folder, *self._folder.rglob("*")):
                shutil.chown(path, "lp", "lp")
        self._daemon = subprocess.Popen(
            ["cupsd", "-f", "-c", str(daemon), "-s", str(files)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._make_queue()

    def _make_queue(self) -> None:
        words = ["lpadmin", "-p", self.queue, "-E", "-v", f"socket://127.0.0.1:{self.sink.port}", "-m", "raw"]
        end = time.monotonic() + _START_LIMIT
        while True:
            done = subprocess.run(
                words, env={**os.environ, **self.env}, capture_output=True, text=True, timeout=_START_LIMIT, check=False
            )
            if done.returncode == 0:
                return
            log = self._folder / "log" / "error"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            assert time.monotonic() < end and self._daemon.poll() is None, f"no queue: {done.stderr}\n{tail}"
            time.sleep(0.1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._daemon.terminate()
        self._daemon.wait(_START_LIMIT)
        self.sink.close()
        shutil.rmtree(self._folder, ignore_errors=True)
