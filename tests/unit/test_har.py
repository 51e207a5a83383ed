"""HAR files: held against the members that the format requires, and against literals."""

from __future__ import annotations

from shim.har import HarEntry, har
from tests.support.har import faults


def test_an_exchange() -> None:
    entry = HarEntry("http://h/a?sim=delay:5&b=", 1795224600.25, 12.5, '{"a":"测"}', "{}", comment="c")
    archive = har([entry])
    assert faults(archive) == []
    (written,) = archive["log"]["entries"]
    assert written["startedDateTime"] == "2026-11-21T01:30:00.250Z"
    assert (written["time"], written["timings"]) == (12.5, {"send": 0, "wait": 12.5, "receive": 0})
    assert written["request"]["queryString"] == [{"name": "sim", "value": "delay:5"}, {"name": "b", "value": ""}]
    assert written["request"]["bodySize"] == 11
    assert written["request"]["postData"] == {"mimeType": "application/json; charset=utf-8", "text": '{"a":"测"}'}
    assert (written["response"]["status"], written["response"]["statusText"]) == (200, "OK")
    assert written["response"]["content"]["text"] == "{}"


def test_no_answer_and_an_odd_status() -> None:
    archive = har([HarEntry("sim:", 0, -1, "", "", 0), HarEntry("u", 0, 1, "", "x", 299)])
    assert faults(archive) == []
    lost, odd = archive["log"]["entries"]
    assert (lost["response"]["status"], lost["response"]["headers"], lost["response"]["bodySize"]) == (0, [], -1)
    assert lost["time"] == 0.0 and odd["response"]["statusText"] == ""
