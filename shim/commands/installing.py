"""What `vcshim install`, `rollback` and `uninstall` share: the run, its log on this PC, its exit code. Not a command.

The run itself is shim/install. The log is in Chinese whatever the language of the run, a line a step, and local to this
PC and user: the HIS folder may be a share.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from shim import configuration
from shim.commands.catalogue import installing as phrases
from shim.commands.console import say, warn
from shim.commands.folder import default_folder
from shim.commands.language import CommandLanguage, Phrase, current_language
from shim.commands.machine import tell
from shim.commands.progress import seconds_passed, waiting
from shim.folders import local_data
from shim.install import later
from shim.install.operations import SetupEvent, SetupJob
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.places import HisPlaces
from shim.install.programs import UsingProgram
from shim.install.trial import try_libraries
from shim.workstation import user_name, workstation_name

_PAUSE, _WAIT = 2.0, 24 * 3600.0  # seconds between two attempts, and until the last
_MOST = 1 << 20  # bytes of the log, after which it begins anew
_WAITING = (SetupOutcome.IN_USE, SetupOutcome.LOCKED_FILE, SetupOutcome.BUSY)

Work = Callable[[SetupJob], object]


def add_run_words(parser: argparse.ArgumentParser, folder: Phrase, *, needs_folder: bool) -> None:
    """Add what every such run takes: the folder, --when-closed, --log.

    Not for people: --wait for the program that waits, --report for the setup program, which reads UTF-16.
    """
    words = {} if needs_folder else {"nargs": "?", "default": default_folder()}
    parser.add_argument("folder", type=Path, help=folder(), **words)  # type: ignore[arg-type]
    parser.add_argument("--when-closed", action="store_true", help=phrases.WHEN_CLOSED())
    parser.add_argument("--log", type=Path, default=default_log(), help=phrases.LOG())
    parser.add_argument("--wait", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)


def default_log() -> Path:
    """The log of this user on this PC."""
    return local_data() / "install.log"


def own_set() -> Path:
    """The folder of this vcshim.exe."""
    return Path(sys.executable or "").parent


def carry_out(options: argparse.Namespace, work: Work, stage: Callable[[SetupJob], Path]) -> int:
    """Do the work of a command in its HIS folder, now, or when programs have ended.

    Args:
        work: raises SetupFailed.
        stage: puts the set from which the waiting program is to run into the folder, and returns it.
    """
    log = RunLog(options.log)
    folder = options.folder.absolute()
    log.write(phrases.STARTED, words=" ".join(sys.argv[1:]))
    job = SetupJob(HisPlaces(folder), _now(), log.step, lambda his, names: _trial(his, names))
    try:
        with waiting(seconds_passed):
            _until_free(options, job, work)
        failure = SetupFailed(SetupOutcome.DONE)
    except SetupFailed as error:
        failure = error
        if options.when_closed and error.outcome in _WAITING[:2]:
            failure = _schedule(folder, job, stage, error)
    if options.wait:
        later.forget_schedule(folder)
    return log.end(failure, options.report)


def _until_free(options: argparse.Namespace, job: SetupJob, work: Work) -> None:
    end = time.monotonic() + (_WAIT if options.wait else 0)
    while True:
        try:
            work(job)
        except SetupFailed as error:
            if error.outcome not in _WAITING or time.monotonic() >= end:
                raise
        else:
            return
        time.sleep(_PAUSE)


def _schedule(folder: Path, job: SetupJob, stage: Callable[[SetupJob], Path], refused: SetupFailed) -> SetupFailed:
    try:
        program = stage(job) / Path(sys.executable).name
        words = [word for word in sys.argv[1:] if word != "--when-closed"]
        later.schedule(folder, [str(program), *later.absolute(words, folder), "--wait"])
    except SetupFailed as error:
        return error
    except OSError as error:
        return SetupFailed(SetupOutcome.FAILED, path=folder, number=error.errno or 0)
    return SetupFailed(SetupOutcome.SCHEDULED, programs=refused.facts.get("programs", refused.facts.get("path", "")))


def _trial(folder: Path, names: object) -> str:
    places = HisPlaces(folder)
    chosen = places.chosen()
    program = places.set_folder(chosen or "") / Path(sys.executable).name
    calls = configuration.read(folder).mode.run == "native"
    return try_libraries(program, folder, list(names), calls)  # type: ignore[call-overload]


def _now() -> str:
    return datetime.now().isoformat(" ", "seconds")


class RunLog:
    """Tells the terminal and the log of this PC. A log that cannot be written fails nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._steps: list[str] = []

    def step(self, event: SetupEvent, facts: Mapping[str, object]) -> None:
        """A step that is done."""
        shown = _shown(facts)
        self._steps.append(event.name.lower())
        tell(steps=self._steps)
        say(phrases.EVENTS[event](**shown))
        self.write(phrases.EVENTS[event], **shown)

    def end(self, failure: SetupFailed, report: Path | None = None) -> int:
        """The end, also as a file; returns the exit code."""
        outcome = failure.outcome
        row = phrases.ENDS[outcome]
        tell(outcome=outcome.name.lower(), facts=_shown(failure.facts, CommandLanguage.ENGLISH))
        text = row(**_shown(failure.facts))
        (say if outcome in (SetupOutcome.DONE, SetupOutcome.SCHEDULED) else warn)(text)
        chinese = row.within(CommandLanguage.CHINESE, **_shown(failure.facts, CommandLanguage.CHINESE))
        self.write(phrases.ENDED, code=outcome.value, text=chinese)
        if report:
            with suppress(OSError):
                report.write_text(text, "utf-16")
        return int(outcome.value)

    def write(self, phrase: Phrase, **facts: object) -> None:
        """One line of the log."""
        text = phrase.within(CommandLanguage.CHINESE, **facts)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > _MOST:
                self._file.replace(self._file.with_name(f"{self._file.name}.1"))
            with self._file.open("a", encoding="utf-8") as log:
                log.write(f"{_now()}  {workstation_name()}  {user_name()}  {text}\n")
        except OSError:
            return


def _shown(facts: Mapping[str, object], language: CommandLanguage | None = None) -> dict[str, object]:
    """Facts as a sentence has them: a list in one line, programs by name and number."""
    return {name: _words(value, language or current_language()) for name, value in facts.items()}


def _words(value: object, language: CommandLanguage) -> object:
    if not isinstance(value, list):
        return value
    return ", ".join(
        phrases.PROGRAM.within(language, name=each.name, number=each.number)
        if isinstance(each, UsingProgram)
        else str(each)
        for each in value
    )
