"""Which concrete part stands where: settings choose classes, once. No logic of a call.

L4: imported by abi and the command line; the only module besides them that may know both the service and its parts.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from shim import __version__, config, log
from shim.autofills import pick_autofill
from shim.devices import terminal
from shim.dialects.table import DIALECTS, Dialect, site_dialect
from shim.errors import HostError, Reason
from shim.keep import Keeper
from shim.printers import pick_printer
from shim.scanners import pick_scanner
from shim.screens import pick_screen
from shim.service import Service
from shim.transport.base import Transport
from shim.transport.by_scheme import ByScheme
from shim.transport.http import HttpTransport
from shim.turns import Turns


@dataclass(frozen=True, slots=True)
class Wired:
    """Everything an entry needs: the settings in force, the log, the service, the answers that were too long."""

    settings: config.Settings
    logger: logging.Logger
    service: Service
    keeper: Keeper


def wire(folder: Path) -> Wired:
    """The service for the DLLs that lie in `folder`, with the vcshim.ini beside them."""
    settings = config.read(folder)
    own, fallback = Path(settings.text("log", "folder") or folder / "vcshim_log"), local_data() / "vcshim_log"
    logger = log.open_log(
        own,
        fallback,
        settings.text("log", "level"),
        settings.number("log", "keep_days"),
    )
    turns = Turns()
    service = Service(
        settings=settings,
        dialect=_dialect_or_error(settings),
        transport=_transport(settings, folder, logger),
        scanner=pick_scanner(settings, logger, folder, fallback.parent),
        screen=pick_screen(settings, logger, folder, turns),
        printer=pick_printer(settings, logger, folder),
        autofill=pick_autofill(settings),
        terminal=terminal.Terminal(terminal.adapters, settings.text("transport", "proxy")),
        turns=turns,
        logger=logger,
    )
    python = sys.version.split()[0]
    log.event(logger, logging.INFO, "组件已启动", version=__version__, python=python, folder=str(folder))
    for problem in settings.problems:
        log.event(logger, logging.WARNING, problem)
    return Wired(settings, logger, service, Keeper(fallback.parent / "kept"))


def pick_dialect(settings: config.Settings, name: str = "") -> Dialect:
    """The dialect `name`, or that of [wire] dialect: a preset, or a section of vcshim.ini.

    HostError 8006 where there is none of that name or its section cannot be used: signing by another would be worse.
    """
    name = name or settings.text("wire", "dialect")
    if name in settings.dialects:
        try:
            return site_dialect(name, settings.dialects[name])
        except HostError as error:
            raise HostError(Reason.SETTINGS, error.message) from error
    if name in DIALECTS:
        return DIALECTS[name]
    known = "、".join((*DIALECTS, *settings.dialects))
    raise HostError(Reason.SETTINGS, f"vcshim.ini 中 [wire] dialect = {name[:40]} 不存在，可用：{known}")


def _transport(settings: config.Settings, folder: Path, logger: logging.Logger) -> Transport:
    """HTTP, and the simulator for whoever says ``sim:``: nothing of it is imported before."""
    file = settings.text("simulator", "file")

    def simulator() -> Transport:
        from shim.simulator.inprocess import open_platform

        log.event(logger, logging.WARNING, "请求地址为 sim:，由组件内的模拟平台应答，数据均为虚构")
        return open_platform(folder / file if file else None, settings.number("transport", "total_seconds"))

    http = HttpTransport(
        settings.number("transport", "connect_seconds"),
        settings.number("transport", "total_seconds"),
        settings.text("transport", "proxy"),
        settings.text("transport", "ca_file"),
        settings.number("transport", "idle_seconds"),
    )
    return ByScheme(http, {"sim": simulator})


def _dialect_or_error(settings: config.Settings) -> Dialect | HostError:
    try:
        return pick_dialect(settings)
    except HostError as error:
        return error


def local_data() -> Path:
    """Where a program may always write: the local application data of the user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or os.environ.get("TEMP") or "C:\\") / "vcshim"
    return Path(os.environ.get("XDG_STATE_HOME") or Path(os.path.expanduser("~"), ".local", "state")) / "vcshim"
