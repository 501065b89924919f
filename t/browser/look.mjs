// How it looks, and what axe-core says of it (WCAG 2.2 AA): light and dark,
// narrow and wide, left to right and right to left.  The pictures are in
// build/screenshots.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { begin, fits, is, judge, ok, root } from './lib/site.mjs';

const site = await begin({ demo: true, location:
  'comments_base_url https://example.org; comments_share email mastodon copy;',
  server: `location /markdown/ {
      comments test;
      comments_markup markdown;
      comments_rules no-rules.lua;
    }`,
});
const tool = process.env.TEST_TOOL
  || join(root, process.env.TEST_BUILD || 'build', 'ngx-comments');
const pictures = join(root, 'build/screenshots');
const email = 'ola@example.org';

mkdirSync(pictures, { recursive: true });

for (const page of ['/post.html', '/rtl.html']) {
  const made = await site.post({ page, email, name: 'Ola Nordmann',
    website: 'https://example.org/',
    text: 'A first comment, with a link: https://example.org/a/long/path\n\n'
      + 'And a second paragraph.' });
  const answer = await site.post({ page, email, parent: made.id,
    text: 'An answer to that. '.repeat(12) });
  await site.post({ page, email, parent: answer.id, text: 'And so on.' });
  await site.post({ page, email, name: 'سارة', text: 'مرحبا بالعالم' });
  await site.post({ page, email, name: 'A name of many words'.repeat(4),
                    text: 'Short.' });
}

const looks = [
  ['wide', '/post.html', 1280, {}],
  ['wide-dark', '/post.html', 1280, { colorScheme: 'dark' }],
  ['narrow', '/post.html', 320, {}],
  ['narrow-rtl', '/rtl.html', 320, {}],
  ['wide-rtl-dark', '/rtl.html', 1280, { colorScheme: 'dark' }],
  ['wide-noscript', '/post.html', 1280, { noscript: true }],
];

for (const [name, path, width, { noscript, ...options }] of looks) {
  const page = await site.open(path, { ...options,
    viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  if (noscript) {
    await page.route(/comments\.js/, route => route.abort());
    await page.reload();
  } else {
    await page.waitForSelector('.comments-do-preview');
  }
  await fits(page, `${name}: nothing is wider than the page`);
  ok(await page.evaluate(() => {
    const head = [...document.querySelectorAll('.comment-head')].find(
      ({ textContent }) => textContent.includes('many words'));
    const [avatar, author] = [...head.children]
      .map(part => part.getBoundingClientRect());
    return author.top < avatar.bottom;
  }), `${name}: a long name stands beside its picture`);
  is(await page.evaluate(() => {
    const { fontSize, borderInlineStartWidth } =
      getComputedStyle(document.querySelector('.comment-permalink'));
    return `${fontSize} ${borderInlineStartWidth}`;
  }), '14px 0px', `${name}: the time is small beside the name, in no box`);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  await judge(page, name);
  if (noscript) {
    continue;
  }

  // A reply with an error, a preview, and what opens below a comment.

  await page.locator('.comment-reply').first().click();
  await page.fill('#comment-text', 'Something *to* preview.');
  await page.click('.comments-do-preview');
  await page.waitForSelector('.comments-preview');
  await page.fill('#comment-name', 'Kari');
  await page.fill('#comment-email', 'kari@example.org');
  await page.fill('#comment-website', 'ftp://example.org/');
  await page.click('.comments-submit button[type=submit]');
  await page.waitForSelector('#comment-website-error');
  await page.locator('.comment-report').last().click();
  await page.waitForSelector('.comment-panel');
  await fits(page, `${name}: nor with a reply, an error and a question`);
  await page.screenshot({ path: `${pictures}/${name}-error.png`,
                          fullPage: true });
  await judge(page, `${name}, with a reply, an error and a question`);

  await site.post({ page: path, email,
                    text: `New while ${name} is looked at.` });
  await page.waitForSelector('.comments-bar button');
  await judge(page, `${name}, with a bar for new comments`);
  await page.screenshot({ path: `${pictures}/${name}-bar.png` });
}

// Code is wider than the page; a branch is folded away below a gap.

await site.post({ page: '/other.html', email,
  text: '```\n' + 'wider than the page, '.repeat(9) + '\n```' },
  '../markdown/comment');
const { id } = await site.post({ page: '/other.html', email, text: 'Goes.' });
await site.post({ page: '/other.html', email, text: 'Stays.', parent: id });
execFileSync(tool, ['reject', String(id), '--store', join(site.dir, 'store')]);
const code = await site.open('/other.html', { reducedMotion: 'reduce',
  viewport: { width: 320, height: 900 } });
await code.waitForSelector('.comment-is-deleted .comment-fold');
is(await code.locator('pre').count(), 1, 'there is code');
await judge(code, 'code and a gap');
await code.click('.comment-fold');
await fits(code, 'code: nothing is wider than the page');
await judge(code, 'a branch that is folded away');
await code.screenshot({ path: `${pictures}/code.png`, fullPage: true });

// The demo's three pages have three different plain styles.

const heights = { narrow: 320, phone: 480, middle: 768, wide: 1280 };

for (const name of ['library', 'kor', 'surdeig']) {
  const path = `/demo/${name}.html`;
  const made = await site.post({ page: path, email, name: 'Ola Nordmann',
    website: 'https://example.org/', text: 'A comment with a '
      + '<a href="https://example.org/">link</a>, <code>code</code> and '
      + '<b>weight</b>.\n\n<blockquote>Something quoted.</blockquote>' });
  await site.post({ page: path, email, parent: made.id,
    text: 'An answer to that. '.repeat(12) });
  const page = await site.open(path, { reducedMotion: 'reduce' });
  await page.waitForSelector('.comments-do-preview');
  await page.locator('.comment-reply').first().click();
  await page.fill('#comment-website', 'ftp://example.org/');
  await page.fill('#comment-text', 'Refused.');
  await page.fill('#comment-name', 'Kari');
  await page.fill('#comment-email', 'kari@example.org');
  await page.click('.comments-submit button[type=submit]');
  await page.waitForSelector('#comment-website-error');
  for (const [how, width] of Object.entries(heights)) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page, `${name}, ${how}: nothing is wider than the page`);
    await page.screenshot({ path: `${pictures}/demo-${name}-${how}.png`,
                            fullPage: true });
  }
  await judge(page, `${name}'s thread`,
              { where: '.comments', practices: false });
}

ok(true, `pictures are in ${pictures.slice(root.length + 1)}`);

await site.end();
