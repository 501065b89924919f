/*
 * moderate.js: the moderators' page.  The server's page works without it; with
 * it, nobody waits for an answer, and the keyboard is enough.
 *
 * It asks no other server and runs under "default-src 'self';
 * require-trusted-types-for 'script'".  Whatever people have typed becomes
 * text; only the HTML that readers get as well is parsed.
 *
 * docs/internals.md tells what is in which part.
 */

import { make } from './common/html.js';
import { actions } from './moderate/actions.js';
import { unfold } from './moderate/details.js';
import { help, on_key } from './moderate/keys.js';
import { begin_live } from './moderate/live.js';
import { decide, undo } from './moderate/outbox.js';
import { begin_places } from './moderate/places.js';
import { begin_queue, choose, current, go } from './moderate/queue.js';
import { bar, begin_bar, notice } from './moderate/said.js';
import { begin_search, look } from './moderate/search.js';
import { cards, chosen, filter_names, outbox, statuses }
  from './moderate/state.js';
import { load_words, words } from './moderate/words.js';

const main = document.getElementById('desk');

const id_of = node => +node.closest?.('.desk-card')?.dataset.id;

// The controls of a card are about it, those above the list about what is
// chosen.
function on_click(event) {
  const control = event.target.closest('[data-do], .desk-unfold');
  if (!control) {
    return;
  }
  const id = id_of(control);
  const what = control.dataset.do;
  if (!what) {
    unfold(id);
  } else if (actions[what]) {
    actions[what](id);
  } else {
    decide(id ? [id] : [...chosen], what);
  }
}

function on_change(event) {
  const id = id_of(event.target);
  if (id && event.target.closest('.desk-pick')) {
    choose(id, event.target.checked);
  }
}

function on_focus(event) {
  const id = id_of(event.target);
  if (id && id !== current && cards.has(id)) {
    go(id, false);
  }
}

// The links to the lists get their numbers, and company.
function begin_lists() {
  const nav = document.querySelector('.desk-lists');
  for (const link of nav.querySelectorAll('[data-status]')) {
    link.append(' ', make('span', { class: 'desk-count' }));
    link.addEventListener('click', event => {
      event.preventDefault();
      look({}, link.dataset.status);
    });
  }
  nav.append(make('a', { href: '#keys', onclick: event => {
    event.preventDefault();
    help();
  } }, words.help));
}

// The list that the address asks for.
function look_as_asked() {
  const asked = new URLSearchParams(location.search);
  const status = asked.get('status');
  look(Object.fromEntries(filter_names.map(name => [name, asked.get(name)])
    .filter(([, value]) => value)),
    statuses.includes(status) ? status : 'pending');
}

async function start() {
  try {
    await load_words();
  } catch {
    return;                    // the page works without us
  }
  main.replaceChildren(notice, begin_search(), ...begin_queue(), bar);
  begin_bar(undo);
  begin_lists();
  main.addEventListener('click', on_click);
  main.addEventListener('change', on_change);
  const place = location.hash.slice(1);
  look_as_asked();
  begin_places(place);
  document.addEventListener('focusin', on_focus);
  document.addEventListener('keydown', on_key);  // before, there is no list
  begin_live();
}

window.addEventListener('beforeunload', event => {
  if (outbox.length) {
    event.preventDefault();
  }
});

start();
