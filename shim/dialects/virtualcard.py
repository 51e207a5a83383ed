"""VirtualCardChk.dll's side of the wire: InData to a sealed request, an answer to OutData (VC 3.2, 4). No I/O.

The service calls `parse_vc_request`, `seal_vc_request` and `open_vc_answer` in this order and does everything in
between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shim import codec, validate
from shim.dialects import envelope as envelopes
from shim.dialects.additions import additions, split_path
from shim.dialects.answers import answer_text, check_result, first_text, parse_answer, parse_text
from shim.dialects.body import as_texts, body_style, written_body
from shim.dialects.dialect import Dialect
from shim.dialects.json_styles import styled_json
from shim.dialects.made import LiveMaker, Maker, parts_of
from shim.dialects.outdata import OutSources, OutStyle, out_data
from shim.dialects.sent_headers import sent_headers
from shim.dialects.verbatim import inside_string, put, raw_value, unquoted
from shim.dialects.words import strip_words, word_names
from shim.errors import HostError, Message, PlatformError
from shim.http_answer import HttpAnswer
from shim.messages import answers, host
from shim.once import once_for_each
from shim.settings.pairs import Pairs
from shim.spec import find_method
from shim.spec.rows import Effect, Field, Method
from shim.spec.virtualcard import COMMON

_COMMON_WORDS = word_names(COMMON)
_REQUIRED = (
    ("method", host.NO_METHOD, host.SLIP_OF_METHOD),
    ("app_id", host.NO_APP_ID, host.SLIP_OF_APP_ID),
    ("term_id", host.NO_TERM_ID, host.SLIP_OF_TERM_ID),
    ("version", host.NO_VERSION, host.SLIP_OF_VERSION),
)


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
        came: `content` as it came, before a code was put into it.
        content_text: the host's own text of biz_content; "" if it has none.
        order: the names of InData, in the host's order.
        untidied: the common fields as the host wrote them, blanks and the method's spelling included.
    """

    name: str
    method: Method | None
    envelope: dict[str, Any]
    content: dict[str, Any]
    secret: str
    spelled: dict[str, str]
    came: Mapping[str, Any] = field(default_factory=dict)
    content_text: str = ""
    order: tuple[str, ...] = ()
    untidied: Mapping[str, Any] = field(default_factory=dict)

    @property
    def came_names(self) -> frozenset[str]:
        """The fields of biz_content that the host has, in either spelling."""
        return frozenset((*self.came, *(self.spelled.get(name, name) for name in self.came)))

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
    order = tuple(envelope)
    content = envelope.pop("biz_content", None)
    untidied = envelope if dialect.host_words == "kept" else {}
    envelope = strip_words(envelope, _envelope_words(dialect))
    for name, missing, slip in _REQUIRED:
        if name not in dialect.may_be_empty:
            _require(envelope, name, missing, slip)
    envelope |= _constant_types(dialect, envelope)
    sign_type = envelope.get(dialect.sign_type_name) or envelope.get("sign_type") or ""
    envelopes.check_types(dialect, str(sign_type), str(envelope.get("enc_type") or ""))
    secret = envelope.pop("key", None)
    if not dialect.app_key and (not isinstance(secret, str) or not secret):
        raise _missing(envelope, "key", host.NO_KEY, host.SLIP_OF_KEY)
    secret = str(untidied.get("key", secret) or "")
    method = find_method(str(envelope.get("method") or ""))
    text = _own_text(in_data) if dialect.content_text == "verbatim" else ""
    if method is None:  # sent as it came, whatever it holds
        fields = _content(content, required=False)
        return VcRequest(
            str(envelope.get("method") or ""), None, envelope, fields, secret, {}, dict(fields), text, order, untidied
        )
    envelope["method"] = method.name
    fields, spelled = _canonical(method, _content(content, required=True))
    if dialect.host_words == "tidied":
        fields = strip_words(fields, word_names(method.request))
    return VcRequest(method.name, method, envelope, fields, secret, spelled, dict(fields), text, order, untidied)


