"""The command line as a whole: every command with every charset and every closed stream; what becomes of exceptions.

No output is a traceback, no data is lost, no exit code hides a loss.
"""

from __future__ import annotations

import argparse
import errno
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shim import cli
from shim.commands import ini, spec
from shim.devices.base import UnusableSetting
from shim.drawing.dots import CannotDraw
from shim.errors import HostError, Message, Reason
from tests.support.command_runs import GB18030, OPEN, SECRET, SIGN, UTF_8, Ended, lay_desk, run
from tests.support.interrupts import as_from_a_terminal
from tests.support.paths import ROOT

CHARSETS = ("ascii", "latin-1", "cp1252", "gbk", "utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return lay_desk(tmp_path, monkeypatch)


# One of each command: its words, its exit code, whether a closed stdout costs it something that was asked for.
COMMANDS: dict[str, tuple[tuple[str, ...], int, bool]] = {
    "version": (("--version",), 0, True),
    "open": (OPEN, 0, True),
    "sign": (SIGN, 0, True),
    "ini": (("ini",), 0, True),
    "call": (("call", "--example", "verify"), 0, True),
    "examples": (("examples",), 0, True),
    "spec": (("spec", "挂号"), 0, True),
    "spec-json": (("spec", "挂号", "--json"), 0, True),
    "reference": (("reference",), 0, True),
    "scan": (("scan", "--show"), 0, True),
    "kept-list": (("kept",), 0, True),
    "kept": (("kept", "20260101-000000-1"), 0, True),
    "capture": (("capture",), 0, True),
    "capture-list": (("capture", "list"), 0, True),
    "capture-delete": (("capture", "delete"), 0, True),
    "label": (("label", "--bytes", "x.prn", "--ehealthid", "1", "--name", ""), 0, False),
    "label-status": (("label", "--status", "--type", "file", "--file", "x.prn"), 0, False),
    "screen": (("screen", "--png", "x.png"), 0, False),
    "nothing-found": (("spec", "无此词"), 1, False),
    "config": (("config",), 0, True),
    "config-get": (("config", "get", "log.level"), 0, True),
    "completion": (("completion", "bash"), 0, True),
    "no-log": (("log",), 1, False),
    "no-file": (("open", "nowhere.json"), 1, False),
    "no-command": (("simulater",), 2, False),
    "no-number": (("simulator", "--port", "99999"), 2, False),
    **{f"{name}-help": ((name, "--help"), 0, True) for name in cli.COMMANDS},
}


def test_every_command_is_here() -> None:
    assert {words[0] for words, _, _ in COMMANDS.values()} >= set(cli.COMMANDS)


@pytest.mark.needs("font")
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_in_every_charset(desk: Path, monkeypatch: pytest.MonkeyPatch, name: str, charset: str) -> None:
    words, code, _ = COMMANDS[name]
    ended = run(monkeypatch, words, charset, language="zh")
    assert ended.code == code, ended.err
    assert b"Traceback" not in ended.out + ended.err
    if code == 0:
        assert ended.out


ALL_CLOSED = [closed for count in range(4) for closed in itertools.combinations(("stdin", "stdout", "stderr"), count)]


@pytest.mark.needs("font")
@pytest.mark.parametrize("closed", ALL_CLOSED, ids=lambda closed: "+".join(closed) or "none")
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_with_closed_streams(
    desk: Path, monkeypatch: pytest.MonkeyPatch, name: str, closed: tuple[str, ...]
) -> None:
    words, code, loses = COMMANDS[name]
    ended = run(monkeypatch, words, closed=closed)
    assert ended.code == (74 if loses and "stdout" in closed else code), ended.err
    assert b"Traceback" not in ended.out + ended.err


@pytest.mark.parametrize(("charset", "data"), [("gbk", GB18030), ("utf-8", UTF_8), ("ascii", UTF_8), ("cp1252", UTF_8)])
def test_an_opened_answer_is_whole(desk: Path, monkeypatch: pytest.MonkeyPatch, charset: str, data: bytes) -> None:
    ended = run(monkeypatch, OPEN, charset)
    assert (ended.code, ended.out, ended.err) == (0, data + b"\n", b"sign fits\n")


@pytest.mark.parametrize(("charset", "data"), [("gbk", GB18030), ("latin-1", UTF_8)])
def test_a_sealed_request_is_whole(desk: Path, monkeypatch: pytest.MonkeyPatch, charset: str, data: bytes) -> None:
    ended = run(monkeypatch, ("sign", "plain.json", "--key-file", "key.txt"), charset)
    assert data.replace(b'"', b'\\"') in ended.out


@pytest.mark.parametrize(("charset", "data"), [("gbk", GB18030), ("utf-8", UTF_8), ("latin-1", UTF_8)])
def test_a_kept_answer_is_whole(desk: Path, monkeypatch: pytest.MonkeyPatch, charset: str, data: bytes) -> None:
    ended = run(monkeypatch, ("kept", "20260101-000000-1"), charset)
    assert (ended.code, ended.out, ended.err) == (0, data + b"\n", b"")


def test_the_settings_file_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, ["ini"], "ascii").out == run(monkeypatch, ["ini"]).out


