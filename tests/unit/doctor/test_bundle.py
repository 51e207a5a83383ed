"""The zip for support: data of a patient and secrets are planted wherever it looks, and no file of it has any.

Planted is what a HIS developer and an engineer really leave behind: comments with phones, keys in vcshim.ini,
addresses with passwords, lines of other programs in the log, notes in the journal, a patient's call at level wire.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from shim import cli, configuration
from shim.call_port import Port
from shim.doctor.masked_ini import SHOWN, masked_ini
from shim.doctor.scrub import Scrubber
from shim.folders import local_data
from shim.journal.calls import CallOutcome, CallTable, JournalRow
from shim.journal.database import JournalDatabase
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.manifest import write_manifest
from shim.sets import CORE
from shim.simulator.server import Simulator
from tests.support.calls import VERIFY

IDENTITY, PHONE, INSURANCE, CARD = (
    "990000195203030026",
    "13800138000",
    "4240000000000000000300350000",
    "6217000010001234567",
)
NAME, OTHER_NAME = "欧阳娜木罕", "买买提吐尔逊"
SECRET, TOKEN = "9f86d081884c7d659a2feaa0c55ad015", "eyJhbGciOiJIUzI1NiJ9-QfK7b2Zp3xT"
PASSWORD = "Hospital#2026"
PLANTED = (IDENTITY, PHONE, INSURANCE, CARD, NAME, OTHER_NAME, SECRET, TOKEN, PASSWORD)

INI = f"""\
; 王工 {PHONE}，测试用 {NAME} {IDENTITY}
# key = {SECRET}
[wire]
dialect = ehcservice ; {PASSWORD}
ec_added = app_secret={SECRET}
[transport]
alternatives = http://reader:{PASSWORD}@10.0.0.7:8080/gate?token={TOKEN}
connect_seconds = 7
[screen]
type = none
heading = {NAME}的窗口
[label]
hospital = {OTHER_NAME}
[tools]
key = {SECRET}
[validate]
levl = {PASSWORD}
[dialect {TOKEN}]
tail = {SECRET}
{TOKEN}
[log]
level = wire
"""


@pytest.fixture
def his(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> Path:
    """An installation at which all of it was left behind."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    folder = tmp_path / "his"
    runtime = folder / "vcshim"
    runtime.mkdir(parents=True)
    (runtime / CORE).write_bytes(b"core")
    write_manifest(runtime)
    (folder / "vcshim.ini").write_text(INI, "utf-8")
    _call(folder, simulator)
    _journal(f"{NAME} {PHONE}")
    (folder / "vcshim-start-PC.txt").write_text(f"缺少文件 D:\\{IDENTITY}\\{TOKEN}.dll", "utf-8-sig")
    log = next((folder / "vcshim_log").glob("*.log"))
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{NAME} {IDENTITY}\n{json.dumps({'name': NAME})}\n")
        row = {"time": "2026-11-27T19:35:15.123", "level": "INFO", "text": f"{IDENTITY} {TOKEN}", "key": SECRET}
        file.write(json.dumps(row | {"card": int(CARD), "more": [{PHONE: INSURANCE}]}, ensure_ascii=False) + "\n")
    return folder


def _call(folder: Path, simulator: Simulator) -> None:
    """A patient's verify, with all that may go wrong in names."""
    data = json.loads(VERIFY["in"])
    data["biz_content"].update(operator_name=NAME, **{IDENTITY: OTHER_NAME})
    for change in ({}, {"method": OTHER_NAME}):
        text = json.dumps(data | change, ensure_ascii=False)
        Port(folder).answer("VirtualCardTrans", [simulator.gateway.encode(), text.encode("gb18030")], 0, 2048)


def _journal(note: str) -> None:
    file = journal_file(local_data() / "journal")
    file.parent.mkdir(parents=True, exist_ok=True)
    database = JournalDatabase(file, STEPS, shared=False, busy_seconds=1.0, create=True)
    row = JournalRow(
        0, 1_790_000_000.0, "HIS.exe", 1, "native", "VirtualCardTrans", "ehc", IDENTITY, True, CallOutcome.SUCCESS, "00"
    )
    number = CallTable(database).add(replace(row, milliseconds=2.0))
    CallTable(database).settle([number], NAME, note)
    database.close()


def bundled(his: Path, path: Path) -> dict[str, str]:
    """The texts of the zip by their names."""
    assert cli.main(["--lang", "zh", "doctor", "--folder", str(his), "--bundle", str(path)]) in (0, 1)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}


