"""Hears the lines of the log, and hands each to the lanes that want it: some microseconds of a call, and no wait.

Built by wiring (`open_telemetry`) if [telemetry] names a server.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from shim import __version__, forks
from shim.log import LogListener, Station, host_program
from shim.settings.log import TelemetrySettings
from shim.telemetry import otlp
from shim.telemetry.delivery import Delivery, LineOutlet
from shim.telemetry.figures import DEVICES, DROPPED, Figures
from shim.telemetry.heard import HeardLine, heard
from shim.telemetry.lane import Lane, level_number
from shim.telemetry.worker import MetricsOutlet, TelemetryWorker

if TYPE_CHECKING:
    from shim.telemetry.collector import Collector


class TelemetryListener(LogListener):
    """Queues lines and counts calls; its worker sends them. Any thread.

    Args:
        settings: [telemetry].
        station: where this process runs.
        devices: the type of each device that is set up.
    """

    def __init__(
        self, settings: TelemetrySettings, station: Station, devices: Mapping[str, str], logger: logging.Logger
    ) -> None:
        super().__init__(min(logging.INFO, level_number(settings.level)))
        self._settings = settings
        self._station = station
        self._devices = devices
        self._logger = logger
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        """With nothing queued and nothing counted: what a parent has heard, the parent sends."""
        self._lock = threading.RLock()
        self._began = time.time()
        self._collector: Collector | None = None
        self._figures = Figures()
        for device, kind in self._devices.items():
            self._figures.add(DEVICES, (device, kind))
        self.lanes = tuple(self._made_lanes())
        self.worker = TelemetryWorker((*self.lanes, *self._made_metrics()), self._logger)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = heard(record)
            with self._lock:
                for lane in self.lanes:
                    lane.put(line)
                self._figures.observe(line)
            self.worker.start()
        except Exception:  # no memory: it costs the line
            return

    def count(self, function: str, method: str, code: str, outcome: str, seconds: float) -> None:
        """Count a call that has no line: method and code as a log may show them. Never raises, never waits."""
        try:
            with self._lock:
                self._figures.count(function, method, code, outcome, seconds)
            self.worker.start()
        except Exception:  # no memory: it costs the figure
            return

    def close(self) -> None:
        """Close the connections. For tests: a host's listener lives as long as the process."""
        for lane in self.lanes:
            lane.close()
        if self._collector is not None:
            self._collector.close()
        super().close()

    def _made_lanes(self) -> Sequence[Lane]:
        settings, level = self._settings, level_number(self._settings.level)
        lanes = []
        if settings.endpoint and "logs" in self._signals:
            lanes.append(self._lane("logs", _CollectorLines(self, "logs"), level))
        if settings.endpoint and "traces" in self._signals:
            lanes.append(self._lane("traces", _CollectorLines(self, "traces"), logging.INFO, only_ends=True))
        if settings.syslog:
            lanes.append(self._lane("syslog", _Syslog(self._settings, self._station.pc), level))
        return lanes

    def _made_metrics(self) -> Sequence[MetricsOutlet]:
        if not self._settings.endpoint or "metrics" not in self._signals:
            return ()
        outlet = MetricsOutlet(self._send_metrics, lambda: self._figures.changes, self._settings.interval_seconds)
        return (outlet,)

    @property
    def _signals(self) -> list[str]:
        return [each.lower() for each in self._settings.signals]

    def _lane(self, signal: str, outlet: LineOutlet, level: int, *, only_ends: bool = False) -> Lane:
        return Lane(signal, outlet, level, self._lock, self._dropped, only_ends=only_ends)

    def _dropped(self, signal: str, cause: str, count: int) -> None:
        with self._lock:
            self._figures.add(DROPPED, (signal, cause), count)

    # ---- on the worker's thread ------------------------------------------------------------------------------------

    def post(self, signal: str, body: bytes, count: int) -> Delivery:
        """Send a body to the collector, whose module is imported by the thread that sends."""
        if self._collector is None:
            from shim.telemetry.collector import Collector

            settings = self._settings
            self._collector = Collector(settings.endpoint, settings.ca_file, settings.headers_file)
        return self._collector.post(signal, body, count)

    def _send_metrics(self) -> Delivery:
        with self._lock:
            figures = self._figures.all()
        count = sum(len(series) for _, series in figures)
        return self.post("metrics", otlp.metrics_body(self.resource, figures, self._began, time.time()), count)

    @property
    def resource(self) -> dict[str, object]:
        """What is said of this process with everything that is sent: no user's name."""
        pc, pid = self._station.pc, os.getpid()
        return {
            "service.name": "vcshim",
            "service.version": __version__,
            "service.instance.id": f"{pc}-{pid}-{int(self._began)}",
            "host.name": pc,
            "process.pid": pid,
            "process.executable.name": host_program(),
        }


class _CollectorLines:
    """Lines to the collector, as logs or as spans."""

    def __init__(self, listener: TelemetryListener, signal: str) -> None:
        self._listener = listener
        self._signal = signal

    def send(self, lines: Sequence[HeardLine]) -> Delivery:
        body = (otlp.logs_body if self._signal == "logs" else otlp.traces_body)(self._listener.resource, lines)
        return self._listener.post(self._signal, body, len(lines))

    def close(self) -> None:
        return


class _Syslog:
    """The outlet for syslog, whose module is imported by the thread that sends."""

    def __init__(self, settings: TelemetrySettings, host: str) -> None:
        self._settings = settings
        self._host = host
        self._outlet: LineOutlet | None = None

    def send(self, lines: Sequence[HeardLine]) -> Delivery:
        if self._outlet is None:
            from shim.telemetry.syslog import SyslogOutlet

            self._outlet = SyslogOutlet(self._settings.syslog, self._settings.ca_file, self._host)
        return self._outlet.send(lines)

    def close(self) -> None:
        if self._outlet is not None:
            self._outlet.close()


def open_telemetry(
    settings: TelemetrySettings, station: Station, devices: Mapping[str, str], logger: logging.Logger
) -> TelemetryListener:
    """The listener that these settings ask for. Opens no connection; nothing but memory can fail here."""
    return TelemetryListener(settings, station, devices, logger)
