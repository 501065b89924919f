// Text never becomes script: thousands of hostile inputs through every field
// and every way to write, read back as JSON, HTML, Atom and in the page.
// Chromium parses what comes; only what the tables below name may be left,
// and nothing may run.  The inputs are the same each time.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { begin, is, ok, root } from './lib/site.mjs';

const INPUTS = 1000;             // for each markup
const AT_ONCE = 16;
const PAGE = 100;                // comments of one answer

const seeds = [
  '<script>canary()</script>', '<img src=x onerror=canary()>',
  '<svg/onload=canary()>', '<svg><script>canary()</script></svg>',
  '<a href="javascript:canary()">x</a>', '<a href=" &#1;javascript:canary()">x',
  '<a href="jav&#x09;ascript:canary()">x</a>', '<a href=data:text/html,x>x</a>',
  '<a href="https://x/" onclick="canary()">x</a>', '[x](javascript:canary())',
  '[x](<javascript:canary()>)', '[x](https://x/ "onmouseover=canary()")',
  '![x](javascript:canary())', '<javascript:canary()>',
  '![x" onload="canary()](https://x.example/ "y")', '![<b>](https://x/"onload=',
  '[x](mailto:x@x.example?body="onclick=canary())', '<x@x.example"onclick=x>',
  '![x](https://x.example/i.svg#"><script>canary()</script>)',
  '[x]: data:x\n[x]',
  '<b title="x" style="background:url(javascript:canary())">x</b>',
  '<math><mi//xlink:href="data:x,<script>canary()</script>">',
  '<iframe srcdoc="<script>parent.canary()</script>"></iframe>',
  '<object data="javascript:canary()"></object>', '<base href="//evil/">',
  '<form><button formaction=javascript:canary()>x</button></form>',
  '<input autofocus onfocus=canary()>', '<details open ontoggle=canary()>',
  '<textarea><script>canary()</script></textarea>',
  '</textarea><script>canary()',
  '<style>@import "//evil/"</style>', '<link rel=stylesheet href=//evil/>',
  '<!--><script>canary()</script>-->', '<![CDATA[<script>canary()</script>]]>',
  '<q cite="javascript:canary()">x</q>',
  '<blockquote cite=\'"><script>canary()',
  '"><script>canary()</script>', "'><img src=x onerror=canary()>",
  '" onmouseover="canary()" x="', "' autofocus onfocus='canary()",
  '<noscript><p title="</noscript><img src=x onerror=canary()>">',
  '<p><table><b></p></table><script>canary()</script>', '<a href=//evil>x</a>',
  '<del datetime="x" onclick=canary()>x</del>', '<code><script>canary()</code>',
  '```x" onload="canary()\n<script>canary()</script>\n```', '`<b onload=`>',
  '<ABBR TITLE=`x` ONCLICK=canary()>x', '\u0000<scr\u0000ipt>canary()</script>',
  '&lt;script&gt;canary()&lt;/script&gt;', '&#60;script&#62;canary()',
  '<strong><em><a href="https://x/<script>canary()</script>">x</em></strong>',
  'https://x/"onmouseover="canary()', 'https://x/<script>canary()</script>',
  'mailto:x@x"onclick="canary()', '<\u2028script>canary()</script>', ']]>',
  '</section><script>canary()</script>', '<?php <script>canary()</script> ?>',
  '%3Cscript%3Ecanary()%3C/script%3E', '\ud83d\ude00<b\u00a0onclick=canary()>',
  '<svg><a xlink:href="javascript:canary()"><text>x</text></a></svg>',
  '<math href="javascript:canary()">x</math>', '<s/onclick=canary()>x',
  '<template><script>canary()</script></template>', '<b<script>canary()</b>',
  '<!-- comments --><script>canary()</script>', '<!--# include file="x" -->',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img '
    + 'src=1 onerror=canary()&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=canary()>',
  '<svg></p><style><a id="</style><img src=1 onerror=canary()>">',
  '<svg><desc><noscript>&lt;/noscript>&lt;img src onerror=canary()&gt;',
  '<svg><animate onbegin=canary() attributeName=x dur=1s>',
  '<svg><set attributeName=href to=javascript:canary()>',
  '<svg><use href="data:image/svg+xml,<svg id=x onload=canary()>#x">',
  '<svg><foreignObject><iframe/src=javascript:canary()>',
  '<math><annotation-xml encoding="text/html"><img src onerror=canary()>',
  '<a href="javascript&colon;canary()">x</a>',
  '<a href="&NewLine;javascript&Tab;:canary()">',
  '<a href="java\nscript:canary()">x</a>',
  '<a href="\u0001javascript:canary()">x</a>',
  '<a href="vbscript:canary()">x</a>',
  '<a href="feed:javascript:canary()">x</a>',
  '<a href="view-source:javascript:canary()">x</a>',
  '<a href=blob:null/x>x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==">x</a>',
  '<a href="https:javascript:canary()">x</a>', '<a href="//\\evil/">x</a>',
  '<a href="http://\u0430pple.example/">x</a>',
  '<a href="https://a@evil/">x</a>',
  '<a href="\\\\evil/x">x</a>', '<a href="jAvAsCrIpT&#58canary()">x</a>',
  '<a target=_blank rel=opener href=https://x.example/>x</a>',
  '<a ping=//evil/ download=x href=https://x.example/>x</a>',
  '<a href=https://x.example/ style=position:fixed;inset:0>x</a>',
  '<b style="width:expression(canary())">x</b>',
  '<b style="-moz-binding:url(//e)">x',
  '<b id=canary name=cookie>x</b>', '<form id=x name=getElementById>',
  '<img name=body>', '<b is=x-y slot=a>x</b>', '<x-y onclick=canary()>x</x-y>',
  '<isindex action=javascript:canary()>', '<plaintext>', '<xmp><b>',
  '<listing>',
  '<noembed><img src onerror=canary()></noembed>', '<marquee onstart=canary()>',
  '<video><source onerror=canary()></video>', '<audio src=x onerror=canary()>',
  '<meta http-equiv=refresh content=0;url=javascript:canary()>',
  '<portal src=//evil/>', '<embed src=javascript:canary()>',
  '<frameset onload=canary()>',
  '<!--a--!><img src onerror=canary()>', '<!-->x<!--->', '<!DOCTYPE x><b>',
  '<%<b>%>',
  '<?xml-stylesheet href="javascript:canary()"?>', '</br/onclick=canary()>',
  '<b onclick\u000c=canary()>x', '<b/\u0000onclick=canary()>x',
  '\uff1cscript\uff1e',
  '\u00bcscript\u00becanary()', '<img src=`x`onerror=canary()>', '&lt',
  '&#x3C;b&#62',
  '&#0;&#x110000;&#xd800;&#128;', '\ud800<b>', 'a\u202e</b>\u202c',
  '+ADw-script+AD4-',
  '@kari"><img src onerror=canary()>', '@<b>',
  'www.x.example/"onclick=canary()',
  'https://x.example/\u2028onclick=x', 'https://[::1]"onclick=x',
  'https://x.example:x"y',
  'http://x.example/?a=<b>&b="\'', 'https://x.example/)](javascript:canary())',
  '[a]: javascript:canary()\n\n[a][a]', '[a](&#x6A;avascript:canary())',
  '[a](java\nscript:canary())', '[a](<https://x.example/" onclick="canary()>)',
  '[a](https://x.example/ \'"><script>canary()</script>\')',
  '[![x](x)](javascript:x)',
  '<https://x.example/"onclick="canary()>', '`<img src=x onerror=canary()>',
  '~~~\n</code>',
  '|a|\n|-|\n|<img src onerror=canary()>|', '# <script>canary()</script>',
  '***<b>**</b>*',
  '> '.repeat(60) + '<b>',
  '<b>'.repeat(200), '<a href="' + 'x'.repeat(900) + '">',
];
const glue = ['<', '>', '"', "'", '`', '&', '=', '/', ' ', '\t', '\n', '\n\n',
  '&lt;', '&quot;', '&#', ';', '<b>', '</b>', '<!--', '-->', '*', '_', '[',
  '](',
  ')', '> ', '    ', '\u0001', '\u200b', '\u202e', '\ufeff', '</', '<a href=',
  ' onerror=canary() ', 'javascript:', '//', '\\', '${canary()}',
  '{{canary()}}'];

