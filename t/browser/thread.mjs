// A thread that is read for a while: how old it is, branches that are folded
// away, and what others do while one reads and writes.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { begin, is, ok, root, sleep, until } from './lib/site.mjs';

const tool = process.env.TEST_TOOL
  || join(root, process.env.TEST_BUILD || 'build', 'ngx-comments');

const site = await begin({
  location: 'comments_rules rules.lua; comments_page_size 20; '
    + 'comments_depth 4; comments_edit_window 1d;',
  files: { 'rules.lua': `
    rule("words", function(c)
      if c.text:find("hold", 1, true) then return hold() end
    end)` },
});
const moderate = (what, id) => execFileSync(tool, [what, String(id),
  '--store', join(site.dir, 'store')]);

const focused = page => page.evaluate(() => document.activeElement.id
  || document.activeElement.className);
const said = (page, words) => until(async () =>
  (await page.innerText('.comments-status')).includes(words));

async function ready(path, options) {
  const page = await site.open(path, options);
  await page.waitForSelector('.comments-do-preview');
  return page;
}

async function fill(page, text) {
  await page.fill('#comment-text', text);
  await page.fill('#comment-name', 'Kari');
  await page.fill('#comment-email', 'kari@example.org');
}

const submit = page => page.click('.comments-submit button[type=submit]');


// Times.

const HOUR = 3600 * 1000;
const { id: first } = await site.post({ text: 'First.' });
const clock = await site.open('/site.css', { locale: 'en-GB' });
await clock.clock.install({ time: Date.now() });
await clock.goto(`${site.url}/post.html`);
await clock.waitForSelector('.comments-do-preview');
const time = clock.locator('time.dt-published').first();
is(await time.innerText(), 'now', 'a comment that just came is of now');
ok(/^\d+ \w+ 20\d\d at \d\d:\d\d$/.test(await time.getAttribute('title')),
   'the title tells the date', await time.getAttribute('title'));
for (const [ms, words] of [[5 * 60000, '5 minutes ago'],
                           [3 * HOUR, '3 hours ago'],
                           [24 * HOUR, 'yesterday'],
                           [6 * 24 * HOUR, '7 days ago']]) {
  await clock.clock.fastForward(ms);
  ok(await until(async () => await time.innerText() === words),
     `then it is of ${words}`, await time.innerText());
}
await clock.clock.fastForward(20 * 24 * HOUR);
await clock.clock.fastForward(20 * 24 * HOUR);
ok(await until(async () =>
   await time.innerText() === await time.getAttribute('title')),
   'one that is older than a month has its date');

const norse = await site.open('/site.css', { locale: 'nn-NO' });
await norse.route('**/post.html', async route => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text())
    .replace('class="comments" lang="en"', 'class="comments" lang="nn"') });
});
await norse.goto(`${site.url}/post.html`);
await norse.waitForSelector('.comments-do-preview');
const knows = await norse.evaluate(() =>
  Intl.DateTimeFormat.supportedLocalesOf('nn').length);
is(await norse.locator('time.dt-published').first().getAttribute('title')
   === null, !knows, "where the browser lacks a language the server's date stays");
await norse.context().close();
await clock.context().close();


// Branches.

const reply = (parent, text) => site.post({ parent, text, page: '/many.html' });
const { id: top } = await site.post({ text: 'Top.', page: '/many.html' });
const { id: one } = await reply(top, 'One.');
const { id: two } = await reply(one, 'Two.');
await reply(two, 'Three.');
const { id: beside } = await reply(top, 'Beside.');
const many = await ready('/many.html');
const fold = id => many.locator(`#comment-${id} .comment-fold`);
is(await fold(top).innerText(), '4 replies', 'a branch tells how long it is');
is(await fold(one).innerText(), '2 replies', 'so does one in it');
is(await many.locator('.comment-fold').count(), 3,
   'what nobody has answered has no button');
is(await many.getByRole('button', { name: '4 replies – Comment by Kari',
   exact: true }).count(), 1, 'its name says whose comment it is');
await fold(one).focus();
await many.keyboard.press('Enter');
ok(!await many.locator(`#comment-${two}`).isVisible()
   && await many.locator(`#comment-${beside}`).isVisible(),
   'the keyboard folds it away, and nothing else');
