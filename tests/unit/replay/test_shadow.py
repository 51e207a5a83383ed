"""Shadow: counts durably what differs, says each kind once, makes nobody wait, and loses nothing silently."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from shim import configuration
from shim.capture.forwarding import Sink
from shim.capture.record import CapturedCall
from shim.journal.comparisons import AGREES, APART, DIFFERS, FIELD, MISSED, ComparisonStore, CountKey
from shim.journal.database import JournalUnusable
from shim.replay import shadow as shadows
from shim.replay.compare import Comparer, Comparison
from shim.replay.counting import fingerprint
from shim.replay.shadow import CountStore, Shadow, open_shadow
from tests.support.cleartext import assert_no_clear_text
from tests.support.paths import ROOT
from tests.support.replays import NOON, Recorder, with_body

DEFAULTS = configuration.parse("")
VERIFY = "verify aes md5"
SECONDS = 60.0  # a shadow that takes longer has failed
PRIVATE = ("990000195203030026", "王𬱖", "19900000002", "1TESTSEC0000000000000000TESTSEC0", "测试员",
           "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E")  # fmt: skip


class Lines(logging.Handler):
    """Keeps what the log was told."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, str, dict[str, object]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.rows.append((record.levelno, record.getMessage(), getattr(record, "facts", {})))


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def logger(lines: Lines) -> logging.Logger:
    logger = logging.Logger("shadow", logging.DEBUG)
    logger.addHandler(lines)
    return logger


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    folder = tmp_path / "dll"
    folder.mkdir()
    return Recorder(folder, monkeypatch)


def by_verdict(store: ComparisonStore) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for key, calls in store.counts().items():
        found[key.verdict, key.kind] = found.get((key.verdict, key.kind), 0) + calls
    return found


def different(call: CapturedCall) -> CapturedCall:
    return with_body(call, b'"20261121000058"', b'"20261121000059"')


def test_calls_are_compared_counted_and_said_once(
    recorder: Recorder, logger: logging.Logger, lines: Lines, tmp_path: Path
) -> None:
    shadow = Shadow(DEFAULTS, logger, lambda: ComparisonStore(tmp_path / "counts"))
    call = recorder.case(VERIFY)
    for each in (call, different(call), different(call), recorder.case("no scanner")):
        shadow.append(each)
    assert shadow.wait_done(SECONDS)
    store = ComparisonStore(tmp_path / "counts", create=False)
    assert by_verdict(store) == {
        (AGREES, ""): 1, (DIFFERS, ""): 2, (FIELD, "body.value"): 2, (APART, "scan"): 1,
    }  # fmt: skip
    key = CountKey("2026-05-28", fingerprint(DEFAULTS), "VirtualCardTrans", "ehc.ehealthcode.verify", "00", AGREES)
    assert store.counts()[key] == 1
    warnings = [row for row in lines.rows if row[0] == logging.WARNING]
    assert [row[1] for row in warnings] == [
        "与原厂不同：请求字段 timestamp 的值不同：原厂为 14 字的文字，vcshim 为 14 字的文字"
    ]
    assert [row[2]["times"] for row in lines.rows if row[0] == logging.DEBUG] == [2]
    assert_no_clear_text(tmp_path / "counts", PRIVATE)
    assert [value for value in PRIVATE for row in lines.rows if value in repr(row)] == []


def test_the_streak_ends_with_a_difference(tmp_path: Path) -> None:
    def key(verdict: str, day: str = "2026-11-21") -> CountKey:
        return CountKey(day, "s", "VirtualCardTrans", "m", "00", verdict)

    store = ComparisonStore(tmp_path)
    store.add({key(AGREES): 3})
    store.add({key(AGREES): 4})
    assert store.streak("s") == (7, "")
    store.add({key(DIFFERS): 1, key(AGREES): 5})
    assert store.streak("s") == (0, "2026-11-21")
    store.add({key(AGREES, "2026-11-23"): 2})
    assert store.streak("s") == (2, "2026-11-21")
    assert store.streak("other settings") == (0, "")


class NoStore:
    """A store that cannot be written until it is told."""

    def __init__(self) -> None:
        self.usable = False
        self.counts: dict[CountKey, int] = {}

    def add(self, counts: dict[CountKey, int]) -> None:
        if not self.usable:
            raise JournalUnusable("busy", "")
        self.counts |= counts


def test_counts_that_cannot_be_written_are_kept(
    recorder: Recorder, logger: logging.Logger, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadows, "_RETRY_SECONDS", 0.0)
    store = NoStore()
    opened: CountStore = store
    shadow = Shadow(DEFAULTS, logger, lambda: opened)
    shadow.append(recorder.case(VERIFY))
    assert shadow.wait_done(SECONDS)
    assert [row[1] for row in lines.rows] == ["比对结果暂时存不下来"]
    store.usable = True
    shadow.append(recorder.case("query"))
    assert shadow.wait_done(SECONDS)
    assert sorted(key.function for key in store.counts) == ["NationEcTrans", "VirtualCardTrans"]