let state = 0x2545f491;
function roll(n) {                             // xorshift32
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) % n;
}
const any = list => list[roll(list.length)];

const changes = [
  s => { const i = roll(s.length + 1); return s.slice(0, i) + any(glue) + s.slice(i); },
  s => { const i = roll(s.length); return s.slice(0, i) + s.slice(i + 1 + roll(4)); },
  s => { const i = roll(s.length + 1); return s.slice(0, i) + any(seeds) + s.slice(i); },
  s => s + any(seeds),
  s => [...s].map(c => roll(8) ? c : c.toUpperCase()).join(''),
  s => [...s].map(c => roll(12) ? c : `&#${c.codePointAt(0)};`).join(''),
  s => any(['<b>', '<em>', '> ', '* ', '<a href="', '<code>', '[x](']) + s,
  s => s.replace(/[<>"']/g, c => roll(3) ? c : c + c),
];
// Without halves of characters.
const whole = s => Buffer.from(s).toString();

function mutant(i) {
  let s = seeds[i % seeds.length];
  for (let n = i < seeds.length ? 0 : 1 + roll(4); n > 0; n--) {
    s = any(changes)(s);
  }
  return whole(s.replace(/\0/g, '').slice(0, 2000)) || 'x';
}

const site = await begin({ insert: true,
  location: `comments_page_size ${PAGE}; comments_markup html;
    comments_pages any; }
    location /md/ { comments test; comments_markup markdown;
      comments_mailto on; comments_images on;
      comments_pages any; comments_page_size ${PAGE};
      comments_rules no-rules.lua;
      comments_limit_author off; comments_limit_address off; }
    location /plain/ { comments test; comments_markup plain;
      comments_pages any; comments_page_size ${PAGE};
      comments_rules no-rules.lua;
      comments_limit_author off; comments_limit_address off; }
    location /desk/ { comments test; comments_moderator $http_x_who;` });

// Many requests, some at a time.
async function all(items, work) {
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < items.length) {
      const i = next++;
      await work(items[i], i);
    }
  }));
}

