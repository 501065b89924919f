/*
 * refresh.js: cards whose comments have changed.  Where another moderator was
 * there first, what became of it is shown, and it can be decided upon again.
 */

import { make } from '../common/html.js';
import { unfold } from './details.js';
import { put, take_away } from './queue.js';
import { trouble } from './said.js';
import { ask, my_name } from './server.js';
import { belongs, cards, is_pending, is_search } from './state.js';
import { say, who, words } from './words.js';

const PART = 200;              // so many items are asked for at once

const conflicts = new Map();   // id: sentence

// The card is to say why a decision about it was refused; gives the sentence.
export function conflict(id, result) {
  const name = who(result.by);
  conflicts.set(id, result.error.code !== 'already_decided'
    ? result.error.message
    : name && name !== 'author' ? say('conflict', name)
      : words.conflict_changed);
  return conflicts.get(id);
}

// Reads items again; with `all` those that come back into the list, too, but
// for what a search finds, which only the server knows.  Gives whether there
// was an answer.
export async function refresh(ids, all) {
  for (let at = 0; at < ids.length; at += PART) {
    let got;
    try {
      got = await ask('items?ids=' + ids.slice(at, at + PART).join(','));
    } catch (error) {
      trouble(error);
      return false;
    }
    for (const item of got.items) {
      const known = cards.get(item.id);
      if (!is_pending(item.id) && !known?.busy
          && (known ? is_news(known.item, item)
            : all && !is_search() && belongs(item))) {
        renew_card(known, item);
      }
    }
  }
  return true;
}

const is_news = (was, item) => was.version !== item.version
  || was.status !== item.status || was.edited !== item.edited
  || conflicts.has(item.id);

function renew_card(known, item) {
  if (known && !conflicts.has(item.id) && !belongs(item)
      && who(item.decision?.by) === my_name) {
    take_away(item.id);        // from another of my own windows
    return;
  }
  const open = known?.node.querySelector('.desk-unfold')
    ?.getAttribute('aria-expanded') === 'true';
  const node = put(item);
  if (!belongs(item) || conflicts.has(item.id)) {
    node.classList.add('desk-gone');
    node.querySelector('.desk-actions').before(make('p',
      { class: 'desk-conflict', role: 'status' },
      conflicts.get(item.id)
        || item.decision && say('conflict', who(item.decision.by))));
  }
  conflicts.delete(item.id);
  if (open) {
    unfold(item.id);
  }
}
