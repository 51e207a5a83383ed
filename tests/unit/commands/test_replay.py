"""`vcshim replay`, `vcshim capture` and `vcshim status`: what they print, write and return."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from shim import cli, configuration
from shim.capture.record import CapturedCall, to_bytes
from shim.capture.state import StateFile
from shim.capture.store import CaptureStore
from shim.journal.comparisons import ComparisonStore, CountKey
from shim.replay.counting import fingerprint
from shim.replay.rule import RULE
from tests.support.replays import Recorder, with_body

VERIFY = "verify aes md5"


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Also gives the test a user of its own, without captures, and a folder without vcshim.ini."""
    dll, work, local = (tmp_path / name for name in ("dll", "work", "local"))
    for folder in (dll, work, local):
        folder.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(local))
    monkeypatch.chdir(work)
    return Recorder(dll, monkeypatch)


def file_of(folder: Path, *calls: CapturedCall) -> str:
    file = folder / "calls.jsonl"
    file.write_bytes(b"".join(to_bytes(call) + b"\n" for call in calls))
    return str(file)


def different(call: CapturedCall) -> CapturedCall:
    return replace(with_body(call, b'"20261121000058"', b'"20261121000059"'), call_id="d")


# ---- replay ----------------------------------------------------------------------------------------------------------


def test_replay_of_calls_that_agree(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, recorder.case(VERIFY), recorder.case("no scanner"))
    assert cli.main(["--lang", "en", "replay", file]) == 0
    assert capsys.readouterr().out == (
        "2 calls: 1 agree, 0 differ, 1 cannot be compared\n"
        "share that agrees: 100%\n"
        "\n"
        "Calls that cannot be compared:\n"
        "  1 calls: no code was scanned (cancelled, timed out, or the scanner failed), and the vendor's DLL sent no "
        "request\n"
        "\n"
        "By method:\n"
        "  VirtualCardTrans ehc.ehealthcode.verify: 1 agree, 0 differ, 1 cannot be compared\n"
    )


