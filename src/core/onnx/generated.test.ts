import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('the generated code is what proto/onnx.proto gives (else: npm run generate)', () => {
  const output = execFileSync('node', ['scripts/generate-proto.mjs', '--print'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const [name, text] of Object.entries(JSON.parse(output))) {
    expect(readFileSync(`${root}src/core/onnx/generated/${name}`, 'utf8')).toBe(text);
  }
});

it('the codec needs no eval, so that a strict Content-Security-Policy allows it', () => {
  const script = `
    const { default: protobuf } = await import('protobufjs/minimal.js');
    const bytes = protobuf.Writer.create().uint32(8).int64(10).finish();
    if (protobuf.Reader.create(bytes).uint32() !== 8) process.exit(1);`;
  const options = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
  execFileSync('node', options, { cwd: root });
});
