"""`vcshim learn`: what is printed can be used as vcshim.ini as it is, has no key in it, and its exit code tells."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from shim import configuration
from shim.capture.record import to_bytes
from shim.cli import main
from shim.commands import learn as command
from shim.commands.catalogue import learn as phrases
from shim.dialects.table import all_lines
from shim.folders import local_data
from shim.learn.learning import Lesson
from shim.learn.learning import learn as learned
from shim.learn.request_result import GivenKeys
from shim.learn.search import Searcher
from shim.wiring import pick_dialect
from tests.support.captured import KEY, Vendor, captures
from tests.support.captured_vendors import AES_KEY, INSIDE, OUTSIDE
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def stored(folder: Path, vendor: Vendor, count: int = 10) -> str:
    path = folder / "captures.jsonl"
    path.write_bytes(b"\n".join(map(to_bytes, captures(vendor, count))))
    return str(path)


@pytest.mark.parametrize(("name", "language"), [("gbk", "zh"), ("made", "zh"), ("made", "en"), ("ehcservice", "en")])
def test_the_output_is_a_settings_file(
    name: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", stored(tmp_path, INSIDE[name]), "--lang", language]) == 0
    out = capsys.readouterr().out
    (tmp_path / "vcshim.ini").write_text(out, "utf-8")
    settings = configuration.read(tmp_path)
    assert settings.problems == ()
    lesson = learned(captures(INSIDE[name], 10), GivenKeys(), Searcher(1))
    assert lesson.row is not None
    assert all_lines(pick_dialect(settings, "")) | {"title": ""} == all_lines(lesson.row) | {"title": ""}
    assert KEY not in out and all(line.startswith((";", "[")) or "=" in line for line in out.splitlines() if line)


def test_a_key_of_the_ciphers_is_a_line_to_fill_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "aes.txt").write_text(AES_KEY)
    words = ["learn", stored(tmp_path, INSIDE["mianyang"]), "--cipher-key-file", str(tmp_path / "aes.txt")]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert "cipher_secret =\n" in out and AES_KEY not in out + err and KEY not in out + err


def test_what_does_not_fit_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", stored(tmp_path, OUTSIDE["random-iv"]), "--lang", "en", "--processes", "1"]) == 1
    out = capsys.readouterr().out
    assert "; VirtualCardTrans: nothing fits, see the problems\n" in out and "[dialect" not in out
    assert "requests byte for byte: 0, signs: 10" in out


def test_json_does_not_depend_on_the_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = stored(tmp_path, INSIDE["gbk"])
    texts = []
    for language in ("zh", "en"):
        assert main(["learn", path, "--json", "--lang", language]) == 0
        texts.append(capsys.readouterr().out)
    row = json.loads(texts[0])
    assert texts[0] == texts[1] and row["verdicts"] == {"VirtualCardTrans": "found", "NationEcTrans": "no calls"}
    assert row["sections"]["dialect learned"]["body_charset"] == "gbk"


def test_an_interrupted_search_leaves_numbers_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(calls: object, keys: object, searcher: Searcher) -> None:
        searcher.done["0"] = 1234
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "learn", interrupted)
    path = stored(tmp_path, INSIDE["gbk"])
    assert main(["learn", path]) == 130
    (file,) = (local_data() / "learn").iterdir()
    assert json.loads(file.read_text()) == {"done": {"0": 1234}}
    seen: list[dict[str, int]] = []

    def resumed(calls: object, keys: object, searcher: Searcher) -> Lesson:
        seen.append(dict(searcher.done))
        return learned(captures(INSIDE["gbk"], 4), GivenKeys(), Searcher(1))

    monkeypatch.setattr(command, "learn", resumed)
    main(["learn", path])
    assert seen == [{"0": 1234}] and not list((local_data() / "learn").iterdir())


def test_nothing_to_learn_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", str(tmp_path / "none.jsonl"), "--lang", "en"]) == 1
    assert "none.jsonl does not exist" in capsys.readouterr().err
    (tmp_path / "odd.jsonl").write_text("no call\n")
    assert main(["learn", str(tmp_path / "odd.jsonl"), "--lang", "en"]) == 1
    assert "odd.jsonl" in capsys.readouterr().err


def test_every_finding_has_a_text_with_its_facts() -> None:
    """The topics in shim/learn are the rows of FINDINGS; those that are made of a column are counted by it."""
    topics = set()
    for path in (ROOT / "shim" / "learn").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if getattr(node.func, "id", "") in ("LearnFinding", "problem_finding", "open_finding"):
                topics |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)}
    made = {"same-", "memory-", "field-", "cipher-outside-"}
    fixed = {topic for topic in topics if isinstance(topic, str) and topic not in made} - {"unknown"}
    assert fixed <= set(phrases.FINDINGS)
    built = {topic for topic in phrases.FINDINGS if topic not in fixed}
    assert all(topic.startswith((*made, "terminal-")) for topic in built)
