// Files of a client: making them, sending them, getting them.

import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { check, quote } from './scenario.mjs';

const TIMEOUT_MS = 60_000;

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one colour that is another one each time. */
export function png(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, randomBytes(3))]);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** Something that is taken for a film, of so many bytes. */
export function film(bytes) {
  const start = Buffer.from('1a45dfa301000000000000174286810142f7810142f2810442f381084282847765626d', 'hex');
  return Buffer.concat([start, randomBytes(bytes - start.length)]);
}

/** The sides of a JPEG. */
export function sidesOfJpeg(bytes) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    // The start of a frame, baseline or progressive.
    if ([0xc0, 0xc2].includes(bytes[at + 1])) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  throw new Error('no JPEG');
}

/** Sends bytes; answers status and body, be it good or bad. */
export async function tryUpload(user, body, { url = user.url, name = 'a file', type } = {}) {
  const response = await fetch(`${url}/api/media?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.token}`, ...(type && { 'content-type': type }) },
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, body: await response.json() };
}

/** Sends bytes that have to be taken; answers the upload. */
export async function upload(user, body, options) {
  const answer = await tryUpload(user, body, options);
  check(answer.status === 201, () => `an upload was answered ${answer.status} ${quote(answer.body)}`);
  return answer.body;
}

/** Gets a file, or is refused. No user: without a token. */
export async function get(user, path, { url = user?.url, headers = {} } = {}) {
  const response = await fetch(new URL(path, url), {
    headers: { ...(user && { authorization: `Bearer ${user.token}` }), ...headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
