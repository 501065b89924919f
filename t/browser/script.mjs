// A reader with the script, under a strict policy; the fragment is in the
// page, or the script puts it there.

import { begin, is, ok, until } from './lib/site.mjs';

const site = await begin({ location: 'comments_page_size 20; '
  + 'comments_identity $cookie_who; comments_share x; '
  + 'comments_base_url https://example.org;' });
const page = await site.open('/post.html');

const text_of = selector => page.locator(selector).innerText();
const status = words => until(async () =>
  (await text_of('.comments-status')).includes(words));
const focused = () => page.evaluate(() => document.activeElement.id);

async function fill(text) {
  await page.fill('#comment-text', text);
  await page.fill('#comment-name', 'Kari');
  await page.fill('#comment-email', 'kari@example.org');
}

// Preview and send.

await fill('First words.');
await page.click('.comments-do-preview');
is((await text_of('.comments-preview')).trim(), 'First words.',
   'a preview shows what would become of it');
await page.evaluate(() => { window.same = true; });
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('#comment-1');
ok(await status('published'), 'a comment is sent, and one is told');
ok(await page.evaluate(() => window.same), 'without loading the page again');
is(await focused(), 'comment-1', 'it has the focus');
is(await page.inputValue('#comment-text'), '', 'the form is empty');
is(await text_of('.comments-title'), '1 comment', 'the heading counts it');
is(await page.locator('.comments-preview').count(), 0,
   'the preview is gone');
is(await page.evaluate(() => sessionStorage.length), 0, 'so is the draft');
is(await page.evaluate(() => localStorage.length), 0,
   'nobody is remembered who did not ask for it');

// The server refuses.

await fill('Second words.');
await page.fill('#comment-website', 'ftp://example.org/');
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('#comment-website-error');
is(await focused(), 'comment-website', 'a refused field gets the focus');
is(await page.getAttribute('#comment-website', 'aria-describedby'),
   'comment-website-error', 'and says why');
is(await page.inputValue('#comment-text'), 'Second words.',
   'the text is still there');

// The network fails; the page is loaded again; the same form goes once more.

await page.fill('#comment-website', '');
await page.route('**/comments/comment', route => route.abort());
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('.comments-form .comments-error');
ok((await text_of('.comments-form .comments-error')).includes('kept'),
   'without a network one is told that the text is kept');
const token = await page.inputValue('input[name=token]');
await page.reload();
ok(await status('unfinished'), 'after a reload the draft is back');
is(await page.inputValue('#comment-text'), 'Second words.', 'with its text');
is(await page.inputValue('input[name=token]'), token, 'and its token');

let answers = 0;
await page.unroute('**/comments/comment');
await page.route('**/comments/comment', async route => {
  if (!answers++) {
    await route.fetch();                 // it arrives, the answer does not
    await route.abort();
  } else {
    await route.continue();
  }
});
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('.comments-form .comments-error');
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('#comment-2');
ok(await status('published'), 'sent again, it is published');
is(await page.locator('.comment').count(), 2, 'once');
await page.unroute('**/comments/comment');

// Replies, by keyboard.

await page.focus('#comment-1 .comment-reply');
await page.keyboard.press('Enter');
ok(await page.locator('#comment-1 + #comment-form').count(),
   'the form comes to the comment');
is(await focused(), 'comment-text', 'and has the focus');
is(await text_of('.comments-form-title'), 'Reply to Kari', 'it says to whom');
await page.keyboard.type('Half an answer');
await page.click('.comments-cancel a');
is(await page.inputValue('#comment-text'), '', 'cancelled, it is empty');
is(await page.evaluate(() => document.activeElement.dataset.replyTo), '1',
   'and the focus is back');
await page.keyboard.press('Enter');
is(await page.inputValue('#comment-text'), 'Half an answer',
   'what was typed comes back');
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('.comments-replies #comment-3');
is(await page.locator('#comments > #comment-form').count(), 1,
   'the reply stands in its place, the form is back in its own');

// Own comments.

