"""The journal of calls: masked rows, an end that finds its row, and a file that never keeps a call waiting.

No test measures how long a call takes: where the file cannot be written the call is over while that is still so.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shim import configuration, log, wiring
from shim.errors import OwnError
from shim.journal import places
from shim.journal import writer as writers
from shim.journal.call_journal import (
    CallJournal,
    JournalCall,
    NoJournal,
    open_journal,
)
from shim.journal.calls import CallOutcome, CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.journal.writer import JournalWriter
from shim.messages import own
from shim.reply import CallRecord
from shim.spec import EXPORT_BY_NAME, Effect
from tests.support.forked import in_child

SECONDS = 60  # only end a test that has failed
SENDING = JournalCall("VirtualCardTrans", "ehc.ehealthcard.close", "20261127093000", 1_800_000_000.0, True)
ENDED = JournalCall(
    "VirtualCardTrans", "ehc.ehealthcard.close", "20261127093000", 1_800_000_000.0, True, CallOutcome.SUCCESS, "00", 7.5
)


class Warnings(logging.Handler):
    """What the log was told: text and facts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, dict[str, object]]] = []
        self.told = threading.Semaphore(0)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), getattr(record, "facts", {})))
        self.told.release()

    def wait(self) -> None:
        assert self.told.acquire(timeout=SECONDS)


@pytest.fixture
def warnings() -> Iterator[Warnings]:
    handler = Warnings()
    logger = logging.getLogger("test.journal")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture
def journal(tmp_path: Path, warnings: Warnings) -> CallJournal:
    return open_journal(tmp_path / "journal", 180, "native", logging.getLogger("test.journal"))


def rows(tmp_path: Path) -> list[JournalRow]:
    return CallTable(JournalDatabase(journal_file(tmp_path / "journal"), STEPS)).select(Wanted())


def written(journal: CallJournal, tmp_path: Path) -> list[JournalRow]:
    assert journal.flush(SECONDS)
    return rows(tmp_path)


# ---- what a row holds ------------------------------------------------------------------------------------------------


def test_a_row_from_beginning_to_end(journal: CallJournal, tmp_path: Path) -> None:
    ticket = journal.began(SENDING)
    (row,) = written(journal, tmp_path)
    assert (row.outcome.value, row.code, row.milliseconds, row.sent) == ("sending", "", None, True)
    journal.ended(ENDED, ticket)
    assert written(journal, tmp_path) == [
        JournalRow(
            1, 1_800_000_000.0, log.host_program(), os.getpid(), "native", "VirtualCardTrans", "ehc.ehealthcard.close",
            "20261127093000", True, CallOutcome.SUCCESS, "00", 7.5,
        )
    ]  # fmt: skip


def test_a_second_end_is_of_the_same_row(journal: CallJournal, tmp_path: Path) -> None:
    """An answer that does not fit is found out after the service is done with the call."""
    ticket = journal.ended(ENDED)
    journal.ended(JournalCall("VirtualCardTrans", outcome=CallOutcome.DONE, code="9008", sent=True), ticket)
    (row,) = written(journal, tmp_path)
    assert (row.outcome.value, row.code, row.method, row.serial, row.milliseconds) == (
        "done", "9008", "ehc.ehealthcard.close", "20261127093000", 7.5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "serial", "code", "shown"),
    [
        (
            "ehc.ehealthcard.close",
            "20261127093000123456",
            "1008",
            ("ehc.ehealthcard.close", "20261127093000123456", "1008"),
        ),
        ("张三", "990000195203030026", "张三", ("***（2 字）", "9***（18 字）", "***（2 字）")),
        ("13800138000", "张三丰", "990000195203030026", ("1***（11 字）", "张***（3 字）", "***（18 字）")),
        ("", "", "500082", ("", "", "500082")),
        ("***（2 字）", "", "***（18 字）", ("***（2 字）", "", "***（18 字）")),  # masked before
    ],
)
def test_nothing_of_a_patient(
    journal: CallJournal, tmp_path: Path, method: str, serial: str, code: str, shown: tuple[str, str, str]
) -> None:
    journal.ended(JournalCall("VirtualCardTrans", method, serial, 1.0, True, CallOutcome.REFUSED, code, 1.0))
    (row,) = written(journal, tmp_path)
    assert (row.method, row.serial, row.code) == shown


