/*
 * article.js: what is done with one comment that is shown.
 */

import { button, make, nodes } from '../common/html.js';
import { answers_of, focus, fold, show_folds } from './branch.js';
import { parent } from './draft.js';
import { answer, cancel } from './form.js';
import { ask, is_gone, why } from './server.js';
import { api, ask_for, count, form, one, page, say } from './thread.js';
import { words } from './words.js';

const address = (article, what = '') =>
  `${api}comment/${article.dataset.id}${what}`;

// A control that the server does not know, or not any more, goes.
const guard = (control, work) => work.catch(error => {
  if (is_gone(error)) {
    const article = control.closest('.comment');
    control.remove();
    focus(article);
  }
  say(why(error));
});

// By the class of the control that asks for it.
export const actions = {
  'comment-reply': (article, control) => answer(article, control),

  'comment-edit': (article, control) => guard(control,
    ask(address(article)).then(known => panel(article, control, {
      label: words.form_text, field: 'textarea', rows: 6,
      value: known.text, action: words.comment_save,
      send: async (text, ticket) => {
        const now = await ask_for(address(article), 'PATCH', { text, ticket });
        changed(article, now.html);
        focus(article);
        if (now.status === 'pending') {
          waits(article);
          say(now.message || words.form_held);
        }
      },
    }))),

  'comment-delete': (article, control) => panel(article, control, {
    label: words.comment_delete_sure, action: words.comment_delete,
    send: async () => {
      await ask(address(article), 'DELETE');
      gone(article);
      say(words.comment_deleted);
      focus(article);
      const { counts } = await ask(`${api}count?`
        + new URLSearchParams({ page }));
      count(counts[page]);
    },
  }),

  'comment-vote': (article, control) => {
    const value = article.dataset.vote === '1' ? 0 : 1;
    return guard(control, ask(address(article, '/vote'), 'POST', { value })
      .then(({ votes }) => {
        article.dataset.up = votes.up;
        article.dataset.vote = votes.mine;
        show_vote(article, control);
      }));
  },

  'comment-fold': article => {
    const list = answers_of(article);
    if (form && list.contains(form)) {
      cancel();
    }
    fold(list, !list.hidden);
  },

  'comment-report': (article, control) => panel(article, control, {
    label: words.comment_report_reason, field: 'input',
    action: words.comment_report,
    send: async reason => {
      await ask(address(article, '/report'), 'POST', { reason });
      say(words.comment_reported);
      control.remove();
      focus(article);
    },
  }),
};

function show_vote(article, control) {
  const up = +article.dataset.up || 0;
  control.textContent = words.comment_like + (up ? ' ' + up : '');
  control.setAttribute('aria-pressed', article.dataset.vote === '1');
  control.setAttribute('aria-label',
    `${control.textContent} – ${article.getAttribute('aria-label')}`);
}

export function changed(article, html) {
  one('.comment-body', article).replaceChildren(...nodes(html));
  if (!one('.comment-edited', article)) {
    one('.comment-head', article).append(
      make('span', { class: 'comment-edited' }, words.comment_edited));
  }
}

// Only its author sees it.
export function waits(article) {
  published(article);
  article.classList.add('comment-is-pending');
  one('.comment-head', article).after(
    make('p', { class: 'comment-pending' }, words.comment_pending));
}

export function published(article) {
  article?.classList.remove('comment-is-pending');
  article && one('.comment-pending', article)?.remove();
}

export function gone(article) {
  const focused = article.contains(document.activeElement);
  article.className = 'comment comment-is-deleted';
  article.removeAttribute('aria-label');
  article.replaceChildren(
    make('p', { class: 'comment-gone' }, words.comment_deleted));
  show_folds();
  if (form && +parent() === +article.dataset.id) {
    cancel();
  }
  if (focused) {
    focus(article);
  }
}

// A small form below a comment, in place of its controls: a question with
// or without a field.  `send` gets what was typed.
function panel(article, opener, o) {
  let ticket = '', sending = false;
  one('.comment-panel', article)?.remove();
  const id = 'comment-panel-' + article.dataset.id;
  const error = make('p', { class: 'comments-error', role: 'alert' });
  const field = o.field && make(o.field, { id, dir: 'auto' });
  const close = () => {
    box.remove();
    opener.focus();
  };
  const box = make('form', { class: 'comment-panel comments-field' },
    field ? make('label', { for: id }, o.label) : make('p', {}, o.label),
    field, error,
    make('button', { class: 'comment-do' }, o.action), ' ',
    button(words.comment_cancel, close, { class: 'comment-cancel' }));
  if (field && o.rows) {
    field.rows = o.rows;
    field.value = o.value;
  }
  const was = field?.value;
  box.addEventListener('keydown', event => {
    if (event.key === 'Escape' && field?.value === was) {
      close();
    }
  });
  box.addEventListener('submit', async event => {
    event.preventDefault();
    if (sending) {
      return;
    }
    sending = true;
    error.textContent = '';
    try {
      await o.send(field ? field.value : '', ticket);
      box.remove();
    } catch (e) {
      ticket = e.ticket || ticket;
      error.textContent = why(e);
    }
    sending = false;
  });
  one('.comment-actions', article).after(box);
  (field || one('button', box)).focus();
}
