/*
 * console.js: the page where moderators try rules.  Its form works without
 * this; with it, what is typed stays where it is, and what came of it is put
 * below.  Control and Enter in a field try, too.
 */

import { parse } from './common/parse.js';
import { reach } from './common/request.js';

const form = document.querySelector('.desk-rules');
const said = document.getElementById('console-said');

// The receipt is for reading.
function indent() {
  for (const json of said.querySelectorAll('.console-json')) {
    json.textContent = JSON.stringify(JSON.parse(json.textContent), null, 2);
  }
}

// Part of the page that answers: what came of it, or why it was refused.
async function ask(url, fields) {
  const answer = await reach(url, { method: 'POST', body: fields,
    cache: 'no-store', headers: { Accept: 'text/html' } });
  const page = parse(await answer.text());
  const part = page.getElementById('console-said');
  return part ? [...part.childNodes]
    : [page.getElementById('desk-refused') || answer.statusText];
}

let running = false;

form.addEventListener('submit', async event => {
  event.preventDefault();
  if (running) {
    return;
  }
  running = true;
  const { submitter } = event;
  const url = submitter?.formAction || form.action;
  const fields = new URLSearchParams(new FormData(form, submitter));
  if (submitter?.name === 'pick') {
    form.elements.comment.value = submitter.value;
  }
  said.setAttribute('aria-busy', 'true');
  try {
    said.replaceChildren(...await ask(url, fields));
    indent();
    said.focus({ preventScroll: true });
    said.scrollIntoView({ block: 'nearest' });
  } catch {
    form.action = url;         // the browser tells what is wrong
    form.submit();
  } finally {
    said.removeAttribute('aria-busy');
    running = false;
  }
});

form.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector('.desk-main'));
  }
});

indent();
for (const link of document.querySelectorAll('.desk-lists [data-place]')) {
  link.hidden = false;         // those that need a script
}
document.querySelector('.desk-lists [aria-current]').scrollIntoView(
  { block: 'nearest', inline: 'nearest' });
