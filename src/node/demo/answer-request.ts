import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { chooseEncoding } from './choose-encoding.js';
import type { Encoding, FileTable, Served } from './file-table.js';

export interface AnswerOptions {
  readonly files: FileTable;
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** The names that the server may be called by; `undefined` lets any pass. */
  readonly hosts: ReadonlySet<string> | undefined;
}

/** Answers one request out of the table of files, and out of nothing else. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { files, headers, hosts }: AnswerOptions,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A foreign name that was pointed at this machine must not reach the server through the user's browser.
  if (hosts && !hosts.has(hostName(request))) return refuse(response, 421);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 405);
  }
  const address = addressOf(request.url ?? '');
  if (address === undefined) return refuse(response, 400);
  const served = files.get(address);
  if (!served) return refuse(response, 404);
  response.setHeader('content-type', served.type);
  response.setHeader(
    'cache-control',
    served.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  if (served.content.kind === 'bytes') {
    const bytes = await served.content.make();
    response.setHeader('content-length', bytes.length);
    // Node leaves the body out where only the head was asked for.
    response.end(bytes);
    return;
  }
  await sendFile(request, response, served.content.paths);
}

/** The decoded path; `undefined` where it is none. It is only looked up, so that `..` has no meaning in it. */
function addressOf(url: string): string | undefined {
  if (!url.startsWith('/')) return undefined;
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
    return path === '/' ? '/index.html' : path;
  } catch {
    return undefined;
  }
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  paths: (Served['content'] & { kind: 'files' })['paths'],
): Promise<void> {
  response.setHeader('vary', 'accept-encoding');
  const available = Object.keys(paths) as Encoding[];
  const encoding = chooseEncoding(available, request.headers['accept-encoding']?.toString());
  if (!encoding) return refuse(response, 406);
  const file = await openFile(paths[encoding]!);
  if (!file) return refuse(response, 404);
  try {
    const { size, mtimeMs } = await file.stat();
    const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
    response.setHeader('etag', tag);
    if (encoding !== 'identity') response.setHeader('content-encoding', encoding);
    if (request.headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    response.setHeader('content-length', size);
    if (request.method === 'HEAD' || size === 0) response.end();
    // A file that grows meanwhile must not overrun the length that was told.
    else await pipeline(file.createReadStream({ autoClose: false, end: size - 1 }), response);
  } finally {
    await file.close();
  }
}

/** Opens a listed file, unless it has gone or become a symbolic link since. */
async function openFile(path: string): Promise<FileHandle | undefined> {
  // Windows has no such flag, and makes no links without special rights.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
  return open(path, flags).catch(() => undefined);
}

function hostName(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d*$/, '').toLowerCase();
}

const REASONS = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  421: 'This server has another name',
} as const;

function refuse(response: ServerResponse, status: keyof typeof REASONS): void {
  for (const name of ['cache-control', 'content-encoding', 'etag']) response.removeHeader(name);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${REASONS[status]}\n`);
}
