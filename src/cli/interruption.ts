import { constants } from 'node:os';

/** What ends a command before its time, and what its exit status then is. */
export interface Interruption {
  /** Aborted by the first signal: finish the step at hand, save, return. */
  readonly signal: AbortSignal;
  /** 128 and the signal's number, as shells have it: 130 for Ctrl-C, 143 for SIGTERM, 129 for a closed terminal. */
  status(): number;
}

/** npm hands on the Ctrl-C that the terminal has sent already: two so close together are one. */
const ECHO_MS = 1000;

type Name = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** Begins to listen for signals; the second one does not wait. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let status = 0;
  let atMs = 0;
  const interrupt = (name: Name) => {
    const nowMs = performance.now();
    if (controller.signal.aborted) {
      if (nowMs - atMs > ECHO_MS) process.exit(status);
      return;
    }
    atMs = nowMs;
    status = 128 + (constants.signals[name] ?? 0);
    controller.abort();
  };
  // They stay until the process ends: a second Ctrl-C while the last lines are written changes nothing.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  // Without a terminal there is none to close, and nohup's wish to ignore this signal must stand.
  if (process.stdout.isTTY || process.stderr.isTTY) process.on('SIGHUP', interrupt);
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // Notes that cannot be written stop nothing, but for a reader that went away (`2>&1 | head`): nobody
    // waits for the rest, and what is done so far is saved.
    if (error.code === 'EPIPE' && !controller.signal.aborted) interrupt('SIGPIPE');
  });
  return { signal: controller.signal, status: () => status };
}
