/*
 * thread.js: the thread of the page, as the server has made it: a section, of
 * which there is one.
 */

import { make } from '../common/html.js';
import { ask, fetch_thread } from './server.js';
import { keep_times, show_times } from './times.js';
import { counted, words } from './words.js';

export let section, api, page, lang;
export let form;               // null: nobody can write here

export const status = make('p', { class: 'comments-status', role: 'status' });

export function begin_thread(found) {
  section = found;
  ({ api, page } = section.dataset);
  ({ lang } = section);
  form = one('#comment-form');
  show_times(section, lang);
  keep_times(section, lang);
}

export const one = (selector, inside = section) =>
  inside.querySelector(selector);

export const article_of = id => one(`.comment[data-id="${id}"]`);

export const is_gap = article =>
  article.classList.contains('comment-is-deleted');

export const say = text => { status.textContent = text; };

export function count(n) {
  section.dataset.count = n;
  one('.comments-title').textContent = counted('comments_count', n, lang);
}

// The same thread as the server shows it with these arguments.
export async function fragment(more) {
  const found = await fetch_thread(api,
    new URLSearchParams({ page, lang, ...more }));
  show_times(found, lang);
  return found;
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
