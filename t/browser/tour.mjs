// The tour of docs/moderating.md, walked on the demo's data: each step is one
// that a moderator takes, and each picture of the page is taken when it shows
// what the words beside it say.  They are in build/screenshots; ./dev
// screenshots puts them into docs/images, too.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { begin, fits, is, ok, root, until } from './lib/site.mjs';
import { smaller } from './lib/png.mjs';

const build = join(root, process.env.TEST_BUILD || 'build');
const tool = process.env.TEST_TOOL || join(build, 'ngx-comments');
const folders = ['build/screenshots',
                 ...process.env.TOUR ? [process.env.TOUR] : []];
const password = 'correct horse battery';
const BYTES_MAX = 60000;               // as t/00-docs.t has it

const rules = `-- What the standard rules say, and words of those who sell.

std.first_comment { n = 2 }
std.links { max = 2 }

local selling = list("selling.txt")

rule("selling", function(c)
  local found = c:find_all(selling)
  if #found > 0 then
    return hold("A moderator reads this first.", found)
  end
end)
`;
const pasted = `-- To sell is no longer to wait.
local words = { "cheap", "best price" }

rule("selling", function(c)
  for _, word in ipairs(words) do
    if c.plain:lower():find(word, 1, true) then
      return spam('"' .. word .. '"')
    end
  end
end)

test("a seller", { text = "Cheap shelves!" }, "spam")
`;

const site = await begin({
  name: 'demo',
  rules: 'rules.lua',
  location: 'comments_moderators moderators;',
  files: { 'rules.lua': rules, 'selling.txt': 'cheap\nshelves\nbest price\n' },
  prepare: dir => {
    cpSync(join(root, 'web/demo/site'), join(dir, 'site'),
           { recursive: true });
    execFileSync(tool, ['import', 'jsonl', join(root, 'web/demo/comments.jsonl'),
      '--store', join(dir, 'store'), '--key', join(dir, 'comments.key'),
      '--site', 'demo']);
    execFileSync(tool, ['moderator', 'add', 'kari', '--role', 'moderator',
      '--file', join(dir, 'moderators'), '--password-stdin'],
      { input: password + '\n' });
  },
});

folders.forEach(folder => mkdirSync(join(root, folder), { recursive: true }));

async function picture(page, name, colours) {
  const png = smaller(await page.screenshot(), colours);
  for (const folder of folders) {
    writeFileSync(join(root, folder, `${name}.png`), png);
  }
  ok(png.length <= BYTES_MAX, `${name}.png has ${png.length} bytes`);
}

const focused = page => page.evaluate(() =>
  document.activeElement.closest('.desk-card')?.textContent || '');

// The card with these words, when it is there.
const card = (page, words) => page.locator('.desk-card', { hasText: words })
  .first();


// What waits: the demo's people go on talking.

const at = page => fetch(`${site.url}/comments/thread?page=${page}`)
  .then(answer => answer.json());
const library = { page: '/library.html' };
const hens = (await at(library.page)).comments
  .find(({ html }) => html.includes('hen house')).id;
const said = [
  ['rugbrødrer', 'rugbrodrer@example.org', { page: '/surdeig.html',
    text: 'Nå har jeg prøvd med litt hvete i. Murstein ble det ikke.' }],
  ['cheap_shelves', 'sales@example.com', { page: '/surdeig.html',
    text: 'Bread keeps best on cheap shelves. https://c.example.com/',
    website: 'https://c.example.com/' }],
  ['chartroom', 'chartroom@example.com', { ...library,
    text: 'The tide table that is still out is with me. I bring it back when '
      + 'its year comes round again.',
    website: 'https://chartroom.example.com/' }],
  ['second_ferry', 'second.ferry@example.org', { ...library, parent: hens,
    text: '@tidewaiter Do you keep the hens on the left side of the stove, '
      + 'as wet books are?' }],
  ['cheap_shelves', 'sales@example.com', { ...library,
    text: 'Cheap shelves for any weigh house! The best price is at '
      + 'https://a.example.com/ and https://b.example.com/',
    website: 'https://a.example.com/' }],
];
for (const [name, email, fields] of said) {
  const made = await site.post({ ...fields, name, email });
  is(made.status, 'pending', `${name} waits`);
}
await site.post({ reason: 'This sells something.' },
  `comment/${(await at('/kor.html')).comments.at(-1).id}/report`);

// The server's cards are there before the script has taken their place.
const ready = '.desk-tools ~ .desk-cards .desk-card';

const kari = await site.open('/comments/moderate/', { reducedMotion: 'reduce',
  viewport: { width: 960, height: 720 } });
await kari.fill('#desk-name', 'kari');
await kari.fill('#desk-password', password);
await kari.press('#desk-password', 'Enter');
await kari.waitForSelector(ready);
const counted = page => until(() => page.evaluate(() =>
  document.querySelector('.desk-count').textContent));
await counted(kari);


// The queue.  What the keys are about is marked before any was pressed.

is(await kari.title(), '(6) Moderation · demo', 'the tab tells how many wait');
is((await card(kari, 'any weigh house').locator('mark').allTextContents())
  .join(' '), 'Cheap shelves best price', 'what the rules found is marked');
await kari.keyboard.press('j');
ok((await focused(kari)).includes('any weigh house'),
   'the first key is about the first card');
await kari.evaluate(() => scrollTo(0, 0));
await picture(kari, 'moderate-queue');