def test_replay_of_a_difference(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = recorder.case(VERIFY)
    file = file_of(tmp_path, call, different(call))
    written = [str(tmp_path / name) for name in ("r.json", "r.html")]
    assert cli.main(["--lang", "zh", "replay", file, "--json", written[0], "--html", written[1]]) == 1
    out = capsys.readouterr().out
    assert "2 次交易：1 次一致，1 次不同，0 次无法比对" in out
    assert "  1 次：请求字段 timestamp 的值不同：原厂为 14 字的文字，vcshim 为 14 字的文字" in out
    assert json.loads(Path(written[0]).read_text("utf-8"))["total"]["share"] == 0.5
    assert "<svg" in Path(written[1]).read_text("utf-8")


def test_replay_with_other_settings(recorder: Recorder, tmp_path: Path) -> None:
    """--ini names the file; the one in --folder does not count."""
    ini = tmp_path / "other.ini"
    ini.write_text("[wire]\ndialect = sister\n", "utf-8")
    file = file_of(tmp_path, recorder.case(VERIFY))
    assert cli.main(["replay", file]) == 0
    assert cli.main(["replay", file, "--ini", str(ini)]) == 1


@pytest.mark.parametrize("content", [None, b"", b"{}\n", b"no captures\n"])
def test_replay_of_nothing(
    recorder: Recorder, tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be read is told from calls that differ by the exit status."""
    file = tmp_path / "calls.jsonl"
    if content is not None:
        file.write_bytes(content)
    assert cli.main(["--lang", "en", "replay", str(file)]) == 4
    streams = capsys.readouterr()
    assert streams.out + streams.err


def test_replay_takes_this_user_s_captures(recorder: Recorder, tmp_path: Path) -> None:
    store = CaptureStore(tmp_path / "local" / "vcshim" / "captures", 30, 1 << 30)
    store.append(recorder.case(VERIFY))
    store.close()
    assert cli.main(["replay"]) == 0


# ---- export and import -----------------------------------------------------------------------------------------------


def test_export_and_import(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, recorder.case(VERIFY), recorder.case("query"), different(recorder.case(VERIFY)))
    out = str(tmp_path / "export.jsonl")
    assert cli.main(["--lang", "en", "capture", "export", "--pseudonymised", "--out", out, file]) == 0
    assert capsys.readouterr().err == (
        "vcshim capture export: exported 2 calls\n"
        "vcshim capture export: left out: 1 calls, whose request the settings in force do not reproduce\n"
    )
    assert cli.main(["--lang", "en", "capture", "import", out]) == 0
    assert "2 calls: 2 agree, 0 differ, 0 cannot be compared" in capsys.readouterr().out
    assert cli.main(["replay", out]) == 0


def test_captures_are_never_exported_as_they_are(recorder: Recorder, tmp_path: Path) -> None:
    file, out = file_of(tmp_path, recorder.case(VERIFY)), tmp_path / "export.jsonl"
    assert cli.main(["capture", "export", "--out", str(out), file]) == 2
    assert not out.exists()


def test_export_is_refused_without_a_dialect(
    recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "work" / "vcshim.ini").write_text("[wire]\ndialect = sister\n", "utf-8")
    file, out = file_of(tmp_path, recorder.case(VERIFY)), tmp_path / "export.jsonl"
    assert cli.main(["--lang", "en", "capture", "export", "--pseudonymised", "--out", str(out), file]) == 1
    assert "Run vcshim learn first" in capsys.readouterr().err
    assert not out.exists()


def test_import_refuses_what_is_no_whole_export(recorder: Recorder, tmp_path: Path) -> None:
    plain = file_of(tmp_path, recorder.case(VERIFY))
    out = tmp_path / "export.jsonl"
    assert cli.main(["capture", "export", "--pseudonymised", "--out", str(out), plain]) == 0
    lines = out.read_bytes().splitlines(keepends=True)
    for number, data in enumerate((lines[0], b"".join([*lines, b"{}\n"]), lines[1], b"", b"\x00\xff\n")):
        file = tmp_path / f"damaged-{number}.jsonl"
        file.write_bytes(data)
        assert cli.main(["capture", "import", str(file)]) == 4, number
    later = json.loads(lines[0]) | {"version": 2}
    (tmp_path / "later.jsonl").write_bytes(json.dumps(later).encode() + b"\n" + lines[1])
    assert cli.main(["capture", "import", str(tmp_path / "later.jsonl")]) == 4
    assert cli.main(["capture", "import", str(tmp_path / "none.jsonl")]) == 4
    assert cli.main(["capture", "import", plain]) == 4


# ---- status ----------------------------------------------------------------------------------------------------------


def counts_of(tmp_path: Path, ini: str, days: int, calls: int, verdict: str = "agrees") -> None:
    store = ComparisonStore(tmp_path / "local" / "vcshim" / "shadow")
    settings = fingerprint(configuration.parse(ini))
    for day in range(days):
        key = CountKey(f"2026-11-{16 + day}", settings, "VirtualCardTrans", "ehc.ehealthcode.verify", "00", verdict)
        store.add({key: calls})
    store.close()


def test_status_of_a_new_pc(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini = tmp_path / "work" / "vcshim.ini"
    ini.write_text("[mode]\nrun = shadow\n", "utf-8")
    assert cli.main(["--lang", "en", "status"]) == 1
    out = capsys.readouterr().out
    assert "run mode: shadow (the vendor's DLL answers, ours compares)\n" in out
    assert f"  set in {ini}, [mode] run\n" in out
    assert "captures: none" in out and "comparisons: none yet with the settings in force" in out
    assert out.endswith("it is not yet safe to go native\n")
    assert [line[:9] for line in out.splitlines() if line.startswith(("  holds", "  missing"))].count("  missing") == 6


def test_status_when_it_is_safe(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Until a difference is counted, or other settings are in force."""
    ini = "[mode]\nrun = shadow\n"
    (tmp_path / "work" / "vcshim.ini").write_text(ini, "utf-8")
    counts_of(tmp_path, ini, 5, 60)
    assert cli.main(["--lang", "en", "status"]) == 0
    out = capsys.readouterr().out
    assert "comparisons: 5 days, 300 calls: 300 agree, 0 differ, 0 cannot be compared, 0 came too fast" in out
    assert "  VirtualCardTrans ehc.ehealthcode.verify 00: 300 calls, 0 of them differ, 0 cannot be compared" in out
    assert "  holds: at least 300 calls were compared (now 300)" in out
    assert out.endswith("it is safe to go native\n")
    (tmp_path / "work" / "vcshim.ini").write_text(f"{ini}[wire]\nverify = off\n", "utf-8")
    assert cli.main(["--lang", "en", "status"]) == 1
    assert "300 more were compared with other settings" in capsys.readouterr().out
    (tmp_path / "work" / "vcshim.ini").write_text(ini, "utf-8")
    counts_of(tmp_path, ini, 1, 1, "differs")
    assert cli.main(["--lang", "en", "status"]) == 1


def test_status_as_json(recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also what captures hold, and why capture switched itself off; a call that was only captured is missing."""
    ini = "[mode]\nrun = capture\n"
    (tmp_path / "work" / "vcshim.ini").write_text(ini, "utf-8")
    counts_of(tmp_path, ini, 5, 60)
    store = CaptureStore(tmp_path / "local" / "vcshim" / "captures", 30, 1 << 30)
    for name in (VERIFY, "query", "no scanner"):
        store.append(recorder.case(name))
    store.close()
    StateFile(tmp_path / "local" / "vcshim" / "capture_state", "capture").note_off("记录器不能监听")
    assert cli.main(["status", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert (facts["mode"], facts["safe"], facts["captures"]["calls"], facts["captures"]["days"]) == (
        "capture",
        False,
        3,
        1,
    )
    assert [row["cause"] for row in facts["captures"]["switched_off"]] == ["记录器不能监听"]
    assert {row["condition"]: row["missing"] for row in facts["rule"] if not row["holds"]} == {
        "methods": ["NationEcTrans ec.query"], "outcomes": ["NationEcTrans ec.query 0000"],
    }  # fmt: skip
    assert [row["condition"] for row in facts["rule"]] == [condition.key for condition in RULE]


def test_status_where_ours_answers(recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "zh", "status"]) == 0
    out = capsys.readouterr().out
    assert "运行方式：native（vcshim 应答）" in out and out.endswith("已经由 vcshim 应答\n")
