"""An export holds nothing private, proves what its captures proved, and is refused where it could not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from shim import configuration
from shim.capture.record import CapturedCall, from_bytes
from shim.capture.source import read_captures
from shim.replay.compare import Comparer, ComparisonVerdict
from shim.replay.export import Exported, LeftOut, NoDialectLearned, exported
from shim.replay.vendor import read_vendor_call
from tests.support.cleartext import clear_texts
from tests.support.replays import Recorder, with_body

VERIFY = "verify aes md5"
DEFAULTS = configuration.parse("")
OWN = """[wire]
dialect = own
[dialect own]
base = ehcservice-sealed
cipher_secret = SITE-SECRET-4711
answer_secret = SITE-SECRET-0815
added = nonce=random:hex-lower:16, vendor=text:HOSPITAL-XM-9
headers = X-Hospital=HOSPITAL-XM-9
[screen]
window_title = PRIVATE-TITLE
"""
# Distinctive ones of the simulator's persons, and of its applications.
PRIVATE = (
    "990000195203030026", "王𬱖", "19900000002", "19520303", "D000002", "测试员",
    "1TESTAPP0000000000000000TESTAPP0", "1TESTSEC0000000000000000TESTSEC0", "35020010001",
    "1TESTORG0000000000000000TESTORG0",
    "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E", "E103344AAC834C780515ECB7853E6FC4E6AA8860B9B77FB8",
    "127.0.0.1", "SITE-SECRET-4711", "SITE-SECRET-0815", "HOSPITAL-XM-9", "PRIVATE-TITLE", "his-window-7.exe",
)  # fmt: skip


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    folder = tmp_path / "dll"
    folder.mkdir()
    return Recorder(folder, monkeypatch)


def some_calls(recorder: Recorder) -> list[CapturedCall]:
    """Calls of every kind: successes, refusals, nothing scanned, both DLLs, a device."""
    names = (VERIFY, "verify aes sm3", "verify plain md5", "verify pretty crlf", "verify content as text",
             "platform refuses 2001", "platform does not know the application", "no scanner", "query",
             "query data as text", "platform does not know the insurance code")  # fmt: skip
    calls = [replace(recorder.case(name), host="his-window-7.exe") for name in names]
    device = replace(calls[0], call_id="d", function="EhealthID_Print", out=None, code=None, number=0, traffic=())
    return [
        *calls,
        replace(device, texts=(b"8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E", b"D000002", b"\xcd\xf5")),
    ]


def written(result: Exported, folder: Path) -> Path:
    file = folder / "export" / "calls.jsonl"
    file.parent.mkdir()
    file.write_bytes(b"\n".join(result.lines) + b"\n")
    return file


def opened(result: Exported, folder: Path) -> None:
    """Write everything that an export holds, base64 taken off, to files of a folder."""
    folder.mkdir()
    for number, line in enumerate(result.lines[1:]):
        call = from_bytes(line)
        vendor = read_vendor_call(call, None) if call.traffic else None
        parts = [*(text or b"" for text in call.texts), call.out or b"", call.code or b""]
        parts += [each.sent + each.received + each.origin.encode() for each in call.traffic]
        parts.append(repr(vendor).encode("utf-8"))
        (folder / str(number)).write_bytes(b"\n".join(parts))
    (folder / "header").write_bytes(result.lines[0])


def verdicts(calls: list[CapturedCall], settings: configuration.Configuration) -> Counter[tuple[str, str]]:
    comparer = Comparer(settings)
    found = [comparer.compare(call) for call in calls]
    return Counter((each.verdict.value, each.reason.word if each.reason else "") for each in found)


def test_an_export_proves_the_same_and_holds_nothing_private(recorder: Recorder, tmp_path: Path) -> None:
    calls = some_calls(recorder)
    result = exported(calls, DEFAULTS, "")
    assert (result.calls, dict(result.left_out)) == (len(calls), {})
    file = written(result, tmp_path)
    opened(result, tmp_path / "opened")
    assert clear_texts(file.parent, PRIVATE) == []
    assert clear_texts(tmp_path / "opened", PRIVATE) == []
    header = json.loads(result.lines[0])
    assert header == {
        "format": "vcshim-captures", "version": 1, "pseudonymised": True, "made_by": header["made_by"],
        "calls": len(calls), "left_out": {}, "settings": "[wire]\ndialect = ehcservice\n",
    }  # fmt: skip
    replayed = list(read_captures([file]))
    assert verdicts(replayed, configuration.parse(header["settings"])) == verdicts(calls, DEFAULTS)
    assert verdicts(replayed, DEFAULTS)[ComparisonVerdict.AGREES.value, ""] == 10


def test_the_same_value_has_one_stand_in_throughout(recorder: Recorder) -> None:
    """The operator of InData is that of the sealed request, and the person is the same in two calls."""
    calls = [recorder.case(VERIFY), recorder.case(VERIFY, timestamp="20260528120000")]
    rows = [from_bytes(line) for line in exported(calls, DEFAULTS, "").lines[1:]]
    people = [json.loads((row.out or b"").decode("gb18030")) for row in rows if row.code == b"00"]
    vendors = [read_vendor_call(row, Comparer(DEFAULTS)._pipeline.usable_dialect) for row in rows]
    assert len(people) == 1 and people[0]["id_no"][6:14] == people[0]["birthday"]
    assert vendors[0].content is not None
    assert vendors[0].content["operator_name"] == vendors[0].in_data["biz_content"]["operator_name"] != "测试员"
    assert vendors[0].in_data["biz_content"] == vendors[1].in_data["biz_content"]
    assert vendors[1].in_data["timestamp"] == "20260528120000"


def test_a_vendor_that_differs_is_exported_with_its_difference(recorder: Recorder) -> None:
    """OutData is the vendor's own, not ours over again."""
    call = recorder.case(VERIFY)
    call = replace(call, out=(call.out or b"").replace(b'"user_sex":"2"', b'"user_sex":"2","vendor":"X"'))
    result = exported([call], DEFAULTS, "")
    (row,) = (from_bytes(line) for line in result.lines[1:])
    comparison = Comparer(DEFAULTS).compare(row)
    assert [each.text("en") for each in comparison.differences] == [
        "OutData field vendor: in the vendor's (a text of 1 characters), not in ours"
    ]


