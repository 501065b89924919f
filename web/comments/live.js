/*
 * live.js: what happens to the thread while it is read.
 */

import { changed, gone } from './article.js';
import { fresh, show_bar } from './bar.js';
import { api, article_of, count, one, page } from './thread.js';

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
    last = event.lastEventId || last;
    failures = 0;
    work(JSON.parse(event.data));
  });
  stream = new EventSource(`${api}stream?${query}`);
  on('comment', comment => {
    const known = article_of(comment.id);    // one's own, published now
    known?.classList.remove('comment-is-pending');
    known && one('.comment-pending', known)?.remove();
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
    if (article && !article.classList.contains('comment-is-deleted')) {
      gone(article);
    }
  });
  on('count', found => count(found.count));
  stream.addEventListener('error', () => {
    if (++failures > FAILURES_MAX
        || stream.readyState === EventSource.CLOSED) {
      silence();
    }
  });
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