is(await fold(one).getAttribute('aria-expanded'), 'false', 'which is told');
is(await many.evaluate(() => document.activeElement.className),
   'comment-fold', 'the focus stays');
await fold(top).click();
await many.evaluate(id => { location.hash = `comment-${id}`; }, two);
ok(await until(() => many.locator(`#comment-${two}`).isVisible()),
   'an address opens what it leads into');
is(await fold(top).getAttribute('aria-expanded')
   + await fold(one).getAttribute('aria-expanded'), 'truetrue',
   'and the buttons know');
await many.click(`#comment-${two} .comment-reply`);
await many.fill('#comment-text', 'Half an answer');
await fold(top).click();
ok(await many.locator('#comment-text').isVisible(),
   'the form is not folded away');
await reply(two, 'From elsewhere.');
await many.waitForSelector('.comments-bar button');
is(await fold(top).innerText(), '4 replies', 'what is new waits');
await many.click('.comments-bar button');
ok(await until(() => many.locator('text=From elsewhere.').isVisible()),
   'and opens its branch when one wants to see it');
is(await fold(top).innerText(), '5 replies', 'where it counts');
is(await many.locator('.comment', { hasText: 'From elsewhere.' })
   .locator('.comment-answers').count(), 0,
   'below what it answers it does not say what that is');
const deep = await reply((await reply(two, 'Deep.')).id, 'Deeper.');
await many.waitForSelector('text=2 new comments');
await many.click('.comments-bar button');
await many.waitForSelector('text=Deeper.');
is(await many.locator(`#comment-${deep.id} .comment-answers`).count(), 1,
   'where the nesting ends it does');
await many.context().close();


// Parts that begin inside a branch.

const at = '/script.html';
const { id: long } = await site.post({ text: 'A long one.', page: at });
const ids = [long];
for (let i = 0; i < 45; i++) {
  ids.push((await site.post({ page: at, text: `Answer ${i}.`, parent: long }))
    .id);
}
const { id: last } = await site.post({ text: 'The last.', page: at });
ids.push(last);
const part = await site.open('/post.html');
await part.route('**/post.html', async route => {
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await (await fetch(
    `${site.url}/comments/thread.html?page=${at}&at=${ids[22]}`)).text())
    + '<script src="/comments/comments.js"></script>' });
});
await part.goto(`${site.url}/post.html`);
await part.waitForSelector('.comments-do-preview');
const shown = () => part.evaluate(() =>
  [...document.querySelectorAll('.comment')].map(c => +c.dataset.id));
const before = await shown();
ok(before.includes(ids[22]) && !before.includes(last),
   'a part begins inside a branch', before.join());
for (let i = 0; i < 3 && await part.locator('.comments-more').count(); i++) {
  const n = (await shown()).length;
  await part.click('.comments-more');
  await until(async () => (await shown()).length > n);
}
is((await shown()).join(), ids.slice(ids.indexOf(before[0])).join(),
   'what follows comes below it, all of it and in order');
await site.post({ page: at, text: 'To the first.', parent: long });
await part.waitForSelector('.comments-bar button');
await part.click('.comments-bar button');
ok(await until(() => part.locator('text=To the first.').count()),
   'an answer to what is not shown leads to its part');
await part.context().close();


// A comment is answered while it is taken away.

const page = await ready('/post.html');
const { id: second } = await site.post({ text: 'Second.' });
await page.waitForSelector('.comments-bar button');
await page.focus('.comments-bar button');
const { id: third } = await site.post({ text: 'Third.' });
await page.waitForSelector('text=2 new comments');
is(await focused(page), 'comments-show-new',
   'the button for news keeps the focus when more come');
await page.keyboard.press('Enter');
await page.waitForSelector(`#comment-${third}`);
is(await focused(page), `comment-${second}`, 'and leads to the first of them');
await page.fill('#comment-text', 'A comment of my own.');
await page.click(`#comment-${second} .comment-reply`);
await page.keyboard.type('My answer.');
moderate('spam', second);
await page.waitForSelector(`#comment-${second}.comment-is-deleted`);
is(await page.inputValue('#comment-text'),
   'A comment of my own.\n\nMy answer.',
   'an answer to a comment that is taken away comes home');
