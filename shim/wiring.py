"""Builds the service from its parts, as the settings say, once per process and forked child. Holds no logic of a call.

Used by call_port and the command line; the only module besides them that may know both the service and its parts.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from shim import __version__, configuration, forks, local_copy, log, terminal
from shim.answer_store import AnswerStore
from shim.bilingual import word_list
from shim.call_activity import CallActivity
from shim.configuration import Configuration
from shim.devices.autofill.last_code import LastCode
from shim.devices.autofill.pick import pick_autofill
from shim.devices.label.pick import pick_printer
from shim.devices.scanner.pick import pick_scanner
from shim.devices.screen.pick import pick_screen
from shim.dialects.nation import EcWire, ec_wire
from shim.dialects.table import DIALECTS, Dialect, site_dialect
from shim.errors import HostError
from shim.folders import local_data
from shim.journal.call_journal import CallJournal, Journal, NoJournal, open_journal
from shim.local_copy import LoadedSet
from shim.log import Occasion, Station
from shim.messages import settings as rows
from shim.service import Service
from shim.service_parts import Devices, PlatformAccess, ServiceSettings
from shim.settings.lines import fold
from shim.settings.transport import address_groups
from shim.transport.base import Transport
from shim.transport.by_scheme import ByScheme
from shim.workstation import file_word, station, user_name, workstation_name

if TYPE_CHECKING:
    from shim.capture.forwarding import Forwarding, Sink
    from shim.telemetry.listener import TelemetryListener
    from shim.transport.portable.transport import RequestsTransport
    from shim.transport.sockets import SocketTransport


@dataclass(frozen=True, slots=True)
class Wired:
    """What calls and the commands need: settings, log, service, journal, and the store of answers that were too long.

    `transport` is that of the service; `forwarding` is None where no vendor's DLL answers.
    """

    configuration: Configuration
    logger: logging.Logger
    service: Service
    answer_store: AnswerStore
    transport: ByScheme
    journal: CallJournal | NoJournal
    forwarding: Forwarding | None = None


OpenShadow = Callable[[Configuration, logging.Logger], "Sink"]
"""Makes what compares the calls of [mode] run = shadow: shim/replay, which is above this module."""


def wire(
    folder: Path,
    parent: Wired | None = None,
    open_shadow: OpenShadow | None = None,
    place: Station | None = None,
) -> Wired:
    """Build the service for the DLLs in `folder`, with the vcshim.ini beside them.

    Never fails for what the settings hold: a part that cannot be used says so when it is needed.

    Args:
        parent: in a forked child, what its parent had: of it only the settings are used, and the memory of ``sim:``,
            of which the child has a copy of its own.
        open_shadow: called if the settings ask for it; without it nothing is compared.
        place: which PC this is, if that is known.
    """
    settings = configuration.read(folder) if parent is None else parent.configuration
    configured, fallback = log_folders(settings, folder)
    place = place or station()
    logger = log.open_log(configured, fallback, settings.log.level, settings.log.keep_days, place)
    listener = _listen(settings, logger, place)
    activity = CallActivity()
    transport = _transport(settings, logger, {} if parent is None else parent.transport.made)
    journal = _journal(settings, logger)
    service = Service(
        settings=_service_settings(settings),
        access=_access(settings, transport),
        devices=Devices(
            scanner=pick_scanner(settings.scanner, logger, folder, fallback.parent),
            screen=pick_screen(settings.screen, logger, folder, activity),
            printer=pick_printer(settings.label, logger),
            autofill=pick_autofill(settings.autofill),
            last_code=LastCode(settings.scanner.keep_code_seconds),
        ),
        activity=activity,
        logger=logger,
        journal=journal,
    )
    forwarding = _forwarding(settings, logger, _counted(journal, listener), open_shadow)
    return Wired(settings, logger, service, AnswerStore(fallback.parent / "kept"), transport, journal, forwarding)


def with_settings(wired: Wired, settings: Configuration) -> Wired:
    """`wired` for later calls, with other values of live keys; parts that nothing has changed stay the same.

    Devices that are held open, the journal and the files of the log are those of `wired`.
    """
    before, logger, devices, transport = wired.configuration, wired.logger, wired.service.devices, wired.transport
    log.set_level(logger, settings.log.level)
    if settings.transport != before.transport:
        transport = _transport(settings, logger, transport.made)
    if settings.label != before.label:
        devices = replace(devices, printer=pick_printer(settings.label, logger))
    if settings.autofill != before.autofill:
        devices = replace(devices, autofill=pick_autofill(settings.autofill))
    service = wired.service.renewed(_service_settings(settings), _access(settings, transport), devices)
    return replace(wired, configuration=settings, service=service, transport=transport)


def unrecorded(wired: Wired, transport: Transport) -> Service:
    """A service with the settings and devices of `wired` that posts by `transport`, without log and journal."""
    logger = logging.Logger("vcshim.unrecorded")
    logger.addHandler(logging.NullHandler())
    settings = wired.configuration
    access = _access(settings, transport)
    return Service(_service_settings(settings), access, wired.service.devices, CallActivity(), logger)


def _listen(settings: Configuration, logger: logging.Logger, place: Station) -> TelemetryListener | None:
    """Have the log's lines sent to where [telemetry] and [log] say; of what they do not ask for nothing is imported."""
    if sys.platform == "win32" and settings.log.windows_events != "off":
        from shim.windows_events import EventListener

        log.listen(logger, EventListener(settings.log.windows_events), settings.log.level)
    if not (settings.telemetry.endpoint or settings.telemetry.syslog):
        return None
    from shim.telemetry.listener import open_telemetry

    devices = {
        "scanner": settings.scanner.type,
        "screen": settings.screen.type,
        "label": settings.label.type,
        "autofill": settings.autofill.method,
    }
    listener = open_telemetry(settings.telemetry, place, devices, logger)
    log.listen(logger, listener, settings.log.level)
    return listener


