/*
 * article.js: what is done with one comment that is shown.
 */

import { button, make, nodes } from '../common/html.js';
import { parent } from './draft.js';
import { answer, cancel } from './form.js';
import { ask, is_gone, why } from './server.js';
import { api, ask_for, count, focus, form, one, say, section }
  from './thread.js';
import { words } from './words.js';

const address = (article, what = '') =>
  `${api}comment/${article.dataset.id}${what}`;

// A control that the server does not know, or not any more, goes.
const guard = (control, work) => work.catch(error => {
  if (is_gone(error)) {
    control.remove();
  } else {
    say(why(error));
  }
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
        say(now.message || '');
      },
    }))),

  'comment-delete': (article, control) => panel(article, control, {
    label: words.comment_delete_sure, action: words.comment_delete,
    send: async () => {
      await ask(address(article), 'DELETE');
      gone(article);
      say(words.comment_deleted);
      focus(article);
      count(Math.max(0, section.dataset.count - 1));
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

export function gone(article) {
  // A form that stands here goes home with what is typed in it.
  if (form && +parent() === +article.dataset.id) {
    cancel();
  }
  article.className = 'comment comment-is-deleted';
  article.removeAttribute('aria-label');
  article.replaceChildren(
    make('p', { class: 'comment-gone' }, words.comment_deleted));
}

// A small form below a comment, in place of its controls: a question with
// or without a field.  `send` gets what was typed.
function panel(article, opener, o) {
  let ticket = '';
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
  box.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !(field && field.value !== o.value)) {
      close();
    }
  });
  box.addEventListener('submit', async event => {
    event.preventDefault();
    error.textContent = '';
    try {
      await o.send(field ? field.value : '', ticket);
      box.remove();
    } catch (e) {
      ticket = e.ticket || ticket;
      error.textContent = why(e);
    }
  });
  one('.comment-actions', article).after(box);
  (field || one('button', box)).focus();
}