is(await page.locator('#comments > #comment-form').count(), 1,
   'with the form');
is(await focused(page), 'comment-text', 'and the focus');
ok(await said(page, 'not on this page any more'), 'and one is told');
await fill(page, await page.inputValue('#comment-text'));
moderate('approve', second);
await page.waitForSelector('.comments-bar button');
await page.click('.comments-bar button');
await page.waitForSelector(`#comment-${second}:not(.comment-is-deleted)`);
is(await page.locator(`#comment-${second} .comment-reply`).count(), 1,
   'one that comes back stands in its place');


// The server has something against it.

for (const [status, json, words] of [
  [429, { message: 'Wait a little.' }, 'Wait a little.'],
  [503, { message: 'Busy.' }, 'Busy.'], [507, { message: 'Full.' }, 'Full.'],
  [502, null, 'What you wrote is kept']]) {
  await page.route('**/comments/comment', route => route.fulfill({ status,
    ...json ? { json: { error: json } } : { body: '<h1>Bad gateway</h1>' } }));
  await page.locator('#comment-text').press('Control+Enter');
  ok(await until(async () => (await page.locator('.comments-form '
     + '.comments-error').allInnerTexts()).join().includes(words)),
     `${status} is told in a sentence`);
  await page.unroute('**/comments/comment');
}
is(await page.locator('.comments-form .comments-error').count(), 1,
   'the last one alone');
is(await page.inputValue('#comment-text'),
   'A comment of my own.\n\nMy answer.', 'and the text is still there');
await page.goto(`${site.url}/many.html`);
await page.goBack();
await page.waitForSelector('.comments-do-preview');
is(await page.inputValue('#comment-text'),
   'A comment of my own.\n\nMy answer.', 'also when one was elsewhere');


// One writes on while a comment is on its way.

let let_go;
const gate = new Promise(done => { let_go = done; });
await page.route('**/comments/comment', async route => {
  await gate;
  await route.continue();
});
await fill(page, 'On its way.');
await submit(page);
await page.click(`#comment-${first} .comment-reply`);
await page.keyboard.type('Already an answer.');
let_go();
await page.waitForSelector('.comment:has-text("On its way.")');
is(await page.inputValue('#comment-text'), 'Already an answer.',
   'what one writes meanwhile stays');
ok(await page.locator(`#comment-${first} + #comment-form`).count(),
   'where it is written');
await page.reload();
await page.waitForSelector('.comments-do-preview');
is(await page.inputValue('#comment-text'), '',
   'of what was sent there is no draft');
await page.click(`#comment-${first} .comment-reply`);
is(await page.inputValue('#comment-text'), 'Already an answer.',
   'but of what was not');
await page.click('.comments-cancel a');
await page.unroute('**/comments/comment');


// One's own comment: held again, taken back while it waits.

const title = () => page.innerText('.comments-title');
const counted = await title();
const mine = '.comment-is-mine:has-text("On its way.")';
const own = await page.getAttribute(mine, 'id');
await page.click(`#${own} .comment-edit`);
await page.fill(`#${own} textarea`, 'Please hold this.');
await page.click(`#${own} .comment-do`);
await page.waitForSelector(`#${own}.comment-is-pending .comment-pending`);
ok(await said(page, 'moderator'), 'an own comment that is held is told so');
await sleep(1500);                       // the stream tells that it went
is(await page.locator(`#${own} .comment-body`).innerText(),
   'Please hold this.', 'and stays, for its author');
is(await page.locator(`#${own} .comment-pending`).count(), 1, 'and says so once');
const less = await title();
ok(less !== counted, 'it is not counted any more');
await page.click(`#${own} .comment-delete`);
await page.dblclick(`#${own} .comment-do`);
await page.waitForSelector(`#${own}.comment-is-deleted`);
ok(await said(page, 'deleted'), 'it can be taken back');
await sleep(500);
is(await title(), less, 'which is not counted, either');


// Small questions.