const statuses = {};
async function post(path, body, type, headers = {}) {
  const answer = await fetch(site.url + path, { method: 'POST', body,
    redirect: 'manual', headers: { ...type && { 'Content-Type': type },
                                   ...headers } });
  statuses[answer.status] = (statuses[answer.status] || 0) + 1;
  return answer;
}

// Every field of a comment, in three encodings; markups by page.
const where = { '/comments/': '/in/post.html', '/md/': '/md.html',
                '/plain/': '/plain.html' };
const pages_of_errors = [];
const jobs = [];
for (const at of Object.keys(where)) {
  for (let i = 0; i < INPUTS; i++) {
    jobs.push([at, mutant(i), mutant(roll(INPUTS)), i]);
  }
}
await all(jobs, async ([at, text, other, i]) => {
  const fields = { page: where[at], text: `${text} ${i}`,
    name: i % 2 ? other.slice(0, 90) : `Kari ${i}`,
    email: `k${i}@example.org`, lang: i % 7 ? 'en' : other,
    ...i % 4 || { website: `https://x.example/${i % 8 ? other.slice(0, 200)
      : encodeURIComponent(other).slice(0, 199)}` },
    ...i % 5 || { title: other.slice(0, 200) },
    ...i % 50 || { parent: other } };
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.set(name, value));
  const answer = await (i % 3 === 0
    ? post(at + 'comment', JSON.stringify(fields), 'application/json')
    : i % 3 === 1 ? post(at + 'comment', new URLSearchParams(fields))
      : post(at + 'comment', form));
  await answer.arrayBuffer();
});
ok(statuses[201] > 2 * INPUTS, `${statuses[201]} hostile comments are stored`,
   JSON.stringify(statuses));
ok(!Object.keys(statuses).some(status => status >= 500),
   'nothing made the server stumble', JSON.stringify(statuses));

// Forms that are refused and shown again; reasons; pages; arguments.
await all(Array.from({ length: 200 }, (_, i) => mutant(i)), async (s, i) => {
  const answer = await post('/comments/comment', new URLSearchParams({
    page: i % 2 ? '/in/post.html' : s, text: s, name: s, email: s, website: s,
    title: s, parent: s, lang: s, token: s, ticket: s }), null,
    { Accept: 'text/html' });
  pages_of_errors.push(await answer.text());
  await (await post(`/comments/comment/${1 + i}/report`,
    new URLSearchParams({ reason: s }), null,
    { Accept: 'text/html' })).arrayBuffer();
  const query = new URLSearchParams({ page: '/' + s, sort: s, after: s,
                                      lang: s, reply_to: s });
  const html = await fetch(`${site.url}/comments/thread.html?${query}`);
  if (html.ok) {
    pages_of_errors.push(await html.text());
  }
});

// Old comments, by import.
writeFileSync(join(site.dir, 'old.jsonl'), Array.from({ length: INPUTS },
  (_, i) => JSON.stringify({ id: `old-${i}`, page: '/old.html',
    title: mutant(roll(INPUTS)).slice(0, 200), status: 'approved',
    text: `${mutant(i)} ${i}`, name: mutant(i + 1).slice(0, 90),
    markup: ['html', 'markdown', 'plain'][i % 3],
    created: '2013-01-08T09:40:00Z' })).join('\n') + '\n');