def seal_vc_request(request: VcRequest, dialect: Dialect, maker: Maker | None = None) -> bytes:
    """The body of the POST: one JSON object, UTF-8, fields in the host's order, unless the dialect says otherwise.

    Args:
        maker: makes what the DLL fills in itself; None makes values of the clock and at random, without addresses.
    """
    return sealed_vc_request(request, dialect, maker).body


@dataclass(frozen=True, slots=True)
class VcSealed:
    """A request as it is sent: its body, and the HTTP headers that the dialect adds."""

    body: bytes
    headers: Pairs


def sealed_vc_request(request: VcRequest, dialect: Dialect, maker: Maker | None = None) -> VcSealed:
    """The request to send; arguments as those of `seal_vc_request`."""
    maker = maker or LiveMaker()
    envelope = request_envelope(request, dialect, maker)
    sealed = envelopes.seal_envelope(dialect, envelope, request.secret, maker=maker)
    headers = sent_headers(dialect.headers, sealed)
    if dialect.sign_place == "nowhere":
        del sealed[dialect.sign_name]
    return VcSealed(written_body(body_style(dialect), sealed), headers)


def request_envelope(request: VcRequest, dialect: Dialect, maker: Maker) -> dict[str, Any]:
    """What is signed and sealed: the common fields and biz_content as text, with what the DLL fills in itself."""
    own = dict(request.envelope)
    if request.untidied:
        own = {name: request.untidied.get(name, value) for name, value in own.items()}
    if request.order:
        own = {name: value for name, value in own.items() if name in request.order}
    outer, inner = _made(request, dialect, own, maker) if dialect.added or dialect.filled else ({}, {})
    text = _content_text(request, dialect, inner)
    before: dict[str, Any] = {}
    behind = {name: value for name, value in outer.items() if name not in own}
    if dialect.put_place == "start":
        before, behind = behind, {}
    own |= {name: value for name, value in outer.items() if name in own}
    if dialect.content_place == "end" or "biz_content" not in request.order:
        return {**before, **own, **behind, "biz_content": text}
    names = (name for name in request.order if name in own or name == "biz_content")
    return before | {name: text if name == "biz_content" else own[name] for name in names} | behind


def _made(
    request: VcRequest, dialect: Dialect, own: Mapping[str, Any], maker: Maker
) -> tuple[dict[str, str], dict[str, str]]:
    """What the DLL fills in itself: beside biz_content, and inside."""
    fields = {**own, "biz_content": _as_spelled(request, request.content)}
    made = additions(dialect.added, dialect.filled, fields, maker)
    outer = dict(pair for pair in made if len(split_path(pair[0], _OBJECTS)) == 1)
    return outer, {path[1]: value for name, value in made if len(path := split_path(name, _OBJECTS)) > 1}


@once_for_each
def out_style(dialect: Dialect) -> OutStyle:
    """The columns out_… of a dialect."""
    return OutStyle(
        dialect.out_order,
        dialect.out_fields,
        dialect.out_text,
        dialect.out_spaces,
        dialect.out_escape,
        dialect.out_end,
        dialect.out_dropped,
        dialect.out_renamed,
        dialect.out_added,
    )


