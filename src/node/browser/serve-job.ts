import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { randomHex } from '../hash.js';
import { packageRoot } from '../paths.js';
import type { BrowserAnswer, BrowserJob } from './protocol.js';

/** What the page needs and sends. */
export interface ServedJob {
  readonly job: BrowserJob;
  readonly model: Uint8Array;
  /** [N, 28, 28] */
  readonly pixels: Uint8Array;
}

export interface BrowserResult extends BrowserAnswer {
  /** Of a classification, as `ComparableScores`. */
  readonly logits?: Float32Array | undefined;
  readonly probabilities?: Float32Array | undefined;
}

// With these headers the page may use threads.
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cache-control': 'no-store',
};

/**
 * Serves the page, our compiled code, onnxruntime-web and the job on a free port of this machine, below a path
 * that nobody else knows.
 */
export async function serveJob(served: ServedJob): Promise<{
  readonly url: string;
  /** Resolves when the page has sent its answer. */
  readonly answer: Promise<BrowserResult>;
  /** Resolves when a page that was there is no more. */
  readonly pageEnded: Promise<void>;
  close(): void;
}> {
  const base = `/${randomHex(16)}/`;
  const received = new Map<string, Buffer>();
  let answered!: (result: BrowserResult) => void;
  const answer = new Promise<BrowserResult>((resolve) => {
    answered = resolve;
  });
  let ended!: () => void;
  const pageEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    if (!path.startsWith(base)) return void response.writeHead(404).end();
    const name = path.slice(base.length);
    // Of a page that crashed the browser itself closes what is open, at once; a page that computes it leaves alone.
    if (name === 'presence')
      return void response.writeHead(200, ISOLATION).once('close', ended).flushHeaders();
    if (request.method !== 'POST') return respond(response, name, served);
    received.set(name, await readBody(request));
    response.writeHead(204, ISOLATION).end();
    if (name === 'answer') answered(resultOf(received));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}${base}`, answer, pageEnded, close };
}

async function respond(response: ServerResponse, name: string, served: ServedJob): Promise<void> {
  try {
    const [type, body] = await load(name, served);
    response.writeHead(200, { ...ISOLATION, 'content-type': type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function load(name: string, { job, model, pixels }: ServedJob): Promise<[string, string | Uint8Array]> {
  if (name === '') return ['text/html', page(job)];
  if (name === 'job') return ['application/json', JSON.stringify(job)];
  if (name === 'model') return ['application/octet-stream', model];
  if (name === 'images') return ['application/octet-stream', pixels];
  const [room, ...rest] = normalize(name).split(/[\\/]/);
  const folders: Readonly<Record<string, string>> = { dist: join(packageRoot, 'dist'), ort: runtimeFolder() };
  const folder = folders[room!];
  if (!folder || rest.includes('..')) throw new Error('not served');
  const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
  return [type, await readFile(join(folder, ...rest))];
}

function page({ provider }: BrowserJob): string {
  const imports = { 'onnxruntime-web': `./ort/ort.${provider}.min.mjs` };
  return `<!doctype html>
<title>mnist-onnx</title>
<link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="dist/node/browser/page.js"></script>
`;
}

function runtimeFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function resultOf(received: ReadonlyMap<string, Buffer>): BrowserResult {
  const floats = (name: string) => {
    const bytes = received.get(name);
    return bytes && new Float32Array(Uint8Array.from(bytes).buffer);
  };
  const answer: BrowserAnswer = JSON.parse(received.get('answer')!.toString());
  return { ...answer, logits: floats('logits'), probabilities: floats('probabilities') };
}