let reports = 0;
await page.route('**/report', async route => {
  reports++;
  await sleep(300);
  await route.continue();
});
await page.click(`#comment-${third} .comment-report`);
await page.keyboard.press('Escape');
is(await page.locator('.comment-panel').count(), 0,
   'Escape leaves a question that has no answer yet');
await page.click(`#comment-${third} .comment-report`);
await page.keyboard.type('Rude.');
await page.keyboard.press('Escape');
is(await page.inputValue('.comment-panel input'), 'Rude.',
   'but not one that has');
await page.dblclick('.comment-panel .comment-do');
ok(await said(page, 'moderator will look'), 'a report is sent');
is(reports, 1, 'once');
await page.route('**/vote', route => route.abort());
await page.click(`#comment-${third} .comment-vote`);
ok(await said(page, 'The server does not answer.'),
   'a vote that does not arrive is told');
await page.unroute('**/vote');
await page.route('**/vote', route => route.fulfill({ status: 404,
  json: { error: { code: 'not_found', message: 'There is nothing here.' } } }));
await page.click(`#comment-${third} .comment-vote`);
ok(await said(page, 'There is nothing here.'), 'what is not there is told');
is(await focused(page), `comment-${third}`, 'and the focus is not lost');


// A list of many pages.

const archive = await site.open('/site.css');
await archive.route('**/other.html', async route => route.fulfill({
  contentType: 'text/html', body: '<script src="/comments/comments.js"></script>'
    + Array.from({ length: 450 }, (_, i) => '<a data-comments-count '
      + `href="/a/path/of/some/length/2026/11/${i}">x</a>`).join(' ') }));
await archive.goto(`${site.url}/other.html`);
ok(await until(async () => await archive.locator('a', { hasText: '0 comments' })
   .count() === 450), 'hundreds of links get their numbers');
await archive.context().close();


// A page from a cache, and one without words.

const long_was = await (await fetch(
  `${site.url}/comments/thread.html?page=${at}`)).text();
const late = await site.post({ page: at, text: 'Late.' });
await site.post({ page: at, text: 'An answer to it.', parent: late.id });
const parts = await site.open('/site.css');
await parts.route('**/script.html', route => route.fulfill({
  contentType: 'text/html; charset=utf-8',
  body: long_was + '<script src="/comments/comments.js"></script>' }));
await parts.goto(`${site.url}/script.html`);
await parts.waitForSelector('.comments-bar:has-text("2 new comments")');
await parts.click('.comments-bar button');
await parts.waitForSelector('.comment:has-text("An answer to it.")');
ok(true, 'of a thread in parts only what is new is offered');
await parts.context().close();

const asleep = await site.open('/site.css');
await asleep.route('**/stream?*', route => route.fulfill({
  contentType: 'text/event-stream', body: 'event: reset\nid: 1\ndata: {}\n\n',
}));
await asleep.route('**/script.html', route => route.fulfill({
  contentType: 'text/html; charset=utf-8',
  body: long_was + '<script src="/comments/comments.js"></script>' }));
await asleep.goto(`${site.url}/script.html`);
await asleep.waitForSelector('.comments-bar:has-text("2 new comments")');
ok(true, 'also when the stream has lost track');
await asleep.context().close();

const old = await (await fetch(`${site.url}/other.html`)).text();
await site.post({ text: 'Meanwhile.', page: '/other.html' });
const cached = await site.open('/site.css');
await cached.route('**/other.html', route =>
  route.fulfill({ contentType: 'text/html', body: old }));
await cached.goto(`${site.url}/other.html`);
await cached.waitForSelector('.comments-bar:has-text("1 new comment")');
await cached.click('.comments-bar button');
await cached.waitForSelector('.comment:has-text("Meanwhile.")');
ok(true, 'what a page from a cache lacks is offered');
is(await cached.locator('.comments-none').count(), 0,
   'and the first one takes the place of the word that there is none');
await cached.route('**/words?*', route => route.fulfill({ status: 503 }));
await cached.reload();
await fill(cached, 'Without a script.');
await submit(cached);
await cached.waitForURL(/#comment-\d+$/);
ok(true, 'where its words cannot be had, the script leaves the page alone');

is(site.complaints.join('\n'), '', 'nothing violated the policy or threw');
await site.end();
