/*
 * queue.js: the list: what is shown of it, where one is in it, and what is
 * chosen.
 */

import { button, make } from '../common/html.js';
import { card, decision_button } from './card.js';
import { trouble } from './said.js';
import { RETRY_MS, ask, will_pass } from './server.js';
import { cards, chosen, decisions, is_pending, is_search, query, view }
  from './state.js';
import { counted, name_of, say, words } from './words.js';

const LOW = 20;                // so few cards: more are fetched

export const fresh = button('', null, { class: 'desk-fresh', hidden: true });
export const oldest = make('span', { class: 'desk-oldest' });
export let next = null;        // where the list goes on
export let current = 0;        // id of the card that keys are about

const list = make('ol', { class: 'desk-cards', id: 'desk-cards' });
const whose = make('p', { class: 'desk-whose', dir: 'auto' });
const empty = make('p', { class: 'desk-empty', hidden: true });
const more = make('p', { hidden: true });
const tools = make('div', { class: 'desk-tools' });
const page_title = document.title;
let loading = null;

// What the page is made of, from above.
export function begin_queue() {
  tools.append(
    make('label', { class: 'desk-pick' },
      make('input', { type: 'checkbox', onchange: choose_all }), ' ',
      make('span', { class: 'desk-chosen' })),
    make('span', { class: 'desk-bulk', hidden: true },
      Object.keys(decisions).map(decision_button)),
    oldest);
  more.append(button(words.queue_more, () => load()));
  return [whose, tools, fresh, list, empty, more];
}


// Cards.

// Puts an item where it belongs: the newest first.
export function put(item) {
  const known = cards.get(item.id);
  const node = card(item);
  if (known) {
    const { activeElement: at } = document;
    const focused = known.node.contains(at);
    const panel = known.node.querySelector('.desk-panel');
    known.node.replaceWith(node);
    if (panel) {               // somebody types in it
      node.append(panel);
    }
    Object.assign(known, { item, node });
    if (item.id === current) {
      node.tabIndex = 0;
    }
    if (focused) {
      (panel?.contains(at) ? at : node).focus();
    }
    show_choice(item.id);
  } else {
    const row = make('li', {}, node);
    const after = [...list.children].find(other =>
      +other.firstChild.dataset.id < item.id);
    list.insertBefore(row, after || null);
    cards.set(item.id, { item, node, busy: false });
  }
  settle();
  return node;
}

export function take_away(id) {
  const known = cards.get(id);
  if (known) {
    known.node.parentNode.remove();
    cards.delete(id);
    choose(id, false);
    settle();
  }
}

function settle() {
  empty.hidden = cards.size > 0 || loading !== null;
  empty.textContent = is_search() ? words.queue_none : words.queue_empty;
  more.hidden = next === null;
  if (cards.size < LOW && next !== null && !loading) {
    load();
  }
}

// The next part of the list.
async function load() {
  const asked = view.status + query();
  let again = false;
  loading = asked;
  try {
    const got = await ask(view.filters.id ? 'items?ids=' + view.filters.id
      : 'queue?' + query(next ? { before: next } : {}));
    if (loading !== asked) {
      return;                  // another list by now
    }
    if (view.filters.author_of && got.items.length) {
      whose.textContent = say('author_all', name_of(got.items[0]));
    }
    for (const item of got.items) {
      if (!cards.has(item.id) && !is_pending(item.id)) {
        put(item);
      }
    }
    next = got.next ?? null;
    show_counts(got.counts);
    if (!current && list.firstChild) {
      go(+list.firstChild.firstChild.dataset.id, false);
    }
  } catch (error) {
    trouble(error);
    again = will_pass(error);
    if (again) {
      await new Promise(done => setTimeout(done, RETRY_MS));
    }
  }
  if (loading === asked) {
    loading = null;
    (again ? load : settle)();
  }
}

export function reload() {
  cards.clear();
  chosen.clear();
  list.replaceChildren();
  fresh.hidden = true;
  whose.textContent = '';
  next = null;
  current = 0;
  loading = null;
  show_tools();
  load();
  settle();
}

export function show_counts(numbers) {
  for (const link of document.querySelectorAll('.desk-lists [data-status]')) {
    const n = numbers?.[link.dataset.status];
    if (n !== undefined) {
      link.lastElementChild.textContent = n;
    }
  }
  if (numbers) {               // is read in a window behind others, too
    document.title = numbers.pending ? `(${numbers.pending}) ${page_title}`
      : page_title;
  }
}


// Where one is.

export function go(id, focus = true) {
  const known = cards.get(id);
  const before = cards.get(current);
  if (before) {
    before.node.tabIndex = -1;
  }
  current = known ? id : 0;
  if (known) {
    known.node.tabIndex = 0;
    if (focus) {
      known.node.focus({ preventScroll: true });
      known.node.scrollIntoView({ block: 'nearest' });
    }
  }
}

// To the next card or the one before.  The first key is about where one is,
// which nothing but a frame has told so far.
export function step(by) {
  const here = cards.get(current)?.node.contains(document.activeElement);
  go(here ? beside(current, by) || current : current);
}

// The id of the card that stands so far from the one with the id.
export function beside(id, step) {
  const row = cards.get(id)?.node.parentNode;
  const other = !row ? list.firstElementChild
    : step > 0 ? row.nextElementSibling : row.previousElementSibling;
  return other ? +other.firstElementChild.dataset.id : 0;
}


// What is chosen.

export function choose(id, on) {
  if (on) {
    chosen.add(id);
  } else {
    chosen.delete(id);
  }
  show_choice(id);
  show_tools();
}

// The box shows at each step what is chosen so far: it is asked before.
function choose_all(event) {
  const { checked } = event.target;
  [...cards.keys()].forEach(id => choose(id, checked));
}

function show_choice(id) {
  const box = cards.get(id)?.node.querySelector('.desk-pick input');
  if (box) {
    box.checked = chosen.has(id);
  }
}

function show_tools() {
  const all = tools.querySelector('input');
  all.checked = chosen.size > 0 && chosen.size === cards.size;
  all.indeterminate = chosen.size > 0 && chosen.size < cards.size;
  tools.querySelector('.desk-chosen').textContent =
    chosen.size ? counted('selected', chosen.size) : words.select_all;
  tools.querySelector('.desk-bulk').hidden = !chosen.size;
  tools.classList.toggle('desk-some', chosen.size > 0);
}
