/*
 * controls.js: what a click in the thread does.
 */

import { actions } from './article.js';
import { fold } from './branch.js';
import { cancel } from './form.js';
import { comment_in, more, resort } from './parts.js';
import { api, article_of, form, page, say, section } from './thread.js';
import { words } from './words.js';

const links = {
  '.comments-sort a': resort,
  '.comments-more': more,
  '.comments-cancel a': () => cancel(true),
  ...navigator.clipboard && { '.comments-share-copy': copy },
};

const busy = new Set();

export function begin_controls() {
  section.addEventListener('click', event => {
    const control = event.target.closest('a, button');
    if (!control) {
      return;
    }
    tell_share(control);
    const work = !event.ctrlKey && !event.metaKey && !event.shiftKey
      && work_of(control);
    if (work) {
      event.preventDefault();
      do_once(control, work);
    }
  });
  section.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)
        && event.target.matches('textarea')) {
      event.target.form.requestSubmit();
    }
  });
  section.addEventListener('beforematch', event => fold(event.target, false));
}

// Not a second time before it is done.
async function do_once(control, work) {
  if (!busy.has(control)) {
    busy.add(control);
    try {
      await work();
    } finally {
      busy.delete(control);
    }
  }
}

// What we do in place of the browser.
function work_of(control) {
  if (control.matches('.comment-answers a, .comments-pinned > p a')
      && article_of(comment_in(control.hash))) {
    return () => { location.hash = control.hash; };
  }
  const article = control.closest('.comment');
  const name = article && Object.keys(actions).find(action =>
    control.classList.contains(action)
    && (form || action !== 'comment-reply'));
  if (name) {
    return () => actions[name](article, control);
  }
  const link = Object.keys(links).find(selector => control.matches(selector));
  return link && (() => links[link](control));
}

function copy(control) {
  navigator.clipboard.writeText(control.href)
    .then(() => say(words.share_copied),
          () => location.assign(control.href));
}

// It is counted; the link goes where it goes.
function tell_share(control) {
  const [, target] = /comments-share-(\w+)/.exec(control.className) || [];
  if (target) {
    navigator.sendBeacon?.(api + 'share', new URLSearchParams({ page, target,
      ...form && { token: form.elements.token.value } }));
  }
}
