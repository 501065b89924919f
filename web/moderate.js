/*
 * moderate.js: the moderators' page.  The server's page works without it; with
 * it, nobody waits for an answer, and the keyboard is enough.
 *
 * What was decided goes into an outbox and from there to the server, a batch
 * at a time.  Each decision says which version of the comment it is about, so
 * it can be sent again when an answer is lost, and another moderator's is not
 * overruled unseen.
 *
 * It asks no other server and runs under "default-src 'self';
 * require-trusted-types-for 'script'".  Whatever people have typed becomes
 * text; only the HTML that readers get as well is parsed, by the policy
 * ngx-comments.
 */
(() => {
'use strict';

const { api, words: words_at, name: my_name } = document.body.dataset;
const lang = document.documentElement.lang;
const main = document.getElementById('desk');
const POLL_MS = 5000, RETRY_MS = 3000, LOW = 20, BATCH = 1000, UNDO_MAX = 50;

let token = document.body.dataset.token;
let words = {};

const html_policy = (() => {
  try {
    return trustedTypes.createPolicy('ngx-comments', { createHTML: s => s });
  } catch {                    // no such thing here
    return { createHTML: s => s };
  }
})();

const nodes = html => [...new DOMParser().parseFromString(
  html_policy.createHTML(html), 'text/html').body.childNodes]
  .map(node => document.importNode(node, true));

// An element: make('button', { class: 'x', onclick: f }, 'text', node ...).
function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...inside.flat(Infinity).filter(node => node !== null
    && node !== undefined && node !== ''));
  return element;
}

const button = (text, onclick, more) =>
  make('button', { type: 'button', onclick, ...more }, text);

const say = (key, value) => (words[key] || key).replace(/\{\w+\}/, () => value);

function counted(key, n) {
  const forms = words[key] || {};
  let form = 'other';
  try {
    form = new Intl.PluralRules(lang).select(n);
  } catch { /* a language that this browser does not know */ }
  return (forms[form] || forms.other || key).replace('{count}', n);
}

const date = (() => {
  let format;
  return (time, style) => {
    try {
      format ||= { medium: new Intl.DateTimeFormat(lang,
                     { dateStyle: 'medium', timeStyle: 'short' }),
                   day: new Intl.DateTimeFormat(lang,
                     { dateStyle: 'medium' }) };
      return format[style || 'medium'].format(new Date(time));
    } catch {
      return time;
    }
  };
})();

// "moderator:kari" is kari.
const who = actor => (actor || '').replace(/^moderator:/, '');

// JSON of our own server.  A refusal is thrown as { status, code, message };
// no answer at all as a TypeError of fetch.
async function ask(path, method = 'GET', body, type) {
  const answer = await fetch(api + path, {
    method, body, credentials: 'same-origin', cache: 'no-store',
    headers: { Accept: 'application/json',
      ...method !== 'GET' && { 'X-Comments-Token': token },
      ...type && { 'Content-Type': type } },
  });
  const json = answer.status === 204 ? {}
    : await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw { status: answer.status, ...json.error };
  }
  return json;
}

const send = (path, fields) => ask(path, 'POST', new URLSearchParams(fields));

const why = error => error.status && error.message || words.offline;

// The session may be a new one by now, and so its token.
async function renew() {
  const session = await ask('session');
  token = session.token;
}


// What is seen: the list, where one is in it, and what came of it.

const view = { status: 'pending', filters: {} };
const cards = new Map();       // id: { item, node, busy }
const chosen = new Set();      // ids
const undos = [];              // [{ what, done: [{ id, version }] }]
let next = null;               // where the list goes on
let loading = null;
let current = 0;               // id of the card that keys are about
let journal = -1;

const filter_names = ['words', 'page', 'author_of', 'rule', 'since', 'until'];
const statuses = ['pending', 'reported', 'approved', 'spam', 'rejected',
                  'deleted'];
const decisions = { approve: 'approved', hold: 'pending', spam: 'spam',
                    reject: 'rejected', delete: 'deleted' };
const keys = { a: 'approve', h: 'hold', s: 'spam', r: 'reject', d: 'delete' };

let list, empty, more, fresh, oldest, bar, bar_text, bar_undo, notice, tools,
  search;


// Cards.

// The text, with what the rules have found marked in it.
function marked(text, receipt) {
  const found = new Set();
  for (const rule of receipt?.rules || []) {
    for (const [, match] of (rule.note || '').matchAll(/"([^"]{2,80})"/g)) {
      found.add(match);
    }
  }
  const wanted = [...found].filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!wanted.length) {
    return [text];
  }
  return text.split(new RegExp(`(${wanted.join('|')})`, 'giu'))
    .map((part, i) => i % 2 ? make('mark', {}, part) : part);
}

