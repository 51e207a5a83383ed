"""Background work waits for calls: how long, and that the interpreter is as before."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from shim.call_activity import CallActivity, yielding_often
from tests.support.forked import in_child
from tests.support.scanners import Background


def test_no_call_no_wait() -> None:
    started = time.monotonic()
    CallActivity().wait_idle(60)
    assert time.monotonic() - started < 30


def test_a_wait_ends_with_the_last_call() -> None:
    activity = CallActivity()
    over: list[str] = []
    first, second = activity.call(), activity.call()
    first.__enter__()
    second.__enter__()

    def wait() -> None:
        activity.wait_idle(60)
        over.append("waited")

    waiting = Background(wait)
    first.__exit__(None, None, None)
    time.sleep(0.1)
    assert over == []
    over.append("call")
    second.__exit__(None, None, None)
    waiting.result()
    assert over == ["call", "waited"]


def test_a_call_that_fails_is_over() -> None:
    activity = CallActivity()
    with pytest.raises(ValueError), activity.call():
        raise ValueError
    activity.wait_idle(60)
    assert activity._calls == 0


def test_a_wait_is_bounded() -> None:
    activity = CallActivity()
    with activity.call():
        activity.wait_idle(0.05)  # comes back although the call goes on


def test_imports_wait_for_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The background thread imports after the call; imports of the call itself do not wait."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("turns_polite", "turns_urgent"):
        (tmp_path / f"{name}.py").write_text("")
    activity, order = CallActivity(), list[str]()

    def polite() -> None:
        activity.import_when_idle(["json", "turns_polite"], 60)
        order.append("polite")

    with activity.call():
        waiting = Background(polite)
        time.sleep(0.1)
        __import__("turns_urgent")
        assert "turns_polite" not in sys.modules
        order.append("urgent")
    waiting.result()
    assert order == ["urgent", "polite"] and "turns_polite" in sys.modules


def test_the_limit_is_for_all_imports_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    names = [f"turns_impatient_{number}" for number in range(200)]
    for name in names:
        (tmp_path / f"{name}.py").write_text("")
    activity = CallActivity()
    with activity.call():
        activity.import_when_idle(names, 0.3)  # a minute if each of them waited
    assert set(names) <= set(sys.modules)


def test_the_interval_is_put_back() -> None:
    interval = sys.getswitchinterval()
    with pytest.raises(KeyError), yielding_often():
        assert sys.getswitchinterval() <= 0.0005
        raise KeyError
    assert sys.getswitchinterval() == interval


def test_the_interval_is_put_back_by_the_last_of_several_threads() -> None:
    """Two that begin and end by turns, as the screen's and that of shadow do."""
    interval = sys.getswitchinterval()
    earlier, later = yielding_often(), yielding_often()
    earlier.__enter__()
    later.__enter__()
    earlier.__exit__(None, None, None)
    between = sys.getswitchinterval()
    later.__exit__(None, None, None)
    assert between <= 0.0005
    assert sys.getswitchinterval() == interval


@pytest.mark.needs("linux")
def test_a_child_has_the_interval_of_before() -> None:
    """The threads that wanted another one are its parent's."""
    interval = sys.getswitchinterval()
    with yielding_often():
        assert in_child(sys.getswitchinterval) == interval
