/*
 * places.js: what is there beside the list: the bans, and the record of what
 * was done.
 */

import { button, make } from '../common/html.js';
import { ban_fields, ban_terms, form_of, line, options } from './form.js';
import { trouble } from './said.js';
import { look } from './search.js';
import { ask, send } from './server.js';
import { date, who, words } from './words.js';

export let place = null;       // null: the list

// Shows a place, or the list; `link` is the one that leads to it.
export function show_place(name, link) {
  const desk = document.getElementById('desk');
  place = name;
  for (const other of document.querySelectorAll('.desk-lists a')) {
    other.removeAttribute('aria-current');
  }
  link.setAttribute('aria-current', 'page');
  desk.querySelector('.desk-place')?.remove();
  for (const part of desk.querySelectorAll(
    ':scope > :not(.desk-notice)')) {
    part.hidden = Boolean(name);
  }
  if (name) {
    const section = make('section',
      { class: 'desk-place', tabindex: -1 },
      make('h2', {}, words[name]));
    desk.querySelector('.desk-undo').before(section);
    places[name](section).catch(trouble);
  }
}

const link_of = name => document.querySelector(`[data-place=${name}]`);

// The links to the places, which are of no use without us; `asked` is the
// place that the address names, if it does.
export function begin_places(asked) {
  for (const name of Object.keys(places)) {
    const link = link_of(name);
    link.hidden = false;
    link.addEventListener('click', event => {
      event.preventDefault();
      show_place(name, link);
    });
  }
  if (Object.hasOwn(places, asked)) {
    show_place(asked, link_of(asked));
  }
}

// A link to one comment alone.
const one = (id, text) => make('a', { href: '?id=' + id, onclick: event => {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    look({ id }, 'any');
  }
} }, text);

const note_of = ({ note }) => note ? [' · ', make('bdi', {}, note)] : '';

const places = {
  async bans(section) {
    const { bans } = await ask('bans');
    section.append(bans.length
      ? make('ul', { class: 'desk-rows' }, bans.map(ban_row))
      : make('p', {}, words.bans_none));
    section.append(ban_form());
  },

  async log(section) {
    const rows = make('ol', { class: 'desk-rows' });
    const older = button(words.log_more, () => go_on().catch(trouble));
    let before = '';
    async function go_on() {
      const got = await ask('log?limit=100' + before);
      rows.append(...got.entries.map(log_row));
      before = '&before=' + got.next;
      older.hidden = !got.next;
    }
    section.append(rows, older);
    await go_on();
  },
};

const ban_row = ban => make('li', {},
  ban.comment ? one(ban.comment, words.ban_author)
    : make('bdi', {}, ban.value || words['ban_' + ban.kind] || ban.kind),
  ' · ', words['status_' + ban.status], ' · ',
  ban.until ? date(ban.until, 'day') : words.ban_never, ' · ',
  make('bdi', {}, who(ban.by)), note_of(ban), ' ',
  button(words.ban_lift, async event => {
    try {
      await ask('bans/' + encodeURIComponent(ban.key), 'DELETE');
      event.target.closest('.desk-place').focus();
      event.target.closest('li').remove();
    } catch (error) {
      trouble(error);
    }
  }));

function ban_form() {
  const kinds = { domain: words.ban_domain, author: words.ban_email,
                  address: words.ban_address };
  return form_of('place-', [
    ['kind', words.do_ban, options(Object.keys(kinds), kind => kinds[kind])],
    ['value', '', line({ required: true, dir: 'ltr',
                         'aria-label': words.do_ban })],
    ...ban_terms()],
    words.do_ban, async fields => {
      await send('bans', ban_fields(fields));
      show_place('bans', link_of('bans'));
      document.querySelector('.desk-place').focus();
    });
}

// What has its word elsewhere.
const did = { signin: 'signin_submit', unban: 'ban_lift', import: 'imported' };

const log_row = entry => make('li', {}, date(entry.time),
  ' · ', make('bdi', {}, who(entry.actor)), ' · ',
  words[did[entry.what] || 'do_' + entry.what] || entry.what,
  entry.comment ? [' · ', one(entry.comment, entry.comment)] : '',
  entry.after ? ` · ${words['status_' + entry.after] || entry.after}` : '',
  entry.page ? [' · ', make('bdi', {}, entry.page)] : '',
  note_of(entry));
