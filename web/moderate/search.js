/*
 * search.js: which list is looked at: a status, or what a search finds.
 */

import { make } from '../common/html.js';
import { show_place } from './places.js';
import { current, go, reload } from './queue.js';
import { bar } from './said.js';
import { query, undos, view } from './state.js';
import { words } from './words.js';

let form;

// Shows another list; without a status one of the same.
export function look(filters, status) {
  view.filters = filters;
  view.status = status || view.status;
  for (const field of form.elements) {
    if (field.name) {
      const value = filters[field.name] || '';
      field.value = field.type === 'date' ? value.slice(0, 10) : value;
    }
  }
  const link = document.querySelector(
    `.desk-lists [data-status=${view.status}]`);
  show_place(null, link || make('a'));
  bar.hidden = !undos.length;
  history.replaceState(null, '', '?' + query({ limit: '' }));
  reload();
}

export const focus_search = () => form.elements.words.focus();

const field = (name, label, more) => make('p', {},
  make('label', { for: 'search-' + name }, label),
  make('input', { name, id: 'search-' + name, ...more }));

function search(event) {
  event.preventDefault();
  const filters = Object.fromEntries(
    [...new FormData(form)].filter(([, value]) => value));
  for (const [name, hour] of [['since', '00:00:00'], ['until', '23:59:59']]) {
    if (filters[name]) {       // the whole of a day
      filters[name] += `T${hour}Z`;
    }
  }
  look(filters, Object.keys(filters).length ? 'any' : 'pending');
}

// Back to the comments.
function leave(field) {
  field.blur();
  go(current);
}

export function begin_search() {
  form = make('form', { class: 'desk-search', role: 'search',
      onsubmit: search,
      onkeydown: event => event.key === 'Escape' && leave(event.target) },
    field('words', words.search_words, { type: 'search', dir: 'auto' }),
    make('details', {}, make('summary', {}, words.search_more),
      field('page', words.search_page, { dir: 'ltr' }),
      field('rule', words.search_rule, { dir: 'auto' }),
      field('since', words.search_since, { type: 'date' }),
      field('until', words.search_until, { type: 'date' })),
    make('p', {}, make('button', {}, words.search)));
  return form;
}
