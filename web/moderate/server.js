/*
 * server.js: the API of moderators, for this session.
 */

import { request } from '../common/request.js';
import { words } from './words.js';

export const { api, name: my_name } = document.body.dataset;

let { token } = document.body.dataset;

export const ask = (path, method = 'GET', body, type) => request(api + path, {
  method, body, cache: 'no-store',
  headers: { ...method !== 'GET' && { 'X-Comments-Token': token },
             ...type && { 'Content-Type': type } },
});

export const send = (path, fields) =>
  ask(path, 'POST', new URLSearchParams(fields));

export const why = error => error.status && error.message || words.offline;

// The session may be a new one by now, and so its token.
export async function renew() {
  const session = await ask('session');
  token = session.token;
}
