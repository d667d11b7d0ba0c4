import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../../core/errors.js';
import { startCountdown } from '../countdown.js';
import { fileErrorReason } from '../files.js';
import { withFolder } from '../folder-lock.js';
import { sha256Of } from '../hash.js';
import type { Reporter } from '../reporter.js';
import { MNIST_FILES, MNIST_MIRRORS } from './mnist.js';
import { decompress } from './read-idx.js';

export interface DownloadOptions {
  /** The folder that gets the four files. */
  readonly folder: string;
  readonly reporter: Reporter;
  /** Base addresses, tried in order for each file. */
  readonly mirrors?: readonly string[];
  readonly signal?: AbortSignal;
  /** Gives up on a mirror that sends nothing for this long. */
  readonly stallMs?: number;
  readonly files?: readonly { readonly stem: string; readonly sha256: string }[];
}

const STALL_MS = 20_000;
/** The largest of the four files is 10 MB as gzip, and 47 MB unpacked. */
const MAX_BYTES = 64 << 20;
const MAX_REDIRECTS = 5;
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** The mirrors in force: the user's from the environment, or the ones we know. */
export function mirrorsInForce(): readonly string[] {
  const own = process.env.MNIST_ONNX_MIRRORS?.split(/\s+/).filter(Boolean);
  return own?.length ? own : MNIST_MIRRORS;
}

/**
 * Downloads MNIST's files that are missing from a folder: each is written aside, continued where an earlier
 * try broke off, checked by the SHA-256 of its decompressed bytes, and renamed. Only HTTPS is spoken, but to
 * this machine itself. One run downloads at a time; another waits, and finds the files.
 *
 * @throws UserError if no mirror gives a file (the message has each mirror's answer), or if the folder
 * cannot be written.
 */
export async function downloadMnist(options: DownloadOptions): Promise<void> {
  const { folder, reporter, signal } = options;
  await withFolder(folder, { purpose: 'download', hint: FOLDER_HINT, reporter, signal }, async () => {
    for (const file of options.files ?? MNIST_FILES) {
      const path = join(folder, `${file.stem}.gz`);
      if (await exists(path)) continue;
      await downloadFile({ ...options, name: `${file.stem}.gz`, path, sha256: file.sha256 });
    }
  });
}

