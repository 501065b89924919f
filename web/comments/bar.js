/*
 * bar.js: others' comments wait behind a bar, so that nothing moves.
 */

import { button, make } from '../common/html.js';
import { focus } from './branch.js';
import { bring } from './list.js';
import { why } from './server.js';
import { article_of, is_gap, lang, say } from './thread.js';
import { counted } from './words.js';

export const bar = make('div', { class: 'comments-bar', role: 'status' });

// id: parent, of comments that are not shown
export const fresh = new Map();

const opener = button('', show_new, { class: 'comments-show-new' });

let held = false;

// While one's own comment is on its way nobody knows which is new.
export function hold_bar(on) {
  held = on;
  if (!on) {
    show_bar();
  }
}

export function show_bar() {
  for (const id of fresh.keys()) {
    const article = article_of(id);
    if (article && !is_gap(article)) {
      fresh.delete(id);
    }
  }
  const text = !held && fresh.size
    ? counted('comments_new', fresh.size, lang) : '';
  if (!text) {
    opener.remove();
  } else if (text !== bar.textContent) {       // said once
    opener.textContent = text;
    if (!opener.isConnected) {
      bar.append(opener);
    }
  }
}

async function show_new() {
  const items = new Map(fresh);
  try {
    const [first] = await bring(items);
    items.forEach((_, id) => fresh.delete(id));
    show_bar();
    if (first) {
      focus(first);
    } else {                   // in a part that is not shown
      location.hash = 'comment-' + Math.min(...items.keys());
    }
  } catch (error) {            // the bar stays; another try is possible
    say(why(error));
  }
}
