/*
 * outbox.js: decisions.  Each goes into an outbox and from there to the
 * server, a batch at a time, so that nobody waits.  It says which version of
 * the comment it is about: so it can be sent again when an answer is lost, and
 * another moderator's is not overruled unseen.
 */

import { numbers } from './live.js';
import { beside, current, go, put, take_away } from './queue.js';
import { conflict, refresh } from './refresh.js';
import { calm, show_way_back, told, trouble } from './said.js';
import { RETRY_MS, ask, my_name, will_pass } from './server.js';
import { belongs, cards, changes, decisions, is_on_its_way, is_pending, outbox,
         undos } from './state.js';
import { counted, say, who, words } from './words.js';

const BATCH = 1000, UNDO_MAX = 50;
const ALL_PART = 200;          // so many of an author's are asked for at once

// What the server gets to know of an entry.
const sent = ['id', 'decision', 'version', 'undo'];

export let sending = false;

// The card to go to when those that are decided go: the next that stays, else
// the one before.
export function neighbour(at, leaving) {
  for (const step of [1, -1]) {
    let then = beside(at, step);
    while (then && leaving.includes(then)) {
      then = beside(then, step);
    }
    if (then) {
      return then;
    }
  }
  return 0;
}

export function decide(ids, what) {
  const group = { what, done: [] };
  const wanted = ids.filter(id => {
    const known = cards.get(id);
    return known && !known.busy && changes(known.item, what);
  });
  if (!wanted.length) {
    return;
  }
  const moves = wanted.includes(current);
  const then = moves && neighbour(current, wanted);
  for (const id of wanted) {
    const known = cards.get(id);
    const { item } = known;
    outbox.push({ id, decision: what, version: item.version, group, item });
    if (!decisions[what]
        || belongs({ ...item, status: decisions[what], reports: null })) {
      known.busy = true;
      known.node.classList.add('desk-busy');
    } else {
      take_away(id);
    }
  }
  undos.push(group);
  undos.splice(0, undos.length - UNDO_MAX);
  if (moves) {
    go(then);
  }
  told(decisions[what] ? counted('done_' + what, wanted.length) : words.done);
  post();
}

// All that the author of a comment has written becomes so; of more than a
// batch the newest.
export async function decide_all(id, what) {
  const group = { what, done: [] };
  const leaving = [];
  let before = '', n = 0;
  do {
    const got = await ask(`queue?status=any&author_of=${id}&limit=${ALL_PART}`
      + before);
    for (const item of got.items.filter(other => other.status !== 'deleted'
      && changes(other, what) && !is_pending(other.id)))
    {
      outbox.push({ id: item.id, decision: what, version: item.version, group,
                    item });
      n++;
      if (cards.has(item.id) && !belongs({ ...item, reports: null,
                                           status: decisions[what] })) {
        leaving.push(item.id);
      }
    }
    before = got.next && `&before=${got.next}`;
  } while (before && n < BATCH);
  if (leaving.includes(current)) {
    go(neighbour(current, leaving));
  }
  leaving.forEach(take_away);
  if (n) {
    undos.push(group);
    told(counted('done_' + what, n));
    post();
  }
}

// Not by the outbox: somebody waits for it, and what was typed stays until it
// is taken.
export async function decide_now(id, what, version, typed) {
  const { results: [result] } = await ask('decisions', 'POST', JSON.stringify(
    { decisions: [{ id, decision: what, version, ...typed }] }),
    'application/json');
  if (result.error) {
    throw { status: 409, message: conflict(id, result) };
  }
  if (!result.replayed) {
    undos.push({ what, done: [{ id, version: result.version }] });
  }
}

export function undo() {
  const group = undos.pop();
  if (!group) {
    return;
  }
  // What is still on its way is taken back when it has arrived.
  if (is_on_its_way(group)) {
    group.undo = true;
    told(words.done);
    return;
  }
  const last = { what: 'undo', done: [] };
  for (const { id, version } of group.done) {
    outbox.push({ id, decision: 'undo', undo: version, group: last });
  }
  told(counted('done_undo', group.done.length));
  post();
}

// One batch at a time, until nothing is left.
async function post() {
  if (sending || !outbox.length) {
    return;
  }
  sending = true;
  let wait = 0;
  try {
    const batch = outbox.slice(0, BATCH);
    const body = JSON.stringify({ decisions: batch }, ['decisions', ...sent]);
    const { results } = await ask('decisions', 'POST', body,
                                  'application/json');
    outbox.splice(0, batch.length);
    calm();
    await answered(batch, results);
    numbers().catch(trouble);
  } catch (error) {
    wait = await refused(error);
  } finally {
    sending = false;
  }
  if (outbox.length) {
    setTimeout(post, wait);
  }
}

// Milliseconds until it is tried again; what can never be taken is dropped.
async function refused(error) {
  trouble(error);
  if (will_pass(error)) {
    return RETRY_MS;
  }
  const ids = outbox.splice(0, BATCH).map(entry => entry.id);
  await refresh(ids, true);
  return 0;
}

async function answered(batch, results) {
  const again = batch.filter((entry, i) => took(entry, results[i]));
  if (again.length) {
    await refresh(again.map(entry => entry.id), true);
  }
  const groups = batch.filter((entry, i) => !results[i].error)
    .map(entry => entry.group);
  for (const group of new Set(groups)) {
    settle_undo(group);
  }
}

// One result; gives whether the comment has to be read again.
function took(entry, result) {
  const known = cards.get(entry.id);
  const is_undo = entry.decision === 'undo';
  if (known) {
    known.busy = false;
    known.node.classList.remove('desk-busy');
  }
  if (result.error) {
    if (entry.item && !known) {
      put(entry.item);
    }
    conflict(entry.id, result);
    return true;
  }
  if (!is_undo && !result.replayed) {
    entry.group.done.push({ id: entry.id, version: result.version });
  }
  if (!is_undo && result.replayed && result.by && who(result.by) !== my_name) {
    told(say('conflict', who(result.by)));
  }
  return is_undo || known !== undefined;
}

// What was to be undone before it had arrived is undone now; and where nothing
// was done there is no way back.
function settle_undo(group) {
  if (group.undo && !is_on_its_way(group)) {
    group.undo = false;
    undos.push(group);
    undo();
  }
  if (!group.done.length && group.what !== 'undo') {
    const at = undos.indexOf(group);
    if (at >= 0 && !is_on_its_way(group)) {
      undos.splice(at, 1);
      show_way_back();
    }
  }
}
