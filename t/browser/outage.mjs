// A network that goes and comes back: news of the thread, and a post whose
// answer never arrives.

import { connect, createServer } from 'node:net';

import { begin, is, ok, sleep, until } from './lib/site.mjs';

const site = await begin();
const { port } = new URL(site.url);
await site.post({ text: 'There before.' });

// Between the browser and nginx: what can be cut.
const sockets = new Set();
const line = createServer(here => {
  const there = connect(port, '127.0.0.1');
  for (const [one, other] of [[here, there], [there, here]]) {
    sockets.add(one);
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => sockets.delete(one));
  }
});
const join = at => new Promise(done => line.listen(at, '127.0.0.1', done));
const cut = () => {
  line.close();
  sockets.forEach(socket => socket.destroy());
};
await join(0);
const { port: at } = line.address();

// News, after the script has given the stream up.

const page = await site.open(`http://127.0.0.1:${at}/post.html`);
let asked = 0;
page.on('request', request => {
  asked += request.url().includes('/comments/stream');
});
const bar = number => page.waitForSelector(
  `.comments-bar:has-text("${number} new")`);

await page.reload();
await until(() => asked);
await sleep(500);                        // the stream is there
await site.post({ text: 'While it is up.' });
await bar(1);
ok(true, 'what is posted is told');

asked = 0;
cut();
ok(await until(() => asked > 4), 'when the line is cut the stream is asked for',
  asked);
ok(await until(async () => {
  const before = asked;
  await sleep(6000);
  return asked === before;
}), 'a few times, then no more');
await site.post({ text: 'While it is down.' });
await join(at);
const known = asked;
await sleep(1000);
is(asked, known, 'that the line is back is not known by itself');
await page.context().setOffline(true);
await page.context().setOffline(false);
await bar(2);
ok(true, 'but by the browser, and what was missed is told');
await site.post({ text: 'Up again.' });
await bar(3);
ok(true, 'with what comes then');
await page.close();
cut();

// A post that arrives, and an answer that does not.  Minutes are seconds.

const form = await site.browser.newPage();
await form.addInitScript(() => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  window.waits = [];
  AbortSignal.timeout = ms => {
    window.waits.push(ms);
    return timeout(ms / 60);
  };
});
await form.goto(`${site.url}/post.html`);
await form.waitForSelector('.comments-do-preview');
let posts = 0;
await form.route('**/comments/comment', async route => {
  if (!posts++) {
    await route.fetch();
  } else {
    await route.continue();
  }
});
await form.fill('#comment-text', 'Only once.');
await form.fill('#comment-name', 'Ola');
await form.fill('#comment-email', 'ola@example.org');
await form.evaluate(() => { window.waits.length = 0; });
const submit = '.comments-submit button[type=submit]';
await form.$eval(submit, button => {     // within that second, on any machine
  button.click();
  setTimeout(() => button.click(), 100);
});
await form.waitForSelector('.comments-form .comments-error');
is(await form.evaluate(() => window.waits[0]), 60000,
   'an answer is waited for a minute');
is(posts, 1, 'meanwhile the form is not sent again');
is(await form.inputValue('#comment-text'), 'Only once.',
   'then one is told, and the text is still there');
await form.click(submit);
await form.waitForSelector('#comment-5');
is(posts, 2, 'it can be sent again');
const thread = await (await fetch(
  `${site.url}/comments/thread?page=/post.html`)).json();
is(thread.comments.filter(c => c.html.includes('Only once.')).length, 1,
   'and is one comment');
is(await form.inputValue('#comment-text'), '', 'after which the form is empty');

is(site.complaints.filter(line => !line.includes(`:${at}/`)).join('\n'), '',
  'nothing was violated or thrown');
await site.end();
