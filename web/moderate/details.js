/*
 * details.js: more of one card: what is done rarely, the thread around the
 * comment, what happened to it, and what else its author wrote.
 */

import { button, make, nodes } from '../common/html.js';
import { marked } from './card.js';
import { trouble } from './said.js';
import { ask } from './server.js';
import { cards } from './state.js';
import { date, name_of, who, words } from './words.js';

// Opens a card's details, or closes them.
export async function unfold(id) {
  const { node, item } = cards.get(id) || {};
  const opener = node?.querySelector('.desk-unfold');
  if (!opener) {
    return;
  }
  const before = node.querySelector('.desk-details');
  if (before) {
    before.remove();
    opener.setAttribute('aria-expanded', 'false');
    return;
  }
  opener.setAttribute('aria-expanded', 'true');
  const details = make('div', { class: 'desk-details' }, rare_actions(item));
  node.append(details);
  try {
    const full = await ask('comment/' + id);
    if (full.context?.length) {
      details.append(make('h3', {}, words.context), context(full.context,
        other => make('b', { dir: 'auto' }, name_of(other))));
    }
    if (full.history?.length) {
      details.append(make('h3', {}, words.history), steps(full.history));
    }
    const others = await ask(`comment/${id}/author?limit=5`);
    const past = (others.items || []).filter(other => other.id !== id);
    if (past.length) {
      details.append(make('h3', {}, words.author_others), context(past,
        other => make('b', {}, words['status_' + other.status])),
        button(words.queue_more, null, { 'data-do': 'author' }));
    }
  } catch (error) {
    trouble(error);
  }
}

function rare_actions(item) {
  const rare = ['reply', 'edit', 'note', item.pinned ? 'unpin' : 'pin', 'ban',
                item.closed ? 'open' : 'close'];
  return make('div', { class: 'desk-actions' },
    rare.map(what => button(words['do_' + what], null, { 'data-do': what })),
    button(words.shown, event => flip(item.id, event.target)),
    make('a', { href: 'rules?comment=' + item.id }, words.do_try));
}

// Other comments in short, each with a word before it.
const context = (comments, title) => make('ol', { class: 'desk-context' },
  comments.map(other => make('li', {}, title(other), ' ',
    make('span', { dir: 'auto' }, other.text ?? ''))));

const steps = history => make('ol', { class: 'desk-history' },
  history.map(step =>
    make('li', {}, date(step.at), ' · ', make('bdi', {}, who(step.by)),
      ' · ', words['do_' + step.decision] || step.decision,
      step.after ? ` · ${words['status_' + step.after] || step.after}` : '',
      step.note ? [' · ', make('bdi', {}, step.note)] : '',
      step.text_before ? make('blockquote', { dir: 'auto' },
        step.text_before) : '')));

// As it was typed, or as readers see it.
function flip(id, control) {
  const { node, item } = cards.get(id);
  const text = node.querySelector('.desk-text');
  const as_shown = text.classList.toggle('desk-as-shown');
  text.replaceChildren(...as_shown ? nodes(item.html ?? '')
    : marked(item.text ?? '', item.receipt));
  control.textContent = as_shown ? words.typed : words.shown;
}
