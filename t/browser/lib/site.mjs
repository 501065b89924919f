/*
 * site.mjs: an nginx with the module, a Chromium, and TAP, for one test file.
 *
 *   const site = await begin();        nginx, the pages /post.html (the thread
 *                                      comes by SSI) and /script.html (by the
 *                                      script alone; /elsewhere.html too, for
 *                                      localhost), and a browser; with
 *                                      { insert: true } also /in/post.html;
 *                                      with { demo: true } the demo's pages;
 *                                      name: of the site, else test; rules:
 *                                      a file, else there are none;
 *                                      location, server and store: more of
 *                                      the configuration
 *   const page = await site.open('/post.html', { javaScriptEnabled: false });
 *   ok(await page.title(), 'there is a page');
 *   await site.end();                  one assertion about nginx's log
 *
 * Every page has a strict Content-Security-Policy; what violates it, and what
 * scripts throw, is gathered in site.complaints.
 */

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync,
         existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)),
  '../../..');
export const csp = "default-src 'self'; base-uri 'none'; "
  + "require-trusted-types-for 'script'";

const build = resolve(root, process.env.TEST_BUILD || 'build');
const load = createRequire(join(root, 'build/node/'));

let n = 0, failed = 0;

export function ok(good, sentence, detail) {
  n++;
  console.log(`${good ? 'ok' : 'not ok'} ${n} - ${sentence}`);
  if (!good) {
    failed++;
    console.error(`# ${sentence}\n${detail ?? ''}`.replace(/\n/g, '\n# '));
  }
}

export function is(got, want, sentence) {
  ok(got === want, sentence, `got  ${JSON.stringify(got)}\n`
    + `want ${JSON.stringify(want)}`);
}

export const sleep = ms => new Promise(done => setTimeout(done, ms));

// Until `work` gives something, at most 30 seconds.
export async function until(work) {
  for (const end = Date.now() + 30000; Date.now() < end; await sleep(30)) {
    const found = await work();
    if (found) {
      return found;
    }
  }
  return null;
}

const axe = () => readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

// One assertion: axe-core finds nothing against WCAG 2.2 AA, nor against the
// practices it thinks best unless `practices` is false, in all or in `where`.
export async function judge(page, sentence, { where, practices = true } = {}) {
  await page.waitForLoadState();        // its stylesheet, too
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
                 ...practices ? ['best-practice'] : []];
  if (!await page.evaluate('!!window.axe')) {
    await page.evaluate(axe());
  }
  const found = await page.evaluate(([where, rules]) =>
    window.axe.run(where || document, { runOnly: rules }).then(r =>
      r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3)
        .map(n => n.html + n.failureSummary).join('; '))), [where, rules]);
  is(found.join('\n'), '', `axe-core finds nothing: ${sentence}`);
}

// One assertion: nobody has to scroll sideways.
export async function fits(page, sentence) {
  await page.waitForLoadState();        // its stylesheet, too
  is(await page.evaluate(() => document.documentElement.scrollWidth
      - document.documentElement.clientWidth), 0, sentence);
}