def _counted(journal: CallJournal | NoJournal, listener: TelemetryListener | None) -> Journal:
    """The journal for calls that the vendor's DLL answers, of which the log has no line."""
    if listener is None:
        return journal
    from shim.telemetry.forwarded import CountedJournal

    return CountedJournal(journal, listener)


def _service_settings(settings: Configuration) -> ServiceSettings:
    return ServiceSettings(
        settings.wire,
        settings.validate,
        settings.terminal,
        settings.scanner.keep_code_seconds,
        settings.transport.total_seconds,
        settings.messages.audience,
        settings.refusal,
    )


def _access(settings: Configuration, transport: Transport) -> PlatformAccess:
    return PlatformAccess(
        dialect=dialect_or_error(settings),
        transport=transport,
        terminal=terminal.TerminalIdentifier(terminal.adapters, settings.transport.proxy),
        ec_wire=ec_wire_or_error(settings),
    )


def announce(
    wired: Wired, folder: Path, loaded: LoadedSet | None = None, *, is_child: bool, names_problems: bool
) -> None:
    """Write the first lines of the log. With the first call: a program that only loads the DLLs leaves no file.

    Args:
        loaded: where the core is; None in a command.
        is_child: whether this is a forked process, with the settings of its parent.
        names_problems: whether those of the settings are not in the log yet.
    """
    logger, settings = wired.logger, wired.configuration
    if is_child:
        text = "vcshim 已在 fork 产生的进程中启动"
        log.marked(logger, logging.INFO, text, Occasion.START, version=__version__, parent=forks.parent)
    else:
        python = sys.version.split()[0]
        facts = {"python": python, "folder": str(folder), "set": sys.prefix}  # native/isolated.h sets the prefix
        log.marked(logger, logging.INFO, "vcshim 已启动", Occasion.START, version=__version__, **facts)
        local_copy.report(logger, loaded or LoadedSet())
    for problem in settings.problems if names_problems else ():
        log.event(logger, logging.ERROR if settings.refusals else logging.WARNING, problem)


def log_folders(settings: Configuration, folder: Path) -> tuple[Path, Path]:
    """Where the log of the DLLs in `folder` is, and where it is if nothing can be written there."""
    return Path(settings.log.folder or folder / "vcshim_log"), local_data() / "vcshim_log"


def journal_folder(settings: Configuration) -> Path:
    """Where the journals of this user are."""
    return Path(settings.journal.folder) if settings.journal.folder else local_data() / "journal"


