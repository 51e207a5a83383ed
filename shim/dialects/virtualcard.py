"""VirtualCardChk.dll's side of the wire: InData to a sealed request, an answer to OutData (VC 3.2, 4). No I/O.

The service calls `parse_vc_request`, `seal_vc_request` and `open_vc_answer` in this order and does everything in
between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shim import codec, validate
from shim.dialects import envelope as envelopes
from shim.dialects.answers import check_characters, check_result, parse_answer, parse_text
from shim.dialects.dialect import Dialect
from shim.dialects.words import strip_words, word_names
from shim.errors import HostError, Message, PlatformError
from shim.http_answer import HttpAnswer
from shim.messages import answers, host
from shim.spec import find_method
from shim.spec.rows import Effect, Method
from shim.spec.virtualcard import COMMON

_COMMON_WORDS = word_names(COMMON)


@dataclass(frozen=True, slots=True)
class VcRequest:
    """A structurally sound request.

    Args:
        name: the method's name, in the specification's spelling if it is known.
        method: None for a name that the specification does not have: it is sent as it came.
        envelope: the common fields without key and biz_content.
        content: the fields of biz_content under the specification's names.
        secret: `key` of InData.
        spelled: names in `content` to the names that this host uses instead (``out.Alter_no`` to ``out_alter_no``);
            the answer uses them, too.
    """

    name: str
    method: Method | None
    envelope: dict[str, Any]
    content: dict[str, Any]
    secret: str
    spelled: dict[str, str]

    @property
    def scans(self) -> str | None:
        """The field of biz_content for a scanned code; None for a method that needs none."""
        return None if self.method is None else self.method.scans

    @property
    def effect(self) -> Effect:
        """What sending the request does. A method without a row changes something."""
        return Effect.CHANGE if self.method is None else self.method.effect


@dataclass(frozen=True, slots=True)
class VcAnswer:
    """An accepted answer.

    Args:
        text: OutData.
        sign_valid: whether its sign is that of its fields.
        fields: biz_content under the specification's names; empty if it is not an object.
    """

    text: str
    sign_valid: bool
    fields: dict[str, Any]


def parse_vc_request(in_data: str, dialect: Dialect) -> VcRequest:
    """InData as a request, its one-word fields stripped.

    HostError with a code of VC appendix 1 for every structural fault.
    """
    envelope = codec.loads_object(in_data, "InData", "VC 3.2")
    content = envelope.pop("biz_content", None)
    envelope = strip_words(envelope, _COMMON_WORDS | {dialect.sign_type_name})
    _require(envelope, "method", host.NO_METHOD, host.SLIP_OF_METHOD)
    _require(envelope, "app_id", host.NO_APP_ID, host.SLIP_OF_APP_ID)
    _require(envelope, "term_id", host.NO_TERM_ID, host.SLIP_OF_TERM_ID)
    _require(envelope, "version", host.NO_VERSION, host.SLIP_OF_VERSION)
    sign_type = envelope.get("sign_type") or envelope.get(dialect.sign_type_name) or ""
    envelopes.check_types(dialect, str(sign_type), str(envelope.get("enc_type") or ""))
    secret = envelope.pop("key", None)
    if not isinstance(secret, str) or not secret:
        raise _missing(envelope, "key", host.NO_KEY, host.SLIP_OF_KEY)
    method = find_method(str(envelope["method"]))
    if method is None:  # sent as it came, whatever it holds
        return VcRequest(str(envelope["method"]), None, envelope, _content(content, required=False), secret, {})
    envelope["method"] = method.name
    fields, spelled = _canonical(method, _content(content, required=True))
    fields = strip_words(fields, word_names(method.request))
    return VcRequest(method.name, method, envelope, fields, secret, spelled)


def seal_vc_request(request: VcRequest, dialect: Dialect) -> bytes:
    """The body of the POST: one JSON object, UTF-8, fields in the host's order."""
    envelope = dict(request.envelope)
    envelope.pop("sign", None)
    envelope["biz_content"] = codec.dumps(request.content)
    return codec.dumps(envelopes.seal_envelope(dialect, envelope, request.secret)).encode("utf-8", "replace")


def open_vc_answer(received: HttpAnswer, request: VcRequest, dialect: Dialect) -> VcAnswer:
    """Decrypt the answer to `request` and verify its sign.

    Raises:
        PlatformRefusal: the platform's own code and message, if the code does not mean success, whatever the status.
        PlatformError: the answer cannot be read or decrypted, or its status is not 2xx.
    """
    answer = parse_answer(received)
    envelope = envelopes.answer_envelope(dialect, answer)
    levels = envelopes.answer_levels(dialect, answer)
    has_code = check_result(received, levels, dialect.code_names, dialect.message_names, dialect.success)
    asked = request.envelope
    enc_type, sign_type = (str(asked.get(name) or "") for name in ("enc_type", "sign_type"))
    enc_type = str(envelope.get("enc_type") or enc_type)
    plain = envelopes.open_content(dialect, envelope, enc_type, request.secret, app_id=str(asked["app_id"]))
    valid = envelopes.verify_sign(dialect, envelope, plain, request.secret, sign_type=sign_type)
    content = _opened(plain)
    if not has_code and not content:
        raise PlatformError(answers.NO_CODE_NO_CONTENT)
    fields: dict[str, Any] = content if isinstance(content, dict) else {}
    if isinstance(content, dict):
        content = {request.spelled.get(name, name): value for name, value in content.items()}
    # As hosts know it: compact, keys sorted (VC 3.2, example), the host's spelling.
    text = codec.dumps(content, sort_keys=True)
    check_characters(text)
    return VcAnswer(text, valid, fields)


def _opened(plain: str) -> Any:
    """A decrypted biz_content as JSON; an empty text is an empty object."""
    if not plain.strip():
        return {}
    return parse_text(plain, answers.CONTENT_NOT_JSON, surrogates=True)  # check_characters names them


def _require(envelope: dict[str, Any], name: str, row: Message, slip: Message) -> None:
    value = envelope.get(name)
    if value is None or value == "" or isinstance(value, (dict, list)):
        raise _missing(envelope, name, row, slip)


def _missing(envelope: dict[str, Any], name: str, row: Message, slip: Message) -> HostError:
    """The error for a common field that is missing; of row `slip` where another one was probably meant for it."""
    meant = validate.slip_of(name, envelope)
    return HostError(slip, slip=meant) if meant else HostError(row)


def _content(value: Any, *, required: bool) -> dict[str, Any]:
    """biz_content as an object, whether it came as one or as its JSON text."""
    if value is None or (isinstance(value, str) and not codec.strip_word(value)):
        if required:
            raise HostError(host.NO_CONTENT)
        return {}
    if isinstance(value, str):
        value = codec.loads(value, "biz_content")
    if not isinstance(value, dict):
        raise HostError(host.NOT_OBJECT, field="biz_content", clause="VC 4.1.1")
    return value


def _canonical(method: Method, content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The content under the specification's names, and those names to the spelling of the host where they differ."""
    names = {name: _specified(method, name) for name in content}
    # A field in both spellings keeps both: the platform decides which one counts.
    names = {name: name if names[name] in content else names[name] for name in content}
    spelled = {names[name]: name for name in content if names[name] != name}
    return {names[name]: value for name, value in content.items()}, spelled


def _specified(method: Method, name: str) -> str:
    return next((field.name for field in method.request if name in field.aliases), name)
