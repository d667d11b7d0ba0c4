import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodePng } from '../src/node/images/encode-png.js';
import { infer } from '../src/node/infer/infer.js';
import type { Input } from '../src/node/infer/input.js';
import { silentReporter } from '../src/node/reporter.js';
import { openModel } from '../src/node/runtime/index.js';
import { drawSeven } from './drawings.js';
import { temporaryFolder, tinyModel } from './tiny-model.js';

// `npm run bench -- load` measures the memory of a million images and of hundreds of epochs.
test('infer takes no more of an endless list of images than it works on', async () => {
  const folder = await temporaryFolder();
  const [file, model] = [join(folder, 'a.png'), join(folder, 'm.onnx')];
  const box = { x: 10, y: 10, width: 26, height: 40 };
  await writeFile(file, await encodePng(drawSeven({ width: 50, height: 60, box, pen: 5 })));
  await writeFile(model, tinyModel());
  let taken = 0;
  async function* endless(): AsyncGenerator<readonly Input[]> {
    for (;;) {
      taken++;
      yield [{ file }];
    }
  }
  const { session, info } = await openModel({ model, device: 'cpu', reporter: silentReporter });
  let read = 0;
  let ahead = 0;
  for await (const { status } of infer({
    inputs: endless(),
    session,
    info,
    topK: 1,
    minProbability: 0,
  })) {
    expect(status).toBe('ok');
    ahead = Math.max(ahead, taken - ++read);
    if (read === 300) break;
  }
  await session.release();
  expect(ahead).toBeLessThan(250);
});
