/*
 * parts.js: another order of the thread, and more of it.
 */

import { show_bar } from './bar.js';
import { focus, reveal, show_folds } from './branch.js';
import { cancel } from './form.js';
import { adopt } from './list.js';
import { article_of, count, fragment, one, section } from './thread.js';

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
  history.replaceState(history.state, '', link.href);
  one('.comments-sort [aria-current]')?.focus();
}

// What stands between the heading and the form, in its order.
const shown = ':scope > :is(' + ['sort', 'share', 'pinned', 'list', 'none',
  'pager'].map(name => '.comments-' + name) + ')';

function show_part(found) {
  cancel();
  section.querySelectorAll(shown).forEach(part => part.remove());
  one('.comments-title').after(...[...found.querySelectorAll(shown)]
    .map(part => document.importNode(part, true)));
  section.dataset.sort = found.dataset.sort;
  count(+found.dataset.count);
  show_folds();
  show_bar();
}

// The address may name a comment of another part.
export async function seek() {
  const id = comment_in(location.hash);
  const known = id && article_of(id);
  if (known && reveal(known)) {
    known.scrollIntoView();
  }
  if (!id || known) {
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
    const copy = adopt(article, true);
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
  show_folds();
  show_bar();
  if (first) {
    focus(first);
  } else {
    one('.comments-more')?.focus();
  }
}
