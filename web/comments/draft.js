/*
 * draft.js: what is kept of the form while one writes, in this tab, and of who
 * writes, when one wants that.
 */

import { make } from '../common/html.js';
import { drafts, readers } from './storage.js';
import { api, form, one, page, say } from './thread.js';
import { words } from './words.js';

const kept = ['text', 'name', 'email', 'website', 'token', 'pasted'];
const known = ['name', 'email', 'website'];
const remember = make('input', { type: 'checkbox' });

const fields = () => kept.map(name => form.elements[name]).filter(Boolean);

// The id of the comment that is answered, or 0.
export const parent = () =>
  form.elements.parent ? form.elements.parent.value : 0;

const key = (answered = parent()) => `comments:${api}:${page}:${answered}`;

// A hidden field, or none.
export function set_hidden(name, value) {
  form.elements[name]?.remove();
  if (value) {
    form.append(make('input', { type: 'hidden', name, value }));
  }
}

export function recall() {
  if (!form.elements.name) { // one is signed in
    return;
  }
  const reader = readers.get('comments:reader');
  for (const name of known) {
    const field = form.elements[name];
    if (reader && field && !field.value) {
      field.value = reader[name] || '';
    }
  }
  remember.checked = !!reader;
  one('.comments-submit', form).before(make('p',
    { class: 'comments-remember' },
    make('label', {}, remember, ' ', words.form_remember)));
}

// The comment is there: its draft is not needed, and its author may stay.
export function forget(body, answered) {
  drafts.set(key(answered), null);
  if (remember.isConnected) {
    readers.set('comments:reader', remember.checked && Object.fromEntries(
      known.map(name => [name, body.get(name)])));
  }
}

// How much of the text was not typed; without the field it is not known.
export function paste(event) {
  const { text, pasted } = form.elements;
  if (pasted && event.target === text) {
    pasted.value = +pasted.value
      + [...event.clipboardData.getData('text')].length;
  }
}

export function keep() {
  const { text, pasted } = form.elements;
  if (pasted) {
    pasted.value = Math.min(pasted.value, [...text.value].length);
  }
  drafts.set(key(), text.value.trim() && Object.fromEntries(
    fields().map(field => [field.name, field.value])));
}

export function restore() {
  const draft = drafts.get(key());
  if (!draft) {
    return;
  }
  let back = false;
  for (const field of fields()) {
    if (field.name in draft && (field.name === 'token' || !field.value)) {
      back ||= field.name === 'text' && draft.text !== '';
      field.value = draft[field.name];
    }
  }
  if (back) {
    set_hidden('pasted', draft.pasted);
    say(words.form_draft);
  }
}