await page.click('#comment-2 .comment-edit');
await page.waitForSelector('#comment-2 textarea');
is(await page.inputValue('#comment-2 textarea'), 'Second words.',
   'an own comment is edited as it was typed');
await page.fill('#comment-2 textarea', 'Better words.');
await page.click('#comment-2 .comment-do');
ok(await until(async () =>
   (await text_of('#comment-2 .comment-body')).trim() === 'Better words.'),
   'and changed');
is(await page.locator('#comment-2 .comment-edited').count(), 1,
   'which is marked');
await page.click('#comment-2 .comment-delete');
await page.click('#comment-2 .comment-cancel');
is(await page.locator('#comment-2 .comment-body').count(), 1,
   'deleting can be thought over');
await page.click('#comment-2 .comment-delete');
await page.click('#comment-2 .comment-do');
await page.waitForSelector('#comment-2.comment-is-deleted');
ok(!(await page.content()).includes('Better words.'), 'or done');

// A second reader: votes, reports, and the first one sees what comes.

const other = await site.open('/script.html');
await other.waitForSelector('#comment-1 .comment-vote');
ok(true, 'one script element and one <div> bring the thread, too');
is(await other.locator('#comment-1 .comment-edit').count(), 0,
   "others' comments cannot be edited");
await other.click('#comment-1 .comment-vote');
await other.waitForSelector('#comment-1 .comment-vote[aria-pressed=true]');
await other.reload();
await other.waitForSelector('#comment-1 .comment-vote[aria-pressed=true]');
is(await other.locator('#comment-1 .comment-vote').innerText(), 'Like 1',
   'a vote is counted and known after a reload');
const named = name => other.locator('#comment-1')
  .getByRole('button', { name, exact: true }).count();
is(await named('Like 1 – Comment by ' + await other.locator(
  '#comment-1 .p-name').innerText()), 1, 'its name says whose comment it is');
await other.click('#comment-1 .comment-vote');
await other.waitForSelector('#comment-1 .comment-vote[aria-pressed=false]');
ok(true, 'it can be taken back');
is(await named('Like – Comment by ' + await other.locator(
  '#comment-1 .p-name').innerText()), 1, 'which the name follows');
await other.click('#comment-1 .comment-report');
await other.fill('#comment-1 .comment-panel input', 'Rude.');
await other.click('#comment-1 .comment-do');
ok(await until(async () => (await other.locator('.comments-status')
   .innerText()).includes('moderator')), 'a report is acknowledged');

await page.locator('#comment-1').scrollIntoViewIfNeeded();
const place = () => page.evaluate(() =>
  document.querySelector('#comment-1').getBoundingClientRect().top);
const before = await place();
await site.post({ text: 'From elsewhere.', name: 'Ola',
                  email: 'ola@example.org' });
await site.post({ text: 'An answer from elsewhere.', name: 'Ola', parent: 1,
                  email: 'ola@example.org' });
await page.waitForSelector('text=2 new comments');
is(await place(), before, 'new comments are announced; nothing moves');
await page.click('.comments-bar button');
await page.waitForSelector('.comments-replies #comment-5');
ok(await page.locator('#comment-4').isVisible(), 'and shown when asked for');
is(await page.locator('.comments-bar button').count(), 0, 'the bar goes');

// Who wants it is remembered.

await other.fill('#comment-text', 'Remember me.');
await other.fill('#comment-name', 'Eva');
await other.fill('#comment-email', 'eva@example.org');
await other.check('.comments-remember input');
await other.click('.comments-submit button[type=submit]');
await other.waitForSelector('text=Remember me.');
await other.reload();
await other.waitForSelector('.comments-do-preview');
is(await other.inputValue('#comment-name') + ' '
   + await other.inputValue('#comment-email'), 'Eva eva@example.org',
   'who wants it is remembered by the browser');
await other.uncheck('.comments-remember input');
await other.fill('#comment-text', 'Forget me.');
await other.click('.comments-submit button[type=submit]');
await other.waitForSelector('text=Forget me.');
is(await other.evaluate(() => localStorage.length), 0,
   'until one does not want it any more');

// Order, more, counts.

