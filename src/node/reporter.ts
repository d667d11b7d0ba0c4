import pc from 'picocolors';
import { printable, printableLines } from '../core/printable.js';
import { nowMs } from './now-ms.js';

/** Where notes and progress of long work go. The command line gives one that writes to stderr. */
export interface Reporter {
  /** A line that says what happens. */
  note(line: string): void;
  /** A line that a user must not overlook. */
  warn(line: string): void;
  /** Starts a progress display; `total` may be unknown. */
  progress(label: string, total?: number): Progress;
}

/** A progress display. */
export interface Progress {
  /** `done` in the unit of `total`; `detail` stands behind the bar. */
  update(done: number, detail?: string): void;
  /** Ends the display; `detail` is its last word. */
  end(detail?: string): void;
}

const silentProgress: Progress = { update() {}, end() {} };

/** A reporter that says nothing. */
export const silentReporter: Reporter = { note() {}, warn() {}, progress: () => silentProgress };

/**
 * A reporter on a stream: on a terminal a bar that is redrawn in place, elsewhere one plain line at the
 * start of each piece of work and at its end. With `quiet` only warnings are shown. Control characters, which
 * names of foreign files and of models' parts may hold, are shown as escapes.
 */
export function createReporter(stream: NodeJS.WriteStream, options: { quiet?: boolean } = {}): Reporter {
  const write = (text: string) => stream.write(text);
  const quiet = options.quiet ?? false;
  return {
    note: (line) => {
      if (!quiet) write(`${printableLines(line)}\n`);
    },
    warn: (line) => write(`${pc.yellow('warning:')} ${printableLines(line)}\n`),
    progress: (label, total) => {
      if (quiet) return silentProgress;
      return stream.isTTY ? barProgress(stream, label, total) : lineProgress(write, label);
    },
  };
}

function lineProgress(write: (text: string) => void, label: string): Progress {
  return {
    update() {},
    end: (detail) => write(`${endLine(label, detail)}\n`),
  };
}

function endLine(label: string, detail: string | undefined): string {
  return printable(detail ? `${label}: ${detail}` : label);
}

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

function barProgress(stream: NodeJS.WriteStream, label: string, total: number | undefined): Progress {
  const started = nowMs();
  let drawn = 0;
  const draw = (line: string) =>
    stream.write(`\r\x1b[2K${printable(line).slice(0, Math.max(20, stream.columns - 1))}`);
  return {
    update: (done, detail = '') => {
      const now = nowMs();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      if (!total) return void draw(`${label} ${detail}`);
      const fraction = Math.min(1, done / total);
      const filled = Math.round(fraction * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const left =
        fraction > 0.01 ? ` ETA ${formatDuration(((now - started) * (1 - fraction)) / fraction)}` : '';
      draw(`${label} ${bar} ${String(Math.floor(fraction * 100)).padStart(3)}%${left} ${detail}`);
    },
    end: (detail) => void stream.write(`\r\x1b[2K${endLine(label, detail)}\n`),
  };
}

/** `850 ms`, `12.3 s` or `2 min 05 s`. */
export function formatDuration(durationMs: number): string {
  // Each unit up to what is not rounded to one of the next.
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