def test_a_thread_that_did_not_start_is_started_with_the_next_call(
    recorder: Recorder, logger: logging.Logger, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    store = ComparisonStore(tmp_path / "comparisons")
    shadow = Shadow(DEFAULTS, logger, lambda: store)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        shadow.append(recorder.case(VERIFY))
    assert [row[1] for row in lines.rows] == ["比对线程未能启动"]
    shadow.append(recorder.case(VERIFY))
    assert shadow.wait_done(SECONDS)
    assert sum(by_verdict(store).values()) == 2


def test_a_full_queue_costs_the_comparison_and_is_counted(
    recorder: Recorder, logger: logging.Logger, lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`append` returns while the thread is stuck: the host never waits for a comparison."""
    gate = threading.Event()
    compare = Comparer.compare

    def stuck(self: Comparer, call: CapturedCall) -> Comparison:
        gate.wait(SECONDS)
        return compare(self, call)

    monkeypatch.setattr(Comparer, "compare", stuck)
    monkeypatch.setattr(shadows, "MOST_CALLS", 2)
    shadow = Shadow(DEFAULTS, logger, lambda: ComparisonStore(tmp_path))
    call = recorder.case("no scanner")
    for _ in range(8):
        shadow.append(call)
    gate.set()
    assert shadow.wait_done(SECONDS)
    counts = by_verdict(ComparisonStore(tmp_path, create=False))
    assert counts[APART, "scan"] in (2, 3)  # with or without the one that the thread had taken
    assert counts[MISSED, ""] == 8 - counts[APART, "scan"]
    assert [row[1] for row in lines.rows if "missed" in row[2]] == ["交易太快，有的没有比对"]


def test_traffic_in_the_queue_is_bounded_by_its_bytes(
    recorder: Recorder, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadows, "MOST_BYTES", 100)
    store = NoStore()
    store.usable = True
    shadow = Shadow(DEFAULTS, logger, lambda: store)
    shadow.append(recorder.case(VERIFY))
    shadow.append(recorder.case("no scanner"))
    assert shadow.wait_done(SECONDS)
    assert {key.verdict for key in store.counts} == {APART, MISSED}


def test_it_is_a_sink_and_its_counts_are_in_local_data(
    recorder: Recorder, logger: logging.Logger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    shadow = open_shadow(DEFAULTS, logger)
    sink: Sink = shadow
    sink.append(recorder.case(VERIFY))
    assert shadow.wait_done(SECONDS)
    assert [file.suffix for file in (tmp_path / "vcshim" / "shadow").glob("comparisons-*.db")] == [".db"]


def test_other_settings_have_another_fingerprint() -> None:
    """But no secret is in it, and nothing that changes no byte."""
    same = ("", "[screen]\nmonitor = 2\n", "[log]\nlevel = debug\n", "[mode]\nrun = shadow\n")
    assert len({fingerprint(configuration.parse(text)) for text in same}) == 1
    own = "[wire]\ndialect = own\n[dialect own]\nbase = ehcservice\n"
    others = ("", "[wire]\nverify = off\n", "[abi]\ncharset = utf-8\n", own, f"{own}tail = &key=\n")
    assert len({fingerprint(configuration.parse(text)) for text in others}) == len(others)
    secrets = (f"{own}cipher_secret = one\n", f"{own}cipher_secret = two\n")
    assert len({fingerprint(configuration.parse(text)) for text in secrets}) == 1


def test_a_shadow_goes_on_after_its_thread_failed(
    recorder: Recorder, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = NoStore()
    store.usable = True
    shadow = Shadow(DEFAULTS, logger, lambda: store)
    with monkeypatch.context() as patch:
        patch.setattr(Comparer, "compare", lambda *_: (_ for _ in ()).throw(MemoryError))
        shadow.append(recorder.case(VERIFY))
        assert shadow.wait_done(SECONDS)
    shadow.append(replace(recorder.case("query"), began=NOON))
    assert shadow.wait_done(SECONDS)
    assert [key.function for key in store.counts] == ["NationEcTrans"]


def test_the_host_does_not_wait_for_what_compares() -> None:
    """Opening the shadow, which the first call of a host waits for, imports neither the comparison nor SQLite."""
    program = (
        "import sys, shim.abi, shim.replay.shadow\n"
        "print([name for name in ('shim.replay.compare', 'shim.replay.counting', 'sqlite3') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    assert ended.stdout.strip() == b"[]"
