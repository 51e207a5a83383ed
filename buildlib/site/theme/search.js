// The search box. Each row of window.searchIndex is [address, page, heading, text]; without it, help.html's sections.
// Chinese has no blanks between its words, so what is looked for is found anywhere in a text; blanks mean "and".
'use strict';
(() => {
  const form = document.querySelector('.search');
  const input = form.querySelector('input');
  const list = form.querySelector('.found');
  const base = form.dataset.base ? form.dataset.base + '/' : '';
  const limit = 30;
  let rows;

  const fromThisPage = () => [...document.querySelectorAll('main [id]')].map((place) => {
    const page = place.closest('section').querySelector('h1').textContent;
    if (place.tagName === 'TR') return ['#' + place.id, page, place.cells[0].textContent, place.textContent];
    let text = '';
    for (let next = place.nextElementSibling; next && !/^H[1-6]$/.test(next.tagName); next = next.nextElementSibling) {
      text += ' ' + (next.querySelector('tr[id]') ? '' : next.textContent);
    }
    return ['#' + place.id, page, place.textContent, text];
  });

  const score = (row, words) => {
    const [page, heading, text] = row.lower;
    let points = 0;
    for (const word of words) {
      if (heading.includes(word)) points += heading === word ? 40 : 20;
      else if (page.includes(word)) points += 6;
      else if (text.includes(word)) points += 3;
      else return 0;
      points += Math.min(text.split(word).length - 1, 4);
    }
    return points;
  };

  const marked = (element, text, words) => {
    const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
    let last = 0;
    for (const match of text.matchAll(pattern)) {
      element.append(text.slice(last, match.index));
      const mark = document.createElement('mark');
      mark.textContent = match[0];
      element.append(mark);
      last = match.index + match[0].length;
    }
    element.append(text.slice(last));
  };

  const excerpt = (text, words) => {
    const places = words.map((word) => text.toLowerCase().indexOf(word)).filter((place) => place >= 0);
    const start = Math.max(0, Math.min(...(places.length ? places : [0])) - 30);
    return (start ? '…' : '') + text.slice(start, start + 110) + (text.length > start + 110 ? '…' : '');
  };

  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.hidden = !words.length;
    list.textContent = '';
    if (!words.length) return;
    rows = rows || (window.searchIndex || fromThisPage()).map((row) => Object.assign(row, {
      lower: row.slice(1).map((text) => text.toLowerCase()),
    }));
    const found = rows.map((row) => [score(row, words), row]).filter(([points]) => points);
    found.sort(([one], [other]) => other - one);
    for (const [, [address, page, heading, text]] of found.slice(0, limit)) {
      const link = document.createElement('a');
      link.href = address.startsWith('#') ? address : base + address;
      const title = document.createElement('b');
      marked(title, heading, words);
      if (heading !== page) {
        const where = document.createElement('small');
        where.textContent = page;
        title.append(where);
      }
      const line = document.createElement('span');
      marked(line, excerpt(text, words), words);
      link.append(title, line);
      list.append(link);
    }
    if (!found.length) {
      const nothing = document.createElement('p');
      nothing.textContent = document.documentElement.lang === 'en' ? 'Nothing found.' : '没有找到。';
      list.append(nothing);
    }
  };

  input.addEventListener('input', show);
  input.addEventListener('focus', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const first = list.querySelector('a');
    if (first) first.click();
  });
  list.addEventListener('click', () => { list.hidden = true; });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape') {
      list.hidden = true;
      input.blur();
    }
  });
  document.addEventListener('click', (event) => { if (!form.contains(event.target)) list.hidden = true; });
})();
