"""A report as one HTML page that needs nothing else: no script, no picture, no font from elsewhere.

Both languages are in the page; two radio buttons choose. It holds what the report holds, and no patient's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from shim.replay.differences import explained
from shim.replay.report import Report, ReportFinding, Shares

_WIDTH, _HEIGHT = 960, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 220  # of the plot of shares; bars of calls are below it
_BARS_TOP, _BARS_BOTTOM = 244, 304
_MOST_DATES = 9  # under the axis

_STYLE = """
:root{--ink:#14303d;--soft:#4a6472;--line:#d5e2e8;--paper:#fff;--ground:#eff5f7;--good:#0a6b43;--bad:#a8221b;
--wait:#8a98a0;--brand:#0b6f86}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.6;font:16px/1.6 "Microsoft YaHei",
"PingFang SC","Noto Sans CJK SC",sans-serif}
.language{position:absolute;right:max(16px,calc(50vw - 490px));top:26px;color:#fff}
.language label{padding:4px 12px;border-radius:99px;cursor:pointer}
input[name=language]{position:absolute;opacity:0}
#zh:checked~* [lang=en],#en:checked~* [lang=zh]{display:none}
#zh:checked~.language [for=zh],#en:checked~.language [for=en]{background:rgb(255 255 255/25%)}
#zh:focus-visible~.language [for=zh],#en:focus-visible~.language [for=en]{outline:3px solid #f2a541}
header{background:linear-gradient(100deg,#07546a,var(--brand));color:#fff;padding:20px 16px}
header div,main{max-width:1010px;margin:auto}
main{padding:16px}
h1{font-size:1.4rem;margin:0;padding-right:190px}
h2{font-size:1.1rem;margin:0 0 10px}
section{background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:16px 18px;margin-bottom:16px;
overflow-x:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;padding:0;margin:0;
list-style:none}
.figures b{display:block;font-size:1.9rem;line-height:1.2;font-variant-numeric:tabular-nums}
.good b{color:var(--good)}.bad b{color:var(--bad)}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{overflow-wrap:anywhere}
svg{width:100%;height:auto;display:block}
svg text{font-size:12px;fill:var(--soft)}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.875rem;color:var(--soft);margin:8px 0 0;padding:0;
list-style:none}
.key i{display:inline-block;width:14px;height:10px;border-radius:2px;margin-right:6px}
.soft{color:var(--soft)}
@media(max-width:560px){.language{position:static;background:#07546a;padding:8px 16px}h1{padding:0}}
@media print{.language{display:none}section{break-inside:avoid}}
"""

_TITLE = ("与原厂动态库的比对结果", "Comparison with the vendor's DLL")
_AGREE = ("一致", "agree")
_DIFFER = ("不同", "differ")
_APART = ("无法比对", "not comparable")
_SHARE = ("一致的比例", "share that agrees")
_CALLS = ("交易", "calls")
_NONE = ("没有", "none")


def page_of(report: Report, language: str, made: str, version: str) -> str:
    """The page.

    Args:
        language: ``zh`` or ``en``, the one that is shown first.
        made: when the report was made, for people.
        version: of vcshim.
    """
    checked = {each: " checked" if each == language else "" for each in ("zh", "en")}
    total = report.total
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(_TITLE[0] if language == "zh" else _TITLE[1])}</title><style>{_STYLE}</style></head><body>
<input type="radio" name="language" id="zh"{checked["zh"]}><input type="radio" name="language" id="en"{checked["en"]}>
<div class="language"><label for="zh">中文</label><label for="en">English</label></div>
<header><div><h1>{_both(*_TITLE)}</h1><span>vcshim {escape(version)} · {escape(made)}</span></div></header>
<main>
<section id="figures"><ul class="figures">
{_figure(percent(total), _SHARE, "good" if total.differs == 0 and total.agrees else "bad" if total.differs else "")}
{_figure(str(total.agrees), _AGREE)}{_figure(str(total.differs), _DIFFER, "bad" if total.differs else "")}
{_figure(str(total.not_comparable), _APART)}{_figure(str(total.calls), _CALLS)}
</ul></section>
<section id="plot"><h2>{_both("逐日一致的比例", "Share of calls that agree, by day")}</h2>{_plot(report)}
<ul class="key"><li><i style="background:var(--brand)"></i>{_both("当日", "of the day")}</li>
<li><i style="background:#c98a1b"></i>{_both("自第一天起", "since the first day")}</li>
<li><i style="background:var(--good)"></i>{_both(*_AGREE)}</li>
<li><i style="background:var(--bad)"></i>{_both(*_DIFFER)}</li>
<li><i style="background:var(--wait)"></i>{_both(*_APART)}</li></ul></section>
<section id="differences"><h2>{_both("不同之处", "Differences")}</h2>{_findings(report.sorted_findings())}</section>
<section id="methods"><h2>{_both("按交易", "By method")}</h2>{_methods(report)}</section>
<section id="codes"><h2>{_both("按原厂的返回值", "By what the vendor's DLL returned")}</h2>{_codes(report)}</section>
<section id="apart"><h2>{_both("无法比对的交易", "Calls that cannot be compared")}</h2>{_reasons(report)}</section>
<section id="days"><h2>{_both("按日", "By day")}</h2>{_days(report)}</section>
<p class="soft">{
        _both(
            "本页不含患者信息：只有名称、种类和长度。",
            "This page holds no patient's data: only names, kinds and lengths.",
        )
    }</p></main></body></html>
"""


def _both(zh: str, en: str) -> str:
    return f'<span lang="zh">{escape(zh)}</span><span lang="en">{escape(en)}</span>'


def _figure(value: str, name: tuple[str, str], kind: str = "") -> str:
    return f'<li class="{kind}"><b>{escape(value)}</b>{_both(*name)}</li>'


def percent(shares: Shares) -> str:
    """The share, rounded down: 100 % only if all agree."""
    share = shares.share
    if share is None:
        return "–"
    return "100%" if share == 1 else f"{int(share * 10000) / 100:.2f}%"


def _table(heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table whose cells are HTML; the last `numbers` columns are figures."""
    body = [list(row) for row in rows]
    if not body:
        return f'<p class="soft">{_both(*_NONE)}</p>'
    first = len(heads) - numbers

    def cells(row: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if i >= first else ''}>{cell}</{tag}>" for i, cell in enumerate(row))

    lines = "".join(f"<tr>{cells(row, 'td')}</tr>\n" for row in body)
    return (
        f"<table><thead><tr>{cells([_both(*head) for head in heads], 'th')}</tr></thead><tbody>{lines}</tbody></table>"
    )


_FIGURE_HEADS = (_CALLS, _AGREE, _DIFFER, _APART, _SHARE)


def _figures_of(shares: Shares) -> list[str]:
    figures = (shares.calls, shares.agrees, shares.differs, shares.not_comparable)
    return [*map(str, figures), percent(shares)]


def _findings(findings: Sequence[ReportFinding]) -> str:
    rows = [
        (
            _both(each.difference.text("zh"), each.difference.text("en")),
            f"<code>{escape(each.difference.kind.word)}</code>",
            str(each.calls),
        )
        for each in findings
    ]
    return _table((("说明", "explanation"), ("种类", "kind"), _CALLS), rows, 1)


def _methods(report: Report) -> str:
    rows = [
        (f"<code>{escape(function)}</code>", f"<code>{escape(method)}</code>", *_figures_of(shares))
        for (function, method), shares in sorted(report.methods.items())
    ]
    return _table((("函数", "export"), ("交易类型", "method"), *_FIGURE_HEADS), rows, len(_FIGURE_HEADS))


def _codes(report: Report) -> str:
    rows = [
        (
            f"<code>{escape(function)}</code>",
            f"<code>{escape(method)}</code>",
            f"<code>{escape(code)}</code>",
            str(calls),
        )
        for (function, method, code), calls in sorted(report.codes.items())
    ]
    return _table((("函数", "export"), ("交易类型", "method"), ("返回值", "returned"), _CALLS), rows, 1)


def _reasons(report: Report) -> str:
    rows = [
        (_both(explained(reason.explanation, "zh", {}), explained(reason.explanation, "en", {})), str(calls))
        for reason, calls in report.sorted_reasons()
    ]
    return _table((("原因", "reason"), _CALLS), rows, 1)


def _days(report: Report) -> str:
    rows = [(day, *_figures_of(report.days[day])) for day in sorted(report.days)]
    return _table((("日期", "day"), *_FIGURE_HEADS), rows, len(_FIGURE_HEADS))


# ---- the plot --------------------------------------------------------------------------------------------------------


def _plot(report: Report) -> str:
    days = sorted(report.days)
    if not days:
        return f'<p class="soft">{_both(*_NONE)}</p>'
    span = (_WIDTH - _LEFT - _RIGHT) / len(days)
    centres = [_LEFT + span * (i + 0.5) for i in range(len(days))]
    shares = [report.days[day] for day in days]
    sofar, agreed, compared = [], 0, 0
    for each in shares:
        agreed, compared = agreed + each.agrees, compared + each.compared
        sofar.append(agreed / compared if compared else None)
    daily = [each.share for each in shares]
    low = _floor(value for value in (*daily, *sofar) if value is not None)
    parts = [_grid(low)]
    parts += [_line(centres, sofar, low, "#c98a1b", 2), _line(centres, daily, low, "var(--brand)", 2.5)]
    parts += [
        _point(x, value, low, day, each) for x, value, day, each in zip(centres, daily, days, shares, strict=True)
    ]
    parts += _bars(centres, span, shares)
    parts += _dates(centres, days)
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(_SHARE[1])}">{"".join(parts)}</svg>'


def _floor(values: Iterable[float]) -> float:
    """Where the axis begins: at 0, or higher where all shares are high and small differences would not be seen."""
    lowest = min(values, default=0.0)
    return next((floor for floor in (0.95, 0.9, 0.75, 0.5) if lowest > floor + (1 - floor) * 0.1), 0.0)


def _y(share: float, low: float) -> float:
    return _BOTTOM - (share - low) / (1 - low) * (_BOTTOM - _TOP)


def _grid(low: float) -> str:
    lines = []
    for step in range(5):
        share = low + (1 - low) * step / 4
        y = _y(share, low)
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share * 100:.4g}%</text>'
        )
    return "".join(lines)


def _line(centres: Sequence[float], values: Sequence[float | None], low: float, colour: str, width: float) -> str:
    """A line through the days that have a value."""
    points = [f"{x:.1f},{_y(value, low):.1f}" for x, value in zip(centres, values, strict=True) if value is not None]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _point(x: float, value: float | None, low: float, day: str, shares: Shares) -> str:
    if value is None:
        return ""
    title = f"{day}: {percent(shares)} ({shares.agrees}/{shares.compared})"
    colour = "var(--good)" if value == 1 else "var(--bad)"
    return f'<circle cx="{x:.1f}" cy="{_y(value, low):.1f}" r="4" fill="{colour}"><title>{title}</title></circle>'


def _bars(centres: Sequence[float], span: float, shares: Sequence[Shares]) -> list[str]:
    """How many calls each day had, by how they came out."""
    most = max(each.calls for each in shares)
    width = max(min(span * 0.7, 36), 1)
    bars = []
    for x, each in zip(centres, shares, strict=True):
        y = float(_BARS_BOTTOM)
        rows: tuple[tuple[int, str], ...] = (
            (each.agrees, "--good"), (each.differs, "--bad"), (each.not_comparable, "--wait"),
        )  # fmt: skip
        for calls, colour in rows:
            height = calls / most * (_BARS_BOTTOM - _BARS_TOP)
            y -= height
            if calls:
                bars.append(
                    f'<rect x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
                    f'fill="var({colour})"/>'
                )
    bars.append(f'<text x="{_LEFT - 8}" y="{_BARS_TOP + 8}" text-anchor="end">{most}</text>')
    bars.append(f'<text x="{_LEFT - 8}" y="{_BARS_BOTTOM}" text-anchor="end">0</text>')
    return bars


def _dates(centres: Sequence[float], days: Sequence[str]) -> list[str]:
    every = -(-len(days) // _MOST_DATES)
    return [
        f'<text x="{x:.1f}" y="{_BARS_BOTTOM + 20}" text-anchor="middle">{day[5:]}</text>'
        for i, (x, day) in enumerate(zip(centres, days, strict=True))
        if i % every == 0
    ]
