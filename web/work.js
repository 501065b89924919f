/*
 * work.js: the work that a rule may ask a browser for (challenge{pow=20}).
 * comments.js fetches it only then.
 *
 *   import { work } from '/comments/work.js';
 *   const found = await work(ticket, 20, percent => ...);
 *
 * finds digits such that the SHA-256 of "TICKET:DIGITS" begins with so many
 * zero bits.  It works in slices, and the page stays usable between them.
 */

const SLICE_MS = 25;

// The first 32 bits of the fractional parts of roots of the first primes.
const primes = [];
for (let n = 2; primes.length < 64; n++) {
  if (primes.every(p => n % p)) {
    primes.push(n);
  }
}
const fraction = root => (root - Math.floor(root)) * 2 ** 32 | 0;
const K = Int32Array.from(primes, p => fraction(Math.cbrt(p)));
const H = Int32Array.from(primes.slice(0, 8), p => fraction(Math.sqrt(p)));
const W = new Int32Array(64);
const state = new Int32Array(8);

const turn = (x, n) => x >>> n | x << 32 - n;

// The hash of a text of at most 55 ASCII characters: one block.
export function sha256(text) {
  W.fill(0);
  for (let i = 0; i <= text.length; i++) {
    W[i >> 2] |= (i < text.length ? text.charCodeAt(i) : 0x80)
      << 24 - i % 4 * 8;
  }
  W[15] = text.length * 8;
  for (let i = 16; i < 64; i++) {
    const a = W[i - 15], b = W[i - 2];
    W[i] = W[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + W[i - 7]
      + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = H;
  for (let i = 0; i < 64; i++) {
    const t = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25))
      + (e & f ^ ~e & g) + K[i] + W[i] | 0;
    const u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22))
      + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + t | 0;
    d = c; c = b; b = a; a = t + u | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = H[i] + word; });
  return state;
}

function zero_bits(words) {
  let bits = 0;
  for (const word of words) {
    const zeros = Math.clz32(word);
    bits += zeros;
    if (zeros < 32) {
      break;
    }
  }
  return bits;
}

// progress: told how likely it is that it was found by now, in tens of percent.
export async function work(ticket, bits, progress) {
  for (let n = 0, told = -1;;) {
    const now = 10 * Math.floor(10 * (1 - Math.exp(-n / 2 ** bits)));
    if (now > told) {
      progress(told = now);
    }
    for (const end = performance.now() + SLICE_MS; performance.now() < end;) {
      for (const stop = n + 256; n < stop; n++) {
        if (zero_bits(sha256(`${ticket}:${n}`)) >= bits) {
          return String(n);
        }
      }
    }
    await new Promise(done => setTimeout(done));
  }
}
