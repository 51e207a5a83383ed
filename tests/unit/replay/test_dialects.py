"""Dialects of every kind agree with themselves, and their exports prove it: what a DLL makes itself comes along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim import configuration
from shim.capture.record import from_bytes
from shim.replay.compare import Comparer, ComparisonVerdict
from shim.replay.export import exported
from tests.support.replays import Recorder, posted_body

OWN = "[wire]\ndialect = own\n[dialect own]\nbase = ehcservice\n"
DIALECTS = {
    "a nonce, a counter, a clock and a uuid": f"{OWN}added = nonce=random:hex-lower:32, number=counter:6, "
    "sent_at=clock:yyyy-MM-dd HH:mm:ss.SSS, trace=uuid\n",
    "inside biz_content": f"{OWN}added = biz_content.nonce=random:digits:8, biz_content.at=clock:unix-ms\n",
    "the addresses of this PC": f"{OWN}added = mac=mac:dash, ip=ip\n",
    "an IV that is sent": f"{OWN}AES = AES/CBC iv=sent\n",
    "a form": f"{OWN}body_form = form\n",
    "another content name": f"{OWN}renamed = biz_content=bizContent, term_id=termId\n",
    "fields of both levels": f"{OWN}scope = merged\n",
    "a sorted GBK body": f"{OWN}body_order = sorted\nbody_charset = gbk\n",
    "escapes": f"{OWN}body_spaces = both\nbody_escape = unicode-slash\n",
    "half an MD5, from an MD5 of the key": f"{OWN}sign_part = middle-16\nsecret_form = md5-lower\n",
    "another success": f"{OWN}returned_success = 0000\nout_form = envelope\nout_order = kept\n",
    "EC with fields of its own": "[wire]\nec_added = data.nonce=random:alnum:12, deviceNo=text:WINDOW-0815\n"
    "ec_code_place = top\nec_body_order = sorted\n",
    "EC with a terminal": "[terminal]\nmac_field = mac\nip_field = ip\nrecord_field = devNo\n"
    "record_no = 35020000000000000815\n",
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_agrees_with_itself_and_so_does_its_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ini = DIALECTS[name]
    (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
    settings = configuration.parse(ini)
    assert settings.problems == ()
    recorder = Recorder(tmp_path, monkeypatch, real_time=True)
    calls = [recorder.case(each) for each in ("verify aes md5", "verify plain md5", "query")]
    comparer = Comparer(settings)
    for call in calls:
        comparison = comparer.compare(call)
        assert [each.text("en") for each in comparison.differences] == [], posted_body(call)
        assert comparison.verdict is ComparisonVerdict.AGREES
    result = exported(calls, settings, ini)
    assert (result.calls, dict(result.left_out)) == (3, {})
    anywhere = configuration.parse(json.loads(result.lines[0])["settings"])
    assert anywhere.problems == ()
    other = Comparer(anywhere)
    assert [other.compare(from_bytes(line)).verdict for line in result.lines[1:]] == [ComparisonVerdict.AGREES] * 3
    assert all(text not in line for line in result.lines for text in (b"WINDOW-0815", b"35020000000000000815"))


def test_a_made_value_that_breaks_its_rule_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A nonce of another alphabet than the settings say is not taken over from the vendor's request."""
    ini = f"{OWN}added = nonce=random:hex-lower:32\n"
    (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
    call = Recorder(tmp_path, monkeypatch).case("verify aes md5")
    assert Comparer(configuration.parse(ini)).compare(call).verdict is ComparisonVerdict.AGREES
    upper = configuration.parse(ini.replace("hex-lower", "digits"))
    assert [each.kind.word for each in Comparer(upper).compare(call).differences] == ["body.value", "sign.follows"]
