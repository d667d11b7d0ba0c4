import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { RuntimeMissing } from '../runtime/runtime-missing.js';
import { findBrowser } from './find-browser.js';
import type { BrowserProvider } from './protocol.js';
import { type BrowserResult, type ServedJob, serveJob } from './serve-job.js';

export interface BrowserOptions extends ServedJob {
  /** As for `findBrowser`. */
  readonly browser?: string | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How the browser is started: first on the machine's own GPU, then on a program that takes its place. */
const STARTS: Readonly<Record<BrowserProvider, readonly (readonly string[])[]>> = {
  wasm: [['disable-gpu']],
  webgpu: [
    ['enable-unsafe-webgpu', 'enable-features=Vulkan'],
    ['enable-unsafe-webgpu', 'use-webgpu-adapter=swiftshader'],
  ],
};

/**
 * Has a headless browser do a job on a page of its own. Nothing is installed for it and nothing asked of another
 * host: the page does its work and sends the answer back to this process.
 *
 * @returns with `description` of what it ran on
 * @throws RuntimeMissing if there is no browser, or it lacks what the job takes.
 * @throws UserError if the browser does not start, ends, or does not answer in time; Error if the job fails.
 */
export async function runInBrowser(
  options: BrowserOptions,
): Promise<BrowserResult & { readonly description: string }> {
  const browser = findBrowser(options.browser);
  if (!browser) throw new RuntimeMissing('no Chromium, Chrome or Edge was found (name one with --browser)');
  const { provider } = options.job;
  let missing = '';
  for (const flags of STARTS[provider]) {
    const result = await runOnce(browser, options, flags);
    const { problem, runtime, adapter } = result;
    if (problem?.isMissing) {
      missing = problem.reason;
      continue;
    }
    if (problem) throw new Error(problem.reason);
    const on = provider === 'wasm' ? 'WASM' : `WebGPU (${adapter?.name})`;
    return { ...result, description: `${runtime} on ${on}, in ${result.browser}` };
  }
  throw new RuntimeMissing(missing);
}

async function runOnce(
  browser: string,
  options: BrowserOptions,
  flags: readonly string[],
): Promise<BrowserResult> {
  const { timeoutMs, signal } = options;
  const profile = await mkdtemp(join(tmpdir(), 'mnist-onnx-browser-'));
  const server = await serveJob(options);
  const child = start(browser, [...flags, `user-data-dir=${profile}`], server.url);
  // Being in a group of its own, it would outlive a process that ends before its time.
  const endWithUs = () => kill(child);
  process.once('exit', endWithUs);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await Promise.race([
      server.answer,
      ended(child),
      rejectOn(
        deadline.signal,
        () => new UserError(`the browser did not answer within ${timeoutMs / 1000} s`),
      ),
      ...(signal ? [rejectOn(signal, () => signal.reason)] : []),
    ]);
  } finally {
    clearTimeout(timer);
    process.off('exit', endWithUs);
    server.close();
    await stop(child);
    // The last processes of the browser may still write while they end.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => {});
  }
}

function start(browser: string, flags: readonly string[], url: string): ChildProcess {
  const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update', 'disable-sync'];
  const all = ['headless', ...quiet, 'enable-blink-features=ForceEagerMeasureMemory', ...flags];
  // Chromium's sandbox refuses to run as root; it shows nothing but our own page.
  if (process.getuid?.() === 0) all.push('no-sandbox');
  const args = [...all.map((flag) => `--${flag}`), url];
  // A group of its own: it starts further processes, which end with it.
  return spawn(browser, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  });
}

async function ended(child: ChildProcess): Promise<never> {
  let lastWords = '';
  child.stderr?.on('data', (data) => {
    lastWords = (lastWords + data).slice(-2000);
  });
  const reason = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by ? `it was ended by ${by}` : `status ${code}`));
  });
  const line = lastWords.trim().split('\n').at(-1);
  throw new UserError(`the browser ended without an answer: ${reason}${line ? ` (${line})` : ''}`);
}

function rejectOn(signal: AbortSignal, error: () => unknown): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(error());
    signal.addEventListener('abort', () => reject(error()), { once: true });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const isRunning = child.exitCode === null && child.signalCode === null;
  kill(child);
  if (isRunning) await exited;
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