interface FileDownload extends DownloadOptions {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

async function downloadFile(download: FileDownload): Promise<void> {
  const failures: string[] = [];
  for (const mirror of download.mirrors ?? mirrorsInForce()) {
    try {
      return await downloadFrom(mirror, download);
    } catch (error) {
      if (download.signal?.aborted || error instanceof UserError) throw error;
      failures.push(`${mirror}: ${messageOf(error)}`);
    }
  }
  throw new UserError(`cannot download ${download.name}: ${failures.join('; ')}`, {
    hint: `Put MNIST's four files into ${download.folder} by hand, name other mirrors in MNIST_ONNX_MIRRORS, or use --dataset synthetic.`,
  });
}

async function downloadFrom(mirror: string, download: FileDownload): Promise<void> {
  const url = new URL(download.name, mirror.endsWith('/') ? mirror : `${mirror}/`);
  // Mirrors compress differently, so that the rest of one cannot continue another.
  const part = `${download.path}.${sha256Of(mirror).slice(0, 8)}.part`;
  const resumed = await fetchToFile(url, part, download);
  if (await isExpected(part, download.sha256)) return rename(part, download.path);
  await rm(part, { force: true });
  // What an earlier try left may have been damaged: once more from the start.
  if (resumed) return downloadFrom(mirror, download);
  throw new Error('the file has another checksum than MNIST');
}

async function isExpected(path: string, sha256: string): Promise<boolean> {
  try {
    const bytes = await decompress(await readFile(path), path, MAX_BYTES);
    return sha256Of(bytes) === sha256;
  } catch {
    return false;
  }
}

/** Fetches to `path`, continuing what stands there; resolves to whether something was continued. */
async function fetchToFile(url: URL, path: string, download: FileDownload): Promise<boolean> {
  const have = (await exists(path)) ? (await stat(path)).size : 0;
  const stall = stallGuard(download.stallMs ?? STALL_MS, download.signal);
  let file: FileHandle | undefined;
  try {
    const response = await fetchSecurely(url, {
      signal: stall.signal,
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    });
    // 416: there is nothing after what we have.
    if (response.status === 416 && have > 0) return true;
    checkResponse(response);
    const continues =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    if (response.status === 206 && !continues) throw new Error('it answered another part than was asked for');
    file = await open(path, continues ? 'a' : 'w').catch((error) => {
      throw folderError(download.folder, error);
    });
    await writeBody(response, file, continues ? have : 0, download, stall.touch);
    return continues;
  } catch (error) {
    if (stall.stalled()) throw new Error(`it sent nothing for ${(download.stallMs ?? STALL_MS) / 1000} s`);
    throw networkError(error);
  } finally {
    stall.end();
    await file?.close();
  }
}

/** Follows redirects itself, so that each of their addresses is looked at before anything is sent to it. */
async function fetchSecurely(start: URL, options: RequestInit): Promise<Response> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const isOwnTest =
      start.protocol === 'http:' && url.protocol === 'http:' && LOOPBACK.includes(url.hostname);
    if (url.protocol !== 'https:' && !isOwnTest)
      throw new Error(redirects > 0 ? 'it redirects to an address without HTTPS' : 'only HTTPS is spoken');
    const response = await fetch(url, { ...options, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return response;
    await response.body?.cancel();
    url = new URL(location, url);
  }
  throw new Error('it redirects without an end');
}

function checkResponse(response: Response): void {
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  if (response.headers.get('content-type')?.includes('text/html'))
    throw new Error('it answered with a web page instead of the file');
  if (Number(response.headers.get('content-length')) > MAX_BYTES) throw new Error(TOO_LARGE);
}

const TOO_LARGE = 'it sends more than the file can hold';

async function writeBody(
  response: Response,
  file: FileHandle,
  start: number,
  { name, reporter, folder }: FileDownload,
  touch: () => void,
): Promise<void> {
  const length = Number(response.headers.get('content-length')) || undefined;
  const progress = reporter.progress(`download ${name}`, length && start + length);
  let done = start;
  try {
    for await (const chunk of response.body ?? []) {
      touch();
      done += chunk.length;
      if (done > MAX_BYTES) throw new Error(TOO_LARGE);
      await file.write(chunk).catch((error) => {
        throw folderError(folder, error);
      });
      progress.update(done, formatMegabytes(done));
    }
    // fetch() notices a body that ends early only where the connection breaks.
    if (length !== undefined && done < start + length) throw new Error('it broke off');
  } finally {
    progress.end(formatMegabytes(done));
  }
}

/** A signal that fires when `touch` was not called for `stallMs`, or with the outer signal. */
function stallGuard(stallMs: number, outer?: AbortSignal) {
  const controller = new AbortController();
  const countdown = startCountdown(stallMs, () => controller.abort());
  return {
    signal: outer ? AbortSignal.any([controller.signal, outer]) : controller.signal,
    touch: countdown.restart,
    stalled: () => controller.signal.aborted,
    end: countdown.stop,
  };
}

function networkError(error: unknown): unknown {
  // undici's "fetch failed" hides the reason in the cause.
  const cause = (error as Error).cause;
  if (!(error instanceof TypeError)) return error;
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
  return new Error(`cannot connect (${code ?? message})`);
}

const FOLDER_HINT = 'Name a folder that can be written with --data-dir.';

function folderError(folder: string, error: unknown): UserError {
  return new UserError(`cannot write to ${folder}: ${fileErrorReason(error)}`, {
    cause: error,
    hint: FOLDER_HINT,
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
