"""The misbehaviour that the console's form can ask for, as rows; the form read and shown. Pure; no page.

What a word does is known to wishes, how often it meets a request to faults. Words without a row here go into the free
lines of the form. L3; only for this package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from shim.simulator.faults import Rule, Standing
from shim.simulator.wishes import Wish

_SEEDS = 2**53


@dataclass(frozen=True, slots=True)
class Switch:
    """One row of the form: `word` is the wish's, `value` its default.

    `unit` is "" where the word is said or not said and has no value; `low` and `high` limit a number, both 0 for text.
    """

    word: str
    title: str
    english: str
    unit: str = ""
    value: str = "1"
    low: int = 0
    high: int = 0
    note: str = ""


# Group, its English label, its rows.
GROUPS: tuple[tuple[str, str, tuple[Switch, ...]], ...] = (
    (
        "速度",
        "Speed",
        (
            Switch("delay", "延迟应答", "Latency", "毫秒", "500", 1, 600_000, "交易照常完成，应答晚到"),
            Switch("drip", "逐字节慢发", "Slow drip", "毫秒/字节", "20", 1, 60_000, "应答一个字节一个字节地到"),
            Switch("never", "永不应答", "Never answers", note="交易已完成，连接一直挂着"),
        ),
    ),
    (
        "连接",
        "Connection",
        (
            Switch("down", "拒绝连接", "Refused", "毫秒", "5000", 1, 600_000, "断开现有连接，一段时间内不接受新连接"),
            Switch("early", "读取前重置", "Reset before reading", note="交易未执行"),
            Switch("reset", "读取后重置", "Reset after reading", note="交易已执行，结果未知"),
            Switch("drop", "不答即断", "Closed without answer", note="交易已执行，结果未知"),
            Switch("half", "只发半个应答", "Half an answer", note="报文发到一半断开"),
        ),
    ),
    (
        "放宽检查",
        "Leniency",
        (
            Switch("again", "允许重复使用", "Reuse allowed", note="流水号、一次性医保码可重复使用"),
            Switch("lax", "允许缺少必填项", "Missing fields allowed", note="仅多码融合平台"),
            Switch("agree", "自动同意授权", "Consents by itself", "毫秒后", "3000", 0, 59_000, "无需打开手机授权页"),
        ),
    ),
    (
        "应答内容",
        "Answer",
        (
            Switch("refuse", "业务拒绝", "Refusal", "返回码", "9998", note="附录 1 或 C.4 中的任一返回码"),
            Switch("http", "HTTP 错误页", "HTTP error page", "状态码", "500", 200, 599, "返回网关的 HTML 错误页"),
            Switch("empty", "空应答", "Empty body", note="HTTP 200，没有报文"),
            Switch("huge", "超大应答", "Oversized answer", note="9 MB：报文之后全是空格"),
            Switch("label", "错误的字符集标签", "Wrong charset label", "字符集", "gbk", note="标签与实际编码不符"),
            Switch("gbkbody", "GBK 报文", "GBK body", note="报文为 GB18030，标签仍写 UTF-8"),
            Switch("unsigned", "应答无签名", "Unsigned answer", note="仅多码融合平台"),
            Switch("spoil", "应答签名错误", "Wrong sign", note="仅多码融合平台"),
        ),
    ),
)
_ROWS = {row.word: row for _, _, rows in GROUPS for row in rows}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the form shows beside a switch: texts, as they were typed or as a rule has them; `chance` in percent."""

    on: bool
    value: str
    chance: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form's contents; `more` has a rule on each line."""

    settings: dict[str, Setting]
    more: str
    seed: str


def form_of(standing: Standing) -> Form:
    """The form that says what is in force."""
    settings = {row.word: Setting(False, row.value, "100") for row in _ROWS.values()}
    more = []
    for rule in standing.rules:
        word, _, value = rule.wish.partition(":")
        if word in settings and not settings[word].on and "," not in rule.wish:
            settings[word] = Setting(True, value, f"{rule.probability * 100:.10g}")
        else:
            more.append(str(rule))
    return Form(settings, "\n".join(more), str(standing.seed))


def form_in(field: Callable[[str], str]) -> Form:
    """The form as it was sent; `field` gives what stands under a name, "" for nothing."""
    settings = {
        row.word: Setting(
            bool(field(f"on-{row.word}")), field(f"value-{row.word}") or row.value, field(f"chance-{row.word}") or "100"
        )
        for row in _ROWS.values()
    }
    return Form(settings, field("more"), field("seed") or "0")


def standing_of(form: Form) -> Standing:
    """The rules a form asks for. ValueError says in Chinese what is wrong in it."""
    switched = tuple(_rule(_ROWS[word], setting) for word, setting in form.settings.items() if setting.on)
    more = tuple(_free_rule(line) for line in form.more.splitlines() if line.strip())
    if not re.fullmatch("-?[0-9]{1,16}", form.seed) or abs(int(form.seed)) > _SEEDS:
        raise ValueError(f"随机种子应为整数：{form.seed[:40]}")
    return Standing(switched + more, int(form.seed))


def _rule(row: Switch, setting: Setting) -> Rule:
    value = setting.value if row.unit else "1"
    if row.high and not (re.fullmatch("[0-9]{1,9}", value) and row.low <= int(value) <= row.high):
        raise ValueError(f"“{row.title}”的{row.unit}应为 {row.low} 至 {row.high} 的整数：{value[:40]}")
    if not re.fullmatch("[0-9A-Za-z_-]{1,20}", value):
        raise ValueError(f"“{row.title}”的{row.unit}应为 1 至 20 个字母或数字：{value[:40]}")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", setting.chance) or float(setting.chance) > 100:
        raise ValueError(f"“{row.title}”的概率应为 0 至 100：{setting.chance[:40]}")
    wish = f"{row.word}:{value}"
    Wish.parse(wish)
    return Rule(wish, float(setting.chance) / 100)


def _free_rule(line: str) -> Rule:
    try:
        return Rule.parse(line)
    except ValueError as error:
        raise ValueError(f"“其他规则”中这一行无法识别：{line[:60]}（{error}）") from None


def in_words(rule: Rule) -> str:
    """A rule as the bar on top shows it."""
    word, _, value = rule.wish.partition(":")
    row = _ROWS.get(word)
    if row is None or "," in rule.wish:
        said = rule.wish
    else:
        said = f"{row.title} {value} {row.unit}" if row.unit else row.title
    return said if rule.probability == 1 else f"{said}（{rule.probability * 100:.10g}%）"
