"""The one table that gives each local failure its code for both DLLs."""

from __future__ import annotations

from shim.errors import Reason
from shim.spec import EC_CODES, VC_CODES
from tests.support.paths import ROOT

# Which local failure has which code of VC appendix 1 and EC C.4: typed out once more, so that a slip shows.
LOCAL = {
    Reason.NULL_ARGUMENT: ("9001", "-2"),
    Reason.UNREADABLE_ARGUMENT: ("9001", "-2"),
    Reason.ARGUMENT_TOO_LONG: ("9001", "-2"),
    Reason.INVALID_FIELD: ("9001", "-2"),
    Reason.NO_APP_ID: ("1001", "-2"),
    Reason.NO_TERM_ID: ("1002", "-2"),
    Reason.NO_VERSION: ("1003", "-2"),
    Reason.NO_METHOD: ("1004", "-2"),
    Reason.UNKNOWN_METHOD: ("1005", "-2"),
    Reason.UNKNOWN_ENC_TYPE: ("1006", "-2"),
    Reason.UNKNOWN_SIGN_TYPE: ("1007", "-2"),
    Reason.NO_URL: ("8003", "-5"),
    Reason.UNSUPPORTED_URL: ("9005", "-5"),
    Reason.INVALID_CHARSET: ("9008", "-2"),
    Reason.NOT_JSON: ("9008", "-2"),
    Reason.OUT_TOO_SMALL: ("9008", "-1"),
    Reason.SETTINGS: ("8006", "-1"),
    Reason.CONNECT_FAILED: ("8004", "-3"),
    Reason.SEND_FAILED: ("8002", "-3"),
    Reason.UNKNOWN_OUTCOME: ("3003", "-1"),
    Reason.HTTP_STATUS: ("3003", "-1"),
    Reason.EMPTY_ANSWER: ("3003", "-1"),
    Reason.UNREADABLE_ANSWER: ("3003", "-1"),
    Reason.ANSWER_SIGN_WRONG: ("9003", "500036"),
    Reason.ANSWER_NOT_DECIPHERED: ("3003", "-1"),
    Reason.SIGN_FAILED: ("9002", "500036"),
    Reason.CIPHER_FAILED: ("9006", "500073"),
    Reason.CIPHER_MISSING: ("8008", "-1"),
    Reason.DEVICE_UNAVAILABLE: ("9005", "-1"),
    Reason.SCAN_TIMED_OUT: ("2002", "-2"),
    Reason.SCAN_CANCELLED: ("9999", "-2"),
    Reason.INTERNAL: ("8009", "-1"),
}


def test_every_local_failure_has_its_code() -> None:
    assert {reason: (reason.vc_code, reason.ec_code) for reason in Reason} == LOCAL
    for vc_code, ec_code in LOCAL.values():
        assert vc_code in VC_CODES and ec_code in EC_CODES


def test_the_outcomes_that_nobody_knows() -> None:
    """3003 is given for them alone, and every one of them has it, as it has -1 of EC."""
    unknown = {reason.name for reason in Reason if reason.leaves_outcome_unknown}
    assert unknown == {
        "UNKNOWN_OUTCOME", "HTTP_STATUS", "EMPTY_ANSWER", "UNREADABLE_ANSWER", "ANSWER_NOT_DECIPHERED",
    }  # fmt: skip
    assert {reason.name for reason in Reason if reason.vc_code == "3003"} == unknown
    assert {reason.ec_code for reason in Reason if reason.name in unknown} == {"-1"}
    not_sent = (Reason.CONNECT_FAILED, Reason.SEND_FAILED, Reason.NOT_JSON, Reason.INVALID_FIELD, Reason.NO_URL)
    assert "-1" not in {reason.ec_code for reason in not_sent}


def test_every_reason_is_given_somewhere() -> None:
    """No row of the table is there for show."""
    shim = ROOT / "shim"
    text = "".join(path.read_text("utf-8") for path in shim.rglob("*.py") if path.name != "errors.py")
    assert [reason.name for reason in Reason if f"Reason.{reason.name}" not in text] == []


def test_the_codes_that_are_ours_to_give() -> None:
    """1001-1007, 8001-8009, 9001-9008 and 3003, but for what only a platform can fail at: its database.

    And 2002 and 9999 for a scan that gave no code. 8001, 9004 and 9007 would each name one way in which an answer is
    not understood; all of them are 3003, because the host must do the same about each.
    """
    ours = {code for code, _ in LOCAL.values()}
    wanted = {str(n) for n in (*range(1001, 1008), 2002, 3003, 9999, *range(8001, 8010), *range(9001, 9009))}
    assert wanted - ours == {"8001", "8005", "8007", "9004", "9007"}
    assert ours - wanted == set()
