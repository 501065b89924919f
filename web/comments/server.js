/*
 * server.js: requests for readers.
 */

import { parse } from '../common/parse.js';
import { reach, request } from '../common/request.js';
import { words } from './words.js';

export const ask = (address, method = 'GET', body) => request(address, {
  method, body: body && new URLSearchParams(body),
});

// The server's sentence, or that there is none.
export const why = (error, no_answer = words.no_answer) =>
  error.status && error.message || no_answer;

export const is_gone = error => error.status === 404 || error.status === 405;

let words_asked;               // a promise: the catalogue is asked for once

// With the version that the server names a browser keeps them.
export function load_words(api, lang, v = '') {
  words_asked ||= ask(`${api}words?` + new URLSearchParams({ lang, v }))
    .then(found => Object.assign(words, found));
  return words_asked;
}

// A thread as HTML.
export async function fetch_thread(api, query) {
  const answer = await reach(`${api}thread.html?${query}`);
  const found = answer.ok
    && parse(await answer.text()).querySelector('.comments');
  if (!found) {
    throw { status: answer.status };
  }
  settle(found, api);
  return found;
}

// What a server of another origin names by path is there, not here.
function settle(found, api) {
  const at = new URL(api, location.href);
  found.dataset.api = api;
  if (at.origin !== location.origin) {
    for (const node of found.querySelectorAll('img, form, a')) {
      const name = { IMG: 'src', FORM: 'action', A: 'href' }[node.tagName];
      const address = node.getAttribute(name) || '';
      if (address.startsWith(at.pathname)) {
        node.setAttribute(name, new URL(address, at));
      }
    }
  }
}
