"""The fault rules that the console's form offers, as rows; the form parsed and shown. Pure; no page.

A directive without a row here goes into the free lines of the form. Used by this package only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from shim.simulator.directives import Directives
from shim.simulator.faults import FaultRule, FaultRuleSet

_GREATEST_SEED = 2**53


@dataclass(frozen=True, slots=True)
class FaultSwitch:
    """One row of the form: the directive `name` and its default value.

    `unit` is "" for a directive that is on or off; `low` and `high` limit a number, both are 0 for text.
    """

    name: str
    title: str
    english: str
    unit: str = ""
    value: str = "1"
    low: int = 0
    high: int = 0
    note: str = ""


# Title of the group, its English label, its rows.
GROUPS: tuple[tuple[str, str, tuple[FaultSwitch, ...]], ...] = (
    (
        "速度",
        "Speed",
        (
            FaultSwitch("delay", "延迟应答", "Latency", "毫秒", "500", 1, 600_000, "交易照常执行，应答晚到"),
            FaultSwitch(
                "drip",
                "逐字节慢发",
                "Slow drip",
                "毫秒/字节",
                "20",
                1,
                60_000,
                "交易照常执行，应答一个字节一个字节地到",
            ),
            FaultSwitch("never", "永不应答", "Never answers", note="交易已执行，连接不断开（最多一小时）"),
        ),
    ),
    (
        "连接",
        "Connection",
        (
            FaultSwitch(
                "down",
                "拒绝连接",
                "Refused",
                "毫秒",
                "5000",
                1,
                600_000,
                "交易未执行，断开现有连接，一段时间内不接受新连接",
            ),
            FaultSwitch("early", "读取前重置", "Reset before reading", note="交易未执行"),
            FaultSwitch("reset", "读取后重置", "Reset after reading", note="交易已执行，结果未知"),
            FaultSwitch("drop", "不答即断", "Closed without answer", note="交易已执行，结果未知"),
            FaultSwitch("half", "只发半个应答", "Half an answer", note="交易已执行，应答发到一半断开，结果未知"),
        ),
    ),
    (
        "放宽检查",
        "Leniency",
        (
            FaultSwitch("again", "允许重复使用", "Reuse allowed", note="流水号、一次性医保码可重复使用"),
            FaultSwitch("lax", "放宽字段检查", "Fields not checked", note="不检查必填、长度、字典和时间"),
            FaultSwitch(
                "agree", "自动确认授权", "Consents by itself", "毫秒后", "3000", 0, 59_000, "无需打开手机授权页"
            ),
        ),
    ),
    (
        "应答内容",
        "Answer",
        (
            FaultSwitch(
                "refuse",
                "业务拒绝",
                "Refusal",
                "返回码",
                "9998",
                note="交易未执行，返回 VC 附录1 或 EC C.4 中的任一返回码",
            ),
            FaultSwitch(
                "http",
                "HTTP 错误页",
                "HTTP error page",
                "状态码",
                "500",
                200,
                599,
                "交易已执行，返回 HTML 错误页，结果未知",
            ),
            FaultSwitch("empty", "空应答", "Empty body", note="交易已执行，HTTP 200 而没有应答，结果未知"),
            FaultSwitch("huge", "超大应答", "Oversized answer", note="交易已执行，应答 9 MB，后面全是空格"),
            FaultSwitch(
                "label", "错误的字符集", "Wrong charset", "字符集", "gbk", note="Content-Type 头声明的与实际不符"
            ),
            FaultSwitch("gbkbody", "GBK 报文", "GBK body", note="报文为 GB18030，Content-Type 头仍写 UTF-8"),
            FaultSwitch("unsigned", "应答无签名", "Unsigned answer", note="仅多码融合平台"),
            FaultSwitch("spoil", "应答签名错误", "Wrong sign", note="仅多码融合平台"),
        ),
    ),
)
_ROWS = {row.name: row for _, _, rows in GROUPS for row in rows}


@dataclass(frozen=True, slots=True)
class SwitchState:
    """The inputs of one row, as text; `percent` is the probability."""

    on: bool
    value: str
    percent: str


@dataclass(frozen=True, slots=True)
class FaultForm:
    """The contents of the form. `more` has further rules, one to a line."""

    switches: dict[str, SwitchState]
    more: str
    seed: str


def form_from_rules(rule_set: FaultRuleSet) -> FaultForm:
    """Return the form that shows the rules in force."""
    switches = {row.name: SwitchState(False, row.value, "100") for row in _ROWS.values()}
    more = []
    for rule in rule_set.rules:
        name, _, value = rule.directives.partition(":")
        if name in switches and not switches[name].on and "," not in rule.directives:
            switches[name] = SwitchState(True, value, f"{rule.probability * 100:.10g}")
        else:
            more.append(str(rule))
    return FaultForm(switches, "\n".join(more), str(rule_set.seed))


def form_from_request(field: Callable[[str], str]) -> FaultForm:
    """Return the form as it was sent. `field` returns the text of an input, "" if it was not sent."""
    switches = {
        row.name: SwitchState(
            bool(field(f"on-{row.name}")), field(f"value-{row.name}") or row.value, field(f"chance-{row.name}") or "100"
        )
        for row in _ROWS.values()
    }
    return FaultForm(switches, field("more"), field("seed") or "0")


def rules_from_form(form: FaultForm) -> FaultRuleSet:
    """Return the rules that a form asks for.

    Raises:
        ValueError: Something in the form is wrong; the message says in Chinese what.
    """
    switched = tuple(_switched_rule(_ROWS[name], switch) for name, switch in form.switches.items() if switch.on)
    more = tuple(_free_rule(line) for line in form.more.splitlines() if line.strip())
    if not re.fullmatch("-?[0-9]{1,16}", form.seed) or abs(int(form.seed)) > _GREATEST_SEED:
        raise ValueError(f"随机种子应为整数：{form.seed[:40]}")
    return FaultRuleSet(switched + more, int(form.seed))


def _switched_rule(row: FaultSwitch, switch: SwitchState) -> FaultRule:
    value = switch.value if row.unit else "1"
    if row.high and not (re.fullmatch("[0-9]{1,9}", value) and row.low <= int(value) <= row.high):
        raise ValueError(f"“{row.title}”的{row.unit}应为 {row.low} 至 {row.high} 的整数：{value[:40]}")
    if not re.fullmatch("[0-9A-Za-z_-]{1,20}", value):
        raise ValueError(f"“{row.title}”的{row.unit}应为 1 至 20 个字母或数字：{value[:40]}")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", switch.percent) or float(switch.percent) > 100:
        raise ValueError(f"“{row.title}”的概率应为 0 至 100：{switch.percent[:40]}")
    directive = f"{row.name}:{value}"
    Directives.parse(directive)
    return FaultRule(directive, float(switch.percent) / 100)


def _free_rule(line: str) -> FaultRule:
    try:
        return FaultRule.parse(line)
    except ValueError as error:
        raise ValueError(f"“其他规则”中这一行看不懂：{line[:60]}（{error}）") from None


def describe_rule(rule: FaultRule) -> str:
    """Return a rule in the words of the form, for the bar at the top of the console."""
    name, _, value = rule.directives.partition(":")
    row = _ROWS.get(name)
    if row is None or "," in rule.directives:
        text = rule.directives
    else:
        text = f"{row.title} {value} {row.unit}" if row.unit else row.title
    return text if rule.probability == 1 else f"{text}（{rule.probability * 100:.10g}%）"
