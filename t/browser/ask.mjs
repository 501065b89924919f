// What rules ask a reader: a second thought, and a browser: some work.

import { begin, is, ok, until } from './lib/site.mjs';

const site = await begin({ insert: true, location: 'comments_rules rules.lua;',
  files: { 'rules.lua': `
    rule("rude", function(c)
      if c.text:find("fool", 1, true) then return nudge("That is rude.") end
    end)
    rule("work", function(c)
      if c.text:find("work", 1, true) then return challenge { pow = 12 } end
      if c.text:find("never", 1, true) then return challenge { pow = 14 } end
    end)
    rule("pasted", function(c)
      if c.text:find("paste", 1, true) then
        return hold("Pasted: " .. tostring(c.form.pasted))
      end
    end)` } });

const page = await site.open('/post.html');
const status = words => until(async () =>
  (await page.locator('.comments-status').innerText()).includes(words));

async function send(text) {
  await page.fill('#comment-text', text);
  await page.fill('#comment-name', 'Kari');
  await page.fill('#comment-email', 'kari@example.org');
  await page.click('.comments-submit button[type=submit]');
}

// A nudge: the words stay, and are told beside the field.

await send('You fool.');
await page.waitForSelector('#comment-text-error');
ok((await page.innerText('#comment-text-error')).startsWith('That is rude.'),
   'a nudge is told beside the text');
is(await page.inputValue('#comment-text'), 'You fool.', 'which stays');
is(await page.evaluate(() => document.activeElement.id), 'comment-text',
   'and has the focus');
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('.comment-is-pending');
ok(await status('moderator'), 'sent again, it waits, and one is told');
is(await page.locator('input[name=ticket]').count(), 0,
   'the ticket is gone');

await send('Another fool.');
await page.waitForSelector('#comment-text-error');
await page.fill('#comment-text', 'A friend.');
await page.click('.comments-submit button[type=submit]');
await page.waitForSelector('text=A friend.');
ok(await status('published'), 'changed, it is published');

// A challenge: nothing to do but wait.

const asked = [];
page.on('request', request => asked.push(new URL(request.url()).pathname));
await page.evaluate(() => {
  window.seen = [];
  new MutationObserver(() => window.seen.push(
    document.querySelector('.comments-status').textContent))
    .observe(document.querySelector('.comments-status'),
             { childList: true });
});
await send('Some work.');
await page.waitForSelector('text=Some work.');
ok(await status('published'), 'work is done, and the comment published');
ok(asked.includes('/comments/work.js'), 'by a script of its own');
ok(await page.evaluate(() => window.seen.some(text =>
   /working.*\d %/.test(text))), 'how far it is, one is told');

await page.route('**/work.js', route => route.abort());
const other = await site.open('/other.html');
await other.route('**/work.js', route => route.abort());
await other.fill('#comment-text', 'This is never done.');
await other.fill('#comment-name', 'Ola');
await other.fill('#comment-email', 'ola@example.org');
await other.click('.comments-submit button[type=submit]');
await other.waitForSelector('.comment-is-pending');
ok(true, 'where it cannot be done, the comment waits');

// What is pasted is counted, what is typed is not.

const writer = await site.open('/post.html');
const told = words => until(async () =>
  (await writer.locator('.comments-status').innerText()).includes(words));
const go = () => writer.click('.comments-submit button[type=submit]');

async function copy(text) {              // by the keyboard, from another field
  await writer.fill('#comment-website', text);
  await writer.focus('#comment-website');
  await writer.keyboard.press('Control+A');
  await writer.keyboard.press('Control+X');
  await writer.focus('#comment-text');
}

await writer.fill('#comment-name', 'Liv');
await writer.fill('#comment-email', 'liv@example.org');
await copy('paste 🐟');
await writer.keyboard.type('To ');
await writer.keyboard.press('Control+V');
await go();
ok(await told('Pasted: 7'), 'rules know how many characters were pasted');

await writer.focus('#comment-text');
await writer.keyboard.type('I paste nothing.');
await go();
ok(await told('Pasted: 0'), 'the next comment is counted anew');

await copy('paste ');
await writer.keyboard.press('Control+V');
await writer.keyboard.press('Control+V');
for (let i = 0; i < 3; i++) {
  await writer.keyboard.press('Backspace');
}
await writer.reload();
await writer.waitForSelector('.comments-do-preview');
is(await writer.inputValue('#comment-text'), 'paste pas',
   'a draft that was pasted comes back');
await writer.fill('#comment-name', 'Liv');
await writer.fill('#comment-email', 'liv@example.org');
await writer.click('.comment-reply');
await copy('Typed or paste');
await writer.keyboard.press('Control+V');
await writer.click('.comments-cancel a');
await go();
ok(await told('Pasted: 9'),
   'with what was counted, no more than is left, and apart from others');

await writer.click('.comment-reply');
await writer.keyboard.press('End');
await writer.keyboard.type('!');
await go();
ok(await told('Pasted: 14'), 'as a reply has its own count');

// Without scripts.

const plain = await site.open('/in/post.html', { javaScriptEnabled: false });
await plain.fill('#comment-text', 'Old fool.');
await plain.fill('#comment-name', 'Eva');
await plain.fill('#comment-email', 'eva@example.org');
await plain.click('.comments-submit button');
ok((await plain.innerText('#comment-text-error')).startsWith('That is rude.'),
   'without scripts, a nudge is a page');
is(await plain.inputValue('#comment-text'), 'Old fool.', 'with the text');
await plain.click('.comments-submit button');
await plain.waitForURL(/in\/post\.html#comment-\d+$/);
ok(await plain.locator('.comment-is-pending').count(),
   'sent again, it waits, and its author sees it');

is(site.complaints.join('\n'), '', 'no complaints');

await site.end();
