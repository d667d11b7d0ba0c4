import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Prediction } from '../../core/prediction.js';
import { drawReading } from './draw-reading.js';

const digit = (name: string, probability: number) => ({
  digit: name,
  probability,
  evidence: 9,
  topK: [],
  box: { x: 10, y: 10, width: 20, height: 30 },
});
const size = { width: 200, height: 100, scaleX: 2, scaleY: 2 };

test('what is unsure is told apart without its colour: by dashes and a question mark', () => {
  const record = { file: 'a', text: '7\n?', status: 'unsure', error: null } as const;
  const svg = drawReading({ ...record, digits: [digit('7', 0.99), digit('1', 0.4)] }, size);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  expect(svg).toContain('>1?<');
  expect(svg).toContain('>7<');
  expect(svg).toContain('>99%<');
  expect(svg).toContain('>unsure: 7 / ?<');
});

test('names that are written to be read as SVG stay text', async () => {
  const hostile = '</text><script>alert(1)</script><image href="file:///etc/passwd"/>\u0000\u001b[2J"\'&';
  const record: Prediction = {
    file: hostile,
    text: hostile,
    status: 'ok',
    digits: [digit(hostile, 1)],
    error: null,
  };
  const svg = drawReading(record, size);
  expect(svg).not.toMatch(/<script|<image|\u001b/);
  expect((await sharp(Buffer.from(svg)).metadata()).width).toBe(200);
});
