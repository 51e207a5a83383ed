"""Lines of the log as one HTML page that needs nothing else: a list with filters, every fact of a line below it.

Not a command; for `vcshim log --out FILE.html`. It loads nothing: the policy in its head allows its own style
and its own script, by their hashes. Without the script the list is whole, only without filters.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from shim.commands.catalogue.log import LEVELS, TITLES
from shim.commands.language import CommandLanguage
from shim.log_reading import LogEvent

_STYLE = """
:root{--ink:#14303d;--soft:#4a6472;--line:#d5e2e8;--paper:#fff;--ground:#eff5f7;--bad:#a8221b;--warn:#9a6200;
--brand:#0b6f86;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 "Microsoft YaHei","PingFang SC",
"Noto Sans CJK SC",sans-serif}
header{background:linear-gradient(100deg,#07546a,var(--brand));color:#fff;padding:16px}
header div,main{max-width:1320px;margin:auto}
header h1{font-size:1.3rem;margin:0}
header p{margin:2px 0 0;opacity:.9}
main{padding:14px 16px 40px}
form{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center;padding:10px 0;
background:var(--ground)}
input,select{font:inherit;color:inherit;background:var(--paper);border:1px solid #a9bdc7;border-radius:8px;
padding:6px 10px;min-height:38px}
input{flex:1 1 220px;min-width:0}
select{max-width:100%}
input:focus-visible,select:focus-visible,summary:focus-visible{outline:3px solid #f2a541;outline-offset:1px}
#shown{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
ol{list-style:none;margin:0;padding:0;background:var(--paper);border:1px solid var(--line);border-radius:12px;
overflow:hidden}
li{border-top:1px solid var(--line);border-left:4px solid transparent}
li:first-child{border-top:0}
li[hidden]{display:none}
li.ERROR,li.CRITICAL{border-left-color:var(--bad);background:#fdf3f2}
li.WARNING{border-left-color:#e0a226;background:#fffaf0}
summary{display:grid;grid-template-columns:max-content 3.2em minmax(12em,17em) 3.6em 6em 1fr;gap:2px 12px;
padding:7px 12px;cursor:pointer;list-style:none;align-items:baseline}
summary::-webkit-details-marker{display:none}
summary:hover{background:rgb(11 111 134/6%)}
time,.code,.ms{font-variant-numeric:tabular-nums;white-space:nowrap}
time,.ms{color:var(--soft)}
.ms{text-align:right}
time small{display:block;font-size:.8125rem}
.level{font-weight:600}
.ERROR .level,.CRITICAL .level{color:var(--bad)}
.WARNING .level{color:var(--warn)}
.call{overflow-wrap:anywhere}
.call small{display:block;color:var(--soft);font-size:.8125rem}
.code{font-weight:600}
.text{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0;padding:4px 16px 14px;
font-size:.875rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.none{padding:26px;text-align:center;color:var(--soft)}
@media(max-width:820px){summary{display:flex;flex-wrap:wrap}summary :empty{display:none}
.call,.text{order:1;flex:1 0 100%}.call small{display:inline;margin-left:.6em}.ms{margin-left:auto}
time small{display:inline;margin-left:.6em}form{position:static}select{flex:1 1 40%}}
@media print{form{display:none}body{background:#fff}li{break-inside:avoid}ol{border:0}}
"""
_SCRIPT = """
"use strict";
const rows=[...document.querySelectorAll("li")],form=document.querySelector("form");
const texts=rows.map(row=>row.textContent.toLowerCase());
form.hidden=false;
function filter(){
  const value=name=>form.elements[name].value;
  const words=value("text").toLowerCase().split(" ").filter(Boolean);
  let shown=0;
  rows.forEach((row,at)=>{
    const is=(!value("level")||Number(row.dataset.rank)>=Number(value("level")))
      &&(!value("function")||row.dataset.function===value("function"))
      &&(!value("method")||row.dataset.method===value("method"))
      &&(!value("code")||row.dataset.code===value("code"))
      &&words.every(word=>texts[at].includes(word));
    row.hidden=!is;shown+=is?1:0;
  });
  document.getElementById("shown").textContent=shown+" / "+rows.length;
  document.querySelector(".none").hidden=shown>0;
}
form.addEventListener("input",filter);
form.addEventListener("submit",event=>event.preventDefault());
filter();
"""
_RANKS = {"WIRE": 0, "DEBUG": 1, "INFO": 2, "WARNING": 3, "ERROR": 4, "CRITICAL": 4}
_IN_SUMMARY = ("time", "level", "function", "method", "code", "ms", "text")
_TITLE = ("vcshim 日志", "vcshim log")
_MADE = (
    "{count} 行，{made} 由 vcshim {version} 导出；不含患者信息",
    "{count} lines, exported {made} by vcshim {version}; without patient data",
)
_WORDS = {
    "text": ("搜索", "search"),
    "level": ("所有级别", "all levels"),
    "function": ("所有函数", "all exports"),
    "method": ("所有交易类型", "all methods"),
    "code": ("所有返回码", "all codes"),
    "above": ("{level}及以上", "{level} and above"),
    "none": ("没有符合的行", "no line is like that"),
}


def log_page(events: Sequence[LogEvent], chinese: bool, made: str, version: str) -> str:
    """The page.

    Args:
        made: when, for people.
        version: of vcshim.
    """
    at = 0 if chinese else 1
    policy = (
        f"default-src 'none'; style-src '{_hash(_STYLE)}'; script-src '{_hash(_SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = escape(_TITLE[at])
    about = escape(_MADE[at].format(count=len(events), made=made, version=version))
    words = {name: row[at] for name, row in _WORDS.items()}
    filters = _levels(words, at) + "".join(
        _choice(name, words[name], events) for name in ("function", "method", "code")
    )
    several = len({event.fact("pc") for event in events}) > 1
    rows = "\n".join(_row(event, chinese, several) for event in events)
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if chinese else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>{_STYLE}</style></head><body>
<header><div><h1>{title}</h1><p>{about}</p></div></header>
<main><form hidden><input type="search" name="text" placeholder="{words["text"]}" aria-label="{words["text"]}">
{filters}<span id="shown"></span></form>
<ol>
{rows}
</ol><p class="none" hidden>{words["none"]}</p></main><script>{_SCRIPT}</script></body></html>
"""


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _choice(name: str, all_of_them: str, events: Sequence[LogEvent]) -> str:
    """The values of a fact to choose from."""
    values = sorted({event.fact(name) for event in events} - {""})
    return _select(name, all_of_them, [(value, value) for value in values])


def _levels(words: Mapping[str, str], at: int) -> str:
    names = ("ERROR", "WARNING", "INFO")
    return _select(
        "level", words["level"], [(str(_RANKS[name]), words["above"].format(level=LEVELS[name][at])) for name in names]
    )


def _select(name: str, all_of_them: str, values: Sequence[tuple[str, str]]) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in [("", all_of_them), *values]
    )
    return f'<select name="{name}" aria-label="{all_of_them}">{options}</select>'


def _row(event: LogEvent, chinese: bool, names_pc: bool) -> str:
    level, at = event.fact("level"), 0 if chinese else 1
    word = LEVELS[level][at] if level in LEVELS else level or "?"
    pc = escape(event.fact("pc")) if names_pc else ""
    method = f"<small>{escape(event.fact('method'))}</small>" if event.fact("method") else ""
    data = "".join(f' data-{name}="{escape(event.fact(name))}"' for name in ("function", "method", "code"))
    milliseconds = f"{event.fact('ms')} ms" if event.fact("ms") else ""
    rest = [(name, str(value)) for name, value in event.row.items() if name not in _IN_SUMMARY]
    facts = "".join(
        f"<dt>{escape(_title(name, chinese))}</dt><dd>{escape(value)}</dd>"
        for name, value in [*rest, ("file", event.file)]
    )
    return (
        f'<li class="{escape(level)}" data-rank="{_RANKS.get(level, 4)}"{data}><details><summary>'
        f"<time>{escape(event.fact('time').replace('T', ' ')[5:])}<small>{pc}</small></time>"
        f'<span class="level">{escape(word)}</span>'
        f'<span class="call">{escape(event.fact("function"))}{method}</span>'
        f'<span class="code">{escape(event.fact("code"))}</span><span class="ms">{milliseconds}</span>'
        f'<span class="text">{escape(event.fact("text"))}</span></summary><dl>{facts}</dl></details></li>'
    )


def _title(name: str, chinese: bool) -> str:
    row = TITLES.get(name)
    return name if row is None else row.within(CommandLanguage.CHINESE if chinese else CommandLanguage.ENGLISH)
