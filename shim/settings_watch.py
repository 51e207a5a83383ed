"""Notices that a file of settings has changed, and reads the settings anew, without ever holding up a call.

A call has them looked at (`look`). At most every two seconds that starts a thread, which looks at the files and ends;
the call waits for it, but for 50 ms at the most: a file server that has gone away may take a minute to say so, and then
a later call gets the new settings (`fresh`). What becomes of them is decided by shim/renewal.py.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from shim import configuration
from shim.background import start_in_background
from shim.configuration import Configuration

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 0.05
# A file that is being written: an editor empties it first, and an empty file would be all defaults.
_RESTED_SECONDS, _PAUSE_SECONDS, _LONGEST_WRITING_SECONDS = 0.5, 0.2, 10.0
_GONE = (None, 2, 3)  # errors of Windows by which a file is not there; of others, as of a lost share, nothing follows

State = tuple[int, int, int]
"""Of a file: when it was written, its size, its number."""
States = Mapping[Path, State | None]


class SettingsWatch:
    """The files of settings for the DLLs in `folder`. Any thread.

    Args:
        known: how the files were when the settings in force were read; None for now.
    """

    def __init__(self, folder: Path, known: States | None = None) -> None:
        self._folder = folder
        self.known: States = _states(folder, {}) if known is None else known
        self._lock = threading.Lock()
        self._next = time.monotonic() + LOOK_SECONDS
        self._is_looking = False
        self._fresh: deque[Configuration] = deque(maxlen=1)  # without the lock: each step of it is one step
        self._unreadable: tuple[str, ...] = ()  # what was handed out last

    def look(self) -> None:
        """Have the files looked at, if it is time for it. Never raises."""
        done: threading.Event | None = None
        # At the end of a process Windows kills all threads but one, perhaps one that has the lock.
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            return
        if not self._is_looking and time.monotonic() >= self._next:
            self._is_looking = True
            done = threading.Event()
        self._lock.release()
        if done is not None:
            self._start(done)
            done.wait(PATIENCE_SECONDS)

    def fresh(self) -> Configuration | None:
        """The settings, if a file has changed since they were read or handed out last; else None. Never waits.

        Of two callers the later one has the newer settings: whoever puts them in force does so in that order.
        """
        try:
            return self._fresh.pop()
        except IndexError:
            return None

    def _start(self, done: threading.Event) -> None:
        try:
            start_in_background(lambda: self._look(done), "vcshim-settings")
        except RuntimeError:  # no more threads, or the process is ending
            self._rest(done)

    def _look(self, done: threading.Event) -> None:
        try:
            states = self._rested()
            if states != self.known:
                self._hand_out(configuration.read(self._folder), states)
        except Exception:  # no memory: the next look tries again
            return
        finally:
            self._rest(done)

    def _hand_out(self, settings: Configuration, states: States) -> None:
        """Keep settings for the next call. A file that cannot be read is read again, and handed out once."""
        if settings.unreadable and settings.refusals == self._unreadable:
            return
        self._unreadable = settings.refusals if settings.unreadable else ()
        if not settings.unreadable:
            self.known = states
        self._fresh.append(settings)

    def _rest(self, done: threading.Event) -> None:
        with self._lock:
            self._is_looking = False
            self._next = time.monotonic() + LOOK_SECONDS
        done.set()

    def _rested(self) -> States:
        """How the files are, once nobody has written to them for a moment."""
        states = _states(self._folder, self.known)
        end = time.monotonic() + _LONGEST_WRITING_SECONDS
        while states != self.known and _is_being_written(states) and time.monotonic() < end:
            time.sleep(_PAUSE_SECONDS)
            states = _states(self._folder, self.known)
        return states


def _states(folder: Path, known: States) -> States:
    return {layer.path: _state(layer.path, known.get(layer.path)) for layer in configuration.layers(folder)}


def _state(path: Path, known: State | None) -> State | None:
    """How a file is; None if there is none. `known` if the system does not say."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        # A drive that is gone takes its folders along: that is no file that somebody has deleted.
        is_deleted = getattr(error, "winerror", None) in _GONE and (known is None or os.path.isdir(path.parent))
        return None if is_deleted else known
    except OSError:
        return known
    return found.st_mtime_ns, found.st_size, found.st_ino


def _is_being_written(states: States) -> bool:
    """By the clock of this PC: that of a file server may differ, and then this costs or gains nothing."""
    now = time.time()
    return any(state is not None and abs(now - state[0] / 1e9) < _RESTED_SECONDS for state in states.values())
