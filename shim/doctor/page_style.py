"""The style sheet and the script of the doctor's page: constants, named by their checksums in the page's policy.

Colours and shapes are those of the simulator's pages; contrast is AA (WCAG 2) in the light and in the dark, and no
level is told by its colour alone.
"""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #14303d; --soft: #4a6472; --line: #d5e2e8; --paper: #fff; --ground: #eff5f7; --brand: #0b6f86; --deep: #07546a;
  --error: #a8221b; --error-tint: #fdeceb; --warning: #935700; --warning-tint: #fff3da;
  --note: #285a8c; --note-tint: #e6f0fa; --ok: #0a6b43; --ok-tint: #e0f4ea;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e4eef2; --soft: #a3b8c2; --line: #2b4350; --paper: #142a34; --ground: #0c1d25; --brand: #53b9cf;
    --deep: #8ad6e6; --error: #ff9a92; --error-tint: #43191a; --warning: #ffc766; --warning-tint: #3d2c0c;
    --note: #93c3f2; --note-tint: #17304a; --ok: #74d6a8; --ok-tint: #103726;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font-size: 16px; line-height: 1.6;
  font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
h2 { font-size: 1.0625rem; margin: 30px 0 12px; }
.wide { max-width: 940px; margin-inline: auto; padding-inline: 18px; }
.top { background: linear-gradient(100deg, #07546a, #0b6f86 55%, #0c8383); color: #fff; }
.top .wide { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 2px 16px;
  padding-block: 12px; }
.top b { font-size: 1.0625rem; }
.top span { color: #e2f4f6; font-size: .875rem; }
.verdict { margin-top: 22px; border-radius: 16px; padding: 22px 24px; display: grid; gap: 4px 18px;
  grid-template-columns: auto minmax(0, 1fr); align-items: center; border: 1px solid transparent; }
.verdict .sign { width: 56px; height: 56px; font-size: 30px; grid-row: span 2; }
.verdict h1 { font-size: 1.5rem; line-height: 1.3; }
.verdict p { color: var(--ink); font-size: .9375rem; }
.sign { display: inline-grid; place-items: center; flex: none; border-radius: 50%; font-weight: 700; line-height: 1;
  width: 26px; height: 26px; font-size: 15px; color: var(--paper); font-family: Arial, "Noto Sans CJK SC", sans-serif; }
.error .sign { background: var(--error); } .warning .sign { background: var(--warning); }
.note .sign { background: var(--note); } .ok .sign { background: var(--ok); }
.verdict.error { background: var(--error-tint); border-color: var(--error); }
.verdict.error h1 { color: var(--error); }
.verdict.warning { background: var(--warning-tint); border-color: var(--warning); }
.verdict.warning h1 { color: var(--warning); }
.verdict.ok { background: var(--ok-tint); border-color: var(--ok); }
.verdict.ok h1 { color: var(--ok); }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 12px;
  margin-top: 14px; }
.counts { display: flex; flex-wrap: wrap; gap: 8px; }
.counts li { border-radius: 99px; padding: 3px 14px; font-size: .875rem; background: var(--paper);
  border: 1px solid var(--line); }
.counts b { font-variant-numeric: tabular-nums; margin-right: 4px; }
.counts .error b { color: var(--error); } .counts .warning b { color: var(--warning); }
.counts .note b { color: var(--note); } .counts .ok b { color: var(--ok); }
.buttons { display: flex; gap: 8px; }
button { font: inherit; font-weight: 600; font-size: .9375rem; padding: 8px 18px; border-radius: 10px; cursor: pointer;
  border: 1px solid #0b6f86; background: #0b6f86; color: #fff; min-width: 6.5em; }
button.plain { background: var(--paper); color: var(--deep); border-color: var(--line); }
:focus-visible { outline: 3px solid #f2a541; outline-offset: 2px; }
html:not(.js) .buttons { display: none; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 18px; margin-top: 16px;
  font-size: .875rem; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 16px 20px;
  box-shadow: 0 1px 2px rgb(7 60 80 / 6%), 0 6px 20px rgb(7 60 80 / 6%); }
.todo { display: grid; gap: 12px; }
.todo .card { border-left: 5px solid; border-radius: 6px 14px 14px 6px; }
.todo .card.error { border-left-color: var(--error); }
.todo .card.warning { border-left-color: var(--warning); }
.where { display: flex; align-items: center; gap: 8px; color: var(--soft); font-size: .875rem; }
.where .level { font-weight: 600; }
.error .level { color: var(--error); } .warning .level { color: var(--warning); }
.what { font-weight: 600; font-size: 1.0625rem; margin-top: 6px; overflow-wrap: anywhere; }
.card dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 14px; margin-top: 8px; }
html[lang=en] .card dl { grid-template-columns: 6.2em minmax(0, 1fr); }
.card dt { color: var(--soft); white-space: nowrap; }
.card dd { overflow-wrap: anywhere; }
.checks { padding-block: 4px; }
.checks > li { display: grid; grid-template-columns: 9.5em minmax(0, 1fr); gap: 4px 16px; padding: 12px 0; }
.checks > li + li { border-top: 1px solid var(--line); }
.checks h3 { font-size: .9375rem; font-weight: 600; }
.checks li li { display: flex; gap: 10px; font-size: .9375rem; }
.checks li li + li { margin-top: 6px; }
.checks .sign { width: 20px; height: 20px; font-size: 12px; margin-top: 2px; }
.checks span:last-child { min-width: 0; overflow-wrap: anywhere; }
.checks small { display: block; color: var(--soft); font-size: .8125rem; }
footer { color: var(--soft); font-size: .8125rem; padding-block: 22px 30px; }
.report { position: absolute; left: -9999px; width: 1px; height: 1px; }
@media (max-width: 560px) {
  .verdict { padding: 18px; gap: 4px 14px; }
  .verdict .sign { width: 44px; height: 44px; font-size: 24px; }
  .verdict h1 { font-size: 1.25rem; }
  .verdict p { grid-column: 1 / -1; }
  .verdict .sign { grid-row: auto; }
  .card { padding: 14px 16px; }
  html .card dl { grid-template-columns: minmax(0, 1fr) !important; gap: 0; }
  .card dd + dt { margin-top: 8px; }
  .checks > li { grid-template-columns: minmax(0, 1fr); }
  .buttons, .buttons button { flex: 1; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 12px; }
  .buttons, .report { display: none; }
  .card, .verdict { box-shadow: none; break-inside: avoid; }
  .checks > li { break-inside: avoid; }
  .top, .sign, .verdict { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

SCRIPT = """
document.documentElement.className = 'js';
addEventListener('DOMContentLoaded', () => {
  const report = document.querySelector('.report');
  const copy = document.querySelector('#copy');
  const before = copy.textContent;
  const done = () => {
    copy.textContent = copy.dataset.done;
    setTimeout(() => { copy.textContent = before; }, 2000);
  };
  const select = () => { report.select(); if (document.execCommand('copy')) done(); copy.focus(); };
  copy.addEventListener('click', () => {
    if (!navigator.clipboard) { select(); return; }
    navigator.clipboard.writeText(report.value).then(done, select);
  });
  document.querySelector('#print').addEventListener('click', () => print());
});
"""
