/*
 * actions.js: what is done with one comment, but for deciding on it.
 */

import { make } from '../common/html.js';
import { unfold } from './details.js';
import { area, ban_fields, ban_terms, form_of, line } from './form.js';
import { decide_all, decide_now, neighbour } from './outbox.js';
import { current, go, take_away } from './queue.js';
import { refresh } from './refresh.js';
import { told, trouble } from './said.js';
import { look } from './search.js';
import { send } from './server.js';
import { belongs, cards, decisions } from './state.js';
import { words } from './words.js';

// A form at the end of the card, in place of the one that is there.  The card
// may be another one by the time it is sent.
function panel(id, fields, action, done_with) {
  const { node } = cards.get(id);
  node.querySelector('.desk-panel')?.remove();
  const form = form_of(`c${id}-`, fields, action, done_with, () => {
    const card = form.closest('.desk-card');
    form.remove();
    card?.focus();
  });
  node.append(form);
  form.elements[0].focus();
}

// Nobody can answer what is not there: it is approved first.
function reply(id) {
  const token = crypto.randomUUID();
  const { status, version } = cards.get(id).item;
  const waits = status !== 'approved';
  panel(id, [['text', words.answer, area('', { required: true })]],
    words[waits ? 'do_approve_reply' : 'do_reply'], async ({ text }) => {
      if (!text.trim()) {
        throw { status: 422, message: words.answer };
      }
      if (waits) {
        await decide_now(id, 'approve', version);
      }
      await send(`comment/${id}/reply`, { text, token });
      if (waits) {
        await approved(id);
      }
      told(words.done);
    });
}

// The card goes, or is another one.
async function approved(id) {
  const { item } = cards.get(id) || {};
  if (item && !belongs({ ...item, status: 'approved', reports: null })) {
    if (current === id) {
      go(neighbour(id, [id]));
    }
    take_away(id);
  } else {
    await refresh([id], true);
  }
}

const edit = id => panel(id,
  [['text', words.text, area(cards.get(id).item.text)],
   ['note', words.note, line()]], words.save, save(id, 'edit'));

const note = id => panel(id, [['note', words.note, line()]], words.save,
  save(id, 'note'));

// About the comment as it is seen now.
function save(id, what) {
  const { version } = cards.get(id).item;
  return async typed => {
    await decide_now(id, what, version, typed);
    told(words.done);
    await refresh([id], true);
  };
}

function ban(id) {
  panel(id, [...ban_terms(),
             ['past', words.ban_past, make('input', { type: 'checkbox' })]],
    words.do_ban, async ({ past, ...fields }) => {
      await send('bans', ban_fields({ ...fields, kind: 'author',
                                      comment: id }));
      told(words.done);
      if (past) {
        await decide_all(id, Object.keys(decisions)
          .find(what => decisions[what] === fields.status));
      }
    });
}

async function close_thread(id, action) {
  const { item } = cards.get(id);
  try {
    await send('thread', { page: item.page, action });
    item.closed = action === 'close';
    await unfold(id);
    await unfold(id);
    cards.get(id)?.node.focus();
    told(words.done);
  } catch (error) {
    trouble(error);
  }
}

export const actions = {
  reply, edit, note, ban,
  author: id => look({ author_of: id }, 'any'),
  close: id => close_thread(id, 'close'),
  open: id => close_thread(id, 'open'),
};
