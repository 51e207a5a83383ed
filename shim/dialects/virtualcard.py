"""VirtualCardChk.dll's side of the wire: InData to a sealed request, an answer to OutData (VC 3.2, 4). No I/O.

L2: the service calls `prepare`, `seal` and `open_answer` in this order and does everything in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shim import codec
from shim.dialects import answer as answers
from shim.dialects import seal as sealing
from shim.dialects.table import Dialect
from shim.errors import HostError, PlatformError, PlatformRefusal, Reason
from shim.spec import find_method
from shim.spec.rows import Method

SUCCESS = "00"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is structurally sound: `envelope` without key and biz_content, `content` the fields of the latter.

    `method` is None for a name that the specification does not know: it is sent as it came. `spelled` maps the names
    of fields to those that this host uses instead (``out.Alter_no`` to ``out_alter_no``); the answer uses them too.
    """

    name: str
    method: Method | None
    envelope: dict[str, Any]
    content: dict[str, Any]
    secret: str
    spelled: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted answer: `text` for OutData, `sign_fits` whether its sign did.

    `fields` is the opened biz_content under the specification's own names; empty where it is not an object.
    """

    text: str
    sign_fits: bool
    fields: dict[str, Any]


def prepare(in_data: str, dialect: Dialect) -> Request:
    """InData as a request. HostError with a code of VC appendix 1 for every structural fault."""
    value = codec.parse(in_data, "InData")
    if not isinstance(value, dict):
        raise HostError(Reason.NOT_JSON, "InData 应为一个 JSON 对象（VC 3.2）")
    envelope: dict[str, Any] = value
    _require(envelope, "method", Reason.NO_METHOD, "接口名称")
    _require(envelope, "app_id", Reason.NO_APP_ID, "应用编号")
    _require(envelope, "term_id", Reason.NO_TERM_ID, "终端编号")
    _require(envelope, "version", Reason.NO_VERSION, "接口版本号")
    sign_type = envelope.get("sign_type") or envelope.get(dialect.sign_type_name) or ""
    sealing.check_types(dialect, str(sign_type), str(envelope.get("enc_type") or ""))
    secret = envelope.pop("key", None)
    if not isinstance(secret, str) or not secret:
        raise HostError(Reason.INVALID_FIELD, "缺少应用密钥 key（VC 4.1.1），无法签名")
    content = _content(envelope.pop("biz_content", None))
    method = find_method(str(envelope["method"]))
    spelled: dict[str, str] = {}
    if method is not None:
        envelope["method"] = method.name
        own = {name: _canonical(method, name) for name in content}
        # A field that came in both spellings keeps both: which one was meant is the platform's to say.
        own = {name: name if own[name] in content else own[name] for name in content}
        spelled = {own[name]: name for name in content if own[name] != name}
        content = {own[name]: item for name, item in content.items()}
    return Request(str(envelope["method"]), method, envelope, content, secret, spelled)


def seal(request: Request, dialect: Dialect) -> bytes:
    """The body of the POST: one JSON object, UTF-8, fields in the host's order."""
    envelope = dict(request.envelope)
    envelope.pop("sign", None)
    envelope["biz_content"] = codec.dump(request.content)
    return codec.dump(sealing.seal(dialect, envelope, request.secret)).encode("utf-8", "replace")


def open_answer(body: bytes, request: Request, dialect: Dialect) -> Answer:
    """The answer to `request`, deciphered and compared with its sign. PlatformRefusal where the platform said no."""
    answer = answers.read(body)
    held = sealing.envelope(dialect, answer)
    code = answers.find(answer, dialect.code_names) or answers.find(held, dialect.code_names)
    if code is not None and code not in dialect.success:
        names = dialect.message_names
        raise PlatformRefusal(code, answers.find(answer, names) or answers.find(held, names) or "")
    if code is None and "biz_content" not in held:
        raise PlatformError(Reason.UNREADABLE_ANSWER, "平台应答中既没有返回码也没有 biz_content，请核对 [wire] dialect")
    asked = request.envelope
    enc_type, sign_type = (str(asked.get(name) or "") for name in ("enc_type", "sign_type"))
    enc_type = str(held.get("enc_type") or enc_type)
    plain = sealing.open_content(dialect, held, enc_type, request.secret, app_id=str(asked["app_id"]))
    fits = sealing.sign_fits(dialect, held, plain, request.secret, sign_type=sign_type)
    content = _opened(plain)
    fields: dict[str, Any] = content if isinstance(content, dict) else {}
    if isinstance(content, dict):
        content = {request.spelled.get(name, name): value for name, value in content.items()}
    # As hosts know it: compact, keys sorted (VC 3.2, example), the host's spelling.
    return Answer(codec.dump(content, sort_keys=True), fits, fields)


def _opened(plain: str) -> Any:
    """The biz_content that was deciphered, as JSON; an empty text is an empty object."""
    if not plain.strip():
        return {}
    try:
        return codec.parse(plain, "biz_content")
    except HostError as error:
        raise PlatformError(
            Reason.UNREADABLE_ANSWER, f"平台应答的 biz_content 不是合法的 JSON（{len(plain)} 字），请核对应用密钥 key"
        ) from error


def _require(envelope: dict[str, Any], name: str, reason: Reason, title: str) -> None:
    value = envelope.get(name)
    if value is None or value == "" or isinstance(value, (dict, list)):
        raise HostError(reason, f"InData 缺少 {name}（{title}，VC 4.1.1）")


def _content(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = codec.parse(value, "biz_content") if value.strip() else {}
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise HostError(Reason.NOT_JSON, "biz_content 应为一个 JSON 对象（VC 4.1.1）")
    return value


def _canonical(method: Method, name: str) -> str:
    return next((field.name for field in method.request if name in field.aliases), name)
