/*
 * form.js: the form: where it stands, what is wrong in it, how it is sent.
 */

import { button, make, nodes } from '../common/html.js';
import { hold_bar } from './bar.js';
import { focus } from './branch.js';
import { forget, keep, parent, paste, recall, restore, set_hidden }
  from './draft.js';
import { bring } from './list.js';
import { ask, is_gone, why } from './server.js';
import { api, ask_for, form, one, say, status } from './thread.js';
import { words } from './words.js';

const home = document.createComment('');
let title, own_title, preview;
let reply_link = null;
let sending = false;

export function begin_form() {
  const submit = one('.comments-submit', form);
  const control = button(words.form_preview, () => show_preview(control),
    { class: 'comments-do-preview' });
  title = one('.comments-form-title', form);
  own_title = title.textContent;
  if (parent()) {            // the page came with an answer begun
    own_title = words.form_title || own_title;
  }
  form.before(home);
  submit.append(' ', control);
  submit.after(status);
  if (!form.elements.text.value) {
    set_hidden('pasted', '0');
  }
  form.addEventListener('paste', paste);
  form.addEventListener('input', keep);
  form.addEventListener('submit', send);
  recall();
  restore();
}


// Where it stands.

// The text of one draft makes room for that of another.
function move(id, place) {
  keep();
  set_hidden('parent', id);
  empty();
  clear_errors();
  say('');
  place();
  restore();
}

export function answer(article, link) {
  reply_link = link;
  move(article.dataset.id, () => {
    article.after(form);
    title.textContent = link.getAttribute('aria-label')
      || link.textContent;
    one('.comments-cancel', form)?.remove();
    title.after(make('p', { class: 'comments-cancel' },
      make('a', { href: '#' + article.id }, words.form_cancel)));
  });
  form.elements.text.focus();
}

// Home again.  What was to answer a comment that cannot be answered any more
// comes along; else it is there again with the next answer.
export function cancel(back) {
  if (!form || !parent()) {
    return;
  }
  const { text } = form.elements;
  const link = reply_link?.isConnected ? reply_link
    : one(`[data-reply-to="${parent()}"]`);
  const focused = form.contains(document.activeElement);
  const typed = link ? '' : text.value;
  if (typed) {
    text.value = '';
  }
  move(0, () => {
    home.after(form);
    title.textContent = own_title;
    one('.comments-cancel', form)?.remove();
  });
  reply_link = null;
  if (typed) {
    text.value = text.value ? `${text.value}\n\n${typed}` : typed;
    keep();
    say(words.error_parent_invalid);
  }
  if (back || focused) {
    (back && link || text).focus();
  }
}

function empty() {
  form.elements.text.value = '';
  set_hidden('pasted', '0');
  set_hidden('ticket');
  hide_preview();
}


// What is wrong in it.

function clear_errors() {
  form.querySelectorAll('.comments-field-error, .comments-error')
    .forEach(error => error.remove());
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    describe(field, '');
  }
}

function describe(field, id) {
  const ids = field.name === 'text' && one('#comment-markup', form)
    ? [id, 'comment-markup'] : [id];
  field.setAttribute('aria-describedby', ids.join(' ').trim());
}

function refuse(error, no_answer) {
  if (error.ticket) {
    set_hidden('ticket', error.ticket);
  }
  const sentence = why(error, no_answer);
  const field = error.field && form.elements[error.field];
  if (!field || field.type === 'hidden' || !field.id) {
    one('.comments-submit', form).before(
      make('p', { class: 'comments-error', role: 'alert' }, sentence));
    return;
  }
  const id = field.id + '-error';
  field.after(make('span', { class: 'comments-field-error', id }, sentence));
  field.setAttribute('aria-invalid', 'true');
  describe(field, id);
  field.focus();
}


// How it is sent.

async function send(event) {
  event.preventDefault();
  if (sending) {
    return;
  }
  sending = true;
  hold_bar(true);
  clear_errors();
  keep();
  say(words.form_sending);
  const { text } = form.elements;
  const answered = parent(), typed = text.value;
  const body = new FormData(form);
  if (!body.has('title')) {
    body.set('title', [...document.title.replace(/\s+/g, ' ').trim()]
      .slice(0, 300).join(''));
  }
  try {
    const made = await ask_for(form.action, 'POST', body);
    forget(body, answered);
    if (parent() === answered && text.value === typed) {
      empty();
      cancel();
    } else {                   // one writes something else by now
      keep();
    }
    await show(made);
    say(made.message || (made.status === 'pending' ? words.form_held
      : words.form_sent));
  } catch (error) {
    say('');
    refuse(error, words.form_offline);
  }
  sending = false;
  hold_bar(false);
}

// The comment is kept; that it cannot be shown right now is no error.
async function show(made) {
  try {
    const [article] = await bring(new Map([[made.id, made.parent || 0]]));
    if (article && !form.elements.text.value) {
      focus(article);
    }
  } catch { /* the next visit shows it */ }
}

function hide_preview() {
  preview?.remove();
  preview = null;
}

async function show_preview(control) {
  const { text } = form.elements;
  clear_errors();
  try {
    const { html } = await ask(api + 'preview', 'POST',
      { text: text.value, ...parent() && { parent: parent() } });
    hide_preview();
    preview = make('div', { class: 'comments-preview comment-body',
      role: 'region', 'aria-label': words.form_preview, dir: 'auto',
      tabindex: 0 }, ...nodes(html));
    one('.comments-submit', form).before(preview);
    preview.focus();
  } catch (error) {
    if (is_gone(error)) {
      control.remove();
    } else {
      refuse(error);
    }
  }
}