@pytest.mark.parametrize(
    ("name", "effect", "sent", "error", "expected"),
    [
        ("VirtualCardTrans", Effect.CHANGE, True, OwnError(own.INTERNAL_SENT), ("unknown", "3003")),
        ("VirtualCardTrans", Effect.QUERY, True, OwnError(own.INTERNAL_SENT), ("no result", "3003")),
        ("NationEcTrans", Effect.CHANGE, True, OwnError(own.INTERNAL_SENT), ("unknown", "-1")),
        ("VirtualCardTrans", Effect.CHANGE, False, OwnError(own.INTERNAL), ("not done", "8009")),
        ("EhealthID_Print", Effect.CHANGE, True, OwnError(own.INTERNAL_SENT), ("perhaps", "3003")),
    ],
)  # fmt: skip
def test_how_a_failure_is_called(
    journal: CallJournal,
    tmp_path: Path,
    name: str,
    effect: Effect,
    sent: bool,
    error: OwnError,
    expected: tuple[str, str],
) -> None:
    record = CallRecord(EXPORT_BY_NAME[name], logging.getLogger("test.journal"), journal=journal)
    record.effect, record.submission.begun = effect, sent
    record.failed(error)
    (row,) = written(journal, tmp_path)
    assert ((row.outcome.value, row.code), row.sent) == (expected, sent)


# ---- a file that cannot be written -----------------------------------------------------------------------------------


def a_folder(file: Path) -> None:
    file.mkdir(parents=True)


def a_file_for_a_folder(file: Path) -> None:
    file.parent.write_bytes(b"")


def of_another_program(file: Path) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA application_id = 77")


@pytest.mark.parametrize(
    ("breaks", "cause"),
    [(a_folder, "cannot open"), (a_file_for_a_folder, "cannot open"), (of_another_program, "foreign")],
)
def test_calls_go_on_without_a_file(
    journal: CallJournal, warnings: Warnings, tmp_path: Path, breaks: Callable[[Path], None], cause: str
) -> None:
    breaks(journal_file(tmp_path / "journal"))
    for _ in range(3):
        journal.ended(ENDED, journal.began(SENDING))
    warnings.wait()
    assert [(text, facts["cause"]) for text, facts in warnings.lines] == [
        ("交易流水暂时写不进去，不影响交易，稍后再写", cause)
    ]


READ_ONLY = """
import codecs, encodings.idna, logging, os, pwd, sys, threading, traceback
from pathlib import Path
from shim.journal.call_journal import JournalCall, open_journal
import shim.journal.places, shim.journal.schema, shim.journal.database
pwd.getpwuid(os.getuid())
if os.getuid() == 0:  # whom no right stops
    os.setuid(65534)
shim.journal.places.user_name = lambda: "nobody"
told = threading.Event()
class Told(logging.Handler):
    def emit(self, record):
        print(record.facts["cause"], flush=True)
        told.set()
logger = logging.getLogger("x")
logger.addHandler(Told())
journal = open_journal(Path(sys.argv[1]), 180, "native", logger)
journal.ended(JournalCall("SetEcQrcode"), journal.began(JournalCall("SetEcQrcode")))
assert told.wait(60)
"""


