import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeUrl } from './probe.js';

let server: Server;
let status: number;
let url: string;

beforeEach(async () => {
  status = 200;
  server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('probeUrl', () => {
  it('is content with a file that is there', () => expect(probeUrl(url, {})).resolves.toBeUndefined());

  it('gives the status of a server that refuses', async () => {
    status = 403;
    await expect(probeUrl(url, {})).rejects.toThrow(/answers with status 403$/);
  });

  it('says that a host cannot be reached', async () => {
    await expect(probeUrl('http://127.0.0.1:1/x', {})).rejects.toThrow(/^127\.0\.0\.1:1 cannot be reached: /);
  });

  it('leaves the answer to the installer behind a proxy', () =>
    expect(probeUrl('http://127.0.0.1:1/x', { HTTPS_PROXY: 'http://proxy' })).resolves.toBeUndefined());
});
