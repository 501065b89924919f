/*
 * list.js: comments of other parts of the thread find their places.
 */

import { make } from '../common/html.js';
import { article_of, count, fragment, one, section } from './thread.js';

// Where a comment of another fragment belongs: [list] for its end, or
// nothing when what it answers is not shown.
function list_for(article) {
  const answered = article.dataset.parent
    && article_of(article.dataset.parent);
  if (answered) {
    const item = answered.parentNode;
    if (+article.dataset.depth <= +answered.dataset.depth) {
      return item.parentNode;                  // as deep as it goes
    }
    let list = one(':scope > .comments-list', item);
    if (!list) {
      list = make('ol', { class: 'comments-list comments-replies' });
      item.append(list);
    }
    return list;
  }
  if (article.dataset.parent) {
    return null;
  }
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

// Takes one comment of a fragment over; gives its article.
export function adopt(article, first) {
  const known = article_of(article.dataset.id);
  if (known) {
    return known;
  }
  const list = list_for(article);
  if (!list) {
    return null;
  }
  const copy = document.importNode(article, true);
  const item = make('li', { class: 'comments-item' }, copy);
  if (first && !article.dataset.parent) {
    list.prepend(item);
  } else {
    list.append(item);
  }
  return copy;
}

// Fetches comments that are new: each branch, and the top, once.
export async function bring(items) {
  const parents = new Set(items.values());
  const shown = [];
  for (const parent of parents) {
    const found = await fragment(parent ? { parent, limit: 200 }
      : { sort: 'newest', limit: 50 });
    const wanted = [...found.querySelectorAll('.comment')]
      .filter(a => items.has(+a.dataset.id)
              && (items.get(+a.dataset.id) || 0) === parent)
      .sort((a, b) => a.dataset.id - b.dataset.id);
    for (const article of wanted) {
      const copy = adopt(article, section.dataset.sort === 'newest');
      if (copy) {
        shown.push(copy);
      }
    }
    count(+found.dataset.count);
  }
  return shown.sort((a, b) => a.dataset.id - b.dataset.id);
}
