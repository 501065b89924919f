// Moderators: 100 of 500 comments are decided by the keyboard alone, two
// moderators at once among them; what one sees when something goes wrong; and
// how all of it looks, with what axe-core says of it (WCAG 2.2 AA).  The
// pictures are in build/screenshots.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { begin, fits, is, judge, ok, root, until } from './lib/site.mjs';

const build = join(root, process.env.TEST_BUILD || 'build');
const tool = process.env.TEST_TOOL || join(build, 'ngx-comments');
const password = 'correct horse battery';
const pictures = join(root, 'build/screenshots');
const N = 500;

const site = await begin({
  location: 'comments_rules hold.lua; comments_moderators moderators;',
  prepare: dir => {
    writeFileSync(join(dir, 'hold.lua'), `rule("words", function(c)
      if c.text:find("casino", 1, true) then
        return hold("A moderator reads this first.", '"casino" is a word')
      end
      return hold("A moderator reads this first.")
    end)`);
    for (const name of ['kari', 'ola']) {
      execFileSync(tool, ['moderator', 'add', name, '--file',
        join(dir, 'moderators'), '--role', 'owner', '--password-stdin'],
        { input: password + '\n' });
    }
  },
});
const desk = `${site.url}/comments/moderate/`;

mkdirSync(pictures, { recursive: true });

const texts = ['I like this a lot, thank you for writing it.',
  'The best casino in town, all of it for free: https://casino.example/',
  'مرحبا بالعالم، شكرا على هذا المقال', 'Two lines.\n\nAnd a third one.'];
const names = ['Kari Nordmann', 'Best Offers', 'سارة', 'Ola'];
for (let i = 0; i < N; i += 20) {
  await Promise.all(Array.from({ length: 20 }, (_, k) => site.post({
    text: `${texts[(i + k) % 4]} ${i + k}`, name: names[(i + k) % 4],
    email: `reader${i + k}@example.org`,
    website: (i + k) % 4 === 1 ? 'https://casino.example/a/long/path' : '',
  })));
}

const statuses = () => JSON.parse('[' + execFileSync(tool,
  ['export', 'jsonl', '--store', join(site.dir, 'store'), '--key',
   join(site.dir, 'comments.key'), '--site', 'test'],
  { maxBuffer: 1 << 28 }).toString().trim().split('\n').join(',') + ']')
  .reduce((all, { status }) => ({ ...all,
    [status]: (all[status] || 0) + 1 }), {});

const decisions = name => execFileSync(tool, ['log', '--store',
  join(site.dir, 'store'), '--json'], { maxBuffer: 1 << 28 }).toString()
  .trim().split('\n').map(line => JSON.parse(line))
  .filter(entry => entry.actor === `moderator:${name}` && entry.comment);

// The server's cards are there before the script has taken their place.
const ready = '.desk-tools ~ .desk-cards .desk-card';

async function sign_in(name, options) {
  const page = await site.open('/comments/moderate/', options);
  await page.fill('#desk-name', name);
  await page.fill('#desk-password', password);
  await page.press('#desk-password', 'Enter');
  await page.waitForSelector(options?.javaScriptEnabled === false
    ? '.desk-card' : ready);
  return page;
}

const sent = page => until(() => page.evaluate(() =>
  !document.querySelector('.desk-busy')));
const current = page => page.evaluate(() =>
  +document.activeElement.closest('.desk-card')?.dataset.id);


// Signing in, by the keyboard; a wrong password first.

const door = await site.open('/comments/moderate/');
is(await door.title(), 'Sign in to moderate · test', 'nobody is asked in');
await door.fill('#desk-name', 'kari');
await door.fill('#desk-password', 'wrong horse');
await door.press('#desk-password', 'Enter');
await door.waitForSelector('#desk-refused');
is(await door.inputValue('#desk-name'), 'kari', 'after a wrong password '
  + 'the name is still there');
is(await door.inputValue('#desk-password'), '', 'the password is not');
await door.context().close();

const kari = await sign_in('kari');
ok((await kari.textContent('.desk-lists [aria-current]')).includes('Waiting'),
   'whoever comes in sees what waits');
