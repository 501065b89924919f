// A reader whose browser runs no scripts.

import { begin, is, ok } from './lib/site.mjs';

const site = await begin();
const page = await site.open('/post.html', { javaScriptEnabled: false });

ok(await page.locator('#comment-form').isVisible(), 'there is a form');
is(await page.locator('.comments-none').count(), 1, 'and no comment yet');

// Posted, refused, corrected.

await page.fill('#comment-text', 'First words.\nSecond line.');
await page.fill('#comment-name', 'Kari');
await page.fill('#comment-email', 'kari@example.org');
await page.fill('#comment-website', 'ftp://example.org/');
await page.click('.comments-submit button');
ok(await page.locator('#comment-website-error').isVisible(),
   'a wrong field is told beside the field');
is(await page.inputValue('#comment-text'), 'First words.\nSecond line.',
   'the text is still there');
is(await page.inputValue('#comment-name'), 'Kari', 'so is the name');
await page.fill('#comment-website', 'https://example.org/');
await page.click('.comments-submit button');
await page.waitForURL(/\/post\.html#comment-1$/);
ok(await page.locator('#comment-1 .comment-body').innerText()
   .then(text => text.startsWith('First words.')),
   'corrected, it is published, and one is back on the page');

// A reply.

await page.click('#comment-1 .comment-reply');
await page.waitForURL(/reply_to=1/);
is(await page.inputValue('input[name=parent]'), '1',
   'the link to reply leads to a form for a reply');
await page.fill('#comment-text', 'An answer.');
await page.fill('#comment-name', 'Ola');
await page.fill('#comment-email', 'ola@example.org');
await page.click('.comments-submit button');
await page.waitForURL(/#comment-2$/);
is(await page.locator('.comments-replies #comment-2').count(), 1,
   'the reply stands below what it answers');
is(await page.locator('.comments-title').innerText(), '2 comments',
   'both are counted');

// Order.

await site.post({ text: 'Third.' });
await page.goto(`${site.url}/post.html`);
await page.click('.comments-sort a:not([aria-current])');
await page.waitForURL(/comments_sort=newest/);
is(await page.locator('.comment').first().getAttribute('data-id'), '3',
   'newest first');

is(site.complaints.join('\n'), '', 'no complaints');

await site.end();
