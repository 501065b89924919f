/*
 * parts.js: another order of the thread, and more of it.
 */

import { cancel } from './form.js';
import { adopt } from './list.js';
import { article_of, focus, fragment, one, section } from './thread.js';

export const comment_in = hash => /^#comment-(\d+)$/.exec(hash)?.[1];

// Another order: the list and the links around it, not the form.
export async function resort(link) {
  const sort = new URL(link.href).searchParams.get('comments_sort');
  let found;
  try {
    found = await fragment(sort ? { sort } : {});
  } catch {
    location.assign(link.href);
    return;
  }
  show_part(found);
  section.dataset.sort = found.dataset.sort;
  history.replaceState(history.state, '', link.href);
  one('.comments-sort [aria-current]').focus();
}

function show_part(found) {
  cancel();
  for (const name of ['comments-list', 'comments-pager', 'comments-sort']) {
    const was = one(`:scope > .${name}`);
    const now = one(`:scope > .${name}`, found);
    if (was && now) {
      was.replaceWith(document.importNode(now, true));
    } else if (was) {
      was.remove();
    } else if (now) {
      one(':scope > .comments-list').after(document.importNode(now, true));
    }
  }
}

// The address may name a comment of another part.
export async function seek() {
  const id = comment_in(location.hash);
  if (!id || article_of(id)) {
    return;
  }
  try {
    const found = await fragment({ sort: section.dataset.sort, at: id });
    if (found.querySelector(`[data-id="${id}"]`)) {
      show_part(found);
      location.replace(location.hash);
    }
  } catch { /* the part that is shown stays */ }
}

export async function more(link) {
  let found;
  try {
    found = await fragment({ sort: section.dataset.sort,
                             after: link.dataset.after });
  } catch {
    location.assign(link.href);
    return;
  }
  let first = null;
  for (const article of found.querySelectorAll('.comment')) {
    const is_new = !article_of(article.dataset.id);
    const copy = adopt(article);
    if (is_new && copy && !first) {
      first = copy;
    }
  }
  const next = one('.comments-more', found);
  if (next) {
    link.replaceWith(document.importNode(next, true));
  } else {
    link.closest('nav').remove();
  }
  if (first) {
    focus(first);
  }
}