ok(await until(async () => (await kari.textContent(
  '[data-status=pending] .desk-count')).includes(N)), 'and how much');
is(await kari.locator('.desk-text mark').first().textContent(), 'casino',
   'what a rule has found is marked');
ok((await kari.locator('.desk-why').first().textContent())
  .includes('hold.lua:1'), 'and one is told which rule it was');
ok(!/@example\.org|[0-9a-f]{32}/.test(await kari.content()),
   'no e-mail and no whole hash is in the page');


// A hundred decisions; nobody waits for the server.

const done = { a: 'approve', s: 'spam', r: 'reject', d: 'delete' };
const wanted = {};
await kari.keyboard.press('j');
for (let i = 0; i < 60; i++) {
  const key = 'asrd'[i % 4];
  await until(() => current(kari));
  wanted[await current(kari)] = done[key];
  await kari.keyboard.press(key);
}
const ola = await sign_in('ola');
for (let i = 0; i < 40; i++) {
  const key = 'asrd'[i % 4];
  const page = i % 2 ? ola : kari;
  if (page === ola && i === 1) {
    await ola.keyboard.press('j');
    for (let k = 0; k < 30; k++) {     // apart from where the other one is
      await ola.keyboard.press('j');
    }
  }
  await until(() => current(page));
  wanted[await current(page)] = done[key];
  await page.keyboard.press(key);
}
is(Object.keys(wanted).length, 100, 'a hundred comments were decided');
ok(await until(() => statuses().pending === N - 100), 'and none was lost');
const log = [...decisions('kari'), ...decisions('ola')];
is(log.length, 100, 'nor done twice');
is(log.filter(entry => entry.what === wanted[entry.comment]).length, 100,
   'each as its key says');


// Back, and back.

await kari.keyboard.press('u');
ok(await until(() => statuses().pending === N - 99), 'u takes one back');
await kari.keyboard.press('u');
ok(await until(() => statuses().pending === N - 98), 'and the one before');


// Many at once.

await kari.reload();
await kari.waitForSelector(ready);
await kari.keyboard.press('j');
for (let i = 0; i < 10; i++) {
  await kari.keyboard.press('x');
  await kari.keyboard.press('j');
}
ok((await kari.textContent('.desk-chosen')).includes('10'),
   'ten are selected');
await kari.keyboard.press('s');
ok((await kari.textContent('.desk-undo')).includes('10 comments'),
   'one key marks them');
ok(await until(() => statuses().pending === N - 108), 'all of them');
await kari.keyboard.press('u');
ok(await until(() => statuses().pending === N - 98),
   'one more takes all of it back');


// Both look at the same comment.

await kari.reload();
await ola.reload();
await kari.waitForSelector(ready);
await ola.waitForSelector(ready);
const same = await kari.evaluate(() =>
  +document.querySelector('.desk-card').dataset.id);
await kari.keyboard.press('j');
await kari.keyboard.press('k');
const first_was = kari.waitForResponse('**/moderate/decisions');
await kari.locator(`#c${same} .desk-do-approve`).click();
await first_was;
await ola.locator(`#c${same} .desk-do-spam`).click();
await ola.waitForSelector('.desk-conflict');
ok((await ola.textContent(`#c${same} .desk-conflict`)).includes('kari'),
   'the second sees that the first was there');
ok(/approved/.test(await ola.textContent(`#c${same} .desk-decided`)),
   'and what became of it');
const other = await ola.evaluate(() =>
  +document.querySelectorAll('.desk-card')[3].dataset.id);
await ola.locator(`#c${other}`).focus();
await kari.locator(`#c${other} .desk-do-reject`).click();
ok(await until(() => ola.locator(`#c${other}.desk-gone`).count()),
   'also without touching it');
is(await ola.evaluate(() =>
  document.querySelector('.desk-card[tabindex="0"]')?.id), `c${other}`, 'and Tab still leads to the card where one is');


// What comes while one looks.

await site.post({ text: 'While one looks.', email: 'late@example.org' });
await kari.waitForSelector('.desk-fresh:not([hidden])');
await kari.click('.desk-fresh');
ok((await kari.locator('.desk-card').first().textContent())
  .includes('While one looks.'), 'a new comment comes by itself');