for (let i = 0; i < 30; i++) {
  await site.post({ text: `Number ${i}.`, page: '/many.html' });
}
const many = await site.open('/many.html');
await many.waitForSelector('.comments-do-preview');
is(await many.locator('.comment').count(), 20, 'a long thread comes in parts');
await many.click('.comments-more');
ok(await until(async () => await many.locator('.comment').count() === 30),
   'the next part comes below');
is(await many.locator('.comments-more').count(), 0, 'and was the last');

const last = await many.locator('.comment', { hasText: 'Number 29.' })
  .getAttribute('id');
const linked = await site.open('/many.html');
await linked.goto(`${site.url}/many.html#${last}`);
ok(await until(() => linked.evaluate(() =>
   document.querySelector('.comment:target')?.innerText
     .includes('Number 29.'))), 'an address names a comment of another part');
is(await linked.locator('.comments-first').count(), 1,
   'whose first part is one link away');
await linked.goto('about:blank');
await linked.goto(`${site.url}/many.html#comment-999999`);
await linked.waitForSelector('.comments-do-preview');
is(await linked.locator('.comment').count(), 20,
   'one that is not there changes nothing');
await many.click('.comments-sort a[href*=newest]');
ok(await until(async () => await many.locator('.comment').first()
   .innerText().then(text => text.includes('Number 29.'))),
   'the order is switched');
is(await many.locator('#comment-form').count(), 1, 'the form stays');
ok(await until(async () =>
   await many.locator('a[href="/post.html"]').innerText() === '6 comments'
   && await many.locator('[data-comments-count="/other.html"]').innerText()
      === '0 comments'), 'links tell how many comments pages have');

// A click on a link to share is counted.

await many.evaluate(() => {
  document.addEventListener('click', event => event.preventDefault(),
                            { once: true });
  document.querySelector('.comments-share-x').click();
});
ok(await until(async () => {
  await many.reload();
  return await many.locator('.comments-share-x').innerText() === 'X 1';
}), 'a link to share tells how often it was followed');

// Who is signed in is not asked who it is.

const member = await site.open('/site.css');
await member.context().addCookies(
  [{ name: 'who', value: 'ola', url: site.url }]);
await member.goto(`${site.url}/script.html`);
await member.waitForSelector('.comments-do-preview');
is(await member.innerText('.comments-signed-in'), 'Signed in as ola',
   'a form that the script puts there knows its reader');
is(await member.locator('#comment-name, .comments-remember').count(), 0,
   'and asks for no name, nor whether to remember it');
await member.fill('#comment-text', 'A member speaks.');
await member.click('.comments-submit button[type=submit]');
await member.waitForSelector('.comment:has-text("A member speaks.")');
ok((await member.locator('.comment', { hasText: 'A member speaks.' })
    .innerText()).includes('ola'), 'which the comment has');

// A page of another origin.

const list = await site.open(
  site.url.replace('127.0.0.1', 'localhost') + '/list.html');
ok(await until(async () =>
   await list.locator('a[href="/post.html"]').innerText() === '7 comments'),
   'a list of another origin tells how many comments its pages have');
const far = await site.open(
  site.url.replace('127.0.0.1', 'localhost') + '/elsewhere.html');
await far.fill('#comment-text', 'From afar.');
await far.fill('#comment-name', 'Kari');
await far.fill('#comment-email', 'kari@example.org');
await far.click('.comments-submit button[type=submit]');
await far.waitForSelector('.comment');
is((await far.locator('.comment-body').innerText()).trim(), 'From afar.',
   'a page of another origin that is named has a thread, too');
ok(await far.locator('.comment-avatar').evaluate(image =>
   image.decode().then(() => true, () => false)), 'with its pictures');
is(await far.locator('.comments-feed a').getAttribute('href'),
   `${site.url}/comments/thread.atom?page=/elsewhere.html`, 'and its feed');

is(site.complaints.join('\n'), '',
   'nothing violated the policy, threw, or asked another server');

await page.evaluate(() => {
  try { document.body.innerHTML = 'x'; } catch { /* as it should be */ }
});
ok(await until(() => site.complaints.length),
   'which would have been seen here');

await site.end();