// What the rules said, in one line.
function reason(receipt) {
  if (!receipt) {
    return null;
  }
  const said = (receipt.rules || []).map(rule => {
    const verdict = rule.verdict === 'score'
      ? say('verdict_score', rule.score)
      : words['verdict_' + rule.verdict] || rule.verdict;
    return `${rule.name} (${rule.file}:${rule.line}): ${verdict}`
      + (rule.note ? `, ${rule.note}` : '');
  });
  const errors = (receipt.errors || []).map(error =>
    typeof error === 'string' ? error : error.message || JSON.stringify(error));
  return make('p', { class: 'desk-why' }, make('b', {}, words.why), ' ',
    make('span', { dir: 'auto' },
      [...said, ...errors].join('; ') || words.why_none));
}

function history_of(author) {
  const past = author?.history;
  if (!past) {
    return null;
  }
  const parts = ['approved', 'pending', 'spam', 'rejected', 'deleted']
    .filter(status => past[status])
    .map(status => make('span', { class: 'desk-past-' + status },
      `${past[status]} ${words['status_' + status]}`));
  const others = parts.length > 1
    || parts.length === 1 && !/^1 /.test(parts[0].textContent);
  return make('span', { class: 'desk-past' },
    others ? parts.flatMap((part, i) => i ? [', ', part] : [part])
      : words.author_first,
    past.first_seen && others
      ? ', ' + say('author_since', date(past.first_seen, 'day')) : '');
}

// What was decided last, and by whom.
function decided(item) {
  const last = item.decision;
  if (!last) {
    return null;
  }
  return make('p', { class: 'desk-decided' },
    make('b', {}, words['status_' + item.status]), ' · ',
    make('bdi', {}, who(last.by)), ' · ', date(last.at),
    last.note ? [' · ', make('bdi', {}, last.note)] : '');
}

// A comment that was reported can be found good as it is.
const changes = (item, what) => decisions[what] !== item.status
  || Boolean(item.reports?.open);

