// Every page that a reader meets without JavaScript: what axe-core says of it
// (WCAG 2.2 AA), light and dark, 320 pixels wide, in both directions; and that
// the keyboard alone is enough.  The pictures are in build/screenshots.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { begin, fits, is, judge, ok, root } from './lib/site.mjs';

const build = join(root, process.env.TEST_BUILD || 'build');
const tool = process.env.TEST_TOOL || join(build, 'ngx-comments');
const pictures = join(root, 'build/screenshots');

const site = await begin({
  insert: true, store: 'map=1m',
  location: 'comments_rules rules.lua; '
    + 'comments_base_url https://example.org; comments_share email x copy;',
  server: `location /strict/ {
      comments test;
      comments_pages any;
      comments_rules no-rules.lua;
      comments_limit_address 1/1d;
    }`,
  files: { 'rules.lua': `
    rule("words", function(c)
      if c.text:find("fool", 1, true) then return nudge("That is rude.") end
      if c.text:find("hold", 1, true) then return hold() end
    end)` },
});

mkdirSync(pictures, { recursive: true });

for (const page of ['/in/post.html', '/in/rtl.html']) {
  const made = await site.post({ page, text: 'A first comment.',
                                 website: 'https://example.org/' });
  await site.post({ page, parent: made.id, text: 'An answer to that.' });
}
await site.post({ page: '/other.html', text: 'The last word.' });
execFileSync(tool, ['close', '/other.html', '--site', 'test', '--store',
                    join(site.dir, 'store')]);

// Scripts of the pages do not run; those of this test do.
const options = { viewport: { width: 320, height: 640 },
                  reducedMotion: 'reduce' };
const page = await site.open('/site.css', options);
await page.route(/\.js(\?|$)/, route => route.abort());

const go = path => page.goto(site.url + path);

async function fill(fields) {
  for (const [name, value] of Object.entries(fields)) {
    await page.fill(`#comment-${name}`, value);
  }
  await Promise.all([page.waitForNavigation(),
                     page.click('#comment-form button')]);
}

const whole = { text: 'Words.', name: 'Kari', email: 'kari@example.org' };

// Each is a name, how to get there, and what must be seen there.
const states = lang => {
  const at = lang === 'ar' ? '/in/rtl.html' : '/in/post.html';
  return [
    ['thread', () => go(at), '.comments-list'],
    ['reply', () => go(`${at}?reply_to=${lang === 'ar' ? 3 : 1}`),
     '.comments-cancel'],
    ['refused', () => fill({ ...whole, website: 'ftp://example.org/' }),
     '#comment-website-error'],
    ['nudge', () => fill({ text: 'You fool.',
                           website: 'https://example.org/' }),
     '#comment-text-error'],
    ['held', () => go(at).then(() => fill({ ...whole, text: `hold ${lang}` })),
     '.comment-is-pending'],
    ['edit', () => page.click('.comment-is-mine .comment-edit'),
     '.comments-delete'],
    ['report', () => go(at).then(() => page.click('.comment-report')),
     '.comments-report'],
    ['reported', () => page.click('.comments-report button'),
     'main:not(:has(form))'],
  ];
};

async function look(name, schemes = ['light', 'dark']) {
  await fits(page, `${name}: nothing is wider than 320 pixels`);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    await judge(page, `${name}, ${colorScheme}`);
    await page.screenshot({ fullPage: true,
      path: `${pictures}/forms-${name}-${colorScheme}.png` });
  }
}

for (const lang of ['en', 'ar']) {
  await page.context().setExtraHTTPHeaders({ 'Accept-Language': lang });
  for (const [name, get_there, seen] of states(lang)) {
    await get_there();
    await page.waitForSelector(seen);
    await look(`${name}-${lang}`, lang === 'ar' ? ['dark'] : undefined);
  }
}

// The keyboard alone, from the top of the page.

const focus = () => page.evaluate(() => {
  const { activeElement: at } = document;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return { name: at.id || at.className || at.textContent.trim(),
           ring: outlineStyle !== 'none' && outlineWidth !== '0px' };
});

async function tab_to(name) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const at = await focus();
    seen.push(at);
    if (at.name === name) {
      return;
    }
  }
}

const seen = [];
await go('/in/post.html');
await tab_to('comment-text');
await page.keyboard.type('By the keyboard.');
await tab_to('comment-name');
await page.keyboard.type('Kari');
await tab_to('comment-email');
await page.keyboard.type('kari@example.org');
await tab_to('comment-website');
await tab_to('Post comment');
const order = seen.map(({ name }) => name).join(' ');
ok(/comment-text comment-name comment-email comment-website Post comment$/
   .test(order), 'the keyboard goes through the form in its order', order);
ok(/comment-reply.*comment-vote.*comment-report/.test(order),
   'and through the controls of comments', order);
is(seen.filter(({ name, ring }) => !ring && name).map(({ name }) => name)
   .join(' '), '', 'all of them show where one is');
await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
ok(/#comment-\d+$/.test(page.url()), 'Enter sends it');

// Where nothing can be said, and what is not there.

await page.context().setExtraHTTPHeaders({ 'Accept-Language': 'en' });
await go('/other.html');
await page.waitForSelector('.comments-closed');
await look('closed');

async function refused(status, words, get_there) {
  const [answer] = await Promise.all([page.waitForNavigation(), get_there()]);
  is(answer.status(), status, `${status} is a page`);
  ok((await page.innerText('main')).includes(words), 'that says what is wrong');
  await look(String(status));
}

await refused(404, 'There is nothing here.', () => go('/comments/comment/999/edit'));

const elsewhere = action => page.evaluate(action => {
  document.querySelector('#comment-form').action = action;
}, action);

await go('/in/post.html');
await elsewhere('/strict/comment');
await fill({ ...whole, text: 'The first one.' });
await go('/in/post.html');
await elsewhere('/strict/comment');
await refused(429, 'You are posting too quickly.', () =>
  fill({ ...whole, text: 'The second one.' }));

for (let i = 0; i < 200; i++) {
  const { error } = await site.post({ text: `${i} ${'x '.repeat(4500)}` });
  if (error) {
    break;
  }
}
await go('/in/post.html');
await refused(507, 'There is no room', () =>
  fill({ ...whole, text: 'x'.repeat(9000) }));
is(await page.inputValue('#comment-text'), 'x'.repeat(9000),
   'and every word is still there');

await site.end();
