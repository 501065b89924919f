// What moderators type stays, whatever others and the network do meanwhile;
// and the list asks no more often than it has to.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { begin, is, ok, root, sleep, until } from './lib/site.mjs';

const tool = process.env.TEST_TOOL
  || join(root, process.env.TEST_BUILD || 'build', 'ngx-comments');
const password = 'correct horse battery';

const site = await begin({
  location: 'comments_rules hold.lua; comments_moderators moderators;',
  prepare: dir => {
    writeFileSync(join(dir, 'hold.lua'),
      'rule("all", function() return hold() end)');
    execFileSync(tool, ['moderator', 'add', 'kari', '--file',
      join(dir, 'moderators'), '--role', 'owner', '--password-stdin'],
      { input: password + '\n' });
  },
});
const decide = (what, id) => execFileSync(tool, [what, String(id),
  '--store', join(site.dir, 'store')]);
const ready = '.desk-tools ~ .desk-cards .desk-card';

for (let i = 0; i < 75; i++) {
  await site.post({ text: `Number ${i}.`, email: `reader${i}@example.org` });
}

async function sign_in(page) {
  await page.goto(`${site.url}/comments/moderate/`);
  await page.fill('#desk-name', 'kari');
  await page.fill('#desk-password', password);
  await page.press('#desk-password', 'Enter');
  await page.waitForSelector(ready);
}

const desk = await site.open('/site.css');
await sign_in(desk);
const current = () => desk.evaluate(() =>
  +document.activeElement.closest('.desk-card')?.dataset.id);
const field = '.desk-panel textarea';


// Another one decides while an answer is typed.

await desk.keyboard.press('j');
const answered = await current();
await desk.keyboard.press('w');
await desk.keyboard.type('An answer that takes');
decide('approve', answered);
await desk.waitForSelector(`#c${answered}.desk-gone`);
is(await desk.inputValue(`#c${answered} ${field}`), 'An answer that takes',
   'what is typed stays when another one decides');
await desk.keyboard.type(' its time.');
is(await desk.inputValue(field), 'An answer that takes its time.',
   'and so does the focus');

let replies = 0;
await desk.route('**/reply', async route => {
  replies++;
  await sleep(300);
  await route.continue();
});
await desk.keyboard.press('Control+Enter');
await desk.keyboard.press('Control+Enter');
ok(await until(async () => !await desk.locator(field).count()), 'it is sent');
is(replies, 1, 'once');
ok(await until(() => desk.evaluate(() =>
   document.querySelector('.desk-undo').innerText.startsWith('Saved.'))),
   'and one is told');


// A text is changed that another one has decided upon.

await desk.reload();
await desk.waitForSelector(ready);
await desk.keyboard.press('j');
const edited = await current();
await desk.keyboard.press('e');
await desk.fill(field, 'A better text.');
decide('spam', edited);
await desk.click('.desk-panel .desk-main');
await until(() => desk.textContent('.desk-panel .desk-refused'));
is(await desk.textContent('.desk-panel .desk-refused'),
   'tool was here first.', 'a text that another one was faster with is refused');
is(await desk.inputValue(field), 'A better text.', 'and still there');
await desk.locator(field).press('Escape');


// Another session by now.

await desk.reload();
await desk.waitForSelector(ready);
await desk.keyboard.press('j');
const noted = await current();
await desk.keyboard.press('n');
await desk.keyboard.type('A note.');
await desk.evaluate(() => fetch('session', { method: 'DELETE',
  headers: { 'X-Comments-Token': document.body.dataset.token } }));
await desk.keyboard.press('Enter');
ok(await until(async () => (await desk.textContent(
   '.desk-panel .desk-refused')).includes('sign in')),
   'who is signed out is told so in the form');
const again = await site.open('/site.css', {}, desk.context());
await sign_in(again);
await again.close();
await desk.locator('.desk-panel input').press('Enter');
ok(await until(async () => !await desk.locator('.desk-panel').count()),
   'signed in elsewhere, one sends it from where it was typed');
await desk.keyboard.press('o');
await desk.waitForSelector(`#c${noted} .desk-history`);
ok((await desk.textContent('.desk-history')).includes('A note.'),
   'and it is kept');
await desk.locator('.desk-details').getByRole('button',
  { name: 'Close the page' }).or(desk.locator('[data-do=close]')).first()
  .click();
await desk.waitForSelector('[data-do=open]');
ok(await until(async () => await current() === noted),
   'when a page is closed the focus stays');


// A key that is held down decides once.

const waiting = () => desk.textContent('[data-status=pending] .desk-count');
const before = +await waiting();
for (let i = 0; i < 5; i++) {
  await desk.keyboard.down('d');
}
await desk.keyboard.up('d');
ok(await until(async () => +await waiting() === before - 1),
   'a key that is held down decides once', await waiting());


// The list goes on, and the network does not.

await desk.reload();
await desk.waitForSelector(ready);
await until(async () => await desk.locator('.desk-card').count() === 50);
let asked = 0;
await desk.route('**/queue?*', route => {
  asked++;
  return route.abort();
});
await desk.route('**/status', route => route.abort());
await desk.locator('.desk-tools .desk-pick input').check();
is(await desk.textContent('.desk-chosen'), '50 selected', 'all are chosen');
await desk.keyboard.press('s');
await desk.waitForSelector('.desk-notice:not([hidden])');
await sleep(1000);                       // the decisions are through
await desk.evaluate(() => {
  window.told = 0;
  new MutationObserver(all => {
    window.told += all.some(one => one.addedNodes.length);
  }).observe(document.querySelector('.desk-notice'), { childList: true });
});
await sleep(6500);
ok(asked > 1 && asked < 6, 'a list that cannot be had is asked for again, '
   + 'not all the time', asked);
is(await desk.evaluate(() => window.told), 0, 'which is said once');
ok(!await desk.locator('.desk-empty').isVisible(),
   'nobody is told that nothing waits');
await desk.unroute('**/queue?*');
await desk.unroute('**/status');
await desk.waitForSelector(ready);
ok(await until(() => desk.locator('.desk-notice').isHidden()),
   'then it goes on by itself');


// A search by dates keeps them.

await desk.click('.desk-search summary');
const today = new Date().toISOString().slice(0, 10);
await desk.fill('#search-until', today);
await desk.click('.desk-search button');
ok(await until(async () => new URL(desk.url()).searchParams.get('until')
   === `${today}T23:59:59Z`), 'the last day of a search counts');
is(await desk.inputValue('#search-until'), today, 'and stays in its field');
await desk.waitForSelector(ready);


// Bans.

await desk.click('[data-place=bans]');
await desk.fill('#place-value', 'casino.example');
await desk.click('.desk-place .desk-main');
await desk.waitForSelector('.desk-rows li');
ok(await desk.evaluate(() =>
   document.activeElement.matches('.desk-place')), 'a ban keeps the focus');
await desk.click('.desk-rows button');
ok(await until(async () => !await desk.locator('.desk-rows li').count()),
   'it is lifted');
ok(await desk.evaluate(() =>
   document.activeElement.matches('.desk-place')), 'and the focus is there');

is(site.complaints.join('\n'), '', 'no script threw');
await site.end();
