/*
 * comments.js: makes the comments of a page quicker.  Without it all works,
 * too.  What it finds and what it adds is told in docs/theming.md, what is in
 * which part in docs/internals.md.
 *
 * It asks no other server, keeps only drafts and who writes, and runs under
 * "default-src 'self'; require-trusted-types-for 'script'".  HTML comes from
 * our own server alone.
 */

import { make } from './common/html.js';
import { bar } from './comments/bar.js';
import { show_folds } from './comments/branch.js';
import { begin_controls } from './comments/controls.js';
import { begin_form } from './comments/form.js';
import { begin_live } from './comments/live.js';
import { seek } from './comments/parts.js';
import { ask, fetch_thread, load_words } from './comments/server.js';
import { begin_thread, form, section, status } from './comments/thread.js';
import { counted } from './comments/words.js';

const script = document.currentScript;

// The section that the server has made.
async function begin(found) {
  const { api, words } = found.dataset;
  await load_words(api, found.lang, words);
  begin_thread(found);
  show_folds();
  begin_controls();
  window.addEventListener('hashchange', seek);
  section.append(bar);
  if (form) {
    begin_form();
  } else {
    section.append(status);
  }
  seek();
  begin_live();
}

// <div data-comments="/comments/" data-page="/post">: the server's fragment
// takes its place.
async function insert(place) {
  const api = place.dataset.comments;
  const here = new URLSearchParams(location.search);
  const query = new URLSearchParams(
    { page: place.dataset.page || location.pathname });
  const given = { lang: place.closest('[lang]')?.lang,
                  sort: here.get('comments_sort'),
                  after: here.get('comments_after'),
                  at: here.get('comments_at'),
                  reply_to: here.get('reply_to') };
  for (const [name, value] of Object.entries(given)) {
    if (value) {
      query.set(name, value);
    }
  }
  if (!document.querySelector('link[href*="comments.css"]')) {
    document.head.append(make('link',
      { rel: 'stylesheet', href: api + 'comments.css' }));
  }
  const found = await fetch_thread(api, query);
  place.replaceChildren(document.importNode(found, true));
  await begin(place.querySelector('.comments'));
  if (/^#comment(s|-)/.test(location.hash)) {
    location.replace(location.hash);             // it is there only now
  }
}

// An address has no room for all pages of a long list.
const ADDRESS_MAX = 3000, PAGES_MAX = 200;

function queries_of(pages) {
  const queries = [];
  for (const page of pages) {
    let query = queries.at(-1);
    if (!query || String(query).length > ADDRESS_MAX
        || query.getAll('page').length === PAGES_MAX) {
      queries.push(query = new URLSearchParams());
    }
    query.append('page', page);
  }
  return queries;
}

// Links with data-comments-count.
async function show_counts(api, lang) {
  const links = [...document.querySelectorAll('[data-comments-count]')];
  const page_of = link => link.dataset.commentsCount
    || new URL(link.href, location.href).pathname;
  if (!links.length) {
    return;
  }
  await load_words(api, lang);
  for (const query of queries_of(new Set(links.map(page_of)))) {
    const { counts } = await ask(`${api}count?${query}`);
    for (const link of links) {
      const n = counts[page_of(link)];
      if (n !== undefined) {
        link.textContent = counted('comments_count', n, lang);
      }
    }
  }
}

// A page may name the script and get it with its thread as well.
const once = Symbol.for('ngx-comments');

function main() {
  if (window[once]) {
    return;
  }
  window[once] = true;
  const found = document.querySelector('section.comments');
  const place = document.querySelector('[data-comments]');
  const api = found?.dataset.api || place?.dataset.comments
    || (script ? new URL('.', script.src).href : '/comments/');
  const lang = (found || place)?.closest('[lang]')?.lang
    || document.documentElement.lang;

  if (found) {
    begin(found).catch(() => {});        // the page works without us
  } else if (place) {
    insert(place).catch(() => {});
  }
  show_counts(api, lang).catch(() => {});
}

if (document.readyState === 'loading') {
  document.addEventListener('DOMContentLoaded', main);
} else {
  main();
}