@pytest.mark.needs("linux")
@pytest.mark.parametrize(("is_there", "causes"), [(False, ["cannot open"]), (True, ["read-only", "cannot open"])])
def test_a_folder_that_this_user_may_not_write_to(
    is_there: bool, causes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not below pytest's folder, which another user may not enter."""
    monkeypatch.setattr(places, "user_name", lambda: "nobody")
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        folder = Path(name, "journal")
        folder.mkdir()
        if is_there:
            with closing(JournalDatabase(journal_file(folder), STEPS)) as database:
                CallTable(database).select(Wanted())
            journal_file(folder).chmod(0o444)
        folder.chmod(0o555)
        done = subprocess.run([sys.executable, "-c", READ_ONLY, folder], capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert (done.stdout.strip() in causes, done.stderr) == (True, "")


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
"""


def test_calls_go_on_while_another_process_holds_the_file(
    journal: CallJournal, warnings: Warnings, tmp_path: Path
) -> None:
    """Nothing is lost: the rows are written when the file is free again."""
    journal.ended(ENDED)
    assert journal.flush(SECONDS)
    file = journal_file(tmp_path / "journal")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdin is not None and holder.stdout is not None and holder.stdout.readline() == b"held\n"
        for _ in range(5):
            journal.ended(ENDED, journal.began(SENDING))
        warnings.wait()
        assert len(rows(tmp_path)) == 1 and warnings.lines[0][1]["cause"] == "busy"
        holder.stdin.write(b"\n")
        holder.stdin.flush()
        assert len(written(journal, tmp_path)) == 6
    warnings.wait()
    assert warnings.lines[1:] == [("交易流水已恢复", {"lost": 0})]
    assert {row.outcome for row in rows(tmp_path)} == {CallOutcome.SUCCESS}


def test_a_damaged_file_is_put_aside_and_the_row_goes_into_a_new_one(
    journal: CallJournal, warnings: Warnings, tmp_path: Path
) -> None:
    file = journal_file(tmp_path / "journal")
    file.parent.mkdir()
    file.write_bytes(b"no database" * 1000)
    journal.ended(ENDED)
    assert len(written(journal, tmp_path)) == 1
    assert [(text, Path(str(facts["file"])).read_bytes()) for text, facts in warnings.lines] == [
        ("交易流水文件已损坏，已改名留存并另建新文件", b"no database" * 1000)
    ]


class Stuck:
    """Work that does not end before it may."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, database: object) -> None:
        self.begun.set()
        assert self.may_end.wait(SECONDS)


def test_a_slow_file_keeps_one_call_waiting_at_most(
    journal: CallJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And that one for two milliseconds, by the number that it waits with."""
    waits: list[float] = []
    wait = writers.QueuedWork.wait

    def counted(job: writers.QueuedWork, seconds: float) -> bool:
        waits.append(seconds)
        return wait(job, seconds)

    monkeypatch.setattr(writers.QueuedWork, "wait", counted)
    journal.ended(ENDED)
    assert journal.flush(SECONDS)
    stuck = Stuck()
    journal.write(stuck)
    assert stuck.begun.wait(SECONDS)
    waits.clear()
    for _ in range(4):
        journal.ended(ENDED, journal.began(SENDING))
    assert waits == [0.002]
    stuck.may_end.set()
    assert len(written(journal, tmp_path)) == 5


def test_what_does_not_fit_into_the_queue_is_counted(
    journal: CallJournal, warnings: Warnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "MOST_WAITING", 3)
    stuck = Stuck()
    journal.write(stuck)
    assert stuck.begun.wait(SECONDS)
    for _ in range(10):
        journal.ended(ENDED)
    stuck.may_end.set()
    warnings.wait()
    assert warnings.lines == [("交易流水已恢复", {"lost": 7})]
    assert len(written(journal, tmp_path)) == 3


def test_a_fault_in_a_piece_of_work_costs_that_piece(journal: CallJournal, warnings: Warnings, tmp_path: Path) -> None:
    journal.write(lambda database: database.insert("nonsense"))
    journal.ended(ENDED)
    assert len(written(journal, tmp_path)) == 1 and [text for text, _ in warnings.lines] == ["交易流水：内部异常"]


def test_a_process_without_more_threads(journal: CallJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        journal.prepare()
        journal.ended(ENDED, journal.began(SENDING))
    journal.ended(ENDED)
    assert [row.outcome.value for row in written(journal, tmp_path)] == ["success", "success"]


def test_whatever_is_raised_stays_inside(journal: CallJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(JournalWriter, "submit", refuse)
    journal.prepare()
    journal.ended(ENDED, journal.began(SENDING))


# ---- processes -------------------------------------------------------------------------------------------------------

CALLS = """
import logging, sys
from pathlib import Path
from shim.journal.call_journal import JournalCall, open_journal
journal = open_journal(Path(sys.argv[1]), 180, "native", logging.getLogger("x"))
for number in range(50):
    call = JournalCall("VirtualCardTrans", "all", "20261127093000", float(number))
    journal.ended(call, journal.began(call))
assert journal.flush(60)
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    hosts = [subprocess.Popen([sys.executable, "-c", CALLS, tmp_path / "journal"]) for _ in range(4)]
    assert [host.wait(SECONDS) for host in hosts] == [0] * 4
    found = rows(tmp_path)
    assert len(found) == 200 and {row.pid for row in found} == {host.pid for host in hosts}


KILLED = """
import logging, sys
from pathlib import Path
from shim.journal.call_journal import JournalCall, open_journal
journal = open_journal(Path(sys.argv[1]), 180, "native", logging.getLogger("x"))
journal.prepare()
assert journal.flush(60)
journal.began(JournalCall("VirtualCardTrans", "ehc.ehealthcard.close", "20261127093000", 1.0, True))
assert journal.flush(60)
print("sent", flush=True)
sys.stdin.readline()
"""


def test_a_host_that_is_killed_in_the_middle_leaves_an_unknown_outcome(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path / "journal"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as host:
        assert host.stdout is not None and host.stdout.readline() == b"sent\n"
        host.kill()
    (row,) = rows(tmp_path)
    assert row.is_open and (row.outcome.value, row.pid, row.serial) == ("sending", host.pid, "20261127093000")


@pytest.mark.needs("linux")
def test_a_forked_child_writes_what_is_its_own(journal: CallJournal, tmp_path: Path) -> None:
    stuck = Stuck()
    journal.write(stuck)
    assert stuck.begun.wait(SECONDS)
    journal.ended(ENDED)  # waits in the parent's queue
    stuck.may_end.set()

    def child() -> int:
        journal.ended(ENDED)
        assert journal.flush(SECONDS)
        return os.getpid()

    pid = in_child(child)
    assert sorted(row.pid for row in written(journal, tmp_path)) == sorted([os.getpid(), pid])


# ---- the settings ----------------------------------------------------------------------------------------------------


def test_the_settings_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("off", "on"):
        (tmp_path / name).mkdir()
    (tmp_path / "off" / "vcshim.ini").write_text("[journal]\nenabled = off\n")
    (tmp_path / "on" / "vcshim.ini").write_text("[journal]\nfolder = here\n[mode]\nrun = shadow\n")
    assert isinstance(wiring.wire(tmp_path / "off").journal, NoJournal)
    journal = wiring.wire(tmp_path / "on").journal
    assert isinstance(journal, CallJournal)
    journal.ended(ENDED)
    assert journal.flush(SECONDS)
    file = journal_file(tmp_path / "on" / "here")
    assert [row.mode for row in CallTable(JournalDatabase(file, STEPS)).select(Wanted())] == ["shadow"]
    assert wiring.journal_folder(configuration.read(tmp_path / "off")) == tmp_path / "state" / "vcshim" / "journal"


def test_a_host_does_not_import_sqlite_for_a_call(tmp_path: Path) -> None:
    """The thread that writes does."""
    code = "import sys; import shim.journal.call_journal, shim.reply; print('sqlite3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
