"""Everything that can go wrong, as one table and three families.

::

    ShimError
    +-- HostError       the host program's fault: its pointers, its text, its JSON, its fields, its settings
    +-- PlatformError   the platform's fault, or the network's on the way to it
    |   +-- PlatformRefusal   the platform answered, and the answer is a refusal with a code of its own
    +-- OwnError        ours: a device that is not there, a buffer, a cipher, a bug

`Reason` decides, in one place, the code that the host gets for every local failure: VC appendix 1 for
VirtualCardChk.dll, EC table C.4 for NationECCode.dll. `Message` is the form of what is said of it: a row has a sentence
for the clerk and a line for the engineer. The rows are in shim/messages, as is what a host gets of them (clerk.py).

Imports nothing of the project but the form of texts in two languages; every layer may use it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any

from shim.bilingual import Bilingual, filled


@unique
class Reason(Enum):
    """Why a call failed here: the row's name, its code of VC appendix 1, its code of EC C.4."""

    NULL_ARGUMENT = ("null", "9001", "-2")
    UNREADABLE_ARGUMENT = ("unreadable", "9001", "-2")
    ARGUMENT_TOO_LONG = ("too long", "9001", "-2")
    INVALID_FIELD = ("invalid field", "9001", "-2")
    NO_APP_ID = ("no app_id", "1001", "-2")
    NO_TERM_ID = ("no term_id", "1002", "-2")
    NO_VERSION = ("no version", "1003", "-2")
    NO_METHOD = ("no method", "1004", "-2")
    UNKNOWN_METHOD = ("unknown method", "1005", "-2")
    UNKNOWN_ENC_TYPE = ("unknown enc_type", "1006", "-2")
    UNKNOWN_SIGN_TYPE = ("unknown sign_type", "1007", "-2")
    NO_URL = ("no url", "8003", "-5")
    UNSUPPORTED_URL = ("unsupported url", "9005", "-5")
    INVALID_CHARSET = ("invalid charset", "9008", "-2")
    NOT_JSON = ("not json", "9008", "-2")
    OUT_TOO_SMALL = ("out too small", "9008", "-1")

    SETTINGS = ("settings", "8006", "-1")

    CONNECT_FAILED = ("connect failed", "8004", "-3")
    SEND_FAILED = ("send failed", "8002", "-3")
    # The request went out and no answer was understood: one code for each DLL, never that of a fault in InData or of a
    # connection that was not made. EC C.4 has no row for it; its -1 (未知异常) is what hosts do not redo on.
    UNKNOWN_OUTCOME = ("unknown outcome", "3003", "-1")
    HTTP_STATUS = ("http status", "3003", "-1")
    EMPTY_ANSWER = ("empty answer", "3003", "-1")
    UNREADABLE_ANSWER = ("unreadable answer", "3003", "-1")
    ANSWER_NOT_DECIPHERED = ("answer not deciphered", "3003", "-1")
    # Understood, and refused at the site's own wish ([wire] verify = strict).
    ANSWER_SIGN_WRONG = ("answer sign wrong", "9003", "500036")

    SIGN_FAILED = ("sign failed", "9002", "500036")
    CIPHER_FAILED = ("cipher failed", "9006", "500073")
    CIPHER_MISSING = ("cipher missing", "8008", "-1")
    DEVICE_UNAVAILABLE = ("device unavailable", "9005", "-1")
    # No code was read: 2002 makes the clerk scan again. What the clerk cancelled must not: 9999. EC hosts take -2 for
    # the operator's own doing and stay silent (docs/dialects.md, Evidence).
    SCAN_TIMED_OUT = ("scan timed out", "2002", "-2")
    SCAN_CANCELLED = ("scan cancelled", "9999", "-2")
    INTERNAL = ("internal", "8009", "-1")

    def __init__(self, title: str, vc_code: str, ec_code: str) -> None:
        self.title = title
        self.vc_code = vc_code
        self.ec_code = ec_code

    @property
    def leaves_outcome_unknown(self) -> bool:
        """Whether the platform may have carried the request out, and nobody knows: 3003 for VirtualCardTrans."""
        return self.vc_code == Reason.UNKNOWN_OUTCOME.vc_code


@unique
class State(Enum):
    """What became of what a call was asked to do; the value is what the log says of a change."""

    NOT_DONE = "没有提交"
    UNKNOWN = "可能已办成"
    DONE = "已办成"


@unique
class Unavailable(Enum):
    """Why a device cannot serve, for programs; the words are in the rows of shim/messages."""

    NOT_SET_UP = "not set up"
    NOT_FOUND = "not found"
    BUSY = "busy"
    ACCESS_DENIED = "access denied"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    LOST = "lost"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"
    NO_CODE = "no code"
    NOT_DONE = "not done"
    BLOCKED = "blocked"
    INCOMPLETE = "incomplete"
    NOT_READY = "not ready"


