/*
 * words.js: what the page says, in the language of the site.
 */

import { plural } from '../common/plural.js';
import { reach } from '../common/request.js';

const lang = document.documentElement.lang;

export const words = {};       // the catalogue of web/i18n/moderate

export async function load_words() {
  const answer = await reach(document.body.dataset.words);
  Object.assign(words, await answer.json());
}

export const say = (key, value) =>
  (words[key] || key).replace(/\{\w+\}/, () => value);

export const counted = (key, n) =>
  plural(words[key] || { other: key }, n, lang);

// The language is the page's, the country may be the browser's.
const locale = navigator.languages.find(tag =>
  tag.split('-')[0] === lang.split('-')[0]) || lang;

let formats;

// A time of the server's: with 'day' without the hour.
export function date(time, style = 'medium') {
  try {
    formats ||= { medium: new Intl.DateTimeFormat(locale,
                    { dateStyle: 'medium', timeStyle: 'short' }),
                  day: new Intl.DateTimeFormat(locale,
                    { dateStyle: 'medium' }) };
    return formats[style].format(new Date(time));
  } catch {
    return time;
  }
}

export const name_of = item => item.author?.name || words.author_anonymous;

// "moderator:kari" is kari.
export const who = actor => (actor || '').replace(/^moderator:/, '');
