/*
 * said.js: what the page tells: below, what was done and the way back; above,
 * what is wrong.
 */

import { button, make } from '../common/html.js';
import { api, why, will_pass } from './server.js';
import { undos } from './state.js';
import { words } from './words.js';

export const notice = make('p',
  { class: 'desk-notice', role: 'alert', hidden: true });
export const bar = make('div', { class: 'desk-undo', hidden: true });

const text = make('span', { role: 'status' });
const way_back = button('');

export function begin_bar(undo) {
  way_back.textContent = words.do_undo;
  way_back.addEventListener('click', undo);
  bar.append(text, ' ', way_back);
}

export function show_way_back() {
  way_back.hidden = !undos.length;
}

export function told(what) {
  text.textContent = what;
  show_way_back();
  bar.hidden = false;
  notice.hidden = true;
}

let passing = false;

// What lasts is said once.
export function trouble(error) {
  const signed_out = error.status === 401;
  const sentence = signed_out ? words.signed_out : why(error);
  passing = will_pass(error);
  if (notice.hidden || notice.firstChild.data !== sentence) {
    notice.replaceChildren(sentence);
    if (signed_out) {
      notice.append(' ', make('a', { href: api, target: '_blank' },
        words.signin_submit));
    }
    notice.hidden = false;
  }
}

// The server answers.
export function calm() {
  if (passing) {
    notice.hidden = true;
  }
}