function card(item) {
  const author = item.author || {};
  const id = item.id;
  const title = `c${id}-title`;
  const reports = item.reports?.count || 0;
  const flags = [item.pinned && words.pinned, item.edited && words.edited,
                 item.imported && words.imported].filter(Boolean);

  return make('article', { class: 'desk-card', id: 'c' + id, tabindex: -1,
      'data-id': id, 'data-status': item.status, 'aria-labelledby': title },
    make('div', { class: 'desk-head' },
      make('label', { class: 'desk-pick' },
        make('input', { type: 'checkbox', 'aria-label':
          `${words.select}: ${author.name || words.author_anonymous}`,
          onchange: event => choose(id, event.target.checked) })),
      author.avatar && make('img', { src: author.avatar, alt: '', width: 32,
        height: 32, loading: 'lazy' }),
      make('h2', { id: title, dir: 'auto' },
        author.name || words.author_anonymous),
      author.url && make('a', { href: author.url, dir: 'ltr', target: '_blank',
        rel: 'noopener noreferrer nofollow', class: 'desk-url' },
        author.url.replace(/^https?:\/\//, '')),
      history_of(author)),
    make('p', { class: 'desk-where' },
      make('a', { href: `${item.page}#comment-${id}`, dir: 'auto',
        target: '_blank', rel: 'noopener' }, item.title || item.page), ' · ',
      make('time', { datetime: item.created }, date(item.created)),
      flags.map(flag => [' · ', flag]),
      reports ? [' · ', make('b', { class: 'desk-reports' },
        counted('reports', reports))] : ''),
    make('div', { class: 'desk-text', dir: 'auto' },
      marked(item.text ?? '', item.receipt)),
    (item.reports?.reasons || []).filter(Boolean).map(text =>
      make('blockquote', { class: 'desk-reported', dir: 'auto' },
        text.reason ?? text)),
    reason(item.receipt),
    decided(item),
    make('div', { class: 'desk-actions' },
      Object.entries(decisions)
        .filter(([what]) => changes(item, what))
        .map(([what]) => button(words['do_' + what],
          () => decide([id], what), { class: 'desk-do-' + what,
            'data-do': what })),
      button(words.more, () => unfold(id),
        { class: 'desk-unfold', 'aria-expanded': 'false' })));
}

// Puts an item where it belongs: the newest first.
function put(item) {
  const known = cards.get(item.id);
  const node = card(item);
  if (known) {
    const focused = known.node.contains(document.activeElement);
    known.node.replaceWith(node);
    Object.assign(known, { item, node });
    if (focused) {
      node.focus();
    }
    shown_choice(item.id);
  } else {
    const row = make('li', {}, node);
    const after = [...list.children].find(other =>
      +other.firstChild.dataset.id < item.id);
    list.insertBefore(row, after || null);
    cards.set(item.id, { item, node, busy: false });
  }
  settle();
  return node;
}

function take_away(id) {
  const known = cards.get(id);
  if (known) {
    known.node.parentNode.remove();
    cards.delete(id);
    choose(id, false);
    settle();
  }
}

function settle() {
  empty.hidden = cards.size > 0 || loading !== null;
  empty.textContent = is_search() ? words.queue_none : words.queue_empty;
  more.hidden = next === null;
  if (cards.size < LOW && next !== null && !loading) {
    load();
  }
}

const is_search = () => filter_names.some(name => view.filters[name])
  || view.status === 'any';

// Does a card still belong to this list?
const belongs = item => view.status === 'any' || view.status === item.status
  || view.status === 'reported' && Boolean(item.reports?.open);

function query(extra) {
  const fields = new URLSearchParams({ status: view.status, limit: 50 });
  for (const [name, value] of Object.entries({ ...view.filters, ...extra })) {
    if (value) {
      fields.set(name, value);
    }
  }
  return fields;
}

// The next part of the list.
async function load() {
  const asked = view.status + query();
  loading = asked;
  try {
    const got = await ask('queue?' + query(next ? { before: next } : {}));
    if (loading !== asked) {
      return;                  // another list by now
    }
    for (const item of got.items) {
      if (!cards.has(item.id) && !is_pending(item.id)) {
        put(item);
      }
    }
    next = got.next ?? null;
    counts(got.counts);
    if (!current && list.firstChild) {
      go(+list.firstChild.firstChild.dataset.id, false);
    }
  } catch (error) {
    trouble(error);
  } finally {
    if (loading === asked) {
      loading = null;
      settle();
    }
  }
}

function reload() {
  cards.clear();
  chosen.clear();
  list.replaceChildren();
  fresh.hidden = true;
  next = null;
  current = 0;
  loading = null;
  tools_shown();
  load();
  settle();
}

function counts(numbers) {
  for (const link of document.querySelectorAll('.desk-lists [data-status]')) {
    const n = numbers?.[link.dataset.status];
    if (n !== undefined) {
      link.lastElementChild.textContent = n;
    }
  }
}


// Where one is.

function go(id, focus = true) {
  const known = cards.get(id);
  const before = cards.get(current);
  if (before) {
    before.node.tabIndex = -1;
  }
  current = known ? id : 0;
  if (known) {
    known.node.tabIndex = 0;
    if (focus) {
      known.node.focus({ preventScroll: true });
      known.node.scrollIntoView({ block: 'nearest' });
    }
  }
}

// The id of the card that stands so far from the one with the id.
function beside(id, step) {
  const row = cards.get(id)?.node.parentNode;
  const other = !row ? list.firstElementChild
    : step > 0 ? row.nextElementSibling : row.previousElementSibling;
  return other ? +other.firstElementChild.dataset.id : 0;
}

function choose(id, on) {
  if (on) {
    chosen.add(id);
  } else {
    chosen.delete(id);
  }
  shown_choice(id);
  tools_shown();
}

function shown_choice(id) {
  const box = cards.get(id)?.node.querySelector('.desk-pick input');
  if (box) {
    box.checked = chosen.has(id);
  }
}

function tools_shown() {
  const all = tools.querySelector('input');
  all.checked = chosen.size > 0 && chosen.size === cards.size;
  all.indeterminate = chosen.size > 0 && chosen.size < cards.size;
  tools.querySelector('.desk-chosen').textContent =
    chosen.size ? counted('selected', chosen.size) : words.select_all;
  tools.querySelector('.desk-bulk').hidden = !chosen.size;
}


// Decisions.

const outbox = [];             // { id, decision, version, ... group }
let sending = false;

const is_pending = id => outbox.some(entry => entry.id === id);

function decide(ids, what, extra = {}) {
  const group = { what, done: [] };
  const wanted = ids.filter(id => {
    const known = cards.get(id);
    return known && !known.busy && changes(known.item, what);
  });
  if (!wanted.length) {
    return;
  }
  const at = wanted.includes(current) ? current : 0;
  let then = at && beside(at, 1);
  while (then && wanted.includes(then)) {
    then = beside(then, 1);
  }
  then ||= at && beside(at, -1);
  while (then && wanted.includes(then)) {
    then = beside(then, -1);
  }
  for (const id of wanted) {
    const { item } = cards.get(id);
    outbox.push({ id, decision: what, version: item.version, group, item,
                  ...extra });
    const then_it_is = decisions[what]
      ? { ...item, status: decisions[what], reports: null } : item;
    if (belongs(then_it_is)) {
      const known = cards.get(id);
      known.busy = true;
      known.node.classList.add('desk-busy');
    } else {
      take_away(id);
    }
  }
  undos.push(group);
  undos.splice(0, undos.length - UNDO_MAX);
  if (at) {
    go(then);
  }
  told(decisions[what] ? counted('done_' + what, wanted.length)
    : words.done, true);
  post();
}

function undo() {
  const group = undos.pop();
  if (!group) {
    return;
  }
  // What is still on its way is taken back when it has arrived.
  if (is_on_its_way(group)) {
    group.undo = true;
    told(words.done, undos.length > 0);
    return;
  }
  const last = { what: 'undo', done: [] };
  for (const { id, version } of group.done) {
    outbox.push({ id, decision: 'undo', undo: version, group: last });
  }
  told(counted('done_undo', group.done.length), undos.length > 0);
  post();
}

const is_on_its_way = group => outbox.some(entry => entry.group === group);

// One batch at a time, until nothing is left.
async function post() {
  if (sending || !outbox.length) {
    return;
  }
  sending = true;
  let wait = 0;
  try {
    const batch = outbox.slice(0, BATCH);
    const body = JSON.stringify({ decisions: batch.map(
      ({ id, decision, version, undo: number, note, text }) =>
        ({ id, decision, version, undo: number, note, text })) });
    const { results } = await ask('decisions', 'POST', body,
                                  'application/json');
    outbox.splice(0, batch.length);
    notice.hidden = true;
    await done(batch, results);
  } catch (error) {
    wait = await refused(error);
  } finally {
    sending = false;
  }
  if (outbox.length) {
    setTimeout(post, wait);
  }
}

// Milliseconds until it is tried again; what can never be taken is dropped.
async function refused(error) {
  if (!error.status || error.status >= 500 || error.status === 429) {
    trouble(error);
    return RETRY_MS;
  }
  if (error.status === 401 || error.code === 'token_stale') {
    try {
      await renew();
      return 0;
    } catch (again) {
      trouble(again);
      return RETRY_MS;
    }
  }
  const ids = outbox.splice(0, BATCH).map(entry => entry.id);
  trouble(error);
  await refresh(ids, true);
  return 0;
}

async function done(batch, results) {
  const again = [];
  const late = new Set();
  batch.forEach((entry, i) => {
    const result = results[i];
    const known = cards.get(entry.id);
    if (known) {
      known.busy = false;
      known.node.classList.remove('desk-busy');
    }
    if (result.error) {
      again.push(entry.id);
      if (entry.item && !known) {
        put(entry.item);
      }
      conflict(entry.id, result);
      return;
    }
    if (entry.decision !== 'undo' && !result.replayed) {
      entry.group.done.push({ id: entry.id, version: result.version });
    }
    if (entry.decision === 'undo' || known || entry.decision === 'edit') {
      again.push(entry.id);
    }
    if (result.replayed && entry.decision !== 'undo' && result.by
        && who(result.by) !== my_name) {
      told(say('conflict', who(result.by)), undos.length > 0);
    }
    late.add(entry.group);
  });
  if (again.length) {
    await refresh(again, true);
  }
  for (const group of late) {
    if (group.undo && !is_on_its_way(group)) {
      group.undo = false;
      undos.push(group);
      undo();
    }
    if (!group.done.length && group.what !== 'undo') {
      const at = undos.indexOf(group);
      if (at >= 0 && !is_on_its_way(group)) {
        undos.splice(at, 1);
        bar_undo.hidden = !undos.length;
      }
    }
  }
}

// Somebody was there first: what became of it is shown, and it can be decided
// upon again.
const conflicts = new Map();   // id: sentence

function conflict(id, result) {
  const name = who(result.by);
  conflicts.set(id, result.error.code !== 'already_decided'
    ? result.error.message
    : name && name !== 'author' ? say('conflict', name)
      : words.conflict_changed);
}

// Reads items again; with `all` those that come back into the list, too.
async function refresh(ids, all) {
  for (let at = 0; at < ids.length; at += 200) {
    const part = ids.slice(at, at + 200);
    let got;
    try {
      got = await ask('items?ids=' + part.join(','));
    } catch (error) {
      trouble(error);
      return;
    }
    for (const item of got.items) {
      const known = cards.get(item.id);
      if (is_pending(item.id) || known?.busy) {
        continue;
      }
      if (known && known.item.version === item.version
          && known.item.status === item.status
          && known.item.edited === item.edited && !conflicts.has(item.id)) {
        continue;
      }
      const stays = known ? true : all && belongs(item);
      if (!stays) {
        continue;
      }
      if (known && !conflicts.has(item.id) && !belongs(item)
          && who(item.decision?.by) === my_name) {
        take_away(item.id);    // from another of my own windows
        continue;
      }
      const open = known?.node.querySelector('.desk-unfold')
        ?.getAttribute('aria-expanded') === 'true';
      const node = put(item);
      if (!belongs(item) || conflicts.has(item.id)) {
        node.classList.add('desk-gone');
        node.querySelector('.desk-actions').before(make('p',
          { class: 'desk-conflict', role: 'status' },
          conflicts.get(item.id) || (item.decision
            ? say('conflict', who(item.decision.by)) : '')));
      }
      conflicts.delete(item.id);
      if (open) {
        unfold(item.id);
      }
    }
  }
}


// What is said below: what was done, and the way back.

function told(text, can_undo) {
  bar_text.textContent = text;
  bar_undo.hidden = !can_undo;
  bar.hidden = false;
}

function trouble(error) {
  notice.replaceChildren(error.status === 401 ? words.signed_out : why(error));
  if (error.status === 401) {
    notice.append(' ', make('a', { href: api, target: '_blank' },
      words.signin_submit));
  }
  notice.hidden = false;
}


// More of one card: its thread, what happened, and what is done rarely.

async function unfold(id) {
  const { node, item } = cards.get(id) || {};
  const opener = node?.querySelector('.desk-unfold');
  if (!opener) {
    return;
  }
  const before = node.querySelector('.desk-details');
  if (before) {
    before.remove();
    opener.setAttribute('aria-expanded', 'false');
    return;
  }
  opener.setAttribute('aria-expanded', 'true');
  const details = make('div', { class: 'desk-details' });
  node.append(details);
  details.append(make('div', { class: 'desk-actions' },
    button(words.do_reply, () => reply(id)),
    button(words.do_edit, () => edit(id)),
    button(words.do_note, () => note(id)),
    button(words['do_' + (item.pinned ? 'unpin' : 'pin')],
      () => decide([id], item.pinned ? 'unpin' : 'pin')),
    button(words.do_ban, () => ban_of(id)),
    button(words[item.closed ? 'do_open' : 'do_close'],
      () => close_thread(id, item.closed ? 'open' : 'close')),
    button(words.shown, event => flip(id, event.target)),
    make('a', { href: 'rules?comment=' + id }, words.do_try)));
  try {
    const full = await ask('comment/' + id);
    if (full.context?.length) {
      details.append(make('h3', {}, words.context),
        make('ol', { class: 'desk-context' }, full.context.map(other =>
          make('li', {}, make('b', { dir: 'auto' },
            other.author?.name || words.author_anonymous), ' ',
            make('span', { dir: 'auto' }, other.text ?? '')))));
    }
    if (full.history?.length) {
      details.append(make('h3', {}, words.history),
        make('ol', { class: 'desk-history' }, full.history.map(step =>
          make('li', {}, date(step.at), ' · ', make('bdi', {}, who(step.by)),
            ' · ', words['do_' + step.decision] || step.decision,
            step.after ? ` · ${words['status_' + step.after] || step.after}`
              : '',
            step.note ? [' · ', make('bdi', {}, step.note)] : '',
            step.text_before ? make('blockquote', { dir: 'auto' },
              step.text_before) : ''))));
    }
    const others = await ask(`comment/${id}/author?limit=5`);
    const past = (others.items || []).filter(other => other.id !== id);
    if (past.length) {
      details.append(make('h3', {}, words.author_others),
        make('ol', { class: 'desk-context' }, past.map(other =>
          make('li', {}, make('b', {}, words['status_' + other.status]), ' ',
            make('span', { dir: 'auto' }, other.text ?? '')))),
        button(words.search_more, () => look({ author_of: id }, 'any')));
    }
  } catch (error) {
    trouble(error);
  }
}

function flip(id, control) {
  const { node, item } = cards.get(id);
  const text = node.querySelector('.desk-text');
  const as_shown = text.classList.toggle('desk-as-shown');
  text.replaceChildren(...as_shown ? nodes(item.html ?? '')
    : marked(item.text ?? '', item.receipt));
  control.textContent = as_shown ? words.typed : words.shown;
}

// A small form in a card; `fields` are [name, label, element].
function panel(id, fields, action, done_with) {
  const { node } = cards.get(id);
  node.querySelector('.desk-panel')?.remove();
  const error = make('p', { class: 'desk-refused', role: 'alert' });
  const close = () => {
    form.remove();
    node.focus();
  };
  const form = make('form', { class: 'desk-panel', onsubmit: async event => {
    event.preventDefault();
    error.textContent = '';
    try {
      await done_with(Object.fromEntries(new FormData(form)));
      close();
    } catch (e) {
      error.textContent = why(e);
    }
  }, onkeydown: event => event.key === 'Escape' && close() },
    fields.map(([name, label, field]) => {
      field.name = name;
      field.id = `c${id}-${name}`;
      return make('p', {}, make('label', { for: field.id }, label), field);
    }), error,
    make('p', {}, make('button', { class: 'desk-main' }, action), ' ',
      button(words.cancel, close)));
  node.append(form);
  form.elements[0].focus();
}

const area = value => {
  const field = make('textarea', { rows: 6, dir: 'auto' });
  field.value = value || '';
  return field;
};

const options = (values, label) => make('select', {}, values.map(value =>
  make('option', { value }, label(value))));

function reply(id) {
  const send_as = crypto.randomUUID();
  panel(id, [['text', words.answer, area()]], words.do_reply,
    async ({ text }) => {
      await send(`comment/${id}/reply`, { text, token: send_as });
      told(words.done, undos.length > 0);
    });
}

function edit(id) {
  panel(id, [['text', words.text, area(cards.get(id).item.text)],
             ['note', words.note, make('input', { dir: 'auto' })]],
    words.save, async ({ text, note: remark }) =>
      decide([id], 'edit', { text, note: remark }));
}

function note(id) {
  panel(id, [['note', words.note, make('input', { dir: 'auto' })]],
    words.save, async ({ note: remark }) =>
      decide([id], 'note', { note: remark }));
}

function ban_of(id) {
  panel(id, [['status', words.ban_becomes, options(
               ['spam', 'pending', 'rejected'],
               value => words['status_' + value])],
             ['until', words.ban_until, make('input', { type: 'date' })],
             ['note', words.note, make('input', { dir: 'auto' })]],
    words.do_ban, async fields => {
      await send('bans', ban_fields({ ...fields, kind: 'author',
                                      comment: id }));
      told(words.done, undos.length > 0);
    });
}

const ban_fields = fields => Object.fromEntries(Object.entries({ ...fields,
  until: fields.until ? fields.until + 'T00:00:00Z' : '' })
  .filter(([, value]) => value !== ''));

async function close_thread(id, action) {
  const { item } = cards.get(id);
  try {
    await send('thread', { page: item.page, action });
    item.closed = action === 'close';
    await unfold(id);
    await unfold(id);
    told(words.done, undos.length > 0);
  } catch (error) {
    trouble(error);
  }
}


// Live: numbers, what others have decided, and what has come.

async function poll() {
  if (document.hidden || sending) {
    return;
  }
  try {
    const got = await ask('status');
    counts(got.counts);
    oldest.textContent = got.oldest
      ? say('queue_oldest', date(got.oldest.created)) : '';
    if (!outbox.length) {
      notice.hidden = true;
    }
    if (got.journal === journal) {
      return;
    }
    const first = journal < 0;
    journal = got.journal;
    if (first || place) {
      return;
    }
    await refresh([...cards.keys()]);
    await news();
  } catch (error) {
    trouble(error);
  }
}

async function news() {
  const got = await ask('queue?' + query());
  const items = got.items.filter(item => !cards.has(item.id)
    && !is_pending(item.id) && (next === null || item.id > next));
  fresh.hidden = !items.length;
  fresh.textContent = counted('queue_new', items.length);
  fresh.onclick = () => {
    fresh.hidden = true;
    items.forEach(put);
    go(items[0].id);
  };
  if (!cards.size && items.length) {
    fresh.hidden = true;
    items.forEach(put);
    go(items[0].id, false);
  }
}


// Other places: bans, the record.

let place = null;

function show_place(name, link) {
  place = name;
  for (const other of document.querySelectorAll('.desk-lists a')) {
    other.removeAttribute('aria-current');
  }
  link.setAttribute('aria-current', 'page');
  const old = main.querySelector('.desk-place');
  old?.remove();
  for (const part of [search, tools, fresh, list, empty, more]) {
    part.hidden = Boolean(name);
  }
  if (name) {
    const section = make('section', { class: 'desk-place' },
      make('h2', {}, words[name]));
    bar.before(section);
    places[name](section).catch(trouble);
  }
}

const places = {
  async bans(section) {
    const { bans } = await ask('bans');
    const rows = bans.map(ban => make('li', {},
      make('bdi', {}, ban.value || words['ban_' + ban.kind] || ban.kind),
      ' · ', words['status_' + ban.status], ' · ',
      ban.until ? date(ban.until, 'day') : words.ban_never, ' · ',
      make('bdi', {}, who(ban.by)),
      ban.note ? [' · ', make('bdi', {}, ban.note)] : '', ' ',
      button(words.ban_lift, async event => {
        try {
          await ask('bans/' + encodeURIComponent(ban.key), 'DELETE');
          event.target.closest('li').remove();
        } catch (error) {
          trouble(error);
        }
      })));
    const kinds = { domain: words.ban_domain, author: words.ban_email,
                    address: words.ban_address };
    section.append(rows.length ? make('ul', { class: 'desk-rows' }, rows)
      : make('p', {}, words.bans_none));
    place_form(section, [
      ['kind', words.do_ban, options(Object.keys(kinds),
                                     kind => kinds[kind])],
      ['value', '', make('input', { required: true, dir: 'ltr',
                                    'aria-label': words.do_ban })],
      ['status', words.ban_becomes, options(['spam', 'pending', 'rejected'],
        value => words['status_' + value])],
      ['until', words.ban_until, make('input', { type: 'date' })],
      ['note', words.note, make('input', { dir: 'auto' })]],
      words.do_ban, async fields => {
        await send('bans', ban_fields(fields));
        show_place('bans', section_link('bans'));
      });
  },

  async log(section) {
    const rows = make('ol', { class: 'desk-rows' });
    const older = button(words.log_more, () => go_on().catch(trouble));
    let before = '';
    async function go_on() {
      const got = await ask('log?limit=100' + before);
      rows.append(...got.entries.map(entry => make('li', {}, date(entry.time),
        ' · ', make('bdi', {}, who(entry.actor)), ' · ',
        words['do_' + entry.what] || entry.what,
        entry.comment ? ` · ${entry.comment}` : '',
        entry.after ? ` · ${words['status_' + entry.after] || entry.after}`
          : '',
        entry.page ? [' · ', make('bdi', {}, entry.page)] : '',
        entry.note ? [' · ', make('bdi', {}, entry.note)] : '')));
      before = '&before=' + got.next;
      older.hidden = !got.next;
    }
    section.append(rows, older);
    await go_on();
  },
};

const section_link = name => document.querySelector(`[data-place=${name}]`);

function place_form(section, fields, action, done_with) {
  const error = make('p', { class: 'desk-refused', role: 'alert' });
  const form = make('form', { class: 'desk-panel', onsubmit: async event => {
    event.preventDefault();
    error.textContent = '';
    try {
      await done_with(Object.fromEntries(new FormData(form)));
    } catch (e) {
      error.textContent = why(e);
    }
  } }, fields.map(([name, label, field]) => {
    field.name = name;
    field.id = 'place-' + name;
    return make('p', {}, label && make('label', { for: field.id }, label),
      field);
  }), error, make('p', {}, make('button', { class: 'desk-main' }, action)));
  section.append(form);
}


// The page.

function look(filters, status) {
  view.filters = filters;
  view.status = status || view.status;
  for (const field of search.elements) {
    if (field.name) {
      field.value = filters[field.name] || '';
    }
  }
  const link = document.querySelector(
    `.desk-lists [data-status=${view.status}]`);
  show_place(null, link || make('a'));
  history.replaceState(null, '', '?' + query({ limit: '' }));
  reload();
}

function lists() {
  const nav = document.querySelector('.desk-lists');
  for (const link of nav.querySelectorAll('[data-status]')) {
    link.append(' ', make('span', { class: 'desk-count' }));
    link.addEventListener('click', event => {
      event.preventDefault();
      look({}, link.dataset.status);
    });
  }
  for (const name of ['bans', 'log']) {
    const link = make('a', { href: '#' + name, 'data-place': name,
      onclick: event => {
        event.preventDefault();
        show_place(name, link);
      } }, words[name]);
    nav.append(link, ' ');
  }
  nav.append(make('a', { href: '#keys', onclick: event => {
    event.preventDefault();
    help();
  } }, words.help));
}

function search_form() {
  const field = (name, label, more) => make('p', {},
    make('label', { for: 'search-' + name }, label),
    make('input', { name, id: 'search-' + name, ...more }));
  search = make('form', { class: 'desk-search', role: 'search',
    onsubmit: event => {
      event.preventDefault();
      const filters = Object.fromEntries(
        [...new FormData(search)].filter(([, value]) => value));
      for (const name of ['since', 'until']) {
        if (/^\d{4}-\d\d-\d\d$/.test(filters[name] || '')) {
          filters[name] += 'T00:00:00Z';
        }
      }
      look(filters, Object.keys(filters).length ? 'any' : 'pending');
    } },
    field('words', words.search_words, { type: 'search', dir: 'auto' }),
    make('details', {}, make('summary', {}, words.search_more),
      field('page', words.search_page, { dir: 'ltr' }),
      field('rule', words.search_rule, { dir: 'auto' }),
      field('since', words.search_since, { type: 'date' }),
      field('until', words.search_until,
        { type: 'date' })),
    make('p', {}, make('button', {}, words.search)));
  return search;
}

function build() {
  list = make('ol', { class: 'desk-cards', id: 'desk-cards' });
  oldest = make('span', { class: 'desk-oldest' });
  empty = make('p', { class: 'desk-empty', hidden: true });
  more = make('p', { hidden: true }, button(words.queue_more, () => load()));
  fresh = button('', null, { class: 'desk-fresh', hidden: true });
  notice = make('p', { class: 'desk-notice', role: 'alert', hidden: true });
  bar_text = make('span', { role: 'status' });
  bar_undo = button(words.do_undo, undo);
  bar = make('div', { class: 'desk-undo', hidden: true }, bar_text, ' ',
    bar_undo);
  tools = make('div', { class: 'desk-tools' },
    make('label', { class: 'desk-pick' }, make('input', { type: 'checkbox',
      onchange: event => [...cards.keys()].forEach(id =>
        choose(id, event.target.checked)) }), ' ',
      make('span', { class: 'desk-chosen' })),
    make('span', { class: 'desk-bulk', hidden: true },
      Object.keys(decisions).map(what => button(words['do_' + what],
        () => decide([...chosen], what), { class: 'desk-do-' + what }))),
    oldest);
  main.replaceChildren(notice, search_form(), tools, fresh, list, empty, more,
    bar);
}

function help() {
  const row = (key, text) => [make('dt', {}, make('kbd', {}, key)),
                              make('dd', {}, text)];
  const box = make('dialog', { class: 'desk-help', 'aria-labelledby':
    'desk-help-title', onclose: () => box.remove() },
    make('h2', { id: 'desk-help-title' }, words.help),
    make('dl', {}, row('j', words.help_next), row('k', words.help_previous),
      Object.entries(keys).map(([key, what]) => row(key, words['do_' + what])),
      row('u', words.do_undo), row('x', words.select),
      row('o', words.help_open), row('e', words.do_edit),
      row('n', words.do_note), row('/', words.search), row('?', words.help)),
    make('p', {}, make('label', {}, make('input', { type: 'checkbox',
      checked: keys_on(), onchange: event => {
        try {
          localStorage.setItem('comments-keys', event.target.checked ? 1 : 0);
        } catch { /* then they stay as they are */ }
      } }), ' ', words.help_use)),
    make('form', { method: 'dialog' }, make('button', {}, words.close)));
  document.body.append(box);
  box.showModal();
}

function keys_on() {
  try {
    return localStorage.getItem('comments-keys') !== '0';
  } catch {
    return true;
  }
}

const doings = {
  j: () => go(beside(current, 1) || current),
  k: () => go(beside(current, -1) || current),
  u: undo,
  x: () => current && choose(current, !chosen.has(current)),
  o: () => current && unfold(current),
  e: () => current && edit(current),
  n: () => current && note(current),
};

function on_key(event) {
  const typing = event.target.closest?.('input:not([type=checkbox]), '
    + 'textarea, select, dialog');
  if (typing || event.ctrlKey || event.metaKey || event.altKey
      || event.isComposing || !keys_on()) {
    return;
  }
  if (event.key === '?') {
    help();
  } else if (place) {
    return;
  } else if (event.key === '/') {
    search.elements.words.focus();
  } else if (keys[event.key]) {
    decide(chosen.size ? [...chosen] : [current], keys[event.key]);
  } else if (doings[event.key]) {
    doings[event.key]();
  } else {
    return;
  }
  event.preventDefault();
}

document.addEventListener('focusin', event => {
  const id = +event.target.closest?.('.desk-card')?.dataset.id;
  if (id && id !== current && cards.has(id)) {
    go(id, false);
  }
});

window.addEventListener('beforeunload', event => {
  if (outbox.length) {
    event.preventDefault();
  }
});

async function start() {
  try {
    words = await (await fetch(words_at,
      { credentials: 'same-origin' })).json();
  } catch {
    return;                    // the page works without us
  }
  const asked = new URLSearchParams(location.search);
  const filters = {};
  for (const name of filter_names) {
    if (asked.get(name)) {
      filters[name] = asked.get(name);
    }
  }
  const status = asked.get('status');
  build();
  lists();
  look(filters, statuses.includes(status) || status === 'any' ? status
    : 'pending');
  document.addEventListener('keydown', on_key); // before, there is no list
  poll();
  setInterval(poll, POLL_MS);
  document.addEventListener('visibilitychange', poll);
}

start();
})();
