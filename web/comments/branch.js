/*
 * branch.js: the answers to a comment, which a reader may fold away.
 */

import { button } from '../common/html.js';
import { lang, one, section } from './thread.js';
import { counted } from './words.js';

export const answers_of = article =>
  one(':scope > .comments-replies', article.parentNode);

const article_above = list => one(':scope > .comment', list.parentNode);

// Each branch gets its button, with the number of what it hides.
export function show_folds() {
  for (const list of section.querySelectorAll('.comments-replies')) {
    const article = article_above(list);
    const control = one('.comment-fold', article)
      || button('', null, { class: 'comment-fold' });
    const whose = article.getAttribute('aria-label');
    const text = counted('comment_replies',
      list.querySelectorAll('.comment').length, lang);
    control.textContent = text;
    control.setAttribute('aria-label', whose ? `${text} – ${whose}` : text);
    control.setAttribute('aria-expanded', !list.hidden);
    if (!control.isConnected) {
      (one('.comment-actions', article) || article).append(control);
    }
  }
}

// Browsers may find what is folded, and open it.
export function fold(list, on) {
  list.hidden = on && 'until-found';
  one('.comment-fold', article_above(list))
    ?.setAttribute('aria-expanded', !on);
}

// Gives whether it was hidden.
export function reveal(article) {
  let list, hidden = false;
  while ((list = article.closest('.comments-replies[hidden]'))) {
    fold(list, false);
    hidden = true;
  }
  return hidden;
}

export function focus(article) {
  reveal(article);
  article.tabIndex = -1;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: 'nearest' });
}
