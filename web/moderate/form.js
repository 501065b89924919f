/*
 * form.js: the small forms of the page.
 */

import { button, make } from '../common/html.js';
import { why } from './server.js';
import { words } from './words.js';

// `fields` are [name, label, element]; a box to tick stands before its label.
// `done_with` gets what was typed.  With `close` the form can be left, and is
// when all is done.  Control and Enter send it, Escape leaves it.  It is not
// sent again before there is an answer.
export function form_of(prefix, fields, action, done_with, close) {
  const error = make('p', { class: 'desk-refused', role: 'alert' });
  let sending = false;
  const form = make('form', { class: 'desk-panel',
    onsubmit: async event => {
      event.preventDefault();
      if (sending) {
        return;
      }
      sending = true;
      error.textContent = '';
      try {
        await done_with(Object.fromEntries(new FormData(form)));
        close?.();
      } catch (e) {
        error.textContent = why(e);
      }
      sending = false;
    },
    onkeydown: event => {
      if (event.key === 'Escape') {
        close?.();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        form.requestSubmit();
      }
    } },
    fields.map(([name, label, field]) => {
      field.name = name;
      field.id = prefix + name;
      const named = label && make('label', { for: field.id }, label);
      return field.type === 'checkbox'
        ? make('p', { class: 'desk-tick' }, field, named)
        : make('p', {}, named, field);
    }), error,
    make('p', {}, make('button', { class: 'desk-main' }, action),
      close && [' ', button(words.cancel, close)]));
  return form;
}

export const line = more => make('input', { dir: 'auto', ...more });

export function area(value, more) {
  const field = make('textarea', { rows: 6, dir: 'auto', ...more });
  field.value = value || '';
  return field;
}

export const options = (values, label) => make('select', {},
  values.map(value => make('option', { value }, label(value))));

// What is asked about a ban, whomever it is about, and how it is sent.
export const ban_terms = () => [
  ['status', words.ban_becomes, options(['spam', 'pending', 'rejected'],
    value => words['status_' + value])],
  ['until', words.ban_until, make('input', { type: 'date' })],
  ['note', words.note, line()]];

export const ban_fields = fields => Object.fromEntries(Object.entries({
  ...fields, until: fields.until ? fields.until + 'T00:00:00Z' : '' })
  .filter(([, value]) => value !== ''));
