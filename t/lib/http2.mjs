/*
 * http2.mjs: a client for t/90-http2.t.  Asks URL on one connection, request
 * by request of the JSON array in a file, and prints the answers
 * as a JSON array.
 *
 *   {"path", "method"?, "type"?, "body"?, "slow"?: parts of the body, one in
 *    20 ms, "leave"?: ms after which the client resets the stream}
 *   [request, ...] instead: all at the same time
 *
 *   {"status", "body"}; status 0: there was none
 */

import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';

const [url, list] = process.argv.slice(2);
const session = connect(url);

session.on('error', () => {});

function ask({ path, method, type = 'application/json', body, slow, leave }) {
  return new Promise(done => {
    const answer = { status: 0, body: '' };
    const stream = session.request({ ':path': path,
      ':method': method ?? (body === undefined ? 'GET' : 'POST'),
      ...body !== undefined && { 'content-type': type } });
    stream.on('response', headers => answer.status = headers[':status']);
    stream.on('data', data => answer.body += data);
    stream.on('error', () => {});
    stream.on('close', () => done(answer));
    if (leave) {
      setTimeout(() => stream.close(8), leave);            // CANCEL
    }
    send(stream, body ?? '', slow ?? 1);
  });
}

async function send(stream, body, parts) {
  const size = Math.ceil(body.length / parts);
  for (let at = 0; at < body.length && !stream.destroyed; at += size) {
    stream.write(body.slice(at, at + size));
    if (parts > 1) {
      await new Promise(done => setTimeout(done, 20));
    }
  }
  stream.end();
}

const answers = [];
for (const step of JSON.parse(readFileSync(list, 'utf8'))) {
  answers.push(Array.isArray(step) ? await Promise.all(step.map(ask))
    : await ask(step));
}
console.log(JSON.stringify(answers));
session.close();
