/*
 * list.js: comments of other parts of the thread find their places.
 */

import { make } from '../common/html.js';
import { answers_of, show_folds } from './branch.js';
import { article_of, count, fragment, is_gap, one, section } from './thread.js';

// The first level.
function top_list() {
  let list = one(':scope > .comments-list');
  if (!list) {
    const none = one('.comments-none');
    list = make('ol', { class: 'comments-list' });
    if (none) {
      none.replaceWith(list);
    } else {
      (one('.comments-share') || one('.comments-sort')
        || one('.comments-title')).after(list);
    }
  }
  return list;
}

// Where what answers a comment belongs.
function list_below(answered, depth) {
  if (depth <= answered.dataset.depth) {
    return answered.parentNode.parentNode;     // as deep as it goes
  }
  let list = answers_of(answered);
  if (!list) {
    list = make('ol', { class: 'comments-list comments-replies' });
    answered.parentNode.append(list);
  }
  return list;
}

// The item of the first level that comes behind one with that id.
function item_behind(list, id) {
  const later = { oldest: other => other > id, newest: other => other < id }[
    section.dataset.sort];
  return later && [...list.children].find(({ firstElementChild: other }) =>
    !other.dataset.parent && later(+other.dataset.id));
}

// Takes one comment of a fragment over; gives its article, or null when what
// it answers is not shown, unless it may stand `anywhere`.
export function adopt(article, anywhere) {
  const { id, parent, depth } = article.dataset;
  const known = article_of(id);
  if (known && !is_gap(known)) {
    return known;
  }
  const copy = document.importNode(article, true);
  if (known) {
    known.replaceWith(copy);
    return copy;
  }
  const answered = parent && article_of(parent);
  if (parent && !answered && !anywhere) {
    return null;
  }
  const list = answered ? list_below(answered, +depth) : top_list();
  list.insertBefore(make('li', { class: 'comments-item' }, copy),
    !parent && item_behind(list, +id) || null);
  if (answered && answers_of(answered) === list) {
    one('.comment-answers', copy)?.remove();
  }
  return copy;
}

// Fetches comments that are new: each branch, and the top, once.
export async function bring(items) {
  const shown = [];
  const parents = [...new Set(items.values())].sort((a, b) => a - b);
  for (const parent of parents) {          // who is answered is there first
    const found = await fragment({ depth: 0, limit: 200,
      ...parent ? { parent } : { sort: 'newest' } });
    const wanted = [...found.querySelectorAll('.comment')]
      .filter(a => items.has(+a.dataset.id))
      .sort((a, b) => a.dataset.id - b.dataset.id);
    shown.push(...wanted.map(article => adopt(article)).filter(Boolean));
    count(+found.dataset.count);
  }
  show_folds();
  return shown.sort((a, b) => a.dataset.id - b.dataset.id);
}
