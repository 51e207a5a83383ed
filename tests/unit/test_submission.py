"""Submission: one place keeps whether a call may have had an effect; a thread marks that of its own call."""

from __future__ import annotations

import threading

import pytest

from shim import submission
from shim.submission import Submission, performing


class Call:
    """As C's vcshim_call, as far as this goes."""

    sent = 0


def test_the_flag_of_c_is_the_state() -> None:
    call = Call()
    state = Submission(call)
    assert not state.begun
    state.begun = True
    assert call.sent == 1 and state.begun
    call.sent = 0
    assert not state.begun


def test_begin_marks_the_call_of_this_thread_only() -> None:
    mine, other = Submission(), Submission()

    def beside() -> None:
        submission.begin()  # a thread without a call
        with performing(other):
            pass

    with performing(mine):
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
        assert (mine.begun, other.begun) == (False, False)
        submission.begin()
    assert (mine.begun, other.begun) == (True, False)


def test_outside_a_call_nothing_is_marked() -> None:
    before = Submission()
    with pytest.raises(KeyboardInterrupt), performing(before):
        raise KeyboardInterrupt
    submission.begin()
    assert not before.begun and not submission.current().begun


def test_a_call_inside_a_call_has_its_own_state() -> None:
    outer, inner = Submission(), Submission()
    with performing(outer):
        with performing(inner):
            submission.begin()
        assert submission.current() is outer
    assert (outer.begun, inner.begun) == (False, True)
