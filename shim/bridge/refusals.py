"""Why the service does not carry something out: a row each, which a page gets as HTTP status, name and sentence.

What the DLLs themselves answer is never a row here: that is a result, whatever its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """One reason.

    Attributes:
        name: for programs; never changes.
        status: the HTTP status.
        text: in Chinese, for the HIS developer; ``{name}`` is a fact.
    """

    name: str
    status: int
    text: str


class BridgeRefusal(Exception):
    """Something is refused, or its outcome is not known."""

    def __init__(self, row: RefusalRow, **facts: object) -> None:
        self.row = row
        self.text = row.text.format(**facts)
        super().__init__(self.text)

    @classmethod
    def again(cls, row: RefusalRow, text: str) -> BridgeRefusal:
        """One that another process has raised, with the text that it had there."""
        refusal = cls.__new__(cls)
        Exception.__init__(refusal, text)
        refusal.row, refusal.text = row, text
        return refusal

    @property
    def answer(self) -> dict[str, Any]:
        """What the page gets."""
        return {"error": self.row.name, "text": self.text}


# ---- who asks --------------------------------------------------------------------------------------------------------

HOST = RefusalRow("host", 421, "请求的 Host 头不是 127.0.0.1 或 localhost 加本服务的端口，已拒绝")
ORIGIN = RefusalRow("origin", 403, "网站 {origin} 不在 [bridge] origins 中，已拒绝")
SITE = RefusalRow("site", 403, "请求来自浏览器中的其他网站，而且没有 Origin 头，已拒绝")
USER = RefusalRow("user", 403, "这是其他用户或其他 Windows 会话的服务，已拒绝")
TOKEN = RefusalRow("token", 401, "没有令牌，或令牌不对。令牌见 [bridge] token，或运行 vcshim bridge --token")
PROGRAM_ONLY = RefusalRow("program_only", 403, "网页不能停止本服务")

# ---- what is asked ---------------------------------------------------------------------------------------------------

PATH = RefusalRow("path", 404, "没有这个地址。可用的见 docs/bridge.md")
METHOD = RefusalRow("method", 405, "这个地址只接受 {methods}")
CONTENT_TYPE = RefusalRow("content_type", 415, "Content-Type 应为 application/json")
CALL = RefusalRow("call", 404, "没有函数 {name}。可调用：{names}")
JSON = RefusalRow("json", 400, "请求不是 JSON 对象")
FIELD = RefusalRow("field", 400, "函数 {call} 的 {field} {problem}")
UNKNOWN_FIELD = RefusalRow("unknown_field", 400, "函数 {call} 没有参数 {field}。参数：{names}")
IDENTIFIER = RefusalRow("id", 400, "id 应为 1 到 64 个英文字母、数字或 . _ -")
USED = RefusalRow("id_used", 409, "id 为 {id} 的调用还没有结束")
SIZE = RefusalRow("size", 413, "请求超过 {bytes} 字节")

# ---- whether it can be done ------------------------------------------------------------------------------------------

BUSY = RefusalRow("busy", 429, "同时进行的调用已有 {count} 个，请等它们结束。本次没有调用")
CONNECTIONS = RefusalRow("connections", 429, "WebSocket 连接已有 {count} 个，请先关闭不用的")
NO_LIBRARY = RefusalRow("no_library", 503, "无法加载 {file}：{problem}。本次没有调用")
NOT_STARTED = RefusalRow("not_started", 503, "加载动态库的进程没有启动：{problem}。本次没有调用")
OFTEN_ENDED = RefusalRow("often_ended", 503, "动态库一分钟内已有 {count} 次使进程意外结束，一分钟后再试。本次没有调用")
ENDED = RefusalRow(
    "ended", 502, "动态库使进程意外结束（退出码 {code}），结果未知：业务可能已办成，请先查询。服务会自动恢复"
)
LATE = RefusalRow("late", 504, "{seconds} 秒没有等到动态库返回，结果未知：业务可能已办成，请先查询")
STOPPING = RefusalRow("stopping", 503, "本服务正在停止。本次没有调用")
FAULT = RefusalRow("fault", 500, "vcshim bridge 内部出错（{kind}），结果未知：业务可能已办成，请先查询")

ROWS: dict[str, RefusalRow] = {row.name: row for row in tuple(globals().values()) if isinstance(row, RefusalRow)}
"""All of them, by name."""
