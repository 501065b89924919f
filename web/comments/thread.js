/*
 * thread.js: the thread of the page, as the server has made it: a section, of
 * which there is one.
 */

import { make } from '../common/html.js';
import { ask, fetch_thread } from './server.js';
import { counted, words } from './words.js';

export let section, api, page, lang;
export let form;               // null: nobody can write here

export const status = make('p', { class: 'comments-status', role: 'status' });

export function begin_thread(found) {
  section = found;
  ({ api, page } = section.dataset);
  ({ lang } = section);
  form = one('#comment-form');
  local_times(section);
}

export const one = (selector, inside = section) =>
  inside.querySelector(selector);

export const article_of = id => one(`.comment[data-id="${id}"]`);

export const say = text => { status.textContent = text; };

export function count(n) {
  section.dataset.count = n;
  one('.comments-title').textContent = counted('comments_count', n, lang);
}

export function focus(article) {
  article.tabIndex = -1;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: 'nearest' });
}

// The same thread as the server shows it with these arguments.
export async function fragment(more) {
  const found = await fetch_thread(api,
    new URLSearchParams({ page, lang, ...more }));
  local_times(found);
  return found;
}

function local_times(inside) {
  // "en-GB" rather than "en", when that is what the reader has.
  const own = navigator.languages.find(tag => tag.split('-')[0] === lang);
  for (const time of inside.querySelectorAll('time.dt-published')) {
    const date = new Date(time.dateTime);
    if (time.title || isNaN(date)) {
      continue;
    }
    try {
      const text = new Intl.DateTimeFormat(own || lang,
        { dateStyle: 'long', timeStyle: 'short' }).format(date);
      time.title = time.textContent;
      time.textContent = text;
    } catch { /* the server's words stay */ }
  }
}

// Sends words, with the work that the server may ask for.  Where it cannot be
// done, they go once more without: then a moderator reads them first.
export async function ask_for(address, method, fields) {
  const body = new URLSearchParams(fields);
  try {
    return await ask(address, method, body);
  } catch (error) {
    if (!error.pow) {
      throw error;
    }
    body.set('ticket', error.ticket);
    try {
      const { work } = await import(new URL(api + 'work.js', location));
      body.set('work', await work(error.ticket, error.pow, percent =>
        say(words.form_work.replace('{percent}', percent))));
    } catch { /* no such thing here */ }
    return ask(address, method, body);
  }
}
