/*
 * actions.js: what is done with one comment, but for deciding on it.
 */

import { unfold } from './details.js';
import { area, ban_fields, ban_terms, form_of, line } from './form.js';
import { decide } from './outbox.js';
import { told, trouble } from './said.js';
import { send } from './server.js';
import { cards } from './state.js';
import { words } from './words.js';

// A form at the end of the card, in place of the one that is there.
function panel(id, fields, action, done_with) {
  const { node } = cards.get(id);
  node.querySelector('.desk-panel')?.remove();
  const form = form_of(`c${id}-`, fields, action, done_with, () => {
    form.remove();
    node.focus();
  });
  node.append(form);
  form.elements[0].focus();
}

function reply(id) {
  const token = crypto.randomUUID();
  panel(id, [['text', words.answer, area()]], words.do_reply,
    async ({ text }) => {
      await send(`comment/${id}/reply`, { text, token });
      told(words.done);
    });
}

function edit(id) {
  panel(id, [['text', words.text, area(cards.get(id).item.text)],
             ['note', words.note, line()]],
    words.save, typed => decide([id], 'edit', typed));
}

function note(id) {
  panel(id, [['note', words.note, line()]], words.save,
    typed => decide([id], 'note', typed));
}

function ban(id) {
  panel(id, ban_terms(), words.do_ban, async fields => {
    await send('bans', ban_fields({ ...fields, kind: 'author', comment: id }));
    told(words.done);
  });
}

async function close_thread(id, action) {
  const { item } = cards.get(id);
  try {
    await send('thread', { page: item.page, action });
    item.closed = action === 'close';
    await unfold(id);
    await unfold(id);
    told(words.done);
  } catch (error) {
    trouble(error);
  }
}

export const actions = {
  reply, edit, note, ban,
  close: id => close_thread(id, 'close'),
  open: id => close_thread(id, 'open'),
};