def open_vc_answer(received: HttpAnswer, request: VcRequest, dialect: Dialect) -> VcAnswer:
    """Decrypt the answer to `request` and verify its sign.

    Raises:
        PlatformRefusal: the platform's own code and message, if the code does not mean success, whatever the status;
            with the answer's text.
        PlatformError: the answer cannot be read or decrypted, or its status is not 2xx.
    """
    answer = parse_answer(received)
    envelope = envelopes.answer_envelope(dialect, answer)
    levels = envelopes.answer_levels(dialect, answer)
    has_code = check_result(received, levels, dialect.code_names, dialect.message_names, dialect.success)
    asked = request.envelope
    enc_type = str(envelope.get("enc_type") or asked.get("enc_type") or "")
    sign_type = str(asked.get(dialect.sign_type_name) or asked.get("sign_type") or "")
    plain = envelopes.open_content(dialect, envelope, enc_type, request.secret, app_id=str(asked.get("app_id") or ""))
    valid = envelopes.verify_sign(dialect, envelope, plain, request.secret, sign_type=sign_type)
    content = _opened(plain)
    if not has_code and not content:
        raise PlatformError(answers.NO_CODE_NO_CONTENT)
    fields: dict[str, Any] = content if isinstance(content, dict) else {}
    asked_for = {**asked, "biz_content": _as_spelled(request, request.content)} if dialect.out_added else {}
    sources = OutSources((answer, envelope), asked_for)
    shown, raw = _shown(dialect, request, received, answer, envelope, levels, content, plain)
    text = shown if raw is None and isinstance(shown, _Message) else out_data(out_style(dialect), shown, raw, sources)
    return VcAnswer(str(text), valid, fields)


class _Message(str):
    """OutData that is no JSON."""

    __slots__ = ()


def _shown(
    dialect: Dialect,
    request: VcRequest,
    received: HttpAnswer,
    answer: dict[str, Any],
    envelope: Mapping[str, Any],
    levels: tuple[Mapping[str, Any], ...],
    content: Any,
    plain: str,
) -> tuple[Any, str | None]:
    """What OutData holds, by `out_form`, and the text that it was read from."""
    if dialect.out_form == "message":
        texts = (first_text(level, dialect.message_names) for level in levels)
        return _Message(next(filter(None, texts), "")), None
    if dialect.out_form == "content":
        if isinstance(content, dict):  # as hosts know it: compact, keys sorted (VC 3.2, example), the host's spelling
            spelled = _as_spelled(request, content)
            return spelled, _raw_content(dialect, received, answer, envelope, plain)
        return content, _raw_content(dialect, received, answer, envelope, plain)
    if dialect.out_form == "wrapped":
        return wrapped_answer(dialect, levels, content), None
    whole = answer_text(received)
    if dialect.out_form == "answer":
        return answer, whole
    opened = content if dialect.out_form == "envelope" else plain
    name = dialect.answer_content
    if envelope is answer:
        path: tuple[str, ...] = (name,)
        shown = {**answer, name: opened} if name in answer else answer
    else:
        data = envelopes.data_of(answer) or {}
        path, shown = ("data", name), {**answer, "data": {**data, name: opened}}
    text = plain if dialect.out_form == "envelope" and plain.strip() else codec.dumps(opened)
    try:
        return shown, put(unquoted(whole), path, text)
    except ValueError:
        return shown, None


def wrapped_answer(dialect: Dialect, levels: Sequence[Mapping[str, Any]], content: Any) -> dict[str, Any]:
    """Code, message and the opened biz_content of an answer, under the names that it has for them."""
    shown: dict[str, Any] = {}
    for names in (dialect.code_names, dialect.message_names):
        found = ((name, level[name]) for level in levels for name in names if level.get(name) is not None)
        name, value = next(found, ("", None))
        if name:
            shown[name] = value
    return {**shown, dialect.answer_content: content}


def _raw_content(
    dialect: Dialect, received: HttpAnswer, answer: dict[str, Any], envelope: Mapping[str, Any], plain: str
) -> str | None:
    """The platform's own text of biz_content; None if it has none."""
    name = dialect.answer_content
    if isinstance(envelope.get(name), str):
        return plain if plain.strip() else None
    path = (name,) if envelope is answer else ("data", name)
    return raw_value(unquoted(answer_text(received)), *path)


