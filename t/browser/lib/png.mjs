/*
 * png.mjs: a screenshot made small.  Chromium writes 8 bits each of red,
 * green and blue (and alpha); pages have few colours, so a palette of 256 with
 * the best compression looks the same and needs a fraction of the bytes.
 *
 *   writeFileSync(path, smaller(await page.screenshot()));
 */

import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const COLOURS_MAX = 256;

// { width, height, pixels: 0xRRGGBB of each } of a PNG as Chromium writes it.
function decoded(png) {
  const data = [];
  let width, height, step;
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      step = { 2: 3, 6: 4 }[body[9]];
      if (body[8] !== 8 || !step || body[12]) {
        throw Error('a PNG of another kind');
      }
    } else if (type === 'IDAT') {
      data.push(body);
    }
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(data));
  const line = width * step;
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(line);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    const row = raw.subarray(y * (line + 1) + 1, (y + 1) * (line + 1));
    for (let i = 0; i < line; i++) {
      const a = i < step ? 0 : row[i - step], b = above[i];
      const c = i < step ? 0 : above[i - step];
      row[i] += [0, a, b, a + b >> 1, paeth(a, b, c)][filter];
    }
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] = row.readUIntBE(x * step, 3);
    }
    above = row;
  }
  return { width, height, pixels };
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c),
                        Math.abs(a + b - c - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2
  + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

// The colours that are there most, and for each colour the nearest of them.
function palette_of(pixels, colours) {
  const counts = new Map();
  for (const pixel of pixels) {
    counts.set(pixel, (counts.get(pixel) || 0) + 1);
  }
  const palette = [...counts.keys()]
    .sort((a, b) => counts.get(b) - counts.get(a)).slice(0, colours);
  const index = new Map();
  for (const colour of counts.keys()) {
    let best = 0;
    palette.forEach((other, i) => {
      if (distance(colour, other) < distance(colour, palette[best])) {
        best = i;
      }
    });
    index.set(colour, best);
  }
  return { palette, index };
}

// node has one of its own since 20.15; Debian's is older.
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
    }
  }
  return ~crc >>> 0;
}

function chunk(type, body) {
  const all = Buffer.alloc(12 + body.length);
  all.writeUInt32BE(body.length, 0);
  all.write(type, 4, 'latin1');
  body.copy(all, 8);
  all.writeUInt32BE(crc32(all.subarray(4, 8 + body.length)), 8 + body.length);
  return all;
}

export function smaller(png, colours = COLOURS_MAX) {
  const { width, height, pixels } = decoded(png);
  const { palette, index } = palette_of(pixels, colours);
  const depth = palette.length <= 16 ? 4 : 8;
  const line = Math.ceil(width * depth / 8);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, 3, 0, 0, 0], 8);
  const raw = Buffer.alloc(height * (line + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = index.get(pixels[y * width + x]);
      raw[y * (line + 1) + 1 + (x * depth >> 3)] |=
        depth === 8 ? i : i << (x % 2 ? 0 : 4);
    }
  }
  const colour_bytes = Buffer.alloc(3 * palette.length);
  palette.forEach((colour, i) => colour_bytes.writeUIntBE(colour, 3 * i, 3));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head),
    chunk('PLTE', colour_bytes),
    chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0))]);
}