@dataclass(frozen=True, slots=True)
class Message:
    """One reason why a call fails, in two texts. Both may hold {facts}, which the raiser gives, masked where needed.

    {platform} is no fact: whoever answers the call knows which platform was asked.

    Attributes:
        key: its name in docs/messages.md: its file in shim/messages and the cause, as in ``network.refused``.
        reason: decides the code.
        clerk: what happened, for the clerk: the beginning of a sentence, without a mark at its end. No file name, key,
            function or hexadecimal; the fields of the host's own InData may be named.
        engineer: the line of the log: cause, host, port, key, clause, remedy; without what became of the call.
        usual: the facts as they usually are; the table in docs and the tests of lengths use them.
        then: what the clerk does next, without a mark at its end; "" if trying again or asking first is all.
        again: whether trying again may help although nobody has changed anything.
        state: what became of the call, where the row knows; None where the state of the exchange decides.
        why: of a device's row, why it cannot serve.
        english: the engineer's line in English, for the commands. It need not name {title}, a field's in Chinese.
    """

    key: str
    reason: Reason
    clerk: str
    engineer: str
    usual: Mapping[str, object] = field(default_factory=dict)
    then: str = ""
    again: bool = True
    state: State | None = None
    why: Unavailable | None = None
    english: str = ""

    def told(self, **facts: object) -> Bilingual:
        """The engineer's line in both languages; in Chinese alone where the row has no English."""
        if self.english:
            return filled(self.engineer, self.english, facts)
        text = self.engineer.format(**facts)
        return Bilingual(text, text)


_PLATFORM = Bilingual("平台", "the platform")


class ShimError(Exception):
    """A failure that has a code and two texts.

    Attributes:
        row: what is said of it; None only in PlatformRefusal, whose words are the platform's.
        facts: the values in its texts, masked.
        message: the engineer's line, for where it is not known which platform is asked.
    """

    def __init__(self, row: Message | None, /, **facts: Any) -> None:
        self.row = row
        self.facts = facts
        self.message = "" if row is None else self.line(_PLATFORM)
        super().__init__(self.message)

    def line(self, platform: str) -> str:
        """The engineer's line; of a refusal, what the platform said.

        Args:
            platform: the name of the platform that is asked.
        """
        return self.message if self.row is None else self.row.engineer.format(platform=platform, **self.facts)

    def told_of(self, platform: str) -> Bilingual:
        """`line` in both languages, for the commands; the name of the platform may know its English."""
        if self.row is None:
            return Bilingual(self.message, self.message)
        return self.row.told(platform=platform, **self.facts)

    @property
    def told(self) -> Bilingual:
        """`message` in both languages, for the commands."""
        return self.told_of(_PLATFORM)

    @property
    def reason(self) -> Reason | None:
        """The row's reason."""
        return None if self.row is None else self.row.reason

    @property
    def vc_code(self) -> str:
        """The return value of VirtualCardTrans, VC appendix 1."""
        return (self.reason or Reason.INTERNAL).vc_code

    @property
    def ec_code(self) -> str:
        """The return value of NationEcTrans, EC table C.4."""
        return (self.reason or Reason.INTERNAL).ec_code


class HostError(ShimError):
    """A fault of the host program, or of vcshim.ini."""


class PlatformError(ShimError):
    """A fault of the platform, or of the network on the way to it."""


class OwnError(ShimError):
    """A fault of this component, or of how this PC is set up."""


class PlatformRefusal(PlatformError):
    """The platform said no: its code and its text survive unchanged, known to the tables or not.

    `answer` is the text of its whole answer.
    """

    def __init__(self, code: str, message: str, answer: str = "") -> None:
        super().__init__(None)
        self.code, self.message, self.answer = code, message, answer
        self.args = (message,)

    @property
    def vc_code(self) -> str:
        return self.code

    @property
    def ec_code(self) -> str:
        return self.code


def mask(value: object) -> str:
    """A value as a message or a log may show it: its first character and its length, nothing more.

    Short values (up to two characters: flags, types, sexes) are hidden whole, or they would be shown whole.
    """
    text = value if isinstance(value, str) else str(value)
    return f"{text[:1] if len(text) > 2 else ''}***（{len(text)} 字）"


def mask_told(value: object) -> Bilingual:
    """The same for a text that commands show in both languages."""
    text = str(value)
    begins = text[:1] if len(text) > 2 else ""
    return Bilingual(f"{begins}***（{len(text)} 字）", f"{begins}*** ({len(text)} characters)")


_WRITTEN_MASK = re.compile(r"(.?\*\*\*)（([0-9]+) 字）")


def written_mask(text: str) -> str:
    """A masked value that was written down, as in the journal, in both languages; any other text as it is."""
    match = _WRITTEN_MASK.fullmatch(text)
    return Bilingual(text, f"{match[1]} ({match[2]} characters)") if match else text


# Three digits are enough for SM4, base64 and AES256, and too few for a number of a person, a phone or a card.
_NAME = re.compile(r"(?!(?:[^0-9]*[0-9]){4})[A-Za-z][A-Za-z0-9._-]{0,49}")


def shown_name(text: str) -> str:
    """A name that a host or a platform has chosen (method, field, type word), as a message or a log may show it.

    Text that looks like an identifier is shown as it is: a Latin letter, then up to 49 letters, dots, dashes,
    underscores and three digits at most. Anything else may be a patient's data and goes through `mask`.
    """
    return text if _NAME.fullmatch(text) else mask_told(text)
