// A reader whose browser runs no scripts.

import { begin, is, ok } from './lib/site.mjs';

const site = await begin({ insert: true,
  location: 'comments_page_size 5;' });
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
await page.click('.comments-sort a[href*=newest]');
await page.waitForURL(/comments_sort=newest/);
is(await page.locator('.comment').first().getAttribute('data-id'), '3',
   'newest first');

// A page with the thread put in: the author's own controls are there.

const at = `${site.url}/in/post.html`;
const body = id => page.locator(`#comment-${id} .comment-body`).innerText();

await page.goto(at);
await page.fill('#comment-text', 'To be changed.');
await page.fill('#comment-name', 'Kari');
await page.fill('#comment-email', 'kari@example.org');
await page.click('.comments-submit button');
await page.waitForURL(/in\/post\.html#comment-4$/);
is(await page.locator('#comment-4 .comment-vote').count(), 0,
   'one cannot vote on an own comment');
await page.click('#comment-4 .comment-edit');
await page.waitForURL(/comment\/4\/edit\?lang=en$/);
is(await page.inputValue('#comment-text'), 'To be changed.',
   'an own comment is changed on a page of its own');
await page.fill('#comment-text', ' ');
await page.click('.comments-form .comments-submit button');
ok(await page.locator('#comment-text-error').isVisible(),
   'where mistakes are told');
await page.fill('#comment-text', 'Changed.');
await page.click('.comments-form .comments-submit button');
await page.waitForURL(/in\/post\.html#comment-4$/);
is((await body(4)).trim(), 'Changed.', 'and one is back on the page');
await page.click('#comment-4 .comment-edit');
await page.click('.comments-back a');
await page.waitForURL(/in\/post\.html#comment-4$/);
ok(true, 'one can go back, too');

// A second reader votes and reports.

const other = await site.open('/in/post.html', { javaScriptEnabled: false });
is(await other.locator('.comment-edit').count(), 0,
   "others' comments cannot be changed");
await other.click('#comment-4 .comment-vote');
await other.waitForURL(/#comment-4$/);
is(await other.locator('#comment-4 .comment-vote').innerText(), 'Like 1',
   'a vote is counted');
is(await other.locator('#comment-4 .comment-vote')
   .getAttribute('aria-pressed'), 'true', 'and shown as the own one');
is(await other.getByRole('button', { name: /^Like 1 – Comment by / }).count(),
   1, 'by its name one hears whose comment it is for');
is(await other.getByRole('article', { name: /^Comment by / }).count(),
   await other.locator('.comment').count(), 'and so of each comment');
await other.click('#comment-4 .comment-vote');
await other.waitForURL(/#comment-4$/);
is(await other.locator('#comment-4 .comment-vote').innerText(), 'Like',
   'the same button takes it back');
await other.click('#comment-4 .comment-report');
await other.fill('#comment-reason', 'Rude.');
await other.click('.comments-report button');
is(await other.innerText('h1'), 'Thank you. A moderator will look at it.',
   'a report is acknowledged');
await other.click('.comments-back a');
await other.waitForURL(/in\/post\.html#comment-4$/);

// Deleted.

await page.click('#comment-4 .comment-delete');
await page.click('.comments-delete button');
await page.waitForURL(/in\/post\.html#comments$/);
is(await page.locator('#comment-4').count(), 0, 'an own comment is deleted');
const gone = await site.open('/comments/comment/4/edit',
                             { javaScriptEnabled: false });
is(await gone.locator('h1').innerText(),
   'There is nothing here.', 'what is gone is told of on a page');

// Pages.

for (let i = 0; i < 7; i++) {
  await site.post({ text: `Number ${i}.`, page: '/in/post.html' });
}
await page.goto(at);
is(await page.locator('.comment').count(), 5, 'a long thread comes in parts');
await page.click('.comments-more');
await page.waitForURL(/comments_after=/);
is(await page.locator('.comment').count(), 2, 'the next part is a page');
await page.click('.comments-first');
await page.waitForURL(/post\.html#comments$/);
ok((await page.locator('.comment').first().innerText()).includes('Number 0.'),
   'from which one gets back');

is(site.complaints.join('\n'), '', 'no complaints');

await site.end();