let imported = '';
try {
  imported = execFileSync(join(resolve(root, process.env.TEST_BUILD || 'build'),
    'ngx-comments'), ['import', 'jsonl', join(site.dir, 'old.jsonl'),
    '--store', join(site.dir, 'store'), '--key', join(site.dir, 'comments.key'),
    '--site', 'test'], { encoding: 'utf8', stdio: 'pipe' });
} catch (error) {                // some lines are refused
  imported = error.stdout + error.stderr;
}

// What came back.

const page = await site.open('/site.css');
await page.goto('about:blank');
await page.evaluate(() => {
  const body = new Set(('a abbr acronym b blockquote br cite code del em hr i '
    + 'li ol p pre q s span strike strong ul h1 h2 h3 h4 h5 h6').split(' '));
  const around = new Set([...body, ...('section nav article header footer img '
    + 'time div form label input textarea button html head body title meta '
    + 'link main').split(' ')]);
  const in_body = new Set('href title cite datetime rel class start'.split(' '));
  const attributes = new Set([...in_body, ...('id lang dir role type name value '
    + 'method action accept-charset src alt width height loading itemprop '
    + 'itemscope itemtype for required rows cols autocomplete maxlength '
    + 'tabindex autofocus charset content').split(' ')]);
  const data = /^(data-(page|api|count|sort|id|parent|depth|up|down|vote|until|after|reply-to|words)|aria-[a-z]+)$/;

  // Of Markdown, where they are allowed; nothing but what is told.
  const is_image = ({ localName, attributes }) => localName === 'img'
    && attributes.length === 4 && /^https:/.test(attributes.src?.value)
    && attributes.alt?.value && attributes.loading?.value === 'lazy'
    && attributes.referrerpolicy?.value === 'no-referrer';
  const is_mailto = /^mailto:[a-zA-Z0-9._+-]+@[^?&#%/ "<>]+$/;

  function problem(element) {
    const inside = element.closest('.comment-body');
    const text = inside && inside !== element;
    const name = element.localName;
    if (text && window.allowed && is_image(element)) {
      return null;
    }
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml'
        || !(text ? body : around).has(name)) {
      return `element ${name}`;
    }
    for (const { name: key, value } of element.attributes) {
      if (!(text ? in_body : attributes).has(key) && (text || !data.test(key))) {
        return `attribute ${name} ${key}`;
      }
      if (['href', 'src', 'action', 'cite'].includes(key)) {
        if (text && window.allowed && is_mailto.test(value)) {
          continue;
        }
        const url = new URL(value, 'https://here.example/');
        if (!['http:', 'https:'].includes(url.protocol)
            || (!text && !/^(https?:\/\/|\/(?![/\\])|#)/.test(value))) {
          return `address ${name} ${key}=${value}`;
        }
      }
    }
    return null;
  }

  const found = (document, html) => {
    const wrong = [...document.querySelectorAll('*')].map(problem)
      .filter(Boolean);
    return [...new Set(wrong)].map(w => `${w} in ${html.slice(0, 300)}`);
  };

  // A whole page or a fragment.
  window.judge = html => found(new DOMParser()
    .parseFromString(html, 'text/html'), html);

  // The HTML of one comment: also, parsed again, it is the same.
  window.judge_text = html => {
    const doc = new DOMParser().parseFromString(
      `<div class="comment-body">${html}</div>`, 'text/html');
    const box = doc.body.firstChild;
    const once = box.innerHTML;
    box.innerHTML = once;
    return [...doc.body.childNodes].length !== 1 ? [`leaves its box: ${html}`]
      : box.innerHTML !== once ? [`changes: ${html}`] : found(doc, html);
  };

  window.judge_feed = xml => {
    const feed = new DOMParser().parseFromString(xml, 'application/xml');
    if (feed.querySelector('parsererror')) {
      return [`no XML: ${xml.slice(0, 300)}`];
    }
    return [...feed.querySelectorAll('content')]
      .flatMap(content => window.judge_text(content.textContent));
  };
});
const judged = (how, given) => page.evaluate(([how, given]) =>
  given.flatMap(one => window[how](one)).slice(0, 5), [how, given]);

is((await judged('judge_text', ['<b onclick="x">x</b>'])).length, 1,
   'the judge sees an attribute that may not be');
is((await judged('judge', ['<p><a href="javascript:x">x</a>'])).length, 1,
   'and an address');

for (const [at, path] of [...Object.entries(where), ['/comments/', '/old.html']]) {
  const texts = [], fragments = [];
  for (let after = 0; after !== null;) {
    const query = new URLSearchParams({ page: path, ...after && { after } });
    const raw = await (await fetch(`${site.url}${at}thread?${query}`)).text();
    if (raw.includes('</')) {
      texts.push(`<script>JSON of ${path}</script>`);
    }
    const thread = JSON.parse(raw);
    texts.push(...thread.comments.map(comment => comment.html));
    fragments.push(await (await fetch(
      `${site.url}${at}thread.html?${query}`)).text());
    after = thread.next;
  }
  await page.evaluate(is => { window.allowed = is; }, at === '/md/');
  is(texts.some(text => /<img |<a href="mailto:/.test(text)), at === '/md/',
     `${path} has images and links that write, or not`);
  is((await judged('judge_text', texts)).join('\n'), '',
     `${path}: ${texts.length} texts in JSON are harmless and stay the same`);
  is((await judged('judge', fragments)).join('\n'), '',
     `${path}: so are the fragments`);
  ok(texts.length > INPUTS / 2, `${path} has them`, imported);
  is((await judged('judge_feed', [await (await fetch(
    `${site.url}${at}thread.atom?${new URLSearchParams({ page: path })}`))
    .text()])).join('\n'), '', `${path}: and the feed`);
}
await page.evaluate(() => { window.allowed = false; });
is((await judged('judge', pages_of_errors)).join('\n'), '',
   `${pages_of_errors.length} refused forms and odd fragments are harmless`);

// In the page, without any policy, where everything is touched.

// Links are clicked, but do not lead away, inside of `where`.
function touch(where) {
  const all = document.querySelectorAll('body *');
  for (const element of all) {
    for (const name of ['mouseover', 'focus', 'error', 'load', 'toggle']) {
      element.dispatchEvent(new Event(name, { bubbles: true }));
    }
    if (element.closest(where)) {
      element.addEventListener('click', event => event.preventDefault());
      element.dispatchEvent(new MouseEvent('click',
        { bubbles: true, cancelable: true }));
    }
  }
  return all.length;
}

const ran = [];
const victim = await site.open('/site.css');
await victim.exposeFunction('canary', () => ran.push('canary'));
victim.on('dialog', dialog => { ran.push('dialog'); dialog.dismiss(); });
await victim.route('**/in/post.html*', async route => {
  const answer = await route.fetch();
  const headers = answer.headers();
  delete headers['content-security-policy'];
  await route.fulfill({ response: answer, headers });
});
let looked = 0;
for (let next = `${site.url}/in/post.html`; next && looked < 12; looked++) {
  await victim.goto(next);
  await victim.evaluate(touch, '.comment-body, .comment-author');
  next = await victim.evaluate(() =>
    document.querySelector('.comments-more')?.href);
}
ok(looked > 5, `${looked} pages were looked at`);
is(ran.join(), '', 'nothing ran in them');

// What moderators see of it, first without a policy, then with theirs.
for (const policy of [false, true]) {
  const desk = await site.open('/site.css',
    { extraHTTPHeaders: { 'X-Who': 'kari' } });
  await desk.exposeFunction('canary', () => ran.push('canary'));
  desk.on('dialog', dialog => { ran.push('dialog'); dialog.dismiss(); });
  await desk.route('**/desk/moderate/', async route => {
    const answer = await route.fetch();
    const headers = answer.headers();
    if (!policy) {
      delete headers['content-security-policy'];
    }
    await route.fulfill({ response: answer, headers });
  });
  await desk.goto(`${site.url}/desk/moderate/`);
  let cards = 0;
  const lists = desk.locator('.desk-lists a');
  for (let i = 0; i < await lists.count(); i++) {
    await lists.nth(i).click();
    await desk.waitForTimeout(500);
    cards += await desk.evaluate(touch, '.desk-text, .desk-head, .desk-reported');
  }
  ok(cards > 200, `a moderator with${policy ? '' : 'out'} a policy has looked `
     + `at ${cards} elements`);
  is(ran.join(), '', 'and nothing ran');
  is(site.complaints.filter(text => /Content.Sec|Trusted/i.test(text)).join('\n'),
     '', 'nor had a policy to refuse any of it');
  await desk.context().close();
}
await victim.evaluate(() => window.canary());
is(ran.join(), 'canary', 'which would have been seen');

is(site.complaints.filter(text => text.startsWith('asked')).join('\n'), '',
   'nothing was asked of others');

await site.end();