# ---- real descriptors ------------------------------------------------------------------------------------------------


def shell(desk: Path, script: str, *words: str, charset: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    """The command in a process without a terminal; `script` is its line for sh, with "$@" for the command."""
    return subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "shim.cli", *words],
        cwd=desk, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": charset, "LC_ALL": "C.UTF-8"},
        capture_output=True, timeout=60, check=False, start_new_session=True,
    )  # fmt: skip


@pytest.mark.needs("linux")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_descriptors(desk: Path, closed: str) -> None:
    ended = shell(desk, f'"$@" {closed}', *OPEN)
    assert ended.returncode == (74 if " >&-" in f" {closed}" else 0)
    assert ended.stdout == (b"" if " >&-" in f" {closed}" else UTF_8 + b"\n")
    assert b"Traceback" not in ended.stderr


@pytest.mark.needs("linux")
@pytest.mark.parametrize("name", ["open", "spec", "reference", "open-help"])
def test_a_full_disk_and_a_reader_that_has_enough(desk: Path, name: str) -> None:
    words = COMMANDS[name][0]
    full = shell(desk, '"$@" >/dev/full', *words)
    assert full.returncode == 74 and b"Traceback" not in full.stderr and b"Exception" not in full.stderr
    left = shell(desk, '"$@" | true', *words)
    assert left.stderr in (b"", b"sign fits\n")


@pytest.mark.needs("linux")
@pytest.mark.parametrize("charset", ["gbk", "ascii"])
def test_charsets_of_a_real_stdout(desk: Path, charset: str) -> None:
    ended = shell(desk, '"$@"', *OPEN, charset=charset)
    assert (ended.returncode, ended.stdout) == (0, {"gbk": GB18030, "ascii": UTF_8}[charset] + b"\n")


@pytest.mark.needs("linux")
@pytest.mark.parametrize("stdin", ["</dev/null", "<&-", "< request.json"])
@pytest.mark.parametrize("command", ["sign", "open"])
def test_nobody_to_ask_for_the_key(desk: Path, command: str, stdin: str) -> None:
    """Without a terminal; also where the request comes over the standard input that the prompt would read."""
    file = ["-"] if "request" in stdin else ["request.json"]
    ended = shell(desk, f'"$@" {stdin}', command, *file)
    assert ended.returncode == 1
    assert ended.stderr.decode().endswith(
        f"vcshim {command}: no application key: name a file with --key-file, or set [tools] key in {desk}/vcshim.ini\n"
    )
    assert b"Traceback" not in ended.stderr and b"Warning" not in ended.stderr


