import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentReporter } from '../reporter.js';
import { type DownloadOptions, downloadMnist } from './download.js';

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) % 251));
const zipped = gzipSync(content);
const bomb = gzipSync(Buffer.alloc(100 << 20));
const files = [
  { stem: 'train-labels-idx1-ubyte', sha256: createHash('sha256').update(content).digest('hex') },
];
const NAME = 'train-labels-idx1-ubyte.gz';

let folder: string;
const servers: Server[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-onnx-download-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

async function* endless() {
  for (;;) yield Buffer.alloc(1 << 20);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist/`;
}

const good: RequestListener = (_, response) => response.end(zipped);
const download = (mirrors: string[], options: Partial<DownloadOptions> = {}) =>
  downloadMnist({ folder, mirrors, files, reporter: silentReporter, ...options });
const downloaded = () => readFile(join(folder, NAME));
/** Where what has come from a mirror waits for the rest. */
const partOf = (mirror: string) =>
  join(folder, `${NAME}.${createHash('sha256').update(mirror).digest('hex').slice(0, 8)}.part`);
/** How much of a file that is on its way has been written. */
async function partBytes(): Promise<number | undefined> {
  const part = (await readdir(folder)).find((name) => name.endsWith('.part'));
  return part === undefined ? undefined : (await stat(join(folder, part))).size;
}

describe('downloading', () => {
  it('writes the file under its name, and nothing else', async () => {
    await download([await serve(good)]);
    expect(await downloaded()).toEqual(zipped);
    expect(await readdir(folder)).toEqual([NAME]);
  });

  const bad: [string, RequestListener, RegExp][] = [
    ['answers 403', (_, response) => response.writeHead(403).end('no'), /HTTP 403/],
    [
      'answers a web page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
      /a web page instead of the file/,
    ],
    ['sends other bytes', (_, response) => response.end(gzipSync('something else')), /another checksum/],
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': zipped.length });
        response.write(zipped.subarray(0, 1000), () => response.destroy());
      },
      /127\.0\.0\.1/,
    ],
    [
      'sends another part than was asked for',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 7-9/10' }).end('abc'),
      /it answered another part than was asked for/,
    ],
    ['stalls', (_, response) => void response.write(zipped.subarray(0, 1000)), /it sent nothing for 0.3 s/],
    ['never answers', () => {}, /it sent nothing for 0.3 s/],
    [
      'redirects to another scheme',
      (_, response) => response.writeHead(302, { location: 'ftp://127.0.0.1/x' }).end(),
      /it redirects to an address without HTTPS/,
    ],
    [
      'redirects to another machine without HTTPS',
      (_, response) => response.writeHead(301, { location: 'http://192.0.2.1/x' }).end(),
      /it redirects to an address without HTTPS/,
    ],
    [
      'redirects in a circle',
      (request, response) => response.writeHead(302, { location: request.url! }).end(),
      /it redirects without an end/,
    ],
    [
      'announces more than the file can hold',
      (_, response) => void response.writeHead(200, { 'content-length': 1e9 }).write('x'),
      /it sends more than the file can hold/,
    ],
    [
      'sends more than the file can hold',
      (_, response) => void pipeline(endless, response).catch(() => {}),
      /it sends more than the file can hold/,
    ],
    [
      'sends what unpacks to more than the file can hold',
      (_, response) => response.end(bomb),
      /another checksum/,
    ],
  ];
  it.each(bad)(
    'goes on to the next mirror when one %s, and says why when that was the last',
    async (_, listener, why) => {
      const mirror = await serve(listener);
      await expect(download([mirror], { stallMs: 300 })).rejects.toThrow(why);
      await expect(downloaded()).rejects.toThrow('ENOENT');
      await download([mirror, await serve(good)], { stallMs: 300 });
      expect(await downloaded()).toEqual(zipped);
    },
  );

  it('goes on to the next mirror when none listens', async () => {
    const mirror = await serve(good);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await expect(download([mirror])).rejects.toThrow(/cannot connect \(ECONNREFUSED\)/);
  });

  it('follows a redirect', async () => {
    const target = await serve(good);
    await download([await serve((_, response) => response.writeHead(302, { location: target }).end())]);
    expect(await downloaded()).toEqual(zipped);
  });

  it('asks no mirror without HTTPS, but on this machine', async () => {
    await expect(download(['http://192.0.2.1/mnist/'])).rejects.toThrow(/only HTTPS is spoken/);
  });

  it('lets a second run wait for the first, and asks for nothing twice', async () => {
    let requests = 0;
    const mirror = await serve((request, response) => {
      requests++;
      setTimeout(() => good(request, response), 300);
    });
    await Promise.all([download([mirror]), download([mirror])]);
    expect(requests).toBe(1);
  });

  it('continues where an earlier try broke off', async () => {
    const ranges: (string | undefined)[] = [];
    const mirror = await serve((request, response) => {
      ranges.push(request.headers.range);
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (ranges.length === 1) {
        response.writeHead(200, { 'content-length': zipped.length });
        response.write(zipped.subarray(0, 1000));
        // Breaks off once that much is on the disk.
        vi.waitUntil(async () => (await partBytes()) === 1000, { timeout: 60_000 }).finally(() =>
          response.destroy(),
        );
        return;
      }
      response.writeHead(206, { 'content-range': `bytes ${start}-${zipped.length - 1}/${zipped.length}` });
      response.end(zipped.subarray(start));
    });
    await expect(download([mirror])).rejects.toThrow();
    await download([mirror]);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
    expect(await downloaded()).toEqual(zipped);
  });

  it('takes an earlier try that lacks nothing as it is', async () => {
    // A mirror is a folder, with a slash at its end or without.
    const asked: (string | undefined)[] = [];
    const nothingMore: RequestListener = ({ url, headers }, response) => {
      asked.push(url, headers.range);
      response.writeHead(416).end();
    };
    const mirror = (await serve(nothingMore)).slice(0, -1);
    await writeFile(partOf(mirror), zipped);
    await download([mirror]);
    expect(asked).toEqual([`/mnist/${NAME}`, `bytes=${zipped.length}-`]);
    expect(await downloaded()).toEqual(zipped);
  });

  it('starts again when what an earlier try left is damaged', async () => {
    const mirror = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? -1);
      if (start < 0) return void response.end(zipped);
      response.writeHead(206, { 'content-range': `bytes ${start}-${zipped.length - 1}/${zipped.length}` });
      response.end(zipped.subarray(start));
    });
    await writeFile(partOf(mirror), 'damaged');
    await download([mirror]);
    expect(await downloaded()).toEqual(zipped);
  });

  it('stops when it is interrupted', async () => {
    const controller = new AbortController();
    const mirror = await serve(() => controller.abort());
    await expect(download([mirror, await serve(good)], { signal: controller.signal })).rejects.toThrow();
    await expect(downloaded()).rejects.toThrow('ENOENT');
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(download([await serve(good)], { folder: join(folder, 'file', 'data') })).rejects.toThrow(
      /cannot write to .*a part of its path is not a folder/,
    );
  });
});
