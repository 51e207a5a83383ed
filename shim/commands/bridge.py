"""`vcshim bridge`: the local web service for a HIS in a browser, until interrupted; its token; start at log-on.

The service is shim/bridge. What is started at log-on runs without a window: this command once more, of which the first
one waits until it serves.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from shim import configuration, log
from shim.bridge import client, instance
from shim.bridge.instance import AlreadyRunning, BridgeNote
from shim.bridge.program import child_environment, own_program, worker_command
from shim.commands import folder
from shim.commands.catalogue import bridge as phrases
from shim.commands.console import say, show, warn, write_json
from shim.commands.language import OPTION, current_language
from shim.commands.machine import tell
from shim.commands.words import whole_number
from shim.configuration import Configuration
from shim.folders import local_data
from shim.install.log_on import forget_log_on, start_at_log_on
from shim.workstation import station

_DETACHED = 0x00000008 | 0x00000200  # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
_START_SECONDS, _STEP = 60.0, 0.1
_ERRORS = "last-start.txt"
_FREE_PORT = (0,)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    folder.add_folder_word(parser)
    parser.add_argument("--port", type=whole_number(0, 65535), help=phrases.PORT())
    parser.add_argument("--origin", action="append", default=[], metavar="ORIGIN", help=phrases.ORIGIN())
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--background", action="store_true", help=phrases.BACKGROUND())
    instead.add_argument("--at-log-on", action="store_true", help=phrases.AT_LOG_ON())
    instead.add_argument("--not-at-log-on", action="store_true", help=phrases.NOT_AT_LOG_ON())
    instead.add_argument("--stop", action="store_true", help=phrases.STOP())
    parser.add_argument("--token", action="store_true", help=phrases.TOKEN())


def run(options: argparse.Namespace) -> int:
    """0 if it was done, also if the service was interrupted or stopped; 1 if it could not be."""
    his = options.folder.absolute()
    try:
        import_module("shim.bridge.server")
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "shim":
            raise  # no library is missing: the installation is damaged
        return _refuse("no_server", phrases.NO_SERVER())
    if options.at_log_on:
        command = start_at_log_on(own_program(), his)
        tell(at_log_on=command)
        say(phrases.WILL_START(command=command))
        return 0
    if options.not_at_log_on:
        was = forget_log_on(his)
        tell(at_log_on=None, changed=was)
        say(phrases.WILL_NOT_START() if was else phrases.WOULD_NOT_START())
        return 0
    settings = configuration.read(his)
    token = settings.bridge.token or instance.own_token()
    if options.token:
        tell(token=token)
        show(token)
        return 0
    if options.stop:
        return _stop(token)
    return _start_in_background(options) if options.background else _serve(options, settings, token)


# ---- the service -----------------------------------------------------------------------------------------------------


def _serve(options: argparse.Namespace, settings: Configuration, token: str) -> int:
    import asyncio

    from shim.bridge.server import Bridge
    from shim.bridge.worker import LibraryWorker

    folder.name_settings(options.folder)
    try:
        instance.hold_session()
    except AlreadyRunning:
        return _refuse("already_running", _already_running())
    his, wanted = options.folder.absolute(), settings.bridge
    first = wanted.port if options.port is None else options.port
    ports = range(first, min(first + wanted.ports, 65536)) if first else _FREE_PORT
    origins = [*wanted.origins, *options.origin]
    logger = _logger(settings, his)
    worker = partial(LibraryWorker, worker_command(his), child_environment())

    async def serve() -> None:
        bridge = Bridge(ports, origins, token, worker, wanted.call_seconds, logger)
        await bridge.serve(partial(_announce, BridgeNote(os.getpid(), bridge.port, str(his)), origins, options.json))

    try:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(serve())
    except KeyboardInterrupt:  # how it is meant to end
        return 0
    except OSError as error:
        return _refuse("no_port", phrases.NO_PORT(first=first, last=ports[-1], reason=error.strerror or error.errno))
    finally:
        instance.forget_note()
    return 0


def _announce(note: BridgeNote, origins: list[str], as_json: bool) -> None:
    instance.write_note(note)
    if as_json:
        write_json({"port": note.port, "folder": note.folder, "origins": origins})
    say(phrases.SERVES(port=note.port, folder=note.folder))
    say(phrases.ORIGINS(origins=" ".join(origins)) if origins else phrases.NO_ORIGINS())


def _logger(settings: Configuration, his: Path) -> logging.Logger:
    """The log of the DLLs in that folder. What Tornado has to say of broken requests is not worth a line."""
    logging.getLogger("tornado").addHandler(logging.NullHandler())
    logging.getLogger("tornado").propagate = False
    places = Path(settings.log.folder or his / "vcshim_log"), local_data() / "vcshim_log"
    return log.open_log(*places, settings.log.level, settings.log.keep_days, station())


def _already_running() -> str:
    note = instance.read_note()
    return phrases.RUNNING(port=note.port, folder=note.folder) if note else phrases.RUNNING_SOMEWHERE()


# ---- the others ------------------------------------------------------------------------------------------------------


def _start_in_background(options: argparse.Namespace) -> int:
    """Start the service without a window, and wait until it answers or has ended."""
    if _serves():  # as after a log-on by another way
        say(_already_running())
        return 0
    words = [*own_program(), OPTION, current_language().value, "bridge", "--folder", str(options.folder.absolute())]
    words += [] if options.port is None else ["--port", str(options.port)]
    words += [word for origin in options.origin for word in ("--origin", origin)]
    errors = instance.bridge_folder() / _ERRORS
    with errors.open("wb") as file:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file,
            env=child_environment(outlives=True),
            creationflags=_DETACHED if sys.platform == "win32" else 0, start_new_session=sys.platform != "win32",
        )  # fmt: skip
    if not _wait(lambda: process.poll() is not None or _serves()) or process.poll() is not None:
        warn(errors.read_text("utf-8", "replace").strip())
        return _refuse("not_started", phrases.NOT_STARTED())
    process.returncode = 0  # nobody waits for it
    note = instance.read_note()
    tell(port=note.port if note else None)
    say(phrases.STARTED(port=note.port if note else "?"))
    return 0


def _serves() -> bool:
    note = instance.read_note()
    return note is not None and client.is_serving(note)


def _stop(token: str) -> int:
    note = instance.read_note()
    if note is None or not client.is_serving(note):
        return _refuse("not_running", phrases.NOT_RUNNING())
    if not client.stop(note, token) or not _wait(lambda: instance.read_note() != note):
        return _refuse("not_stopped", phrases.NOT_STOPPED(port=note.port))
    tell(port=note.port)
    say(phrases.STOPPED(port=note.port))
    return 0


def _wait(done: Callable[[], bool]) -> bool:
    end = time.monotonic() + _START_SECONDS
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(_STEP)
    return True


def _refuse(name: str, text: str) -> int:
    tell(error=name)
    warn(f"vcshim bridge: {text}")
    return 1
