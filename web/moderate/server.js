/*
 * server.js: the API of moderators, for this session.
 */

import { request } from '../common/request.js';
import { words } from './words.js';

export const { api, name: my_name } = document.body.dataset;

let { token } = document.body.dataset;

const ask_once = (path, method, body, type) => request(api + path, {
  method, body, cache: 'no-store',
  headers: { ...method !== 'GET' && { 'X-Comments-Token': token },
             ...type && { 'Content-Type': type } },
});

// Who has signed in anew has another token.
export async function ask(path, method = 'GET', body, type) {
  try {
    return await ask_once(path, method, body, type);
  } catch (error) {
    if (error.code !== 'token_stale') {
      throw error;
    }
    ({ token } = await ask_once('session', 'GET'));
    return ask_once(path, method, body, type);
  }
}

export const send = (path, fields) =>
  ask(path, 'POST', new URLSearchParams(fields));

export const why = error => error.status && error.message || words.offline;

// What helps is to wait, or to sign in.
export const will_pass = ({ status }) =>
  !status || status >= 500 || status === 429 || status === 401;

export const RETRY_MS = 3000;
