/*
 * bar.js: others' comments wait behind a bar, so that nothing moves.
 */

import { button, make } from '../common/html.js';
import { bring } from './list.js';
import { article_of, focus, lang } from './thread.js';
import { counted } from './words.js';

export const bar = make('div', { class: 'comments-bar', role: 'status' });

// id: parent, of comments that are not shown
export const fresh = new Map();

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
    if (article_of(id)) {
      fresh.delete(id);
    }
  }
  if (held || !fresh.size) {
    bar.replaceChildren();
    return;
  }
  bar.replaceChildren(button(
    counted('comments_new', fresh.size, lang), show_new,
    { class: 'comments-show-new' }));
}

async function show_new() {
  const items = new Map(fresh);
  try {
    const shown = await bring(items);
    items.forEach((_, id) => fresh.delete(id));
    show_bar();
    if (shown.length) {
      focus(shown[0]);
    }
  } catch { /* the bar stays; another try is possible */ }
}
