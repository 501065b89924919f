/*
 * live.js: what happens to the thread while it is read.
 */

import { changed, gone, published, waits } from './article.js';
import { fresh, show_bar } from './bar.js';
import { ask, is_gone } from './server.js';
import { api, article_of, count, fragment, is_gap, one, page, section }
  from './thread.js';

const FAILURES_MAX = 5;

let stream, last, failures = 0;

export function begin_live() {
  document.addEventListener('visibilitychange', () =>
    document.hidden ? silence() : listen_again());
  window.addEventListener('online', listen_again);
  window.addEventListener('pagehide', silence);
  window.addEventListener('pageshow', listen);
  listen();
}

function listen() {
  if (stream || !window.EventSource || document.hidden
      || failures > FAILURES_MAX) {
    return;
  }
  const query = new URLSearchParams({ page, ...last && { last } });
  const on = (name, work) => stream.addEventListener(name, event => {
    failures = 0;
    work(JSON.parse(event.data));
    last = event.lastEventId || last;
  });
  stream = new EventSource(`${api}stream?${query}`);
  on('comment', comment => {
    published(article_of(comment.id));
    fresh.set(comment.id, comment.parent || 0);
    show_bar();
  });
  on('edit', comment => {
    const article = article_of(comment.id);
    const body = article && one('.comment-body', article);
    if (body && !one('.comment-panel', article)) {
      changed(article, comment.html);
    }
  });
  on('delete', ({ id }) => {
    const article = article_of(id);
    fresh.delete(id);
    show_bar();
    if (article && !is_gap(article)) {
      taken(article);
    }
  });
  on('count', found => {
    if (!last && found.count > section.dataset.count) {
      catch_up();              // the page was from a cache
    }
    count(found.count);
  });
  on('reset', catch_up);
  stream.addEventListener('error', () => {
    if (++failures > FAILURES_MAX
        || stream.readyState === EventSource.CLOSED) {
      silence();
    }
  });
}

// One's own may wait again, which nobody else is told.
async function taken(article) {
  if (article.classList.contains('comment-is-mine')) {
    try {
      const { html, status } = await ask(
        `${api}comment/${article.dataset.id}`);
      changed(article, html);
      if (status === 'pending') {
        waits(article);
      }
      return;
    } catch (error) {
      if (!is_gone(error)) {
        return;
      }
    }
  }
  gone(article);
}

// What came when nobody listened: the newest of what is not shown, as many as
// there are more than we knew.
async function catch_up() {
  const known = section.dataset.count;
  try {
    const found = await fragment({ sort: 'newest', limit: 200 });
    const n = Math.max(0, found.dataset.count - known);
    count(+found.dataset.count);
    [...found.querySelectorAll('.comment')]
      .filter(article => !is_gap(article) && !article_of(article.dataset.id))
      .sort((a, b) => b.dataset.id - a.dataset.id).slice(0, n)
      .forEach(({ dataset: { id, parent } }) =>
        fresh.set(+id, +parent || 0));
    show_bar();
  } catch { /* the next visit shows it */ }
}

function listen_again() {
  failures = 0;
  listen();
}

// A page that nobody sees keeps no connection of the few there are.
function silence() {
  stream?.close();
  stream = null;
}
