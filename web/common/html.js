/*
 * html.js: elements, made of text, or of HTML of our own server.
 */

import { parse } from './parse.js';

// The nodes of a comment's text.
export const nodes = html => [...parse(html).body.childNodes]
  .map(node => document.importNode(node, true));

// An element: make('button', { class: 'x', onclick: f }, 'text', node ...).
// What is undefined, null or false is left out.
export function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if ((value ?? false) !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...inside.flat(Infinity)
    .filter(node => (node ?? '') !== ''));
  return element;
}

export const button = (text, onclick, more) =>
  make('button', { type: 'button', onclick, ...more }, text);
