"""Rows: the vendor's DLL, which [mode] run = capture or shadow lets answer, cannot.

C says the same: native/messages_build.py writes these rows for native/forward.c, with {path} and {error} in them.
"""

from __future__ import annotations

from shim.errors import Message, Reason, State
from shim.messages.clerk import IT_DEPARTMENT

_PATH = r"C:\HIS\VirtualCardChk.vendor.dll"
_REMEDY = "；请按 docs/replacing.md 放好原厂动态库，或在 vcshim.ini 设置 [vendor]，或改为 [mode] run = native"
_REMEDY_ENGLISH = (
    "; put the vendor's DLL where docs/replacing.md says, or set [vendor] in vcshim.ini, or [mode] run = native"
)

NOT_LOADED = Message(
    "vendor.not_loaded", Reason.INTERNAL, "原厂扫码组件没有装好",
    "[mode] run 为 capture 或 shadow，但不能加载原厂动态库 {path}（系统错误 {error}）" + _REMEDY,
    {"path": _PATH, "error": 126}, then=IT_DEPARTMENT, again=False,
    english="[mode] run is capture or shadow, but the vendor's DLL {path} cannot be loaded (system error {error})"
    + _REMEDY_ENGLISH,
)  # fmt: skip
IS_OURS = Message(
    "vendor.is_ours", Reason.INTERNAL, "原厂扫码组件没有装好",
    "[mode] run 为 capture 或 shadow，但 {path} 就是 vcshim 自己" + _REMEDY,
    {"path": _PATH}, then=IT_DEPARTMENT, again=False,
    english="[mode] run is capture or shadow, but {path} is vcshim itself" + _REMEDY_ENGLISH,
)  # fmt: skip
NO_EXPORT = Message(
    "vendor.no_export", Reason.INTERNAL, "原厂扫码组件没有这项功能",
    "原厂动态库 {path} 没有本函数，[mode] run = native 时才有",
    {"path": _PATH}, then=IT_DEPARTMENT, again=False,
    english="the vendor's DLL {path} has no such function; it is there with [mode] run = native only",
)  # fmt: skip
CRASHED = Message(
    "vendor.crashed", Reason.INTERNAL, "原厂扫码组件出错",
    "原厂动态库 {path} 在本次调用中崩溃（异常代码 {error}），没有发出请求",
    {"path": _PATH, "error": 3221225477}, then=IT_DEPARTMENT,
    english="the vendor's DLL {path} crashed in this call (exception code {error}); no request was sent",
)  # fmt: skip
CRASHED_SENT = Message(
    "vendor.crashed_sent", Reason.UNKNOWN_OUTCOME, "原厂扫码组件出错",
    "原厂动态库 {path} 在本次调用中崩溃（异常代码 {error}），请求可能已发出",
    {"path": _PATH, "error": 3221225477}, again=False, state=State.UNKNOWN,
    english="the vendor's DLL {path} crashed in this call (exception code {error}); the request may have been sent",
)  # fmt: skip