def test_what_is_not_reproduced_is_left_out_and_counted(recorder: Recorder) -> None:
    good, other = recorder.case(VERIFY), with_body(recorder.case("query"), b'"extra":', b'"extra" :')
    page = recorder.case("a web page under 200")
    result = exported([good, other, page], DEFAULTS, "")
    assert result.calls == 1
    assert result.left_out == {LeftOut.NOT_REPRODUCED: 1, LeftOut.NO_JSON: 1}
    assert json.loads(result.lines[0])["left_out"] == {"no json": 1, "not reproduced": 1}


def test_without_a_learned_dialect_it_is_refused(recorder: Recorder) -> None:
    with pytest.raises(NoDialectLearned):
        exported(
            [recorder.case(VERIFY)], configuration.parse("[wire]\ndialect = sister\n"), "[wire]\ndialect = sister\n"
        )


def test_an_answer_whose_sign_is_wrong_stays_wrong(recorder: Recorder) -> None:
    """With [wire] verify = strict that is a refusal, before and after."""
    strict = "[wire]\nverify = strict\n"
    call = recorder.case("answer with a wrong sign")
    settings = configuration.parse(strict)
    before = Comparer(settings).compare(call)
    result = exported([call], settings, strict)
    header = json.loads(result.lines[0])
    (row,) = (from_bytes(line) for line in result.lines[1:])
    after = Comparer(configuration.parse(header["settings"])).compare(row)
    assert [each.kind.word for each in after.differences] == [each.kind.word for each in before.differences]
    assert [each.kind.word for each in before.differences] == ["outcome.failed"]


def test_a_site_s_dialect_goes_along_without_its_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made by a vendor's DLL with keys of its own, a nonce and a header: all of them are others in the export."""
    folder = tmp_path / "dll"
    folder.mkdir()
    (folder / "vcshim.ini").write_text(OWN, "utf-8")
    call = Recorder(folder, monkeypatch).case(VERIFY)
    (traffic,) = call.traffic
    sent = traffic.sent.replace(b"User-Agent", b"X-Hospital: HOSPITAL-XM-9\r\nUser-Agent", 1)
    call = replace(call, began=call.began - 1, ended=call.ended + 1, traffic=(replace(traffic, sent=sent),))
    settings = configuration.parse(OWN)
    before = Comparer(settings).compare(call)
    assert [each.text("en") for each in before.differences] == []
    result = exported([call], settings, OWN)
    assert (result.calls, dict(result.left_out)) == (1, {})
    opened(result, tmp_path / "opened")
    assert clear_texts(tmp_path / "opened", PRIVATE) == []
    header = json.loads(result.lines[0])
    anywhere = configuration.parse(header["settings"])
    assert anywhere.problems == () and anywhere.wire.dialect == "export"
    (row,) = (from_bytes(line) for line in result.lines[1:])
    assert Comparer(anywhere).compare(row).differences == ()
    assert Comparer(DEFAULTS).compare(row).differences != ()