await kari.keyboard.press('?');
await kari.waitForSelector('dialog[open]');
is(await kari.evaluate(() => document.activeElement.textContent), 'Close',
   'a blank closes the keys and does not turn them off');
await picture(kari.locator('dialog'), 'moderate-keys');
await kari.keyboard.press('Escape');


// One card, opened: its thread, and what its author has written before.

await kari.keyboard.press('j');
await kari.keyboard.press('o');
await card(kari, 'left side of the stove').locator('.desk-context').nth(0)
  .waitFor();
await kari.mouse.move(0, 0);
await picture(card(kari, 'left side of the stove'), 'moderate-card');


// It is approved and answered at once, which can be undone.

await kari.keyboard.press('w');
is(await kari.textContent('.desk-panel .desk-main'), 'Approve and reply',
   'what waits is answered and approved');
await kari.keyboard.type('Only the brown ones.');
await kari.keyboard.press('Control+Enter');
ok(await until(async () => (await at(library.page)).comments
  .some(({ html }) => html.includes('brown ones'))), 'both are there');
ok((await focused(kari)).includes('tide table'), 'and the next card is it');


// Two are selected.  What can be done with them stays in sight.

await kari.keyboard.press('k');
await kari.keyboard.press('x');
await kari.keyboard.press('j');
await kari.keyboard.press('j');
await kari.keyboard.press('x');
ok(await kari.locator('.desk-bulk').isVisible(), 'two are selected');
await picture(kari, 'moderate-select');
await kari.keyboard.press('x');
await kari.keyboard.press('k');
await kari.keyboard.press('k');
await kari.keyboard.press('x');


// All that one author wrote, and a ban that goes for the past as well.

await kari.keyboard.press('l');
await kari.waitForSelector('.desk-whose:not(:empty)');
is(await kari.textContent('.desk-whose'), 'All comments of cheap_shelves',
   'l shows all of one author');
ok(await until(async () => await kari.locator('.desk-card').count() === 3),
   'as many as stand beside the name');
await kari.keyboard.press('j');
await kari.keyboard.press('b');
await kari.locator('.desk-panel [name=past]').check();
await kari.keyboard.press('Control+Enter');
ok(await until(async () =>
  (await kari.textContent('.desk-undo')).includes('3 comments marked as spam')),
   'a ban is for what was written before, too');
ok(await until(async () =>
  await kari.locator('.desk-card[data-status=spam]').count() === 3),
   'as one sees');
ok(await until(async () =>
  (await kari.textContent('[data-status=spam] .desk-count')) === '3'),
   'the numbers follow');


// Search.

await kari.keyboard.press('/');
await kari.keyboard.type('barn piano');
await kari.keyboard.press('Enter');
ok(await until(async () => await kari.locator('.desk-card').count() === 1),
   'words find a comment');
is((await kari.locator('.desk-text mark').allTextContents()).join(' '),
   'piano barn', 'and are marked in it');
await kari.fill('[name=words]', 'shelves');
await kari.keyboard.press('Enter');
ok(await until(async () => await kari.locator('.desk-card').count() === 3),
   'whatever it has become');
await kari.mouse.move(0, 0);
await picture(kari, 'moderate-search');
await kari.keyboard.press('Escape');
ok((await focused(kari)).includes('shelves'), 'Escape goes to what was found');


// Bans and the record.

await kari.locator('[data-place=bans]').click();
await kari.waitForSelector('.desk-place form');
await kari.selectOption('#place-kind', 'domain');
await kari.fill('#place-value', 'b.example.com');
await kari.fill('#place-note', 'Sells shelves everywhere.');
await kari.locator('.desk-place .desk-main').click();
ok(await until(async () =>
  await kari.locator('.desk-place .desk-rows li').count() === 2),
   'an author and a domain are banned');
await kari.mouse.move(0, 0);
await picture(kari, 'moderate-bans');
await kari.locator('[data-place=log]').click();
await kari.waitForSelector('.desk-place .desk-rows li');
const rows = await kari.locator('.desk-rows li').allTextContents();
ok(rows.some(row => /kari · Ban · Sells shelves/.test(row))
   && rows.some(row => /kari · Spam · \d+ · spam · \/library.html/.test(row)),
   'the record has it all');
await kari.mouse.move(0, 0);
await picture(kari, 'moderate-record');
await kari.locator('.desk-rows a').first().click();
ok(await until(async () => await kari.locator('.desk-card').count() === 1),
   'and leads to each comment');


// Rules are tried on what is there.

await kari.goto(`${site.url}/comments/moderate/rules`);
await kari.fill('#console-rules', pasted);
await kari.evaluate(() => document.getElementById('console-rules')
  .scrollTo(0, 0));
await kari.getByRole('button', { name: 'Decide again' }).click();
await kari.waitForSelector('#console-said table');
await kari.setViewportSize({ width: 960, height: await kari.evaluate(() =>
  document.documentElement.scrollHeight) });
await kari.evaluate(() => scrollTo(0, 0));
await kari.mouse.move(0, 0);
await picture(kari, 'moderate-rules', 32);


// On a phone, in the dark.

const phone = await site.open('/comments/moderate/', { colorScheme: 'dark',
  storageState: await kari.context().storageState(), reducedMotion: 'reduce',
  viewport: { width: 360, height: 720 } });
await phone.waitForSelector(ready);
await counted(phone);
await fits(phone, 'a phone shows all of it');
await picture(phone, 'moderate-phone');

is(site.complaints.join('\n'), '',
   'no page did what its policy forbids, no script threw');
await site.end();
