"""Exceptions at a sample of the points of a label, of an auto-fill, of the screen's mode, and of helper threads."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.devices.label.driver import DrivenLabelPrinter, _Job
from tests.support.raised.campaign import run
from tests.support.raised.scenes import SCENES, Scene

DEVICES = [row for row in SCENES.values() if row.function not in ("VirtualCardTrans", "NationEcTrans")]
POINTS = 80
ENOUGH = 200  # so many points hit the one line that a test has spoilt


@pytest.mark.parametrize("scene", DEVICES, ids=lambda row: row.name)
def test_an_exception_anywhere(scene: Scene, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What a device may have got is never denied, and the next call works."""
    tally = run(scene, tmp_path, seed=12, sample=POINTS)
    assert tally.findings == []
    assert tally.raised >= min(POINTS, tally.events) * 0.9
    assert capfd.readouterr() == ("", "")


# ---- the campaign finds what it is for -------------------------------------------------------------------------------


def test_keys_that_are_denied_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.submission.begin", lambda: None)
    findings = run(SCENES["fill"], tmp_path, seed=12, sample=ENOUGH).findings
    assert any("as if nothing had been sent" in text for text in findings)


def test_a_label_that_is_denied_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: DrivenLabelPrinter, job: _Job[None]) -> None:
        job.thread.start()

    monkeypatch.setattr(DrivenLabelPrinter, "_start", start)
    findings = run(SCENES["label"], tmp_path, seed=12, sample=ENOUGH).findings
    assert any("as if nothing had been sent" in text for text in findings)
