/*
 * comments.js: makes the comments of a page quicker.  Without it all works,
 * too.  What it finds and what it adds is told in docs/theming.md.
 *
 * It asks no other server, keeps only drafts (in sessionStorage), and runs
 * under "default-src 'self'; require-trusted-types-for 'script'".  HTML comes
 * from our own server alone and goes through the policy ngx-comments.
 */
(() => {
'use strict';

const html_policy = (() => {
  try {
    return trustedTypes.createPolicy('ngx-comments', { createHTML: s => s });
  } catch {                    // no such thing here, or a second script
    return { createHTML: s => s };
  }
})();

// Longer than the server takes; then the connection is dead.
const answer_ms = 60000;

const parse = html => new DOMParser().parseFromString(
  html_policy.createHTML(html), 'text/html');

// The nodes of a comment's text.
const nodes = html => [...parse(html).body.childNodes]
  .map(node => document.importNode(node, true));

// Only until the catalogue of the page's language is there.
const words = {
  comment_edit: 'Edit', comment_delete: 'Delete', comment_save: 'Save',
  comment_delete_sure: 'Delete this comment? It cannot be brought back.',
  comment_cancel: 'Cancel', comment_like: 'Like', comment_report: 'Report',
  comment_report_reason: 'What is wrong with this comment?',
  comment_reported: 'Thank you. A moderator will look at it.',
  comment_deleted: 'This comment was deleted.', comment_edited: 'edited',
  comments_new: { one: '{count} new comment', other: '{count} new comments' },
  comments_count: { one: '{count} comment', other: '{count} comments' },
  form_preview: 'Preview', form_text: 'Comment', form_cancel: 'Cancel reply',
  form_sending: 'Sending …', form_sent: 'Your comment is published.',
  form_held: 'Thank you. A moderator will read this first.',
  form_offline: 'The comment could not be sent. What you wrote is kept; ' +
    'please try again.',
  form_remember: 'Save my name, e-mail and website in this browser for the ' +
    'next time I comment.',
  share_copied: 'The link is copied.',
  form_draft: 'Your unfinished comment is back.',
  form_work: 'Your browser is working for your comment: {percent} %',
};

let words_of;                  // a promise: the catalogue is asked for once

function load_words(api, lang) {
  words_of ||= ask(api + 'words?lang=' + encodeURIComponent(lang))
    .then(found => Object.assign(words, found)).catch(() => {});
  return words_of;
}

function counted(key, n, lang) {
  const forms = words[key];
  let form;
  try {
    form = new Intl.PluralRules(lang || 'en').select(n);
  } catch { /* a language that this browser does not know */ }
  return (forms[form] || forms.other).replace('{count}', n);
}

// An element: make('button', { class: 'x', onclick: f }, 'text', node ...).
function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...inside);
  return element;
}

const button = (name, text, onclick) => make('button',
  { type: 'button', class: name, ...onclick && { onclick } }, text);

