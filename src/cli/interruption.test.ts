import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { listenForInterruption } from './interruption.js';

let exit: ReturnType<typeof vi.spyOn>;
let nowMs: number;
beforeEach(() => {
  exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(name);
  process.stderr.removeAllListeners('error');
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s aborts the work, and the status says which it was', (name, status) => {
  const interruption = listenForInterruption();
  expect(interruption.signal.aborted).toBe(false);
  process.emit(name, name);
  expect(interruption.signal.aborted).toBe(true);
  expect(interruption.status()).toBe(status);
  expect(exit).not.toHaveBeenCalled();
});

it.each([
  [true, 129],
  [undefined, 0],
])('with a terminal (%s) its end is one too, and without one there is none to end', (isTTY, status) => {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) =>
    Object.getOwnPropertyDescriptor(stream, 'isTTY'),
  );
  onTestFinished(() => {
    Object.defineProperty(process.stdout, 'isTTY', stdout ?? { value: undefined, configurable: true });
    Object.defineProperty(process.stderr, 'isTTY', stderr ?? { value: undefined, configurable: true });
  });
  for (const stream of [process.stdout, process.stderr])
    Object.defineProperty(stream, 'isTTY', { value: isTTY, configurable: true });
  const interruption = listenForInterruption();
  process.emit('SIGHUP', 'SIGHUP');
  expect(interruption.status()).toBe(status);
});

it("a second signal does not wait, but for npm's echo of the first", () => {
  listenForInterruption();
  process.emit('SIGINT', 'SIGINT');
  nowMs = 900;
  process.emit('SIGINT', 'SIGINT');
  expect(exit).not.toHaveBeenCalled();
  nowMs = 1100;
  process.emit('SIGTERM', 'SIGTERM');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

it('a reader of the notes that goes away ends the work; other failures of stderr stop nothing', () => {
  const interruption = listenForInterruption();
  process.stderr.emit('error', Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  expect(interruption.signal.aborted).toBe(false);
  process.stderr.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' }));
  expect(interruption.status()).toBe(141);
});