export async function begin(options = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'ngx-comments-'));
  const port = await free_port();
  const complaints = [];
  const url = `http://127.0.0.1:${port}`;

  mkdirSync(join(dir, 'site'));
  if (options.demo) {
    cpSync(join(root, 'web/demo/site'), join(dir, 'site/demo'),
           { recursive: true });
  }
  mkdirSync(join(dir, 'temp'));
  execFileSync('chmod', ['755', dir]);
  execFileSync(join(build, 'ngx-comments'),
    ['key', 'new', join(dir, 'comments.key')]);
  for (const [name, lang] of [['post', 'en'], ['other', 'en'],
                              ['rtl', 'ar'], ['many', 'en']]) {
    writeFileSync(join(dir, `site/${name}.html`), page_of(name, lang,
      '<!--# include virtual="/comments/thread.html?page=$uri'
      + `&lang=${lang}&sort=$arg_comments_sort&after=$arg_comments_after`
      + '&at=$arg_comments_at'
      + '&reply_to=$arg_reply_to" -->\n'
      + '<script src="/comments/comments.js"></script>'));
  }
  mkdirSync(join(dir, 'site/in'));
  for (const [name, lang] of [['post', 'en'], ['rtl', 'ar']]) {
    writeFileSync(join(dir, `site/in/${name}.html`), page_of(name, lang,
      '<!-- comments -->\n<script src="/comments/comments.js"></script>'));
  }
  writeFileSync(join(dir, 'site/script.html'), page_of('script', 'en',
    '<div data-comments="/comments/" data-page="/post.html"></div>\n'
    + '<script src="/comments/comments.js"></script>'));
  writeFileSync(join(dir, 'site/elsewhere.html'), page_of('elsewhere', 'en',
    `<div data-comments="${url}/comments/"></div>\n`
    + `<script src="${url}/comments/comments.js"></script>`));
  writeFileSync(join(dir, 'site/list.html'), page_of('list', 'en',
    `<script src="${url}/comments/comments.js"></script>`));
  writeFileSync(join(dir, 'site/site.css'),
    ':root { color-scheme: light dark; background: Canvas } '
    + 'body { font-family: sans-serif; '
    + 'max-width: 45rem; margin: 1rem auto; padding: 0 1rem }');
  writeFileSync(join(dir, 'no-rules.lua'), '-- Everything is published.\n');
  for (const [name, text] of Object.entries(options.files || {})) {
    writeFileSync(join(dir, name), text);
  }
  options.prepare?.(dir);
  writeFileSync(join(dir, 'nginx.conf'), conf_of(dir, port, options));

  const nginx = spawn(process.env.TEST_NGINX || '/usr/sbin/nginx',
    ['-e', join(dir, 'stderr.log'), '-p', dir, '-c', join(dir, 'nginx.conf'),
     '-g', 'daemon off;'],
    { stdio: 'ignore', env: { ...process.env,
      ...process.env.TEST_PRELOAD && { LD_PRELOAD: process.env.TEST_PRELOAD,
        ASAN_OPTIONS: process.env.TEST_ASAN_OPTIONS } } });
  const ended = new Promise(done => nginx.on('exit', done));
  process.on('exit', () => {                     // a test may break off
    nginx.kill();
    if (!process.env.TEST_KEEP) {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  if (!await until(() => fetch(`${url}/site.css`).catch(() => null))) {
    throw Error('nginx does not answer');
  }

  const { chromium } = load('playwright-core');
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser']
    .find(existsSync);
  if (!executablePath) {
    throw Error('there is no /usr/bin/chromium');
  }
  const browser = await chromium.launch({ executablePath, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
           '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync',
           '--disable-dev-shm-usage'] });

  async function open(path, context_options, context) {
    const own = context || await browser.newContext(
      { locale: 'en-GB', timezoneId: 'Europe/Oslo', ...context_options });
    own.setDefaultTimeout(30000);
    const page = await own.newPage();
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('console', message =>
      /Content.Security|Trusted/i.test(message.text())
      && complaints.push(message.text()));
    page.on('request', request => request.url().includes(`:${port}/`)
      || complaints.push(`asked ${request.url()}`));
    await page.goto(new URL(path, url).href);
    return page;
  }

  async function post(fields, path = 'comment') {
    const answer = await fetch(`${url}/comments/${path}`, { method: 'POST',
      body: new URLSearchParams({ page: '/post.html', name: 'Kari',
        email: 'kari@example.org', ...fields }) });
    return answer.json();
  }

  async function end() {
    await browser.close();
    nginx.kill('SIGQUIT');
    await Promise.race([ended, sleep(5000).then(() => nginx.kill('SIGKILL'))]);
    const log = ['error.log', 'stderr.log']
      .map(name => existsSync(join(dir, name))
        ? readFileSync(join(dir, name), 'utf8') : '').join('').split('\n')
      .filter(line => /\[(alert|emerg|crit)\]|Sanitizer/.test(line));
    is(log.join('\n'), '', 'nginx logged nothing above [error]');
    finish();
  }

  return { dir, url, complaints, browser, open, post, end };
}

export function finish() {
  console.log(`1..${n}`);
  process.exit(failed ? 1 : 0);
}

// A test that breaks off has failed; it says why.
process.on('uncaughtException', broken);
process.on('unhandledRejection', broken);

function broken(error) {
  ok(false, 'the test runs to its end', error?.stack || error);
  finish();
}

function page_of(name, lang, inside) {
  return `<!DOCTYPE html>
<html lang="${lang}"${lang === 'ar' ? ' dir="rtl"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The page ${name}</title>
<link rel="stylesheet" href="/site.css">
<link rel="stylesheet" href="/comments/comments.css">
</head>
<body>
<main>
<h1>The page ${name}</h1>
<p>Something to talk about.
<a href="/post.html" data-comments-count="">talk</a>
<a href="/other.html" data-comments-count="/other.html">talk</a></p>
${inside}
</main>
</body>
</html>
`;
}

function conf_of(dir, port, o) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `    ${name}_temp_path ${dir}/temp/${name};\n`).join('');
  return `load_module ${build}/ngx_http_comments_module.so;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log info;
events { worker_connections 256; }
http {
    include /etc/nginx/mime.types;
    charset utf-8;
    access_log off;
${temp}
    comments_store ${dir}/store ${o.store || ''};
    comments_key ${dir}/comments.key;
    server {
        listen 127.0.0.1:${port};
        root ${dir}/site;
        ssi on;
        add_header Content-Security-Policy "${csp}";
        location = /favicon.ico { return 204; }
        location ~ ^/(elsewhere|list).html$ {
            add_header Content-Security-Policy "default-src 127.0.0.1:${port}
                'self'; require-trusted-types-for 'script'";
        }
        location /comments/ {
            comments ${o.name || 'test'};
            comments_rules ${dir}/${o.rules || 'no-rules.lua'};
            comments_origins http://localhost:${port};
            comments_limit_author off;
            comments_limit_address off;
            ${o.location || ''}
        }
        ${o.insert ? 'location /in/ { comments_insert /comments/; }' : ''}
        ${o.demo ? 'location /demo/ { comments_insert /comments/; }' : ''}
        ${o.server || ''}
    }
}
`;
}

// As free_port() of t/lib/Comments/Nginx.pm, with which it shares the ports.
async function free_port() {
  for (let tries = 0; tries < 1000; tries++) {
    const port = 10000 + Math.floor(Math.random() * 20000);
    const kept = await listener('127.7.7.7', port);
    if (kept) {
      kept.unref();
      const server = await listener('127.0.0.1', port);
      if (server) {
        await new Promise(done => server.close(done));
        return port;
      }
    }
  }
  throw Error('no port');
}

const listener = (address, port) => new Promise(done => {
  const server = createServer();
  server.on('error', () => done(null));
  server.listen(port, address, () => done(server));
});