// JSON of our own server; a refusal is thrown as { status, message, field },
// and no answer at all as a TypeError of fetch.
async function ask(address, method = 'GET', body) {
  const answer = await fetch(address, {
    method, body: body && new URLSearchParams(body),
    headers: { Accept: 'application/json' }, credentials: 'same-origin',
    signal: AbortSignal.timeout?.(answer_ms),
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw { status: answer.status, ...json.error };
  }
  return json;
}

// The same, with the work that the server may ask for.  Where it cannot be
// done, the words go once more without: then a moderator reads them first.
async function ask_for(api, address, method, fields, say) {
  const body = new URLSearchParams(fields);
  try {
    return await ask(address, method, body);
  } catch (error) {
    if (!error.pow) {
      throw error;
    }
    body.set('ticket', error.ticket);
    try {
      const { work } = await import(new URL(api + 'work.js', location));
      body.set('work', await work(error.ticket, error.pow, percent =>
        say(words.form_work.replace('{percent}', percent))));
    } catch { /* no such thing here */ }
    return ask(address, method, body);
  }
}

const why = error => error.message && error.status ? error.message
  : words.form_offline;

const comment_in = hash => /^#comment-(\d+)$/.exec(hash)?.[1];

const is_gone = error => error.status === 404 || error.status === 405;

// A browser may forbid to keep anything.
const storage = where => ({
  get(key) {
    try {
      return JSON.parse(window[where].getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value) {
        window[where].setItem(key, JSON.stringify(value));
      } else {
        window[where].removeItem(key);
      }
    } catch { /* then it is not kept */ }
  },
});

// What was typed in this tab, one for each page and comment that is answered;
// and who writes, when one wants that to be remembered.
const drafts = storage('sessionStorage');
const readers = storage('localStorage');

function local_times(inside, lang) {
  // "en-GB" rather than "en", when that is what the reader has.
  const own = navigator.languages.find(tag => tag.split('-')[0] === lang);
  for (const time of inside.querySelectorAll('time.dt-published')) {
    const date = new Date(time.dateTime);
    if (time.title || isNaN(date)) {
      continue;
    }
    try {
      const text = new Intl.DateTimeFormat(own || lang,
        { dateStyle: 'long', timeStyle: 'short' }).format(date);
      time.title = time.textContent;
      time.textContent = text;
    } catch { /* the server's words stay */ }
  }
}

// What a server of another origin names by path is there, not here.
function settle(found, api) {
  const at = new URL(api, location.href);
  found.dataset.api = api;
  if (at.origin !== location.origin) {
    for (const node of found.querySelectorAll('img, form')) {
      const name = node.src ? 'src' : 'action';
      node.setAttribute(name, new URL(node.getAttribute(name), at));
    }
  }
}

// One thread: the section that the server has made.
function enhance(section) {
  const api = section.dataset.api, page = section.dataset.page;
  const lang = section.lang;
  const form = section.querySelector('#comment-form');
  const status = make('p', { class: 'comments-status', role: 'status' });
  const fresh = new Map();     // id: parent, of comments that are not shown
  let sending = false;
  let reply_link = null;

  const one = (selector, inside = section) => inside.querySelector(selector);
  const article_of = id => one(`.comment[data-id="${id}"]`);
  const say = text => { status.textContent = text; };

  // The same thread as the server shows it with these arguments.
  async function fragment(more) {
    const query = new URLSearchParams({ page, lang, ...more });
    const answer = await fetch(`${api}thread.html?${query}`,
      { credentials: 'same-origin' });
    if (!answer.ok) {
      throw { status: answer.status };
    }
    const found = one('.comments', parse(await answer.text()));
    settle(found, api);
    local_times(found, lang);
    return found;
  }

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
  function adopt(article, first) {
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
  async function bring(items) {
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

  function count(n) {
    section.dataset.count = n;
    one('.comments-title').textContent = counted('comments_count', n, lang);
  }

  function focus(article) {
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'nearest' });
  }

  function vote_shown(article, control) {
    const up = +article.dataset.up || 0;
    control.textContent = words.comment_like + (up ? ' ' + up : '');
    control.setAttribute('aria-pressed', article.dataset.vote === '1');
  }

  // A small form below a comment, in place of its controls: a question with
  // or without a field.  `send` gets what was typed.
  function panel(article, opener, o) {
    let ticket = '';
    const before = one('.comment-panel', article);
    if (before) {
      before.remove();
    }
    const id = 'comment-panel-' + article.dataset.id;
    const error = make('p', { class: 'comments-error', role: 'alert' });
    const field = o.field && make(o.field, { id, dir: 'auto' });
    const close = () => {
      box.remove();
      opener.focus();
    };
    const box = make('form', { class: 'comment-panel comments-field' },
      field ? make('label', { for: id }, o.label) : make('p', {}, o.label),
      ...field ? [field] : [], error,
      make('button', { class: 'comment-do' }, o.action), ' ',
      button('comment-cancel', words.comment_cancel, close));
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

  const actions = {
    'comment-reply': (article, control) => answer(article, control),

    'comment-edit': (article, control) => guard(control,
      ask(address(article)).then(known => panel(article, control, {
        label: words.form_text, field: 'textarea', rows: 6,
        value: known.text, action: words.comment_save,
        send: async (text, ticket) => {
          const now = await ask_for(api, address(article), 'PATCH',
            { text, ticket }, say);
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
          vote_shown(article, control);
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

  function changed(article, html) {
    one('.comment-body', article).replaceChildren(...nodes(html));
    if (!one('.comment-edited', article)) {
      one('.comment-head', article).append(
        make('span', { class: 'comment-edited' }, words.comment_edited));
    }
  }

  function gone(article) {
    // A form that stands here goes home with what is typed in it.
    if (form && +parent() === +article.dataset.id) {
      cancel();
    }
    article.className = 'comment comment-is-deleted';
    article.replaceChildren(
      make('p', { class: 'comment-gone' }, words.comment_deleted));
  }

  section.addEventListener('click', event => {
    const control = event.target.closest('a, button');
    const [, target] = /comments-share-(\w+)/.exec(control?.className) || [];
    if (target) {              // counted; the link goes where it goes
      navigator.sendBeacon?.(api + 'share', new URLSearchParams({ page, target,
        ...form && { token: form.elements.token.value } }));
    }
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    if (control.matches('.comment-answers a, .comments-pinned a')
        && article_of(comment_in(control.hash))) {
      event.preventDefault();
      location.hash = control.hash;
      return;
    }
    const article = control.closest('.comment');
    for (const name of article ? Object.keys(actions) : []) {
      if (control.classList.contains(name)
          && (form || name !== 'comment-reply')) {
        event.preventDefault();
        actions[name](article, control);
        return;
      }
    }
    if (control.matches('.comments-sort a')) {
      event.preventDefault();
      resort(control);
    } else if (control.matches('.comments-more')) {
      event.preventDefault();
      more(control);
    } else if (control.matches('.comments-share-copy')
        && navigator.clipboard) {
      event.preventDefault();
      navigator.clipboard.writeText(control.href)
        .then(() => say(words.share_copied),
              () => location.assign(control.href));
    } else if (control.matches('.comments-cancel a')) {
      event.preventDefault();
      cancel(true);
    }
  });

  // Another order: the list and the links around it, not the form.
  async function resort(link) {
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
  async function seek() {
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

  async function more(link) {
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

  // The form: where it stands, what is kept of it, how it is sent.

  const home = document.createComment('');
  const parent = () => form.elements.parent ? form.elements.parent.value : 0;
  const key = () => `comments:${api}:${page}:${parent()}`;
  const kept = ['text', 'name', 'email', 'website', 'token', 'pasted'];
  const fields = () => kept.map(name => form.elements[name]).filter(Boolean);
  let title, own_title, preview;

  const known = ['name', 'email', 'website'];
  const remember = make('input', { type: 'checkbox' });

  function recall() {
    if (!form.elements.name) { // one is signed in
      return;
    }
    const reader = readers.get('comments:reader');
    for (const name of known) {
      const field = form.elements[name];
      if (reader && field && !field.value) {
        field.value = reader[name] || '';
      }
    }
    remember.checked = !!reader;
    one('.comments-submit', form).before(make('p',
      { class: 'comments-remember' },
      make('label', {}, remember, ' ', words.form_remember)));
  }

  // How much of the text was not typed; without the field it is not known.
  function paste(event) {
    const { text, pasted } = form.elements;
    if (pasted && event.target === text) {
      pasted.value = +pasted.value
        + [...event.clipboardData.getData('text')].length;
    }
  }

  function keep() {
    const { text, pasted } = form.elements;
    if (pasted) {
      pasted.value = Math.min(pasted.value, [...text.value].length);
    }
    drafts.set(key(), text.value.trim() && Object.fromEntries(
      fields().map(field => [field.name, field.value])));
  }

  function restore() {
    const draft = drafts.get(key());
    if (!draft) {
      return;
    }
    let back = false;
    for (const field of fields()) {
      if (field.name in draft && (field.name === 'token' || !field.value)) {
        back ||= field.name === 'text' && draft.text !== '';
        field.value = draft[field.name];
      }
    }
    if (back) {
      set('pasted', draft.pasted);
      say(words.form_draft);
    }
  }

  // A hidden field, or none.
  function set(name, value) {
    form.elements[name]?.remove();
    if (value) {
      form.append(make('input', { type: 'hidden', name, value }));
    }
  }

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

  function empty() {
    form.elements.text.value = '';
    set('pasted', '0');
    set('ticket');
    hide_preview();
  }

  // The text of one draft makes room for that of another.
  function move(id, place) {
    keep();
    set('parent', id);
    empty();
    clear_errors();
    say('');
    place();
    restore();
  }

  function answer(article, link) {
    reply_link = link;
    move(article.dataset.id, () => {
      article.after(form);
      title.textContent = link.getAttribute('aria-label')
        || link.textContent;
      if (!one('.comments-cancel', form)) {
        title.after(make('p', { class: 'comments-cancel' },
          make('a', { href: '#' + article.id }, words.form_cancel)));
      }
    });
    form.elements.text.focus();
  }

  function cancel(back) {
    if (!form || !parent()) {
      return;
    }
    const link = reply_link || one(`[data-reply-to="${parent()}"]`);
    move(0, () => {
      home.after(form);
      title.textContent = own_title;
      one('.comments-cancel', form)?.remove();
    });
    reply_link = null;
    if (back && link) {
      link.focus();
    }
  }

  function refuse(error) {
    if (error.ticket) {
      set('ticket', error.ticket);
    }
    const field = error.field && form.elements[error.field];
    if (!field || field.type === 'hidden' || !field.id) {
      one('.comments-submit', form).before(
        make('p', { class: 'comments-error', role: 'alert' }, why(error)));
      return;
    }
    const id = field.id + '-error';
    field.after(make('span', { class: 'comments-field-error', id },
      why(error)));
    field.setAttribute('aria-invalid', 'true');
    describe(field, id);
    field.focus();
  }

  async function send(event) {
    event.preventDefault();
    if (sending) {
      return;
    }
    sending = true;
    clear_errors();
    keep();
    say(words.form_sending);
    const body = new FormData(form);
    if (!body.has('title')) {
      body.set('title', [...document.title.replace(/\s+/g, ' ').trim()]
        .slice(0, 300).join(''));
    }
    try {
      const made = await ask_for(api, form.action, 'POST', body, say);
      drafts.set(key(), null);
      if (remember.isConnected) {
        readers.set('comments:reader', remember.checked && Object.fromEntries(
          known.map(name => [name, body.get(name)])));
      }
      empty();
      const text = made.message || (made.status === 'pending'
        ? words.form_held : words.form_sent);
      await arrived(made);
      say(text);
    } catch (error) {
      say('');
      refuse(error);
    }
    sending = false;
    bar_shown();
  }

  // The comment is kept; that it cannot be shown right now is no error.
  async function arrived(made) {
    cancel();
    try {
      const [article] = await bring(new Map([[made.id, made.parent || 0]]));
      if (article) {
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

  function start_form() {
    const submit = one('.comments-submit', form);
    const control = button('comments-do-preview', words.form_preview,
      () => show_preview(control));
    title = one('.comments-form-title', form);
    own_title = title.textContent;
    if (parent()) {            // the page came with an answer begun
      own_title = words.form_title || own_title;
    }
    form.before(home);
    submit.append(' ', control);
    submit.after(status);
    if (!form.elements.text.value) {
      set('pasted', '0');
    }
    form.addEventListener('paste', paste);
    form.addEventListener('input', keep);
    form.addEventListener('submit', send);
    recall();
    restore();
  }

  // Live: others' comments wait behind a bar, so that nothing moves.

  const bar = make('div', { class: 'comments-bar', role: 'status' });
  let stream, last, failures = 0;

  function bar_shown() {
    for (const id of fresh.keys()) {
      if (article_of(id)) {
        fresh.delete(id);
      }
    }
    if (sending || !fresh.size) {
      bar.replaceChildren();
      return;
    }
    bar.replaceChildren(button('comments-show-new',
      counted('comments_new', fresh.size, lang), show_new));
  }

  async function show_new() {
    const items = new Map(fresh);
    try {
      const shown = await bring(items);
      items.forEach((_, id) => fresh.delete(id));
      bar_shown();
      if (shown.length) {
        focus(shown[0]);
      }
    } catch { /* the bar stays; another try is possible */ }
  }

  function listen() {
    if (stream || !window.EventSource || document.hidden || failures > 5) {
      return;
    }
    const query = new URLSearchParams({ page, ...last && { last } });
    const on = (name, work) => stream.addEventListener(name, event => {
      last = event.lastEventId || last;
      failures = 0;
      work(JSON.parse(event.data));
    });
    stream = new EventSource(`${api}stream?${query}`);
    on('comment', comment => {
      const known = article_of(comment.id);    // one's own, published now
      known?.classList.remove('comment-is-pending');
      known && one('.comment-pending', known)?.remove();
      fresh.set(comment.id, comment.parent || 0);
      bar_shown();
    });
    on('edit', comment => {
      const article = article_of(comment.id);
      const body = article && one('.comment-body', article);
      if (body && !one('.comment-panel', article)) {
        changed(article, comment.html);
      }
    });
    on('delete', ({ id }) => {
      const article = article_of(id);
      fresh.delete(id);
      bar_shown();
      if (article && !article.classList.contains('comment-is-deleted')) {
        gone(article);
      }
    });
    on('count', found => count(found.count));
    stream.addEventListener('error', () => {
      if (++failures > 5 || stream.readyState === EventSource.CLOSED) {
        silence();
      }
    });
  }

  function listen_again() {
    failures = 0;
    listen();
  }

  // A page that nobody sees keeps no connection of the few there are.
  function silence() {
    stream?.close();
    stream = null;
  }

  document.addEventListener('visibilitychange', () =>
    document.hidden ? silence() : listen_again());
  window.addEventListener('online', listen_again);
  window.addEventListener('hashchange', seek);
  window.addEventListener('pagehide', silence);
  window.addEventListener('pageshow', listen);

  local_times(section, lang);
  section.append(bar);
  if (form) {
    start_form();
  } else {
    section.append(status);
  }
  seek();
  listen();
}

// <div data-comments="/comments/" data-page="/post">: the server's fragment
// takes its place.
async function insert(place) {
  const api = place.dataset.comments;
  const here = new URLSearchParams(location.search);
  const query = new URLSearchParams(
    { page: place.dataset.page || location.pathname });
  const lang = place.closest('[lang]')?.lang;
  const given = { lang, sort: here.get('comments_sort'),
                  after: here.get('comments_after'),
                  at: here.get('comments_at'),
                  reply_to: here.get('reply_to') };
  for (const [name, value] of Object.entries(given)) {
    if (value) {
      query.set(name, value);
    }
  }
  if (!document.querySelector('link[href*="comments.css"]')) {
    document.head.append(make('link',
      { rel: 'stylesheet', href: api + 'comments.css' }));
  }
  const answer = await fetch(`${api}thread.html?${query}`,
    { credentials: 'same-origin' });
  const found = answer.ok
    && parse(await answer.text()).querySelector('.comments');
  if (!found) {
    return;
  }
  settle(found, api);
  place.replaceChildren(document.importNode(found, true));
  await begin(place.querySelector('.comments'));
  if (/^#comment(s|-)/.test(location.hash)) {
    location.replace(location.hash);             // it is there only now
  }
}

async function begin(section) {
  await load_words(section.dataset.api, section.lang);
  enhance(section);
}

// Links with data-comments-count: one request for all of them.
async function show_counts(api, lang) {
  const links = [...document.querySelectorAll('[data-comments-count]')];
  const page_of = link => link.dataset.commentsCount
    || new URL(link.href, location.href).pathname;
  if (!links.length) {
    return;
  }
  const pages = [...new Set(links.map(page_of))].slice(0, 200);
  await load_words(api, lang);
  const { counts } = await ask(`${api}count?`
    + new URLSearchParams(pages.map(page => ['page', page])));
  for (const link of links) {
    const n = counts[page_of(link)];
    if (n !== undefined) {
      link.textContent = counted('comments_count', n, lang);
    }
  }
}

const script = document.currentScript;

// A page may name the script and get it with its thread as well.
const once = Symbol.for('ngx-comments');

function main() {
  if (window[once]) {
    return;
  }
  window[once] = true;
  const section = document.querySelector('section.comments');
  const place = document.querySelector('[data-comments]');
  const api = section?.dataset.api || place?.dataset.comments
    || (script ? new URL('.', script.src).href : '/comments/');
  const lang = section?.lang || document.documentElement.lang;

  if (section) {
    begin(section);
  } else if (place) {
    insert(place).catch(() => {});
  }
  show_counts(api, lang).catch(() => {});
}

if (document.readyState === 'loading') {
  document.addEventListener('DOMContentLoaded', main);
} else {
  main();
}
})();
