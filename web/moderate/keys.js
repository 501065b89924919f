/*
 * keys.js: the keyboard, and the help that tells of it.
 */

import { make } from '../common/html.js';
import { actions } from './actions.js';
import { unfold } from './details.js';
import { decide, undo } from './outbox.js';
import { place } from './places.js';
import { choose, current, step } from './queue.js';
import { focus_search } from './search.js';
import { chosen } from './state.js';
import { words } from './words.js';

const decision_keys = { a: 'approve', h: 'hold', s: 'spam', r: 'reject',
                        d: 'delete' };

const list_keys = {
  j: () => step(1),
  k: () => step(-1),
  u: undo,
  x: () => current && choose(current, !chosen.has(current)),
  o: () => current && unfold(current),
  e: () => current && actions.edit(current),
  n: () => current && actions.note(current),
  w: () => current && actions.reply(current),
  b: () => current && actions.ban(current),
  l: () => current && actions.author(current),
};

export function on_key(event) {
  const typing = event.target.closest?.('input:not([type=checkbox]), '
    + 'textarea, select, dialog');
  if (typing || event.ctrlKey || event.metaKey || event.altKey
      || event.isComposing || event.repeat && !'jk'.includes(event.key)
      || !keys_on()) {
    return;
  }
  if (event.key === '?') {
    help();
  } else if (place) {
    return;
  } else if (event.key === '/') {
    focus_search();
  } else if (decision_keys[event.key]) {
    decide(chosen.size ? [...chosen] : [current], decision_keys[event.key]);
  } else if (list_keys[event.key]) {
    list_keys[event.key]();
  } else {
    return;
  }
  event.preventDefault();
}

// A moderator may switch the keys off, in this browser.
function keys_on() {
  try {
    return localStorage.getItem('comments-keys') !== '0';
  } catch {
    return true;
  }
}

function use_keys(event) {
  try {
    localStorage.setItem('comments-keys', event.target.checked ? 1 : 0);
  } catch { /* then they stay as they are */ }
}

export function help() {
  const row = (key, text) => make('div', {},
    make('dt', {}, make('kbd', {}, key)), make('dd', {}, text));
  const box = make('dialog', { class: 'desk-help', 'aria-labelledby':
    'desk-help-title', onclose: () => box.remove() },
    make('h2', { id: 'desk-help-title' }, words.help),
    make('dl', {}, row('j', words.help_next), row('k', words.help_previous),
      Object.entries(decision_keys).map(([key, what]) =>
        row(key, words['do_' + what])),
      row('u', words.do_undo), row('x', words.select),
      row('o', words.help_open), row('w', words.do_reply),
      row('e', words.do_edit), row('n', words.do_note),
      row('b', words.do_ban), row('l', words.author_others),
      row('/', words.search), row('?', words.help)),
    make('p', {}, make('label', {}, make('input', { type: 'checkbox',
      checked: keys_on(), onchange: use_keys }), ' ', words.help_use)),
    make('form', { method: 'dialog' },
      make('button', { autofocus: true }, words.close)));
  document.body.append(box);
  box.showModal();
}