// The network fails: nothing is lost, nothing is done twice.

let answers = 0;
await kari.route('**/moderate/decisions', async route => {
  if (answers++ === 0) {
    await route.fetch();               // it arrives, the answer does not
  }
  return answers < 3 ? route.abort() : route.continue();
});
const before = decisions('kari').length;
await kari.keyboard.press('j');
await kari.keyboard.press('a');
await kari.waitForSelector('.desk-notice:not([hidden])');
ok(await until(() => answers >= 3), 'what was not answered is sent again');
await sent(kari);
ok(await until(() => kari.evaluate(() =>
  document.querySelector('.desk-notice').hidden)), 'until it is');
is(decisions('kari').length, before + 1, 'and it is one decision');
await kari.unroute('**/moderate/decisions');


// A card opens; a text is changed, with its history; the keys are told.

await kari.keyboard.press('j');
await kari.keyboard.press('e');
await kari.keyboard.press('End');
await kari.locator('.desk-panel textarea').fill('Another text.');
await kari.locator('.desk-panel .desk-main').click();
await until(() => kari.locator('.desk-text', { hasText: 'Another text.' })
  .count());
await kari.keyboard.press('o');
await kari.waitForSelector('.desk-history');
ok((await kari.textContent('.desk-history')).includes('kari'),
   'a changed text has its history');
await kari.keyboard.press('?');
await kari.waitForSelector('dialog[open]');
await kari.keyboard.press('Escape');
await kari.keyboard.press('/');
is(await kari.evaluate(() => document.activeElement.name), 'words',
   '/ goes to the search');
await kari.keyboard.type('While looks');
await kari.keyboard.press('Enter');
ok(await until(async () => await kari.locator('.desk-card').count() === 1),
   'and words find a comment');


// Signed out elsewhere.

await ola.evaluate(() => fetch('session', { method: 'DELETE',
  headers: { 'X-Comments-Token': document.body.dataset.token } }));
await ola.locator('.desk-card:not(.desk-gone) .desk-do-approve').first()
  .click();
await ola.waitForSelector('.desk-notice:not([hidden])');
ok((await ola.textContent('.desk-notice')).includes('signed out'),
   'who is signed out is told so');
await ola.context().close();


// Without a script.

const plain = await sign_in('ola', { javaScriptEnabled: false });
const first = await plain.locator('.desk-card').first().getAttribute('id');
await plain.locator(`#${first} [value=spam]`).click();
await plain.waitForSelector('.desk-undo');
is(await plain.locator(`#${first}`).count(), 0, 'a form decides');
await plain.locator('.desk-undo button').click();
await plain.waitForSelector(`#${first}`);
ok(true, 'and another one takes it back');
await plain.context().close();


// How it looks.

async function look(page, sentence) {
  await judge(page, sentence);
  await fits(page, `${sentence}: nothing is wider than the page`);
}

const state = await kari.context().storageState();
const looks = [
  ['moderate-wide', 1280, {}],
  ['moderate-wide-dark', 1280, { colorScheme: 'dark' }],
  ['moderate-narrow', 320, {}],
  ['moderate-narrow-dark', 320, { colorScheme: 'dark' }],
  ['moderate-narrow-rtl', 320, { locale: 'ar' }],
  ['moderate-wide-rtl-dark', 1280, { locale: 'he', colorScheme: 'dark' }],
];

for (const [name, width, options] of looks) {
  const page = await site.open('/comments/moderate/', { ...options,
    storageState: state, viewport: { width, height: 900 },
    reducedMotion: 'reduce' });
  await page.waitForSelector(ready);
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await page.waitForSelector('.desk-details');
  await until(() => page.evaluate(() =>
    document.querySelector('.desk-count').textContent));
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, name);
  await page.screenshot({ path: `${pictures}/${name}.png` });
  if (!name.endsWith('dark') || name.endsWith('rtl-dark')) {
    for (const place of ['bans', 'log']) {
      await page.locator(`[data-place=${place}]`).click();
      await page.waitForSelector('.desk-place h2');
      await look(page, `${name}, ${place}`);
      await page.screenshot({ path: `${pictures}/${name}-${place}.png` });
    }
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await look(page, `${name}, keys`);
  }
  await page.context().close();
}