def test_nothing_of_a_patient_and_no_secret(his: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = bundled(his, tmp_path / "支持.zip")
    found = [(name, word) for name, text in texts.items() for word in PLANTED if word in text or word in name]
    assert found == []
    shown = capsys.readouterr().out
    assert [word for word in PLANTED if word in shown] == []
    # They were there: the same search finds them where they were left.
    left = "".join(path.read_text("utf-8", "replace") for path in his.rglob("*") if path.is_file())
    assert {word for word in PLANTED if word in left} == set(PLANTED)


def test_what_is_in_it(his: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = bundled(his, tmp_path / "support.zip")
    assert list(texts) == [
        "README.txt", "doctor.txt", "doctor.html", "doctor.json", "versions.json", "set/SHA256SUMS", 
        "settings/folder.ini", "start/note-1.txt", "log/log-1.jsonl", "journal.json",
    ]  # fmt: skip
    shown = capsys.readouterr().out
    for name, text in texts.items():
        assert name in shown and (name in texts["README.txt"] or name == "README.txt") and text
    assert "设置文件的注释 2 行" in texts["README.txt"] and "日志中不是 vcshim 所写的 2 行" in shown
    assert "2 lines in the log that vcshim did not write" in texts["README.txt"]
    rows = [json.loads(line) for line in texts["log/log-1.jsonl"].splitlines()]
    assert rows[-1]["text"] == "*** ***" and rows[-1]["time"] == "2026-11-27T19:35:15.123"
    assert {row["level"] for row in rows} & {"WIRE"} == set() and len(rows) > 3
    assert any("duration" in text or "ms" in text for text in texts["log/log-1.jsonl"].splitlines())
    (call,) = [row for row in json.loads(texts["journal.json"]) if row["began"].startswith("2026-09-2")]
    assert call["outcome"] == "success" and {"serial", "note", "settled_by"} & set(call) == set()
    versions = json.loads(texts["versions.json"])
    assert versions["set"] == "vcshim" and len(versions["set_id"]) == 16


def test_the_settings_say_what_can_be_said(his: Path, tmp_path: Path) -> None:
    text = bundled(his, tmp_path / "support.zip")["settings/folder.ini"]
    lines = text.splitlines()
    assert "connect_seconds = 7" in lines and "dialect = ehcservice" in lines and "level = wire" in lines
    assert "alternatives = http://***@10.0.0.7:8080/gate?***" in lines
    assert "hospital = 买***（6 字）" in lines and "levl = H***（13 字）" in lines
    assert ";" not in text and "#" not in text


def test_a_program_reads_what_is_in_it(his: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["doctor", "--folder", str(his), "--bundle", str(tmp_path / "b.zip"), "--json"])
    assert json.loads(capsys.readouterr().out)["bundle"]["files"][:2] == ["README.txt", "doctor.txt"]


def test_a_zip_that_cannot_be_written(his: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "doctor", "--folder", str(his), "--bundle", str(tmp_path / "no" / "b.zip")]) == 1
    assert "is in a folder that does not exist" in capsys.readouterr().err


def test_keys_that_are_shown_are_keys() -> None:
    """A key that is renamed must not be shown under its old name by accident, nor a secret be in the list."""
    options = {(option.section, option.key) for option in configuration.options()}
    assert options >= SHOWN
    assert not {("tools", "key"), ("label", "hospital"), ("wire", "ec_added"), ("wire", "ec_headers")} & SHOWN


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("[scanner@PC-017]", "[scanner@P***（6 字）]"),
        ("[张三的]", "[张***（3 字）]"),
        ("[scanner]\nport = COM3 ; 张三", "[scanner]\nport = COM3"),
        ("[scanner]\nbaud = 9600", "[scanner]\nbaud = 9600"),
        ("[scanner]\nbaud = 张三丰", "[scanner]\nbaud = 张***（3 字）"),
        ("[scanner]\nfile = codes.txt", "[scanner]\nfile = codes.txt"),
        (f"[scanner]\nfile = {IDENTITY}.txt", "[scanner]\nfile = ***.txt"),
        ("张三丰", "张***（3 字）"),
    ],
)
def test_a_line_of_the_settings(line: str, shown: str) -> None:
    assert masked_ini(line.split("\n")).text == shown + "\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-27T19:35:15.123", "2026-11-27T19:35:15.123"),
        ("192.168.1.50:4001", "192.168.1.50:4001"),
        (f"身份证 {IDENTITY}，电话 {PHONE}", "身份证 ***，电话 ***"),
        ("99000019520303002X", "***"),
        ("9900 0019 5203 0300 26", "***"),
        ("９９００００１９５２０３０３００２６", "***"),
        (INSURANCE, "***"),
        (SECRET, "***"),
        (TOKEN, "***"),
        ("ehc.ehealthcode.verify", "ehc.ehealthcode.verify"),
        ("https://a.example/b?c=d", "https://a.example/b?***"),
        ("https://u:p@a.example/b", "https://***@a.example/b"),
        ("甲乙丙丁", "***"),
    ],
)
def test_scrubbing(text: str, shown: str) -> None:
    assert Scrubber(["甲乙丙丁", "abc"]).text(text) == shown
