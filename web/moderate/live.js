/*
 * live.js: numbers, what others have decided, and what has come.
 */

import { sending } from './outbox.js';
import { place } from './places.js';
import { fresh, go, next, oldest, put, show_counts } from './queue.js';
import { refresh } from './refresh.js';
import { calm, trouble } from './said.js';
import { ask } from './server.js';
import { cards, is_pending, outbox, query, view } from './state.js';
import { counted, date, say } from './words.js';

const POLL_MS = 5000, HIDDEN_MS = 60000;

let journal = -1;              // what it said when we looked last
let looked = 0;                // and when that was
let looking = false;

export function begin_live() {
  poll();
  setInterval(poll, POLL_MS);
  document.addEventListener('visibilitychange', poll);
}

// How many there are of each, and since when they wait.
export async function numbers() {
  const got = await ask('status');
  show_counts(got.counts);
  oldest.textContent = got.oldest
    ? say('queue_oldest', date(got.oldest.created)) : '';
  return got;
}

async function poll() {
  if (looking || sending
      || document.hidden && Date.now() - looked < HIDDEN_MS) {
    return;
  }
  looking = true;
  looked = Date.now();
  try {
    const got = await numbers();
    if (!outbox.length) {
      calm();
    }
    // Numbers alone keep no session awake.
    if (got.journal === journal || document.hidden) {
      return;
    }
    if (journal >= 0 && !place) {
      if (!await refresh([...cards.keys()])) {
        return;                // the next look does
      }
      await news();
    }
    journal = got.journal;
  } catch (error) {
    trouble(error);
  } finally {
    looking = false;
  }
}

async function news() {
  if (view.filters.id) {
    return;                    // that one alone
  }
  const asked = String(query());
  const got = await ask('queue?' + asked);
  if (asked !== String(query())) {
    return;                    // another list by now
  }
  const items = got.items.filter(item => !cards.has(item.id)
    && !is_pending(item.id) && (next === null || item.id > next));
  fresh.hidden = !items.length;
  fresh.textContent = counted('queue_new', items.length);
  fresh.onclick = () => {
    fresh.hidden = true;
    items.forEach(put);
    go(items[0].id);
  };
  if (!cards.size && items.length) {
    fresh.hidden = true;
    items.forEach(put);
    go(items[0].id, false);
  }
}