# ---- exceptions ------------------------------------------------------------------------------------------------------


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException, module: object = spec) -> Ended:
    def fail(options: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(module, "run", fail)
    return run(monkeypatch, ["spec", "x"] if module is spec else ["ini"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (HostError(Message("x", Reason.SETTINGS, "", "一句话", english="a sentence")), 1, "vcshim spec: a sentence\n"),
        (UnusableSetting("一句话", "a sentence"), 1, "vcshim spec: a sentence\n"),
        (CannotDraw(Message("x", Reason.SETTINGS, "", "一句话", english="a sentence")), 1, "vcshim spec: a sentence\n"),
        (PermissionError(errno.EACCES, "x", "a.db"), 1, "vcshim spec: a.db may not be used by this user"),
        (OSError(errno.ENETDOWN, "Network is down"), 1, "vcshim spec: the system reports: Network is down\n"),
        (MemoryError(), 1, "vcshim spec: not enough memory\n"),
        (ModuleNotFoundError("No module named 'PIL'", name="PIL"), 1, "PIL is missing from this installation\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 0, ""),
    ],
)  # fmt: skip
def test_an_exception_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    ended = raising(monkeypatch, error)
    text = ended.err.decode()
    assert ended.code == code and said in text and text.count("\n") == (1 if said else 0)


def test_a_fault_says_where_and_shows_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(words: str) -> None:
        raise ValueError(f"张三 {SECRET}")

    monkeypatch.setattr("shim.lookup.search", search)
    ended = run(monkeypatch, ["spec", "x"])
    assert ended.code == 70 and ended.out == b""
    said = ended.err.decode()
    assert said.startswith("vcshim spec: a fault of the program, please report this line to the vcshim project: ")
    assert ": ValueError shim/commands/spec.py:" in said
    assert said.endswith(":run\n") and SECRET not in said and "张" not in said


def test_a_fault_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.commands.folder.configuration.read", lambda *_: 1 // 0)
    ended = run(monkeypatch, ["label", "--status"], language="zh")
    assert ended.code == 70
    assert "vcshim label: 程序内部异常，请把这一行反馈给 vcshim 项目：ZeroDivisionError shim/" in ended.err.decode()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(options: argparse.Namespace) -> int:
        thread = threading.Thread(target=lambda: os.environ[SECRET])
        thread.start()
        thread.join()
        return 0

    monkeypatch.setattr(ini, "run", work)
    said = run(monkeypatch, ["ini"]).err.decode()
    assert "KeyError" in said and SECRET not in said and "Traceback" not in said


def test_an_installation_that_is_not_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "shim.commands.scan")
    monkeypatch.setitem(sys.modules, "shim.commands.scan", None)
    ended = run(monkeypatch, ["--version"])
    assert ended.code == 1 and b"is missing from this installation" in ended.err


def test_a_command_imports_itself_only() -> None:
    """Those of the others are most of what a command takes."""
    code = "import sys; from shim import cli; cli.main(['spec', '3002']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=True)
    loaded = set(done.stderr.decode().split())
    assert {name for name in loaded if name.startswith("shim.commands.") and name.count(".") == 2} <= {
        f"shim.commands.{name}"
        for name in ("catalogue", "columns", "console", "language", "machine", "own_console", "spec", "words")
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulater"], "unknown command: simulater (did you mean simulator?)"),
        (["lable"], "unknown command: lable (did you mean label?)"),
        (["xyz"], "unknown command: xyz\n"),
        (["sign", "--fodler", "x"], "unknown argument: --fodler (did you mean --folder?)"),
        (["sign", "f.json", f"--key={SECRET}"], "unknown argument: --key"),
        (["sign", "f.json", "--key", SECRET], "unknown argument: --key"),
        (["ini", "x"], "unknown argument: x\n"),
        (["label", "--status", "--type", "tpc"], "--type: tpc is not one of these words (did you mean tcp?): none, "),
        (["log", "--level", "EROR"], "--level: EROR is not one of these words (did you mean error?): error, "),
        (["config", "sett"], "sett is not one of these words (did you mean set?): list, get, set, unset, check\n"),
        (["spec", "--lang", "xyz"], "--lang: xyz is not one of zh, en\n"),
    ],
)
def test_slips_of_words(monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    ended = run(monkeypatch, words)
    text = ended.err.decode()
    assert ended.code == 2 and said in text and "usage: vcshim" in text and SECRET not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *((["simulator", "--port", port], "0 to 65535") for port in ("99999", "65536", "-1", "http", "", "9" * 5000)),
        *((["scan", "--times", times], "from 1 to") for times in ("0", "-1", "x", "1.5")),
        *((["screen", "--seconds", value], "from 0 to 3600") for value in ("-1", "nan", "inf", "x", "1e9")),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else " ".join(value)[:40],
)  # fmt: skip
def test_numbers_with_limits(monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    ended = run(monkeypatch, words)
    assert ended.code == 2 and said in ended.err.decode() and len(ended.err) < 1000


# ---- the simulator ---------------------------------------------------------------------------------------------------


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    ended = run(monkeypatch, ["simulator", "--port", str(taken)])
    assert ended.code == 1
    assert ended.err.decode() == (
        f"vcshim simulator: 127.0.0.1:{taken} is in use by another program: end that, or choose another --port "
        "(0 takes a free one)\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "192.0.2.1"], "192.0.2.1:18080 is not an address of this machine"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid is not the name or IPv4 address of a machine"),
        (["--host", "x" * 70], "is not the name or IPv4 address of a machine"),
        (["--host", "a\0b"], "is not the name or IPv4 address of a machine"),
        (["--file", "."], ".: cannot be opened"),
        (["--misbehave", "nonsense"], "unknown directive: nonsense"),
    ],
)
def test_what_the_simulator_cannot_use(
    desk: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    ended = run(monkeypatch, ["simulator", *words])
    text = ended.err.decode()
    assert ended.code in (1, 2) and said in text and "Errno" not in text and text.count("\n") == 1


def test_a_port_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.create_server", refuse)
    ended = run(monkeypatch, ["simulator", "--port", "80"])
    assert ended.code == 1 and b"127.0.0.1:80 may not be used by this user: choose a --port above 1023" in ended.err


def test_an_installation_without_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """No inner module is named, and no package that the index does not have."""
    monkeypatch.delitem(sys.modules, "shim.simulator.server", raising=False)
    monkeypatch.setitem(sys.modules, "tornado.httpserver", None)
    ended = run(monkeypatch, ["simulator"])
    said = ended.err.decode()
    assert ended.code == 1 and "is not in this installation" in said and "sim:" in said
    assert "tornado" not in said and "virtualcard-shim" not in said


@pytest.mark.needs("linux")
@pytest.mark.parametrize("closed", ["", "<&- >&-", "<&- >&- 2>&-"])
def test_the_simulator_runs_with_closed_streams_until_it_is_interrupted(tmp_path: Path, closed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    process = subprocess.Popen(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "shim.cli", "simulator", "--port", str(port)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=as_from_a_terminal,
    )  # fmt: skip
    try:
        for _ in range(600):
            with socket.socket() as client:
                client.settimeout(0.1)
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            threading.Event().wait(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, b"")
