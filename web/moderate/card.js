/*
 * card.js: how one comment of the list looks.  What is done with it is told by
 * the names of its controls: moderate.js listens.
 */

import { button, make } from '../common/html.js';
import { changes, decisions, view } from './state.js';
import { counted, date, name_of, say, who, words } from './words.js';

// The text, with what the rules have found marked in it, and what one looks
// for.
export function marked(text, receipt) {
  const found = new Set((view.filters.words || '')
    .match(/"[^"]+"|[^\s"*]{2,}/g)?.map(word => word.replaceAll('"', '')));
  for (const rule of receipt?.rules || []) {
    for (const [, match] of (rule.note || '').matchAll(/"([^"]{2,80})"/g)) {
      found.add(match);
    }
  }
  const wanted = [...found].sort((a, b) => b.length - a.length)
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

// What became of all that its author has written, and the way to it.
function history_of(author) {
  const past = author?.history;
  if (!past) {
    return null;
  }
  const parts = Object.values(decisions).filter(status => past[status])
    .map(status => make('span', { class: 'desk-past-' + status },
      `${past[status]} ${words['status_' + status]}`));
  const others = parts.length > 1
    || parts.length === 1 && !/^1 /.test(parts[0].textContent);
  if (!others) {
    return make('span', { class: 'desk-past' }, words.author_first);
  }
  return make('button', { type: 'button', class: 'desk-past',
      'data-do': 'author', title: words.author_others },
    parts.flatMap((part, i) => i ? [', ', part] : [part]),
    past.first_seen
      && ', ' + say('author_since', date(past.first_seen, 'day')));
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

// Who wrote it, with the box that chooses it.
function head(item, title) {
  const author = item.author || {};
  const name = name_of(item);

  return make('div', { class: 'desk-head' },
    make('label', { class: 'desk-pick' },
      make('input', { type: 'checkbox',
        'aria-label': `${words.select}: ${name}` })),
    author.avatar && make('img', { src: author.avatar, alt: '', width: 32,
      height: 32, loading: 'lazy' }),
    make('h2', { id: title, dir: 'auto' }, name),
    author.url && make('a', { href: author.url, dir: 'ltr', target: '_blank',
      rel: 'noopener noreferrer nofollow', class: 'desk-url' },
      author.url.replace(/^https?:\/\//, '')),
    history_of(author));
}

// Where it stands, also in a thread of several parts.
const address = ({ page, id }) =>
  `${page}${page.includes('?') ? '&' : '?'}comments_at=${id}#comment-${id}`;

// On which page, when, and what else there is to know.
function where(item) {
  const reports = item.reports?.count || 0;
  const flags = [item.pinned && words.pinned, item.edited && words.edited,
                 item.imported && words.imported].filter(Boolean);

  return make('p', { class: 'desk-where' },
    make('a', { href: address(item), dir: 'auto',
      target: '_blank', rel: 'noopener' }, item.title || item.page), ' · ',
    make('time', { datetime: item.created }, date(item.created)),
    flags.map(flag => [' · ', flag]),
    reports ? [' · ', make('b', { class: 'desk-reports' },
      counted('reports', reports))] : '');
}

export function card(item) {
  const title = `c${item.id}-title`;

  return make('article', { class: 'desk-card', id: 'c' + item.id,
      tabindex: -1, 'data-id': item.id, 'data-status': item.status,
      'aria-labelledby': title },
    head(item, title),
    where(item),
    make('div', { class: 'desk-text', dir: 'auto' },
      marked(item.text ?? '', item.receipt)),
    (item.reports?.reasons || []).filter(Boolean).map(text =>
      make('blockquote', { class: 'desk-reported', dir: 'auto' },
        text.reason ?? text)),
    reason(item.receipt),
    decided(item),
    make('div', { class: 'desk-actions' },
      Object.keys(decisions).filter(what => changes(item, what))
        .map(decision_button),
      button(words.more, null,
        { class: 'desk-unfold', 'aria-expanded': 'false' })));
}

export const decision_button = what => button(words['do_' + what], null,
  { class: 'desk-do-' + what, 'data-do': what });
