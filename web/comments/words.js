/*
 * words.js: what the script says, in the language of the page.
 */

import { plural } from '../common/plural.js';

export const words = {};       // the catalogue of web/i18n, once it is there

export const counted = (key, n, lang) => plural(words[key], n, lang || 'en');