// Rules are tried: by the keyboard, with a pasted file, and again on all.

const pasted = `rule("links", function(c)
  print("looked at " .. c.author.name)
  if c.text:find("casino", 1, true) then return spam('"casino" is a word') end
end)
test("links", { text = "casino" }, "spam")`;

const bench = await site.open('/comments/moderate/', { storageState: state });
await bench.waitForSelector(ready);
await bench.keyboard.press('j');
await bench.keyboard.press('o');
await bench.locator('.desk-details a', { hasText: 'Try the rules' }).click();
await bench.waitForSelector('#console-rules');
const picked = await bench.inputValue('#console-comment');
ok(/^\d+$/.test(picked), 'a card leads to the rules');
await bench.focus('#console-comment');
await bench.keyboard.press('Enter');
await bench.waitForSelector('#console-said b');
is(await bench.textContent('#console-said p > b'), 'hold',
   'and one is told what they say');
ok((await bench.textContent('#console-said')).includes('hold.lua:1'),
   'and which rule it was');
await bench.fill('#console-rules', 'local words = list("words.txt")');
await bench.press('#console-rules', 'Control+Enter');
await bench.waitForSelector('#console-said pre');
ok((await bench.textContent('#console-said pre')).startsWith('pasted.lua:1:'),
   'what is wrong with a pasted file is told with its line');
await bench.fill('#console-rules', pasted);
await bench.fill('#console-comment', '');
await bench.fill('#console-text', 'A casino');
await bench.press('#console-text', 'Control+Enter');
ok(await until(async () =>
  (await bench.textContent('#console-said')).includes('looked at')),
   'a good one is run, and what it prints is shown');
is(await bench.inputValue('#console-rules'), pasted,
   'what was typed is still there');
ok(await bench.evaluate(() => document.activeElement.id === 'console-said'),
   'and the focus is at what came of it');
await bench.getByRole('button', { name: 'Decide again' }).click();
await bench.waitForSelector('#console-said table');
ok((await bench.textContent('#console-said tbody')).startsWith('hold'),
   'all are decided about again');
const pick = bench.locator('#console-said [name=pick]').first();
const again = await pick.getAttribute('value');
await pick.click();
await bench.waitForSelector('#console-said blockquote');
is(await bench.inputValue('#console-comment'), again,
   'and one of them is tried');
await bench.context().close();

const still = await site.open('/comments/moderate/rules', { storageState: state,
  javaScriptEnabled: false });
await still.fill('#console-rules', pasted);
await still.getByRole('button', { name: 'Decide again' }).click();
await still.waitForSelector('#console-said table');
await still.locator('#console-said [name=pick]').first().click();
await still.waitForSelector('#console-said blockquote');
is((await still.inputValue('#console-rules')).replace(/\r/g, ''), pasted,
   'without a script, too, with all that was typed');
await still.context().close();

for (const [name, width, options] of looks) {
  const page = await site.open('/comments/moderate/rules', { ...options,
    storageState: state, viewport: { width, height: 900 },
    reducedMotion: 'reduce' });
  await judge(page, `${name}, rules`);
  await page.screenshot({ path: `${pictures}/${name}-rules.png` });
  await page.fill('#console-rules', pasted);
  await page.locator('[formaction]').click();
  await page.waitForSelector('#console-said table');
  await judge(page, `${name}, rules again`);
  await page.locator('#console-said').scrollIntoViewIfNeeded();
  await page.screenshot({ path: `${pictures}/${name}-rules-again.png`,
    fullPage: true });
  await page.locator('#console-said [name=pick]').first().click();
  await page.waitForSelector('#console-said blockquote');
  await judge(page, `${name}, rules on one`);
  await page.screenshot({ path: `${pictures}/${name}-rules-one.png`,
    fullPage: true });
  await page.context().close();
}


// The door.

const outside = await site.open('/comments/moderate/', { colorScheme: 'dark',
  viewport: { width: 320, height: 600 } });
await look(outside, 'the door');
await outside.screenshot({ path: `${pictures}/moderate-door.png` });

is(site.complaints.join('\n'), '',
   'no page did what its policy forbids, no script threw');
await site.end();
