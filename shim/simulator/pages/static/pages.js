// Countdowns, parts of pages that are reloaded, the table of calls, copy buttons, a code on the whole screen. Without
// this script every page works by its links and forms. No library.
"use strict";

const html = document.documentElement;
html.classList.add("js");
const parser = new DOMParser();
const ends = new WeakMap(); // countdown -> when it reaches zero, by performance.now()

async function load(url) {
  const answer = await fetch(url, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.status === 204 ? "" : answer.text();
}

// Reloads a part of the page (an element with data-from). A part that did not change is not replaced.
async function refresh(part) {
  try {
    const text = await load(part.dataset.from);
    const fresh = parser.parseFromString(text, "text/html").getElementById(part.id);
    part.classList.remove("stale");
    if (!fresh || !part.isConnected || same(fresh, part)) return;
    const focused = part.contains(document.activeElement);
    part.replaceWith(fresh);
    if (focused) fresh.querySelector("[data-refresh]")?.focus();
  } catch {
    part.classList.add("stale"); // the simulator cannot be reached: show that, and retry
  }
}

function same(one, other) {
  const plain = (part) => part.innerHTML.replace(/data-left="[^"]*">\d+/g, "");
  return plain(one) === plain(other);
}

function count() {
  for (const shown of document.querySelectorAll("[data-left]")) {
    const now = performance.now();
    if (!ends.has(shown)) ends.set(shown, now + Number(shown.dataset.left) * 1000);
    const left = Math.max(0, Math.ceil((ends.get(shown) - now) / 1000));
    shown.textContent = String(left);
    const part = shown.closest("[data-from]");
    const bar = part.querySelector("progress");
    if (bar) bar.value = left;
    if (left === 0 && shown.dataset.then === "refresh" && !document.hidden) {
      ends.set(shown, now + 2000); // until the new part has arrived, or until the next attempt
      refresh(part);
    }
  }
}

function every() {
  for (const part of document.querySelectorAll("[data-every]")) {
    const due = ends.get(part) ?? performance.now() + Number(part.dataset.every) * 1000;
    ends.set(part, due);
    if (performance.now() >= due && !document.hidden) {
      ends.set(part, performance.now() + Number(part.dataset.every) * 1000);
      refresh(part);
    }
  }
}

async function grow() {
  const rows = document.querySelector("[data-rows]");
  if (!rows) return;
  if (!document.hidden && !document.getElementById("pause").checked) {
    try {
      const lost = rows.classList.contains("stale"); // it may have restarted and count from 1
      const after = lost ? 0 : Number(rows.firstElementChild?.dataset.number ?? 0);
      const mark = rows.dataset.rows.includes("?") ? "&" : "?";
      const text = await load(`${rows.dataset.rows}${mark}after=${after}`);
      if (lost) rows.replaceChildren();
      rows.classList.remove("stale");
      const made = document.createElement("template");
      made.innerHTML = text;
      for (const row of made.content.children) row.classList.add("fresh");
      rows.prepend(made.content);
      while (rows.children.length > Number(rows.dataset.limit)) rows.lastElementChild.remove();
    } catch {
      rows.classList.add("stale");
    }
  }
  setTimeout(grow, 1000);
}

function select(shown) {
  const range = document.createRange();
  range.selectNodeContents(shown);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const shown = document.getElementById(button.dataset.copy);
  const before = button.textContent;
  select(shown);
  try {
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = "已复制";
  } catch {
    button.textContent = document.execCommand("copy") ? "已复制" : "请手动复制";
  }
  setTimeout(() => (button.textContent = before), 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  const again = event.target.closest("[data-refresh]");
  if (again) {
    event.preventDefault();
    refresh(again.closest("[data-from]"));
  }
  if (event.target.closest("[data-enlarge]")) {
    event.preventDefault();
    document.body.classList.toggle("enlarged");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.remove("enlarged");
});

setInterval(() => {
  count();
  every();
}, 250);
count();
grow();
