import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { WEBGPU_OPERATORS } from './webgpu-operators.js';

it.each(['ai.onnx', 'com.microsoft'])(
  'lists the WebGPU operators of %s that onnxruntime-web does',
  (domain) => {
    const entry = createRequire(import.meta.url).resolve('onnxruntime-web');
    const text = readFileSync(join(dirname(entry), '../docs/webgpu-operators.md'), 'utf8');
    const rows = [...text.matchAll(/^\| (\w+) \| ([^|]*) \|/gm)].filter(
      ([, op]) => !op!.startsWith('Memcpy'),
    );
    const listed = rows.filter(([, , where]) => where!.includes(`${domain}(`)).map(([, op]) => op!);
    expect([...WEBGPU_OPERATORS[domain]!].sort()).toEqual(listed.sort());
  },
);
