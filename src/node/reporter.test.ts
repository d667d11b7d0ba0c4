import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createReporter, formatDuration } from './reporter.js';

let written: string;
let nowMs: number;
beforeEach(() => {
  [written, nowMs] = ['', 1000];
  vi.spyOn(process, 'hrtime').mockImplementation(() => [0, nowMs * 1e6]);
});
afterEach(() => vi.restoreAllMocks());

function report({ isTTY = false, columns = 80, quiet = false } = {}) {
  const write = (text: string) => {
    written += text;
  };
  return createReporter({ isTTY, columns, write } as never, { quiet });
}

/** What stands on the terminal's line after the last redrawing. */
const line = () => written.slice(written.lastIndexOf('\x1b[2K') + 4);

describe('a reporter', () => {
  it('shows notes and warnings, without raw control characters', () => {
    report().note('the layer \x1b[2J');
    report().warn('two\nlines');
    expect(written.replace(/\x1b\[\d+m/g, '')).toBe('the layer \\x1b[2J\nwarning: two\nlines\n');
  });

  it('shows warnings alone where it is quiet', () => {
    const reporter = report({ isTTY: true, quiet: true });
    reporter.note('nothing to see');
    const progress = reporter.progress('images', 10);
    progress.update(5);
    progress.end('10 read');
    expect(written).toBe('');
    reporter.warn('overlooked');
    expect(written).toContain('overlooked');
  });

  it('gives a piece of work one plain line at its end where there is no terminal', () => {
    const progress = report().progress('images', 10);
    progress.update(5, 'half');
    progress.end('10 read');
    report().progress('drawing').end();
    expect(written).toBe('images: 10 read\ndrawing\n');
  });
});

describe('a bar on a terminal', () => {
  it('is redrawn in place with the share that is done and the time that is left', () => {
    const progress = report({ isTTY: true }).progress('images', 8);
    nowMs += 3000;
    progress.update(2, '2 (1 images/s)');
    expect(written).toBe(`\r\x1b[2Kimages ${'█'.repeat(6)}${'░'.repeat(18)}  25% ETA 9.0 s 2 (1 images/s)`);
    progress.end('8 read');
    expect(written).toMatch(/\r\x1b\[2Kimages: 8 read\n$/);
  });

  it('never goes beyond the whole', () => {
    const progress = report({ isTTY: true }).progress('images', 8);
    nowMs += 1000;
    progress.update(9);
    expect(line()).toBe(`images ${'█'.repeat(24)} 100% ETA 0 ms `);
  });

  it('foretells nothing from the first hundredth', () => {
    const progress = report({ isTTY: true }).progress('images', 1000);
    nowMs += 1000;
    progress.update(10);
    expect(line()).toBe(`images ${'░'.repeat(24)}   1% `);
  });

  it('is drawn ten times a second at most', () => {
    const progress = report({ isTTY: true }).progress('images');
    progress.update(1, 'one');
    nowMs += 99;
    progress.update(2, 'two');
    expect(line()).toBe('images one');
    nowMs += 1;
    progress.update(3, 'three');
    expect(line()).toBe('images three');
  });

  it('is cut to the width of the terminal, down to 20 characters', () => {
    const progress = report({ isTTY: true, columns: 30 }).progress('images');
    progress.update(1, 'x'.repeat(50));
    expect(line()).toBe(`images ${'x'.repeat(22)}`);
    const narrow = report({ isTTY: true, columns: 5 }).progress('images');
    narrow.update(1, 'x'.repeat(50));
    expect(line()).toBe(`images ${'x'.repeat(13)}`);
  });
});

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [999.6, '1.0 s'],
  [1000, '1.0 s'],
  [12_340, '12.3 s'],
  [59_960, '1 min 00 s'],
  [60_000, '1 min 00 s'],
  [125_000, '2 min 05 s'],
])('%d ms is told as %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
