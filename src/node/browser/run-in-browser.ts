import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
 * @throws UserError if the browser does not start, it or its page ends, or it does not answer in time; Error if the
 * job fails.
 */
export async function runInBrowser(
  options: BrowserOptions,
): Promise<BrowserResult & { readonly description: string }> {
  const browser = findBrowser(options.browser);
  if (!browser) throw new RuntimeMissing('no Chromium, Chrome or Edge was found (name one with --browser)');
  const { provider } = options.job;
  const reasons: string[] = [];
  let isMissing = true;
  for (const flags of STARTS[provider]) {
    const result = await runOnce(browser, options, flags);
    if (result instanceof UserError) {
      // What crashes on the machine's GPU may run on a program.
      reasons.push(result.message);
      isMissing = false;
      continue;
    }
    const { problem, runtime, adapter } = result;
    if (problem?.isMissing) {
      reasons.push(problem.reason);
      continue;
    }
    if (problem) throw new Error(problem.reason);
    const on = provider === 'wasm' ? 'WASM' : `WebGPU (${adapter?.name})`;
    return { ...result, description: `${runtime} on ${on}, in ${result.browser}` };
  }
  if (isMissing) throw new RuntimeMissing(reasons.at(-1));
  throw new UserError([...new Set(reasons)].join('; then '));
}

/** @returns the page's answer, or how the browser or the page ended without one */
async function runOnce(
  browser: string,
  options: BrowserOptions,
  flags: readonly string[],
): Promise<BrowserResult | UserError> {
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
      server.pageEnded.then(pageEnded),
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

async function ended(child: ChildProcess): Promise<UserError> {
  let lastWords = '';
  child.stderr?.on('data', (data) => {
    lastWords = (lastWords + data).slice(-2000);
  });
  const reason = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by ? `it was ended by ${by}` : `status ${code}`));
  });
  const line = lastWords.trim().split('\n').at(-1);
  return new UserError(`the browser ended without an answer: ${reason}${line ? ` (${line})` : ''}`);
}

/** Where the browser ended with its page, what it says of that comes first. */
async function pageEnded(): Promise<UserError> {
  await sleep(1000, undefined, { ref: false });
  return new UserError('the page ended without an answer');
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
