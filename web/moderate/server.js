/*
 * server.js: the API of moderators, for this session.
 */

import { words } from './words.js';

export const { api, name: my_name } = document.body.dataset;

let { token } = document.body.dataset;

// JSON of our own server.  A refusal is thrown as { status, code, message };
// no answer at all as a TypeError of fetch.
export async function ask(path, method = 'GET', body, type) {
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

export const send = (path, fields) =>
  ask(path, 'POST', new URLSearchParams(fields));

export const why = error => error.status && error.message || words.offline;

// The session may be a new one by now, and so its token.
export async function renew() {
  const session = await ask('session');
  token = session.token;
}
