import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from './file-table.js';
import { type RunningServer, startServer } from './start-server.js';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends the path as it stands, which `fetch` would tidy up first. */
function ask(
  { url }: RunningServer,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) });
      });
    })
      .on('error', reject)
      .end();
  });
}

const SCRIPT = 'console.log(1);\n'.repeat(100);

describe('the server of the demo', () => {
  let folder: string;
  let site: string;
  let server: RunningServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-server-'));
    site = join(folder, 'site');
    await mkdir(join(site, 'assets'), { recursive: true });
    await mkdir(join(folder, 'private'));
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'private/secret.txt'), 'secret');
    await writeFile(join(site, 'index.html'), '<!doctype html>page');
    await writeFile(join(site, 'assets/app-1.js'), SCRIPT);
    await writeFile(join(site, 'assets/app-1.js.br'), brotliCompressSync(SCRIPT));
    await writeFile(join(site, 'assets/app-1.js.gz'), gzipSync(SCRIPT));
    await writeFile(join(site, 'assets/net.wasm'), 'wasm');
    await writeFile(join(site, 'assets/later.txt'), 'harmless');
    await writeFile(join(site, 'a b.txt'), 'with a space');
    await symlink(join(folder, 'secret.txt'), join(site, 'link.txt'));
    await symlink(join(folder, 'private'), join(site, 'linked'));
    server = await startServer({ files: await listFiles(site), port: 0 });
  });

  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true });
  });

  it('listens on this machine alone', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of addresses.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      await expect(ask({ ...server, url: server.url.replace('127.0.0.1', address) }, '/')).rejects.toThrow();
    }
  });

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html?x=1#y', 'text/html; charset=utf-8'],
    ['/assets/app-1.js', 'text/javascript; charset=utf-8'],
    ['/assets/net.wasm', 'application/wasm'],
    ['/a%20b.txt', 'text/plain; charset=utf-8'],
  ])('serves %s as %s', async (path, type) => {
    const { status, headers } = await ask(server, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(type);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e%252fsecret.txt',
    '/....//secret.txt',
    '/assets/..;/../secret.txt',
    '//secret.txt',
    '//127.0.0.1/secret.txt',
    '/link.txt',
    '/linked/secret.txt',
    '/linked',
    '/etc/passwd',
    '//etc/passwd',
    '/file:///etc/passwd',
    '/C:%5cWindows%5cwin.ini',
    '/index.html%00.js',
    '/%00',
    '/%',
    '/%ff%fe',
    '/%c0%ae%c0%ae/secret.txt',
    '/assets',
    '/assets/',
    '/assets/app-1.js/',
    '/assets/app-1.js.br',
    '/INDEX.HTML',
    '/__proto__',
    '/constructor',
    '/.git/config',
    'http://127.0.0.1/secret.txt',
    '*',
  ])('refuses %s', async (path) => {
    const { status, body, headers } = await ask(server, path);
    expect([400, 404]).toContain(status);
    expect(body.toString()).toMatch(/^(Bad request|Not found)\n$/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('does not follow a symbolic link that took the place of a file since', async () => {
    await rename(join(site, 'assets/later.txt'), join(site, 'assets/kept.txt'));
    await symlink(join(folder, 'secret.txt'), join(site, 'assets/later.txt'));
    const { status, body } = await ask(server, '/assets/later.txt');
    expect([status, body.toString()]).toEqual([404, 'Not found\n']);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('refuses %s', async (method) => {
    const { status, headers } = await ask(server, '/', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it.each(['evil.example', 'evil.example:4173', '127.0.0.1.evil.example'])(
    'refuses to be called %j, as a foreign page would through a name of its own',
    async (host) => {
      const { status } = await ask(server, '/', { headers: { host } });
      expect(status).toBe(421);
    },
  );

  it.each(['localhost:1', '127.0.0.1', 'LOCALHOST', '[::1]:80'])('may be called %s', async (host) => {
    expect((await ask(server, '/', { headers: { host } })).status).toBe(200);
  });

  it('sends the brotli or gzip file where the browser takes it, else the plain one', async () => {
    const answer = (encoding: string) =>
      ask(server, '/assets/app-1.js', { headers: { 'accept-encoding': encoding } });
    const brotli = await answer('gzip, br');
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    expect((await answer('gzip')).headers['content-encoding']).toBe('gzip');
    const plain = await answer('identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
  });

  it('answers HEAD with the headers alone', async () => {
    const { status, headers, body } = await ask(server, '/assets/app-1.js', { method: 'HEAD' });
    expect([status, headers['content-length'], body.length]).toEqual([200, String(SCRIPT.length), 0]);
  });

  it('lets the browser keep what carries a hash in its name, and ask again for the rest', async () => {
    expect((await ask(server, '/assets/app-1.js')).headers['cache-control']).toContain('immutable');
    const first = await ask(server, '/');
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await ask(server, '/', { headers: { 'if-none-match': first.headers.etag! } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('allows no inline script, no foreign origin and no frame, and WebAssembly', async () => {
    const policy = (await ask(server, '/')).headers['content-security-policy'] as string;
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });

  it('isolates the page only where that is asked for', async () => {
    expect((await ask(server, '/')).headers['cross-origin-opener-policy']).toBeUndefined();
    const isolated = await startServer({ files: await listFiles(site), port: 0, isIsolated: true });
    expect((await ask(isolated, '/assets/app-1.js')).headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    await isolated.close();
  });

  it.each([
    [
      'a port in use',
      () => ({ port: Number(new URL(server.url).port) }),
      /^port \d+ on 127\.0\.0\.1 is in use$/,
    ],
    [
      'a foreign address',
      () => ({ port: 0, host: '192.0.2.1' }),
      /^192\.0\.2\.1 is no address of this machine$/,
    ],
    [
      'an unknown name',
      () => ({ port: 0, host: 'no-such-host.invalid' }),
      /^the host no-such-host\.invalid is not known$/,
    ],
  ])('says %s in one sentence', async (_, options, message) => {
    const error = await startServer({ files: new Map(), ...options() }).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringMatching(message) });
  });
});