def pick_dialect(settings: Configuration, name: str = "") -> Dialect:
    """The dialect `name`, or that of [wire] dialect: a preset, or a section of vcshim.ini.

    HostError 8006 where there is none of that name, its section cannot be used, or no call may be made with these
    settings: signing by another dialect would be worse.
    """
    settings.check()
    wanted = name or settings.wire.dialect
    name = next((known for known in (*settings.dialects, *DIALECTS) if fold(known) == fold(wanted)), wanted)
    if name in settings.dialect_problems:
        problem = settings.dialect_problems[name]
        raise HostError(problem.row, **problem.facts)
    if name in settings.dialects:
        return site_dialect(name, settings.dialects[name])
    if name in DIALECTS:
        return DIALECTS[name]
    known = word_list((*DIALECTS, *settings.dialects))
    raise HostError(rows.NO_DIALECT, name=name[:40], known=known)


def _transport(settings: Configuration, logger: logging.Logger, made: Mapping[str, Transport]) -> ByScheme:
    """HTTP, and the simulator for the scheme ``sim:``, which is imported when it is first used."""
    file = settings.simulator.file

    def simulator() -> Transport:
        from shim.simulator.inprocess import open_platform

        log.event(logger, logging.WARNING, "请求地址为 sim:，由 vcshim 内的模拟平台应答，数据均为虚构")
        return open_platform(Path(file) if file else None)

    return ByScheme(_http(settings, logger), {"sim": simulator}, made)


def _http(settings: Configuration, logger: logging.Logger) -> Transport:
    kept = settings.transport
    http = _engine(kept.engine)(kept.connect_seconds, kept.proxy, kept.ca_file, kept.idle_seconds)
    if not kept.alternatives:
        return http
    from shim.transport.failover import Failover, Probe

    probe = Probe(kept.connect_seconds, kept.proxy, kept.ca_file)
    return Failover(http, address_groups(kept.alternatives), probe, kept.back_seconds, logger)


def _journal(settings: Configuration, logger: logging.Logger) -> CallJournal | NoJournal:
    if not settings.journal.enabled:
        return NoJournal()
    return open_journal(journal_folder(settings), settings.journal.keep_days, settings.mode.run, logger)


def _engine(word: str) -> type[SocketTransport | RequestsTransport]:
    """The transport of [transport] engine, imported when it is the one that is wanted."""
    if word == "requests":
        from shim.transport.portable.transport import RequestsTransport

        return RequestsTransport
    from shim.transport.sockets import SocketTransport

    return SocketTransport


def _forwarding(
    settings: Configuration,
    logger: logging.Logger,
    journal: Journal,
    open_shadow: OpenShadow | None,
) -> Forwarding | None:
    """What is done around the calls that the vendor's DLL answers; None in native mode, which imports none of it."""
    if settings.mode.run == "native":
        return None
    from shim.capture.forwarding import Forwarding
    from shim.capture.recorder import Recorder
    from shim.capture.state import StateFile
    from shim.capture.store import CaptureStore
    from shim.capture.updater_ini import UpdaterInis
    from shim.capture.upstream import UpstreamConnector
    from shim.journal.forwarded import ForwardedCalls

    transport, kept = settings.transport, settings.capture
    connector = UpstreamConnector(transport.connect_seconds, transport.proxy, transport.ca_file)
    sink: Sink | None = None
    if settings.mode.run == "capture":
        sink = CaptureStore(captures_folder(settings), kept.keep_days, kept.keep_mb * 1024 * 1024)
    elif open_shadow is not None:
        sink = open_shadow(settings, logger)
    state = StateFile(capture_states_folder(), settings.mode.run)
    inis = UpdaterInis(capture_states_folder(), logger)
    return Forwarding(
        Recorder(connector, logger), sink, ForwardedCalls(journal, settings.abi.charset), state, inis, logger
    )


def captures_folder(settings: Configuration) -> Path:
    """Where this user's captures are: below [capture] folder, which PCs and users may share, or in their local data."""
    if not settings.capture.folder:
        return local_data() / "captures"
    return Path(settings.capture.folder) / f"{file_word(workstation_name())}-{file_word(user_name())}"


def capture_states_folder() -> Path:
    """Where processes say whether capture works in them (shim/capture/state.py)."""
    return local_data() / "capture_state"


def dialect_or_error(settings: Configuration) -> Dialect | HostError:
    """The dialect of VirtualCardTrans, or why there is none that can be used."""
    try:
        return pick_dialect(settings)
    except HostError as error:
        return error


def ec_wire_or_error(settings: Configuration) -> EcWire | HostError:
    """How NationEcTrans speaks to its platform, or why it cannot."""
    try:
        return ec_wire(settings.wire)
    except HostError as error:
        return error