def vc_failure_text(dialect: Dialect, code: str, message: str) -> str:
    """OutData of a failed call, by `out_failure`; `code` never reads as success."""
    if dialect.out_failure == "message":
        return message
    if dialect.out_failure == "code-message":
        return f"{code}:{message}"
    number = dialect.out_failure == "json-number" and code.lstrip("-").isdecimal() and str(int(code)) == code
    return codec.dumps({dialect.code_names[0]: int(code) if number else code, dialect.message_names[0]: message})


def _opened(plain: str) -> Any:
    """A decrypted biz_content as JSON; an empty text is an empty object."""
    if not plain.strip():
        return {}
    return parse_text(plain, answers.CONTENT_NOT_JSON, surrogates=True)  # check_characters names them


_OBJECTS = ("biz_content",)


def _as_spelled(request: VcRequest, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields under this host's names."""
    spelled = request.spelled
    return {spelled.get(name, name): value for name, value in fields.items()} if spelled else dict(fields)


def _constant_types(dialect: Dialect, envelope: Mapping[str, Any]) -> dict[str, str]:
    """The type words that the dialect sets itself: they decide how the request is sealed."""
    if not dialect.added and not dialect.filled:
        return {}
    names = ("enc_type", "sign_type", dialect.sign_type_name)
    filled = [(name, rule) for name, rule in dialect.filled if not envelope.get(name)]
    rules = [(name, parts_of(rule)) for name, rule in (*dialect.added, *filled) if name in names]
    return {name: parts[0][1] for name, parts in rules if len(parts) == 1 and parts[0][0].name == "text"}


def _own_text(in_data: str) -> str:
    """The host's own text of biz_content: as it stands in InData, or what is inside if it is a JSON string."""
    text = raw_value(unquoted(in_data), "biz_content") or ""
    return inside_string(text) if text.startswith('"') else text


def _content_text(request: VcRequest, dialect: Dialect, made: Mapping[str, str]) -> str:
    """The text of biz_content with the fields of `made`."""
    if request.content_text:
        changes = {
            name: v for name, v in request.content.items() if name not in request.came or request.came[name] != v
        }
        changes = _as_spelled(request, changes)
        changes = {**made, **changes} if dialect.put_place == "code-last" else changes | dict(made)
        try:
            text, first = request.content_text, dialect.put_place == "start"
            for name, value in reversed(changes.items()) if first else changes.items():
                text = put(text, (name,), codec.dumps(value), first=first)
            return text
        except ValueError:  # what it was read from is odd: write it anew
            pass
    fields = request.content
    if dialect.host_words == "kept":
        fields = _as_spelled(request, fields)
    whole = {**fields, **made}
    if dialect.put_place == "code-last":
        scanned = {name: value for name, value in fields.items() if name not in request.came_names}
        whole = {name: value for name, value in whole.items() if name not in scanned} | scanned
    if dialect.put_place == "start":
        whole = {name: value for name, value in whole.items() if name not in request.came_names} | whole
    content = as_texts(whole, dialect.content_values)
    if dialect.content_empty == "drop":
        content = {name: value for name, value in content.items() if value is not None and value != ""}
    return styled_json(content, spaces=dialect.content_spaces, escape=dialect.content_escape)


@once_for_each
def _envelope_words(dialect: Dialect) -> frozenset[str]:
    return _COMMON_WORDS | {dialect.sign_type_name}


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
    by_alias = _by_alias(method.request)
    if by_alias.keys().isdisjoint(content):
        return dict(content), {}
    names = {name: by_alias.get(name, name) for name in content}
    # A field in both spellings keeps both: the platform decides which one counts.
    names = {name: name if names[name] in content else names[name] for name in content}
    spelled = {names[name]: name for name in content if names[name] != name}
    return {names[name]: value for name, value in content.items()}, spelled


@once_for_each
def _by_alias(rows: tuple[Field, ...]) -> Mapping[str, str]:
    """Names that hosts use to those of the specification; where two rows have one, the first counts."""
    return {alias: field.name for field in reversed(rows) for alias in field.aliases}
